"""A cohort on disk: files, table, truth, determinism over processes and numbers of patients."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pydicom
import pytest
from PIL import Image as PilImage

from engine.cohorts.cohort import Cohort, load_cohort
from engine.cohorts.simulated.chest import simulate_chest
from engine.cohorts.simulated.cohort import plan_patient, simulate_chest_cohort
from engine.cohorts.simulated.confounding import DEVICES, FINDINGS, default_table
from engine.errors import CohortError
from engine.images import open_image
from engine.images.grey import presentation

SIZE, PATIENTS, SEED = 64, 16, 3


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    shares: list[float] = []
    out = tmp_path_factory.mktemp("simulated") / "cohort"
    assert simulate_chest_cohort(PATIENTS, SEED, out, size=SIZE, progress=shares.append) == out
    assert shares == sorted(shares) and shares[-1] == 1
    return load_cohort(out)


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_table_has_the_planned_columns_and_rows(cohort: Cohort) -> None:
    frame = cohort.frame
    assert set(cohort.labels) == {*FINDINGS, *DEVICES}
    assert frame["patient_id"].nunique() == PATIENTS and frame["patient_id"].str.fullmatch(r"SIM-\d{6}").all()
    assert set(frame["view"]) == {"PA", "AP", "LATERAL"}
    assert frame.groupby("patient_id")["split"].nunique().max() == 1
    assert pd.to_numeric(frame["attr.bmi"]).between(16, 45).all()
    assert cohort.info["adapter"] == "simulated" and cohort.info["dropped"] == []
    assert cohort.info["table"]["findings"]["nodule"] == {"Asian": 0.1, "Black": 0.1, "White": 0.1}
    planned = [image for number in range(1, PATIENTS + 1) for image in plan_patient(default_table(), SEED, number)]
    assert list(frame["image_id"]) == [image.identity.image_id for image in planned]
    for name in (*FINDINGS, *DEVICES):
        given = [name in image.spec.findings | image.spec.devices for image in planned]
        assert list(frame[f"label.{name}"] == 1) == given


def test_every_file_opens_as_the_picture_that_was_simulated(cohort: Cohort) -> None:
    lateral = int(cohort.frame.loc[cohort.frame["view"] == "LATERAL", "patient_id"].iloc[0].removeprefix("SIM-"))
    plans = [image for number in (1, lateral) for image in plan_patient(default_table(), SEED, number)]
    planned = {image.identity.image_id: image for image in plans}
    for image_id, plan in planned.items():
        opened = open_image(cohort.root / "images" / f"{image_id}.dcm")
        made = simulate_chest(plan.spec, SIZE).image
        assert np.array_equal(opened.frame(0), made.pixels)
        assert np.array_equal(presentation(opened), presentation(made))
        assert opened.view == made.view and opened.bits_stored == 12
        assert opened.spacing_mm == pytest.approx(made.spacing_mm, abs=1e-5)


def test_headers_are_valid_and_say_that_nobody_was_x_rayed(cohort: Cohort) -> None:
    instances = set()
    for row in cohort.frame.to_dict("records"):
        dataset = pydicom.dcmread(cohort.root / row["path"])
        assert dataset.SOPClassUID == "1.2.840.10008.5.1.4.1.1.1.1.1"
        assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
        instances.add(dataset.SOPInstanceUID)
        assert dataset.ImageType[0] == "DERIVED" and "SIMULATED" in dataset.ImageComments
        assert (dataset.PatientID, dataset.PatientSex) == (row["patient_id"], row["sex"])
        assert (dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit) == (16, 12, 11)
        inverse = dataset.PhotometricInterpretation == "MONOCHROME1"
        assert dataset.PresentationLUTShape == ("INVERSE" if inverse else "IDENTITY")
        assert list(dataset.PatientOrientation) == (["P", "F"] if row["view"] == "LATERAL" else ["L", "F"])
        assert dataset.ViewPosition == {"LATERAL": "LL"}.get(row["view"], row["view"])
        assert float(dataset.ImagerPixelSpacing[0]) == pytest.approx(400 / SIZE, abs=1e-5)
        for required in ("StudyDate", "ReferringPhysicianName", "AccessionNumber", "PatientBirthDate"):  # type 2
            assert required in dataset
        assert not dataset.StudyDate and len(dataset.SOPInstanceUID) <= 64
    assert len(instances) == len(cohort.frame)


def test_truth_files_agree_with_the_table(cohort: Cohort) -> None:
    for row in cohort.frame.to_dict("records"):
        truth = json.loads((cohort.root / "truth" / f"{row['image_id']}.json").read_text(encoding="utf-8"))
        present = {name for name in (*FINDINGS, *DEVICES) if row[f"label.{name}"] == 1}
        assert set(truth["findings"]) | set(truth["devices"]) == present
        kinds = {found["kind"].removesuffix("_lead") for found in truth["objects"]}
        assert present <= kinds and not (kinds & {*FINDINGS, *DEVICES}) - present
        for found in truth["objects"]:
            assert found["side"] in {"R", "L", ""}
            assert "polyline" in found or "mask" in found
            if "mask" in found:
                mask = np.asarray(PilImage.open(cohort.root / found["mask"]))
                assert mask.shape == (truth["rows"], truth["columns"]) == (SIZE, SIZE)
        for name in ("heart", "lung_right", "lung_left"):
            assert np.asarray(PilImage.open(cohort.resolve(row[f"mask.{name}"]))).any()


def test_processes_and_number_of_patients_change_no_byte(tmp_path: Path, cohort: Cohort) -> None:
    alone = simulate_chest_cohort(3, SEED, tmp_path / "alone", size=SIZE)
    shared = simulate_chest_cohort(3, SEED, tmp_path / "shared", size=SIZE, processes=2)
    assert digest(alone) == digest(shared)
    larger = digest(cohort.root)
    for name, value in digest(alone).items():
        if name not in ("cohort.csv", "cohort.json"):
            assert larger[name] == value
    other = simulate_chest_cohort(1, SEED + 1, tmp_path / "other", size=SIZE)
    assert digest(other)["images/SIM-000001-1.dcm"] != larger["images/SIM-000001-1.dcm"]


def test_only_the_asked_views_are_taken(tmp_path: Path) -> None:
    for views in (("PA",), ("LATERAL",), ("PA", "LATERAL")):
        frame = load_cohort(simulate_chest_cohort(3, 1, tmp_path / "-".join(views), size=64, views=views)).frame
        assert set(frame["view"]) <= set(views) and frame["patient_id"].nunique() == 3


def test_bad_requests_are_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CohortError, match="not empty"):
        simulate_chest_cohort(1, 1, tmp_path / "full")
    with pytest.raises(CohortError, match="at least 1"):
        simulate_chest_cohort(0, 1, tmp_path / "none")
    with pytest.raises(CohortError, match="views"):
        simulate_chest_cohort(1, 1, tmp_path / "none", views=())
