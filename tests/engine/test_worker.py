"""The worker as the other side of its pipes sees it: real processes, raw frames."""

import contextlib
import io
import json
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import pytest

from engine.errors import FrameError
from engine.messages import read_frame, write_frame
from engine.worker import serve
from tests.engine.explain.made import CLASSES, film, made_run

FILM = film(64, 48)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("runs") / "small").path


def answers(data: bytes, of: int = 1) -> list[tuple[dict[str, Any], dict[str, np.ndarray]]]:
    """All that the worker says to a stream of requests, in this process; `of` them get an answer."""
    told = io.BytesIO()
    serve(_Requests(data, lambda: len(_whole(told, "progress")) >= of), told, "cpu")  # type: ignore[arg-type]
    return _whole(told)


def _whole(told: io.BytesIO, besides: str = "") -> list[tuple[dict[str, Any], dict[str, np.ndarray]]]:
    stream, frames = io.BytesIO(told.getvalue()), []
    with contextlib.suppress(FrameError):  # the last may be under way
        while (frame := read_frame(stream)) is not None:
            frames.append(frame)
    return [frame for frame in frames if frame[0]["kind"] != besides]


class _Requests(io.BytesIO):
    """Its end comes when all is answered: an end means that nobody waits any more."""

    def __init__(self, data: bytes, answered: Callable[[], bool]) -> None:
        super().__init__(data)
        self._answered = answered

    def read(self, size: int | None = -1) -> bytes:
        until = time.monotonic() + 20
        while self.tell() == len(self.getvalue()) and not self._answered() and time.monotonic() < until:
            time.sleep(0.01)
        return super().read(size)


def asked(*requests: dict[str, Any], pixels: np.ndarray = FILM) -> bytes:
    stream = io.BytesIO()
    for request in requests:
        write_frame(stream, request, {"presentation": pixels})
    return stream.getvalue()


def test_requests_are_answered_in_order_with_their_numbers(run: Path) -> None:
    frames = answers(
        asked(
            {"id": 5, "kind": "hello"},
            {"id": 6, "kind": "predict", "run": str(run)},
            {"id": 7, "kind": "gradcam", "run": str(run), "targets": ["tube", "nodule"]},
        ),
        of=3,
    )
    results = [(header, arrays) for header, arrays in frames if header["kind"] == "result"]
    assert [header["id"] for header, _ in results] == [5, 6, 7]
    assert results[0][0]["device"] == "cpu" and results[0][0]["versions"]["torch"]
    told = results[1][0]["probabilities"]
    assert tuple(told) == CLASSES
    first, second = results[2][0]["explanations"]
    assert (first["target"], second["target"]) == ("tube", "nodule")
    assert first["probability"] == pytest.approx(told["tube"], abs=1e-6)
    assert results[2][1]["values1"].shape == (64, 48)


@pytest.mark.parametrize(
    ("request_", "pixels", "sentence"),
    [
        ({"kind": "cook"}, FILM, "kind = 'cook' is refused"),
        ({"kind": "predict", "shell": "rm"}, FILM, "shell = 'rm' is refused"),
        ({"kind": "predict", "run": 3}, FILM, "run = 3 is refused"),
        ({"kind": "predict", "run": "/nowhere"}, FILM, "is not a run"),
        ({"kind": "gradcam", "targets": ["gout"]}, FILM, "does not know 'gout'"),
        ({"kind": "occlusion", "options": {"stride": -1}}, FILM, "stride = -1 is not possible"),
        ({"kind": "gradcam"}, FILM[None], "not float32 \\(1, 64, 48\\)"),
        ({"kind": "gradcam"}, FILM.astype(np.float64), "not float64"),
        ({"kind": "gradcam"}, FILM * 2, "values from 0 to 1"),
        ({"kind": "gradcam"}, FILM * np.nan, "values from 0 to 1"),
        ({"kind": "gradcam"}, FILM[:0], "is a plane"),
    ],
)
def test_bad_requests_get_one_sentence_and_the_next_is_served(
    run: Path, request_: dict[str, Any], pixels: np.ndarray, sentence: str
) -> None:
    import re

    data = asked({"id": 1, "run": str(run), **request_}, pixels=pixels) + asked({"id": 2, "kind": "hello"})
    first, second = answers(data, of=2)
    assert first[0]["kind"] == "error" and first[0]["id"] == 1
    assert re.search(sentence, first[0]["text"])
    assert "\n" not in first[0]["text"]
    assert second[0]["kind"] == "result"


def test_a_request_without_image_or_number_is_refused(run: Path) -> None:
    stream = io.BytesIO()
    write_frame(stream, {"id": 1, "kind": "gradcam", "run": str(run)})
    write_frame(stream, {"kind": "hello"})
    write_frame(stream, {"id": "one", "kind": "hello"})
    told = {str(header["text"]) for header, _ in answers(stream.getvalue(), of=3)}
    assert any("has no image" in text for text in told)
    assert any("id = 'one' is refused" in text for text in told)
    assert any("Field required" in text for text in told)


def test_a_stream_that_is_no_stream_of_frames_ends_it() -> None:
    ((header, _),) = answers(b"GET / HTTP/1.1\r\n\r\n")
    assert header["kind"] == "error" and "no frame" in header["text"]


