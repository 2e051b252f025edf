"""The study once more, in a place of its own: nothing remembered, nothing of the user's overwritten."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from crossframe.config import StudyConfig
from crossframe.files import CACHE_VARIABLE
from crossframe.memo import Memo
from crossframe.pipeline import Outcome, run
from crossframe.publish import publish


def recompute(config: StudyConfig, folder: Path, reuse_embeddings: bool) -> Outcome:
    """Run the study and write its reports to `folder`/reports; no stage is remembered.

    Parameters
    ----------
    config
        The study.
    folder
        Gets `reports`, `processed` and, unless embeddings are reused, `cache`.
    reuse_embeddings
        Take vectors from the user's cache instead of embedding every text again.
    """
    with nullcontext() if reuse_embeddings else _cache_in(folder / "cache"):
        memo = Memo(enabled=False)
        outcome = run(config, memo)
        data = outcome.study.config.data.model_copy(update={"processed": str((folder / "processed").resolve())})
        elsewhere = outcome.study.config.model_copy(update={"data": data})
        publish(replace(outcome, study=replace(outcome.study, config=elsewhere)), folder / "reports", memo)
    return outcome


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    """Have models and embeddings built and kept in this folder meanwhile."""
    before = os.environ.get(CACHE_VARIABLE)
    os.environ[CACHE_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[CACHE_VARIABLE]
        else:
            os.environ[CACHE_VARIABLE] = before
