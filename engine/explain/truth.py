"""Do explanations tell the truth? On simulated cohorts the truth is planted, so it is measured.

For every finding and method: the pointing game, the share of heat on the object, insertion and deletion, and the same
with random weights in place of the trained ones, beside what chance would give. Intervals redraw patients.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.cohorts.cohort import Cohort, load_cohort
from engine.cohorts.store import Store, store_for
from engine.errors import CohortError, JobError
from engine.explain.faithfulness import curve_areas, rank_correlation, scores_of_place
from engine.explain.methods import maps_of, method_of
from engine.explain.options import GradCamOptions, OcclusionOptions, Options
from engine.explain.planted import Planted, at_map, planted_in
from engine.explain.subject import ExplainedRun, Subject, load_explained
from engine.explanations import bilinear
from engine.jobs.run import RunFolder
from engine.metrics.resampling import percentile_interval, redrawn_sums, sum_by_patient
from engine.progress import turn
from engine.rounding import NOT_ESTIMABLE, estimate, number, with_interval
from engine.tables import Table, write_table

__all__ = ["Sampling", "evaluate_explanations", "simulated_cohort", "truth_lines", "truth_of"]

TRAINED, RANDOM_WEIGHTS, RANDOM_MAP = "trained", "random weights", "random map"
_MEASURES = (
    "pointing",
    "pointing_by_area",
    "share",
    "share_by_area",
    "devices_share",
    "devices_share_by_area",
    "insertion",
    "deletion",
    "rank_correlation",
)
_NOTE = (
    "Images of the split in which the finding is present. Pointing: how often the highest point is on the object, "
    "within 3 % of the image; share: of the heat that lies on it; by area: what an even map would have. On devices: "
    "share of heat on tubes, wires and devices that are not the target. Insertion (more is better) and deletion (less"
    " is better): area under the probability while pixels are shown or hidden in the map's order. Random weights: the"
    " same network untrained, drawn anew for each image; rank correlation: of its map with that of the trained one, "
    "near 0 where the map depends on what was learned. Random map: smooth noise. 95 % percentile intervals of redrawn"
    " patients."
)


@dataclass(frozen=True)
class Sampling:
    """How many images are looked at, and with which draws."""

    images: int = 25  # of each finding, at most
    redraws: int = 1000
    seed: int = 0


def evaluate_explanations(
    run: RunFolder,
    cohorts: Mapping[str, Cohort],
    split: str = "test",
    sampling: Sampling | None = None,
    progress: Callable[[float], None] | None = None,
) -> Path:
    """Write RUN/report/explanations.csv (.tex, .html) for a run and the first of its cohorts that has a planted truth.

    cohorts: name → cohort, for those that do not lie where the spec says. Gives the CSV. Raises CohortError where no
    cohort has one, JobError where the run has no checkpoint, or no image of the split has anything it tells.
    """
    name, cohort = simulated_cohort(run, cohorts)
    frame = truth_of(load_explained(run.path), run, cohort, split, sampling or Sampling(), progress)
    frame.insert(0, "cohort", name)
    frame.insert(1, "split", split)
    run.report.mkdir(exist_ok=True)
    write_table(_table(frame), run.report, "explanations")
    return run.report / "explanations.csv"


def truth_lines(path: Path) -> Iterator[str]:
    """What the shell prints of explanations.csv: a line for each method and finding."""
    frame = pd.read_csv(path)
    width = max(len(name) for name in frame["target"])
    yield f"explanations of {frame['cohort'].iloc[0]}, {frame['split'].iloc[0]}, held against the planted truth:"
    for row in frame.to_dict("records"):
        yield (
            f"  {row['target']:<{width}}  {row['method']:<9}  {row['weights']:<14}  "
            f"pointing {with_interval(row['pointing'], row['pointing_low'], row['pointing_high'], 2)} "
            f"by area {estimate(row['pointing_by_area'], 2)}, "
            f"share {with_interval(row['share'], row['share_low'], row['share_high'], 2)} "
            f"by area {estimate(row['share_by_area'], 2)}, "
            f"insertion {estimate(row['insertion'], 2)}, deletion {estimate(row['deletion'], 2)}"
            + (f", rank correlation {number(row['rank_correlation'], 2)}" if row["weights"] == RANDOM_WEIGHTS else "")
        )


def truth_of(
    run: ExplainedRun,
    folder: RunFolder,
    cohort: Cohort,
    split: str,
    sampling: Sampling,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """A row for each target, method and kind of weights, with every measure, its interval and the counts."""
    report = progress or (lambda share: None)
    store = store_for(cohort, run.trained.description.store, progress=lambda share: report(0.1 * share))
    rows = cohort.frame[(cohort.frame["split"] == split) & cohort.frame["image_id"].isin(store.image_ids)]
    chosen = _chosen(run, rows, cohort, sampling)
    if not chosen:
        raise JobError(
            f"no image of split {split} of {cohort.root.name} shows anything planted that {run.name} tells "
            f"({', '.join(run.trained.classes)})"
        )
    scores: list[dict[str, Any]] = []
    for place, one in enumerate(chosen):
        random = load_explained(folder.path, randomised_seed=_own_seed(sampling.seed, one.image_id))
        work = _OneImage(run, random, store, one, sampling.seed)
        scores += work.scores(turn(lambda share: report(0.1 + 0.9 * share), place, len(chosen)))
    return _summarised(pd.DataFrame(scores), run.trained.classes, sampling)


def _own_seed(seed: int, image_id: str) -> int:
    """Of the random weights that look at one image: what one draw happens to see is not taken for what all would."""
    return int(np.random.default_rng([seed, *image_id.encode()]).integers(2**31))


def methods_for(image_size: int) -> tuple[Options, ...]:
    """Each method as it is scored; occlusion with windows side by side, a sixth of the work of overlapping ones."""
    size, _ = OcclusionOptions().window(image_size)
    return GradCamOptions(), OcclusionOptions(size=size, stride=size)


@dataclass(frozen=True, eq=False)
class _Chosen:
    image_id: str
    patient_id: str
    planted: Planted
    regions: dict[str, np.ndarray]  # of the targets that are scored in it


def simulated_cohort(run: RunFolder, cohorts: Mapping[str, Cohort]) -> tuple[str, Cohort]:
    """Name and cohort of the first with a planted truth, of those given and those of the spec. CohortError for none."""
    known = dict(cohorts)
    for source in run.spec.cohorts:
        if source.name not in known and Path(source.path).is_dir():
            known[source.name] = load_cohort(Path(source.path))
    for name, cohort in known.items():
        if (cohort.root / "truth").is_dir():
            return name, cohort
    raise CohortError(
        f"none of the cohorts of {run.path.name} ({', '.join(known) or 'none was found'}) has a planted truth; make "
        "one with `engine cohort simulate` and name it with --cohort"
    )


def _chosen(run: ExplainedRun, rows: pd.DataFrame, cohort: Cohort, sampling: Sampling) -> list[_Chosen]:
    """Images in a drawn order, until every target has as many as are wanted."""
    wanted = dict.fromkeys(run.trained.classes, sampling.images)
    chosen = []
    for row in rows.sample(frac=1, random_state=sampling.seed).to_dict("records"):
        planted = planted_in(cohort.root, row["image_id"])
        regions = {}
        for target in run.trained.classes:
            region = _region(planted, row, target) if wanted[target] > 0 else None
            if region is not None:
                regions[target], wanted[target] = region, wanted[target] - 1
        if regions:
            chosen.append(_Chosen(row["image_id"], row["patient_id"], planted, regions))
    return chosen


def _region(planted: Planted, row: Mapping[str, Any], target: str) -> np.ndarray | None:
    """Where the target is in an image; of its race group the texture that tells it."""
    return planted.race_signal if row["race"] == target else planted.region(target)


class _OneImage:
    """All methods on one image, trained and random."""

    def __init__(self, run: ExplainedRun, random: ExplainedRun, store: Store, one: _Chosen, seed: int) -> None:
        row = int(store.rows([one.image_id])[0])
        box = tuple(float(value) for value in store.boxes[row])
        stored = np.array(store.pixels[row])
        self._one, self._seed = one, seed
        self._subject = Subject(run.trained, stored, box, one.planted.rows, one.planted.columns)  # type: ignore[arg-type]
        self._random = replace(self._subject, trained=random.trained)
        self._targets = [run.trained.classes.index(target) for target in one.regions]

    def scores(self, progress: Callable[[float], None]) -> Iterator[dict[str, Any]]:
        noise = self._noise()
        yield from self._scored("noise", RANDOM_MAP, noise, None)
        methods = methods_for(self._subject.trained.image_size)
        of = 2 * len(methods)
        for place, options in enumerate(methods):
            maps, _ = maps_of(self._subject, self._targets, options, turn(progress, 2 * place, of))
            untrained, _ = maps_of(self._random, self._targets, options, turn(progress, 2 * place + 1, of))
            yield from self._scored(method_of(options), TRAINED, maps, None)
            yield from self._scored(method_of(options), RANDOM_WEIGHTS, untrained, maps)

    def _noise(self) -> np.ndarray:
        """(T, h, w) noise as smooth as a map of Grad-CAM; the same for the same image and seed."""
        draws = np.random.default_rng([self._seed, *self._one.image_id.encode()])
        coarse = draws.random((len(self._targets), 7, 7), dtype=np.float32)
        return bilinear(coarse, (0, 0, 7, 7), self._subject.map_shape)

    def _scored(
        self, method: str, weights: str, maps: np.ndarray, beside: np.ndarray | None
    ) -> Iterator[dict[str, Any]]:
        for place, (target, region) in enumerate(self._one.regions.items()):
            values = maps[place]
            index = self._targets[place]
            insertion, deletion = curve_areas(self._subject, values, index)
            yield {
                "target": target,
                "method": method,
                "weights": weights,
                "patient_id": self._one.patient_id,
                **asdict(scores_of_place(values, at_map(region, values.shape))),  # type: ignore[arg-type]
                **self._on_devices(values, region),
                "insertion": insertion,
                "deletion": deletion,
                "rank_correlation": np.nan if beside is None else rank_correlation(values, beside[place]),
            }

    def _on_devices(self, values: np.ndarray, region: np.ndarray) -> dict[str, float]:
        devices = self._one.planted.devices
        others = None if devices is None else devices & ~region
        if others is None or not others.any():
            return {"devices_share": np.nan, "devices_share_by_area": np.nan}
        found = scores_of_place(values, at_map(others, values.shape))  # type: ignore[arg-type]
        return {"devices_share": found.share, "devices_share_by_area": found.share_by_area}


def _summarised(scores: pd.DataFrame, classes: Sequence[str], sampling: Sampling) -> pd.DataFrame:
    order = {name: place for place, name in enumerate(classes)}
    rows = []
    for (target, method, weights), group in scores.groupby(["target", "method", "weights"], sort=False):
        patients, _ = pd.factorize(group["patient_id"])
        n_patients = int(patients.max()) + 1
        row = {"target": target, "method": method, "weights": weights, "n": len(group), "n_patients": n_patients}
        for measure in _MEASURES:
            row |= _mean(measure, group[measure].to_numpy(np.float64), patients.astype(np.int64), n_patients, sampling)
        rows.append(row)
    rows.sort(key=lambda row: (order[row["target"]], row["method"], row["weights"] != TRAINED))
    return pd.DataFrame(rows)


def _mean(
    measure: str, values: np.ndarray, patients: np.ndarray, n_patients: int, sampling: Sampling
) -> dict[str, float]:
    """Mean over the images that have the measure, its interval, and how many have not."""
    defined = ~np.isnan(values)
    empty = {measure: np.nan, f"{measure}_low": np.nan, f"{measure}_high": np.nan, f"{measure}_undefined": np.nan}
    empty[f"{measure}_undefined"] = int((~defined).sum())
    if not defined.any():
        return empty
    terms = np.stack([np.where(defined, values, 0.0), defined.astype(np.float64)], axis=1)
    sums = redrawn_sums(sum_by_patient(terms, patients, n_patients), sampling.redraws, sampling.seed)
    means = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0)
    low, high, _ = percentile_interval(means)
    return {**empty, measure: float(values[defined].mean()), f"{measure}_low": low, f"{measure}_high": high}


def _table(frame: pd.DataFrame) -> Table:
    rows = frame.to_dict("records")
    printed = pd.DataFrame(
        {
            "Target": [row["target"] for row in rows],
            "Method": [row["method"] for row in rows],
            "Weights": [row["weights"] for row in rows],
            "n": [str(row["n"]) for row in rows],
            "Pointing (95 % CI)": [_said(row, "pointing") for row in rows],
            "by area": [estimate(row["pointing_by_area"], 2) for row in rows],
            "Share (95 % CI)": [_said(row, "share") for row in rows],
            "of the area": [estimate(row["share_by_area"], 2) for row in rows],
            "On devices": [number(row["devices_share"], 2) for row in rows],
            "devices' area": [number(row["devices_share_by_area"], 2) for row in rows],
            "Insertion (95 % CI)": [_said(row, "insertion") for row in rows],
            "Deletion (95 % CI)": [_said(row, "deletion") for row in rows],
            "Rank correlation": [number(row["rank_correlation"], 2) for row in rows],
        }
    )
    return Table(frame, "Do explanations tell the truth?", _NOTE, printed)


def _said(row: Mapping[str, Any], measure: str) -> str:
    return with_interval(row[measure], row[f"{measure}_low"], row[f"{measure}_high"], 2) or NOT_ESTIMABLE
