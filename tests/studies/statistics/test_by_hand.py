"""Every figure of `agreement.csv` and `prevalence.csv` again, reading by reading in plain loops, from the formulas.

Nothing of the package is used but its tables and, for the bootstrap, its draws. The readings are random: two arms,
strata, several cases a patient, hidden repeats, missing, uncertain and not assessable answers, and a nominal item.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

from engine.metrics.resampling import patient_weights
from studies.statistics.agreement import agreement_table
from studies.statistics.prevalence import prevalence_table
from studies.statistics.ratings import Ratings, read_long

ITEMS = {"a": "treatment", "b": "treatment", "c": "physiology", "rare": "", "colour": ""}
COLOURS = ("blue", "green", "red")
CONFOUNDERS = {"s1": ["a", "c"], "s2": ["b"]}
READERS = ("r1", "r2", "r3", "r10")
REDRAWS, SEED = 60, 3

Subject = tuple[str, str]  # case, arm
Answers = dict[Subject, dict[str, str]]  # subject → reader → answer, "" = missing
Values = dict[Subject, dict[str, object]]  # … → value, None = not valid


def _frame(seed: int) -> pd.DataFrame:
    dice = np.random.default_rng(seed)
    rows = []
    cases = [(f"c{p}_{k}", f"p{p}", f"s{1 + p % 2}") for p in range(9) for k in range(dice.integers(1, 4))]
    for number, (case, patient, stratum) in enumerate(cases):
        truth = dice.random(len(ITEMS)) < 0.4
        for reader in READERS:
            for arm in ("unaided", "aided"):
                if dice.random() < (0.5 if arm == "aided" else 0.06):
                    continue
                for repeat in range(1 + (arm == "unaided" and dice.random() < 0.15)):
                    for (item, group), planted in zip(ITEMS.items(), truth):
                        value = _answer(item, bool(planted), number, dice)
                        rows.append((case, patient, stratum, arm, reader, repeat, item, group, value))
    columns = ["case_id", "patient_id", "stratum", "arm", "reader_id", "repeat", "item", "item_group", "value"]
    return pd.DataFrame(rows, columns=columns)


def _answer(item: str, planted: bool, number: int, dice: np.random.Generator) -> str:
    odd = dice.random()
    for limit, word in ((0.05, "uncertain"), (0.09, "not assessable"), (0.13, "")):
        if odd < limit:
            return word
    if item == "colour":
        return COLOURS[number % 3] if dice.random() < 0.6 else str(dice.choice(COLOURS))
    if item == "rare":
        return "present" if dice.random() < 0.015 else "absent"
    return "present" if planted ^ (dice.random() < 0.15) else "absent"


@pytest.fixture(scope="module", params=[1, 2])
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Ratings]:
    frame = _frame(request.param)
    path: Path = tmp_path_factory.mktemp("hand") / "readings.csv"
    frame.sample(frac=1, random_state=1).to_csv(path, index=False)
    return frame[frame["repeat"] == 0], read_long(path)


def _part(frame: pd.DataFrame, row: dict) -> pd.DataFrame:
    for column in ("stratum", "arm"):
        if row[column] != "all":
            frame = frame[frame[column] == row[column]]
    return frame


def _asked(frame: pd.DataFrame, row: dict) -> tuple[Values, Answers]:
    """The values that a line counts, and the answers behind them."""
    values: Values = defaultdict(dict)
    answers: Answers = defaultdict(dict)
    members = _members(row)
    for (case, arm, reader), some in frame[frame["item"].isin(members)].groupby(["case_id", "arm", "reader_id"]):
        given = dict(zip(some["item"], some["value"]))
        subject = (str(case), str(arm))
        if row["item"].startswith("any:"):
            each = [_value(answer, row["uncertain_as"]) for answer in given.values()]
            values[subject][str(reader)] = 1 if 1 in each else 0 if each == [0] * len(members) else None
            answers[subject][str(reader)] = _behind(list(given.values()))
            continue
        (answer,) = given.values()
        answers[subject][str(reader)] = answer
        if row["item"] == "colour":
            known = answer if answer in COLOURS else None
            values[subject][str(reader)] = int(known == row["category"]) if known and row["category"] else known
        else:
            values[subject][str(reader)] = _value(answer, row["uncertain_as"])
    return values, answers


def _members(row: dict) -> list[str]:
    if not row["item"].startswith("any:"):
        return [row["item"]]
    group = row["item"].removeprefix("any:").split(" ")[0]
    allowed = ITEMS if "(all items)" in row["item"] else CONFOUNDERS[row["stratum"]]
    return [item for item in allowed if ITEMS[item] == group]


def _value(answer: str, uncertain_as: str) -> int | None:
    return {"present": 1, "absent": 0}.get(uncertain_as if answer == "uncertain" else answer)


def _behind(given: list[str]) -> str:
    if "present" in given or set(given) == {"absent"}:
        return "answered"
    return next((word for word in ("uncertain", "not assessable") if word in given), "")


def _valid(values: Values) -> dict[Subject, list]:
    return {subject: [v for v in of.values() if v is not None] for subject, of in values.items()}


def _share_agreeing(given: list) -> float:
    return sum(x == y for x, y in permutations(given, 2)) / (len(given) * (len(given) - 1))


def _coefficients(subjects: list[list], categories: tuple) -> dict[str, float]:
    rated, paired = [s for s in subjects if s], [s for s in subjects if len(s) > 1]
    if not paired:
        return dict.fromkeys(("fleiss_kappa", "krippendorff_alpha"), math.nan)
    q, observed = len(categories), float(np.mean([_share_agreeing(s) for s in paired]))
    pi = [float(np.mean([s.count(k) / len(s) for s in rated])) for k in categories]
    chance, ac1_chance = sum(p * p for p in pi), sum(p * (1 - p) for p in pi) / (q - 1)
    coincidences = np.zeros((q, q))
    for s in paired:
        for x, y in permutations(s, 2):
            coincidences[categories.index(x), categories.index(y)] += 1 / (len(s) - 1)
    n, marginals = coincidences.sum(), coincidences.sum(axis=0)
    expected = 1 - (marginals * (marginals - 1)).sum() / (n * (n - 1))
    return {
        "observed_agreement": observed,
        "fleiss_kappa": (observed - chance) / (1 - chance) if len({x for s in rated for x in s}) > 1 else math.nan,
        "ac1": (observed - ac1_chance) / (1 - ac1_chance),
        "pabak": (observed - 1 / q) / (1 - 1 / q),
        "krippendorff_alpha": 1 - (1 - np.trace(coincidences) / n) / expected if expected > 1e-12 else math.nan,
    }


def _gwet(values: Values, patient: dict[str, str], categories: tuple, found: dict[str, float], kappa: bool) -> tuple:
    """Standard error and limits: Gwet 2014, eq. 5.18 (and its AC1 counterpart), summed by patient."""
    valid = {subject: s for subject, s in _valid(values).items() if s}
    n, n_paired = len(valid), sum(len(s) > 1 for s in valid.values())
    pi = [float(np.mean([s.count(k) / len(s) for s in valid.values()])) for k in categories]
    weight = [p if kappa else (1 - p) / (len(categories) - 1) for p in pi]
    chance = sum(p * w for p, w in zip(pi, weight))
    value = found["fleiss_kappa" if kappa else "ac1"]
    sums: defaultdict[str, float] = defaultdict(float)
    for (case, _), s in valid.items():
        own = n / n_paired * (_share_agreeing(s) - chance) / (1 - chance) if len(s) > 1 else 0.0
        expected = sum(w * s.count(k) / len(s) for k, w in zip(categories, weight))
        sums[patient[case]] += (own - 2 * (1 - value) * (expected - chance) / (1 - chance) - value) / n
    se = math.sqrt(len(sums) / (len(sums) - 1) * sum(d * d for d in sums.values()))
    half = float(student.ppf(0.975, len(sums) - 1)) * se
    return se, max(value - half, -1.0), min(value + half, 1.0)


def _specific(subjects: list[list], category: int) -> float:
    pairs = [x == y for s in subjects for x, y in permutations(s, 2) if category == x]
    return float(np.mean(pairs)) if pairs else math.nan


def test_agreement(read: tuple[pd.DataFrame, Ratings]) -> None:
    frame, ratings = read
    patient = dict(zip(frame["case_id"], frame["patient_id"]))
    table = agreement_table(ratings, redraws=REDRAWS, seed=SEED, confounders=CONFOUNDERS)
    assert len(table) == 225
    for row in table.to_dict("records"):
        values, answers = _asked(_part(frame, row), row)
        categories = COLOURS if row["item"] == "colour" and not row["category"] else (0, 1)
        valid = _valid(values)
        readings = [v for s in valid.values() for v in s]
        given = [answer for of in answers.values() for answer in of.values()]
        found = _coefficients(list(valid.values()), categories)
        expected: dict[str, float] = {
            **found,
            "n_cases": len({case for (case, _), s in valid.items() if s}),
            "n_patients": len({patient[case] for (case, _), s in valid.items() if s}),
            "n_readers": len({reader for of in values.values() for reader, v in of.items() if v is not None}),
            "n_readings": len(readings),
            "n_missing": given.count(""),
            "n_uncertain": given.count("uncertain"),
            "n_not_assessable": given.count("not assessable"),
        }
        if len(categories) == 2:
            expected["prevalence"] = readings.count(1) / len(readings)
            expected["positive_agreement"] = _specific(list(valid.values()), 1)
            expected["negative_agreement"] = _specific(list(valid.values()), 0)
        if not math.isnan(found["fleiss_kappa"]):
            names = ("fleiss_kappa_se", "fleiss_kappa_low", "fleiss_kappa_high")
            expected |= dict(zip(names, _gwet(values, patient, categories, found, kappa=True)))
            _, expected["ac1_low"], expected["ac1_high"] = _gwet(values, patient, categories, found, kappa=False)
        assert {name: row[name] for name in expected} == pytest.approx(expected, abs=1e-9, nan_ok=True), row


def _redraws(patients: list[str]) -> Iterator[list[str]]:
    for weights in patient_weights(len(patients), REDRAWS, SEED):
        for drawn in weights:
            yield [name for name, times in zip(patients, drawn) for _ in range(int(times))]


def _natural(patients: set[str]) -> list[str]:
    return sorted(patients, key=lambda name: int(name[1:]))


def test_bootstrap_of_kappa_and_alpha(read: tuple[pd.DataFrame, Ratings]) -> None:
    frame, ratings = read
    patient = dict(zip(frame["case_id"], frame["patient_id"]))
    table = agreement_table(ratings, redraws=REDRAWS, seed=SEED, confounders=CONFOUNDERS)
    for row in [
        *table.sample(5, random_state=2).to_dict("records"),
        *table[table["item"] == "rare"].head(4).to_dict("records"),
    ]:
        part = _part(frame, row)
        categories = COLOURS if row["item"] == "colour" and not row["category"] else (0, 1)
        by_patient: defaultdict[str, list[list]] = defaultdict(list)
        for (case, _), s in _valid(_asked(part, row)[0]).items():
            by_patient[patient[case]].append(s)
        drawn = [
            _coefficients([s for name in names for s in by_patient[name]], categories)
            for names in _redraws(_natural(set(part["patient_id"])))
        ]
        kappas = np.array([found["fleiss_kappa"] for found in drawn])
        undefined = int(np.isnan(kappas).sum())
        assert row["n_undefined_redraws"] == undefined
        if undefined > 0.05 * REDRAWS:
            assert math.isnan(row["fleiss_kappa_boot_low"])
            assert "withheld" in row["status"] or "not estimable" in row["status"]
            continue
        limits = (row["fleiss_kappa_boot_low"], row["fleiss_kappa_boot_high"])
        assert limits == pytest.approx(tuple(np.nanpercentile(kappas, [2.5, 97.5])))
        alphas = np.array([found["krippendorff_alpha"] for found in drawn])
        if np.isnan(alphas).sum() > 0.05 * REDRAWS:
            assert math.isnan(row["alpha_low"]) and f"alpha undefined in {np.isnan(alphas).sum()}" in row["status"]
        else:
            limits = (row["alpha_low"], row["alpha_high"])
            assert limits == pytest.approx(tuple(np.nanpercentile(alphas, [2.5, 97.5])))


def test_prevalence(read: tuple[pd.DataFrame, Ratings]) -> None:
    frame, ratings = read
    patient = dict(zip(frame["case_id"], frame["patient_id"]))
    table = prevalence_table(ratings, redraws=REDRAWS, seed=SEED, confounders=CONFOUNDERS)
    lines: dict[tuple[str, ...], tuple[Values, Answers]] = {}
    for row in table.to_dict("records"):
        item, _, category = row["item"].partition(" = ")
        line = (row["item"], row["stratum"], row["arm"], row["uncertain_as"])
        if line not in lines:
            lines[line] = _asked(_part(frame, row), row | {"item": item, "category": category})
        values, answers = lines[line]
        who, not_assessable, tied = row["reader_id"], 0, 0
        counted: list[tuple[int, str]] = []
        for (case, arm), of in values.items():
            behind, valid = answers[case, arm], [int(str(v)) for v in of.values() if v is not None]
            if who in READERS:
                counted += [(int(str(of[who])), patient[case])] if of.get(who) is not None else []
                not_assessable += behind.get(who) == "not assessable"
            elif who == "all":
                counted += [(v, patient[case]) for v in valid]
                not_assessable += list(behind.values()).count("not assessable")
            elif valid:
                present = 2 * sum(valid) > len(valid) if who == "majority" else sum(valid) > 0
                counted.append((int(present), patient[case]))
                tied += who == "majority" and 2 * sum(valid) == len(valid)
            else:
                not_assessable += "not assessable" in behind.values()
        n, present = len(counted), sum(v for v, _ in counted)
        found = tuple(row[name] for name in ("n", "present", "n_not_assessable", "n_tied"))
        assert found == (n, present, not_assessable, tied), row
        if n:
            assert row["prevalence"] == pytest.approx(present / n)
        if n and who != "all":
            assert (row["low"], row["high"]) == pytest.approx(_wilson(counted), abs=1e-9), row


def _wilson(counted: list[tuple[int, str]]) -> tuple[float, float]:
    n, share, sums = len(counted), float(np.mean([v for v, _ in counted])), defaultdict(float)
    for value, name in counted:
        sums[name] += value - share
    groups = len(sums)
    effect = 1.0
    if groups < n:
        effect = n / groups
        if 0 < share < 1 and groups > 1:
            variance = groups / (groups - 1) * sum(d * d for d in sums.values()) / n**2
            effect = max(1.0, variance / (share * (1 - share) / n))
    low, high = proportion_confint(share * n / effect, n / effect, method="wilson")
    return float(low), float(high)


def test_bootstrap_of_the_pooled_prevalence(read: tuple[pd.DataFrame, Ratings]) -> None:
    frame, ratings = read
    patient = dict(zip(frame["case_id"], frame["patient_id"]))
    table = prevalence_table(ratings, redraws=REDRAWS, seed=SEED, confounders=CONFOUNDERS)
    for row in table[table["reader_id"] == "all"].sample(9, random_state=1).to_dict("records"):
        item, _, category = row["item"].partition(" = ")
        part = _part(frame, row)
        by_patient: defaultdict[str, list[int]] = defaultdict(list)
        for (case, _), s in _valid(_asked(part, row | {"item": item, "category": category})[0]).items():
            by_patient[patient[case]] += s
        if 0 < row["present"] < row["n"]:
            names_drawn = _redraws(_natural(set(part["patient_id"])))
            shares = [np.mean([v for name in names for v in by_patient[name]]) for names in names_drawn]
            assert [row["low"], row["high"]] == pytest.approx(list(np.percentile(shares, [2.5, 97.5])))
