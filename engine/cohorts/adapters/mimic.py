"""Adapter `mimic`: MIMIC-CXR-JPG (Johnson et al. 2019) with race, sex and age from MIMIC-IV.

`published` is the cohort of Reading Race (Gichoya et al. 2022): images of patients of MIMIC-IV whose recorded race is
the same in all of their admissions and is Asian, Black or White, taken AP or PA. `all` is every image, with the
official split. MIMIC-IV v1 calls the column `ethnicity` and has eight words; v2 and later call it `race` and have about
33 ("WHITE - RUSSIAN", "BLACK/CAPE VERDEAN", "ASIAN - CHINESE"), which are compared by the group they begin with.
"""

from pathlib import Path

import pandas as pd

from engine.cohorts.adapters.ledger import Printed
from engine.cohorts.adapters.published import ALL, PUBLISHED, Dataset, Source
from engine.cohorts.adapters.vocabulary import (
    CHEXPERT_FINDINGS,
    RACES,
    coarse_race,
    labels_of,
    one_word_each,
    sexes,
    views,
    whole_numbers,
)
from engine.errors import CohortError

_GROUPS = {"ASIAN": "Asian", "BLACK": "Black", "WHITE": "White"}  # what a word of `race` or `ethnicity` begins with
_COLUMNS = {
    "image_id": "dicom_id",
    "patient_id": "subject_id",
    "study_id": "study_id",
    "view": "ViewPosition",
    "date": "StudyDate",
}
_SPLITS = {"train": "train", "validate": "val", "test": "test"}
_OLDEST, _OLDER = 89, 91  # MIMIC-IV gives everybody above 89 years the age 91
_PAPER_PATIENTS = (25_925, 4_321, 12_963)  # train, val, test of Reading Race, 43,209 in all
_IV = "MIMIC-IV: apply at https://physionet.org/content/mimiciv/ and name its folder with --demographics"


def _build(source: Source) -> pd.DataFrame:
    path = source.one("mimic-cxr-2.*-metadata.csv")
    frame = source.table(path, _COLUMNS, {"procedure": "PerformedProcedureStepDescription"})
    source.ledger.count(frame, path.name, Printed(images=377_110, patients=65_379))
    frame["path"] = _paths(source.relative(path.parent), frame)
    frame["view"] = views(frame["view"])
    frame["modality"], frame["body_part"] = "DX", "CHEST"
    frame = _with_people(source, frame)
    frame = _as_the_paper(source, frame) if source.published else _with_official_split(source, frame)
    frame = _with_labels(source, frame)
    return frame.drop(columns=["date", "group"]).rename(columns={"procedure": "attr.procedure"})


