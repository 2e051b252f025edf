"""Comparison of results, on small made trees: what passes, what does not, and by how much."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crossframe.errors import InputError
from crossframe.files import read_json
from crossframe.types import FloatArray
from crossframe.verify.compare import Comparison, Rule, compare, rule_of
from crossframe.verify.coordinates import likeness
from crossframe.verify.reports import REMEDY, compare_reports
from crossframe.verify.rules import FLOORS, RULES
from crossframe.verify.tables import compare_table, read_table
from crossframe.verify.validity import regressions

PLAIN = (Rule("exact.*", 0.0, 0.0, "test"), Rule("*", 1e-3, 1e-6, "test"))


def compared(a: Any, b: Any, rules: tuple[Rule, ...] = RULES) -> Comparison:
    found = Comparison()
    compare("", a, b, rules, found)
    return found


def paths(found: Comparison) -> list[str]:
    return [d.path for d in found.differences]


def test_equal_trees_differ_nowhere_and_every_value_is_counted() -> None:
    tree = {"a": 1, "b": [1.5, None, True], "c": {"d": "كوريا"}, "e": []}
    found = compared(tree, tree)
    assert found.n_compared == 5 and not found.differences and found.largest_relative == 0


@pytest.mark.parametrize(
    ("a", "b"),
    [(1, 2), ("x", "y"), (True, False), (None, 0.0), (1, "1"), (True, 1), ([1], [1, 1]), ({"k": 1}, {}), ({}, {"k": 1}),
     (0.5, None), ("موسكو", "موسكو ")],
)  # fmt: skip
def test_anything_but_floats_is_compared_exactly(a: object, b: object) -> None:
    assert len(compared({"v": a}, {"v": b}).differences) == 1


def test_a_float_may_differ_as_far_as_its_rule_says_and_no_further() -> None:
    assert not compared({"v": 2.0}, {"v": 2.002}, PLAIN).differences
    (difference,) = compared({"v": 2.0}, {"v": 2.003}, PLAIN).differences
    assert difference.by == pytest.approx(0.003) and difference.tolerance == pytest.approx(1e-6 + 2.003e-3)
    assert not compared({"v": 0.0}, {"v": 1e-6}, PLAIN).differences
    assert compared({"exact": {"v": 1.0}}, {"exact": {"v": 1.0000001}}, PLAIN).differences


def test_a_difference_names_its_row_and_its_size() -> None:
    rows = [{"bloc_a": "east", "bloc_b": "west", "effect": 0.10}]
    (difference,) = compared({"contrasts": rows}, {"contrasts": [{**rows[0], "effect": 0.15}]}).differences
    assert difference.path == "contrasts[0:east/west].effect"
    assert difference.by == pytest.approx(0.05)


def test_keys_of_one_side_alone_are_differences_by_name() -> None:
    assert paths(compared({"a": {"x": 1, "y": 1}}, {"a": {"x": 1, "z": [1, 2]}})) == ["a.y", "a.z"]


def test_the_largest_relative_difference_is_kept_where_it_passes_too() -> None:
    found = compared({"a": 1.0, "b": 2.0}, {"a": 1.0001, "b": 2.0}, PLAIN)
    assert found.largest_at == "a" and found.largest_relative == pytest.approx(1e-4, rel=1e-3)
    assert found.used == pytest.approx(0.0999, rel=1e-3)


def test_the_first_rule_that_matches_applies_and_indices_are_left_out() -> None:
    assert rule_of("exact.v[3:a/b].w", PLAIN) is PLAIN[0]
    with pytest.raises(LookupError, match="no rule"):
        rule_of("other", PLAIN[:1])


@pytest.mark.parametrize("path", ["contrasts.effect", "permanova.r2", "frames.validity.auc", "tables/axes.csv.bias"])
def test_a_change_of_one_per_cent_never_passes(path: str) -> None:
    for value in (0.01, 0.1, 0.9):
        assert rule_of(path, RULES).allowed(value, value * 1.01) < value * 0.01


@pytest.mark.parametrize("path", ["contrasts.p", "permanova.p", "contrasts.p_corrected", "axes.rows.p_bias"])
def test_a_p_value_at_the_level_does_not_move_by_a_hundredth(path: str) -> None:
    assert rule_of(path, RULES).allowed(0.05, 0.06) < 0.01


@pytest.fixture
def layout() -> FloatArray:
    generator = np.random.default_rng(3)
    centres = generator.normal(scale=4, size=(8, 2))
    return centres[np.arange(120) % 8] + generator.normal(size=(120, 2))


def test_a_turned_mirrored_and_shifted_layout_is_the_same_one(layout: FloatArray) -> None:
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])
    found = likeness(layout, layout @ turn + 7, 15)
    assert found.rms == pytest.approx(0, abs=1e-12) and found.overlap == 1.0


def test_the_alignment_is_that_of_a_search_over_angles(layout: FloatArray) -> None:
    other = layout + np.random.default_rng(4).normal(size=layout.shape)
    a, b = layout - layout.mean(0), other - other.mean(0)
    angles = np.linspace(0, 2 * np.pi, 3601)
    turned = [
        b @ np.array([[np.cos(t), s * np.sin(t)], [-np.sin(t), s * np.cos(t)]]) - a for t in angles for s in (1, -1)
    ]
    best = min(np.sqrt((left**2).sum(axis=1).mean()) for left in turned) / np.sqrt((a**2).sum(axis=1).mean())
    assert likeness(layout, other, 15).rms == pytest.approx(best, rel=1e-5)


def test_permuted_coordinates_are_another_map(layout: FloatArray) -> None:
    found = likeness(layout, np.random.default_rng(5).permutation(layout), 15)
    assert all(found.rms > floor.max_rms and found.overlap < floor.min_overlap for floor in FLOORS)


def test_a_map_that_is_scaled_is_another_map(layout: FloatArray) -> None:
    assert likeness(layout, layout * 2, 15).rms == pytest.approx(1.0)


def write(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle, lineterminator="\n").writerows([header, *rows])
    return path


def test_cells_become_what_they_spell(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.csv", ["a"], [["1"], ["1.0"], ["-2e-05"], ["007"], [""], ["E1"], ["nan"], ["2024-06-18"]]
    )
    assert [row["a"] for row in read_table(path)[1]] == [1, 1.0, -2e-05, 7.0, "", "E1", "nan", "2024-06-18"]


def test_a_table_with_a_row_too_short_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1\n")
    with pytest.raises(InputError, match=r"line 2 has 1 cell"):
        read_table(path)


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        (["bloc", "effect"], [["east", 0.1], ["west", 0.2]], []),
        (["bloc", "effect"], [["east", 0.101], ["west", 0.2]], ["t.csv[0:east].effect"]),
        (["bloc", "effect"], [["west", 0.1], ["east", 0.2]], ["t.csv[0:east].bloc", "t.csv[1:west].bloc"]),
        (["bloc", "effect"], [["east", 0.1]], ["t.csv"]),
        (["bloc", "r2"], [["east", 0.1], ["west", 0.2]], ["t.csv header"]),
    ],
)
def test_a_change_of_a_table_is_found(
    tmp_path: Path, header: list[str], rows: list[list[object]], expected: list[str]
) -> None:
    a = write(tmp_path / "a.csv", ["bloc", "effect"], [["east", 0.1], ["west", 0.2]])
    found = Comparison()
    compare_table("t.csv", a, write(tmp_path / "b.csv", header, rows), found)
    assert paths(found) == expected


def test_a_map_is_compared_as_a_layout_and_its_labels_exactly(tmp_path: Path, layout: FloatArray) -> None:
    header = ["doc_id", "bloc", "what_x", "what_y"]

    def table(name: str, xy: FloatArray, first: str = "b0") -> Path:
        rows = [[f"d{i}", f"b{i % 2}", *map(float, row)] for i, row in enumerate(xy.round(4))]
        rows[0][1] = first
        return write(tmp_path / name / "map.csv", header, [*rows, ["last", "b0", "", ""]])

    a = table("a", layout)
    for name, xy, first, expected in (
        ("same", -layout, "b0", []),
        ("label", -layout, "b1", ["tables/map.csv[0:d0/b0].bloc"]),
        ("permuted", np.random.default_rng(5).permutation(layout), "b0", ["RMS", "neighbours"]),
    ):
        found = Comparison()
        (measured,) = compare_table("tables/map.csv", a, table(name, xy, first), found)
        assert measured.likeness.n == 120 and measured.path == "tables/map.csv what"
        assert len(paths(found)) == len(expected)
        assert all(e in p for e, p in zip(expected, paths(found), strict=True))


def test_a_document_that_loses_its_place_on_the_map_is_a_difference(tmp_path: Path, layout: FloatArray) -> None:
    rows: list[list[object]] = [[f"d{i}", x, y] for i, (x, y) in enumerate(layout.tolist())]
    a = write(tmp_path / "a" / "map.csv", ["doc_id", "x", "y"], rows)
    b = write(tmp_path / "b" / "map.csv", ["doc_id", "x", "y"], [["d0", "", ""], *rows[1:]])
    found = Comparison()
    compare_table("map.csv", a, b, found)
    assert paths(found) == ["map.csv[0:d0].x", "map.csv[0:d0].y"]


def test_files_of_one_side_alone_are_differences(tmp_path: Path) -> None:
    for side, names in (("a", ("tables/t.csv", "figures/01-x.csv")), ("b", ("tables/t.csv", "figures/01-x.svg"))):
        for name in names:
            write(tmp_path / side / name, ["v"], [[1]])
        (tmp_path / side / "results.json").write_text("{}")
    (tmp_path / "b" / "small.en.pdf").write_bytes(b"%PDF")
    found = compare_reports(tmp_path / "a", tmp_path / "b").found
    assert paths(found) == ["figures/01-x.csv", "figures/01-x.svg", "small.en.pdf"]


@pytest.mark.parametrize(("text", "message"), [(None, "no such file"), ("{", "not JSON"), ("[]", "no JSON object")])
def test_results_that_cannot_be_read_are_bad_input(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "results.json").write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        read_json(tmp_path / "results.json", REMEDY)
    assert "crossframe run" in str(caught.value)


RESULTS: dict[str, Any] = {
    "frames": {
        "validity": [{"text": "summary_ar", "frame": "conflict", "language": "all", "auc": 0.80, "f1": 0.5}],
        "coding": {"frames": [{"frame": "conflict", "alpha": {"value": 0.7}}]},
    },
    "space": {"language_residue": {"probe_after": 0.2, "mean_after": 0.9}, "retrieval": {"ar_to_en": {"after": 1.0}}},
    "robust": {"placebo": {"rate": 0.05}},
    "map": {"what": {"trustworthiness": 0.87}},
    "voices": {"quality": {"held_out": {"speakers": {"precision": 0.9, "recall": 0.8}}}},
    "clusters": {"stability": {"subsamples": {"mean": 0.7}, "ward": 0.3}},
}


def changed(path: str, value: object) -> dict[str, Any]:
    import copy

    out = copy.deepcopy(RESULTS)
    *outer, last = path.split(".")
    place: Any = out
    for key in outer:
        place = place[int(key) if key.isdigit() else key]
    place[last] = value
    return out


@pytest.mark.parametrize(
    ("path", "worse", "better"),
    [
        ("frames.validity.0.auc", 0.78, 0.82),
        ("frames.validity.0.f1", 0.48, 0.52),
        ("frames.coding.frames.0.alpha.value", 0.68, 0.72),
        ("space.language_residue.probe_after", 0.22, 0.18),
        ("space.language_residue.mean_after", 0.88, 0.92),
        ("space.retrieval.ar_to_en.after", 0.98, 1.0),
        ("robust.placebo.rate", 0.07, 0.05),
        ("robust.placebo.rate", 0.03, 0.05),
        ("map.what.trustworthiness", 0.80, 0.90),
        ("voices.quality.held_out.speakers.precision", 0.88, 0.92),
        ("voices.quality.held_out.speakers.recall", 0.78, 0.82),
        ("clusters.stability.subsamples.mean", 0.68, 0.72),
        ("clusters.stability.ward", 0.28, 0.32),
        ("frames.validity.0.auc", None, 0.80),
    ],
)
def test_a_figure_of_validity_that_gets_worse_is_named_and_a_better_one_is_not(
    path: str, worse: object, better: object
) -> None:
    (found,) = regressions(RESULTS, changed(path, worse))
    assert found.path.rsplit(".", 1)[-1] == path.rsplit(".", 1)[-1]
    assert regressions(RESULTS, changed(path, better)) == [] == regressions(RESULTS, RESULTS)


def test_another_frame_before_it_moves_no_figure_of_validity() -> None:
    row = {"text": "summary_ar", "frame": "new", "language": "all", "auc": 0.1, "f1": 0.1}
    assert regressions(RESULTS, changed("frames.validity", [row, *RESULTS["frames"]["validity"]])) == []
