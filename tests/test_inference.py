"""Intervals, cross-checks, matching on language, power and the residue of language, on data of known truth."""

from itertools import combinations

import numpy as np
import pytest

from crossframe.config_sections import ContrastSection, RobustSection, SpaceSection
from crossframe.contrast import contrast, contrasts, matched_on
from crossframe.distance import (
    Cell,
    Residuals,
    bootstrap_interval,
    common_distance,
    pooled_distance,
    squared_distance,
)
from crossframe.errors import InputError
from crossframe.power import power_curves
from crossframe.probe import language_residue
from crossframe.robust import Specification, leave_one_out, specifications
from crossframe.space import language_directions, language_free, unit_rows, without_directions
from crossframe.stability import cluster_grid, stability
from crossframe.twosample import classifier_test, energy_test
from crossframe.types import Clusters

QUICK = ContrastSection(n_permutations=99, n_bootstrap=199, seed=1)


def corpus(
    seed: int, apart: float = 0.0, sizes: tuple[tuple[int, int], ...] = ((3, 2), (2, 4), (5, 3), (2, 2)), d: int = 40
) -> tuple[np.ndarray, list[str], list[str]]:
    """Two groups in four events, their centroids `apart` (squared) in each, and thirty cells of others."""
    generator = np.random.default_rng(seed)
    scale = 1 / np.sqrt(np.arange(1, d + 1))
    rows, groups, events = [], [], []
    for e, (n_a, n_b) in enumerate(sizes):
        line = generator.normal(size=d) * scale
        line *= np.sqrt(apart) / np.linalg.norm(line)
        for name, n, shift in (("a", n_a, line), ("b", n_b, 0 * line)):
            rows.append(generator.normal(size=(n, d)) * scale + shift)
            groups += [name] * n
            events += [f"e{e}"] * n
    for i in range(30):
        n = int(generator.integers(2, 5))
        rows.append(generator.normal(size=(n, d)) * scale)
        groups += [f"other{i % 5}"] * n
        events += [f"f{i}"] * n
    return np.vstack(rows), groups, events


def cells_of(x: np.ndarray, groups: list[str], events: list[str]) -> list[Cell]:
    g, e = np.array(groups), np.array(events)
    return [Cell(x[(g == "a") & (e == name)], x[(g == "b") & (e == name)]) for name in ("e0", "e1", "e2", "e3")]


@pytest.mark.parametrize("apart", [0.0, 0.8, 2.0])
def test_bootstrap_intervals_cover_the_true_distance_about_95_times_in_100(apart: float) -> None:
    covered = []
    for seed in range(150):
        x, groups, events = corpus(seed, apart)
        low, high = bootstrap_interval(cells_of(x, groups, events), Residuals(x, groups, events, 1), 300, seed) or (
            0,
            0,
        )
        covered.append(low <= apart <= high)
    # 150 intervals of true coverage .95 fall outside .90 to .99 one time in a hundred; the bootstrap within
    # cells that this one replaces covered 1.00
    assert 0.90 <= np.mean(covered) <= 0.99


def test_intervals_are_as_wide_as_estimates_scatter() -> None:
    widths, estimates = [], []
    for seed in range(150):
        x, groups, events = corpus(seed, 0.8)
        cells = cells_of(x, groups, events)
        low, high = bootstrap_interval(cells, Residuals(x, groups, events, 1), 200, seed) or (0, 0)
        widths.append(high - low)
        estimates.append(pooled_distance(cells))
    assert np.mean(widths) / (3.92 * np.std(estimates)) == pytest.approx(1.0, abs=0.2)
    assert np.mean(estimates) == pytest.approx(0.8, abs=0.1)


def test_resampled_distances_are_those_of_the_documents_drawn() -> None:
    from crossframe.distance import _resampled

    x, groups, events = corpus(3)
    pool = Residuals(x, groups, events, 1)
    generator = np.random.default_rng(2)
    which, signs = pool.draw(5, 4, generator)
    gap = generator.normal(size=x.shape[1])
    found = _resampled(which, signs, pool.gram, pool.rows @ gap, 3) + gap @ gap
    for i in range(4):
        drawn = pool.rows[which[i]] * signs[i][:, None]
        assert found[i] == pytest.approx(squared_distance(drawn[:3] + gap, drawn[3:]), rel=1e-9)


def test_drawn_documents_come_from_different_cells_and_never_twice() -> None:
    x, groups, events = corpus(4)
    pool = Residuals(x, groups, events, 1)
    n_cells = len(set(pool.cell.tolist()))
    which, _signs = pool.draw(n_cells, 20, np.random.default_rng(1))
    assert all(len(set(pool.cell[row].tolist())) == n_cells for row in which)
    everything, _signs = pool.draw(len(pool.cell), 5, np.random.default_rng(1))
    assert all(sorted(row.tolist()) == list(range(len(pool.cell))) for row in everything)


