"""Tables of texts (CSV, TSV, JSONL) to documents, one object a line."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

from crossframe.errors import InputError
from crossframe.files import sha256_text, write_text
from crossframe.text import identify

FIELDS = ("doc_id", "title", "text", "source", "language", "date", "url", "event")
REQUIRED = ("text", "event", "source")
_RAGGED = "(more cells than the header)"


def ingest_table(path: Path, out: Path, columns: Mapping[str, str]) -> int:
    """Write the rows of a table as documents and return how many.

    Parameters
    ----------
    path
        A .csv, .tsv or .jsonl file in UTF-8.
    out
        The JSONL file to write; it appears whole or not at all.
    columns
        Document field -> column of the table, for columns that are not called like the field.

    Raises
    ------
    InputError
        On an unreadable table, a missing column, an empty text, or a doubled id; row and column are named.
    """
    if unknown := sorted(set(columns) - set(FIELDS)):
        raise InputError(f"unknown field(s) {', '.join(unknown)}", "--columns", f"Known: {', '.join(FIELDS)}.")
    if out.resolve() == path.resolve():
        raise InputError("is the table itself", f"--out {out}", "Name another file: the table is not overwritten.")
    rows = _read(path)
    missing = [f for f in REQUIRED if columns.get(f, f) not in (rows[0] if rows else {})]
    if missing:
        names = ", ".join(columns.get(f, f) for f in missing)
        have = ", ".join(rows[0]) if rows else "no rows"
        raise InputError(
            f"column(s) {names} are missing (there are: {have})", str(path), "Map them with --columns text=body."
        )
    if absent := [c for c in columns.values() if rows and c not in rows[0]]:
        raise InputError(f"column(s) {', '.join(absent)} are missing (there are: {', '.join(rows[0])})", str(path))
    documents: list[dict[str, str]] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1 if path.suffix == ".jsonl" else 2):
        if _RAGGED in row or None in row.values():
            raise InputError("the row has not as many cells as the header", f"{path}, row {number}", "Mend the row.")
        document = {f: str(row.get(columns.get(f, f)) or "").strip() for f in FIELDS}
        for field in REQUIRED:
            if not document[field]:
                raise InputError(
                    "the cell is empty", f"{path}, row {number}, column {columns.get(field, field)}", "Fill it."
                )
        document["doc_id"] = document["doc_id"] or sha256_text(document["source"], document["text"])[:12]
        document["language"] = document["language"] or identify(document["text"])
        if document["doc_id"] in seen:
            where = f"{path}, row {number}"
            raise InputError(
                f"doc_id {document['doc_id']!r} stands in row {seen[document['doc_id']]} already",
                where,
                "Ids are unique.",
            )
        seen[document["doc_id"]] = number
        documents.append(document)
    write_text(out, "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents))
    return len(documents)


def _read(path: Path) -> list[dict[str, str]]:
    """Read the table as a list of rows."""
    if not path.is_file():
        raise InputError("there is no such file", str(path))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start})", str(path), "Save it as UTF-8.") from error
    if path.suffix == ".jsonl":
        try:
            return [dict(json.loads(line)) for line in text.split("\n") if line.strip()]
        except (json.JSONDecodeError, TypeError, ValueError) as error:
            raise InputError(f"is not one JSON object a line: {error}", str(path)) from error
    if path.suffix not in {".csv", ".tsv"}:
        raise InputError(
            f"cannot read {path.suffix or 'a file without ending'}", str(path), "Give .csv, .tsv or .jsonl."
        )
    try:
        return list(
            csv.DictReader(
                io.StringIO(text, newline=""), delimiter="\t" if path.suffix == ".tsv" else ",", restkey=_RAGGED
            )
        )
    except csv.Error as error:
        raise InputError(f"is not readable as a table: {error}", str(path)) from error
