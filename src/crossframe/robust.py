"""Robustness: placebo splits, one outlet left out at a time, and a grid of specifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from crossframe.contrast import contrast, permanova
from crossframe.errors import InputError
from crossframe.progress import track
from crossframe.types import FloatArray

_LEVEL = 0.05
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Placebo:
    """How often splitting one bloc in two at random is called a difference at .05."""

    n_splits: int
    n_rejected: int
    rate: float
    low: float
    high: float
    n_permutations: int
    seed: int


def placebo(
    vectors: FloatArray,
    groups: Sequence[str],
    events: Sequence[str],
    units: Sequence[str],
    n_splits: int,
    n_permutations: int,
    seed: int,
) -> Placebo | None:
    """Split one bloc at random in two and test the halves; repeat over blocs in turn.

    Whole units go to one half or the other. With documents as units the halves are exchangeable, so the
    rate checks that the test is carried out as it should be: about one split in twenty is rejected. With
    outlets as units the rate shows how much outlets of one bloc differ among themselves: the test permutes
    documents, and where outlets have a voice of their own it rejects more often than that.

    Only blocs with two or more documents in at least two events, and four or more beyond one an event,
    can be split. Returns None where there is none.
    """
    blocs = [b for b in sorted(set(groups)) if _splittable(b, groups, events)]
    if not blocs:
        return None
    generator = np.random.default_rng(seed)
    rejected = done = 0
    for i in track(range(n_splits), "placebo splits"):
        bloc = blocs[i % len(blocs)]
        rows = _rows_to_split(bloc, groups, events)
        halves = _halves([units[r] for r in rows], generator)
        try:
            test = permanova(
                vectors[rows], halves, [events[r] for r in rows], n_permutations, int(generator.integers(2**31))
            )
        except InputError:  # the halves share no event: nothing to test in this split
            continue
        done += 1
        rejected += test.p <= _LEVEL
    if not done:
        return None
    low, high = wilson(rejected, done)
    return Placebo(done, rejected, rejected / done, low, high, n_permutations, seed)


def _rows_to_split(bloc: str, groups: Sequence[str], events: Sequence[str]) -> list[int]:
    rows = [i for i, g in enumerate(groups) if g == bloc]
    many = {e for e in {events[i] for i in rows} if sum(events[i] == e for i in rows) >= 2}
    return [i for i in rows if events[i] in many]


def _splittable(bloc: str, groups: Sequence[str], events: Sequence[str]) -> bool:
    rows = _rows_to_split(bloc, groups, events)
    return len({events[i] for i in rows}) >= 2 and len(rows) - len({events[i] for i in rows}) >= 4


def _halves(units: Sequence[str], generator: np.random.Generator) -> list[str]:
    """Label the units A and B in halves, the odd one by chance; each document has its unit's label."""
    names = sorted(set(units))
    start = int(generator.integers(2))
    label = {names[j]: "AB"[(position + start) % 2] for position, j in enumerate(generator.permutation(len(names)))}
    return [label[u] for u in units]


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    p = successes / n
    centre = (p + _Z95**2 / (2 * n)) / (1 + _Z95**2 / n)
    half = _Z95 / (1 + _Z95**2 / n) * sqrt(p * (1 - p) / n + _Z95**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def leave_one_out(
    vectors: FloatArray,
    groups: Sequence[str],
    events: Sequence[str],
    outlets: Sequence[str],
    n_permutations: int,
    seed: int,
) -> list[dict[str, float | str]]:
    """Repeat the omnibus test without each outlet in turn; return outlet, R² and p, lowest R² first."""
    rows: list[dict[str, float | str]] = []
    for outlet in track(sorted(set(outlets)), "leaving outlets out"):
        keep = [i for i, o in enumerate(outlets) if o != outlet]
        try:
            test = permanova(vectors[keep], [groups[i] for i in keep], [events[i] for i in keep], n_permutations, seed)
        except InputError:
            continue
        rows.append({"outlet": outlet, "r2": test.r2, "p": test.p})
    return sorted(rows, key=lambda r: (float(r["r2"]), str(r["outlet"])))


def specifications(
    spaces: Sequence[tuple[dict[str, str], FloatArray]],
    groups: Sequence[str],
    events: Sequence[str],
    primary: Sequence[tuple[str, str]],
    min_documents: int,
    min_events: int,
    n_permutations: int,
    seed: int,
) -> dict[str, Any]:
    """Repeat the omnibus test and the primary contrasts under every specification.

    Parameters
    ----------
    spaces
        (what was chosen, document vectors of shape (n, dimension)) for each specification.

    Returns
    -------
    dict
        `rows`: a specification each with R², omega² and p of the omnibus test; `primary`: for each
        identifiable pair the share of specifications with a positive effect, and with p <= .05
        (uncorrected: the share describes, it does not test; Simonsohn, Simmons & Nelson 2020).
    """
    rows: list[dict[str, Any]] = []
    effects: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for label, vectors in track(list(spaces), "specifications"):
        test = permanova(vectors, groups, events, n_permutations, seed)
        rows.append({**label, "r2": test.r2, "omega2": test.omega2, "p": test.p})
        for a, b in primary:
            row = contrast(vectors, groups, events, a, b, min_documents, min_events, n_permutations, seed)
            if row.effect is not None and row.p is not None:
                effects.setdefault((a, b), []).append((row.effect, row.p))
    shares = [
        {
            "bloc_a": a,
            "bloc_b": b,
            "n_specifications": len(values),
            "share_positive": sum(e > 0 for e, _p in values) / len(values),
            "share_p05": sum(p <= 0.05 for _e, p in values) / len(values),
        }
        for (a, b), values in effects.items()
    ]
    return {"n_specifications": len(rows), "rows": rows, "primary": shares}
