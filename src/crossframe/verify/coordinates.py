"""Two layouts of the same documents: alike up to rotation, reflection and shift, with the same neighbours?"""

from dataclasses import dataclass

import numpy as np

from crossframe.types import FloatArray, IntArray


@dataclass(frozen=True)
class Likeness:
    """How alike two layouts are."""

    n: int
    rms: float  # of the aligned layouts' distances, as a share of the first one's radius; 0: the same
    overlap: float  # mean share of each document's nearest neighbours that are the same; 1: the same
    n_neighbors: int


def likeness(a: FloatArray, b: FloatArray, n_neighbors: int) -> Likeness:
    """Align layout `b` to `a` and measure what is left.

    Coordinates of a layout have no meaning of their own: only who is near whom, and how far, has.

    Parameters
    ----------
    a, b
        Shape (n_documents, 2), the same documents in the same order; two documents or more.
    n_neighbors
        Neighbours compared; lowered where there are fewer documents.

    Returns
    -------
    Likeness
        `rms` is the root mean square distance after the best shift, rotation and reflection (no scaling), over
        the root mean square distance of `a` from its centroid (orthogonal Procrustes: Schönemann 1966).
    """
    from scipy.linalg import orthogonal_procrustes

    first, second = a - a.mean(axis=0), b - b.mean(axis=0)
    turn, _scale = orthogonal_procrustes(second, first)
    radius = float(np.sqrt((first**2).sum(axis=1).mean()))
    left = float(np.sqrt(((second @ turn - first) ** 2).sum(axis=1).mean()))
    k = min(n_neighbors, len(a) - 1)
    here, there = _neighbours(a, k), _neighbours(b, k)
    shared = [len(set(x) & set(y)) / k for x, y in zip(here.tolist(), there.tolist(), strict=True)]
    return Likeness(len(a), left / radius if radius > 0 else left, float(np.mean(shared)), k)


def _neighbours(xy: FloatArray, k: int) -> IntArray:
    """Return the k nearest other rows of each row, shape (n, k); ties by position."""
    distance = ((xy[:, None] - xy[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    nearest: IntArray = np.argsort(distance, axis=1, kind="stable")[:, :k]
    return nearest
