"""Discourse clusters in the full space, and a two-dimensional display of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from crossframe.design import in_own_basis
from crossframe.errors import InputError
from crossframe.large import SQUARE, Fitted, sampled_rows, to_fit
from crossframe.progress import track
from crossframe.threads import small_work
from crossframe.types import Clusters, Display, FloatArray, IntArray

_RESTARTS = 10  # k-means starts per k; the best inertia is kept
_FEW, _EPOCHS = 500, 3000  # a map of so few documents is cheap to settle; after UMAP's own 500 epochs it has not


def discourse_clusters(vectors: FloatArray, k_min: int, k_max: int, seed: int) -> Clusters:
    """Cluster documents by k-means in the full space; k maximises the mean silhouette.

    Clusters are numbered by size, the largest first, ties by the first document, so that labels do not
    depend on the order in which k-means found them. They are groups of documents that read alike, not
    frames.

    The silhouette is that of a sample of 5,000 documents where there are more. Above 20,000 documents k-means is
    fitted on a random 20,000 of them in their first 50 principal components, and each other document goes to the
    nearest centre (`crossframe.large`); `fitted_on` says so.

    Parameters
    ----------
    vectors
        Shape (n_documents, dimension); never two-dimensional display coordinates.
    k_min, k_max
        Numbers of clusters tried; k_max is lowered to n_documents - 1.
    seed
        Of the k-means starts.

    Returns
    -------
    Clusters

    References
    ----------
    Rousseeuw 1987 (silhouette); Arthur & Vassilvitskii 2007 (k-means++).
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    top = min(k_max, len(vectors) - 1)
    if top < k_min:
        raise InputError(f"{len(vectors)} documents cannot form {k_min} or more clusters", "clusters.k_min")
    fitted = to_fit(vectors, seed)
    known = in_own_basis(fitted.vectors[fitted.rows])
    if len(np.unique(known.round(9), axis=0)) < k_min:
        raise InputError("all documents are identical", "clusters", "There is nothing to cluster.")
    looked_at = sampled_rows(len(known), SQUARE, seed)
    scores, found = {}, {}
    with small_work(len(known)):
        for k in track(range(k_min, top + 1), "clusters"):
            model = KMeans(k, n_init=_RESTARTS, random_state=seed).fit(known)
            some = model.labels_[looked_at]
            if len(set(some.tolist())) == k:
                scores[k], found[k] = float(silhouette_score(known[looked_at], some)), model
    best = max(scores, key=lambda k: (scores[k], -k))
    whole = len(known) == len(vectors)
    labels = found[best].labels_ if whole else found[best].predict(fitted.vectors)
    return Clusters(_by_size(labels), best, scores, len(known))


def _by_size(labels: IntArray) -> IntArray:
    names, first, counts = np.unique(labels, return_index=True, return_counts=True)
    order = names[np.lexsort((first, -counts))]
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    ranked: IntArray = rank[labels]
    return ranked


def mutual_information(labels: Sequence[int], other: Sequence[str]) -> float:
    """Return the adjusted mutual information of two labellings: 0 by chance, 1 if one gives the other.

    References
    ----------
    Vinh, Epps & Bailey 2010.
    """
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(list(other), list(labels)))


def display(vectors: FloatArray, n_neighbors: int, min_dist: float, seed: int) -> Display:
    """Lay documents out in two dimensions by UMAP, for looking only.

    Parameters
    ----------
    vectors
        Shape (n_documents, dimension).
    n_neighbors, min_dist, seed
        See `fitted_map`.

    Returns
    -------
    Display
        See `placed`.
    """
    fitted = to_fit(vectors, seed)
    return placed(fitted_map(fitted.vectors[fitted.rows], n_neighbors, min_dist, seed), vectors, fitted, seed)


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
    import umap

    if len(vectors) < 4:
        raise InputError(f"{len(vectors)} documents are too few for a map, 4 are needed", "map")
    return umap.UMAP(
        n_neighbors=min(n_neighbors, len(vectors) - 1),
        min_dist=min_dist,
        metric="euclidean",
        random_state=seed,
        n_jobs=1,
        init="pca",
        n_epochs=_EPOCHS if len(vectors) <= _FEW else None,
    ).fit(vectors)


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
