"""The corpus: raw tables in, one validated Corpus out, or every problem at once."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from crossframe.config import StudyConfig
from crossframe.errors import InputError
from crossframe.types import Corpus, Document, Event, Outlet, Problem, Row, Segment

EVENTS, OUTLETS, DOCUMENTS, PARALLEL = "events.csv", "outlets.csv", "documents.jsonl", "parallel.csv"
CODEBOOK = "codebook.toml"
TABLES = (EVENTS, OUTLETS, DOCUMENTS, PARALLEL)
MIN_PARALLEL = 40  # language means settle from about 40 sentences on

R = TypeVar("R", bound=Row)
_KEYS_OF_TEXT = ("summary_ar", "summary_en", "summary_orig")


def load_corpus(config: StudyConfig) -> Corpus:
    """Read and check the raw tables.

    Raises
    ------
    InputError
        If anything is wrong; the message holds every problem, a line each.
    """
    corpus, problems = check_tables(config.raw)
    problems += [] if corpus is None else check_relations(corpus, [b.id for b in config.blocs])
    if problems or corpus is None:
        lines = "\n".join(str(p) for p in problems)
        raise InputError(
            f"{len(problems)} problem(s) in the raw tables:\n{lines}\n",
            str(config.raw),
            "`crossframe validate` lists them.",
        )
    return corpus


def check_tables(folder: Path) -> tuple[Corpus | None, list[Problem]]:
    """Parse the four tables against their schemas; the corpus is None where a row is not valid."""
    problems: list[Problem] = []
    events = read_rows(folder / EVENTS, Event, "event_id", problems)
    outlets = read_rows(folder / OUTLETS, Outlet, "outlet_id", problems)
    documents = _documents(folder / DOCUMENTS, problems)
    parallel = _parallel(folder / PARALLEL, problems)
    if problems:
        return None, problems
    ordered = tuple(sorted(documents, key=lambda d: d.doc_id))
    return (
        Corpus({e.event_id: e for e in events}, {o.outlet_id: o for o in outlets}, ordered, parallel),
        problems,
    )


def _text(path: Path, problems: list[Problem]) -> str | None:
    """Return the file's text; a missing, empty or undecodable file is a problem."""
    message = value = ""
    text: str | None = None
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        message = "the file is missing; data/README.md says what it holds"
    except IsADirectoryError:
        message = "is a folder, a file is needed"
    except UnicodeDecodeError as error:
        message, value = f"is not UTF-8 (byte {error.start}); save it as UTF-8", path.name
    if text is not None and not text.strip():
        message, text = "the file is empty", None
    if text is None:
        problems.append(Problem(path.name, "-", "-", value, message))
    return text


def read_rows(path: Path, schema: type[R], key: str, problems: list[Problem]) -> list[R]:
    """Parse a CSV table against a schema; add to `problems`, with row numbers as in a spreadsheet (the header is 1)."""
    text = _text(path, problems)
    if text is None:
        return []
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        problems.append(Problem(path.name, "-", "-", "", f"is not readable as CSV: {error}"))
        return []
    header, wanted = records[0], set(schema.model_fields)
    required = {name for name, field in schema.model_fields.items() if field.is_required()}
    for column in sorted(required - set(header)):
        problems.append(Problem(path.name, "1", column, "", "the column is missing"))
    for column in [c for c in header if c not in wanted]:
        problems.append(Problem(path.name, "1", column, column, f"unknown column; known: {', '.join(sorted(wanted))}"))
    if not required <= set(header) <= wanted:
        return []
    rows: list[R] = []
    seen: dict[str, str] = {}
    for number, record in enumerate(records[1:], start=2):
        if len(record) != len(header):
            message = f"the row has {len(record)} cells, the header {len(header)}"
            problems.append(Problem(path.name, str(number), "-", ",".join(record), message))
            continue
        row = _parsed(schema, dict(zip(header, record, strict=True)), path.name, str(number), problems)
        if row is not None:
            _once(str(getattr(row, key)), key, path.name, str(number), seen, problems)
            rows.append(row)
    if not records[1:]:
        problems.append(Problem(path.name, "1", "-", "", "the table has a header and no rows"))
    return rows


