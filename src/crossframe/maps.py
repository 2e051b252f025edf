"""The map that is shown, by UMAP, the most central of several seeds, and how far it depends on its seed."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from crossframe.errors import InputError
from crossframe.large import SQUARE, Fitted, sampled_rows, to_fit
from crossframe.progress import track
from crossframe.types import Display, FloatArray

_FEW, _EPOCHS = 500, 3000  # a map of so few documents is cheap to settle; after UMAP's own 500 epochs it has not
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
        See `fitted_map`; as many neighbours are compared as `Display.n_neighbors` says.

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


def fitted_map(vectors: FloatArray, n_neighbors: int, min_dist: float, seed: int) -> Any:
    """Return the `umap.UMAP` fitted on these vectors, shape (n_documents, dimension).

    It starts from the first two principal components, so that what lies far apart does not depend on the seed (Kobak &
    Linderman 2021).

    Parameters
    ----------
    n_neighbors, min_dist, seed
        See McInnes, Healy & Melville 2018; `n_neighbors` is lowered where there are fewer documents.

    Raises
    ------
    InputError
        If there are fewer than 4 documents.
    """
    if len(vectors) < 4:
        raise InputError(f"{len(vectors)} documents are too few for a map, 4 are needed", "map")
    return (
        _umap()
        .UMAP(
            n_neighbors=min(n_neighbors, len(vectors) - 1),
            min_dist=min_dist,
            metric="euclidean",
            random_state=seed,
            n_jobs=1,
            init="pca",
            n_epochs=_EPOCHS if len(vectors) <= _FEW else None,
        )
        .fit(vectors)
    )


@cache
def _umap() -> Any:
    """Return the module, told to keep its machine code beside it as pynndescent does: else each process compiles it."""
    import umap
    from numba.core.dispatcher import Dispatcher

    for module in (umap.umap_, umap.layouts, umap.utils, umap.distances):
        for value in vars(module).values():
            if isinstance(value, Dispatcher):
                value.enable_caching()
    return umap


def placed(model: Any, vectors: FloatArray, fitted: Fitted, seed: int) -> Display:
    """Return the map of all documents: of those that `model` was fitted on, and of the others, placed among them.

    Parameters
    ----------
    model
        See `fitted_map`.
    vectors, fitted, seed
        Shape (n_documents, dimension), what `crossframe.large.to_fit` made of them, and the seed of samples.

    Returns
    -------
    Display
        `fitted_on` counts the documents that the map was made from: all, or above 20,000 a random 20,000 of them
        in their first 50 principal components. `trustworthiness` (Venna & Kaski 2001) is the share, in [0, 1], of
        neighbours on the display that are neighbours in the full space; 1 is perfect; among a sample of 5,000
        where there are more.
    """
    from sklearn.manifold import trustworthiness

    n = len(vectors)
    xy = np.empty((n, 2))
    xy[fitted.rows] = model.embedding_
    others = np.setdiff1d(np.arange(n), fitted.rows)
    if len(others):
        xy[others] = model.transform(fitted.vectors[others])
    # trustworthiness is defined for fewer than n/2 neighbours
    looked_at = sampled_rows(n, SQUARE, seed)
    k = max(1, min(model.n_neighbors, (len(looked_at) - 1) // 2))
    trust = float(trustworthiness(vectors[looked_at], xy[looked_at], n_neighbors=k))
    return Display(xy, trust, k, len(fitted.rows))


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
