"""What a reader of Arabic keeps in mind from sentence to sentence: the last speaker, and who has which gender."""

from collections.abc import Sequence

from crossframe.voice.actors import Gazetteer
from crossframe.voice.conjugation import VerbForm
from crossframe.voice.folding import fold_word
from crossframe.voice.lexicon import lexicon
from crossframe.voice.records import Party
from crossframe.voice.report import Report

_PLURALS = ("ون", "ين", "راء", "نواب")
_MASCULINE_STATES = ("الجانب", "الاتحاد", "الشمال", "الجنوب", "الغرب")


class Memory:
    """Speakers so far, for verbs and nouns that point back to them."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Begin a text."""
        self.gazetteer = gazetteer
        self.last: list[Party] = []
        self.topic: list[Party] = []  # what the sentence before begins with
        self._spoken: list[Party] = []  # in order, the latest last
        self._genders: dict[str, str] = {}

    def heard(self, report: Report) -> None:
        """Remember who spoke; carriers of other people's words are not taken for the last speaker."""
        self._spoken += report.speakers
        if report.lasting and report.verb_class != "relay":
            self.last = report.speakers

    def end_sentence(self, subject: Sequence[Party], named: Sequence[Party]) -> None:
        """Remember whom the sentence was about and whom it named: «نائب الوزير», «الصحيفة» may point to them."""
        self.topic = list(subject)
        others = [p for p in named if self.gazetteer.kind(p.actor_id) not in {"person", "state", "group"}]
        self._spoken = [*others, *subject, *self._spoken]

    def agreed(self, parties: Sequence[Party], form: VerbForm) -> None:
        """Remember the gender that a verb before its subject shows."""
        if len(parties) == 1 and form.number == 1:
            self._genders[parties[0].actor_id or parties[0].name] = form.gender

    def gender(self, parties: Sequence[Party], surface: str) -> str:
        """Return m, f or an empty string where it is not known."""
        if len(parties) != 1:
            return ""
        if not parties[0].actor_id:
            return self._genders.get(parties[0].name, "")
        kind = self.gazetteer.kind(parties[0].actor_id)
        first = surface.partition(" ")[0]
        if kind == "person":
            return self._genders.get(parties[0].actor_id, "")
        if first.endswith(("ة", "ات")):
            return "f"
        return "f" if kind == "state" and not first.startswith(_MASCULINE_STATES) else ""

    def agrees(self, parties: Sequence[Party], form: VerbForm) -> bool:
        """Say whether parties can be the subject that a verb leaves out."""
        kind = self.gazetteer.kind(parties[0].actor_id)
        plural = kind in {"", "group"} and fold_word(parties[0].name).partition(" ")[0].endswith(_PLURALS)
        if form.number > 1:
            return len(parties) > 1 or plural or kind == "group"
        if len(parties) > 1 or plural:
            return False
        gender = self.gender(parties, parties[0].name)
        return gender in {"", form.gender}

    def anaphor(self, words: Sequence[str]) -> Party | None:
        """Return whom a definite noun points back to: «الوكالة», «الوزارة», «المسؤول الروسي»."""
        phrase = " ".join(words)
        for kind, nouns in lexicon("ar").anaphors.items():
            noun = max((n for n in nouns if phrase == n or phrase.startswith(f"{n} ")), key=len, default="")
            if not noun:
                continue
            nations = self._nations(phrase.removeprefix(noun).strip())
            for party in reversed(self._spoken):
                actor = self.gazetteer.actors.get(party.actor_id or "")
                if actor and actor.kind == kind and (not nations or actor.bloc in nations):
                    return party
        return None

    def _nations(self, words: str) -> set[str]:
        """Return the blocs of the states that adjectives name."""
        states = [state for state, forms in lexicon("ar").nations.items() if any(words.startswith(f) for f in forms)]
        return {self.gazetteer.bloc(s) for s in states if s in self.gazetteer.actors}
