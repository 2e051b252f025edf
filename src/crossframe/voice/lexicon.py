"""The words that report speech, a TOML file a language: verbs with their class, titles, cues."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crossframe.errors import InputError
from crossframe.voice.folding import ARABIC_SCRIPT, fold_word

VerbClass = Literal["say", "think", "claim", "warn", "accuse", "deny", "demand", "praise", "pledge", "relay"]
VERB_CLASSES: tuple[str, ...] = get_args(VerbClass)
BLAMING = frozenset({"accuse", "warn"})  # the classes that have an agent and a target of blame
LANGUAGES = ("ar", "en", "fa", "ja", "ko", "ru", "uk", "zh")


class Verb(BaseModel):
    """One reporting verb.

    Arabic verbs are given by stems, which take the regular endings (see `conjugation`), and irregular `forms`;
    those of other languages by their forms, where a final * stands for up to four letters of an ending.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lemma: str
    verb_class: VerbClass = Field(alias="class")
    forms: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    participle: tuple[str, ...] = ()
    participles: tuple[str, ...] = ()  # irregular participles, in full
    # one of these has to follow in the clause for the verb to report; `ب+` is a word with that prefix,
    # `“` a quotation: أشار إلى reports, أشار alone does not
    needs: tuple[str, ...] = ()
    near: bool = False  # what it needs follows its subject at once
    takes_object: bool = False  # a noun phrase right after it may be its object: أكد دعمه
    needs_object: bool = False  # never without an object: a single noun phrase after it is that
    explicit: bool = False  # reports only with a subject that is an actor: يهدد الأمن is no speech
    negated: bool = False  # reports also when negated: لم يستبعد
    # where the target of blame stands: the direct `object`, within the `deed` that is condemned, or after one of
    # these prepositions
    target: tuple[str, ...] = ()

    @property
    def has_object(self) -> bool:
        """Whether a noun phrase after the verb may be its object."""
        return self.takes_object or self.needs_object


class Lexicon(BaseModel):
    """What the reading of one language rests on; lists are empty where a language has no use for them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title_cues: frozenset[str]
    verbs: tuple[Verb, ...]
    titles: frozenset[str] = frozenset()  # words that stand before or after a name: وزير, المتحدث باسم, president
    relational: frozenset[str] = frozenset()  # titles whose holder is not the person named next: مساعد بوتين
    people: frozenset[str] = frozenset()  # nouns for unnamed speakers: مسؤولون, محللون
    fillers: frozenset[str] = frozenset()  # words that may stand between a verb and its subject
    stops: frozenset[str] = frozenset()  # words that end a noun phrase: particles, prepositions
    that: frozenset[str] = frozenset()  # complementisers
    prepositions: frozenset[str] = frozenset()  # a name after one of these is not a subject
    according: frozenset[str] = frozenset()  # بحسب, according to: what follows is the speaker
    according_after: frozenset[str] = frozenset()  # 에 따르면, によると: what precedes is the speaker
    voice_nouns: frozenset[str] = frozenset()  # رواية, تقديرات: a speaker's words, taken for the speaker
    reporting_nouns: frozenset[str] = frozenset()  # قول فلان إن: a noun that reports like its verb
    own_words: frozenset[str] = frozenset()  # قوله, زعمه: the last speaker's
    conjunctions: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    passives: frozenset[str] = frozenset()  # يذكر أن: forms that report without a subject
    negations: frozenset[str] = frozenset()
    blame_nouns: frozenset[str] = frozenset()  # اتهامات, انتقادات
    nations: dict[str, tuple[str, ...]] = {}  # actor_id -> adjectives: روسي
    anaphors: dict[str, tuple[str, ...]] = {}  # kind of actor -> الوكالة, الوزير
    linking: tuple[str, ...] = ()  # Korean and Japanese endings between clauses
    subject_marks: tuple[str, ...] = ()  # Korean and Japanese particles
    object_marks: tuple[str, ...] = ()


@cache
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language; words in Arabic script are in match form.

    Raises
    ------
    InputError
        If there is none for the language.
    """
    if language not in LANGUAGES:
        raise InputError(
            f"quotations and speakers are not read in the language {language!r}",
            "language",
            f"There are lexicons for {', '.join(LANGUAGES)}.",
        )
    name = f"voice-{language}.toml"
    values = tomllib.loads(files("crossframe").joinpath(f"lexicon/{name}").read_text(encoding="utf-8"))
    try:
        return Lexicon.model_validate(_folded(values) if language in ARABIC_SCRIPT else values)
    except ValidationError as error:  # a fault of the package: the tests load every lexicon
        raise InputError(f"is not a valid lexicon: {error}", name) from error


def _folded(value: object) -> object:
    """Bring every word of a lexicon in Arabic script into match form; keys stay."""
    if isinstance(value, str):
        return fold_word(value)
    if isinstance(value, list):
        return [_folded(v) for v in value]
    if isinstance(value, dict):
        return {k: v if k in {"class", "lemma"} else _folded(v) for k, v in value.items()}
    return value
