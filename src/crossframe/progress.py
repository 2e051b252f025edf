"""Progress bars on standard error, silent when it is not a terminal."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def track(items: Iterable[T], title: str, total: int | None = None) -> Iterator[T]:
    """Iterate over `items` under a bar titled `title`; on a pipe nothing is drawn."""
    from tqdm import tqdm

    yield from tqdm(items, desc=title, total=total, disable=None, leave=False)


def bar(total: int, title: str, unit: str = "it") -> Any:
    """Return a tqdm bar to be advanced by hand (`with bar(…) as b: b.update(n)`)."""
    from tqdm import tqdm

    return tqdm(total=total, desc=title, unit=unit, disable=None, leave=False)
