"""Are drawings real, of the same patient, and do they show what was asked? Realism, identity kept, validity."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from engine.explain.imagined.detectors import Films
from engine.explain.imagined.drawing import RANDOM, Imaginer
from engine.explain.imagined.measures import Draws, changed_region, mean_by_patient, orthogonal_distance, outside
from engine.jobs.run import open_run
from engine.metrics.delong import delong
from engine.metrics.frechet import frechet_distance
from engine.models.trained import load_trained
from resources.files import shipped_folder

__all__ = ["Features", "Pushed", "film_features", "quality_row"]

Features = Callable[[np.ndarray], np.ndarray]  # pictures (N, s, s) float32 in [0, 1] → (N, F) float64
Scores = Callable[[np.ndarray], np.ndarray]  # pictures (N, s, s) → (N,): the higher the more like a drawing
_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Pushed:
    """n films, drawn as they are, and pushed to one target. Pictures are (n, s, s) float32 in [0, 1]."""

    target: str
    films: Films
    reconstructions: np.ndarray
    drawings: np.ndarray


def film_features() -> Features:
    """The pooled features of the network of findings that ships: fixed, of simulated films, whatever run is judged."""
    trained = load_trained(open_run(shipped_folder() / "demo" / "pathology"))

    @torch.no_grad()
    def features(pictures: np.ndarray) -> np.ndarray:
        found = []
        for start in range(0, len(pictures), _AT_ONCE):
            some = torch.from_numpy(np.ascontiguousarray(pictures[start : start + _AT_ONCE], np.float32))[:, None]
            size = (trained.image_size, trained.image_size)
            larger = functional.interpolate(some, size, mode="bilinear", antialias=True).clamp(0, 1)
            found.append(trained.net.pooled(trained.features(trained.tensor(larger[:, 0].numpy()))).double().numpy())
        return np.concatenate(found)

    return features


def quality_row(
    imaginer: Imaginer, synthetic: Scores, features: Features, films: Films, pushed: Pushed, draws: Draws
) -> dict[str, float | str]:
    """One row of the table of quality. films: all of the split; those of other patients are what realism is held to."""
    patients = pushed.films.patients
    row: dict[str, float | str] = {"target": pushed.target, "n": len(patients), "n_patients": len(set(patients))}
    row |= _realism(features, films, pushed)
    row |= mean_by_patient({**_identity(imaginer, pushed), **_validity(imaginer, pushed)}, patients, draws)
    for name, pictures in (("drawings", pushed.drawings), ("reconstructions", pushed.reconstructions)):
        row |= _told_apart(synthetic, pushed, pictures, name)
    return row


def _realism(features: Features, films: Films, pushed: Pushed) -> dict[str, float]:
    """Fréchet distances to films of other patients: of drawings, of reconstructions, and of the films themselves."""
    others = films.squares[~np.isin(films.patients, pushed.films.patients)]
    kinds = {"": pushed.drawings, "_reconstructions": pushed.reconstructions, "_films": pushed.films.squares}
    if min(len(others), len(pushed.drawings)) < 2:
        return {f"frechet{name}": float("nan") for name in kinds}
    real = features(others)
    return {f"frechet{name}": frechet_distance(features(pictures), real) for name, pictures in kinds.items()}


def _identity(imaginer: Imaginer, pushed: Pushed) -> dict[str, np.ndarray]:
    """kept: the code's distance in what the push leaves alone, drawing and film both encoded; patients: of two films of
    different patients. outside: distance of pixels to the film where the push changed nothing."""
    squares, drawings = pushed.films.squares, pushed.drawings
    direction = None if pushed.target == RANDOM else imaginer.direction(pushed.target)
    own, seen, again = (imaginer.codes(each) for each in (squares, drawings, pushed.reconstructions))
    region = changed_region(drawings, pushed.reconstructions)
    strangers = np.where(np.roll(pushed.films.patients, 1) == pushed.films.patients, np.nan, 1.0)
    return {
        "code": orthogonal_distance(own, seen, direction),
        "code_reconstructions": orthogonal_distance(own, again, direction),
        "code_strangers": orthogonal_distance(own, np.roll(own, 1, axis=0), direction) * strangers,
        "changed": region.mean((1, 2)),
        "pixels": outside(drawings, squares, region),
        "pixels_reconstructions": outside(pushed.reconstructions, squares, region),
    }


def _validity(imaginer: Imaginer, pushed: Pushed) -> dict[str, np.ndarray]:
    """Probabilities of the finding before, of the pushed code, and of the drawing encoded again; NaN at random.

    reached: whether that last one is at least one half; confirmed: of the wanted change of the logit, the share that
    the drawing has more than the reconstruction.
    """
    names = ("before", "wanted", "drawn", "reached", "confirmed")
    if pushed.target == RANDOM:
        return dict.fromkeys(names, np.full(len(pushed.drawings), np.nan))
    own = imaginer.codes(pushed.films.squares)

    def told(codes: np.ndarray) -> np.ndarray:
        return imaginer.probabilities(codes, pushed.target)

    before, wanted = told(own), told(imaginer.pushed(own, pushed.target))
    drawn, again = (told(imaginer.codes(each)) for each in (pushed.drawings, pushed.reconstructions))
    asked = _logit(wanted) - _logit(before)
    confirmed = np.divide(_logit(drawn) - _logit(again), asked, out=np.full(len(own), np.nan), where=abs(asked) > 1e-9)
    values = (before, wanted, drawn, (drawn >= 0.5).astype(np.float64), confirmed)
    return dict(zip(names, values, strict=True))


def _told_apart(synthetic: Scores, pushed: Pushed, pictures: np.ndarray, name: str) -> dict[str, float]:
    """The area under the curve of telling pictures from the films that they were drawn from, with its interval.

    Obuchowski's interval by patient, not a bootstrap's: a patient drawn twice is compared with itself four times, and
    a picture is nearly its own film, so that redrawn areas all lie to one side of the area itself.
    """
    if not len(pictures):
        return dict.fromkeys((f"auc_{name}", f"auc_{name}_low", f"auc_{name}_high"), float("nan"))
    scores = np.concatenate([synthetic(pushed.films.squares), synthetic(pictures)])
    truth = np.repeat([0, 1], len(pictures))
    _, index = np.unique(np.tile(pushed.films.patients, 2), return_inverse=True)
    found = delong(truth[:, None], scores[:, None], index.astype(np.int64))
    return {f"auc_{name}": found.auc[0], f"auc_{name}_low": found.low[0], f"auc_{name}_high": found.high[0]}


def _logit(probabilities: np.ndarray) -> np.ndarray:
    p = probabilities.clip(1e-12, 1 - 1e-12)
    return np.asarray(np.log(p) - np.log1p(-p))
