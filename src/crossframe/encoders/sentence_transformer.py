"""Shared by the encoders that are a `SentenceTransformer` in a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from crossframe.types import FloatArray

E5_PREFIX = "query: "  # E5 models want it on both sides of a symmetric comparison (Wang et al. 2024)


class FolderEncoder:
    """A genuine `SentenceTransformer` loaded, on first use, from a folder on this disk."""

    def __init__(self, folder: Path, prefix: str) -> None:
        """Remember the folder and the prefix that is put before every text."""
        self._folder, self._prefix = folder, prefix
        self._model: Any = None

    @property
    def model(self) -> Any:
        """The `SentenceTransformer`; torch is imported here and not before."""
        if self._model is None:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()
            self._model = SentenceTransformer(str(self._folder), device="cpu")
        return self._model

    def encode(self, texts: Sequence[str], batch_size: int) -> FloatArray:
        """Return float32 unit rows of shape (len(texts), dimension)."""
        vectors: FloatArray = self.model.encode(
            [self._prefix + text for text in texts],
            batch_size=batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        """Return, for each text, whether it has more tokens than the model's limit."""
        if not texts:
            return []
        limit = self.model.max_seq_length
        tokens = self.model.tokenizer([self._prefix + t for t in texts], truncation=False, verbose=False)["input_ids"]
        return [len(ids) > limit for ids in tokens]
