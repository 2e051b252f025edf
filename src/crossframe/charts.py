"""Charts of the tests: distances, intervals, specifications, power. Nothing is computed here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crossframe.canvas import (
    FAINT,
    GRID,
    INK,
    MUTED,
    SMALL,
    TINY,
    WIDTH,
    Look,
    beside,
    finished,
    firm,
    fold,
    mirrored,
    new_figure,
    numbered,
    rows_of,
    style,
)
from crossframe.colours import HEAT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Rows = Sequence[Mapping[str, Any]]
STRONG = "#cc3311"  # what passes its test, on every chart without blocs' colours
_POWER_COLUMNS = 3
_HEADING = 0.33  # inches over a panel, for its name


def heat(axes: "Axes", cells: np.ndarray, texts: Mapping[tuple[int, int], str], strong: Sequence[tuple[int, int]],
         signed: bool = False, size: float = SMALL) -> None:  # fmt: skip
    """Draw a matrix as cells with numbers in them: there is no colour bar to look up.

    Parameters
    ----------
    cells
        Shape (n_rows, n_columns), NaN where nothing is drawn. Colours run from 0 (or less) to the largest, or,
        where `signed`, from minus to plus the largest.
    texts
        What is printed in a cell, (row, column) -> text.
    strong
        Cells that are framed.
    """
    from matplotlib.patches import Rectangle

    known = np.abs(cells[np.isfinite(cells)])
    top = float(known.max()) if known.size and known.max() > 0 else 1.0
    cmap = "PuOr_r" if signed else HEAT
    axes.imshow(np.ma.masked_invalid(cells), cmap=cmap, vmin=-top if signed else 0.0, vmax=top, aspect="auto")
    for (i, j), text in texts.items():
        colour = "white" if abs(cells[i, j]) > (0.6 if signed else 0.55) * top else INK
        axes.text(j, i, text, ha="center", va="center", fontsize=size, color=colour)
    for i, j in strong:
        axes.add_patch(Rectangle((j - 0.46, i - 0.46), 0.92, 0.92, fill=False, edgecolor=INK, linewidth=1.0))
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0)


def hatched(axes: "Axes", i: int, j: int) -> None:
    """Draw a cell that has no number."""
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor="#f4f4f4", hatch="////", edgecolor="#d5d5d5", linewidth=0)
    )


def column_names(axes: "Axes", look: Look, names: Sequence[str], size: float = 8) -> None:
    """Name the columns over a matrix, slanted so that they end at their column."""
    axes.xaxis.tick_top()
    turn = -38 if look.tongue.rtl else 38
    axes.set_xticks(range(len(names)), names, rotation=turn, ha=look.start, rotation_mode="anchor", fontsize=size)
    axes.tick_params(length=0)


def plot_distances(rows: Rows, blocs: Sequence[str], look: Look) -> "Figure":
    """Draw bloc-by-bloc distances, half of the matrix; a cell without a number is hatched, never zero.

    Parameters
    ----------
    rows
        One a pair of blocs: `bloc_a`, `bloc_b`, `effect` and `p_corrected`, None where it is not identifiable.
    blocs
        Ids in their order.
    look
        Language, title and note.
    """
    place = {b: i for i, b in enumerate(blocs)}
    n = len(blocs)
    cells, texts, strong = np.full((n, n), np.nan), {}, []
    with style():
        figure, axes = new_figure(WIDTH, min(7.2, 0.42 * n + 2.2))
        for row in rows:
            j, i = sorted((place[row["bloc_a"]], place[row["bloc_b"]]))
            if row["effect"] is None:
                hatched(axes, i, j)
                continue
            cells[i, j], texts[i, j] = row["effect"], look.tongue.number(row["effect"])
            if firm(row["p_corrected"]):
                strong.append((i, j))
        heat(axes, cells, texts, strong, size=8)
        names = [look.tongue.laid(look.tongue.bloc(b)) for b in blocs]
        rows_of(axes, names)
        axes.set_ylim(n - 0.5, 0.5)
        axes.set_xlim(-0.5, n - 1.5)
        column_names(axes, look, names[:-1])
        axes.set_xticks(range(n - 1))
        mirrored(axes, look)
        return finished(figure, look)


def plot_intervals(rows: Rows, look: Look) -> "Figure":
    """Draw each contrast's distance with its interval, and beside it the part common to all events.

    Parameters
    ----------
    rows
        One a pair, drawn from the top: `bloc_a`, `bloc_b`, `effect`, `low`, `high`, `common`, `p_corrected`,
        `family` (`primary` ones come first and have a line under them).
    look
        Language, title and note.
    """
    with style():
        figure, axes = new_figure(WIDTH, min(8.0, 0.25 * len(rows) + 1.9))
        for y, row in enumerate(rows):
            colour = STRONG if firm(row["p_corrected"]) else MUTED
            axes.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt")
            axes.scatter(row["effect"], y, s=26, color=colour, zorder=3)
            if row["common"] is not None:
                axes.scatter(row["common"], y, s=26, facecolors="white", edgecolors=colour, marker="D", zorder=4)
            beside(axes, look, y, look.tongue.p(row["p_corrected"]), color=colour)
        n_primary = sum(row["family"] == "primary" for row in rows)
        if 0 < n_primary < len(rows):
            axes.axhline(n_primary - 0.5, color=FAINT, linewidth=0.8)
        axes.axvline(0, color=INK, linewidth=0.8)
        rows_of(axes, [look.tongue.laid(look.tongue.pair(row)) for row in rows])
        axes.grid(axis="x", color=GRID, linewidth=0.6)
        numbered(axes, look, 2)
        axes.tick_params(axis="x", labelsize=8)
        axes.set_xlabel(look.tongue.laid(look.tongue.say("labels.distance")), fontsize=SMALL)
        mirrored(axes, look)
        beside(axes, look, -0.9, look.tongue.say("labels.p"), color=MUTED)
        return finished(figure, look)


def plot_specifications(rows: Rows, choices: Sequence[tuple[str, Sequence[str]]], look: Look) -> "Figure":
    """Draw a specification curve: a strip a pair with its distance under every specification, below what was chosen.

    Parameters
    ----------
    rows
        One a pair and specification: `bloc_a`, `bloc_b`, `specification` (a number from 0), `effect`, `p`; no row
        where the pair is not identifiable.
    choices
        Factors from the top: name, and what each specification chose.
    look
        Language, title and note.
    """
    pairs = list(dict.fromkeys((row["bloc_a"], row["bloc_b"]) for row in rows))
    options = [(f, value) for f, (_name, chosen) in enumerate(choices) for value in dict.fromkeys(chosen)]
    top = max(0.0, *(row["effect"] for row in rows)) or 1.0
    low = min(0.0, *(row["effect"] for row in rows))
    with style():
        figure, strips = new_figure(
            WIDTH, 0.52 * len(pairs) + 0.16 * len(options) + 1.5, len(pairs) + 1, 1, sharex=True,
            height_ratios=[0.52] * len(pairs) + [0.16 * len(options) + 0.1],
        )  # fmt: skip
        for strip, (a, b) in zip(strips, pairs, strict=False):
            for row in (r for r in rows if (r["bloc_a"], r["bloc_b"]) == (a, b)):
                x = row["specification"]
                colour = STRONG if firm(row["p"]) else MUTED
                strip.plot([x, x], [0, row["effect"]], color=colour, linewidth=1.0, zorder=2)
                strip.scatter(
                    x,
                    row["effect"],
                    s=18,
                    facecolors=colour if firm(row["p"]) else "white",
                    edgecolors=colour,
                    zorder=3,
                )
            strip.axhline(0, color=INK, linewidth=0.6)
            strip.set_ylim(1.25 * low - 0.08 * top, 1.15 * top)
            strip.set_yticks([0, top], [look.tongue.number(v) for v in (0, top)], fontsize=TINY)
            strip.tick_params(axis="x", length=0)
            strip.spines["bottom"].set_visible(False)
            name = fold(figure, look.tongue, look.tongue.pair({"bloc_a": a, "bloc_b": b}), 1.6, 8)
            strip.annotate(name, (look.across(1.02), 0.5), xycoords="axes fraction", va="center", ha=look.start,
                           fontsize=8, multialignment=look.start)  # fmt: skip
        _chosen(strips[-1], choices, options, look)
        for strip in strips:
            if look.tongue.rtl:
                strip.yaxis.tick_right()
                strip.spines["right"].set_visible(strip is not strips[-1])
                strip.spines["left"].set_visible(False)
            strip.tick_params(axis="y", length=0)
        if look.tongue.rtl:
            strips[0].invert_xaxis()
        return finished(figure, look)


def _chosen(panel: "Axes", choices: Sequence[tuple[str, Sequence[str]]], options: Sequence[tuple[int, str]],
            look: Look) -> None:  # fmt: skip
    """Mark under each specification what it chose; factors are set apart by a line."""
    for y, (factor, value) in enumerate(options):
        found = [j for j, v in enumerate(choices[factor][1]) if v == value]
        panel.scatter(found, [y] * len(found), s=10, color=INK, marker="s")
        if y and options[y - 1][0] != factor:
            panel.axhline(y - 0.5, color=GRID, linewidth=0.8)
    rows_of(panel, [look.tongue.laid(f"{choices[f][0]}: {value}") for f, value in options], SMALL)
    panel.set_xticks([])
    for side in panel.spines.values():
        side.set_visible(False)


def plot_power(rows: Rows, found: Mapping[tuple[str, str], float | None], look: Look) -> "Figure":
    """Draw how often a planted distance is found, a panel a pair.

    Parameters
    ----------
    rows
        One a pair and size: `bloc_a`, `bloc_b`, `size`, `rate`, `low`, `high`.
    found
        Pair -> the size that is found in four of five corpora, None where none of those tried is.
    look
        Language, title and note.
    """
    columns = min(_POWER_COLUMNS, len(found))
    n_rows = -(-len(found) // columns)
    with style():
        figure, grid = new_figure(
            WIDTH, n_rows * (1.35 + _HEADING) + 1.2, n_rows, columns, squeeze=False, sharex=True, sharey=True
        )
        for place, (pair, size) in enumerate(found.items()):
            panel = grid[place // columns][:: -1 if look.tongue.rtl else 1][place % columns]
            mine = [row for row in rows if (row["bloc_a"], row["bloc_b"]) == pair]
            sizes = [row["size"] for row in mine]
            panel.fill_between(sizes, [r["low"] for r in mine], [r["high"] for r in mine], color=FAINT, alpha=0.5, lw=0)
            panel.plot(sizes, [r["rate"] for r in mine], color=INK, marker="o", markersize=3, linewidth=1.3)
            for level in (0.05, 0.8):
                panel.axhline(level, color=MUTED, linewidth=0.7, linestyle=":")
            if size is not None:
                _detected(panel, size, look)
            name = look.tongue.pair(dict(zip(("bloc_a", "bloc_b"), pair, strict=True)))
            panel.set_title(fold(figure, look.tongue, name, WIDTH / columns - 0.3, 8), fontsize=8, loc=look.start)
            _percent(panel, look, place % columns == 0, place + columns >= len(found))
        for place in range(len(found), grid.size):
            grid[place // columns][:: -1 if look.tongue.rtl else 1][place % columns].set_axis_off()
        if look.tongue.rtl:
            grid[0][0].invert_xaxis()
        return finished(figure, look)


def _detected(panel: "Axes", size: float, look: Look) -> None:
    """Mark the distance at which four of five are found, and print it."""
    panel.plot([size, size], [0, 0.8], color=STRONG, linewidth=1.0)
    panel.scatter(size, 0.8, s=16, color=STRONG, zorder=4)
    shift = -5 if look.tongue.rtl else 5
    panel.annotate(look.tongue.number(size), (size, 0.3), (shift, 0), textcoords="offset points", ha=look.start,
                   va="center", color=STRONG, fontsize=8)  # fmt: skip


def _percent(panel: "Axes", look: Look, first: bool, lowest: bool) -> None:
    """Dress the axes of a panel of shares: names and numbers at the first column and the lowest row."""
    panel.set_ylim(-0.02, 1.06)
    panel.set_yticks([0.05, 0.5, 0.8, 1.0], [look.tongue.percent(v) for v in (0.05, 0.5, 0.8, 1.0)])
    numbered(panel, look, 2)
    panel.tick_params(labelsize=SMALL, length=2, labelbottom=lowest)
    if look.tongue.rtl:
        panel.yaxis.tick_right()
        panel.spines["left"].set_visible(False)
        panel.spines["right"].set_visible(True)
    panel.tick_params(axis="y", labelleft=first and not look.tongue.rtl, labelright=first and look.tongue.rtl)
    if lowest:
        panel.set_xlabel(look.tongue.laid(look.tongue.say("labels.planted")), fontsize=SMALL)
