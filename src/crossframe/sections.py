"""The sections of results.json: each turns a stage's outcome into plain numbers and names."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from crossframe import __version__, arabic
from crossframe.config_sections import TermSection
from crossframe.contrast import shared_events
from crossframe.corpus import text_of, text_slot
from crossframe.evidence import marking_sentences
from crossframe.keyness import Pairs, marking_terms
from crossframe.large import SQUARE, sampled_rows
from crossframe.maps import MapSpread
from crossframe.space import retrieval_accuracy, variance_share
from crossframe.study import Study, Vectors, pick
from crossframe.text import sentences
from crossframe.types import Clusters, Contrast, Display, Space

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
            for name, matrix in (
                ("raw", space.raw),
                ("language_free", space.language_free),
                ("framing", space.framing),
            )
        },
    }


def _retrieval(a: Space | None, b: Space | None, rows: list[int]) -> dict[str, Any] | None:
    """Return how often documents of one text find their own other text; None where nobody has one.

    Of more than 5,000 documents a random 5,000 look for theirs among all.
    """
    if a is None or b is None or not rows:
        return None
    asked = sampled_rows(len(rows), SQUARE, 0)
    return {
        "before": retrieval_accuracy(a.raw[rows], b.raw[rows], asked),
        "after": retrieval_accuracy(a.language_free[rows], b.language_free[rows], asked),
        "n": len(rows),
        "n_asked": len(asked),
    }


def map_section(study: Study, what: tuple[Display, MapSpread], how: tuple[Display, MapSpread]) -> dict[str, Any]:
    """Say how far each map is to be trusted, and which events and blocs are on the second."""
    rows = study.matched
    members: dict[str, list[str]] = {}
    for event, bloc in zip(pick(study.events, rows), pick(study.blocs, rows), strict=True):
        members.setdefault(event, []).append(bloc)
    out: dict[str, dict[str, Any]] = {
        name: {
            "trustworthiness": shown.trustworthiness,
            "n_neighbors": shown.n_neighbors,
            "n_documents": len(shown.xy),
            "fitted_on": shown.fitted_on,
            **asdict(spread),
        }
        for name, (shown, spread) in (("what", what), ("how", how))
    }
    out["how"]["n_blocs"] = len(set(pick(study.blocs, rows)))
    out["how"]["events"] = [
        {"event_id": e, "n": len(members[e]), "n_blocs": len(set(members[e]))}
        for e in study.corpus.events
        if e in members
    ]
    return out


def cluster_section(study: Study, clusters: Clusters, follow: dict[str, float]) -> dict[str, Any]:
    """Say how the clusters fall out over blocs, and how far they merely follow events, blocs or languages."""
    labels = clusters.labels.tolist()
    rows = study.matched
    matched_blocs = pick(study.blocs, rows)
    cells = Counter(zip(matched_blocs, labels, strict=True))
    return {
        "k": clusters.k,
        "n_documents": len(rows),
        "fitted_on": clusters.fitted_on,
        "silhouette": clusters.silhouette,
        "best_silhouette": clusters.silhouette[clusters.k],
        "sizes": [labels.count(j) for j in range(clusters.k)],
        "by_bloc": {b.id: [cells[b.id, j] for j in range(clusters.k)] for b in study.config.blocs},
        "adjusted_mutual_information": follow,
    }


def term_section(
    summaries: list[str],
    blocs: list[str],
    events: list[str],
    tokens: Callable[[str], Pairs],
    settings: TermSection,
) -> dict[str, list[dict[str, Any]]]:
    """Mark each bloc's Arabic summaries; `tokens` gives the terms of one, outlets' names left out."""
    found = marking_terms(
        summaries,
        blocs,
        events,
        tokens,
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
        sides = [[{**asdict(s), **source(s.doc_id, s.index, study)} for s in side] for side in found]
        out.append({"bloc_a": pair.bloc_a, "bloc_b": pair.bloc_b, "a": sides[0], "b": sides[1]})
    return out


def source(doc_id: str, index: int, study: Study) -> dict[str, str]:
    """Return a sentence, its gloss, and where it comes from."""
    document = study.by_id[doc_id]
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
        "outlet_ar": study.corpus.outlets[document.outlet_id].name_ar,
        "date": document.date,
        "url": document.url,
    }
