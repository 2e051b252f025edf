"""The gazetteer: who can speak or be spoken of, under which names, in each language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from crossframe.errors import InputError
from crossframe.reading import csv_rows
from crossframe.types import Identifier, Problem, Row, Text
from crossframe.voice.folding import ARABIC_SCRIPT, fold, fold_word
from crossframe.voice.lexicon import LANGUAGES

ACTORS = "actors.csv"
Kind = Literal["person", "office", "state", "organisation", "media", "group"]

_SLAVIC = frozenset({"ru", "uk"})
_SPACED = frozenset({"ar", "en", "fa", "ru", "uk"})  # languages that write words apart
_ARABIC_LETTER = r"[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]"
# case endings of Russian and Ukrainian names and of the adjectives in them
_ENDINGS = (
    "а|я|у|ю|ы|и|і|ї|е|є|ё|о|ь|й|ой|ою|ей|ею|єю|ом|ем|єм|ым|им|ім|ого|его|ому|ему|ую|юю|ая|яя|ий|ый|ій|их|ых|ью|"
    "ові|еві|ії|ію|ією|ия|ие|ию|ией|ии|ам|ами|ах|ям|ями|ях|ів|ов"
)
_LAST_VOWEL = re.compile(r"(?:ая|яя|ое|ее|ый|ий|ой|ые|[аяйьоеёиыіїє])$")  # what the cases change
_MIN_INFLECTED = 3  # letters; shorter words and acronyms (США, КНДР) have one form


class Actor(Row):
    """One actor: a person, an office, a state, an organisation, a medium or a group that texts name."""

    actor_id: Identifier
    name_en: Text
    name_ar: Text
    kind: Kind
    bloc: str = ""
    aliases_ar: str = ""
    aliases_en: str = ""
    aliases_ru: str = ""
    aliases_uk: str = ""
    aliases_ko: str = ""
    aliases_zh: str = ""
    aliases_ja: str = ""
    aliases_fa: str = ""

    def names(self, language: str) -> list[str]:
        """Return the names of the actor in a language, each once."""
        own = [self.name_en] if language == "en" else [self.name_ar] if language == "ar" else []
        names = own + str(getattr(self, f"aliases_{language}")).split(";")
        return list(dict.fromkeys(name.strip() for name in names if name.strip()))


@dataclass(frozen=True)
class Mention:
    """Where a text names an actor.

    `start` and `end` are positions in the text, prefixed conjunctions and prepositions left out; these are
    in `prefix` (Arabic و، ف، ب، ل، ك). `subject` says whether the form can be a subject: false for an
    oblique case in Russian or Ukrainian and for an English genitive.
    """

    actor_id: str
    start: int
    end: int
    prefix: str = ""
    subject: bool = True

    @property
    def word_start(self) -> int:
        """Where the word begins, with what is written onto the name; «للكرملين» has its article's alef in ل."""
        return self.start - len(self.prefix.removesuffix("لل"))


class Gazetteer:
    """Actors by id, and a finder of their names."""

    def __init__(self, actors: Sequence[Actor]) -> None:
        """Keep the actors; the patterns of a language are compiled when it is first read."""
        self.actors = {a.actor_id: a for a in actors}
        self._patterns: dict[str, tuple[re.Pattern[str], list[tuple[str, str]]]] = {}

    def kind(self, actor_id: str | None) -> str:
        """Return the actor's kind; an empty string for a name that the gazetteer does not hold."""
        return self.actors[actor_id].kind if actor_id in self.actors else ""

    def bloc(self, actor_id: str | None) -> str:
        """Return the actor's bloc; an empty string where it has none."""
        return self.actors[actor_id].bloc if actor_id in self.actors else ""

    def mentions(self, text: str, language: str) -> list[Mention]:
        """Return where a text names actors, in order; of names that overlap the longest counts."""
        if language not in self._patterns:
            self._patterns[language] = _compiled(list(self.actors.values()), language)
        pattern, names = self._patterns[language]
        folded, position = fold(text, language)
        out = []
        for match in pattern.finditer(folded) if names else ():
            group = match.lastindex or 1
            actor_id, name = names[group - 1]
            start, end = match.span(group)
            prefix = folded[match.start() : start]
            if language == "ar" and name.startswith("ال") and match.group(group).startswith("لل"):
                prefix += "لل"  # the second ل stands for the article's alef, and is part of the name's place
            subject = _can_be_subject(folded, match.group(group), end, name, language)
            out.append(Mention(actor_id, position[start], position[end - 1] + 1, prefix, subject))
        return out

    @cached_property
    def words(self) -> frozenset[str]:
        """The folded words of all Arabic names; what starts with ب or ل among them is no preposition."""
        return frozenset(w for a in self.actors.values() for name in a.names("ar") for w in fold_word(name).split())


