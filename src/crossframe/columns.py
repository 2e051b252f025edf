"""Tables of texts as they come: a header and rows of strings."""

from collections.abc import Sequence
from pathlib import Path

from crossframe.errors import InputError
from crossframe.onetable import PACKAGED_PARALLEL
from crossframe.rawtable import as_text, read_raw
from crossframe.reading import parallel_sentences
from crossframe.types import Problem

_MORE = PACKAGED_PARALLEL.with_name("parallel-more.csv")


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Read a table of texts, CSV or tab-separated or any other kind that `rawtable` reads.

    Returns
    -------
    (header, rows), each row with every column of the header

    Raises
    ------
    InputError
        If the file cannot be read, has no rows, or a row has more or fewer cells than the header.
    """
    table = read_raw(path)
    table.refuse()
    return table.header, [{column: as_text(row.get(column)) for column in table.header} for _n, row in table.rows]


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
