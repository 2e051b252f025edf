"""What the reading of a text gives: who says what, and who blames whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossframe.voice.lexicon import VerbClass


@dataclass(frozen=True)
class Party:
    """Somebody named in a text: an actor of the gazetteer, or a name that it does not hold (`actor_id` is None)."""

    actor_id: str | None
    name: str


@dataclass(frozen=True)
class Attribution:
    """One act of speech that a text reports.

    Attributes
    ----------
    actor_id
        The speaker, where the gazetteer has it.
    name
        The speaker as the text has it; empty where nobody is named.
    verb, verb_class
        The word that reports, as it stands, and what kind of speech it makes of it.
    evidence
        (start, end) of the sentence in the text.
    content
        (start, end) of the quotation, or of the reported clause.
    quoted
        Whether the content is a quotation.
    inferred
        Whether the sentence does not name the speaker and the last speaker of the text was taken.
    via
        The actor that relays the words: TASS in «نقلت تاس عن لافروف».
    """

    actor_id: str | None
    name: str
    verb: str
    verb_class: VerbClass
    evidence: tuple[int, int]
    content: tuple[int, int]
    quoted: bool
    inferred: bool = False
    via: str | None = None

    @property
    def speaker(self) -> str | None:
        """The actor's id, else the name, else None: unknown."""
        return self.actor_id or self.name or None


@dataclass(frozen=True)
class Blame:
    """One act of blame or warning: `agent` is who blames, `target` who is blamed; either may be unknown (None)."""

    agent: str | None
    target: str | None
    verb: str
    verb_class: VerbClass
    evidence: tuple[int, int]
    inferred: bool = False


def blames(
    agents: Sequence[str | None],
    targets: Sequence[str | None],
    verb: str,
    verb_class: VerbClass,
    evidence: tuple[int, int],
    inferred: bool = False,
) -> list[Blame]:
    """Return one act of blame for each agent and target.

    Without a target an accusation is kept, if its agent is known, and a warning is not: whom a general warning
    is meant for is anybody's guess.
    """
    pairs: list[tuple[str | None, str | None]] = [(a, t) for a in agents for t in targets if a != t and (a or t)]
    if not pairs and verb_class == "accuse":
        pairs = [(a, None) for a in agents if a]
    return [Blame(a, t, verb, verb_class, evidence, inferred) for a, t in pairs]
