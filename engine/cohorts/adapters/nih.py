"""Adapter `nih`: NIH ChestX-ray14 (Wang et al. 2017), 14 findings mined from reports; its test list is the test set.

The header of the table writes `OriginalImage[Width,Height]` and `OriginalImagePixelSpacing[x,y]` with a comma inside,
so each is two columns of the file. Ages of the first release carry a unit ("058Y") and some are impossible.
"""

from pathlib import Path

import pandas as pd

from engine.cohorts.adapters.ledger import Printed
from engine.cohorts.adapters.published import Dataset, Source
from engine.cohorts.adapters.tables import Names, image_files
from engine.cohorts.adapters.vocabulary import ages, finding_name, listed_labels, sexes, views
from engine.cohorts.splits import assign_splits
from engine.errors import CohortError

_COLUMNS: dict[str, Names] = {
    "image_id": "Image Index",
    "findings": "Finding Labels",
    "follow_up": "Follow-up #",
    "patient_id": "Patient ID",
    "age": "Patient Age",
    "sex": ("Patient Gender", "Patient Sex"),
    "view": "View Position",
}
_SPLIT_BY_COMMA = {
    "attr.original_width": "OriginalImage[Width",
    "attr.original_height": "Height]",
    "attr.spacing_x_mm": "OriginalImagePixelSpacing[x",
    "attr.spacing_y_mm": "y]",
}
_SAME_AS = {"effusion": "pleural_effusion"}  # the word of the other datasets


def _build(source: Source) -> pd.DataFrame:
    path = source.one("Data_Entry_2017_v2020.csv", "Data_Entry_2017*.csv")
    table = source.table(path, _COLUMNS, _SPLIT_BY_COMMA)
    found = {place.name: source.relative(place) for place in image_files(source.root, (".png",))}
    frame = pd.DataFrame(
        {
            "image_id": table["image_id"].str.replace(r"\.png$", "", regex=True),
            "patient_id": table["patient_id"],
            "study_id": table["patient_id"] + "-" + table["follow_up"],
            "path": table["image_id"].map(found).fillna("images/" + table["image_id"]),
            "modality": "DX",
            "body_part": "CHEST",
            "view": views(table["view"]),
            "sex": sexes(table["sex"]),
            "age_years": ages(table["age"]),
            **{column: table[column] for column in _SPLIT_BY_COMMA if column in table},
        }
    )
    frame = pd.concat([frame, _labels(table["findings"])], axis=1)
    source.ledger.count(frame, path.name, Printed(images=112_120, patients=30_805))
    return _with_split(source, table["image_id"], frame)


def _labels(texts: pd.Series) -> pd.DataFrame:
    """ "Effusion|Mass" → 1 for these and 0 for the others; "No Finding" is a column too, as in CheXpert."""
    lists: list[set[str] | None] = [{word.strip() for word in text.split("|")} - {""} or None for text in texts]
    words = sorted({word for listed in lists if listed for word in listed})
    return listed_labels(lists, {word: _SAME_AS.get(finding_name(word), finding_name(word)) for word in words})


def _with_split(source: Source, names: pd.Series, frame: pd.DataFrame) -> pd.DataFrame:
    """test_list.txt is test; one in eight of the other patients is val, as the dataset names no validation set."""
    lists = [source.find(name) for name in ("train_val_list.txt", "test_list.txt")]
    if not all(lists):
        return frame  # Dataset splits by patient
    train_val, test = (_listed(paths[0]) for paths in lists)
    source.read += [paths[0] for paths in lists]
    kept = names.isin(train_val | test)
    frame["split"] = assign_splits(frame["patient_id"], seed=source.request.seed, shares=(0.875, 0.125, 0.0))
    frame.loc[names.isin(test), "split"] = "test"
    source.split = f"official test_list.txt; val is 1 in 8 patients of train_val_list.txt, seed {source.request.seed}"
    return source.ledger.keep(frame, kept, "in an official list", "are in neither list of the split")


def _listed(path: Path) -> set[str]:
    names = set(path.read_text(encoding="utf-8-sig").split())
    if not names:
        raise CohortError(f"NIH ChestX-ray14: {path.name} names no image")
    return names


NIH = Dataset(
    name="nih",
    title="NIH ChestX-ray14",
    summary="NIH ChestX-ray14: 14 findings mined from reports, sex, age (Bethesda)",
    apply="it is free at https://nihcc.app.box.com/v/ChestXray-NIHCC",
    files="Data_Entry_2017_v2020.csv, train_val_list.txt, test_list.txt, images/ (or images_001/ …)",
    build=_build,
    groups={"sex": ("F", "M"), "view": ("AP", "PA")},
)
