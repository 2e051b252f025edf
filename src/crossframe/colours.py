"""Colours of blocs."""

import colorsys

# Paul Tol's bright and muted schemes, safe for colour-blind readers
_COLOURS = ("#cc3311", "#0077bb", "#117733", "#ee7733", "#332288", "#aa4499", "#44aa99", "#999933", "#882255",
            "#88ccee", "#ddcc77")  # fmt: skip
_GOLDEN = 0.618034  # hues this far apart stay apart, however many there are


def palette(n: int) -> list[str]:
    """Return n colours: Paul Tol's first, then hues of one lightness."""
    hues = [(i * _GOLDEN) % 1.0 for i in range(max(0, n - len(_COLOURS)))]
    more = [colorsys.hls_to_rgb(hue, 0.45, 0.55) for hue in hues]
    return [*_COLOURS[:n], *("#" + "".join(f"{round(255 * v):02x}" for v in rgb) for rgb in more)]


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
