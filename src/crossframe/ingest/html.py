"""Saved HTML to lines: what a browser would show, without scripts, menus and banners.

`trafilatura` (Barbaresi 2021) says which paragraphs are the article's; the page's own order, headings, source lines
and lists of links are read beside it, since it leaves them out and they are wanted here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from crossframe.errors import InputError
from crossframe.ingest.boilerplate import Kind, Line, classify
from crossframe.ingest.decode import decode
from crossframe.ingest.notices import holder
from crossframe.ingest.shapes import is_body, is_title
from crossframe.text import match_form

MAX_DEPTH = 200  # nested elements; pages of newspapers stay below 60
MAX_TAG = 5_000_000  # characters of one tag; pages saved with embedded pictures stay below
MAX_TAGS = 300_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.I)
# closed by what follows them, or never
_OPEN_ENDED = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot",
}  # fmt: skip
_DROPPED = {
    "script", "style", "noscript", "template", "nav", "footer", "form", "button", "select", "textarea", "svg", "math",
    "iframe", "object", "embed", "canvas", "audio", "video", "dialog", "figcaption", "head", "menu", "datalist",
    "applet", "frame", "frameset",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
}  # fmt: skip
_CONTAINERS = {"div", "section", "article", "main", "body", "td"}
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|social|sharing|share|sharebar|newsletter|subscribe|subscription|"
    r"comments?|advert|advertisement|ads|promo|popup|modal|menu|navbar|nav|byline|author|toolbar|skip-link|pagination)(?:$|[\s_-])",
    re.I,
)
_ARTICLE_LETTERS = 150  # of running text that make an <article> one, not a teaser's card
_PARAGRAPHS = 2
_SITE_WORDS, _RIGHTS_LENGTH = 4, 160


@dataclass(frozen=True)
class PageFacts:
    """What a page's head says of it."""

    title: str = ""
    site: str = ""
    date: str = ""
    url: str = ""


@dataclass(frozen=True)
class _Shown:
    line: Line
    parent: Any
    article: Any


def decode_html(data: bytes, where: str, encoding: str = "") -> str:
    """Return a page's text; the charset that it declares counts where there is no byte-order mark and none is named."""
    declared = _CHARSET.search(data[:4096])
    name = declared[1].decode("ascii", "replace") if declared else ""
    try:
        "".encode(name or "utf-8")
    except LookupError:
        name = ""
    return decode(data, where, encoding or name)


def read_html(text: str, where: str) -> tuple[list[Line], PageFacts]:
    """Return the lines of a page, the article's and those about it, and what its head says.

    Raises
    ------
    InputError
        If the page is nested deeper than a page is, or holds no text.
    """
    _guard(text, where)
    tree = _tree(text, where)
    facts, main = _extracted(text)
    shown = [s for s in _rendered(tree) if s.line.kind is not Kind.BLANK]
    if not shown:
        raise InputError("the page holds no text", where, "Save it after it has loaded, or save its text.")
    articles = _several(shown)
    kept = _of_articles(shown, articles) if articles else _of_main(shown, main)
    site = facts.site or _site_in_title(tree, shown) or _holder(tree, shown)
    kept = [replace(line, value="") if line.kind is Kind.NOISE else line for line in kept]
    return kept, replace(facts, site=site)


def _site_in_title(tree: Any, shown: list[_Shown]) -> str:
    """Return the site's name from a window title such as "Headline | Site", where the headline is on the page."""
    window = " ".join((tree.findtext(".//title") or "").split())
    headlines = [s.line.text for s in shown if s.line.heading]
    found = next((h for h in headlines if h and window.startswith(h)), "")
    name = re.match(r"\s[|–—-]\s(.{2,40})$", window[len(found) :]) if found else None
    return name[1].strip() if name and len(name[1].split()) <= _SITE_WORDS else ""


def _holder(tree: Any, shown: list[_Shown]) -> str:
    """Return whom the page's copyright line names, in its footer too; '' where nobody is named."""
    lines = [s.line.text for s in shown if s.line.kind is Kind.NOISE]
    for element in tree.iter("footer"):
        lines += [" ".join(piece.split()) for piece in element.itertext() if piece.strip()]
    return next((name for line in lines if len(line) <= _RIGHTS_LENGTH and (name := holder(line))), "")


def html_to_text(text: str, where: str) -> str:
    """Return the visible text of an HTML fragment, a line a block."""
    _guard(text, where)
    return "\n".join(s.line.text for s in _rendered(_tree(text, where)))


def _guard(text: str, where: str) -> None:
    """Refuse what no browser saves: it would stall the parser or fill the memory."""
    depth = 0
    for count, found in enumerate(_TAG.finditer(text), start=1):
        if found[2].lower() not in _OPEN_ENDED:
            depth = max(0, depth - 1) if found[1] else depth + 1
        if depth > MAX_DEPTH or count > MAX_TAGS:
            what = f"elements are nested deeper than {MAX_DEPTH}" if depth > MAX_DEPTH else f"has over {MAX_TAGS} tags"
            raise InputError(what, f"{where}, character {found.start()}", "This is no saved page: give its text.")
    for found in re.finditer(rf"<[^<>]{{{MAX_TAG}}}", text):
        raise InputError(
            f"a tag is longer than {MAX_TAG / 1e6:.0f} million characters",
            f"{where}, character {found.start()}",
            "Save the page without embedded files.",
        )


def _tree(text: str, where: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"is not readable as HTML: {error}", where, "Save the page again.") from error


