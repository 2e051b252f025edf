"""Bipolar axes after FrameAxis: towards which pole a bloc tells its events, and how strongly (bias, intensity)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from crossframe.design import Design
from crossframe.errors import InputError
from crossframe.frames import document_scores
from crossframe.multiplicity import benjamini_hochberg
from crossframe.threads import in_threads
from crossframe.types import FloatArray, IntArray

_LEVEL = 0.95  # of the intervals


@dataclass(frozen=True)
class AxisRow:
    """How one bloc tells its events on one axis, against the mean of each event.

    `bias` is in standard deviations of neutral sentences, positive towards pole a; `low` and `high` bound
    its 95 % t-interval over documents, None for a single document. `intensity` is in the square of that unit
    and positive where the bloc dwells on the axis, whichever the pole. `p_corrected` belongs to `p_bias`;
    `p_intensity` is uncorrected.
    """

    axis: str
    bloc: str
    bias: float
    low: float | None
    high: float | None
    intensity: float
    p_bias: float
    p_intensity: float
    p_corrected: float
    n_documents: int
    n_events: int
    n_permutations: int
    seed: int


@dataclass(frozen=True)
class FarSentence:
    """A sentence of the corpus that lies farthest out towards a pole (`a` or `b`) of an axis."""

    axis: str
    pole: str
    doc_id: str
    sentence: int
    score: float


def axis_vector(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the unit vector from the mean of pole b's anchors to that of pole a's.

    Parameters
    ----------
    a, b
        Anchor sentences of the poles, shape (n_anchors, dimension), all of one language and language-free.

    Raises
    ------
    InputError
        If the poles' means are the same.
    """
    line: FloatArray = a.mean(axis=0) - b.mean(axis=0)
    length = float(np.linalg.norm(line))
    if length <= 1e-9:
        raise InputError("the anchors of both poles have the same mean", "axes", "Give the poles other anchors.")
    return line / length


def contributions(segments: FloatArray, axis: FloatArray, neutral: FloatArray) -> FloatArray:
    """Return the cosine of each sentence with an axis, on the scale of neutral sentences.

    The cosine is what a word contributes in FrameAxis (Kwak, An, Jing & Ahn 2021). It is standardised by the mean and
    the standard deviation of the neutral parallel sentences of the same language, so that 0 means "no nearer
    to either pole than talk of weather or sport" and languages can be compared (the calibration is ours).

    Parameters
    ----------
    segments
        Unit rows of shape (n_segments, dimension) in the adjusted space, all of one language.
    axis
        Shape (dimension,), as `axis_vector` returns it from anchors of that language.
    neutral
        Unit rows of the parallel sentences of that language, same space.

    Returns
    -------
    ndarray of shape (n_segments,)
    """
    base = neutral @ axis
    standard: FloatArray = (segments @ axis - base.mean()) / base.std(ddof=1)
    return standard


def bias_and_intensity(
    values: FloatArray, owner: Sequence[str], documents: Sequence[str]
) -> tuple[FloatArray, FloatArray]:
    """Return each document's bias and intensity on each axis (Kwak, An, Jing & Ahn 2021).

    Bias is the mean contribution of the document's sentences; intensity is the mean squared deviation of
    their contributions from the mean contribution of all sentences of the corpus, the baseline bias. The
    paper sums over words, weighted by their frequency; here every sentence counts once.

    Parameters
    ----------
    values
        Contributions of all sentences of the corpus, shape (n_sentences, n_axes).
    owner
        Document id of each sentence.
    documents
        The documents, in the order wanted; each has a sentence.

    Returns
    -------
    two ndarrays of shape (n_documents, n_axes)
    """
    baseline = values.mean(axis=0)
    return document_scores(values, owner, documents), document_scores((values - baseline) ** 2, owner, documents)


