"""Processes beside this one: the same results, clear errors, and none left over."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crossframe.errors import InputError
from crossframe.memo import Memo
from crossframe.workers import Workers

PARENT = """
import sys, time
from crossframe.workers import Workers

if __name__ == "__main__":
    with Workers(2) as workers:
        found = workers.begin(time.process_time)
        found.result()
        print(next(iter(workers._pool._processes)), flush=True)
        workers.begin(time.sleep, 600).result()
"""


def squared(x: int) -> int:
    return x * x


def refused(_x: int) -> int:
    raise InputError("a stage refuses", "somewhere", "Do otherwise.")


def ended() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_stage_begun_ahead_gives_what_it_gives_at_once_and_is_remembered(tmp_path: Path) -> None:
    with Workers(2) as workers:
        memo = Memo(tmp_path, workers=workers)
        first, second = memo.ahead("square", squared, 3), memo.ahead("square", squared, 4)
        assert (second.value(), first.value(), first.value()) == (16, 9, 9)
        assert memo.reused == [] and memo.timings["square"] >= 0
    again = Memo(tmp_path)
    assert again.run("square", squared, 4) == 16 and again.reused == ["square"]
    with Workers(2) as workers:
        memo = Memo(tmp_path, workers=workers)
        assert memo.ahead("square", squared, 3).value() == 9
        assert memo.reused == ["square"] and workers._pool is None  # nothing was started for it


def test_with_one_core_no_process_is_started(tmp_path: Path) -> None:
    with Workers(1) as workers:
        assert Memo(tmp_path, workers=workers).ahead("square", squared, 5).value() == 25
        assert workers._pool is None


def test_an_error_of_a_stage_is_raised_where_its_result_is_asked_for(tmp_path: Path) -> None:
    with Workers(2) as workers:
        later = Memo(tmp_path, workers=workers).ahead("refused", refused, 1)
        with pytest.raises(InputError, match=r"^somewhere: a stage refuses\. Do otherwise\.$") as caught:
            later.value()
        assert caught.value.remedy == "Do otherwise."
    assert not list(tmp_path.rglob("*.pickle"))


def test_a_process_that_the_system_ends_is_one_message(tmp_path: Path) -> None:
    with Workers(2) as workers:
        later = Memo(tmp_path, workers=workers).ahead("ended", ended)
        with pytest.raises(InputError, match=r"^ended: the process .* want of memory\. .*OMP_NUM_THREADS=1"):
            later.value()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for the process in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert Path(f"/proc/{child}").is_dir()
    os.kill(parent.pid, how)
    parent.communicate(timeout=60)
    deadline = time.monotonic() + 30
    while Path(f"/proc/{child}").is_dir() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{child}").is_dir()
