"""Do counterfactuals draw what the cohort planted? The confounder yield, and whether the drawings are to be trusted.

Films without a finding are pushed towards it. How often a device appears that was not there, beside how often it does
in the same films drawn as they are and pushed as far in a random direction, is held against the confounding table.

A detector that learns from a cohort in which drains follow pneumothoraces may take the one for the other, and find a
drain in every drawing of a pneumothorax. `Imagining.school` is therefore a cohort of its own, in which nothing follows
anything (`engine cohort simulate --table` with base = "flat"); without one, the detectors learn where they are used.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.cohorts.cohort import Cohort
from engine.cohorts.store import Store, store_for
from engine.counterfactuals import CounterfactualOptions
from engine.errors import JobError
from engine.explain.imagined.detectors import (
    Detectors,
    Films,
    Learning,
    films_of,
    key_of,
    load_detectors,
    reconstructed,
    rich_in,
    train_detectors,
)
from engine.explain.imagined.drawing import RANDOM, Imaginer, NetworkImaginer, Wanted, load_imaginer
from engine.explain.imagined.measures import Draws, Seen, device_yield
from engine.explain.imagined.quality import Pushed, film_features, quality_row
from engine.explain.imagined.sheets import write_sheet
from engine.explain.imagined.tables import detector_table, quality_table, yield_table
from engine.explain.imagined.truth_maps import DEVICES, FINDINGS, is_planted, planted_difference
from engine.explain.truth import simulated_cohort
from engine.jobs.run import RunFolder
from engine.progress import Progress, part
from engine.rounding import estimate, with_interval
from engine.tables import write_table

__all__ = ["Drawn", "Imagining", "Trial", "draw_all", "evaluate_counterfactuals", "imagined_lines", "yields_of"]

_BATCH = 16
_SHOWN = 12  # films of a sheet
_MOST_FILMS = 100_000


@dataclass(frozen=True)
class Imagining:
    """What is drawn, how many and how."""

    images: int = 25  # of each finding
    targets: tuple[str, ...] = ()  # findings; none: all that the run tells
    options: CounterfactualOptions = field(default_factory=lambda: CounterfactualOptions(preview=True))
    draws: Draws = field(default_factory=Draws)
    judged: int = (
        120  # reconstructions of films of the split that the detector is tried on, beside those that are drawn
    )
    learning: Learning = field(default_factory=Learning)
    school: Cohort | None = None  # where the detectors learn and are tried; none: the cohort that is judged


@dataclass(frozen=True, eq=False)
class Trial:
    """What the device detector is tried on: films, and some (`again`) with their reconstructions (n, s, s)."""

    films: Films
    again: Films
    reconstructions: np.ndarray


@dataclass(frozen=True, eq=False)
class Drawn:
    """Films, drawn again, and those of each target pushed: (rows (n,) of the films, drawings (n, s, s))."""

    films: Films
    reconstructions: np.ndarray  # (N, s, s) float32 in [0, 1]
    pushed: Mapping[str, tuple[np.ndarray, np.ndarray]]  # RANDOM has every film


def evaluate_counterfactuals(
    run: RunFolder,
    cohorts: Mapping[str, Cohort],
    split: str = "test",
    how: Imagining | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write RUN/report/counterfactuals.csv (.tex, .html), two tables beside it, and a sheet of each finding.

    run: a head on a diffusion run; cohorts: name → cohort, for those that do not lie where the spec says; the first
    with a planted truth is taken. Gives the CSV. The detectors are kept in the report and made anew where anything
    that they depend on has changed. Raises CohortError where no cohort has a truth, JobError where the run imagines
    nothing, no film of the split lacks any of the findings, or how.school has no planted truth.
    """
    how, report = how or Imagining(), progress or (lambda share: None)
    name, cohort = simulated_cohort(run, cohorts)
    imaginer = load_imaginer(run, how.options)
    targets = _targets(run, imaginer, how)
    store = store_for(cohort, imaginer.base.description.store)
    films = films_of(cohort, store, split, targets, _MOST_FILMS, how.draws.seed, part(report, 0.0, 0.04))
    school, school_store, tried = cohort, store, films
    if how.school is not None:
        school, school_store = how.school, _school_store(how.school, imaginer)
        tried = films_of(school, school_store, split, (), _MOST_FILMS, how.draws.seed, part(report, 0.04, 0.02))
    detectors = _detectors(run, school, school_store, imaginer, how.learning, part(report, 0.06, 0.49))
    drawn = _pushed(imaginer, films, how, part(report, 0.55, 0.3))
    trial = _trial(imaginer, tried, drawn, how, part(report, 0.85, 0.1))
    rows = _measured(imaginer, detectors, films, drawn, trial, cohort.info["table"], how.draws)
    _write_sheets(run.report, drawn)
    report(1.0)
    for frame in rows:
        frame.insert(0, "cohort", name)
        frame.insert(1, "split", split)
    tables = yield_table(rows[0], how.options), quality_table(rows[1]), detector_table(rows[2])
    for table, file in zip(tables, ("counterfactuals", "counterfactuals_quality", "counterfactuals_detector")):
        write_table(table, run.report, file)
    return run.report / "counterfactuals.csv"


