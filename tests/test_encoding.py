"""Encoding: the fast path gives the plain path's vectors, whatever stands beside a text."""

import importlib.util
import json
import os
from pathlib import Path

import numpy as np
import pytest

from conftest import ROOT, HashEncoder
from crossframe.config import load_config
from crossframe.corpus import load_corpus
from crossframe.encoders import E5, USE, e5, load_encoder
from crossframe.encoders.batches import USUAL_TOKENS, like_lengths
from crossframe.encoders.e5 import PackagedE5
from crossframe.encoders.e5_fast import MAX_TOKENS, FastE5
from crossframe.encoders.e5_tokens import Tokens
from crossframe.encoders.e5_weights import Packed
from crossframe.encoders.sentence_transformer import E5_PREFIX
from crossframe.errors import InputError
from crossframe.types import FloatArray

TEXTS = [
    "أكد الوزير، في بيان له، أنّ الاتفاق «تاريخي».",
    "Министр заявил, что договор вступил в силу 4 декабря 2024 года.",
    "장관이 그렇게 말했다.",
    "外交部发言人表示，中方注意到有关报道。",
    "外務省は声明を発表した。",
    "The minister said so.",
    ".",
    " a ",
    "🚂🚂🚂 → 🇰🇵",
    "لا",
    "a very long one " * 400,
    "The minister said so.",
]


@pytest.fixture(scope="module")
def fp32() -> PackagedE5:
    return PackagedE5()


@pytest.fixture(scope="module")
def int8() -> PackagedE5:
    return PackagedE5("int8")


@pytest.fixture(scope="module")
def plain(fp32: PackagedE5) -> FloatArray:
    """What `SentenceTransformer.encode` itself gives."""
    texts = [E5_PREFIX + text for text in TEXTS]
    return np.asarray(fp32.model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False))


def cosines(a: FloatArray, b: FloatArray) -> FloatArray:
    found: FloatArray = (a * b).sum(axis=1)
    return found


def test_the_fast_path_gives_the_vectors_of_sentence_transformers(fp32: PackagedE5, plain: FloatArray) -> None:
    found = fp32.encode(TEXTS, 32)
    assert found.dtype == np.float32
    assert cosines(found, plain).min() > 0.99999
    np.testing.assert_allclose(found, plain, atol=2e-6)


