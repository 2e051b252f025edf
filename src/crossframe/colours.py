"""Colours: of blocs, of families of events, of shades."""

import colorsys

# Paul Tol's bright and muted schemes, safe for colour-blind readers
_COLOURS = ("#cc3311", "#0077bb", "#117733", "#ee7733", "#332288", "#aa4499", "#44aa99", "#999933", "#882255",
            "#88ccee", "#ddcc77")  # fmt: skip
# his light scheme without its grey: no bloc of the study looks like these
LIGHT = ("#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#44bb99", "#bbcc33", "#aaaa00")
HEAT = "YlOrBr"  # from nothing to much: one hue, darker and darker, for everybody
_GOLDEN = 0.618034  # hues this far apart stay apart, however many there are
_INK = "#222222"


def palette(n: int) -> list[str]:
    """Return n colours: Paul Tol's first, then hues of one lightness."""
    hues = [(i * _GOLDEN) % 1.0 for i in range(max(0, n - len(_COLOURS)))]
    more = [colorsys.hls_to_rgb(hue, 0.45, 0.55) for hue in hues]
    return [*_COLOURS[:n], *("#" + "".join(f"{round(255 * v):02x}" for v in rgb) for rgb in more)]


def shades(n: int) -> list[str]:
    """Return n greys from dark to light, for parts that are no blocs."""
    levels = [0.35 + 0.5 * i / max(1, n - 1) for i in range(n)]
    return ["#" + f"{round(255 * level):02x}" * 3 for level in levels]


def inked(colour: str) -> str:
    """Return a colour dark enough for text on white: contrast 4.5 or more (WCAG 2.2, 1.4.3), the hue kept."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    while 1.05 / (luminance(colour) + 0.05) < 4.5:
        light *= 0.97
        colour = "#" + "".join(f"{round(255 * v):02x}" for v in colorsys.hls_to_rgb(hue, light, saturation))
    return colour


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, in [0, 1] (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: str) -> str:
    """Return what is easier to read on a colour: white on dark ones, ink on light ones."""
    return "white" if luminance(colour) < 0.2 else _INK


def hex_colour(value: str) -> str:
    """Return the colour, lower case or not, if it is one.

    Raises
    ------
    ValueError
        If it is not of the form #rrggbb.
    """
    if len(value) != len("#rrggbb") or value[0] != "#" or not set(value[1:].lower()) <= set("0123456789abcdef"):
        raise ValueError("is not a colour of the form #rrggbb")
    return value
