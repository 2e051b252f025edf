"""Codes: who found which frame in which document; the table of them, their consensus, a sample to be coded."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field, ValidationError

from crossframe.config_sections import TextColumn
from crossframe.corpus import CODEBOOK, DOCUMENTS
from crossframe.errors import InputError
from crossframe.files import write_text
from crossframe.frames import load_codebook
from crossframe.reading import csv_rows
from crossframe.types import FloatArray, Identifier, PartialDate, Problem, Row

CODES = "codes.csv"
CoderKind = Literal["human", "program"]
_CODER = re.compile(r"\w([\w .'-]*[\w.])?")  # letters of any script; nothing that a spreadsheet takes for a formula


def _coder(value: str) -> str:
    if not _CODER.fullmatch(value):
        raise ValueError("is not a coder's name: letters, digits, spaces and . ' - only, a letter or digit first")
    return value


def _binary(value: str) -> str:
    if value not in {"0", "1"}:
        raise ValueError("is neither 0 nor 1; a cell that was not coded has no row")
    return value


class Code(Row):
    """One code: one coder's answer to whether one document carries one frame."""

    doc_id: Identifier
    frame: str
    coder: Annotated[str, AfterValidator(_coder)]
    coder_kind: CoderKind
    code: Annotated[str, AfterValidator(_binary)]
    text: TextColumn
    date: PartialDate
    probability: float = Field(default=1.0, gt=0, le=1, description="with which the document was drawn for this coding")

    @property
    def cell(self) -> str:
        """What a coder codes once: document, frame, coder."""
        return f"{self.doc_id}, {self.frame}, {self.coder}"


@dataclass(frozen=True)
class KeyRow:
    """One line of a sheet's key: which document stands behind an opaque id, how it was drawn, which text was shown."""

    doc_id: str
    probability: float
    text: str


@dataclass(frozen=True)
class CodeTable:
    """Codes as an array: `values` is of shape (n_documents, n_frames, n_coders), NaN where not coded.

    `probability`, of shape (n_documents, n_coders), is that of having been drawn, NaN where not coded.
    """

    documents: tuple[str, ...]
    frames: tuple[str, ...]
    coders: tuple[str, ...]
    kinds: tuple[CoderKind, ...]
    values: FloatArray
    probability: FloatArray


@dataclass(frozen=True)
class Consensus:
    """What most coders say: `values` is of shape (n_documents, n_frames), 0, 0.5, 1 or NaN where nobody coded.

    `disagreements` names the (doc_id, frame) on which the coders are half and half.
    """

    documents: tuple[str, ...]
    frames: tuple[str, ...]
    values: FloatArray
    disagreements: tuple[tuple[str, str], ...]


def check_codes(path: Path, documents: Sequence[str], frames: Sequence[str]) -> tuple[list[Code], list[Problem]]:
    """Read codes.csv and return its codes and every problem: see `load_codes`."""
    problems: list[Problem] = []
    codes = csv_rows(path, Code, "cell", problems)
    if problems:
        return [], problems
    kinds: dict[str, str] = {}
    known = {"doc_id": (set(documents), DOCUMENTS), "frame": (set(frames), CODEBOOK)}
    for number, code in enumerate(codes, start=2):
        for column, (ids, where) in known.items():
            if getattr(code, column) not in ids:
                problems.append(Problem(path.name, str(number), column, getattr(code, column), f"is not in {where}"))
        if kinds.setdefault(code.coder, code.coder_kind) != code.coder_kind:
            message = f"{code.coder} is called {kinds[code.coder]} further up; a coder is one or the other"
            problems.append(Problem(path.name, str(number), "coder_kind", code.coder_kind, message))
    return codes, problems


def codes_problems(folder: Path, documents: Sequence[str]) -> list[Problem]:
    """Return what is wrong with the codes in a folder of raw tables; without a sound codebook only that is said."""
    try:
        frames = [frame.id for frame in load_codebook(folder / CODEBOOK)]
    except InputError:
        return [Problem(CODES, "-", "frame", "", f"cannot be checked: {CODEBOOK} is missing or not valid")]
    return check_codes(folder / CODES, documents, frames)[1]


def load_codes(path: Path, documents: Sequence[str], frames: Sequence[str]) -> list[Code]:
    """Read and check codes.csv.

    Parameters
    ----------
    path
        A CSV file with the columns of `Code`.
    documents, frames
        The ids that may be coded.

    Raises
    ------
    InputError
        If the file is missing or unreadable, a code is not 0 or 1, a document or frame is unknown, a coder coded
        one cell twice, or is human in one row and a program in another; the first is named with its row.
    """
    codes, problems = check_codes(path, documents, frames)
    if problems:
        more = f"\n({len(problems) - 1} more; `crossframe validate` lists them)" if len(problems) > 1 else ""
        raise InputError(f"{problems[0]}{more}", str(path))
    return codes


