"""What comes after a line of a page: enough to tell a headline from a link and a link from a title."""

from collections.abc import Iterator, Sequence

from crossframe.ingest import shapes
from crossframe.ingest.boilerplate import Kind, Line
from crossframe.ingest.shapes import Known, is_body, is_title

_AHEAD, _FAR_AHEAD = 12, 60  # lines that are looked at
_COMMENT, _NICKNAME = 150, 40  # characters of a comment, and of the name before it
_READ_ON = 3  # paragraphs that tell whether a headline is theirs
_BESIDE = {Kind.DATE, Kind.BYLINE, Kind.NOISE, Kind.SOURCE}  # may stand between a headline and its text


class Lookahead:
    """Answers questions about the lines after line `i`; `known` returns the outlet of a name, or None."""

    def __init__(self, lines: Sequence[Line], known: Known) -> None:
        """Keep the lines, blank ones left out."""
        self.lines, self.known = lines, known

    def _ahead(self, i: int, reach: int = _AHEAD) -> Iterator[Line]:
        """Yield the lines after line `i` but for what may stand between a headline and its text."""
        for line in self.lines[i + 1 : i + 1 + reach]:
            if line.kind not in _BESIDE and not self.dateline(line):
                yield line

    def title_then_body(self, i: int) -> bool:
        """Return whether a headline and a paragraph come, line `i` included."""
        while i < len(self.lines) and self.lines[i].kind in _BESIDE:
            i += 1
        return i < len(self.lines) and is_title(self.lines[i]) and self.body_follows(i)

    def next_is_body(self, i: int) -> bool:
        """Return whether the next line of text is a paragraph."""
        line = next(self._ahead(i), None)
        return line is not None and is_body(line) and not line.bullet

    def body_follows(self, i: int) -> bool:
        """Return whether a paragraph follows, behind at most two short lines (a second headline, a lead-in)."""
        if self._underlined(i):
            i += 1
        for short, line in enumerate(self._ahead(i)):
            if is_body(line):
                return not line.bullet
            if line.kind is not Kind.TEXT or line.bullet or short == 2:
                return False
        return False

    def _underlined(self, i: int) -> bool:
        """Return whether line `i` stands between two separators: a headline with a rule below it."""
        around = self.lines[i - 1 : i + 2 : 2] if i else []
        return len(around) == 2 and all(line.kind is Kind.SEPARATOR for line in around)

    def letters_ahead(self, i: int) -> int:
        """Return the letters of the paragraphs after line `i`, up to the next heading or separator."""
        total = 0
        for line in self._ahead(i, _FAR_AHEAD):
            if line.kind in {Kind.SEPARATOR, Kind.KEYWORDS, Kind.RELATED} and total:
                break
            if is_body(line):
                total += sum(c.isalpha() for c in line.text) + shapes.cjk_letters(line.text)
        return total

    def is_headline_of_next(self, i: int, before: str, *, again: bool) -> bool:
        """Return whether a line under «اقرأ أيضاً» is the title of what follows, not a link inside an open article.

        A paragraph that takes the thread up («وأضاف») speaks against; words that the line shares with it speak for, as
        does an article that began under the same heading before (`again`). `before` is the article's text so far.
        """
        following = [line.text for line in self._ahead(i) if is_body(line)][:_READ_ON]
        if not following or shapes.goes_on(following[0]):
            return False
        title = self.lines[i].text
        return again or shapes.shares_words(title, following[0]) or shapes.is_nearer(title, " ".join(following), before)

    def ends_comments(self, i: int) -> bool:
        """Return whether line `i`, under a heading of comments, is none: a headline with its text, a long paragraph."""
        line = self.lines[i]
        if is_body(line):
            return len(line.text) >= _COMMENT and ":" not in line.text[:_NICKNAME]
        headline = is_title(line) and not line.bullet and self.next_is_body(i)
        return headline and self.letters_ahead(i) >= _COMMENT

    def is_long_headline(self, i: int) -> bool:
        """Return whether line `i` is a headline as long as a paragraph."""
        following = next((n for n in self.lines[i + 1 : i + 1 + _AHEAD] if n.kind is Kind.TEXT), None)
        return shapes.is_long_headline(self.lines[i], following)

    def dateline(self, line: Line) -> str:
        """Return the outlet that a short line names and nothing else."""
        return shapes.dateline(line, self.known)
