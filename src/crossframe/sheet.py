"""Coding sheets: documents drawn, and an XLSX file that a person fills in; `filled` reads it back."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crossframe.codes import draw
from crossframe.corpus import independent, text_of
from crossframe.errors import InputError
from crossframe.files import atomic_path, sha256_text, write_text
from crossframe.frames import Frame
from crossframe.types import Corpus
from crossframe.workbook import MAX_CELL_XLSX, write_cell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

CODING, CODEBOOK_SHEET = "coding", "codebook"
KEY_COLUMNS = ("id", "doc_id", "probability", "seed", "text")
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # cannot stand in XML
HINT = "1: the text carries the frame. 0: it does not. Blank: not coded."


@dataclass(frozen=True)
class Item:
    """One document to be coded: its text, the language of that text, and how it was drawn."""

    doc_id: str
    text: str
    language: str
    probability: float


def key_path(sheet: Path) -> Path:
    """Return where the key of a sheet lies: beside it, with `.key.csv` added to its name."""
    return sheet.with_name(sheet.name + ".key.csv")


def opaque_id(doc_id: str, seed: int) -> str:
    """Return the id that stands for a document in a sheet; in its order the documents are shuffled."""
    return "T-" + sha256_text("coding sheet", str(seed), doc_id)[:10]


def draw_items(corpus: Corpus, n: int, seed: int, column: str) -> list[Item]:
    """Draw documents to be coded, stratified by event and bloc; copies of one wire story count once.

    Parameters
    ----------
    corpus
        The study's corpus.
    n, seed
        How many, and the seed of the draw; see `codes.draw`.
    column
        Which text is shown: `summary_ar`, `summary_en` or `summary_orig`.

    Raises
    ------
    InputError
        If n documents cannot be drawn, or one has no such text.
    """
    kept, _set_aside = independent(corpus.documents)
    ids, blocs, events = [d.doc_id for d in kept], [corpus.bloc(d) for d in kept], [d.event_id for d in kept]
    drawn = dict(zip(*draw(ids, blocs, events, n, seed), strict=True))
    return [Item(d.doc_id, *text_of(d, column), drawn[d.doc_id]) for d in kept if d.doc_id in drawn]


def write_sheet(out: Path, items: Sequence[Item], frames: Sequence[Frame], seed: int, column: str) -> None:
    """Write a coding sheet and, beside it, its key.

    The sheet "coding" holds an opaque id, the text and a column a frame; "codebook" holds the definitions.
    Nothing in the file tells of outlet, bloc, date, address or document id, and the rows are in random order.

    Parameters
    ----------
    out
        The .xlsx file; the key is `key_path(out)`.
    items
        The documents.
    frames
        The codebook.
    seed
        The seed that the documents were drawn with.
    column
        Which text is shown: `summary_ar`, `summary_en` or `summary_orig`.

    Raises
    ------
    InputError
        If the sheet or its key exists, `out` is no .xlsx, or a text cannot stand in a cell.
    """
    from openpyxl import Workbook

    if out.suffix.lower() != ".xlsx":
        raise InputError("is not the name of an .xlsx file", f"--out {out}", "Example: --out sheet.xlsx")
    for path in (out, key_path(out)):
        if path.exists():
            raise InputError("exists already, perhaps with codes in it", str(path), "Name another file or move it.")
    rows = sorted(((opaque_id(i.doc_id, seed), i) for i in items), key=lambda pair: pair[0])
    book = Workbook()
    _coding(book.active, rows, frames)
    _codebook(book.create_sheet(CODEBOOK_SHEET), frames)
    with atomic_path(out) as temporary:
        book.save(temporary)
        write_text(key_path(out), _key(rows, seed, column))


def _coding(sheet: "Worksheet", rows: Sequence[tuple[str, Item]], frames: Sequence[Frame]) -> None:
    from openpyxl.utils import get_column_letter

    rtl = sum(item.language in RIGHT_TO_LEFT for _id, item in rows) * 2 > len(rows)
    sheet.title = CODING
    sheet.sheet_view.rightToLeft = rtl
    sheet.freeze_panes = "C2"
    names = [f.id + "\n" + (f.name_ar if rtl and f.name_ar else f.name) for f in frames]
    for j, name in enumerate(["id", "text", *names], start=1):
        _write(sheet, 1, j, name, bold=True)
        sheet.column_dimensions[get_column_letter(j)].width = {1: 15, 2: 90}.get(j, 17)
    for i, (opaque, item) in enumerate(rows, start=2):
        _write(sheet, i, 1, opaque)
        _write(sheet, i, 2, item.text, rtl=item.language in RIGHT_TO_LEFT, where=item.doc_id)
    _validate(sheet, f"C2:{get_column_letter(len(frames) + 2)}{len(rows) + 1}")


def _validate(sheet: "Worksheet", cells: str) -> None:
    """Let the program that opens the sheet refuse anything but 0, 1 and blank."""
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="whole", operator="between", formula1="0", formula2="1", allow_blank=True)
    rule.showErrorMessage = rule.showInputMessage = True
    rule.errorTitle, rule.error = "0 / 1", HINT
    rule.promptTitle, rule.prompt = "0 / 1", HINT
    sheet.add_data_validation(rule)
    rule.add(cells)


def _codebook(sheet: "Worksheet", frames: Sequence[Frame]) -> None:
    columns = {"id": 24, "name": 24, "definition": 60, "include": 60, "exclude": 60, "name_ar": 24, "definition_ar": 60}
    sheet.freeze_panes = "B2"
    for j, (name, width) in enumerate(columns.items(), start=1):
        _write(sheet, 1, j, name, bold=True)
        sheet.column_dimensions[sheet.cell(1, j).column_letter].width = width
        for i, frame in enumerate(frames, start=2):
            _write(sheet, i, j, getattr(frame, name), rtl=name.endswith("_ar"), where=frame.id)


def _write(
    sheet: "Worksheet", row: int, column: int, value: str, rtl: bool = False, bold: bool = False, where: str = ""
) -> None:
    """Write a cell of text, or say why it cannot stand in one."""
    if len(value) > MAX_CELL_XLSX:
        raise InputError(
            f"{len(value)} characters do not fit into a cell ({MAX_CELL_XLSX})", where, "Shorten the text."
        )
    if bad := _FORBIDDEN.search(value):
        raise InputError(f"holds the control character {bad.group()!r}", where, "Remove it from the text.")
    write_cell(sheet, row, column, value, rtl, bold)


def _key(rows: Sequence[tuple[str, Item]], seed: int, column: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(KEY_COLUMNS)
    writer.writerows((opaque, i.doc_id, f"{i.probability:.10g}", seed, column) for opaque, i in rows)
    return out.getvalue()
