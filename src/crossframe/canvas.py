"""The canvas of every figure: one visual language, the fonts of packages, the same bytes from run to run."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crossframe import fonts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, FAINT, GRID = "#222222", "#bbbbbb", "#e6e6e6"
_STYLE = {
    "font.family": [fonts.LATIN, fonts.ARABIC, fonts.KOREAN, fonts.CHINESE],
    "font.size": 9,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "crossframe",  # ids in the SVG do not change from run to run
    "svg.fonttype": "path",
    "figure.dpi": 100,
    "savefig.dpi": 160,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the figures' style."""
    import matplotlib as mpl

    fonts.use_in_matplotlib()
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]  # the stubs know literal keys only
        yield


def new_figure(width: float, height: float, rows: int = 1, columns: int = 1, **options: Any) -> "tuple[Figure, Any]":
    """Return a figure of that size in inches and its axes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, **options)


def rendered(figure: "Figure") -> dict[str, bytes]:
    """Return the figure as SVG and PNG bytes, equal from run to run (no dates, fixed ids)."""
    out = {}
    with style():
        for kind, metadata in (("svg", {"Date": None}), ("png", {"Software": None})):
            buffer = io.BytesIO()
            figure.savefig(buffer, format=kind, metadata=metadata)
            out[kind] = buffer.getvalue()
    return out
