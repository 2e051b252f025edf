"""Do groups differ in spread? The companion that every PERMANOVA needs beside it."""

from collections.abc import Sequence

import numpy as np

from crossframe.design import Design
from crossframe.permanova import permanova
from crossframe.types import FloatArray, Permanova


def distances_to_centroid(vectors: FloatArray, groups: Sequence[str], events: Sequence[str]) -> FloatArray:
    """Return each document's distance to where its group lies in its event.

    The place is the fitted value of the additive model event + group. A group that differs from the others
    in another way in each event (an interaction) therefore counts as spread too. A document pulls the fit
    towards itself, the more the fewer share its group and event; its distance is divided by sqrt(1 - h), h
    its leverage (O'Neill & Mathews 2000), or small groups would seem less spread. Where h is 1 the document
    is its own centroid and says nothing: NaN.

    Parameters
    ----------
    vectors
        Shape (n_documents, dimension).
    groups, events
        Of each document.

    Returns
    -------
    ndarray of shape (n_documents,)
    """
    design = Design(vectors, groups, events)
    dummies = np.zeros((design.n, design.n_groups))
    dummies[np.arange(design.n), design.group] = 1.0
    dummies -= (design.counts / design.size[:, None])[design.event]
    fitted = dummies @ (design.inverse @ (dummies.T @ design.centred))
    leverage = 1 / design.size[design.event] + np.einsum("ig,gh,ih->i", dummies, design.inverse, dummies)
    free = np.clip(1 - leverage, 0, None)
    distances: FloatArray = np.full(design.n, np.nan)
    known = free > 1e-9
    distances[known] = np.linalg.norm(design.centred - fitted, axis=1)[known] / np.sqrt(free[known])
    return distances


def permdisp(
    vectors: FloatArray, groups: Sequence[str], events: Sequence[str], n_permutations: int, seed: int
) -> Permanova:
    """Test whether groups differ in spread within events (PERMDISP; Anderson 2006).

    The distances to the centroids are compared by the same within-event test as the vectors themselves.
    A small p beside a small p of PERMANOVA means that part of the latter may be a difference of spread, or
    of differences that change from event to event.
    Without events pseudo-F is that of an analysis of variance of the distances. Documents that are their
    own centroid are left out.

    Parameters, returns and errors: see `crossframe.permanova.permanova`.
    """
    distances = distances_to_centroid(vectors, groups, events)
    rows = np.flatnonzero(np.isfinite(distances)).tolist()
    kept = [groups[i] for i in rows], [events[i] for i in rows]
    return permanova(distances[rows, None], *kept, n_permutations, seed)
