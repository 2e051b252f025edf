"""Foreign names in Arabic letters, spelt in one of many ways: «الجارديان», «غارديان», «كوميرسنت», «كومرسانط»."""

import re
from collections.abc import Sequence
from functools import lru_cache

from crossframe.text import match_form

MIN_SKELETON, SURE_SKELETON = 4, 6  # consonants of a name that is looked for at all; that no ordinary words give
_SAME = str.maketrans("غقگطڤپچ", "جججتفبش")  # «غارديان», «جارديان», «قارديان»
_VOWELS = re.compile(r"[اويهةءئؤعى]")
_ARTICLE, _ARTICLES = re.compile(r"^(?:ال|لل)"), {"ذا", "ذي"}
_DESIGNATED = re.compile(
    r"(?:ال)?(?:وكاله|وكالة|صحيفة|قناة|موقع|مجلة|شبكة|هيئة|اذاعة|راديو|جريدة|مركز|معهد|بوابة|تلفزيون)(?!\w)"
)
_ARABIC = re.compile(r"[\u0621-\u064aپچڤگ]+")
_DOUBLE = re.compile(r"(.)\1")


def skeleton(name: str) -> str:
    """Return the consonants of a name in Arabic letters without article; '' for names in other letters or too short.

    Letters that stand for one foreign sound are made the same, vowels and doubled letters go.
    """
    words = match_form(re.sub(r"[.\-–'’]", " ", name)).split()
    return joined([opening(word) if i == 0 else bones(word) for i, word in enumerate(words)])


def joined(pieces: Sequence[str | None]) -> str:
    """Return the skeleton of words from their own ones; '' where one has none or all are too short together."""
    if not pieces or None in pieces:
        return ""
    whole = _DOUBLE.sub(r"\1", "".join(piece for piece in pieces if piece))
    return whole if len(whole) >= MIN_SKELETON else ""


@lru_cache(maxsize=65_536)
def bones(word: str) -> str | None:
    """Return the consonants of a word (in its match form); None for a word in other letters."""
    return _DOUBLE.sub(r"\1", _VOWELS.sub("", word.translate(_SAME))) if _ARABIC.fullmatch(word) else None


@lru_cache(maxsize=65_536)
def opening(word: str) -> str | None:
    """Return the consonants of a name's first word without its article; None for «صحيفة» and the like."""
    if _DESIGNATED.fullmatch(word):
        return None
    return "" if word in _ARTICLES else bones(_ARTICLE.sub("", word))
