"""Tables of texts (CSV, TSV, JSONL, Parquet, XLSX) to documents: one row, one document."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from crossframe.errors import InputError
from crossframe.ingest import clean
from crossframe.ingest.dates import table_date
from crossframe.ingest.presets import LANGUAGE_NAMES, Preset
from crossframe.ingest.records import Draft
from crossframe.rawtable import MAX_CELL, RawTable, as_text

FIELDS = ("doc_id", "title", "text", "source", "relay_of", "language", "date", "url", "event")
REQUIRED = ("text", "source")
MAX_ID = 80
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_HTTP = re.compile(r"https?://[^\s<>\"]+", re.I)


def drafts(
    table: RawTable,
    columns: Mapping[str, str],
    preset: Preset | None,
    seen: Counter[str],
    required: Sequence[str] = REQUIRED,
) -> list[Draft]:
    """Return the documents of a table.

    Parameters
    ----------
    table
        As read.
    columns
        Field -> column, as the user gave it; a field that is not named has a column of its own name.
    preset
        A known export, or None.
    seen
        Counts what was mended, for the report.
    required
        Fields that no row may lack; a preset has its own.

    Raises
    ------
    InputError
        On a row that cannot be read, a missing column, an empty cell, a bad date, id or address; row and column
        are named.
    """
    required = preset.required if preset else required
    table.refuse()
    place = place_of(table, columns, preset, required)
    return [_draft(row, place, required, f"{table.path}, row {number}", seen) for number, row in table.rows]


def cells(row: Mapping[str, Any], place: Mapping[str, str], where: str, seen: Counter[str]) -> dict[str, str]:
    """Return a row's cells by field: text, cleaned as every text that is read is.

    Raises
    ------
    InputError
        If a cell is too long, or holds what no text holds.
    """
    found = {}
    for name, column in place.items():
        spot = f"{where}, column {column}"
        raw = as_text(row.get(column))
        if len(raw) > MAX_CELL:
            raise InputError(f"the cell has {len(raw)} characters, at most {MAX_CELL} are read", spot, "Split it.")
        found[name] = clean.body(raw, spot, seen) if name.startswith("text") else clean.one_line(raw, spot, seen)
    return found


def _draft(
    row: Mapping[str, Any], place: Mapping[str, str], required: Sequence[str], where: str, seen: Counter[str]
) -> Draft:
    found = cells(row, place, where, seen)
    if empty := [name for name in required if not found[name]]:
        raise InputError("the cell is empty", f"{where}, column {place[empty[0]]}", "Fill it.")
    _check(found, place, where)
    return Draft(
        where=where,
        text=found.get("text", ""),
        title=found.get("title", ""),
        doc_id=found.get("doc_id", ""),
        source=found.get("source", ""),
        relay_of=tuple(part.strip() for part in found.get("relay_of", "").split(";") if part.strip()),
        language=LANGUAGE_NAMES.get(found.get("language", "").lower(), found.get("language", "")),
        date=table_date(found["date"]) if found.get("date") else "",
        url=found.get("url", ""),
        event=found.get("event", ""),
    )


def _check(found: Mapping[str, str], place: Mapping[str, str], where: str) -> None:
    """Refuse an id that could be a path, a date that is none, an address that is none."""
    if (made := found.get("doc_id")) and not (_ID.fullmatch(made) and len(made) <= MAX_ID):
        raise InputError(
            f"{made[:MAX_ID]!r} cannot be an id",
            f"{where}, column {place['doc_id']}",
            f"Ids are up to {MAX_ID} letters a-z, digits, '.', '_' and '-'; without the column they are made.",
        )
    if found.get("date"):
        try:
            table_date(found["date"])
        except ValueError as error:
            raise InputError(
                f"{found['date'][:40]!r}: {error}", f"{where}, column {place['date']}", "Mend the date."
            ) from error
    if (url := found.get("url")) and not _HTTP.fullmatch(url):
        raise InputError(f"{url[:80]!r} is not an http address", f"{where}, column {place['url']}", "Mend or empty it.")


def place_of(
    table: RawTable,
    columns: Mapping[str, str],
    preset: Preset | None,
    required: Sequence[str],
    more: Sequence[str] = (),
) -> dict[str, str]:
    """Return field -> column for the fields, and `more` fields, that the table has.

    A field that is not mapped has a column of its own name, in small or capital letters.

    Raises
    ------
    InputError
        If a column that was named, or one of a required field, is missing.
    """
    have = ", ".join(table.header) if table.header else "none"
    lower = {column.lower(): column for column in table.header}
    if absent := [c for c in columns.values() if c not in table.header]:
        raise InputError(
            f"column(s) {', '.join(absent)} are missing (there are: {have})", str(table.path), "Look at --columns."
        )
    place = {}
    for name in (*FIELDS, *more):
        options = [name] if preset is None else list(preset.columns.get(name, ()))
        found = columns.get(name) or next((lower[o] for o in options if o in lower), "")
        if found:
            place[name] = found
    if missing := [f for f in required if f not in place]:
        names = ", ".join(preset.columns[f][0] if preset else f for f in missing)
        remedy = (
            "It is another export, or another --preset." if preset else "Map them with --columns text=body,source=site."
        )
        raise InputError(f"column(s) {names} are missing (there are: {have})", str(table.path), remedy)
    return place
