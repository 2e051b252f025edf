"""Documents with a group and an event each, and sums over groups as labels move within events."""

from collections.abc import Iterator, Sequence
from copy import copy
from math import comb

import numpy as np

from crossframe.errors import InputError
from crossframe.sums import CHUNK, group_sums
from crossframe.types import FloatArray, IntArray

_HELD = 8_000_000  # numbers held at once: 64 MB
_KEYS = 6  # arrays of the size of the labellings that drawing one makes
_SUMS = 500_000  # numbers of the group sums of one batch: they stay in the processor's cache
_WORTH_THREADS = 50_000_000  # multiplications of a test; below it threads cost more than they bring


class Design:
    """Documents with a group (bloc) and a block (event) each, and what stays fixed under permutation.

    With labels permuted within events only the group sums change. The matrix of the residualised group
    dummies, G = Z'Z with Z the dummies less their event means, depends on the counts of groups per event
    alone, so its pseudo-inverse is computed once.
    """

    def __init__(self, vectors: FloatArray, groups: Sequence[str], events: Sequence[str]) -> None:
        """Centre `vectors`, of shape (n, d), on the events, and count the groups per event."""
        if not len(vectors) == len(groups) == len(events):
            raise InputError(f"{len(vectors)} vectors, {len(groups)} groups and {len(events)} events do not match")
        self.names, self.group = np.unique(np.asarray(groups), return_inverse=True)
        event_names, self.event = np.unique(np.asarray(events), return_inverse=True)
        self.n, self.n_groups, self.n_events = len(groups), len(self.names), len(event_names)
        self.counts = np.zeros((self.n_events, self.n_groups), dtype=np.int64)
        np.add.at(self.counts, (self.event, self.group), 1)
        self.size = self.counts.sum(axis=1)
        gram = np.diag(self.counts.sum(axis=0)) - (self.counts / self.size[:, None]).T @ self.counts
        self.rank = int(np.linalg.matrix_rank(gram))
        self.inverse = np.linalg.pinv(gram, hermitian=True)
        self.df_residual = self.n - self.n_events - self.rank
        self._home = np.argsort(self.event, kind="stable")
        self._centre(vectors)

    def with_vectors(self, vectors: FloatArray) -> "Design":
        """Return the same documents with other vectors, of shape (n, d); what the labels decide is kept."""
        other = copy(self)
        other._centre(vectors)
        return other

    def _centre(self, vectors: FloatArray) -> None:
        """Subtract the events' means; one copy of the vectors is made, in float64."""
        sums = group_sums(vectors, self.event[None], self.n_events)[0]
        if not np.isfinite(sums).all():
            raise InputError("the vectors hold NaN or infinity", "contrast")
        means = sums / self.size[:, None]
        self.centred: FloatArray = vectors.astype(np.float64)
        for start in range(0, self.n, CHUNK):
            self.centred[start : start + CHUNK] -= means[self.event[start : start + CHUNK]]
        self.total = float(np.einsum("ij,ij->", self.centred, self.centred))
        self.squares = self.total + float((means * sums).sum())  # of the vectors as they came

    def among(self, labellings: IntArray) -> FloatArray:
        """Return the sum of squares that the groups explain beyond the events.

        Parameters
        ----------
        labellings
            Group of each document, of shape (n_labellings, n).

        Returns
        -------
        ndarray of shape (n_labellings,)
        """
        sums = group_sums(self.centred, labellings, self.n_groups)
        explained: FloatArray = np.einsum("mgd,mgd->m", sums, np.matmul(self.inverse, sums))
        return explained

    def sums(self, labellings: IntArray) -> FloatArray:
        """Return each group's sum of centred vectors, of shape (n_labellings, n_groups, d)."""
        return group_sums(self.centred, labellings, self.n_groups)

    def keys(self, n_permutations: int, generator: np.random.Generator) -> Iterator[FloatArray]:
        """Draw what `labelled` orders documents by: batches of shape (n_labellings, n), small enough to be held."""
        size = self.batch_size
        for done in range(0, n_permutations, size):
            yield generator.random((min(size, n_permutations - done), self.n))

    @property
    def batch_size(self) -> int:
        """Labellings worked on at a time; it decides about memory and speed alone."""
        width = self.n_groups * self.centred.shape[1]
        return max(1, min(_HELD // (_KEYS * self.n), int(_SUMS // width)))

    def labelled(self, keys: FloatArray) -> IntArray:
        """Return the labellings that sorting by `keys` within each event gives, of the shape of `keys`."""
        order = np.argsort(keys + self.event, axis=-1, kind="stable")  # keys lie in [0, 1): events stay in order
        shuffled = np.empty_like(order)
        shuffled[:, self._home] = self.group[order]
        return shuffled

    def permuted(self, n: int, generator: np.random.Generator) -> IntArray:
        """Return `n` labellings shuffled within each event, of shape (n, n_documents)."""
        return self.labelled(generator.random((n, self.n)))

    def worth_threads(self, n_permutations: int) -> bool:
        """Say whether a test is long enough for threads."""
        return n_permutations * self.centred.size > _WORTH_THREADS

    def relabellings(self, limit: int = 10**6) -> int:
        """Return how many distinct labellings there are, or `limit` where there are more."""
        found = 1
        for row in self.counts:
            left = int(row.sum())
            for n in row.tolist():
                found *= comb(left, n)
                left -= n
                if found >= limit:
                    return limit
        return found

    def relabellings_that_count(self) -> int:
        """Return how many labellings give distinct statistics, as far as equal groups tell.

        With two groups of equal size in every event, exchanging their names gives the same statistic.
        """
        distinct = self.relabellings()
        mirrored = self.n_groups == 2 and bool((self.counts[:, 0] == self.counts[:, 1]).all())
        return distinct // 2 if mirrored else distinct


def in_own_basis(vectors: FloatArray) -> FloatArray:
    """Return vectors in a basis of their own where dimensions are more than twice as many as they.

    Inner products, and with them all distances and sums of squares, are the same up to rounding (QR
    decomposition); what is computed from few vectors of many dimensions then takes less time.

    Parameters
    ----------
    vectors
        Shape (n, d).

    Returns
    -------
    ndarray of shape (n, n), or `vectors`
    """
    n, d = vectors.shape
    if d <= 2 * n:
        return vectors
    own: FloatArray = np.linalg.qr(vectors.T.astype(np.float64))[1].T.copy()
    return own
