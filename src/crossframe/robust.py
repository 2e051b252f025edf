"""Robustness: placebo splits, one outlet left out at a time, and a grid of specifications."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

import numpy as np

from crossframe.config_sections import ContrastSection, RobustSection
from crossframe.contrast import contrast, matched_on
from crossframe.design import Design, in_own_basis
from crossframe.errors import InputError
from crossframe.permanova import MIN_RELABELLINGS, permanova, permanova_of
from crossframe.progress import track
from crossframe.threads import small_work
from crossframe.types import FloatArray

LEVEL = 0.05
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
    can be split, and splits with too few distinct relabellings for a test are passed over, as in a contrast.
    Returns None where nothing can be tested.
    """
    blocs = [b for b in sorted(set(groups)) if splittable(b, groups, events)]
    if not blocs:
        return None
    generator = np.random.default_rng(seed)
    rejected = done = 0
    for i in track(range(n_splits), "placebo splits"):
        bloc = blocs[i % len(blocs)]
        rows = rows_to_split(bloc, groups, events)
        labels = halves([units[r] for r in rows], generator)
        told = [events[r] for r in rows]
        try:
            design = Design(vectors[rows], labels, told)
            if design.relabellings_that_count() < MIN_RELABELLINGS:
                continue  # no p-value of .05 or less could come out: no test
            test = permanova_of(design, n_permutations, int(generator.integers(2**31)))
        except InputError:  # the halves share no event: nothing to test in this split
            continue
        done += 1
        rejected += test.p <= LEVEL
    if not done:
        return None
    low, high = wilson(rejected, done)
    return Placebo(done, rejected, rejected / done, low, high, n_permutations, seed)


def rows_to_split(bloc: str, groups: Sequence[str], events: Sequence[str]) -> list[int]:
    """Return the bloc's documents in events where it has two or more."""
    rows = [i for i, g in enumerate(groups) if g == bloc]
    told = Counter(events[i] for i in rows)
    return [i for i in rows if told[events[i]] >= 2]


def splittable(bloc: str, groups: Sequence[str], events: Sequence[str]) -> bool:
    """Say whether a bloc has enough documents to be split in two: see `placebo`."""
    rows = rows_to_split(bloc, groups, events)
    return len({events[i] for i in rows}) >= 2 and len(rows) - len({events[i] for i in rows}) >= 4


def halves(units: Sequence[str], generator: np.random.Generator) -> list[str]:
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
    units: Sequence[str],
    settings: ContrastSection,
) -> dict[str, Any]:
    """Repeat the omnibus test and the primary contrasts without each unit (outlet or event) in turn.

    Returns
    -------
    dict
        `rows`: unit, R² and p of the omnibus test, lowest R² first; `primary`: for each pair the lowest
        and the highest effect, without which unit they come, and how often p stays at .05 or below
        (uncorrected) among the runs in which the pair can still be tested.
    """
    rows: list[dict[str, float | str]] = []
    effects: dict[tuple[str, str], list[tuple[float, float, str]]] = {}
    for unit in track(sorted(set(units)), "leaving one out"):
        keep = [i for i, u in enumerate(units) if u != unit]
        part, g, e = vectors[keep], [groups[i] for i in keep], [events[i] for i in keep]
        try:
            test = permanova(part, g, e, settings.n_permutations, settings.seed)
        except InputError:  # without this unit no event holds two groups
            continue
        rows.append({"unit": unit, "r2": test.r2, "p": test.p})
        for a, b in settings.primary:
            row = contrast(part, g, e, a, b, settings)
            if row.effect is not None and row.p is not None:
                effects.setdefault((a, b), []).append((row.effect, row.p, unit))
    primary = [
        {
            "bloc_a": a,
            "bloc_b": b,
            "lowest": min(values)[0],
            "lowest_without": min(values)[2],
            "highest": max(values)[0],
            "highest_without": max(values)[2],
            "n": len(values),
            "share_p05": sum(p <= LEVEL for _e, p, _u in values) / len(values),
        }
        for (a, b), values in effects.items()
    ]
    return {"n": len(rows), "rows": sorted(rows, key=_lowest_first), "primary": primary}


