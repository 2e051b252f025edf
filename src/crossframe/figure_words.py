"""The words of the figures: phrases in two languages from one file, numbers and names set into them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from crossframe.numerals import Numerals, numerals

Language = Literal["en", "ar"]
PHRASES = "lexicon/figures.toml"
# marks that say in which direction a stretch of text runs (Unicode Standard Annex 9)
LEFT_TO_RIGHT, RIGHT_TO_LEFT, ARABIC_MARK = "\u200e", "\u200f", "\u061c"
_ISOLATE_LEFT, _ISOLATE, _END = "\u2066", "\u2068", "\u2069"
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT = re.compile("[^\\W\\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def plain(text: str) -> str:
    """Return a text without marks of direction."""
    return re.sub("[\u061c\u200e\u200f\u2066-\u2069]", "", text)


@cache
def phrases() -> dict[str, dict[str, str]]:
    """Return every phrase: dotted key -> language -> text."""
    table = tomllib.loads(files("crossframe").joinpath(PHRASES).read_text(encoding="utf-8"))
    return {f"{part}.{key}": text for part, entries in table.items() for key, text in entries.items()}


@dataclass(frozen=True)
class Tongue:
    """A language of the figures: its phrases, its digits, and what blocs are called in it (id -> name)."""

    language: Language
    numerals: Numerals
    blocs: Mapping[str, str]

    @classmethod
    def of(cls, results: Mapping[str, Any], language: Language, style: Numerals) -> "Tongue":
        """Return the language with the names that the study gives its blocs; without an Arabic one the English."""
        names = {b["id"]: b[f"name_{language}"] or b["name_en"] for b in results["study"]["blocs"]}
        return cls(language, style if language == "ar" else "latin", names)

    @property
    def rtl(self) -> bool:
        """Whether the language runs from right to left."""
        return self.language == "ar"

    def say(self, key: str, **values: str) -> str:
        """Return a phrase with these values set in."""
        phrase = phrases()[key][self.language]
        if self.numerals != "latin":
            phrase = _NUMBER.sub(lambda found: numerals(found[0], self.numerals), phrase)
        return phrase.format(**values)

    def value(self, what: str) -> str:
        """Return what a value of the results is called, as it is where the phrases have no word for it."""
        found = phrases().get(f"values.{what}")
        return self.name(what) if found is None else found[self.language]

    def number(self, value: float, digits: int = 2, signed: bool = False) -> str:
        """Return a number with that many decimals; a sign keeps its place beside Arabic words."""
        text = f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
        if not text.strip("+-0."):
            text = text.lstrip("+-")
        text = numerals(text.replace("-", "−"), self.numerals)
        if self.rtl and text[0] in "+−":
            return f"{_ISOLATE_LEFT}{text}{_END}" if self.numerals == "latin" else ARABIC_MARK + text
        return text

    def percent(self, share: float) -> str:
        """Return a share in whole per cent."""
        return f"{100 * share:.0f}\u00a0%" if not self.rtl else numerals(f"{100 * share:.0f}%", self.numerals)

    def p(self, value: float) -> str:
        """Return a p-value: three decimals, four below .001."""
        return self.number(value, 4 if value < 0.001 else 3)

    def name(self, text: str) -> str:
        """Return a name that keeps its order inside a text of this language."""
        other = _LEFT if self.rtl else _RIGHT
        return f"{_ISOLATE}{text}{_END}" if other.search(text) else text

    def bloc(self, bloc: str) -> str:
        """Return what a bloc is called."""
        return self.name(self.blocs[bloc])

    def pair(self, row: Mapping[str, Any]) -> str:
        """Return what a pair of blocs is called, from its `bloc_a` and `bloc_b`."""
        return f"{self.bloc(row['bloc_a'])} – {self.bloc(row['bloc_b'])}"

    def titled(self, row: Mapping[str, Any], key: str = "name") -> str:
        """Return the name (or `title`) of a frame or event in this language, else its English one."""
        plain = row[key] if key in row else row[f"{key}_en"]
        return self.name((row.get(f"{key}_ar") or plain) if self.rtl else plain)

    def laid(self, line: str) -> str:
        """Return a line that runs in the direction of this language, whatever its first letter is."""
        if self.rtl:
            return RIGHT_TO_LEFT + line if line else line
        return LEFT_TO_RIGHT + line if _RIGHT.search(line) else line