def _as_the_paper(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    """The steps of Reading Race in the order of its text, each counted."""
    keep = source.ledger.keep
    frame = keep(frame, frame["group"].notna(), "patient has an admission in MIMIC-IV", "have no admission")
    frame = keep(frame, frame["group"] != "", "one race in all admissions", "have admissions with different races")
    frame = keep(frame, frame["race"].isin(RACES), "Asian, Black or White", "have another race, or none was recorded")
    printed = Printed(images=183_217, patients=43_209)
    return keep(frame, frame["view"].isin(["AP", "PA"]), "AP or PA", "are neither AP nor PA", printed)


def _paths(folder: str, frame: pd.DataFrame) -> pd.Series:
    """files/p10/p10000032/s50414267/<dicom_id>.jpg, below the folder of the table."""
    prefix = "" if folder == "." else f"{folder}/"
    patient, study = frame["patient_id"], frame["study_id"]
    return prefix + "files/p" + patient.str[:2] + "/p" + patient + "/s" + study + "/" + frame["image_id"] + ".jpg"


def _with_people(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    """`race`, `sex`, `age_years`, and `group`: the recorded race, "" where inconsistent, missing without admission."""
    admissions = source.demographics("admissions.csv")
    patients = source.demographics("patients.csv")
    if admissions is None or patients is None:
        if source.published:
            missing = "admissions.csv" if admissions is None else "patients.csv"
            raise CohortError(f"MIMIC-CXR: there is no {missing} of {_IV}, or import without race: --construction all")
        return frame.assign(race="", sex="", age_years=pd.NA, group="")
    table = source.table(admissions, {"patient": "subject_id", "race": ("race", "ethnicity")})
    groups, twice = one_word_each(table["patient"], table["race"].map(_group))
    frame["group"] = frame["patient_id"].map(groups)
    frame.loc[frame["patient_id"].isin(twice), "group"] = ""
    if not source.published:  # there it is a step of its own
        count = int((frame["group"] == "").sum())
        source.ledger.note("join race", "are of patients with different races, which is left empty", count)
    frame["race"] = [_GROUPS.get(word, coarse_race(word)) for word in frame["group"].fillna("")]
    return _with_age(frame, source.table(patients, _PEOPLE).drop_duplicates("patient").set_index("patient"))


_PEOPLE = {"patient": "subject_id", "sex": "gender", "anchor_age": "anchor_age", "anchor_year": "anchor_year"}


def _group(word: str) -> str:
    """ "WHITE - RUSSIAN" → "WHITE"; words of no known group stay as they are, and "" becomes UNKNOWN."""
    text = word.upper().strip()
    found = next((group for group in (*_GROUPS, "HISPANIC") if text.startswith(group)), text)
    return found or "UNKNOWN"


def _with_age(frame: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Sex, and age = anchor_age + year of the study − anchor_year; above 89 years it is 91, as MIMIC-IV writes it."""
    frame["sex"] = frame["patient_id"].map(sexes(people["sex"])).fillna("")
    anchor = whole_numbers(people["anchor_age"]) - whole_numbers(people["anchor_year"])
    age = frame["patient_id"].map(anchor).astype("Float64") + whole_numbers(frame["date"].str[:4])
    age = age.where(age <= _OLDEST, _OLDER).where(age.notna())
    frame["age_years"] = age.where(age > 0)
    return frame


def _with_labels(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    """Labels of the study: CheXpert's labeler, else NegBio's; in `all` a radiologist's where the test file is there."""
    found = source.find("mimic-cxr-2.*-chexpert.csv") or source.find("mimic-cxr-2.*-negbio.csv")
    path = found[0] if found else source.one("mimic-cxr-2.*-chexpert.csv")
    table = source.table(path, {"study": "study_id", **CHEXPERT_FINDINGS})
    labels = pd.DataFrame({f"label.{name}": labels_of(table[name], word) for name, word in CHEXPERT_FINDINGS.items()})
    labels.index = pd.Index(table["study"])
    frame = frame.join(labels[~labels.index.duplicated()], on="study_id")
    frame["attr.labelled_by"] = "negbio" if "negbio" in path.name else "chexpert"
    read = source.find("mimic-cxr-2.1.*-test-set-labeled.csv")
    return frame if source.published or not read else _with_radiologist(source, frame, read[0])


def _with_radiologist(source: Source, frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The radiologist's labels of the 687 test studies in place of the labeler's. The file has no subject_id."""
    names = {
        name: (word, "Airspace Opacity") if word == "Lung Opacity" else word for name, word in CHEXPERT_FINDINGS.items()
    }
    table = source.table(path, {"study": "study_id"}, names).drop_duplicates("study").set_index("study")
    read = frame["study_id"].isin(table.index)
    for name in [name for name in CHEXPERT_FINDINGS if name in table]:
        values = labels_of(table[name], CHEXPERT_FINDINGS[name])
        frame.loc[read, f"label.{name}"] = frame.loc[read, "study_id"].map(values)
    frame.loc[read, "attr.labelled_by"] = "radiologist"
    return frame


def _with_official_split(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    path = source.one("mimic-cxr-2.*-split.csv")
    table = source.table(path, {"image": "dicom_id", "split": "split"}).set_index("image")
    frame["split"] = frame["image_id"].map(table["split"].map(_SPLITS))
    source.split = f"official: {path.name}"
    return source.ledger.keep(frame, frame["split"].notna(), "has an official split", f"are not in {path.name}")


MIMIC = Dataset(
    name="mimic",
    title="MIMIC-CXR",
    summary="MIMIC-CXR-JPG with race, sex and age from MIMIC-IV: 14 findings (Boston)",
    apply="apply for MIMIC-CXR-JPG at https://physionet.org/content/mimic-cxr-jpg/ and MIMIC-IV at "
    "https://physionet.org/content/mimiciv/ (credentialed access)",
    files="mimic-cxr-2.x.y-metadata, -chexpert (or -negbio) and -split as .csv or .csv.gz, files/; of MIMIC-IV "
    "core/ or hosp/admissions.csv and patients.csv",
    build=_build,
    constructions=(PUBLISHED, ALL),
    takes_demographics=True,
    published_groups={"race": RACES, "sex": ("F", "M"), "view": ("AP", "PA")},
    shares=tuple(count / sum(_PAPER_PATIENTS) for count in _PAPER_PATIENTS),  # type: ignore[arg-type]
)
