"""The benchmarks run, measure whole processes, and fit what they say; how fast anything is, is never asserted."""

import sys
from pathlib import Path

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT))
measure = pytest.importorskip("benchmarks.measure")
scaling = pytest.importorskip("benchmarks.scaling")


def test_the_quick_mode_of_scaling_measures_draws_and_writes(tmp_path: Path) -> None:
    parts = ["permanova", "clusters", "embed"]
    command = [sys.executable, "-m", "benchmarks.scaling", *parts, "--quick", "--out", str(tmp_path)]
    found = measure.measured(command)
    assert found.seconds > 0 and found.peak_mb > 0
    text = (tmp_path / "scaling.md").read_text(encoding="utf-8")
    for part in parts:
        assert text.count(f"| {scaling.TITLES[part]} |") == 3  # two sizes, one exponent
    assert (tmp_path / "scaling.png").stat().st_size > 0 and (tmp_path / "scaling.svg").stat().st_size > 0


def test_the_exponent_is_that_of_the_power_law() -> None:
    sizes = [1000, 5000, 20000]
    assert scaling.exponent(sizes, [3e-6 * n**1.7 for n in sizes]) == pytest.approx(1.7)
    assert scaling.exponent([1000], [1.0]) is None


def test_a_process_that_fails_is_named_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        measure.measured([sys.executable, "-c", "import sys; sys.exit(3)"])


def test_the_memory_of_a_child_is_measured() -> None:
    program = "import json; x = bytearray(200_000_000); x[::4096] = b'1' * len(x[::4096]); print(json.dumps({'n': 1}))"
    found = measure.measured([sys.executable, "-c", program])
    assert found.peak_mb > 180 and found.said == {"n": 1}
