"""The section of results.json on frames: scores, how far codes bear them out, and the sentences behind them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from crossframe.codes import CODES, CodeTable, Consensus, code_table, consensus, load_codes
from crossframe.coding import codes_section
from crossframe.confusion import ALL, auc, confusion
from crossframe.frames import (
    NOT_VALIDATED,
    Frame,
    document_scores,
    frame_scores,
    strongest,
)
from crossframe.prevalence import corrected_share
from crossframe.sections import source
from crossframe.space import centred_on_events
from crossframe.study import Study, Vectors
from crossframe.threads import small_work
from crossframe.types import FloatArray

SCORED = 1.0  # a document is labelled with a frame where its score lies a standard deviation above all documents'
MIN_LANGUAGE = 20  # documents that a language needs for figures of its own
_FOLDS = 5
_PENALTY = 3.0  # inverse strength of the regularisation; fixed in advance


@dataclass(frozen=True)
class Framed:
    """Each document's frames: standardised zero-shot scores and the coders' consensus, (n_documents, n_frames).

    A score is in standard deviations from the mean of all documents; from `SCORED` on it counts as a label.
    `codes` is None without codes; `by_humans` says whether any coder is one.
    """

    frames: tuple[Frame, ...]
    scores: FloatArray
    codes: FloatArray | None
    by_humans: bool


@dataclass(frozen=True)
class Coding:
    """The coders' codes of the independent documents, and how far they agree (`crossframe.coding.codes_section`)."""

    table: CodeTable
    agreement: dict[str, Any]


@dataclass(frozen=True)
class ValidityInputs:
    """What is compared with the codes: by text the scores, of shape (n_documents, n_frames), and their languages.

    `rows` are the documents' vectors by the text `compared`, of shape (n_documents, dimension), and `events` theirs.
    """

    coded: Consensus
    scores: dict[str, FloatArray]
    languages: dict[str, list[str]]
    compared: str
    rows: FloatArray
    events: list[str]


def coding(study: Study) -> Coding | None:
    """Read the codes; None without codes, or without a codebook.

    Raises
    ------
    InputError
        See `crossframe.codes.load_codes`.
    """
    path, frames = study.config.raw / CODES, study.frames
    if frames is None or not path.is_file():
        return None
    ids = [f.id for f in frames]
    codes = load_codes(path, [d.doc_id for d in study.corpus.documents], ids)
    agreement = codes_section(codes, study.documents, ids, seed=study.config.contrasts.seed)
    return Coding(code_table(codes, study.ids, ids), agreement)


