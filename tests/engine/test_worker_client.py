import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch

from engine.counterfactuals import CounterfactualOptions
from engine.errors import Cancelled, ImageError, JobError
from engine.explain.counterfactual import counterfactuals, load_imagined
from engine.explain.methods import explain
from engine.explain.options import GradCamOptions
from engine.explain.subject import load_explained
from engine.worker_client import Worker
from tests.engine.explain.made import CLASSES, film, made_run
from tests.engine.explain.made_imaginer import FINDINGS, made_runs

FILM = film(64, 48)
COMMAND = (sys.executable, "-m", "engine", "worker", "--threads", "1", "--device", "cpu")
LONG = {"stride": 1, "size": 4, "batch": 1}  # some ten seconds on an idle machine; nothing here waits for its end


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("runs") / "small").path


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(COMMAND) as started:
        yield started


def test_explanations_are_those_of_the_engine_with_their_provenance(worker: Worker, run: Path) -> None:
    torch.set_num_threads(1)
    found = worker.explain(FILM, run, "gradcam", ["tube", "effusion"], {"relu": False})
    ours = explain(load_explained(run), FILM, ["tube", "effusion"], GradCamOptions(relu=False))
    for mine, theirs in zip(ours, found, strict=True):
        assert theirs.to_json() == mine.to_json()
        np.testing.assert_array_equal(theirs.values, mine.values)
        assert theirs.signed and (theirs.image_rows, theirs.image_columns) == (64, 48)
        assert theirs.run == "small" and len(theirs.weights_sha256) == len(theirs.spec_sha256) == 64
        assert theirs.probability == pytest.approx(worker.predict(FILM, run)[theirs.target], abs=1e-6)


def test_no_targets_are_all_of_them(worker: Worker, run: Path) -> None:
    assert tuple(each.target for each in worker.explain(FILM, run, "gradcam", [])) == CLASSES


def test_a_sham_says_its_seed_and_differs(worker: Worker, run: Path) -> None:
    (true,) = worker.explain(FILM, run, "gradcam", ["tube"])
    (sham,) = worker.explain(FILM, run, "gradcam", ["tube"], randomised_seed=4)
    (again,) = worker.explain(FILM, run, "gradcam", ["tube"], randomised_seed=4)
    assert (true.randomised_seed, sham.randomised_seed) == (None, 4)
    assert not np.array_equal(true.values, sham.values)
    assert sham.to_bytes() == again.to_bytes()


def test_pixels_may_be_sent_as_they_are_stored(worker: Worker, run: Path) -> None:
    eight = np.rint(FILM * 255).astype(np.uint8)
    sixteen = np.rint(FILM * 65535).astype(np.uint16)
    as_floats = worker.predict((eight / np.float32(255)).astype(np.float32), run)
    assert worker.predict(eight, run) == as_floats
    for name, p in worker.predict(sixteen, run).items():
        assert p == pytest.approx(worker.predict(FILM, run)[name], abs=1e-3)
    with pytest.raises(ImageError, match="int32"):
        worker.predict(FILM.astype(np.int32), run)


def test_refusals_are_raised_as_they_are_said(worker: Worker, run: Path) -> None:
    with pytest.raises(JobError, match="does not know 'gout'; it knows effusion, nodule, tube"):
        worker.explain(FILM, run, "gradcam", ["gout"])
    with pytest.raises(JobError, match="is not a run"):
        worker.predict(FILM, "/nowhere")
    with pytest.raises(ImageError, match="values from 0 to 1"):
        worker.predict(FILM * 2, run)


@pytest.mark.parametrize("how", ["asked", "called"])
def test_cancelling_takes_less_than_a_second_and_the_process_goes_on(worker: Worker, run: Path, how: str) -> None:
    """The best of three: the process stands back, and whatever else runs here comes first."""
    pid = worker.hello().pid
    waits = [_cancelled_after(worker, run, how) for _ in range(3)]
    assert min(waits) < 1.0
    assert worker.hello().pid == pid


