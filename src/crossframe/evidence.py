"""The sentences that carry a contrast: from the estimate back to what a reader can check."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crossframe.types import FloatArray


@dataclass(frozen=True)
class Sentence:
    """One sentence of one document, and how far it lies on its own side of a contrast."""

    doc_id: str
    index: int
    event: str
    score: float


def marking_sentences(
    rows: FloatArray,
    owner: Sequence[str],
    index: Sequence[int],
    groups: dict[str, str],
    events: dict[str, str],
    shared: Sequence[str],
    a: str,
    b: str,
    n: int,
) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences that set two groups apart most within shared events, for either side.

    A sentence is placed on the line from b's to a's centroid of its event, the centroids taken over
    documents as the mean of their sentences: score = <s - middle, a - b> / ||a - b||. The sentence's own
    document is left out of its side's centroid, or a document of its own kind would always mark its side.
    Sides whose document is alone on it give none. At most one sentence a document; ties go to the document
    id and the position that come first.

    Parameters
    ----------
    rows
        Sentence vectors of shape (n_sentences, dimension).
    owner, index
        Document id of each sentence and its position there.
    groups, events
        Document id -> group, event.
    shared
        The events to look at.
    a, b
        The two groups.
    n
        Sentences wanted for either side.

    Returns
    -------
    (sentences of a, sentences of b), the strongest first
    """
    own: dict[str, list[int]] = {}
    sides: dict[tuple[str, str], list[str]] = {(event, group): [] for event in shared for group in (a, b)}
    for i, doc_id in enumerate(owner):
        key = events[doc_id], groups[doc_id]
        if key in sides:
            if doc_id not in own:
                sides[key].append(doc_id)
            own.setdefault(doc_id, []).append(i)
    best: dict[str, list[Sentence]] = {a: [], b: []}
    for event in shared:
        means = {
            g: np.stack([rows[own[d]].mean(axis=0) for d in sorted(sides[event, g])] or [rows[0] * 0]) for g in (a, b)
        }
        for mine, theirs in ((a, b), (b, a)):
            documents = sorted(sides[event, mine])
            if len(documents) < 2 or not sides[event, theirs]:
                continue
            there, total = means[theirs].mean(axis=0), means[mine].sum(axis=0)
            for doc_id, mean in zip(documents, means[mine], strict=True):
                here = (total - mean) / (len(documents) - 1)
                line = here - there
                length = float(np.linalg.norm(line))
                if length == 0:
                    continue
                scores = (rows[own[doc_id]] - (here + there) / 2) @ line / length
                top = int(np.argmax(scores))
                best[mine].append(Sentence(doc_id, index[own[doc_id][top]], event, float(scores[top])))
    order = [sorted(best[g], key=lambda s: (-s.score, s.doc_id, s.index))[:n] for g in (a, b)]
    return order[0], order[1]
