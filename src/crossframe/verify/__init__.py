"""Verification: the study recomputed in a clean place and compared with its committed reports."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from crossframe.config import StudyConfig
from crossframe.errors import InputError
from crossframe.files import MANIFEST, RESULTS, read_json
from crossframe.verify.inputs import changed_inputs, other_versions
from crossframe.verify.recompute import recompute
from crossframe.verify.reports import REMEDY, Compared, compare_reports
from crossframe.verify.update import replace_reports
from crossframe.verify.validity import Regression, regressions


@dataclass(frozen=True)
class Options:
    """How to go about it: see the command's help."""

    update: bool = False
    allow_regression: bool = False
    reuse_embeddings: bool = False
    data_only: bool = False
    keep: Path | None = None


@dataclass
class Verdict:
    """What was found."""

    inputs: list[str]
    compared: Compared = field(default_factory=Compared)
    notes: list[str] = field(default_factory=list)
    worse: list[Regression] = field(default_factory=list)
    updated: bool = False

    @property
    def same(self) -> bool:
        """Whether inputs are unchanged and all numbers come out as committed."""
        return not self.inputs and not self.compared.found.differences


def verify(config: StudyConfig, options: Options) -> Verdict:
    """Recompute a study, compare it with its reports and, if asked, replace these.

    Raises
    ------
    InputError
        If there are no reports, they are broken, or the study cannot be run.
    """
    reports = config.root / config.data.reports
    committed, manifest = read_json(reports / RESULTS, REMEDY), read_json(reports / MANIFEST, REMEDY)
    verdict = Verdict([] if options.data_only else changed_inputs(config, manifest))
    with _folder(options.keep) as folder:
        outcome = recompute(config, folder, options.reuse_embeddings)
        verdict.compared = compare_reports(reports, folder / "reports")
        verdict.notes = other_versions(manifest, outcome.manifest)
        verdict.worse = regressions(committed, read_json(folder / "reports" / RESULTS, REMEDY))
        if options.update and not verdict.same and (options.allow_regression or not verdict.worse):
            replace_reports(outcome, reports, folder / "reports")
            verdict.updated = True
    return verdict


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Yield the folder that is kept, or one that is removed at the end."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise InputError("the folder is not empty", str(keep), "Give --keep a new folder, or empty this one.")
        yield keep
        return
    with TemporaryDirectory(prefix="crossframe-verify-") as name:
        yield Path(name)


__all__ = ["Options", "Verdict", "verify"]