def save_codes(path: Path, codes: Sequence[Code]) -> None:
    """Write codes.csv whole or not at all, sorted by document, frame and coder."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(list(Code.model_fields))
    for c in sorted(codes, key=lambda c: (c.doc_id, c.frame, c.coder)):
        row = (c.doc_id, c.frame, c.coder, c.coder_kind, c.code, c.text, c.date, f"{c.probability:.10g}")
        writer.writerow(row)
    write_text(path, out.getvalue())


def add_codes(existing: Sequence[Code], new: Sequence[Code]) -> list[Code]:
    """Return all codes together.

    Raises
    ------
    InputError
        If a coder has coded one of the cells already, or changes from human to program.
    """
    cells = {c.cell for c in existing}
    kinds = {c.coder: c.coder_kind for c in existing}
    for code in new:
        if kinds.get(code.coder, code.coder_kind) != code.coder_kind:
            raise InputError(
                f"{code.coder!r} is {kinds[code.coder]} in {CODES}", "--kind", "Give this coder another name."
            )
    if doubled := sorted({c.doc_id for c in new if c.cell in cells}):
        raise InputError(
            f"{new[0].coder!r} has coded {len(doubled)} of these documents already ({', '.join(doubled[:3])} …)",
            CODES,
            "Nothing was added. A second coding by the same person needs a name of its own, such as NAME-2.",
        )
    return [*existing, *new]


def new_codes(
    filled: Sequence[tuple[str, str, str]],
    key: Mapping[str, KeyRow],
    coder: str,
    kind: str,
    date: str,
    documents: Sequence[str],
) -> list[Code]:
    """Return the codes of a filled sheet.

    Parameters
    ----------
    filled
        (doc_id, frame, code) of each coded cell.
    key
        The sheet's key: opaque id -> document, probability, text.
    coder, kind, date
        Who coded, human or program, and when.
    documents
        The ids that the corpus has.

    Raises
    ------
    InputError
        If nothing was coded, a document is not in the corpus, or coder, date or key are not valid.
    """
    if not filled:
        raise InputError("no cell of the sheet is coded", "", "Nothing was added.")
    rows = {row.doc_id: row for row in key.values()}
    if unknown := sorted({doc_id for doc_id, _frame, _code in filled} - set(documents)):
        raise InputError(
            f"the key names {unknown[0]!r}, which is not in {DOCUMENTS}", "", "Give the sheet's own study."
        )
    try:
        return [
            Code.model_validate(
                {"doc_id": doc_id, "frame": frame, "coder": coder, "coder_kind": kind, "code": code, "date": date,
                 "text": rows[doc_id].text, "probability": rows[doc_id].probability}
            )
            for doc_id, frame, code in filled
        ]  # fmt: skip
    except ValidationError as error:
        fault = error.errors()[0]
        message = fault["msg"].removeprefix("Value error, ")
        raise InputError(f"{fault['input']!r}: {message}", f"{fault['loc'][0]}", "Nothing was added.") from error


def code_table(codes: Sequence[Code], documents: Sequence[str], frames: Sequence[str]) -> CodeTable:
    """Arrange codes by document, frame and coder; codes of other documents or frames are left out."""
    kinds = dict(sorted((c.coder, c.coder_kind) for c in codes))
    row, column, layer = ({v: i for i, v in enumerate(ids)} for ids in (documents, frames, kinds))
    values = np.full((len(row), len(column), len(layer)), np.nan)
    probability = np.full((len(row), len(layer)), np.nan)
    for c in codes:
        if c.doc_id in row and c.frame in column:
            values[row[c.doc_id], column[c.frame], layer[c.coder]] = int(c.code)
            probability[row[c.doc_id], layer[c.coder]] = c.probability
    return CodeTable(tuple(documents), tuple(frames), tuple(kinds), tuple(kinds.values()), values, probability)


def consensus(table: CodeTable) -> Consensus:
    """Return what more than half of a document's coders say of each frame.

    Where they are half and half the value is 0.5 and the cell is listed: two coders cannot outvote one another,
    rounding up would make every frame more frequent than any coder found it and rounding down rarer, and leaving
    the cell out would keep the easy documents only. With two coders the mean of the values is thus the mean of
    their prevalences.
    """
    coded = np.isfinite(table.values)
    n = coded.sum(axis=2)
    ones = np.where(coded, table.values, 0).sum(axis=2)
    values = np.where(2 * ones > n, 1.0, np.where(2 * ones == n, 0.5, 0.0))
    values[n == 0] = np.nan
    tied = [(table.documents[i], table.frames[j]) for i, j in np.argwhere(values == 0.5)]
    return Consensus(table.documents, table.frames, values, tuple(tied))


def draw(
    documents: Sequence[str], blocs: Sequence[str], events: Sequence[str], n: int, seed: int
) -> tuple[list[str], list[float]]:
    """Draw documents to be coded: a systematic sample with a random start, stratified by event and bloc.

    The N documents are sorted by event, bloc and, inside, at random. With a whole number s drawn from 0 to
    N - 1, the documents at the places floor((s + jN) / n), j = 0 … n - 1, are taken. The numbers s + jN run
    through 0 … nN - 1 once each, n of them fall on every place, so every document is drawn with probability n / N
    exactly, and an event, or a bloc in an event, gets its share to within one.

    Returns
    -------
    doc_ids, probabilities
        In the order of the strata.

    Raises
    ------
    InputError
        If n is not between 1 and the number of documents.
    """
    N = len(documents)
    if not 1 <= n <= N:
        raise InputError(f"{n} documents cannot be drawn from {N}", "--n", f"Give a number from 1 to {N}.")
    generator = np.random.default_rng(seed)
    inside = generator.permutation(N)
    order = sorted(range(N), key=lambda i: (events[i], blocs[i], inside[i]))
    start = int(generator.integers(N))
    places = [(start + j * N) // n for j in range(n)]
    return [documents[order[place]] for place in places], [n / N] * n
