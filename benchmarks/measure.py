"""Whole processes, measured: seconds, processor seconds and peak memory, and the machine they ran on."""

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = HERE / "results"
_VERSIONS = ("numpy", "scipy", "scikit-learn", "umap-learn", "torch", "sentence-transformers", "pyarrow")
_KILO = 1024 if sys.platform != "darwin" else 1  # of ru_maxrss, to bytes


@dataclass(frozen=True)
class Measured:
    """One process with those that it starts: seconds, processor seconds, peak memory in MB, its last line as JSON.

    Memory is the larger of two: the peak of the largest process, from the system, and, where there is /proc, the sum
    over all of them, looked at four times a second, with what they share counted once.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    said: dict[str, Any]


def measured(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end and measure it and its children by `wait4`.

    Raises
    ------
    RuntimeError
        If it ends with another code than 0; the message holds the end of what it wrote to standard error.
    """
    values = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **(environment or {})}
    values.pop("PYTHONDONTWRITEBYTECODE", None)  # as for most users: modules are compiled once, not at every start
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(list(command), stdout=out, stderr=err, env=values)
        watch = _Watch(process.pid)
        watch.start()
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        watch.ended.set()
        watch.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            tail = err.read().decode("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{tail}")
        lines = out.read().decode("utf-8", "replace").strip().splitlines()
    said = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    peak = max(usage.ru_maxrss * _KILO, watch.peak)
    return Measured(seconds, usage.ru_utime + usage.ru_stime, peak / 1e6, said)


class _Watch(threading.Thread):
    """Looks at the memory of a process and its descendants until it has ended; the peak is in bytes."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak, self.ended, self._pid = 0, threading.Event(), pid

    def run(self) -> None:
        while not self.ended.wait(0.25):
            self.peak = max(self.peak, sum(map(_proportional, _family(self._pid))))


def _family(pid: int) -> list[int]:
    """Return a process and its descendants; none where there is no /proc."""
    found, left = [], [pid]
    while left:
        one = left.pop()
        found.append(one)
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):
                left += map(int, path.read_text().split())
    return found


def _proportional(pid: int) -> int:
    """Return a process's memory in bytes, what it shares divided by those who share it; 0 where it cannot be read."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def machine() -> dict[str, str]:
    """Describe this machine: cores, memory, processor, load, system, versions."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.1f} GB",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: _version(name) for name in _VERSIONS},
    }


def kept(name: str) -> dict[str, Any]:
    """Return what a benchmark has measured so far."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def keep(name: str, values: Mapping[str, Any]) -> None:
    """Write what a benchmark has measured so far; an interrupted one goes on from there."""
    RESULTS.mkdir(exist_ok=True)
    temporary = RESULTS / f".{name}.part"
    temporary.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(RESULTS / f"{name}.json")


def plain(row: Measured) -> dict[str, Any]:
    """Return a measurement as plain values."""
    return asdict(row)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
