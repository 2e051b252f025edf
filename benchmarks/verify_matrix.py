"""Run `crossframe verify` under other threads, kernels and orders of rows, and print a Markdown table.

    python benchmarks/verify_matrix.py .                     # every row, some minutes each
    python benchmarks/verify_matrix.py . --row threads-1     # one row; give --row again for more

Each row is a process of its own with an empty cache: models are built and every text is embedded again. Exit code 1
if a row differs from the committed reports.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
# events.csv stays as it is: its order is a choice of the author, the order of events in figures
SHUFFLED = ("documents.jsonl", "outlets.csv", "codes.csv", "actors.csv")


@dataclass(frozen=True)
class Row:
    """One setting: variables of the environment (None: unset), whether raw tables are shuffled, how many cores."""

    title: str
    environment: Mapping[str, str | None]
    shuffled: bool = False
    cores: int | None = None  # onnxruntime takes as many threads as there are cores, whatever the variables say


ROWS = {
    "threads-1": Row("1 thread, 1 core", dict.fromkeys(THREADS, "1"), cores=1),
    "threads-2": Row("2 threads", dict.fromkeys(THREADS, "2")),
    "aten-default": Row("`ATEN_CPU_CAPABILITY=default`", {"ATEN_CPU_CAPABILITY": "default"}),
    "aten-avx2": Row("`ATEN_CPU_CAPABILITY=avx2`", {"ATEN_CPU_CAPABILITY": "avx2"}),
    "blas-haswell": Row("`OPENBLAS_CORETYPE=Haswell`", {"OPENBLAS_CORETYPE": "Haswell"}),
    "blas-sandybridge": Row("`OPENBLAS_CORETYPE=Sandybridge`", {"OPENBLAS_CORETYPE": "Sandybridge"}),
    "blas-unset": Row("OpenBLAS's core type unset", {"OPENBLAS_CORETYPE": None, "OPENBLAS_L2_SIZE": None}),
    "shuffled": Row("documents, outlets, codes and actors shuffled", {}, shuffled=True),
}
HEADER = (
    "setting", "values compared", "differ", "largest relative difference", "of its tolerance",
    "map: RMS / radius", "map: neighbours kept", "verdict", "seconds",
)  # fmt: skip


def main() -> int:
    """Run the rows asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path, nargs="?", default=Path())
    parser.add_argument("--row", action="append", choices=list(ROWS), help="this row; all without it")
    parser.add_argument("--reuse-embeddings", action="store_true", help="quicker; the encoders are not put to the test")
    asked = parser.parse_args()
    say(HEADER)
    say(["---"] * len(HEADER))
    same = True
    for name in asked.row or ROWS:
        start = time.perf_counter()
        with study_of(ROWS[name], asked.study) as study:
            verdict = verify(study, ROWS[name], ["--reuse-embeddings"] if asked.reuse_embeddings else [])
        say(cells(ROWS[name].title, verdict, time.perf_counter() - start))
        same &= verdict["same"]
    return 0 if same else 1


@contextmanager
def study_of(row: Row, study: Path) -> Iterator[Path]:
    """Yield the study, or a copy of it whose raw tables are shuffled; the reports stay those of the study."""
    if not row.shuffled:
        yield study
        return
    with TemporaryDirectory(prefix="crossframe-shuffled-") as folder:
        copy = Path(folder) / "study"
        for name in ("data", "reports"):
            shutil.copytree(study / name, copy / name)
        shutil.copy(study / "study.toml", copy)
        for seed, name in enumerate(SHUFFLED):
            shuffle(copy / "data" / "raw" / name, seed)
        yield copy


def shuffle(path: Path, seed: int) -> None:
    """Shuffle the lines of a table below its header; a table whose cells hold line ends is refused."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    head = 1 if path.suffix == ".csv" else 0
    if path.suffix == ".csv" and any(line.count('"') % 2 for line in lines):
        raise SystemExit(f"{path}: a cell holds a line end")
    body = lines[head:]
    random.Random(seed).shuffle(body)
    path.write_text("".join(lines[:head] + body), encoding="utf-8")


def verify(study: Path, row: Row, options: list[str]) -> dict[str, Any]:
    """Run `crossframe verify --json` in a process of its own; a failure other than a difference ends all."""
    environment = dict(os.environ)
    for name, value in row.environment.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    command = [sys.executable, "-c", "from crossframe.cli import main; main()", "verify", str(study), "--json"]
    command += options + (["--data-only"] if row.shuffled else [])
    everyone = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(everyone)[: row.cores])  # what is started now inherits it
    try:
        found = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    finally:
        os.sched_setaffinity(0, everyone)
    if found.returncode not in {0, 1} or not found.stdout:
        raise SystemExit(f"verify ended with {found.returncode}")
    verdict: dict[str, Any] = json.loads(found.stdout)
    for difference in verdict["differences"][:20]:
        sys.stderr.write(f"{difference}\n")
    for sentence in verdict["inputs_changed"]:
        sys.stderr.write(f"{sentence}\n")
    return verdict


def cells(title: str, verdict: dict[str, Any], seconds: float) -> list[str]:
    """Return one row of the table; of the maps the less alike."""
    maps = verdict["maps"]
    return [
        title,
        str(verdict["n_compared"]),
        str(verdict["n_differ"]),
        f"{verdict['largest_relative']:.1e}",
        f"{verdict['largest_share_of_tolerance']:.2f}",
        f"{max(m['rms'] for m in maps):.3f}" if maps else "-",
        f"{min(m['overlap'] for m in maps):.3f}" if maps else "-",
        "same" if verdict["same"] else "differs",
        f"{seconds:.0f}",
    ]


def say(row: list[str] | tuple[str, ...]) -> None:
    """Print a row of Markdown."""
    sys.stdout.write(f"| {' | '.join(row)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
