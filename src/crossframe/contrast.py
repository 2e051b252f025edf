"""Event-matched contrasts of two groups: effect, interval, tests, correction, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

import numpy as np

from crossframe.config_sections import ContrastSection
from crossframe.design import Design, in_own_basis
from crossframe.distance import Cell, Residuals, bootstrap_interval, common_distance, pooled_distance, squared_distance
from crossframe.multiplicity import benjamini_hochberg, holm
from crossframe.permanova import MIN_RELABELLINGS, permanova_of
from crossframe.progress import track
from crossframe.threads import SMALL, in_threads, small_work
from crossframe.twosample import classifier_test, energy_documents, energy_test
from crossframe.types import Contrast, EventDistance, FloatArray, IntArray

_AND = " in "  # between event and language, where documents are matched on both


def shared_events(groups: Sequence[str], events: Sequence[str], a: str, b: str, min_documents: int) -> list[str]:
    """Return the events in which both groups have at least `min_documents` documents, sorted."""
    cells = _cells(tuple(groups), tuple(events))
    none = np.empty(0)
    return sorted(
        event
        for event in set(events)
        if len(cells.get((event, a), none)) >= min_documents and len(cells.get((event, b), none)) >= min_documents
    )


@lru_cache(maxsize=8)  # the pairs of a study are many, its documents the same
def _cells(groups: tuple[str, ...], events: tuple[str, ...]) -> dict[tuple[str, str], IntArray]:
    """Return the positions of the documents of each event and group, ascending."""
    found: dict[tuple[str, str], list[int]] = {}
    for i, key in enumerate(zip(events, groups, strict=True)):
        found.setdefault(key, []).append(i)
    return {key: np.array(rows) for key, rows in found.items()}


def matched_on(events: Sequence[str], languages: Sequence[str] | None, settings: ContrastSection) -> list[str]:
    """Return what documents are matched on: their event, and its language too where texts are in several.

    A difference between two languages cannot be told from one between the blocs that write in them.
    """
    if languages is None or len(set(languages)) == 1 or not settings.match_language:
        return list(events)
    return [f"{event}{_AND}{language}" for event, language in zip(events, languages, strict=True)]


def event_of(block: str) -> str:
    """Return the event of what documents are matched on (`matched_on`)."""
    return block.split(_AND, maxsplit=1)[0]


@dataclass(frozen=True)
class Pair:
    """The documents of two groups in the events that both cover: vectors, group and event of each."""

    vectors: FloatArray
    groups: list[str]
    events: list[str]
    shared: list[str]

    @classmethod
    def of(
        cls,
        vectors: FloatArray,
        groups: Sequence[str],
        events: Sequence[str],
        a: str,
        b: str,
        min_documents: int,
    ) -> "Pair":
        """Select them from the whole study."""
        shared = shared_events(groups, events, a, b, min_documents)
        cells = _cells(tuple(groups), tuple(events))
        found = [cells[event, group] for event in shared for group in (a, b)]
        rows = np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        return cls(vectors[rows], [groups[i] for i in rows], [events[i] for i in rows], shared)

    @property
    def n_events(self) -> int:
        """Number of shared events, however many languages each is told in."""
        return len({event_of(block) for block in self.shared})

    def cells(self, a: str, b: str) -> list[Cell]:
        """Return the two groups' documents event by event."""
        own = _cells(tuple(self.groups), tuple(self.events))
        return [Cell(self.vectors[own[e, a]], self.vectors[own[e, b]]) for e in self.shared]


def contrast(
    vectors: FloatArray,
    groups: Sequence[str],
    events: Sequence[str],
    a: str,
    b: str,
    settings: ContrastSection,
    languages: Sequence[str] | None = None,
) -> Contrast:
    """Compare two groups within the events that both cover, or say why that cannot be done.

    The effect is the unbiased squared centroid distance (`crossframe.distance.squared_distance`), averaged
    over shared events with weights proportional to the harmonic mean of the two group sizes: how far apart
    the groups are in an event, in whatever direction. p is that of the within-event PERMANOVA of the two
    groups: do they differ in the same way across events?

    Parameters
    ----------
    vectors, groups, events
        See `crossframe.permanova.permanova`.
    a, b
        The two groups.
    settings
        The section `[contrasts]` of study.toml.
    languages
        Language of each document's text; see `matched_on`.
    """
    blocks = matched_on(events, languages, settings)
    pair = Pair.of(vectors, groups, blocks, a, b, settings.min_documents)
    n_a, n_b = pair.groups.count(a), pair.groups.count(b)
    empty = Contrast(a, b, n_a, n_b, pair.n_events, settings.seed)
    regardless = Pair.of(vectors, groups, events, a, b, settings.min_documents).n_events
    if reason := _too_few_events(pair, regardless, settings):
        return replace(empty, refusal=reason)
    design = Design(pair.vectors, pair.groups, pair.events)
    if reason := _no_test(design):
        return replace(empty, refusal=reason)
    test = permanova_of(design, settings.n_permutations, settings.seed)
    cells = pair.cells(a, b)
    events_apart = tuple(
        EventDistance(event, squared_distance(cell.a, cell.b), len(cell.a), len(cell.b))
        for event, cell in zip(pair.shared, cells, strict=True)
    )
    return replace(
        empty,
        effect=pooled_distance(cells),
        r2=test.r2,
        p=test.p,
        n_permutations=settings.n_permutations,
        by_event=events_apart,
    )


