"""English, Russian, Ukrainian, Chinese and Persian: the speaker stands before the verb, seldom after it."""

import re
from dataclasses import dataclass, field

from crossframe.voice.actors import Gazetteer, Mention
from crossframe.voice.clause_blame import active_blame, is_passive, passive_blame
from crossframe.voice.clause_names import WORD, chain, is_title, last_word, subject_before
from crossframe.voice.lexicon import Verb
from crossframe.voice.masked import HIDDEN, Sentence, attribution, one_of, read_sentences
from crossframe.voice.records import Attribution, Blame, Party

_ACCORDING = Verb.model_validate({"lemma": "according to", "class": "say"})
_SAYING = frozenset({"say", "claim", "think"})  # the classes whose verb may stand before its subject: «…», said X
_INVERTING = frozenset({"en", "ru", "uk"})
_INVERTED = re.compile(rf"(?:^|[,，—–\-{HIDDEN}”»\"]|\b[Кк]ак|\b[Яя]к)\s*$")
_GERUND = re.compile("(?:ing|в)$")  # …, adding that; …, добавив
_MARK = re.compile(f"[,;:.{HIDDEN}]")
# pronouns that stand for persons alone; an agency that spoke in between is passed over
_PERSONAL = frozenset(
    {"he", "she", "He", "She", "он", "она", "Он", "Она", "він", "вона", "Він", "Вона", "他", "她", "او", "وی"}
)


@dataclass
class _Heard:
    """Who spoke last, and the last person who did."""

    gazetteer: Gazetteer
    last: list[Party] = field(default_factory=list)
    person: list[Party] = field(default_factory=list)

    def hear(self, speakers: list[Party]) -> None:
        self.last = speakers
        if len(speakers) == 1 and self.gazetteer.kind(speakers[0].actor_id) == "person":
            self.person = speakers


def read_clauses(text: str, language: str, gazetteer: Gazetteer) -> tuple[list[Attribution], list[Blame]]:
    """Return the reported acts of speech and the acts of blame of a text, in their order."""
    heard = _Heard(gazetteer)
    attributions: list[Attribution] = []
    blames: list[Blame] = []
    for sentence in read_sentences(text, language, gazetteer):
        found, taken = _according(sentence, gazetteer)
        attributions += found
        for a in found:
            if gazetteer.kind(a.actor_id) == "person":
                heard.person = [Party(a.actor_id, a.name)]
        spoken: list[Party] = []
        for start, end, verb in sentence.verbs:
            speakers, inferred = ([], False) if start in taken else _speakers(sentence, start, end, verb, spoken, heard)
            attributions += [attribution(sentence, p, (start, end), verb, inferred) for p in speakers]
            if speakers:
                blames += active_blame(sentence, start, end, verb, speakers, inferred)
                heard.hear(speakers)
                spoken = speakers
        if not spoken and (topic := _topic(sentence, gazetteer)):
            heard.hear(topic)
        blames += passive_blame(sentence)
    return attributions, blames


def _speakers(
    sentence: Sentence, start: int, end: int, verb: Verb, spoken: list[Party], heard: _Heard
) -> tuple[list[Party], bool]:
    """Return who speaks with a verb, and whether that was inferred from an earlier sentence."""
    words, before, form = sentence.lexicon, sentence.text[:start], sentence.text[start:end]
    if _is_negated(sentence, before) or is_passive(sentence, start):
        return [], False
    pronoun = re.search(rf"(?:^|[\s，。；,;(])({one_of(words.pronouns)})(?:{one_of(words.fillers)}|\s)*$", before)
    if pronoun:
        return (heard.person if pronoun.group(1) in _PERSONAL else heard.last), True
    chinese = sentence.language == "zh"
    clause = before if chinese else re.sub(rf"(?:\s*\b(?:{one_of(words.fillers)}))*\s*$", "", before)
    goes_on = bool(re.search(rf"(?:^|[\s,，、])(?:{one_of(words.conjunctions)})\s*$", clause))
    if goes_on and not chinese:
        return spoken, False
    mentions = subject_before(sentence, start)
    if not mentions and (goes_on or (re.search(r"[,，]\s*$", clause) and (chinese or _GERUND.search(form)))):
        return spoken, False
    inverted = sentence.language in _INVERTING and verb.verb_class in _SAYING and not form.endswith("ing")
    if not mentions and inverted and _INVERTED.search(before):
        mentions = _subject_after(sentence, end, heard.gazetteer)
    return [sentence.party(m) for m in mentions], False


def _topic(sentence: Sentence, gazetteer: Gazetteer) -> list[Party]:
    """Return the person that a sentence begins with, for the pronouns of the next one."""
    for mention in sentence.mentions:
        before = WORD.findall(sentence.text[: mention.start])
        if not mention.subject or not all(is_title(t, sentence) for t in before):
            return []
        if gazetteer.kind(mention.actor_id) == "person":
            return [sentence.party(mention)]
    return []


def _is_negated(sentence: Sentence, before: str) -> bool:
    words = sentence.lexicon
    if sentence.language != "zh":
        return last_word(before) in words.negations
    passive = re.search(f"(?:{one_of(words.passives)})[^，。]{{0,4}}$", before)  # 受到热烈欢迎
    return before.endswith(tuple(words.negations)) or bool(passive)


def _subject_after(sentence: Sentence, end: int, gazetteer: Gazetteer) -> list[Mention]:
    """Return the subject after an inverted verb: «…», said Russian President Vladimir Putin."""
    found: list[Mention] = []
    for mention in sentence.mentions:
        if mention.start < end or not mention.subject:
            continue
        gap = sentence.text[end : mention.start].replace("U.S.", "US")
        if _MARK.search(gap) or not all(is_title(t, sentence) for t in WORD.findall(gap)):
            break
        found = [mention] if not found or gazetteer.kind(mention.actor_id) == "person" else found
        end = mention.end
    return found


def _according(sentence: Sentence, gazetteer: Gazetteer) -> tuple[list[Attribution], set[int]]:
    """Read «according to X», «по словам X», «据X报道».

    Returned besides are the places that belong to it: 报道 is no verb of its own there.
    """
    words, chinese = sentence.lexicon, sentence.language == "zh"
    found: list[Attribution] = []
    taken: set[int] = set()
    edge = "" if chinese else r"\b"
    for match in re.finditer(rf"{edge}(?i:{one_of(words.according)}){edge}", sentence.text):
        names = chain(sentence, match.end())
        closing = re.match(one_of(words.according_after), sentence.text[names[-1].end :]) if names else None
        if not names or (chinese and not closing):
            continue
        end = names[-1].end + (closing.end() if closing else 0)
        taken |= set(range(names[-1].end, end))
        persons = [m for m in names if gazetteer.kind(m.actor_id) == "person"]
        party = sentence.party((persons or names)[-1])
        carriers = [m.actor_id for m in sentence.mentions if chinese and m.end == match.start()]
        via = carriers[0] if carriers else None  # 新华社援引朝中社消息说
        rest = (end, len(sentence.text))
        found.append(attribution(sentence, party, match.span(), _ACCORDING, via=via, clause=rest))
    return found, taken
