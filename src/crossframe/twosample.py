"""Cross-checks of a contrast by other statistics: energy distance, and a classifier on unseen events."""

from collections.abc import Iterator, Sequence

import numpy as np

from crossframe.types import FloatArray, IntArray

_MOST_FOLDS = 10  # events are grouped into that many folds where there are more
_LARGEST_EVENT = 2000  # documents of an event whose distances are held at once
_SAMPLE = 1000  # of an event with more than that, so many documents are drawn for the energy distance
_HELD = 16_000_000  # numbers held at once: 128 MB


def event_rows(events: Sequence[str]) -> list[IntArray]:
    """Return the positions of each event's documents, ascending; events in their order as strings."""
    _, event = np.unique(np.asarray(events), return_inverse=True)
    rows = np.argsort(event, kind="stable")
    return np.split(rows, np.cumsum(np.bincount(event))[:-1])


def _members(n: int, n_a: int, first: IntArray, n_permutations: int, generator: np.random.Generator) -> IntArray:
    """Return who is in group a: the observed labels in row 0, then random ones; bool, (1 + n_permutations, n)."""
    out = np.empty((1 + n_permutations, n), dtype=bool)
    out[0] = first
    step = max(1, _HELD // (4 * n))
    for start in range(1, len(out), step):
        part = out[start : start + step]
        part[:] = generator.random(part.shape).argsort(axis=1) < n_a
    return out


def energy_test(
    vectors: FloatArray,
    in_a: Sequence[bool],
    events: Sequence[str],
    n_permutations: int,
    seed: int,
    exponent: float = 1.0,
) -> float:
    """Return the p-value of the event-matched energy distance of two groups (Székely & Rizzo 2013).

    The events' statistics 2 E|a - b|^q - E|a - a'|^q - E|b - b'|^q, with q the exponent and every mean over
    pairs of different documents, are averaged with weights n_a n_b / (n_a + n_b); labels are permuted
    within events and p = (b + 1) / (m + 1). With q = 1 this is an MMD with the kernel -||x - y||
    (Sejdinovic et al. 2013; Gretton et al. 2012) and sensitive to any difference of the distributions. With
    q = 2 it is twice the pooled unbiased squared distance of the centroids, event by event: the test of
    `crossframe.distance.pooled_distance`, whatever direction the difference has in each event.

    The distances of an event are a square matrix. Where an event has more than 2,000 documents, q = 2 is
    had from sums without it, and for any other q the event is represented by a random 1,000 of them, as
    many of either group as their shares say: the test stays exact and loses power. See `energy_documents`.

    Parameters
    ----------
    vectors
        Shape (n_documents, dimension).
    in_a
        Whether each document belongs to the first group; two or more of each in every event.
    events
        Of each document.
    n_permutations, seed
        Number of permutations and the generator's seed.
    exponent
        q, above 0 and at most 2.
    """
    generator, sampler = np.random.default_rng(seed), np.random.default_rng([seed, _SAMPLE])
    member = np.asarray(in_a, dtype=bool)
    total = np.zeros(1 + n_permutations)
    for found in event_rows(events):
        rows = found
        if len(rows) > _LARGEST_EVENT and exponent != 2:
            rows = _sampled(rows, member, sampler)
        x = vectors[rows].astype(np.float64)
        x -= x.mean(axis=0)
        a = _members(len(rows), int(member[rows].sum()), member[rows], n_permutations, generator)
        energy = _energy_of_sums(x, a) if len(rows) > _LARGEST_EVENT else _energy(x, a, exponent)
        n_a = int(member[rows].sum())
        total += n_a * (len(rows) - n_a) / len(rows) * energy
    tie = 1e-12 * float(np.abs(total).max())
    return float((1 + (total[1:] >= total[0] - tie).sum()) / (1 + n_permutations))


def energy_documents(events: Sequence[str]) -> int:
    """Return how many documents the energy distance with q = 1 is taken from: all, or samples of large events."""
    return sum(_SAMPLE if len(rows) > _LARGEST_EVENT else len(rows) for rows in event_rows(events))


def _sampled(rows: IntArray, member: IntArray, generator: np.random.Generator) -> IntArray:
    """Draw `_SAMPLE` of an event's documents with the groups' shares kept, two or more of each."""
    a, b = rows[member[rows]], rows[~member[rows]]
    n_a = min(max(2, round(_SAMPLE * len(a) / len(rows))), _SAMPLE - 2)
    return np.sort(np.concatenate([generator.choice(a, min(n_a, len(a)), replace=False),
                                   generator.choice(b, min(_SAMPLE - n_a, len(b)), replace=False)]))  # fmt: skip


def _energy(x: FloatArray, members: IntArray, exponent: float) -> FloatArray:
    """Return one event's statistic for each labelling, from all distances; shape (n_labellings,)."""
    n, n_a = len(x), int(members[0].sum())
    n_b = n - n_a
    squares = (x**2).sum(axis=1)
    distances = np.clip(squares[:, None] + squares[None] - 2 * x @ x.T, 0, None) ** (exponent / 2)
    np.fill_diagonal(distances, 0.0)
    a = members.astype(np.float64)
    b = 1 - a
    to_a = a @ distances
    to_b = distances.sum(axis=0) - to_a
    between, within_a, within_b = (to_a * b).sum(1), (to_a * a).sum(1), (to_b * b).sum(1)
    energy: FloatArray = 2 * between / (n_a * n_b) - within_a / (n_a * (n_a - 1)) - within_b / (n_b * (n_b - 1))
    return energy


def _energy_of_sums(x: FloatArray, members: IntArray) -> FloatArray:
    """Return what `_energy` gives with exponent 2, in time linear in the documents; `x` has the mean 0.

    Twice ||mean_a - mean_b||² - tr S_a / n_a - tr S_b / n_b, with sum_b = -sum_a.
    """
    n, n_a = len(x), int(members[0].sum())
    n_b = n - n_a
    squares = (x**2).sum(axis=1)
    step = max(1, _HELD // n)
    energy = np.empty(len(members))
    for start in range(0, len(members), step):
        a = members[start : start + step].astype(np.float64)
        length, own = ((a @ x) ** 2).sum(axis=1), a @ squares
        spread_a = (own - length / n_a) / (n_a - 1)
        spread_b = (squares.sum() - own - length / n_b) / (n_b - 1)
        energy[start : start + step] = 2 * (length * (1 / n_a + 1 / n_b) ** 2 - spread_a / n_a - spread_b / n_b)
    return energy


def classifier_test(
    vectors: FloatArray, in_a: Sequence[bool], events: Sequence[str], n_permutations: int, seed: int
) -> tuple[float, float]:
    """Return how well two groups are told apart on events not learnt from: AUC and its p-value.

    A classifier two-sample test (Lopez-Paz & Oquab 2017) with folds that keep events whole. The classifier
    is a ridge regression on the labels (Hoerl & Kennard 1970) with the mean squared length of the documents
    as penalty, fixed in advance; it is linear in the labels, so that all permutations are learnt at once.
    The AUC counts pairs of documents of one held-out event only: telling events apart earns nothing. Labels
    are permuted within events and p = (b + 1) / (m + 1).

    Parameters
    ----------
    vectors
        Shape (n_documents, dimension).
    in_a, events, n_permutations, seed
        See `energy_test`; at least two events, with documents of both groups in each.
    """
    generator = np.random.default_rng(seed)
    member, by_event = np.asarray(in_a, dtype=bool), event_rows(events)
    x = vectors.astype(np.float64)
    labels = np.zeros((1 + n_permutations, len(x)), dtype=bool)
    for rows in by_event:
        x[rows] -= x[rows].mean(axis=0)
        labels[:, rows] = _members(len(rows), int(member[rows].sum()), member[rows], n_permutations, generator)
    # the i-th event drawn goes to fold i, round and round
    drawn = generator.permutation(len(by_event)).tolist()
    folds = [[by_event[i] for i in sorted(drawn[f::_MOST_FOLDS])] for f in range(min(_MOST_FOLDS, len(drawn)))]
    concordant = np.zeros(len(labels))
    step = max(1, _HELD // len(x))
    for start in range(0, len(labels), step):
        part = labels[start : start + step]
        for tests, scores in _held_out_scores(x, part, folds):
            concordant[start : start + step] += _concordant(scores, part, tests)
    auc = concordant / sum(int(member[rows].sum()) * int((~member[rows]).sum()) for rows in by_event)
    return float(auc[0]), float((1 + (auc[1:] >= auc[0] - 1e-12).sum()) / (1 + n_permutations))


def _held_out_scores(
    x: FloatArray, labels: IntArray, folds: Sequence[list[IntArray]]
) -> Iterator[tuple[list[IntArray], FloatArray]]:
    """Yield each fold's events and the scores of their documents in that order, of shape (n_labellings, n_test).

    What the ridge regression learns from the other folds is, where documents are more than dimensions, the
    sum over all folds less this one's: each document is multiplied once, not once a fold.
    """
    targets = labels.astype(np.float64)
    for rows in (rows for tests in folds for rows in tests):
        targets[:, rows] -= targets[:, rows].mean(axis=1, keepdims=True)
    parts = [(tests, np.concatenate(tests)) for tests in folds]
    if len(x) - max(len(rows) for _tests, rows in parts) <= x.shape[1]:
        for tests, rows in parts:
            train = np.setdiff1d(np.arange(len(x)), rows)
            yield tests, _ridge(x[train], targets[:, train], x[rows])
        return
    grams = [x[rows].T @ x[rows] for _tests, rows in parts]
    rights = [x[rows].T @ targets[:, rows].T for _tests, rows in parts]
    gram, right = sum(grams), sum(rights)
    for (tests, rows), own_gram, own_right in zip(parts, grams, rights, strict=True):
        known = gram - own_gram
        penalty = float(np.trace(known)) / (len(x) - len(rows))
        weights = np.linalg.solve(known + penalty * np.eye(x.shape[1]), right - own_right)
        yield tests, (x[rows] @ weights).T


def _concordant(scores: FloatArray, labels: IntArray, tests: Sequence[IntArray]) -> FloatArray:
    """Count the pairs of documents of one event that the scores order rightly; shape (n_labellings,)."""
    counted = np.zeros(len(scores))
    start = 0
    for rows in tests:
        own = labels[:, rows]
        ranks = scores[:, start : start + len(rows)].argsort(axis=1).argsort(axis=1) + 1.0
        n_a = own.sum(axis=1)
        counted += (ranks * own).sum(axis=1) - n_a * (n_a + 1) / 2
        start += len(rows)
    return counted


def _ridge(x: FloatArray, targets: FloatArray, test: FloatArray) -> FloatArray:
    """Return the predictions for `test`, of shape (n_labellings, n_test), in the smaller of the two forms."""
    n, d = x.shape
    penalty = float((x**2).sum()) / n
    if n <= d:
        weights = x.T @ np.linalg.solve(x @ x.T + penalty * np.eye(n), targets.T)
    else:
        weights = np.linalg.solve(x.T @ x + penalty * np.eye(d), x.T @ targets.T)
    predicted: FloatArray = (test @ weights).T
    return predicted
