"""The chart of bipolar axes. Nothing is computed here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crossframe.canvas import (
    GRID,
    INK,
    SMALL,
    TINY,
    WIDTH,
    Look,
    finished,
    firm,
    fold,
    new_figure,
    numbered,
    rows_of,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 3


def plot_axes(
    rows: Sequence[Mapping[str, Any]], poles: Mapping[str, tuple[str, str]], blocs: Sequence[str], look: Look
) -> "Figure":
    """Draw each bloc's bias on each axis with its interval, a panel an axis, the poles named at its two ends.

    Parameters
    ----------
    rows
        One an axis and bloc: `axis`, `bloc`, `bias`, `low`, `high`, `p_corrected`; filled where the latter is at
        most .05.
    poles
        Axis id -> names of the poles a (positive) and b; one panel each.
    blocs
        Ids, from the top.
    look
        Language, title and note.
    """
    places = {bloc: y for y, bloc in enumerate(blocs)}
    columns = min(_COLUMNS, len(poles))
    n_rows = -(-len(poles) // columns)
    with style():
        figure, grid = new_figure(
            WIDTH, n_rows * (0.19 * len(places) + 0.85) + 1.2, n_rows, columns, squeeze=False, sharex=True, sharey=True
        )
        for place, (axis, (a, b)) in enumerate(poles.items()):
            panel = grid[place // columns][:: -1 if look.tongue.rtl else 1][place % columns]
            for row in rows:
                if row["axis"] == axis:
                    _dot(panel, row, places[row["bloc"]], look)
            panel.axvline(0, color=INK, linewidth=0.8, zorder=1)
            rows_of(panel, [look.tongue.laid(look.tongue.bloc(b)) for b in blocs])
            _dress(panel, look, place % columns == 0)
            _name_poles(panel, a, b, look, (WIDTH - 1.5) / columns / 2 - 0.12)
        for place in range(len(poles), grid.size):
            grid[place // columns][:: -1 if look.tongue.rtl else 1][place % columns].set_axis_off()
        if look.tongue.rtl:
            grid[0][0].invert_xaxis()
        return finished(figure, look)


def _dress(panel: "Axes", look: Look, first: bool) -> None:
    numbered(panel, look, 0)
    panel.locator_params(axis="x", integer=True)
    panel.tick_params(axis="x", labelbottom=True, labelsize=SMALL, length=0)
    panel.grid(axis="both", color=GRID, linewidth=0.6)
    panel.set_axisbelow(True)
    for side in panel.spines.values():
        side.set_visible(False)
    if look.tongue.rtl:
        panel.yaxis.tick_right()
    panel.tick_params(axis="y", length=0, labelleft=first and not look.tongue.rtl, labelright=first and look.tongue.rtl)


def _name_poles(panel: "Axes", a: str, b: str, look: Look, inches: float) -> None:
    """Name pole b at the end where lines begin and pole a at the other, as the bias runs."""
    figure = panel.figure
    for name, side, end, marker in ((b, look.start, 0.0, "<>"), (a, look.end, 1.0, "><")):
        text = fold(figure, look.tongue, name, inches, TINY)  # type: ignore[arg-type]
        panel.set_title(text, loc=side, fontsize=TINY, multialignment=side, pad=7)  # type: ignore[arg-type]
        shape = marker[look.tongue.rtl]
        panel.plot(look.across(end), 1, shape, color=INK, markersize=4, transform=panel.transAxes, clip_on=False)


def _dot(panel: "Axes", row: Mapping[str, Any], y: int, look: Look) -> None:
    """Draw one bloc: its interval, where it has one, and its bias."""
    colour = look.colours[row["bloc"]]
    if row["low"] is not None:
        panel.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.5, solid_capstyle="butt", zorder=2)
    face = colour if firm(row["p_corrected"]) else "white"
    panel.scatter(row["bias"], y, s=26, facecolors=face, edgecolors=colour, linewidths=1.3, zorder=3,
                  marker=look.shape(row["bloc"]))  # fmt: skip
