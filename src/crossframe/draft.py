"""A draft: what an edit changes, in seconds. What takes minutes is kept from the last full run, and marked as kept."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from crossframe import explorer
from crossframe.changes import changed_pairs, changes
from crossframe.config import StudyConfig
from crossframe.errors import InputError
from crossframe.files import RESULTS, write_json, write_text
from crossframe.last_run import Edits, LastRun
from crossframe.memo import Later, Memo
from crossframe.pipeline import run
from crossframe.study import Study
from crossframe.tables import Table
from crossframe.workers import Workers

T = TypeVar("T")

FOLDER = "draft"  # in the folder of the reports
EXPLORER, CHANGES = "explorer.html", "changes.csv"
# stage -> the values of results.json that are kept
KEPT = {
    "probe": ["space.language_residue"],
    "map of what": ["map.what"],
    "map of how": ["map.how"],
    "validity": ["frames.validity"],
    "cluster checks": ["clusters.stability", "clusters.specifications"],
    "robust": ["robust"],
    "power": ["robust.power"],
}
_MAPS = {"map of what": "what", "map of how": "how"}
_SLOW_IMPORTS = ("crossframe.pipeline", "sklearn.cluster", "sklearn.metrics")


@dataclass(frozen=True)
class Draft:
    """What was written, what had been edited, and the pairs that changed (`crossframe.changes.changed_pairs`)."""

    files: list[Path]
    edits: Edits
    kept: list[str]
    n_changes: int
    pairs: list[list[str]]


class DraftMemo(Memo):
    """A memo whose slow stages (`KEPT`) are those of the last full run; every other stage is run, or remembered."""

    def __init__(self, last: LastRun, study: Study, edits: Edits, workers: Workers) -> None:
        """Keep the last run, and the study as it is now."""
        super().__init__(workers=workers)
        self._last, self._study, self._edits = last, study, edits

    def ahead(self, name: str, stage: Callable[..., T], *inputs: object) -> Later[T]:
        """Give the map of the last run, with the edited documents placed in it; else see `Memo.ahead`."""
        if name not in _MAPS:
            return super().ahead(name, stage, *inputs)
        view, study = _MAPS[name], self._study
        ids = study.ids if view == "what" else [study.ids[i] for i in study.matched]
        vectors: Any = inputs[0]
        value: Any = self._last.place(view, ids, vectors, self._edits)
        return Later(lambda: value)

    def ahead_keyed(
        self, name: str, inputs: object, prepare: Callable[[], tuple[Callable[..., T], Sequence[Any]]]
    ) -> Later[T]:
        """Give what the last run found, if the stage is a slow one; else see `Memo.ahead_keyed`."""
        if name not in KEPT:
            return super().ahead_keyed(name, inputs, prepare)
        results = self._last.results
        values: dict[str, Any] = {
            "probe": results["space"]["language_residue"],
            "validity": (results["frames"] or {}).get("validity"),
            "cluster checks": (results["clusters"]["stability"], results["clusters"]["specifications"]),
            "robust": {k: v for k, v in results["robust"].items() if k != "power"},
            "power": results["robust"]["power"],
        }
        return Later(lambda: values[name])


def draft(config: StudyConfig, reports: Path, folder: Path) -> Draft:
    """Run the study on the edited tables without its slow stages; write numbers, explorer and changes to a folder.

    Tests, clusters, terms, frames, axes, voices and evidence are computed by the same code and seeds as in a full run
    and come out the same. Kept are the maps, where edited documents stand among their nearest neighbours, and the
    checks in `KEPT`; results.json lists both under `draft`. Figures, tables and PDFs are not made.

    Parameters
    ----------
    config
        The study.
    reports
        Folder of the last full run's reports; nothing in it is changed.
    folder
        Gets results.json, explorer.html, and changes.csv with every value that is not the last run's.

    Raises
    ------
    InputError
        If the folder is that of the reports, there is no full run to start from, settings or encoders changed since,
        or more than half of the documents; or as in `crossframe.pipeline.run`. Nothing is written then.
    """
    if folder.resolve() == reports.resolve():
        raise InputError("a draft must not take the place of a report", str(folder), "Give another folder.")
    with Workers(most=1) as workers:
        if workers.any:
            workers.begin(_import_all, _SLOW_IMPORTS)  # while this process loads its encoders
        last, study = LastRun.read(reports), Study.load(config)
        edits = last.edits(study)
        memo = DraftMemo(last, study, edits, workers)
        outcome = run(config, memo)
    last.check_encoders(outcome.manifest)
    kept = [path for paths in KEPT.values() for path in paths]
    results = {**outcome.results, "draft": {**asdict(edits), "kept": kept}}
    found = changes(last.results, results)
    write_json(folder / RESULTS, results)
    write_text(folder / CHANGES, Table("changes", ["value", "before", "after"], found).as_csv())
    explorer.write(replace(outcome, results=results), folder / EXPLORER)
    files = [folder / name for name in (EXPLORER, CHANGES, RESULTS)]
    return Draft(files, edits, kept, len(found), changed_pairs(last.results, results))


def remove_draft(reports: Path) -> None:
    """Remove the draft in a folder of reports: a full run has come after it."""
    folder = reports / FOLDER
    for name in (EXPLORER, CHANGES, RESULTS):
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _import_all(modules: Sequence[str]) -> None:
    for name in modules:
        import_module(name)
