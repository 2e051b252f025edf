"""What a line of a page is: article, source line, keywords, related headlines, share buttons, dates and the rest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from crossframe.ingest import notices
from crossframe.ingest.dates import find_date
from crossframe.ingest.words import CLOSING, alone, folded, label, label_inside, labelled
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
    COMMENTS = "comments"
    DATE = "date"
    BYLINE = "byline"
    NOISE = "noise"


@dataclass(frozen=True)
class Line:
    """A line of a page; `value` is what follows a label, a date line's ISO date, or whom a copyright line names.

    `number` is that of a numbered line.
    """

    text: str
    kind: Kind = Kind.TEXT
    value: str = ""
    bullet: bool = False
    heading: bool = False
    url: str = ""
    number: int = 0


MAX_LABELLED = 160  # characters of a line that a label begins; prose that happens to begin so is longer
MAX_NOISE, MAX_NOTICE = 220, 450  # characters of an invitation; of a cookie notice or a disclaimer
_BULLET = re.compile(r"^\s*(?:[•·▪●○◦‣►▶▷▸➤→☞■□◆◇★☆–—*+»›✓✔]|-(?=\s)|\d{1,2}[.)٫-](?=\s)|[٠-٩]{1,2}[.)-](?=\s))\s*")
_PICTOGRAPH = re.compile("(?:[\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]\ufe0f?\u200d?\\s*)+(?=\\S)")
_POINTERS = "🔹🔸🔷🔶🔺🔻👈👉➡⬅🔘🔳🔲"
_HASHTAG = re.compile(r"#[\w_]+")
_VIA = re.compile(
    r"^[\s(\[*–—-]*(?:نقلا عن|(?:ترجمة|ترجمه)(?: \w+)?(?: [–—-])? عن|عن(?= [\"“«])|"
    r"via|со ссылкой на|по материалам|transmis par|reprinted from|"
    r"republished from|courtesy of)\s+"
)
_VIA_NAME = re.compile(r"^[\s(\[*–—-]*عن(?:\s?[:/]\s?|\s(?=(?:صحيفة|جريدة|مجلة|وكالة|موقع|شبكة|قناة)\s))(?=\S)")
_DATE_PARTS = re.compile(r"\s?[|•·]\s?|\s[–—-]\s|[،,]\s")
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
_OUR_OWN = re.compile(
    r"(?:by|from) (?:our|an?|staff|special) (?:\w+ )?(?:correspondent|reporter|writer|staff)s?\b|من مراسلنا\b"
)
_CREDIT_END = re.compile(r"(?:photograph|photo|picture|image|фото|사진|صورة|الصورة|تصوير|عدسة)\s?[:/=]\s?[^.:]{2,40}$")
_COUNT = re.compile(r"[\d\s.,:/()|+-]+")
_PROSE_WORDS, _RUBRIC_WORDS = 12, 3
_NOTICES = ("copyright", "invitation")
_DATE_LETTERS, _LABELLED_LETTERS = 3, 30  # besides a date: of a bare line, of one that a label begins
_HEADING_WORDS, _VIA_WORDS, _NAME_WORDS, _NAME_LINE = 4, 9, 8, 6
_MOST = re.compile(r"الاكثر (?:قراءة|مشاهدة|تداولا|تفاعلا|تعليقا|شعبية|رواجا|بحثا|مشاركة|زيارة)")
_DATE_PART_WORDS = 3  # of what stands beside a date on its line: a place, a number of readers, a writer
_BESIDE_DATE = re.compile(  # words that stand with dates: the calendar, the clock, the counters
    r"(?<!\w)(?:الموافق|هجرية|ميلادية|هجري|ميلادي|ه|م|تاريخ|النشر|نشر|نشرت|في|بتاريخ|اخر|تحديث|تم|التحديث|كتب|اضيف|اضيفت|عدد|القراءات|"
    r"القراء|المشاهدات|قراءة|قراءات|مشاهدة|مشاهدات|زيارة|زيارات|تعليق|تعليقات|الزيارات|دقيقة|دقائق|ساعة|updated|last|published|posted|on|"
    r"views|comments|read|min|просмотров|просмотры|обновлено|опубликовано|조회수?|수정|입력|등록)(?!\w)"
)


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
    if found := _PICTOGRAPH.match(stripped):
        stripped, bullet = stripped[found.end() :].strip(), bullet or any(c in _POINTERS for c in found[0])
    mark = _BULLET.match(stripped)
    digits = re.sub(r"\D", "", mark[0]) if mark else ""
    body = _PHOTO_TAG.sub("", stripped[mark.end() :] if mark else stripped).strip()
    if len(body) <= MAX_LABELLED and (title := labelled(body, "title")):
        body, heading = title, True
    kind, value = _kind(body, match_form(body))
    return Line(body, kind, value, bullet or mark is not None, heading, url, int(digits or 0))


def _kind(text: str, form: str) -> tuple[Kind, str]:
    """Return the kind of a line without its bullet, and its value."""
    tests = (_by_label, _by_hashtags, _by_date, _by_noise, _by_byline)
    return next((found for test in tests if (found := test(text, form))), (Kind.TEXT, ""))


def _by_label(text: str, form: str) -> tuple[Kind, str] | None:
    """Tell a line by the label that it begins with: «المصدر: …», "Tags", «اقرأ أيضاً:», «نقلاً عن …»."""
    if len(form) <= MAX_NOTICE and (name := notices.first_published(text)):
        return Kind.SOURCE, name
    return None if len(form) > MAX_LABELLED else _by_heading(text, form) or _by_value(text) or _by_via(text, form)


def _by_heading(text: str, form: str) -> tuple[Kind, str] | None:
    """Tell the heading of a list or of readers' comments."""
    if _is_related_heading(text, form) or _is_joint_heading(text):
        return Kind.RELATED, ""
    if alone(text, "elsewhere") or (_MOST.match(form) and len(form.split()) <= _HEADING_WORDS):
        return Kind.ELSEWHERE, ""
    return (Kind.COMMENTS, "") if notices.begins_comments(text) else None


