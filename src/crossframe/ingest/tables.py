"""Tables of texts (CSV, TSV, JSONL, Parquet, XLSX) to documents: one row, one document."""

import csv
import datetime
import io
import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossframe.errors import InputError
from crossframe.ingest import clean
from crossframe.ingest.dates import table_date
from crossframe.ingest.decode import MAX_TABLE_BYTES, check_lines, read_bytes, read_text
from crossframe.ingest.office import open_archive
from crossframe.ingest.presets import LANGUAGE_NAMES, Preset
from crossframe.ingest.records import Draft

ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet", ".xlsx")
FIELDS = ("doc_id", "title", "text", "source", "relay_of", "language", "date", "url", "event")
REQUIRED = ("text", "source")
MAX_ID = 80
MAX_CELL = 1_000_000  # characters; a book, not an article
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_HTTP = re.compile(r"https?://[^\s<>\"]+", re.I)
_RAGGED = "(more cells than the header)"
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Table:
    """A table as read: cells are text, `first` is the number of the first row as a user counts."""

    path: Path
    header: list[str]
    rows: list[dict[str, str]]
    first: int
    notes: tuple[str, ...] = ()


def read_table(path: Path, columns: Mapping[str, str], encoding: str = "", sheet: str = "") -> Table:
    """Read a table by its ending; `columns` helps to tell the delimiter of a CSV file.

    Raises
    ------
    InputError
        If it is not readable; the message names the place.
    """
    match path.suffix.lower():
        case ".jsonl":
            return _jsonl(path, encoding)
        case ".parquet":
            return _parquet(path)
        case ".xlsx":
            return _xlsx(path, sheet)
        case ".tsv":
            return _delimited(path, encoding, "\t", columns)
        case _:
            return _delimited(path, encoding, "", columns)


