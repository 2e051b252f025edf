"""How far a map depends on its seed: the same documents laid out again, and compared with the map that is shown."""

from dataclasses import dataclass

import numpy as np

from crossframe.cluster import display
from crossframe.progress import track
from crossframe.types import Display, FloatArray

N_SEEDS = 5  # a run on some 230 documents takes about a second


@dataclass(frozen=True)
class MapSpread:
    """How far maps of other seeds lie from the one shown.

    `procrustes_spread` is 0 where every seed gives the same map up to rotation, reflection and size, and 1 where
    they have nothing in common; `neighbour_overlap` is the mean share, in [0, 1], of a document's neighbours on the
    map that stay its neighbours.
    """

    procrustes_spread: float
    neighbour_overlap: float
    n_seeds: int


def map_spread(vectors: FloatArray, shown: Display, n_neighbors: int, min_dist: float, seed: int) -> MapSpread:
    """Lay documents out again with the seeds that follow `seed`, and compare.

    Each map Y is centred, turned, reflected and scaled onto the centred map X that is shown. Its displacement is
    the root mean square distance of a document's two places, divided by the root mean square radius of X:
    sqrt(sum ||x - y||^2 / sum ||x||^2). The spread is the median over the maps.

    Parameters
    ----------
    vectors
        Shape (n_documents, dimension), as given to `display`.
    shown
        The map; its `n_neighbors` is the number of neighbours that are compared.
    n_neighbors, min_dist, seed
        As given to `display`.

    References
    ----------
    Gower 1975 (Procrustes).
    """
    from scipy.spatial import procrustes

    shifts, overlaps = [], []
    for other in track(range(seed + 1, seed + 1 + N_SEEDS), "map of other seeds"):
        xy = display(vectors, n_neighbors, min_dist, other).xy
        shifts.append(float(np.sqrt(procrustes(shown.xy, xy)[2])))
        overlaps.append(neighbour_overlap(shown.xy, xy, shown.n_neighbors))
    return MapSpread(float(np.median(shifts)), float(np.mean(overlaps)), N_SEEDS)


def neighbour_overlap(a: FloatArray, b: FloatArray, k: int) -> float:
    """Return the mean share of each point's k nearest neighbours in `a`, shape (n, 2), that it also has in `b`."""
    from sklearn.neighbors import NearestNeighbors

    near = [NearestNeighbors(n_neighbors=k).fit(xy).kneighbors(return_distance=False) for xy in (a, b)]
    return float(np.mean([len(set(i) & set(j)) / k for i, j in zip(near[0].tolist(), near[1].tolist(), strict=True)]))
