"""Tables of the results, for a spreadsheet: one row an observation, plain CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crossframe.files import spreadsheet_safe
from crossframe.pipeline import Outcome

NAMES = (
    "documents-by-event-and-bloc", "contrasts", "contrasts-by-event", "terms", "clusters", "specifications", "evidence",
    "language-residue", "cluster-specifications", "cluster-terms", "power", "leave-one-out", "map", "frames",
    "frame-evidence", "frame-validity", "frame-agreement", "frame-shares", "axes", "speakers", "blame",
)  # fmt: skip  # every table that a study may have


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
    columns = [c for c in contrasts[0] if c != "by_event"] if contrasts else []
    primary = outcome.study.config.contrasts.primary
    return [
        Table(
            "documents-by-event-and-bloc",
            ["event_id", "title_en", "n", *blocs],
            [[e["event_id"], e["title_en"], e["n"], *e["blocs"]] for e in results["corpus"]["events"]],
        ),
        Table("contrasts", columns, [[row[c] for c in columns] for row in contrasts]),
        flat(
            "contrasts-by-event",
            [{"bloc_a": c["bloc_a"], "bloc_b": c["bloc_b"], **e} for c in contrasts for e in c["by_event"]],
        ),
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
            [
                "text",
                "encoder",
                "language",
                "r2",
                "omega2",
                "p",
                *(f"{a}-{b} {what}" for a, b in primary for what in ("effect", "p")),
            ],
            [
                [row[k] for k in ("text", "encoder", "language", "r2", "omega2", "p")]
                + [pair[what] for pair in row["primary"] for what in ("effect", "p")]
                for row in results["robust"]["specifications"]["rows"]
            ],
        ),
        Table(
            "evidence",
            [
                "bloc_a",
                "bloc_b",
                "of",
                "event_id",
                "doc_id",
                "sentence",
                "score",
                "text_ar",
                "text_en",
                "outlet",
                "date",
                "url",
            ],
            [
                [
                    e["bloc_a"],
                    e["bloc_b"],
                    e["bloc_" + side],
                    s["event"],
                    s["doc_id"],
                    s["index"],
                    s["score"],
                    s["text_ar"],
                    s["text_en"],
                    s["outlet"],
                    s["date"],
                    s["url"],
                ]
                for e in results["evidence"]
                for side in ("a", "b")
                for s in e[side]
            ],
        ),
        Table(
            "language-residue",
            ["direction", "before", "after"],
            [[name, d["before"], d["after"]] for name, d in results["space"]["language_residue"]["directions"].items()],
        ),
        Table(
            "cluster-specifications",
            list(clusters["specifications"][0]),
            [list(row.values()) for row in clusters["specifications"]],
        ),
        flat(
            "cluster-terms",
            [{"cluster": f"C{c['cluster'] + 1}", **term} for c in clusters["terms"] for term in c["terms"]],
        ),
        Table(
            "power",
            ["bloc_a", "bloc_b", "n", "size", "rate", "low", "high"],
            [
                [c["bloc_a"], c["bloc_b"], c["n"], p["size"], p["rate"], p["low"], p["high"]]
                for c in results["robust"]["power"]
                for p in c["points"]
            ],
        ),
        Table(
            "leave-one-out",
            ["left_out", "unit", "r2", "p"],
            [
                [what, row["unit"], row["r2"], row["p"]]
                for what in ("outlet", "event")
                for row in results["robust"][f"leave_one_{what}_out"]["rows"]
            ],
        ),
        map_coordinates(outcome),
        *frame_tables(results),
        *voice_tables(results),
    ]


def frame_tables(results: dict[str, Any]) -> list[Table]:
    """Return the tables on frames and axes; none where there is no codebook."""
    frames, axes = results["frames"], results["axes"]
    out = []
    if frames is not None:
        out += [flat("frames", frames["by_bloc"]), flat("frame-evidence", frames["evidence"])]
        if frames["validity"] is not None:
            agreement = [
                {"frame": f["frame"], "n_documents": f["n_documents"], "percent": f["percent"],
                 **{f"{k}{part}": f[k][key] for k in ("alpha", "ac1")
                    for part, key in (("", "value"), ("_low", "low"), ("_high", "high"))}}
                for f in frames["coding"]["frames"]
            ]  # fmt: skip
            out += [
                flat("frame-validity", frames["validity"]),
                flat("frame-agreement", agreement),
                flat("frame-shares", frames["coded"]),
            ]
    if axes is not None:
        out.append(flat("axes", axes["rows"]))
    return out


def voice_tables(results: dict[str, Any]) -> list[Table]:
    """Return the tables on voices: speakers and blame, bloc by bloc; none where voices were not read."""
    voices = results["voices"]
    if voices is None:
        return []
    out = []
    for name in ("speakers", "blame"):
        rows = [
            {"outlet_bloc": bloc, **row, "documents": ";".join(row["documents"])}
            for bloc, told in voices["blocs"].items()
            for row in told[name]
        ]
        out.append(flat(name, rows))
    return out


def flat(name: str, rows: Sequence[dict[str, Any]]) -> Table:
    """Return rows of plain values as a table whose columns are all keys, in the order in which they come."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return Table(name, columns, [[row.get(c) for c in columns] for row in rows])


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
        "translated_by",
    ]
    rows = [
        [d.doc_id, d.event_id, d.outlet_id, b, d.language, d.date,
         f"C{cluster[i] + 1}" if i in cluster else "", d.summary_ar, d.summary_en, d.url,
         "; ".join(f"{field}: {mark}" for field, mark in d.translated_by.items())]
        for i, (d, b) in enumerate(zip(study.documents, study.blocs, strict=True))
    ]  # fmt: skip
    return Table("documents", header, rows)