def _detectors(
    run: RunFolder, cohort: Cohort, store: Store, imaginer: NetworkImaginer, how: Learning, progress: Progress
) -> Detectors:
    """Those kept in the report, or made anew and kept."""
    folder, splits = run.report / "counterfactual_detectors", cohort.frame[["image_id", "split"]].to_numpy(str)
    key = key_of(store.sha256, splits.tolist(), imaginer.base.weights_sha256, imaginer.quality, how)
    if kept := load_detectors(folder, key):
        progress(1.0)
        return kept
    learned = [
        films_of(cohort, store, split, (), how.films, how.seed, part(progress, start, 0.1))
        for split, start in (("train", 0.0), ("val", 0.1))
    ]
    for split, films in zip(("train", "val"), learned, strict=True):
        if not len(films):
            raise JobError(f"no film of {cohort.root.name} is in split '{split}', which the detectors need; split anew")
    made = train_detectors(learned[0], learned[1], imaginer, how, part(progress, 0.2, 0.8))
    made.save(folder, key)
    return made


def _targets(run: RunFolder, imaginer: Imaginer, how: Imagining) -> tuple[str, ...]:
    """The findings that are looked at. JobError naming what the run does not tell."""
    for target in how.targets:
        if target not in imaginer.classes or target not in FINDINGS:
            told = [name for name in imaginer.classes if name in FINDINGS]
            raise JobError(f"run {run.path.name} does not tell the finding '{target}'; it tells {', '.join(told)}")
    return how.targets or tuple(name for name in imaginer.classes if name in FINDINGS)


def _school_store(school: Cohort, imaginer: NetworkImaginer) -> Store:
    if not (school.root / "truth").is_dir():
        raise JobError(
            f"{school.root.name} has no planted truth that detectors could learn from; make one with "
            "`engine cohort simulate`"
        )
    return store_for(school, imaginer.base.description.store)


def _pushed(imaginer: Imaginer, films: Films, how: Imagining, progress: Progress) -> Drawn:
    chosen = chosen_films(films, how.images, how.draws.seed)
    if not any(len(rows) for rows in chosen.values()):
        raise JobError(
            f"no film of the split lacks {', '.join(chosen)}: none can be pushed there; choose another split"
        )
    return draw_all(imaginer, films, chosen, how.draws.seed, progress)


