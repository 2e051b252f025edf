"""Figures: what is drawn is what the CSV says, every letter has a glyph, bytes repeat, titles say what was found."""

import copy
import csv
import hashlib
import io
import json
import os
import re
import string
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from conftest import ROOT
from crossframe import axis_charts, canvas, charts, figures, frame_charts, gallery, labels, publish
from crossframe.canvas import Look
from crossframe.captions import captions
from crossframe.colours import inked, luminance
from crossframe.figure_words import Tongue, phrases
from crossframe.maps import central_map, displacement, neighbour_overlap
from crossframe.memo import Memo
from crossframe.tables import NAMES, flat

BLOCS = {"a": ("Russia", "روسيا"), "b": ("UK", "بريطانيا"), "c": ("صحيفة الضفة", "صحيفة الضفة")}
COLOURS = {"a": "#cc3311", "b": "#0077bb", "c": "#ddcc77"}
# what stays Latin in an Arabic figure: codes of events, symbols of statistics, names of models
LATIN = re.compile(r"E\d+[a-z]?|AUC|UMAP|p|z|multilingual-e5-small|use-multilingual-v3")


def results() -> dict[str, Any]:
    """Made-up results of three blocs, two events and two frames, with every figure."""
    pair = {"bloc_a": "a", "bloc_b": "b"}
    contrast = {**pair, "family": "primary", "effect": 0.2, "low": 0.1, "high": 0.3, "common": 0.1, "p_corrected": 0.01}
    other = {
        **contrast,
        "bloc_b": "c",
        "family": "other",
        "effect": 0.1,
        "low": -0.1,
        "common": None,
        "p_corrected": 0.4,
    }
    unknown = {**contrast, "bloc_a": "b", "bloc_b": "c", "family": "other", "effect": None, "low": None, "high": None,
               "p_corrected": None}  # fmt: skip
    shown = {
        "trustworthiness": 0.8,
        "n_neighbors": 5,
        "n_documents": 12,
        "fitted_on": 12,
        "procrustes_spread": 0.3,
        "neighbour_overlap": 0.6,
        "n_seeds": 5,
    }
    events = [{"event_id": "E1", "n": 6, "n_blocs": 3}, {"event_id": "E2", "n": 6, "n_blocs": 2}]
    specification = {"text": "summary_ar", "encoder": "multilingual-e5-small+use-multilingual-v3", "language": "kept"}
    frames = [
        {"id": "f", "name": "Conflict", "name_ar": "الصراع", "layer": "generic"},
        {"id": "g", "name": "Law", "name_ar": "القانون", "layer": "own"},
    ]
    said = {"n_attributions": 10, "n_documents": 4, "speaker_blocs": [{"bloc": "a", "n": 8, "share": 0.8}]}
    return {
        "study": {"blocs": [{"id": i, "name_en": en, "name_ar": ar, "compare": True} for i, (en, ar) in BLOCS.items()]},
        "corpus": {
            "n_independent": 12, "n_events": 2, "machine_translated": {"n_compared": 3, "n_arabic": 0},
            "events": [{"event_id": "E1", "title_en": "Visit", "title_ar": "الزيارة"},
                       {"event_id": "E2", "title_en": "Treaty", "title_ar": "المعاهدة"}],
        },
        "space": {"variance_share": {"language_free": {"event": 0.5, "bloc": 0.1}}},
        "map": {"what": shown, "how": {**shown, "n_blocs": 3, "events": events}},
        "permanova": {"p": 0.001, "r2": 0.1},
        "contrasts": [contrast, other, unknown],
        "robust": {
            "specifications": {
                "rows": [{**specification, "primary": [{"effect": 0.2, "p": 0.01}]},
                         {**specification, "encoder": "use-multilingual-v3", "primary": [{"effect": 0.1, "p": 0.2}]}],
                "primary": [{**pair, "n_specifications": 2, "share_positive": 1.0, "share_p05": 0.5}],
            },
            "power": [{**pair, "detectable": 0.05, "points": [{"size": s, "rate": 5 * s, "low": 4 * s, "high": 6 * s}
                                                              for s in (0.0, 0.1, 0.15)]}],
        },
        "clusters": {"k": 2, "n_documents": 12, "best_silhouette": 0.1,
                     "by_bloc": {"a": [4, 0], "b": [2, 2], "c": [1, 3]},
                     "terms": [{"cluster": 0, "terms": [{"term": "المعاهدة"}]}]},
        "terms": {"a": [{"term": "المعاهدة", "z": 3.0}],
                  "b": [{"term": "السلاح", "z": 2.5}, {"term": "القوات", "z": 2.0}]},
        "frames": {
            "frames": frames, "coding": {"human": False, "frames": [{"frame": "f", "alpha": {"value": 0.8}},
                                                                    {"frame": "g", "alpha": {"value": None}}]},
            "by_bloc": [{"bloc": b, "frame": f["id"], "mean": m, "low": m - 0.2, "high": m + 0.2, "n_documents": 4}
                        for f in frames for b, m in (("a", -0.5), ("b", 0.3))]
            + [{"bloc": "c", "frame": f["id"], "mean": 0.1, "low": None, "high": None, "n_documents": 1}
               for f in frames],
            "validity": [{"frame": f, "text": "summary_ar", "how": "zero-shot", "language": "all", "auc": auc}
                         for f, auc in (("f", 0.8), ("g", 0.7))],
        },
        "axes": {"axes": [{"id": "x", "a": frames[0], "b": frames[1]}],
                 "rows": [{"axis": "x", "bloc": b, "bias": m, "low": m - 0.3, "high": m + 0.3, "p_corrected": p}
                          for b, m, p in (("a", 0.5, 0.01), ("b", -0.4, 0.2))]},
        "voices": {"all": {"speaker_blocs": [{"bloc": "a", "n": 16, "share": 0.8}]}, "blocs": {"a": said, "b": said}},
    }  # fmt: skip


