"""Within-event PERMANOVA from group sums: labels move, documents and events stay."""

from collections.abc import Sequence
from math import comb

import numpy as np

from crossframe.errors import InputError
from crossframe.progress import track
from crossframe.types import FloatArray, IntArray, Permanova

MIN_RELABELLINGS = 20  # below it no p-value under .05 can come out, whatever the data
_HELD = 8_000_000  # numbers held at once: 64 MB


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
        if not np.isfinite(vectors).all():
            raise InputError("the vectors hold NaN or infinity", "contrast")
        self.names, self.group = np.unique(np.asarray(groups), return_inverse=True)
        event_names, self.event = np.unique(np.asarray(events), return_inverse=True)
        self.n, self.n_groups, self.n_events = len(vectors), len(self.names), len(event_names)
        self.counts = np.zeros((self.n_events, self.n_groups), dtype=np.int64)
        np.add.at(self.counts, (self.event, self.group), 1)
        self.size = self.counts.sum(axis=1)
        sums = np.zeros((self.n_events, vectors.shape[1]))
        np.add.at(sums, self.event, vectors)
        self.centred: FloatArray = vectors.astype(np.float64) - (sums / self.size[:, None])[self.event]
        gram = np.diag(self.counts.sum(axis=0)) - (self.counts / self.size[:, None]).T @ self.counts
        self.rank = int(np.linalg.matrix_rank(gram))
        self.inverse = np.linalg.pinv(gram, hermitian=True)
        self.total = float((self.centred**2).sum())
        self.df_residual = self.n - self.n_events - self.rank

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
        m = len(labellings)
        member = np.zeros((m, self.n_groups, self.n))
        member[np.arange(m)[:, None], labellings, np.arange(self.n)[None]] = 1.0
        sums = (member.reshape(-1, self.n) @ self.centred).reshape(m, self.n_groups, -1)
        explained: FloatArray = np.einsum("mgd,mgd->m", sums, np.matmul(self.inverse, sums))
        return explained

    def permuted(self, n: int, generator: np.random.Generator) -> IntArray:
        """Return `n` labellings shuffled within each event, of shape (n, n_documents)."""
        keys = generator.random((n, self.n))
        order = np.lexsort((keys, np.broadcast_to(self.event, keys.shape)), axis=-1)
        home = np.argsort(self.event, kind="stable")
        shuffled = np.empty_like(order)
        shuffled[:, home] = self.group[order]
        return shuffled

    def batches(self, n_permutations: int) -> list[int]:
        """Split the permutations so that what is held at once stays small."""
        each = self.n_groups * (self.n + self.centred.shape[1])
        size = max(1, min(n_permutations, _HELD // each))
        return [min(size, n_permutations - done) for done in range(0, n_permutations, size)]

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


def permanova(
    vectors: FloatArray,
    groups: Sequence[str],
    events: Sequence[str],
    n_permutations: int,
    seed: int,
    title: str | None = None,
) -> Permanova:
    """Test whether groups differ within events (PERMANOVA with events as blocks).

    Partial sums of squares of `groups` given `events` in Euclidean space (Anderson 2001), labels permuted
    within events, p = (b + 1) / (m + 1) (Phipson & Smyth 2010). R² is the share of the within-event sum of
    squares; omega² = (SS_a - df_a MS_w) / (SS_t + MS_w) takes off what chance alone would give (Olejnik &
    Algina 2003). One permutation costs O(n d): only group sums are made.

    Parameters
    ----------
    vectors
        Shape (n_documents, dimension), adjusted for language.
    groups, events
        Bloc and event of each document.
    n_permutations, seed
        Number of permutations and the generator's seed.
    title
        Of the progress bar; none is shown without it.

    Returns
    -------
    Permanova

    Raises
    ------
    InputError
        If the groups cannot be told apart within events, no degrees of freedom or no variance are left.
    """
    design = Design(vectors, groups, events)
    if design.n_groups < 2 or design.rank == 0:
        raise InputError(
            f"{design.n_groups} group(s) in {design.n_events} event(s): no event holds two groups",
            "contrast",
            "Compare groups that report on the same events.",
        )
    if design.df_residual < 1:
        raise InputError(f"{design.n} documents leave no degrees of freedom for {design.n_groups} groups", "contrast")
    if design.total <= 1e-12 * max(1.0, float((vectors**2).sum())):
        raise InputError("all documents of each event are identical", "contrast", "There is nothing to compare.")
    observed = float(design.among(design.group[None])[0])
    generator = np.random.default_rng(seed)
    steps = design.batches(n_permutations)
    larger = sum(
        int((design.among(design.permuted(n, generator)) >= observed * (1 - 1e-12)).sum())
        for n in (track(steps, title) if title else steps)
    )
    mean_within = (design.total - observed) / design.df_residual
    return Permanova(
        pseudo_f=(observed / design.rank) / mean_within if mean_within > 0 else float("inf"),
        r2=observed / design.total,
        omega2=(observed - design.rank * mean_within) / (design.total + mean_within),
        p=(larger + 1) / (n_permutations + 1),
        n_permutations=n_permutations,
        n_documents=design.n,
        n_events=int(((design.counts > 0).sum(axis=1) > 1).sum()),  # those that hold two groups or more
        seed=seed,
    )
