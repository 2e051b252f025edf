"""How labels and scores of a model compare with the coders' consensus, frame by frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crossframe.codes import Consensus
from crossframe.errors import InputError
from crossframe.types import FloatArray

ALL = "all"


@dataclass(frozen=True)
class Confusion:
    """One frame in one language of the page (or `all`): counts, rates, and the AUC of the scores.

    A document on which the coders are half and half counts half as positive and half as negative, so counts can
    end in .5. A rate whose denominator is 0 is None, and so is the AUC where all documents are on one side.
    """

    frame: str
    language: str
    n_documents: int
    tp: float
    fp: float
    fn: float
    tn: float
    precision: float | None
    recall: float | None
    f1: float | None
    auc: float | None


def confusion(
    coded: Consensus,
    labels: FloatArray,
    scores: FloatArray | None = None,
    languages: Sequence[str] | None = None,
) -> list[Confusion]:
    """Compare 0/1 labels, and scores, with the consensus; documents that nobody coded are left out.

    Parameters
    ----------
    coded
        The coders' consensus.
    labels
        Shape (n_documents, n_frames), 0 or 1, in the order of `coded`.
    scores
        The same shape; any scale on which more means more of the frame.
    languages
        Language of each document's page; each gets rows of its own.

    Raises
    ------
    InputError
        If the shapes do not match or a label is not 0 or 1.
    """
    _check(coded, labels, scores, languages)
    tongues = np.array(languages if languages is not None else [ALL] * len(labels))
    out = []
    for j, frame in enumerate(coded.frames):
        truth = coded.values[:, j]
        for language in [ALL, *sorted(set(tongues.tolist()) - {ALL})]:
            rows = np.isfinite(truth) & ((tongues == language) | (language == ALL))
            if rows.any():
                ranked = None if scores is None else scores[rows, j]
                out.append(_row(frame, language, truth[rows], labels[rows, j], ranked))
    return out


def _check(coded: Consensus, labels: FloatArray, scores: FloatArray | None, languages: Sequence[str] | None) -> None:
    shape = coded.values.shape
    for name, table in (("labels", labels), ("scores", scores)):
        if table is not None and table.shape != shape:
            raise InputError(f"{name} have the shape {table.shape}, the codes {shape}", "confusion")
    if not np.isin(labels, (0, 1)).all():
        raise InputError("labels must be 0 or 1", "confusion")
    if languages is not None and len(languages) != shape[0]:
        raise InputError(f"{len(languages)} languages for {shape[0]} documents", "confusion")


def _row(frame: str, language: str, truth: FloatArray, labels: FloatArray, scores: FloatArray | None) -> Confusion:
    tp, fp = float((labels * truth).sum()), float((labels * (1 - truth)).sum())
    fn, tn = float(((1 - labels) * truth).sum()), float(((1 - labels) * (1 - truth)).sum())
    return Confusion(
        frame, language, len(truth), tp, fp, fn, tn,
        precision=_rate(tp, tp + fp), recall=_rate(tp, tp + fn), f1=_rate(2 * tp, 2 * tp + fp + fn),
        auc=None if scores is None else auc(truth, scores),
    )  # fmt: skip


def _rate(above: float, below: float) -> float | None:
    return above / below if below else None


def auc(truth: FloatArray, scores: FloatArray) -> float | None:
    """Return the probability that a positive scores above a negative, ties counting half; None if one is missing.

    `truth` may be 0.5: such a document is a positive and a negative, each with weight one half. It is what
    `sklearn.metrics.roc_auc_score` gives for these weights, without the checks that take it a hundred times as long.
    """
    place = np.unique(scores, return_inverse=True)[1]
    positive, negative = np.bincount(place, truth), np.bincount(place, 1 - truth)  # weight at each score, rising
    if not positive.sum() or not negative.sum():
        return None
    below = negative.cumsum() - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))
