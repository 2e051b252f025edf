"""Coding sheets that came back: the key, and the codes in the cells."""

import csv
import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossframe.codes import KeyRow
from crossframe.errors import InputError
from crossframe.sheet import CODING, HINT, KEY_COLUMNS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ANSWERS = {"0": "0", "1": "1", "٠": "0", "١": "1", "۰": "0", "۱": "1"}  # Arabic and Persian digits too


@dataclass(frozen=True)
class Filled:
    """What a sheet came back with: (doc_id, frame, code) of each coded cell, and how many stayed blank."""

    codes: tuple[tuple[str, str, str], ...]
    n_blank: int


def read_key(path: Path) -> dict[str, KeyRow]:
    """Read the key of a sheet: opaque id -> document, its probability, the text shown.

    Raises
    ------
    InputError
        If the file is missing or is not such a key.
    """
    if not path.is_file():
        raise InputError("there is no key to the sheet", str(path), "Name the file that was written with it: --key.")
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig", "replace"), newline="")))
    if not rows or tuple(rows[0]) != KEY_COLUMNS:
        raise InputError(f"is not a key: the header must be {','.join(KEY_COLUMNS)}", f"{path}, row 1")
    key: dict[str, KeyRow] = {}
    for number, row in enumerate(rows[1:], start=2):
        try:
            opaque, doc_id, probability, _seed, text = row
            key[opaque] = KeyRow(doc_id, float(probability), text)
        except ValueError as error:
            raise InputError("is not a line of a key", f"{path}, row {number}", "Restore the file.") from error
    return key


def read_sheet(path: Path, key: Mapping[str, KeyRow], frames: Sequence[str]) -> Filled:
    """Read a sheet that came back: 0, 1 (in any digits that Arabic or Persian uses) or blank, "not coded".

    Rows and columns that were deleted count as blank.

    Parameters
    ----------
    path
        The .xlsx file, written by `write_sheet`.
    key
        From `read_key`.
    frames
        Ids of the codebook's frames.

    Raises
    ------
    InputError
        If the file is not such a sheet, or a cell holds anything else; the cell is named.
    """
    sheet = _open(path)
    columns = _columns(sheet, path, frames)
    found: dict[str, dict[str, str]] = {}
    for row in sheet.iter_rows(min_row=2, max_col=max(columns, default=0) + 1):
        answers = {columns[j]: _answer(row[j], path) for j in columns if not _blank(row[j])}
        if _blank(row[0]):
            if answers:
                raise InputError("the row has codes and no id", f"{path}, {row[0].coordinate}", "Restore the id.")
            continue
        opaque = str(row[0].value).strip()
        if opaque not in key:
            raise InputError(
                f"the id {opaque!r} is not in the key", f"{path}, {row[0].coordinate}", "Give the sheet's own key."
            )
        if opaque in found:
            raise InputError(f"the id {opaque!r} stands twice", f"{path}, {row[0].coordinate}", "Remove one row.")
        found[opaque] = answers
    codes = tuple((key[i].doc_id, frame, code) for i, answers in found.items() for frame, code in answers.items())
    return Filled(codes, len(key) * len(frames) - len(codes))


def _open(path: Path) -> "Worksheet":
    from openpyxl import load_workbook

    if not path.is_file():
        raise InputError("there is no such file", str(path), "Give the sheet that came back.")
    try:
        # openpyxl warns of styles and extensions that it does not know; only the values are read here
        with path.open("rb") as handle, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(handle, data_only=True)
    except (zipfile.BadZipFile, SyntaxError, KeyError, ValueError) as error:  # SyntaxError: XML that is broken
        raise InputError("is not an XLSX file", str(path), "Save the sheet as .xlsx.") from error
    if CODING not in book.sheetnames:
        raise InputError(f"has no sheet {CODING!r}", str(path), "Give a file made by `crossframe codes sheet`.")
    return book[CODING]


def _columns(sheet: "Worksheet", path: Path, frames: Sequence[str]) -> dict[int, str]:
    """Return column index -> frame, from the first line of each header cell."""
    header = [str(c.value or "").split("\n")[0].strip() for c in sheet[1]]
    if header[:1] != ["id"]:
        raise InputError("the first column must be called id", f"{path}, A1", "Restore the header.")
    columns: dict[int, str] = {}
    for j, name in enumerate(header):
        if name in {"id", "text", ""}:
            continue
        where = f"{path}, {sheet.cell(1, j + 1).coordinate}"
        if name not in frames:
            raise InputError(f"there is no frame {name!r} in the codebook", where, "Restore the header.")
        if name in columns.values():
            raise InputError(f"the frame {name!r} has two columns", where, "Remove one.")
        columns[j] = name
    return columns


def _blank(cell: Any) -> bool:
    return cell.value is None or not str(cell.value).strip()


def _answer(cell: Any, path: Path) -> str:
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if isinstance(value, bool) else str(value).strip()
    if text not in _ANSWERS:
        raise InputError(f"{cell.value!r} is neither 0 nor 1", f"{path}, cell {cell.coordinate}", HINT)
    return _ANSWERS[text]