def _lowest_first(row: dict[str, Any]) -> tuple[float, str]:
    """Order rows by R², equal ones (a unit that nobody is compared with) by name: rounding does not decide."""
    return round(row["r2"], 9), row["unit"]


@dataclass(frozen=True)
class Specification:
    """One way of going about it: what was chosen, the document vectors, and the language of their texts."""

    label: dict[str, str]
    vectors: FloatArray
    languages: list[str]


def specifications(
    choices: Sequence[Specification], groups: Sequence[str], events: Sequence[str], settings: ContrastSection
) -> dict[str, Any]:
    """Repeat the omnibus test and the primary contrasts under every specification.

    Parameters
    ----------
    choices
        The specifications; vectors of shape (n_documents, dimension).
    groups, events
        Of each document.
    settings
        The section `[contrasts]`, with as many permutations as each of these tests gets.

    Returns
    -------
    dict
        `rows`: a specification each with R², omega² and p of the omnibus test, and for each primary pair
        effect and p or None where it is not identifiable; `primary`: for each pair the share of
        identifiable specifications with a positive effect, and with p <= .05 (uncorrected: the share
        describes, it does not test; Simonsohn, Simmons & Nelson 2020).
    """
    rows: list[dict[str, Any]] = []
    for choice in track(list(choices), "specifications"):
        blocks = matched_on(events, choice.languages, settings)
        test = permanova(choice.vectors, groups, blocks, settings.n_permutations, settings.seed)
        pairs = [
            contrast(choice.vectors, groups, events, a, b, settings, choice.languages) for a, b in settings.primary
        ]
        rows.append(
            {
                **choice.label,
                "r2": test.r2,
                "omega2": test.omega2,
                "p": test.p,
                "primary": [{"effect": pair.effect, "p": pair.p} for pair in pairs],
            }
        )
    shares = []
    for i, (a, b) in enumerate(settings.primary):
        values = [row["primary"][i] for row in rows if row["primary"][i]["p"] is not None]
        if values:
            shares.append(
                {
                    "bloc_a": a,
                    "bloc_b": b,
                    "n_specifications": len(values),
                    "share_positive": sum(v["effect"] > 0 for v in values) / len(values),
                    "share_p05": sum(v["p"] <= LEVEL for v in values) / len(values),
                }
            )
    return {
        "n_specifications": len(rows),
        "share_p05": sum(row["p"] <= LEVEL for row in rows) / len(rows),
        "rows": rows,
        "primary": shares,
    }


def robustness(
    vectors: FloatArray,
    groups: Sequence[str],
    events: Sequence[str],
    outlets: Sequence[str],
    blocks: Sequence[str],
    choices: Sequence[Specification],
    robust: RobustSection,
    contrasts: ContrastSection,
) -> dict[str, Any]:
    """Return placebo splits, outlets and events left out one at a time, and the grid of specifications.

    Parameters
    ----------
    vectors, groups, events, outlets
        Shape (n_documents, dimension), and the bloc, event and outlet of each document.
    blocks
        What documents are matched on: see `crossframe.contrast.matched_on`.
    choices
        See `specifications`.
    robust, contrasts
        Sections of study.toml.
    """
    m, seed = robust.placebo_permutations, contrasts.seed
    quick = contrasts.model_copy(update={"n_permutations": m})
    single = [str(i) for i in range(len(groups))]
    with small_work(len(vectors)):
        own = in_own_basis(vectors)
        split = placebo(own, groups, blocks, single, robust.n_placebo, m, seed)
        by_outlet = placebo(own, groups, blocks, outlets, robust.n_placebo, m, seed)
        return {
            "placebo": None if split is None else asdict(split),
            "placebo_by_outlet": None if by_outlet is None else asdict(by_outlet),
            "leave_one_outlet_out": leave_one_out(own, groups, blocks, outlets, quick),
            "leave_one_event_out": leave_one_out(own, groups, blocks, events, quick),
            "specifications": specifications(choices, groups, events, quick),
            "n_permutations": m,
            "seed": seed,
        }