def cross_checked(
    row: Contrast,
    vectors: FloatArray,
    groups: Sequence[str],
    events: Sequence[str],
    settings: ContrastSection,
    residuals: Residuals,
    languages: Sequence[str] | None = None,
) -> Contrast:
    """Add to a contrast its interval, the common part of its effect, and what other statistics say.

    A refused contrast stays as it is, and so do the parts that cannot be had (None).
    """
    if row.refusal is not None:
        return row
    blocks = matched_on(events, languages, settings)
    pair = Pair.of(vectors, groups, blocks, row.bloc_a, row.bloc_b, settings.min_documents)
    cells = pair.cells(row.bloc_a, row.bloc_b)
    interval = bootstrap_interval(cells, residuals, settings.n_bootstrap, settings.seed) or (None, None)
    in_a = [g == row.bloc_a for g in pair.groups]
    told = (pair.vectors, in_a, pair.events, settings.n_permutations, settings.seed)
    auc: tuple[float | None, float | None] = (None, None)
    if len(pair.shared) > 1:
        auc = classifier_test(*told)
    return replace(
        row,
        low=interval[0],
        high=interval[1],
        n_bootstrap=settings.n_bootstrap,
        common=common_distance(cells),
        distance_p=energy_test(*told, exponent=2.0),
        energy_p=energy_test(*told),
        energy_documents=energy_documents(pair.events),
        auc=auc[0],
        auc_p=auc[1],
    )


def _too_few_events(pair: Pair, regardless: int, settings: ContrastSection) -> str | None:
    """Say that the pair shares too few events, or return None; `regardless` counts those in any language."""
    if regardless < settings.min_events:
        return (
            f"not identifiable: {regardless} shared event(s) with {settings.min_documents} or more "
            f"documents of each, {settings.min_events} needed"
        )
    if pair.n_events < settings.min_events:
        return (
            f"not identifiable: source and language are confounded, {pair.n_events} of {regardless} shared event(s) "
            f"told by both in one language, {settings.min_events} needed"
        )
    return None


def _no_test(design: Design) -> str | None:
    """Say why the pair's documents cannot be tested, or return None."""
    distinct = design.relabellings_that_count()
    if distinct < MIN_RELABELLINGS:
        return f"not identifiable: only {distinct} distinct relabellings, no test is possible"
    if design.total <= 1e-12:
        return "not identifiable: the documents of each event are identical"
    return None


def contrasts(
    vectors: FloatArray,
    groups: Sequence[str],
    events: Sequence[str],
    blocs: Sequence[str],
    settings: ContrastSection,
    languages: Sequence[str] | None = None,
) -> list[Contrast]:
    """Compare every pair of blocs; correct the primary family by Holm, the rest by Benjamini-Hochberg.

    Parameters
    ----------
    vectors, groups, events, languages
        See `contrast`.
    blocs
        The blocs compared, in the order wanted.
    settings
        The section `[contrasts]` of study.toml; its `primary` pairs were named before looking.

    Returns
    -------
    list of Contrast
        The primary pairs first, in the order given, then the rest. Refused pairs take no part in the
        corrections. The cross-checks are not corrected: they say whether another statistic agrees.
    """
    known = {frozenset(pair) for pair in settings.primary}
    rest = [pair for pair in combinations(blocs, 2) if frozenset(pair) not in known]
    pairs = [*settings.primary, *rest]
    with small_work(len(vectors)):
        own = in_own_basis(vectors)
        residuals = Residuals(own, groups, events, settings.seed)

        def compared(pair: tuple[str, str]) -> Contrast:
            row = contrast(own, groups, events, *pair, settings, languages)
            return cross_checked(row, own, groups, events, settings, residuals, languages)

        done = in_threads(compared, pairs) if len(own) > SMALL else map(compared, pairs)
        rows = list(track(done, "contrasts", len(pairs)))
    cut = len(settings.primary)
    return _corrected(rows[:cut], "primary", "holm") + _corrected(rows[cut:], "exploratory", "bh")


def _corrected(rows: Sequence[Contrast], family: str, method: str) -> list[Contrast]:
    ps = [row.p for row in rows if row.p is not None]
    corrected = iter(holm(ps) if method == "holm" else benjamini_hochberg(ps))
    return [
        replace(row, family=family, correction=method, p_corrected=None if row.p is None else next(corrected))
        for row in rows
    ]
