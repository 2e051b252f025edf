"""Any texts, any codebook: one score in [0, 1] and one 0/1 label a frame; zero-shot, or learnt from examples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crossframe.embed import embed
from crossframe.encoders import Encoder
from crossframe.errors import InputError
from crossframe.frames import Frame
from crossframe.space import concatenated, language_means, unit_rows
from crossframe.types import FloatArray

# A text carries a frame where it lies one standard deviation above the texts' mean on it: about one in six. Without
# examples nothing says how frequent a frame is.
_THRESHOLD = 1.0
_STEEPNESS = 1.7  # makes the logistic curve follow the normal one (Camilli 1994)
_PRIOR = 20  # how many texts the neutral sentences weigh in the mean and the spread that scores are measured by
# Learning from examples: chosen on headlines in two languages (docs/decisions/0012), kept fixed since.
_PENALTY = 4.0  # inverse strength of the regularisation of the logistic regression
_ANCHOR_WEIGHT = 3.0  # an anchor counts as so many examples of its frame
_ZERO_SHOT_WEIGHT = 0.2  # of the zero-shot standard score, on the scale of log-odds
_FEWEST = 2  # examples that carry a frame, and that do not, below which nothing can be learnt of it
_LEARNER = 0  # position of the encoder that is learnt on: on headlines the first alone transferred better than both


@dataclass(frozen=True)
class Scored:
    """Scores in [0, 1] and 0/1 labels, of shape (n_texts, n_frames), and what a user should know of them."""

    scores: FloatArray
    labels: FloatArray
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Examples:
    """Labelled texts: `labels` of shape (n_examples, n_frames), 0 or 1, NaN where a frame was not labelled."""

    texts: Sequence[str]
    languages: Sequence[str]
    labels: FloatArray


def score_texts(
    texts: Sequence[str],
    languages: Sequence[str],
    frames: Sequence[Frame],
    encoders: Sequence[Encoder],
    parallel: Mapping[str, Sequence[str]],
    examples: Examples | None = None,
    batch_size: int = 32,
) -> Scored:
    """Score texts on the frames of a codebook.

    Zero-shot, a text's raw score is its cosine with the centre of the frame's anchors and definition, both less the
    mean of their language (from the parallel sentences; a language that these lack loses the mean of its own texts)
    and less the mean of the texts, or of all frames: what texts, or frames, of a subject have in common tells
    nothing apart. Raw scores are standardised over the texts and pass a logistic curve whose middle, .5, lies one
    standard deviation above the mean.

    With examples, a logistic regression on the first encoder's vectors learns each frame from them, with the
    anchors as further examples; a fifth of the zero-shot standard score is added on the scale of log-odds. A frame
    with too few examples stays zero-shot.

    Parameters
    ----------
    texts, languages
        The texts and the language of each.
    frames
        See `crossframe.frames.load_codebook`.
    encoders
        Set side by side with equal weight for zero-shot scores.
    parallel
        Language code -> sentences equal in meaning in all languages.
    examples
        See `Examples`.
    batch_size
        Texts encoded at a time.

    Raises
    ------
    InputError
        If there are no texts, or examples do not fit the frames.
    """
    if not texts:
        raise InputError("there is no text to score", "frames score")
    standard, notes = _zero_shot(texts, languages, frames, encoders, parallel, batch_size)
    odds = _STEEPNESS * (standard - _THRESHOLD)
    if examples is not None:
        if examples.labels.shape != (len(examples.texts), len(frames)):
            shape = (len(examples.texts), len(frames))
            raise InputError(f"labels of shape {examples.labels.shape} do not fit {shape}", "--examples")
        learnt = _learnt(texts, frames, encoders[_LEARNER], examples, batch_size)
        known = np.flatnonzero(np.isfinite(learnt).all(axis=0))
        odds[:, known] = learnt[:, known] + _ZERO_SHOT_WEIGHT * (standard - _THRESHOLD)[:, known]
        notes += [
            f"{frame.id}: fewer than {_FEWEST} examples with or without it, scored zero-shot"
            for j, frame in enumerate(frames)
            if j not in known
        ]
    scores = 1 / (1 + np.exp(-odds))
    return Scored(scores, (scores >= 0.5).astype(np.float64), tuple(notes))


def _zero_shot(
    texts: Sequence[str],
    languages: Sequence[str],
    frames: Sequence[Frame],
    encoders: Sequence[Encoder],
    parallel: Mapping[str, Sequence[str]],
    batch_size: int,
) -> tuple[FloatArray, list[str]]:
    """Return standard scores of shape (n_texts, n_frames) and notes."""
    spoken = np.asarray(languages)
    known = [x for x in sorted(set(languages)) if x in parallel]
    unknown = sorted(set(languages) - set(parallel))
    anchors = {language: [_anchors(f, language) for f in frames] for language in [*known, *unknown]}
    spaces: dict[str, list[FloatArray]] = {name: [] for name in ("texts", *known)}
    poles: dict[str, list[FloatArray]] = {language: [] for language in anchors}
    for encoder in encoders:
        rows = embed(list(texts), encoder, batch_size).vectors.astype(np.float64)
        needed = sorted({*known, *(x for found in anchors.values() for x, _t in found)} & set(parallel))
        sentences = {x: embed(list(parallel[x]), encoder, batch_size).vectors.astype(np.float64) for x in needed}
        means = language_means(sentences)
        free, domain = _free(rows, spoken, means, known, unknown)
        spaces["texts"].append(unit_rows(free))
        for language in known:
            spaces[language].append(unit_rows(sentences[language] - means[language] - domain))
        for language, found in anchors.items():
            poles[language].append(_poles(found, encoder, means, batch_size))
    placed: FloatArray = concatenated(spaces["texts"])
    raw: FloatArray = np.zeros((len(texts), len(frames)))
    neutral = []
    for language in anchors:
        mine = np.flatnonzero(spoken == language)
        lines = concatenated(poles[language])
        raw[mine] = placed[mine] @ lines.T
        if language in known:
            # what neutral sentences of this language score is its zero: scores of languages can be compared
            base = concatenated(spaces[language]) @ lines.T
            raw[mine] -= base.mean(axis=0)
            neutral.append(base - base.mean(axis=0))
    return _standard(raw, neutral), [
        f"{x}: no parallel sentences; its texts are compared among themselves" for x in unknown
    ]


def _free(
    rows: FloatArray, spoken: FloatArray, means: Mapping[str, FloatArray], known: Sequence[str], unknown: Sequence[str]
) -> tuple[FloatArray, FloatArray]:
    """Take out language means and what the texts have in common; return the rows and the latter."""
    free = rows.copy()
    for language in known:
        free[spoken == language] -= means[language]
    covered = np.isin(spoken, list(known))
    n = int(covered.sum())
    domain: FloatArray = np.zeros(rows.shape[1])
    if n:
        domain = free[covered].mean(axis=0) * n / (n + _PRIOR)
        free[covered] -= domain
    for language in unknown:
        own = spoken == language
        free[own] -= free[own].mean(axis=0) * own.sum() / (own.sum() + 1)  # a text alone keeps half of itself
    return free, domain


def _standard(raw: FloatArray, neutral: Sequence[FloatArray]) -> FloatArray:
    """Standardise over the texts, with the neutral sentences as a few texts more, so that one text has a score."""
    spread = np.mean([base.var(axis=0) for base in neutral], axis=0) if neutral else np.zeros(raw.shape[1])
    n, prior = len(raw), _PRIOR if neutral else 0
    mean = raw.mean(axis=0) * n / (n + prior)
    variance = (((raw - mean) ** 2).sum(axis=0) + prior * spread) / (n + prior)
    standard: FloatArray = (raw - mean) / np.sqrt(np.where(variance > 0, variance, 1.0))
    return standard


def _anchors(frame: Frame, language: str) -> tuple[str, list[str]]:
    """Return a frame's anchors in that language, or in English, or in its first, with the definition where it fits."""
    found = next(x for x in (language, "en", *frame.anchors) if frame.anchors.get(x))
    definition = {"en": frame.definition, "ar": frame.definition_ar}.get(found, "")
    return found, [*frame.anchors[found], *([definition] if definition else [])]


