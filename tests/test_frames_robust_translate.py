"""Frames and robustness: the simple forms that stand now."""

from pathlib import Path

import numpy as np
import pytest

from crossframe.errors import InputError
from crossframe.frames import document_scores, frame_scores, load_codebook, strongest
from crossframe.robust import placebo, wilson
from crossframe.space import unit_rows

RNG = np.random.default_rng(8)
BOOK = '[[frames]]\nid = "a"\nname = "A"\ndefinition = "D"\nanchors.en = ["x"]\n'


def test_a_sentence_near_the_anchors_scores_high_and_neutral_ones_around_zero() -> None:
    anchor = unit_rows(RNG.normal(size=(3, 40)))
    neutral = unit_rows(RNG.normal(size=(200, 40)))
    scores = frame_scores(np.vstack([anchor[:1], neutral]), {"a": anchor, "b": -anchor}, neutral)
    assert scores[0, 0] > 3 and scores[0, 1] < -3
    np.testing.assert_allclose(scores[1:].mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(scores[1:].std(axis=0, ddof=1), 1)


def test_a_document_scores_the_mean_of_its_sentences() -> None:
    found = document_scores(np.array([[1.0], [3.0], [5.0]]), ["x", "x", "y"], ["y", "x"])
    np.testing.assert_array_equal(found, [[5.0], [2.0]])


def test_evidence_is_the_highest_sentence_and_ties_go_to_the_first() -> None:
    found = strongest(np.array([[1.0], [2.0], [2.0]]), ["x", "x", "y"], [0, 1, 0], {"x": "e", "y": "e"}, ["f"])
    assert [(e.doc_id, e.sentence, e.score) for e in found] == [("x", 1, 2.0)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no \\[\\[frames\\]\\]"),
        ("[[frames]\n", "not valid TOML"),
        (BOOK.replace("definition", "definitoin"), "frame 1 is not valid"),
        (BOOK.replace('["x"]', "[]"), "frame 'a' has no anchor sentences"),
        (BOOK + BOOK, "frame ids are used twice: a"),
    ],
)
def test_a_faulty_codebook_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "codebook.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        load_codebook(path)


def test_placebo_splits_of_noise_reject_about_one_time_in_twenty() -> None:
    x = RNG.normal(size=(60, 8))
    found = placebo(x, ["a"] * 60, [f"e{i // 6}" for i in range(60)], [str(i) for i in range(60)], 200, 99, 1)
    assert found is not None and found.low <= 0.05 <= found.high


def test_placebo_splits_by_outlet_show_that_outlets_have_voices() -> None:
    outlets = [f"o{i % 6}" for i in range(60)]
    voices = {o: RNG.normal(size=8) for o in set(outlets)}
    x = RNG.normal(size=(60, 8)) + np.stack([voices[o] for o in outlets])
    found = placebo(x, ["a"] * 60, [f"e{i // 6}" for i in range(60)], outlets, 100, 99, 1)
    assert found is not None and found.low > 0.05


def test_nothing_can_be_split_where_every_event_has_one_document() -> None:
    assert placebo(RNG.normal(size=(6, 3)), ["a"] * 6, list("efghij"), list("uvwxyz"), 20, 99, 1) is None


def test_wilson_interval_is_the_published_one() -> None:
    # Newcombe 1998, table I: 81 of 263
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
