"""The words of data/boilerplate.toml, in their match forms."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from crossframe.text import match_form, match_map

_COLON = re.compile(r"^\s*[:：ː=|/–—-]+\s*")
_OPENING, CLOSING = " ([*#<«“\"'▌|:-", " )]*#>»”\"'|:.…–—-"


@cache
def _words() -> dict[str, Any]:
    path = files("crossframe.ingest").joinpath("data/boilerplate.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def folded(section: str, name: str) -> frozenset[str]:
    """Return the match forms of one list of data/boilerplate.toml."""
    return frozenset(match_form(word) for word in _words()[section][name])


@cache
def label(name: str) -> re.Pattern[str]:
    """Return a pattern of one label at the start of a line; ``rest`` is what follows it."""
    return re.compile(rf"(?P<label>{_any_of(name)})(?P<rest>.*)", re.S)


@cache
def label_inside(name: str) -> re.Pattern[str]:
    """Return a pattern of one label with its colon anywhere in a line."""
    return re.compile(rf"(?:^|\s)(?:{_any_of(name)})\s?[:/]")


def _any_of(name: str) -> str:
    return "|".join(re.escape(word) for word in sorted(folded("labels", name), key=len, reverse=True))


def labelled(text: str, name: str, *, strict: bool = False) -> str | None:
    """Return what follows a label and its colon; '' where the label stands alone; None where there is none.

    A byline (`strict`) needs no colon: "By Jane Example"; there the next word must begin with a capital.
    """
    form, places = match_map(text)
    skipped = len(form) - len(form.lstrip(_OPENING))
    found = label(name).match(form, skipped)
    if found is None or (found["rest"][:1].isalnum()):
        return None
    rest = found["rest"]
    if not rest.strip(CLOSING):
        return ""
    if colon := _COLON.match(rest):
        return text[places[found.start("rest") + colon.end()] :].strip(CLOSING)
    value = text[places[found.start("rest")] :].strip()
    return value if strict and value[:1].isupper() else None


def alone(text: str, name: str) -> bool:
    """Return whether the line is the label alone."""
    return match_form(text).strip(_OPENING + CLOSING) in folded("labels", name)


def is_outlet_like(name: str) -> bool:
    """Return whether a name holds a word that outlets have in theirs («برس», "Gazette", «신문»)."""
    form = match_form(name)
    tokens = set(re.findall(r"\w+", form))
    return any(
        w in tokens or (not w.isascii() and len(w) >= 2 and form.endswith(w)) for w in folded("outlet_words", "words")
    )


def is_generic(name: str) -> bool:
    """Return whether a source line names nobody in particular: «وكالات», "agencies"."""
    parts = [
        p.strip(" .")
        for p in re.split(r"[+،,/|&؛;]| و(?=ال|وكالات|مواقع)| - | and ", match_form(name))
        if p.strip(" .")
    ]
    generic = folded("outlet_words", "generic")
    return not parts or all(p in generic or all(word in generic for word in p.split()) for p in parts)
