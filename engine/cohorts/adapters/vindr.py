"""Adapter `vindr`: VinDr-CXR (Nguyen et al. 2022), every film read by three radiologists.

A row of the table is one box of one radiologist. A finding of an image is present where more than half of its readers
marked it, uncertain where exactly half did, and `attr.votes.<finding>` says how many. There is no patient id: each
image counts as a patient of its own, so no interval of this cohort is widened for patients with several films.
"""

import pandas as pd

from engine.cohorts.adapters.ledger import Printed
from engine.cohorts.adapters.published import Dataset, Source
from engine.cohorts.adapters.tables import image_files
from engine.cohorts.adapters.vocabulary import finding_name
from engine.errors import CohortError

_COLUMNS = {"image_id": "image_id", "finding": "class_name", "reader": "rad_id"}
_BOX = {"class_id": "class_id", "x_min": "x_min", "y_min": "y_min", "x_max": "x_max", "y_max": "y_max"}
_NONE, _NONE_ID = "no finding", "14"
_READERS = 3
_SUFFIXES = (".dicom", ".dcm", ".png", ".jpg")


def _build(source: Source) -> pd.DataFrame:
    path = source.one("train.csv", "annotations_train.csv")
    table = source.table(path, _COLUMNS, _BOX)
    _check_boxes(path.name, table)
    readers = table.drop_duplicates(["image_id", "reader"]).groupby("image_id")["reader"]
    images = pd.DataFrame({"n": readers.size(), "readers": readers.agg(lambda names: " ".join(sorted(names)))})
    frame = pd.concat([_rows(source, images), _labels(table, images)], axis=1).reset_index(drop=True)
    source.ledger.count(frame, f"{path.name}: images of {len(table)} boxes", Printed(images=15_000))
    source.ledger.note(
        "count readers", f"images have not {_READERS} readers and are kept", int((images["n"] != 3).sum())
    )
    return frame


def _check_boxes(name: str, table: pd.DataFrame) -> None:
    """CohortError where "No finding" has a box, or its class is not 14: the columns would not mean what they say."""
    none = table["finding"].str.lower() == _NONE
    if "class_id" in table and (
        set(table.loc[none, "class_id"]) - {_NONE_ID} or _NONE_ID in set(table[~none]["class_id"])
    ):
        raise CohortError(f"VinDr-CXR: class_id {_NONE_ID} and 'No finding' of {name} do not name the same rows")
    if "x_min" in table and (table.loc[none, "x_min"] != "").any():
        raise CohortError(f"VinDr-CXR: rows of 'No finding' in {name} have a box")


def _rows(source: Source, images: pd.DataFrame) -> pd.DataFrame:
    found = {path.stem: source.relative(path) for path in image_files(source.root, _SUFFIXES)}
    ids = images.index.to_series()
    return pd.DataFrame(
        {
            "image_id": ids,
            "patient_id": ids,
            "study_id": ids,
            "path": ids.map(found).fillna("train/" + ids + ".dicom"),
            "modality": "DX",
            "body_part": "CHEST",
            "attr.readers": images["readers"],
        }
    )


def _labels(table: pd.DataFrame, images: pd.DataFrame) -> pd.DataFrame:
    """Majority of the readers, and the votes it rests on."""
    once = table.drop_duplicates(["image_id", "reader", "finding"])
    votes = once.groupby(["image_id", "finding"]).size().unstack(fill_value=0).reindex(images.index, fill_value=0)
    columns: dict[str, pd.Series] = {}
    for word in votes:
        twice = 2 * votes[word]
        label = (twice > images["n"]).astype("Int8").mask(twice == images["n"], -1)
        columns[f"label.{finding_name(word)}"] = label
        columns[f"attr.votes.{finding_name(word)}"] = votes[word]
    return pd.DataFrame(columns)


VINDR = Dataset(
    name="vindr",
    title="VinDr-CXR",
    summary="VinDr-CXR: 14 findings by the majority of three radiologists, DICOM (Hanoi)",
    apply="apply at https://physionet.org/content/vindr-cxr/ or join the challenge at "
    "https://www.kaggle.com/c/vinbigdata-chest-xray-abnormalities-detection",
    files="train.csv (Kaggle) or annotations_train.csv (PhysioNet), train/*.dicom",
    build=_build,
)
