"""Quotation: which words of a text stand in quotation marks, and which are the narrator's."""

import re
from dataclasses import dataclass
from typing import Literal

from crossframe.voice.folding import fold_word
from crossframe.voice.lexicon import lexicon

Voice = Literal["narrator", "quote", "name"]

# marks with a direction of their own; Chinese 《》〈〉 and Korean 〈〉《》 always hold titles
_DIRECTED = {"«": "»", "‹": "›", "「": "」", "『": "』", "《": "》", "〈": "〉", "〝": "〞"}
_TITLE_MARKS = "《〈"
# curly and straight double marks are one family: „…“, “…”, ”…“ and "…" are all in use, also mixed
_DOUBLE = '“”„‟"＂'
_SINGLE = "‘’‚‛'"
_OPENING_ONLY = "“„‟‘‚‛"
_ELISIONS = ("em", "til", "cause", "tis", "twas", "n")  # 'em, 'til: an apostrophe, not an opening mark
_CHARACTER_LANGUAGES = frozenset({"zh", "ja"})
_OPENER_OF = {closer: opener for opener, closer in _DIRECTED.items()}
# what has to stand before a word for a straight mark to open a quotation there
_SPACE_OR_OPENER = re.compile(r"[\s(\[{—–\-:，：、。「『«“‘（/]")
_ARABIC_CLITICS = "وفبلك\u0640"  # و"…", بـ"…": a conjunction or preposition is written onto the mark
_CUE_REACH = 40  # characters before a mark in which the word that announces a title is looked for


@dataclass(frozen=True)
class Span:
    """A stretch of a text and whose words it holds; `start` and `end` count characters.

    A quotation's span includes its marks. `name` is a title or a name in quotation marks: the narrator's words.
    """

    start: int
    end: int
    voice: Voice

    def of(self, text: str) -> str:
        """Return the words of the span."""
        return text[self.start : self.end]


def quoted(text: str, language: str) -> list[Span]:
    """Split a text into the narrator's words and quoted ones.

    Marks that nest belong to the outer quotation. A mark that nothing closes in its paragraph is no quotation,
    unless the next paragraph opens anew (a quotation that runs on); a stray closing mark is ignored. An
    apostrophe is not a mark. A newspaper's or an article's title, told by the word before it (lexicon,
    `title_cues`), is a `name`, and so is what stands in 《》.

    Parameters
    ----------
    text
        Any text.
    language
        ISO 639-1 code of a language with a lexicon.

    Returns
    -------
    list of Span
        In order, without gaps or overlaps, from 0 to len(text); empty for an empty text.

    Raises
    ------
    InputError
        If there is no lexicon for the language.
    """
    cues = lexicon(language).title_cues
    spans: list[Span] = []
    position = 0
    for start, end in _quotations(text):
        if start > position:
            spans.append(Span(position, start, "narrator"))
        spans.append(Span(start, end, "name" if _is_title(text, start, cues) else "quote"))
        position = end
    if position < len(text):
        spans.append(Span(position, len(text), "narrator"))
    return spans


def count_words(text: str, language: str) -> int:
    """Count the words of a text; in Chinese and Japanese, which write none apart, the letters and digits."""
    if language in _CHARACTER_LANGUAGES:
        return sum(c.isalnum() for c in text)
    return sum(any(c.isalnum() for c in word) for word in text.split())


def quoted_words(text: str, language: str) -> tuple[int, int]:
    """Return (words in quotations, all words) of a text; titles and names in marks are not quotations."""
    inside = sum(count_words(s.of(text), language) for s in quoted(text, language) if s.voice == "quote")
    return inside, count_words(text, language)


