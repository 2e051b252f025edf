"""Threads for array work: as many as there are cores; what is computed never depends on how many."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

SMALL = 5000  # documents; below it threads cost more than they bring

A = TypeVar("A")
B = TypeVar("B")


def cores() -> int:
    """Return the number of cores that this process may use: no more than OMP_NUM_THREADS, where that is set."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(there, int(asked)) if asked.isdecimal() and int(asked) else there


def in_threads(work: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
    """Yield `work(item)` in the order of the items, a core each; only as many items are held as there are cores.

    NumPy and SciPy release the interpreter in sorting and in products of matrices, so that threads suffice
    and nothing is copied. Items are taken from `items` one after the other in this thread: a generator of
    random numbers behind them gives the same numbers whatever the number of cores.
    """
    n = cores()
    if n == 1:
        yield from map(work, items)
        return
    left = iter(items)
    with ThreadPoolExecutor(n) as pool:
        while batch := list(islice(left, n)):
            yield from pool.map(work, batch)


@contextmanager
def small_work(n: int) -> Iterator[None]:
    """Keep linear algebra and k-means to one thread while few documents (`n` of them) are worked on.

    Thousands of products of small matrices gain nothing from a second thread, and on a busy machine they wait for it.
    """
    if n > SMALL:
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