def outcome(changes: dict[str, Any] | None = None, numerals: str = "latin") -> Any:
    """The parts of an outcome that figures are drawn from."""
    found = {**results(), **(changes or {})}
    found["figures"] = captions(found, numerals)  # type: ignore[arg-type]
    ids, events, blocs = [f"d{i}" for i in range(12)], ["E1", "E2"] * 6, ["a", "b", "c"] * 4
    families = {e: SimpleNamespace(event_id=e, event_family="") for e in ("E1", "E2")}
    config = SimpleNamespace(
        blocs=[SimpleNamespace(id=b, colour=c) for b, c in COLOURS.items()], compared_blocs=list(BLOCS),
        report=SimpleNamespace(numerals=numerals, languages=["en", "ar"]), terms=SimpleNamespace(min_z=1.96),
        contrasts=SimpleNamespace(primary=[("a", "b")]),
    )  # fmt: skip
    study = SimpleNamespace(config=config, corpus=SimpleNamespace(events=families), ids=ids, events=events, blocs=blocs,
                            matched=list(range(12)))  # fmt: skip
    xy = SimpleNamespace(xy=np.random.default_rng(1).normal(size=(12, 2)).round(4))
    return SimpleNamespace(results=found, study=study, what=xy, how=xy)


def look(language: str = "en") -> Look:
    names = {b: pair[language == "ar"] for b, pair in BLOCS.items()}
    return Look(Tongue(language, "latin", names), COLOURS, "Title", "note")  # type: ignore[arg-type]


def drawn(name: str, language: str = "en", found: Any = None) -> Any:
    plate = {p.name: p for p in gallery.plates(found or outcome(), language)}[name]  # type: ignore[arg-type]
    return plate.plot(*plate.inputs)


def texts(figure: Any) -> list[str]:
    from matplotlib.text import Text

    return [t.get_text() for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]


def points(axes: Any) -> np.ndarray:
    return np.vstack([c.get_offsets() for c in axes.collections if c.get_gid() != figures.MEDIAN])


FIGURES = [entry["name"] for entry in captions(results())]


def test_the_made_up_results_have_every_figure() -> None:
    assert list(gallery._FIGURES) == FIGURES


@pytest.mark.parametrize("language", ["en", "ar"])
def test_figures_drawn_twice_are_byte_identical_and_have_every_glyph(language: str) -> None:
    # a letter without a glyph is a warning, and warnings are errors here
    for name in FIGURES:
        first, second = (canvas.rendered(drawn(name, language)) for _ in range(2))
        assert first == second, name
        assert first["png"].startswith(b"\x89PNG") and first["svg"].startswith(b"<?xml")