def _by_value(text: str) -> tuple[Kind, str] | None:
    for name, kind in (("source", Kind.SOURCE), ("keywords", Kind.KEYWORDS), ("related", Kind.RELATED)):
        value = labelled(text, name)
        if value is not None and (value or alone(text, name)):
            topics = kind is Kind.RELATED and _is_topics(value)
            return (Kind.KEYWORDS if topics else kind), value
    return None


def _is_topics(value: str) -> bool:
    """Return whether what follows «مواضيع متعلقة:» is a row of catchwords: short, with commas between."""
    parts = [p.split() for p in re.split("[،,、]", value)]
    return len(parts) > 1 and all(0 < len(p) <= _RUBRIC_WORDS for p in parts)


def _by_via(text: str, form: str) -> tuple[Kind, str] | None:
    words = len(form.split())
    via = (_VIA.match(form) if words <= _VIA_WORDS else None) or (
        _VIA_NAME.match(form) if words <= _NAME_LINE else None
    )
    if via and not form.endswith(("،", ",", "؟")):
        return Kind.VIA, text[match_map(text)[1][via.end()] :].strip(CLOSING)
    return None


def _by_hashtags(text: str, _form: str) -> tuple[Kind, str] | None:
    return (Kind.KEYWORDS, text) if _is_hashtags(text) else None


def _by_date(text: str, form: str) -> tuple[Kind, str] | None:
    found = _date_line(text, form)
    return None if found is None else (Kind.DATE, found)


def _by_noise(text: str, form: str) -> tuple[Kind, str] | None:
    return (Kind.NOISE, notices.holder(text)) if _is_noise(text, form) else None


