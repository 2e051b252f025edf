"""The chart of bipolar axes. Nothing is computed here."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crossframe.canvas import GRID, INK, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 2
_LABEL = 26  # characters in a line of a pole's label: two labels share the width of a panel
_FIRM = 0.05


def plot_axes(
    rows: Sequence[Mapping[str, Any]],
    axes: Sequence[Mapping[str, str]],
    blocs: Mapping[str, str],
    colours: Mapping[str, str],
    title: str,
    note: str,
) -> "Figure":
    """Draw each bloc's bias on each axis with its interval, a panel an axis, pole b at the left, a at the right.

    Parameters
    ----------
    rows
        As `axes_section` returns them: `axis`, `bloc`, `bias`, `low`, `high`, `p_corrected`; filled where the
        latter is at most .05.
    axes
        `id` and the labels of the poles, `a` and `b`; one panel each.
    blocs
        Bloc id -> name, drawn from the top in this order where it has a row.
    colours
        Bloc id -> colour.
    """
    told = {row["bloc"] for row in rows}
    places = {bloc: y for y, bloc in enumerate(b for b in blocs if b in told)}
    n_rows = -(-len(axes) // _COLUMNS)
    with style():
        figure, grid = new_figure(
            8.4, n_rows * (0.19 * len(places) + 0.85) + 0.8, n_rows, _COLUMNS, squeeze=False, sharex=True, sharey=True
        )
        for panel, axis in zip(grid.flat, axes, strict=False):
            for row in rows:
                if row["axis"] == axis["id"] and row["bloc"] in places:
                    _dot(panel, row, places[row["bloc"]], colours[row["bloc"]])
            panel.axvline(0, color=INK, linewidth=0.8, zorder=1)
            panel.set_yticks(range(len(places)), [blocs[b] for b in places], fontsize=8)
            panel.set_ylim(len(places) - 0.4, -0.6)
            panel.tick_params(axis="y", length=0)
            panel.tick_params(axis="x", labelbottom=True, labelsize=8)
            panel.grid(axis="both", color=GRID, linewidth=0.6)
            panel.set_axisbelow(True)
            panel.spines["left"].set_visible(False)
            panel.set_title(_wrapped(axis["b"]), loc="left", fontsize=8)
            panel.set_title(_wrapped(axis["a"]), loc="right", fontsize=8, ha="right", multialignment="right")
            for end, marker in ((0, "<"), (1, ">")):  # the fonts have no arrows
                panel.plot(end, 1, marker, color=INK, markersize=4, transform=panel.transAxes, clip_on=False)
        for panel in list(grid.flat)[len(axes) :]:
            panel.set_axis_off()
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        figure.supxlabel(note, fontsize=7.5, x=0.01, ha="left")
        return figure


def _dot(panel: "Axes", row: Mapping[str, Any], y: int, colour: str) -> None:
    """Draw one bloc: its interval, where it has one, and its bias."""
    if row["low"] is not None:
        panel.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.5, solid_capstyle="butt", zorder=2)
    face = colour if row["p_corrected"] <= _FIRM else "white"
    panel.scatter(row["bias"], y, s=28, facecolors=face, edgecolors=colour, linewidths=1.3, zorder=3)


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, _LABEL)) or text
