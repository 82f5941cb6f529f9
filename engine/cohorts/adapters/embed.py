"""Adapter `embed`: the Emory breast imaging dataset (Jeong et al. 2023); stands for EM-Mammo of Reading Race.

The metadata has one row a file, the clinical table one row a finding. They are joined by accession and side: a finding
of one breast belongs to the images of that breast, one of side B or without a side to both. An image gets the worst
assessment and pathology of its findings. The README names the column of race RACE_DESC; the released table has it in
ETHNICITY_DESC (and ethnicity in ETHNIC_GROUP_DESC). `published` is screening, 2D, Black and White
women who are not Hispanic.
"""

import re

import pandas as pd

from engine.cohorts.adapters.published import ALL, PUBLISHED, Dataset, Source, first_that_exists
from engine.cohorts.adapters.tables import Names
from engine.cohorts.adapters.vocabulary import ages, coarse_race, one_word_each, sexes, whole_numbers
from engine.errors import CohortError

_IMAGES = {
    "patient_id": "empi_anon",
    "study_id": "acc_anon",
    "path": "anon_dicom_path",
    "side": "ImageLateralityFinal",
    "view": "ViewPosition",
    "kind": "FinalImageType",
}
_FINDINGS: dict[str, Names] = {
    "patient": "empi_anon",
    "study": "acc_anon",
    "side": "side",
    "assessment": "asses",
    "density": "tissueden",
    "severity": "path_severity",
    "race": ("RACE_DESC", "ETHNICITY_DESC"),
}
_OPTIONAL = {"exam": "desc", "age": "age_at_study", "sex": "GENDER_DESC", "ethnicity": "ETHNIC_GROUP_DESC"}
# Assessments from good to bad: N negative (BI-RADS 1), B benign (2), P probably benign (3), A needs more imaging (0),
# S suspicious (4), M highly suggestive of malignancy (5), K known malignancy (6).
_WORST = {letter: rank for rank, letter in enumerate("NBPASMK")}
_CANCER = (
    0,
    1,
)  # path_severity: invasive, non-invasive; 2 high risk, 3 borderline, 4 benign, 5 normal, 6 not of the breast
_DENSITIES = (1, 2, 3, 4)  # 5 is a male breast
_KEY = ["study", "side"]


def _build(source: Source) -> pd.DataFrame:
    path = source.one("EMBED_OpenData_metadata.csv", "EMBED_OpenData_metadata*.csv")
    images = source.table(path, _IMAGES, {"attr.spot_mag": "spot_mag"})
    frame = _rows(source, images)
    source.ledger.count(frame, path.name)
    frame = source.ledger.keep(frame, ~frame["image_id"].duplicated(), "each file once", "are listed twice")
    clinical = source.one("EMBED_OpenData_clinical.csv", "EMBED_OpenData_clinical*.csv")
    findings = source.table(clinical, _FINDINGS, _OPTIONAL)
    frame = _with_findings(source, frame, _both_sides(findings))
    frame = _with_people(source, frame, findings)
    if source.published:
        frame = _as_the_paper(source, frame)
    return frame.drop(columns=["study", "side", "exam"], errors="ignore")


def _rows(source: Source, images: pd.DataFrame) -> pd.DataFrame:
    """One row a file; the path from "cohort_1/" on, below images/ in the open data bucket."""
    inner = images["path"].str.extract(r"(cohort_\d+/.*)$")[0]
    if (odd := inner.isna()).any():
        raise CohortError(f"EMBED: the path '{images['path'][odd].iloc[0]}' has no cohort_1/ or cohort_2/ in it")
    layouts = {folder: folder + inner for folder in ("images/", "", "dicom/")}
    return pd.DataFrame(
        {
            "image_id": [re.sub(r"\.dcm$", "", path).replace("/", "-") for path in inner],
            "patient_id": images["patient_id"],
            "study_id": images["study_id"],
            "path": first_that_exists(source.root, layouts),
            "modality": "MG",
            "body_part": "BREAST",
            "view": images["view"].str.upper(),
            "laterality": images["side"].where(images["side"].isin(["L", "R"]), ""),
            "attr.image_type": images["kind"],
            "study": images["study_id"],
            "side": images["side"],
        }
    )


