"""How well the rules find speakers and blame: against documents that somebody has read."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from crossframe.errors import InputError
from crossframe.robust import wilson
from crossframe.types import Identifier, Row, Text
from crossframe.voice.actors import Gazetteer
from crossframe.voice.folding import fold_word
from crossframe.voice.speech import read

CHECKED = "voices_checked.jsonl"


class SaidBy(Row):
    """One act of speech as the reader marked it: an actor's id or a name, and the word that reports."""

    speaker: Text
    verb: Text


class BlamedBy(Row):
    """One act of blame as the reader marked it."""

    agent: Text
    target: Text


class Checked(Row):
    """One document that somebody read: `seen` while the rules were written, or `held_out` until they were."""

    doc_id: Identifier
    half: Literal["seen", "held_out"]
    column: Literal["summary_ar"]
    annotator: Text
    annotator_kind: Literal["program", "human"]
    attributions: tuple[SaidBy, ...]
    blame: tuple[BlamedBy, ...]


def load_checked(path: Path) -> list[Checked]:
    """Read voices_checked.jsonl.

    Raises
    ------
    InputError
        If the file is missing, or a line is not JSON or lacks a key; the message names the line.
    """
    if not path.is_file():
        raise InputError("there is no such file", str(path), "data/README.md says what it holds.")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rows.append(Checked.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError) as error:
            raise InputError(
                f"line {number} is not a checked document: {error}", str(path), "Mend that line."
            ) from error
    return rows


def quality(rows: Sequence[Checked], texts: Mapping[str, str], gazetteer: Gazetteer) -> dict[str, Any]:
    """Return precision and recall of attributions, of speakers a document and of blame, for each half.

    An attribution counts as found where speaker and verb agree (conjunction and spelling apart). Blame is
    compared where both sides are known.

    Parameters
    ----------
    rows
        What a reader marked.
    texts
        doc_id -> the Arabic text that he read.
    """
    tallies: dict[str, dict[str, Counter[str]]] = {}
    for row in rows:
        if row.doc_id not in texts:
            raise InputError(f"{row.doc_id} is not among the documents", CHECKED, "Take the line out, or mend the id.")
        half = tallies.setdefault(row.half, {})
        for what, (found, marked) in _compared(row, texts[row.doc_id], gazetteer).items():
            tally = half.setdefault(what, Counter())
            tally["both"] += (found & marked).total()
            tally["found"] += found.total()
            tally["marked"] += marked.total()
    return {
        half: {"n_documents": sum(r.half == half for r in rows)} | {what: _rates(t) for what, t in found.items()}
        for half, found in sorted(tallies.items())
    }


def _compared(row: Checked, text: str, gazetteer: Gazetteer) -> dict[str, tuple[Counter[Any], Counter[Any]]]:
    """Return what the rules find in a document and what the reader marked, as counts of the same things."""
    said, blamed = read(text, "ar", gazetteer)
    return {
        "attributions": (
            Counter((a.speaker or "", fold_word(a.verb)) for a in said),
            Counter((a.speaker, fold_word(a.verb)) for a in row.attributions),
        ),
        "speakers": (Counter({a.speaker for a in said}), Counter({a.speaker for a in row.attributions})),
        "blame": (
            Counter({(b.agent, b.target) for b in blamed if b.agent and b.target}),
            Counter({(b.agent, b.target) for b in row.blame}),
        ),
    }


def _rates(tally: Counter[str]) -> dict[str, Any]:
    """Return precision and recall with their 95 % intervals; None where nothing was found or marked."""
    out: dict[str, Any] = {"n_both": tally["both"], "n_found": tally["found"], "n_marked": tally["marked"]}
    for rate, n in (("precision", tally["found"]), ("recall", tally["marked"])):
        out[rate] = tally["both"] / n if n else None
        out[f"{rate}_interval"] = list(wilson(tally["both"], n)) if n else None
    return out
