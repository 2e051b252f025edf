"""The corpus: raw tables in, one validated Corpus out, or every problem at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from crossframe.config import StudyConfig
from crossframe.config_sections import TextColumn
from crossframe.errors import InputError
from crossframe.onetable import one_table, raw_values, read_rows
from crossframe.rawtable import json_rows
from crossframe.reading import csv_rows, file_text, once, parallel_sentences, parsed
from crossframe.translations import SLOTS, Translations, filled, own_slot, present, read_translations
from crossframe.types import Corpus, Document, DocumentRow, EventRow, OutletRow, Problem, Segment

EVENTS, OUTLETS, DOCUMENTS, PARALLEL = "events.csv", "outlets.csv", "documents.jsonl", "parallel.csv"
CODEBOOK = "codebook.toml"
TABLES = (EVENTS, OUTLETS, DOCUMENTS, PARALLEL)
_SHOWN = 20  # problems in one message
_HINT = "data/README.md says what it holds"

TEXTS: tuple[TextColumn, ...] = ("summary_ar", "summary_en", "summary_orig")


def load_corpus(config: StudyConfig) -> Corpus:
    """Read and check the raw tables, four of them or the one.

    Raises
    ------
    InputError
        If anything is wrong; the message holds every problem, a line each.
    """
    corpus, problems = checked_corpus(config)
    refuse(problems, config)
    if corpus is None:
        raise AssertionError("a corpus without a problem is a corpus")
    return corpus


def checked_corpus(config: StudyConfig) -> tuple[Corpus | None, list[Problem]]:
    """Return the corpus and every problem of the raw tables; the corpus is None where it cannot be made."""
    if config.table is not None:
        return one_table(config)
    corpus, problems = check_tables(config.raw, config.translations)
    problems += [] if corpus is None else check_relations(corpus, [b.id for b in config.blocs])
    return corpus, problems


def refuse(problems: Sequence[Problem], config: StudyConfig) -> None:
    """Raise an InputError that lists the errors among the problems, if there are any."""
    errors = [str(p) for p in problems if p.level == "error"]
    if errors:
        lines = "\n".join([*errors[:_SHOWN], *([f"… and {len(errors) - _SHOWN} more"] if errors[_SHOWN:] else [])])
        what = f"{len(errors)} problem(s) in the raw tables:\n{lines}\n"
        raise InputError(what, str(config.place), "`crossframe validate` lists them all.")


def check_tables(folder: Path, translations: Path | None = None) -> tuple[Corpus | None, list[Problem]]:
    """Parse the four tables against their schemas; the corpus is None where a row is not valid.

    Parameters
    ----------
    folder
        Of the raw tables.
    translations
        File of machine translations that fill missing texts; see `crossframe.translations`.
    """
    problems: list[Problem] = []
    events = csv_rows(folder / EVENTS, EventRow, "event_id", problems, _HINT)
    outlets = csv_rows(folder / OUTLETS, OutletRow, "outlet_id", problems, _HINT)
    known = {} if translations is None else read_translations(translations, problems)
    documents = _documents(folder / DOCUMENTS, known, problems)
    parallel = parallel_sentences(folder / PARALLEL, problems, _HINT)
    if problems:
        return None, problems
    ordered = tuple(sorted(documents, key=lambda d: d.doc_id))
    return (
        Corpus({e.event_id: e for e in events}, {o.outlet_id: o for o in outlets}, ordered, parallel),
        problems,
    )


def document_rows(path: Path, problems: list[Problem]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the objects of documents.jsonl as (line number, values), unchecked."""
    text = file_text(path, problems, _HINT)
    yield from json_rows(text or "", path.name, problems)


def raw_documents(config: StudyConfig, problems: list[Problem]) -> list[dict[str, object]]:
    """Return the rows of the documents as they stand, texts missing or not: what `translate` starts from."""
    if config.table is not None:
        table = read_rows(config)
        rows = [values for _number, values in raw_values(table)]
        problems += table.problems
        return rows
    rows, seen = [], dict[str, str]()
    for number, values in document_rows(config.raw / DOCUMENTS, problems):
        for column in ("doc_id", "language"):
            if not isinstance(values.get(column), str) or not values[column]:
                problems.append(Problem(DOCUMENTS, number, column, "", "is needed"))
        once(str(values.get("doc_id")), "doc_id", DOCUMENTS, number, seen, problems)
        rows.append(values)
    return rows


def _documents(path: Path, translations: Translations, problems: list[Problem]) -> list[DocumentRow]:
    """Parse documents.jsonl, one object a line; texts that are missing come from the translations."""
    documents: list[DocumentRow] = []
    seen: dict[str, str] = {}
    for number, given in document_rows(path, problems):
        values, before = filled(given, translations, problems), len(problems)
        row = parsed(DocumentRow, values, path.name, number, problems)
        problems[before:] = [_with_remedy(p, values) for p in problems[before:]]
        if row is not None:
            once(row.doc_id, "doc_id", path.name, number, seen, problems)
            documents.append(row)
    return documents


def _with_remedy(problem: Problem, values: Mapping[str, object]) -> Problem:
    """Say of a text that is missing how it can be filled."""
    if problem.column not in SLOTS.values() or present(values, problem.column) is not None:
        return problem
    return replace(problem, value="", message=f"{problem.message}: write it, or `crossframe translate` fills it")


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


def text_slot(document: Document, column: str) -> str:
    """Return the field that a text column means for this document: its own language may be Arabic or English."""
    return own_slot(document.language)[0] if column == "summary_orig" else column


def text_of(document: Document, column: str) -> tuple[str, str]:
    """Return (text, language) of a document; `summary_orig` falls back to the summary in its language.

    Raises
    ------
    InputError
        If the document has no such text.
    """
    slot = text_slot(document, column)
    language = {"summary_ar": "ar", "summary_en": "en"}.get(slot, document.language)
    text: str | None = getattr(document, slot)
    if text is None:
        raise InputError(
            f"document {document.doc_id} has no text in the language {language!r}",
            "data.text",
            "Write it into the table, let `crossframe translate` fill it, or compare another text.",
        )
    return text, language


def segments(documents: Sequence[Document], column: str) -> list[Segment]:
    """Split one text of every document into sentences, in the order of `documents`."""
    from crossframe.text import sentences

    if column not in TEXTS:
        raise InputError(f"there is no text column {column!r}", "data.text", f"Use one of {', '.join(TEXTS)}.")
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
