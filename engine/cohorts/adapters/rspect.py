"""Adapter `rspect`: the RSNA-STR pulmonary embolism CT dataset (Colak et al. 2021), one volume a study.

Race was never released with it. `published` needs a table of the researcher's own, given with --demographics: a column
StudyInstanceUID (or study) and a column race, and where they are known patient, sex and age. `all` does without.
No patient is named in the dataset: without a column patient each study counts as a patient of its own.
"""

from pathlib import Path

import pandas as pd

from engine.cohorts.adapters.ledger import Printed
from engine.cohorts.adapters.published import ALL, PUBLISHED, Dataset, Source
from engine.cohorts.adapters.stacks import ct_stacks
from engine.cohorts.adapters.tables import Names
from engine.cohorts.adapters.vocabulary import ages, coarse_race, labels_of, one_word_each, sexes
from engine.errors import CohortError

_COLUMNS = {
    "study": "StudyInstanceUID",
    "series": "SeriesInstanceUID",
    "image": "SOPInstanceUID",
    "slice": "pe_present_on_image",
    "negative": "negative_exam_for_pe",
    "indeterminate": "indeterminate",
}
_MORE = ("leftsided_pe", "rightsided_pe", "central_pe", "chronic_pe", "acute_and_chronic_pe", "rv_lv_ratio_gte_1")
_OWN: dict[str, Names] = {"study": ("StudyInstanceUID", "study", "study_id"), "race": ("race", "PRIMARY_RACE")}
_OWN_OPTIONAL: dict[str, Names] = {
    "patient": ("patient", "patient_id", "PatientID"),
    "sex": ("sex", "gender"),
    "age": ("age", "age_years"),
}


def _build(source: Source) -> pd.DataFrame:
    path = source.one("train.csv")
    table = source.table(path, _COLUMNS, {name: name for name in _MORE})
    frame = _studies(table)
    source.ledger.count(frame, f"{path.name}: studies of {len(table)} slices", Printed(images=7_279))
    frame = _with_people(source, frame)
    folders = [path.parent / "train" / study / series for study, series in zip(frame["study_id"], frame["series"])]
    there = pd.Series([folder.is_dir() for folder in folders])
    if not there.any():
        raise CohortError(f"RSPECT: none of the {len(frame)} series is below {path.parent / 'train'}")
    frame = source.ledger.keep(frame, there, "series is there", "have no folder of slices")
    return _with_slices(source, frame, [folder for folder, found in zip(folders, there) if found])


def _studies(table: pd.DataFrame) -> pd.DataFrame:
    """One row a series: pe is present unless the study is negative, and uncertain where it is indeterminate."""
    slices = labels_of(table["slice"], "pe_present_on_image")
    once = table.drop_duplicates(["study", "series"]).reset_index(drop=True)
    pe = 1 - labels_of(once["negative"], "negative_exam_for_pe")
    pe = pe.mask(labels_of(once["indeterminate"], "indeterminate") == 1, -1)
    counts = slices.groupby([table["study"], table["series"]]).sum()
    number = once.groupby("study").cumcount() + 1
    keys = pd.MultiIndex.from_frame(once[["study", "series"]])
    return pd.DataFrame(
        {
            "image_id": once["study"] + "-V" + number.astype(str),
            "patient_id": once["study"],
            "study_id": once["study"],
            "path": once["series"],
            "modality": "CT",
            "body_part": "CHEST",
            "series": once["series"],
            "label.pulmonary_embolism": pe,
            **{f"label.{name}": labels_of(once[name], name) for name in _MORE if name in once},
            "attr.slices_with_pe": counts.loc[keys].to_numpy(),
        }
    )


def _with_people(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    """Race, and what else the researcher's own table knows."""
    path = source.request.demographics
    if path is None:
        if source.published:
            raise CohortError(
                "RSPECT: its race labels were never released; give a table of your own with the columns "
                "StudyInstanceUID and race (--demographics race.csv), or import without race: --construction all"
            )
        return frame.assign(race="")
    own = source.table(path, _OWN, _OWN_OPTIONAL) if path.is_file() else _refuse_folder()
    races, twice = one_word_each(own["study"], own["race"].map(coarse_race))
    frame["race"] = frame["study_id"].map(races)
    people = own.drop_duplicates("study").set_index("study")
    if "patient" in people:
        frame["patient_id"] = frame["study_id"].map(people["patient"]).fillna(frame["patient_id"])
    if "sex" in people:
        frame["sex"] = frame["study_id"].map(sexes(people["sex"])).fillna("")
    if "age" in people:
        frame["age_years"] = frame["study_id"].map(ages(people["age"])).astype("Float64")
    if not source.published:
        return frame.assign(race=frame["race"].fillna(""))
    keep = source.ledger.keep
    frame = keep(frame, frame["race"].notna(), "race is in the researcher's table", "have no race, or more than one")
    return keep(frame, frame["race"].isin(["Black", "White"]), "Black or White", "are of another race")


def _refuse_folder() -> pd.DataFrame:
    raise CohortError("RSPECT: --demographics has to name the table with StudyInstanceUID and race, not a folder")


def _with_slices(source: Source, frame: pd.DataFrame, folders: list[Path]) -> pd.DataFrame:
    """The longest stack of each series. Files are named by UIDs: their order is read from the headers."""
    longest: dict[int, tuple[Path, ...]] = {}
    for number, stack in ct_stacks(source, folders):
        if len(stack.paths) > len(longest.get(number, ())):
            longest[number] = stack.paths
    source.stacks |= {frame["image_id"][number]: paths for number, paths in longest.items()}
    frame["n_slices"] = [len(longest.get(number, ())) for number in range(len(frame))]
    frame = source.ledger.keep(frame, frame["n_slices"] > 0, "slices make a volume", "have no volume of CT slices")
    return frame.drop(columns="series")


RSPECT = Dataset(
    name="rspect",
    title="RSPECT",
    summary="RSPECT: CT for pulmonary embolism; race from a table of your own (RSNA-STR)",
    apply="join at https://www.kaggle.com/c/rsna-str-pulmonary-embolism-detection",
    files="train.csv, train/<study>/<series>/*.dcm; a table of your own with StudyInstanceUID and race",
    build=_build,
    constructions=(PUBLISHED, ALL),
    takes_demographics=True,
    published_groups={"race": ("Black", "White")},
)
