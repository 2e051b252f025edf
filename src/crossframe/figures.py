"""Figures of documents: maps, small multiples, clusters, terms. Rows come in, pictures come out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crossframe.canvas import (
    GRID,
    INK,
    MUTED,
    SHAPES,
    SMALL,
    TINY,
    WIDTH,
    Look,
    beside,
    finished,
    fold,
    mirrored,
    new_figure,
    numbered,
    rows_of,
    style,
)
from crossframe.colours import LIGHT, inked, readable, shades
from crossframe.figure_words import plain
from crossframe.labels import direct_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Rows = Sequence[Mapping[str, Any]]
MEDIAN = "median"  # id of the markers that are no documents
_DOT = 24  # square points
_COLUMNS = 5  # of small multiples
_TERM_COLUMNS = 4
_EVENT_SHAPES = 7
_KEY_COLUMNS = 4


def plot_events(rows: Rows, events: Mapping[str, str], kinds: Mapping[str, tuple[str, str]], look: Look) -> "Figure":
    """Draw the map of what is told: an event's id at its median, a colour and a marker a family of events.

    Parameters
    ----------
    rows
        One a document: `x`, `y`, `event`.
    events
        Event id -> title; where titles differ from the ids a key stands beside the map.
    kinds
        Event id -> colour and marker.
    look
        Language, title and note.
    """
    told = {str(row["event"]) for row in rows}
    shown = [e for e in events if e in told]
    keyed = any(plain(events[e]) != e for e in shown)
    with style():
        figure, grid = new_figure(
            WIDTH, 5.6 if keyed else 4.6, 1, 2 if keyed else 1, squeeze=False,
            **({"width_ratios": [0.62, 0.38] if not look.tongue.rtl else [0.38, 0.62]} if keyed else {}),
        )  # fmt: skip
        panels = list(grid[0])[:: -1 if look.tongue.rtl else 1]
        for event in shown:
            colour, marker = kinds[event]
            _dots(panels[0], _places(rows, event=event), colour, marker, edge=MUTED)
        _bare(panels[0])
        if keyed:
            _key(panels[1], [(e, events[e], *kinds[e]) for e in shown], look)
        finished(figure, look)
        order = sorted(shown, key=lambda e: (-len(_places(rows, event=e)), shown.index(e)))
        names = [e if keyed else fold(figure, look.tongue, e, 1.2, SMALL) for e in order]
        middles = np.array([np.median(_places(rows, event=e), axis=0) for e in order])
        direct_labels(panels[0], middles, names, _places(rows), TINY if keyed else SMALL)
        return figure


def plot_blocs(rows: Rows, look: Look) -> "Figure":
    """Draw the map of how events are told: each bloc's name and a larger marker at its median.

    `rows` has one row a document: `x`, `y`, `bloc`.
    """
    told = {row["bloc"] for row in rows}
    blocs = [b for b in look.tongue.blocs if b in told]
    with style():
        figure, axes = new_figure(WIDTH, 4.9)
        for bloc in blocs:
            _dots(axes, _places(rows, bloc=bloc), look.colours[bloc], look.shape(bloc))
        _bare(axes)
        finished(figure, look)
        order = sorted(blocs, key=lambda b: (-len(_places(rows, bloc=b)), blocs.index(b)))
        middles = np.array([np.median(_places(rows, bloc=b), axis=0) for b in order])
        for bloc, middle in zip(order, middles, strict=True):
            _dots(axes, middle[None], look.colours[bloc], look.shape(bloc), size=3 * _DOT, edge=INK)
            axes.collections[-1].set(gid=MEDIAN, zorder=4)
        names = [look.tongue.laid(look.tongue.bloc(b)) for b in order]
        keep_clear = np.vstack([_places(rows), np.repeat(middles, 4, axis=0)])
        direct_labels(axes, middles, names, keep_clear, 8.5)
        return figure


def plot_small_multiples(rows: Rows, events: Mapping[str, str], look: Look) -> "Figure":
    """Draw that map once an event: its documents in their bloc's colour and marker over all others in grey.

    `rows` has one row a document: `x`, `y`, `event`, `bloc`; `events` maps the events that have a panel to titles.
    """
    inside = {row["bloc"] for row in rows if row["event"] in events}
    blocs = [b for b in look.tongue.blocs if b in inside]
    with style():
        columns = min(_COLUMNS, len(events))
        n_rows = -(-len(events) // columns)
        lines = -(-len(blocs) // _KEY_COLUMNS)
        figure, grid = new_figure(
            WIDTH, 1.5 * n_rows + 0.2 * lines + 0.9, n_rows + 1, columns, squeeze=False,
            height_ratios=[1.5] * n_rows + [0.2 * lines],
        )  # fmt: skip
        for axes in grid[-1]:
            axes.remove()
        for place, (event, name) in enumerate(events.items()):
            axes = grid[place // columns][:: -1 if look.tongue.rtl else 1][place % columns]
            axes.scatter(*_places(rows).T, s=3, color=GRID, linewidths=0)
            for bloc in blocs:
                found = _places(rows, event=event, bloc=bloc)
                if len(found):
                    _dots(axes, found, look.colours[bloc], look.shape(bloc), size=16)
            _bare(axes)
            axes.set_title(fold(figure, look.tongue, name, WIDTH / columns - 0.15, TINY), fontsize=TINY, loc=look.start)
        for place in range(len(events), n_rows * columns):
            grid[place // columns][:: -1 if look.tongue.rtl else 1][place % columns].set_axis_off()
        _marks(figure.add_subplot(grid[-1][0].get_gridspec()[-1, :]), blocs, look)
        return finished(figure, look)


def plot_clusters(rows: Rows, words: Mapping[int, str], look: Look) -> "Figure":
    """Draw how each bloc's documents fall into the clusters: a bar a bloc, a shade a cluster, counts printed.

    Parameters
    ----------
    rows
        `bloc`, `cluster` (from 0), `n`, `share` (of the bloc's documents); every bloc has every cluster.
    words
        Cluster -> what stands over its part of the bars.
    look
        Language, title and note.
    """
    blocs = list(dict.fromkeys(row["bloc"] for row in rows))
    clusters = sorted({int(row["cluster"]) for row in rows})
    greys = shades(len(clusters))
    with style():
        figure, axes = new_figure(WIDTH, 0.27 * len(blocs) + 1.7)
        for y, bloc in enumerate(blocs):
            left = 0.0
            for row in (r for r in rows if r["bloc"] == bloc):
                colour = greys[clusters.index(row["cluster"])]
                axes.barh(y, row["share"], left=left, color=colour, height=0.76, edgecolor="white", linewidth=0.8)
                if row["share"] >= 0.04:
                    axes.text(left + row["share"] / 2, y, look.tongue.number(row["n"], 0), ha="center", va="center",
                              fontsize=SMALL, color=readable(colour))  # fmt: skip
                left += row["share"]
            total = sum(r["n"] for r in rows if r["bloc"] == bloc)
            beside(axes, look, y, look.tongue.number(total, 0), color=MUTED)
        rows_of(axes, [look.tongue.laid(look.tongue.bloc(b)) for b in blocs])
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        for side in axes.spines.values():
            side.set_visible(False)
        mirrored(axes, look)
        _over(axes, clusters, words, greys, look)
        return finished(figure, look)


def plot_terms(rows: Rows, strong: float, look: Look) -> "Figure":
    """Draw the marking terms of each bloc as bars of their z-score.

    `rows` has `bloc`, `term`, `z`; a dotted line stands at `strong`. Blocs with many terms share a row of panels.
    """
    found = {b: [row for row in rows if row["bloc"] == b] for b in look.tongue.blocs}
    shown = sorted((b for b in found if found[b]), key=lambda b: -len(found[b]))
    columns = min(_TERM_COLUMNS, len(shown))
    heights = [len(found[shown[i]]) for i in range(0, len(shown), columns)]
    with style():
        figure, grid = new_figure(
            WIDTH, 0.165 * sum(heights) + 0.42 * len(heights) + 0.95, len(heights), columns, squeeze=False, sharex=True,
            height_ratios=[h + 1.2 for h in heights],
        )  # fmt: skip
        for place, bloc in enumerate(shown):
            axes = grid[place // columns][:: -1 if look.tongue.rtl else 1][place % columns]
            values = found[bloc]
            axes.barh(range(len(values)), [row["z"] for row in values], color=look.colours[bloc], height=0.72)
            rows_of(axes, [row["term"] for row in values])
            axes.set_ylim(heights[place // columns] - 0.4, -0.6)
            axes.axvline(strong, color=INK, linewidth=0.5, linestyle=":")
            name = look.tongue.laid(look.tongue.bloc(bloc))
            axes.set_title(name, fontsize=8.5, loc=look.start, color=inked(look.colours[bloc]))
            _quiet(axes, look)
        for place in range(len(shown), grid.size):
            grid[place // columns][:: -1 if look.tongue.rtl else 1][place % columns].set_axis_off()
        if look.tongue.rtl:
            grid[0][0].invert_xaxis()
        return finished(figure, look)


def _quiet(axes: "Axes", look: Look) -> None:
    """Leave of a panel of bars its labels, at the side where lines begin, and its numbers."""
    numbered(axes, look, 0)
    axes.tick_params(length=0, labelsize=SMALL, labelbottom=True)
    if look.tongue.rtl:
        axes.yaxis.tick_right()
        axes.tick_params(axis="y", length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def _over(axes: "Axes", clusters: Sequence[int], words: Mapping[int, str], greys: Sequence[str], look: Look) -> None:
    """Name the clusters over the bars, each at its part of the width, as wide as they are many."""
    width = 0.74 * WIDTH / len(clusters)
    for i, cluster in enumerate(clusters):
        x = look.across(i / len(clusters))
        text = fold(axes.figure, look.tongue, words[cluster], width - 0.25, SMALL)  # type: ignore[arg-type]
        options: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False}
        shift = -12 if look.tongue.rtl else 12
        axes.annotate(text, (x, 1.0), (shift, 3), va="bottom", ha=look.start, fontsize=SMALL,
                      multialignment=look.start, **options)  # fmt: skip
        box = {"boxstyle": "square,pad=0.6", "facecolor": greys[i], "linewidth": 0}
        axes.annotate(" ", (x, 1.0), (shift / 3, 5), ha=look.start, fontsize=4, bbox=box, **options)


def _key(axes: "Axes", lines: Sequence[tuple[str, str, str, str]], look: Look) -> None:
    """List events beside the map: marker, id, title."""
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(len(lines) - 0.2, -0.8))
    if look.tongue.rtl:
        axes.invert_xaxis()
    for y, (event, title, colour, marker) in enumerate(lines):
        axes.scatter(0.02, y, s=_DOT, color=colour, marker=marker, linewidths=0.5, edgecolors=MUTED)
        axes.text(0.07, y, event, fontsize=TINY, va="center", ha=look.start)
        axes.text(0.19, y, look.tongue.laid(title), fontsize=TINY, va="center", ha=look.start)


def _marks(axes: "Axes", blocs: Sequence[str], look: Look) -> None:
    """Name the blocs' markers under small multiples, where there is no room for names beside the points."""
    lines = -(-len(blocs) // _KEY_COLUMNS)
    axes.set_axis_off()
    axes.set(xlim=(0, _KEY_COLUMNS), ylim=(lines - 0.5, -0.5))
    if look.tongue.rtl:
        axes.invert_xaxis()
    for place, bloc in enumerate(blocs):
        x, y = place % _KEY_COLUMNS + 0.04, place // _KEY_COLUMNS
        axes.scatter(x, y, s=16, color=look.colours[bloc], marker=look.shape(bloc), linewidths=0)
        name = look.tongue.laid(look.tongue.bloc(bloc))
        axes.text(x + 0.07, y, name, fontsize=SMALL, va="center", ha=look.start)


def _places(rows: Rows, **wanted: str) -> np.ndarray:
    """Return coordinates, shape (n, 2), of the rows that have these values."""
    found = [(row["x"], row["y"]) for row in rows if all(row[k] == v for k, v in wanted.items())]
    return np.array(found, dtype=float).reshape(-1, 2)


def _dots(axes: "Axes", xy: np.ndarray, colour: str, marker: str, size: float = _DOT, edge: str = "white") -> None:
    axes.scatter(xy[:, 0], xy[:, 1], s=size, color=colour, marker=marker, linewidths=0.4, edgecolors=edge)


def _bare(axes: "Axes") -> None:
    """Take ticks and frame away: display coordinates have no units."""
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_aspect("equal", adjustable="datalim")


def event_kinds(families: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return a colour and a marker an event, from event id -> family: a pair a family, in their order.

    The colours are Paul Tol's light scheme, so that no event looks like a bloc; eight colours and seven markers give
    56 families a pair of their own.
    """
    order = {f: i for i, f in enumerate(dict.fromkeys(families.values()))}
    return {e: (LIGHT[order[f] % len(LIGHT)], SHAPES[order[f] % _EVENT_SHAPES]) for e, f in families.items()}
