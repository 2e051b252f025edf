"""What the last full run left in the report folder: its numbers, the places on its maps, what it was made from."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crossframe import __version__
from crossframe.errors import InputError
from crossframe.files import MANIFEST, RESULTS, read_json, spreadsheet_plain
from crossframe.maps import MapSpread
from crossframe.pipeline import input_hashes, record_hashes
from crossframe.study import Study
from crossframe.types import Display, FloatArray

MAP = Path("tables", "map.csv")
_RUN = "Run `crossframe run` without --draft once; drafts start from what it leaves."
_SHARE = 0.5  # of the documents that must be as they were: a draft is for edits, not for another corpus


@dataclass(frozen=True)
class Edits:
    """How the raw tables differ from those of the last full run: ids of documents, and files other than theirs."""

    edited: list[str]
    added: list[str]
    removed: list[str]
    files: list[str]

    @property
    def documents(self) -> list[str]:
        """All documents that are not what they were."""
        return [*self.edited, *self.added, *self.removed]


@dataclass(frozen=True)
class LastRun:
    """The last full run: results.json, manifest.json, and where each document stands on the maps `what` and `how`."""

    folder: Path
    results: dict[str, Any]
    manifest: dict[str, Any]
    places: dict[str, dict[str, tuple[float, float]]]

    @classmethod
    def read(cls, folder: Path) -> "LastRun":
        """Read them from the folder of the reports.

        Raises
        ------
        InputError
            If there is no whole report, or one of another version of crossframe.
        """
        for name in (RESULTS, MANIFEST, MAP):
            if not (folder / name).is_file():
                raise InputError("there is no full run yet that a draft could start from", str(folder / name), _RUN)
        results, manifest = read_json(folder / RESULTS, _RUN), read_json(folder / MANIFEST, _RUN)
        if "documents" not in manifest or results.get("study", {}).get("crossframe") != __version__:
            raise InputError("the last full run was another version's", str(folder / MANIFEST), _RUN)
        try:
            with (folder / MAP).open(encoding="utf-8", newline="") as handle:
                rows = list(csv.DictReader(handle))
            places = {name: dict(_places(rows, name)) for name in ("what", "how")}
        except (KeyError, ValueError) as error:
            raise InputError(f"is not the table that a run writes: {error}", str(folder / MAP), _RUN) from None
        return cls(folder, results, manifest, places)

    def edits(self, study: Study) -> Edits:
        """Say what changed since.

        Raises
        ------
        InputError
            If settings changed, or so many documents that little of the last run could be kept.
        """
        if self.manifest.get("config") != study.config.fingerprint():
            raise InputError("settings changed since the last full run", str(study.config.place), _RUN)
        then, now = self.manifest["documents"], record_hashes(study.corpus)
        tables, seen = self.manifest.get("inputs", {}), input_hashes(study.config)
        own = {study.config.table.name} if study.config.table else {"documents.jsonl"}
        found = Edits(
            [i for i in now if i in then and now[i] != then[i]],
            [i for i in now if i not in then],
            [i for i in then if i not in now],
            sorted(name for name in {*tables, *seen} - own if tables.get(name) != seen.get(name)),
        )
        n = len(found.edited) + len(found.added)
        if len(now) - n < _SHARE * len(now):
            raise InputError(
                f"{n} of {len(now)} documents are not those of the last full run: too many for a draft",
                str(study.config.place),
                _RUN,
            )
        return found

    def check_encoders(self, manifest: dict[str, Any]) -> None:
        """Refuse a run, given by its manifest, whose encoders are others.

        Raises
        ------
        InputError
            If one of them is not what it was.
        """
        before, now = ([e["fingerprint"] for e in made["encoders"]] for made in (self.manifest, manifest))
        if before != now:
            raise InputError("the encoders are not those of the last full run", str(self.folder / MANIFEST), _RUN)

    def place(self, name: str, ids: Sequence[str], vectors: FloatArray, edits: Edits) -> tuple[Display, MapSpread]:
        """Return a map of the last run with the documents that are there now, and what was known of it.

        A document that is new or edited stands at the mean of its nearest neighbours' places, as many as the map was
        made with, among the documents that kept theirs; a new map of all would start from such a place too (McInnes,
        Healy & Melville 2018, section 3.3), and then move.

        Parameters
        ----------
        name
            "what" or "how".
        ids, vectors
            The documents that are on it, and their unit vectors of shape (n_documents, dimension).
        edits
            See `edits`.
        """
        known, changed = self.places[name], {*edits.edited, *edits.added}
        kept = [i for i, doc_id in enumerate(ids) if doc_id in known and doc_id not in changed]
        told = self.results["map"][name]
        if not kept:
            raise InputError("no document keeps its place on the map", str(self.folder / MAP), _RUN)
        xy = np.zeros((len(ids), 2))
        xy[kept] = [known[ids[i]] for i in kept]
        moved = sorted(set(range(len(ids))) - set(kept))
        near = np.argsort(-vectors[moved] @ vectors[kept].T, axis=1, kind="stable")[:, : told["n_neighbors"]]
        xy[moved] = xy[kept][near].mean(axis=1)
        shown = Display(xy, told["trustworthiness"], told["n_neighbors"], told["fitted_on"])
        return shown, MapSpread(told["procrustes_spread"], told["neighbour_overlap"], told["n_seeds"])


def _places(rows: Sequence[Mapping[str, str]], name: str) -> Iterator[tuple[str, tuple[float, float]]]:
    for row in rows:
        if row[f"{name}_x"]:
            yield spreadsheet_plain(row["doc_id"]), (float(row[f"{name}_x"]), float(row[f"{name}_y"]))
