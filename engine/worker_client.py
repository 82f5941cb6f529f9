"""The warm engine process as its callers see it: pixels in, explanations out. No torch.

The process is started with the first request, here or on another machine (`ssh host engine worker`), and used again.
One that died is started anew, and a sentence says so.
"""

import atexit
import contextlib
import logging
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath
from typing import IO, Any, BinaryIO, cast

import numpy as np

from engine.counterfactuals import Counterfactual, CounterfactualOptions
from engine.errors import Cancelled, CohortError, EngineError, FrameError, ImageError, JobError
from engine.explanations import Explanation, Method
from engine.messages import read_frame, write_frame

__all__ = ["Worker", "WorkerFacts"]

_LOG = logging.getLogger(__name__)
_START_SECONDS = 120.0  # torch alone takes some seconds on a fast disk
_SILENCE_SECONDS = 300.0  # between two frames while it works: it reports after every batch
_CANCEL_SECONDS = 5.0  # a batch may be under way; then it is ended
_LOOK_SECONDS = 0.05  # how often `cancelled` is asked
_ERRORS: Mapping[str, type[EngineError]] = {"ImageError": ImageError, "CohortError": CohortError}

Frame = tuple[dict[str, Any], dict[str, np.ndarray]]


@dataclass(frozen=True)
class WorkerFacts:
    """What a process says of itself."""

    versions: Mapping[str, str]
    threads: int
    device: str  # "cpu", "cuda"
    pid: int


