"""Cross-checks of a contrast by other statistics: energy distance, and a classifier on unseen events."""

from collections.abc import Sequence

import numpy as np

from crossframe.types import FloatArray, IntArray

_MOST_FOLDS = 10  # events are grouped into that many folds where there are more
_LARGEST_EVENT = 2000  # documents of an event whose distances are held at once


def _members(n: int, n_a: int, first: IntArray, n_permutations: int, generator: np.random.Generator) -> FloatArray:
    """Return who is in group a: the observed labels in row 0, then random ones; (1 + n_permutations, n)."""
    shuffled = generator.random((n_permutations, n)).argsort(axis=1) < n_a
    return np.vstack([first[None].astype(bool), shuffled]).astype(np.float64)


def energy_test(
    vectors: FloatArray,
    in_a: Sequence[bool],
    events: Sequence[str],
    n_permutations: int,
    seed: int,
    exponent: float = 1.0,
) -> float | None:
    """Return the p-value of the event-matched energy distance of two groups (Székely & Rizzo 2013).

    The events' statistics 2 E|a - b|^q - E|a - a'|^q - E|b - b'|^q, with q the exponent and every mean over
    pairs of different documents, are averaged with weights n_a n_b / (n_a + n_b); labels are permuted
    within events and p = (b + 1) / (m + 1). With q = 1 this is an MMD with the kernel -||x - y||
    (Sejdinovic et al. 2013; Gretton et al. 2012) and sensitive to any difference of the distributions. With
    q = 2 it is twice the pooled unbiased squared distance of the centroids, event by event: the test of
    `crossframe.distance.pooled_distance`, whatever direction the difference has in each event.

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

    Returns
    -------
    float, or None where an event has more than 2,000 documents, whose distances are not held
    """
    generator = np.random.default_rng(seed)
    member, event = np.asarray(in_a, dtype=bool), np.asarray(events)
    total = np.zeros(1 + n_permutations)
    for name in np.unique(event):
        rows = np.flatnonzero(event == name)
        n, n_a = len(rows), int(member[rows].sum())
        n_b = n - n_a
        if n > _LARGEST_EVENT:
            return None
        x = vectors[rows] - vectors[rows].mean(axis=0)
        squares = (x**2).sum(axis=1)
        distances = np.clip(squares[:, None] + squares[None] - 2 * x @ x.T, 0, None) ** (exponent / 2)
        np.fill_diagonal(distances, 0.0)
        a = _members(n, n_a, member[rows], n_permutations, generator)
        b = 1 - a
        to_a, to_b = a @ distances, b @ distances
        between, within_a, within_b = (to_a * b).sum(1), (to_a * a).sum(1), (to_b * b).sum(1)
        energy = 2 * between / (n_a * n_b) - within_a / (n_a * (n_a - 1)) - within_b / (n_b * (n_b - 1))
        total += n_a * n_b / n * energy
    tie = 1e-12 * float(np.abs(total).max())
    return float((1 + (total[1:] >= total[0] - tie).sum()) / (1 + n_permutations))


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
    member, event = np.asarray(in_a, dtype=bool), np.asarray(events)
    names = np.unique(event)
    x = vectors.astype(np.float64).copy()
    labels = np.zeros((1 + n_permutations, len(x)))
    for name in names:
        rows = np.flatnonzero(event == name)
        x[rows] -= x[rows].mean(axis=0)
        drawn = _members(len(rows), int(member[rows].sum()), member[rows], n_permutations, generator)
        labels[:, rows] = drawn
    fold_of = {name: i % _MOST_FOLDS for i, name in enumerate(generator.permutation(names).tolist())}
    fold = np.array([fold_of[e] for e in event.tolist()])
    scores = np.empty_like(labels)
    for held_out in np.unique(fold):
        train, test = np.flatnonzero(fold != held_out), np.flatnonzero(fold == held_out)
        targets = _centred_rows(labels[:, train], event[train])
        scores[:, test] = _ridge(x[train], targets, x[test])
    concordant = np.zeros(len(labels))
    pairs = 0
    for name in names:
        rows = np.flatnonzero(event == name)
        n_a = int(member[rows].sum())
        pairs += n_a * (len(rows) - n_a)
        ranks = scores[:, rows].argsort(axis=1).argsort(axis=1) + 1.0
        concordant += (ranks * labels[:, rows]).sum(axis=1) - n_a * (n_a + 1) / 2
    auc = concordant / pairs
    return float(auc[0]), float((1 + (auc[1:] >= auc[0] - 1e-12).sum()) / (1 + n_permutations))


def _centred_rows(labels: FloatArray, events: FloatArray) -> FloatArray:
    """Subtract from each labelling its mean in every event."""
    out = labels.copy()
    for name in np.unique(events):
        rows = np.flatnonzero(events == name)
        out[:, rows] -= out[:, rows].mean(axis=1, keepdims=True)
    return out


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