def _documents(path: Path, problems: list[Problem]) -> list[Document]:
    """Parse documents.jsonl: one object a line."""
    text = _text(path, problems)
    documents: list[Document] = []
    seen: dict[str, str] = {}
    for number, line in enumerate((text or "").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(Problem(path.name, str(number), "-", line, f"is not JSON: {error}"))
            continue
        if not isinstance(values, dict):
            problems.append(Problem(path.name, str(number), "-", line, "is not a JSON object"))
            continue
        row = _parsed(Document, values, path.name, str(number), problems)
        if row is not None:
            _once(row.doc_id, "doc_id", path.name, str(number), seen, problems)
            documents.append(row)
    return documents


def _parsed(schema: type[R], values: dict[str, object], file: str, row: str, problems: list[Problem]) -> R | None:
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        for fault in error.errors():
            column = ".".join(str(part) for part in fault["loc"]) or "-"
            value = "" if fault["type"] == "missing" else str(fault["input"])
            problems.append(Problem(file, row, column, value, fault["msg"].removeprefix("Value error, ")))
        return None


def _once(value: str, column: str, file: str, row: str, seen: dict[str, str], problems: list[Problem]) -> None:
    if value in seen:
        problems.append(Problem(file, row, column, value, f"is used in row {seen[value]} already; ids are unique"))
    seen.setdefault(value, row)


def _parallel(path: Path, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    """Parse parallel.csv: sentence_id, topic, then one column a language, no cell empty."""
    text = _text(path, problems)
    if text is None:
        return {}
    records = list(csv.reader(io.StringIO(text, newline="")))
    header = records[0]
    if header[:2] != ["sentence_id", "topic"] or len(header) < 3:
        problems.append(
            Problem(path.name, "1", "-", ",".join(header), "the header must be sentence_id,topic,<languages>")
        )
        return {}
    for number, record in enumerate(records[1:], start=2):
        if len(record) != len(header):
            problems.append(
                Problem(path.name, str(number), "-", "", f"{len(record)} cells, the header has {len(header)}")
            )
            continue
        for column, cell in zip(header, record, strict=True):
            if not cell.strip():
                problems.append(Problem(path.name, str(number), column, cell, "the cell is empty"))
    if len(records) - 1 < MIN_PARALLEL:
        message = f"{len(records) - 1} sentences; language means need {MIN_PARALLEL} or more"
        problems.append(Problem(path.name, "-", "-", "", message))
    complete = [r for r in records[1:] if len(r) == len(header)]
    return {language: tuple(r[j] for r in complete) for j, language in enumerate(header) if j >= 2}


def check_relations(corpus: Corpus, blocs: Sequence[str]) -> list[Problem]:
    """Check what one table says of another: foreign keys, event windows, claim numbers."""
    problems = [
        Problem(PARALLEL, "1", language, "", "the column is missing; every study needs it")
        for language in ("ar", "en")
        if language not in corpus.parallel
    ]
    for outlet in corpus.outlets.values():
        if outlet.bloc not in blocs:
            problems.append(
                Problem(OUTLETS, outlet.outlet_id, "bloc", outlet.bloc, "is not among [[blocs]] of study.toml")
            )
    for event in corpus.events.values():
        if event.date_end[: len(event.date_start)] < event.date_start[: len(event.date_end)]:
            problems.append(
                Problem(EVENTS, event.event_id, "date_end", event.date_end, f"is before {event.date_start}")
            )
    for document in corpus.documents:
        problems += _document_relations(document, corpus)
    return problems


def _document_relations(d: Document, corpus: Corpus) -> list[Problem]:
    found: list[tuple[str, str, str]] = []
    if d.event_id not in corpus.events:
        found.append(("event_id", d.event_id, f"is not in {EVENTS}"))
    for column, ids in (("outlet_id", (d.outlet_id,)), ("relay_of", d.relay_of)):
        found += [(column, i, f"is not in {OUTLETS}") for i in ids if i not in corpus.outlets]
    if d.outlet_id in d.relay_of:
        found.append(("relay_of", d.outlet_id, "an outlet does not relay itself"))
    event = corpus.events.get(d.event_id)
    if event and not _inside(d.date, event.date_start, event.date_end):
        found.append(("date", d.date, f"is outside the window {event.date_start} to {event.date_end} of {d.event_id}"))
    if d.language not in corpus.parallel:
        found.append(("language", d.language, f"has no column in {PARALLEL}"))
    if (d.summary_orig is None) != (d.language in {"ar", "en"}):
        found.append(
            ("summary_orig", d.summary_orig or "", "is needed where the language is neither ar nor en, only there")
        )
    for number in sorted({n for numbers in d.sentence_claims for n in numbers}):
        if not 0 <= number <= len(d.claims):
            found.append(("sentence_claims", str(number), f"there are {len(d.claims)} claims (0 is the title)"))
    return [Problem(DOCUMENTS, d.doc_id, column, value, message) for column, value, message in found]


def _inside(date: str, start: str, end: str) -> bool:
    """Return whether a date can lie in the window; each may lack its day, or its month and day."""
    n, m = min(len(date), len(start)), min(len(date), len(end))
    return date[:n] >= start[:n] and date[:m] <= end[:m]


def text_of(document: Document, column: str) -> tuple[str, str]:
    """Return (text, language) of a document; `summary_orig` falls back to the summary in its language."""
    if column == "summary_ar" or (column == "summary_orig" and document.language == "ar"):
        return document.summary_ar, "ar"
    if column == "summary_en" or (column == "summary_orig" and document.language == "en"):
        return document.summary_en, "en"
    if document.summary_orig is None:
        raise InputError("has no text in its own language", f"{DOCUMENTS}, {document.doc_id}", "Fill summary_orig.")
    return document.summary_orig, document.language


def segments(documents: Sequence[Document], column: str) -> list[Segment]:
    """Split one text of every document into sentences, in the order of `documents`."""
    from crossframe.text import sentences

    if column not in _KEYS_OF_TEXT:
        raise InputError(f"there is no text column {column!r}", "data.text", f"Use one of {', '.join(_KEYS_OF_TEXT)}.")
    out = []
    for document in documents:
        text, language = text_of(document, column)
        out += [Segment(document.doc_id, i, language, s) for i, s in enumerate(sentences(text, language))]
    return out


def independent(documents: Sequence[Document]) -> tuple[list[Document], dict[str, str]]:
    """Keep one document of each wire group: copies of one story are one observation.

    Kept is the copy of the outlet that others of the group relay, else one that relays nobody, else the first id.

    Returns
    -------
    kept
        Documents in their order.
    set_aside
        doc_id of each copy set aside -> doc_id of the one kept.
    """
    groups: dict[str, list[Document]] = {}
    for d in documents:
        if d.wire_group:
            groups.setdefault(d.wire_group, []).append(d)
    set_aside: dict[str, str] = {}
    for group in groups.values():
        relayed = {i for d in group for i in d.relay_of}
        best = min(group, key=lambda d: (d.outlet_id not in relayed, bool(d.relay_of), d.doc_id))
        set_aside |= {d.doc_id: best.doc_id for d in group if d is not best}
    return [d for d in documents if d.doc_id not in set_aside], set_aside