def _poles(
    found: Sequence[tuple[str, list[str]]], encoder: Encoder, means: Mapping[str, FloatArray], batch_size: int
) -> FloatArray:
    """Return the unit centre of each frame's anchors, less what all frames have in common; (n_frames, d)."""
    centres = []
    for language, texts in found:
        rows = embed(texts, encoder, batch_size).vectors.astype(np.float64)
        centres.append((rows - means[language] if language in means else rows).mean(axis=0))
    stacked = np.stack(centres)
    return unit_rows(stacked - stacked.mean(axis=0) if len(stacked) > 1 else stacked)


def _learnt(
    texts: Sequence[str], frames: Sequence[Frame], encoder: Encoder, examples: Examples, batch_size: int
) -> FloatArray:
    """Return log-odds of shape (n_texts, n_frames); NaN in the column of a frame with too few examples."""
    from sklearn.linear_model import LogisticRegression

    anchors = [_anchors(f, examples.languages[0] if examples.languages else "en")[1] for f in frames]
    owner = np.repeat(np.arange(len(frames)), [len(a) for a in anchors])
    rows = embed(list(texts), encoder, batch_size).vectors.astype(np.float64)
    seen = embed(list(examples.texts), encoder, batch_size).vectors.astype(np.float64)
    more = embed([t for a in anchors for t in a], encoder, batch_size).vectors.astype(np.float64)
    out = np.full((len(texts), len(frames)), np.nan)
    for j in range(len(frames)):
        labelled = np.isfinite(examples.labels[:, j])
        truth = examples.labels[labelled, j]
        if min(truth.sum(), len(truth) - truth.sum()) < _FEWEST:
            continue
        share = truth.mean()
        y = np.concatenate([truth, owner == j])
        balance = np.where(y == 1, 0.5 / share, 0.5 / (1 - share))
        weight = np.concatenate([np.ones(len(truth)), np.full(len(more), _ANCHOR_WEIGHT)])
        model = LogisticRegression(C=_PENALTY, max_iter=3000)
        model.fit(np.vstack([seen[labelled], more]), y, sample_weight=weight * balance)
        out[:, j] = model.decision_function(rows)
    return out
