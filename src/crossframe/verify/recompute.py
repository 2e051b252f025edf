"""The study once more, in a place of its own: nothing remembered, nothing of the user's overwritten."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from crossframe.config import StudyConfig
from crossframe.files import CACHE_VARIABLE
from crossframe.memo import Memo
from crossframe.pipeline import Outcome, run
from crossframe.publish import publish
from crossframe.workers import Workers


def recompute(config: StudyConfig, folder: Path, reuse_embeddings: bool) -> Outcome:
    """Run the study and write its reports to `folder`/reports; no stage is remembered.

    Parameters
    ----------
    config
        The study.
    folder
        Gets `reports` and `processed`.
    reuse_embeddings
        Take vectors from the user's cache instead of embedding every text again with models built anew.
    """
    with nullcontext() if reuse_embeddings else _empty_cache(), Workers() as workers:
        memo = Memo(enabled=False, workers=workers)
        outcome = run(config, memo)
        data = outcome.study.config.data.model_copy(update={"processed": str((folder / "processed").resolve())})
        elsewhere = outcome.study.config.model_copy(update={"data": data})
        publish(replace(outcome, study=replace(outcome.study, config=elsewhere)), folder / "reports", memo)
    return outcome


@contextmanager
def _empty_cache() -> Iterator[None]:
    """Have models and embeddings built and kept in a temporary folder meanwhile."""
    before = os.environ.get(CACHE_VARIABLE)
    with TemporaryDirectory(prefix="crossframe-cache-") as name:
        os.environ[CACHE_VARIABLE] = name
        try:
            yield
        finally:
            if before is None:
                del os.environ[CACHE_VARIABLE]
            else:
                os.environ[CACHE_VARIABLE] = before
