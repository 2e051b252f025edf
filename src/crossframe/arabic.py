"""Arabic for keyness: normal forms, stop words, light stems. What is shown is always a real word form."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from crossframe.text import match_form

_WORD = re.compile(r"[\u0621-\u064a\u0671\u06a9\u06cc]+")
_MIN_LETTERS = 3


@cache
def stop_words() -> frozenset[str]:
    """Return the stop words, in their match form (list: lexicon/stopwords-ar.txt)."""
    text = files("crossframe").joinpath("lexicon/stopwords-ar.txt").read_text(encoding="utf-8")
    return frozenset(match_form(line) for line in text.splitlines() if line and not line.startswith("#"))


def words(text: str) -> list[str]:
    """Return the Arabic words of a text as they stand, without diacritics and tatweel; digits are left out."""
    return _WORD.findall(re.sub(r"[\u064b-\u0652\u0670\u0640]", "", text))


@cache
def stem(word: str) -> str:
    """Return the light stem of a word: the snowball algorithm for Arabic on its match form."""
    from snowballstemmer import stemmer

    return str(stemmer("arabic").stemWord(match_form(word)))


def terms(text: str) -> list[tuple[str, str]]:
    """Return the unigrams and bigrams of a text as (key, shown form); stop words end a bigram."""
    out: list[tuple[str, str]] = []
    previous: tuple[str, str] | None = None
    for word in words(text):
        folded = match_form(word)
        if folded in stop_words() or _without_clitic(folded) in stop_words() or len(folded) < _MIN_LETTERS:
            previous = None
            continue
        current = (stem(word), word)
        out.append(current)
        if previous is not None:
            out.append((f"{previous[0]} {current[0]}", f"{previous[1]} {current[1]}"))
        previous = current
    return out


def _without_clitic(folded: str) -> str:
    """Take a leading conjunction off, so that «ومن» counts as the stop word «من»."""
    return folded[1:] if folded[:1] in {"و", "ف"} and len(folded) > 2 else folded


def shown_forms(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the most frequent real form of each key; ties go to the first in code-point order."""
    counts: dict[str, Counter[str]] = {}
    for key, form in pairs:
        counts.setdefault(key, Counter())[form] += 1
    return {key: min(c, key=lambda form: (-c[form], form)) for key, c in counts.items()}


def name_stems(names: Sequence[str]) -> frozenset[str]:
    """Return the keys of all words in `names`, to be left out (an outlet's own name marks no framing)."""
    return frozenset(stem(word) for name in names for word in words(name))
