"""The map that is shown, the most central of several seeds, and how far it depends on its seed."""

from dataclasses import dataclass

import numpy as np

from crossframe.cluster import fitted_map, placed
from crossframe.large import to_fit
from crossframe.progress import track
from crossframe.types import Display, FloatArray

N_SEEDS = 5  # besides the map that is shown; a run on some 230 documents takes about two seconds


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


def central_map(vectors: FloatArray, n_neighbors: int, min_dist: float, seed: int) -> tuple[Display, MapSpread]:
    """Lay documents out with `seed` and the five that follow; return the most central map, and how far the others lie.

    Each map Y is centred, turned, reflected and scaled onto another centred map X. Its displacement is the root mean
    square distance of a document's two places, divided by the root mean square radius of X:
    sqrt(sum ||x - y||^2 / sum ||x||^2), the same from X to Y as from Y to X. The map shown is that with the smallest
    sum of displacements from the others, the first of equals: a seed that sets a group of documents on another side
    is not shown unless most do. The spread is the median displacement of the others.

    Parameters
    ----------
    vectors
        Shape (n_documents, dimension). Of more than 20,000 the maps are compared on those that they are fitted on.
    n_neighbors, min_dist, seed
        See `crossframe.cluster.fitted_map`; as many neighbours are compared as `Display.n_neighbors` says.

    References
    ----------
    Gower 1975 (Procrustes).
    """
    fitted = to_fit(vectors, seed)
    known = fitted.vectors[fitted.rows]
    seeds = range(seed, seed + 1 + N_SEEDS)
    models = [fitted_map(known, n_neighbors, min_dist, s) for s in track(seeds, "maps")]
    maps = [model.embedding_ for model in models]
    apart = np.zeros((len(maps), len(maps)))
    for i, one in enumerate(maps):
        for j in range(i):
            apart[i, j] = apart[j, i] = displacement(one, maps[j])
    at = int(apart.sum(axis=1).round(9).argmin())
    shown = placed(models[at], vectors, fitted, seed)
    others = maps[:at] + maps[at + 1 :]
    overlaps = [neighbour_overlap(maps[at], other, shown.n_neighbors) for other in others]
    return shown, MapSpread(float(np.median(np.delete(apart[at], at))), float(np.mean(overlaps)), len(others))


def displacement(a: FloatArray, b: FloatArray) -> float:
    """Return how far apart two maps, shape (n, 2), are after Procrustes: 0 for the same map, 1 for nothing in common.

    References
    ----------
    Gower 1975.
    """
    from scipy.spatial import procrustes

    return float(np.sqrt(procrustes(a, b)[2]))


def neighbour_overlap(a: FloatArray, b: FloatArray, k: int) -> float:
    """Return the mean share of each point's k nearest neighbours in `a`, shape (n, 2), that it also has in `b`."""
    from sklearn.neighbors import NearestNeighbors

    near = [NearestNeighbors(n_neighbors=k).fit(xy).kneighbors(return_distance=False) for xy in (a, b)]
    return float(np.mean([len(set(i) & set(j)) / k for i, j in zip(near[0].tolist(), near[1].tolist(), strict=True)]))
