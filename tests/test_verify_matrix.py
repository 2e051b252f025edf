"""The matrix of settings under which verify must pass: its rows, and the shuffling."""

import runpy
from pathlib import Path

import pytest

from conftest import ROOT

MATRIX = runpy.run_path(str(ROOT / "benchmarks" / "verify_matrix.py"))


def test_the_rows_are_those_that_were_asked_for() -> None:
    variables = [set(row.environment.items()) for row in MATRIX["ROWS"].values()]
    for wanted in (
        ("OMP_NUM_THREADS", "1"), ("OMP_NUM_THREADS", "2"), ("ATEN_CPU_CAPABILITY", "default"),
        ("ATEN_CPU_CAPABILITY", "avx2"), ("OPENBLAS_CORETYPE", "Haswell"), ("OPENBLAS_CORETYPE", None),
    ):  # fmt: skip
        assert any(wanted in row for row in variables)
    assert any(row.shuffled for row in MATRIX["ROWS"].values())


def test_a_shuffled_table_has_the_same_header_and_the_same_rows_in_another_order(tmp_path: Path) -> None:
    path, rows = tmp_path / "t.csv", [f"{i},موسكو\n" for i in range(50)]
    path.write_text("".join(["id,name\n", *rows]), encoding="utf-8")
    MATRIX["shuffle"](path, 1)
    head, *now = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert head == "id,name\n" and sorted(now) == sorted(rows) and now != rows


def test_a_cell_with_a_line_end_is_not_torn_apart(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,text\n1,"two\nlines"\n')
    with pytest.raises(SystemExit, match="line end"):
        MATRIX["shuffle"](path, 1)


def test_a_row_of_the_table_shows_the_least_alike_map() -> None:
    maps = [{"rms": 0.1, "overlap": 0.9}, {"rms": 0.3, "overlap": 0.7}]
    verdict = {
        "n_compared": 10, "n_differ": 1, "largest_relative": 2e-5, "largest_share_of_tolerance": 0.5,
        "maps": maps, "same": False,
    }  # fmt: skip
    assert MATRIX["cells"]("x", verdict, 61.4) == [
        "x", "10", "1", "2.0e-05", "0.50", "0.300", "0.700", "differs", "61",
    ]  # fmt: skip
    assert len(MATRIX["cells"]("x", verdict, 1.0)) == len(MATRIX["HEADER"])
