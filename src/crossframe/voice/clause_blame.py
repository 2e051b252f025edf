"""Who blames whom in English, Russian, Ukrainian, Chinese and Persian sentences."""

import re

from crossframe.voice.actors import Mention
from crossframe.voice.clause_names import WORD, last_word, subject_before, with_following
from crossframe.voice.lexicon import BLAMING, Verb
from crossframe.voice.masked import HIDDEN, Sentence
from crossframe.voice.records import Blame, Party, blames

_TO_BE = re.compile(r"\b(?:was|were|been|being|is|are) (?:\w+ly )?$")
_BY = re.compile(r"\bby (?:the )?$")
_MAX_WORDS = 4  # between a verb of blaming and its target: «осудил последние действия США»
_MAX_CHARACTERS_ZH = 6
_ON = {"en": {"on", "against"}, "ru": {"на", "за", "в"}, "uk": {"на", "за", "у", "в"}}  # «возложить на кого»


def active_blame(
    sentence: Sentence, start: int, end: int, verb: Verb, speakers: list[Party], inferred: bool
) -> list[Blame]:
    """Return who is blamed by the speakers of a verb."""
    if verb.verb_class not in BLAMING:
        return []
    objects = _before(sentence, start, verb) if sentence.language == "fa" else _after(sentence, end)
    agents, targets = [p.actor_id for p in speakers], [m.actor_id for m in objects]
    return blames(agents, targets, sentence.words(start, end), verb.verb_class, sentence.whole, inferred)


def is_passive(sentence: Sentence, start: int) -> bool:
    """Say whether a form of to be makes an English verb a passive: was accused."""
    return sentence.language == "en" and _TO_BE.search(sentence.text[:start]) is not None


def passive_blame(sentence: Sentence) -> list[Blame]:
    """Read «Kyiv was accused by Moscow»."""
    out: list[Blame] = []
    for start, end, verb in sentence.verbs:
        if verb.verb_class not in BLAMING or not is_passive(sentence, start):
            continue
        agents = [m.actor_id for m in sentence.mentions if m.start > end and _BY.search(sentence.text[end : m.start])]
        targets = [m.actor_id for m in subject_before(sentence, start)]
        if targets:
            word = sentence.words(start, end)
            out += blames(agents[:1] or [None], targets, word, verb.verb_class, sentence.whole)
    return out


def _after(sentence: Sentence, end: int) -> list[Mention]:
    """Return the mentions right after a verb, in whatever case: accused Kyiv, осудил действия США, 指责美国."""
    words = sentence.lexicon
    k = next((k for k, m in enumerate(sentence.mentions) if m.start >= end), None)
    if k is None:
        return []
    gap = sentence.text[end : sentence.mentions[k].start]
    if sentence.language == "zh":
        near = len(gap) <= _MAX_CHARACTERS_ZH and not re.search("[，。：]", gap)
    else:
        tokens = WORD.findall(gap)
        barred = (set(tokens) & (words.that | words.prepositions)) - _ON.get(sentence.language, set())
        near = len(tokens) <= _MAX_WORDS and not barred and not re.search(f"[,;:{HIDDEN}]", gap)
    return with_following(sentence, k) if near else []


def _before(sentence: Sentence, start: int, verb: Verb) -> list[Mention]:
    """Return the Persian object: X را … متهم کرد, از X انتقاد کرد, به X هشدار داد."""
    out = []
    for mention in sentence.mentions:
        if mention.end > start:
            break
        preposition = last_word(sentence.text[: mention.start])
        marked = re.match(r"(?:\s+و\s+\S+(?:\s\S+)?)?\s+را(?!\w)", sentence.text[mention.end : start])
        if ("را" in verb.target and marked) or (preposition != "را" and preposition in verb.target):
            out.append(mention)
    return out
