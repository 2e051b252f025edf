"""The comparison space: language means out, encoders side by side, documents centred on their event."""

from collections.abc import Mapping, Sequence

import numpy as np

from crossframe.config_sections import SpaceSection
from crossframe.errors import InputError
from crossframe.sums import group_sums
from crossframe.types import Embedded, FloatArray, IntArray, Space

_HELD = 16_000_000  # similarities held at once: 128 MB


def language_means(parallel: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the mean vector of each language, from sentences equal in meaning in all of them.

    Because the sentences mean the same, what differs between the means is language, not content
    (Yang et al. 2021 call it language identity information). They are never taken from the study corpus,
    where source and language go together and the means would carry the framing away.

    Parameters
    ----------
    parallel
        Language code -> unit vectors of shape (n_sentences, dimension), the same n for all.
    """
    return {language: vectors.mean(axis=0, dtype=np.float64) for language, vectors in parallel.items()}


def without_language(vectors: FloatArray, languages: Sequence[str], means: Mapping[str, FloatArray]) -> FloatArray:
    """Subtract each row's language mean and bring it back to length 1.

    Parameters
    ----------
    vectors
        Unit rows of shape (n, dimension).
    languages
        The language of each row.
    means
        See `language_means`.

    Returns
    -------
    ndarray of shape (n, dimension), float64

    Raises
    ------
    InputError
        If a language has no mean, or a row is its language's mean (no direction is left).
    """
    if unknown := sorted(set(languages) - set(means)):
        raise InputError(
            f"no parallel sentences for the language(s) {', '.join(unknown)}",
            "parallel.csv",
            "Add a column for each, or set space.remove_language_means = false.",
        )
    return unit_rows(vectors - np.stack([means[language] for language in languages]))


def language_directions(parallel: Mapping[str, FloatArray], k: int) -> dict[str, FloatArray]:
    """Return the `k` strongest directions of each language's sentences (Yang et al. 2021, LIR).

    The right singular vectors of each language's matrix of sentence vectors, not centred: what all
    sentences of a language have most in common is taken for its identity.

    Parameters
    ----------
    parallel
        Language code -> vectors of shape (n_sentences, dimension).
    k
        Number of directions.

    Returns
    -------
    Language code -> orthonormal rows of shape (k, dimension)

    Raises
    ------
    InputError
        If there are not more than `k` sentences.
    """
    out = {}
    for language, vectors in parallel.items():
        if min(vectors.shape) <= k:
            raise InputError(
                f"{len(vectors)} parallel sentences cannot give {k} directions a language",
                "space.language_directions",
                "Lower it or add parallel sentences.",
            )
        out[language] = np.linalg.svd(vectors.astype(np.float64), full_matrices=False)[2][:k]
    return out


def without_directions(
    vectors: FloatArray, languages: Sequence[str], directions: Mapping[str, FloatArray]
) -> FloatArray:
    """Project each row off the directions of its language; shape in and out (n, dimension)."""
    out = vectors.astype(np.float64).copy()
    spoken = np.asarray(languages)
    for language in sorted(set(languages)):
        rows, basis = np.flatnonzero(spoken == language), _known(directions, language)
        out[rows] -= out[rows] @ basis.T @ basis
    return out


def language_free(
    vectors: FloatArray,
    languages: Sequence[str],
    parallel: Mapping[str, FloatArray],
    remove_means: bool,
    n_directions: int,
) -> FloatArray:
    """Take language out of one encoder's vectors: directions first, then means, as far as asked for.

    Parameters
    ----------
    vectors, languages
        Shape (n, dimension), and the language of each row.
    parallel
        Language code -> vectors of sentences equal in meaning in all languages.
    remove_means, n_directions
        See `without_language` and `language_directions`; with False and 0 rows are only brought to length 1.

    Returns
    -------
    ndarray of shape (n, dimension), unit rows
    """
    rows = unit_rows(vectors.astype(np.float64))
    if n_directions:
        directions = language_directions(parallel, n_directions)
        rows = without_directions(rows, languages, directions)
        parallel = {name: without_directions(v, [name] * len(v), directions) for name, v in parallel.items()}
    return without_language(rows, languages, language_means(parallel)) if remove_means else unit_rows(rows)


def _known(of_languages: Mapping[str, FloatArray], language: str) -> FloatArray:
    if language not in of_languages:
        raise InputError(
            f"no parallel sentences for the language(s) {language}",
            "parallel.csv",
            "Add a column for it, or set space.remove_language_means = false and language_directions = 0.",
        )
    return of_languages[language]


def unit_rows(vectors: FloatArray) -> FloatArray:
    """Scale rows to length 1.

    Raises
    ------
    InputError
        If a row is zero or not finite.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    bad = np.flatnonzero(~np.isfinite(lengths[:, 0]) | (lengths[:, 0] < 1e-12))
    if len(bad):
        raise InputError(f"{len(bad)} vectors are zero or not finite, the first in row {bad[0]}", "embedding")
    unit: FloatArray = vectors / lengths
    return unit


def concatenated(parts: Sequence[FloatArray]) -> FloatArray:
    """Set several encoders' unit rows side by side with equal weight; the result has unit rows again.

    The cosine in the joint space is the mean of the encoders' cosines.
    """
    joint: FloatArray = np.hstack(list(parts)) / np.sqrt(len(parts))
    return joint


def document_vectors(segments: FloatArray, owner: Sequence[str], documents: Sequence[str]) -> FloatArray:
    """Return the mean of each document's segment vectors, at length 1.

    A document is the mean of its sentences, so that every effect between groups of documents is a sum
    over sentences, which can be shown as its evidence.

    Parameters
    ----------
    segments
        Shape (n_segments, dimension).
    owner
        Document id of each segment.
    documents
        Document ids in the order wanted; each must own a segment.
    """
    position = {doc_id: i for i, doc_id in enumerate(documents)}
    index = np.array([position[doc_id] for doc_id in owner])
    return unit_rows(group_sums(segments, index[None], len(documents))[0])


def centred_on_events(vectors: FloatArray, events: Sequence[str]) -> FloatArray:
    """Subtract the mean of each event's documents: what is left is how, not what.

    Shape in and out: (n_documents, dimension).
    """
    _, index = np.unique(np.asarray(events), return_inverse=True)
    counts = np.bincount(index)
    sums = group_sums(vectors, index[None], len(counts))[0]
    centred: FloatArray = vectors - (sums / counts[:, None])[index]
    return centred


def adjust(
    segments: Sequence[Embedded],
    parallel: Sequence[Mapping[str, FloatArray]],
    languages: Sequence[str],
    owner: Sequence[str],
    documents: Sequence[str],
    events: Sequence[str],
    settings: SpaceSection,
) -> Space:
    """Bring one or more encoders' segment vectors to document vectors in one space.

    Parameters
    ----------
    segments
        One `Embedded` an encoder, all over the same segments.
    parallel
        One mapping an encoder: language -> vectors of the parallel sentences.
    languages, owner
        Language and document id of each segment.
    documents, events
        Document ids, and the event of each.
    settings
        The section `[space]` of study.toml: which adjustments are made.
    """
    raw = [unit_rows(e.vectors.astype(np.float64)) for e in segments]
    free = [
        language_free(vectors, languages, sentences, settings.remove_language_means, settings.language_directions)
        for vectors, sentences in zip(raw, parallel, strict=True)
    ]
    before = document_vectors(concatenated(raw), owner, documents)
    after = document_vectors(concatenated(free), owner, documents)
    framing = centred_on_events(after, events) if settings.centre_events else after - after.mean(axis=0)
    return Space(raw=before, language_free=after, framing=framing)


def nearest_rows(queries: FloatArray, targets: FloatArray) -> IntArray:
    """Return the position of each query's nearest target by cosine; similarities are held for some queries at a time.

    Shapes (n_queries, dimension) and (n_targets, dimension), unit rows.
    """
    step = max(1, _HELD // max(1, len(targets)))
    parts = [(queries[i : i + step] @ targets.T).argmax(axis=1) for i in range(0, len(queries), step)]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def retrieval_accuracy(queries: FloatArray, targets: FloatArray, asked: IntArray | None = None) -> float:
    """Return the share of rows of `queries` whose nearest row of `targets`, by cosine, is their own.

    Both of shape (n, dimension) with unit rows; row i of one belongs to row i of the other. `asked` are the
    positions of the queries that are made, all of them if it is None; the candidates are all targets.
    """
    own = np.arange(len(queries)) if asked is None else asked
    return float(np.mean(nearest_rows(queries[own], targets) == own))


def variance_share(vectors: FloatArray, labels: Sequence[str]) -> float:
    """Return the share of the total sum of squares that lies between the groups of `labels` (R²)."""
    centred = vectors - vectors.mean(axis=0)
    total = float((centred**2).sum())
    within = float((centred_on_events(vectors, labels) ** 2).sum())
    return 1.0 - within / total if total > 0 else 0.0
