"""A corpus from one table: `text`, `event`, `source` a row; everything else may be left out."""

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crossframe.config import StudyConfig
from crossframe.config_sections import ColumnsSection
from crossframe.files import sha256_text
from crossframe.rawtable import ENDINGS, WRITTEN_HERE, RawTable
from crossframe.reading import csv_rows, parallel_sentences, parsed, table_of
from crossframe.text import UNCERTAIN, identify, language_code
from crossframe.translations import filled, own_slot, read_translations
from crossframe.types import Corpus, Document, Event, EventNote, Outlet, Problem

REQUIRED = ("text", "event", "source")
EMPTY = "the cell is empty"
_TO_WRITE = {
    "text": "write the text, or delete the row",
    "event": "write what it tells of, in the same words for all texts about one event, or delete the row",
    "source": "write whose text it is, in the same words for all texts of one source, or delete the row",
}
FIELDS = tuple(ColumnsSection.model_fields)
EVENTS, PARALLEL = "events.csv", "parallel.csv"
PACKAGED_PARALLEL = Path(__file__).parent / "lexicon" / PARALLEL
# columns of `crossframe ingest` and `crossframe new --from` that are not needed here
_WRITTEN_BY_INGEST = frozenset(
    {"attribution", "related", "related_urls", "title_basis", "duplicate_group", "publisher", WRITTEN_HERE}
    | {"attributed_to", "confidence", "attributed_by"}
)
# fields of Document -> what they are called in one table
_NAMES = {"event_id": "event", "outlet_id": "source", "summary_ar": "text_ar", "summary_en": "text_en"}

_UNSEEN = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # marks of direction and byte order
_BROKEN = re.compile(r"[\x00\ud800-\udfff]")  # NUL, and halves of surrogate pairs, which no UTF-8 can hold
_TIME = re.compile(r"(?<=^\d{4}-\d\d-\d\d)[T ].*$")  # after a date

Cells = dict[str, str]


@dataclass
class Rows:
    """The table's rows with cells by field name, and their numbers as a spreadsheet shows them."""

    config: StudyConfig
    problems: list[Problem]
    cells: list[tuple[str, Cells]] = field(default_factory=list)

    @property
    def file(self) -> str:
        """Name of the table, for messages."""
        return self.config.place.name

    def complain(self, row: str, name: str, value: str, message: str, level: str = "error") -> None:
        """Note a problem under the column's own name."""
        column = getattr(self.config.data.columns, _NAMES.get(name, name), name)
        problem = Problem(self.file, row, column, value, message)
        self.problems.append(problem if level == "error" else replace(problem, level="warning"))


def one_table(config: StudyConfig) -> tuple[Corpus | None, list[Problem]]:
    """Read a corpus of one table; the corpus is None where there are errors.

    Sources become outlets. Their blocs are the table's column `bloc`, or the `sources` that `[[blocs]]` list,
    or each source is its own. An event is called by its id unless events.csv says more.
    """
    rows = read_rows(config)
    problems = rows.problems
    translations = read_translations(config.translations, problems)
    documents: list[Document] = []
    for number, values in raw_values(rows):
        before = len(problems)
        document = parsed(Document, filled(values, translations, problems), rows.file, number, problems)
        problems[before:] = [_called(p, config) for p in problems[before:]]
        if document is not None:
            documents.append(document)
    blocs = _blocs(rows)
    notes = csv_rows(config.raw / EVENTS, EventNote, "event_id", problems) if (config.raw / EVENTS).exists() else []
    parallel = _parallel(config, documents, problems)
    if any(p.level == "error" for p in problems):
        return None, problems
    ordered = tuple(sorted(documents, key=lambda d: d.doc_id))
    spoken: dict[str, set[str]] = {source: set() for source in blocs}
    for d in ordered:
        spoken[d.outlet_id].add(d.language)
    outlets = {source: _outlet(source, bloc, spoken[source]) for source, bloc in sorted(blocs.items())}
    return Corpus(_events(ordered, notes, problems), outlets, ordered, parallel), problems


def read_rows(config: StudyConfig) -> Rows:
    """Read the table into cells of text; every fault of it is a problem."""
    rows = Rows(config, [])
    columns = config.data.columns.model_dump()
    wanted = {*REQUIRED, *config.data.columns.model_fields_set}
    table = _table(config.place, tuple(columns.values()), rows.problems)
    header = table.header
    absent = [name for name in FIELDS if header and name in wanted and columns[name] not in header]
    for name in absent:
        hint = f'the table has: {", ".join(header)}. Name another: {name} = "…" in [data.columns]'
        rows.complain("1", name, "", f"the column is missing; {hint}")
    if absent:
        return rows
    for column in header:
        if column not in {*columns.values(), *_WRITTEN_BY_INGEST}:
            message = f"this column is not read; those that are: {', '.join(columns.values())}"
            rows.problems.append(Problem(rows.file, "1", column, "", message, "warning"))
    for number, record in table.rows:
        rows.cells.append((number, {n: _cell(rows, number, n, record.get(columns[n])) for n in FIELDS}))
    return rows


