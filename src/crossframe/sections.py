"""The sections of results.json: each turns a stage's outcome into plain numbers and names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from crossframe import __version__, arabic
from crossframe.cluster import mutual_information
from crossframe.config import TermSection
from crossframe.contrast import shared_events
from crossframe.corpus import CODEBOOK, text_of, text_slot
from crossframe.evidence import marking_sentences
from crossframe.frames import (
    NOT_VALIDATED,
    Frame,
    FrameEvidence,
    document_scores,
    frame_scores,
    load_codebook,
    strongest,
)
from crossframe.keyness import marking_terms
from crossframe.space import centred_on_events, retrieval_accuracy, variance_share
from crossframe.study import Study, Vectors, pick
from crossframe.text import sentences
from crossframe.types import Clusters, Contrast, FloatArray, Space

SENTENCES_OF_A_CONTRAST = 3  # of either side


def study_section(study: Study) -> dict[str, Any]:
    """Say what the study is called and how it was set up."""
    config = study.config
    return {
        "id": config.study.id,
        "title_en": config.study.title_en,
        "title_ar": config.study.title_ar,
        "kind": "four tables" if config.table is None else "one table",
        "text": config.label(config.data.text),
        "encoders": config.encoder.models,
        "blocs": [b.model_dump() for b in config.blocs],
        "n_permutations": config.contrasts.n_permutations,
        "min_documents": config.contrasts.min_documents,
        "min_events": config.contrasts.min_events,
        "crossframe": __version__,
    }


def corpus_section(study: Study) -> dict[str, Any]:
    """Count what there is, before and after wire copies are set aside."""
    corpus = study.corpus
    cells = Counter((d.event_id, corpus.bloc(d)) for d in corpus.documents)
    blocs = [b.id for b in study.config.blocs]
    return {
        "n_documents": len(corpus.documents),
        "n_independent": len(study.documents),
        "n_compared": len(study.compared),
        "n_wire_copies_set_aside": len(study.set_aside),
        "n_outlets": len({d.outlet_id for d in corpus.documents}),
        "n_events": len({d.event_id for d in corpus.documents}),
        "n_blocs": len({corpus.bloc(d) for d in corpus.documents}),
        "n_parallel": len(next(iter(corpus.parallel.values()))),
        "n_excerpts": sum(d.basis == "excerpt" for d in corpus.documents),
        "n_relays": sum(bool(d.relay_of) for d in corpus.documents),
        "languages": dict(Counter(d.language for d in corpus.documents).most_common()),
        "written_by": dict(Counter(d.written_by for d in corpus.documents)),
        "machine_translated": _machine_translated(study),
        "events": [
            {
                "event_id": e.event_id,
                "title_en": e.title_en,
                "title_ar": e.title_ar,
                "date_start": e.date_start,
                "date_end": e.date_end,
                "n": sum(cells[e.event_id, b] for b in blocs),
                "blocs": [cells[e.event_id, b] for b in blocs],
            }
            for e in corpus.events.values()
        ],
    }


def _machine_translated(study: Study) -> dict[str, Any]:
    """Count the texts that a machine translated, and those among the texts that are compared, by engine and day."""
    marks = [d.translated_by for d in study.corpus.documents]
    compared = [d.translated_by.get(text_slot(d, study.config.data.text)) for d in study.documents]
    return {
        "n_texts": sum(map(len, marks)),
        "n_compared": sum(mark is not None for mark in compared),
        "n_arabic": sum("summary_ar" in d.translated_by for d in study.documents),
        "by": dict(sorted(Counter(mark for texts in marks for mark in texts.values()).items())),
    }


def space_section(study: Study, space: Space, others: dict[str, Space]) -> dict[str, Any]:
    """Say what the adjustment did: retrieval of each document's own other texts, shares of variance."""
    everyone = list(range(len(study.documents)))
    abroad = [i for i, d in enumerate(study.documents) if d.summary_orig is not None]
    return {
        "dimension": int(space.framing.shape[1]),
        "retrieval": {
            "ar_to_en": _retrieval(others.get("summary_ar"), others.get("summary_en"), everyone),
            "ar_to_original": _retrieval(others.get("summary_ar"), others.get("summary_orig"), abroad),
        },
        "variance_share": {
            name: {
                "event": variance_share(matrix, study.events),
                "bloc": variance_share(matrix, study.blocs),
                "language": variance_share(matrix, study.languages),
            }
            for name, matrix in (("language_free", space.language_free), ("framing", space.framing))
        },
    }


def _retrieval(a: Space | None, b: Space | None, rows: list[int]) -> dict[str, Any] | None:
    """Return how often documents of one text find their own other text; None where nobody has one."""
    if a is None or b is None or not rows:
        return None
    return {
        "before": retrieval_accuracy(a.raw[rows], b.raw[rows]),
        "after": retrieval_accuracy(a.language_free[rows], b.language_free[rows]),
        "n": len(rows),
    }


def cluster_section(study: Study, clusters: Clusters) -> dict[str, Any]:
    """Say how the clusters fall out over blocs, and how far they merely follow events or languages."""
    labels = clusters.labels.tolist()
    rows = study.matched
    matched_blocs = pick(study.blocs, rows)
    cells = Counter(zip(matched_blocs, labels, strict=True))
    return {
        "k": clusters.k,
        "n_documents": len(rows),
        "silhouette": clusters.silhouette,
        "best_silhouette": clusters.silhouette[clusters.k],
        "sizes": [labels.count(j) for j in range(clusters.k)],
        "by_bloc": {b.id: [cells[b.id, j] for j in range(clusters.k)] for b in study.config.blocs},
        "adjusted_mutual_information": {
            "event": mutual_information(labels, pick(study.events, rows)),
            "bloc": mutual_information(labels, matched_blocs),
            "language": mutual_information(labels, pick(study.languages, rows)),
        },
    }


