"""What a stage may ask of an encoder."""

from collections.abc import Sequence
from typing import Protocol

from crossframe.types import FloatArray


class Encoder(Protocol):
    """Turns texts into unit vectors; `fingerprint` changes whenever the vectors would."""

    name: str

    @property
    def fingerprint(self) -> str:
        """Hex hash of everything that decides the vectors: weights, tokenizer, prefix, length limit."""
        ...

    def encode(self, texts: Sequence[str], batch_size: int) -> FloatArray:
        """Return float32 unit rows of shape (len(texts), dimension)."""
        ...

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        """Return, for each text, whether it is longer than the model reads; its end is not seen then."""
        ...
