"""Agreement statistics at full size: 10,000 cases × 10 readers × 50 items, 2,000 redraws of patients."""

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from statsmodels.stats.inter_rater import fleiss_kappa

from engine.metrics.resampling import patient_weights, redrawn_sums
from studies.statistics.agreement import agreement_table
from studies.statistics.answers import PRESENCE, RatedItem
from studies.statistics.coefficients import coefficients, count_categories, linear_terms
from studies.statistics.prevalence import prevalence_table
from studies.statistics.ratings import Ratings, Repeats
from tests.benchmarks.figure import Figure

CASES, READERS, ITEMS, REDRAWS = 10_000, 10, 50, 2_000
TURNS = 5
PEER_REDRAWS = 40  # of one item; the whole loop would take minutes


def run() -> Iterator[Figure]:
    ratings = _ratings()
    table = _seconds(lambda: agreement_table(ratings, redraws=REDRAWS))
    yield Figure("table_10000x10x50", table, "s", "<= 10", table <= 10, note="every column, 2,000 redraws")
    prevalence = _seconds(lambda: prevalence_table(ratings, redraws=REDRAWS))
    yield Figure("prevalence_10000x10x50", prevalence, "s", "<= 10", prevalence <= 10)
    yield from _against_the_loop(ratings)


def _ratings() -> Ratings:
    generator = np.random.default_rng(0)
    truth = generator.random((CASES, 1, ITEMS)) < np.linspace(0.02, 0.6, ITEMS)
    answers = generator.random((CASES, READERS, ITEMS)) < np.where(truth, 0.85, 0.05)
    none = np.array([], dtype=np.intp)
    return Ratings(
        codes=answers[None].astype(np.int8),
        case_ids=tuple(map(str, range(CASES))),
        reader_ids=tuple(f"r{reader}" for reader in range(READERS)),
        items=tuple(RatedItem(f"i{item}", "", "binary", PRESENCE) for item in range(ITEMS)),
        arms=("",),
        patient_ids=tuple(map(str, range(CASES))),
        patient_of=np.arange(CASES),
        strata=(),
        stratum_of=np.full(CASES, -1),
        repeats=Repeats(none, none, none, none, none, none.astype(np.int8)),
    )


def _seconds(work) -> float:  # type: ignore[no-untyped-def]
    start = perf_counter()
    work()
    return perf_counter() - start


def _against_the_loop(ratings: Ratings) -> Iterator[Figure]:
    """The bootstrap of kappa alone, ours and a loop over statsmodels in turn, on the same draws."""
    counts = [count_categories(ratings.codes[0, :, :, item], 2) for item in range(ITEMS)]
    ours, loop, difference = [], [], 0.0
    for turn in range(TURNS):
        start = perf_counter()
        terms = np.concatenate([linear_terms(of_item) for of_item in counts], axis=1)
        sums = redrawn_sums(terms, REDRAWS, turn).reshape(REDRAWS, ITEMS, -1)
        kappas = coefficients(sums).fleiss_kappa
        ours.append((perf_counter() - start) / (REDRAWS * ITEMS))
        weights = next(patient_weights(CASES, REDRAWS, turn))[:PEER_REDRAWS].astype(np.intp)
        item = 9 * turn
        start = perf_counter()
        found = [fleiss_kappa(counts[item][np.repeat(np.arange(CASES), weight)]) for weight in weights]
        loop.append((perf_counter() - start) / PEER_REDRAWS)
        difference = max(difference, float(np.abs(kappas[:PEER_REDRAWS, item] - found).max()))
    mine, peer = min(ours), min(loop)  # of each the turn least disturbed by other work on the machine
    note = f"peer: statsmodels fleiss_kappa, {TURNS} × {PEER_REDRAWS} redraws of one item, per redraw"
    yield Figure("bootstrap_per_redraw_and_item", 1e6 * mine, "µs", ">= 100x", peer >= 100 * mine, peer / mine, note)
    yield Figure("bootstrap_largest_difference", difference, "kappa", "<= 1e-12", difference <= 1e-12)
