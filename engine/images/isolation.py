"""Native decoders in a process of their own, kept warm: what crashes or hangs there is one sentence here.

Frames over pipes: the request is a length, a few facts in JSON and the stream; the answer a status, a length and the
samples. One process serves one caller at a time; callers at the same time get one each. A process ends when its pipe
closes, so none outlives the program, however that ends.
"""

import atexit
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from dataclasses import asdict
from typing import IO

from engine.errors import ImageError
from engine.images.codestreams import StreamInfo

# CharLS was seen to spend 8 s on 500 damaged pixels before it gave up; 14 million sound pixels of JPEG 2000 take 0.5 s.
SECONDS_AT_LEAST = 10.0  # with the start of a process on a slow machine
SECONDS_PER_PIXEL = 4e-6
_MOST_IDLE = 4
_PIPE_BYTES = 2**20  # what Linux lets everybody ask for


class _Decoder:
    """One decoder process."""

    def __init__(self) -> None:
        environment = os.environ | {"OPJ_NUM_THREADS": str(min(8, os.cpu_count() or 1))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.images.decoder_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders write their own complaints there
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        for pipe in (self._process.stdin, self._process.stdout):
            _widen(pipe)

    def decode(self, request: bytes, stream: bytes, seconds: float) -> bytes:
        """The samples. Raises ImageError for a stream the decoder refuses, EOFError where the process died."""
        clock = threading.Timer(seconds, self._process.kill)
        clock.daemon = True
        clock.start()
        try:
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.write(struct.pack("<LQ", len(request), len(stream)) + request)
            self._process.stdin.write(stream)
            self._process.stdin.flush()
            status, length = struct.unpack("<BQ", _exactly(self._process.stdout, 9))
            answer = _exactly(self._process.stdout, length)
        except OSError as error:
            raise EOFError from error
        finally:
            clock.cancel()
        if status != 0:
            raise ImageError(answer.decode("utf-8", "replace"))
        return answer

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # a request that was still on its way has nowhere to go
                    pipe.close()


def _widen(pipe: IO[bytes] | None) -> None:
    """Where the system can (Linux): a pipe that takes most frames in one piece, so that both sides wait less often."""
    try:
        import fcntl

        if pipe is not None:
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, AttributeError, OSError):  # a narrow pipe is slower and no less right
        return


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data


_idle: list[_Decoder] = []
_lock = threading.Lock()


def decode_apart(decoder: str, stream: bytes, info: StreamInfo, photometric: str) -> bytes:
    """Samples of one frame, little endian, as the stream orders them. Raises ImageError with what went wrong."""
    request = json.dumps({"decoder": decoder, "photometric": photometric, **asdict(info)}).encode()
    seconds = SECONDS_AT_LEAST + SECONDS_PER_PIXEL * info.rows * info.columns
    worker = _idle_one() or _Decoder()
    try:
        answer = worker.decode(request, stream, seconds)
    except ImageError:
        _give_back(worker)
        raise
    except BaseException as error:
        worker.end()
        if isinstance(error, EOFError):
            raise ImageError("its compressed pixel data are damaged: the decoder stopped on them") from None
        raise
    _give_back(worker)
    return answer


def _idle_one() -> _Decoder | None:
    """A waiting process that still lives; the system may have ended one meanwhile."""
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.alive:
                return worker
            worker.end()
    return None


def warm_up() -> None:
    """Start a decoder process before the first frame needs it; it takes a fraction of a second."""
    with _lock:
        if not _idle:
            _idle.append(_Decoder())


def _give_back(worker: _Decoder) -> None:
    with _lock:
        if len(_idle) < _MOST_IDLE:
            _idle.append(worker)
            return
    worker.end()


def _forget_after_fork() -> None:
    """A forked process must not talk through its parent's pipes."""
    global _lock
    _idle.clear()
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_forget_after_fork)


@atexit.register
def _end_all() -> None:
    while _idle:
        _idle.pop().end()