def _extracted(text: str) -> tuple[PageFacts, str]:
    """Return the head's facts and the match form of what trafilatura takes for the article."""
    import trafilatura

    found = trafilatura.bare_extraction(
        text, include_comments=False, include_tables=False, favor_recall=True, deduplicate=False, with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )  # fmt: skip
    if found is None:
        return PageFacts(), ""
    url = found.url if (found.url or "").startswith(("http://", "https://")) else ""
    return PageFacts(found.title or "", found.sitename or "", found.date or "", url or ""), match_form(found.text or "")


def _rendered(tree: Any) -> Iterator[_Shown]:
    """Yield the lines that the page shows."""
    body = tree.find("body")
    yield from _Renderer().lines(tree if body is None else body)


class _Renderer:
    """Collects inline text into lines, one a block."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.heading = self.bullet = False
        self.anchor = ""

    def lines(self, body: Any) -> Iterator[_Shown]:
        yield from self._walk(body, None)
        yield from self._flush(body, None)

    def _walk(self, element: Any, article: Any) -> Iterator[_Shown]:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if tag in _DROPPED or _hidden(element):
            if tag not in _INLINE:
                yield from self._flush(element.getparent(), article)
            return
        article = element if tag == "article" else article
        block = tag not in _INLINE
        if block:
            yield from self._flush(element.getparent(), article)
            self.bullet = self.bullet or tag == "li"
            self.heading = self.heading or tag in {"h1", "h2"}
        before = len(self.parts)
        outer = self.anchor
        if tag == "a":
            if self._links_alone():
                yield from self._flush(element.getparent(), article)
                before = 0
            self.anchor = element.get("href") or ""
        self.parts.append(element.text or "")
        for child in element:
            yield from self._walk(child, article)
            self.parts.append(child.tail or "")
        self.anchor = outer
        if tag == "a" and element.get("href"):
            self.links.append((" ".join("".join(self.parts[before:]).split()), element.get("href")))
        if block:
            home = element if tag in _CONTAINERS and not _is_leaf(element) else element.getparent()
            yield from self._flush(home, article)

    def _links_alone(self) -> bool:
        """Return whether the line so far is one link and nothing else: a row of links is a list of them."""
        text = " ".join("".join(self.parts).split())
        return len(self.links) == 1 and text == self.links[0][0] != ""

    def _flush(self, parent: Any, article: Any) -> Iterator[_Shown]:
        text = " ".join("".join(self.parts).split())
        heading, bullet, links = self.heading, self.bullet, self.links
        self.parts, self.links, self.heading, self.bullet = [], [], False, False
        if text:
            line = classify(text, heading=heading, bullet=bullet)
            whole = self.anchor or next((url for shown, url in links if shown and shown in {line.text, line.value}), "")
            yield _Shown(Line(line.text, line.kind, line.value, line.bullet, heading, whole), parent, article)
        elif bullet:
            self.bullet = True  # the item's text comes in an element of its own


def _is_leaf(element: Any) -> bool:
    """Return whether a <div> holds words alone: it stands for a paragraph."""
    return element.tag == "div" and all(child.tag in _INLINE for child in element.iterdescendants())


def _hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    if element.get("hidden") is not None or element.get("aria-hidden") == "true" or "display:none" in style:
        return True
    if element.tag in {"body", "main", "article", "h1", "h2", "p", "time"}:
        return False
    return bool(_FURNITURE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _several(shown: list[_Shown]) -> list[Any]:
    """Return the <article> elements that hold an article each, if there are two or more."""
    letters: dict[Any, list[int]] = {}
    for s in shown:
        if s.article is not None and is_body(s.line):
            letters.setdefault(s.article, []).append(sum(c.isalpha() for c in s.line.text))
    found = [a for a, n in letters.items() if len(n) >= _PARAGRAPHS and sum(n) >= _ARTICLE_LETTERS]
    return found if len(found) > 1 else []


def _of_articles(shown: list[_Shown], articles: list[Any]) -> list[Line]:
    """Return the lines inside the articles, a separator between, and lists of links after them."""
    out: list[Line] = []
    last: Any = None
    listing = False
    for s in shown:
        listing = (s.line.kind is Kind.RELATED and not s.line.value) or (
            listing and (s.line.bullet or bool(s.line.url))
        )
        if s.article in articles and s.article is not None:
            if last is not None and s.article is not last:
                out.append(Line("***", Kind.SEPARATOR))
            last = s.article
            out.append(s.line)
        elif listing:
            out.append(s.line)
    return out


def _of_main(shown: list[_Shown], main: str) -> list[Line]:
    """Return the article's lines: those that trafilatura kept, neighbours, headings, labels, lists of links."""

    def chosen(line: Line) -> bool:
        return is_body(line) and match_form(line.text) in main

    homes = {id(s.parent) for s in shown if chosen(s.line)}
    if not homes:
        return [s.line for s in shown]
    around = {id(s.parent.getparent()) for s in shown if chosen(s.line)}  # headlines stand beside the article's element
    out = []
    listing = False
    for s in shown:
        if s.line.kind in {Kind.RELATED, Kind.ELSEWHERE}:
            listing = not s.line.value
        elif listing and not (s.line.bullet or s.line.url or s.line.kind is not Kind.TEXT):
            listing = False
        beside = id(s.parent) in around and not s.line.url and is_title(s.line)
        near = chosen(s.line) or id(s.parent) in homes or s.line.heading or beside
        keep = s.line.kind is not Kind.TEXT or listing or near
        if keep:
            out.append(s.line)
    return out