def test_pooled_distance_weighs_events_by_their_documents() -> None:
    near = Cell(np.array([[0.0], [0.0]]), np.array([[1.0], [1.0]]))  # distance 1, weight 2*2/4 = 1
    far = Cell(np.array([[0.0]] * 6), np.array([[3.0]] * 3))  # distance 9, weight 6*3/9 = 2
    assert pooled_distance([near, far]) == pytest.approx((1 * 1 + 2 * 9) / 3)


def test_energy_p_value_is_the_exact_one_over_all_relabellings() -> None:
    generator = np.random.default_rng(6)
    x = np.vstack([generator.normal(size=(3, 2)) + 1.2, generator.normal(size=(4, 2))])

    def energy(a: list[int]) -> float:
        b = [i for i in range(7) if i not in a]
        mean = lambda r, s: np.mean([np.linalg.norm(x[i] - x[j]) for i in r for j in s if i != j])  # noqa: E731
        return float(2 * mean(a, b) - mean(a, a) - mean(b, b))

    observed = energy([0, 1, 2])
    exact = np.mean([energy(list(a)) >= observed - 1e-12 for a in combinations(range(7), 3)])
    found = energy_test(x, [True] * 3 + [False] * 4, ["e"] * 7, 4999, 1)
    assert found == pytest.approx(exact, abs=0.02)


def test_with_exponent_two_energy_tests_the_pooled_distance() -> None:
    x, groups, events = corpus(1, 1.0)
    rows = [i for i, g in enumerate(groups) if g in {"a", "b"}]
    told, g = [events[i] for i in rows], np.array([groups[i] for i in rows])
    found = energy_test(x[rows], (g == "a").tolist(), told, 1999, 1, exponent=2.0)
    generator, larger = np.random.default_rng(2), 0
    observed = pooled_distance(cells_of(x[rows], g.tolist(), told))
    for _ in range(1000):
        shuffled = g.copy()
        for name in set(told):
            inside = np.flatnonzero(np.array(told) == name)
            shuffled[inside] = generator.permutation(g[inside])
        larger += pooled_distance(cells_of(x[rows], shuffled.tolist(), told)) >= observed
    assert found == pytest.approx((larger + 1) / 1001, abs=0.04)


def test_the_common_distance_is_all_of_it_where_events_agree_and_nothing_where_they_do_not() -> None:
    one, other = np.array([[0.0, 0.0]] * 2), np.array([[3.0, 0.0]] * 2)
    assert common_distance([Cell(one, other), Cell(one, other)]) == pytest.approx(9.0)
    assert common_distance([Cell(one, other), Cell(one, other[:, ::-1])]) == pytest.approx(0.0)
    assert common_distance([Cell(one, other), Cell(other, one)]) == pytest.approx(-9.0)
    assert common_distance([Cell(one, other)]) is None


def test_energy_finds_a_difference_of_spread_alone() -> None:
    generator = np.random.default_rng(7)
    x = np.vstack([generator.normal(size=(30, 3)), 4 * generator.normal(size=(30, 3))])
    found = energy_test(x, [True] * 30 + [False] * 30, ["e", "f"] * 30, 199, 1)
    assert found is not None and found <= 0.01


def test_a_classifier_tells_groups_apart_on_unseen_events_and_earns_nothing_from_events() -> None:
    generator = np.random.default_rng(8)
    events = [f"e{i // 8}" for i in range(48)]
    in_a = [i % 8 < 4 for i in range(48)]
    centres = {e: 10 * generator.normal(size=12) for e in set(events)}
    x = generator.normal(size=(48, 12)) + np.stack([centres[e] for e in events])
    shift = np.outer(np.array(in_a, dtype=float), np.eye(12)[0] * 4)
    auc, p = classifier_test(x + shift, in_a, events, 199, 1)
    assert auc > 0.95 and p == pytest.approx(1 / 200)
    # each event shifted another way: found within an event, never on an unseen one
    other = np.stack([centres[e] if a else 0 * centres[e] for e, a in zip(events, in_a, strict=True)])
    auc, p = classifier_test(x + other, in_a, events, 199, 1)
    assert 0.2 < auc < 0.8 and p > 0.05


def test_classifier_p_values_of_null_corpora_are_uniform() -> None:
    from scipy.stats import kstest

    ps = []
    for seed in range(200):
        x, groups, events = corpus(seed)
        rows = [i for i, g in enumerate(groups) if g in {"a", "b"}]
        in_a, told = [groups[i] == "a" for i in rows], [events[i] for i in rows]
        ps.append(classifier_test(x[rows], in_a, told, 99, seed)[1])
    assert kstest(ps, "uniform").pvalue > 0.01


