"""The warm process that answers requests about images: what a run predicts, and what it looks at.

Frames (`engine.messages`) come on standard input and go to standard output; logs go to standard error only. A request
has an `id` and a `kind`: hello, predict, gradcam, occlusion, counterfactual, seconds (how long a counterfactual would
take), or cancel with the id of another. It is answered by any number of `progress` and then by one of `result`,
`cancelled` and `error` with one sentence. Requests are worked on one
after another; a thread reads meanwhile, so that a cancel is heard at the next layer of the network. The process ends
when its input does.
"""

import os
import queue
import sys
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Generic, Literal, TypeVar

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from torch import nn

from engine.counterfactuals import CounterfactualOptions, counterfactual_options
from engine.errors import Cancelled, EngineError, FrameError, ImageError, JobError
from engine.explain.counterfactual import ImaginedRun, best_device, counterfactuals, load_imagined, seconds_expected
from engine.explain.counterfactual_cache import EncodingCache, opened_cache
from engine.explain.methods import explain
from engine.explain.options import options_of
from engine.explain.subject import ExplainedRun, load_explained, look_at, probabilities, unit_presentation
from engine.jobs.making import software_versions
from engine.messages import read_frame, write_frame
from engine.priority import stand_back

__all__ = ["main", "serve"]

_MOST_WAITING = 64  # requests; whoever sends more without waiting is refused
_WARM = 4  # networks kept in memory
_PROGRESS_SECONDS = 0.05

Arrays = Mapping[str, np.ndarray]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: int
    kind: Literal["hello", "predict", "gradcam", "occlusion", "counterfactual", "seconds", "cancel"]
    run: str = ""
    targets: list[str] = []
    options: dict[str, Any] = {}
    randomised_seed: int | None = None
    all_cores: bool = False


def main(threads: int | None = None, device: str | None = None) -> None:
    """Serve standard input until it ends. The pipes are moved away, so that no library's print can spoil an answer."""
    stand_back()
    requests, answers = _own_pipes()
    torch.set_num_threads(threads or max(1, _cores() - 1))
    serve(requests, answers, best_device(device))


