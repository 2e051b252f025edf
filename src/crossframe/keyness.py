"""The terms that mark each bloc: log-odds with an informative Dirichlet prior, matched on events."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Term:
    """A term that a group uses more than the others do in the same events."""

    group: str
    term: str
    z: float
    log_odds: float
    n_documents: int


def marking_terms(
    texts: Sequence[str],
    groups: Sequence[str],
    events: Sequence[str],
    tokens: Callable[[str], list[tuple[str, str]]],
    shown: Callable[[list[tuple[str, str]]], dict[str, str]],
    n_terms: int,
    min_documents: int,
    prior: float,
    min_z: float,
    left_out: frozenset[str] = frozenset(),
) -> list[Term]:
    """Return, for each group, the terms with the largest z-score against the others on the same events.

    Only events that a group shares with others count. The others' words are weighted event by event so
    that they have the group's mix of events (direct standardisation): what an event is about does not pass
    for how a group tells it. The log-odds ratio has a Dirichlet prior proportional to the corpus's word
    shares, and its variance is that of the counts, the weights' squares included (Monroe, Colaresi & Quinn
    2008, equations 16 to 22; the weighting is ours). z is not corrected for the number of terms looked at.

    Parameters
    ----------
    texts, groups, events
        One of each a document.
    tokens
        Text -> list of (key, shown form).
    shown
        All pairs of the corpus -> key to the form that is printed.
    n_terms
        Largest number of terms a group.
    min_documents
        A term must stand in that many documents of the group, in events that it shares with others.
    prior
        Strength of the prior in words; larger shrinks harder.
    min_z
        Terms with a smaller z are not returned.
    left_out
        Keys that are not shown, such as outlets' names.

    Returns
    -------
    list of Term
        Sorted by group, then falling z, then term.
    """
    pairs = [tokens(text) for text in texts]
    forms = shown([pair for part in pairs for pair in part])
    bags = [Counter(key for key, _form in part) for part in pairs]
    vocabulary = sorted({key for bag in bags for key in bag})
    column = {key: j for j, key in enumerate(vocabulary)}
    counts = np.zeros((len(bags), len(vocabulary)))
    for i, bag in enumerate(bags):
        for key, n in bag.items():
            counts[i, column[key]] = n
    barred = np.array([key in left_out for key in vocabulary], dtype=bool)
    out: list[Term] = []
    for group in sorted(set(groups)):
        compared = _compared(counts, groups, events, group)
        if compared is None:
            continue
        delta, variance = log_odds(*compared, alpha=prior * counts.sum(axis=0) / counts.sum())
        z = delta / np.sqrt(variance)
        shared = {e for e, g in zip(events, groups, strict=True) if g != group}
        own = [g == group and e in shared for e, g in zip(events, groups, strict=True)]
        spread = (counts[own] > 0).sum(axis=0)
        allowed = np.flatnonzero((spread >= min_documents) & (z >= min_z) & ~barred)
        ranked = sorted(allowed.tolist(), key=lambda j: (-z[j], vocabulary[j]))
        chosen = _without_parts(ranked, vocabulary, spread, n_terms)
        out += [Term(group, forms[vocabulary[j]], float(z[j]), float(delta[j]), int(spread[j])) for j in chosen]
    return out


def _compared(
    counts: np.ndarray, groups: Sequence[str], events: Sequence[str], group: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return the group's counts, the others' weighted counts and these counts' variance; None if alone."""
    rows: dict[str, list[int]] = defaultdict(list)
    for i, event in enumerate(events):
        rows[event].append(i)
    own, others, variance = (np.zeros(counts.shape[1]) for _ in range(3))
    shared = 0
    for index in rows.values():
        inside = counts[[i for i in index if groups[i] == group]].sum(axis=0)
        outside = counts[[i for i in index if groups[i] != group]].sum(axis=0)
        if not inside.sum() or not outside.sum():
            continue
        shared += 1
        weight = inside.sum() / outside.sum()
        own += inside
        others += weight * outside
        variance += weight**2 * outside
    return (own, others, variance) if shared else None


def log_odds(a: np.ndarray, b: np.ndarray, variance_b: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the log-odds ratio of each term between counts `a` and `b`, and its variance.

    delta = log((a + alpha) / (n_a + alpha_0 - a - alpha)) - the same of b (Monroe et al. 2008, eq. 16);
    var = 1 / (a + alpha) + (variance_b + alpha) / (b + alpha)², which is eq. 20 where b is plain counts.

    Parameters
    ----------
    a, b, variance_b, alpha
        Shape (n_terms,): counts of two groups, the variance of the second's, and the prior's pseudo-counts.
    """
    alpha_0, n_a, n_b = alpha.sum(), a.sum(), b.sum()
    delta = np.log((a + alpha) / (n_a + alpha_0 - a - alpha)) - np.log((b + alpha) / (n_b + alpha_0 - b - alpha))
    return delta, 1 / (a + alpha) + (variance_b + alpha) / (b + alpha) ** 2


def _without_parts(ranked: Sequence[int], vocabulary: Sequence[str], spread: np.ndarray, n_terms: int) -> list[int]:
    """Take terms in order, leaving out a term that says what a chosen one says, word in bigram or reverse."""
    chosen: list[int] = []
    for j in ranked:
        if len(chosen) == n_terms:
            break
        words = set(vocabulary[j].split())
        overlapping = [c for c in chosen if words & set(vocabulary[c].split())]
        if not any(spread[j] <= 1.5 * spread[c] for c in overlapping):
            chosen.append(j)
    return chosen
