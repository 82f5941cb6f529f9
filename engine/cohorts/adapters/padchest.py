"""Adapter `padchest`: PadChest of Hospital San Juan (Bustos et al. 2020), 193 labels of which physicians set a part.

`published` follows DiffChest (Han et al. 2024), section "Datasets": patients are in one of two sets, labelled by
physicians or labelled automatically, and 30 % of the physicians' patients are the test set. A patient with both kinds
belongs to the physicians' set with the physicians' images. The text names frontal views for MIMIC-CXR only; its 26,432
images of 24,239 patients come close to frontal ones here too, so frontal it is. All others are for training; a spec
that wants the physicians' labels alone selects `attr.labelled_by`. `all` is every image, split by patient.
"""

import ast

import pandas as pd

from engine.cohorts.adapters.ledger import Printed
from engine.cohorts.adapters.published import ALL, PUBLISHED, Dataset, Source
from engine.cohorts.adapters.tables import Names, image_files
from engine.cohorts.adapters.vocabulary import ages, finding_name, listed_labels, sexes, views, whole_numbers
from engine.cohorts.splits import assign_splits
from engine.errors import CohortError

_COLUMNS: dict[str, Names] = {
    "image_id": "ImageID",
    "folder": "ImageDir",
    "date": ("StudyDate_DICOM", "StudyDate"),
    "study_id": "StudyID",
    "patient_id": "PatientID",
    "birth": "PatientBirth",
    "sex": ("PatientSex_DICOM", "PatientSex"),
    "projection": "Projection",
    "method": "MethodLabel",
    "labels": "Labels",
}
_FRONTAL = ("PA", "AP")
_NOT_FINDINGS = ("", "exclude", "unchanged", "suboptimal study")  # words of the label list that say nothing of the body
_PHYSICIAN = "Physician"
# Files that are missing from the release or end early; the list of torchxrayvision (mlmed/torchxrayvision).
_BROKEN = (
    "216840111366964012819207061112010307142602253_04-014-084",
    "216840111366964012989926673512011074122523403_00-163-058",
    "216840111366964012959786098432011033083840143_00-176-115",
    "216840111366964012558082906712009327122220177_00-102-064",
    "216840111366964012339356563862009072111404053_00-043-192",
    "216840111366964013076187734852011291090445391_00-196-188",
    "216840111366964012373310883942009117084022290_00-064-025",
    "216840111366964012283393834152009033102258826_00-059-087",
    "216840111366964012373310883942009170084120009_00-097-074",
    "216840111366964012819207061112010315104455352_04-024-184",
    "216840111366964012819207061112010306085429121_04-020-102",
    "216840111366964012989926673512011083134050913_00-168-009",
    "216840111366964013686042548532013208193054515_02-026-007",
    "216840111366964013590140476722013058110301622_02-056-111",
    "216840111366964013590140476722013043111952381_02-065-198",
    "216840111366964013829543166512013353113303615_02-092-190",
    "216840111366964013962490064942014134093945580_01-178-104",
    "216840111366964012989926673512011151082430686_00-157-045",
    "216840111366964012373310883942009152114636712_00-102-045",
    "216840111366964012487858717522009280135853083_00-075-001",
    "216840111366964012819207061112010281134410801_00-129-131",
)


def _build(source: Source) -> pd.DataFrame:
    path = source.one("PADCHEST_chest_x_ray_images_labels_160K*.csv", "*padchest*labels*.csv")
    table = source.table(path, _COLUMNS, {"pediatric": "Pediatric"})
    frame = _rows(source, table)
    source.ledger.count(frame, path.name, Printed(images=160_861, patients=67_625) if source.published else Printed())
    keep = source.ledger.keep
    frame = keep(frame, frame["patient_id"] != "", "patient is named", "have no PatientID")
    frame = keep(frame, ~frame["image_id"].isin(_BROKEN), "not known to be broken", "are missing or broken as released")
    if source.published:
        frame = _as_the_paper(source, frame)
    return pd.concat([frame.drop(columns="labels"), _labels(frame["labels"])], axis=1)


