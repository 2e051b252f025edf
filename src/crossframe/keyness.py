"""Terms that mark a bloc (log-odds with an informative Dirichlet prior) and that tell of a cluster (c-TF-IDF)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Pairs = list[tuple[str, str]]  # of key and shown form


@dataclass(frozen=True)
class Term:
    """A term that a group uses more than the others do in the same events."""

    group: str
    term: str
    z: float
    log_odds: float
    n_documents: int


@dataclass(frozen=True)
class ClassTerm:
    """A term that tells of a class; `n_documents` are those of the class that hold it.

    `ratio` is the term's share of the class's words over its share of all words.
    """

    group: str
    term: str
    weight: float
    ratio: float
    n_documents: int


def marking_terms(
    texts: Sequence[str],
    groups: Sequence[str],
    events: Sequence[str],
    tokens: Callable[[str], Pairs],
    shown: Callable[[Pairs], dict[str, str]],
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
    counts, vocabulary, forms = _counted(texts, tokens, shown)
    barred = np.array([key in left_out for key in vocabulary], dtype=bool)
    out: list[Term] = []
    for group in sorted(set(groups)):
        compared = _compared(counts, groups, events, group)
        if compared is None:
            continue
        delta, variance = log_odds(*compared, alpha=prior * counts.sum(axis=0) / counts.sum())
        z = delta / np.sqrt(variance)
        shared = {e for e, g in zip(events, groups, strict=True) if g != group}
        own = [i for i, (e, g) in enumerate(zip(events, groups, strict=True)) if g == group and e in shared]
        spread = (counts[own] > 0).sum(axis=0)
        allowed = np.flatnonzero((spread >= min_documents) & (z >= min_z) & ~barred)
        ranked = sorted(allowed.tolist(), key=lambda j: (-z[j], vocabulary[j]))
        chosen = _without_parts(ranked, vocabulary, spread, n_terms)
        out += [Term(group, forms[vocabulary[j]], float(z[j]), float(delta[j]), int(spread[j])) for j in chosen]
    return out


def class_tfidf(
    texts: Sequence[str],
    groups: Sequence[str],
    tokens: Callable[[str], Pairs],
    shown: Callable[[Pairs], dict[str, str]],
    n_terms: int,
    min_documents: int,
    left_out: frozenset[str] = frozenset(),
    min_ratio: float = 0.0,
) -> list[ClassTerm]:
    """Return, for each class, the terms with the largest class-based TF-IDF.

    W = f_tc / n_c * log(1 + A / f_t), with f_tc how often term t stands in class c, f_t in all classes, n_c
    the terms of class c and A the mean of n_c over classes (Grootendorst 2022, equation 2; f_tc is divided by
    n_c as in the author's program, which leaves the order in a class as it is and lets classes be compared).
    The weights describe a class; they are no test.

    Parameters
    ----------
    texts, groups
        One of each a document; a group is a class, such as a cluster.
    tokens, shown, n_terms, left_out
        See `marking_terms`.
    min_documents
        A term must stand in that many documents of the class.
    min_ratio
        Terms with a smaller `ratio` are not returned. With few classes the words that all of them use have the
        largest weights everywhere (log(1 + A / f_t) hardly tells them apart); 1 keeps what a class uses more
        than the corpus does, 0 is the published measure.

    Returns
    -------
    list of ClassTerm
        Sorted by group, then falling weight, then term.
    """
    counts, vocabulary, forms = _counted(texts, tokens, shown)
    names = sorted(set(groups))
    if not counts.sum():
        return []
    member = np.array([[group == name for group in groups] for name in names], dtype=float)
    frequency = member @ counts
    size = frequency.sum(axis=1, keepdims=True)
    share = frequency / np.maximum(size, 1)
    weights = share * np.log1p(size.mean() / counts.sum(axis=0))
    ratio = share * counts.sum() / counts.sum(axis=0)
    spread = member @ (counts > 0)
    barred = np.array([key in left_out for key in vocabulary], dtype=bool)
    out: list[ClassTerm] = []
    for c, name in enumerate(names):
        allowed = np.flatnonzero((spread[c] >= max(1, min_documents)) & (ratio[c] >= min_ratio) & ~barred)
        ranked = sorted(allowed.tolist(), key=lambda j: (-weights[c, j], vocabulary[j]))
        chosen = _without_parts(ranked, vocabulary, spread[c], n_terms)
        out += [
            ClassTerm(name, forms[vocabulary[j]], float(weights[c, j]), float(ratio[c, j]), int(spread[c, j]))
            for j in chosen
        ]
    return out


def _counted(
    texts: Sequence[str], tokens: Callable[[str], Pairs], shown: Callable[[Pairs], dict[str, str]]
) -> tuple[Any, list[str], dict[str, str]]:
    """Return how often each key stands in each text, sparse of shape (n_texts, n_keys), the keys, their shown forms."""
    from scipy.sparse import csr_array

    pairs = [tokens(text) for text in texts]
    bags = [Counter(key for key, _form in part) for part in pairs]
    vocabulary = sorted({key for bag in bags for key in bag})
    column = {key: j for j, key in enumerate(vocabulary)}
    cells = [(i, column[key], float(n)) for i, bag in enumerate(bags) for key, n in bag.items()]
    rows, columns, values = zip(*cells, strict=True) if cells else ((), (), ())
    counts = csr_array((values, (rows, columns)), shape=(len(bags), len(vocabulary)), dtype=np.float64)
    return counts, vocabulary, shown([pair for part in pairs for pair in part])


def _compared(
    counts: Any, groups: Sequence[str], events: Sequence[str], group: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return the group's counts, the others' weighted counts and these counts' variance; None if alone."""
    rows: dict[str, list[int]] = defaultdict(list)
    for i, event in enumerate(events):
        rows[event].append(i)
    own, others, variance = (np.zeros(counts.shape[1]) for _ in range(3))
    shared = 0
    for index in rows.values():
        mine = np.array([groups[i] == group for i in index])
        inside, outside = counts[np.array(index)[mine]].sum(axis=0), counts[np.array(index)[~mine]].sum(axis=0)
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