def test_a_network_is_read_again_when_its_checkpoint_changes(tmp_path: Path) -> None:
    place = made_run(tmp_path / "run", seed=1).path
    before = answers(asked({"id": 1, "kind": "predict", "run": str(place)}))[-1][0]["probabilities"]
    weights = (made_run(tmp_path / "other", seed=2).checkpoints / "best.safetensors").read_bytes()
    with _Process() as worker:
        assert worker.ask({"id": 1, "kind": "predict", "run": str(place)})["probabilities"] == before
        (place / "checkpoints" / "best.safetensors").write_bytes(weights)
        assert worker.ask({"id": 2, "kind": "predict", "run": str(place)})["probabilities"] != before
        sham = [
            worker.ask({"id": 3 + seed, "kind": "predict", "run": str(place), "randomised_seed": seed})["probabilities"]
            for seed in (0, 1)
        ]
        assert sham[0] != sham[1]


class _Process:
    """A worker process."""

    def __init__(self, *command: str) -> None:
        self.popen = subprocess.Popen(
            command or [sys.executable, "-m", "engine", "worker", "--threads", "1", "--device", "cpu"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.stdin, self.stdout = cast(BinaryIO, self.popen.stdin), cast(BinaryIO, self.popen.stdout)

    def send(self, header: dict[str, Any]) -> None:
        write_frame(self.stdin, header, {"presentation": FILM})

    def next(self) -> dict[str, Any]:
        frame = read_frame(self.stdout)
        assert frame is not None
        return frame[0]

    def ask(self, header: dict[str, Any]) -> dict[str, Any]:
        self.send(header)
        while (answer := self.next())["kind"] == "progress":
            pass
        return answer

    def __enter__(self) -> "_Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.popen.kill()
        self.popen.wait()
        for pipe in (self.stdin, self.stdout, cast(BinaryIO, self.popen.stderr)):
            with contextlib.suppress(OSError):
                pipe.close()


@pytest.fixture(scope="module")
def worker() -> Iterator[_Process]:
    with _Process() as process:
        process.ask({"id": 0, "kind": "hello"})
        yield process


def long_request(run: Path, number: int) -> dict[str, Any]:
    """Some ten seconds of work on an idle machine; nothing here waits for its end."""
    options = {"stride": 1, "size": 4, "batch": 1}
    return {"id": number, "kind": "occlusion", "run": str(run), "options": options}


def test_a_cancel_is_heard_within_a_second_in_the_middle_of_a_batch(worker: _Process, run: Path) -> None:
    """The best of three: the process stands back, and whatever else runs here comes first."""
    waits = []
    for number in (10, 12, 14):
        worker.send(long_request(run, number))
        worker.send({"id": number + 1, "kind": "hello"})  # waits its turn
        assert worker.next()["kind"] == "progress"  # it is at work
        began = time.monotonic()
        worker.send({"id": number, "kind": "cancel"})
        while (answer := worker.next())["kind"] == "progress":
            pass
        waits.append(time.monotonic() - began)
        assert answer == {"id": number, "kind": "cancelled"}
        assert worker.next()["id"] == number + 1
    assert min(waits) < 1.0


def test_a_request_that_waits_can_be_cancelled_too(worker: _Process, run: Path) -> None:
    worker.send(long_request(run, 20))
    worker.send({"id": 21, "kind": "predict", "run": str(run)})
    for number in (21, 20, 99):  # nobody asked 99
        worker.send({"id": number, "kind": "cancel"})
    told = [worker.next() for _ in range(2)]
    assert [(each["id"], each["kind"]) for each in told] == [(20, "cancelled"), (21, "cancelled")]
    assert worker.ask({"id": 21, "kind": "hello"})["kind"] == "result"  # the number is free again


def test_it_reports_progress(worker: _Process, run: Path) -> None:
    options = {"stride": 2, "size": 4, "batch": 1}
    worker.send({"id": 30, "kind": "occlusion", "run": str(run), "targets": ["tube"], "options": options})
    shares = []
    while (answer := worker.next())["kind"] == "progress":
        assert answer["id"] == 30
        shares.append(answer["share"])
    assert answer["kind"] == "result"
    assert shares == sorted(shares) and shares[0] > 0 and shares[-1] <= 1


def test_it_ends_with_its_input_even_while_it_works(run: Path) -> None:
    with _Process() as process:
        process.ask({"id": 0, "kind": "hello"})
        process.send(long_request(run, 1))
        time.sleep(1.0)
        process.stdin.close()
        assert process.popen.wait(10) == 0


def test_what_libraries_print_lands_on_standard_error() -> None:
    """Also what they write past Python, to the file descriptor itself."""
    script = (
        "import os, sys, engine.worker as w\n"
        "before = w.serve\n"
        "def serve(*a):\n"
        "    print('hello from a library'); os.write(1, b'and from C\\n'); sys.stdout.flush(); before(*a)\n"
        "w.serve = serve\n"
        "w.main(1, 'cpu')\n"
    )
    with _Process(sys.executable, "-c", script) as process:
        assert process.ask({"id": 1, "kind": "hello"})["kind"] == "result"
        process.stdin.close()
        said = cast(BinaryIO, process.popen.stderr).read()
        assert b"hello from a library" in said and b"and from C" in said


def test_too_many_waiting_requests_are_refused(worker: _Process, run: Path) -> None:
    worker.send(long_request(run, 100))
    sender = threading.Thread(target=lambda: [worker.send({"id": 101 + n, "kind": "hello"}) for n in range(70)])
    sender.start()
    sender.join()
    worker.send({"id": 100, "kind": "cancel"})
    told = [worker.next() for _ in range(71)]
    refused = [each for each in told if each["kind"] == "error"]
    assert len(refused) == 7 and all("waiting already" in each["text"] for each in refused)


def test_a_header_that_is_too_long_is_not_read() -> None:
    data = struct.pack(">I", 1 << 30) + json.dumps({}).encode()
    ((header, _),) = answers(data)
    assert "no frame" in header["text"]
