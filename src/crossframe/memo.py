"""Remembered stages: a stage is a pure function of its inputs, so an unchanged one is not run again."""

import hashlib
import pickle
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import TypeVar

import numpy as np

from crossframe.files import atomic_path, cache_dir, sha256_file

_DECIDING_PACKAGES = ("numpy", "scipy", "scikit-learn", "umap-learn", "matplotlib", "typst", "snowballstemmer")

T = TypeVar("T")


class Memo:
    """Runs stages by name, keeps their results by the hash of inputs and code, and times them."""

    def __init__(self, folder: Path | None = None, enabled: bool = True) -> None:
        """Keep results under `folder` (the user's cache by default); `enabled=False` runs everything."""
        self._folder = (folder or cache_dir()) / "stages"
        self._enabled = enabled
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
        start = time.perf_counter()
        try:
            if not self._enabled:
                return stage(*inputs)
            path = self._folder / name / f"{_digest((code_fingerprint(), stage, inputs))}.pickle"
            if path.is_file():
                try:
                    value: T = pickle.loads(path.read_bytes())
                except Exception:  # a damaged file is recomputed, whatever the damage is called
                    path.unlink(missing_ok=True)
                else:
                    self.reused.append(name)
                    return value
            value = stage(*inputs)
            with atomic_path(path) as temporary:
                temporary.write_bytes(pickle.dumps(value, protocol=5))
            return value
        finally:
            self._add(name, start)


@cache
def code_fingerprint() -> str:
    """Hash of every source file and of the versions of what it computes with: a change forgets all stages."""
    root = Path(__file__).parent
    files = sorted(p for p in root.rglob("*") if p.is_file() and p.suffix in {".py", ".typ", ".txt", ".toml"})
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(root).as_posix()}={sha256_file(path)}\n".encode())
    for package in _DECIDING_PACKAGES:
        digest.update(f"{package}=={version(package)}\n".encode())
    return digest.hexdigest()


def _digest(value: object) -> str:
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
