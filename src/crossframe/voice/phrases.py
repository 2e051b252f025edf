"""Arabic noun phrases: who stands beside a verb, with titles, appositions and conjunctions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from crossframe.voice.actors import Gazetteer, Mention
from crossframe.voice.conjugation import verb_forms
from crossframe.voice.lexicon import lexicon
from crossframe.voice.records import Party
from crossframe.voice.tokens import Token

_CONJUNCTIONS = ("و", "ف")
_MAX_WORDS = 8  # words of a phrase that hold no name; a longer stretch is a clause
_TITLE_REACH = 6  # tokens after «في» within which the holder of a title is named
_EACH_OF = ["كل", "من"]  # «كل من فلان وفلان»
_ATTACHED = ("بال", "لل")  # prepositions written onto a word that is no name


@dataclass
class Phrase:
    """What stands from a token on: groups of parties, the first the subject, the second the object.

    `end` is the position of the token after the phrase, `after` that of the one after its last name; `words` are
    its words where it names nobody; `rest` says whether other words follow the last name: the object of a verb
    that has its subject here.
    """

    groups: list[list[Party]] = field(default_factory=list)
    words: list[Token] = field(default_factory=list)
    end: int = 0
    after: int = 0
    rest: bool = False
    surface: str = ""  # the first name as it stands, for agreement

    @property
    def known(self) -> list[Party]:
        """The first group, where the gazetteer has all of it."""
        first = self.groups[0] if self.groups else []
        return first if first and all(p.actor_id for p in first) else []


def bare(form: str) -> str:
    """Return a word without its conjunction: وقال -> قال, فقال -> قال."""
    return form[1:] if form[:1] in _CONJUNCTIONS and len(form) > 2 else form


@cache
def _titles() -> frozenset[str]:
    words = lexicon("ar")
    return words.titles | {w for forms in words.nations.values() for form in forms for w in form.split()}


def is_title(token: Token) -> bool:
    """Say whether a word is a title or a nationality, such as stands before a name."""
    return token.form in _titles()


def noun_phrase(tokens: Sequence[Token], start: int, stop: int, gazetteer: Gazetteer, oblique: bool = False) -> Phrase:
    """Read the noun phrase that begins at a token.

    Parameters
    ----------
    tokens
        One sentence.
    start, stop
        Positions of its first token and of the one it may not reach.
    oblique
        Whether its first name may have a preposition written onto it (وفقا لوكالة تاس).
    """
    builder = _Builder(gazetteer)
    j = start
    while j < stop:
        token = tokens[j]
        if token.kind in {"mark", "quote"}:
            if not builder.takes_apposition(tokens[j : j + 2]):
                break
        elif token.kind == "name":
            if token.mention is None or not builder.name(token.form, token.mention, oblique):
                break
            builder.after = j + 1
        elif [t.form for t in tokens[j : j + 2]] == _EACH_OF:
            j += 1
        elif token.form == "في" and builder.title_goes_on(tokens[j + 1 : min(stop, j + 1 + _TITLE_REACH)]):
            pass
        elif _ends(token, builder, gazetteer):
            break
        elif not {token.form, bare(token.form)} & lexicon("ar").fillers:
            builder.waiting.append(token)
        j += 1
    return builder.phrase(j)


def _ends(token: Token, builder: "_Builder", gazetteer: Gazetteer) -> bool:
    """Say whether a word ends the phrase: a particle, a preposition, or the next verb."""
    words, form = lexicon("ar"), token.form
    if {form, bare(form)} & (words.that | words.stops | words.own_words) or (
        form in words.prepositions and form != "لدي"
    ):
        return True
    if form in words.titles or len(builder.waiting) >= _MAX_WORDS:
        return form not in words.titles
    begun = bool(builder.waiting or builder.groups)
    attached = form.startswith(_ATTACHED) or (begun and form.startswith("با"))
    if attached and form not in gazetteer.words and len(form) > 3:
        return True
    return begun and (form in verb_forms() or (form[:1] in _CONJUNCTIONS and bare(form) in verb_forms()))


class _Builder:
    """Collects the names of a phrase into groups."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.groups: list[list[Party]] = []
        self.waiting: list[Token] = []  # words since the last name
        self.words: list[Token] = []
        self.open_title = False  # the last name stands in a title: a person named next holds it
        self.surface = ""
        self.after = 0

    def phrase(self, end: int) -> Phrase:
        rest = bool(self.groups) and any(not is_title(w) for w in self.waiting)
        words = self.words or ([] if self.groups else self.waiting)
        return Phrase(self.groups, words, end, self.after, rest, self.surface)

    def takes_apposition(self, pair: Sequence[Token]) -> bool:
        """Say whether a comma is followed by the person who holds the title: السفير الروسي، فلان، ..."""
        if len(pair) < 2 or pair[0].form != "،" or pair[1].mention is None or pair[1].prefix:
            return False
        titled = self.open_title or (not self.groups and self.waiting and all(is_title(w) for w in self.waiting))
        return bool(titled) and self.gazetteer.kind(pair[1].mention.actor_id) == "person"

    def title_goes_on(self, following: Sequence[Token]) -> bool:
        """Say whether «في» goes on with a title: منسق الاتصالات في مجلس الأمن القومي جون كيربي."""
        if self.groups or not self.waiting or not all(is_title(w) for w in self.waiting):
            return False
        for token in following:
            if token.mention and not token.prefix and self._is_person(token.mention.actor_id):
                return True
            if token.kind != "name" and not is_title(token):
                return False
        return False

    def name(self, form: str, mention: Mention, oblique: bool) -> bool:
        """Take a name up; return False where it does not belong to the phrase."""
        prefix, actor_id = mention.prefix, mention.actor_id
        if set(prefix) & set("بلك") and not (oblique and not self.groups and not set(prefix) & set("بك")):
            return False
        before, self.waiting = self.waiting, []
        party = Party(actor_id, form)
        if not self.groups:
            self._first(party, before)
            return True
        conjoined = "و" in prefix or (before and before[0].form[0] == "و" and is_title_after_and(before))
        last = self.groups[-1][-1]
        if conjoined and all(is_title(w) or w is before[0] for w in before):
            self.groups[-1].append(party)
            self.open_title = bool(before) and not self._is_person(actor_id)
        elif any(not is_title(w) for w in before):
            self.waiting = before
            return False
        elif last.actor_id == actor_id:
            return True
        elif self._is_person(actor_id) and self.open_title:
            self.groups[-1][-1] = party
            self.open_title = False
        elif len(self.groups) == 1:
            self.groups.append([party])
            self.open_title = bool(before)
        else:
            return False
        return True

    def _first(self, party: Party, before: Sequence[Token]) -> None:
        words = lexicon("ar")
        if before and before[0].form in words.voice_nouns:
            before = before[1:]  # «تقديرات سيول»: her words, taken for her
        self.surface = before[0].form if before else party.name
        person = self._is_person(party.actor_id)
        if any(not is_title(w) for w in before):
            self.words = list(before)
            party = Party(None, " ".join([*(w.surface for w in before), party.name]))
        elif before and before[-1].form in words.relational and (person or before[-1].form == "لدي"):
            party = Party(None, " ".join([*(w.surface for w in before), party.name]))
            self.open_title = True
        else:
            titled = bool(before) or self.gazetteer.kind(party.actor_id) == "group"
            self.open_title = titled and not person
        self.groups.append([party])

    def _is_person(self, actor_id: str | None) -> bool:
        return self.gazetteer.kind(actor_id) == "person"


def is_title_after_and(words: Sequence[Token]) -> bool:
    """Say whether words are a title with a conjunction: والزعيم الكوري الشمالي."""
    return words[0].form[1:] in lexicon("ar").titles