def _by_byline(text: str, form: str) -> tuple[Kind, str] | None:
    short = len(form) <= MAX_LABELLED and len(form.split()) <= _PROSE_WORDS
    name = labelled(text, "byline", strict=True) if short else None
    if short and _OUR_OWN.match(form):
        return Kind.BYLINE, ""
    named = (name and len(name.split()) <= _NAME_WORDS) or (short and _EMAIL_LINE.fullmatch(form))
    return (Kind.BYLINE, "") if named else None


def _is_related_heading(text: str, form: str) -> bool:
    """Return whether a short line with a tell-tale word heads a list: «أخبار قد تهمك», "Related posts:"."""
    if len(form.split()) > _HEADING_WORDS or text.rstrip().endswith((".", "،", "؟", "!")):
        return False
    return any(re.search(rf"(?<!\w){re.escape(w)}", form) for w in folded("contains", "related"))


def _is_joint_heading(text: str) -> bool:
    """Return whether a line is two headings of lists: «أخبار متعلقة | أخبار ذات صلة»."""
    parts = [p.strip() for p in re.split(r"\s?[|/•]\s?", text) if p.strip()]
    return len(parts) > 1 and all(alone(p, "related") or alone(p, "elsewhere") for p in parts)


def _is_hashtags(text: str) -> bool:
    tags = _HASHTAG.findall(text)
    rest = _HASHTAG.sub(" ", text)
    return bool(tags) and len(re.findall(r"\w+", rest)) <= len(tags) // 2


def _date_line(text: str, form: str) -> str | None:
    """Return the date of a line that is a date and little else ('' where it cannot be read), or None."""
    if len(form) > MAX_LABELLED:
        return None
    value = labelled(text, "date")
    label_found = label("date").match(form)
    if value is None and label_found and label_found["rest"].startswith(" "):
        value = label_found["rest"].strip()
    date, rest = find_date(value or text)
    by = label_inside("byline").search(rest)
    letters = sum(c.isalpha() for c in _BESIDE_DATE.sub(" ", rest[: by.start()] if by else rest))
    if (date or rest != " ".join(form.split())) and letters <= _DATE_LETTERS:
        return date
    if value and date and letters <= _LABELLED_LETTERS:
        return date
    return _date_among_parts(text)


def _date_among_parts(text: str) -> str | None:
    """Return the date of a line such as «By Jane Example | June 25, 2024»: all parts are short."""
    parts = [p.strip() for p in _DATE_PARTS.split(text) if p.strip()]
    if len(parts) < 2 or text.rstrip().endswith((".", "؟", "!", ":")):
        return None
    dated = [find_date(p) for p in parts]
    whole = find_date(text)[0]
    bare = [not any(c.isalpha() for c in _BESIDE_DATE.sub(" ", rest)) for _, rest in dated]
    short = all(ok or len(p.split()) <= _DATE_PART_WORDS for ok, p in zip(bare, parts, strict=True))
    return whole if whole and short and any(bare) else None


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
    return _is_menu(form) or _is_caption(text, form) or _is_share(form)


def _is_menu(form: str) -> bool:
    """Return whether a line is a trail of crumbs or a menu; a headline with its rubric behind it is neither."""
    form = form.strip("|>›»/·• ")
    if not (_CRUMBS.match(form) or _MENU.match(form)):
        return False
    parts = re.split(r"\s[>›»/|·•]\s", form)
    rubrics = folded("whole", "noise")
    short = all(len(p.split()) <= _RUBRIC_WORDS for p in parts)
    return parts[0] in rubrics or (short and any(p in rubrics for p in parts))


def _is_caption(text: str, form: str) -> bool:
    """Return whether a line is a photo's caption: by its label, or short, in brackets, with an archive's word."""
    value = labelled(text, "caption")
    if value or (value == "" and alone(text, "caption")):
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


def classify_lines(lines: Sequence[str]) -> list[Line]:
    """Classify the lines of a plain text."""
    return [classify(line) for line in lines]
