"""What all public datasets share: what is recorded, shown, checked and refused."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from engine.__main__ import main
from engine.cohorts.adapters.ledger import Ledger, check_groups
from engine.cohorts.adapters.published import Dataset
from engine.cohorts.adapters.registry import ADAPTERS, DATASETS, import_cohort
from engine.cohorts.sources import changed_sources
from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import imported
from tests.engine.cohorts.adapters.test_chexpert import chexpert, demographics
from tests.engine.cohorts.adapters.test_hand_atlas import atlas


def test_tables_are_hashed_and_images_listed_with_their_size(tmp_path: Path) -> None:
    folder = chexpert(tmp_path)
    cohort = imported("chexpert", folder, tmp_path / "cohort", demographics=demographics(tmp_path))
    table = pd.read_csv(cohort.root / "sources.csv", keep_default_na=False).set_index("path")
    assert (table.loc[["train.csv", "{demographics}/CHEXPERT DEMO.xlsx"], "sha256"].str.len() == 64).all()
    assert cohort.info["source_files"]["files"] == len(table) == 5
    assert cohort.info["tables"] == ["train.csv", "CHEXPERT DEMO.xlsx"]


def test_most_images_of_a_large_dataset_are_listed_by_size_alone(tmp_path: Path) -> None:
    folder = atlas(tmp_path / "atlas")
    for number in range(150):
        (folder / "JPEGimages" / "BLKF" / f"{number}.jpg").write_bytes(b"x" * (number + 1))
    cohort = imported("hand-atlas", folder, tmp_path / "cohort")
    table = pd.read_csv(cohort.root / "sources.csv", dtype=str, keep_default_na=False)
    assert len(table) == 158 and 40 <= (table["sha256"] != "").sum() <= 80
    assert changed_sources(cohort) == []
    unhashed = table[table["sha256"] == ""]["path"].iloc[0]
    (folder / unhashed).write_bytes(b"another length altogether")
    (folder / table["path"].iloc[-1]).unlink()
    assert sorted(changed_sources(cohort)) == sorted([unhashed, table["path"].iloc[-1]])


def test_the_shell_shows_each_step_beside_what_is_published(tmp_path: Path) -> None:
    folder, out = chexpert(tmp_path), str(tmp_path / "cohort")
    workbook = str(demographics(tmp_path))
    made = CliRunner().invoke(
        main, ["cohort", "import", "chexpert", "--source", str(folder), "--demographics", workbook, "--out", out]
    )
    assert made.exit_code == 0, made.output
    shown = CliRunner().invoke(main, ["cohort", "show", out]).output
    for text in (made.output, shown):
        assert "3 images of 3 patients: AP or PA (published: 127,118 images and 42,884 patients)" in text
    assert CliRunner().invoke(main, ["cohort", "show", out, "--check"]).exit_code == 0


def test_counts_that_agree_say_so(tmp_path: Path) -> None:
    from engine.cohorts.summary import step_lines

    entry = {"step": "AP or PA", "images": 127_118, "patients": 42_884, "published": {"images": 127_118}}
    assert next(step_lines({"steps": [entry]})).endswith("AP or PA (published: 127,118 images, as here)")


def test_help_lists_every_adapter_and_where_to_apply() -> None:
    text = CliRunner().invoke(main, ["cohort", "import", "--help"]).output
    words = " ".join(text.split())
    for name, adapter in ADAPTERS.items():
        assert f"{name} " in words
        assert adapter.summary in words
    assert "https://physionet.org/content/mimic-cxr-jpg/" in words
    chosen = ["cohort", "import", "chexpert", "--source", ".", "--out", "x", "--help"]
    assert CliRunner().invoke(main, chosen).exit_code == 0


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_an_empty_folder_says_what_is_looked_for_and_where_to_get_it(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CohortError) as caught:
        import_cohort(dataset.name, tmp_path / "empty", tmp_path / "cohort")
    assert "https://" in str(caught.value) and dataset.title in str(caught.value)
    assert not (tmp_path / "cohort" / "cohort.csv").exists()


def test_the_patient_is_the_unit_of_every_split(tmp_path: Path) -> None:
    cohort = imported("hand-atlas", atlas(tmp_path / "atlas"), tmp_path / "cohort", seed=3)
    again = imported("hand-atlas", tmp_path / "atlas", tmp_path / "again", seed=3)
    other = imported("hand-atlas", tmp_path / "atlas", tmp_path / "other", seed=4)
    assert cohort.frame["split"].tolist() == again.frame["split"].tolist() != other.frame["split"].tolist()
    assert cohort.info["split"] == "by patient, 70/10/20, seed 3"


def test_an_import_can_be_stopped(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(share: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        import_cohort("hand-atlas", atlas(tmp_path / "atlas"), tmp_path / "cohort", progress=stop)
    assert not (tmp_path / "cohort" / "cohort.csv").exists()


def test_progress_runs_from_nothing_to_all(tmp_path: Path) -> None:
    shares: list[float] = []
    import_cohort("hand-atlas", atlas(tmp_path / "atlas"), tmp_path / "cohort", progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1


def test_a_step_that_leaves_nothing_is_refused() -> None:
    frame = pd.DataFrame({"image_id": ["a"], "patient_id": ["p"]})
    with pytest.raises(CohortError, match="Set: no image is left after the step 'frontal': all 1 are lateral"):
        Ledger("Set").keep(frame, pd.Series([False]), "frontal", "are lateral")


def test_a_group_that_is_constant_is_refused_with_what_is_there() -> None:
    frame = pd.DataFrame({"sex": ["F", "F", ""]})
    with pytest.raises(CohortError, match=r"column 'sex' holds no M in 3 images \(it holds F 2, empty 1\)"):
        check_groups("Set", frame, {"sex": ("F", "M")})