def _trial(imaginer: Imaginer, tried: Films, drawn: Drawn, how: Imagining, progress: Progress) -> Trial:
    """`how.judged` films drawn again; with those that are drawn for the yield, where they are of the same cohort."""
    own = how.school is None
    taken = {*drawn.films.image_ids} if own else set()
    free = np.array([row for row, image_id in enumerate(tried.image_ids) if image_id not in taken], np.int64)
    rich = tried.take(free[rich_in(tried.present[free], how.judged, how.draws.seed)])
    again = reconstructed(imaginer, rich.squares, progress)
    if not own:
        return Trial(tried, rich, again)
    return Trial(tried, _together(drawn.films, rich), np.concatenate([drawn.reconstructions, again]))


def _together(first: Films, second: Films) -> Films:
    return Films(
        (*first.image_ids, *second.image_ids),
        np.concatenate([first.patients, second.patients]),
        np.concatenate([first.squares, second.squares]),
        np.concatenate([first.places, second.places]),
        pd.concat([first.findings, second.findings], ignore_index=True),
    )


def _measured(
    imaginer: Imaginer,
    detectors: Detectors,
    films: Films,
    drawn: Drawn,
    trial: Trial,
    table: Mapping[str, Any],
    draws: Draws,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The rows of the three tables."""
    seen = seen_of(detectors.calls, trial)
    yields = yields_of(detectors.calls, drawn, seen, table, draws)
    features = film_features()
    quality = [
        quality_row(imaginer, detectors.synthetic_scores, features, films, pushed, draws) for pushed in _each(drawn)
    ]
    return yields, pd.DataFrame(quality), pd.DataFrame([{"device": d, **row} for d, row in _seen_rows(seen)])


def _write_sheets(folder: Path, drawn: Drawn) -> None:
    for target, (rows, pictures) in drawn.pushed.items():
        some = rows[:_SHOWN]
        if len(some):
            write_sheet(folder, target, drawn.films.squares[some], drawn.reconstructions[some], pictures[:_SHOWN])


def _each(drawn: Drawn) -> Iterator[Pushed]:
    for target, (rows, pictures) in drawn.pushed.items():
        yield Pushed(target, drawn.films.take(rows), drawn.reconstructions[rows], pictures)


def chosen_films(films: Films, images: int, seed: int) -> dict[str, np.ndarray]:
    """Rows of films without each finding, in a drawn order; findings share films, which are encoded once."""
    order = np.random.default_rng(seed).permutation(len(films))
    return {
        target: np.array([row for row in order if films.findings[target].iloc[row] == 0][:images], np.int64)
        for target in films.findings.columns
    }


def draw_all(
    imaginer: Imaginer, films: Films, chosen: Mapping[str, np.ndarray], seed: int, progress: Progress
) -> Drawn:
    """Every chosen film drawn as it is, pushed to each finding that it was chosen for, and pushed at random."""
    rows = np.unique(np.concatenate(list(chosen.values())))
    place = {int(row): index for index, row in enumerate(rows)}
    wanted = [Wanted(place[int(row)], target) for target, own in chosen.items() for row in own]
    wanted += [Wanted(index, RANDOM, seed + int(row)) for row, index in place.items()]
    reconstructions = np.empty_like(films.squares[rows])
    drawings: dict[Wanted, np.ndarray] = {}
    for start in range(0, len(rows), _BATCH):
        own = [one for one in wanted if start <= one.image < start + _BATCH]
        asked = [Wanted(one.image - start, one.target, one.seed) for one in own]
        piece = films.squares[rows[start : start + _BATCH]]
        share = part(progress, start / len(rows), len(piece) / len(rows))
        reconstructions[start : start + _BATCH], found = imaginer.draw(piece, asked, share)
        drawings |= dict(zip(own, found, strict=True))
    pushed = {
        target: _gathered([one for one in wanted if one.target == target], drawings, films.squares.shape[1])
        for target in (*chosen, RANDOM)
    }
    return Drawn(films.take(rows), reconstructions, pushed)


def _gathered(
    wanted: Sequence[Wanted], drawings: Mapping[Wanted, np.ndarray], size: int
) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one.image for one in wanted], np.int64), np.array(
        [drawings[one] for one in wanted], np.float32
    ).reshape(-1, size, size)


Calls = Callable[[np.ndarray], np.ndarray]  # pictures (N, s, s) → devices seen (N, D) bool


def seen_of(calls: Calls, trial: Trial) -> dict[str, list[Seen]]:
    """How well each device is seen: in films, and in reconstructions of films."""
    on_films, on_drawings = calls(trial.films.squares), calls(trial.reconstructions)
    return {
        device: [
            Seen.of(trial.films.present[:, k], on_films[:, k], trial.films.patients),
            Seen.of(trial.again.present[:, k], on_drawings[:, k], trial.again.patients),
        ]
        for k, device in enumerate(DEVICES)
    }


def _seen_rows(seen: Mapping[str, Sequence[Seen]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for device, both in seen.items():
        for pictures, one in zip(("films", "reconstructions"), both, strict=True):
            yield device, {"pictures": pictures, **asdict(one)}


def yields_of(
    calls: Calls, drawn: Drawn, seen: Mapping[str, Sequence[Seen]], table: Mapping[str, Any], draws: Draws
) -> pd.DataFrame:
    """A row for each finding and device: what the table plants, and how often the device was drawn.

    Over the films that were pushed to the finding and show neither it nor the device. Where the detector does not see
    the device in reconstructions, shares are NaN and `status` says why.
    """
    at_zero = calls(drawn.reconstructions)
    rows_random, pictures_random = drawn.pushed[RANDOM]
    at_random = np.zeros_like(at_zero)
    at_random[rows_random] = calls(pictures_random)
    size = drawn.reconstructions.shape[1]
    rows = []
    for target, (own, pictures) in drawn.pushed.items():
        if target == RANDOM:
            continue
        called = calls(pictures)
        for k, device in enumerate(DEVICES):
            without = ~drawn.films.present[own, k]
            which = own[without]
            refusal = seen[device][1].refusal(device, size) if len(which) else "no film lacks both"
            patients = drawn.films.patients[which]
            values = [called[without, k], at_zero[which, k], at_random[which, k]]
            missing = [np.full(len(which), np.nan)] * 3
            rows.append(
                {
                    "target": target,
                    "device": device,
                    "planted": is_planted(table, target, device),
                    "planted_difference": planted_difference(table, target, device),
                    "n": len(which),
                    "n_patients": len(set(patients)),
                    **_yield(missing if refusal else values, patients, draws),
                    "status": refusal,
                }
            )
    return pd.DataFrame(rows)


def _yield(values: Sequence[np.ndarray], patients: np.ndarray, draws: Draws) -> dict[str, float]:
    return device_yield(values[0], values[1], values[2], patients, draws)


def imagined_lines(path: Path) -> Iterator[str]:
    """What the shell prints of counterfactuals.csv: a line for each finding and device, planted ones first."""
    frame = pd.read_csv(path, keep_default_na=True).sort_values(
        ["target", "planted", "planted_difference"], ascending=[True, False, False], kind="stable"
    )
    first, width = frame.iloc[0], max(len(name) for name in frame["device"])
    yield f"counterfactuals of {first['cohort']}, {first['split']}: devices that were drawn and were not there:"
    for target, rows in frame.groupby("target", sort=False):
        yield f"  pushed to {target}, {rows['n'].max()} films:"
        for row in rows.to_dict("records"):
            yield f"    {row['device']:<{width}}  {_line(row)}"


def _line(row: Mapping[str, Any]) -> str:
    planted = f"planted {estimate(row['planted_difference'], 2):>5}"
    if isinstance(row["status"], str) and row["status"]:
        return f"{planted}  not estimable: {row['status']}"
    return (
        f"{planted}  yield {estimate(row['yield'], 2)}, as it is {estimate(row['at_zero'], 2)}, at random "
        f"{estimate(row['at_random'], 2)}, difference "
        f"{with_interval(row['difference'], row['difference_low'], row['difference_high'], 2)}"
    )
