"""Translation through deep-translator, with a memory that asks nothing twice. No run depends on it."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from crossframe.errors import InputError
from crossframe.files import cache_dir, sha256_text
from crossframe.progress import track
from crossframe.text import sentences

MAX_CHARACTERS = 4500  # a request; the engines' own limit is 5,000
RETRIES = 4
FIRST_WAIT = 2.0  # seconds, doubled at each retry


class Translator(Protocol):
    """Turns one text into another language; raises whatever its service raises."""

    name: str

    def translate(self, text: str, source: str, target: str) -> str:
        """Return the translation of `text`."""
        ...


class DeepTranslator:
    """An engine of the deep-translator package, by its name: google, mymemory, libre, deepl …"""

    def __init__(self, engine: str = "google", **options: str) -> None:
        """Remember engine and options (such as `api_key`); nothing is imported or asked yet."""
        self.name, self._options = engine, options

    def translate(self, text: str, source: str, target: str) -> str:
        """Ask the engine once."""
        from deep_translator import DeeplTranslator, GoogleTranslator, LibreTranslator, MyMemoryTranslator

        engines = {
            "google": GoogleTranslator,
            "mymemory": MyMemoryTranslator,
            "libre": LibreTranslator,
            "deepl": DeeplTranslator,
        }
        if self.name not in engines:
            raise InputError(f"unknown translation engine {self.name!r}", "--engine", f"Known: {', '.join(engines)}.")
        return str(engines[self.name](source=source, target=target, **self._options).translate(text))


def translate_texts(
    texts: Sequence[str],
    source: str,
    target: str,
    translator: Translator,
    memory: Path | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> list[str]:
    """Translate texts, a few sentences at a time, remembering every answer at once.

    Parameters
    ----------
    texts
        In the language `source`.
    source, target
        ISO 639-1 codes.
    translator
        See `Translator`.
    memory
        SQLite file of the translation memory; by default one in the user's cache.
    wait
        Called with the seconds to wait before a retry.

    Raises
    ------
    InputError
        If the service fails `RETRIES` times in a row, or answers nothing; what was answered is kept.
    """
    path = memory or cache_dir() / "translations.sqlite"
    with closing(sqlite3.connect(path, timeout=60)) as db:
        with db:
            db.execute("CREATE TABLE IF NOT EXISTS memory (key TEXT PRIMARY KEY, answer TEXT)")
        out = []
        for text in track(texts, f"translating {source} to {target}"):
            parts = [_remembered(db, p, source, target, translator, wait) for p in chunks(text, source)]
            out.append(" ".join(parts))
    return out


def chunks(text: str, language: str) -> list[str]:
    """Group a text's sentences into pieces of at most `MAX_CHARACTERS` characters."""
    out: list[str] = []
    for sentence in sentences(text, language):
        if out and len(out[-1]) + 1 + len(sentence) <= MAX_CHARACTERS:
            out[-1] += f" {sentence}"
        else:
            out += [sentence[i : i + MAX_CHARACTERS] for i in range(0, len(sentence), MAX_CHARACTERS)]
    return out


def _remembered(
    db: sqlite3.Connection, text: str, source: str, target: str, translator: Translator, wait: Callable[[float], None]
) -> str:
    key = sha256_text(translator.name, source, target, text)
    row = db.execute("SELECT answer FROM memory WHERE key = ?", (key,)).fetchone()
    if row:
        return str(row[0])
    answer = _asked(text, source, target, translator, wait)
    with db:
        db.execute("INSERT OR REPLACE INTO memory VALUES (?, ?)", (key, answer))
    return answer


def _asked(text: str, source: str, target: str, translator: Translator, wait: Callable[[float], None]) -> str:
    last: Exception | None = None
    for attempt in range(RETRIES):
        if attempt:
            wait(FIRST_WAIT * 2 ** (attempt - 1))
        try:
            answer = translator.translate(text, source, target)
        except InputError:
            raise
        except Exception as error:  # the engines raise a kind each; all of them may pass
            last = error
        else:
            if answer and answer.strip():
                return answer.strip()
            last = ValueError("an empty answer")
    raise InputError(
        f"the service failed {RETRIES} times, last: {type(last).__name__}: {last}",
        f"translation engine {translator.name!r}",
        "Check the network or choose another engine; what was translated is kept.",
    )
