"""How wide the interval of Fleiss' kappa will be, before anyone has read: for the coordinator who chooses n.

Assumption (Bloch and Kraemer 1989, Biometrics 45:269, the common-correlation model): with probability kappa all readers
of a case give one and the same answer, "present" with the prevalence as probability; else each answers for themselves
with that probability. Then the expected kappa is that kappa for any number of readers. Under it the variance that
Gwet's linearised formula estimates is worked out exactly, by going through the number of readers who say "present".
One case a patient, no missing answers.
"""

from math import comb, sqrt

from scipy.stats import t


def expected_half_width(cases: int, readers: int, prevalence: float, kappa: float) -> float:
    """Expected half width of the 95 % interval of Fleiss' kappa; ValueError outside the ranges.

    `cases` and `readers` at least 2, `prevalence` within (0, 1), `kappa` within [0, 1). Gwet's interval: t on cases − 1
    degrees of freedom; terms as `studies.statistics.coefficients.fleiss_interval` sums them.
    """
    if cases < 2 or readers < 2 or not 0 < prevalence < 1 or not 0 <= kappa < 1:
        raise ValueError(
            f"no width for {cases} cases, {readers} readers, prevalence {prevalence:g}, kappa {kappa:g}: needs two "
            "cases, two readers, a prevalence between 0 and 1 and a kappa below 1"
        )
    chance = prevalence**2 + (1 - prevalence) ** 2
    spread = 0.0
    for present in range(readers + 1):
        term = _term(present, readers, prevalence, kappa, chance)
        spread += _probability(present, readers, prevalence, kappa) * (term - kappa) ** 2
    return float(t.ppf(0.975, cases - 1) * sqrt(spread / cases))


def _term(present: int, readers: int, prevalence: float, kappa: float, chance: float) -> float:
    """kappa*_i = kappa_i − 2(1 − kappa)(pe_i − pe)/(1 − pe), of a case that so many readers call present (Gwet)."""
    absent = readers - present
    agreement = (present * (present - 1) + absent * (absent - 1)) / (readers * (readers - 1))
    own_chance = (prevalence * present + (1 - prevalence) * absent) / readers
    return (agreement - chance) / (1 - chance) - 2 * (1 - kappa) * (own_chance - chance) / (1 - chance)


def _probability(present: int, readers: int, prevalence: float, kappa: float) -> float:
    together = prevalence * (present == readers) + (1 - prevalence) * (present == 0)
    apart = comb(readers, present) * prevalence**present * (1 - prevalence) ** (readers - present)
    return kappa * together + (1 - kappa) * apart


def chance_of_no_kappa(cases: int, readers: int, prevalence: float, kappa: float) -> float:
    """Probability that every reading is the same answer, so that kappa cannot be estimated at all."""
    negative = _probability(0, readers, prevalence, kappa) ** cases
    return float(negative + _probability(readers, readers, prevalence, kappa) ** cases)
