"""Documents written: one JSON object a line, or a table for a spreadsheet."""

from collections.abc import Sequence
from pathlib import Path

from crossframe.articles import as_csv, as_xlsx
from crossframe.files import atomic_path, write_text
from crossframe.ingest.records import SHEET_COLUMNS, Record


def suggest(records: Sequence[Record]) -> None:
    """Fill `event_suggested`; the documents' own events are left alone."""
    from crossframe.suggest import Told, suggest_events

    told = [Told(r.draft.title, r.draft.text, r.language, r.draft.date) for r in records]
    for record, name in zip(records, suggest_events(told), strict=True):
        record.event_suggested = name


def write(records: Sequence[Record], out: Path) -> None:
    """Write the documents as the ending of `out` says."""
    kind = out.suffix.lower()
    if kind not in {".csv", ".xlsx"}:
        write_text(out, "".join(record.as_line() + "\n" for record in records))
        return
    cells = [record.as_cells() for record in records]
    data = as_csv(SHEET_COLUMNS, cells) if kind == ".csv" else as_xlsx(SHEET_COLUMNS, cells)
    with atomic_path(out) as temporary:
        temporary.write_bytes(data)