def _both_sides(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings of L and R; one of side B or of no side (NaN) stands for both."""
    sides = findings["side"].str.upper().replace({"NAN": "", "B": ""})
    if odd := sorted(set(sides) - {"L", "R", ""}):
        raise CohortError(f"EMBED: side holds '{odd[0]}', which is none of L, R, B or empty")
    one = findings.assign(side=sides)
    both = [one[one["side"] == ""].assign(side=side) for side in ("L", "R")]
    return pd.concat([one[one["side"] != ""], *both], ignore_index=True)


def _with_findings(source: Source, frame: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """The worst of the findings of each breast in each examination."""
    severity = pd.to_numeric(findings["severity"], errors="coerce")
    rank = findings["assessment"].map(_WORST)
    density = whole_numbers(findings["density"])
    density = density.where(density.isin(_DENSITIES))
    exam = findings["exam"] if "exam" in findings else pd.Series("", index=findings.index)
    told = findings.assign(severity=severity, rank=rank, density=density, exam=exam)
    breasts = told.groupby(_KEY).agg(
        severity=("severity", "min"), rank=("rank", "max"), density=("density", "max"), exam=("exam", "first")
    )
    frame = frame.join(breasts, on=_KEY)
    reason = "are of an examination or side that the clinical table does not have"
    known = "examination and side are in the clinical table"
    frame = source.ledger.keep(frame, frame["exam"].notna(), known, reason)
    letters = {rank: letter for letter, rank in _WORST.items()}
    frame["attr.assessment"] = frame["rank"].map(letters).fillna("")
    frame["attr.density"] = frame["density"].astype("string").fillna("")
    frame["label.cancer"] = _cancer(frame)
    recalled = frame["attr.assessment"]
    frame["label.recalled"] = (~recalled.isin(["N", "B"])).astype("Int8").where(recalled != "")
    return frame.drop(columns=["severity", "rank", "density"])


def _cancer(frame: pd.DataFrame) -> pd.Series:
    """1 by pathology; 0 by benign pathology, or without any where the breast was read negative or benign."""
    by_pathology = frame["severity"].isin(_CANCER).astype("Int8").where(frame["severity"].notna())
    read_benign = frame["severity"].isna() & frame["attr.assessment"].isin(["N", "B"])
    return by_pathology.mask(read_benign, 0)


def _with_people(source: Source, frame: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    races, twice = one_word_each(findings["patient"], findings["race"].map(coarse_race))
    frame["race"] = frame["patient_id"].map(races).fillna("")
    source.ledger.note("join race", "patients have more than one race, which is left empty", len(twice), tuple(twice))
    exams = findings.drop_duplicates("study").set_index("study")
    if "age" in exams:
        frame["age_years"] = frame["study"].map(ages(exams["age"])).astype("Float64")
    if "sex" in exams:
        frame["sex"] = frame["study"].map(sexes(exams["sex"])).fillna("")
    if "ethnicity" in exams:
        frame["attr.ethnicity"] = frame["study"].map(exams["ethnicity"]).fillna("")
    return frame


def _as_the_paper(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    keep = source.ledger.keep
    frame = keep(frame, frame["attr.image_type"].str.upper() == "2D", "2D", "are C-view, tomosynthesis or unknown")
    if (frame["exam"] == "").all():
        raise CohortError("EMBED: the clinical table has no column 'desc', which tells screening from diagnostic")
    screening = frame["exam"].str.contains("screen", case=False)
    frame = keep(frame, screening, "screening", "are of a diagnostic examination")
    frame = keep(frame, frame["race"].isin(["Black", "White"]), "Black or White", "are of another race, or none")
    if "attr.ethnicity" not in frame:
        return frame
    hispanic = frame["attr.ethnicity"].map(coarse_race) == "Hispanic"
    return keep(frame, ~hispanic, "not Hispanic or Latino", "are Hispanic or Latino")


EMBED = Dataset(
    name="embed",
    title="EMBED",
    summary="EMBED: mammograms with race, density, assessment and pathology (Atlanta)",
    apply="apply at https://github.com/Emory-HITI/EMBED_Open_Data for the open data bucket",
    files="tables/EMBED_OpenData_metadata.csv and _clinical.csv (or _reduced), images/cohort_1 …",
    build=_build,
    constructions=(PUBLISHED, ALL),
    published_groups={"race": ("Black", "White")},
    shares=(0.6, 0.2, 0.2),  # Reading Race, Table 1
    terms="the licence of EMBED forbids passing on the images and publishing weights trained on them",
)