def _rows(source: Source, table: pd.DataFrame) -> pd.DataFrame:
    years = whole_numbers(table["date"].str[:4]) - whole_numbers(table["birth"])
    frame = pd.DataFrame(
        {
            "image_id": table["image_id"].str.replace(r"\.png$", "", regex=True),
            "patient_id": table["patient_id"],
            "study_id": table["study_id"],
            "path": _paths(source, table),
            "modality": "DX",
            "body_part": "CHEST",
            "view": views(table["projection"]),
            "sex": sexes(table["sex"]),
            "age_years": ages(years.astype("string").fillna("")),
            "attr.projection": table["projection"],
            "attr.labelled_by": table["method"].map(lambda word: "physician" if word == _PHYSICIAN else "automatic"),
            "labels": table["labels"],
        }
    )
    if not (table["method"] == _PHYSICIAN).any():
        words = ", ".join(sorted(set(table["method"]))[:5])
        raise CohortError(f"PadChest: column MethodLabel holds no '{_PHYSICIAN}' (it holds {words})")
    return frame


def _paths(source: Source, table: pd.DataFrame) -> pd.Series:
    """Where each file lies: the release has folders 0 to 54, copies are often flat. Missing ones are put in theirs."""
    found = {path.name: source.relative(path) for path in image_files(source.root, (".png",))}
    return table["image_id"].map(found).fillna(table["folder"] + "/" + table["image_id"])


def _as_the_paper(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    """The steps of DiffChest, each counted, and its split: 30 % of the physicians' patients for the test."""
    keep = source.ledger.keep
    frame = keep(frame, frame["view"].isin(_FRONTAL), "frontal", "are lateral, costal or to be excluded")
    by_hand = frame["attr.labelled_by"] == "physician"
    theirs = frame["patient_id"].isin(frame.loc[by_hand, "patient_id"])
    reason = "are labelled automatically and of a patient with physicians' labels"
    frame = keep(frame, by_hand | ~theirs, "one kind of label a patient", reason)
    by_hand = frame["attr.labelled_by"] == "physician"
    source.ledger.count(frame[by_hand], "labelled by physicians", Printed(26_432, 24_239))
    frame["split"] = "train"
    shares = (0.6, 0.1, 0.3)
    frame.loc[by_hand, "split"] = assign_splits(
        frame.loc[by_hand, "patient_id"], seed=source.request.seed, shares=shares
    )
    source.ledger.count(
        frame[frame["split"] == "test"], "test: 30 % of the physicians' patients", Printed(7_943, 7_272)
    )
    source.split = (
        f"physicians' patients 60/10/30, seed {source.request.seed}; patients labelled automatically in train"
    )
    return frame


def _labels(texts: pd.Series) -> pd.DataFrame:
    """One column a label; a stray space around a word ("' pleural effusion '") makes no label of its own."""
    lists = [_listed(text) for text in texts]
    words = sorted({word for listed in lists if listed for word in listed} - set(_NOT_FINDINGS))
    if not words:
        raise CohortError("PadChest: column Labels holds no label")
    return listed_labels(lists, {word: finding_name(word) for word in words})


def _listed(text: str) -> set[str] | None:
    """The words of a list as Python prints it, "['normal', ' scoliosis ']"; None where the cell is empty."""
    if not text:
        return None
    try:
        words = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        words = text.strip("[]").split(",")
    return {str(word).strip(" '\"").lower() for word in words}


PADCHEST = Dataset(
    name="padchest",
    title="PadChest",
    summary="PadChest: 193 labels, a part set by physicians, 16-bit PNG (Alicante)",
    apply="apply for it at https://bimcv.cipf.es/bimcv-projects/padchest/",
    files="PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv (or .csv.gz), folders 0 to 54 of PNG",
    build=_build,
    constructions=(PUBLISHED, ALL),
    groups={"sex": ("F", "M"), "view": ("PA",)},
)
