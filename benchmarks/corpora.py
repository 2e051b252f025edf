"""Invented corpora of any size, and an encoder that costs next to nothing: what is measured is the rest."""

import csv
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from crossframe.types import FloatArray

DIMENSION, BLOCS, EVENT = 384, 12, 1000  # vectors, groups, and documents of an event in a large corpus
_WORDS = 5000


def vectors(n: int, seed: int = 7) -> tuple[FloatArray, list[str], list[str]]:
    """Return float32 vectors of shape (n, 384), the bloc and the event of each; blocs differ a little."""
    generator = np.random.default_rng(seed)
    bloc, event = generator.integers(0, BLOCS, n), generator.integers(0, max(8, n // EVENT), n)
    x = generator.standard_normal((n, DIMENSION), dtype=np.float32)
    x += 0.1 * generator.standard_normal((BLOCS, DIMENSION), dtype=np.float32)[bloc]
    return x, [f"b{i:02d}" for i in bloc], [f"e{i:04d}" for i in event]


def write_study(folder: Path, n: int, seed: int = 7) -> None:
    """Write a study of one table with n English texts of four sentences, no two alike."""
    generator = np.random.default_rng(seed)
    (folder / "data" / "raw").mkdir(parents=True)
    words = np.array(["".join(generator.choice(list("aeioulnrstdmk"), 6)) for _ in range(_WORDS)])
    shares = 1 / np.arange(1, _WORDS + 1)
    events = max(8, n // 200)
    with (folder / "data" / "raw" / "articles.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["text", "event", "source", "language"])
        for _ in range(n):
            drawn = generator.choice(words, (4, 12), p=shares / shares.sum())
            text = " ".join(f"The {' '.join(line)}." for line in drawn.tolist())
            writer.writerow([text, f"e{generator.integers(events):04d}", f"s{generator.integers(6)}", "en"])
    settings = """
[study]
id = "large"
title_en = "Large"
title_ar = "كبير"

[data]
table = "data/raw/articles.csv"
text = "text"

[encoder]
models = ["cheap"]

[contrasts]
primary = [["s0", "s1"]]

[robust]
texts = ["text"]
"""
    (folder / "study.toml").write_text(settings.lstrip(), encoding="utf-8")


class CheapEncoder:
    """The mean of fixed random vectors of the words: as good as nothing, and as fast."""

    name = "cheap"
    fingerprint = "cheap-encoder-of-the-benchmarks"

    def encode(self, texts: Sequence[str], batch_size: int) -> FloatArray:  # noqa: ARG002
        """Return float32 unit rows of shape (len(texts), 384)."""
        rows = np.stack([_table()[[zlib.crc32(w.encode()) % 4096 for w in t.split()]].mean(axis=0) for t in texts])
        unit: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        """Cut nothing."""
        return [False] * len(texts)


@lru_cache(maxsize=1)
def _table() -> FloatArray:
    return np.random.default_rng(1).standard_normal((4096, DIMENSION)).astype(np.float32)
