"""What the readers of languages other than Arabic share: a text with its quotations hidden, verbs, content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from crossframe.voice.actors import Gazetteer, Mention
from crossframe.voice.folding import fold
from crossframe.voice.lexicon import Lexicon, Verb, lexicon
from crossframe.voice.quotes import quoted
from crossframe.voice.records import Attribution, Party
from crossframe.voice.tokens import located_sentences

HIDDEN = "■"  # stands for every character of a quotation: what is quoted is not the narrator's report
_UNSPACED = frozenset({"ja", "ko", "zh"})
_ENDING = r"\w{0,4}"
# whatever ending follows a stem; in Japanese not one that makes it an adjunct of a noun (功績をたたえる碑)
_REST = {"ko": "[\uac00-\ud7a3]*", "ja": "(?=[たてっしま、。])[\u3041-\u3096]*"}


@dataclass(frozen=True)
class Sentence:
    """One sentence: its text folded and with quotations hidden, and where names and verbs stand in it.

    Positions are those of `text`; `place` leads back to `source`, the whole text.
    """

    source: str
    language: str
    text: str
    positions: list[int]
    mentions: list[Mention]
    verbs: list[tuple[int, int, Verb]]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch of the sentence as a stretch of the whole text."""
        return self.positions[start], self.positions[end - 1] + 1

    def words(self, start: int, end: int) -> str:
        """Return a stretch of the sentence as the text has it."""
        return self.source[slice(*self.place(start, end))]

    def party(self, mention: Mention) -> Party:
        """Return the party that a mention names."""
        return Party(mention.actor_id, self.words(mention.start, mention.end))

    @property
    def lexicon(self) -> Lexicon:
        """The words of the sentence's language."""
        return lexicon(self.language)

    @property
    def whole(self) -> tuple[int, int]:
        """The sentence's own place in the whole text."""
        return self.positions[0], self.positions[len(self.text) - 1] + 1


def read_sentences(text: str, language: str, gazetteer: Gazetteer) -> list[Sentence]:
    """Return the sentences of a text in a language other than Arabic."""
    hidden = list(text)
    for span in quoted(text, language):
        if span.voice == "quote":
            hidden[span.start : span.end] = HIDDEN * (span.end - span.start)
    shown = "".join(hidden)
    out = []
    for start, end in located_sentences(text, language):
        folded, positions = fold(shown[start:end], language)
        back = {p: i for i, p in reversed(list(enumerate(positions)))}
        mentions = [
            Mention(m.actor_id, back[m.start], back[m.end - 1] + 1, m.prefix, m.subject)
            for m in gazetteer.mentions(shown[start:end], language)
        ]
        verbs = [(m.start(), m.end(), verb) for m, verb in _verbs(folded, language)]
        out.append(Sentence(text, language, folded, [p + start for p in positions], mentions, verbs))
    return out


def attribution(
    sentence: Sentence,
    party: Party,
    word: tuple[int, int],
    verb: Verb,
    inferred: bool = False,
    via: str | None = None,
    clause: tuple[int, int] | None = None,
) -> Attribution:
    """Return an attribution with its content.

    That is the nearest quotation after the verb, else before it, else `clause`, else what follows the verb, or
    precedes it where nothing follows.
    """
    after = re.compile(f"{HIDDEN}+").search(sentence.text, word[1])
    before = [m.span() for m in re.finditer(f"{HIDDEN}+", sentence.text[: word[0]])]
    quote = after.span() if after else before[-1] if before else None
    follows = any(c.isalnum() for c in sentence.text[word[1] :])
    start, end = quote or clause or ((word[1], len(sentence.text)) if follows else (0, word[0]))
    while start < end - 1 and not (sentence.text[start].isalnum() or quote):
        start += 1
    return Attribution(
        party.actor_id,
        party.name,
        sentence.words(*word),
        verb.verb_class,
        sentence.whole,
        sentence.place(start, max(end, start + 1)),
        quote is not None,
        inferred,
        via,
    )


def one_of(words: Sequence[str] | frozenset[str]) -> str:
    """Return a pattern for any of some words, the longest first; one that nothing matches where there are none."""
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) or r"(?!)"


def _verbs(text: str, language: str) -> list[tuple[re.Match[str], Verb]]:
    pattern, verbs = _verb_pattern(language)
    return [(m, verbs[(m.lastindex or 1) - 1]) for m in pattern.finditer(text)]


@cache
def _verb_pattern(language: str) -> tuple[re.Pattern[str], list[Verb]]:
    """Return a pattern with one group a form, longest first, and the verb of each group."""
    forms = [(form, verb) for verb in lexicon(language).verbs for form in verb.forms]
    forms.sort(key=lambda f: (-len(f[0]), f[0]))
    groups = "|".join(f"({_form_pattern(form)})" for form, _verb in forms)
    edge = "" if language in _UNSPACED else r"(?<!\w)"
    close = "" if language in _UNSPACED else r"(?!\w)"
    return re.compile(f"{edge}(?:{groups}){close}{_REST.get(language, '')}"), [verb for _form, verb in forms]


def _form_pattern(form: str) -> str:
    return re.escape(form.removesuffix("*")) + (_ENDING if form.endswith("*") else "")
