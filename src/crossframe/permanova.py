"""Within-event PERMANOVA from group sums: labels move, documents and events stay."""

from collections.abc import Sequence

import numpy as np

from crossframe.design import Design, in_own_basis
from crossframe.errors import InputError
from crossframe.progress import track
from crossframe.threads import in_threads
from crossframe.types import FloatArray, Permanova

MIN_RELABELLINGS = 20  # below it no p-value under .05 can come out, whatever the data
_TIE = 1e-12  # statistics that lie closer, as a share, are equal up to rounding


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
    return permanova_of(Design(in_own_basis(vectors), groups, events), n_permutations, seed, title)


def permanova_of(design: Design, n_permutations: int, seed: int, title: str | None = None) -> Permanova:
    """Test documents whose design is there already; see `permanova`."""
    if design.n_groups < 2 or design.rank == 0:
        raise InputError(
            f"{design.n_groups} group(s) in {design.n_events} event(s): no event holds two groups",
            "contrast",
            "Compare groups that report on the same events.",
        )
    if design.df_residual < 1:
        raise InputError(f"{design.n} documents leave no degrees of freedom for {design.n_groups} groups", "contrast")
    if design.total <= _TIE * max(1.0, design.squares):
        raise InputError("all documents of each event are identical", "contrast", "There is nothing to compare.")
    observed = float(design.among(design.group[None])[0])
    larger = _as_large(design, observed, n_permutations, np.random.default_rng(seed), title)
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


def _as_large(
    design: Design, observed: float, n_permutations: int, generator: np.random.Generator, title: str | None
) -> int:
    """Count the permutations whose statistic is as large as the observed one."""

    def counted(keys: FloatArray) -> int:
        return int((design.among(design.labelled(keys)) >= observed * (1 - _TIE)).sum())

    batches = design.keys(n_permutations, generator)
    done = in_threads(counted, batches) if design.worth_threads(n_permutations) else map(counted, batches)
    return sum(track(done, title, -(-n_permutations // design.batch_size)) if title else done)