def term_section(
    summaries: list[str], blocs: list[str], events: list[str], outlet_names: list[str], settings: TermSection
) -> dict[str, list[dict[str, Any]]]:
    """Mark each bloc's Arabic summaries; outlets' names are left out."""
    found = marking_terms(
        summaries,
        blocs,
        events,
        arabic.terms_without(outlet_names),
        arabic.shown_forms,
        settings.n_terms,
        settings.min_documents,
        settings.prior,
        settings.min_z,
    )
    out: dict[str, list[dict[str, Any]]] = {bloc: [] for bloc in sorted(set(blocs))}
    for t in found:
        out[t.group].append({"term": t.term, "z": t.z, "log_odds": t.log_odds, "n_documents": t.n_documents})
    return out


def frame_section(study: Study, vectors: Vectors) -> dict[str, Any] | None:
    """Score every document on the codebook's frames, event by event; None without a codebook."""
    path = study.config.raw / CODEBOOK
    if not path.is_file():
        return None
    frames = load_codebook(path)
    parts = study.segments(study.config.data.text)
    rows = vectors.adjusted(study.config.data.text, [s.text for s in parts], [s.language for s in parts])
    scores = np.zeros((len(parts), len(frames)))
    for language in sorted({s.language for s in parts}):
        mine = [i for i, s in enumerate(parts) if s.language == language]
        anchors = {f.id: _anchor_rows(f, language, vectors) for f in frames}
        scores[mine] = frame_scores(rows[mine], anchors, vectors.neutral(language))
    documents = document_scores(scores, [s.doc_id for s in parts], study.ids)
    within = centred_on_events(documents, study.events)
    scaled = within / within[study.matched].std(axis=0, ddof=1)
    bloc_of = np.asarray(study.blocs)
    matched = np.isin(np.arange(len(bloc_of)), study.matched)
    blocs = study.config.compared_blocs
    evidence = strongest(scores, [s.doc_id for s in parts], [s.index for s in parts],
                         dict(zip(study.ids, study.blocs, strict=True)), [f.id for f in frames])  # fmt: skip
    return {
        "validation": NOT_VALIDATED,
        "frames": [{"id": f.id, "name": f.name, "name_ar": f.name_ar, "definition": f.definition} for f in frames],
        "by_bloc": {
            b: scaled[matched & (bloc_of == b)].mean(axis=0).tolist() for b in blocs if (matched & (bloc_of == b)).any()
        },
        "evidence": [_shown(e, study) for e in evidence if e.bloc in blocs],
    }


def _anchor_rows(frame: Frame, language: str, vectors: Vectors) -> FloatArray:
    """Return a frame's anchors in a language, or in English, or in its first language, less that one's mean."""
    known = [code for code in (language, "en", *frame.anchors) if frame.anchors.get(code)]
    texts = frame.anchors[known[0]]
    return vectors.adjusted(f"anchors {frame.id} {known[0]}", texts, [known[0]] * len(texts))


def evidence_section(study: Study, vectors: Vectors, pairs: Sequence[Contrast]) -> list[dict[str, Any]]:
    """Show, for every contrast that has a number, the sentences of both sides that carry it."""
    text = study.config.data.text
    parts = study.segments(text)
    rows = vectors.adjusted(text, [s.text for s in parts], [s.language for s in parts])
    groups, events = dict(zip(study.ids, study.blocs, strict=True)), dict(zip(study.ids, study.events, strict=True))
    out = []
    for pair in pairs:
        if pair.refusal is not None:
            continue
        shared = shared_events(
            study.blocs, study.events, pair.bloc_a, pair.bloc_b, study.config.contrasts.min_documents
        )
        found = marking_sentences(
            rows, [s.doc_id for s in parts], [s.index for s in parts], groups, events, shared,
            pair.bloc_a, pair.bloc_b, SENTENCES_OF_A_CONTRAST,
        )  # fmt: skip
        sides = [[{**asdict(s), **_source(s.doc_id, s.index, study)} for s in side] for side in found]
        out.append({"bloc_a": pair.bloc_a, "bloc_b": pair.bloc_b, "a": sides[0], "b": sides[1]})
    return out


def _shown(evidence: FrameEvidence, study: Study) -> dict[str, Any]:
    """Add to a piece of evidence what a reader follows it by."""
    return {**asdict(evidence), **_source(evidence.doc_id, evidence.sentence, study)}


def _source(doc_id: str, index: int, study: Study) -> dict[str, str]:
    """Return a sentence, its gloss, and where it comes from."""
    document = next(d for d in study.documents if d.doc_id == doc_id)
    text, language = text_of(document, study.config.data.text)
    own = sentences(text, language)
    others = {
        "text_ar": sentences(document.summary_ar or "", "ar"),
        "text_en": sentences(document.summary_en or "", "en"),
    }
    return {
        "language": language,
        "text": own[index],
        # texts whose sentences do not run parallel (`validate` says so) have no gloss
        **{name: found[index] if len(found) == len(own) else "" for name, found in others.items()},
        "outlet": study.corpus.outlets[document.outlet_id].name_en,
        "date": document.date,
        "url": document.url,
    }
