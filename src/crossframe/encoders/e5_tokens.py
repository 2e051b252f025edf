"""Tokens of multilingual-e5-small: a Unigram tokenizer with the file's pieces, for few texts with those that occur."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from crossframe.encoders.e5_weights import Packed

_FEW = 20_000  # characters in all; their parts are looked up in a third of the second that the whole vocabulary takes
_SPACE = "▁"


class Tokens:
    """Texts to ids of the vocabulary, marks of beginning and end included, none cut.

    To hand 250,000 pieces to the tokenizer takes a second. A text's tokens are parts of it, so for few texts a
    vocabulary of the pieces that are part of one of them gives the same tokens: the most likely way to put a text
    together is the same, and so is the penalty for an unknown sign, which follows from the least likely piece.
    """

    def __init__(self, packed: Packed) -> None:
        """Keep the weights; nothing is built yet."""
        self._packed = packed
        self._read = 0  # characters so far

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text's tokens."""
        self._read += sum(map(len, texts))
        if self._read > _FEW:
            return [found.ids for found in self.whole.encode_batch(list(texts))]
        return self.by_parts(texts)

    @cached_property
    def whole(self) -> Any:
        """The tokenizer with every piece."""
        return tokenizer(self._packed, self._packed.pieces())

    @cached_property
    def _known(self) -> dict[str, int]:
        return {piece: i for i, (piece, _score) in enumerate(self._packed.pieces())}

    def by_parts(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the same, from the pieces that are part of a text."""
        scores, marks, names = self._packed.scores, range(self._packed.unk + 1), list(self._known)
        words, longest = {word for text in texts for word in _words(text)}, max(map(len, names))
        parts = {word[i : i + n] for word in words for i in range(len(word)) for n in range(1, longest + 1)}
        ids = sorted({*marks, int(scores.argmin()), *(self._known[part] for part in parts if part in self._known)})
        few = tokenizer(self._packed, [(names[i], float(scores[i])) for i in ids])
        return [[ids[i] for i in row.ids] for row in few.encode_batch(list(texts))]


def tokenizer(packed: Packed, pieces: Sequence[tuple[str, float]]) -> Any:
    """Rebuild the XLM-R tokenizer (Unigram).

    Parameters
    ----------
    packed
        Says which ids the marks have.
    pieces
        The vocabulary as (piece, log-probability); it begins with the marks.
    """
    from tokenizers import Tokenizer, decoders, processors
    from tokenizers.models import Unigram

    made = Tokenizer(Unigram(list(pieces), unk_id=packed.unk, byte_fallback=False))
    made.normalizer, made.pre_tokenizer = _normalizer(), _splitter()
    made.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", packed.bos), ("</s>", packed.eos)],
    )
    return made


def _words(text: str) -> list[str]:
    """Return what a text is split into before its tokens are sought, each word with its mark of a space."""
    return [word for word, _place in _splitter().pre_tokenize_str(_normalizer().normalize_str(text))]


def _normalizer() -> Any:
    from tokenizers import Regex, normalizers

    return normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])


def _splitter() -> Any:
    from tokenizers import pre_tokenizers

    return pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always")