def load_gazetteer(path: Path, blocs: Sequence[str]) -> Gazetteer:
    """Read actors.csv.

    Parameters
    ----------
    path
        The table; columns as in `Actor`, aliases separated by `;`.
    blocs
        Bloc ids of the study; an actor's bloc is one of them or empty.

    Raises
    ------
    InputError
        If the file is missing or not readable, a column is missing or unknown, an id doubled, a kind or a
        bloc unknown, or a name given to two actors; the message holds every problem, a line each.
    """
    actors, problems = check_actors(path, blocs)
    if problems:
        lines = "\n".join(str(p) for p in problems)
        raise InputError(f"{len(problems)} problem(s):\n{lines}\n", str(path), "Mend these rows and run again.")
    return Gazetteer(actors)


def check_actors(path: Path, blocs: Sequence[str]) -> tuple[list[Actor], list[Problem]]:
    """Parse actors.csv and return the actors with every problem found."""
    problems: list[Problem] = []
    actors = csv_rows(path, Actor, "actor_id", problems)
    for actor in actors:
        if actor.bloc and actor.bloc not in blocs:
            message = "is not among [[blocs]] of study.toml; leave it empty where the actor belongs to none"
            problems.append(Problem(path.name, actor.actor_id, "bloc", actor.bloc, message))
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for actor in actors:
            for name in actor.names(language):
                other = seen.setdefault(fold_word(name), actor.actor_id)
                if other != actor.actor_id:
                    message = f"is a name of {other} already; a name stands for one actor"
                    problems.append(Problem(path.name, actor.actor_id, f"aliases_{language}", name, message))
    return actors, problems


def _compiled(actors: Sequence[Actor], language: str) -> tuple[re.Pattern[str], list[tuple[str, str]]]:
    """Return a pattern with one group a name, longest first, and the (actor, name) of each group."""
    fold_name = fold_word if language in ARABIC_SCRIPT else str
    names = [(a.actor_id, fold_name(name)) for a in actors for name in a.names(language)]
    names = sorted(dict.fromkeys(names), key=lambda n: (-len(n[1]), n))
    alternatives = "|".join(f"({_name_pattern(name, language)})" for _actor, name in names)
    if language in ARABIC_SCRIPT:
        prefix = "[وف]?[بلك]?" if language == "ar" else ""
        pattern = f"(?<!{_ARABIC_LETTER}){prefix}(?:{alternatives})(?!{_ARABIC_LETTER})"
    elif language in _SPACED:
        pattern = rf"(?<!\w)(?:{alternatives})(?!\w)"
    else:
        before = "(?<![\uac00-\ud7a3])" if language == "ko" else ""
        pattern = f"{before}(?:{alternatives})"
    return re.compile(pattern), names


def _name_pattern(name: str, language: str) -> str:
    words = [_inflected(w) if language in _SLAVIC else re.escape(w) for w in name.split()]
    if language == "ar" and name.startswith("ال"):
        words[0] = f"(?:ال|لل){words[0][2:]}"
    return r"\s+".join([_either_case(words[0]), *words[1:]])


def _inflected(word: str) -> str:
    if len(word) < _MIN_INFLECTED or word.isupper() or not re.search("[а-яіїєґ]", word):
        return re.escape(word) + ("(?:а|у|ом|е|і|ові)?" if word in {"Ын", "Ин", "Ін"} else "")
    return f"{re.escape(_LAST_VOWEL.sub('', word))}(?:{_ENDINGS})?"


def _either_case(pattern: str) -> str:
    """Let a name that begins with a small letter begin a sentence: the Kremlin, президент России."""
    first = pattern[0]
    return f"[{first}{first.upper()}]{pattern[1:]}" if first.islower() and first.upper() != first else pattern


def _can_be_subject(folded: str, found: str, end: int, name: str, language: str) -> bool:
    if language == "en":
        return not re.match(r"[’']s?(?!\w)", folded[end:])
    if language in _SLAVIC:
        return found.casefold() == name.casefold()
    return True
