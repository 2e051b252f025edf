"""The memory of translations: every answer ever given, so that nothing is asked twice."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crossframe.errors import InputError
from crossframe.files import cache_dir, sha256_text

FILE = "translations.sqlite"


class Memory:
    """Answers by engine, pair of languages and text; one SQLite file, safe against kills."""

    def __init__(self, path: Path | None = None) -> None:
        """Open, or create, the file; by default one in the user's cache folder.

        Raises
        ------
        InputError
            If the file is damaged.
        """
        self.path = path or cache_dir() / FILE
        self._db = sqlite3.connect(self.path, timeout=60)
        columns = "key TEXT PRIMARY KEY, answer TEXT NOT NULL, date TEXT NOT NULL"
        with self._usable(), self._db:
            self._db.execute(f"CREATE TABLE IF NOT EXISTS answers ({columns}) WITHOUT ROWID")

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            self._db.close()
            remedy = "Move the file away to start a new one; what is in the study's translations.jsonl stays."
            raise InputError(f"the memory of translations cannot be used: {error}", str(self.path), remedy) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def get(self, engine: str, source: str, target: str, text: str) -> tuple[str, str] | None:
        """Return (answer, date) of a text that was translated before."""
        key = sha256_text(engine, source, target, text)
        with self._usable():
            row = self._db.execute("SELECT answer, date FROM answers WHERE key = ?", (key,)).fetchone()
        return (str(row[0]), str(row[1])) if row else None

    def put(self, engine: str, source: str, target: str, text: str, answer: str, date: str) -> None:
        """Keep an answer; it is on the disk when this returns."""
        key = sha256_text(engine, source, target, text)
        with self._usable(), self._db:
            self._db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (key, answer, date))
