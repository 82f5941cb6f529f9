"""What the folders of runs say, read again and again: of their events only what is new each time. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import JobError
from engine.jobs.events import Event, read_events
from engine.jobs.run import RunFolder, open_run
from engine.locking import is_held

__all__ = ["Difference", "RunLook", "RunsLook", "RunsWatch", "differences"]

Points = tuple[tuple[float, float], ...]
_MOST_POINTS = 1500  # of a curve: more than a screen has columns


@dataclass(frozen=True, eq=False)
class RunLook:
    """A run as it stands now. Shares are 0 to 1, times in seconds; None where the events do not say."""

    run: RunFolder
    state: str
    images: int = 0
    of: int = 0
    epoch: int = 0
    images_per_s: float | None = None
    remaining_s: float | None = None
    loss: Points = ()  # (images, loss)
    metrics: Mapping[str, Points] = field(default_factory=dict)  # "val macro_auc" → (images, value)
    preparing: float | None = None  # share of the images that are decoded, before the first batch
    said: tuple[tuple[str, str, str], ...] = ()  # (time, kind, text) of states, warnings and errors
    samples: Path | None = None  # the newest sheet of drawings, of a diffusion run

    @property
    def path(self) -> Path:
        return self.run.path

    @property
    def name(self) -> str:
        return self.run.path.name

    @property
    def share(self) -> float:
        """How much is done."""
        if self.state == "finished":
            return 1.0
        return min(1.0, self.images / self.of) if self.of else 0.0

    @property
    def at_work(self) -> bool:
        """Whether something works on it, or will."""
        return self.state in ("running", "queued")

    @property
    def can_resume(self) -> bool:
        """Whether it ended before its end, or was never begun."""
        return self.state in ("failed", "cancelled", "interrupted", "queued")

    @property
    def has_results(self) -> bool:
        """Whether there are predictions to look at."""
        return any(self.path.glob("predictions/*/*.csv"))

    @property
    def evaluated(self) -> bool:
        """Whether a report lies in it."""
        return (self.run.report / "metrics.csv").is_file()


@dataclass(frozen=True, eq=False)
class RunsLook:
    """The runs of a folder, the latest first, and a sentence for each folder that should be one and cannot be read."""

    runs: tuple[RunLook, ...]
    unreadable: tuple[str, ...] = ()


class _Follower:
    """The events of one run, as far as they were read."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self._read_to = 0
        self._state = "queued"
        self._preparing: float | None = None
        self._step: dict[str, Any] = {}
        self._loss: list[tuple[float, float]] = []
        self._metrics: dict[str, list[tuple[float, float]]] = {}
        self._said: list[tuple[str, str, str]] = []

    def look(self) -> RunLook:
        events, self._read_to = read_events(self.run.path / "events.jsonl", self._read_to)
        for event in events:
            self._take(event)
        state = self._now()
        step = self._step
        return RunLook(
            self.run,
            state,
            step.get("images", 0),
            step.get("of", 0),
            step.get("epoch", 0),
            step.get("images_per_s"),
            step.get("remaining_s") if state == "running" else None,
            _thinned(self._loss),
            {name: _thinned(points) for name, points in self._metrics.items()},
            self._preparing,
            tuple(self._said),
            max(self.run.path.glob("samples/epoch-*.png"), default=None),
        )

    def _now(self) -> str:
        """As `RunFolder.state`; "weights" where a run came without its events, as those that ship with the program."""
        if self._state == "running" and not is_held(self.run.lock):
            return "interrupted"
        if self._state == "queued" and not self._said and (self.run.checkpoints / "best.safetensors").is_file():
            return "weights"
        return self._state

    def _take(self, event: Event) -> None:
        facts = event.facts
        if event.kind == "state":
            self._state = str(facts.get("state", self._state))
            self._preparing = facts.get("preparing_images")
            if self._preparing is None:
                self._said.append((event.time, "state", self._state))
        elif event.kind == "step":
            self._step, self._preparing = facts, None
            if facts.get("loss") is not None:
                _add(self._loss, facts["images"], facts["loss"])
        elif event.kind == "metric" and facts.get("value") is not None:
            name = f"{facts.get('split', '')} {facts.get('name', '')}".strip()
            _add(self._metrics.setdefault(name, []), facts.get("images", facts.get("epoch", 0)), facts["value"])
        elif event.kind in ("warning", "error"):
            self._said.append((event.time, event.kind, str(facts.get("text", ""))))


def _add(points: list[tuple[float, float]], images: float, value: float) -> None:
    """A run that was resumed goes back to its checkpoint: what it redoes replaces what was there."""
    while points and points[-1][0] >= images:
        points.pop()
    points.append((float(images), float(value)))


def _thinned(points: Sequence[tuple[float, float]]) -> Points:
    if len(points) <= _MOST_POINTS:
        return tuple(points)
    step = len(points) / _MOST_POINTS
    return (*(points[int(number * step)] for number in range(_MOST_POINTS)), points[-1])


class RunsWatch:
    """The runs below a folder, the latest first. One thread at a time."""

    def __init__(self) -> None:
        self._known: dict[Path, _Follower] = {}
        self._unreadable: list[str] = []

    def look(self, root: Path) -> "RunsLook":
        """Every run of the folder as it stands now."""
        looks: list[RunLook] = []
        self._unreadable = []
        for spec in sorted(root.glob("*/spec.json"), key=_begun, reverse=True):
            follower = self._follower(spec.parent)
            if follower is not None:
                looks.append(follower.look())
        return RunsLook(tuple(looks), tuple(self._unreadable))

    def _follower(self, path: Path) -> _Follower | None:
        if path not in self._known:
            try:
                self._known[path] = _Follower(open_run(path))
            except JobError as error:
                self._unreadable.append(str(error))
                return None
        return self._known[path]


def _begun(spec: Path) -> float:
    try:
        return spec.stat().st_mtime
    except OSError:
        return 0.0


@dataclass(frozen=True)
class Difference:
    """An entry in which runs differ: what each of them says, in their order; "" where its task has no such entry."""

    entry: str
    values: tuple[str, ...]


def differences(runs: Sequence[RunFolder]) -> list[Difference]:
    """The entries of their specs in which runs differ, cohorts by name."""
    said = [_entries(run) for run in runs]
    names = list(dict.fromkeys(name for entries in said for name in entries))
    rows = [Difference(name, tuple(entries.get(name, "") for entries in said)) for name in names]
    return [row for row in rows if len(set(row.values)) > 1]


def _entries(run: RunFolder) -> dict[str, str]:
    facts = run.spec.model_dump()
    facts["cohorts"] = [f"{source['name']} {source['sha256'][:8]}".strip() for source in facts["cohorts"]]
    return {name: _word(value) for name, value in facts.items()}


def _word(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