def test_both_forms_of_the_ridge_regression_agree() -> None:
    from crossframe.twosample import _ridge

    generator = np.random.default_rng(9)
    x, test, y = generator.normal(size=(9, 5)), generator.normal(size=(4, 5)), generator.normal(size=(2, 9))
    wide = np.hstack([x, np.zeros((9, 20))])
    np.testing.assert_allclose(_ridge(x, y, test), _ridge(wide, y, np.hstack([test, np.zeros((4, 20))])), atol=1e-10)


def test_a_contrast_row_holds_all_that_a_reader_needs() -> None:
    x, groups, events = corpus(1, 3.0)
    row = next(r for r in contrasts(x, groups, events, ["a", "b"], QUICK))
    assert row.effect is not None and row.low is not None and row.high is not None
    assert row.low < row.effect < row.high and row.low > 0
    assert row.p is not None and row.p_corrected == row.p
    assert row.distance_p is not None and row.distance_p <= 0.05 and row.common is not None
    assert row.energy_p is not None and row.energy_p <= 0.05 and row.auc is not None and row.auc_p is not None
    assert (row.n_documents_a, row.n_documents_b, row.n_events) == (12, 11, 4)
    assert (row.n_permutations, row.n_bootstrap, row.seed) == (99, 199, 1)


def test_blocs_that_share_no_language_are_not_identifiable() -> None:
    x, groups, events = corpus(1, 3.0)
    apart = ["ru" if g == "a" else "uk" for g in groups]
    row = contrast(x, groups, events, "a", "b", QUICK, apart)
    assert row.refusal == (
        "not identifiable: source and language are confounded, 0 of 4 shared event(s) told by both in one language, "
        "2 needed"
    )
    together = contrast(x, groups, events, "a", "b", QUICK, ["ar"] * len(groups))
    assert together == contrast(x, groups, events, "a", "b", QUICK)
    allowed = contrast(x, groups, events, "a", "b", QUICK.model_copy(update={"match_language": False}), apart)
    assert allowed.p == together.p


def test_texts_in_several_languages_are_matched_on_event_and_language() -> None:
    assert matched_on(["e", "e", "f"], ["ar", "en", "ar"], QUICK) == ["e in ar", "e in en", "f in ar"]
    assert matched_on(["e", "f"], ["ar", "ar"], QUICK) == ["e", "f"]
    # a language offset alone, with both blocs writing in both languages, is no difference between blocs
    generator = np.random.default_rng(3)
    groups = ["a", "a", "a", "b", "b", "b"] * 20
    languages = ["ru", "ru", "uk", "uk", "uk", "ru"] * 20
    events = [f"e{i // 30}" for i in range(120)]
    x = generator.normal(size=(120, 5)) + 12.0 * np.array([[s == "ru"] for s in languages])
    loose = contrast(x, groups, events, "a", "b", QUICK.model_copy(update={"match_language": False}), languages)
    assert loose.p is not None and loose.p <= 0.05
    matched = contrast(x, groups, events, "a", "b", QUICK, languages)
    assert matched.p is not None and matched.p > 0.05 and matched.n_events == 4


def test_power_is_alpha_without_a_shift_and_grows_with_it() -> None:
    x, groups, events = corpus(2)
    settings = ContrastSection(primary=[("a", "b"), ("a", "other0")], seed=1)
    robust = RobustSection(n_power=150, placebo_permutations=99, power_sizes=[0.0, 1.0, 8.0])
    curves = power_curves(x, groups, events, settings, robust)
    assert [(c["bloc_a"], c["bloc_b"]) for c in curves] == [("a", "b")]  # the other pair shares no event
    null, middle, large = curves[0]["points"]
    assert null["low"] <= 0.05 <= null["high"]
    assert null["rate"] < middle["rate"] < large["rate"] and large["rate"] > 0.95
    assert 1.0 < curves[0]["detectable"] < 8.0


def test_each_unit_is_left_out_once_and_the_worst_is_named() -> None:
    x, groups, events = corpus(5, 3.0)
    settings = QUICK.model_copy(update={"primary": [("a", "b")]})
    found = leave_one_out(x, groups, events, events, settings)
    assert {r["unit"] for r in found["rows"]} == set(events)
    pair = found["primary"][0]
    lowest = min(
        (contrast(x[keep], [groups[i] for i in keep], [events[i] for i in keep], "a", "b", settings).effect or 0, unit)
        for unit in sorted(set(events))
        for keep in [[i for i, e in enumerate(events) if e != unit]]
    )
    assert (pair["lowest"], pair["lowest_without"]) == lowest


