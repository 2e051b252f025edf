"""Pages to articles: where one ends and the next begins, its title, its text, what it links to.

A page is read line by line (`boilerplate.classify` says what each line is). An article is over when a source line,
keywords or a heading such as «اقرأ أيضاً» follows its text; what comes then is a list of headlines, or another
article where a line like a title stands before a paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crossframe.errors import InputError
from crossframe.ingest import shapes
from crossframe.ingest.boilerplate import Kind, Line
from crossframe.ingest.shapes import Known, is_body, is_title
from crossframe.text import match_form

MAX_LINES = 100_000
_NO_LIST, _KEPT, _LEFT_OUT = "", "kept", "left out"  # of the list of headlines that a line may stand in
_STRAY = 60  # characters of a line after an article's end that is dropped as the page's own furniture
_SECOND_BODY, _PARTED_BODY = 120, 40  # letters that an article after another must have; behind a separator
_WIDE_GAP = 3  # blank lines between two articles where one is usual
_AHEAD, _FAR_AHEAD = 12, 60  # lines that are looked at to tell what a line is
_BESIDE = {Kind.DATE, Kind.BYLINE, Kind.NOISE, Kind.SOURCE}  # may stand between a headline and its text


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

    Raises
    ------
    InputError
        If there are more than 100,000 lines; that is a table or a book.
    """
    if len(lines) > MAX_LINES:
        raise InputError(f"has {len(lines)} lines, at most {MAX_LINES} are read", "page", "Give it as a table.")
    splitter = _Splitter(lines, known)
    for i in range(len(splitter.lines)):
        splitter.step(i)
    return splitter.finish()


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
        self.listing = _NO_LIST
        self.parted = self.swallowing = False
        self.awaited_source = False
        self.pending_date = self.pending_source = ""  # said before the title that they belong to

    @property
    def current(self) -> Article:
        return self.articles[-1]

    def _link(self, text: str, url: str) -> None:
        """Keep a headline of another page, unless it stands in a list such as «الأكثر قراءة»."""
        if self.listing != _LEFT_OUT:
            self.current.related.append((text, url))

    def step(self, i: int) -> None:
        """Take line `i` in."""
        line = self.lines[i]
        if line.kind is Kind.TEXT and self._takes_value(i):
            return
        self.swallowing = self.awaited_source = False
        match line.kind:
            case Kind.SEPARATOR:
                self.listing, self.parted = _NO_LIST, True
            case Kind.SOURCE | Kind.VIA | Kind.KEYWORDS:
                self._closing(i)
            case Kind.RELATED:
                if line.value:
                    self.current.related.append((line.value, line.url))
                else:
                    self.listing = _KEPT
            case Kind.ELSEWHERE:
                self.listing = _LEFT_OUT
            case Kind.DATE:
                self._date(i)
            case Kind.TEXT:
                self._listed(i) if self.listing else self._text(i)

    def _takes_value(self, i: int) -> bool:
        """Give a line to the label that stood alone before it: «المصدر:» / «الكلمات الدلالية:»."""
        line = self.lines[i]
        if is_body(line):
            return False
        if self.awaited_source and len(line.text.split()) <= shapes.DATELINE_WORDS:
            self.current.source_line, self.awaited_source = line.text, False
            return True
        listed = len(re.findall("[،,、]", line.text)) >= 2
        if self.swallowing and (listed or self.gaps[i] == 0 or not self._body_follows(i)):
            self.swallowing = self.gaps[i] == 0 and not listed
            return True
        return False

    def _closing(self, i: int) -> None:
        """Take a source line or keywords; after an article's text they end it.

        Where articles have their source line on top, the one after an article's text is the next one's.
        """
        line = self.lines[i]
        self.listing = _NO_LIST
        if line.kind is Kind.SOURCE:
            on_top = self.current.has_body and self.current.source_line and not self.current.closed
            if on_top and self._title_then_body(i + 1):
                self.pending_source = line.value
            else:
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
        elif is_body(line) and (article.header or not self._is_long_headline(i)):
            self._settle_header()
            outlet, text = ("", line.text) if article.outlet else shapes.inline_dateline(line.text, self.known)
            article.outlet = article.outlet or outlet
            article.paragraphs.append(text)
        else:
            article.header.append(line)
        self.parted = False

    def _listed(self, i: int) -> None:
        """Take a line of a list of headlines, or see that the list is over."""
        line, article = self.lines[i], self.current
        if is_body(line) and not line.bullet:
            self.listing = _NO_LIST
            if article.closed:
                self._begin(line)
            else:
                self._settle_header()
                article.paragraphs.append(line.text)
        elif line.bullet or not self._next_is_body(i):
            self._link(line.text, line.url)
        elif not article.has_body:
            self.listing = _NO_LIST
            article.header.append(line)
        elif article.closed or self._is_headline_of_next(i):
            self.listing = _NO_LIST
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

    def _is_long_headline(self, i: int) -> bool:
        following = next((n for n in self.lines[i + 1 : i + 1 + _AHEAD] if n.kind is Kind.TEXT), None)
        return shapes.is_long_headline(self.lines[i], following)

    def _begin(self, line: Line) -> None:
        self._settle_header()
        self.articles.append(Article(date=self.pending_date, source_line=self.pending_source))
        self.pending_date, self.pending_source, self.parted = "", "", False
        if is_body(line):
            self.current.paragraphs.append(line.text)
        else:
            self.current.header.append(line)

    def _ahead(self, i: int, reach: int = _AHEAD) -> Iterator[Line]:
        """Yield the lines after line `i` but for what may stand between a headline and its text."""
        for line in self.lines[i + 1 : i + 1 + reach]:
            if line.kind not in _BESIDE and not self._dateline(line):
                yield line

    def _title_then_body(self, i: int) -> bool:
        while i < len(self.lines) and self.lines[i].kind in _BESIDE:
            i += 1
        return i < len(self.lines) and is_title(self.lines[i]) and self._body_follows(i)

    def _next_is_body(self, i: int) -> bool:
        """Return whether the next line of text is a paragraph."""
        line = next(self._ahead(i), None)
        return line is not None and is_body(line) and not line.bullet

    def _body_follows(self, i: int) -> bool:
        """Return whether a paragraph follows, behind at most two short lines (a second headline, a lead-in)."""
        for short, line in enumerate(self._ahead(i)):
            if is_body(line):
                return not line.bullet
            if line.kind is not Kind.TEXT or line.bullet or short == 2:
                return False
        return False

    def _letters_ahead(self, i: int) -> int:
        """Return the letters of the paragraphs after line `i`, up to the next heading or separator."""
        total = 0
        for line in self._ahead(i, _FAR_AHEAD):
            if line.kind in {Kind.SEPARATOR, Kind.KEYWORDS, Kind.RELATED} and total:
                break
            if is_body(line):
                total += sum(c.isalpha() for c in line.text) + shapes.cjk_letters(line.text)
        return total

    def _is_headline_of_next(self, i: int) -> bool:
        """Return whether a line under «اقرأ أيضاً» is the title of what follows, not a link inside an open article.

        A paragraph that takes the thread up («وأضاف») speaks against; words that the line shares with it speak for.
        """
        following = next((line for line in self._ahead(i) if is_body(line)), None)
        if following is None or shapes.goes_on(following.text):
            return False
        return shapes.shares_words(self.lines[i].text, following.text)

    def _dateline(self, line: Line) -> str:
        return shapes.dateline(line, self.known)

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
        chosen = shapes.headline(rest)
        if chosen is None:
            return
        masthead = next((line.text for line in rest[:chosen] if shapes.is_masthead(line.text)), "")
        article.outlet = article.outlet or masthead
        article.title = rest[chosen].text
        article.paragraphs += [line.text for line in rest[chosen + 1 :] if shapes.is_wordy(line.text)]

    def finish(self) -> list[Article]:
        """Return the articles with text; a page of short lines alone is one article."""
        if not self.current.has_body and self.current.header:
            lines = list(self.current.header)
            self._settle_header()
            if not self.current.has_body:
                rest = [x.text for x in lines if x.text != self.current.title and not self._dateline(x)]
                self.current.paragraphs = rest or ([self.current.title] if self.current.title else [])
        for article in self.articles:
            if article.title and match_form(article.title) == match_form(article.source_line):
                article.title = ""  # the outlet's name above the text
        return [article for article in self.articles if article.has_body]
