"""Adapter `chexpert`: CheXpert of Stanford (Irvin et al. 2019) with the demographics released by Stanford AIMI.

`published` is the cohort of Reading Race (Gichoya et al. 2022), section "Datasets": the training table joined with the
demographics, one of Asian, Black or White, not Hispanic, frontal and taken AP or PA. `all` is every image with the
official split: train.csv, valid.csv and, where its labels are there, the test set of 500 studies that eight
radiologists read (github.com/rajpurkarlab/cheXpert-test-set-labels).

The same tables come with different path prefixes (CheXpert-v1.0, CheXpert-v1.0-small) and, from the AIMI portal, with
two columns renamed and the training images in several "batch" folders; all are read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from engine.cohorts.adapters.ledger import Printed
from engine.cohorts.adapters.published import ALL, PUBLISHED, Dataset, Source
from engine.cohorts.adapters.tables import Names
from engine.cohorts.adapters.vocabulary import (
    CHEXPERT_FINDINGS,
    RACES,
    ages,
    coarse_race,
    labels_of,
    one_word_each,
    sexes,
    views,
)
from engine.errors import CohortError

_COLUMNS: dict[str, Names] = {
    "path": "Path",
    "sex": "Sex",
    "age": "Age",
    "plane": ("Frontal/Lateral", "FrontalLateral"),
    "position": ("AP/PA", "Position"),
}
_DEMOGRAPHICS = {"patient": "PATIENT", "race": "PRIMARY_RACE", "ethnicity": "ETHNICITY"}
_NOT_HISPANIC = ("Non-Hispanic/Non-Latino", "Not Hispanic")
_PLACE = re.compile(r"(?:^|/)((?:train|valid|test)/(patient\d+)/(study\d+)(?:/([^/]+))?)/?$")
_BATCHES = {"train": "batch * (train *", "valid": "batch * (valid*", "test": "batch * (test*"}
# The split that Emory-HITI/AI-Vengers publishes for 127,118 images; `index` is the row of train.csv, counted from 0.
_PAPER_SPLIT = "chexpert_split_2021_08_20.csv"
_SPLITS = {"train": "train", "validate": "val", "valid": "val", "val": "val", "test": "test"}
_PAPER_PATIENTS = (25_730, 4_288, 12_866)  # train, val, test of Reading Race, 42,884 in all


def _build(source: Source) -> pd.DataFrame:
    train = source.one("train.csv")
    frame = _images(source, train, "train")
    frame["row"] = range(len(frame))
    source.ledger.count(frame, "train.csv", Printed(images=223_414) if source.published else Printed())
    if source.published:
        return _as_the_paper(source, _with_demographics(source, frame, needed=True))
    parts = [frame, *_official_parts(source, train.parent)]
    frame = _with_demographics(source, pd.concat(parts, ignore_index=True), needed=False)
    source.split = "official: train.csv is train, valid.csv is val, the radiologists' studies are test"
    frame["race"] = [coarse_race(word) for word in frame["race"]]
    return frame.drop(columns=["row", "plane", "ethnicity"])


def _as_the_paper(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    """The steps of Reading Race in the order of its text, each counted."""
    keep = source.ledger.keep
    frame = keep(frame, frame["ethnicity"].notna(), "patient is in the demographics", "have no demographics")
    frame["race"] = [_race(word) for word in frame["race"]]
    frame = keep(frame, frame["race"] != "", "Asian, Black or White", "have another race, or none was recorded")
    kept = frame["ethnicity"].isin(_NOT_HISPANIC)
    frame = keep(frame, kept, "not Hispanic or Latino", "are Hispanic, or no ethnicity was recorded")
    frame = keep(frame, frame["plane"] == "Frontal", "frontal", "are lateral", Printed(images=127_130))
    kept = frame["view"].isin(["AP", "PA"])
    printed = Printed(images=127_118, patients=42_884)
    frame = keep(frame, kept, "AP or PA", "are frontal and neither AP nor PA", printed)
    return _with_paper_split(source, frame.drop(columns=["split", "plane", "ethnicity"]))


def _with_paper_split(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    """The authors' own split where its file is there; else `Dataset` splits by patient in the paper's shares."""
    found = source.find(_PAPER_SPLIT)
    if not found:
        return frame.drop(columns="row")
    table = source.table(found[0], {"row": "index", "split": "split"})
    if odd := sorted(set(table["split"]) - set(_SPLITS)):
        raise CohortError(f"CheXpert: the column split of {found[0].name} holds '{odd[0]}'")
    splits = table.set_index("row")["split"].map(_SPLITS)
    frame["split"] = frame["row"].astype(str).map(splits)
    source.split = f"the authors' own: {found[0].name}"
    reason = "are not in the authors' split"
    return source.ledger.keep(frame, frame["split"].notna(), "in the authors' split", reason).drop(columns="row")


def _race(text: str) -> str:
    """Reading Race: the last of Black, White, Asian that stands in PRIMARY_RACE; "" for none."""
    found = [race for race in ("Black", "White", "Asian") if race in text]
    return found[-1] if found else ""


def _images(source: Source, path: Path, split: str) -> pd.DataFrame:
    """The rows of train.csv or valid.csv."""
    table = source.table(path, {**_COLUMNS, **CHEXPERT_FINDINGS})
    frame = _named(path.name, table["path"])
    frame["path"] = _on_disk(source, path.parent, frame["path"])
    frame["modality"], frame["body_part"], frame["split"] = "DX", "CHEST", split
    frame["sex"], frame["age_years"] = sexes(table["sex"]), ages(table["age"])
    frame["plane"] = table["plane"]
    frame["view"] = views(table["position"]).where(table["plane"] != "Lateral", "LATERAL")
    return pd.concat([frame, _labels(table)], axis=1)


def _named(table: str, paths: pd.Series) -> pd.DataFrame:
    """Ids and the path from "train/" on, whatever stands before it."""
    parts = paths.str.extract(_PLACE)
    if (odd := parts[0].isna()).any():
        raise CohortError(f"{table} holds the path '{paths[odd].iloc[0]}', which has no train/, valid/ or test/ in it")
    study = parts[1] + "-" + parts[2]
    image = study + "-" + parts[3].fillna("").str.replace(r"\.\w+$", "", regex=True)
    return pd.DataFrame({"image_id": image, "patient_id": parts[1], "study_id": study, "path": parts[0]})


def _labels(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({f"label.{name}": labels_of(table[name], word) for name, word in CHEXPERT_FINDINGS.items()})


def _on_disk(source: Source, folder: Path, paths: pd.Series) -> pd.Series:
    """Paths relative to the source: beside the table, or in the "batch" folders of the AIMI portal."""
    split = paths.iloc[0].split("/")[0]
    place = source.relative(folder)
    prefix = "" if place == "." else f"{place}/"
    batches = sorted(folder.glob(f"*{_BATCHES[split]}"))
    if (folder / split).is_dir() or not batches:
        return prefix + paths
    home = {patient.name: batch.name for batch in batches for patient in batch.iterdir()}
    rest = paths.str.removeprefix(f"{split}/")
    return prefix + rest.str.split("/").str[0].map(home).fillna(split) + "/" + rest


def _with_demographics(source: Source, frame: pd.DataFrame, *, needed: bool) -> pd.DataFrame:
    """`race` and `ethnicity` as written in the demographics, missing where the patient is not in them."""
    path = source.demographics("CHEXPERT DEMO*.xlsx", "CHEXPERT DEMO*.csv", "*chexpert*demo*")
    if path is None:
        if needed:
            raise CohortError(
                "CheXpert: the cohort of Reading Race needs the demographics, CHEXPERT DEMO.xlsx, and they are neither "
                "in the source nor given with --demographics; apply for them at "
                "https://aimi.stanford.edu/shared-datasets, or import every image without race: --construction all"
            )
        return frame.assign(race="", ethnicity="")
    table = source.table(path, _DEMOGRAPHICS, {"sex": "GENDER", "age": "AGE_AT_CXR"})
    for column in ("race", "ethnicity"):
        words, twice = one_word_each(table["patient"], table[column])
        source.ledger.note("join demographics", f"patients have more than one {column}", len(twice), tuple(twice))
        frame[column] = frame["patient_id"].map(words)
    frame["race"] = frame["race"].fillna("")
    return _filled(frame, table)


def _filled(frame: pd.DataFrame, demographics: pd.DataFrame) -> pd.DataFrame:
    """Sex where the image's own table has none, and age for the test set, which has one study a patient.

    An age of 0 in train.csv stays missing: the demographics tell the age at one of the patient's films, not which.
    """
    people = demographics.drop_duplicates("patient").set_index("patient")
    if "sex" in people:
        told = frame["patient_id"].map(sexes(people["sex"])).fillna("")
        frame["sex"] = frame["sex"].where(frame["sex"] != "", told)
    if "age" in people:
        told = frame["patient_id"].map(ages(people["age"])).where(frame["split"] == "test")
        frame["age_years"] = frame["age_years"].astype("Float64").fillna(told)
    return frame


def _official_parts(source: Source, folder: Path) -> Iterator[pd.DataFrame]:
    """The validation set, and the test set where its labels are there."""
    if valid := source.find("valid.csv"):
        frame = _images(source, valid[0], "val")
        source.ledger.count(frame, "valid.csv")
        yield frame
    if truth := source.find("groundtruth.csv"):
        frame = _test_images(source, folder, truth[0])
        source.ledger.count(frame, "test set: images of the studies of groundtruth.csv")
        yield frame


def _test_images(source: Source, folder: Path, truth: Path) -> pd.DataFrame:
    """One row an image of the test studies, with the majority of five radiologists as label.

    Every reading of the eight radiologists is kept as `attr.<reader>.<finding>`. Columns are joined by name: the order
    of Lung Lesion and Lung Opacity differs between these files.
    """
    labels = _studies(source, truth)
    for reader, path in _radiologists(source).items():
        readings = _studies(source, path).add_prefix(f"attr.{reader}.")
        labels = labels.join(readings.rename(columns=lambda name: name.replace("label.", "")))
    listed = [
        f"test/{study}/{file.name}"
        for study in (place.replace("-", "/") for place in labels.index)
        for file in sorted((folder / "test" / study).glob("*.[jp][pn]g"))
    ]
    if not listed:
        raise CohortError(
            f"CheXpert: {truth.name} is there, but no image of its {len(labels)} studies is below {folder / 'test'}; "
            "add the test images, or take the file away"
        )
    frame = _named("the test folder", pd.Series(listed))
    frame["path"] = _on_disk(source, folder, frame["path"])
    frame["modality"], frame["body_part"], frame["split"], frame["sex"] = "DX", "CHEST", "test", ""
    lateral = frame["path"].str.contains("lateral")
    frame["plane"] = lateral.map({True: "Lateral", False: "Frontal"})
    frame["view"] = lateral.map({True: "LATERAL", False: ""})
    return frame.join(labels, on="study_id")


def _studies(source: Source, path: Path) -> pd.DataFrame:
    """The fourteen labels of a file with one row a study, by "patient64741-study1"."""
    table = source.table(path, {"study": "Study", **CHEXPERT_FINDINGS})
    return _labels(table).set_index(_named(path.name, table["study"])["study_id"].rename(None))


def _radiologists(source: Source) -> dict[str, Path]:
    """Reader ("bc4") → their file; the five of the ground truth are "bc1_gt" …"""
    return {path.stem.removesuffix("_gt"): path for path in source.find("bc?.csv") + source.find("bc?_gt.csv")}


CHEXPERT = Dataset(
    name="chexpert",
    title="CheXpert",
    summary="CheXpert with its demographics: 14 findings, race, sex, age (Stanford)",
    apply="apply for CheXpert and its demographics at https://aimi.stanford.edu/shared-datasets",
    files="train.csv, valid.csv, train/, valid/; CHEXPERT DEMO.xlsx; groundtruth.csv and radiologists/ of the test set",
    build=_build,
    constructions=(PUBLISHED, ALL),
    takes_demographics=True,
    groups={"sex": ("F", "M")},
    published_groups={"race": RACES, "view": ("AP", "PA")},
    shares=tuple(count / sum(_PAPER_PATIENTS) for count in _PAPER_PATIENTS),  # type: ignore[arg-type]
)
