"""Arabic verb forms: from the stems of the lexicon to the words of a text."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Literal

from crossframe.voice.lexicon import Verb, lexicon

Shape = Literal["past", "present", "participle"]

# third person, what reports use: singular, dual and plural of both genders
_PAST = {"": ("m", 1), "ت": ("f", 1), "ا": ("m", 2), "تا": ("f", 2), "وا": ("m", 3), "ن": ("f", 3)}
_PRESENT = {
    ("ي", ""): ("m", 1),
    ("ت", ""): ("f", 1),
    ("ي", "ان"): ("m", 2),
    ("ت", "ان"): ("f", 2),
    ("ي", "ون"): ("m", 3),
}
# a participle that reports is an accusative of state: قائلا, مؤكدة, مشيرين
_PARTICIPLE = {"ا": ("m", 1), "ة": ("f", 1), "ين": ("m", 3), "تين": ("f", 2)}
_OBJECTS = ("ه", "ها", "هم", "هما", "هن")
_MIN_WITH_OBJECT = 3  # letters of a form that takes a pronoun: «رده» is a noun more often than a verb


@dataclass(frozen=True)
class VerbForm:
    """A reading of a word as a form of a reporting verb; number is 1, 2 or 3 (three and more)."""

    verb: Verb
    shape: Shape
    gender: str
    number: int
    with_object: bool = False


@cache
def verb_forms() -> dict[str, tuple[VerbForm, ...]]:
    """Return every form of every Arabic reporting verb, in match form, with its readings."""
    forms: dict[str, list[VerbForm]] = defaultdict(list)
    for verb in lexicon("ar").verbs:
        for word, reading in _conjugated(verb):
            forms[word].append(reading)
            if reading.shape != "participle" and len(word) >= _MIN_WITH_OBJECT:
                for pronoun in _OBJECTS:
                    reading_with = VerbForm(verb, reading.shape, reading.gender, reading.number, with_object=True)
                    forms[_before_pronoun(word) + pronoun].append(reading_with)
    return {word: tuple(dict.fromkeys(readings)) for word, readings in forms.items()}


def _conjugated(verb: Verb) -> list[tuple[str, VerbForm]]:
    out = []
    for stem in verb.past:
        out += [(stem + ending, VerbForm(verb, "past", *who)) for ending, who in _PAST.items()]
    for stem in verb.present:
        out += [(a + stem + b, VerbForm(verb, "present", *who)) for (a, b), who in _PRESENT.items()]
    for stem in verb.participle:
        out += [(stem + ending, VerbForm(verb, "participle", *who)) for ending, who in _PARTICIPLE.items()]
    for word in verb.forms:
        out.append((word, VerbForm(verb, _shape(word), _gender(word), _number(word))))
    for word in verb.participles:
        out.append((word, VerbForm(verb, "participle", "f" if word.endswith("ة") else "m", 1)))
    return out


def _before_pronoun(word: str) -> str:
    """Return the form that a pronoun joins: قالوا + ه is قالوه."""
    return word[:-1] if word.endswith("وا") else word


def _shape(word: str) -> Shape:
    return "present" if word[0] in "يت" and not word.startswith("تبا") else "past"


def _gender(word: str) -> str:
    return "f" if word.endswith("ت") or (word.startswith("ت") and _shape(word) == "present") else "m"


def _number(word: str) -> int:
    if word.endswith(("وا", "ون")):
        return 3
    return 2 if word.endswith(("يا", "تا", "ان")) else 1
