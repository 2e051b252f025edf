"""Alignment: hand-made spaces, files as people have them, and the benchmark where it is at hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from conftest import ROOT, HashEncoder
from crossframe.align import align, csls_accuracy, read_columns
from crossframe.encoders import PACKAGED, load_encoder
from crossframe.errors import InputError
from crossframe.space import retrieval_accuracy, unit_rows
from crossframe.text import language_code

NTREX = ROOT.parent / "shared" / "bench" / "ntrex_dev.tsv"


def test_csls_frees_a_query_from_a_hub() -> None:
    targets = unit_rows(np.array([[1.0, 0.0, 0.3], [0.0, 1.0, 0.3], [0.6, 0.6, 0.5]]))  # the last is a hub
    queries = unit_rows(np.array([[1.0, 0.42, 0.6], [0.42, 1.0, 0.6], [0.6, 0.6, 0.5]]))
    assert retrieval_accuracy(queries, targets) == pytest.approx(1 / 3)
    assert csls_accuracy(queries, targets, neighbours=2) == 1.0


@pytest.mark.parametrize(
    ("column", "code"), [("eng", "en"), ("arb", "ar"), ("zho-CN", "zh"), ("zh_Hans", "zh"), ("ko", "ko"), ("PES", "fa")]
)
def test_column_names_stand_for_two_letter_codes(column: str, code: str) -> None:
    assert language_code(column) == code


def test_a_quoted_cell_with_a_line_break_is_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "p.tsv"
    path.write_text('eng\tarb\n"one\ntwo"\t"واحد ""اثنان"""\n', encoding="utf-8")
    assert read_columns(path, ["eng", "arb"]) == {"eng": ["one\ntwo"], "arb": ['واحد "اثنان"']}


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("eng\tarb\na\t\n", ["eng", "arb"], "row 2, column arb: the cell is empty"),
        ("eng\tarb\na\tb\n", ["eng", "fra"], "column\\(s\\) fra are missing; there are: eng, arb"),
        ("eng\tarb\n", ["eng"], "no rows"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, text: str, columns: list[str], message: str) -> None:
    path = tmp_path / "p.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_columns(path, columns)


@pytest.mark.parametrize("columns", [[], ["eng", "eng"]])
def test_no_column_and_a_column_twice_are_refused(tmp_path: Path, columns: list[str]) -> None:
    with pytest.raises(InputError, match="columns must be named, each once"):
        read_columns(tmp_path / "p.tsv", columns)


def test_one_column_and_an_unknown_language_are_refused(cache: Path) -> None:
    with pytest.raises(InputError, match="two or more columns"):
        align({"eng": ["a"]}, {"en": ["a"]}, [HashEncoder()])
    with pytest.raises(InputError, match="no parallel sentences for xx"):
        align({"eng": ["a"], "xx": ["b"]}, {"en": ["a"]}, [HashEncoder()])


def test_shape_of_the_answer(cache: Path) -> None:
    found = align(
        {"eng": ["a b", "c d"], "arb": ["a b", "c d"]}, {"en": ["x", "y z"], "ar": ["x", "y z"]}, [HashEncoder()]
    )
    assert set(found) == {"directions", "mean_before", "mean_after", "mean_after_csls", "n"}
    assert found["directions"]["eng->arb"] == {"before": 1.0, "after": 1.0, "after_csls": 1.0}
    json.dumps(found)


@pytest.mark.skipif(not NTREX.is_file(), reason="the NTREX rows are not part of this repository")
def test_on_news_sentences_the_projects_own_means_are_as_good_as_the_files() -> None:
    names = ["eng", "arb", "rus", "kor", "zho-CN"]
    texts = read_columns(NTREX, names)
    encoders = [load_encoder(name) for name in PACKAGED]
    own = read_columns(ROOT / "data" / "raw" / "parallel.csv", [language_code(n) for n in names])
    found = align(texts, own, encoders)
    best = align(texts, {language_code(n): t for n, t in texts.items()}, encoders)
    assert found["mean_after"] > found["mean_before"]
    assert found["mean_after"] >= best["mean_after"] - 0.005
    assert found["mean_after_csls"] >= 0.978
