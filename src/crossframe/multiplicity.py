"""Corrections of p-values for families of tests."""

from collections.abc import Sequence

import numpy as np


def holm(ps: Sequence[float]) -> list[float]:
    """Return Holm's step-down adjusted p-values (Holm 1979), in the order given."""
    order = np.argsort(ps, kind="stable")
    m = len(ps)
    stepped = np.minimum(1.0, np.maximum.accumulate([(m - i) * ps[j] for i, j in enumerate(order)]))
    out = np.empty(m)
    out[order] = stepped
    return [float(v) for v in out]


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Return Benjamini-Hochberg adjusted p-values (Benjamini & Hochberg 1995), in the order given."""
    order = np.argsort(ps, kind="stable")[::-1]
    m = len(ps)
    stepped = np.minimum.accumulate([m / (m - i) * ps[j] for i, j in enumerate(order)])
    out = np.empty(m)
    out[order] = np.minimum(1.0, stepped)
    return [float(v) for v in out]
