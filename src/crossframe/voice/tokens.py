"""Sentences of a text with their places, and the tokens that the Arabic reader works on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crossframe.text import sentences
from crossframe.voice.actors import Gazetteer, Mention
from crossframe.voice.folding import fold
from crossframe.voice.quotes import Span

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
Kind = Literal["word", "name", "quote", "mark"]
QUOTE = "“"  # the form of a token that stands for a whole quotation


@dataclass(frozen=True)
class Token:
    """A word, a name of the gazetteer, a quotation as a whole, or a punctuation mark."""

    form: str
    start: int
    end: int
    kind: Kind
    surface: str = ""  # as it stands in the text
    mention: Mention | None = None

    @property
    def prefix(self) -> str:
        """The conjunction and preposition written onto a name."""
        return self.mention.prefix if self.mention else ""


def located_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of a text."""
    spans = []
    position = 0
    for sentence in sentences(text, language):
        words = r"\s*".join(re.escape(word) for word in sentence.split())
        match = re.compile(words).search(text, position)
        if match:
            spans.append(match.span())
            position = match.end()
    return spans


def sentence_tokens(
    text: str, voices: Sequence[Span], gazetteer: Gazetteer
) -> list[tuple[tuple[int, int], list[Token]]]:
    """Return each Arabic sentence's place and tokens; what stands in a quotation is one token."""
    folded, position = fold(text, "ar")
    quotes = [s for s in voices if s.voice == "quote"]
    mentions = [m for m in gazetteer.mentions(text, "ar") if not any(q.start <= m.start < q.end for q in quotes)]
    marks = {s.start for s in voices if s.voice == "name"} | {s.end - 1 for s in voices if s.voice == "name"}
    starts = {m.word_start: m for m in mentions}
    tokens = [Token(QUOTE, q.start, q.end, "quote", q.of(text)) for q in quotes]
    done = 0
    for match in _TOKEN.finditer(folded):
        start, end = position[match.start()], position[match.end() - 1] + 1
        if start < done or start in marks or any(q.start <= start < q.end for q in quotes):
            continue
        if mention := starts.get(start):
            name = text[mention.start : mention.end]
            tokens.append(Token(name, start, mention.end, "name", name, mention))
            done = mention.end
        else:
            kind: Kind = "word" if match.group()[0].isalnum() else "mark"
            tokens.append(Token(match.group(), start, end, kind, text[start:end]))
    tokens.sort(key=lambda t: t.start)
    return [((a, b), [t for t in tokens if a <= t.start < b]) for a, b in located_sentences(text, "ar")]
