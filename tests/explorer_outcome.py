"""Outcomes as the explorer needs them, without the stages that it does not show."""

import csv
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

from conftest import ROOT
from crossframe import arabic
from crossframe.config import load_config
from crossframe.contrast import contrasts
from crossframe.encoders import Encoder, load_encoder
from crossframe.frame_section import coding, framed
from crossframe.keyness import Pairs
from crossframe.pipeline import Outcome
from crossframe.projection import projected
from crossframe.sections import corpus_section
from crossframe.space import centred_on_events
from crossframe.study import Study, Vectors, pick
from crossframe.types import Clusters, Display

REPORTS = ROOT / "reports"


@cache
def shipped_outcome() -> Outcome:
    """The shipped study: vectors made anew; numbers, maps and clusters as committed."""
    study = Study.load(load_config(ROOT))
    config = study.config
    results = json.loads((REPORTS / "results.json").read_text(encoding="utf-8"))
    vectors = Vectors(study, [load_encoder(name) for name in config.encoder.models])
    space = vectors.space(config.data.text)
    with (REPORTS / "tables" / "map.csv").open(encoding="utf-8", newline="") as handle:
        rows = {row["doc_id"]: row for row in csv.DictReader(handle)}
    places = [rows[i] for i in study.ids]
    told = [rows[study.ids[i]] for i in study.matched]
    what = np.array([[float(r["what_x"]), float(r["what_y"])] for r in places])
    how = np.array([[float(r["how_x"]), float(r["how_y"])] for r in told])
    shown = ("trustworthiness", "n_neighbors", "fitted_on")
    maps = [
        Display(xy, **{key: results["map"][name][key] for key in shown}) for name, xy in (("what", what), ("how", how))
    ]
    clusters = Clusters(np.array([int(r["cluster"][1:]) - 1 for r in told]), results["clusters"]["k"], {})
    fewer, frames = projected(study, vectors, space), framed(study, vectors, coding(study))
    return Outcome(study, results, {}, space, maps[0], maps[1], clusters, frames, fewer, words_of(study))


def words_of(study: Study) -> list[Pairs]:
    """The terms of every summary, as the pipeline finds them."""
    return [arabic.terms_beside(text, tuple(study.outlet_names)) for text in study.summaries]


def quick_outcome(root: Path, encoder: Encoder) -> Outcome:
    """Any study: contrasts as in the pipeline; places on the maps are two coordinates, and all is one cluster."""
    study = Study.load(load_config(root))
    config = study.config
    vectors = Vectors(study, [encoder])
    space = vectors.space(config.data.text)
    rows = study.compared
    blocs, events = pick(study.blocs, rows), pick(study.events, rows)
    languages = pick(study.text_languages(config.data.text), rows)
    settings = config.contrasts.model_copy(update={"n_permutations": 99, "n_bootstrap": 99})
    framing = centred_on_events(space.language_free[rows], events)
    pairs = contrasts(framing, blocs, events, config.compared_blocs, settings, languages)
    results = {"corpus": corpus_section(study), "contrasts": [asdict(pair) for pair in pairs]}
    what, how = (Display(xy[:, :2], 0.9, 5, len(xy)) for xy in (space.language_free, space.framing[study.matched]))
    clusters = Clusters(np.zeros(len(study.matched), dtype=int), 1, {})
    fewer = projected(study, vectors, space)
    return Outcome(
        study, results, {}, space, what, how, clusters, framed(study, vectors, coding(study)), fewer, words_of(study)
    )
