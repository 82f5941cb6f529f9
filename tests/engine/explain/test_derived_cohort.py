"""Cohorts of counterfactuals: whose images are taken, what is written of each, all of it or nothing."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pydicom
import pytest
from PIL import Image as Pillow

from engine.cohorts.cohort import Cohort, load_cohort, write_cohort
from engine.counterfactuals import Counterfactual
from engine.errors import Cancelled, CohortError
from engine.explain.derived_cohort import KINDS, ImaginedSpec, choose_sources, imagine_cohort
from engine.explain.derived_picture import sheet
from engine.images import open_image
from engine.images.grey import presentation

SHAPE = (10, 12)


def made(root: Path, labels: list[object], patients: list[str] | None = None, **columns: object) -> Cohort:
    """One small picture a label of effusion; nodule is absent everywhere."""
    root.mkdir(parents=True, exist_ok=True)
    names = [f"film{number}" for number in range(len(labels))]
    for number, name in enumerate(names):
        Pillow.fromarray(np.full(SHAPE, 20 + number, np.uint8)).save(root / f"{name}.png")
    frame = pd.DataFrame(
        {
            "image_id": names,
            "patient_id": patients or [f"p{number}" for number in range(len(labels))],
            "path": [f"{name}.png" for name in names],
            "view": "PA",
            "sex": "F",
            "split": "test",
            "label.effusion": labels,
            "label.nodule": [0 if label != "" else "" for label in labels],
            **columns,
        }
    )
    write_cohort(root, frame, {"adapter": "made"})
    return load_cohort(root)


def imagined(pixels: np.ndarray, target: str) -> Counterfactual:
    """A drawing that is the image, a little brighter."""
    picture = pixels.astype(np.float32)
    brighter = np.clip(picture + 0.25, 0, 1).astype(np.float32)
    return Counterfactual(
        picture, picture, brighter[None], (2.5,), target, 0.1, (0.9,), (0.8,), 0.12,
        *SHAPE, "head", "a" * 64, "b" * 64, "c" * 64,
    )  # fmt: skip


def sources(cohort: Cohort, *targets: str, n: int = 20, **spec: object) -> dict[str, list[str]]:
    chosen = choose_sources(cohort, ImaginedSpec(targets, n, **spec))  # type: ignore[arg-type]
    return {target: list(rows["image_id"]) for target, rows in chosen.rows.items()}


def test_only_images_known_to_be_without_findings_are_taken(tmp_path: Path) -> None:
    cohort = made(tmp_path / "c", [0, 1, -1, "", 0, 0])
    assert sorted(sources(cohort, "effusion")["effusion"]) == ["film0", "film4", "film5"]


def test_a_label_that_says_healthy_is_no_finding(tmp_path: Path) -> None:
    """CheXpert has No Finding = 1 and every other label empty on a normal film."""
    cohort = made(tmp_path / "c", ["", "", 1], **{"label.no_finding": [1, "", 0]})
    assert sources(cohort, "effusion") == {"effusion": ["film0"]}


def test_lateral_films_stacks_and_other_splits_are_left_alone(tmp_path: Path) -> None:
    cohort = made(
        tmp_path / "c",
        [0] * 5,
        view=["PA", "LATERAL", "AP", "PA", "PA"],
        split=["test", "test", "test", "train", "test"],
        n_slices=["", "", "1", "", "40"],
    )
    assert sorted(sources(cohort, "effusion")["effusion"]) == ["film0", "film2"]
    assert sorted(sources(cohort, "effusion", split="")["effusion"]) == ["film0", "film2", "film3"]


def test_a_patient_is_taken_once_and_for_one_finding(tmp_path: Path) -> None:
    cohort = made(tmp_path / "c", [0] * 30, [f"p{number // 2}" for number in range(30)])
    chosen = choose_sources(cohort, ImaginedSpec(("effusion", "nodule"), 5))
    patients = [patient for rows in chosen.rows.values() for patient in rows["patient_id"]]
    assert len(patients) == len(set(patients)) == 10
    assert (chosen.images, chosen.patients) == (30, 15)


def test_too_few_patients_are_dealt_out_evenly(tmp_path: Path) -> None:
    cohort = made(tmp_path / "c", [0] * 7)
    assert sorted(map(len, sources(cohort, "a", "b", "c").values())) == [2, 2, 3]
    with pytest.raises(CohortError, match="of c has 7 patients with an image without any finding, and 8 findings"):
        sources(cohort, *"abcdefgh")


def test_an_image_is_not_pushed_to_the_class_it_is_of(tmp_path: Path) -> None:
    cohort = made(tmp_path / "c", [0] * 20, race=["Black", "White"] * 10)
    chosen = choose_sources(cohort, ImaginedSpec(("White", "Black"), 3, column="race"))
    assert [set(rows["race"]) for rows in chosen.rows.values()] == [{"Black"}, {"White"}]
    alike = made(tmp_path / "alike", [0] * 4, race="White")
    with pytest.raises(CohortError, match="dealt to White is of race White already"):
        sources(alike, "Black", "White", column="race")


def test_the_choice_follows_from_the_seed_and_not_from_the_order_of_rows(tmp_path: Path) -> None:
    cohort = made(tmp_path / "c", [0] * 40)
    turned = Cohort(cohort.root, cohort.frame.iloc[::-1].reset_index(drop=True), cohort.info)
    assert sources(cohort, "a", n=6) == sources(turned, "a", n=6)
    assert sources(cohort, "a", n=6) != sources(cohort, "a", n=6, seed=1)


@pytest.fixture
def derived(tmp_path: Path) -> Cohort:
    cohort = made(tmp_path / "real", [0, 0, 1])
    return imagine_cohort(cohort, tmp_path / "out", ImaginedSpec(("nodule",)), imagined, {"run": "head"})


def test_a_case_is_original_reconstruction_and_counterfactual_in_hanging_order(derived: Cohort) -> None:
    assert derived.frame["study_id"].nunique() == 2
    for _, case in derived.frame.groupby("study_id"):
        assert tuple(case.sort_values("image_id")["attr.kind"]) == KINDS
    assert set(derived.frame["split"]) == {""}, "drawings are nothing to learn from"
    assert not derived.labels, "and no truth"


def test_every_image_says_where_it_comes_from(derived: Cohort) -> None:
    row = derived.frame[derived.frame["attr.kind"] == "counterfactual"].iloc[0]
    assert row["patient_id"] == row["attr.source_image"].replace("film", "p")
    wanted = {"run": "head", "target": "nodule", "amplitude": 2.5, "probability": 0.9, "probability_seen": 0.8}
    wanted |= {"spec_sha256": "a" * 64, "weights_sha256": "b" * 64, "base_sha256": "c" * 64, "synthetic": 1}
    for name, value in wanted.items():
        assert str(row[f"attr.{name}"]) == str(value)
    beside = json.loads((derived.root / row["path"]).with_suffix(".json").read_text(encoding="utf-8"))
    assert {name: beside[name] for name in wanted} == wanted
    plain = derived.frame[derived.frame["attr.kind"] == "factual"].iloc[0]
    assert (plain["attr.synthetic"], plain["attr.probability_seen"]) == ("0", "")


def test_what_is_drawn_says_so_and_nothing_names_a_patient(derived: Cohort) -> None:
    uids = set()
    for _, row in derived.frame.iterrows():
        header = pydicom.dcmread(derived.root / row["path"])
        drawn = row["attr.kind"] != "factual"
        uids.add(header.SOPInstanceUID)
        assert list(header.ImageType[:2]) == ["DERIVED", "SECONDARY"]
        assert (header.Modality, header.BurnedInAnnotation, str(header.PatientName)) == ("OT", "YES", "")
        assert header.SyntheticData == ("YES" if drawn else "NO")
        assert ("SYNTHETIC" in str(header)) == drawn
        assert row["patient_id"] not in str(header)
    assert len(uids) == len(derived.frame)


def test_images_of_a_case_lie_over_each_other(derived: Cohort) -> None:
    paths = derived.frame[derived.frame["study_id"] == derived.frame["study_id"].iloc[0]].sort_values("image_id")
    shown = [presentation(open_image(derived.root / path)) for path in paths["path"]]
    assert len({each.shape for each in shown}) == 1
    below = slice(100, 400)  # the mark is in a corner
    assert np.allclose(shown[0][below], shown[1][below], atol=0.01)
    assert np.allclose(shown[2][below] - shown[1][below], 0.25, atol=0.01)


def test_the_badge_is_on_what_is_drawn_and_on_nothing_else() -> None:
    picture = np.zeros((64, 64), np.float32)
    original, drawn = sheet(picture, synthetic=False), sheet(picture, synthetic=True)
    assert original.shape == drawn.shape
    assert not original[:512].any()
    assert drawn[:60].any(), "a mark within the picture"
    assert drawn[512:].mean() > 100 > original[512:].mean() > 0, "an amber strip, and a black one with words"


def test_an_image_that_cannot_be_read_is_left_out_with_its_reason(tmp_path: Path) -> None:
    cohort = made(tmp_path / "real", [0, 0])
    (cohort.root / "film1.png").write_bytes(b"no picture")
    found = imagine_cohort(cohort, tmp_path / "out", ImaginedSpec(("nodule",)), imagined)
    assert set(found.frame["attr.source_image"]) == {"film0"}
    assert found.info["dropped"][0]["examples"] == ["film1"]
    assert "film1.png" in found.info["dropped"][0]["reason"]


def test_what_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    cohort = made(tmp_path / "real", [0, 0, 0])

    def stopped(share: float) -> None:
        if share > 0.5:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        imagine_cohort(cohort, tmp_path / "out", ImaginedSpec(("nodule",)), imagined, progress=stopped)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real"]


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    cohort = made(tmp_path / "real", [0])
    with pytest.raises(CohortError, match="real is not empty; give a new folder"):
        imagine_cohort(cohort, cohort.root, ImaginedSpec(("nodule",)), imagined)
