"""Korean and Japanese: particles tell the speaker and the target, the verb stands at the end."""

import re

from crossframe.voice.actors import Gazetteer, Mention
from crossframe.voice.lexicon import BLAMING, Verb
from crossframe.voice.masked import Sentence, attribution, one_of, read_sentences
from crossframe.voice.records import Attribution, Blame, Party, blames

_TOPIC = (
    "은",
    "는",
    "께서",
    "측은",
    "は",
    "側は",
    "政府は",
)  # the topic speaks, the subject of an inner clause does not
# a topic that is no actor of the gazetteer: 통신은 김정은이 …
_OTHER_TOPIC = re.compile(r"^\s*[\uac00-\ud7a3]+(?:은|는)\s")
_ACCORDING = Verb.model_validate({"lemma": "according to", "class": "say"})


def read_particles(text: str, language: str, gazetteer: Gazetteer) -> tuple[list[Attribution], list[Blame]]:
    """Return the reported acts of speech and the acts of blame of a text, in their order."""
    attributions: list[Attribution] = []
    found: list[Blame] = []
    heard: list[Party] = []  # everybody who spoke, the latest last
    for sentence in read_sentences(text, language, gazetteer):
        cited = _according(sentence, gazetteer)
        attributions += cited
        heard += [Party(a.actor_id, a.name) for a in cited]
        begin = 0
        spoken: list[Party] = []
        for start, end, verb in sentence.verbs:
            mentions = _subject(sentence, gazetteer, begin, start)
            pointed = _pointed(sentence, gazetteer, begin, start, mentions, heard)
            speakers = pointed or [sentence.party(m) for m in mentions] or spoken
            first = max((_phrase_end(sentence, m) + 1 for m in mentions), default=begin)
            clause = (begin if pointed or first >= start else first, start)
            attributions += [
                attribution(sentence, p, (start, end), verb, bool(pointed), clause=clause) for p in speakers
            ]
            if speakers:
                found += _blame(sentence, begin, (start, end), verb, speakers, bool(pointed))
                heard += speakers
                spoken = speakers
            begin = end
    return attributions, found


def _pointed(
    sentence: Sentence, gazetteer: Gazetteer, begin: int, start: int, mentions: list[Mention], heard: list[Party]
) -> list[Party]:
    """Return the last speaker that a pronoun or a noun such as 통신은, 同紙は points to, if it is the topic."""
    words = sentence.lexicon
    nouns_of = {kind: frozenset(nouns) for kind, nouns in words.anaphors.items()}
    nouns_of["person"] = words.pronouns | nouns_of.get("person", frozenset())
    named_at = min((m.start for m in mentions), default=-1)
    mere_subject = bool(mentions) and _mark(sentence, mentions[-1], words.subject_marks) not in _TOPIC
    for kind, nouns in nouns_of.items():
        noun = re.search(rf"(?:^|[\s、,。])({one_of(nouns)})", sentence.text[begin:start])
        if noun and (begin + noun.start(1) > named_at or mere_subject):
            before = [sentence.party(m) for m in sentence.mentions if m.end <= begin + noun.start(1)]
            return [p for p in heard + before if gazetteer.kind(p.actor_id) == kind][-1:]
    return []


def _phrase_end(sentence: Sentence, mention: Mention) -> int:
    """Return where the titles and further names after a mention end: 푸틴 러시아 대통령|은."""
    titles = re.compile(rf"\s*(?:{one_of(sentence.lexicon.titles)})")
    position = mention.end
    while True:
        other = next((m for m in sentence.mentions if position <= m.start <= position + 1), None)
        title = titles.match(sentence.text, position)
        if other is not None and not sentence.text[position : other.start].strip():
            position = other.end
        elif title is not None:
            position = title.end()
        else:
            return position


def _mark(sentence: Sentence, mention: Mention, marks: tuple[str, ...]) -> str:
    """Return the particle that follows a mention and its titles, or an empty string."""
    edge = r"(?=[\s,.“‘「『(]|$|[^\uac00-\ud7a3])"
    found = re.match(f"(?:{one_of(marks)}){edge}", sentence.text[_phrase_end(sentence, mention) :])
    return found.group() if found else ""


def _subject(sentence: Sentence, gazetteer: Gazetteer, begin: int, start: int) -> list[Mention]:
    """Return the speakers before a verb: the first topic, else the first subject, with what is joined to it."""
    words = sentence.lexicon
    within = [m for m in sentence.mentions if begin <= m.start and m.end <= start]
    candidates = [(m, mark) for m in within if (mark := _mark(sentence, m, words.subject_marks))]
    topics = [m for m, mark in candidates if mark in _TOPIC]
    chosen = (topics or [m for m, _mark in candidates])[:1]
    for topic in topics[1:]:
        if re.search(rf"(?:{one_of(words.linking)})$", sentence.text[: topic.start].rstrip()):
            chosen = [topic]  # 김정은은 …했고 푸틴은 …: the later clause has its own subject
    if not chosen or (not topics and _OTHER_TOPIC.search(sentence.text[begin : chosen[0].start])):
        return []
    end = _phrase_end(sentence, chosen[0])
    same = [m for m, _mark in candidates if _phrase_end(sentence, m) == end]
    persons = [m for m in same if gazetteer.kind(m.actor_id) == "person"]
    return [*_joined_before(sentence, min(same, key=lambda m: m.start)), (persons or same)[0]]


def _joined_before(sentence: Sentence, mention: Mention) -> list[Mention]:
    """Return the mentions joined to one from before: 북한과 러시아는."""
    words = sentence.lexicon
    titles = re.compile(rf"(?:\s*(?:{one_of(words.titles)}))*")
    out: list[Mention] = []
    for other in reversed([m for m in sentence.mentions if m.end <= mention.start]):
        title = titles.match(sentence.text, other.end)
        end = min(title.end() if title else other.end, mention.start)
        if not re.fullmatch(rf"\s*(?:{one_of(words.conjunctions)})\s*", sentence.text[end : mention.start]):
            break
        out.insert(0, other)
        mention = other
    return out


def _according(sentence: Sentence, gazetteer: Gazetteer) -> list[Attribution]:
    """Read «X에 따르면», «Xによると»."""
    out = []
    for mention in sentence.mentions:
        position = _phrase_end(sentence, mention)
        match = re.compile(one_of(sentence.lexicon.according_after)).match(sentence.text, position)
        titled = any(m.start > mention.start and m.end <= position for m in sentence.mentions)
        if match and (not titled or gazetteer.kind(mention.actor_id) == "person"):
            out.append(attribution(sentence, sentence.party(mention), match.span(), _ACCORDING))
    return out


def _blame(
    sentence: Sentence, begin: int, word: tuple[int, int], verb: Verb, speakers: list[Party], inferred: bool
) -> list[Blame]:
    """Return who is blamed by the speakers of a verb: the first mention with an object's particle."""
    if verb.verb_class not in BLAMING:
        return []
    agents = [p.actor_id for p in speakers]
    others = [m for m in sentence.mentions if begin <= m.start and m.end <= word[0] and m.actor_id not in agents]
    objects = [m for m in others if _mark(sentence, m, sentence.lexicon.object_marks)][:1]
    targets = [m.actor_id for first in objects for m in [*_joined_before(sentence, first), first]]
    return blames(agents, targets, sentence.words(*word), verb.verb_class, sentence.whole, inferred)
