"""Charts of frames and voices. Nothing is computed here."""

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
    fold,
    mirrored,
    new_figure,
    rows_of,
    style,
)
from crossframe.charts import column_names, hatched, heat

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Rows = Sequence[Mapping[str, Any]]
_PRINTED = 0.05  # a smaller share of speech is shaded and not printed
_FRAME = 2.5  # inches: the room for a frame's name


def plot_frames(
    rows: Rows, frames: Mapping[str, str], breaks: Sequence[int], blocs: Sequence[str], look: Look
) -> "Figure":
    """Draw frames by blocs as a heatmap; a number stands where the interval leaves out 0.

    Parameters
    ----------
    rows
        One a bloc and frame: `bloc`, `frame`, `mean`, `low`, `high`; the latter None where one document gives no
        interval, and hatched.
    frames
        Frame id -> name, from the top.
    breaks
        Numbers of rows after which another kind of frames begins.
    blocs
        Ids from where lines begin.
    look
        Language, title and note.
    """
    ids = list(frames)
    cells, texts, strong = np.full((len(ids), len(blocs)), np.nan), {}, []
    with style():
        figure, axes = new_figure(WIDTH, 0.26 * len(ids) + 2.0)
        for row in rows:
            i, j = ids.index(row["frame"]), blocs.index(row["bloc"])
            if row["high"] is None:
                hatched(axes, i, j)
                continue
            cells[i, j] = row["mean"]
            if row["low"] > 0 or row["high"] < 0:
                texts[i, j] = look.tongue.number(row["mean"], 1, signed=True)
                strong.append((i, j))
        heat(axes, cells, texts, [], signed=True)
        for after in breaks:
            axes.axhline(after - 0.5, color="white", linewidth=4)
        rows_of(axes, [fold(figure, look.tongue, name, _FRAME, TINY) for name in frames.values()], TINY)
        axes.set_ylim(len(ids) - 0.5, -0.5)
        axes.set_xlim(-0.5, len(blocs) - 0.5)
        column_names(axes, look, [look.tongue.laid(look.tongue.bloc(b)) for b in blocs])
        mirrored(axes, look)
        return finished(figure, look)


def plot_validity(rows: Rows, frames: Mapping[str, str], hows: Mapping[tuple[str, str], str], look: Look) -> "Figure":
    """Draw how well scores tell coded from other documents: a column a way of scoring, a row a frame.

    Parameters
    ----------
    rows
        `frame`, `measure` (`auc` or `alpha`), `text`, `how`, `value` (or None).
    frames
        Frame id -> name, from the top.
    hows
        (text, how) -> what stands over its column.
    look
        Language, title and note.
    """
    place = {frame: y for y, frame in enumerate(frames)}
    with style():
        figure, grid = new_figure(
            WIDTH, 0.23 * len(frames) + 2.0, 1, len(hows), squeeze=False, sharex=True, sharey=True
        )
        panels = list(grid[0])[:: -1 if look.tongue.rtl else 1]
        for panel, ((text, how), name) in zip(panels, hows.items(), strict=True):
            for row in rows:
                if (row["measure"], row["text"], row["how"]) == ("auc", text, how) and row["value"] is not None:
                    y = place[row["frame"]]
                    panel.plot([0.5, row["value"]], [y, y], color=FAINT, linewidth=1.2, zorder=2)
                    panel.scatter(row["value"], y, s=20, color=INK, zorder=3)
            panel.axvline(0.5, color=INK, linewidth=0.8)
            heading = fold(figure, look.tongue, name, (WIDTH - _FRAME - 0.5) / len(hows), SMALL)
            panel.set_title(heading, fontsize=SMALL, loc=look.start)
            _bare_panel(panel, look)
        rows_of(panels[0], [fold(figure, look.tongue, name, _FRAME, TINY) for name in frames.values()], TINY)
        panels[0].set_xlim(0.35, 1.06)
        panels[0].set_xticks([0.5, 0.75, 1.0], [look.tongue.number(v) for v in (0.5, 0.75, 1.0)])
        for panel in panels:
            panel.tick_params(axis="y", length=0, labelleft=False, labelright=False)
        panels[0].tick_params(axis="y", labelleft=not look.tongue.rtl, labelright=look.tongue.rtl)
        for row in rows:
            if row["measure"] == "alpha":
                known = row["value"] is not None
                beside(panels[-1], look, place[row["frame"]], look.tongue.number(row["value"]) if known else "–")
        beside(panels[-1], look, -0.95, "α", color=MUTED)
        if look.tongue.rtl:
            panels[0].invert_xaxis()
        return finished(figure, look)


def _bare_panel(panel: "Axes", look: Look) -> None:
    panel.grid(color=GRID, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(axis="x", length=0, labelsize=TINY)
    if look.tongue.rtl:
        panel.yaxis.tick_right()
    for side in panel.spines.values():
        side.set_visible(False)


def plot_voices(rows: Rows, speakers: Mapping[str, str], counts: Mapping[str, str], look: Look) -> "Figure":
    """Draw whose speech each bloc's documents report: a row a bloc of outlets, a column a bloc of speakers.

    Parameters
    ----------
    rows
        `outlet_bloc`, `speaker_bloc` ("" for none), `n`, `share` of the row's attributions, in [0, 1].
    speakers
        Bloc id -> name, from where lines begin; "" for speakers of no bloc.
    counts
        Bloc of outlets -> what is printed at the end of its row; rows stand in this order.
    look
        Language, title and note.
    """
    blocs, columns = list(counts), list(speakers)
    cells, texts = np.full((len(blocs), len(columns)), np.nan), {}
    for row in rows:
        i, j = blocs.index(row["outlet_bloc"]), columns.index(row["speaker_bloc"])
        cells[i, j] = row["share"]
        if row["share"] >= _PRINTED:
            texts[i, j] = look.tongue.number(100 * row["share"], 0)
    own = [(i, columns.index(b)) for i, b in enumerate(blocs) if b in columns]
    own = [cell for cell in own if np.isfinite(cells[cell])]
    with style():
        figure, axes = new_figure(WIDTH, 0.28 * len(blocs) + 2.2)
        heat(axes, cells, texts, own, size=8)
        rows_of(axes, [look.tongue.laid(look.tongue.bloc(b)) for b in blocs])
        axes.set_ylim(len(blocs) - 0.5, -0.5)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        column_names(axes, look, [look.tongue.laid(name) for name in speakers.values()])
        for y, text in enumerate(counts.values()):
            beside(axes, look, y, text, fontsize=TINY, color=MUTED)
        mirrored(axes, look)
        return finished(figure, look)
