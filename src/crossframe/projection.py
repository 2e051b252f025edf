"""Documents and sentences in few dimensions: what a page needs to compute distances and to find sentences."""

from dataclasses import dataclass

import numpy as np

from crossframe.space import centred_on_events
from crossframe.study import Study, Vectors
from crossframe.types import FloatArray, Space

DIMENSIONS = 256  # at most; up to as many documents nothing is lost
SENTENCES_UP_TO = 3000  # documents; beyond, a page has no room for their sentences' vectors


@dataclass(frozen=True)
class Projection:
    """Coordinates on the principal directions of the documents, the strongest first.

    `documents` is of shape (n_documents, k); `sentences`, of the compared text in the order of
    `Study.segments`, of shape (n_sentences, k), or None where there are too many documents. `kept` is the
    share of the documents' sum of squares within events that the first j + 1 directions hold, of shape (k,).
    """

    documents: FloatArray
    sentences: FloatArray | None
    kept: FloatArray


def projected(study: Study, vectors: Vectors, space: Space) -> Projection:
    """Project the language-free space onto its documents' singular vectors.

    Distances within events are all that the contrasts use, and the lines between groups' centroids all that
    places a sentence; both lie in the span of the documents. With at most `DIMENSIONS` documents that span
    is kept whole.
    """
    rows = space.language_free
    basis = np.linalg.svd(rows, full_matrices=False)[2][:DIMENSIONS]
    basis *= np.sign(basis[np.arange(len(basis)), np.abs(basis).argmax(axis=1)])[:, None]
    documents = rows @ basis.T
    within = (centred_on_events(documents, study.events) ** 2).sum(axis=0)
    total = float((centred_on_events(rows, study.events) ** 2).sum())
    kept = within.cumsum() / total if total > 0 else np.ones(len(basis))
    if len(rows) > SENTENCES_UP_TO:
        return Projection(documents, None, kept)
    column = study.config.data.text
    parts = study.segments(column)
    sentences = vectors.adjusted(column, [s.text for s in parts], [s.language for s in parts])
    return Projection(documents, sentences @ basis.T, kept)
