"""Clusters, the display, and marking terms on corpora of known truth."""

from itertools import pairwise

import numpy as np
import pytest

from crossframe import arabic
from crossframe.cluster import discourse_clusters, mutual_information
from crossframe.cluster_terms import cluster_terms
from crossframe.config_sections import TermSection
from crossframe.errors import InputError
from crossframe.keyness import class_tfidf, log_odds, marking_terms
from crossframe.maps import central_map

RNG = np.random.default_rng(4)


def blobs(k: int, n: int = 15, d: int = 10) -> tuple[np.ndarray, list[str]]:
    centres = 6 * RNG.normal(size=(k, d))
    return np.vstack([c + RNG.normal(size=(n, d)) for c in centres]), [str(i) for i in range(k) for _ in range(n)]


def test_the_true_number_of_clusters_is_found() -> None:
    x, truth = blobs(4)
    found = discourse_clusters(x, 2, 8, 1)
    assert found.k == 4
    assert mutual_information(found.labels.tolist(), truth) == pytest.approx(1.0)


def test_clusters_are_numbered_by_size() -> None:
    x = np.vstack([RNG.normal(size=(5, 3)), 50 + RNG.normal(size=(9, 3))])
    labels = discourse_clusters(x, 2, 3, 1).labels
    sizes = np.bincount(labels)
    assert all(a >= b for a, b in pairwise(sizes))


def test_identical_documents_have_no_clusters() -> None:
    with pytest.raises(InputError, match="all documents are identical"):
        discourse_clusters(np.ones((10, 3)), 2, 4, 1)


def test_too_few_documents_are_refused_with_both_numbers() -> None:
    with pytest.raises(InputError, match="2 documents cannot form 2 or more clusters"):
        discourse_clusters(RNG.normal(size=(2, 3)), 2, 4, 1)


def test_display_of_separate_blobs_is_trustworthy_and_repeats() -> None:
    x, _truth = blobs(3)
    a, b = central_map(x, 10, 0.1, 1)[0], central_map(x, 10, 0.1, 1)[0]
    assert a.trustworthiness > 0.9
    np.testing.assert_array_equal(a.xy, b.xy)


def test_display_refuses_three_documents() -> None:
    with pytest.raises(InputError, match="3 documents are too few for a map"):
        central_map(RNG.normal(size=(3, 2)), 15, 0.1, 1)[0]


def test_log_odds_are_the_hand_computed_ones() -> None:
    a, b, alpha = np.array([3.0, 1.0]), np.array([1.0, 3.0]), np.array([1.0, 1.0])
    delta, variance = log_odds(a, b, b, alpha)
    assert delta == pytest.approx([np.log(4 / 2) - np.log(2 / 4), np.log(2 / 4) - np.log(4 / 2)])
    assert variance == pytest.approx([1 / 4 + 1 / 2, 1 / 2 + 1 / 4])


def _tokens(text: str) -> list[tuple[str, str]]:
    return [(w, w) for w in text.split()]


def _shown(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return dict(pairs)


def test_a_term_of_one_group_marks_it_and_topics_do_not() -> None:
    texts, groups, events = [], [], []
    for event, topic in (("e", "train"), ("f", "treaty")):
        for group, word in (("a", "friendship"), ("b", "pact")):
            # group a writes far more on event e: its topic must not come out as a's own word
            for _ in range(8 if (group, event) == ("a", "e") else 3):
                texts.append(f"{topic} {topic} {word} today city river")
                groups.append(group)
                events.append(event)
    found = marking_terms(texts, groups, events, _tokens, _shown, 5, 2, 10.0, 1.0)
    assert [(t.group, t.term) for t in found] == [("a", "friendship"), ("b", "pact")]


def test_names_left_out_do_not_mark_anything() -> None:
    texts = ["tass said"] * 4 + ["bbc said"] * 4
    found = marking_terms(
        texts, list("aaaabbbb"), ["e"] * 8, _tokens, _shown, 5, 2, 5.0, 0.5, frozenset({"tass", "bbc"})
    )
    assert found == []


def test_a_group_alone_in_its_events_has_no_terms() -> None:
    found = marking_terms(["x y", "x y", "z"], list("aab"), list("eef"), _tokens, _shown, 5, 1, 5.0, 0.0)
    assert found == []


def test_class_tfidf_is_the_hand_computed_one() -> None:
    # class u: 4 words, x three times; class v: 2 words; A = 3
    found = class_tfidf(["x x", "x y", "y z"], ["u", "u", "v"], _tokens, _shown, 5, 1)
    assert [(t.group, t.term, t.n_documents) for t in found] == [
        ("u", "x", 2),
        ("u", "y", 1),
        ("v", "z", 1),
        ("v", "y", 1),
    ]
    expected = [
        3 / 4 * np.log(1 + 3 / 3),
        1 / 4 * np.log(1 + 3 / 2),
        1 / 2 * np.log(1 + 3 / 1),
        1 / 2 * np.log(1 + 3 / 2),
    ]
    assert [t.weight for t in found] == pytest.approx(expected)
    assert [t.ratio for t in found] == pytest.approx(
        [(3 / 4) / (3 / 6), (1 / 4) / (2 / 6), (1 / 2) / (1 / 6), (1 / 2) / (2 / 6)]
    )


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"n_terms": 1}, ["x", "z"]),
        ({"min_documents": 2}, ["x"]),
        ({"left_out": frozenset({"x"})}, ["y", "z", "y"]),
        ({"min_ratio": 1.0}, ["x", "z", "y"]),  # u uses y less than the corpus does
    ],
)
def test_class_tfidf_keeps_to_its_limits(limits: dict[str, object], left: list[str]) -> None:
    given: dict[str, object] = {"n_terms": 5, "min_documents": 1} | limits
    found = class_tfidf(["x x", "x y", "y z"], ["u", "u", "v"], _tokens, _shown, **given)  # type: ignore[arg-type]
    assert [t.term for t in found] == left


def test_texts_without_a_term_have_no_class_terms() -> None:
    assert class_tfidf(["", ""], ["u", "v"], _tokens, _shown, 5, 1) == []
    assert [t.group for t in class_tfidf(["", "x"], ["u", "v"], _tokens, _shown, 5, 1)] == ["v"]


def test_terms_of_clusters_are_real_words_without_digits_and_names() -> None:
    texts = ["أرسلت رويترز 3 قطارات إلى الميناء", "وصلت القطارات إلى الميناء", "وقعت المعاهدة الجديدة 2024"]
    found = cluster_terms(texts, [0, 0, 1], arabic.terms_without(["رويترز"]), TermSection(min_documents=1, n_terms=9))
    assert [(row["cluster"], row["n_documents"]) for row in found] == [(0, 2), (1, 1)]
    words = {word for text in texts for word in text.split()}
    for row in found:
        assert row["terms"] and all(word in words for t in row["terms"] for word in t["term"].split())
    shown = [t["term"] for t in found[0]["terms"]]
    assert "الميناء" in shown and found[0]["terms"][shown.index("الميناء")]["n_documents"] == 2
    assert not any("رويترز" in term or "3" in term for term in shown)
