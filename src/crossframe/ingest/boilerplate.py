"""What a line of a page is: article, source line, keywords, related headlines, share buttons, dates and the rest."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

from crossframe.ingest.dates import find_date
from crossframe.text import match_form, match_map


class Kind(Enum):
    """What a line is."""

    TEXT = "text"
    BLANK = "blank"
    SEPARATOR = "separator"
    SOURCE = "source"
    VIA = "via"
    KEYWORDS = "keywords"
    RELATED = "related"
    ELSEWHERE = "elsewhere"
    DATE = "date"
    BYLINE = "byline"
    NOISE = "noise"


@dataclass(frozen=True)
class Line:
    """A line of a page; `value` is what follows a label, or the ISO date of a date line."""

    text: str
    kind: Kind = Kind.TEXT
    value: str = ""
    bullet: bool = False
    heading: bool = False
    url: str = ""


MAX_LABELLED = 160  # characters of a line that a label begins; prose that happens to begin so is longer
MAX_NOISE, MAX_NOTICE = 220, 450  # characters of an invitation; of a cookie notice or a disclaimer
_BULLET = re.compile(r"^\s*(?:[•·▪●○◦‣►▶▷▸➤→☞■□◆◇★☆–—*+»›✓✔]|-(?=\s)|\d{1,2}[.)٫-](?=\s)|[٠-٩]{1,2}[.)-](?=\s))\s*")
_HASHTAG = re.compile(r"#[\w_]+")
_COLON = re.compile(r"^\s*[:：ː=|–—-]+\s*")
_VIA = re.compile(
    r"^[\s(\[*–—-]*(?:نقلا عن|(?:ترجمة|ترجمه)(?: \w+)?(?: [–—-])? عن|عن(?= [\"“«])|"
    r"via|со ссылкой на|по материалам|transmis par|reprinted from|"
    r"republished from|courtesy of)\s+"
)
_PARENTHESISED = re.compile(r"^[(\[（【].*[)\]）】]$")
_ARCHIVE = re.compile(r"ارشيف|ا ف ب|file photo|archive|getty|архив|자료|资料")
_PHOTO_TAG = re.compile(r"^\s*[\[(](?:사진|포토|영상|صور|صورة|photo|photos|video|фото|видео|图)[\])]\s*", re.I)
_CAPTION_END = re.compile(r"(?:제공|자료사진|getty images|\((?:ارشيفية|ارشيف|file|архив)\))$")
_CRUMBS = re.compile(r"^[^.؟!?]{1,40}(?:\s[>›»/|]\s[^.؟!?]{1,60}){1,6}$")
_MENU = re.compile(r"^[^.؟!?]{1,25}(?:\s[|·•]\s[^.؟!?]{1,25}){1,12}$")
_MARKDOWN = re.compile(r"#{1,6}\s+|\*\*(?=[^*]+\*\*$)")
# «الخبر الثاني:», "Article 2": a line that parts the articles of a roundup
_NUMBERED = re.compile(
    r"[\[(]?(?:الخبر|المقال|المقالة|الموضوع|article|story|item|news|новость|статья|기사|뉴스|新闻|記事)\s*(?:no\.?|رقم|№|#)?\s*"
    r"(?:\d{1,2}|[٠-٩]{1,2}|الاول|الثاني|الثالث|الرابع|الخامس|السادس|الاولي|الثانية|الثالثة|one|two|three|four|five)\s*[\])]?[:.)-]?"
)
_EMAIL_LINE = re.compile(r"(?:\S+ ){0,4}\S+@\S+\.\w+|\S{2,4} ?(?:기자|특파원)(?: \S+@\S+)?")
_CREDIT_END = re.compile(r"(?:photograph|photo|picture|image|фото|사진|صورة|الصورة|تصوير|عدسة)\s?[:/=]\s?[^.:]{2,40}$")
_COUNT = re.compile(r"[\d\s.,:/()|+-]+")
_PROSE_WORDS = 12
_NOTICES = ("copyright", "invitation")
_DATE_LETTERS, _LABELLED_LETTERS = 3, 30  # besides a date: of a bare line, of one that a label begins
_HEADING_WORDS, _VIA_WORDS, _NAME_WORDS = 4, 9, 8
_OPENING, _CLOSING = " ([*#<«“\"'▌|:-", " )]*#>»”\"'|:.…–—-"


@cache
def _words() -> dict[str, Any]:
    path = files("crossframe.ingest").joinpath("data/boilerplate.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def folded(section: str, name: str) -> frozenset[str]:
    """Return the match forms of one list of data/boilerplate.toml."""
    return frozenset(match_form(word) for word in _words()[section][name])


@cache
def _label(name: str) -> re.Pattern[str]:
    """Return a pattern of one label at the start of a line; ``value`` is what a colon or the end leaves."""
    ordered = sorted(folded("labels", name), key=len, reverse=True)
    return re.compile(rf"(?P<label>{'|'.join(re.escape(w) for w in ordered)})(?P<rest>.*)", re.S)


def classify(text: str, *, heading: bool = False, url: str = "", bullet: bool = False) -> Line:
    """Return what a line is.

    Parameters
    ----------
    text
        One line, without its line end.
    heading, url, bullet
        What the page's markup says of it, where there is markup.
    """
    stripped = text.strip()
    if not stripped:
        return Line("", Kind.BLANK)
    if not any(c.isalnum() for c in stripped):
        return Line(stripped, Kind.SEPARATOR)
    if _NUMBERED.fullmatch(match_form(stripped)):
        return Line(stripped, Kind.SEPARATOR)
    if found := _MARKDOWN.match(stripped):
        stripped, heading = stripped[found.end() :].strip(" #*"), heading or found[0].startswith("#")
    mark = _BULLET.match(stripped)
    body = _PHOTO_TAG.sub("", stripped[mark.end() :] if mark else stripped).strip()
    kind, value = _kind(body, match_form(body))
    return Line(body, kind, value, bullet or mark is not None, heading, url)


def _kind(text: str, form: str) -> tuple[Kind, str]:
    """Return the kind of a line without its bullet, and its value."""
    tests = (_by_label, _by_hashtags, _by_date, _by_noise, _by_byline)
    return next((found for test in tests if (found := test(text, form))), (Kind.TEXT, ""))


def _by_label(text: str, form: str) -> tuple[Kind, str] | None:
    """Tell a line by the label that it begins with: «المصدر: …», "Tags", «اقرأ أيضاً:», «نقلاً عن …»."""
    if len(form) > MAX_LABELLED:
        return None
    if _is_related_heading(text, form):
        return Kind.RELATED, ""
    for name, kind in (("source", Kind.SOURCE), ("keywords", Kind.KEYWORDS), ("related", Kind.RELATED)):
        value = _labelled(text, name)
        if value is not None and (value or _alone(text, name)):
            return kind, value
    if _alone(text, "elsewhere"):
        return Kind.ELSEWHERE, ""
    via = _VIA.match(form)
    if via and len(form.split()) <= _VIA_WORDS and not form.endswith(("،", ",")):
        return Kind.VIA, text[match_map(text)[1][via.end()] :].strip(_CLOSING)
    return None


def _by_hashtags(text: str, _form: str) -> tuple[Kind, str] | None:
    return (Kind.KEYWORDS, text) if _is_hashtags(text) else None


def _by_date(text: str, form: str) -> tuple[Kind, str] | None:
    found = _date_line(text, form)
    return None if found is None else (Kind.DATE, found)


def _by_noise(text: str, form: str) -> tuple[Kind, str] | None:
    return (Kind.NOISE, "") if _is_noise(text, form) else None


def _by_byline(text: str, form: str) -> tuple[Kind, str] | None:
    short = len(form) <= MAX_LABELLED and len(form.split()) <= _PROSE_WORDS
    name = _labelled(text, "byline", strict=True) if short else None
    named = (name and len(name.split()) <= _NAME_WORDS) or (short and _EMAIL_LINE.fullmatch(form))
    return (Kind.BYLINE, "") if named else None


def _labelled(text: str, name: str, *, strict: bool = False) -> str | None:
    """Return what follows a label and its colon; '' where the label stands alone; None where there is none.

    A byline (`strict`) needs no colon: "By Jane Example"; there the next word must begin with a capital.
    """
    form, places = match_map(text)
    skipped = len(form) - len(form.lstrip(_OPENING))
    found = _label(name).match(form, skipped)
    if found is None or (found["rest"][:1].isalnum()):
        return None
    rest = found["rest"]
    if not rest.strip(_CLOSING):
        return ""
    if colon := _COLON.match(rest):
        return text[places[found.start("rest") + colon.end()] :].strip(_CLOSING)
    value = text[places[found.start("rest")] :].strip()
    return value if strict and value[:1].isupper() else None


def _is_related_heading(text: str, form: str) -> bool:
    """Return whether a short line with a tell-tale word heads a list: «أخبار قد تهمك», "Related posts:"."""
    if len(form.split()) > _HEADING_WORDS or text.rstrip().endswith((".", "،", "؟", "!")):
        return False
    return any(re.search(rf"(?<!\w){re.escape(w)}", form) for w in folded("contains", "related"))


def _alone(text: str, name: str) -> bool:
    """Return whether the line is the label alone."""
    return match_form(text).strip(_OPENING + _CLOSING) in folded("labels", name)


def _is_hashtags(text: str) -> bool:
    tags = _HASHTAG.findall(text)
    rest = _HASHTAG.sub(" ", text)
    return bool(tags) and len(re.findall(r"\w+", rest)) <= len(tags) // 2


def _date_line(text: str, form: str) -> str | None:
    """Return the date of a line that is a date and little else ('' where it cannot be read), or None."""
    if len(form) > MAX_LABELLED:
        return None
    value = _labelled(text, "date")
    label = _label("date").match(form)
    if value is None and label and label["rest"].startswith(" "):
        value = label["rest"].strip()
    date, rest = find_date(value or text)
    letters = sum(c.isalpha() for c in rest)
    if (date or rest != " ".join(form.split())) and letters <= _DATE_LETTERS:
        return date
    return date if value and date and letters <= _LABELLED_LETTERS else None


def _is_noise(text: str, form: str) -> bool:
    """Return whether a line is furniture: a notice, a menu, a caption, share buttons, "comments (4)"."""
    bare = " ".join(_COUNT.sub(" ", form).split()).strip(" :.…")
    if bare in folded("whole", "noise") or not bare:
        return True
    if len(form) <= MAX_NOTICE and any(w in form for w in folded("contains", "notice")):
        return True
    if len(form) > MAX_NOISE:
        return False
    if "ⓒ" in text or any(w in form for name in _NOTICES for w in folded("contains", name)):
        return len(form.split()) <= 2 * _PROSE_WORDS or not form.endswith((".", "؟", "!"))
    parts = set(re.split(r"\s[>›»/|·•]\s", form)) if _CRUMBS.match(form) or _MENU.match(form) else set()
    return bool(parts & folded("whole", "noise")) or _is_caption(text, form) or _is_share(form)


def _is_caption(text: str, form: str) -> bool:
    """Return whether a line is a photo's caption: by its label, or short, in brackets, with an archive's word."""
    value = _labelled(text, "caption")
    if value or (value == "" and _alone(text, "caption")):
        return True
    if _PARENTHESISED.match(form) and len(form.split()) <= _PROSE_WORDS and _ARCHIVE.search(form):
        return True
    if len(form.split()) <= 2 * _PROSE_WORDS and _CREDIT_END.search(form):
        return True
    return len(form.split()) <= _PROSE_WORDS and bool(_CAPTION_END.search(form))


def _is_share(form: str) -> bool:
    tokens = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", form)
    core, other = folded("share", "core"), folded("share", "other")
    return bool(tokens) and any(t in core for t in tokens) and all(t in core or t in other for t in tokens)


def is_outlet_like(name: str) -> bool:
    """Return whether a name holds a word that outlets have in theirs («برس», "Gazette", «신문»)."""
    form = match_form(name)
    tokens = set(re.findall(r"\w+", form))
    return any(
        w in tokens or (not w.isascii() and len(w) >= 2 and form.endswith(w)) for w in folded("outlet_words", "words")
    )


def is_generic(name: str) -> bool:
    """Return whether a source line names nobody in particular: «وكالات», "agencies"."""
    parts = [
        p.strip(" .")
        for p in re.split(r"[+،,/|&؛;]| و(?=ال|وكالات|مواقع)| - | and ", match_form(name))
        if p.strip(" .")
    ]
    generic = folded("outlet_words", "generic")
    return not parts or all(p in generic or all(word in generic for word in p.split()) for p in parts)


def classify_lines(lines: Sequence[str]) -> list[Line]:
    """Classify the lines of a plain text."""
    return [classify(line) for line in lines]
