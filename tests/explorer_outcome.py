"""The outcome of the shipped study as the explorer needs it: vectors made anew, numbers as committed."""

import csv
import json
from functools import cache

import numpy as np

from conftest import ROOT
from crossframe.config import load_config
from crossframe.encoders import load_encoder
from crossframe.frame_section import framed
from crossframe.pipeline import Outcome
from crossframe.projection import projected
from crossframe.study import Study, Vectors
from crossframe.types import Clusters, Display

REPORTS = ROOT / "reports"


@cache
def shipped_outcome() -> Outcome:
    """Maps and clusters are those of the committed tables: the page only shows them."""
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
    maps = [Display(xy, **results["map"][name]) for name, xy in (("what", what), ("how", how))]
    clusters = Clusters(np.array([int(r["cluster"][1:]) - 1 for r in told]), results["clusters"]["k"], {})
    return Outcome(
        study, results, {}, space, maps[0], maps[1], clusters, framed(study, vectors), projected(study, vectors, space)
    )
