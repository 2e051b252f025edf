"""Events suggested: texts that are near in meaning and in time, whatever their languages; a person decides."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crossframe.errors import InputError
from crossframe.types import FloatArray

if TYPE_CHECKING:
    from crossframe.encoders import Encoder

# These gave the highest adjusted Rand index on half of the shipped corpus's events; docs/ingest.md has the other half
THRESHOLD = 0.35  # cosine distance, mean over pairs, below which groups are joined
WINDOW = 60  # days between two texts beyond which they are not put together
MAX_TEXTS = 5000  # the distances of all pairs are held at once, 100 MB
SENTENCES = 6  # of each text, from its beginning: what it is about is said there
_APART = 2.0  # the largest distance of two directions
_TITLE = 60  # characters
_BATCH = 32


@dataclass(frozen=True)
class Told:
    """A text as far as it tells its event: title and text, either may be empty, ISO date or none."""

    title: str
    text: str
    language: str
    date: str


def suggest_events(told: Sequence[Told], encoders: "Sequence[Encoder] | None" = None) -> list[str]:
    """Return the name of a suggested event for each text; empty where its language is not known.

    The names say that they are suggestions. A text that is near to no other is an event of its own.

    Parameters
    ----------
    told
        The texts.
    encoders
        Set side by side with equal weight; by default those of the package.

    Raises
    ------
    InputError
        If there are more than `MAX_TEXTS`.
    """
    if len(told) > MAX_TEXTS:
        raise InputError(
            f"events are suggested for {MAX_TEXTS} texts at most, these are {len(told)}", "--suggest-events",
            "Go on without it, or by parts: a table for each month, for example.",
        )  # fmt: skip
    from crossframe.columns import read_parallel

    parallel = read_parallel(None, sorted({t.language for t in told}))
    known = [i for i, t in enumerate(told) if t.language in parallel and (t.title or t.text)]
    names = [""] * len(told)
    if known:
        vectors = vectors_of([told[i] for i in known], parallel, encoders)
        labels = grouped(vectors, [told[i].date for i in known])
        for i, name in zip(known, _names([told[i] for i in known], vectors, labels), strict=True):
            names[i] = name
    return names


def vectors_of(
    told: Sequence[Told], parallel: Mapping[str, Sequence[str]], encoders: "Sequence[Encoder] | None" = None
) -> FloatArray:
    """Return each text's direction: the mean of its title and first sentences, language taken out.

    Returns
    -------
    ndarray of shape (n_texts, dimension), unit rows
    """
    from crossframe.embed import embed
    from crossframe.encoders import PACKAGED, load_encoder
    from crossframe.space import concatenated, document_vectors, language_free
    from crossframe.text import sentences

    parts = [
        (str(i), t.language, s)
        for i, t in enumerate(told)
        for s in ([t.title] if t.title.strip() else []) + (sentences(t.text, t.language)[:SENTENCES] or [t.text])
        if s.strip()
    ]
    free = []
    for encoder in encoders or [load_encoder(name) for name in PACKAGED]:
        spoken = sorted({language for _i, language, _s in parts})
        neutral = {c: embed(list(parallel[c]), encoder, _BATCH).vectors.astype(np.float64) for c in spoken}
        rows = embed([s for _i, _l, s in parts], encoder, _BATCH).vectors
        free.append(language_free(rows, [language for _i, language, _s in parts], neutral, True, 0))
    return document_vectors(concatenated(free), [i for i, _l, _s in parts], [str(i) for i in range(len(told))])


def grouped(vectors: FloatArray, dates: Sequence[str], threshold: float = THRESHOLD, window: int = WINDOW) -> list[int]:
    """Return a group's number for each row: agglomerative clustering, average linkage, inside a window of days.

    Parameters
    ----------
    vectors
        Shape (n, dimension), unit rows.
    dates
        ISO dates; a text without a full date can be put with any.
    threshold
        Cosine distance, in [0, 2].
    window
        Days; two texts further apart count as opposite in meaning.

    Returns
    -------
    list of n numbers, from 0 on in the order in which the groups first occur
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    if len(vectors) < 2:
        return [0] * len(vectors)
    distances = pdist(vectors, "cosine")
    apart = pdist(np.array([[_day(date)] for date in dates]), "cityblock")  # NaN where a date is not known
    distances[apart > window] = _APART
    order: dict[int, int] = {}
    return [
        order.setdefault(int(g), len(order)) for g in fcluster(linkage(distances, "average"), threshold, "distance")
    ]


def _day(date: str) -> float:
    """Return the number of a day, NaN where the date is not one of a day."""
    try:
        return float(datetime.date.fromisoformat(date).toordinal())
    except ValueError:
        return float("nan")


def _names(told: Sequence[Told], vectors: FloatArray, labels: Sequence[int]) -> list[str]:
    """Call each group after its text that is nearest to all, with a number that makes the name its own."""
    numbers = np.asarray(labels)
    called = {}
    for label in sorted(set(labels)):
        rows = np.flatnonzero(numbers == label)
        middle = told[rows[int((vectors[rows] @ vectors[rows].sum(axis=0)).argmax())]]
        title = " ".join((middle.title or middle.text).split())
        short = title if len(title) <= _TITLE else title[:_TITLE].rsplit(" ", 1)[0] + " …"
        called[label] = f"suggestion {label + 1}: {short}"
    return [called[label] for label in labels]
