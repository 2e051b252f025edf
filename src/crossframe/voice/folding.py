"""Match forms that keep the way back to the text: what is found in the folded text is shown as it stands."""

from functools import cache

from crossframe.text import match_form

ARABIC_SCRIPT = frozenset({"ar", "fa"})
_JOINER = "\u200c"  # Persian writes پیونگ‌یانگ with it, with a space, or with neither


def fold_word(text: str) -> str:
    """Return the match form of a word or phrase; the zero-width non-joiner counts as a space."""
    return match_form(text.replace(_JOINER, " "))


def fold(text: str, language: str) -> tuple[str, list[int]]:
    """Return a text's folded form and, for each of its characters and its end, the position in the text.

    Only Arabic script is folded: elsewhere case tells names from words (US, Wood, Вуд).
    """
    if language not in ARABIC_SCRIPT:
        return text, list(range(len(text) + 1))
    folded: list[str] = []
    positions: list[int] = []
    for i, c in enumerate(text):
        piece = _folded_character(c)
        folded.append(piece)
        positions += [i] * len(piece)
    return "".join(folded), [*positions, len(text)]


@cache
def _folded_character(c: str) -> str:
    if c == "\n":
        return c
    return " " if c.isspace() or c == _JOINER else match_form(c)
