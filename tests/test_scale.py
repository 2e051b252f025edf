"""What is done for large corpora is what is done for small ones, or says that it is not."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from crossframe import cluster, distance, large, permanova, stability, threads, twosample
from crossframe.cluster import discourse_clusters
from crossframe.design import Design, in_own_basis
from crossframe.distance import Residuals, bootstrap_interval, squared_distance
from crossframe.maps import central_map
from crossframe.memo import Memo
from crossframe.space import nearest_rows
from crossframe.stability import cluster_grid
from crossframe.stability import stability as stable
from crossframe.sums import group_sums
from crossframe.twosample import classifier_test, energy_documents, energy_test
from test_inference import cells_of, corpus

RNG = np.random.default_rng(11)


def labelled(n: int, groups: int, events: int) -> tuple[list[str], list[str]]:
    return [f"g{i}" for i in RNG.integers(0, groups, n)], [f"e{i}" for i in RNG.integers(0, events, n)]


@pytest.mark.parametrize("n_groups", [2, 3, 4, 9])
def test_group_sums_are_those_of_a_loop(n_groups: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossframe.sums.CHUNK", 7)
    x, labels = RNG.normal(size=(40, 5)), RNG.integers(0, n_groups, (6, 40))
    expected = [[x[row == g].sum(axis=0) for g in range(n_groups)] for row in labels]
    np.testing.assert_allclose(group_sums(x, labels, n_groups), expected, atol=1e-12)
    assert group_sums(x.astype(np.float32), labels, n_groups).dtype == np.float64


def test_labellings_are_drawn_as_sorting_by_event_and_key_draws_them() -> None:
    groups, events = labelled(60, 4, 7)
    design = Design(RNG.normal(size=(60, 3)), groups, events)
    keys = np.random.default_rng(5).random((30, 60))
    order = np.lexsort((keys, np.broadcast_to(design.event, keys.shape)), axis=-1)
    expected = np.empty_like(order)
    expected[:, np.argsort(design.event, kind="stable")] = design.group[order]
    np.testing.assert_array_equal(design.permuted(30, np.random.default_rng(5)), expected)


def test_vectors_in_a_basis_of_their_own_have_the_same_inner_products() -> None:
    x = RNG.normal(size=(30, 200))
    own = in_own_basis(x)
    assert own.shape == (30, 30)
    np.testing.assert_allclose(own @ own.T, x @ x.T, rtol=1e-10)
    assert in_own_basis(x[:, :50]).shape == (30, 50)


@pytest.mark.parametrize("n_cores", [1, 2, 5])
def test_the_test_is_the_same_on_any_number_of_cores(n_cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    groups, events = labelled(120, 5, 6)
    x = RNG.normal(size=(120, 8)) + 0.2 * np.eye(8)[[int(g[1]) for g in groups]]
    expected = permanova.permanova(x, groups, events, 299, 3)
    monkeypatch.setattr("crossframe.design._WORTH_THREADS", 0)
    monkeypatch.setattr("crossframe.design._HELD", 6 * 120 * 10)
    monkeypatch.setattr(threads, "cores", lambda: n_cores)
    assert permanova.permanova(x, groups, events, 299, 3) == expected


def test_threads_take_items_in_order_and_no_more_than_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cores", lambda: 3)
    taken: list[int] = []

    def items() -> Iterator[int]:
        for i in range(10):
            taken.append(i)
            yield i

    found = threads.in_threads(lambda i: i * i, items())
    assert next(found) == 0 and len(taken) <= 4
    assert list(found) == [i * i for i in range(1, 10)]


def test_energy_from_sums_is_energy_from_distances() -> None:
    x, member = RNG.normal(size=(30, 6)), np.zeros((8, 30), dtype=bool)
    for row in member:
        row[RNG.choice(30, 11, replace=False)] = True
    x -= x.mean(axis=0)
    np.testing.assert_allclose(twosample._energy_of_sums(x, member), twosample._energy(x, member, 2.0), rtol=1e-9)


def test_a_large_event_is_represented_by_a_sample_and_the_number_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twosample, "_LARGEST_EVENT", 50)
    monkeypatch.setattr(twosample, "_SAMPLE", 40)
    member = [i < 30 for i in range(90)]
    events = ["e"] * 60 + ["f"] * 30
    member[60:] = [i < 10 for i in range(30)]
    assert energy_documents(events) == 40 + 30
    x = RNG.normal(size=(90, 4))
    assert energy_test(x, member, events, 99, 1) > 0.02
    assert energy_test(x + np.outer(member, np.ones(4)), member, events, 99, 1) == pytest.approx(0.01)
    monkeypatch.setattr(twosample, "_LARGEST_EVENT", 2000)
    exact = energy_test(x, member, events, 99, 1, exponent=2.0)
    monkeypatch.setattr(twosample, "_LARGEST_EVENT", 50)
    assert energy_test(x, member, events, 99, 1, exponent=2.0) == exact


def test_null_corpora_with_sampled_events_give_uniform_p_values(monkeypatch: pytest.MonkeyPatch) -> None:
    from scipy.stats import kstest

    monkeypatch.setattr(twosample, "_LARGEST_EVENT", 20)
    monkeypatch.setattr(twosample, "_SAMPLE", 14)
    member, events = [i % 3 == 0 for i in range(60)], ["e"] * 30 + ["f"] * 30
    draw = np.random.default_rng(4)
    ps = [energy_test(draw.normal(size=(60, 3)), member, events, 99, seed) for seed in range(200)]
    assert kstest(ps, "uniform").pvalue > 0.01


def test_a_classifier_learns_the_same_whatever_is_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    x, groups, events = corpus(3, 1.0)
    rows = [i for i, g in enumerate(groups) if g in {"a", "b"}]
    told = x[rows][:, :3], [groups[i] == "a" for i in rows], [events[i] for i in rows], 99, 1
    expected = classifier_test(*told)
    monkeypatch.setattr(twosample, "_HELD", 40)
    assert classifier_test(*told) == pytest.approx(expected)


def test_the_sums_of_all_folds_less_one_learn_what_the_other_folds_do() -> None:
    x, labels = RNG.normal(size=(40, 4)), RNG.random((6, 40)) < 0.5
    folds = [[np.arange(i, i + 5)] for i in range(0, 40, 5)]
    x -= x.reshape(8, 5, 4).mean(axis=1).repeat(5, axis=0)
    targets = labels.astype(float)
    for (rows,) in folds:
        targets[:, rows] -= targets[:, rows].mean(axis=1, keepdims=True)
    for (tests, scores), fold in zip(twosample._held_out_scores(x, labels, folds), folds, strict=True):
        train = np.setdiff1d(np.arange(40), fold[0])
        np.testing.assert_array_equal(tests[0], fold[0])
        np.testing.assert_allclose(scores, twosample._ridge(x[train], targets[:, train], x[fold[0]]), atol=1e-10)


def test_resampled_distances_from_sums_are_those_of_the_documents_drawn() -> None:
    x, groups, events = corpus(3)
    pool = Residuals(x, groups, events, 1)
    generator = np.random.default_rng(2)
    which, signs = pool.draw(5, 4, generator)
    gap = generator.normal(size=x.shape[1])
    found = distance._resampled_by_sums(which, signs, pool.rows, pool.rows @ gap, 3) + gap @ gap
    for i in range(4):
        drawn = pool.rows[which[i]] * signs[i][:, None]
        assert found[i] == pytest.approx(squared_distance(drawn[:3] + gap, drawn[3:]), rel=1e-9)


@pytest.mark.parametrize("apart", [0.0, 0.8])
def test_intervals_from_shared_orders_cover_the_true_distance(apart: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distance, "_MANY", 0)
    monkeypatch.setattr(distance, "_SMALL_EVENT", 0)
    covered = []
    for seed in range(150):
        x, groups, events = corpus(seed, apart)
        pool = Residuals(x, groups, events, 1)
        low, high = bootstrap_interval(cells_of(x, groups, events), pool, 300, seed) or (0, 0)
        covered.append(low <= apart <= high)
    assert 0.90 <= np.mean(covered) <= 0.99  # as in test_inference.py


def test_above_the_limit_clusters_and_maps_are_fitted_on_a_sample_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (cluster, stability):
        monkeypatch.setattr(module, "SQUARE", 60)
    monkeypatch.setattr(large, "FIT", 80)
    monkeypatch.setattr(large, "COMPONENTS", 5)
    truth = np.repeat([0, 1, 2], 50)
    x = 8 * np.eye(10)[truth] + RNG.normal(size=(150, 10))
    found = discourse_clusters(x, 2, 5, 1)
    assert (found.k, found.fitted_on, len(found.labels)) == (3, 80, 150)
    assert all(len(set(found.labels[truth == t])) == 1 for t in range(3))
    shown = central_map(x, 10, 0.1, 1)[0]
    assert (shown.fitted_on, shown.xy.shape) == (80, (150, 2)) and np.isfinite(shown.xy).all()
    centres = np.stack([shown.xy[truth == t].mean(axis=0) for t in range(3)])
    nearest = np.linalg.norm(shown.xy[:, None] - centres[None], axis=2).argmin(axis=1)
    assert (nearest == truth).mean() > 0.95
    firm = stable(x, found, {"other": x[:, ::-1]}, 4, 1)
    assert firm["n_documents"] == 60 and firm["subsamples"]["low"] == firm["ward"] == 1.0
    rows = cluster_grid({"all": x}, 3, {"event": [f"e{t}" for t in truth]}, [1])
    assert all(r["event"] == pytest.approx(1.0) for r in rows)


def test_below_the_limit_everybody_is_fitted() -> None:
    x = RNG.normal(size=(30, 4))
    assert discourse_clusters(x, 2, 3, 1).fitted_on == central_map(x, 5, 0.1, 1)[0].fitted_on == 30
    np.testing.assert_array_equal(large.sampled_rows(30, 30, 1), np.arange(30))
    assert len(set(large.sampled_rows(300, 30, 1).tolist())) == 30


def test_nearest_rows_do_not_depend_on_how_many_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = RNG.normal(size=(23, 4)), RNG.normal(size=(31, 4))
    expected = (a @ b.T).argmax(axis=1)
    monkeypatch.setattr("crossframe.space._HELD", 70)
    np.testing.assert_array_equal(nearest_rows(a, b), expected)


def test_of_many_items_only_changed_ones_are_run_again(tmp_path: Path) -> None:
    asked: list[str] = []

    def shout(item: str, end: str) -> str:
        asked.append(item)
        return item.upper() + end

    memo = Memo(tmp_path)
    assert memo.each("loud", shout, ["a", "b", "c"], "!") == ["A!", "B!", "C!"]
    assert memo.each("loud", shout, ["a", "x", "c"], "!") == ["A!", "X!", "C!"]
    assert asked == ["a", "b", "c", "x"] and memo.reused == []
    assert Memo(tmp_path).each("loud", shout, ["x", "a"], "!") == ["X!", "A!"] and len(asked) == 4
    assert memo.each("loud", shout, ["x"], "?") == ["X?"] and len(asked) == 5
    assert Memo(tmp_path, enabled=False).each("loud", shout, ["x"], "?") == ["X?"] and len(asked) == 6


def test_a_keyed_stage_runs_once_for_its_inputs(tmp_path: Path) -> None:
    memo, ran = Memo(tmp_path), []
    for key in ("one", "one", "two"):
        assert memo.keyed("stage", (key, 1), lambda: ran.append(1) or len(ran)) in {1, 2}
    assert len(ran) == 2 and memo.reused == ["stage"]