def test_the_fast_path_needs_no_torch(fp32: PackagedE5) -> None:
    import subprocess
    import sys

    script = (
        "import sys; from crossframe.encoders import load_encoder; "
        "load_encoder('multilingual-e5-small').encode(['x'], 1); assert 'torch' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_tokens_from_the_parts_of_few_texts_are_those_of_the_whole_vocabulary() -> None:
    corpus = load_corpus(load_config(ROOT))
    told = [t for d in corpus.documents for t in (d.summary_ar, d.summary_en, d.summary_orig, d.title) if t]
    odd = ["<s> a </s> <mask> <unk>", "🦄🦄 \u2028 x\0y \t ﷽ ｆｕｌｌ ꙮ\U000e0041", "稣ấ", "a" * 300, " "]
    texts = [E5_PREFIX + text for text in [*told, *TEXTS, *odd]]
    tokens = Tokens(Packed.read(e5._checked_weights()[0]))
    few = [ids for start in range(0, len(texts), 40) for ids in tokens.by_parts(texts[start : start + 40])]
    assert few == [found.ids for found in tokens.whole.encode_batch(texts)]
    assert Tokens(tokens._packed)(texts[-9:]) == few[-9:]


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_a_vector_does_not_depend_on_the_texts_beside_it(precision: str, request: pytest.FixtureRequest) -> None:
    encoder = request.getfixturevalue(precision)
    together = encoder.encode(TEXTS, 32)
    alone = np.concatenate([encoder.encode([text], 1) for text in TEXTS])
    backwards = encoder.encode(TEXTS[::-1], 2)[::-1]
    np.testing.assert_allclose(alone, together, atol=1e-6)
    np.testing.assert_allclose(backwards, together, atol=1e-6)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_the_number_of_cores_does_not_change_the_vectors(precision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from crossframe import threads

    found = []
    for n in (1, 3):
        monkeypatch.setattr(threads, "cores", lambda n=n: n)
        found.append(PackagedE5(precision).encode(TEXTS[:10], 1))  # several batches
    np.testing.assert_array_equal(found[0], found[1])


def test_repeated_texts_are_computed_once(fp32: PackagedE5, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    pooled = FastE5._pooled
    monkeypatch.setattr(FastE5, "_pooled", lambda self, tokens: (done.append(len(tokens)), pooled(self, tokens))[1])
    found = fp32.encode(["one", "two", "one", "one"], 32)
    assert sum(done) == 2
    np.testing.assert_array_equal(found[0], found[3])


def test_int8_is_near_and_another_instrument(fp32: PackagedE5, int8: PackagedE5, plain: FloatArray) -> None:
    near = cosines(int8.encode(TEXTS, 32), plain)
    assert near.min() >= 0.98
    assert near.max() < 0.999999  # it is not fp32 under another name
    assert int8.fingerprint != fp32.fingerprint


def test_without_onnxruntime_torch_takes_its_place(
    fp32: PackagedE5, plain: FloatArray, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "onnxruntime" else find(name))
    slow = PackagedE5()
    np.testing.assert_allclose(slow.encode(TEXTS, 32), plain, atol=2e-6)
    assert slow.truncated(TEXTS) == fp32.truncated(TEXTS)
    assert slow.fingerprint == fp32.fingerprint
    with pytest.raises(InputError, match="int8 needs the packages onnx and onnxruntime"):
        PackagedE5("int8").encode(["x"], 1)


def test_long_texts_are_cut_where_the_model_stops_reading(fp32: PackagedE5) -> None:
    long = "word " * 600
    assert fp32.truncated([long, "word"]) == [True, False]
    np.testing.assert_allclose(*fp32.encode([long, long + "other words at the end"], 2), atol=1e-6)
    found = Tokens(Packed.read(e5._checked_weights()[0])).whole.encode(E5_PREFIX + long).ids
    assert len(found) > MAX_TOKENS


def test_an_interrupted_build_leaves_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSFRAME_CACHE", str(tmp_path))

    def stopped(weights: Path, folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(e5, "_write_folder", stopped)
    with pytest.raises(KeyboardInterrupt):
        e5.build(Path("weights"), "f" * 64)
    assert list((tmp_path / "models").iterdir()) == []


def test_batches_hold_every_text_once_and_keep_to_their_size() -> None:
    lengths = [5, 600, 7, 31, 31, 64, 1, 12]
    batches = list(like_lengths(lengths, 2))
    assert sorted(i for batch in batches for i in batch) == list(range(8))
    assert batches[0] == [1]
    for batch in batches[1:]:
        longest = max(lengths[i] for i in batch)
        assert len(batch) * longest <= 2 * USUAL_TOKENS
    assert list(like_lengths([], 2)) == []


def test_any_other_model_is_encoded_in_order_by_like_lengths(fp32: PackagedE5, plain: FloatArray) -> None:
    _ = fp32.model
    other = load_encoder(str(fp32._folder))
    np.testing.assert_allclose(other.encode(TEXTS, 2), plain, atol=2e-6)


def test_int8_of_any_other_model_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be run in int8"):
        load_encoder("nobody/nothing", "int8")
    assert load_encoder(USE, "int8").fingerprint == load_encoder(USE).fingerprint
    assert load_encoder(E5, "int8").fingerprint != load_encoder(E5).fingerprint


def test_precision_is_a_setting_and_others_are_refused(tmp_path: Path) -> None:
    text = (ROOT / "study.toml").read_text(encoding="utf-8").replace('folder = "data/raw"', f'folder = "{tmp_path}"')
    study = tmp_path / "study.toml"
    study.write_text(text.replace('precision = "fp32"', 'precision = "int8"'), encoding="utf-8")
    assert load_config(study).encoder.precision == "int8"
    study.write_text(text.replace('precision = "fp32"', 'precision = "int4"'), encoding="utf-8")
    with pytest.raises(InputError, match="precision"):
        load_config(study)


def test_int8_keeps_parallel_sentences_together(int8: PackagedE5) -> None:
    parallel = load_corpus(load_config(ROOT)).parallel
    rows = {code: int8.encode(parallel[code], 32) for code in ("ar", "ru")}
    centred = {code: r - r.mean(axis=0) for code, r in rows.items()}
    nearest = (centred["ar"] @ centred["ru"].T).argmax(axis=1)
    assert (nearest == np.arange(len(nearest))).mean() >= 0.95


def test_all_anchors_are_embedded_in_one_call(cache: Path, hash_encoder: HashEncoder) -> None:
    from crossframe.frame_section import _anchor_rows
    from crossframe.frames import Frame
    from crossframe.study import Study, Vectors

    vectors = Vectors(Study.load(load_config(ROOT)), [hash_encoder])
    anchors = {"en": ["one two", "three"], "ar": ["واحد اثنان"]}
    frames = [Frame(id=i, name=i, definition="d", anchors=anchors) for i in ("a", "b")]
    found = _anchor_rows(frames, ["ar", "ru"], vectors)
    assert set(found) == {("a", "ar"), ("a", "en"), ("b", "ar"), ("b", "en")}  # Russian has none: English stands in
    assert {key: len(rows) for key, rows in found.items()} == {k: len(anchors[k[1]]) for k in found}
    own = vectors.adjusted("own", anchors["en"], ["en", "en"])
    np.testing.assert_allclose(found["b", "en"], own)
    assert [name for name in vectors.embedded if "anchors" in name] == ["all anchors for ar ru"]


def test_the_built_folder_tells_what_it_was_made_of(fp32: PackagedE5) -> None:
    _ = fp32.model
    assert json.loads((fp32._folder / "built.json").read_text())["source"] == e5.WEIGHTS_FILE


def test_another_device_runs_in_torch_and_gives_the_same_vectors(fp32: PackagedE5) -> None:
    """A GPU is no test's to have; "cpu:0" is a device of torch that takes the same way."""
    elsewhere = load_encoder(E5, device="cpu:0")
    assert elsewhere.fingerprint == fp32.fingerprint
    np.testing.assert_allclose(elsewhere.encode(TEXTS, 4), fp32.encode(TEXTS, 4), atol=1e-5)
    assert str(elsewhere.model.device) == "cpu"


def test_a_half_built_folder_of_another_process_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5, "cache_dir", lambda: tmp_path)
    monkeypatch.setattr(e5, "_write_folder", lambda weights, folder: (folder / "x").write_text("x"))
    at_work, forgotten = (tmp_path / "models" / f".multilingual-e5-small-{'f' * 16}.{name}" for name in ("new", "old"))
    for folder in (at_work, forgotten):
        folder.mkdir(parents=True)
    os.utime(forgotten, (0, 0))
    built = e5.build(Path("weights"), "f" * 64)
    assert (built / "x").is_file() and at_work.is_dir() and not forgotten.exists()
