"""Remembered stages: a stage is a pure function of its inputs, so an unchanged one is not run again."""

import hashlib
import pickle
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import Any, Generic, TypeVar

import numpy as np

from crossframe.files import atomic_path, cache_dir, sha256_file
from crossframe.workers import Workers, result

_DECIDING_PACKAGES = ("numpy", "scipy", "scikit-learn", "umap-learn", "matplotlib", "typst", "snowballstemmer",
                      "sentencex", "py3langid")  # fmt: skip

T = TypeVar("T")


@dataclass
class Later(Generic[T]):
    """A stage's result that may still be on its way: `value()` waits for it, or raises what the stage raised."""

    value: Callable[[], T]


class Memo:
    """Runs stages by name, keeps their results by the hash of inputs and code, and times them."""

    def __init__(self, folder: Path | None = None, enabled: bool = True, workers: Workers | None = None) -> None:
        """Keep results of stages.

        Parameters
        ----------
        folder
            Where; by default the user's cache.
        enabled
            False runs everything.
        workers
            Processes for stages that `ahead` begins; without them such a stage is run at once.
        """
        self._folder = (folder or cache_dir()) / "stages"
        self._enabled = enabled
        self._workers = workers
        self.timings: dict[str, float] = {}
        self.reused: list[str] = []

    def timed(self, name: str, compute: Callable[[], T]) -> T:
        """Return `compute()`, and add its seconds to the stage's timing; nothing is remembered."""
        start = time.perf_counter()
        try:
            return compute()
        finally:
            self._add(name, start)

    def _add(self, name: str, start: float) -> None:
        self.timings[name] = round(self.timings.get(name, 0.0) + time.perf_counter() - start, 3)

    def run(self, name: str, stage: Callable[..., T], *inputs: object) -> T:
        """Return `stage(*inputs)`, or what it gave for the same inputs and the same code before.

        Parameters
        ----------
        name
            Of the stage; the timing is kept under it.
        stage
            A pure function.
        inputs
            Everything that the result depends on: numbers, strings, arrays, functions, dataclasses, and
            containers of these.
        """
        return self.keyed(name, (stage, inputs), lambda: stage(*inputs))

    def keyed(self, name: str, inputs: object, compute: Callable[[], T]) -> T:
        """Return `compute()`, or what it gave for the same inputs and the same code before.

        Parameters
        ----------
        name
            Of the stage; the timing is kept under it.
        inputs
            Everything that decides the result, as in `run`, and what tells this stage from others of its name.
        compute
            Reads nothing that `inputs` do not decide.
        """
        start = time.perf_counter()
        try:
            if not self._enabled:
                return compute()
            path = self._path(name, inputs)
            kept: list[T] = _read(path)
            if kept:
                self.reused.append(name)
                return kept[0]
            value = compute()
            _write(path, value)
            return value
        finally:
            self._add(name, start)

    def ahead(self, name: str, stage: Callable[..., T], *inputs: object) -> Later[T]:
        """Begin `stage(*inputs)` in a process of its own, unless it is remembered; see `run`."""
        return self.ahead_keyed(name, (stage, inputs), lambda: (stage, inputs))

    def ahead_keyed(
        self, name: str, inputs: object, prepare: Callable[[], tuple[Callable[..., T], Sequence[Any]]]
    ) -> Later[T]:
        """Begin a stage in a process of its own, unless it is remembered; see `keyed`.

        Parameters
        ----------
        name, inputs
            See `keyed`.
        prepare
            Returns the stage, a function of a module, and what it is given; called only if the stage has to be run.
        """
        if self._workers is None or not self._workers.any:
            value = self.keyed(name, inputs, lambda: _called(prepare()))
            return Later(lambda: value)
        start = time.perf_counter()
        path = self._path(name, inputs) if self._enabled else None
        kept: list[T] = _read(path) if path else []
        if kept:
            self.reused.append(name)
        else:
            stage, given = prepare()
            future = self._workers.begin(stage, *given)
        self._add(name, start)

        def waited() -> T:
            if not kept:
                value, seconds = result(future, name)
                if path:
                    _write(path, value)
                self.timings[name] = round(self.timings[name] + seconds, 3)
                kept.append(value)
            return kept[0]

        return Later(waited)

    def each(self, name: str, stage: Callable[..., T], items: Sequence[object], *shared: object) -> list[T]:
        """Return `[stage(item, *shared) for item in items]`, running only items that were not there the last time.

        Parameters
        ----------
        name, stage
            See `run`.
        items
            What the stage is run on, one after the other.
        shared
            What it is given besides; another value forgets all items.
        """
        start = time.perf_counter()
        try:
            if not self._enabled:
                return [stage(item, *shared) for item in items]
            path = self._path(name, (stage, shared))
            known: dict[str, T] = (_read(path) or [{}])[0]
            keys = [fingerprint(item) for item in items]
            values = {k: known[k] if k in known else stage(item, *shared) for k, item in zip(keys, items, strict=True)}
            if values.keys() <= known.keys():
                self.reused.append(name)
            else:
                _write(path, values)
            return [values[k] for k in keys]
        finally:
            self._add(name, start)

    def _path(self, name: str, inputs: object) -> Path:
        return self._folder / name / f"{fingerprint((code_fingerprint(), inputs))}.pickle"


def _called(prepared: tuple[Callable[..., T], Sequence[Any]]) -> T:
    stage, given = prepared
    return stage(*given)


def _read(path: Path) -> list[Any]:
    """Return what the file holds in a list, or an empty list where there is no file or none that can be read."""
    if not path.is_file():
        return []
    try:
        return [pickle.loads(path.read_bytes())]
    except Exception:  # a damaged file is recomputed, whatever the damage is called
        path.unlink(missing_ok=True)
        return []


def _write(path: Path, value: object) -> None:
    with atomic_path(path) as temporary:
        temporary.write_bytes(pickle.dumps(value, protocol=5))


@cache
def code_fingerprint() -> str:
    """Hash of every source file and of the versions of what it computes with: a change forgets all stages."""
    root = Path(__file__).parent
    files = sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(root).as_posix()}={sha256_file(path)}\n".encode())
    for package in _DECIDING_PACKAGES:
        digest.update(f"{package}=={version(package)}\n".encode())
    return digest.hexdigest()


def fingerprint(value: object) -> str:
    """Return the hex hash of a stage's inputs: equal for equal values, types and shapes included."""
    digest = hashlib.sha256()
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: "hashlib._Hash", value: object) -> None:
    """Add a value to the hash, type and shape included, so that unequal inputs differ."""
    if isinstance(value, np.ndarray):
        digest.update(f"array{value.dtype.str}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, dict):
        digest.update(f"dict{len(value)}".encode())
        for key in value:
            _feed(digest, key)
            _feed(digest, value[key])
    elif isinstance(value, (list, tuple)):
        digest.update(f"list{len(value)}".encode())
        for item in value:
            _feed(digest, item)
    elif isinstance(value, (set, frozenset)):
        _feed(digest, sorted(value, key=repr))
    elif value is None or isinstance(value, (str, int, float, bool, bytes)):
        data = value if isinstance(value, bytes) else repr(value).encode("utf-8", "surrogatepass")
        digest.update(f"{type(value).__name__}{len(data)}".encode())
        digest.update(data)
    elif isinstance(value, FunctionType):
        _feed(digest, f"{value.__module__}.{value.__qualname__}")
    elif hasattr(value, "__dict__"):
        _feed(digest, [type(value).__name__, vars(value)])
    else:
        raise TypeError(f"a stage's input of type {type(value).__name__} cannot be hashed")
