"""Pages to articles: where one ends and the next begins, its title, its text, what it links to.

A page is read line by line (`boilerplate.classify` says what each line is). An article is over when a source line,
keywords or a heading such as «اقرأ أيضاً» follows its text; what comes then is a list of headlines, or another
article where a line like a title stands before a paragraph.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crossframe.errors import InputError
from crossframe.ingest import shapes
from crossframe.ingest.boilerplate import Kind, Line
from crossframe.ingest.lookahead import Lookahead
from crossframe.ingest.shapes import Known, is_body, is_title
from crossframe.text import match_form

MAX_LINES = 100_000
_NO_LIST, _KEPT, _LEFT_OUT, _COMMENTS = (
    "",
    "kept",
    "left out",
    "comments",
)  # of the list of headlines that a line may stand in
_STRAY = 60  # characters of a line after an article's end that is dropped as the page's own furniture
# letters that an article after another must have; the same behind a separator or the end of the one before
_SECOND_BODY, _PARTED_BODY = 120, 40
_WIDE_GAP = 3  # blank lines between two articles where one is usual


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
    number: int = 0

    @property
    def has_body(self) -> bool:
        """Whether its text has begun."""
        return bool(self.paragraphs)


def check_length(lines: int, where: str) -> None:
    """Raise InputError if a page has more than 100,000 lines; that is a table or a book."""
    if lines > MAX_LINES:
        raise InputError(f"has {lines} lines, at most {MAX_LINES} are read", where, "Split it, or give it as a table.")


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


class _Splitter:
    """The state of reading one page."""

    def __init__(self, lines: Sequence[Line], known: Known) -> None:
        self.known = known
        self.lines: list[Line] = []
        self.after = Lookahead(self.lines, known)
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
        self.holder = self.heading = ""  # whom a copyright line names; what heads the list
        self.openers: set[str] = set()  # headings of lists under which an article began

    @property
    def current(self) -> Article:
        return self.articles[-1]

    def _link(self, text: str, url: str) -> None:
        """Keep a headline of another page, unless it stands in a list such as «الأكثر قراءة»."""
        if self.listing not in {_LEFT_OUT, _COMMENTS}:
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
                    titles = re.split(r"\s[|•·]\s", line.value)
                    self.current.related += [(title.strip(), line.url) for title in titles if title.strip()]
                else:
                    self.listing, self.heading = _KEPT, match_form(line.text)
            case Kind.ELSEWHERE:
                self.listing, self.heading = _LEFT_OUT, ""
            case Kind.COMMENTS if self.current.has_body:
                self.listing = _COMMENTS
            case Kind.NOISE:
                self.holder = line.value or self.holder or shapes.first_crumb(line.text, self.known)
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
        if self.swallowing and (listed or self.gaps[i] == 0 or not self.after.body_follows(i)):
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
            if on_top and self.after.title_then_body(i + 1):
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
        if self.listing == _COMMENTS:
            return
        over = self.current.has_body and (self.current.closed or self.parted)
        if over and self.after.title_then_body(i + 1):
            self.pending_date = line.value
        elif not self.current.date and not self.listing:
            self.current.date = line.value
            if not self.current.has_body and not self.current.outlet and shapes.is_credit(line.text):
                self.current.outlet = shapes.outlet_among(line.text, self.known)

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
        elif is_body(line) and (article.header or not self.after.is_long_headline(i)):
            self._settle_header()
            outlet, text = ("", line.text) if article.outlet else shapes.inline_dateline(line.text, self.known)
            article.outlet = article.outlet or outlet
            article.paragraphs.append(text)
        else:
            if self.parted and is_title(line) and (shapes.is_wordy(line.text) or self.after.body_follows(i)):
                article.header.clear()  # the page's own heading, above a rule
            article.header.append(line)
        self.parted = False

    def _listed(self, i: int) -> None:
        """Take a line of a list of headlines, or see that the list is over."""
        line, article = self.lines[i], self.current
        if self.listing == _COMMENTS:
            if self.after.ends_comments(i):
                self.current.closed = True
                self.listing = _NO_LIST
                self._text(i)
        elif is_body(line) and not line.bullet:
            self.listing = _NO_LIST
            if article.closed:
                self._begin(line)
            else:
                self._settle_header()
                article.paragraphs.append(line.text)
        elif line.bullet or not self.after.next_is_body(i):
            self._link(line.text, line.url)
        elif not article.has_body:
            self.listing = _NO_LIST
            article.header.append(line)
        elif article.closed or self._opens_under_heading(i):
            self.openers.add(self.heading)
            self.listing = _NO_LIST
            self._begin(line)
        else:
            self._link(line.text, line.url)

    def _opens_under_heading(self, i: int) -> bool:
        """Return whether a line under «اقرأ أيضاً», in an article that is not closed, is the next article's title."""
        again = bool(self.heading) and self.heading in self.openers
        return self.after.is_headline_of_next(i, " ".join(self.current.paragraphs), again=again)

    def _begins_another(self, i: int) -> bool:
        """Return whether line `i`, after an article's text, begins the next article."""
        line = self.lines[i]
        if line.number and line.number == self.current.number + 1 and is_title(line):
            return self.after.next_is_body(i)
        if is_body(line):
            rest = sum(c.isalpha() for c in line.text)
            return self.current.closed and (rest >= _SECOND_BODY or self.after.next_is_body(i))
        if not is_title(line) or line.bullet or not self.after.body_follows(i):
            return False
        if self.after.letters_ahead(i) < (_PARTED_BODY if self.parted or self.current.closed else _SECOND_BODY):
            return False
        if self.parted or self.current.closed or self.gaps[i] >= _WIDE_GAP:
            return True
        after = self.lines[i + 1]
        return after.kind in {Kind.DATE, Kind.BYLINE, Kind.SOURCE} or bool(self.after.dateline(after))

    def _begin(self, line: Line) -> None:
        self._settle_header()
        self.articles.append(Article(date=self.pending_date, source_line=self.pending_source))
        self.pending_date, self.pending_source, self.parted = "", "", False
        if is_body(line):
            self.current.paragraphs.append(line.text)
        else:
            self.current.header.append(line)

    def _settle_header(self) -> None:
        """Choose the title among the lines before the text; the rest is a name, a second headline or noise."""
        article = self.current
        rest: list[Line] = []
        for line in article.header:
            if outlet := self.after.dateline(line):
                article.outlet = article.outlet or outlet
            elif rest and not line.heading and shapes.is_credit(line.text):
                article.outlet = article.outlet or shapes.outlet_among(line.text, self.known)
            else:
                rest.append(line)
        article.header = []
        chosen = shapes.headline(rest)
        if chosen is None:
            return
        masthead = next((line.text for line in rest[:chosen] if shapes.is_masthead(line.text)), "")
        article.outlet = article.outlet or masthead
        article.title, article.number = rest[chosen].text, rest[chosen].number
        article.paragraphs += [line.text for line in rest[chosen + 1 :] if shapes.is_wordy(line.text)]

    def finish(self) -> list[Article]:
        """Return the articles with text; a page of short lines alone is one article."""
        if not self.current.has_body and self.current.header:
            lines = list(self.current.header)
            self._settle_header()
            if not self.current.has_body:
                rest = [x.text for x in lines if x.text != self.current.title and not self.after.dateline(x)]
                self.current.paragraphs = rest or ([self.current.title] if self.current.title else [])
        if len(self.articles) == 1 and not (self.current.outlet or self.current.source_line):
            known = self.known(self.holder)
            self.current.outlet = known.name if known else self.holder
        for article in self.articles:
            if article.title and match_form(article.title) == match_form(article.source_line):
                article.title = ""  # the outlet's name above the text
        return [article for article in self.articles if article.has_body]
