"""Reading tables without stopping at the first fault: rows in, problems with file, row and column beside them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from crossframe.errors import InputError
from crossframe.ingest.decode import MAX_TABLE_BYTES, read_text
from crossframe.rawtable import RawTable, read_raw
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
    try:
        if not path.exists():
            raise InputError("the file is missing", remedy=hint or "Check the path.")
        text = read_text(path, MAX_TABLE_BYTES)
        if not text.strip():
            raise InputError("the file is empty", remedy="Leave it out, or save it again.")
    except InputError as error:
        problems.append(of_file(path, error))
        return None
    return text


def of_file(path: Path, error: InputError) -> Problem:
    """Return what is wrong with a file as a whole."""
    remedy = error.remedy[:1].lower() + error.remedy[1:].rstrip(".")
    return Problem(path.name, "-", "-", path.name, f"{error.what}; {remedy}" if remedy else error.what)


def table_of(path: Path, problems: list[Problem], hint: str = "", wanted: Sequence[str] = ()) -> RawTable:
    """Read a table; all its faults become problems, and one that cannot be read at all has no header."""
    try:
        if hint and not path.exists():
            raise InputError("the file is missing", remedy=hint)
        table = read_raw(path, wanted)
    except InputError as error:
        problems.append(of_file(path, error))
        return RawTable(path, [], [], [])
    problems += table.problems
    return table


def csv_rows(path: Path, schema: type[R], key: str, problems: list[Problem], hint: str = "") -> list[R]:
    """Parse a CSV table whose columns are the schema's fields; `key` names the column of unique ids."""
    table = table_of(path, problems, hint, tuple(schema.model_fields))
    header = table.header
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
    for number, values in table.rows:
        row = parsed(schema, values, path.name, number, problems)
        if row is not None:
            once(str(getattr(row, key)), key, path.name, number, seen, problems)
            rows.append(row)
    return rows


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
    table = table_of(path, problems, hint, ("sentence_id", "topic", "ar", "en"))
    header = table.header
    if not header:
        return {}
    if header[:2] != ["sentence_id", "topic"] or len(header) < 3:
        message = "the header must be sentence_id,topic,<languages>"
        problems.append(Problem(path.name, "1", "-", ",".join(header), message))
        return {}
    for number, row in table.rows:
        empty = [column for column, cell in row.items() if not cell.strip()]
        problems += [Problem(path.name, number, column, row[column], "the cell is empty") for column in empty]
    if len(table.rows) < MIN_PARALLEL:
        message = f"{len(table.rows)} sentences; language means need {MIN_PARALLEL} or more"
        problems.append(Problem(path.name, "-", "-", "", message))
    return {language: tuple(row[language] for _number, row in table.rows) for language in header[2:]}
