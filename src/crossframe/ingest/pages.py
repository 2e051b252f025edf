"""Pages to articles: where one ends and the next begins, its title, its text, what it links to.

A page is read line by line (`boilerplate.classify` says what each line is). An article is over when a source line,
keywords or a heading such as «اقرأ أيضاً» follows its text; what comes then is a list of headlines, or another
article where a line like a title stands before a paragraph.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crossframe.ingest.boilerplate import Kind, Line, is_generic, is_outlet_like
from crossframe.ingest.gazetteer import AGENCY, OFFICIAL, Source
from crossframe.text import match_form

Known = Callable[[str], Source | None]

_FULL_STOP = re.compile(r"[.。｡…][\s”»\"'’)）\]]*$")
_NO_TITLE_END = re.compile(r"[.،؛,;:。、][\s”»\"'’)]*$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_COMMA = re.compile("[،,、؛;]")
_BODY_WORDS, _BODY_CJK, _BODY_LENGTH = 8, 22, 150  # with a full stop; with one; without
_LONG_WORDS, _CLAUSE_WORDS = 14, 12  # of a paragraph without a full stop, of one with a comma: headlines are shorter
_LATIN_WORDS = 5  # more in languages that write articles and prepositions as words
_LONGEST_HEADLINE = 26  # words; some papers write such
_TITLE_LENGTH, _TITLE_WORDS, _TITLE_CJK = 200, 4, 8
_DATELINE_WORDS, _MASTHEAD_WORDS = 7, 4
_STRAY = 60  # characters of a line after an article's end that is dropped as the page's own furniture
_SECOND_BODY, _PARTED_BODY = 120, 40  # letters that an article after another must have; behind a separator
_WIDE_GAP = 3  # blank lines between two articles where one is usual
_STEM = 5
_INLINE_DATELINE = re.compile(r"^\s*([^:：.؟!\n]{2,45}?)\s*(?:[:：]|\s[–—-])\s+(?=\S)")
# a paragraph that begins so goes on with what was said before
_GOES_ON = re.compile(
    r"(?:و(?:اضاف|اضافت|اشار|اشارت|تابع|تابعت|قال|قالت|لفت|لفتت|اكد|اكدت|اوضح|اوضحت|كان|كانت|ذكر|ذكرت|بين|شدد|من جهت|من جانب|في|تاتي|ياتي|بحسب|وفق|اعتبر|راي|استطرد|اختتم|ختم|نوه|هو|هي)"
    r"|كما|فيما|من جانب|من جهت|بدوره|بدورها|في المقابل|في سياق|الي ذلك|لكن|يذكر|يشار|في غضون|"
    r"(?:he|she|it|they|but|however|meanwhile|also|and|in addition|earlier|that|this)\b|"
    r"(?:он|она|они|по словам|по его словам|по её словам|кроме того|также|при этом|ранее|однако|напомним)\b|그는|그녀는|또 |또한|한편|이어|이에|그러나)"
)


@dataclass
class Article:
    """One article of a page, as it grows."""

    title: str = ""
    header: list[Line] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    source_line: str = ""
    via_line: str = ""
    outlet: str = ""
    date: str = ""
    related: list[tuple[str, str]] = field(default_factory=list)
    closed: bool = False

    @property
    def has_body(self) -> bool:
        """Whether its text has begun."""
        return bool(self.paragraphs)


def split_page(lines: Sequence[Line], known: Known) -> list[Article]:
    """Return the articles of a page in order.

    Parameters
    ----------
    lines
        Classified lines.
    known
        Returns the outlet of a name, or None, so that «رويترز:» on a line of its own is no title.
    """
    splitter = _Splitter(lines, known)
    for i in range(len(splitter.lines)):
        splitter.step(i)
    return splitter.finish()


def is_body(line: Line) -> bool:
    """Return whether a line is a paragraph of running text."""
    if line.kind is not Kind.TEXT:
        return False
    cjk, words = len(_CJK.findall(line.text)), len(line.text.split())
    if (cjk >= _BODY_CJK or words >= _BODY_WORDS) and _FULL_STOP.search(line.text):
        return True
    spare = _LATIN_WORDS if line.text[:40].isascii() else 0
    clause = words >= _CLAUSE_WORDS + spare and _COMMA.search(line.text) is not None
    return len(line.text) >= _BODY_LENGTH or words >= _LONG_WORDS + spare or clause


def is_title(line: Line) -> bool:
    """Return whether a line may be a headline."""
    if line.kind is not Kind.TEXT or is_body(line) or len(line.text) > _TITLE_LENGTH:
        return False
    wordy = len(line.text.split()) >= 2 or len(_CJK.findall(line.text)) >= _TITLE_CJK
    return wordy and not _NO_TITLE_END.search(line.text)


class _Splitter:
    """The state of reading one page."""

    def __init__(self, lines: Sequence[Line], known: Known) -> None:
        self.known = known
        self.lines: list[Line] = []
        self.gaps: list[int] = []  # blank lines before each
        gap = 0
        for line in lines:
            if line.kind is Kind.BLANK:
                gap += 1
                continue
            self.lines.append(line)
            self.gaps.append(gap)
            gap = 0
        self.articles: list[Article] = [Article()]
        self.listing = self.elsewhere = self.parted = self.swallowing = False
        self.awaited_source = False
        self.pending_date = ""

    @property
    def current(self) -> Article:
        return self.articles[-1]

    def _link(self, text: str, url: str) -> None:
        """Keep a headline of another page, but for lists such as «الأكثر قراءة»."""
        if not self.elsewhere:
            self.current.related.append((text, url))

    def step(self, i: int) -> None:
        """Take line `i` in."""
        line = self.lines[i]
        if line.kind is Kind.TEXT and self._takes_value(i):
            return
        self.swallowing = self.awaited_source = False
        match line.kind:
            case Kind.SEPARATOR:
                self.listing, self.elsewhere, self.parted = False, False, True
            case Kind.SOURCE | Kind.VIA | Kind.KEYWORDS:
                self._closing(line)
            case Kind.RELATED:
                self.elsewhere = False
                if line.value:
                    self._link(line.value, line.url)
                else:
                    self.listing = True
            case Kind.ELSEWHERE:
                self.listing = self.elsewhere = True
            case Kind.DATE:
                self._date(i)
            case Kind.TEXT:
                self._listed(i) if self.listing else self._text(i)

    def _takes_value(self, i: int) -> bool:
        """Give a line to the label that stood alone before it: «المصدر:» / «الكلمات الدلالية:»."""
        line = self.lines[i]
        if is_body(line):
            return False
        if self.awaited_source and len(line.text.split()) <= _DATELINE_WORDS:
            self.current.source_line, self.awaited_source = line.text, False
            return True
        listed = len(re.findall("[،,、]", line.text)) >= 2
        if self.swallowing and (listed or self.gaps[i] == 0 or not self._body_follows(i)):
            self.swallowing = self.gaps[i] == 0 and not listed
            return True
        return False

    def _closing(self, line: Line) -> None:
        """Take a source line or keywords; after an article's text they end it."""
        self.listing = self.elsewhere = False
        if line.kind is Kind.SOURCE:
            if line.value:
                self.current.source_line = self.current.source_line or line.value
            self.awaited_source = not line.value
        elif line.kind is Kind.VIA:
            self.current.via_line = line.value
        else:
            self.swallowing = not line.value
        self.current.closed = self.current.has_body

    def _date(self, i: int) -> None:
        line = self.lines[i]
        over = self.current.has_body and (self.current.closed or self.parted)
        if over and self._title_then_body(i + 1):
            self.pending_date = line.value
        elif not self.current.date and not self.listing:
            self.current.date = line.value

    def _text(self, i: int) -> None:
        """Take a line outside a list of headlines."""
        line, article = self.lines[i], self.current
        if article.has_body and self._begins_another(i):
            self._begin(line)
        elif article.has_body and article.closed:
            if line.bullet and not is_body(line):
                self._link(line.text, line.url)
            elif len(line.text) >= _STRAY or is_body(line):
                article.paragraphs.append(line.text)
        elif article.has_body:
            article.paragraphs.append(line.text)
        elif is_body(line) and not self._long_headline(i):
            self._settle_header()
            article.outlet, text = self._inline_dateline(line.text, article.outlet)
            article.paragraphs.append(text)
        else:
            article.header.append(line)
        self.parted = False

    def _listed(self, i: int) -> None:
        """Take a line of a list of headlines, or see that the list is over."""
        line, article = self.lines[i], self.current
        if is_body(line) and not line.bullet:
            self.listing = False
            if article.closed:
                self._begin(line)
            else:
                self._settle_header()
                article.paragraphs.append(line.text)
        elif line.bullet or not self._next_is_body(i):
            self._link(line.text, line.url)
        elif not article.has_body:
            self.listing = False
            article.header.append(line)
        elif article.closed or self._is_headline_of_next(i):
            self.listing = False
            self._begin(line)
        else:
            self._link(line.text, line.url)

    def _begins_another(self, i: int) -> bool:
        """Return whether line `i`, after an article's text, begins the next article."""
        line = self.lines[i]
        if is_body(line):
            rest = sum(c.isalpha() for c in line.text)
            return self.current.closed and (rest >= _SECOND_BODY or self._next_is_body(i))
        if not is_title(line) or line.bullet or not self._body_follows(i):
            return False
        if self._letters_ahead(i) < (_PARTED_BODY if self.parted else _SECOND_BODY):
            return False
        if self.parted or self.current.closed or self.gaps[i] >= _WIDE_GAP:
            return True
        after = self.lines[i + 1]
        return after.kind in {Kind.DATE, Kind.BYLINE, Kind.SOURCE} or bool(self._dateline(after))

    def _begin(self, line: Line) -> None:
        self._settle_header()
        self.articles.append(Article(date=self.pending_date))
        self.pending_date, self.parted = "", False
        if is_body(line):
            self.current.paragraphs.append(line.text)
        else:
            self.current.header.append(line)

    def _long_headline(self, i: int) -> bool:
        """Return whether the first line of a page is a headline as long as a paragraph: no full stop, a longer one next."""
        line = self.lines[i]
        if self.current.header or _FULL_STOP.search(line.text) or len(line.text.split()) > _LONGEST_HEADLINE:
            return False
        following = next((n for n in self.lines[i + 1 :] if n.kind is Kind.TEXT), None)
        return following is not None and is_body(following) and len(following.text) > len(line.text)

    def _title_then_body(self, i: int) -> bool:
        while i < len(self.lines) and self.lines[i].kind in {Kind.DATE, Kind.BYLINE, Kind.NOISE}:
            i += 1
        return i < len(self.lines) and is_title(self.lines[i]) and self._body_follows(i)

    def _next_is_body(self, i: int) -> bool:
        """Return whether the next line of text is a paragraph."""
        for line in self.lines[i + 1 :]:
            if line.kind in {Kind.DATE, Kind.BYLINE, Kind.NOISE, Kind.SOURCE} or self._dateline(line):
                continue
            return is_body(line) and not line.bullet
        return False

    def _body_follows(self, i: int) -> bool:
        """Return whether a paragraph follows, behind at most two short lines (a second headline, a dateline)."""
        short = 0
        for line in self.lines[i + 1 :]:
            if line.kind in {Kind.DATE, Kind.BYLINE, Kind.NOISE, Kind.SOURCE} or self._dateline(line):
                continue
            if is_body(line):
                return not line.bullet
            short += 1
            if line.kind is not Kind.TEXT or line.bullet or short > 2:
                return False
        return False

    def _letters_ahead(self, i: int) -> int:
        """Return the letters of the paragraphs after line `i`, up to the next heading or separator."""
        total = 0
        for line in self.lines[i + 1 :]:
            if line.kind in {Kind.SEPARATOR, Kind.KEYWORDS, Kind.RELATED} and total:
                break
            if is_body(line):
                # a Chinese, Japanese or Korean character says about as much as two letters
                total += sum(c.isalpha() for c in line.text) + len(_CJK.findall(line.text))
        return total

    def _is_headline_of_next(self, i: int) -> bool:
        """Return whether a line under «اقرأ أيضاً» is the title of what follows, not a link inside an open article.

        A paragraph that takes the thread up («وأضاف») speaks against; words that the line shares with it speak for.
        """
        following = next((line for line in self.lines[i + 1 :] if is_body(line)), None)
        if following is None or _GOES_ON.match(match_form(following.text)):
            return False
        own = _stems(self.lines[i].text)
        return len(own & _stems(following.text)) >= min(2, max(1, len(own) // 2))

    def _dateline(self, line: Line) -> str:
        """Return the outlet that a short line names and nothing else: «الجديد برس:», «صنعاء – سبأ نت:»."""
        words = line.text.split()
        if line.kind is not Kind.TEXT or len(words) > _DATELINE_WORDS or line.bullet:
            return ""
        colon = line.text.rstrip().endswith((":", "："))
        parts = [p.strip(" :：*") for p in re.split(r"\s[–—/|-]\s?|[،,/|()]|[:：]\s*$", line.text)]
        parts = [p for p in parts if p]
        for part in parts:
            if found := self.known(part):
                return found.name if colon or len(words) <= _MASTHEAD_WORDS else ""
        outlets = [p for p in parts if is_outlet_like(p)]
        alone = len(parts) > len(outlets) == 1 and all(is_generic(p) for p in parts if p not in outlets)
        return outlets[0] if outlets and (colon or alone) else ""

    def _inline_dateline(self, text: str, outlet: str) -> tuple[str, str]:
        """Return the outlet that a first paragraph begins with, «الجديد برس – صنعاء: …», and the paragraph without it.

        An agency's dateline stays: it says whose text this is, not who publishes it.
        """
        found = _INLINE_DATELINE.match(text)
        if outlet or found is None or len(found[1].split()) > _DATELINE_WORDS:
            return outlet, text
        for part in re.split(r"\s[–—/|-]\s|[،,/|()]", found[1]):
            source = self.known(part)
            if source is not None and source.kind not in {AGENCY, OFFICIAL}:
                return source.name, text[found.end() :]
        return outlet, text

    def _settle_header(self) -> None:
        """Choose the title among the lines before the text; the rest is an outlet's name, a second headline or noise."""
        article = self.current
        rest = []
        for line in article.header:
            if outlet := self._dateline(line):
                article.outlet = article.outlet or outlet
            else:
                rest.append(line)
        article.header = []
        chosen = _headline(rest)
        if chosen is None:
            return
        masthead = next((line.text for line in rest[:chosen] if is_outlet_like(line.text) and _is_short(line.text)), "")
        article.outlet = article.outlet or masthead
        article.title = rest[chosen].text
        article.paragraphs += [line.text for line in rest[chosen + 1 :] if len(line.text.split()) >= _TITLE_WORDS]

    def finish(self) -> list[Article]:
        """Return the articles with text; a page of short lines alone is one article."""
        if not self.current.has_body and self.current.header:
            lines = list(self.current.header)
            self._settle_header()
            if not self.current.has_body:
                rest = [x.text for x in lines if x.text != self.current.title and not self._dateline(x)]
                self.current.paragraphs = rest or ([self.current.title] if self.current.title else [])
        return [article for article in self.articles if article.has_body]


def _headline(lines: Sequence[Line]) -> int | None:
    """Return which line is the title: the first marked as a heading, else the first of four words, else the last."""
    for test in (
        lambda line: line.heading and is_title(line),
        lambda line: is_title(line) and _wordy(line.text),
        is_title,
    ):
        found = [i for i, line in enumerate(lines) if test(line)]
        if found:
            return found[-1] if test is is_title else found[0]
    return None


def _is_short(text: str) -> bool:
    return len(text.split()) <= _MASTHEAD_WORDS


def _wordy(text: str) -> bool:
    return len(text.split()) >= _TITLE_WORDS or len(_CJK.findall(text)) >= _TITLE_CJK


def _stems(text: str) -> set[str]:
    """Return the first letters of the longer words, without Arabic's article and conjunctions."""
    words = re.findall(r"\w{3,}", match_form(text))
    return {stem[:_STEM] for w in words if len(stem := re.sub(r"^[وفبلك]?(?:ال|لل)", "", w)) >= 3 + w.isascii()}
