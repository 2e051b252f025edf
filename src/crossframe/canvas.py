"""The canvas of every figure: one visual language, the fonts of packages, the same bytes from run to run."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from crossframe import fonts
from crossframe.figure_words import Tongue

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection
    from matplotlib.figure import Figure

INK, MUTED, FAINT, GRID = "#222222", "#6a6a6a", "#bbbbbb", "#e6e6e6"
FIRM = 0.05  # a p-value at most this high is drawn filled or printed strong
WIDTH = 7.2  # inches: the width of a page's text, a little enlarged
SMALL, TINY = 7.5, 6.5  # points
SHAPES = ("o", "s", "^", "D", "v", "P", "X", "p", "<", "h", ">", "d")  # beside the colour, for whom it says little
_TITLE = 11
_STYLE = {
    "font.family": [fonts.LATIN, fonts.ARABIC, fonts.KOREAN, fonts.CHINESE],
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "crossframe",  # ids in the SVG do not change from run to run
    "svg.fonttype": "path",
    "figure.dpi": 100,
}
_PIXELS = 160.0  # an inch
_MANY = 20_000  # points of a figure; typst reads no SVG of half a million
_POINTS_DPI = 300
_PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")"""


@dataclass(frozen=True)
class Look:
    """How a figure is dressed: its language, the blocs' colours (id -> #rrggbb), its title and its note."""

    tongue: Tongue
    colours: Mapping[str, str]
    title: str
    note: str

    @property
    def start(self) -> str:
        """The side at which a line begins: left or right."""
        return "right" if self.tongue.rtl else "left"

    @property
    def end(self) -> str:
        """The side at which a line ends."""
        return "left" if self.tongue.rtl else "right"

    def across(self, fraction: float) -> float:
        """Return that part of the width, from where lines begin."""
        return 1 - fraction if self.tongue.rtl else fraction

    def shape(self, bloc: str) -> str:
        """Return the marker of a bloc, the same on every figure."""
        return SHAPES[list(self.tongue.blocs).index(bloc) % len(SHAPES)]


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


def finished(figure: "Figure", look: Look) -> "Figure":
    """Set title and note, broken to the figure's width, where lines begin."""
    x, width = look.across(0.008), figure.get_figwidth() * 0.984
    title = fold(figure, look.tongue, look.title, width, _TITLE)
    figure.suptitle(title, x=x, ha=look.start, fontsize=_TITLE, linespacing=1.25)
    note = fold(figure, look.tongue, look.note, width, SMALL)
    figure.supxlabel(note, x=x, ha=look.start, fontsize=SMALL, color=MUTED, linespacing=1.35)
    for text in (figure._suptitle, figure._supxlabel):  # type: ignore[attr-defined]
        text.set_multialignment(look.start)
    return figure


def fold(figure: "Figure", tongue: Tongue, text: str, inches: float, size: float) -> str:
    """Break a text into lines that are no wider than that; a word that is wider stays whole."""
    from matplotlib.font_manager import FontProperties

    renderer, font = figure.canvas.get_renderer(), FontProperties(size=size)  # type: ignore[attr-defined]
    widths = {
        word: renderer.get_text_width_height_descent(word, font, False)[0] / figure.dpi
        for word in sorted({" ", *text.replace("\n", " ").split(" ")})
    }
    lines = []
    for paragraph in text.split("\n"):
        line, room = "", inches
        for word in paragraph.split(" "):
            wide = widths[word]
            if line and wide + widths[" "] > room:
                lines.append(line)
                line, room = word, inches - wide
            else:
                room -= wide + (widths[" "] if line else 0.0)
                line = f"{line} {word}" if line else word
        lines.append(line)
    return "\n".join(tongue.laid(line) for line in lines)


def firm(p: float | None) -> bool:
    """Return whether there is a p-value and it is at most .05."""
    return p is not None and p <= FIRM


def rows_of(axes: "Axes", labels: list[str], size: float = 8) -> None:
    """Name the rows of a chart from the top; rows are at 0, 1, 2 …"""
    axes.set_yticks(range(len(labels)), labels, fontsize=size)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_axisbelow(True)


def mirrored(axes: "Axes", look: Look) -> None:
    """Turn a chart round for a language from right to left: its first column, its zero, its labels at the right."""
    if look.tongue.rtl:
        axes.invert_xaxis()
        axes.yaxis.tick_right()
        axes.yaxis.set_label_position("right")
        axes.tick_params(axis="y", length=0)
        axes.spines["right"].set_visible(axes.spines["left"].get_visible())
        axes.spines["left"].set_visible(False)


def numbered(axes: "Axes", look: Look, digits: int) -> None:
    """Print the numbers of the horizontal axis in the digits of the figure."""
    from matplotlib.ticker import FuncFormatter

    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: look.tongue.number(value, digits)))


def beside(axes: "Axes", look: Look, y: float, text: str, **options: Any) -> None:
    """Print a text at the end of a row, outside the axes."""
    axes.annotate(
        look.tongue.laid(text), (look.across(1.015), y), xycoords=("axes fraction", "data"), va="center", ha=look.start,
        **{"fontsize": SMALL, **options},
    )  # fmt: skip


def rendered(figure: "Figure") -> dict[str, bytes]:
    """Return the figure as SVG and PNG bytes, equal from run to run (no dates, fixed ids).

    It is drawn once: typst makes the PNG of the SVG, whose texts are paths, so that both show the same. Where there are
    more than 20,000 points, they are an image within the SVG.
    """
    buffer = io.BytesIO()
    groups = [group for axes in figure.axes for group in axes.collections if _size(group) > 1]
    many = sum(_size(group) for group in groups) > _MANY
    for group in groups:
        group.set_rasterized(many)
    with style():
        figure.savefig(buffer, format="svg", metadata={"Date": None}, dpi=_POINTS_DPI if many else "figure")
    return {"svg": buffer.getvalue(), "png": as_png(buffer.getvalue())}


def _size(group: "Collection") -> int:
    """Return how many points are drawn as one group."""
    return int(np.shape(group.get_offsets())[0])


def as_png(svg: bytes) -> bytes:
    """Return an SVG without texts, at its own size, as PNG bytes on white."""
    import typst

    inputs = {"svg": svg.decode()}
    return typst.compile(_PICTURE, format="png", ppi=_PIXELS, sys_inputs=inputs, ignore_system_fonts=True)
