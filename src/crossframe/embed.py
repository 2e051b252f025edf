"""Embeddings with a content-addressed cache: texts in, unit vectors out, nothing computed twice."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from crossframe.encoders import Encoder
from crossframe.errors import InputError
from crossframe.files import cache_dir
from crossframe.progress import bar
from crossframe.types import Embedded, FloatArray

T = TypeVar("T")

_LOOKUP = 500  # keys in one SQL statement; SQLite allows at least 999
_COMMIT_BATCHES = 8  # batches between two commits: what a kill can cost at most


class VectorCache:
    """Vectors of one model, keyed by the hash of the text; one SQLite file, safe against kills."""

    def __init__(self, fingerprint: str, folder: Path | None = None) -> None:
        """Open, or create, the file of the model with this fingerprint.

        Raises
        ------
        InputError
            If the file is damaged.
        """
        place = (folder or cache_dir()) / "embeddings"
        place.mkdir(parents=True, exist_ok=True)
        self.path = place / f"{fingerprint[:32]}.v2.sqlite"
        self._db = sqlite3.connect(self.path, timeout=60)
        columns = "key BLOB PRIMARY KEY, vector BLOB NOT NULL, truncated INTEGER NOT NULL"
        with self._readable(), self._db:
            self._db.execute(f"CREATE TABLE IF NOT EXISTS vectors ({columns}) WITHOUT ROWID")

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise InputError(
                f"the cache of embeddings cannot be used: {error}", str(self.path), "Delete the file; it is made anew."
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def get(self, texts: Sequence[str]) -> dict[str, tuple[FloatArray, bool]]:
        """Return, for the known ones among `texts`, the vector and whether the text was cut."""
        keys = {_key(text): text for text in texts}
        ordered = list(keys)
        found: dict[str, tuple[FloatArray, bool]] = {}
        with self._readable():
            for part in _groups(ordered, _LOOKUP):
                query = f"SELECT key, vector, truncated FROM vectors WHERE key IN ({','.join('?' * len(part))})"
                for key, blob, truncated in self._db.execute(query, part):
                    found[keys[key]] = np.frombuffer(blob, dtype="<f4"), bool(truncated)
        return found

    def put(self, texts: Sequence[str], vectors: FloatArray, truncated: Sequence[bool]) -> None:
        """Store vectors of shape (len(texts), dimension), and which texts were cut."""
        rows = [
            (_key(t), np.ascontiguousarray(v, dtype="<f4").tobytes(), int(c))
            for t, v, c in zip(texts, vectors, truncated, strict=True)
        ]
        with self._readable(), self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)


def embed(texts: Sequence[str], encoder: Encoder, batch_size: int = 32, cache_folder: Path | None = None) -> Embedded:
    """Return unit vectors for `texts`, computing only those that the cache does not hold.

    Parameters
    ----------
    texts
        Any number of non-empty strings; repeated ones are computed once.
    encoder
        See `crossframe.encoders.Encoder`.
    batch_size
        Texts encoded at a time.
    cache_folder
        Instead of the user's cache folder.

    Returns
    -------
    Embedded
        `vectors` is of shape (len(texts), dimension), float32, rows of length 1; `n_computed` counts the
        texts that were not in the cache, `n_truncated` the distinct texts that are longer than the model reads.

    Raises
    ------
    InputError
        If there are no texts, a text is blank, or the encoder returns vectors that are not finite.
    """
    if not texts:
        raise InputError("there are no texts to embed", remedy="Check that the corpus has documents.")
    if blank := [i for i, t in enumerate(texts) if not t.strip()]:
        raise InputError(
            f"{len(blank)} texts are blank, the first at position {blank[0]}", remedy="Remove or fill them."
        )
    with closing(VectorCache(encoder.fingerprint, cache_folder)) as cache:
        distinct = list(dict.fromkeys(texts))
        known = cache.get(distinct)
        # like lengths pad least; the order of the documents does not decide who shares a batch
        missing = sorted((t for t in distinct if t not in known), key=lambda t: (len(t), t))
        with bar(len(missing), f"embedding with {encoder.name}", "text") as progress:
            for group in _groups(missing, batch_size * _COMMIT_BATCHES):
                vectors = _checked(encoder.encode(group, batch_size), group, encoder.name)
                cut = encoder.truncated(group)
                cache.put(group, vectors, cut)
                known.update(zip(group, zip(vectors, cut, strict=True), strict=True))
                progress.update(len(group))
    n_cut = sum(cut for _vector, cut in known.values())
    return Embedded(encoder.name, encoder.fingerprint, np.stack([known[t][0] for t in texts]), len(missing), n_cut)


def _groups(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _checked(vectors: FloatArray, texts: Sequence[str], name: str) -> FloatArray:
    if vectors.ndim != 2 or len(vectors) != len(texts):
        raise InputError(f"the encoder returned shape {vectors.shape} for {len(texts)} texts", f"encoder {name!r}")
    if not np.isfinite(vectors).all():
        raise InputError("the encoder returned vectors that are not finite", f"encoder {name!r}")
    return vectors


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
