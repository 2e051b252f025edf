"""Embedding on a Ray cluster: two nodes on this machine, the packaged model, a worker and a node killed in mid-run."""

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from conftest import ROOT
from crossframe.cli import app
from crossframe.errors import InputError
from crossframe.store.engines import Share
from crossframe.store.on_ray import _pool

HAS_RAY = importlib.util.find_spec("ray") is not None
needs_ray = pytest.mark.skipif(not HAS_RAY, reason="the extra crossframe[distributed] is not installed")
N, PART_ROWS = 60, 3


@pytest.fixture(scope="module")
def nodes() -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """One cluster for the tests of this file; the last of them takes its second node away."""
    for _attempt in range(3):  # Ray gives up where a busy machine starts its processes slowly
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "two_nodes.py")], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        address = process.stdout.readline().strip()
        if address:
            break
        stop(process)
    assert re.fullmatch(r"[\d.]+:\d+", address), address
    yield address, process
    stop(process)


def stop(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    process.wait(60)
    process.stdout.close()


def table(path: Path) -> Path:
    words = ["قالت الوكالة", "the agency said", "агентство сообщило", "통신이 전했다"]
    texts = [f"{words[i % 4]} {i} " + "وقعت الاتفاقية في العاصمة. " * (i % 7) for i in range(N)]
    pq.write_table(pa.table({"doc_id": [f"d{i}" for i in range(N)], "text": texts}), path, row_group_size=8)
    return path


def started(source: Path, out: Path, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", "from crossframe.cli import main; main()", "embed", str(source), "--out"]
    command += [str(out), "--part-rows", str(PART_ROWS), *more]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def parts(out: Path) -> list[Path]:
    return sorted(out.glob("part-*.parquet"))


def vectors(out: Path) -> tuple[list[str], np.ndarray]:
    rows = pa.concat_tables([pq.read_table(p) for p in parts(out)])
    return rows.column("doc_id").to_pylist(), np.array(rows.column("vector").to_pylist(), np.float32)


def actors() -> list[int]:
    """Return the processes of the pool; Ray puts the name of what they run into their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes() if entry.name.isdecimal() else b""
        except OSError:  # it has ended
            continue
        if line.startswith(b"ray::") and b"Actor" in line and b"MapBatches" in line:
            found.append(int(entry.name))
    return sorted(found)


def wait_for(number: int, out: Path, process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 120
    while len(parts(out)) < number:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "no parts are written"
        time.sleep(0.02)


@needs_ray
def test_what_an_actor_refuses_is_one_message(tmp_path: Path, nodes: tuple[str, "subprocess.Popen[str]"]) -> None:
    texts = ["نص"] * 5 + ["  "] + ["نص"] * 4
    pq.write_table(pa.table({"doc_id": list(range(10)), "text": texts}), tmp_path / "in.parquet")
    process = started(
        tmp_path / "in.parquet", tmp_path / "out", "--engine", "ray", "--address", nodes[0], "--cores", "1"
    )
    out, err = process.communicate(timeout=180)
    assert process.returncode == 2 and out == ""
    assert "row 6" in err and "missing or blank" in err and "Traceback" not in err


@needs_ray
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are found in /proc")
@pytest.mark.parametrize("loss", ["a worker", "a node"])
def test_two_nodes_give_what_one_process_gives_though_one_is_killed(
    tmp_path: Path, nodes: tuple[str, "subprocess.Popen[str]"], loss: str
) -> None:
    address, cluster = nodes
    assert cluster.stdin is not None and cluster.stdout is not None
    source = table(tmp_path / "in.parquet")
    alone = started(source, tmp_path / "alone")
    assert alone.wait(120) == 0, alone.communicate()
    alone.communicate()
    out = tmp_path / "out"
    process = started(source, out, "--engine", "ray", "--address", address, "--cores", "1")
    wait_for(2, out, process)
    if loss == "a worker":
        pool = actors()  # those of the test before ended with its driver
        assert len(pool) == 2, "one actor a node"
        os.kill(pool[0], signal.SIGKILL)
    else:
        cluster.stdin.write("lose\n")
        cluster.stdin.flush()
        assert cluster.stdout.readline() == "lost\n"
    assert len(parts(out)) < N // PART_ROWS, "all was done before the loss: there was nothing to lose"
    first = {p.name: p.stat().st_mtime_ns for p in parts(out)}
    told = process.communicate(timeout=240)
    assert process.returncode == 0, told
    assert f"{N} texts in {N // PART_ROWS} part(s)" in told[1]
    ids, rows = vectors(out)
    expected_ids, expected = vectors(tmp_path / "alone")
    assert ids == expected_ids
    assert np.abs(rows - expected).max() <= 1e-5
    assert all(p.stat().st_mtime_ns == first[p.name] for p in parts(out) if p.name in first)  # none was made twice
    assert [p.name for p in out.iterdir() if p.suffix not in {".parquet", ".json"}] == []


@needs_ray
def test_an_address_without_a_cluster_is_refused(tmp_path: Path) -> None:
    process = started(table(tmp_path / "in.parquet"), tmp_path / "out", "--engine", "ray", "--address", "127.0.0.1:1")
    _out, err = process.communicate(timeout=180)
    assert process.returncode == 2 and "no Ray cluster at 127.0.0.1:1" in err and "Traceback" not in err


def test_without_ray_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["embed", str(table(tmp_path / "in.parquet")), "--out", str(out), "--engine", "ray"])
    assert isinstance(done.exception, InputError)
    assert "crossframe[distributed]" in str(done.exception)


def test_the_pool_is_what_the_cluster_has_room_for() -> None:
    assert _pool({"CPU": 16.0}, Share(cores=4), 100) == (4, 0, 4)
    assert _pool({"CPU": 16.0}, Share(cores=4), 2) == (4, 0, 2)
    assert _pool({"CPU": 16.0, "GPU": 2.0}, Share(cores=4), 100) == (4, 1, 2)
    with pytest.raises(InputError, match="2 core"):
        _pool({"CPU": 2.0}, Share(cores=4), 1)
