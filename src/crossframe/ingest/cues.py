"""The phrases of data/cues.toml, ready to be matched beside a name."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_QUOTES = r"[\s\"'“”«»『』「」《》(]*"
_WORD_START = r"(?:^|(?<=[\s،,;:(«“\"—–-]))"
_ARABIC_PREFIX = "[وف]?"
_NAME_IN_APPOSITION = "(?:ل|ب|ال|لل)?"
_UNSPACED = {"zh", "ja", "ko"}


@dataclass(frozen=True)
class Cue:
    """One phrase: `before` tells on which side of the name it stands."""

    kind: str
    weight: float
    before: bool
    pattern: re.Pattern[str]


@cache
def cues() -> tuple[Cue, ...]:
    """Return all phrases; `before` patterns end where a name begins, the others begin where it ends."""
    table = tomllib.loads(files("crossframe.ingest").joinpath("data/cues.toml").read_text(encoding="utf-8"))
    out = []
    for row in table["cue"]:
        language = row["language"]
        designator = table["designators"].get(language, "")
        between = table["between"].get(language, "").replace("{D}", designator)
        for phrase in row.get("before", ()):
            out.append(
                Cue(row["kind"], row["weight"], True, re.compile(_before(language, phrase, designator, between)))
            )
        for phrase in row.get("after", ()):
            out.append(Cue(row["kind"], row["weight"], False, re.compile(_after(language, phrase, designator))))
    return tuple(out)


def _before(language: str, phrase: str, designator: str, between: str) -> str:
    if language in _UNSPACED:
        return rf"(?:{phrase}){_QUOTES}$"
    prefix = _ARABIC_PREFIX if language == "ar" else ""
    named = f"(?:{_NAME_IN_APPOSITION if language == 'ar' else ''}{designator} )?" if designator else ""
    ahead = between if language == "ru" else ""  # «британская газета»: the adjective stands before the noun
    return rf"{_WORD_START}{prefix}(?:{phrase}){ahead}{named}{between}{_QUOTES}$"


def _after(language: str, phrase: str, designator: str) -> str:
    if language in _UNSPACED:
        return rf"^[\"'”»』」》]*(?:{phrase})"
    adjectives = r"(?:[\s،,]*ال\w+){0,3}" if language == "ar" else ""
    named = rf"(?: {designator})?" if designator and language != "ar" else ""
    possessive = r"(?!['’]s)" if language == "en" and not phrase.startswith(("'", "’")) else ""
    return rf"^{possessive}[\"'”»)]*{adjectives}{named}[\s,،]*(?:{phrase})"


@cache
def designators() -> re.Pattern[str]:
    """Return a pattern for a designator right before a name: «صحيفة», "the newspaper", «газета»."""
    table = tomllib.loads(files("crossframe.ingest").joinpath("data/cues.toml").read_text(encoding="utf-8"))
    each = "|".join(table["designators"].values())
    return re.compile(rf"{_WORD_START}(?:[وف]?(?:ل|ب|ال|لل)?)?(?:{each})[\s]*(?P<open>[\"'“«『「《])?$")


@cache
def back_references() -> re.Pattern[str]:
    """Return a pattern for phrases that go on with the source named before: «وقالت الصحيفة», "the newspaper said"."""
    table = tomllib.loads(files("crossframe.ingest").joinpath("data/cues.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{row})" for row in table["back"].values()))
