"""What a line of running text looks like: a paragraph, a headline, a dateline."""

import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from crossframe.ingest.boilerplate import Kind, Line
from crossframe.ingest.gazetteer import AGENCY, OFFICIAL, Source
from crossframe.ingest.words import is_generic, is_outlet_like
from crossframe.text import match_form

Known = Callable[[str], Source | None]

DATELINE_WORDS = 7
_MASTHEAD_WORDS = 4
_FULL_STOP = re.compile(r"[.。｡…][\s”»\"'’)）\]]*$")
_NO_TITLE_END = re.compile(r"[.،؛,;:。、][\s”»\"'’)]*$")
_COMMA = re.compile("[،,、؛;]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BODY_WORDS, _BODY_CJK, _BODY_LENGTH = 8, 22, 150  # with a full stop; with one; without
_LONG_WORDS, _CLAUSE_WORDS = 14, 12  # of a paragraph without a full stop, of one with a comma: headlines are shorter
_LATIN_WORDS = 5  # more in languages that write articles and prepositions as words
_LONGEST_HEADLINE = 26  # words; some papers write such
_TITLE_LENGTH, _TITLE_WORDS, _TITLE_CJK = 200, 4, 8
_ROW, _ROW_WORDS = 2, 3  # marks, and words between them, of a row of names
_BESIDE = re.compile(r"\s[–—|/-]\s|\s*\|\s*|[،,]\s")
_STEM, _MIN_STEM = 5, 3
_INLINE_DATELINE = re.compile(r"^\s*([^:：.؟!\n]{2,45}?)\s*(?:[:：]|\s[–—-])\s+(?=\S)")


def is_body(line: Line) -> bool:
    """Return whether a line is a paragraph of running text."""
    if line.kind is not Kind.TEXT:
        return False
    cjk, words = cjk_letters(line.text), len(line.text.split())
    if (cjk >= _BODY_CJK or words >= _BODY_WORDS) and _FULL_STOP.search(line.text):
        return True
    spare = _LATIN_WORDS if line.text[:40].isascii() else 0
    clause = words >= _CLAUSE_WORDS + spare and _COMMA.search(line.text) is not None
    return len(line.text) >= _BODY_LENGTH or words >= _LONG_WORDS + spare or clause


def is_title(line: Line) -> bool:
    """Return whether a line may be a headline."""
    if line.kind is not Kind.TEXT or is_body(line) or len(line.text) > _TITLE_LENGTH:
        return False
    wordy = len(line.text.split()) >= 2 or cjk_letters(line.text) >= _TITLE_CJK
    return wordy and not _NO_TITLE_END.search(line.text)


def is_long_headline(line: Line, following: Line | None) -> bool:
    """Return whether a line as long as a paragraph is a headline: no full stop in it, a longer paragraph after it."""
    if _FULL_STOP.search(line.text) or len(line.text.split()) > _LONGEST_HEADLINE:
        return False
    return following is not None and is_body(following) and len(following.text) > len(line.text)


def headline(lines: Sequence[Line]) -> int | None:
    """Return which line is the title: the first marked as a heading, else the first of four words, else the last."""
    titles = [i for i, line in enumerate(lines) if is_title(line) and not is_piped(line.text)]
    marked = [i for i in titles if lines[i].heading]
    wordy = [i for i in titles if is_wordy(lines[i].text)]
    return next(iter(marked or wordy or titles[-1:]), None)


def is_piped(text: str) -> bool:
    """Return whether a line is a row of short names, «| عربي ودولي | تقارير |»: rubrics or keywords, no headline."""
    parts = [p for p in re.split(r"\s*[|»›>]\s*", text.strip()) if p]
    marks = len(re.findall(r"[|»›>]", text))
    return marks >= _ROW and all(len(p.split()) <= _ROW_WORDS for p in parts)


def is_credit(text: str) -> bool:
    """Return whether a short line is two or three names beside each other: «عدن الغد – قسم الترجمة», «نيوز | كييف»."""
    parts = [p for p in _BESIDE.split(text.strip(" ()[]*:")) if p.strip()]
    return len(parts) in {2, 3} and all(len(p.split()) <= _ROW_WORDS for p in parts) and not _FULL_STOP.search(text)


def outlet_among(text: str, known: Known) -> str:
    """Return the outlet that a part of a line is the name of: «الشرق نيوز | كييف»; '' where none is."""
    parts = [p.strip(" :()[]*") for p in _BESIDE.split(text)]
    found = next((source.name for p in parts if p and (source := known(p))), "")
    return found or next((p for p in parts if p and len(p.split()) <= _ROW_WORDS and is_outlet_like(p)), "")


def first_crumb(text: str, known: Known) -> str:
    """Return the outlet that a trail of crumbs begins with: «لبنان 24 > متفرقات > خاص»; '' for others."""
    source = known(re.split(r"\s*[|»›>]\s*", text.strip(" |"))[0]) if is_piped(text) else None
    return source.name if source else ""


def is_wordy(text: str) -> bool:
    """Return whether a short line says enough to be a headline and not a rubric."""
    return len(text.split()) >= _TITLE_WORDS or cjk_letters(text) >= _TITLE_CJK


def is_masthead(text: str) -> bool:
    """Return whether a short line above a headline is an outlet's name."""
    return len(text.split()) <= _MASTHEAD_WORDS and is_outlet_like(text)


def cjk_letters(text: str) -> int:
    """Return how many Chinese, Japanese and Korean letters a text has; each says about as much as two others."""
    return len(_CJK.findall(text))


def dateline(line: Line, known: Known) -> str:
    """Return the outlet that a short line names and nothing else: «الجديد برس:», «صنعاء – سبأ نت:»."""
    words = line.text.split()
    if line.kind is not Kind.TEXT or len(words) > DATELINE_WORDS or line.bullet:
        return ""
    colon = line.text.rstrip().endswith((":", "："))
    parts = [p.strip(" :：*") for p in re.split(r"\s[–—/|-]\s?|[،,/|()]|[:：]\s*$", line.text)]
    parts = [p for p in parts if p]
    for part in parts:
        if found := known(part):
            return found.name if colon or len(words) <= _MASTHEAD_WORDS else ""
    outlets = [p for p in parts if is_outlet_like(p)]
    alone = len(parts) > len(outlets) == 1 and all(is_generic(p) for p in parts if p not in outlets)
    return outlets[0] if outlets and (colon or alone) else ""


def inline_dateline(text: str, known: Known) -> tuple[str, str]:
    """Return the outlet that a first paragraph begins with, «الجديد برس – صنعاء: …», and the paragraph without it.

    An agency's dateline stays: it says whose text this is, not who publishes it.
    """
    found = _INLINE_DATELINE.match(text)
    if found is None or len(found[1].split()) > DATELINE_WORDS:
        return "", text
    for part in re.split(r"\s[–—/|-]\s|[،,/|()]", found[1]):
        source = known(part)
        if source is not None and source.kind not in {AGENCY, OFFICIAL}:
            return source.name, text[found.end() :]
    return "", text


def goes_on(text: str) -> bool:
    """Return whether a paragraph takes the thread of an earlier one up: «وأضاف», "He added", «По словам»."""
    return _openings().match(match_form(text)) is not None


def shares_words(title: str, paragraph: str) -> bool:
    """Return whether a headline shares two words with a paragraph, or half of its own if it has few."""
    own = _stems(title)
    return len(own & _stems(paragraph)) >= min(2, max(1, len(own) // 2))


def is_nearer(title: str, following: str, before: str) -> bool:
    """Return whether a headline shares more words with what follows than with the text before."""
    own = _stems(title)
    return len(own & _stems(following)) > len(own & _stems(before))


@cache
def _openings() -> re.Pattern[str]:
    table = tomllib.loads(files("crossframe.ingest").joinpath("data/cues.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{row})" for row in table["goes_on"].values()))


def _stems(text: str) -> set[str]:
    """Return the first letters of the longer words, without Arabic's article and conjunctions."""
    bare = [re.sub(r"^[وفبلك]?(?:ال|لل)", "", w) for w in re.findall(r"\w{3,}", match_form(text))]
    return {word[:_STEM] for word in bare if len(word) >= _MIN_STEM + word.isascii()}