def test_the_specification_grid_counts_only_identifiable_specifications() -> None:
    x, groups, events = corpus(6, 3.0)
    settings = QUICK.model_copy(update={"primary": [("a", "b")]})
    one = Specification({"text": "summary_ar"}, x, ["ar"] * len(x))
    apart = Specification({"text": "summary_orig"}, x, ["ru" if g == "a" else "uk" for g in groups])
    flipped = Specification({"text": "noise"}, np.random.default_rng(1).normal(size=x.shape), ["ar"] * len(x))
    found = specifications([one, flipped], groups, events, settings)
    assert found["n_specifications"] == 2 and found["primary"][0]["n_specifications"] == 2
    assert found["primary"][0]["share_p05"] == 0.5
    with pytest.raises(InputError, match="no event holds two groups"):
        specifications([apart], ["a" if g == "a" else "b" for g in groups], events, settings)


def test_language_directions_are_the_strongest_of_each_language() -> None:
    strong, weak = np.eye(6)[0], np.eye(6)[1]
    rows = np.vstack([5 * strong + 0.1 * weak, 5 * strong - 0.1 * weak, 4 * strong])
    found = language_directions({"ar": rows}, 1)["ar"]
    assert abs(float(found[0] @ strong)) == pytest.approx(1.0, abs=1e-3)
    left = without_directions(np.array([[3.0, 4, 0, 0, 0, 0]]), ["ar"], {"ar": np.eye(6)[:1]})
    np.testing.assert_allclose(left, [[0.0, 4, 0, 0, 0, 0]])
    with pytest.raises(InputError, match="3 parallel sentences cannot give 3 directions"):
        language_directions({"ar": rows}, 3)


def test_directions_and_means_can_be_taken_out_together_or_not_at_all() -> None:
    rows = unit_rows(np.random.default_rng(1).normal(size=(30, 8)) + 1)
    same = language_free(rows, ["ar"] * 30, {}, remove_means=False, n_directions=0)
    np.testing.assert_allclose(same, rows)
    known = {"ar": rows[:20]}
    both = language_free(rows, ["ar"] * 30, known, remove_means=True, n_directions=1)
    direction = language_directions(known, 1)["ar"][0]
    assert np.abs(both @ direction).max() < 0.02 and np.allclose(np.linalg.norm(both, axis=1), 1)
    with pytest.raises(InputError, match="no parallel sentences for the language"):
        language_free(rows, ["sw"] * 30, known, remove_means=False, n_directions=1)


def test_a_probe_names_languages_before_the_adjustment_and_guesses_after() -> None:
    generator = np.random.default_rng(2)
    meaning = generator.normal(size=(60, 12))
    parallel = {
        name: unit_rows(meaning + 4 * generator.normal(size=12) + 0.3 * generator.normal(size=(60, 12)))
        for name in ("ar", "en", "ko")
    }
    found = language_residue([parallel], SpaceSection(), 1)
    assert found["chance"] == pytest.approx(1 / 3)
    assert found["probe_before"] > 0.95 and found["probe_after"] < 0.5
    assert len(found["directions"]) == 6 and found["mean_after"] > found["mean_before"]


def test_true_clusters_come_back_and_noise_does_not() -> None:
    generator = np.random.default_rng(3)
    truth = np.repeat([0, 1, 2], 20)
    x = 8 * np.eye(10)[truth] + generator.normal(size=(60, 10))
    firm = stability(x, Clusters(truth, 3, {3: 0.5}), {"other": x[:, ::-1]}, 8, 1)
    assert firm["subsamples"]["low"] == firm["seeds"]["low"] == firm["ward"] == firm["encoders"]["other"] == 1.0
    noise = generator.normal(size=(60, 10))
    loose = stability(x, Clusters(generator.integers(0, 3, 60), 3, {3: 0.0}), {"noise": noise}, 8, 1)
    assert abs(loose["encoders"]["noise"]) < 0.15 and loose["subsamples"]["mean"] < 0.15


def test_the_grid_of_clusters_says_what_they_follow() -> None:
    generator = np.random.default_rng(4)
    truth = np.repeat([0, 1], 20)
    x = 8 * np.eye(6)[truth] + generator.normal(size=(40, 6))
    labels = {"event": [f"e{t}" for t in truth], "bloc": generator.choice(["a", "b"], 40).tolist()}
    rows = cluster_grid({"all": x}, 2, labels, [1, 2])
    assert [(r["clusterer"], r["seed"]) for r in rows] == [("k-means", 1), ("k-means", 2), ("ward", None)]
    assert all(r["event"] == pytest.approx(1.0) and abs(r["bloc"]) < 0.2 for r in rows)
