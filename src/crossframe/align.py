"""How well encoders put equal meanings of different languages together, on any parallel file."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np

from crossframe.columns import read_table
from crossframe.embed import embed
from crossframe.encoders import Encoder
from crossframe.errors import InputError
from crossframe.space import concatenated, language_free, retrieval_accuracy, unit_rows
from crossframe.text import language_code
from crossframe.types import FloatArray

CSLS_NEIGHBOURS = 10  # as in Conneau et al. 2018


def read_columns(path: Path, columns: Sequence[str]) -> dict[str, list[str]]:
    """Read columns of a parallel table: .tsv, or .csv for commas; quoted fields allowed.

    Raises
    ------
    InputError
        If the file is missing or not UTF-8, a column is missing, or a cell is empty.
    """
    if not columns or len(set(columns)) < len(columns):
        raise InputError("columns must be named, each once", "--columns", "Example: --columns eng,arb")
    names, rows = read_table(path)
    if missing := [c for c in columns if c not in names]:
        raise InputError(f"column(s) {', '.join(missing)} are missing; there are: {', '.join(names)}", str(path))
    out: dict[str, list[str]] = {c: [] for c in columns}
    for number, row in enumerate(rows, start=2):
        for column in columns:
            if not row[column].strip():
                raise InputError(
                    "the cell is empty", f"{path}, row {number}, column {column}", "Fill or remove the row."
                )
            out[column].append(row[column])
    return out


def align(
    texts: Mapping[str, Sequence[str]],
    parallel: Mapping[str, Sequence[str]],
    encoders: Sequence[Encoder],
    batch_size: int = 32,
    n_directions: int = 0,
) -> dict[str, Any]:
    """Measure retrieval in every direction, before and after the language means are taken out.

    Parameters
    ----------
    texts
        Column -> sentences; row i means the same in every column.
    parallel
        Language code -> sentences that the language means are estimated on.
    encoders
        Set side by side with equal weight.
    batch_size
        Texts encoded at a time.
    n_directions
        Directions of each language taken out besides its mean (`crossframe.space.language_directions`).

    Returns
    -------
    dict
        `directions`: for each "a->b" the share, in [0, 1], of sentences of a whose nearest sentence of b
        is their own: `before` and `after` by cosine, `after_csls` with cross-domain similarity local
        scaling; and the means over directions.

    Raises
    ------
    InputError
        If fewer than two columns are given, or a language has no parallel sentences.
    """
    if len(texts) < 2:
        raise InputError("retrieval needs two or more columns", "--columns", "Example: --columns eng,arb")
    codes = {column: language_code(column) for column in texts}
    if unknown := sorted({c for c in codes.values() if c not in parallel}):
        known = ", ".join(sorted(parallel))
        raise InputError(f"no parallel sentences for {', '.join(unknown)} (there are: {known})", "--means")
    raw, free = [], []
    for encoder in encoders:
        sentences = {
            code: embed(list(parallel[code]), encoder, batch_size).vectors for code in sorted(set(codes.values()))
        }
        rows = {c: embed(list(t), encoder, batch_size).vectors.astype(np.float64) for c, t in texts.items()}
        raw.append({c: unit_rows(v) for c, v in rows.items()})
        free.append({c: language_free(v, [codes[c]] * len(v), sentences, True, n_directions) for c, v in rows.items()})
    before = {c: concatenated([part[c] for part in raw]) for c in texts}
    after = {c: concatenated([part[c] for part in free]) for c in texts}
    directions = {
        f"{a}->{b}": {
            "before": retrieval_accuracy(before[a], before[b]),
            "after": retrieval_accuracy(after[a], after[b]),
            "after_csls": csls_accuracy(after[a], after[b]),
        }
        for a, b in permutations(texts, 2)
    }
    means_over = {
        f"mean_{key}": float(np.mean([d[key] for d in directions.values()]))
        for key in ("before", "after", "after_csls")
    }
    return {"directions": directions, **means_over, "n": len(next(iter(texts.values())))}


def csls_accuracy(queries: FloatArray, targets: FloatArray, neighbours: int = CSLS_NEIGHBOURS) -> float:
    """Return the retrieval accuracy by cross-domain similarity local scaling (Conneau et al. 2018, eq. 3).

    CSLS(x, y) = 2 cos(x, y) - r(x) - r(y), where r is the mean cosine with the `neighbours` nearest rows of
    the other side: a hub, near to everything, is near to nobody in particular.

    Parameters
    ----------
    queries, targets
        Unit rows of shape (n, dimension); row i of one belongs to row i of the other.
    """
    similarity = queries @ targets.T
    k = min(neighbours, len(targets))
    of_queries = np.sort(similarity, axis=1)[:, -k:].mean(axis=1, keepdims=True)
    of_targets = np.sort(similarity, axis=0)[-k:].mean(axis=0, keepdims=True)
    scaled = 2 * similarity - of_queries - of_targets
    return float(np.mean(scaled.argmax(axis=1) == np.arange(len(queries))))
