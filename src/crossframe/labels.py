"""Where direct labels go: beside what they name, over as few points as can be, never over one another."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from crossframe.canvas import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RINGS = tuple(np.arange(0.0, 8.01, 0.5))  # distances tried, in label heights
_ANGLES = 16
_FAR = 0.7  # what a label height of distance costs, in points covered
_LEADER = 1.2  # label heights from which on a line leads to what is named
_CLEAR = 0.35  # label heights between a label and a point that it does not hide
_GAP = 0.15  # label heights that are kept clear between labels


def apart(heights: Sequence[float], gap: float) -> list[float]:
    """Move labels up as little as keeps each `gap` above the one below it."""
    out = list(heights)
    order = sorted(range(len(out)), key=lambda i: out[i])
    for below, above in pairwise(order):
        out[above] = max(out[above], out[below] + gap)
    return out


def placed(anchors: np.ndarray, sizes: np.ndarray, points: np.ndarray, area: Sequence[float]) -> np.ndarray:
    """Return the centres of labels, one after the other, each at the cheapest free place around its anchor.

    Parameters
    ----------
    anchors
        Shape (n, 2): what is named, the most important first.
    sizes
        Shape (n, 2): width and height of each label, in the unit of the anchors.
    points
        Shape (m, 2): what labels should not hide.
    area
        (left, bottom, right, top): labels stay inside where they can.

    Returns
    -------
    numpy.ndarray
        Shape (n, 2). No two labels overlap as long as one of the places tried is free.
    """
    low, high = np.asarray(area[:2]), np.asarray(area[2:])
    centres = np.zeros((len(anchors), 2))
    for i, (anchor, size) in enumerate(zip(anchors, sizes, strict=True)):
        places = anchor + _around(size)
        out = ((places - size / 2 < low) | (places + size / 2 > high)).any(axis=1)
        reach = size / 2 + _CLEAR * size[1]
        hidden = (np.abs(points[None] - places[:, None]) < reach).all(axis=2).sum(axis=1)
        away = np.linalg.norm(places - anchor, axis=1) / size[1]
        room = (sizes[:i] + size) / 2 + _GAP * size[1]
        taken = (np.abs(centres[None, :i] - places[:, None]) < room[None]).all(axis=2).any(axis=1)
        centres[i] = places[int(np.argmin(hidden + _FAR * away + 1e3 * out + 1e6 * taken))]
    return centres


def _around(size: np.ndarray) -> np.ndarray:
    """Return the places that are tried around an anchor: rings, wider than high as labels are."""
    turns = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    rings = [np.zeros((1, 2))]
    for ring in _RINGS[1:]:
        reach = np.array([ring * size[1] + size[0] / 2 * min(1.0, ring), ring * size[1]])
        rings.append(np.column_stack([np.cos(turns), np.sin(turns)]) * reach)
    return np.vstack(rings)


def direct_labels(axes: "Axes", anchors: np.ndarray, texts: Sequence[str], points: np.ndarray, size: float) -> None:
    """Write labels at their anchors (data coordinates, the most important first), apart from one another.

    The figure's layout is settled here, since places depend on it; draw everything else before.
    """
    from matplotlib.patheffects import withStroke

    figure = axes.figure
    figure.draw_without_rendering()  # type: ignore[union-attr]  # settles the layout
    figure.set_layout_engine("none")  # type: ignore[union-attr]
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    halo = [withStroke(linewidth=2.2, foreground="white")]
    options: dict[str, Any] = {"fontsize": size, "ha": "center", "va": "center", "path_effects": halo, "zorder": 6}
    marks = [
        axes.text(anchor[0], anchor[1], text, color=INK, **options) for anchor, text in zip(anchors, texts, strict=True)
    ]
    boxes = [mark.get_window_extent() for mark in marks]
    sizes = np.array([[box.width, box.height] for box in boxes]).reshape(-1, 2)
    to_page, area = axes.transData, axes.get_window_extent()
    here = to_page.transform(anchors).reshape(-1, 2)
    centres = placed(here, sizes, to_page.transform(points), (area.x0, area.y0, area.x1, area.y1))
    for mark, anchor, centre, height in zip(marks, anchors, centres, sizes[:, 1], strict=True):
        place = to_page.inverted().transform(centre)
        mark.set_position((place[0], place[1]))
        if np.linalg.norm(centre - to_page.transform(anchor)) > _LEADER * height:
            axes.plot(*zip(anchor, place, strict=True), color=INK, linewidth=0.5, alpha=0.6, zorder=5)
