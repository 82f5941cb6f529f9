"""Do 95 % intervals hold the truth in 95 % of studies? 1,000 fixed-seed replicates, each an item of one table.

Readers are independent given the case, with sensitivity s and specificity c, so that the true kappa is
p(1 − p)(s + c − 1)² / (q(1 − q)), q = ps + (1 − p)(1 − c); or they share the difficulty of the case, a normal deviate
that shifts the probit of a positive answer. Settings and expected coverage are those of a simulation made before this
code (500–600 replicates each); there the null standard error covered 39 to 93 %.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from engine.metrics.proportions import wilson_interval
from studies.statistics.agreement import agreement_table
from studies.statistics.answers import PRESENCE, RatedItem
from studies.statistics.prevalence import prevalence_table
from studies.statistics.ratings import Ratings, Repeats

REPLICATES = 1000


@dataclass(frozen=True)
class Setting:
    cases: int
    readers: int
    prevalence: float
    sensitivity: float
    specificity: float
    gwet: float  # expected coverage
    bootstrap: float
    difficulty: float = 0.0  # standard deviation of the shared shift, probits

    def chance(self, truth: np.ndarray, shift: np.ndarray) -> np.ndarray:
        """Chance of a positive answer to a case."""
        return norm.cdf(norm.ppf(np.where(truth, self.sensitivity, 1 - self.specificity)) + shift)

    @property
    def _chances(self) -> tuple[np.ndarray, np.ndarray]:
        """Chances over a fine grid of shifts, and their weights."""
        shift = self.difficulty * norm.ppf((np.arange(2000) + 0.5) / 2000)
        chances = np.stack([self.chance(np.array(truth), shift) for truth in (True, False)])
        return chances, np.array([[self.prevalence], [1 - self.prevalence]]) / 2000

    @property
    def positive(self) -> float:
        chances, weights = self._chances
        return float((weights * chances).sum())

    @property
    def kappa(self) -> float:
        """Variance of the chance of a positive answer over cases, as a share of what it could be."""
        (chances, weights), q = self._chances, self.positive
        return float(((weights * chances**2).sum() - q**2) / (q * (1 - q)))


def ratings_of(answers: np.ndarray, patients: np.ndarray) -> Ratings:
    """A table from answers (n_cases, n_readers, n_items), 0 or 1, and the patient of each case."""
    n_cases, n_readers, n_items = answers.shape
    none = np.array([], dtype=np.intp)
    return Ratings(
        codes=answers[None].astype(np.int8),
        case_ids=tuple(f"c{case}" for case in range(n_cases)),
        reader_ids=tuple(f"r{reader}" for reader in range(n_readers)),
        items=tuple(RatedItem(f"i{item}", "", "binary", PRESENCE) for item in range(n_items)),
        arms=("",),
        patient_ids=tuple(f"p{patient}" for patient in range(int(patients.max()) + 1)),
        patient_of=patients,
        strata=(),
        stratum_of=np.full(n_cases, -1),
        repeats=Repeats(none, none, none, none, none, none.astype(np.int8)),
    )


def simulate(setting: Setting, seed: int, images: int = 1) -> Ratings:
    """Every item an independent replicate. With `images` > 1 a patient's images share their truth."""
    generator = np.random.default_rng(seed)
    patients = np.repeat(np.arange(setting.cases // images), images)
    truth = (generator.random((setting.cases // images, REPLICATES)) < setting.prevalence)[patients]
    share = setting.chance(truth, setting.difficulty * generator.standard_normal(truth.shape))
    answers = generator.random((len(patients), setting.readers, REPLICATES)) < share[:, None, :]
    return ratings_of(answers, patients)


def covered(table: pd.DataFrame, name: str, truth: float) -> float:
    """Share of the intervals that hold the truth; where there is none, it is a miss."""
    return float(table[f"{name}_low"].le(truth).mul(table[f"{name}_high"].ge(truth)).mean())


COMMON = Setting(200, 3, 0.30, 0.85, 0.95, gwet=0.952, bootstrap=0.950)
RARE = [
    Setting(200, 3, 0.05, 0.85, 0.98, gwet=0.912, bootstrap=0.928),
    Setting(500, 3, 0.02, 0.85, 0.99, gwet=0.933, bootstrap=0.933),
    Setting(100, 5, 0.10, 0.80, 0.97, gwet=0.925, bootstrap=0.927),
    Setting(150, 3, 0.05, 0.85, 0.98, gwet=0.922, bootstrap=0.918, difficulty=0.5),
    Setting(300, 4, 0.03, 0.85, 0.98, gwet=0.944, bootstrap=0.944, difficulty=0.5),
]


def test_kappa_in_a_common_setting() -> None:
    table = agreement_table(simulate(COMMON, seed=1), redraws=1000)
    assert 0.93 <= covered(table, "fleiss_kappa", COMMON.kappa) <= 0.97
    assert 0.93 <= covered(table, "fleiss_kappa_boot", COMMON.kappa) <= 0.97
    assert 0.93 <= covered(table, "alpha", COMMON.kappa) <= 0.97
    ac1_chance = 2 * COMMON.positive * (1 - COMMON.positive)
    ac1 = 1 - (1 - COMMON.kappa) * ac1_chance / (1 - ac1_chance)  # 1 − pa is (1 − kappa)·2q(1 − q) in both
    assert 0.93 <= covered(table, "ac1", ac1) <= 0.97


def test_true_kappas_are_those_of_the_settings() -> None:
    found = [setting.kappa for setting in (RARE[0], RARE[1], RARE[2], COMMON, RARE[3], RARE[4])]
    assert found == pytest.approx([0.567, 0.532, 0.559, 0.654, 0.474, 0.375], abs=0.006)


@pytest.mark.parametrize("setting", RARE, ids=lambda s: f"{s.cases} cases, {s.readers} readers, {s.prevalence:.0%}")
def test_kappa_in_a_rare_setting(setting: Setting) -> None:
    table = agreement_table(simulate(setting, seed=2), redraws=1000)
    assert covered(table, "fleiss_kappa", setting.kappa) == pytest.approx(setting.gwet, abs=0.03)
    assert covered(table, "fleiss_kappa_boot", setting.kappa) == pytest.approx(setting.bootstrap, abs=0.03)


def test_kappa_where_patients_have_several_images() -> None:
    """Two images a patient with one truth: by patient the interval covers, by image it does not."""
    setting = Setting(600, 3, 0.30, 0.80, 0.90, gwet=0.95, bootstrap=0.95)
    ratings = simulate(setting, seed=3, images=3)
    table = agreement_table(ratings, redraws=1000)
    assert 0.93 <= covered(table, "fleiss_kappa", setting.kappa) <= 0.97
    assert 0.93 <= covered(table, "fleiss_kappa_boot", setting.kappa) <= 0.97


def test_prevalence_where_patients_have_several_images() -> None:
    """Wilson by design effect for one reader, the patient bootstrap for all readings; plain Wilson would not do."""
    setting = Setting(600, 3, 0.25, 0.90, 0.95, gwet=0.95, bootstrap=0.95)
    ratings = simulate(setting, seed=4, images=3)
    table = prevalence_table(ratings, redraws=1000)
    one, pooled = table[table["reader_id"] == "r0"], table[table["reader_id"] == "all"]
    assert 0.93 <= _holds(one, setting.positive) <= 0.97
    assert 0.93 <= _holds(pooled, setting.positive) <= 0.97
    plain = [wilson_interval(ratings.codes[0, :, 0, item], np.arange(600)) for item in range(REPLICATES)]
    assert _holds(pd.DataFrame(plain, columns=["low", "high"]), setting.positive) < 0.88


def _holds(table: pd.DataFrame, truth: float) -> float:
    return float(((table["low"] <= truth) & (table["high"] >= truth)).mean())


@pytest.mark.full
@pytest.mark.parametrize("setting", [COMMON, *RARE], ids=lambda s: f"{s.cases}-{s.readers}-{s.prevalence}")
def test_kappa_with_all_redraws(setting: Setting) -> None:
    """The default 2,000 redraws, and five seeds: 5,000 replicates a setting."""
    found = []
    for seed in range(10, 15):
        table = agreement_table(simulate(setting, seed))
        found.append(
            [covered(table, "fleiss_kappa", setting.kappa), covered(table, "fleiss_kappa_boot", setting.kappa)]
        )
    gwet, bootstrap = np.mean(found, axis=0)
    assert gwet == pytest.approx(setting.gwet, abs=0.03)
    assert bootstrap == pytest.approx(setting.bootstrap, abs=0.03)
