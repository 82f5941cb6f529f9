"""Runs are followed by their folders: what they say is read once, kills and resumes included."""

import time
from pathlib import Path

from engine.jobs.making import make_spec
from engine.jobs.run import RunFolder, create_run
from engine.locking import held
from readerapp.lab.run_watch import RunLook, RunsWatch, differences


def made(root: Path, name: str, **settings: object) -> RunFolder:
    return create_run(root / name, make_spec("race", settings=settings))


def look_at(watch: RunsWatch, root: Path) -> RunLook:
    (found,) = watch.look(root).runs
    return found


def step(run: RunFolder, images: int, loss: float | None) -> None:
    run.log.say(
        "step", images=images, of=400, epoch=1, loss=loss, learning_rate=1e-3, images_per_s=50.0, remaining_s=6.0
    )


def test_a_run_goes_from_waiting_to_finished(tmp_path: Path) -> None:
    run, watch = made(tmp_path, "a"), RunsWatch()
    assert look_at(watch, tmp_path).state == "queued"
    with held(run.lock, "held"):
        run.log.say("state", state="running", pid=1)
        run.log.say("state", state="running", preparing_images=0.25)
        assert look_at(watch, tmp_path).preparing == 0.25
        step(run, 100, 0.5)
        seen = look_at(watch, tmp_path)
        assert (seen.state, seen.share, seen.images_per_s, seen.remaining_s) == ("running", 0.25, 50.0, 6.0)
        assert (seen.preparing, seen.loss) == (None, ((100.0, 0.5),))
        run.log.say("metric", epoch=1, images=100, split="val", name="macro_auc", value=0.7)
        run.log.say("metric", epoch=1, images=100, split="val", name="auc.x", value=None)
    run.log.say("state", state="finished")
    seen = look_at(watch, tmp_path)
    assert (seen.state, seen.share, seen.remaining_s) == ("finished", 1.0, None)
    assert dict(seen.metrics) == {"val macro_auc": ((100.0, 0.7),)}


def test_a_run_whose_process_is_gone_is_interrupted_and_can_be_resumed(tmp_path: Path) -> None:
    run = made(tmp_path, "a")
    run.log.say("state", state="running", pid=1)
    seen = look_at(RunsWatch(), tmp_path)
    assert seen.state == "interrupted"
    assert seen.can_resume
    assert not seen.at_work


def test_what_a_resumed_run_does_again_replaces_what_was_there(tmp_path: Path) -> None:
    run, watch = made(tmp_path, "a"), RunsWatch()
    for images, loss in ((100, 0.9), (200, 0.8), (300, 0.7)):
        step(run, images, loss)
    look_at(watch, tmp_path)
    step(run, 200, 0.6)
    assert look_at(watch, tmp_path).loss == ((100.0, 0.9), (200.0, 0.6))


def test_a_long_run_has_no_more_points_than_a_screen(tmp_path: Path) -> None:
    run = made(tmp_path, "a")
    line = '{"time": "t", "kind": "step", "images": %d, "of": 50000, "loss": 1.0}\n'
    (run.path / "events.jsonl").write_text("".join(line % n for n in range(50_000)), encoding="utf-8")
    watch = RunsWatch()
    seen = look_at(watch, tmp_path)
    assert len(seen.loss) <= 1501
    assert seen.loss[-1][0] == 49_999
    begun = time.perf_counter()
    look_at(watch, tmp_path)
    assert time.perf_counter() - begun < 0.1, "what was read once is not read again"


def test_a_folder_that_cannot_be_read_is_named_and_others_are_shown(tmp_path: Path) -> None:
    made(tmp_path, "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "spec.json").write_text('{"spec": {"task": "race", "epochs": 0}}', encoding="utf-8")
    (tmp_path / "nothing").mkdir()
    seen = RunsWatch().look(tmp_path)
    assert [run.name for run in seen.runs] == ["good"]
    assert len(seen.unreadable) == 1
    assert "bad: epochs" in seen.unreadable[0]


def test_a_root_that_is_not_there_has_no_runs(tmp_path: Path) -> None:
    assert RunsWatch().look(tmp_path / "none").runs == ()


def test_specs_are_compared_entry_by_entry(tmp_path: Path) -> None:
    runs = [made(tmp_path, "a"), made(tmp_path, "b", epochs=3, early_stopping_patience=2)]
    found = {each.entry: each.values for each in differences(runs)}
    assert found == {"epochs": ("10", "3"), "early_stopping_patience": ("–", "2")}
    other = create_run(tmp_path / "c", make_spec("pathology"))
    found = {each.entry: each.values for each in differences([runs[0], other])}
    assert found["task"] == ("race", "pathology")
    assert found["uncertain"] == ("", "masked")
