"""Two detectors that a simulated cohort's truth trains: of the planted devices, and of synthetic pictures among films.

The first learns from films and from reconstructions of films, so that it is not fooled by how drawings are soft. Both
learn from the train split; thresholds are chosen on val.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from engine.cohorts.cohort import Cohort
from engine.cohorts.store import Store
from engine.explain.imagined.drawing import Imaginer
from engine.explain.imagined.small_net import Examples, Fitting, MapNet, fit, scores_of
from engine.explain.imagined.truth_maps import DEVICES, truth_places
from engine.metrics.thresholds import choose_threshold
from engine.progress import Progress, part
from engine.training.checkpoints import write_whole

__all__ = [
    "Detectors",
    "Films",
    "Learning",
    "films_of",
    "load_detectors",
    "reconstructed",
    "rich_in",
    "train_detectors",
]

_FILE = "detectors.safetensors"
_BATCH = 32


@dataclass(frozen=True)
class Learning:
    """What the detectors learn from."""

    films: int = 2500  # of the train split, at most
    drawings: int = 160  # reconstructions of train films
    validation: int = 80  # reconstructions of val films, which the thresholds are chosen on beside the films
    device_looks: int = 40_000
    synthetic_looks: int = 8_000
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Films:
    """Stored films with their truth, N of them."""

    image_ids: tuple[str, ...]
    patients: np.ndarray  # (N,) names
    squares: np.ndarray  # (N, s, s) float32 in [0, 1]
    places: np.ndarray  # (N, D, s / 2, s / 2) uint8: where the devices are
    findings: pd.DataFrame  # N rows, a column of each finding, 1 or 0

    def __len__(self) -> int:
        return len(self.image_ids)

    @property
    def present(self) -> np.ndarray:
        """(N, D) bool: devices that can be seen."""
        return np.asarray(self.places.any((2, 3)))

    def take(self, rows: np.ndarray) -> "Films":
        ids = tuple(self.image_ids[row] for row in rows)
        return Films(ids, self.patients[rows], self.squares[rows], self.places[rows], self.findings.iloc[rows])

    def examples(self, pictures: np.ndarray | None = None) -> Examples:
        """To learn devices from: these films, or pictures of the same."""
        return Examples(self.squares if pictures is None else pictures, self.present, self.places)


def films_of(
    cohort: Cohort, store: Store, split: str, findings: Sequence[str], limit: int, seed: int, progress: Progress
) -> Films:
    """The films of a split, `limit` of them at most, drawn by seed."""
    frame = cohort.frame[(cohort.frame["split"] == split) & cohort.frame["image_id"].isin(store.image_ids)]
    frame = frame.sample(n=min(limit, len(frame)), random_state=seed)
    ids = tuple(frame["image_id"])
    rows = store.rows(ids)
    squares = (store.pixels[rows] / np.float32(np.iinfo(store.pixels.dtype).max)).astype(np.float32)
    size = store.spec.size
    places = truth_places(cohort, ids, store.boxes[rows], size, size // 2, progress)
    truth = pd.DataFrame({name: frame[f"label.{name}"].to_numpy() for name in findings}, index=range(len(frame)))
    return Films(ids, frame["patient_id"].to_numpy(str), squares, places, truth)


def rich_in(present: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Rows (at most `count`) of present (N, D), half of them so chosen that no device is rare, the rest drawn."""
    order = np.random.default_rng(seed).permutation(len(present))
    quota = max(1, count // (2 * present.shape[1]))
    taken: list[int] = []
    for device in np.argsort(present.sum(0), kind="stable"):
        missing = quota - int(present[taken, device].sum()) if taken else quota
        others = [row for row in order if present[row, device] and row not in set(taken)]
        taken += others[: max(missing, 0)]
    rest = [row for row in order if row not in set(taken)]
    return np.array((taken + rest)[:count], np.int64)


def reconstructed(imaginer: Imaginer, squares: np.ndarray, progress: Progress) -> np.ndarray:
    """Pictures (N, s, s) drawn again as they are."""
    drawn = np.empty_like(squares)
    for start in range(0, len(squares), _BATCH):
        some = squares[start : start + _BATCH]
        share = part(progress, start / len(squares), len(some) / len(squares))
        drawn[start : start + _BATCH], _ = imaginer.draw(some, [], share)
    return drawn


@dataclass(frozen=True, eq=False)
class Detectors:
    """thresholds: (D,) of the devices' scores, NaN where val shows none, or nothing but it."""

    devices: MapNet
    synthetic: MapNet
    thresholds: np.ndarray

    def calls(self, pictures: np.ndarray) -> np.ndarray:
        """Which devices are seen in pictures (N, s, s): (N, D) bool."""
        return scores_of(self.devices, pictures) >= self.thresholds

    def synthetic_scores(self, pictures: np.ndarray) -> np.ndarray:
        """(N, s, s) → (N,): the higher the more like a drawing."""
        return scores_of(self.synthetic, pictures)[:, 0]

    def save(self, folder: Path, key: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"devices.{name}": value for name, value in self.devices.state_dict().items()}
        tensors |= {f"synthetic.{name}": value for name, value in self.synthetic.state_dict().items()}
        tensors["thresholds"] = torch.from_numpy(self.thresholds)
        write_whole(folder / _FILE, tensors, {"key": key, "devices": json.dumps(DEVICES)})


def load_detectors(folder: Path, key: str) -> Detectors | None:
    """Detectors saved under the same key; None where there are none, or they were made from something else."""
    path = folder / _FILE
    try:
        with safe_open(path, framework="pt") as file:
            if (file.metadata() or {}).get("key") != key:
                return None
        tensors = load_file(path)
        nets = MapNet(len(DEVICES)), MapNet(1, "mean")
        for net, name in zip(nets, ("devices", "synthetic"), strict=True):
            own = {key.removeprefix(f"{name}."): value for key, value in tensors.items() if key.startswith(name)}
            net.load_state_dict(own)
            net.eval().requires_grad_(False)
        return Detectors(*nets, tensors["thresholds"].numpy())
    except (OSError, SafetensorError, KeyError, RuntimeError):
        return None  # a damaged file is one that is made anew


def key_of(*facts: object) -> str:
    """Hash (hex) of all that detectors depend on."""
    return hashlib.sha256(json.dumps([*facts, DEVICES], default=asdict, sort_keys=True).encode()).hexdigest()  # type: ignore[arg-type]


def train_detectors(
    train: Films, validation: Films, imaginer: Imaginer, how: Learning, progress: Progress
) -> Detectors:
    """Both detectors. train, validation: films of these splits; progress: shares of the work."""
    some = train.take(rich_in(train.present, how.drawings, how.seed))
    drawn = reconstructed(imaginer, some.squares, part(progress, 0.0, 0.4))
    judged = validation.take(rich_in(validation.present, how.validation, how.seed))
    judged_drawn = reconstructed(imaginer, judged.squares, part(progress, 0.4, 0.2))
    examples = train.examples() + _repeated(some.examples(drawn), max(1, len(train) // (3 * max(len(some), 1))))
    fitting = Fitting(how.device_looks, seed=how.seed)
    devices = fit(examples, "max", fitting, part(progress, 0.6, 0.3))
    synthetic = _synthetic(
        np.concatenate([some.squares, judged.squares]),
        np.concatenate([drawn, judged_drawn]),
        Fitting(how.synthetic_looks, seed=how.seed),
        part(progress, 0.9, 0.1),
    )
    scores = scores_of(devices, np.concatenate([validation.squares, judged_drawn]))
    present = np.concatenate([validation.present, judged.present])
    cuts = [choose_threshold(present[:, k].astype(int), scores[:, k]) for k in range(len(DEVICES))]
    return Detectors(devices, synthetic, np.array(cuts))


def _repeated(examples: Examples, times: int) -> Examples:
    """A quarter of what is learned from are drawings, however few there are."""
    return examples.take(np.tile(np.arange(len(examples)), times))


def _synthetic(films: np.ndarray, drawn: np.ndarray, how: Fitting, progress: Progress) -> MapNet:
    made = np.concatenate([np.zeros(len(films), bool), np.ones(len(drawn), bool)])[:, None]
    return fit(Examples(np.concatenate([films, drawn]), made), "mean", how, progress)
