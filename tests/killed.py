"""Run a command of crossframe that ends itself at a chosen step: the n-th write, stage or batch of vectors.

    python tests/killed.py SIGKILL stage:7 run my-study

Every step is a place where state changes on disk: a file about to be renamed, just renamed, a stage about to be
remembered, vectors about to be stored. Without a signal ("none") the steps are counted, by kind, to standard error.
"""

import json
import os
import signal
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

import crossframe.embed
import crossframe.memo
import crossframe.pipeline
from conftest import HashEncoder
from crossframe import cli

COUNTS: dict[str, int] = {}
HOW, AT = sys.argv[1:3] if __name__ == "__main__" else ("none", "")


def step(kind: str) -> None:
    """Count a step; end the process if it is the one."""
    COUNTS[kind] = COUNTS.get(kind, 0) + 1
    if HOW != "none" and f"{kind}:{COUNTS[kind]}" == AT:
        os.kill(os.getpid(), signal.Signals[HOW])


_replace, _put = Path.replace, crossframe.embed.VectorCache.put
_run, _ahead = crossframe.memo.Memo.run, crossframe.memo.Memo.ahead


def replace(self: Path, target: Path) -> Path:
    """Rename a finished file, with a step before and after."""
    step("write")
    try:
        return _replace(self, target)
    finally:
        step("write")


def put(self: crossframe.embed.VectorCache, texts: list[str], vectors: np.ndarray, truncated: list[bool]) -> None:
    """Store vectors."""
    step("vectors")
    _put(self, texts, vectors, truncated)


def run(self: crossframe.memo.Memo, name: str, *rest: object) -> object:
    """Run a stage; drawing and the report count as publishing, all others as statistics."""
    step("publish" if name in {"figures", "report"} else "stage")
    return _run(self, name, *rest)


def ahead(self: crossframe.memo.Memo, name: str, *rest: object) -> object:
    """Begin a stage; see `run`."""
    step("publish" if name in {"figures", "report"} else "stage")
    return _ahead(self, name, *rest)


if __name__ == "__main__":  # not in the processes beside this one
    Path.replace = replace  # type: ignore[method-assign, assignment]
    crossframe.embed.VectorCache.put = put  # type: ignore[method-assign, assignment]
    crossframe.memo.Memo.run = run  # type: ignore[method-assign, assignment]
    crossframe.memo.Memo.ahead = ahead  # type: ignore[method-assign, assignment]
    crossframe.pipeline.load_encoder = lambda name, precision="fp32": HashEncoder()  # type: ignore[assignment]
    sys.argv = ["crossframe", *sys.argv[3:]]
    try:
        cli.main()
    finally:
        if HOW == "none":
            sys.stderr.write(f"STEPS {json.dumps(COUNTS)}\n")
