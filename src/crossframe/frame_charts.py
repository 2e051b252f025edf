"""Charts of frames and voices. Nothing is computed here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crossframe.canvas import GRID, INK, new_figure, style
from crossframe.figures import wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_frames(
    blocs: Sequence[str], frames: Sequence[str], scores: np.ndarray, reach: np.ndarray, title: str, note: str
) -> "Figure":
    """Draw frames by blocs as a heatmap with intervals.

    Parameters
    ----------
    blocs, frames
        Names.
    scores, reach
        Shape (n_blocs, n_frames): the mean, and half the width of its interval; NaN where unknown. Cells whose
        interval leaves out 0 are framed.
    """
    from matplotlib.colors import TwoSlopeNorm
    from matplotlib.patches import Rectangle

    with style():
        figure, axes = new_figure(9.4, 0.36 * len(frames) + 2.0)
        cells, half = scores.T, reach.T
        top = float(np.nanmax(np.abs(cells))) if np.isfinite(cells).any() else 1.0
        image = axes.imshow(
            np.ma.masked_invalid(cells), cmap="PuOr_r", norm=TwoSlopeNorm(0.0, -top, top), aspect="auto"
        )
        for i, j in zip(*np.nonzero(np.isfinite(cells)), strict=True):
            ink = "white" if abs(cells[i, j]) > 0.6 * top else INK
            firm = np.isfinite(half[i, j]) and abs(cells[i, j]) > half[i, j]
            spread = f"±{half[i, j]:.1f}" if np.isfinite(half[i, j]) else "one document"
            if firm:
                axes.add_patch(Rectangle((j - 0.46, i - 0.46), 0.92, 0.92, fill=False, edgecolor=INK, linewidth=0.9))
            axes.text(j, i - 0.16, f"{cells[i, j]:+.2f}", ha="center", va="center", fontsize=7, color=ink)
            axes.text(j, i + 0.26, spread, ha="center", va="center", fontsize=5.2, color=ink)
        axes.set_xticks(range(len(blocs)), blocs, rotation=35, ha="right", fontsize=8)
        axes.set_yticks(range(len(frames)), [wrapped(f, 38) for f in frames], fontsize=7.5)
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.set_title(title)
        axes.set_xlabel(note, fontsize=7.5, loc="left")
        figure.colorbar(image, ax=axes, shrink=0.7, label="difference from the event's mean, in SD")
        return figure


def plot_validity(rows: Sequence[Mapping[str, Any]], hows: Mapping[str, str], title: str, note: str) -> "Figure":
    """Draw how well scores tell coded from other documents, frame by frame.

    Parameters
    ----------
    rows
        `frame` (name), `alpha`, and an AUC (or None) under each key of `hows`; drawn from the top.
    hows
        Key -> what it is called in the legend.
    """
    marks = ["o", "s", "^", "D", "v"]
    colours = ["#332288", "#0077bb", "#44aa99", "#cc3311", "#999933"]
    with style():
        figure, axes = new_figure(7.6, 0.24 * len(rows) + 1.7)
        for k, (how, name) in enumerate(hows.items()):
            known = [(row[how], y) for y, row in enumerate(rows) if row[how] is not None]
            axes.scatter(
                [x for x, _y in known], [y for _x, y in known], s=24, marker=marks[k % 5], color=colours[k % 5],
                label=name, alpha=0.85, linewidths=0,
            )  # fmt: skip
        for y, row in enumerate(rows):
            text = "α –" if row["alpha"] is None else f"α {row['alpha']:.2f}"
            axes.annotate(text, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=7.5)
        axes.axvline(0.5, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(rows)), [str(row["frame"]) for row in rows], fontsize=7.5)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0.3, 1.02)
        axes.tick_params(axis="y", length=0)
        axes.grid(color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(frameon=False, fontsize=7.5, loc="upper center", bbox_to_anchor=(0.4, -0.08), ncols=2)
        axes.set_title(title)
        figure.supxlabel(note, fontsize=7.5, x=0.02, ha="left")
        return figure


def plot_voices(
    blocs: Sequence[str],
    shares: np.ndarray,
    speakers: Sequence[str],
    colours: Sequence[str],
    counts: Sequence[str],
    title: str,
    note: str,
) -> "Figure":
    """Draw who speaks in each bloc's documents: a bar a bloc, a colour a bloc of speakers.

    Parameters
    ----------
    blocs
        Names, from the top.
    shares
        Shape (n_blocs, n_speaker_blocs), in [0, 1], rows summing to 1.
    speakers, colours
        Name and colour of each bloc of speakers.
    counts
        What is printed at the end of each bar.
    """
    with style():
        figure, axes = new_figure(8.0, 0.34 * len(blocs) + 1.9)
        left = np.zeros(len(blocs))
        for k, (name, colour) in enumerate(zip(speakers, colours, strict=True)):
            axes.barh(range(len(blocs)), shares[:, k], left=left, color=colour, height=0.72, label=name)
            for y, (width, start) in enumerate(zip(shares[:, k], left, strict=True)):
                if width >= 0.08:
                    axes.text(
                        start + width / 2, y, f"{100 * width:.0f}", ha="center", va="center", fontsize=7,
                        color=_readable(colour),
                    )  # fmt: skip
            left = left + shares[:, k]
        for y, text in enumerate(counts):
            axes.annotate(text, (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=7)
        axes.set_yticks(range(len(blocs)), blocs)
        axes.set_ylim(len(blocs) - 0.4, -0.6)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.legend(frameon=False, fontsize=7.5, ncols=4, loc="upper left", bbox_to_anchor=(0, -0.07))
        axes.set_title(title)
        figure.supxlabel(note, fontsize=7.5, x=0.02, ha="left")
        return figure


def _readable(colour: str) -> str:
    """Return white on dark colours and ink on light ones (relative luminance after WCAG 2)."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return "white" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.4 else INK
