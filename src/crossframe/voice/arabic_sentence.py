"""One Arabic sentence while it is read: its tokens, what was found so far, and what the text has said before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crossframe.voice.actors import Gazetteer
from crossframe.voice.conjugation import VerbForm, verb_forms
from crossframe.voice.lexicon import Verb, lexicon
from crossframe.voice.memory import Memory
from crossframe.voice.phrases import Phrase, bare, is_title, noun_phrase
from crossframe.voice.records import Party
from crossframe.voice.report import Report
from crossframe.voice.tokens import Token

_MAIN_WITHIN = 12  # tokens of a sentence in which its subject is looked for
_PREPOSITIONS = frozenset("بلك")  # written onto a name: it is no subject


@dataclass
class ArabicSentence:
    """Tokens of a sentence with the reports found in it; `memory` goes on from sentence to sentence."""

    tokens: Sequence[Token]
    gazetteer: Gazetteer
    memory: Memory
    found: list[Report] = field(default_factory=list)

    def hear(self, report: Report | None) -> None:
        """Keep a report and remember who spoke."""
        if report is not None:
            self.found.append(report)
            self.memory.heard(report)

    def phrase(self, start: int, stop: int | None = None, oblique: bool = False) -> Phrase:
        """Return the noun phrase that begins at a token."""
        return noun_phrase(self.tokens, start, len(self.tokens) if stop is None else stop, self.gazetteer, oblique)

    def form(self, i: int) -> str:
        """Return a token's form; an empty string beyond the sentence."""
        return self.tokens[i].form if 0 <= i < len(self.tokens) else ""

    def surface(self, i: int) -> str:
        """Return a verb as it stands in the text, without its conjunction."""
        token = self.tokens[i]
        return token.surface if token.form in verb_forms() else bare(token.surface)

    def is_filler(self, i: int) -> bool:
        """Say whether a token may stand between a verb and its subject."""
        return bool({self.form(i), bare(self.form(i))} & lexicon("ar").fillers)

    def is_that(self, i: int) -> bool:
        """Say whether reported speech begins at a token: a complementiser or a quotation."""
        return self.form(i) in lexicon("ar").that or (i < len(self.tokens) and self.tokens[i].kind == "quote")

    def past_titles(self, phrase: Phrase) -> int:
        """Return the position after a subject and the titles that follow its name."""
        k = phrase.after if phrase.groups else phrase.end
        while k < phrase.end and (is_title(self.tokens[k]) or self.is_filler(k)):
            k += 1
        return k

    def needs(self, form: VerbForm, first: int, length: int) -> bool:
        """Say whether what a verb needs to report stands within some tokens."""
        window = self.tokens[first : first + length]
        return not form.verb.needs or any(self.is_need(need, t) for t in window for need in form.verb.needs)

    def is_need(self, need: str, token: Token) -> bool:
        """Say whether a token is what a verb needs: a word, `ب+` a word with that prefix, `“` a quotation."""
        words = lexicon("ar")
        if need == "“":
            return token.kind == "quote"
        if need.endswith("+"):
            if token.kind == "name":
                return need[0] in token.prefix
            others = words.titles | words.fillers | words.prepositions | words.stops | self.gazetteer.words
            return token.form.startswith(need[0]) and len(token.form) > 2 and token.form not in others
        return token.form == need or (need in words.that and token.form in words.that)

    def speakers(self, phrase: Phrase, verb: Verb | None = None) -> tuple[list[Party], bool]:
        """Return who a phrase names and whether memory had to help: «الوكالة», «نائب الوزير»."""
        if phrase.known:
            return phrase.known, False
        if not phrase.groups and phrase.words:
            remembered = self.memory.anaphor([w.form for w in phrase.words])
            if remembered:
                return [remembered], True
        if phrase.words and phrase.words[0].form in lexicon("ar").people:
            whole = verb is None or not verb.has_object
            name = (
                phrase.groups[0][0].name if phrase.groups and whole else literal(phrase.words[: None if whole else 1])
            )
            return [Party(None, name)], False
        return [], False

    def main_subject(self) -> list[Party]:
        """Return the party that the sentence begins with, for the verbs that have no subject of their own."""
        words = lexicon("ar")
        clear = True  # no preposition or particle since the last comma
        for i, token in enumerate(self.tokens[:_MAIN_WITHIN]):
            if token.kind == "name" and clear and not set(token.prefix) & _PREPOSITIONS:
                start = i
                while start > 0 and is_title(self.tokens[start - 1]):
                    start -= 1
                return self.phrase(start).known
            if token.kind == "mark":
                clear = True
            elif token.form in words.prepositions | words.stops | words.that:
                clear = False
        return []

    def earlier(self) -> list[list[Party]]:
        """Return the speakers of the sentence's reports so far, the latest first; asides are left out."""
        return [r.speakers for r in reversed(self.found) if not r.aside]


def literal(words: Sequence[Token]) -> str:
    """Return words as they stand in the text."""
    return " ".join(w.surface for w in words)
