"""Watching a run from outside: its events as they come, whoever works on it."""

import time
from collections.abc import Callable, Iterator

from engine.jobs.events import Event, read_events
from engine.jobs.run import RunFolder

__all__ = ["event_line", "follow"]

_PAUSE_S = 0.2


def follow(run: RunFolder, until: Callable[[], bool], start: int = 0) -> Iterator[Event]:
    """Every event from byte `start` of the log on, until `until()` holds and nothing more has come."""
    while True:
        over = until()
        events, start = read_events(run.path / "events.jsonl", start)
        yield from events
        if over and not events:
            return
        if not over:
            time.sleep(_PAUSE_S)


def event_line(event: Event) -> str:
    """An event in the words of the shell; "" for what a progress bar shows."""
    facts = event.facts
    if event.kind == "metric":
        value = facts.get("value")
        shown = "not estimable" if value is None else f"{value:.4f}"
        return f"epoch {facts.get('epoch', '-')}: {facts.get('split', '')} {facts['name']} {shown}"
    if event.kind in ("warning", "error"):
        return str(facts.get("text", ""))
    return ""