def drafts(table: Table, columns: Mapping[str, str], preset: Preset | None, seen: Counter[str]) -> list[Draft]:
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

    Raises
    ------
    InputError
        On a missing column, an empty cell, a bad date, id or address; row and column are named.
    """
    place = _columns(table, columns, preset)
    required = preset.required if preset else REQUIRED
    if not table.rows:
        raise InputError("the table has no rows", str(table.path), "Leave it out, or fill it.")
    out = []
    for number, row in enumerate(table.rows, start=table.first):
        where = f"{table.path}, row {number}"
        if _RAGGED in row or None in row.values():
            raise InputError("the row has not as many cells as the header", where, "Mend the row.")
        out.append(_draft(row, place, required, where, seen))
    return out


def _draft(
    row: Mapping[str, str], place: Mapping[str, str], required: Sequence[str], where: str, seen: Counter[str]
) -> Draft:
    cells: dict[str, str] = {}
    for name, column in place.items():
        spot = f"{where}, column {column}"
        raw = row.get(column) or ""
        if len(raw) > MAX_CELL:
            raise InputError(f"the cell has {len(raw)} characters, at most {MAX_CELL} are read", spot, "Split it.")
        cells[name] = clean.body(raw, spot, seen) if name == "text" else clean.one_line(raw, spot, seen)
        if name in required and not cells[name]:
            raise InputError("the cell is empty", spot, "Fill it.")
    _check(cells, place, where)
    return Draft(
        where=where,
        text=cells.get("text", ""),
        title=cells.get("title", ""),
        doc_id=cells.get("doc_id", ""),
        source=cells.get("source", ""),
        relay_of=tuple(part.strip() for part in cells.get("relay_of", "").split(";") if part.strip()),
        language=LANGUAGE_NAMES.get(cells.get("language", "").lower(), cells.get("language", "")),
        date=table_date(cells["date"]) if cells.get("date") else "",
        url=cells.get("url", ""),
        event=cells.get("event", ""),
    )


def _check(cells: Mapping[str, str], place: Mapping[str, str], where: str) -> None:
    """Refuse an id that could be a path, a date that is none, an address that is none."""
    if (made := cells.get("doc_id")) and not (_ID.fullmatch(made) and len(made) <= MAX_ID):
        raise InputError(
            f"{made[:MAX_ID]!r} cannot be an id",
            f"{where}, column {place['doc_id']}",
            f"Ids are up to {MAX_ID} letters a-z, digits, '.', '_' and '-'; without the column they are made.",
        )
    if cells.get("date"):
        try:
            table_date(cells["date"])
        except ValueError as error:
            raise InputError(
                f"{cells['date'][:40]!r}: {error}", f"{where}, column {place['date']}", "Mend the date."
            ) from error
    if (url := cells.get("url")) and not _HTTP.fullmatch(url):
        raise InputError(f"{url[:80]!r} is not an http address", f"{where}, column {place['url']}", "Mend or empty it.")


def _columns(table: Table, columns: Mapping[str, str], preset: Preset | None) -> dict[str, str]:
    """Return field -> column for the fields that the table has."""
    have = ", ".join(table.header) if table.header else "none"
    lower = {column.lower(): column for column in table.header}
    if absent := [c for c in columns.values() if c not in table.header]:
        raise InputError(
            f"column(s) {', '.join(absent)} are missing (there are: {have})", str(table.path), "Look at --columns."
        )
    place = {}
    for name in FIELDS:
        options = [name] if preset is None else list(preset.columns.get(name, ()))
        found = columns.get(name) or next((lower[o] for o in options if o in lower), "")
        if found:
            place[name] = found
    required = preset.required if preset else REQUIRED
    if missing := [f for f in required if f not in place]:
        names = ", ".join(preset.columns[f][0] if preset else f for f in missing)
        remedy = (
            "It is another export, or another --preset." if preset else "Map them with --columns text=body,source=site."
        )
        raise InputError(f"column(s) {names} are missing (there are: {have})", str(table.path), remedy)
    return place


def _delimited(path: Path, encoding: str, delimiter: str, columns: Mapping[str, str]) -> Table:
    text = read_text(path, MAX_TABLE_BYTES, encoding)
    check_lines(text, str(path))
    if not text.strip():
        raise InputError("the file is empty", str(path), "Leave it out, or save it again.")
    chosen = delimiter or _delimiter(text, columns)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=chosen, restkey=_RAGGED, skipinitialspace=True)
        rows: list[dict[str, str]] = [dict(row) for row in reader]
        header = [column.strip() for column in reader.fieldnames or []]
    except csv.Error as error:
        raise InputError(
            f"is not readable as a table: {error}", str(path), "Save it as CSV with quoted cells."
        ) from error
    if header != list(reader.fieldnames or []):
        rows = [{k.strip() if isinstance(k, str) else k: v for k, v in row.items()} for row in rows]
    _check_header(header, path)
    return Table(path, header, rows, 2)


def _delimiter(text: str, columns: Mapping[str, str]) -> str:
    """Return the delimiter under which the header has the most of the columns wanted, then the most columns."""
    first = text.split("\n", 1)[0]
    wanted = set(columns.values()) | set(FIELDS)

    def score(delimiter: str) -> tuple[int, int]:
        names = [c.strip() for c in next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])]
        return len(wanted & set(names)), len(names)

    return max(_DELIMITERS, key=score)


def _check_header(header: Sequence[str], path: Path) -> None:
    if doubled := [c for c, n in Counter(header).items() if n > 1 and c]:
        raise InputError(f"column {doubled[0]!r} stands twice", f"{path}, row 1", "Rename one of them.")


def _jsonl(path: Path, encoding: str) -> Table:
    text = read_text(path, MAX_TABLE_BYTES, encoding)
    check_lines(text, str(path))
    rows, header = [], dict[str, None]()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(
                f"is not one JSON object a line: {error}", f"{path}, row {number}", "Mend the line."
            ) from error
        if not isinstance(value, dict):
            raise InputError("is not a JSON object", f"{path}, row {number}", "One JSON object a line.")
        rows.append({str(k): _cell(v) for k, v in value.items()})
        header |= dict.fromkeys(map(str, value))
    return Table(path, list(header), [{k: row.get(k, "") for k in header} for row in rows], 1)


def _parquet(path: Path) -> Table:
    read_bytes(path, MAX_TABLE_BYTES)
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            meta = file.metadata
            unpacked = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
            if unpacked > MAX_TABLE_BYTES:
                raise InputError(f"would unpack to {unpacked / 1e6:.0f} MB", str(path), "Split it.")
            rows = file.read().to_pylist()
            header = [str(name) for name in file.schema_arrow.names]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"is not readable as Parquet: {error}", str(path), "Write it again.") from error
    return Table(path, header, [{k: _cell(v) for k, v in row.items()} for row in rows], 1)


def _xlsx(path: Path, sheet: str) -> Table:
    data = open_archive(path)
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of styles and extensions that do not touch the cells
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            names = list(book.sheetnames)
            if sheet and sheet not in names:
                raise InputError(f"there is no sheet {sheet!r}", str(path), f"There are: {', '.join(names)}.")
            chosen = book[sheet] if sheet else book.worksheets[0]
            chosen.reset_dimensions()
            cells = [[_cell(v) for v in row] for row in chosen.iter_rows(values_only=True)]
            book.close()
    except InputError:
        raise
    except Exception as error:  # a damaged workbook surfaces as whatever its XML lacks
        raise InputError(
            f"is not readable as XLSX: {error}", str(path), "Open it and save it anew, or as CSV."
        ) from error
    filled = [row for row in cells if any(row)]
    header = [c.strip() for c in filled[0]] if filled else []
    _check_header(header, path)
    width = len(header)
    if long := next((i for i, row in enumerate(filled) if any(row[width:])), None):
        raise InputError("the row has not as many cells as the header", f"{path}, row {long + 1}", "Mend the row.")
    rows = [dict(zip(header, row + [""] * (width - len(row)), strict=False)) for row in filled[1:]]
    others = [n for n in names if n != chosen.title]
    notes = (f"{path.name}: read sheet {chosen.title!r}, not {', '.join(others)} (--sheet NAME)",) if others else ()
    return Table(path, header, rows, 2, notes)


def _cell(value: Any) -> str:
    """Return a cell as text; lists are joined by semicolons, missing values are empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time(0) and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (list, tuple)):
        return "; ".join(_cell(v) for v in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