def _table(path: Path, wanted: tuple[str, ...], problems: list[Problem]) -> RawTable:
    """Read the table; one of an ending that is not known is a problem."""
    if (kind := path.suffix.lower()) in ENDINGS:
        return table_of(path, problems, wanted=wanted)
    message = f"cannot be read; save the table as one of {', '.join(ENDINGS)}"
    problems.append(Problem(path.name, "-", "-", kind, message))
    return RawTable(path, [], [], [])


def _cell(rows: Rows, number: str, name: str, value: object) -> str:
    """Return a cell as text: numbers and dates as they are written, a list of names with `;` between."""
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.isoformat()[: len("2024-06-18")]
    if isinstance(value, list) and name == "relay_of" and all(isinstance(v, str) for v in value):
        return ";".join(value)
    if isinstance(value, float) and value.is_integer():  # some spreadsheets write 7 as 7.0
        value = int(value)
    if isinstance(value, str) and (bad := _BROKEN.search(value)):
        rows.complain(number, name, ascii(value[bad.start() : bad.start() + 1]), "is damaged; export it again as UTF-8")
        return ""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return _name(str(value)) if name in {"event", "source", "bloc"} else str(value).strip()
    rows.complain(number, name, str(value), f"is not a text but of the type {type(value).__name__}")
    return ""


def _name(text: str) -> str:
    """Return a name without what nobody sees: direction marks, composed letters or not, runs of spaces."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split())


def raw_values(rows: Rows) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield (row number, fields of `Document`) of the rows that hold what is required, before any translation."""
    seen: dict[str, str] = {}
    if not rows.cells and not any(p.level == "error" for p in rows.problems):
        rows.problems.append(Problem(rows.file, "-", "-", "", "the table has no rows"))
    for number, cells in rows.cells:
        if empty := [name for name in REQUIRED if not cells[name]]:
            shown = cells["title"] or cells["text"]
            for name in empty:
                rows.complain(number, name, shown if name != "text" else "", f"{EMPTY}; {_TO_WRITE[name]}")
            continue
        if not any(c.isalnum() for c in cells["text"]):
            rows.complain(number, "text", cells["text"], "holds no word")
            continue
        language = _language(rows, number, cells)
        doc_id = cells["doc_id"] or sha256_text(cells["source"], cells["event"], cells["text"])[:12]
        if doc_id in seen:
            same = "the same text stands" if not cells["doc_id"] else "is used"
            message = f"{same} in row {seen[doc_id]} already; a document stands once"
            rows.complain(number, "doc_id" if cells["doc_id"] else "text", cells["doc_id"] or cells["text"], message)
        seen.setdefault(doc_id, number)
        if language:
            yield number, _values(rows, number, cells, doc_id, language)


def empty_cells(problems: Sequence[Problem]) -> Counter[str]:
    """Return how many cells a person has to fill, by column."""
    return Counter(p.column for p in problems if p.level == "error" and p.message.startswith(EMPTY))


def _language(rows: Rows, number: str, cells: Cells) -> str:
    """Return the two-letter code of a row's language, given or identified; empty where it cannot be told."""
    language = language_code(cells["language"] or identify(cells["text"]))
    if language == UNCERTAIN:
        rows.complain(number, "language", "", "cannot be told from the text; fill the column `language`")
    elif len(language) != 2 or not language.isascii() or not language.isalpha():
        rows.complain(number, "language", cells["language"], "is not a code such as ar, en or ru")
    else:
        return language
    return ""


def _values(rows: Rows, number: str, cells: Cells, doc_id: str, language: str) -> dict[str, object]:
    """Return a row as fields of `Document`."""
    own = own_slot(language)[0]
    texts = {"summary_ar": cells["text_ar"], "summary_en": cells["text_en"]}
    if own in texts and texts[own] not in {"", cells["text"]}:
        rows.complain(number, own, texts[own], f"the text itself is in {language!r}; leave this cell empty")
    given = [slot for slot, text in texts.items() if text and slot != own]
    return {
        "doc_id": doc_id,
        "event_id": cells["event"],
        "outlet_id": cells["source"],
        "relay_of": [name.strip() for name in cells["relay_of"].split(";") if name.strip()],
        "date": _TIME.sub("", cells["date"]),
        "language": language,
        "url": cells["url"],
        "title": cells["title"],
        **{slot: texts[slot] for slot in given},
        own: cells["text"],
        "wire_group": cells["wire_group"] or None,
        "translated_by": dict.fromkeys(given, cells["translated_by"]) if cells["translated_by"] else {},
    }


