"""What the explorer's page holds: an outcome as plain values, whole or thinned until it fits."""

import base64
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from crossframe import arabic
from crossframe.contrast import matched_on
from crossframe.corpus import text_slot
from crossframe.frame_section import SCORED, Framed
from crossframe.keyness import Pairs
from crossframe.permanova import MIN_RELABELLINGS
from crossframe.pipeline import Outcome
from crossframe.sections import SENTENCES_OF_A_CONTRAST
from crossframe.study import Study
from crossframe.text import sentences
from crossframe.types import Document, FloatArray

_STEPS = 32767  # coordinates are whole numbers of 16 bits times one scale: errors of 1e-5 in vectors of length 1
_SLOTS = {"summary_ar": "ar", "summary_en": "en", "summary_orig": "orig"}
Split = Callable[[str, str], list[str]]
_CONTRAST = ("bloc_a", "bloc_b", "family", "effect", "low", "high", "p", "p_corrected", "correction", "refusal",
             "common", "n_permutations", "n_documents_a", "n_documents_b", "n_events")  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """How much of a study goes into the page.

    `dimensions` and `sentence_dimensions` of the vectors (0: none), whether term counts are there, how many
    characters of each text (None: all), and whether the texts that are not compared, and frames, are there.
    """

    dimensions: int
    sentence_dimensions: int
    terms: bool
    characters: int | None
    other_texts: bool
    frames: bool = True


WHOLE = Plan(256, 256, True, None, True)


def explorer_data(outcome: Outcome, plan: Plan = WHOLE, split: Split = sentences) -> dict[str, Any]:
    """Return the page's data: documents with texts, frames and places, vectors, term counts, tested pairs.

    Parameters
    ----------
    outcome
        Of a run.
    plan
        How much of it; see `Plan`.
    split
        Text, language -> sentences; one that remembers saves time where several plans are tried.

    Returns
    -------
    dict of plain values, ready for JSON
    """
    study, results, config = outcome.study, outcome.results, outcome.study.config
    outlets = sorted({d.outlet_id for d in study.documents})
    terms = config.terms
    return {
        "study": {
            "id": config.study.id,
            "title": {"en": config.study.title_en, "ar": config.study.title_ar},
            "text": _SLOTS[config.data.text],
            "numerals": config.report.numerals,
            "written_by": results["corpus"]["written_by"],
            "machine_translated": results["corpus"]["machine_translated"]["n_compared"],
        },
        "settings": {
            "min_documents": config.contrasts.min_documents,
            "min_events": config.contrasts.min_events,
            "min_relabellings": MIN_RELABELLINGS,
            "n_sentences": SENTENCES_OF_A_CONTRAST,
            "terms": {"n": terms.n_terms, "min_documents": terms.min_documents, "min_z": terms.min_z},
            "scored": SCORED,
        },
        "draft": results.get("draft"),
        "plan": {**vars(plan), "n_documents": len(study.documents)},
        "blocs": [
            {"id": b.id, "en": b.name_en, "ar": b.name_ar, "colour": b.colour, "compare": b.compare}
            for b in config.blocs
        ],
        "events": [
            {"id": e.event_id, "en": e.title_en, "ar": e.title_ar, "date": e.date_start}
            for e in study.corpus.events.values()
        ],
        "outlets": [
            {"id": i, "en": study.corpus.outlets[i].name_en, "ar": study.corpus.outlets[i].name_ar} for i in outlets
        ],
        "frames": _frames(outcome.framed) if plan.frames else None,
        "documents": _documents(outcome, plan, outlets, split),
        "map": _maps(outcome),
        "vectors": _vectors(outcome, plan),
        "sentences": _sentence_vectors(outcome, plan),
        "terms": _terms(study, outcome.words) if plan.terms and not study.skipped else None,
        "contrasts": [{name: row[name] for name in _CONTRAST} for row in results["contrasts"]],
    }


def _frames(framed: Framed | None) -> dict[str, Any] | None:
    if framed is None:
        return None
    return {
        "coded": framed.codes is not None,
        "by_humans": framed.by_humans,
        "list": [
            {"id": f.id, "en": f.name, "ar": f.name_ar or f.name,
             "definition": {"en": f.definition, "ar": f.definition_ar or f.definition}}
            for f in framed.frames
        ],
    }  # fmt: skip


def _documents(outcome: Outcome, plan: Plan, outlets: list[str], split: Split) -> list[dict[str, Any]]:
    """Return a row a document, labels as positions in the lists of events, blocs and outlets; no empty lists."""
    study, framed = outcome.study, outcome.framed
    event = {e: i for i, e in enumerate(study.corpus.events)}
    bloc = {b.id: i for i, b in enumerate(study.config.blocs)}
    outlet = {o: i for i, o in enumerate(outlets)}
    cluster = dict(zip(study.matched, outcome.clusters.labels.tolist(), strict=True))
    spoken = study.text_languages(study.config.data.text)
    blocks, blocs = _blocks(study, spoken), study.blocs
    copies: dict[str, list[Document]] = {}
    for d in study.corpus.documents:
        if d.doc_id in study.set_aside:
            copies.setdefault(study.set_aside[d.doc_id], []).append(d)
    out = []
    for i, d in enumerate(study.documents):
        row: dict[str, Any] = {
            "id": d.doc_id, "event": event[d.event_id], "bloc": bloc[blocs[i]], "outlet": outlet[d.outlet_id],
            "language": d.language, "date": d.date, "url": d.url, "title": d.title, "title_ar": d.title_ar,
            "texts": _texts(d, plan, study.config.data.text, split), "spoken": spoken[i], "cluster": cluster.get(i),
            "block": blocks[i], "compared": _SLOTS[text_slot(d, study.config.data.text)],
            "relay_of": [_name(study, o) for o in d.relay_of],
            "translated": sorted(_SLOTS[slot] for slot in d.translated_by if slot in _SLOTS),
            "copies": [{"id": c.doc_id, "outlet": _name(study, c.outlet_id), "url": c.url}
                       for c in copies.get(d.doc_id, [])],
        }  # fmt: skip
        row = {name: value for name, value in row.items() if value != []}
        if framed is not None and plan.frames:
            row["scores"] = [round(float(x), 1) for x in framed.scores[i]]
            if framed.codes is not None:
                row["codes"] = [None if np.isnan(x) else float(x) for x in framed.codes[i]]
        out.append(row)
    return out


