"""Arabic for keyness: normal forms, stop words, light stems. What is shown is always a real word form."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from crossframe.text import match_form

_WORD = re.compile(r"[\u0621-\u064a\u0671\u06a9\u06cc]+")
_TOKEN = re.compile(rf"{_WORD.pattern}|[^\s\u0621-\u064a\u0671\u06a9\u06cc]+")
_MIN_LETTERS = 3
_NAME = "|"  # stands for a name that was taken out; no word, so it ends a bigram


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
    return _terms(_TOKEN.findall(_plain(text)))


def terms_without(names: Iterable[str]) -> Callable[[str], list[tuple[str, str]]]:
    """Return a function like `terms` that takes whole names out of the text before it looks for terms.

    A name also counts with a conjunction, preposition or article written together with it («لرويترز»,
    «وتاس»). Only the whole name is taken out: with «روسيا اليوم» and «موسكو 24» left out, «روسيا» and
    «موسكو» stay wherever they stand for themselves. A name ends a bigram.
    """
    known: dict[str, list[list[str]]] = {}
    for name in names:
        if found := [_folded(token) for token in _TOKEN.findall(_plain(name))]:
            known.setdefault(found[0], []).append(found)
    for same in known.values():
        same.sort(key=len, reverse=True)  # «رويترز للأنباء» before «رويترز»
    return lambda text: _terms(_masked(_TOKEN.findall(_plain(text)), known))


@lru_cache(maxsize=1)  # a study's outlets stay the same from text to text
def _finder(names: tuple[str, ...]) -> Callable[[str], list[tuple[str, str]]]:
    return terms_without(names)


def terms_beside(text: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the terms of one text without these names; see `terms_without`."""
    return _finder(names)(text)


def _terms(tokens: Iterable[str]) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    previous: tuple[str, str] | None = None
    for word in tokens:
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


def _masked(tokens: Sequence[str], known: Mapping[str, Sequence[Sequence[str]]]) -> list[str]:
    """Put a mark in the place of each name."""
    folded = [_folded(token) for token in tokens]
    out: list[str] = []
    i = 0
    while i < len(tokens):
        lengths = [
            len(name)
            for start in _bare(folded[i])
            for name in known.get(start, ())
            if folded[i + 1 : i + len(name)] == list(name[1:])
        ]
        out.append(_NAME if lengths else tokens[i])
        i += max(lengths, default=1)
    return out


def _folded(token: str) -> str:
    """Return what tokens are compared by: the match form, without the punctuation around a number."""
    return match_form(token).strip("،.؟!:؛,;\"'“”«»()[]")


def _bare(folded: str) -> list[str]:
    """Return a word as it stands and without what Arabic writes together with the word that follows."""
    out = [folded]
    if folded[:1] in {"و", "ف"}:
        out.append(folded[1:])
    for word in list(out):
        if word.startswith("لل"):
            out.append("ال" + word[2:])
        if word[:1] in {"ب", "ل", "ك"}:
            out.append(word[1:])
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
