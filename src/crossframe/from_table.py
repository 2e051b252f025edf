"""A study from a table or from ingested pages: every row is kept, and what a person has to fill stays empty."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from crossframe.articles import TO_FILL, as_csv, as_xlsx, too_long
from crossframe.errors import InputError
from crossframe.ingest.dates import table_date
from crossframe.ingest.presets import LANGUAGE_NAMES
from crossframe.ingest.records import made_id
from crossframe.ingest.tables import FIELDS, cells, place_of
from crossframe.new import EXAMPLE_TABLE, STUDY, carried, example, study_id, write_study
from crossframe.rawtable import ENDINGS, WRITTEN_HERE, RawTable, as_text, read_raw
from crossframe.text import UNCERTAIN, identify

SourceIs = Literal["publisher", "relayed"]
FIRST = ("doc_id", "title", "source", "event", WRITTEN_HERE, "date", "language", "url", "relay_of", "wire_group")
# kept where the table has them; the text stands last, since it is what is longest
LATER = ("publisher", "bloc", "translated_by", "text_ar", "text_en")
_READ = ("bloc", "translated_by", "text_ar", "text_en", "wire_group", "duplicate_group", "publisher", WRITTEN_HERE)
_SAMPLE = 5000  # characters by which the language is identified


@dataclass(frozen=True)
class Options:
    """How the table is read; every field has the default of the command line.

    `source_is` tells whose framing counts: the publisher's, or that of the source that a text relays.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    source_is: SourceIs = "publisher"
    encoding: str = ""
    sheet: str = ""
    suggest_events: bool = False


@dataclass(frozen=True)
class Made:
    """What was made: the study, its table, the number of rows, the rows that lack a field, and notes."""

    study: Path
    table: Path
    n_rows: int
    empty: dict[str, list[str]]
    notes: tuple[str, ...]


def study_from(folder: Path, source: Path, options: Options) -> Made:
    """Make a study of a table.

    Every row becomes a row of `data/raw/articles.csv`, or of `articles.xlsx` where `event`, `source` or `text` have
    to be filled by a person; the table itself is copied to `data/raw/original`.

    Parameters
    ----------
    folder
        Of the study; empty or not there yet.
    source
        Any table that `rawtable` reads, as `crossframe ingest` writes them.
    options
        How it is read.

    Raises
    ------
    InputError
        If the table or a row of it cannot be read, or the folder is not free; nothing is written then.
    """
    if source.suffix.lower() not in ENDINGS:
        raise InputError(
            f"cannot read {source.suffix or 'a file without ending'}", f"--from {source}",
            f"Give a table ({', '.join(ENDINGS)}); `crossframe ingest` makes one of saved pages.",
        )  # fmt: skip
    if unknown := sorted(set(options.columns) - {*FIELDS, *_READ}):
        raise InputError(
            f"unknown field(s) {', '.join(unknown)}", "--columns", f"Known: {', '.join((*FIELDS, *_READ))}."
        )
    table = read_raw(source, (*options.columns.values(), *FIELDS), options.encoding, options.sheet)
    seen: Counter[str] = Counter()
    rows = _rows(table, options, seen)
    notes = [*table.notes, *(f"{n} {what}" for what, n in sorted(seen.items()))]
    if options.suggest_events:
        _suggest(rows, notes)
    empty = {name: [n for n, row in rows if not row[name]] for name in ("text", *TO_FILL)}
    columns = [*FIRST, *(c for c in LATER if any(row.get(c) for _n, row in rows)), "text"]
    name, data = _table(columns, [row for _n, row in rows], any(empty.values()), notes)
    contents = example(folder)
    del contents[EXAMPLE_TABLE]
    contents |= {
        STUDY: _described(folder, name).encode(),
        "README.md": carried("README-from.md").replace("TABLE", name).encode(),
        f"data/raw/{name}": data,
        f"data/raw/original/{source.name}": source.read_bytes(),
    }
    return Made(write_study(folder, contents), folder / "data" / "raw" / name, len(rows), empty, tuple(notes))


