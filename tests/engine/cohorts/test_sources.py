"""What a cohort says of the files it came from, and that an interrupted one does not pass for whole."""

import hashlib
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Raster

from engine.cohorts.adapters.registry import import_cohort
from engine.cohorts.cohort import load_cohort
from engine.cohorts.simulated.cohort import simulate_chest_cohort
from engine.cohorts.sources import changed_sources
from engine.errors import CohortError


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    (folder / "a").mkdir(parents=True)
    for number, name in enumerate(("a/one.png", "a/zwei größer.png", "three.png")):
        Raster.fromarray(np.full((5, 6), number, np.uint8)).save(folder / name)
    (folder / "notes.txt").write_text("nothing to see")
    return folder


def test_every_file_kept_is_listed_with_its_hash(films: Path, tmp_path: Path) -> None:
    import_cohort("folder", films, tmp_path / "cohort")
    table = pd.read_csv(tmp_path / "cohort" / "sources.csv")
    assert sorted(table["path"]) == ["a/one.png", "a/zwei größer.png", "three.png"]
    for path, size, digest in table.itertuples(index=False):
        data = (films / path).read_bytes()
        assert (size, digest) == (len(data), hashlib.sha256(data).hexdigest())
    facts = load_cohort(tmp_path / "cohort").info
    whole = hashlib.sha256((tmp_path / "cohort" / "sources.csv").read_bytes()).hexdigest()
    assert facts["source_files"]["sha256"] == whole
    assert facts["counts"] == {"files found": 4, "files left out": 1, "files kept": 3, "images kept": 3}


def test_a_changed_source_is_found(films: Path, tmp_path: Path) -> None:
    import_cohort("folder", films, tmp_path / "cohort")
    cohort = load_cohort(tmp_path / "cohort")
    assert changed_sources(cohort) == []
    Raster.fromarray(np.full((5, 6), 99, np.uint8)).save(films / "a" / "one.png")
    (films / "three.png").unlink()
    assert sorted(changed_sources(cohort)) == ["a/one.png", "three.png"]
    (cohort.root / "sources.csv").write_text("path,bytes,sha256\n")
    with pytest.raises(CohortError, match=r"sources\.csv .* was changed"):
        changed_sources(cohort)


def test_a_table_of_films_lists_images_and_masks(films: Path, tmp_path: Path) -> None:
    (films / "table.csv").write_text("file,lungs\na/one.png,three.png\na/gone.png,\na/zwei größer.png,a/nomask.png\n")
    columns = tmp_path / "map.toml"
    columns.write_text('manifest = "table.csv"\npath = "file"\n[masks]\nlungs = "lungs"\n')
    import_cohort("csv", films, tmp_path / "cohort", columns=columns)
    cohort = load_cohort(tmp_path / "cohort")
    assert set(cohort.info["sources"]) == {"table.csv", "map.toml"}
    assert sorted(pd.read_csv(cohort.root / "sources.csv")["path"]) == ["a/one.png", "a/zwei größer.png", "three.png"]
    assert cohort.info["counts"] == {"rows in the table": 3, "images left out": 1, "images kept": 2}
    assert cohort.info["dropped"] == [
        {"step": "read images", "reason": "there is no such file", "count": 1, "examples": ["gone.png"]},
        {
            "step": "read masks",
            "reason": "there is no such mask in the source folder",
            "count": 1,
            "examples": ["nomask.png"],
        },
    ]
    assert cohort.frame["mask.lungs"].tolist() == ["{source}/three.png", ""]


def test_progress_ends_at_the_end_and_never_goes_back(films: Path, tmp_path: Path) -> None:
    shares: list[float] = []
    import_cohort("folder", films, tmp_path / "cohort", progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such name and links only to administrators")
def test_odd_names_and_links(films: Path, tmp_path: Path) -> None:
    """Names that a list of lines cannot hold are left out; links are followed to files, not in circles."""
    (films / "line\nbreak.png").write_bytes((films / "three.png").read_bytes())
    if sys.platform == "linux":  # elsewhere the file system refuses bytes that are no UTF-8
        (films / os.fsdecode(b"\xff.png")).write_bytes((films / "three.png").read_bytes())
    (films / "round").symlink_to(films)
    (films / "self.png").symlink_to(films / "self.png")
    outside = tmp_path / "elsewhere.png"
    Raster.fromarray(np.full((5, 6), 7, np.uint8)).save(outside)
    (films / "linked.png").symlink_to(outside)
    cohort = import_cohort("folder", films, tmp_path / "cohort")
    assert set(cohort.frame["path"]) == {
        "{source}/a/one.png",
        "{source}/a/zwei größer.png",
        "{source}/linked.png",
        "{source}/three.png",
    }
    reasons = {entry["reason"]: entry["count"] for entry in cohort.info["dropped"]}
    renamed = "its path holds a line break or bytes that are no text; rename the file or folder"
    assert reasons[renamed] == (2 if sys.platform == "linux" else 1)
    assert (tmp_path / "cohort" / "cohort.json").read_text(encoding="utf-8").count("line?break.png") == 1


def test_an_interrupted_import_is_no_cohort_and_can_be_repeated(films: Path, tmp_path: Path) -> None:
    def stop(share: float) -> None:
        if share > 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_cohort("folder", films, tmp_path / "cohort", progress=stop)
    with pytest.raises(CohortError, match="is not a cohort"):
        load_cohort(tmp_path / "cohort")
    import_cohort("folder", films, tmp_path / "cohort")
    assert len(load_cohort(tmp_path / "cohort").frame) == 3


def test_an_interrupted_simulation_says_what_to_do(tmp_path: Path) -> None:
    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_chest_cohort(2, 0, tmp_path / "cohort", size=64, progress=stop)
    with pytest.raises(CohortError, match="is not a cohort"):
        load_cohort(tmp_path / "cohort")
    with pytest.raises(CohortError, match="was interrupted; delete it, or give a new folder"):
        simulate_chest_cohort(2, 0, tmp_path / "cohort", size=64)
