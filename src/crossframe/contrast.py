"""Event-matched contrasts: within-event PERMANOVA, unbiased distances, corrected p-values, refusals."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np

from crossframe.config import ContrastSection
from crossframe.errors import InputError
from crossframe.progress import track
from crossframe.types import Contrast, FloatArray, IntArray, Permanova

_MIN_RELABELLINGS = 20  # below it no p-value under .05 can come out, whatever the data


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

    def among(self, group: IntArray) -> float:
        """Return the sum of squares that the groups explain beyond the events, for one labelling."""
        member = np.zeros((self.n_groups, self.n))
        member[group, np.arange(self.n)] = 1.0
        sums = member @ self.centred
        return float(np.einsum("gd,gh,hd->", sums, self.inverse, sums))

    def permuted(self, generator: np.random.Generator) -> IntArray:
        """Return the labels shuffled within each event."""
        order = np.lexsort((generator.random(self.n), self.event))
        home = np.argsort(self.event, kind="stable")
        shuffled = np.empty_like(self.group)
        shuffled[home] = self.group[order]
        return shuffled

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
    observed = design.among(design.group)
    generator = np.random.default_rng(seed)
    steps = range(n_permutations)
    larger = sum(
        design.among(design.permuted(generator)) >= observed * (1 - 1e-12)
        for _ in (track(steps, title) if title else steps)
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


def squared_distance(a: FloatArray, b: FloatArray) -> float:
    """Return the unbiased squared distance between the centroids of two groups of documents.

    ||mean(a) - mean(b)||² - tr S_a / n_a - tr S_b / n_b with unbiased covariances: a U-statistic whose
    expectation is the distance of the populations, however small the groups; the plain distance grows as
    groups shrink. It can be negative where there is no difference.

    Parameters
    ----------
    a, b
        Shapes (n_a, dimension) and (n_b, dimension) with at least two rows each.

    Raises
    ------
    InputError
        If a group has fewer than two rows.
    """
    if len(a) < 2 or len(b) < 2:
        raise InputError(f"an unbiased distance needs two documents a group, got {len(a)} and {len(b)}", "contrast")
    noise = a.var(axis=0, ddof=1).sum() / len(a) + b.var(axis=0, ddof=1).sum() / len(b)
    return float(((a.mean(axis=0) - b.mean(axis=0)) ** 2).sum() - noise)


def shared_events(groups: Sequence[str], events: Sequence[str], a: str, b: str, min_documents: int) -> list[str]:
    """Return the events in which both groups have at least `min_documents` documents, sorted."""
    cells: dict[tuple[str, str], int] = {}
    for group, event in zip(groups, events, strict=True):
        cells[event, group] = cells.get((event, group), 0) + 1
    return sorted(
        event
        for event in set(events)
        if cells.get((event, a), 0) >= min_documents and cells.get((event, b), 0) >= min_documents
    )


def contrast(
    vectors: FloatArray,
    groups: Sequence[str],
    events: Sequence[str],
    a: str,
    b: str,
    min_documents: int,
    min_events: int,
    n_permutations: int,
    seed: int,
) -> Contrast:
    """Compare two groups within the events that both cover, or say why that cannot be done.

    The effect is the unbiased squared centroid distance (see `squared_distance`), averaged over shared
    events with weights proportional to the harmonic mean of the two group sizes. p is that of the
    within-event PERMANOVA of the two groups.
    """
    shared = shared_events(groups, events, a, b, min_documents)
    rows = [i for i, (g, e) in enumerate(zip(groups, events, strict=True)) if e in set(shared) and g in {a, b}]
    part = vectors[rows]
    g = np.array([groups[i] for i in rows])
    e = np.array([events[i] for i in rows])
    n_a, n_b = int((g == a).sum()), int((g == b).sum())
    reason = _refusal(part, g, e, len(shared), min_documents, min_events)
    if reason is not None:
        return Contrast(a, b, "", None, None, None, None, "", n_a, n_b, len(shared), 0, seed, reason)
    distances, weights = [], []
    for event in shared:
        x, y = part[(g == a) & (e == event)], part[(g == b) & (e == event)]
        distances.append(squared_distance(x, y))
        weights.append(len(x) * len(y) / (len(x) + len(y)))
    test = permanova(part, g.tolist(), e.tolist(), n_permutations, seed)
    effect = float(np.average(distances, weights=weights))
    return Contrast(a, b, "", effect, test.r2, test.p, None, "", n_a, n_b, len(shared), n_permutations, seed, None)


def _refusal(
    part: FloatArray, g: IntArray, e: IntArray, n_shared: int, min_documents: int, min_events: int
) -> str | None:
    """Return why the pair is not identifiable, or None."""
    if n_shared < min_events:
        return (
            f"not identifiable: {n_shared} shared event(s) with {min_documents} or more documents of each, "
            f"{min_events} needed"
        )
    design = Design(part, g.tolist(), e.tolist())
    distinct = design.relabellings()
    if (design.counts[:, 0] == design.counts[:, 1]).all():
        distinct //= 2  # with equal groups everywhere, exchanging their names gives the same statistic
    if distinct < _MIN_RELABELLINGS:
        return f"not identifiable: only {distinct} distinct relabellings, no test is possible"
    if design.total <= 1e-12:
        return "not identifiable: the documents of each event are identical"
    return None


def contrasts(
    vectors: FloatArray, groups: Sequence[str], events: Sequence[str], blocs: Sequence[str], settings: ContrastSection
) -> list[Contrast]:
    """Compare every pair of blocs; correct the primary family by Holm, the rest by Benjamini-Hochberg.

    Parameters
    ----------
    vectors, groups, events
        See `permanova`.
    blocs
        The blocs compared, in the order wanted.
    settings
        The section `[contrasts]` of study.toml; its `primary` pairs were named before looking.

    Returns
    -------
    list of Contrast
        The primary pairs first, in the order given, then the rest. Refused pairs take no part in the
        corrections.
    """
    primary, min_documents, min_events = settings.primary, settings.min_documents, settings.min_events
    n_permutations, seed = settings.n_permutations, settings.seed
    known = {frozenset(pair) for pair in primary}
    rest = [pair for pair in combinations(blocs, 2) if frozenset(pair) not in known]
    rows = []
    for pair in track([*primary, *rest], "permutations"):
        rows.append(contrast(vectors, groups, events, *pair, min_documents, min_events, n_permutations, seed))
    cut = len(primary)
    return _corrected(rows[:cut], "primary", "holm") + _corrected(rows[cut:], "exploratory", "bh")


def _corrected(rows: Sequence[Contrast], family: str, method: str) -> list[Contrast]:
    ps = [row.p for row in rows if row.p is not None]
    corrected = iter(holm(ps) if method == "holm" else benjamini_hochberg(ps))
    return [
        replace(row, family=family, correction=method, p_corrected=None if row.p is None else next(corrected))
        for row in rows
    ]


def holm(ps: Sequence[float]) -> list[float]:
    """Return Holm's step-down adjusted p-values (Holm 1979), in the order given."""
    order = np.argsort(ps, kind="stable")
    m = len(ps)
    stepped = np.minimum(1.0, np.maximum.accumulate([(m - i) * ps[j] for i, j in enumerate(order)]))
    out = np.empty(m)
    out[order] = stepped
    return [float(v) for v in out]


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Return Benjamini-Hochberg adjusted p-values (Benjamini & Hochberg 1995), in the order given."""
    order = np.argsort(ps, kind="stable")[::-1]
    m = len(ps)
    stepped = np.minimum.accumulate([m / (m - i) * ps[j] for i, j in enumerate(order)])
    out = np.empty(m)
    out[order] = np.minimum(1.0, stepped)
    return [float(v) for v in out]
