"""Tables of the results, for a spreadsheet: one row an observation, plain CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crossframe.files import spreadsheet_safe
from crossframe.pipeline import Outcome


@dataclass(frozen=True)
class Table:
    """A named table: a header and rows of equal length."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def as_csv(self) -> str:
        """Return the table as CSV text; empty cells stand for what is not known."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows([[spreadsheet_safe(cell) for cell in row] for row in self.rows])
        return buffer.getvalue()


def report_tables(outcome: Outcome) -> list[Table]:
    """Return the tables that go with the report."""
    results = outcome.results
    blocs = [b.id for b in outcome.study.config.blocs]
    contrasts, terms, clusters = results["contrasts"], results["terms"], results["clusters"]
    columns = list(contrasts[0]) if contrasts else []
    return [
        Table(
            "documents-by-event-and-bloc",
            ["event_id", "title_en", "n", *blocs],
            [[e["event_id"], e["title_en"], e["n"], *e["blocs"]] for e in results["corpus"]["events"]],
        ),
        Table("contrasts", columns, [[row[c] for c in columns] for row in contrasts]),
        Table(
            "terms",
            ["bloc", "term", "z", "log_odds", "n_documents"],
            [[b, t["term"], t["z"], t["log_odds"], t["n_documents"]] for b in terms for t in terms[b]],
        ),
        Table(
            "clusters",
            ["bloc", *[f"C{j + 1}" for j in range(clusters["k"])]],
            [[b, *clusters["by_bloc"][b]] for b in blocs],
        ),
        Table(
            "specifications",
            ["text", "encoder", "language_means", "r2", "omega2", "p"],
            [list(row.values()) for row in results["robust"]["specifications"]["rows"]],
        ),
        map_coordinates(outcome),
    ]


def map_coordinates(outcome: Outcome) -> Table:
    """Return both displays' coordinates; documents that cannot be matched have no place on the second."""
    study = outcome.study
    how = dict(zip(study.matched, outcome.how.xy.tolist(), strict=True))
    cluster = dict(zip(study.matched, outcome.clusters.labels.tolist(), strict=True))
    rows = []
    for i, (document, bloc, what) in enumerate(
        zip(study.documents, study.blocs, outcome.what.xy.tolist(), strict=True)
    ):
        place = [f"{v:.4f}" for v in how[i]] if i in how else ["", ""]
        name = f"C{cluster[i] + 1}" if i in cluster else ""
        rows.append([document.doc_id, document.event_id, bloc, name, *(f"{v:.4f}" for v in what), *place])
    return Table("map", ["doc_id", "event_id", "bloc", "cluster", "what_x", "what_y", "how_x", "how_y"], rows)


def documents(outcome: Outcome) -> Table:
    """Return the independent documents with their labels and texts: what notebooks start from."""
    study = outcome.study
    cluster = dict(zip(study.matched, outcome.clusters.labels.tolist(), strict=True))
    header = [
        "doc_id",
        "event_id",
        "outlet_id",
        "bloc",
        "language",
        "date",
        "cluster",
        "summary_ar",
        "summary_en",
        "url",
    ]
    rows = [
        [d.doc_id, d.event_id, d.outlet_id, b, d.language, d.date,
         f"C{cluster[i] + 1}" if i in cluster else "", d.summary_ar, d.summary_en, d.url]
        for i, (d, b) in enumerate(zip(study.documents, study.blocs, strict=True))
    ]  # fmt: skip
    return Table("documents", header, rows)
