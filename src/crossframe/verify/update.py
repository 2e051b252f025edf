"""New reports in the place of the old ones."""

from pathlib import Path

from crossframe.memo import Memo
from crossframe.pipeline import Outcome
from crossframe.publish import publish
from crossframe.verify.reports import FOLDERS


def replace_reports(outcome: Outcome, reports: Path, recomputed: Path) -> None:
    """Publish an outcome over old reports, each file atomically; tables and figures that are no more are removed.

    Parameters
    ----------
    outcome
        What was recomputed.
    reports
        The study's reports.
    recomputed
        The same outcome, published elsewhere: says which files there are now.
    """
    publish(outcome, reports, Memo(enabled=False))
    for kind in FOLDERS:
        for path in (reports / kind).glob("*"):
            if path.is_file() and not (recomputed / kind / path.name).exists():
                path.unlink()
