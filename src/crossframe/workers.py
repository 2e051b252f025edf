"""Processes beside this one, for stages that do not wait for each other; what is computed does not depend on them."""

import atexit
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, TypeVar

from crossframe.errors import InputError
from crossframe.threads import cores

T = TypeVar("T")


class Workers:
    """As many processes as there are cores, started when first needed and ended with the block.

        with Workers() as workers:
            memo = Memo(workers=workers)

    With one core nothing is started and `any` is False. A script that uses this needs the usual
    `if __name__ == "__main__":`, for each process imports it.
    """

    def __init__(self, n: int | None = None, most: int | None = None) -> None:
        """Plan for processes.

        Parameters
        ----------
        n
            How many there may be; by default a core each (`crossframe.threads.cores`).
        most
            No more than that of them are started, where this process has work of its own meanwhile.
        """
        self._n = cores() if n is None else n
        self._started = self._n if most is None else min(self._n, most)
        self._pool: ProcessPoolExecutor | None = None

    @property
    def any(self) -> bool:
        """Whether there is more than one core to work on."""
        return self._n > 1

    def begin(self, work: Callable[..., T], *inputs: Any) -> "Future[tuple[T, float]]":
        """Have `work(*inputs)` computed meanwhile; the future holds its result and the seconds that it took.

        Parameters
        ----------
        work, inputs
            A function of a module and what it is given; both are pickled.
        """
        if self._pool is None:
            # not by fork: numba's and BLAS's threads do not survive it
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._started, mp_context=context, initializer=_prepare)
        return self._pool.submit(_measured, work, inputs)

    def __enter__(self) -> "Workers":
        """Return this."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Wait for what was begun; after an error or an interruption end it at once."""
        if self._pool is None:
            return
        if kind is not None:
            for process in multiprocessing.active_children():
                process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)


def result(future: "Future[tuple[T, float]]", name: str) -> tuple[T, float]:
    """Return what a process computed and the seconds that it took; its errors are raised here.

    Raises
    ------
    InputError
        If the process ended before it had a result: most often it was denied memory.
    """
    try:
        return future.result()
    except BrokenProcessPool:
        raise InputError(
            "the process that computed this stage was ended by the system, most often for want of memory",
            name,
            "Finished stages are kept: run again, or with OMP_NUM_THREADS=1 for one process alone.",
        ) from None


def _measured(work: Callable[..., T], inputs: tuple[Any, ...]) -> tuple[T, float]:
    start = time.perf_counter()
    return work(*inputs), time.perf_counter() - start


def _prepare() -> None:
    """Leave interruptions and progress bars to the parent, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["TQDM_DISABLE"] = "1"
    atexit.register(_end_at_once)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_at_once() -> None:
    """End without taking the imported packages apart one by one, which takes half a second."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
