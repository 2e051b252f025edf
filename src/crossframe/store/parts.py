"""Rows of a Parquet table part by part, and parts of vectors as Parquet: memory does not grow with the table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crossframe.errors import InputError
from crossframe.files import atomic_path
from crossframe.types import FloatArray

VECTOR, TRUNCATED = "vector", "truncated"


@dataclass(frozen=True)
class Part:
    """Some rows of the table: the number of the part, ids as an Arrow array, texts."""

    number: int
    ids: Any
    texts: list[str]


def part_path(folder: Path, number: int) -> Path:
    """Return where a part lies."""
    return folder / f"part-{number:05d}.parquet"


def table_rows(source: Path, text_column: str, id_column: str) -> int:
    """Check that a table can be read and has the columns; return how many rows it has.

    Raises
    ------
    InputError
        If there is no such file, it is no Parquet table, lacks a column, has no rows, or its texts are no texts.
    """
    import pyarrow as pa

    with _opened(source) as table:
        schema = table.schema_arrow
        for option, column in (("--text-column", text_column), ("--id-column", id_column)):
            if column not in schema.names:
                what = f"there is no column {column!r}; there are: {', '.join(schema.names)}"
                raise InputError(what, str(source), f"Name it with {option}.")
        kind = schema.field(text_column).type
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            raise InputError(f"the column {text_column!r} holds {kind}, not text", str(source), "Name another.")
        if not table.metadata.num_rows:
            raise InputError("the table has no rows", str(source))
        return int(table.metadata.num_rows)


def read_parts(source: Path, text_column: str, id_column: str, part_rows: int, wanted: Sequence[int]) -> Iterator[Part]:
    """Yield the wanted parts, in ascending order; row groups without any of them are not read.

    What is held is one part and the row group that is being read.

    Raises
    ------
    InputError
        If an id is missing or a text is missing or blank; the message names the row.
    """
    import pyarrow as pa

    left = sorted(wanted)
    if not left:
        return
    with _opened(source) as table:
        first, at = _first_group(table, left[0] * part_rows)
        groups = list(range(first, table.num_row_groups))
        held: list[Any] = []  # batches from row `at` on
        for batch in table.iter_batches(part_rows, row_groups=groups, columns=[id_column, text_column]):
            held.append(batch)
            while left and at + sum(len(b) for b in held) >= min((left[0] + 1) * part_rows, table.metadata.num_rows):
                rows = pa.Table.from_batches(held)
                start = left[0] * part_rows
                yield _part(left.pop(0), rows.slice(start - at, part_rows), start, text_column, id_column, source)
                rows = rows.slice(start - at + part_rows)
                at, held = start + part_rows, rows.to_batches()
            if not left:
                return


def write_part(folder: Path, part: Part, id_column: str, vectors: FloatArray, truncated: Sequence[bool]) -> None:
    """Write a part atomically: the ids, `vector` (float32 of fixed length) and `truncated` of each text.

    Parameters
    ----------
    vectors
        Shape (len(part.texts), dimension).
    truncated
        Whether each text is longer than the model reads.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel())
    columns = {
        id_column: part.ids,
        VECTOR: pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]),
        TRUNCATED: pa.array(list(truncated), pa.bool_()),
    }
    with atomic_path(part_path(folder, part.number)) as temporary:
        pq.write_table(pa.table(columns), temporary, compression="zstd")


def _opened(source: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not source.is_file():
        raise InputError("there is no such file", str(source))
    try:
        return pq.ParquetFile(source, pre_buffer=False, buffer_size=1 << 20)
    except pa.ArrowInvalid as error:
        raise InputError(f"is no Parquet table: {error}", str(source), "Save the table as Parquet.") from error


def _first_group(table: Any, row: int) -> tuple[int, int]:
    """Return the row group that holds a row, and that group's first row."""
    start = 0
    for i in range(table.num_row_groups):
        n = table.metadata.row_group(i).num_rows
        if start + n > row:
            return i, start
        start += n
    raise InputError(f"row {row} is beyond the table's end", "store")


def _part(number: int, rows: Any, start: int, text_column: str, id_column: str, source: Path) -> Part:
    texts, ids = rows.column(text_column).to_pylist(), rows.column(id_column).combine_chunks()
    for i, text in enumerate(texts):
        if text is None or not text.strip():
            raise InputError(
                "the text is missing or blank", f"{source}, row {start + i + 1}", "Fill or remove the row."
            )
    if ids.null_count:
        row = start + ids.is_null().index(True).as_py() + 1
        raise InputError(f"{id_column} is missing", f"{source}, row {row}", "Fill it.")
    return Part(number, ids, texts)