def _quotations(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the outermost quotations, marks included."""
    closed: list[tuple[int, int]] = []
    stack: list[tuple[int, str]] = []  # position and mark of each quotation that is open
    for i, c in enumerate(text):
        if c == "\n":
            _end_of_paragraph(text, i, stack, closed)
        elif c in _DIRECTED:
            stack.append((i, c))
        elif c in _OPENER_OF:
            _close(i, _OPENER_OF[c], stack, closed)
        elif c in _DOUBLE:
            _either(text, i, _DOUBLE, stack, closed)
        elif c in _SINGLE and _is_quote_mark(text, i, any(mark in _SINGLE for _p, mark in stack)):
            _either(text, i, _SINGLE, stack, closed)
    outermost: list[tuple[int, int]] = []
    for start, end in sorted(closed):
        if not outermost or start >= outermost[-1][1]:
            outermost.append((start, end))
    return outermost


def _either(text: str, i: int, family: str, stack: list[tuple[int, str]], closed: list[tuple[int, int]]) -> None:
    """Open or close a quotation with a mark that can do both, as its neighbours say."""
    open_marks = [mark for _position, mark in stack if mark in family]
    if open_marks and not _opens_inside(text, i, open_marks[-1]):
        _close(i, family, stack, closed)
    elif open_marks or _opens(text, i):
        stack.append((i, text[i]))


def _opens(text: str, i: int) -> bool:
    """Say whether a mark opens a quotation where none of its family is open."""
    if not text[i + 1 : i + 2].strip():
        return False
    if text[i] in _OPENING_ONLY:
        return True  # it needs no space before it: Arabic و“, Chinese 说“
    if not _starts_word(text, i):
        return False
    # ”…“ and ”…” are slips of right-to-left typing; a stray ” with nothing after it is not
    return text[i] == '"' or text[i] == "'" or (text[i] != "’" and bool(re.search("[“”]", _rest(text, i))))


def _opens_inside(text: str, i: int, open_mark: str) -> bool:
    """Say whether a mark opens a quotation within one of its own family."""
    if text[i] in "”’" and open_mark in _OPENING_ONLY:
        return False
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    return _starts_word(text, i) and bool(after) and not after.isspace() and (before.isspace() or after.isalnum())


def _starts_word(text: str, i: int) -> bool:
    """Say whether a word begins after the mark; an Arabic one may have its conjunction before the mark."""
    before = text[i - 1 : i]
    if not before or _SPACE_OR_OPENER.match(before):
        return True
    return before in _ARABIC_CLITICS and (i == 1 or text[i - 2].isspace())


def _is_quote_mark(text: str, i: int, is_open: bool) -> bool:
    """Tell a single quotation mark from an apostrophe: don’t, Putin’s, the allies’ view, the ’90s, 'em."""
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    if before.isalnum() and after.isalnum() and not _is_wide(after):
        return False
    if text[i] in _OPENING_ONLY:
        return True
    if not is_open:
        word = re.match(r"\w+", text[i + 1 :])
        return text[i] == "'" and not before.isalnum() and word is not None and _no_elision(word.group())
    # the allies’ view: a genitive, if another mark closes the quotation later
    later = re.search(r"\w[.,!?]?['’](?!\w)", text[i + 1 : i + 1 + len(_rest(text, i).split("‘")[0])])
    return not (before == "s" and re.match(r" [a-z]", text[i + 1 : i + 3]) and later)


def _no_elision(word: str) -> bool:
    return not word[0].isdigit() and word.lower() not in _ELISIONS


def _rest(text: str, i: int) -> str:
    """Return what follows a mark in its paragraph."""
    return text[i + 1 :].split("\n", 1)[0]


def _is_wide(c: str) -> bool:
    """Say whether a letter is Hangul, kana or Han: scripts that write quotation marks without spaces."""
    return "\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3"


def _close(i: int, opening: str, stack: list[tuple[int, str]], closed: list[tuple[int, int]]) -> None:
    """Close the innermost quotation opened by one of the marks; inner ones left open end with it."""
    for depth in range(len(stack) - 1, -1, -1):
        start, mark = stack[depth]
        if mark in opening:
            del stack[depth:]
            if i > start + 1:
                closed.append((start, i + 1))
            return


def _end_of_paragraph(text: str, i: int, stack: list[tuple[int, str]], closed: list[tuple[int, int]]) -> None:
    """Drop what is left open; a quotation runs on where the next paragraph opens with the same mark."""
    if stack and text[i:].lstrip()[:1] == stack[0][1] and i > stack[0][0] + 1:
        closed.append((stack[0][0], i))
    stack.clear()


def _is_title(text: str, start: int, cues: frozenset[str]) -> bool:
    """Say whether the marks at `start` hold a title or a name: 《》, or the word before them announces it."""
    if text[start] in _TITLE_MARKS:
        return True
    before = text[max(0, start - _CUE_REACH) : start].rpartition("\n")[2].rstrip()
    words = re.findall(r"\w+", fold_word(before))
    if not words or not before[-1].isalnum():
        return False
    last = words[-1]
    return any(form in cues for form in (last, last[1:], last[2:], last[3:], " ".join(words[-2:])))
