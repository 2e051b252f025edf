"""A table of articles that a person opens, fills and saves: CSV or XLSX, safe in any spreadsheet."""

import csv
import io
from collections.abc import Mapping, Sequence

from crossframe.errors import InputError
from crossframe.files import spreadsheet_safe
from crossframe.rawtable import WRITTEN_HERE
from crossframe.workbook import MAX_CELL_XLSX, workbook_bytes, write_cell

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
TO_FILL = ("event", "source")  # what a study needs, and a page may not tell
_TEXTS = frozenset({"title", "text", "text_ar", "text_en"})
_WIDTHS = {"doc_id": 15, "title": 50, "event": 26, "source": 26, WRITTEN_HERE: 40, "url": 24, "text": 90}
_LINE = 15  # points
_SHOWN_LINES = 3  # of a long text: a row as high as its article hides the next one
_MISSING = "FFF2CC"  # light yellow
_MARK = "\ufeff"  # tells Excel that a CSV is UTF-8

Row = Mapping[str, str]


def as_csv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return a CSV table in UTF-8 with a byte-order mark; a cell that begins like a formula has `'` before it.

    `rawtable` takes that mark away again where it reads such a table.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([spreadsheet_safe(row.get(column, "")) for column in columns] for row in rows)
    return (_MARK + buffer.getvalue()).encode()


def as_xlsx(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return a workbook of texts: the columns that are to be filled coloured where they are empty.

    It runs from right to left where most of the texts are in such a script.

    Raises
    ------
    InputError
        If a text does not fit into a cell.
    """
    from openpyxl import Workbook
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    if long := too_long(columns, rows):
        doc_id, column, n = long[0]
        raise InputError(
            f"{n} characters do not fit into a cell of XLSX ({MAX_CELL_XLSX})", f"document {doc_id}, {column}",
            "Write .csv or .jsonl instead.",
        )  # fmt: skip
    book = Workbook()
    sheet = book.active
    sheet.title = "articles"
    sheet.sheet_view.rightToLeft = runs_right_to_left(rows)
    sheet.freeze_panes = "B2"
    missing = PatternFill("solid", fgColor=_MISSING)
    for j, column in enumerate(columns, start=1):
        write_cell(sheet, 1, j, column, bold=True)
        sheet.column_dimensions[get_column_letter(j)].width = _WIDTHS.get(column, 14)
        for i, row in enumerate(rows, start=2):
            value = row.get(column, "")
            write_cell(sheet, i, j, value, rtl=column in _TEXTS and row.get("language") in RIGHT_TO_LEFT)
            if column in TO_FILL and not value:
                sheet.cell(i, j).fill = missing
    for i in range(2, len(rows) + 2):
        sheet.row_dimensions[i].height = _LINE * _SHOWN_LINES
    return workbook_bytes(book)


def too_long(columns: Sequence[str], rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """Return (doc_id, column, characters) of the cells that no XLSX file can hold."""
    lengths = ((row.get("doc_id", ""), c, len(row.get(c, ""))) for row in rows for c in columns)
    return [found for found in lengths if found[2] > MAX_CELL_XLSX]


def runs_right_to_left(rows: Sequence[Row]) -> bool:
    """Return whether most of the texts are in a script that does."""
    return sum(row.get("language") in RIGHT_TO_LEFT for row in rows) * 2 > len(rows)
