"""Tables of texts as they come: a header and rows of strings."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from crossframe.errors import InputError
from crossframe.onetable import PACKAGED_PARALLEL
from crossframe.reading import parallel_sentences
from crossframe.types import Problem

_MORE = PACKAGED_PARALLEL.with_name("parallel-more.csv")


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Read a .tsv, or a .csv for commas, in UTF-8; quoted fields may hold delimiters and line breaks.

    Returns
    -------
    (header, rows), each row with every column of the header

    Raises
    ------
    InputError
        If the file is missing, not UTF-8, without rows, or a row has more or fewer cells than the header.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError("there is no such file", str(path)) from error
    except (UnicodeDecodeError, IsADirectoryError) as error:
        raise InputError(f"is not a text file in UTF-8: {error}", str(path), "Save the table as UTF-8.") from error
    delimiter = "," if path.suffix.lower() == ".csv" else "\t"
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header = next(reader, [])
        cells = [row for row in reader if row]
    except csv.Error as error:
        raise InputError(f"is not readable as a table: {error}", str(path)) from error
    if doubled := sorted({name for name in header if header.count(name) > 1}):
        raise InputError(f"column names are used twice: {', '.join(doubled)}", str(path), "Rename one of them.")
    if not cells:
        raise InputError("the table has no rows", str(path))
    for number, row in enumerate(cells, start=2):
        if len(row) != len(header):
            raise InputError(
                f"the row has {len(row)} cells, the header {len(header)}", f"{path}, row {number}", "Mend the row."
            )
    return header, [dict(zip(header, row, strict=True)) for row in cells]


def read_parallel(path: Path | None, wanted: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return parallel sentences by language: the package's own where no path is given.

    Some languages have fewer of the package's sentences. Where one of them is wanted, all languages are
    given those that it has: the means of languages can be compared only over the same sentences.

    Raises
    ------
    InputError
        If the table is not valid.
    """
    problems: list[Problem] = []
    found = parallel_sentences(path or PACKAGED_PARALLEL, problems)
    if problems:
        raise InputError("; ".join(map(str, problems)), str(path), "Give a column a language, no cell empty.")
    if path is not None or not set(wanted) - set(found):
        return found
    header, more = read_table(_MORE)
    if not set(wanted) & set(header[1:]):
        return found
    first = [row["sentence_id"] for row in read_table(PACKAGED_PARALLEL)[1]]
    rows = [first.index(row["sentence_id"]) for row in more]
    both = {language: tuple(sentences[i] for i in rows) for language, sentences in found.items()}
    return both | {language: tuple(row[language] for row in more) for language in header[1:]}
