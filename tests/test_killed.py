"""`run` and `new`, ended by the user or by force at any step and run again, give what an undisturbed run gives."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from crossframe.new import new_study

STEP = Path(__file__).with_name("killed.py")
# the example with fewer draws: what is tested is the order of writes, not the numbers
QUICK = """
[robust]
n_placebo = 20
placebo_permutations = 99
n_power = 20
power_sizes = [0.0, 0.1]
"""


def call(how: str, at: str, *arguments: str, cwd: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CROSSFRAME_CACHE": str(cache), "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, str(STEP), how, at, *arguments],
        cwd=cwd, env=environment, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip


def steps(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """Return how many steps of each kind an undisturbed call took."""
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stderr.splitlines()[-1].removeprefix("STEPS "))
    return counts


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file's bytes; the manifest holds the time that the stages took and is left out."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "manifest.json")
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def check_ended(done: subprocess.CompletedProcess[str], how: str) -> None:
    if how == "SIGKILL":
        assert done.returncode == -signal.SIGKILL
    else:
        assert done.returncode == 130
        assert "interrupted: finished stages" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """The same study in two places."""
    for name in ("clean", "killed"):
        path = new_study(tmp_path / name / "study")
        path.write_text(path.read_text(encoding="utf-8") + QUICK, encoding="utf-8")
    return tmp_path / "clean", tmp_path / "killed"


def test_a_run_that_is_ended_anywhere_and_run_again_is_as_a_clean_one(two: tuple[Path, Path]) -> None:
    clean, killed = two
    counts = steps(call("none", "", "run", "study", cwd=clean, cache=clean / "cache"))
    wanted = contents(clean / "study")
    pick = random.Random(20260)
    # in embedding, in statistics, in publishing, before or after a file is renamed; by force and by the user
    plan = [
        ("vectors", "SIGKILL"),
        ("stage", "SIGINT"),
        ("stage", "SIGKILL"),
        ("write", "SIGINT"),
        ("publish", "SIGKILL"),
        ("publish", "SIGINT"),
    ]
    for kind, how in plan:
        number = pick.randint(1, counts[kind])
        check_ended(call(how, f"{kind}:{number}", "run", "study", cwd=killed, cache=killed / "cache"), how)
        found = {name: data for name, data in contents(killed / "study").items() if ".part" not in name}
        assert found.items() <= wanted.items()  # every file is whole or absent
    steps(call("none", "", "run", "study", cwd=killed, cache=killed / "cache"))
    assert contents(killed / "study") == wanted
    assert {"study.en.pdf", "results.json"} <= {Path(name).name for name in wanted}
    assert any(name.startswith("reports/figures/") for name in wanted)
    assert any(name.startswith("reports/tables/") for name in wanted)


@pytest.mark.parametrize("more", [[], ["--from", "../table.csv"]])
def test_a_new_study_that_is_ended_and_made_again_is_as_a_clean_one(tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "table.csv").write_text("text,source\nThe bridge of the town was opened today.,Paper\n")
    (tmp_path / "clean").mkdir()
    counts = steps(call("none", "", "new", "s", *more, cwd=tmp_path / "clean", cache=tmp_path / "cache"))
    wanted = contents(tmp_path / "clean")
    pick = random.Random(7)
    for how in ("SIGKILL", "SIGINT"):
        number = pick.randint(2, counts["write"])
        place = tmp_path / how
        place.mkdir()
        check_ended(call(how, f"write:{number}", "new", "s", *more, cwd=place, cache=tmp_path / "cache"), how)
        again = call("none", "", "new", "s", *more, cwd=place, cache=tmp_path / "cache")
        if number >= counts["write"]:  # after the last rename it is whole, and a whole study is not written over
            assert again.returncode == 2
        else:
            assert again.returncode == 0, again.stderr
        assert contents(place) == wanted


def test_a_file_of_somebody_elses_is_never_taken_for_a_beginning(tmp_path: Path) -> None:
    place = tmp_path / "s"
    place.mkdir()
    (place / "README.md").write_text("mine")
    done = call("none", "", "new", "s", cwd=tmp_path, cache=tmp_path / "cache")
    assert done.returncode == 2 and "the folder is not empty (it holds README.md)" in done.stderr
    assert contents(place) == {"README.md": b"mine"}
