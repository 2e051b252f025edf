"""Bipolar axes: hand-computed bias and intensity, signs, the null, and the codebook's axes."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest, t

from conftest import HashEncoder, document, write_study
from crossframe.axes import axis_rows, axis_vector, bias_and_intensity, contributions, farthest
from crossframe.axes_section import SENTENCES_OF_A_POLE, axes_section
from crossframe.axis_charts import plot_axes
from crossframe.canvas import Look
from crossframe.config import load_config
from crossframe.errors import InputError
from crossframe.figure_words import Tongue
from crossframe.frames import codebook_problems, load_axes, load_codebook
from crossframe.study import Study, Vectors

FRAME = '[[frames]]\nid = "{0}"\nname = "{0}"\nname_ar = "{2}"\ndefinition = "D"\nanchors.{1} = ["{2}"]\n'
BOOK = FRAME.format("friend", "ar", "صداقة") + FRAME.format("deal", "ar", "صفقة")
AXIS = '[[axes]]\nid = "x"\nname = "X"\nname_ar = "س"\na = "friend"\nb = "deal"\n'


def rows_of(bias: list[float], blocs: str, events: str, m: int = 99, **more: object) -> list:
    column = np.array(bias)[:, None]
    return axis_rows(column, column**2, ["x"], list(blocs), list(events), sorted(set(blocs)), m, 1, **more)


def test_an_axis_runs_from_b_to_a_and_has_length_one() -> None:
    a, b = np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([[-3.0, 0.0]])
    np.testing.assert_allclose(axis_vector(a, b), [1.0, 0.0])
    np.testing.assert_allclose(axis_vector(b, a), [-1.0, 0.0])


def test_poles_with_the_same_mean_are_refused() -> None:
    with pytest.raises(InputError, match="both poles have the same mean"):
        axis_vector(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.5, 0.5]]))


def test_a_contribution_is_the_cosine_in_standard_deviations_of_neutral_sentences() -> None:
    neutral = np.array([[0.6, 0.8], [0.0, 1.0]])  # cosines .6 and 0: mean .3, standard deviation .6 / sqrt(2)
    found = contributions(np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]), np.array([1.0, 0.0]), neutral)
    deviation = 0.6 / np.sqrt(2)
    np.testing.assert_allclose(found, [0.7 / deviation, -0.3 / deviation, -1.3 / deviation])


def test_bias_is_the_mean_and_intensity_the_squared_deviation_from_the_corpus_mean() -> None:
    values = np.array([[1.0], [3.0], [-1.0]])  # baseline 1
    bias, intensity = bias_and_intensity(values, ["p", "p", "q"], ["q", "p"])
    np.testing.assert_allclose(bias, [[-1.0], [2.0]])
    np.testing.assert_allclose(intensity, [[4.0], [(0 + 4) / 2]])


def test_a_bloc_is_compared_with_the_mean_of_each_event() -> None:
    # event e: mean 2, f: mean 10; a lies at +1, +3 and +2, b at -4 and -2
    found = rows_of([3.0, 5.0, -2.0, 12.0, 8.0], "aabab", "eeeff")
    assert [row.bloc for row in found] == ["a", "b"]
    assert found[0].bias == pytest.approx(2.0) and found[1].bias == pytest.approx(-3.0)
    half = t.ppf(0.975, 2) * 1.0 / np.sqrt(3)  # the three differences 1, 3, 2 have standard deviation 1
    assert (found[0].low, found[0].high) == pytest.approx((2.0 - half, 2.0 + half))
    # squares: event e 9, 25, 4 (mean 38/3), f 144, 64 (mean 104)
    assert found[0].intensity == pytest.approx((9 + 25 - 2 * 38 / 3 + 40) / 3)
    assert (found[0].n_documents, found[0].n_events, found[0].n_permutations, found[0].seed) == (3, 2, 99, 1)


def test_p_is_that_of_all_relabellings_within_events() -> None:
    # one event, four documents, two of a: of the six relabellings two lie as far out as +1.5, on either side
    found = rows_of([4.0, 3.0, 2.0, 1.0], "aabb", "eeee", 20_000)
    assert found[0].p_bias == pytest.approx(2 / 6, abs=0.015)
    # squares 16, 9, 4, 1 (mean 7.5): again only {16, 9} and {4, 1} lie as far out
    assert found[0].p_intensity == pytest.approx(2 / 6, abs=0.015)


def test_labels_never_leave_their_event() -> None:
    # with one document of each bloc an event, two relabellings an event and four in all; both differences
    # of +1 lie as far out in the two relabellings in which the events agree
    found = rows_of([2.0, 0.0, 102.0, 100.0], "abab", "eeff", 20_000)
    assert found[0].bias == pytest.approx(1.0)
    assert found[0].p_bias == pytest.approx(2 / 4, abs=0.015)


def test_documents_whose_event_one_bloc_alone_tells_are_left_out() -> None:
    found = rows_of([3.0, 1.0, 50.0, 60.0, 7.0], "abaac", "eeffg")
    assert [(row.bloc, row.bias, row.n_documents) for row in found] == [("a", 1.0, 1), ("b", -1.0, 1)]
    assert found[0].low is None and found[0].high is None
    assert rows_of([1.0, 2.0], "ab", "ef") == []


def test_where_documents_are_matched_on_more_than_events_these_are_the_blocks() -> None:
    found = rows_of([3.0, 1.0, 9.0, 5.0], "abab", "eeee", blocks=["e ar", "e ar", "e ko", "e ko"])
    assert found[0].bias == pytest.approx(1.5) and found[0].n_events == 1


def test_corrected_p_values_are_those_of_benjamini_and_hochberg_over_blocs_and_axes() -> None:
    from statsmodels.stats.multitest import multipletests

    generator = np.random.default_rng(3)
    values = generator.normal(size=(60, 3))
    blocs, events = [f"b{i % 4}" for i in range(60)], [f"e{i // 12}" for i in range(60)]
    found = axis_rows(values, values**2, ["x", "y", "z"], blocs, events, sorted(set(blocs)), 199, 5)
    assert [(r.axis, r.bloc) for r in found] == [(a, f"b{i}") for a in "xyz" for i in range(4)]
    expected = multipletests([r.p_bias for r in found], method="fdr_bh")[1]
    np.testing.assert_allclose([r.p_corrected for r in found], expected)


def test_a_planted_shift_is_found_with_its_sign_and_others_are_not() -> None:
    generator = np.random.default_rng(11)
    values = generator.normal(size=(90, 2))
    blocs, events = ["a", "b", "c"] * 30, [f"e{i // 9}" for i in range(90)]
    values[:, 0] += np.where(np.array(blocs) == "a", 1.5, 0.0) + np.repeat(generator.normal(0, 5, size=10), 9)
    found = axis_rows(values, values**2 * 0, ["x", "y"], blocs, events, ["c", "a", "b"], 999, 2)
    firm = [(r.axis, r.bloc) for r in found if r.p_corrected <= 0.05]
    shifted = next(r for r in found if (r.axis, r.bloc) == ("x", "a"))
    assert shifted.p_bias == pytest.approx(0.001) and shifted.bias == pytest.approx(1.0, abs=0.35)
    assert all(axis == "x" for axis, _bloc in firm)


def test_p_values_of_corpora_without_a_difference_are_uniform() -> None:
    generator = np.random.default_rng(17)
    blocs, events = list("aabbc") * 8, [f"e{i // 10}" for i in range(40)]
    bias_ps, intensity_ps = [], []
    for seed in range(200):
        level = np.repeat(generator.normal(0, 3, size=4), 10)[:, None]  # events differ, blocs do not
        values = level + generator.standard_t(4, size=(40, 1))
        row = axis_rows(values, values**2, ["x"], blocs, events, ["a"], 199, seed)[0]
        bias_ps.append(row.p_bias)
        intensity_ps.append(row.p_intensity)
    assert kstest(bias_ps, "uniform").pvalue > 0.01
    assert kstest(intensity_ps, "uniform").pvalue > 0.01


def test_the_farthest_sentences_are_the_same_whatever_the_order() -> None:
    values, owner, index = np.array([[2.0], [-1.0], [2.0], [0.0]]), ["q", "p", "p", "q"], [0, 0, 1, 1]
    found = farthest(values, owner, index, ["x"], 2)
    assert [(s.pole, s.doc_id, s.sentence, s.score) for s in found] == [
        ("a", "p", 1, 2.0), ("a", "q", 0, 2.0), ("b", "p", 0, -1.0), ("b", "q", 1, 0.0),
    ]  # fmt: skip
    assert farthest(values[::-1], owner[::-1], index[::-1], ["x"], 2) == found


def book(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "codebook.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_axes_are_read_and_a_codebook_without_them_is_legal(tmp_path: Path) -> None:
    path = book(tmp_path, BOOK + AXIS)
    axis = load_axes(path, load_codebook(path))[0]
    assert (axis.id, axis.name_ar, axis.a, axis.b) == ("x", "س", "friend", "deal")
    path = book(tmp_path, BOOK)
    assert load_axes(path, load_codebook(path)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOOK + AXIS.replace('"deal"', '"bargain"'), r"axis 'x': b names the frame 'bargain'.*Known frames: friend"),
        (BOOK + AXIS.replace('"deal"', '"friend"'), "axis 'x': both poles are the frame 'friend'"),
        (BOOK + AXIS + AXIS, "axis ids are used twice: x"),
        (BOOK + AXIS.replace("name_ar", "arabic"), "axis 1 is not valid"),
        (BOOK + AXIS.replace('b = "deal"\n', ""), "axis 1 is not valid"),
        (BOOK + AXIS.replace("[[axes]]", "[axes]"), r"'axes' is not a list of tables.*\[\[axes\]\]"),
        (BOOK + AXIS.replace("[[axes]]", "[[axis]]"), "unknown key 'axis'"),
        (BOOK.replace("anchors.ar", "anchors.ko", 1) + AXIS, "'friend' and 'deal' have no language of anchors"),
    ],
)
def test_a_faulty_axis_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = book(tmp_path, text)
    with pytest.raises(InputError, match=message) as caught:
        load_axes(path, load_codebook(path))
    assert "codebook.toml" in str(caught.value)
    assert len(codebook_problems(path)) == 1


def small(tmp_path: Path, codebook: str) -> Study:
    outlets = ["east-0", "east-1", "west-0", "west-1"] * 3
    rows = [document(i, f"E{i // 4}", outlet) for i, outlet in enumerate(outlets)]
    rows.append(document(90, "ALONE", "east-0"))
    root = write_study(tmp_path / "study", rows)
    if codebook:
        (root / "data" / "raw" / "codebook.toml").write_text(codebook, encoding="utf-8")
    return Study.load(load_config(root))


@pytest.mark.parametrize("codebook", ["", BOOK])
def test_a_study_without_axes_has_no_section(
    tmp_path: Path, cache: Path, hash_encoder: HashEncoder, codebook: str
) -> None:
    study = small(tmp_path, codebook)
    assert axes_section(study, Vectors(study, [hash_encoder])) is None


def test_a_bloc_that_uses_the_word_of_pole_a_leans_towards_a(
    tmp_path: Path, cache: Path, hash_encoder: HashEncoder
) -> None:
    study = small(tmp_path, BOOK + AXIS)  # every sentence of east has the word «صداقة», of west «صفقة»
    section = axes_section(study, Vectors(study, [hash_encoder]))
    assert section is not None
    east, west = section["rows"]
    assert (east["bloc"], west["bloc"]) == ("east", "west")
    assert east["bias"] > 0 > west["bias"] and east["bias"] == pytest.approx(-west["bias"])
    assert (east["n_documents"], east["n_events"]) == (6, 3)  # the document alone in its event is left out
    axis = section["axes"][0]
    assert axis["a"] == {"id": "friend", "name": "friend", "name_ar": "صداقة"}
    for pole, word in (("a", "صداقة"), ("b", "صفقة")):
        assert len(axis["farthest"][pole]) == SENTENCES_OF_A_POLE
        assert all(word in found["text"] for found in axis["farthest"][pole])


def test_the_chart_shows_the_rows_and_fills_what_is_firm() -> None:
    shared = {"axis": "x", "low": -0.2, "high": 0.9}
    rows = [
        {**shared, "bloc": "r", "bias": 0.4, "p_corrected": 0.01},
        {**shared, "bloc": "k", "bias": -0.3, "p_corrected": 0.20, "low": None, "high": None},
    ]
    tongue = Tongue("en", "latin", {"k": "كوريا", "r": "Russia"})
    look = Look(tongue, {"r": "#cc3311", "k": "#0077bb"}, "Axes محاور", "note")
    figure = plot_axes(rows, {"x": ("شراكة مشروعة", "Sanctions breach")}, ["k", "r"], look)
    panel = figure.axes[0]
    dots = {tuple(c.get_offsets()[0]): c.get_facecolor()[0].tolist() for c in panel.collections}  # type: ignore[index]
    assert set(dots) == {(0.4, 1.0), (-0.3, 0.0)}  # places follow the order of the blocs
    assert dots[0.4, 1.0] != [1, 1, 1, 1] and dots[-0.3, 0.0] == [1, 1, 1, 1]
    assert panel.get_title("left").split() == ["Sanctions", "breach"]
    assert panel.get_title("right").strip("\u2066\u2067\u2068\u2069\u200e\u200f").split() == ["شراكة", "مشروعة"]
