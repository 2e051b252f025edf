"""The comparison space: what is taken out is out, what stays is unchanged."""

import numpy as np
import pytest

from crossframe.errors import InputError
from crossframe.space import (
    centred_on_events,
    concatenated,
    document_vectors,
    language_means,
    retrieval_accuracy,
    unit_rows,
    variance_share,
    without_language,
)

RNG = np.random.default_rng(11)


def test_a_language_offset_is_taken_out() -> None:
    meaning = unit_rows(RNG.normal(size=(60, 16)))
    offset = 3 * RNG.normal(size=16)
    first, second = unit_rows(meaning), unit_rows(meaning * 0.4 + offset)
    means = language_means({"ar": first[:40], "en": second[:40]})
    before = retrieval_accuracy(first[40:], second[40:])
    ar = without_language(first[40:], ["ar"] * 20, means)
    en = without_language(second[40:], ["en"] * 20, means)
    assert retrieval_accuracy(ar, en) == 1.0 >= before


def test_a_language_without_parallel_sentences_is_refused() -> None:
    with pytest.raises(InputError, match="no parallel sentences for the language\\(s\\) sw"):
        without_language(unit_rows(RNG.normal(size=(2, 4))), ["ar", "sw"], {"ar": np.zeros(4)})


def test_event_means_are_zero_after_centring_and_differences_stay() -> None:
    x = RNG.normal(size=(9, 5))
    events = list("aaabbbbcc")
    centred = centred_on_events(x, events)
    for event in "abc":
        rows = [i for i, e in enumerate(events) if e == event]
        np.testing.assert_allclose(centred[rows].mean(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(centred[rows[0]] - centred[rows[1]], x[rows[0]] - x[rows[1]])


def test_joint_cosine_is_the_mean_of_the_encoders_cosines() -> None:
    a, b = unit_rows(RNG.normal(size=(4, 3))), unit_rows(RNG.normal(size=(4, 7)))
    joint = concatenated([a, b])
    np.testing.assert_allclose(joint @ joint.T, (a @ a.T + b @ b.T) / 2)


def test_a_document_is_the_mean_of_its_sentences() -> None:
    segments = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    found = document_vectors(segments, ["x", "x", "y"], ["y", "x"])
    np.testing.assert_allclose(found, [[0, -1], [np.sqrt(0.5), np.sqrt(0.5)]])


@pytest.mark.parametrize("row", [[0.0, 0.0], [np.nan, 1.0]])
def test_zero_and_nan_vectors_are_refused(row: list[float]) -> None:
    with pytest.raises(InputError, match="1 vectors are zero or not finite, the first in row 1"):
        unit_rows(np.array([[1.0, 0.0], row]))


def test_variance_share_is_one_for_labels_that_explain_everything() -> None:
    x = np.repeat(RNG.normal(size=(3, 4)), 5, axis=0)
    assert variance_share(x, list("aaaaabbbbbccccc")) == pytest.approx(1.0)
    assert variance_share(x, ["same"] * 15) == pytest.approx(0.0)
