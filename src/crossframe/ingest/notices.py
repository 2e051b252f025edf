"""Lines about the page itself: whose it is, where it was published first, where readers' comments begin."""

import re

from crossframe.ingest.words import folded
from crossframe.text import match_form, match_map

_FIRST = re.compile(
    r"^(?:(?:the post|the article)\b.{0,200}\bappeared first on|"
    r"(?:ظهر|ظهرت)(?: هذه| هذا)? (?:المقالة|المقال|التدوينة|الخبر|المادة|الموضوع)\b.{0,200}"
    r"(?:اولا|لاول مرة) (?:علي|في)|"
    r"(?:تم )?(?:نقل|نقلت|نشر|نشرت|جلب|اقتباس|استيراد)(?: هذا| هذه| ال)? ?"
    r"(?:الخبر|خبر|المقال|المقالة|المادة|التقرير|المحتوي)(?: \w+)? (?:من|عن|نقلا عن)(?: ال?مصدر)?|"
    r"لقراءة (?:الخبر|المقال) (?:من المصدر|كاملا) (?:علي|في|من))\s*[:：]?\s*(?=\S)"
)
_RIGHTS = re.compile(
    r"(?:جميع|كل|كافة)?\s?(?:ال)?حقوق(?: ال(?:نشر|طبع|ملكية|فكرية)(?: والنشر)?)*(?: محفوظة)?|محفوظة|"
    r"©|ⓒ|\(c\)|copyright|all rights reserved|reserved|все права защищены|"
    r"всі права захищені|저작권자|무단.*|版权所有|版權所有|未经.*"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s*[–—-]\s*(?:(?:19|20)\d\d|\d\d))?|[٠-٩]{4}")
_TO = re.compile(r"^(?:ل|لدي|to|by|for)\s|^ل(?=(?:موقع|صحيفة|شبكة|وكالة|قناة|بوابة|جريدة|مجلة|مؤسسة|شركة|منصة)\s)")
_DESIGNATOR = re.compile(r"^(?:موقع|شركة|مؤسسة|the)\s")
_HOLDER_WORDS = 5
_EDGES = " .,،:;|/–—-ـ()[]«»\"'"


def first_published(text: str) -> str:
    """Return the outlet that a line says a text is taken from: "The post … appeared first on …"; '' for other lines."""
    form, places = match_map(text)
    found = _FIRST.match(form)
    return text[places[found.end()] :].strip(_EDGES) if found else ""


def holder(text: str) -> str:
    """Return whom a copyright line names: «جميع الحقوق محفوظة لصحيفة عدن الغد © 2024»; '' where it names nobody."""
    text = text.replace("ⓒ", "©")
    form, places = match_map(text)
    if not _RIGHTS.search(form):
        return ""
    rest = _YEARS.sub(lambda m: " " * len(m[0]), _RIGHTS.sub(lambda m: "\0" * len(m[0]), form))
    pieces = [m.span() for m in re.finditer(r"[^\0.|،,]+", rest) if any(c.isalpha() for c in m[0])]
    if len(pieces) != 1:
        return ""
    start, end = pieces[0]
    start, end = start + len(rest[start:end]) - len(rest[start:end].lstrip()), start + len(rest[start:end].rstrip())
    name = text[places[start] : places[end]].strip(_EDGES)
    name = re.sub(r"^لل", "ال", name)
    for pattern in (_TO, _DESIGNATOR):
        name = name[found.end() :].strip(_EDGES) if (found := pattern.match(name)) else name
    return name if 0 < len(name.split()) <= _HOLDER_WORDS else ""


def begins_comments(text: str) -> bool:
    """Return whether a line heads the readers' comments: «التعليقات (2)», "3 comments"."""
    bare = re.sub(r"[\d٠-٩():.\s]+", " ", match_form(text)).strip()
    return bare in folded("labels", "comments")
