"""Digits of Arabic output: as in Latin script, or Arabic-Indic with the Arabic decimal and per cent signs."""

from typing import Literal

Numerals = Literal["latin", "arabic-indic"]

_INDIC = str.maketrans({**{str(i): chr(0x0660 + i) for i in range(10)}, ".": "\u066b", "%": "\u066a"})


def numerals(number: str, style: Numerals) -> str:
    """Return a printed number in that style; anything but digits, point and per cent sign stays as it is.

    >>> numerals("12.5", "arabic-indic")
    '١٢٫٥'
    """
    return number if style == "latin" else number.translate(_INDIC)