def _name(study: Study, outlet_id: str) -> dict[str, str]:
    known = study.corpus.outlets.get(outlet_id)
    return {"en": known.name_en, "ar": known.name_ar} if known else {"en": outlet_id, "ar": outlet_id}


def _blocks(study: Study, spoken: list[str]) -> list[str]:
    """Return what each document is matched on, as the compared ones are; see `crossframe.contrast.matched_on`."""
    several = len({spoken[i] for i in study.compared}) > 1
    return matched_on(study.events, spoken if several else None, study.config.contrasts)


def _texts(document: Document, plan: Plan, compared: str, split: Split) -> dict[str, list[str]]:
    """Return the texts by language slot as sentences; the compared one always, and under its own slot."""
    out = {}
    for column, name in _SLOTS.items():
        slot = text_slot(document, column)
        text = getattr(document, column)
        if text is None or not (plan.other_texts or slot == text_slot(document, compared)):
            continue
        out[name] = _first(split(text, name if name != "orig" else document.language), plan.characters)
    return out


def _first(parts: list[str], characters: int | None) -> list[str]:
    """Return the sentences that fit into so many characters, at least a piece of the first; the rest is `…`."""
    if characters is None or sum(map(len, parts)) <= characters:
        return parts
    kept, room = [], characters
    for part in parts:
        if len(part) > room:
            break
        kept.append(part)
        room -= len(part)
    return [*kept, "…"] if kept else [parts[0][:characters] + "…"]


def _maps(outcome: Outcome) -> dict[str, Any]:
    """Return both maps as x, y of every document; None where a document has no place."""
    n = len(outcome.study.documents)
    how: list[list[float] | None] = [None] * n
    for i, xy in zip(outcome.study.matched, outcome.how.xy, strict=True):
        how[i] = [round(float(v), 3) for v in xy]
    what = [[round(float(v), 3) for v in xy] for xy in outcome.what.xy]
    return {
        "what": {"xy": what, "trustworthiness": outcome.what.trustworthiness, "n_neighbors": outcome.what.n_neighbors},
        "how": {"xy": how, "trustworthiness": outcome.how.trustworthiness, "n_neighbors": outcome.how.n_neighbors},
    }


def _vectors(outcome: Outcome, plan: Plan) -> dict[str, Any]:
    rows = outcome.projection.documents[:, : plan.dimensions]
    kept = float(outcome.projection.kept[rows.shape[1] - 1])
    return {**_packed(rows), "kept": min(kept, 1.0)}


def _sentence_vectors(outcome: Outcome, plan: Plan) -> dict[str, Any] | None:
    """Return the sentences' vectors, and how many each document has, in the order of documents."""
    if outcome.projection.sentences is None or not plan.sentence_dimensions:
        return None
    study = outcome.study
    count = Counter(s.doc_id for s in study.segments(study.config.data.text))
    rows = outcome.projection.sentences[:, : plan.sentence_dimensions]
    return {**_packed(rows), "counts": [count[i] for i in study.ids]}


def _packed(rows: FloatArray) -> dict[str, Any]:
    """Return an array of shape (n, k) as base64 of little-endian 16-bit integers times one scale."""
    scale = float(np.abs(rows).max(initial=0.0)) / _STEPS or 1.0
    whole = np.rint(rows / scale).astype("<i2")
    return {"k": rows.shape[1], "scale": scale, "data": base64.b64encode(whole.tobytes()).decode("ascii")}


def _terms(study: Study, pairs: list[Pairs]) -> dict[str, Any]:
    """Count the terms that can mark a group, as `crossframe.keyness.marking_terms` does.

    Terms in fewer documents than `terms.min_documents` can mark nothing: of these only the documents' totals
    count. The prior follows the words of the compared documents. Documents' counts are flat lists of
    position and number.
    """
    compared = [pairs[i] for i in study.compared]
    overall = Counter(key for part in compared for key, _form in part)
    spread = Counter(key for part in compared for key in {k for k, _form in part})
    keys = sorted(key for key, n in spread.items() if n >= study.config.terms.min_documents)
    forms = arabic.shown_forms([pair for part in compared for pair in part])
    position = {key: j for j, key in enumerate(keys)}
    words = max(1, sum(overall.values()))
    bags = [Counter(key for key, _form in part) for part in pairs]
    return {
        "keys": keys,
        "forms": [forms[key] for key in keys],
        "alpha": [float(f"{study.config.terms.prior * overall[key] / words:.6g}") for key in keys],
        "alpha_0": study.config.terms.prior,
        "totals": [len(part) for part in pairs],
        "counts": [[v for k, n in sorted(bag.items()) if k in position for v in (position[k], n)] for bag in bags],
    }
