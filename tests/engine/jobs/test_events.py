from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.jobs.events import EventLog, read_events


def test_events_come_back_in_order(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl")
    log.say("state", state="running")
    log.say("step", images=32, of=64, loss=float("nan"))
    events, end = read_events(tmp_path / "events.jsonl")
    assert [event.kind for event in events] == ["state", "step"]
    assert events[1].facts == {"images": 32, "of": 64, "loss": None}  # JSON has no word for NaN
    log.say("warning", text="später")
    later, _ = read_events(tmp_path / "events.jsonl", end)
    assert [event.facts["text"] for event in later] == ["später"]


def test_no_log_is_no_event(tmp_path: Path) -> None:
    assert read_events(tmp_path / "events.jsonl") == ([], 0)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.integers(0, 400))
def test_a_log_cut_anywhere_loses_only_its_last_line(texts: list[str], cut: int) -> None:
    """A killed process may leave half a line; what is said after it is read all the same."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        for text in texts:
            EventLog(path).say("warning", text=text)
        whole = path.read_bytes()
        path.write_bytes(whole[:cut])
        kept = whole[:cut].count(b"\n")
        EventLog(path).say("error", text="after")
        said = [event.facts["text"] for event in read_events(path)[0]]
        assert said[:kept] == texts[:kept] and said[-1] == "after"
