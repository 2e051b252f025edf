"""Power: how often a planted difference of known size is found, for the documents that a pair has."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from crossframe.config_sections import ContrastSection, RobustSection
from crossframe.contrast import Pair
from crossframe.design import Design, in_own_basis
from crossframe.distance import Residuals
from crossframe.permanova import permanova_of
from crossframe.progress import track
from crossframe.robust import LEVEL, wilson
from crossframe.threads import small_work
from crossframe.twosample import event_rows
from crossframe.types import FloatArray


def power_curves(
    vectors: FloatArray,
    groups: Sequence[str],
    events: Sequence[str],
    contrasts: ContrastSection,
    robust: RobustSection,
) -> list[dict[str, Any]]:
    """Plant differences of known size in corpora shaped like each primary pair, and count how many are found.

    A corpus has as many documents of either bloc in each shared event as the pair has. They are residuals
    of the study with random signs (`crossframe.distance.Residuals.draw`), so without a planted shift the
    blocs do not differ and the rate is that of false alarms. The shift goes along the line of another
    residual, drawn anew each time, so that it lies where documents do differ.

    Parameters
    ----------
    vectors, groups, events
        See `crossframe.permanova.permanova`.
    contrasts, robust
        Sections of study.toml: the pairs; sizes (squared distances between the blocs' centroids, the unit
        of the contrasts' effects), corpora for each size, permutations of each test.

    Returns
    -------
    list of dict
        A pair each with `points` ({"size", "rate", "low", "high"}, 95 % Wilson intervals) and
        `detectable`: the smallest size, interpolated, that is found in 80 % of corpora; None where none is.
    """
    with small_work(len(vectors)):
        return _curves(in_own_basis(vectors), groups, events, contrasts, robust)


def _curves(
    vectors: FloatArray, groups: Sequence[str], events: Sequence[str], contrasts: ContrastSection, robust: RobustSection
) -> list[dict[str, Any]]:
    residuals = Residuals(vectors, groups, events, contrasts.seed)
    generator = np.random.default_rng(contrasts.seed)
    curves = []
    for a, b in track(contrasts.primary, "power"):
        pair = Pair.of(vectors, groups, events, a, b, contrasts.min_documents)
        if len(pair.shared) < contrasts.min_events or len(residuals.cell) < 2:
            continue
        design, m = Design(pair.vectors, pair.groups, pair.events), robust.placebo_permutations
        points = []
        for size in robust.power_sizes:
            found = sum(_found(pair, design, a, size, residuals, m, generator) for _ in range(robust.n_power))
            low, high = wilson(found, robust.n_power)
            points.append({"size": size, "rate": found / robust.n_power, "low": low, "high": high})
        curves.append(
            {"bloc_a": a, "bloc_b": b, "n": robust.n_power, "points": points, "detectable": _detectable(points)}
        )
    return curves


def _found(
    pair: Pair,
    design: Design,
    a: str,
    size: float,
    residuals: Residuals,
    n_permutations: int,
    generator: np.random.Generator,
) -> bool:
    """Make one corpus of the pair's design, plant the shift, and say whether the test finds it at .05."""
    pool = residuals.rows
    drawn = np.empty((len(pair.groups), pool.shape[1]))
    for rows in event_rows(pair.events):
        which, signs = residuals.draw(len(rows), 1, generator)
        drawn[rows] = pool[which[0]] * signs[0][:, None]
    line = pool[int(generator.integers(len(pool)))]
    length = float(np.linalg.norm(line))
    shift = line * (np.sqrt(size) / length) if length > 0 else line
    drawn[np.asarray(pair.groups) == a] += shift
    test = permanova_of(design.with_vectors(drawn), n_permutations, int(generator.integers(2**31)))
    return test.p <= LEVEL


def _detectable(points: Sequence[dict[str, float]], wanted: float = 0.8) -> float | None:
    """Return the size at which the rate first reaches `wanted`, between two points on a straight line."""
    for before, after in pairwise(points):
        if before["rate"] < wanted <= after["rate"]:
            share = (wanted - before["rate"]) / (after["rate"] - before["rate"])
            return before["size"] + share * (after["size"] - before["size"])
    return None