def axis_rows(
    bias: FloatArray,
    intensity: FloatArray,
    axes: Sequence[str],
    blocs: Sequence[str],
    events: Sequence[str],
    order: Sequence[str],
    n_permutations: int,
    seed: int,
    blocks: Sequence[str] | None = None,
) -> list[AxisRow]:
    """Compare each bloc on each axis with the mean of its events.

    A bloc's bias and intensity are the means of its documents' differences from their event's mean. p is
    two-sided: the share of relabellings within events in which the bloc's mean lies as far from 0,
    p = (b + 1) / (m + 1) (Phipson & Smyth 2010); its null is therefore the bloc's own, with its number of
    documents in each event. p_bias is corrected by Benjamini-Hochberg over all blocs and axes.

    The interval treats documents as independent and takes the spread of the bloc alone; p takes that of all
    documents of its events. With few documents the two may disagree. A bloc is part of its events' means,
    which draws it towards 0 where it wrote most of an event. Events told by one bloc only compare nobody
    and are left out.

    Parameters
    ----------
    bias, intensity
        Of each document on each axis, shape (n_documents, n_axes).
    axes
        Ids of the axes, in the order of the columns.
    blocs, events
        Of each document.
    order
        The blocs in the order wanted; those without documents that can be compared get no row.
    n_permutations, seed
        Number of permutations and the generator's seed.
    blocks
        What documents are matched on, where it is finer than their event (see `contrast.matched_on`).

    Returns
    -------
    list of AxisRow, axis by axis; empty where no event has two blocs
    """
    blocks = events if blocks is None else blocks
    kept = _comparable(blocs, blocks)
    if not kept:
        return []
    values = np.hstack([bias, intensity])[kept]
    design = Design(values, [blocs[i] for i in kept], [blocks[i] for i in kept])
    observed = _means(design, design.group[None])[0]
    p = _p_values(design, observed, n_permutations, seed)
    names = design.names.tolist()
    rows = []
    for j, axis in enumerate(axes):
        for bloc in (b for b in order if b in names):
            g, strong = names.index(bloc), len(axes) + j
            mine = np.flatnonzero(design.group == g)
            low, high = _interval(design.centred[mine, j])
            lean, dwell = float(observed[g, j]), float(observed[g, strong])
            n_events = len({events[kept[i]] for i in mine})
            tests = float(p[g, j]), float(p[g, strong]), 1.0
            counts = len(mine), n_events, n_permutations, seed
            rows.append(AxisRow(axis, bloc, lean, low, high, dwell, *tests, *counts))
    corrected = benjamini_hochberg([row.p_bias for row in rows])
    return [replace(row, p_corrected=q) for row, q in zip(rows, corrected, strict=True)]


def farthest(
    values: FloatArray, owner: Sequence[str], index: Sequence[int], axes: Sequence[str], n: int
) -> list[FarSentence]:
    """Return the `n` sentences that lie farthest out towards either pole of each axis.

    Parameters
    ----------
    values
        Contributions of shape (n_sentences, n_axes).
    owner, index
        Document id of each sentence and its position there.
    axes
        Ids of the axes, in the order of the columns.
    n
        Sentences a pole; ties go to the document id and the position that come first.

    Returns
    -------
    list of FarSentence, axis by axis, pole a before pole b, the farthest first
    """
    out = []
    for j, axis in enumerate(axes):
        for pole, sign in (("a", -1.0), ("b", 1.0)):
            ranked = sorted(range(len(owner)), key=lambda i: (sign * values[i, j], owner[i], index[i]))
            out += [FarSentence(axis, pole, owner[i], index[i], float(values[i, j])) for i in ranked[:n]]
    return out


def _comparable(blocs: Sequence[str], blocks: Sequence[str]) -> list[int]:
    """Return the positions of the documents whose block holds two blocs or more."""
    members: dict[str, set[str]] = {}
    for bloc, block in zip(blocs, blocks, strict=True):
        members.setdefault(block, set()).add(bloc)
    return [i for i, block in enumerate(blocks) if len(members[block]) > 1]


def _means(design: Design, labellings: IntArray) -> FloatArray:
    """Return each group's mean difference from the event's mean, shape (n_labellings, n_groups, n_values)."""
    means: FloatArray = design.sums(labellings) / design.counts.sum(axis=0)[:, None]
    return means


def _p_values(design: Design, observed: FloatArray, n_permutations: int, seed: int) -> FloatArray:
    """Return two-sided p-values of shape (n_groups, n_values)."""
    generator = np.random.default_rng(seed)
    # a relabelling that gives the same groups sums in another order: equal up to rounding
    least = np.abs(observed) - 1e-12 * np.abs(design.centred).max(axis=0)
    farther = np.zeros(observed.shape)

    def counted(keys: FloatArray) -> FloatArray:
        larger: FloatArray = (np.abs(_means(design, design.labelled(keys))) >= least).sum(axis=0)
        return larger

    for found in in_threads(counted, design.keys(n_permutations, generator)):
        farther += found
    p: FloatArray = (farther + 1) / (n_permutations + 1)
    return p


def _interval(values: FloatArray) -> tuple[float | None, float | None]:
    """Return the t-interval of a mean; None for a single value."""
    from scipy.special import stdtrit  # the t-quantile; scipy.stats takes half a second to import

    n = len(values)
    if n < 2:
        return None, None
    half = float(stdtrit(n - 1, (1 + _LEVEL) / 2) * values.std(ddof=1) / np.sqrt(n))
    return float(values.mean()) - half, float(values.mean()) + half
