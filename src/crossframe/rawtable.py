"""The one reader of tables: CSV, TSV, JSONL, Parquet and XLSX to a header and rows, each fault with its place."""

import csv
import datetime
import io
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossframe.errors import InputError
from crossframe.files import spreadsheet_plain
from crossframe.ingest.decode import MAX_TABLE_BYTES, check_lines, read_bytes, read_text
from crossframe.types import Problem
from crossframe.workbook import read_workbook

ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet", ".xlsx")
WRITTEN_HERE = "event_suggested"  # a column of the tables that crossframe writes for spreadsheets, see `articles`
MAX_CELL = 1_000_000  # characters; a book, not an article
_DELIMITERS = ",;\t|"

Rows = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class RawTable:
    """A table as read: rows are (number, values), the number as a spreadsheet or an editor shows it.

    Cells of CSV and TSV are texts; those of the other kinds have the types that the file gives them. A row that
    cannot be read is left out and named in `problems`.
    """

    path: Path
    header: list[str]
    rows: Rows
    problems: list[Problem]
    notes: tuple[str, ...] = ()

    def refuse(self) -> None:
        """Raise the first problem.

        Raises
        ------
        InputError
            If there is a problem.
        """
        if self.problems:
            p = self.problems[0]
            where = "".join(f", {what} {v}" for what, v in (("row", p.row), ("column", p.column)) if v != "-")
            what, _, remedy = p.message.partition("; ")
            raise InputError(what, f"{self.path}{where}", (remedy or "mend the row").capitalize() + ".")


def read_raw(path: Path, wanted: Sequence[str] = (), encoding: str = "", sheet: str = "") -> RawTable:
    """Read a table by its ending, in small or capital letters.

    Parameters
    ----------
    path
        The file; an ending that is none of `ENDINGS` is read as tab-separated.
    wanted
        Names of columns, which help to tell the delimiter of a CSV file.
    encoding
        Of a text without a byte-order mark that is not UTF-8.
    sheet
        Of a workbook; the first one otherwise.

    Raises
    ------
    InputError
        If the file as a whole cannot be read.
    """
    if not path.exists():
        raise InputError("the file is missing", str(path), "Check the path.")
    if path.is_dir():
        raise InputError("is a folder, a file is needed", str(path), "Name the table in it.")
    kind = path.suffix.lower()
    if kind == ".parquet":
        return _parquet(path)
    if kind == ".xlsx":
        book = read_workbook(path, sheet)
        return _table(path, book.records, [Problem(path.name, *fault) for fault in book.faults], book.notes)
    text = read_text(path, MAX_TABLE_BYTES, encoding)
    check_lines(text, str(path))
    if not text.strip():
        raise InputError("the file is empty", str(path), "Leave it out, or save it again.")
    if kind == ".jsonl":
        return _jsonl(path, text)
    return delimited(path, text, wanted)


def delimited(path: Path, text: str, wanted: Sequence[str] = ()) -> RawTable:
    """Read a text of rows; the delimiter is told by the header, a tab comes first in any file but .csv.

    Raises
    ------
    InputError
        If quoting is broken, or a cell is longer than `MAX_CELL`.
    """
    delimiter = _delimiter(text, wanted, path.suffix.lower() == ".csv")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    limit = csv.field_size_limit(MAX_CELL)
    try:
        records = [(str(number), record) for number, record in enumerate(reader, start=1)]
    except csv.Error as error:
        raise InputError(
            f"is not readable as a table: {error}", f"{path}, line {reader.line_num}",
            "A quotation mark may be missing or stand alone: save it as CSV with quoted cells.",
        ) from error  # fmt: skip
    finally:
        csv.field_size_limit(limit)
    table = _table(path, records, [])
    if WRITTEN_HERE in table.header:
        table.rows[:] = [(n, {c: spreadsheet_plain(v) for c, v in row.items()}) for n, row in table.rows]
    return table


def _delimiter(text: str, wanted: Sequence[str], comma_first: bool) -> str:
    """Return the delimiter under which the header has the most of the columns wanted, then the most columns."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not comma_first and "\t" in first:
        return "\t"
    known = {name.lower() for name in wanted}

    def score(delimiter: str) -> tuple[int, int]:
        names = [c.strip().lower() for c in next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])]
        return len(known & set(names)), len(names)

    return max(_DELIMITERS, key=score)


def _table(
    path: Path, records: Sequence[tuple[str, Sequence[Any]]], problems: list[Problem], notes: tuple[str, ...] = ()
) -> RawTable:
    """Make a table of records, the first that holds anything being the header; rows without a cell are blank lines."""
    filled = [(number, list(cells)) for number, cells in records if any(_holds(c) for c in cells)]
    if not filled:
        raise InputError("the file is empty", str(path), "Leave it out, or save it again.")
    first, names = filled[0]
    header = [str(name if name is not None else "").strip() for name in names]
    while header and not header[-1]:  # empty columns at the right, which spreadsheets leave; cells in them are named
        header.pop()
    doubled = [c for c, n in Counter(header).items() if n > 1]
    problems += [Problem(path.name, first, c, c, f"the column {c!r} stands twice; rename one of them") for c in doubled]
    rows: Rows = []
    for number, cells in filled[1:]:
        while len(cells) > len(header) and not _holds(cells[-1]):
            cells.pop()
        if len(cells) != len(header):
            message = f"the row has {len(cells)} cells, the header {len(header)}; mend the row"
            shown = ",".join(str(c) for c in cells if c is not None)
            problems.append(Problem(path.name, number, "-", shown, message))
            continue
        rows.append((number, dict(zip(header, cells, strict=True))))
    return _whole(path, header, rows, problems, notes)


def _holds(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _whole(path: Path, header: list[str], rows: Rows, problems: list[Problem], notes: tuple[str, ...] = ()) -> RawTable:
    if not rows and not problems:
        problems = [Problem(path.name, "1", "-", "", "the table has no rows; leave it out, or fill it")]
    return RawTable(path, header, rows, problems, notes)


def _jsonl(path: Path, text: str) -> RawTable:
    problems: list[Problem] = []
    rows = list(json_rows(text, path.name, problems))
    return _whole(path, list(dict.fromkeys(key for _number, values in rows for key in values)), rows, problems)


def json_rows(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a JSONL text as (line number, values); a line that is none is a problem."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            message = f"is not JSON: {error}; one object a line is needed"
            problems.append(Problem(file, str(number), "-", line, message))
            continue
        if isinstance(value, dict):
            yield str(number), value
        else:
            problems.append(Problem(file, str(number), "-", line, "is not a JSON object; one object a line is needed"))


def _parquet(path: Path) -> RawTable:
    read_bytes(path, MAX_TABLE_BYTES)
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            meta = file.metadata
            unpacked = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
            if unpacked > MAX_TABLE_BYTES:
                raise InputError(f"would unpack to {unpacked / 1e6:.0f} MB", str(path), "Split it.")
            values = file.read().to_pylist()
            header = [str(name) for name in file.schema_arrow.names]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"is not readable as Parquet: {error}", str(path), "Write it again.") from error
    return _whole(path, header, [(str(i), row) for i, row in enumerate(values, start=1)], [])


def as_text(value: Any) -> str:
    """Return a cell as text; lists are joined by `;`, whole numbers lose their point, what is missing is empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time(0) and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (list, tuple)):
        return "; ".join(as_text(v) for v in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