@pytest.mark.parametrize("name", ["05-contrasts", "10-frames"])
def test_the_png_made_of_the_svg_shows_what_matplotlib_paints(name: str) -> None:
    figure = drawn(name, "ar")
    made = np.asarray(Image.open(io.BytesIO(canvas.rendered(figure)["png"])).convert("L"), dtype=float)
    own = io.BytesIO()
    with canvas.style():
        figure.savefig(own, format="png", dpi=160)
    painted = np.asarray(Image.open(own).convert("L"), dtype=float)
    assert made.shape == painted.shape

    def ink(pixels: Any) -> Any:  # texts are laid out a pixel or two apart
        high, wide = (n // 16 * 16 for n in pixels.shape)
        return (255 - pixels[:high, :wide]).reshape(high // 16, 16, wide // 16, 16).mean(axis=(1, 3)).ravel()

    assert np.corrcoef(ink(made), ink(painted))[0, 1] > 0.9
    assert np.corrcoef(ink(made), ink(painted[:, ::-1]))[0, 1] < 0.8


def test_another_process_with_another_hash_seed_draws_the_same_bytes() -> None:
    names = ["01-map-by-event", "13-voices"]
    script = (
        "import hashlib, test_figures as t\n"
        f"for n in {names}:\n"
        "    kinds = t.canvas.rendered(t.drawn(n, 'ar'))\n"
        "    print(hashlib.sha256(kinds['svg'] + kinds['png']).hexdigest())\n"
    )
    here = [canvas.rendered(drawn(n, "ar")) for n in names]
    wanted = [hashlib.sha256(kinds["svg"] + kinds["png"]).hexdigest() for kinds in here]
    environment = {**os.environ, "PYTHONHASHSEED": "123", "PYTHONPATH": os.pathsep.join(["src", "tests"])}
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.stdout.split() == wanted, run.stderr


def test_every_figure_has_title_note_and_alt_in_both_languages() -> None:
    for entry in captions(results()):
        for language in ("en", "ar"):
            words = entry[language]
            assert set(words) == {"title", "note", "alt"}
            assert all(text.strip() and "{" not in text for text in words.values()), (entry["name"], language)
            assert words["alt"] != words["title"]
        assert re.search("[\u0600-\u06ff]", entry["ar"]["title"])


def test_no_latin_word_is_left_in_an_arabic_figure() -> None:
    for name in FIGURES:
        left = {
            w for t in texts(drawn(name, "ar")) for w in re.findall(r"[A-Za-z][\w.-]*", t) if not LATIN.fullmatch(w)
        }
        assert left == set(), name


def test_no_latin_digit_is_left_in_an_arabic_figure_with_arabic_indic_digits() -> None:
    found = outcome(numerals="arabic-indic")
    for name in FIGURES:
        left = [t for t in texts(drawn(name, "ar", found)) if re.search(r"(?<![A-Za-z])(?<!-e)(?<!-v)[0-9]", t)]
        assert left == [], name


def test_both_languages_have_the_same_phrases_with_the_same_braces() -> None:
    for key, texts_of in phrases().items():
        assert set(texts_of) == {"en", "ar"}, key
        braces = [{f for _t, f, _s, _c in string.Formatter().parse(text) if f} for text in texts_of.values()]
        assert braces[0] == braces[1], key


def test_the_source_data_are_the_same_in_both_languages_and_csv() -> None:
    found = outcome()
    for english, arabic in zip(gallery.plates(found), gallery.plates(found, "ar"), strict=True):
        assert english.data.as_csv() == arabic.data.as_csv()
        rows = list(csv.DictReader(io.StringIO(english.data.as_csv())))
        assert len(rows) == len(english.inputs[0]) > 0
        assert english.data == flat(english.name, english.inputs[0])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_maps_show_the_points_of_the_csv(language: str) -> None:
    found = outcome()
    for name in ("01-map-by-event", "02-map-by-bloc"):
        plate = {p.name: p for p in gallery.plates(found, language)}[name]  # type: ignore[arg-type]
        figure = plate.plot(*plate.inputs)
        wanted = sorted((row["x"], row["y"]) for row in plate.inputs[0])
        maps = [axes for axes in figure.axes if len(axes.collections) and len(points(axes)) == len(wanted)]
        assert any(np.allclose(sorted(map(tuple, points(axes))), wanted) for axes in maps), name


@pytest.mark.parametrize("language", ["en", "ar"])
def test_events_called_by_their_title_have_no_key_beside_the_map(language: str) -> None:
    title = "The bridge opens"
    rows = [{"x": float(i), "y": 0.0, "event": title} for i in range(4)]
    names = {title: look(language).tongue.name(title)}
    figure = figures.plot_events(rows, names, {title: ("#77aadd", "o")}, look(language))
    assert len(figure.axes) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_intervals_show_effects_and_common_parts_of_the_csv(language: str) -> None:
    shown = points(drawn("05-contrasts", language).axes[0])[:, 0]
    assert sorted(shown) == [0.1, 0.1, 0.2]  # one effect a pair, and the one common part that there is


def test_arabic_charts_are_mirrored_and_maps_are_not() -> None:
    for name in ("04-distances", "05-contrasts", "08-clusters", "09-terms", "10-frames", "13-voices"):
        left, right = (drawn(name, language).axes[0].get_xlim() for language in ("en", "ar"))
        assert left[0] < left[1] and right[0] > right[1], name
    english, arabic = (drawn("02-map-by-bloc", language).axes[0] for language in ("en", "ar"))
    np.testing.assert_array_equal(points(english), points(arabic))
    assert arabic.get_xlim()[0] < arabic.get_xlim()[1]


def test_a_pair_without_a_number_is_hatched_and_prints_none() -> None:
    rows = [{"bloc_a": "a", "bloc_b": "b", "effect": None, "p_corrected": None}]
    axes = charts.plot_distances(rows, ["a", "b"], look()).axes[0]
    assert [t.get_text() for t in axes.texts] == []
    assert [p.get_hatch() for p in axes.patches] == ["////"]


def test_a_cell_that_passes_its_test_is_framed_and_no_other() -> None:
    rows = [
        {"bloc_a": "a", "bloc_b": "b", "effect": 0.2, "p_corrected": 0.01},
        {"bloc_a": "a", "bloc_b": "c", "effect": 0.1, "p_corrected": 0.2},
    ]
    axes = charts.plot_distances(rows, ["a", "b", "c"], look()).axes[0]
    assert sorted(t.get_text() for t in axes.texts) == ["0.10", "0.20"]
    assert [p.get_xy() for p in axes.patches] == [(-0.46, 0.54)]


def test_only_frames_whose_interval_leaves_out_zero_print_a_number() -> None:
    axes = drawn("10-frames").axes[0]
    assert sorted(t.get_text() for t in axes.texts) == ["+0.3", "+0.3", "−0.5", "−0.5"]
    assert len([p for p in axes.patches if p.get_hatch()]) == 2


def test_bars_of_clusters_and_terms_are_those_of_the_rows() -> None:
    widths = sorted(p.get_width() for p in drawn("08-clusters").axes[0].patches)
    assert widths == sorted([1.0, 0.0, 0.5, 0.5, 0.25, 0.75])
    assert sorted(p.get_width() for a in drawn("09-terms").axes for p in a.patches) == [2.0, 2.5, 3.0]


def test_validity_axes_and_voices_draw_their_rows() -> None:
    assert sorted(points(drawn("11-validity").axes[0])[:, 0]) == [0.7, 0.8]
    assert sorted(points(drawn("12-axes").axes[0])[:, 0]) == [-0.4, 0.5]
    assert sorted(t.get_text() for t in drawn("13-voices").axes[0].texts if len(t.get_text()) == 2) == [
        "20",
        "20",
        "80",
        "80",
    ]


def test_all_charts_survive_a_single_pair_bloc_or_panel() -> None:
    one = {"bloc": "a", "cluster": 1, "n": 1, "share": 1.0}
    canvas.rendered(figures.plot_clusters([one], {1: "C"}, look()))
    canvas.rendered(figures.plot_terms([{"bloc": "a", "term": "t", "z": 2.0}], 1.96, look("ar")))
    row = {"axis": "x", "bloc": "a", "bias": 0.0, "low": None, "high": None, "p_corrected": 1.0}
    canvas.rendered(axis_charts.plot_axes([row], {"x": ("A", "B")}, ["a"], look("ar")))
    voice = {"outlet_bloc": "a", "speaker_bloc": "", "n": 1, "share": 1.0}
    canvas.rendered(frame_charts.plot_voices([voice], {"": "none"}, {"a": "1"}, look()))


def title(name: str, changes: dict[str, Any]) -> str:
    return next(e["en"]["title"] for e in captions({**results(), **changes}) if e["name"] == name)


def test_titles_say_what_was_found() -> None:
    assert title("04-distances", {}).startswith("Russia – UK: furthest apart")
    assert "firm differences in 1 of 2 pairs" in title("04-distances", {})
    assert title("05-contrasts", {}).startswith("Pairs named before looking: 1 of 1 differ")
    assert "DPRK" not in title("12-axes", {}) and "“Conflict” (0.5 SD" in title("12-axes", {})
    assert "gather by event" in title("01-map-by-event", {}) and "differ within events" in title("02-map-by-bloc", {})


def test_titles_say_where_nothing_is_firm() -> None:
    loose = [{**c, "p_corrected": c["p_corrected"] and 0.6} for c in results()["contrasts"]]
    assert title("04-distances", {"contrasts": loose}).startswith("No pair of blocs differs firmly")
    assert title("05-contrasts", {"contrasts": loose}).startswith("No pair differs firmly")
    unknown = [{**c, "effect": None, "low": None, "p_corrected": None} for c in results()["contrasts"]]
    names = [e["name"] for e in captions({**results(), "contrasts": unknown})]
    assert "05-contrasts" not in names and "04-distances" in names
    assert title("04-distances", {"contrasts": unknown}).startswith("No pair of blocs can be compared")
    assert "no firm difference" in title("02-map-by-bloc", {"permanova": {"p": 0.4, "r2": 0.01}})
    even = {"variance_share": {"language_free": {"event": 0.09, "bloc": 0.1}}}
    assert "hardly gather" in title("01-map-by-event", {"space": even})
    axes = copy.deepcopy(results()["axes"])
    axes["rows"] = [{**row, "p_corrected": 0.3} for row in axes["rows"]]
    assert title("12-axes", {"axes": axes}) == "Between two frames no bloc leans firmly to either, within events"


@pytest.mark.parametrize(("silhouette", "word"), [(0.1, "no clear"), (0.3, "weakly"), (0.6, "clearly")])
def test_a_title_calls_clusters_clear_only_where_they_are(silhouette: float, word: str) -> None:
    assert word in title("08-clusters", {"clusters": {**results()["clusters"], "best_silhouette": silhouette}})


def test_a_study_without_pairs_terms_frames_and_voices_has_fewer_figures() -> None:
    bare = {
        **results(), "contrasts": [], "terms": {}, "frames": None, "axes": None, "voices": None,
        "robust": {"specifications": {"rows": [], "primary": []}, "power": []},
    }  # fmt: skip
    assert [e["name"][:2] for e in captions(bare)] == ["01", "02", "03", "08"]


def test_maps_print_trustworthiness_and_spread() -> None:
    for entry in captions(results())[:2]:
        assert "Trustworthiness 0.80" in entry["en"]["note"] and "spread 0.30" in entry["en"]["note"]
        assert "0.80" in entry["ar"]["note"] and "0.30" in entry["ar"]["note"]


def test_what_an_earlier_run_wrote_and_this_one_does_not_is_removed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = [tmp_path / name for name in ("99-old.svg", "99-old.ar.png", "09-terms-old.csv")]
    kept = [tmp_path / name for name in ("mine.svg", "01-map.txt", "1-map.svg", "mine.csv")]
    for path in (*stale, *kept):
        path.write_text("of another day", encoding="utf-8")
    monkeypatch.setattr(publish, "drawn", lambda *parts: {"svg": b"<svg/>", "png": b"png"})
    pictures = publish.draw(outcome(), tmp_path, Memo(enabled=False))
    assert {language: list(names) for language, names in pictures.items()} == {"en": FIGURES, "ar": FIGURES}
    wanted = {f"{name}{end}" for name in FIGURES for end in (".svg", ".png", ".ar.svg", ".ar.png", ".csv")}
    assert {p.name for p in tmp_path.iterdir()} == wanted | {p.name for p in kept}
    assert all(p.read_text(encoding="utf-8") == "of another day" for p in kept)


def test_tables_that_a_study_no_longer_has_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in ("axes", "contrasts", "mine"):
        (tmp_path / f"{name}.csv").write_text("of another day", encoding="utf-8")
    publish.write_tables([flat("contrasts", [{"a": 1}])], tmp_path)
    assert {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()} == {
        "contrasts.csv": "a\n1\n",
        "mine.csv": "of another day",
    }


def test_every_table_that_is_written_can_be_removed() -> None:
    names = re.findall(
        r'(?:Table|flat)\(\s*"([a-z-]+)"', (ROOT / "src/crossframe/tables.py").read_text(encoding="utf-8")
    )
    assert set(names) - {"documents"} <= set(NAMES) and len(names) > 15


def test_a_pair_of_names_in_two_scripts_keeps_its_order() -> None:
    tongue = Tongue("ar", "latin", {"a": "روسيا", "b": "UK"})
    assert tongue.pair({"bloc_a": "b", "bloc_b": "a"}) == "\u2068UK\u2069 – روسيا"
    assert tongue.laid("UK").startswith("\u200f")
    assert Tongue("en", "latin", {"a": "روسيا"}).bloc("a") == "\u2068روسيا\u2069"


@pytest.mark.parametrize(
    ("numerals", "value", "wanted"),
    [("latin", -0.05, "\u2066−0.05\u2069"), ("arabic-indic", -0.05, "\u061c−٠٫٠٥"), ("latin", -0.001, "0.00")],
)
def test_a_minus_keeps_its_place_in_arabic(numerals: str, value: float, wanted: str) -> None:
    assert Tongue("ar", numerals, {}).number(value) == wanted  # type: ignore[arg-type]


def test_labels_do_not_overlap() -> None:
    generator = np.random.default_rng(3)
    anchors, size = generator.normal(size=(25, 2)) * 40, np.array([60.0, 10.0])
    arguments = anchors, np.tile(size, (25, 1)), anchors, (-300, -300, 300, 300)
    centres = labels.placed(*arguments)
    apart = np.abs(centres[:, None] - centres[None]) >= size
    assert (apart.any(axis=2) | np.eye(25, dtype=bool)).all()
    np.testing.assert_array_equal(
        centres, labels.placed(anchors, np.tile(size, (25, 1)), anchors, (-300, -300, 300, 300))
    )


def test_names_in_a_blocs_colour_can_be_read_on_white() -> None:
    assert all(1.05 / (luminance(inked(c)) + 0.05) >= 4.5 for c in [*COLOURS.values(), "#bbbbbb", "#ffff00"])
    assert inked("#332288") == "#332288"


def test_the_spread_of_a_map_is_the_displacement_after_procrustes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turned, reflected, shifted and scaled copies have none; the most central map is shown, not the first."""
    shown = np.random.default_rng(2).normal(size=(20, 2))
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    copies = {7: shown[::-1], 8: shown @ turn, 9: shown * [-1, 1], 10: 3 * shown + 5, 11: shown, 12: shown}
    monkeypatch.setattr(
        "crossframe.maps.fitted_map",
        lambda v, n, d, seed: SimpleNamespace(embedding_=copies[seed], n_neighbors=n),
    )
    central, found = central_map(shown, 5, 0.1, 7)
    np.testing.assert_array_equal(central.xy, copies[8])
    assert found.procrustes_spread == pytest.approx(0, abs=1e-7) and found.n_seeds == 5
    assert 0.8 < found.neighbour_overlap < 0.9  # one map of five has other neighbours


def test_displacement_is_what_hand_computation_gives() -> None:
    square = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    line = square * [1.0, 0.0]  # the best fit of the line explains half of the square's sum of squares
    assert displacement(square, line) == pytest.approx(0.5**0.5) == displacement(line, square)


def test_neighbour_overlap_counts_shared_neighbours() -> None:
    a = np.array([[0.0, 0], [1, 0], [10, 0], [11, 0]])
    assert neighbour_overlap(a, a, 1) == 1.0
    assert neighbour_overlap(a, a[[0, 2, 1, 3]], 1) == 0.0


def test_the_phrases_of_the_committed_study_are_a_function_of_its_results() -> None:
    found = json.loads((Path(ROOT) / "reports" / "results.json").read_text(encoding="utf-8"))
    assert found["figures"] == captions({k: v for k, v in found.items() if k != "figures"})


def test_ten_thousand_documents_are_an_image_in_the_figure_and_few_are_not() -> None:
    """As vectors the fifty panels would be half a million marks, an SVG that typst refuses to read."""

    def multiples(n: int) -> dict[str, bytes]:
        places = np.random.default_rng(0).normal(size=(n, 2))
        events = {f"E{i}": f"Event {i}" for i in range(50)}
        rows = [{"x": x, "y": y, "event": f"E{i % 50}", "bloc": "abc"[i % 3]} for i, (x, y) in enumerate(places)]
        return canvas.rendered(figures.plot_small_multiples(rows, events, look("ar")))

    many, few = multiples(10_000), multiples(200)
    assert b"<image" in many["svg"] and b"<image" not in few["svg"]
    assert many == multiples(10_000)
    assert Image.open(io.BytesIO(many["png"])).size == Image.open(io.BytesIO(few["png"])).size
