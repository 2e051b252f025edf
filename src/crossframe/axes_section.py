"""The section of results.json on bipolar axes."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from crossframe.axes import axis_rows, axis_vector, bias_and_intensity, contributions, farthest
from crossframe.contrast import matched_on
from crossframe.corpus import CODEBOOK
from crossframe.frames import NOT_VALIDATED, Axis, Frame, load_axes
from crossframe.sections import source
from crossframe.study import Study, Vectors, pick
from crossframe.types import FloatArray, Segment

# The family is blocs times axes, some fifty tests: with 999 permutations the smallest p, corrected, is over .05.
N_PERMUTATIONS = 9999
SENTENCES_OF_A_POLE = 2


def axes_section(study: Study, vectors: Vectors) -> dict[str, Any] | None:
    """Place every document on the codebook's axes and compare blocs within events; None without axes.

    Returns
    -------
    dict
        `validation`; `axes`, each with `id`, `name`, `name_ar`, the poles `a` and `b` (`id`, `name`,
        `name_ar`), the `baseline` (mean contribution of all sentences) and the `farthest` sentences of both
        poles; `rows`, one an axis and bloc (`crossframe.axes.AxisRow`).

    Raises
    ------
    InputError
        If the codebook is not valid.
    """
    frames = study.frames
    if frames is None:
        return None
    axes = load_axes(study.config.raw / CODEBOOK, frames)
    if not axes:
        return None
    text = study.config.data.text
    parts = study.segments(text)
    values = axis_contributions(axes, {f.id: f for f in frames}, parts, vectors, text)
    owner, ids = [s.doc_id for s in parts], [axis.id for axis in axes]
    bias, intensity = bias_and_intensity(values, owner, study.ids)
    rows, settings = study.compared, study.config.contrasts
    events = pick(study.events, rows)
    found = axis_rows(
        bias[rows], intensity[rows], ids, pick(study.blocs, rows), events, study.config.compared_blocs,
        N_PERMUTATIONS, settings.seed, matched_on(events, pick(study.text_languages(text), rows), settings),
    )  # fmt: skip
    far = farthest(values, owner, [s.index for s in parts], ids, SENTENCES_OF_A_POLE)
    names = {f.id: {"id": f.id, "name": f.name, "name_ar": f.name_ar} for f in frames}
    return {
        "validation": NOT_VALIDATED,
        "axes": [
            {
                "id": axis.id,
                "name": axis.name,
                "name_ar": axis.name_ar,
                "a": names[axis.a],
                "b": names[axis.b],
                "baseline": float(values[:, j].mean()),
                "farthest": {
                    pole: [
                        {"doc_id": s.doc_id, "sentence": s.sentence, "score": s.score,
                         **source(s.doc_id, s.sentence, study)}
                        for s in far if (s.axis, s.pole) == (axis.id, pole)
                    ]
                    for pole in ("a", "b")
                },
            }
            for j, axis in enumerate(axes)
        ],
        "rows": [asdict(row) for row in found],
    }  # fmt: skip


def axis_contributions(
    axes: list[Axis], frames: Mapping[str, Frame], parts: list[Segment], vectors: Vectors, text: str
) -> FloatArray:
    """Return the calibrated contribution of every sentence to every axis, shape (n_sentences, n_axes)."""
    rows = vectors.adjusted(text, [s.text for s in parts], [s.language for s in parts])
    values = np.zeros((len(parts), len(axes)))
    for language in sorted({s.language for s in parts}):
        mine = [i for i, s in enumerate(parts) if s.language == language]
        neutral = vectors.neutral(language)
        for j, axis in enumerate(axes):
            line = _line(frames[axis.a], frames[axis.b], language, vectors)
            values[mine, j] = contributions(rows[mine], line, neutral)
    return values


def _line(a: Frame, b: Frame, language: str, vectors: Vectors) -> FloatArray:
    """Return the axis between two frames in a language, or in English, or in the first that both have."""
    both = [code for code in (language, "en", *a.anchors) if a.anchors.get(code) and b.anchors.get(code)]
    poles = [
        vectors.adjusted(f"anchors {f.id} {both[0]}", f.anchors[both[0]], [both[0]] * len(f.anchors[both[0]]))
        for f in (a, b)
    ]
    return axis_vector(poles[0], poles[1])
