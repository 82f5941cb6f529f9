"""Words of published tables to words of a cohort: labels, races, ages, views."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from engine.errors import CohortError
from engine.images.header import parse_age, parse_sex

_CHEXPERT = (  # the fourteen of Irvin et al. 2019, Table 1; MIMIC-CXR-JPG has the same
    "No Finding",
    "Enlarged Cardiomediastinum",
    "Cardiomegaly",
    "Lung Opacity",
    "Lung Lesion",
    "Edema",
    "Consolidation",
    "Pneumonia",
    "Atelectasis",
    "Pneumothorax",
    "Pleural Effusion",
    "Pleural Other",
    "Fracture",
    "Support Devices",
)
RACES = ("Asian", "Black", "White")  # the groups of Reading Race
VIEWS = {"L": "LATERAL", "LL": "LATERAL", "RL": "LATERAL", "LATERAL": "LATERAL", "AP_HORIZONTAL": "AP"}
# What a coarse group is recognised by, the six of the reconstruction paper's Table 2 and Hispanic of MIMIC-IV.
_RACE_PARTS = (
    ("PACIFIC ISLANDER", "NH/PI"),
    ("NATIVE HAWAIIAN", "NH/PI"),
    ("AMERICAN INDIAN", "AI/AN"),
    ("HISPANIC", "Hispanic"),
    ("BLACK", "Black"),
    ("WHITE", "White"),
    ("ASIAN", "Asian"),
)
_NO_ANSWER = re.compile(r"UNKNOWN|UNABLE|DECLINE|REFUSE|NOT REPORTED|UNAVAILABLE|NOT RECORDED", re.IGNORECASE)


def finding_name(word: str) -> str:
    """A finding's column name: "Pleural Thickening" → "pleural_thickening"."""
    return re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_")


CHEXPERT_FINDINGS = {finding_name(word): word for word in _CHEXPERT}  # name of ours → column of theirs


def labels_of(values: pd.Series, column: str) -> pd.Series:
    """(n,) Int8 of 1, 0, −1 (uncertain) and missing, from "1.0", "0.0", "-1.0" and "". CohortError for another word."""
    numbers = pd.to_numeric(values.replace("", pd.NA), errors="coerce")
    odd = values[(values != "") & ~numbers.isin([1, 0, -1])]
    if len(odd):
        raise CohortError(f"the label column '{column}' holds '{odd.iloc[0]}', which is none of 1, 0, -1 or empty")
    return numbers.astype("Int8")


def listed_labels(lists: Sequence[set[str] | None], names: Mapping[str, str]) -> pd.DataFrame:
    """One column a finding from a list of findings an image: 1 listed, 0 not, missing where there is no list (None).

    names: word of the table → name of the finding; words that mean the same finding share a column.
    """
    place = {name: number for number, name in enumerate(dict.fromkeys(names.values()))}
    present = np.zeros((len(lists), len(place)), np.int8)  # (images, findings)
    for row, listed in enumerate(lists):
        for word in (listed or set()) & names.keys():
            present[row, place[names[word]]] = 1
    unknown = pd.Series([listed is None for listed in lists])
    columns = {f"label.{name}": pd.Series(present[:, number]).astype("Int8") for name, number in place.items()}
    return pd.DataFrame({name: column.mask(unknown) for name, column in columns.items()})


def sexes(values: pd.Series) -> pd.Series:
    """(n,) "F", "M" or "" from Female, F, male, M …; anything else is not given."""
    return values.map({word: parse_sex(word) for word in values.unique()})


def ages(values: pd.Series) -> pd.Series:
    """(n,) Float64 years from "62", "058Y", "62.0"; 0 (not filled in) and above 120 are missing."""
    return pd.to_numeric(values.map({word: parse_age(word) for word in values.unique()})).astype("Float64")


def whole_numbers(values: pd.Series) -> pd.Series:
    """(n,) Int64 from "1930", "1930.0"; missing where it is no whole number."""
    numbers = pd.to_numeric(values, errors="coerce")
    return numbers.where(numbers % 1 == 0).astype("Int64")


def views(values: pd.Series) -> pd.Series:
    """(n,) "AP", "PA", "LATERAL" or the table's own word in capitals."""
    return values.str.upper().map(lambda word: VIEWS.get(word, word))


def coarse_race(word: str) -> str:
    """Any published wording to one of Asian, Black, White, Hispanic, AI/AN, NH/PI, Other; "" where none was given.

    The group is looked for anywhere in the text ("WHITE - RUSSIAN", "Native Hawaiian or Other Pacific Islander");
    Hispanic stands only where the text names no other group, and not for "non-Hispanic".
    """
    text = word.upper()
    if not text or _NO_ANSWER.search(text):
        return ""
    plain = text.replace("NON-HISPANIC", "").replace("NOT HISPANIC", "")
    found = [race for part, race in _RACE_PARTS if part in plain]
    others = [race for race in found if race != "Hispanic"]
    return (others or found or ["Other"])[0]


def one_word_each(keys: pd.Series, words: pd.Series) -> tuple[pd.Series, set[str]]:
    """The word of each key over all of its rows, and the keys whose rows say different things.

    keys, words: (n,) text. Returns (words with the key as index, of the consistent keys only; the inconsistent keys).
    """
    distinct = pd.DataFrame({"key": keys, "word": words}).drop_duplicates()
    twice = set(distinct["key"][distinct["key"].duplicated()])
    single = distinct[~distinct["key"].isin(twice)]
    return single.set_index("key")["word"], twice
