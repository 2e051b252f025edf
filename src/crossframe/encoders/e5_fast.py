"""multilingual-e5-small in onnxruntime: batches of like length, only the words that occur."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from crossframe.encoders.batches import like_lengths
from crossframe.encoders.e5_tokens import Tokens
from crossframe.encoders.e5_weights import Packed, bert_name
from crossframe.encoders.graph import Shape, bert_graph
from crossframe.threads import cores
from crossframe.types import FloatArray

MAX_TOKENS = 512
_WORDS = "emb.word"
_SHARES = 4  # parts of a batch that are run alone: they are padded less, and stay in a core's cache
_WARNINGS = 3  # severity of onnxruntime's log: errors alone


class FastE5:
    """Texts, prefix included, to unit vectors; the layers are in memory, the word table stays in the file."""

    def __init__(self, packed: Packed, tokens: Tokens, int8: bool) -> None:
        """Expand the layers and hand them to onnxruntime.

        Parameters
        ----------
        packed
            The weights.
        tokens
            Texts to ids of the model's vocabulary, none cut.
        int8
            Whether the layers multiply whole numbers instead of float32.
        """
        import onnxruntime

        names = {bert_name(name): name for name in packed.tensors}
        shape = Shape(packed.hidden, packed.heads, packed.layers, packed.eps)

        def tensor(name: str) -> FloatArray:
            flat = packed.tensor(names[name])
            return flat if name.endswith(("bias", "LayerNorm.weight")) else flat.reshape(-1, _width(packed, name))

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a batch is one core's: see `encode`
        options.log_severity_level = _WARNINGS
        self._session = onnxruntime.InferenceSession(
            bert_graph(tensor, shape, int8), options, providers=["CPUExecutionProvider"]
        )
        self._packed, self._tokens = packed, tokens
        places = packed.tensor("emb.pos").reshape(-1, packed.hidden)
        self._places = places + packed.tensor("emb.type")[: packed.hidden]

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, none cut."""
        return [len(ids) for ids in self._tokens(texts)]

    def encode(self, texts: Sequence[str], batch_size: int) -> FloatArray:
        """Return float32 unit rows of shape (len(texts), hidden); repeated texts are computed once.

        Each core works on a batch of its own, so that none waits for another within a product of matrices, and a
        vector is the same whatever the number of cores.
        """
        distinct = list(dict.fromkeys(texts))
        tokens = [_cut(ids) for ids in self._tokens(distinct)]
        rows = np.empty((len(distinct), self._packed.hidden), dtype=np.float32)
        batches = list(like_lengths([len(ids) for ids in tokens], max(1, batch_size // _SHARES)))
        with ThreadPoolExecutor(cores()) as pool:  # all batches queued: 5 % quicker than `in_threads`, which holds few
            pooled = pool.map(lambda batch: self._pooled([tokens[i] for i in batch]), batches)
            for batch, vectors in zip(batches, pooled, strict=True):
                rows[batch] = vectors
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        place = {text: i for i, text in enumerate(distinct)}
        return rows[[place[text] for text in texts]]

    def _pooled(self, tokens: list[list[int]]) -> FloatArray:
        """Return the mean of each text's last states, of shape (len(tokens), hidden)."""
        n, length = len(tokens), max(map(len, tokens))
        ids = np.full((n, length), self._packed.pad, dtype=np.int64)
        mask = np.zeros((n, length), dtype=np.int32)
        for i, row in enumerate(tokens):
            ids[i, : len(row)], mask[i, : len(row)] = row, 1
        used, where = np.unique(ids, return_inverse=True)
        words = self._packed.rows(_WORDS, used)[where.reshape(ids.shape)] + self._places[:length]
        weights = (mask / mask.sum(axis=1, keepdims=True)).astype(np.float32)[:, None, :]
        given = {"words": words.reshape(n * length, -1), "mask": mask, "pool": weights}
        (pooled,) = self._session.run(None, given)
        means: FloatArray = pooled[:, 0]
        return means


def _cut(ids: list[int]) -> list[int]:
    """Return the tokens that the model reads: the first ones, and the mark of the end."""
    return ids if len(ids) <= MAX_TOKENS else [*ids[: MAX_TOKENS - 1], ids[-1]]


def _width(packed: Packed, name: str) -> int:
    """Return how many columns the weight of a dense layer has."""
    inner = name.endswith("output.dense.weight") and "attention" not in name
    return packed.ffn if inner else packed.hidden
