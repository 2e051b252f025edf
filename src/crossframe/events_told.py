"""The section of results.json on each event: who told it, the two blocs furthest apart, a sentence of each."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from crossframe import arabic
from crossframe.codes import consensus
from crossframe.contrast import event_of
from crossframe.evidence import Sentence, marking_sentences
from crossframe.frame_section import Coding
from crossframe.keyness import Pairs
from crossframe.sections import source
from crossframe.study import Study, Vectors
from crossframe.types import Contrast, EventDistance, FloatArray, Segment

N_TERMS, N_FRAMES = 3, 2  # shown of either bloc
_OF_THE_STUDY = "study"  # layer of the codebook's frames that were written for the study


def events_told(
    study: Study,
    vectors: Vectors,
    pairs: Sequence[Contrast],
    terms: dict[str, list[dict[str, Any]]],
    words: Sequence[Pairs],
    coded: Coding | None,
) -> list[dict[str, Any]]:
    """Tell each event that two or more compared blocs have documents on.

    Parameters
    ----------
    study, vectors
        The documents; a sentence's vector has its language taken out.
    pairs
        The contrasts: a pair counts in an event where its distance there is known.
    terms
        Marking terms by bloc, see `crossframe.sections.term_section`; may be empty.
    words
        The terms of every document's Arabic summary, outlets' names left out.
    coded
        The coders' codes, where there are any.

    Returns
    -------
    list of dict
        One an event in the order of the corpus: what is known of it, `blocs` (documents of each compared bloc,
        wire copies set aside), `pair` (the identifiable pair with the largest distance in this event, or None),
        `rule` by which the two sentences were chosen ("line": they set that pair apart most, see
        `crossframe.evidence.marking_sentences`; "furthest": no pair is identifiable, they are the two sentences
        of different blocs that lie furthest apart, and no test stands behind them), and for either side `a`, `b`:
        `bloc`, `sentence`, `terms` and `frames` (None without codes).
    """
    parts = study.segments(study.config.data.text)
    rows = vectors.adjusted(study.config.data.text, [s.text for s in parts], [s.language for s in parts])
    frames = _coded_frames(study, coded)
    keys = {doc_id: {key for key, _form in found} for doc_id, found in zip(study.ids, words, strict=True)}
    out = []
    for event in study.corpus.events.values():
        told = _told(study, event.event_id)
        if len(told) < 2:
            continue
        pair = _furthest_pair(pairs, event.event_id)
        chosen = None if pair is None else _on_the_line(study, rows, parts, event.event_id, pair[0])
        rule = "furthest" if chosen is None else "line"
        if chosen is None:
            pair, chosen = None, _furthest_sentences(study, rows, parts, event.event_id, list(told))
        sides = [_side(study, s, event.event_id, terms, keys, frames) for s in chosen]
        out.append(
            {
                **event.model_dump(exclude={"event_family"}),
                "blocs": [{"bloc": bloc, "n_documents": n} for bloc, n in told.items()],
                "pair": None if pair is None else _pair(*pair),
                "rule": rule,
                "a": sides[0],
                "b": sides[1],
            }
        )
    return out


def _told(study: Study, event: str) -> dict[str, int]:
    """Count the documents of each compared bloc on an event, in the order of study.toml."""
    here = [b for b, e in zip(study.blocs, study.events, strict=True) if e == event]
    return {b: here.count(b) for b in study.config.compared_blocs if b in here}


def _furthest_pair(pairs: Sequence[Contrast], event: str) -> tuple[Contrast, EventDistance] | None:
    """Return the pair with the largest distance in an event; the pair that comes first where several have it."""
    known = [(p, d) for p in pairs if p.refusal is None for d in p.by_event if event_of(d.event) == event]
    return max(known, key=lambda found: found[1].distance, default=None)


def _pair(pair: Contrast, here: EventDistance) -> dict[str, Any]:
    return {
        "bloc_a": pair.bloc_a,
        "bloc_b": pair.bloc_b,
        "distance": here.distance,
        "n_documents_a": here.n_documents_a,
        "n_documents_b": here.n_documents_b,
    }


def _on_the_line(
    study: Study, rows: FloatArray, parts: Sequence[Segment], event: str, pair: Contrast
) -> tuple[Sentence, Sentence] | None:
    """Return the sentence of either bloc that sets the pair apart most in this event; None if a side has none."""
    groups, events = dict(zip(study.ids, study.blocs, strict=True)), dict(zip(study.ids, study.events, strict=True))
    owner, index = [s.doc_id for s in parts], [s.index for s in parts]
    a, b = marking_sentences(rows, owner, index, groups, events, [event], pair.bloc_a, pair.bloc_b, 1)
    return (a[0], b[0]) if a and b else None


def _furthest_sentences(
    study: Study, rows: FloatArray, parts: Sequence[Segment], event: str, blocs: Sequence[str]
) -> tuple[Sentence, Sentence]:
    """Return the two sentences of different blocs that lie furthest apart; ties go to what comes first."""
    bloc_of, event_of_id = (dict(zip(study.ids, v, strict=True)) for v in (study.blocs, study.events))
    here = [i for i, s in enumerate(parts) if event_of_id[s.doc_id] == event and bloc_of[s.doc_id] in blocs]
    side = np.array([blocs.index(bloc_of[parts[i].doc_id]) for i in here])
    apart = np.linalg.norm(rows[here][:, None] - rows[here][None], axis=2)
    apart[side[:, None] >= side[None]] = -1.0  # the bloc that study.toml lists first stands first
    i, j = np.unravel_index(int(np.argmax(np.round(apart, 9))), apart.shape)
    first, second = (parts[here[k]] for k in (i, j))
    score = float(apart[i, j])
    return Sentence(first.doc_id, first.index, event, score), Sentence(second.doc_id, second.index, event, score)


def _side(
    study: Study,
    sentence: Sentence,
    event: str,
    terms: dict[str, list[dict[str, Any]]],
    keys: dict[str, set[str]],
    frames: tuple[list[str], dict[str, set[str]]] | None,
) -> dict[str, Any]:
    """Return what is shown of one bloc: its sentence, its marking terms and coded frames in this event."""
    bloc = next(b for b, doc_id in zip(study.blocs, study.ids, strict=True) if doc_id == sentence.doc_id)
    mine = [
        d for d, b, e in zip(study.documents, study.blocs, study.events, strict=True) if (b, e) == (bloc, event)
    ]  # fmt: skip
    return {
        "bloc": bloc,
        "n_documents": len(mine),
        "sentence": {**asdict(sentence), **source(sentence.doc_id, sentence.index, study)},
        "terms": _terms_here([keys[d.doc_id] for d in mine], terms.get(bloc, [])),
        "frames": None if frames is None else _frames_here([d.doc_id for d in mine], *frames),
    }


def _terms_here(present: Sequence[set[str]], terms: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the strongest of a bloc's marking terms that stand in its summaries of an event, and in how many.

    `present` are the keys of the terms of each summary.
    """
    found = []
    for row in terms:
        keys = arabic.terms(str(row["term"]))
        n = sum(keys[-1][0] in there for there in present) if keys else 0
        found += [{"term": row["term"], "n_documents": n}] if n else []
    return found[:N_TERMS]


def _coded_frames(study: Study, coded: Coding | None) -> tuple[list[str], dict[str, set[str]]] | None:
    """Return the study's own frames (else all) and which of them all coders see in each document; None uncoded."""
    if study.frames is None or coded is None:
        return None
    every = [f.id for f in study.frames]
    frames = [f.id for f in study.frames if f.layer == _OF_THE_STUDY] or every
    agreed = consensus(coded.table).values[:, [every.index(f) for f in frames]] == 1
    return frames, {
        doc_id: {f for f, there in zip(frames, row, strict=True) if there}
        for doc_id, row in zip(study.ids, agreed, strict=True)
    }


def _frames_here(ids: Sequence[str], frames: list[str], carried: dict[str, set[str]]) -> list[dict[str, Any]]:
    """Return the frames that most of these documents carry, and how many do."""
    counts = [{"frame": f, "n_documents": sum(f in carried[i] for i in ids)} for f in frames]
    counts = [c for c in counts if c["n_documents"]]
    return sorted(counts, key=lambda c: -int(str(c["n_documents"])))[:N_FRAMES]