def _cores() -> int:
    return os.cpu_count() or 1


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    requests, answers = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        for handle in (requests, answers):
            msvcrt.setmode(handle, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")


def serve(requests: BinaryIO, answers: BinaryIO, device: str) -> None:
    """Answer requests until their stream ends or is no stream of frames any more."""
    post = _Post(requests, answers)
    threading.Thread(target=post.read, daemon=True, name="requests").start()
    desk = _Desk(device)
    while (waiting := post.waiting.get()) is not None:
        request, arrays = waiting
        _answer(post, desk, request, arrays)


def _answer(post: "_Post", desk: "_Desk", request: _Request, arrays: Arrays) -> None:
    try:
        stop = post.stopper(request)
        header, results = desk.work(request, arrays, lambda share: post.progress(request.id, share), stop)
        post.finish(request.id, {"kind": "result", **header}, results)
    except Cancelled:
        post.finish(request.id, {"kind": "cancelled"})
    except (EngineError, OSError) as error:
        post.finish(request.id, _refusal(error))
    except Exception as error:
        traceback.print_exc()
        post.finish(request.id, _refusal(_as_sentence(error)))


def _refusal(error: Exception) -> dict[str, str]:
    return {"kind": "error", "error": type(error).__name__, "text": str(error)}


def _as_sentence(error: Exception) -> EngineError:
    text = " ".join(str(error).split())[:300]
    if isinstance(error, MemoryError) or "out of memory" in text or "allocate memory" in text:
        return JobError("the machine has not enough memory for this; close other programs, or ask for a smaller batch")
    return JobError(f"the engine could not do it: {type(error).__name__}: {text}")


class _Post:
    """Both streams: requests as they come, cancels at once, and answers from either thread, each whole."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests, self._answers = requests, answers
        self._writing, self._numbers = threading.Lock(), threading.Lock()
        self._cancelled: set[int] = set()
        self._pending: set[int] = set()
        self._closed = threading.Event()
        self._last_progress = 0.0
        self.waiting: queue.Queue[tuple[_Request, Arrays] | None] = queue.Queue(_MOST_WAITING + 1)

    def read(self) -> None:
        """Until the stream ends; what is under way is then stopped, for nobody is left to hear of it."""
        try:
            while (frame := read_frame(self._requests)) is not None:
                self._take(*frame)
        except (FrameError, OSError, MemoryError) as error:
            self.send({"id": None, "kind": "error", "error": "FrameError", "text": f"{error}; the engine ends"})
        finally:
            self._closed.set()
            self.waiting.put(None)

    def _take(self, header: Mapping[str, Any], arrays: Arrays) -> None:
        number = header.get("id")
        try:
            request = _Request.model_validate(header)
        except ValidationError as error:
            first = error.errors()[0]
            entry = ".".join(map(str, first["loc"]))
            self.refuse(number, JobError(f"the request's {entry} = {first['input']!r:.100} is refused: {first['msg']}"))
            return
        with self._numbers:
            refused = self._why_not(request)
            if request.kind == "cancel":
                self._cancelled |= {request.id} & self._pending
            elif not refused:
                self._pending.add(request.id)
                self.waiting.put((request, arrays))
        if refused:
            self.refuse(request.id, JobError(refused))

    def _why_not(self, request: _Request) -> str:
        if request.kind == "cancel":
            return ""
        if request.id in self._pending:
            return f"there is a request {request.id} already; give each a number of its own"
        if len(self._pending) >= _MOST_WAITING:
            return f"{_MOST_WAITING} requests are waiting already; wait for their answers"
        return ""

    def stopper(self, request: _Request) -> Callable[[], None]:
        """A function that raises Cancelled once this request is not wanted any more."""

        def stop() -> None:
            if request.id in self._cancelled or self._closed.is_set():
                raise Cancelled("stopped")

        return stop

    def finish(self, number: int, header: Mapping[str, Any], arrays: Arrays | None = None) -> None:
        """The last answer to a request; its number is free again before the other side can know it."""
        with self._numbers:
            self._pending.discard(number)
            self._cancelled.discard(number)
        self.send({"id": number, **header}, arrays)

    def progress(self, number: int, share: float) -> None:
        now = time.monotonic()
        if now - self._last_progress >= _PROGRESS_SECONDS:
            self._last_progress = now
            self.send({"id": number, "kind": "progress", "share": min(max(share, 0.0), 1.0)})

    def refuse(self, number: object, error: Exception) -> None:
        known = number if isinstance(number, int) else None
        self.send({"id": known, **_refusal(error)})

    def send(self, header: Mapping[str, Any], arrays: Arrays | None = None) -> None:
        try:
            with self._writing:
                write_frame(self._answers, header, arrays)
        except (OSError, ValueError):  # nobody reads any more; the end of the input will say so too
            self._closed.set()


class _Desk:
    """Where requests are worked on, with the networks that were asked for last still in memory."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._explained: _Warm[ExplainedRun] = _Warm()
        self._imagined: _Warm[ImaginedRun] = _Warm()
        self._encodings = opened_cache()

    def work(
        self, request: _Request, arrays: Arrays, progress: Callable[[float], None], stop: Callable[[], None]
    ) -> tuple[dict[str, Any], Arrays]:
        """Header and arrays of the result."""
        stop()
        if request.kind == "hello":
            facts = {"versions": software_versions(), "threads": torch.get_num_threads()}
            return {**facts, "device": self._device, "pid": os.getpid()}, {}
        with _threads(_cores() if request.all_cores else None):
            if request.kind in ("counterfactual", "seconds"):
                return self._imagine(request, arrays, progress, stop)
            return self._explain(request, arrays, progress, stop)

    def _explain(
        self, request: _Request, arrays: Arrays, progress: Callable[[float], None], stop: Callable[[], None]
    ) -> tuple[dict[str, Any], Arrays]:
        presentation = _presentation(arrays)
        path, seed = Path(request.run), request.randomised_seed
        run = self._explained.get(path, seed, lambda: load_explained(path, randomised_seed=seed, device=self._device))
        with interruptible(run.trained.net, stop):
            if request.kind == "predict":
                told = probabilities(run.trained, look_at(run.trained, presentation).x)[0]
                return {"probabilities": dict(zip(run.trained.classes, map(float, told), strict=True))}, {}
            return _explained(run, presentation, request, progress, stop)

    def _imagine(
        self, request: _Request, arrays: Arrays, progress: Callable[[float], None], stop: Callable[[], None]
    ) -> tuple[dict[str, Any], Arrays]:
        options, path = counterfactual_options(request.options), Path(request.run)
        presentation = _presentation(arrays) if request.kind == "counterfactual" else None
        run = self._imagined.get(path, None, lambda: load_imagined(path, self._device))
        with interruptible(run.base.net, stop):
            if presentation is None:
                return {"seconds": seconds_expected(run, options, request.targets)}, {}
            return _imagined(run, presentation, request.targets, options, _both(stop, progress), self._encodings)


def _presentation(arrays: Arrays) -> np.ndarray:
    if "presentation" not in arrays:
        raise ImageError("the request has no image; send it as the array 'presentation'")
    return unit_presentation(arrays["presentation"])


Loaded = TypeVar("Loaded")


class _Warm(Generic[Loaded]):
    """The networks that were asked for last, read again where a checkpoint has changed: a training may still go on."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, int | None], tuple[tuple[int, int], Loaded]] = OrderedDict()

    def get(self, path: Path, seed: int | None, load: Callable[[], Loaded]) -> Loaded:
        """The network of the run in a folder, with the random weights of `seed`."""
        key, stamp = (path, seed), _stamp(path)
        if key not in self._kept or self._kept[key][0] != stamp:
            self._kept[key] = (stamp, load())
        self._kept.move_to_end(key)
        while len(self._kept) > _WARM:
            self._kept.popitem(last=False)
        return self._kept[key][1]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        facts = (path / "checkpoints" / "best.safetensors").stat()
        return facts.st_mtime_ns, facts.st_size
    except OSError:
        return 0, 0  # loading it says what is missing


def _both(stop: Callable[[], None], progress: Callable[[float], None]) -> Callable[[float], None]:
    def check(share: float) -> None:
        stop()
        progress(share)

    return check


def _explained(
    run: ExplainedRun,
    presentation: np.ndarray,
    request: _Request,
    progress: Callable[[float], None],
    stop: Callable[[], None],
) -> tuple[dict[str, Any], Arrays]:
    options = options_of(request.kind, request.options)
    found = explain(run, presentation, request.targets, options, _both(stop, progress))
    arrays = {f"values{number}": each.values for number, each in enumerate(found)}
    return {"explanations": [each.to_json() for each in found]}, arrays


def _imagined(
    run: ImaginedRun,
    presentation: np.ndarray,
    targets: Sequence[str],
    options: CounterfactualOptions,
    check: Callable[[float], None],
    cache: EncodingCache,
) -> tuple[dict[str, Any], Arrays]:
    """The two pictures that all counterfactuals of an image share are sent once."""
    found = counterfactuals(run, presentation, targets, options, check, cache)
    arrays = {"factual": found[0].factual, "reconstruction": found[0].reconstruction}
    arrays |= {f"drawings{number}": each.drawings for number, each in enumerate(found)}
    return {"counterfactuals": [each.to_json() for each in found]}, arrays


@contextmanager
def interruptible(net: nn.Module, stop: Callable[[], None]) -> Iterator[None]:
    """Within, `stop` is called before every layer: a batch of a deep network can take longer than a person waits."""
    with ExitStack() as hooks:
        for module in net.modules():
            if not any(module.children()):
                hooks.callback(module.register_forward_pre_hook(lambda *_: stop()).remove)
        yield


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
