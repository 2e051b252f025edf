"""Large corpora: what grows with the square of the documents is done on a sample, and the results say on how many."""

from dataclasses import dataclass

import numpy as np

from crossframe.types import FloatArray, IntArray

SQUARE = 5_000  # documents that all pairs are looked at of: silhouettes, Ward's clusters, trustworthiness
FIT = 20_000  # documents that clusters and maps are fitted on; the others are placed among them afterwards
COMPONENTS = 50  # principal components that they are fitted in, where there are more documents than that


def sampled_rows(n: int, size: int, seed: int) -> IntArray:
    """Return `size` positions out of `n`, ascending, drawn at random; all of them where there are no more."""
    if n <= size:
        return np.arange(n)
    return np.sort(np.random.default_rng([seed, size]).choice(n, size, replace=False))


@dataclass(frozen=True)
class Fitted:
    """What a method is fitted on: positions of the documents, and all documents as it gets them."""

    rows: IntArray
    vectors: FloatArray


def to_fit(vectors: FloatArray, seed: int) -> Fitted:
    """Return all documents as they are, or above `FIT` a sample, and all on the sample's principal components.

    Parameters
    ----------
    vectors
        Shape (n_documents, dimension).
    seed
        Of the sample.
    """
    rows = sampled_rows(len(vectors), FIT, seed)
    if len(rows) == len(vectors) or vectors.shape[1] <= COMPONENTS:
        return Fitted(rows, vectors)
    from sklearn.decomposition import PCA

    model = PCA(COMPONENTS, svd_solver="covariance_eigh").fit(vectors[rows])
    parts = [model.transform(vectors[i : i + FIT]) for i in range(0, len(vectors), FIT)]
    return Fitted(rows, np.concatenate(parts))
