"""Work on a picture in bands of rows, shared between the thread that waits for it and one more. No Qt."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

__all__ = ["by_bands"]


def by_bands(rows: int, band: int, shared: bool, make_work: Callable[[], Callable[[slice], None]]) -> None:
    """Calls a work for every band of up to `band` of the rows; `make_work` makes one, with its own buffers, a thread.

    A band stays in the processor's cache. Where `shared`, both threads take the next band from one iterator, so that a
    thread that gets no time (the engine is at work) holds nothing up but the band it has begun. numpy lets go of
    Python's lock within each step, so both do run.
    """
    starts = iter(range(0, rows, band))

    def run() -> None:
        work = make_work()
        for start in starts:
            work(slice(start, min(start + band, rows)))

    if not shared:
        run()
        return
    helper = _second_thread().submit(run)
    run()
    if not helper.cancel():
        helper.result()


@cache
def _second_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="bands")