def _cancelled_after(worker: Worker, run: Path, how: str) -> float:
    wanted: list[float] = []

    def stop(share: float) -> None:
        if not wanted:
            wanted.append(time.monotonic())
            if how == "called":
                worker.cancel()

    with pytest.raises(Cancelled):
        worker.explain(FILM, run, "occlusion", ["tube"], LONG, stop, lambda: how == "asked" and bool(wanted))
    return time.monotonic() - wanted[0]


@pytest.fixture(scope="module")
def head(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_runs(tmp_path_factory.mktemp("imagined"))[1].path


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """A process whose encodings are kept in a folder of its own."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    with Worker(COMMAND) as started:
        started.hello()
        if before is None:
            del os.environ["XDG_CACHE_HOME"]
        else:
            os.environ["XDG_CACHE_HOME"] = before
        yield started


def test_counterfactuals_are_those_of_the_engine(drawing: Worker, head: Path) -> None:
    torch.set_num_threads(1)
    options = CounterfactualOptions(amplitudes=(-1.0, 0.0, 2.0), encode_steps=12, decode_steps=10)
    shares: list[float] = []
    found = drawing.counterfactual(FILM, head, ["drain", "wires"], options, shares.append)
    assert shares == sorted(shares) and 0 <= shares[0] <= shares[-1] <= 1
    for mine, theirs in zip(
        counterfactuals(load_imagined(head), FILM, ["drain", "wires"], options), found, strict=True
    ):
        facts, others = mine.to_json(), theirs.to_json()
        assert {**facts, "seconds": 0} == {**others, "seconds": 0}
        np.testing.assert_array_equal(theirs.drawings, mine.drawings)
        np.testing.assert_array_equal(theirs.factual, mine.factual)
    again = drawing.counterfactual(FILM, head, [], options)
    assert [each.target for each in again] == list(FINDINGS)
    np.testing.assert_array_equal(again[0].reconstruction, found[0].reconstruction)


def test_how_long_it_would_take_is_asked_first(drawing: Worker, head: Path) -> None:
    preview = drawing.counterfactual_seconds(head, ["drain"], CounterfactualOptions(preview=True))
    assert 0 < preview < drawing.counterfactual_seconds(head, ["drain"])


def test_refused_counterfactuals_are_told(drawing: Worker, head: Path, run: Path) -> None:
    with pytest.raises(JobError, match="does not know 'gout'; it knows effusion, drain, wires"):
        drawing.counterfactual(FILM, head, ["gout"])
    with pytest.raises(JobError, match="small classifies images and draws none"):
        drawing.counterfactual(FILM, run, ["tube"])


def test_a_counterfactual_is_cancelled_within_a_second(drawing: Worker, head: Path) -> None:
    """The best of three, as above; each is of another image, for what was encoded is not encoded again."""
    waits = []
    for number in range(3):
        wanted: list[float] = []
        options = CounterfactualOptions(encode_steps=1000, decode_steps=1000)
        with pytest.raises(Cancelled):
            drawing.counterfactual(
                np.roll(FILM, number, 0),
                head,
                [],
                options,
                lambda share, wanted=wanted: wanted.append(time.monotonic()),  # type: ignore[misc]
                lambda wanted=wanted: bool(wanted),  # type: ignore[misc]
            )
        waits.append(time.monotonic() - wanted[0])
    assert min(waits) < 1.0
    assert drawing.hello().pid == drawing.hello().pid


def test_progress_is_passed_on(worker: Worker, run: Path) -> None:
    shares: list[float] = []
    worker.explain(FILM, run, "occlusion", [], LONG | {"stride": 2}, shares.append)
    assert shares and shares == sorted(shares) and 0 < shares[0] <= shares[-1] <= 1


def test_threads_take_turns(worker: Worker, run: Path) -> None:
    told: list[dict[str, float]] = []
    threads = [threading.Thread(target=lambda: told.append(worker.predict(FILM, run))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 4 and all(each == told[0] for each in told)


def test_a_process_that_dies_is_started_anew_with_a_sentence(run: Path) -> None:
    said: list[str] = []
    with Worker(COMMAND, say=said.append) as worker:
        first = worker.hello().pid
        _kill(first)
        second = worker.hello().pid  # it died while nobody asked: the next request hears nothing of it
        assert second != first
        assert len(said) == 1 and "stopped" in said[0] and "started anew" in said[0]
        with pytest.raises(JobError, match=r"the engine's process stopped .*while it worked; ask again"):
            worker.explain(FILM, run, "occlusion", [], LONG, lambda share: _kill(second))
        assert worker.hello().pid not in (first, second)


def _kill(pid: int) -> None:
    import signal

    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    if sys.platform != "win32":
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # on a busy machine a dead process takes its time to go
    time.sleep(0.3)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("import sys; sys.exit('no torch here')", "before it was ready; it last said: no torch here"),
        ("print('Welcome to host', flush=True); input()", "wrote what is no answer.*begins with b'Welc'"),
        ("import time; time.sleep(60)", "did not answer for 2 s and was ended"),
    ],
)
def test_a_command_that_is_no_worker_gets_a_sentence(script: str, sentence: str) -> None:
    worker = Worker((sys.executable, "-c", script), start_seconds=2.0)
    with pytest.raises(JobError, match=sentence):
        worker.hello()
    worker.close()


def test_a_command_that_is_not_there_gets_a_sentence() -> None:
    with pytest.raises(JobError, match="'no-such-program worker' cannot be started"):
        Worker(("no-such-program", "worker")).hello()


def test_one_that_falls_silent_is_ended() -> None:
    script = (
        "import sys, time\n"
        "from engine.messages import read_frame, write_frame\n"
        "read_frame(sys.stdin.buffer)\n"
        "write_frame(sys.stdout.buffer, {'id': 0, 'kind': 'result'})\n"
        "time.sleep(60)\n"
    )
    worker = Worker((sys.executable, "-c", script), silence_seconds=1.0)
    with pytest.raises(JobError, match="said nothing for 1 s and was ended"):
        worker.hello()
    worker.close()


def test_another_place_through_a_pipe(run: Path, tmp_path: Path) -> None:
    """As over ssh: a program between us and the worker that copies bytes, in another working directory."""
    between = (
        "import os, subprocess, sys, threading\n"
        f"os.chdir({str(tmp_path)!r})\n"
        f"inner = subprocess.Popen({list(COMMAND)!r}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "def copy(source, sink):\n"
        "    while data := os.read(source.fileno(), 1000):\n"
        "        sink.write(data); sink.flush()\n"
        "    sink.close()\n"
        "threading.Thread(target=copy, args=(sys.stdin.buffer, inner.stdin), daemon=True).start()\n"
        "copy(inner.stdout, sys.stdout.buffer)\n"
    )
    with Worker((sys.executable, "-c", between)) as far:
        (found,) = far.explain(FILM, run, "gradcam", ["tube"])
        (near,) = explain(load_explained(run), FILM, ["tube"], GradCamOptions())
        np.testing.assert_allclose(found.values, near.values, atol=1e-6)
        pid = far.hello().pid
    deadline = time.monotonic() + 15
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    shown = subprocess.run([sys.executable, "-c", _LIVES, str(pid)], check=False)
    return shown.returncode == 0


_LIVES = (
    "import sys, pathlib\n"
    "state = pathlib.Path(f'/proc/{sys.argv[1]}/stat')\n"
    "sys.exit(0 if state.exists() and state.read_text().split()[2] != 'Z' else 1)\n"
)


def test_closing_ends_the_process(run: Path) -> None:
    worker = Worker(COMMAND)
    worker.hello()
    process = worker._process
    assert process is not None
    worker.close()
    assert process._popen.poll() is not None
    assert cast(bool, worker._process is None)


def test_the_client_needs_no_torch() -> None:
    says = "import sys, engine.worker_client; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", says], check=False).returncode == 0
