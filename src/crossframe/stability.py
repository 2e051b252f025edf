"""Do clusters come back? Over subsamples, seeds, encoders and another clusterer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from crossframe.cluster import mutual_information
from crossframe.design import in_own_basis
from crossframe.large import SQUARE, sampled_rows
from crossframe.progress import track
from crossframe.threads import small_work
from crossframe.types import Clusters, FloatArray, IntArray

_SHARE = 0.8  # of the documents in a subsample
_RESTARTS = 10


def stability(
    vectors: FloatArray, clusters: Clusters, others: Mapping[str, FloatArray], n: int, seed: int
) -> dict[str, Any]:
    """Return the adjusted Rand index of the clusters with clusters made otherwise (Hubert & Arabie 1985).

    1 where the same groups come back, about 0 where they agree no more than by chance; the number of
    clusters is held fixed. Of more than 5,000 documents a random 5,000 are looked at.

    Parameters
    ----------
    vectors, clusters
        Shape (n_documents, dimension), and the clusters found in them.
    others
        Name -> the same documents by another encoder.
    n
        Number of subsamples (80 % of the documents each) and of other seeds.
    seed
        Of the subsamples; the other seeds follow it.

    Returns
    -------
    dict of {"mean", "low", "high", "n"} for `subsamples` and `seeds`, and a number for each of `encoders`
    and for `ward`; `n_documents` that were looked at
    """
    rows = sampled_rows(len(vectors), SQUARE, seed)
    vectors, labels = in_own_basis(vectors[rows]), clusters.labels[rows]
    others = {name: in_own_basis(v[rows]) for name, v in others.items()}
    generator = np.random.default_rng(seed)
    size = max(clusters.k + 1, round(_SHARE * len(vectors)))
    part, again = [], []
    for i in track(range(n), "cluster stability"):
        some = np.sort(generator.choice(len(vectors), min(size, len(vectors)), replace=False))
        part.append(_rand(_k_means(vectors[some], clusters.k, seed + i), labels[some]))
        again.append(_rand(_k_means(vectors, clusters.k, seed + 1 + i), labels))
    return {
        "subsamples": _spread(part),
        "seeds": _spread(again),
        "encoders": {name: _rand(_k_means(v, clusters.k, seed), labels) for name, v in others.items()},
        "ward": _rand(_ward(vectors, clusters.k), labels),
        "n_documents": len(vectors),
    }


def cluster_grid(
    spaces: Mapping[str, FloatArray], k: int, labels: Mapping[str, Sequence[str]], seeds: Sequence[int]
) -> list[dict[str, Any]]:
    """Return how far clusters follow each labelling, for every encoder, clusterer and seed.

    Of more than 5,000 documents a random 5,000 are clustered, the same for all.

    Parameters
    ----------
    spaces
        Encoder -> shape (n_documents, dimension).
    k
        Number of clusters.
    labels
        Name -> a label a document (event, bloc, language).
    seeds
        Of k-means; Ward's clustering has none.

    Returns
    -------
    list of rows with `encoder`, `clusterer`, `seed` and the adjusted mutual information by name
    """
    rows = []
    for encoder, everyone in spaces.items():
        looked_at = sampled_rows(len(everyone), SQUARE, seeds[0])
        vectors = in_own_basis(everyone[looked_at])
        known = {name: [other[i] for i in looked_at] for name, other in labels.items()}
        runs: list[tuple[str, int | None, IntArray]] = [("k-means", i, _k_means(vectors, k, i)) for i in seeds]
        runs.append(("ward", None, _ward(vectors, k)))
        for clusterer, seed, found in runs:
            follows = {name: mutual_information(found.tolist(), other) for name, other in known.items()}
            rows.append({"encoder": encoder, "clusterer": clusterer, "seed": seed, **follows})
    return rows


def _k_means(vectors: FloatArray, k: int, seed: int) -> IntArray:
    from sklearn.cluster import KMeans

    found: IntArray = KMeans(k, n_init=_RESTARTS, random_state=seed).fit_predict(vectors)
    return found


def _ward(vectors: FloatArray, k: int) -> IntArray:
    from sklearn.cluster import AgglomerativeClustering

    found: IntArray = AgglomerativeClustering(k, linkage="ward").fit_predict(vectors)
    return found


def _rand(a: IntArray, b: IntArray) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(a, b))


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"mean": float(np.mean(values)), "low": float(min(values)), "high": float(max(values)), "n": len(values)}


def cluster_checks(
    vectors: FloatArray,
    clusters: Clusters,
    others: Mapping[str, FloatArray],
    labels: Mapping[str, Sequence[str]],
    n: int,
    seed: int,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what `stability` and, with `seed` and the four that follow, `cluster_grid` return."""
    with small_work(min(len(vectors), SQUARE)):
        steady = stability(vectors, clusters, others, n, seed)
        return steady, cluster_grid({"all": vectors, **others}, clusters.k, labels, range(seed, seed + 5))
