"""Work in spawned processes: results in order, memory bounded, no process left behind and no wait for a dead one.

Each process has a pipe of its own. One that dies (out of memory, a crash of a decoder) closes its end, which is one
sentence here; where this process dies, the others find their pipes closed and end.
"""

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar, cast

from engine.errors import CohortError
from engine.priority import stand_back

__all__ = ["in_order"]

Asked = TypeVar("Asked")
Made = TypeVar("Made")

_AHEAD = 2  # tasks for each process that are begun or done before the oldest was taken


def in_order(
    function: Callable[[Asked], Made], tasks: Iterable[Asked], processes: int, after_death: str = ""
) -> Generator[Made]:
    """`map(function, tasks)` in spawned processes; function and tasks must go through pickle. 1: in this process.

    Raises what the function raises, and CohortError where a process ended on its own; `after_death` is then the end of
    the sentence: what becomes of the work, and what to do.
    """
    if processes <= 1:
        yield from map(function, tasks)
        return
    with _started(function, processes) as (workers, pipes):
        numbered = enumerate(tasks)
        done: dict[int, Made] = {}
        busy: dict[Connection, int] = {}
        idle, following = list(pipes), 0
        while True:
            while idle and len(busy) + len(done) < _AHEAD * processes and (task := next(numbered, None)) is not None:
                busy[_sent(idle.pop(), task[1])] = task[0]
            if following in done:
                yield done.pop(following)
                following += 1
            elif busy:
                for pipe in cast(list[Connection], wait(list(busy))):
                    done[busy.pop(pipe)] = _received(pipe, workers[pipes.index(pipe)], after_death)
                    idle.append(pipe)
            else:
                return


@contextmanager
def _started(function: Callable[[Any], Any], processes: int) -> Iterator[tuple[list[BaseProcess], list[Connection]]]:
    context = multiprocessing.get_context("spawn")
    workers: list[BaseProcess] = []
    pipes: list[Connection] = []
    try:
        for _ in range(processes):
            ours, theirs = context.Pipe()
            pipes.append(ours)
            workers.append(context.Process(target=_work, args=(function, theirs), daemon=True))
            workers[-1].start()
            theirs.close()  # else the end of a worker would not close the pipe
        yield workers, pipes
    finally:
        for pipe in pipes:
            pipe.close()
        for worker in workers:
            worker.terminate()
            worker.join()


def _sent(pipe: Connection, task: Any) -> Connection:
    with suppress(ConnectionError):  # the process has ended: `_received` finds that out and says so
        pipe.send(task)
    return pipe


def _received(pipe: Connection, worker: BaseProcess, after_death: str) -> Any:
    try:
        failed, result = pipe.recv()
    except (EOFError, ConnectionError):
        worker.join()
        raise CohortError(
            f"a process that worked on images ended unexpectedly (exit code {worker.exitcode}); where memory ran out, "
            f"ask for fewer processes. {after_death}".strip()
        ) from None
    if failed:
        raise result
    return result


def _work(function: Callable[[Any], Any], pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that asked
    stand_back()
    try:
        while True:
            task = pipe.recv()
            try:
                answer = (False, function(task))
            except Exception as error:  # goes to whoever asked
                answer = (True, error)
            pipe.send(answer)
    except (EOFError, ConnectionError):  # nobody asks any more
        return
