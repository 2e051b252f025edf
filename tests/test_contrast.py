"""Contrasts against other implementations, hand-computed cases and corpora of known truth."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crossframe.config_sections import ContrastSection
from crossframe.contrast import contrast, contrasts, shared_events
from crossframe.dispersion import distances_to_centroid, permdisp
from crossframe.distance import squared_distance
from crossframe.errors import InputError
from crossframe.multiplicity import benjamini_hochberg, holm
from crossframe.permanova import Design, permanova

RNG = np.random.default_rng(3)
QUICK = ContrastSection(n_permutations=99, seed=1)


def planted(
    effect: float, seed: int = 0, n: int = 4, events: int = 5, d: int = 12
) -> tuple[np.ndarray, list[str], list[str]]:
    """Two groups in each event, shifted by `effect` along one direction; events differ a lot."""
    generator = np.random.default_rng(seed)
    rows, groups, names = [], [], []
    for e in range(events):
        centre = 3 * generator.normal(size=d)
        for g, sign in (("a", 0.5), ("b", -0.5)):
            block = centre + generator.normal(size=(n, d))
            block[:, 0] += sign * effect
            rows.append(block)
            groups += [g] * n
            names += [f"e{e}"] * n
    return np.vstack(rows), groups, names


def test_without_blocks_pseudo_f_is_that_of_scikit_bio() -> None:
    from skbio import DistanceMatrix
    from skbio.stats.distance import permanova as oracle

    x = RNG.normal(size=(30, 7))
    groups = ["a"] * 9 + ["b"] * 12 + ["c"] * 9
    distances = np.linalg.norm(x[:, None] - x[None], axis=2)
    theirs = oracle(DistanceMatrix(distances), groups, permutations=0)
    ours = permanova(x, groups, ["only"] * 30, 99, 1)
    assert ours.pseudo_f == pytest.approx(theirs["test statistic"], rel=1e-9)


def test_partial_sum_of_squares_is_that_of_two_nested_regressions() -> None:
    x = RNG.normal(size=(40, 5))
    groups = RNG.choice(["a", "b", "c"], size=40).tolist()
    events = RNG.choice(["e", "f", "g"], size=40).tolist()
    dummies = lambda labels: np.stack([np.array(labels) == v for v in sorted(set(labels))], axis=1).astype(float)  # noqa: E731
    residual = lambda z: ((x - z @ np.linalg.lstsq(z, x, rcond=None)[0]) ** 2).sum()  # noqa: E731
    expected = residual(dummies(events)) - residual(np.hstack([dummies(events), dummies(groups)]))
    design = Design(x, groups, events)
    assert design.among(design.group[None])[0] == pytest.approx(expected, rel=1e-9)


def test_permutation_stays_inside_events() -> None:
    design = Design(RNG.normal(size=(12, 3)), list("aabbabababab"), ["e"] * 4 + ["f"] * 8)
    generator = np.random.default_rng(0)
    for shuffled in design.permuted(20, generator):
        for event in range(2):
            assert sorted(shuffled[design.event == event]) == sorted(design.group[design.event == event])


def test_p_value_approaches_the_exact_one_over_all_relabellings() -> None:
    x, groups, events = planted(1.0, seed=5, n=2, events=2, d=2)
    design = Design(x, groups, events)
    exact = []
    for first in set(permutations([0, 0, 1, 1])):
        for second in set(permutations([0, 0, 1, 1])):
            exact.append(design.among(np.array(first + second)[None])[0])
    observed = design.among(design.group[None])[0]
    share = np.mean(np.array(exact) >= observed * (1 - 1e-12))
    assert permanova(x, groups, events, 4999, 1).p == pytest.approx(share, abs=0.02)
    assert design.relabellings() == len(exact) == 36


def test_a_planted_effect_is_found_and_r2_and_omega2_are_ordered() -> None:
    found = permanova(*planted(2.0), n_permutations=499, seed=1)
    assert found.p == pytest.approx(1 / 500)
    assert 0 < found.omega2 < found.r2 < 1


def test_null_corpora_give_uniform_p_values() -> None:
    from scipy.stats import kstest

    ps = [permanova(*planted(0.0, seed=s, n=3, events=3, d=4), n_permutations=99, seed=s).p for s in range(500)]
    assert kstest(ps, "uniform").pvalue > 0.01
    assert 0.02 <= np.mean(np.array(ps) <= 0.05) <= 0.09


def test_result_does_not_depend_on_the_order_of_documents() -> None:
    x, groups, events = planted(1.5)
    order = np.random.default_rng(9).permutation(len(x))
    a = permanova(x, groups, events, 99, 1)
    b = permanova(x[order], [groups[i] for i in order], [events[i] for i in order], 99, 1)
    assert (b.pseudo_f, b.r2, b.omega2) == pytest.approx((a.pseudo_f, a.r2, a.omega2), rel=1e-9)


def test_squared_distance_is_the_hand_computed_one() -> None:
    a = np.array([[0.0, 0.0], [2.0, 0.0]])  # mean (1, 0), variance 2, noise 1
    b = np.array([[1.0, 3.0], [1.0, 5.0]])  # mean (1, 4), variance 2, noise 1
    assert squared_distance(a, b) == pytest.approx(16 - 1 - 1)


def test_squared_distance_is_unbiased_where_groups_do_not_differ() -> None:
    generator = np.random.default_rng(2)
    values = [squared_distance(generator.normal(size=(2, 20)), generator.normal(size=(3, 20))) for _ in range(4000)]
    assert np.mean(values) == pytest.approx(0, abs=4 * np.std(values) / np.sqrt(len(values)))


def test_holm_and_benjamini_hochberg_are_those_of_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    ps = [0.001, 0.04, 0.04, 0.3, 0.012, 0.9]
    assert holm(ps) == pytest.approx(multipletests(ps, method="holm")[1])
    assert benjamini_hochberg(ps) == pytest.approx(multipletests(ps, method="fdr_bh")[1])


@given(st.lists(st.floats(0.0001, 1.0), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_corrected_p_values_are_never_below_the_raw_ones(ps: list[float]) -> None:
    for corrected in (holm(ps), benjamini_hochberg(ps)):
        assert all(p <= c + 1e-12 and c <= 1.0 for p, c in zip(ps, corrected, strict=True))


def test_corrections_of_nothing_are_nothing() -> None:
    assert holm([]) == [] and benjamini_hochberg([]) == []


def test_a_pair_without_shared_events_is_not_identifiable_and_has_no_number() -> None:
    x, groups, events = planted(1.0, events=1)
    row = contrast(x, groups, events, "a", "b", QUICK)
    assert row.refusal is not None and row.refusal.startswith("not identifiable: 1 shared event(s)")
    assert row.effect is None and row.p is None and row.r2 is None


def test_a_pair_with_too_few_relabellings_is_not_identifiable() -> None:
    x, groups, events = planted(1.0, n=2, events=1)
    row = contrast(x, groups, events, "a", "b", QUICK.model_copy(update={"min_events": 1}))
    assert row.refusal == "not identifiable: only 3 distinct relabellings, no test is possible"


def test_mirrored_labellings_of_equal_groups_count_once() -> None:
    x, groups, events = planted(1.0, n=2, events=2)  # 36 labellings, 18 statistics: p cannot fall below .05
    row = contrast(x, groups, events, "a", "b", QUICK)
    assert row.refusal == "not identifiable: only 18 distinct relabellings, no test is possible"


def test_identical_documents_are_refused_never_tested() -> None:
    x = np.ones((12, 3))
    groups, events = list("aabb") * 3, ["e"] * 4 + ["f"] * 4 + ["g"] * 4
    row = contrast(x, groups, events, "a", "b", QUICK)
    assert row.refusal == "not identifiable: the documents of each event are identical"
    with pytest.raises(InputError, match="identical"):
        permanova(x, groups, events, 99, 1)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_vectors_that_are_not_finite_are_refused(value: float) -> None:
    x, groups, events = planted(0.0)
    x[3, 2] = value
    with pytest.raises(InputError, match="NaN or infinity"):
        permanova(x, groups, events, 99, 1)


def test_one_bloc_alone_cannot_be_tested() -> None:
    with pytest.raises(InputError, match="no event holds two groups"):
        permanova(RNG.normal(size=(6, 2)), ["a"] * 6, ["e"] * 3 + ["f"] * 3, 99, 1)


def test_blocs_in_different_events_cannot_be_tested() -> None:
    with pytest.raises(InputError, match="no event holds two groups"):
        permanova(RNG.normal(size=(6, 2)), ["a"] * 3 + ["b"] * 3, ["e"] * 3 + ["f"] * 3, 99, 1)


def test_shared_events_need_enough_documents_of_both() -> None:
    groups, events = list("aabbab"), list("eeeeff")
    assert shared_events(groups, events, "a", "b", 2) == ["e"]
    assert shared_events(groups, events, "a", "b", 1) == ["e", "f"]


def test_primary_pairs_are_corrected_by_holm_and_the_rest_by_bh() -> None:
    x, groups, events = planted(2.0)
    groups = ["c" if g == "b" and i % 2 else g for i, g in enumerate(groups)]
    rows = contrasts(
        x, groups, events, ["a", "b", "c"], ContrastSection(primary=[("a", "b")], n_permutations=199, seed=1)
    )
    assert [(r.bloc_a, r.bloc_b, r.family, r.correction) for r in rows] == [
        ("a", "b", "primary", "holm"),
        ("a", "c", "exploratory", "bh"),
        ("b", "c", "exploratory", "bh"),
    ]
    assert rows[0].p_corrected == rows[0].p


def test_a_threshold_of_one_document_is_refused_by_the_configuration() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 2"):
        ContrastSection(min_documents=1)


def test_without_blocks_dispersion_is_that_of_scikit_bio() -> None:
    from skbio import DistanceMatrix
    from skbio.stats.distance import permdisp as oracle

    x = RNG.normal(size=(30, 6)) * np.repeat([1.0, 1.0, 2.0], 10)[:, None]
    groups = ["a"] * 10 + ["b"] * 10 + ["c"] * 10
    distances = np.linalg.norm(x[:, None] - x[None], axis=2)
    theirs = oracle(DistanceMatrix(distances), groups, test="centroid", permutations=0, warn_neg_eigval=False)
    ours = permdisp(x, groups, ["only"] * 30, 199, 1)
    assert ours.pseudo_f == pytest.approx(theirs["test statistic"], rel=1e-6)
    assert ours.p <= 0.01


def test_a_difference_of_position_is_not_one_of_spread() -> None:
    ps = [permdisp(*planted(3.0, seed=s, n=5), n_permutations=99, seed=s).p for s in range(40)]
    assert np.mean(np.array(ps) <= 0.05) <= 0.15
    assert all(permanova(*planted(3.0, seed=s, n=5), n_permutations=99, seed=s).p <= 0.02 for s in range(5))


def test_small_groups_do_not_seem_less_spread() -> None:
    ps = []
    for seed in range(120):
        generator = np.random.default_rng(seed)
        groups = [g for _ in range(6) for g in "aaaaab"]
        events = [f"e{i}" for i in range(6) for _ in range(6)]
        ps.append(permdisp(generator.normal(size=(36, 10)), groups, events, 99, seed).p)
    assert np.mean(np.array(ps) <= 0.05) <= 0.11


def test_a_document_that_is_its_own_centroid_has_no_distance() -> None:
    x = RNG.normal(size=(5, 3))
    found = distances_to_centroid(x, list("aabbc"), ["e"] * 4 + ["f"])
    assert np.isfinite(found[:4]).all() and np.isnan(found[4])
