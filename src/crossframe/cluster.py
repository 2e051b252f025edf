"""Discourse clusters in the full space."""

from collections.abc import Mapping, Sequence

import numpy as np

from crossframe.design import in_own_basis
from crossframe.errors import InputError
from crossframe.large import SQUARE, sampled_rows, to_fit
from crossframe.progress import track
from crossframe.threads import small_work
from crossframe.types import Clusters, FloatArray, IntArray

_RESTARTS = 10  # k-means starts per k; the best inertia is kept


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


def clusters_that_follow(
    vectors: FloatArray, labels: Mapping[str, Sequence[str]], k_min: int, k_max: int, seed: int
) -> tuple[Clusters, dict[str, float]]:
    """Return `discourse_clusters`, and how far they follow each of these labellings (`mutual_information`)."""
    clusters = discourse_clusters(vectors, k_min, k_max, seed)
    return clusters, {name: mutual_information(clusters.labels.tolist(), other) for name, other in labels.items()}


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
