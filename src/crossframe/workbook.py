"""XLSX workbooks: the cells of a sheet read, and a table written so that the same table gives the same bytes."""

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossframe.errors import InputError
from crossframe.files import atomic_path

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_CELL_XLSX = 32_767  # characters that a cell of XLSX can hold; a spreadsheet would cut the rest off silently
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP container can name
_WHEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True)
class Cells:
    """A sheet as read: records are (row number, cells); faults are (row, column, value, message)."""

    records: list[tuple[str, list[Any]]]
    faults: list[tuple[str, str, str, str]]
    notes: tuple[str, ...]


def read_workbook(path: Path, sheet: str = "") -> Cells:
    """Read the values of one sheet, the first one unless another is named.

    A formula counts as the value that the file holds for it. One without a value, as programs write that compute
    nothing, and one whose value is an error (#REF!) are faults: they would be empty or wrong without a word.

    Raises
    ------
    InputError
        If the file is no workbook, would unpack to too much, or has no such sheet.
    """
    from crossframe.ingest.office import open_archive

    data = open_archive(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of styles and extensions that do not touch the cells
            return _cells(data, path, sheet)
    except InputError:
        raise
    except Exception as error:  # a damaged workbook surfaces as whatever its XML lacks
        raise InputError(
            f"is not readable as XLSX: {error}", str(path), "Open it and save it anew, or as CSV."
        ) from error


def _cells(data: bytes, path: Path, sheet: str) -> Cells:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    names = list(book.sheetnames)
    if sheet and sheet not in names:
        raise InputError(f"there is no sheet {sheet!r}", str(path), f"There are: {', '.join(names)}.")
    chosen = book[sheet] if sheet else book.worksheets[0]
    chosen.reset_dimensions()
    records, faults = [], []
    for number, row in enumerate(chosen.iter_rows(), start=1):
        cells = [cell.value for cell in row]
        faults += [
            (str(number), cell.coordinate, str(cell.value), "is an error of a formula; mend the cell")
            for cell in row
            if cell.value is not None and cell.data_type == "e"
        ]
        records.append((str(number), cells))
    faults += _without_value(data, chosen.title, records) if _has_formulas(data) else []
    book.close()
    width = max((len(cells) for _number, cells in records), default=0)
    padded = [(number, cells + [None] * (width - len(cells))) for number, cells in records]
    others = [n for n in names if n != chosen.title]
    notes = (f"{path.name}: read sheet {chosen.title!r}, not {', '.join(others)} (--sheet NAME)",) if others else ()
    return Cells(padded, faults, notes)


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        return any(_FORMULA.search(archive.read(name)) for name in names)


def _without_value(
    data: bytes, title: str, records: Sequence[tuple[str, list[Any]]]
) -> list[tuple[str, str, str, str]]:
    """Return the formulas that the file holds no value for."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    sheet, found = book[title], []
    sheet.reset_dimensions()
    message = "is a formula without a value; open the file in a spreadsheet program and save it, or write the value"
    for row, (number, cells) in zip(sheet.iter_rows(), records, strict=True):
        for cell, value in zip(row, cells, strict=False):
            if value is None and cell.value is not None and cell.data_type == "f":
                found.append((number, cell.coordinate, str(cell.value), message))
    book.close()
    return found


def write_cell(sheet: "Worksheet", row: int, column: int, value: str, rtl: bool = False, bold: bool = False) -> None:
    """Write a cell as text, wrapped; one that begins like a formula (= + - @) stays text when it is edited."""
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row, column, value)
    if value:
        cell.data_type = "s"
        cell.quotePrefix = value[0] in "=+-@"
    cell.alignment = Alignment(
        horizontal="right" if rtl else "left", vertical="top", wrap_text=True, readingOrder=2 if rtl else 1
    )
    cell.font = Font(bold=bold)


def save_workbook(book: "Workbook", path: Path) -> None:
    """Write a workbook atomically; nothing in it tells when it was written."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(workbook_bytes(book))


def workbook_bytes(book: "Workbook") -> bytes:
    """Return a workbook as a file's bytes, the same for the same cells."""
    buffer, out = io.BytesIO(), io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "docProps/core.xml":
                data = _WHEN.sub(rb"\g<1>1980-01-01T00:00:00Z", data)
            again.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
