"""Arabic for keyness: normal forms, stop words, light stems. What is shown is always a real word form."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from crossframe.text import match_form

_WORD = re.compile(r"[\u0621-\u064a\u0671\u06a9\u06cc]+")
_TOKEN = re.compile(rf"{_WORD.pattern}|[^\s\u0621-\u064a\u0671\u06a9\u06cc]+")
_MIN_LETTERS = 3


@cache
def stop_words() -> frozenset[str]:
    """Return the stop words, in their match form (list: lexicon/stopwords-ar.txt)."""
    text = files("crossframe").joinpath("lexicon/stopwords-ar.txt").read_text(encoding="utf-8")
    return frozenset(match_form(line) for line in text.splitlines() if line and not line.startswith("#"))


def words(text: str) -> list[str]:
    """Return the Arabic words of a text as they stand, without diacritics and tatweel; digits are left out."""
    return _WORD.findall(_plain(text))


@cache
def stem(word: str) -> str:
    """Return the light stem of a word: the snowball algorithm for Arabic on its match form."""
    from snowballstemmer import stemmer

    return str(stemmer("arabic").stemWord(match_form(word)))


def terms(text: str) -> list[tuple[str, str]]:
    """Return the unigrams and bigrams of a text as (key, shown form).

    Stop words, digits and punctuation end a bigram.
    """
    out: list[tuple[str, str]] = []
    previous: tuple[str, str] | None = None
    for word in _TOKEN.findall(_plain(text)):
        folded = match_form(word)
        if not _WORD.fullmatch(word) or _is_stop(folded):
            previous = None
            continue
        current = (stem(word), word)
        out.append(current)
        if previous is not None:
            out.append((f"{previous[0]} {current[0]}", f"{previous[1]} {current[1]}"))
        previous = current
    return out


def _is_stop(folded: str) -> bool:
    return folded in stop_words() or _without_clitic(folded) in stop_words() or len(folded) < _MIN_LETTERS


def _plain(text: str) -> str:
    """Take diacritics and tatweel away."""
    return re.sub(r"[\u064b-\u0652\u0670\u0640]", "", text)


def _without_clitic(folded: str) -> str:
    """Take a leading conjunction off, so that «ومن» counts as the stop word «من»."""
    return folded[1:] if folded[:1] in {"و", "ف"} and len(folded) > 2 else folded


def shown_forms(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the most frequent real form of each key; ties go to the first in code-point order."""
    counts: dict[str, Counter[str]] = {}
    for key, form in pairs:
        counts.setdefault(key, Counter())[form] += 1
    return {key: min(c, key=lambda form: (-c[form], form)) for key, c in counts.items()}


def name_keys(names: Sequence[str]) -> frozenset[str]:
    """Return the keys of terms that are an outlet's name, or two words in a row of one.

    A single word is left out only where it is the whole name («رويترز», not the «روسيا» of «روسيا اليوم»).
    """
    out = set()
    for name in names:
        stems = [stem(word) for word in words(name)]
        if len(stems) == 1:
            out.add(stems[0])
        out |= {f"{a} {b}" for a, b in pairwise(stems)}
    return frozenset(out)
