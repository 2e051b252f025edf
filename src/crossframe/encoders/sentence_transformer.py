"""Shared by the encoders that are a `SentenceTransformer` in a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from crossframe.encoders.batches import like_lengths
from crossframe.types import FloatArray

E5_PREFIX = "query: "  # E5 models want it on both sides of a symmetric comparison (Wang et al. 2024)


class FolderEncoder:
    """A genuine `SentenceTransformer` loaded, on first use, from a folder on this disk."""

    def __init__(self, folder: Path, prefix: str, device: str = "cpu") -> None:
        """Remember the folder, the prefix that is put before every text, and the device that torch is to use."""
        self._folder, self._prefix, self._device = folder, prefix, device
        self._model: Any = None

    @property
    def model(self) -> Any:
        """The `SentenceTransformer`; torch is imported here and not before."""
        if self._model is None:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()
            self._model = SentenceTransformer(str(self._folder), device=self._device)
        return self._model

    def encode(self, texts: Sequence[str], batch_size: int) -> FloatArray:
        """Return float32 unit rows of shape (len(texts), dimension)."""
        known = list(dict.fromkeys(texts))
        prefixed = [self._prefix + text for text in known]
        limit = self.model.max_seq_length
        lengths = [max(1, n if limit is None else min(n, int(limit))) for n in self._lengths(prefixed)]
        rows: list[FloatArray | None] = [None] * len(known)
        for batch in like_lengths(lengths, batch_size):
            vectors = self.model.encode(
                [prefixed[i] for i in batch],
                batch_size=len(batch),
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
            for i, vector in zip(batch, vectors, strict=True):
                rows[i] = vector
        place = {text: i for i, text in enumerate(known)}
        return np.asarray([rows[place[text]] for text in texts], dtype=np.float32)

    def _lengths(self, prefixed: Sequence[str]) -> list[int]:
        """Tokens of each text; its characters, where the model's tokenizer is of another kind."""
        tokenizer = self.model.tokenizer
        if not callable(tokenizer):
            return [len(text) for text in prefixed]
        return [len(ids) for ids in tokenizer(list(prefixed), truncation=False, verbose=False)["input_ids"]]

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        """Return, for each text, whether it has more tokens than the model's limit."""
        if not texts:
            return []
        limit = self.model.max_seq_length
        return [n > limit for n in self._lengths([self._prefix + t for t in texts])]
