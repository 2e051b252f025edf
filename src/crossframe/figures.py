"""Figures: plot_x(table) -> Figure. Nothing is computed here; tables come in, pictures come out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from crossframe.canvas import GRID, INK, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_EVENT_COLOURS = 20


def plot_map(
    xy: np.ndarray,
    labels: Sequence[str],
    names: Mapping[str, str],
    colours: Mapping[str, str],
    title: str,
    note: str,
) -> "Figure":
    """Draw the display map, one colour a label.

    Parameters
    ----------
    xy
        Coordinates of shape (n_documents, 2).
    labels
        One a document.
    names, colours
        Label -> what the legend says, and its colour; the order of `names` is that of the legend.
    title, note
        Above and below; the note says how far the map is to be trusted.
    """
    with style():
        figure, axes = new_figure(7.6, 5.4)
        label_of = np.asarray(labels)
        for label, name in names.items():
            rows = label_of == label
            if rows.any():
                axes.scatter(*xy[rows].T, s=26, color=colours[label], label=name, linewidths=0.4, edgecolors="white")
        _bare(axes)
        axes.set_title(title)
        axes.set_xlabel(note, fontsize=7.5, loc="left")
        figure.legend(loc="outside right upper", frameon=False, fontsize=7.5, handletextpad=0.2, labelspacing=0.35)
        return figure


def plot_small_multiples(
    xy: np.ndarray,
    events: Sequence[str],
    blocs: Sequence[str],
    event_names: Mapping[str, str],
    bloc_names: Mapping[str, str],
    colours: Mapping[str, str],
    title: str,
) -> "Figure":
    """Draw the map once an event: its documents in their bloc's colour over all others in grey."""
    with style():
        n, columns = len(event_names), 4
        rows = -(-n // columns)
        figure, grid = new_figure(8.4, 1.95 * rows + 0.8, rows, columns, squeeze=False)
        event_of, bloc_of = np.asarray(events), np.asarray(blocs)
        for axes, (event, name) in zip(grid.flat, event_names.items(), strict=False):
            axes.scatter(*xy.T, s=4, color=GRID, linewidths=0)
            for bloc in bloc_names:
                inside = (event_of == event) & (bloc_of == bloc)
                if inside.any():
                    axes.scatter(*xy[inside].T, s=20, color=colours[bloc], linewidths=0.3, edgecolors="white")
            _bare(axes)
            axes.set_title(wrapped(name, 34), fontsize=7.5)
        for axes in list(grid.flat)[n:]:
            axes.set_axis_off()
        from matplotlib.lines import Line2D

        handles = [
            Line2D([], [], marker="o", linestyle="", color=colours[b], label=name, markersize=4)
            for b, name in bloc_names.items()
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=6, frameon=False, fontsize=7.5)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        return figure


def plot_distances(names: Sequence[str], effect: np.ndarray, corrected: np.ndarray, title: str, note: str) -> "Figure":
    """Draw bloc-by-bloc distances as a heatmap; a cell without a number is hatched, never zero.

    Parameters
    ----------
    names
        Bloc names, n of them.
    effect
        Shape (n, n), symmetric; NaN where the pair is not identifiable.
    corrected
        Corrected p of each cell, NaN where there is none; cells below .05 are printed strong.
    """
    from matplotlib.colors import TwoSlopeNorm
    from matplotlib.patches import Rectangle

    with style():
        figure, axes = new_figure(7.2, 6.0)
        n = len(names)
        known = effect[np.isfinite(effect)]
        top = float(np.abs(known).max()) if known.size else 1.0
        image = axes.imshow(
            np.ma.masked_invalid(effect), cmap="PuOr_r", norm=TwoSlopeNorm(0.0, -top, top), aspect="equal"
        )
        for i in range(n):
            for j in range(n):
                if i == j:
                    continue
                if not np.isfinite(effect[i, j]):
                    axes.add_patch(
                        Rectangle(
                            (j - 0.5, i - 0.5), 1, 1, facecolor="#f4f4f4", hatch="////", edgecolor="#d5d5d5", lw=0
                        )
                    )
                    continue
                strong = np.isfinite(corrected[i, j]) and corrected[i, j] <= 0.05
                dark = abs(effect[i, j]) > 0.6 * top
                axes.text(
                    j, i, f"{effect[i, j]:.2f}" + ("*" if strong else ""), ha="center", va="center", fontsize=7.5,
                    color="white" if dark else INK,
                )  # fmt: skip
        axes.set_xticks(range(n), names, rotation=40, ha="right")
        axes.set_yticks(range(n), names)
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.set_title(title)
        axes.set_xlabel(note, fontsize=7.5, loc="left")
        figure.colorbar(image, ax=axes, shrink=0.6, label="unbiased squared distance")
        return figure


def plot_clusters_by_bloc(
    names: Sequence[str], colours: Sequence[str], counts: np.ndarray, title: str, note: str
) -> "Figure":
    """Draw clusters by blocs: how many documents of each bloc lie in each cluster.

    `counts` is of shape (n_blocs, n_clusters); circles have an area proportional to the count.
    """
    with style():
        n_blocs, n_clusters = counts.shape
        figure, axes = new_figure(max(6.0, 0.62 * n_clusters + 2.9), 0.34 * n_blocs + 1.4)
        top = max(1, int(counts.max()))
        for i in range(n_blocs):
            for j in range(n_clusters):
                if counts[i, j]:
                    axes.scatter(j, i, s=420 * counts[i, j] / top, color=colours[i], linewidths=0, alpha=0.85)
                    radius = (420 * counts[i, j] / top / np.pi) ** 0.5  # in points, as the area is
                    place = {"xytext": (radius + 3, 0), "textcoords": "offset points", "va": "center"}
                    axes.annotate(str(counts[i, j]), (j, i), fontsize=7.5, **place)
        axes.set_xticks(range(n_clusters), [f"C{j + 1}" for j in range(n_clusters)])
        axes.set_yticks(range(n_blocs), names)
        axes.set_ylim(n_blocs - 0.4, -0.6)
        axes.set_xlim(-0.6, n_clusters - 0.4)
        axes.tick_params(length=0)
        axes.grid(color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_title(title)
        axes.set_xlabel(note, fontsize=7.5, loc="left")
        return figure


def plot_terms(
    terms: Mapping[str, Sequence[tuple[str, float]]],
    names: Mapping[str, str],
    colours: Mapping[str, str],
    title: str,
    note: str,
) -> "Figure":
    """Draw the marking terms of each bloc as bars of their z-score; `terms` maps bloc -> (term, z)."""
    with style():
        shown = [b for b in names if terms.get(b)]
        columns = 4
        rows = -(-len(shown) // columns)
        longest = max((len(terms[b]) for b in shown), default=1)
        figure, grid = new_figure(8.4, rows * (0.19 * longest + 0.55) + 0.9, rows, columns, squeeze=False)
        widest = max((z for b in shown for _t, z in terms[b]), default=1.0)
        for axes, bloc in zip(grid.flat, shown, strict=False):
            values = list(terms[bloc])
            axes.barh(range(len(values)), [z for _t, z in values], color=colours[bloc], height=0.72)
            axes.set_yticks(range(len(values)), [t for t, _z in values], fontsize=8.5)
            axes.set_ylim(longest - 0.4, -0.6)
            axes.set_xlim(0, widest * 1.03)
            axes.tick_params(length=0)
            axes.axvline(1.96, color=INK, linewidth=0.5, linestyle=":")
            axes.set_title(names[bloc], fontsize=9)
        for axes in list(grid.flat)[len(shown) :]:
            axes.set_axis_off()
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        figure.supxlabel(note, fontsize=7.5, x=0.01, ha="left")
        return figure


def event_colours(events: Sequence[str]) -> dict[str, str]:
    """Return a colour an event: twenty hues, told apart in order of time; beyond twenty they repeat."""
    import matplotlib as mpl
    from matplotlib.colors import to_hex

    scheme = mpl.colormaps["tab20"]
    return {event: to_hex(scheme(i % _EVENT_COLOURS)) for i, event in enumerate(events)}


def _bare(axes: "Axes") -> None:
    """Take ticks and frame away: display coordinates have no units."""
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_aspect("equal", adjustable="datalim")


def wrapped(text: str, width: int) -> str:
    """Break a text into lines of at most that many characters."""
    import textwrap

    return "\n".join(textwrap.wrap(text, width)) or text