def _called(problem: Problem, config: StudyConfig) -> Problem:
    """Name a column as the table does."""
    name = _NAMES.get(problem.column, problem.column)
    return replace(problem, column=getattr(config.data.columns, name, name))


def _blocs(rows: Rows) -> dict[str, str]:
    """Return the bloc of each source."""
    first: dict[str, tuple[str, str]] = {}
    listed = {source: bloc.id for bloc in rows.config.blocs for source in bloc.sources}
    ids = [bloc.id for bloc in rows.config.blocs]
    column = any(cells["bloc"] for _number, cells in rows.cells)
    if column and listed:
        message = "the table has this column and [[blocs]] of study.toml list sources; keep one of the two"
        rows.complain("1", "bloc", "", message)
    if ids and not listed and not column and rows.cells:
        message = "[[blocs]] of study.toml do not say which sources belong to them: add sources = [...] to each"
        rows.complain("1", "source", "", message)
        return {}
    for number, cells in rows.cells:
        source, bloc = cells["source"], cells["bloc"] if column else listed.get(cells["source"], "")
        if not source:
            continue
        if not column and not ids:
            bloc = source
        known = first.setdefault(source, (bloc, number))
        if known[0] != bloc:
            rows.complain(number, "bloc", bloc, f"the source {source!r} is in {known[0]!r} in row {known[1]}")
        elif known[1] == number and not bloc:
            missing = "the cell is empty" if column else f"the source {source!r} is in no [[blocs]] of study.toml"
            rows.complain(number, "bloc" if column else "source", source, missing)
        elif known[1] == number and ids and bloc not in ids:
            rows.complain(number, "bloc", bloc, f"is not among [[blocs]] of study.toml: {', '.join(ids)}")
    for source in sorted(set(listed) - set(first)):
        rows.complain("-", "source", source, f"[[blocs]] lists it in {listed[source]!r}, no row has it", "warning")
    return {source: bloc for source, (bloc, _number) in first.items()}


def _outlet(source: str, bloc: str, languages: Iterable[str]) -> Outlet:
    return Outlet(
        outlet_id=source, name_en=source, name_ar=source, country="", bloc=bloc, ownership="unknown",
        language=";".join(sorted(languages)),
    )  # fmt: skip


def _events(documents: tuple[Document, ...], notes: list[EventNote], problems: list[Problem]) -> dict[str, Event]:
    """Return the events that have documents: first those of events.csv in its order, then by date and id."""
    dates: dict[str, list[str]] = {}
    for d in documents:
        dates.setdefault(d.event_id, []).extend([d.date] if d.date else [])
    noted = {note.event_id: note for note in notes}
    for event_id in (e for e in noted if e not in dates):
        problems.append(Problem(EVENTS, event_id, "event_id", event_id, "no document tells this event", "warning"))
    rest = sorted((min(when, default="9999"), e) for e, when in dates.items() if e not in noted)
    out = {}
    for event_id in [*(e for e in noted if e in dates), *(e for _date, e in rest)]:
        note = noted.get(event_id, EventNote(event_id=event_id))
        out[event_id] = Event(
            event_id=event_id,
            event_family=note.event_family or event_id,
            date_start=note.date_start or min(dates[event_id], default=""),
            date_end=note.date_end or max(dates[event_id], default=""),
            title_en=note.title_en or event_id,
            title_ar=note.title_ar or note.title_en or event_id,
            description_en=note.description_en,
            description_ar=note.description_ar,
        )
    return out


def _parallel(config: StudyConfig, documents: list[Document], problems: list[Problem]) -> Mapping[str, tuple[str, ...]]:
    """Return the neutral sentences of the languages that occur: the study's own, else those of the package."""
    own = config.raw / PARALLEL
    path = own if own.exists() else PACKAGED_PARALLEL
    columns = parallel_sentences(path, problems)
    wanted = {d.language for d in documents} | {"ar", "en"}
    absent = sorted({d.language for d in documents} - set(columns))
    if columns and absent and config.space.remove_language_means:
        remedy = f"copy {PACKAGED_PARALLEL} to {own} and add a column" if path == PACKAGED_PARALLEL else "add a column"
        message = (
            f"there are no neutral sentences in this language (there are: {', '.join(columns)}), so its mean cannot "
            f"be taken out; {remedy}, or set space.remove_language_means = false"
        )
        problems += [Problem(PARALLEL, "1", language, "", message) for language in absent]
    return {language: rows for language, rows in columns.items() if language in wanted}
