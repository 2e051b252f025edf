"""Sums of rows by label, for many labellings at once."""

import numpy as np

from crossframe.types import FloatArray, IntArray

CHUNK = 8192  # rows worked on at a time
_FEW = 3  # labels; up to here a dense product for each is quicker than a sparse one for all


def group_sums(rows: FloatArray, labellings: IntArray, n_groups: int) -> FloatArray:
    """Add up rows by label, for many labellings at once.

    Parameters
    ----------
    rows
        Shape (n, d).
    labellings
        Labels 0, 1, ... of the rows, shape (n_labellings, n).
    n_groups
        Number of labels.

    Returns
    -------
    ndarray of shape (n_labellings, n_groups, d), float64
    """
    m = len(labellings)
    if n_groups <= _FEW:
        member = [(labellings == g).astype(np.float64) for g in range(n_groups)]
        dense: FloatArray = np.stack([one @ rows for one in member], axis=1)
        return dense
    from scipy.sparse import csc_array

    sums = np.zeros((m * n_groups, rows.shape[1]))
    first = np.arange(m) * n_groups
    for start in range(0, len(rows), CHUNK):
        # a column a document with a 1 in each labelling's row of its group
        own = (labellings[:, start : start + CHUNK].T + first).ravel()
        chunk = rows[start : start + CHUNK].astype(np.float64, copy=False)
        ends = np.arange(len(chunk) + 1) * m
        sums += csc_array((np.ones(len(own)), own, ends), shape=(m * n_groups, len(chunk))) @ chunk
    return sums.reshape(m, n_groups, -1)
