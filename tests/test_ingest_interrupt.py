"""An ingest that is ended, by the user or by force, and run again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CODE = "from crossframe.cli import main; print('ready', flush=True); main()"


def start(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, "ingest", "in.jsonl", "--out", "out/d.jsonl"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table that takes a few seconds."""
    lines = []
    for i in range(300):
        words = " ".join(f"كلمة{(i * 37 + j * 11) % 997}" for j in range(120))
        row = {"text": f"ذكرت صحيفة الغارديان في تقريرها {words}", "source": f"S{i}"}
        lines.append(json.dumps(row, ensure_ascii=False))
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def ended(folder: Path, how: signal.Signals, after: float) -> tuple[int, str]:
    """Send a signal `after` seconds after the command began; return the exit code and standard error."""
    process = start(folder)
    time.sleep(after)
    process.send_signal(how)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors


def test_ended_runs_leave_no_file_and_the_next_one_is_as_a_clean_one(table: Path) -> None:
    clean = start(table)
    begun = time.monotonic()
    clean.communicate(timeout=120)
    whole = time.monotonic() - begun  # seconds
    assert clean.returncode == 0
    wanted = (table / "out" / "d.jsonl").read_bytes()
    (table / "out" / "d.jsonl").unlink()
    killed = 0
    for share in (0.2, 0.6, 0.9, 0.97):
        code, _ = ended(table, signal.SIGKILL, share * whole)
        killed += code == -signal.SIGKILL
        found = table / "out" / "d.jsonl"
        assert not found.exists() or found.read_bytes() == wanted
    assert killed  # at least one was ended before it was through
    (table / "out").mkdir(exist_ok=True)
    (table / "out" / ".d.4194304.part.jsonl").write_text("half of a li")  # of a process that is no more
    for share in (0.4, 0.2, 0.1, 0.05):  # the machine may be quicker now than it was for the clean run
        code, message = ended(table, signal.SIGINT, share * whole)
        if code == 130:
            break
        (table / "out" / "d.jsonl").unlink()
    assert code == 130
    assert message.strip().splitlines()[-1].startswith("interrupted: ") and "Traceback" not in message
    again = start(table)
    again.communicate(timeout=60)
    assert again.returncode == 0
    assert (table / "out" / "d.jsonl").read_bytes() == wanted
    assert [p.name for p in (table / "out").iterdir()] == ["d.jsonl"]