def _rows(table: RawTable, options: Options, seen: Counter[str]) -> list[tuple[str, dict[str, str]]]:
    """Return the rows as (number, cells of the study's table)."""
    table.refuse()
    place = place_of(table, options.columns, None, ("text",), _READ)
    relayed = _relayed(table, place) if options.source_is == "relayed" else None
    given = Counter(as_text(row.get(place.get("doc_id", ""))).strip() for _n, row in table.rows)
    taken = set(given)
    out = []
    for number, values in table.rows:
        row = cells(values, place, f"{table.path}, row {number}", seen)
        row = {name: row.get(name, "") for name in (*FIRST, *LATER, "text", "duplicate_group")}
        if relayed is not None:
            row["publisher"] = row["publisher"] or row["source"]
            row["source"] = relayed(values)
            row["relay_of"] = ";".join(n for n in _names(row["relay_of"]) if n != row["source"])
        row["wire_group"] = row["wire_group"] or row.pop("duplicate_group")
        row["date"] = _date(row["date"])
        language = LANGUAGE_NAMES.get(row["language"].lower(), row["language"])
        row["language"] = ("" if language == UNCERTAIN else language) or _language(row["text"])
        row["doc_id"] = row["doc_id"] or made_id(row["source"], row["text"] or row["title"] + row["url"], taken)
        taken.add(row["doc_id"])
        out.append((number, row))
    return out


def _language(text: str) -> str:
    found = identify(text[:_SAMPLE])
    return "" if found == UNCERTAIN else found


def _date(cell: str) -> str:
    """Return an ISO date; a cell that is none stays for `validate` to name."""
    try:
        return table_date(cell) if cell else ""
    except ValueError:
        return cell


def _names(cell: str) -> list[str]:
    return [name.strip() for name in cell.split(";") if name.strip()]


def _relayed(table: RawTable, place: Mapping[str, str]) -> Any:
    """Return what gives the source that a row relays, empty where it is not told.

    Raises
    ------
    InputError
        If the table has no column that could tell.
    """
    told = next((c for c in ("attribution", "attributed_to") if c in table.header), "")
    column = place.get("relay_of", "")
    if not told and not column:
        raise InputError(
            "no column tells whom a text relays", f"{table.path}, --source-is relayed",
            "Needed is attribution, attributed_to (`crossframe ingest` writes them) or relay_of.",
        )  # fmt: skip

    def source(row: Mapping[str, Any]) -> str:
        value = row.get(told)
        name = value.get("source") if isinstance(value, dict) else value
        return as_text(name).strip() or next(iter(_names(as_text(row.get(column)))), "")

    return source


def _table(columns: list[str], rows: list[dict[str, str]], to_fill: bool, notes: list[str]) -> tuple[str, bytes]:
    """Return the table's name and bytes: XLSX where a person fills it and it can hold the texts, else CSV."""
    if to_fill and (long := too_long(columns, rows)):
        notes.append(
            f"{len(long)} cell(s) are too long for XLSX, so the table is CSV; LibreOffice opens them whole, "
            f"Excel would cut them: {', '.join(doc_id for doc_id, _c, _n in long[:5])}"
        )
    elif to_fill:
        return "articles.xlsx", as_xlsx(columns, rows)
    return "articles.csv", as_csv(columns, rows)


def _described(folder: Path, table: str) -> str:
    """Return a study.toml for the table, made of the example's."""
    title = json.dumps(folder.resolve().name.encode("utf-8", "replace").decode(), ensure_ascii=False)
    lines = carried(STUDY).replace("my-study", study_id(folder)).splitlines(keepends=True)
    out = "".join(line for line in lines if not line.startswith("# What is here runs as it is"))
    out = re.sub(r"(?m)^(title_(?:en|ar) = ).*$", lambda found: found[1] + title, out)
    return re.sub(r'(?m)^table = "[^"]*" *', lambda _f: f'table = "data/raw/{table}"'.ljust(43), out)


def _suggest(rows: list[tuple[str, dict[str, str]]], notes: list[str]) -> None:
    """Fill `event_suggested` where the text is there; `event` is left alone."""
    from crossframe.suggest import Told, suggest_events

    told = [Told(r["title"], r["text"], r["language"], r["date"]) for _n, r in rows if r["text"]]
    names = iter(suggest_events(told))
    for _number, row in rows:
        row[WRITTEN_HERE] = next(names) if row["text"] else ""
    groups = len({row[WRITTEN_HERE] for _n, row in rows} - {""})
    notes.append(
        f"{groups} events were suggested by a program (column {WRITTEN_HERE}); nothing uses them until you copy what "
        "is right into the column event"
    )
