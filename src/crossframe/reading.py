"""Reading tables without stopping at the first fault: rows in, problems with file, row and column beside them."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from crossframe.types import Problem, Row

R = TypeVar("R", bound=Row)
MIN_PARALLEL = 40  # language means settle from about 40 sentences on


def file_text(path: Path, problems: list[Problem], hint: str = "") -> str | None:
    """Return the file's text; a missing, empty or undecodable file is a problem.

    Parameters
    ----------
    hint
        Where to look when the file is missing.
    """
    message = value = ""
    text: str | None = None
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        message = f"the file is missing{hint}"
    except IsADirectoryError:
        message = "is a folder, a file is needed"
    except UnicodeDecodeError as error:
        message, value = f"is not UTF-8 (byte {error.start}); save it as UTF-8", path.name
    if text is not None and not text.strip():
        message, text = "the file is empty", None
    if text is None:
        problems.append(Problem(path.name, "-", "-", value, message))
    return text


def csv_records(
    text: str, file: str, problems: list[Problem], delimiter: str = ","
) -> tuple[list[str], Iterator[tuple[str, dict[str, object]]]]:
    """Return the header, and the rows as (number, values); numbers are those of a spreadsheet, the header is row 1.

    A row with another number of cells than the header is a problem and left out.
    """
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        problems.append(Problem(file, "-", "-", "", f"is not readable as CSV: {error}"))
        return [], iter(())
    header = records[0]
    for column in sorted({c for c in header if header.count(c) > 1}):
        problems.append(Problem(file, "1", column, column, f"stands {header.count(column)} times in the header"))
    if not records[1:]:
        problems.append(Problem(file, "1", "-", "", "the table has a header and no rows"))

    def rows() -> Iterator[tuple[str, dict[str, object]]]:
        for number, record in enumerate(records[1:], start=2):
            if len(record) != len(header):
                message = f"the row has {len(record)} cells, the header {len(header)}"
                problems.append(Problem(file, str(number), "-", ",".join(record), message))
                continue
            yield str(number), dict(zip(header, record, strict=True))

    return header, rows()


def csv_rows(path: Path, schema: type[R], key: str, problems: list[Problem], hint: str = "") -> list[R]:
    """Parse a CSV table whose columns are the schema's fields; `key` names the column of unique ids."""
    text = file_text(path, problems, hint)
    if text is None:
        return []
    header, records = csv_records(text, path.name, problems)
    if not header:
        return []
    wanted = set(schema.model_fields)
    required = {name for name, field in schema.model_fields.items() if field.is_required()}
    for column in sorted(required - set(header)):
        problems.append(Problem(path.name, "1", column, "", "the column is missing"))
    for column in [c for c in header if c not in wanted]:
        problems.append(Problem(path.name, "1", column, column, f"unknown column; known: {', '.join(sorted(wanted))}"))
    if not required <= set(header) <= wanted:
        return []
    rows: list[R] = []
    seen: dict[str, str] = {}
    for number, values in records:
        row = parsed(schema, values, path.name, number, problems)
        if row is not None:
            once(str(getattr(row, key)), key, path.name, number, seen, problems)
            rows.append(row)
    return rows


def json_records(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the objects of a JSONL text as (line number, values)."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(Problem(file, str(number), "-", line, f"is not JSON: {error}"))
            continue
        if isinstance(values, dict):
            yield str(number), values
        else:
            problems.append(Problem(file, str(number), "-", line, "is not a JSON object"))


def parsed(schema: type[R], values: dict[str, object], file: str, row: str, problems: list[Problem]) -> R | None:
    """Return the row, or None where a cell breaks the schema: each such cell is a problem."""
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        for fault in error.errors():
            column = ".".join(str(part) for part in fault["loc"]) or "-"
            value = "" if fault["type"] == "missing" else str(fault["input"])
            problems.append(Problem(file, row, column, value, fault["msg"].removeprefix("Value error, ")))
        return None


def once(value: str, column: str, file: str, row: str, seen: dict[str, str], problems: list[Problem]) -> None:
    """Note a value that has to be unique; a second one is a problem that names the row of the first."""
    if value in seen:
        problems.append(Problem(file, row, column, value, f"is used in row {seen[value]} already; ids are unique"))
    seen.setdefault(value, row)


def parallel_sentences(path: Path, problems: list[Problem], hint: str = "") -> dict[str, tuple[str, ...]]:
    """Parse parallel.csv: sentence_id, topic, then one column a language, no cell empty."""
    text = file_text(path, problems, hint)
    if text is None:
        return {}
    records = list(csv.reader(io.StringIO(text, newline="")))
    header = records[0]
    if header[:2] != ["sentence_id", "topic"] or len(header) < 3:
        message = "the header must be sentence_id,topic,<languages>"
        problems.append(Problem(path.name, "1", "-", ",".join(header), message))
        return {}
    for number, record in enumerate(records[1:], start=2):
        if len(record) != len(header):
            message = f"{len(record)} cells, the header has {len(header)}"
            problems.append(Problem(path.name, str(number), "-", "", message))
            continue
        for column, cell in zip(header, record, strict=True):
            if not cell.strip():
                problems.append(Problem(path.name, str(number), column, cell, "the cell is empty"))
    if len(records) - 1 < MIN_PARALLEL:
        message = f"{len(records) - 1} sentences; language means need {MIN_PARALLEL} or more"
        problems.append(Problem(path.name, "-", "-", "", message))
    complete = [r for r in records[1:] if len(r) == len(header)]
    return {language: tuple(r[j] for r in complete) for j, language in enumerate(header) if j >= 2}