def framed(study: Study, vectors: Vectors, coded: Coding | None) -> Framed | None:
    """Return the frames of every document, None without a codebook."""
    frames = study.frames
    if frames is None:
        return None
    scores = scored(study, vectors, frames, study.config.data.text)[0]
    spread = scores.std(axis=0, ddof=1)
    standard = (scores - scores.mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    by_humans = coded is not None and "human" in coded.table.kinds
    return Framed(tuple(frames), standard, None if coded is None else consensus(coded.table).values, by_humans)


def frame_section(study: Study, vectors: Vectors, coded: Coding | None) -> dict[str, Any] | None:
    """Score every document on the codebook's frames, event by event.

    Returns
    -------
    dict, or None without a codebook
        `frames`; `by_bloc`, rows of bloc × frame with the mean of documents' scores as differences from their
        event, in standard deviations, and its 95 % t-interval; `evidence`, the sentence of each bloc nearest to
        each frame; `coding` (agreement) and `coded` (share of documents that carry the frame, by bloc), each None
        without codes.
    """
    frames = study.frames
    if frames is None:
        return None
    column = study.config.data.text
    scores, sentence_scores = scored(study, vectors, frames, column)
    parts = study.segments(column)
    blocs = study.config.compared_blocs
    evidence = strongest(sentence_scores, [s.doc_id for s in parts], [s.index for s in parts],
                         dict(zip(study.ids, study.blocs, strict=True)), [f.id for f in frames])  # fmt: skip
    return {
        "validation": NOT_VALIDATED,
        "frames": [
            {"id": f.id, "name": f.name, "name_ar": f.name_ar, "layer": f.layer, "definition": f.definition}
            for f in frames
        ],
        "by_bloc": _by_bloc(scores, study, frames),
        "evidence": [{**asdict(e), **source(e.doc_id, e.sentence, study)} for e in evidence if e.bloc in blocs],
        "coding": None if coded is None else coded.agreement,
        "coded": None if coded is None else _shares(study, frames, scores, coded.table),
    }


def scored(study: Study, vectors: Vectors, frames: list[Frame], column: str) -> tuple[FloatArray, FloatArray]:
    """Return documents' and sentences' scores, of shapes (n_documents, n_frames) and (n_sentences, n_frames).

    Anchors and neutral sentences are those of each sentence's language; see `crossframe.frames.frame_scores`.
    """
    parts = study.segments(column)
    rows = vectors.adjusted(column, [s.text for s in parts], [s.language for s in parts])
    scores = np.zeros((len(parts), len(frames)))
    languages = sorted({s.language for s in parts})
    anchor_rows = _anchor_rows(frames, languages, vectors)
    for language in languages:
        mine = [i for i, s in enumerate(parts) if s.language == language]
        anchors = {f.id: anchor_rows[f.id, _anchor_language(f, language)] for f in frames}
        scores[mine] = frame_scores(rows[mine], anchors, vectors.neutral(language))
    return document_scores(scores, [s.doc_id for s in parts], study.ids), scores


def _anchor_language(frame: Frame, language: str) -> str:
    """Return the language whose anchors stand for a language: itself, or English, or the frame's first."""
    return next(code for code in (language, "en", *frame.anchors) if frame.anchors.get(code))


def _anchor_rows(
    frames: Sequence[Frame], languages: Sequence[str], vectors: Vectors
) -> dict[tuple[str, str], FloatArray]:
    """Return the anchors of each frame for each language, less the language's mean; all embedded in one call."""
    keys = sorted({(f.id, _anchor_language(f, language)) for f in frames for language in languages})
    anchors = {f.id: f.anchors for f in frames}
    groups = [anchors[frame][code] for frame, code in keys]
    codes = [code for (_frame, code), group in zip(keys, groups, strict=True) for _text in group]
    texts = [text for group in groups for text in group]
    rows = vectors.adjusted(f"all anchors for {' '.join(languages)}", texts, codes)
    return dict(zip(keys, np.split(rows, np.cumsum([len(g) for g in groups])[:-1]), strict=True))


def _by_bloc(scores: FloatArray, study: Study, frames: list[Frame]) -> list[dict[str, Any]]:
    """Mean difference from the event, with a t-interval over documents, for every bloc and frame."""
    from scipy.special import stdtrit  # the t-quantile, without half a second of importing scipy.stats

    within = centred_on_events(scores, study.events)
    scaled = within / within[study.matched].std(axis=0, ddof=1)
    matched, bloc_of = set(study.matched), study.blocs
    out = []
    for bloc in study.config.compared_blocs:
        rows = [i for i in sorted(matched) if bloc_of[i] == bloc]
        if not rows:
            continue
        n, part = len(rows), scaled[rows]
        reach = stdtrit(n - 1, 0.975) * part.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(len(frames), np.nan)
        for j, frame in enumerate(frames):
            mean, half = float(part[:, j].mean()), float(reach[j])
            interval = {"low": mean - half, "high": mean + half} if n > 1 else {"low": None, "high": None}
            out.append({"bloc": bloc, "frame": frame.id, "mean": mean, **interval, "n_documents": n})
    return out


def _shares(study: Study, frames: list[Frame], scores: FloatArray, table: CodeTable) -> list[dict[str, Any]]:
    """Share of each bloc's documents that carry each frame, by human codes where there are any, else by programs'.

    Where only a sample was coded the labels fill in for the rest and their error is corrected; where every
    document was, the estimate is the coded share.
    """
    kinds = np.array(table.kinds)
    gold = np.flatnonzero(kinds == "human" if (kinds == "human").any() else kinds == "program")
    labels = _labels(scores)
    out = []
    for j, frame in enumerate(frames):
        values = table.values[:, j][:, gold]
        known = np.isfinite(values)
        mean = np.where(
            known.any(axis=1), np.where(known, values, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1), np.nan
        )
        drawn = np.where(known, table.probability[:, gold], 0).max(axis=1)
        shares = corrected_share(labels[:, j], mean, np.where(drawn > 0, drawn, 1.0), study.blocs)
        out += [{"frame": frame.id, **asdict(share)} for share in shares]
    return out


def validity_inputs(study: Study, vectors: Vectors, coded: Coding | None) -> ValidityInputs | None:
    """Return what `validity` compares; None without codes."""
    frames = study.frames
    if frames is None or coded is None:
        return None
    scores = {column: scored(study, vectors, frames, column)[0] for column in study.texts}
    languages = {column: study.text_languages(column) for column in study.texts}
    column = study.config.data.text
    rows = vectors.space(column).language_free
    return ValidityInputs(consensus(coded.table), scores, languages, column, rows, study.events)


def validity(given: ValidityInputs | None) -> list[dict[str, Any]] | None:
    """Compare scores with the coders' consensus: zero-shot for every text and language, and learnt from the codes.

    Returns
    -------
    list of rows with `text`, `how`, `frame`, `language` and the numbers of `crossframe.confusion.Confusion`, of the
    learnt scores `n_documents` and `auc` alone; None where nothing is given
    """
    if given is None:
        return None
    coded, out = given.coded, []
    for column, scores in given.scores.items():
        languages = given.languages[column]
        for row in confusion(coded, _labels(scores), scores, languages):
            if row.language == ALL or (row.n_documents >= MIN_LANGUAGE and len(set(languages)) > 1):
                out.append({"text": column, "how": "zero-shot", **asdict(row)})
    with small_work(len(given.rows)):
        learnt = _learnt(given.rows, coded, given.events)
    for j, frame in enumerate(coded.frames):
        known = np.isfinite(learnt[:, j]) & np.isfinite(coded.values[:, j])
        value = auc(coded.values[known, j], learnt[known, j]) if known.any() else None
        out.append({"text": given.compared, "how": "learnt from codes, on unseen events", "frame": frame,
                    "language": ALL, "n_documents": int(known.sum()), "auc": value})  # fmt: skip
    return out


def _learnt(rows: FloatArray, coded: Consensus, events: list[str]) -> FloatArray:
    """Scores of a logistic regression on the codes, each from folds without the document's event; NaN where none."""
    from sklearn.linear_model import LogisticRegression

    names = sorted(set(events))
    fold = np.array([names.index(e) % _FOLDS for e in events])
    out = np.full(coded.values.shape, np.nan)
    for j in range(coded.values.shape[1]):
        truth = coded.values[:, j]
        for held_out in range(_FOLDS):
            train = np.flatnonzero((fold != held_out) & np.isfinite(truth) & (truth != 0.5))
            test = np.flatnonzero(fold == held_out)
            if len(test) == 0 or min(truth[train].sum(), len(train) - truth[train].sum()) < 2:
                continue
            model = LogisticRegression(C=_PENALTY, max_iter=1000, class_weight="balanced")
            out[test, j] = model.fit(rows[train], truth[train]).decision_function(rows[test])
    return out


def _labels(scores: FloatArray) -> FloatArray:
    """1 where a score lies `SCORED` standard deviations above the mean of all documents, else 0."""
    spread = scores.std(axis=0, ddof=1)
    labels: FloatArray = (scores - scores.mean(axis=0) > SCORED * np.where(spread > 0, spread, np.inf)).astype(float)
    return labels
