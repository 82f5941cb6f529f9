"""The tables and figures that follow from readings alone, whatever study they come from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from engine.tables import Table, write_figure, write_table
from studies.exports.figures import concordance_figures, forest_figures
from studies.exports.finding_figures import finding_figures
from studies.exports.printing import agreement_printed, prevalence_printed
from studies.statistics.agreement import REDRAWS, agreement_table
from studies.statistics.bias import reader_bias
from studies.statistics.pairs import concordance_table, intra_reader, leave_one_reader_out, pairwise, reader_effects
from studies.statistics.prevalence import prevalence_table
from studies.statistics.ratings import Ratings

Progress = Callable[[float], None]


@dataclass(frozen=True)
class StatisticsOrder:
    """How the statistics are made."""

    redraws: int = REDRAWS  # of the patient bootstrap
    seed: int = 0
    confounders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # stratum → items of its composites
    findings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # stratum → items that are its diagnosis
    labels: Mapping[str, str] = field(default_factory=dict)  # item id → its text


@dataclass(frozen=True)
class StatisticsTables:
    """The tables as they were written, for what follows from them."""

    agreement: pd.DataFrame
    prevalence: pd.DataFrame
    pairs: Mapping[str, pd.DataFrame]  # pairwise, concordance, reader_effects, leave_one_reader_out, intra_reader


def write_statistics(ratings: Ratings, folder: Path, order: StatisticsOrder, progress: Progress) -> StatisticsTables:
    """Write the tables into `folder` and the figures into `folder`/figures; progress from 0 to 1."""
    agreement = agreement_table(
        ratings,
        redraws=order.redraws,
        seed=order.seed,
        confounders=order.confounders,
        progress=lambda share: progress(0.4 * share),
    )
    write_table(agreement_printed(agreement, order.labels), folder, "agreement")
    prevalence = prevalence_table(ratings, redraws=order.redraws, seed=order.seed, confounders=order.confounders)
    write_table(prevalence_printed(prevalence, order.labels), folder, "prevalence")
    progress(0.5)
    pairs = _write_pairs(ratings, folder, order)
    progress(0.7)
    figures = [*forest_figures(agreement, order.labels)]
    figures += finding_figures(prevalence, order.labels, order.confounders, order.findings)
    figures += concordance_figures(pairs["concordance"], order.labels)
    (folder / "figures").mkdir()
    for done, named in enumerate(figures, start=1):
        write_figure(named.figure, folder / "figures", named.name, named.title)
        progress(0.7 + 0.3 * done / len(figures))
    return StatisticsTables(agreement, prevalence, pairs)


def _write_pairs(ratings: Ratings, folder: Path, order: StatisticsOrder) -> dict[str, pd.DataFrame]:
    made = {}
    for name, make in (
        ("pairwise", pairwise),
        ("concordance", concordance_table),
        ("reader_effects", reader_effects),
        ("leave_one_reader_out", leave_one_reader_out),
        ("reader_bias", reader_bias),
        ("intra_reader", intra_reader),
    ):
        made[name] = make(ratings, confounders=order.confounders)
        write_table(Table(made[name]), folder, name)
    return made
