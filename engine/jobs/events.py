"""What a run says of itself: one JSON object a line, flushed, read by the window, the shell and a cluster alike.

Every line has `time` (UTC, ISO 8601) and `kind`:
  state    {"state": "queued|running|finished|failed|cancelled|interrupted", …}
  step     {"images": seen so far, "of": all, "epoch": n, "loss": x, "learning_rate": x, "images_per_s": x,
            "remaining_s": x}
  metric   {"epoch": n, "images": n, "split": "val", "name": "macro_auc", "value": x}
  warning  {"text": one sentence}
  error    {"text": one sentence}
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

__all__ = ["Event", "EventLog", "Kind", "State", "read_events"]

Kind = Literal["state", "step", "metric", "warning", "error"]
State = Literal["queued", "running", "finished", "failed", "cancelled", "interrupted"]


@dataclass(frozen=True)
class Event:
    kind: Kind
    time: str  # UTC, ISO 8601
    facts: dict[str, Any] = field(default_factory=dict)


class EventLog:
    """Appends events to a file; every line is whole on disk before the next begins."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def say(self, kind: Kind, **facts: Any) -> None:
        """Append one event. Numbers that are not finite are written as null: JSON has no word for them."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "kind": kind, **facts}
        text = json.dumps({key: _plain(value) for key, value in line.items()}, ensure_ascii=False, allow_nan=False)
        with self._path.open("a+b") as stream:
            if _ends_within_a_line(self._path):  # the process was killed while it wrote
                stream.write(b"\n")
            stream.write(f"{text}\n".encode())
            stream.flush()


def read_events(path: Path, start: int = 0) -> tuple[list[Event], int]:
    """The whole events from byte `start` on, and where the next reading begins. A line cut short is left for later."""
    if not path.is_file():
        return [], start
    with path.open("rb") as stream:
        stream.seek(start)
        data = stream.read()
    whole = data[: data.rfind(b"\n") + 1]
    return list(_parsed(whole)), start + len(whole)


def _parsed(data: bytes) -> Iterator[Event]:
    for line in data.splitlines():
        try:
            facts = json.loads(line)
            yield Event(facts.pop("kind"), facts.pop("time"), facts)
        except (ValueError, KeyError, AttributeError):
            continue  # a line cut short by a kill


def _ends_within_a_line(path: Path) -> bool:
    with path.open("rb") as stream:
        if not stream.seek(0, 2):
            return False
        stream.seek(-1, 2)
        return stream.read(1) != b"\n"


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
