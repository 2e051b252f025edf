"""Frames: a codebook of definitions and anchor sentences, and how near each document comes to them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crossframe.errors import InputError
from crossframe.sums import group_sums
from crossframe.types import FloatArray, Problem

NOT_VALIDATED = "not validated by human coders"
_FRAMES, _AXES = "frames", "axes"  # what a codebook holds


class Frame(BaseModel):
    """One frame of the codebook."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    name: str
    name_ar: str = ""
    definition: str
    definition_ar: str = ""
    layer: str = "study"
    include: str = ""
    exclude: str = ""
    source: str = ""
    anchors: dict[str, list[str]]


class Axis(BaseModel):
    """One bipolar axis of the codebook: it runs from frame `b` (negative) to frame `a` (positive)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    name: str
    name_ar: str = ""
    a: str
    b: str


@dataclass(frozen=True)
class FrameEvidence:
    """The sentence of a bloc that lies nearest to a frame."""

    bloc: str
    frame: str
    doc_id: str
    sentence: int
    score: float


def load_codebook(path: Path) -> list[Frame]:
    """Read codebook.toml.

    Raises
    ------
    InputError
        If the file is missing or not TOML, a key is unknown or missing, an id doubled, or a frame without
        anchors; the message names the frame.
    """
    rows = _tables(path, _FRAMES)
    frames = []
    for number, row in enumerate(rows, start=1):
        try:
            frame = Frame(**row)
        except (ValidationError, TypeError) as error:
            raise InputError(f"frame {number} is not valid: {error}", str(path)) from error
        if not frame.anchors or not all(frame.anchors.values()):
            raise InputError(f"frame {frame.id!r} has no anchor sentences", str(path), "Give at least one a language.")
        frames.append(frame)
    if not frames:
        raise InputError("the codebook has no [[frames]]", str(path))
    ids = [frame.id for frame in frames]
    if doubled := sorted({i for i in ids if ids.count(i) > 1}):
        raise InputError(f"frame ids are used twice: {', '.join(doubled)}", str(path))
    return frames


def load_axes(path: Path, frames: Sequence[Frame]) -> list[Axis]:
    """Read the axes of codebook.toml; a codebook needs none.

    Parameters
    ----------
    path
        The codebook.
    frames
        Its frames, as `load_codebook` returns them: the poles that an axis may name.

    Raises
    ------
    InputError
        If a key is unknown or missing, an id doubled, a pole no frame of the codebook, both poles the same
        frame, or without a language in which both have anchors; the message names the axis.
    """
    known = {frame.id: frame for frame in frames}
    axes = []
    for number, row in enumerate(_tables(path, _AXES), start=1):
        try:
            axis = Axis(**row)
        except (ValidationError, TypeError) as error:
            raise InputError(f"axis {number} is not valid: {error}", str(path)) from error
        where = f"{path}, axis {axis.id!r}"
        for key, pole in (("a", axis.a), ("b", axis.b)):
            if pole not in known:
                raise InputError(f"{key} names the frame {pole!r}, which no [[frames]] has as its id", where,
                                 f"Known frames: {', '.join(known)}.")  # fmt: skip
        if axis.a == axis.b:
            raise InputError(f"both poles are the frame {axis.a!r}", where, "Name two frames.")
        if not known[axis.a].anchors.keys() & known[axis.b].anchors.keys():
            raise InputError(f"{axis.a!r} and {axis.b!r} have no language of anchors in common", where,
                             "Give both anchors in one language or more.")  # fmt: skip
        axes.append(axis)
    ids = [axis.id for axis in axes]
    if doubled := sorted({i for i in ids if ids.count(i) > 1}):
        raise InputError(f"axis ids are used twice: {', '.join(doubled)}", str(path))
    return axes


def _tables(path: Path, key: str) -> list[dict[str, Any]]:
    """Return the tables of that name in a codebook; none where there are none."""
    if not path.is_file():
        raise InputError("there is no codebook", str(path), "Write one; see codebook.toml of the study for the form.")
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not valid TOML: {error}", str(path), "Mend the line named.") from error
    if unknown := sorted(values.keys() - {_FRAMES, _AXES}):
        raise InputError(f"unknown key {', '.join(map(repr, unknown))}", str(path),
                         f"A codebook holds [[{_FRAMES}]] and [[{_AXES}]].")  # fmt: skip
    rows = values.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{key!r} is not a list of tables", str(path), f"Write [[{key}]] with two brackets.")
    return rows


def codebook_problems(path: Path) -> list[Problem]:
    """Return what is wrong with a codebook, as validation reports it."""
    try:
        load_axes(path, load_codebook(path))
    except InputError as error:
        return [Problem(path.name, "-", "-", "", error.what)]
    return []


def frame_scores(segments: FloatArray, anchors: Mapping[str, FloatArray], neutral: FloatArray) -> FloatArray:
    """Return how near each segment comes to each frame, on the scale of neutral sentences.

    The raw score is the mean cosine with the frame's anchors. It is standardised by the mean and the
    standard deviation that the neutral parallel sentences of the same language have with these anchors,
    so that 0 means "no nearer than talk of weather or sport" and the scores of languages can be compared.

    Parameters
    ----------
    segments
        Unit rows of shape (n_segments, dimension) in the adjusted space, all of one language.
    anchors
        Frame id -> unit rows of that frame's anchors, same space.
    neutral
        Unit rows of the parallel sentences of that language, same space.

    Returns
    -------
    ndarray of shape (n_segments, n_frames), columns in the order of `anchors`
    """
    columns = []
    for rows in anchors.values():
        centre = rows.mean(axis=0)
        base = neutral @ centre
        columns.append((segments @ centre - base.mean()) / base.std(ddof=1))
    return np.stack(columns, axis=1)


def document_scores(scores: FloatArray, owner: Sequence[str], documents: Sequence[str]) -> FloatArray:
    """Return the mean of each document's segment scores, of shape (n_documents, n_frames)."""
    position = {doc_id: i for i, doc_id in enumerate(documents)}
    index = np.array([position[doc_id] for doc_id in owner])
    sums = group_sums(scores, index[None], len(documents))[0]
    means: FloatArray = sums / np.bincount(index, minlength=len(documents))[:, None]
    return means


def strongest(
    scores: FloatArray, owner: Sequence[str], index: Sequence[int], blocs: Mapping[str, str], frames: Sequence[str]
) -> list[FrameEvidence]:
    """Return, for each bloc and frame, the segment with the highest score; ties go to the first in order."""
    out = []
    for bloc in sorted(set(blocs.values())):
        rows = [i for i, doc_id in enumerate(owner) if blocs[doc_id] == bloc]
        for j, frame in enumerate(frames):
            best = max(rows, key=lambda i: (scores[i, j], -i))
            out.append(FrameEvidence(bloc, frame, owner[best], index[best], float(scores[best, j])))
    return out