class Worker:
    """One engine process; a context manager. Requests of several threads take turns.

    command: what to start; None: this Python's engine. `say` is called with a sentence for a person when a process that
    died is started anew. Every request raises JobError where the process dies or falls silent, and the error of the
    engine (JobError, ImageError) where it refuses.
    """

    def __init__(
        self,
        command: Sequence[str] | None = None,
        *,
        say: Callable[[str], None] | None = None,
        start_seconds: float = _START_SECONDS,
        silence_seconds: float = _SILENCE_SECONDS,
    ) -> None:
        self._command = tuple(command or (sys.executable, "-m", "engine", "worker"))
        self._say = say or _LOG.warning
        self._start_seconds, self._silence_seconds = start_seconds, silence_seconds
        self._process: _Process | None = None
        self._turn = threading.Lock()
        self._numbers = count(1)
        self._asked_to_cancel = threading.Event()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hello(self) -> WorkerFacts:
        """Start the process if need be, and ask what it is; its answer means that it is warm."""
        header, _ = self._ask({"kind": "hello"}, {})
        return WorkerFacts(header["versions"], header["threads"], header["device"], header["pid"])

    def predict(
        self,
        presentation: np.ndarray,
        run: PurePath | str,
        *,
        on_progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> dict[str, float]:
        """Probability of each class of a run for one image, in [0, 1].

        presentation: as of `explain`. run: folder of the run, as the machine of the process names it.
        """
        header, _ = self._ask(
            {"kind": "predict", "run": _place(run)}, {"presentation": _plane(presentation)}, on_progress, cancelled
        )
        return {name: float(p) for name, p in header["probabilities"].items()}

    def explain(
        self,
        presentation: np.ndarray,
        run: PurePath | str,
        method: Method,
        targets: Sequence[str],
        options: Mapping[str, Any] | None = None,
        on_progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        *,
        randomised_seed: int | None = None,
        all_cores: bool = False,
    ) -> list[Explanation]:
        """Explanations of one image, one for each target, in that order, all in one pass.

        presentation: (rows, columns) of `engine.images.grey.presentation`, float32 in [0, 1], or the same as uint8 or
        uint16 over their full range, which is less to send. run: folder of the run, as the machine of the process names
        it. targets: classes of the run; none: all of them. options: of the method (`engine.explain`).
        randomised_seed: the same network with random weights from this seed (a sham). all_cores: nobody reads just now.
        Raises Cancelled within a second or so of `cancel`, or of `cancelled` being true.
        """
        request = {
            "kind": method,
            "run": _place(run),
            "targets": list(targets),
            "options": dict(options or {}),
            "randomised_seed": randomised_seed,
            "all_cores": all_cores,
        }
        header, arrays = self._ask(request, {"presentation": _plane(presentation)}, on_progress, cancelled)
        return [
            Explanation.from_parts(facts, arrays[f"values{number}"])
            for number, facts in enumerate(header["explanations"])
        ]

    def counterfactual(
        self,
        presentation: np.ndarray,
        run: PurePath | str,
        targets: Sequence[str],
        options: CounterfactualOptions | None = None,
        on_progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        *,
        all_cores: bool = False,
    ) -> list[Counterfactual]:
        """One image as a run imagines it with each target, in that order; of no targets, with each of its findings.

        presentation, run and cancelling: as of `explain`; the run is a head on the codes of a diffusion run. What was
        encoded once is drawn from sooner, also by another process.
        """
        request = _imagining("counterfactual", run, targets, options, all_cores)
        header, arrays = self._ask(request, {"presentation": _plane(presentation)}, on_progress, cancelled)
        return [
            Counterfactual.from_parts(facts, arrays["factual"], arrays["reconstruction"], arrays[f"drawings{number}"])
            for number, facts in enumerate(header["counterfactuals"])
        ]

    def counterfactual_seconds(
        self,
        run: PurePath | str,
        targets: Sequence[str],
        options: CounterfactualOptions | None = None,
        *,
        all_cores: bool = False,
    ) -> float:
        """About how long `counterfactual` will take for an image that was never encoded; measured, in some looks."""
        header, _ = self._ask(_imagining("seconds", run, targets, options, all_cores), {})
        return float(header["seconds"])

    def cancel(self) -> None:
        """Ask to stop what is being worked on, from any thread; that request then raises Cancelled."""
        self._asked_to_cancel.set()

    def close(self) -> None:
        """End the process; a later request would start another."""
        self.cancel()
        with self._turn:
            self._end()

    def _ask(
        self,
        request: Mapping[str, Any],
        arrays: Mapping[str, np.ndarray],
        on_progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Frame:
        with self._turn:
            self._asked_to_cancel.clear()
            process = self._running()
            number = next(self._numbers)
            try:
                process.send({**request, "id": number}, arrays)
                wanted = lambda: self._asked_to_cancel.is_set() or (cancelled is not None and cancelled())  # noqa: E731
                return self._answer(process, number, on_progress or _nothing, wanted)
            except (_Gone, FrameError) as error:
                self._end()
                raise JobError(process.obituary(error, "while it worked; ask again, and it is started anew")) from error

    def _answer(
        self, process: "_Process", number: int, on_progress: Callable[[float], None], wanted: Callable[[], bool]
    ) -> Frame:
        """Wait for the result of a request, passing on its progress and the wish to cancel it."""
        heard, asked = time.monotonic(), 0.0
        while True:
            if not asked and wanted():
                asked = time.monotonic()
                process.send({"kind": "cancel", "id": number}, {})
            if asked and time.monotonic() - asked > _CANCEL_SECONDS:
                self._end()  # deep in a batch, or hung: nobody waits for it
                raise Cancelled("stopped")
            if time.monotonic() - heard > self._silence_seconds:
                raise _Gone(f"said nothing for {self._silence_seconds:.0f} s and was ended")
            frame = process.next(_LOOK_SECONDS)
            if frame is None or frame[0].get("id") not in (number, None):
                continue
            heard = time.monotonic()
            if frame[0]["kind"] == "progress":
                on_progress(float(frame[0]["share"]))
            else:
                return _result(frame)

    def _running(self) -> "_Process":
        if self._process is not None and not self._process.alive:
            self._say(self._process.obituary(_Gone("stopped"), "and is started anew"))
            self._end()
        if self._process is None:
            self._process = _Process(self._command)
            try:
                self._process.greet(self._start_seconds)
            except (_Gone, FrameError) as error:
                sentence = self._process.obituary(error, "before it was ready")
                self._end()
                raise JobError(sentence) from error
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


def _nothing(_: float) -> None: ...


def _place(run: PurePath | str) -> str:
    """A run on this machine by its whole path: the process may have another working directory."""
    path = Path(run)
    return str(path.resolve()) if path.exists() else str(run)


def _imagining(
    kind: str, run: PurePath | str, targets: Sequence[str], options: CounterfactualOptions | None, all_cores: bool
) -> dict[str, Any]:
    asked = (options or CounterfactualOptions()).model_dump(mode="json")
    return {"kind": kind, "run": _place(run), "targets": list(targets), "options": asked, "all_cores": all_cores}


def _plane(presentation: np.ndarray) -> np.ndarray:
    if presentation.ndim != 2 or presentation.dtype not in (np.float32, np.uint8, np.uint16):
        raise ImageError(
            f"an image to explain is a plane of float32, uint8 or uint16; this is {presentation.dtype} "
            f"{presentation.shape}"
        )
    return presentation


def _result(frame: Frame) -> Frame:
    header, _ = frame
    if header["kind"] == "result":
        return frame
    if header["kind"] == "cancelled":
        raise Cancelled("stopped")
    raise _ERRORS.get(str(header.get("error")), JobError)(str(header.get("text", header)))


class _Gone(Exception):
    """The process ended or hangs; the text ends a sentence that begins with "the engine's process"."""


class _Process:
    """One process with its pipes: a thread reads its answers, another what it says besides."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._answers: queue.Queue[Frame | Exception] = queue.Queue()
        self._said: deque[str] = deque(maxlen=20)
        try:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise JobError(f"'{' '.join(command)}' cannot be started: {error.strerror or error}") from error
        self._threads = [
            threading.Thread(target=work, daemon=True, name=f"engine {work.__name__}")
            for work in (self._read, self._listen)
        ]
        for thread in self._threads:
            thread.start()
        _living.add(self)

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def greet(self, seconds: float) -> None:
        """Wait until it answers."""
        self.send({"kind": "hello", "id": 0}, {})
        until = time.monotonic() + seconds
        while (frame := self.next(_LOOK_SECONDS)) is None or frame[0].get("id") != 0:
            if time.monotonic() > until:
                raise _Gone(f"did not answer for {seconds:.0f} s and was ended")

    def send(self, header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
        try:
            write_frame(cast(BinaryIO, self._popen.stdin), header, arrays)
        except (OSError, ValueError) as error:
            raise _Gone("stopped") from error

    def next(self, seconds: float) -> Frame | None:
        """The next frame, or None after so many seconds. Raises _Gone where there will be none, or FrameError."""
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            return None
        if isinstance(answer, Exception):
            self._answers.put(answer)  # whoever asks again hears the same
            raise answer
        return answer

    def obituary(self, cause: Exception, when: str) -> str:
        """One sentence: what became of it, and what it said last."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(1.0)
        self._threads[1].join(1.0)
        code = self._popen.poll()
        ended = f" (exit code {code})" if code is not None else ""
        words = str(cause) if isinstance(cause, _Gone) else f"wrote what is no answer, {cause},"
        last = next((line for line in reversed(self._said) if line.strip()), "")
        return f"the engine's process {words}{ended} {when}" + (f"; it last said: {last.strip()}" if last else "")

    def end(self) -> None:
        """Close its input, by which it ends itself; killed where it does not."""
        _living.discard(self)
        with contextlib.suppress(OSError, ValueError):
            cast(IO[bytes], self._popen.stdin).close()
        try:
            self._popen.wait(0.5)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        for thread in self._threads:
            thread.join(2.0)
        for pipe in (self._popen.stdout, self._popen.stderr):
            with contextlib.suppress(OSError, ValueError):
                cast(IO[bytes], pipe).close()

    def _read(self) -> None:
        stream = cast(BinaryIO, self._popen.stdout)
        try:
            while (frame := read_frame(stream)) is not None:
                self._answers.put(frame)
            self._answers.put(_Gone("stopped"))
        except (FrameError, OSError, ValueError) as error:
            self._answers.put(error if isinstance(error, FrameError) else _Gone("stopped"))

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in cast(IO[bytes], self._popen.stderr):
                text = line[:2000].decode("utf-8", "replace").rstrip()
                self._said.append(text)
                _LOG.debug("%s", text)


_living: set[_Process] = set()


@atexit.register
def _end_all() -> None:
    for process in list(_living):
        process.end()
