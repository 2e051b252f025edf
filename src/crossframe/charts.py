"""Charts of the tests: intervals, specifications, power. Nothing is computed here."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from crossframe.canvas import FAINT, GRID, INK, new_figure, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FIRM, _LOOSE = "#cc3311", "#555555"
_LINES = ["#332288", "#cc3311", "#117733", "#0077bb", "#aa4499", "#999933", "#882255", "#44aa99"]  # Paul Tol


def plot_intervals(rows: Sequence[dict[str, Any]], title: str, note: str) -> "Figure":
    """Draw each contrast's distance with its interval, and beside it the part common to all events.

    Parameters
    ----------
    rows
        `label`, `effect`, `low`, `high`, `common`, `firm` (whether the corrected p is at most .05), `text`
        (what is printed at the right), `primary`; drawn from the top.
    """
    with style():
        figure, axes = new_figure(7.4, 0.27 * len(rows) + 1.5)
        for y, row in enumerate(rows):
            colour = _FIRM if row["firm"] else _LOOSE
            axes.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt")
            axes.scatter(row["effect"], y, s=26, color=colour, zorder=3)
            if row["common"] is not None:
                axes.scatter(row["common"], y, s=26, facecolors="white", edgecolors=colour, marker="D", zorder=4)
            axes.annotate(
                row["text"], (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=7.5, color=INK
            )
        n_primary = sum(bool(row["primary"]) for row in rows)
        if 0 < n_primary < len(rows):
            axes.axhline(n_primary - 0.5, color=FAINT, linewidth=0.8)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(rows)), [row["label"] for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_title(title)
        axes.set_xlabel(note, fontsize=7.5, loc="left")
        return figure


def plot_specifications(
    effects: np.ndarray, firm: np.ndarray, pairs: Sequence[str], choices: Sequence[Sequence[str]],
    factors: Sequence[str], title: str, note: str,
) -> "Figure":  # fmt: skip
    """Draw a specification curve: effects above, what was chosen below.

    Parameters
    ----------
    effects, firm
        Shape (n_pairs, n_specifications): the distance, NaN where not identifiable, and whether its p is at
        most .05.
    pairs
        Names of the pairs.
    choices
        One list a factor: what each specification chose.
    factors
        Names of the factors.
    """
    options = [(i, value) for i, chosen in enumerate(choices) for value in dict.fromkeys(chosen)]
    with style():
        figure, (top, bottom) = new_figure(
            7.4, 3.4 + 0.17 * len(options), 2, 1, sharex=True,
            gridspec_kw={"height_ratios": [3.0, 0.17 * len(options) + 0.2]},
        )  # fmt: skip
        x = np.arange(effects.shape[1])
        for i in range(len(pairs)):
            colour = _LINES[i % len(_LINES)]
            top.plot(x, effects[i], color=colour, linewidth=0.8, alpha=0.6)
            for chosen, face in ((firm[i], colour), (~firm[i], "white")):
                top.scatter(x[chosen], effects[i][chosen], s=20, facecolors=face, edgecolors=colour, zorder=3)
        last = [float(row[np.isfinite(row)][-1]) for row in effects]
        span = float(np.nanmax(effects) - min(0.0, float(np.nanmin(effects))))
        for i, (name, y) in enumerate(zip(pairs, _apart(last, 0.055 * span), strict=True)):
            top.annotate(
                name, (x[-1] + 0.6, y), va="center", fontsize=7.5, color=_LINES[i % len(_LINES)], annotation_clip=False
            )
        top.axhline(0, color=INK, linewidth=0.8)
        top.set_ylabel("squared distance")
        top.grid(axis="y", color=GRID, linewidth=0.6)
        for y, (factor, value) in enumerate(options):
            chosen = [j for j, v in enumerate(choices[factor]) if v == value]
            bottom.scatter(chosen, [y] * len(chosen), s=12, color=INK, marker="s")
        bottom.set_yticks(range(len(options)), [f"{factors[f]}: {value}" for f, value in options], fontsize=7.5)
        bottom.set_ylim(len(options) - 0.4, -0.6)
        bottom.tick_params(length=0)
        bottom.set_xticks([])
        bottom.spines["bottom"].set_visible(False)
        top.set_title(title)
        bottom.set_xlabel(note, fontsize=7.5, loc="left")
        return figure


def plot_power(curves: Sequence[dict[str, Any]], labels: Sequence[str], title: str, note: str) -> "Figure":
    """Draw how often a planted distance is found, a line a pair.

    Parameters
    ----------
    curves
        Each with `points` ({"size", "rate", "low", "high"}).
    labels
        One a curve, drawn at its end.
    """
    with style():
        figure, axes = new_figure(6.8, 3.6)
        ends: list[tuple[float, str, str]] = []
        for i, (curve, label) in enumerate(zip(curves, labels, strict=True)):
            colour = _LINES[i % len(_LINES)]
            size = [p["size"] for p in curve["points"]]
            rate = [p["rate"] for p in curve["points"]]
            axes.fill_between(
                size, [p["low"] for p in curve["points"]], [p["high"] for p in curve["points"]],
                color=colour, alpha=0.12, linewidth=0,
            )  # fmt: skip
            axes.plot(size, rate, color=colour, marker="o", markersize=3.5, linewidth=1.4, label=label)
            ends.append((rate[-1], label, colour))
        axes.axhline(0.05, color=FAINT, linewidth=0.9, linestyle="--")
        axes.axhline(0.8, color=FAINT, linewidth=0.9, linestyle="--")
        axes.set_ylim(-0.02, 1.04)
        axes.set_xlabel("planted squared distance\n" + note, fontsize=7.5, loc="left")
        axes.set_ylabel("share found at .05")
        axes.legend(frameon=False, fontsize=7.5, loc="lower right")
        axes.set_title(title)
        return figure


def _apart(heights: Sequence[float], gap: float) -> list[float]:
    """Move labels up as little as keeps each `gap` above the one below it."""
    out = list(heights)
    order = sorted(range(len(out)), key=lambda i: out[i])
    for below, above in pairwise(order):
        out[above] = max(out[above], out[below] + gap)
    return out
