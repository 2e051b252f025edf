"""The store of embeddings: part by part, resumable, bound to its input and model."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from conftest import HashEncoder
from crossframe.cli import app
from crossframe.errors import InputError
from crossframe.store import Job, engine_named, open_store, part_path
from crossframe.store.parts import read_parts, table_rows


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> HashEncoder:
    made = HashEncoder()
    for module in ("crossframe.store.engines", "crossframe.encoders"):
        monkeypatch.setattr(f"{module}.load_encoder", lambda name: made)
    return made


def table(path: Path, n: int = 25, group: int = 7, **columns: object) -> Path:
    texts = [f"كلمة رقم {i % 20} 단어 слово" for i in range(n)]
    rows = {"doc_id": [f"d{i}" for i in range(n)], "text": texts, **columns}
    pq.write_table(pa.table(rows), path, row_group_size=group)
    return path


def run(source: Path, out: Path, *more: str) -> object:
    arguments = ["embed", str(source), "--out", str(out), "--model", "hash", "--part-rows", "4", *more]
    return CliRunner().invoke(app, arguments, catch_exceptions=True)


def stored(out: Path) -> pa.Table:
    return pa.concat_tables([pq.read_table(p) for p in sorted(out.glob("part-*.parquet"))])


def test_every_text_has_its_vector_in_the_order_of_the_table(tmp_path: Path, encoder: HashEncoder) -> None:
    source = table(tmp_path / "in.parquet")
    found = run(source, tmp_path / "out")
    assert found.exit_code == 0 and found.stdout.strip() == str(tmp_path / "out")
    rows = stored(tmp_path / "out")
    assert rows.column("doc_id").to_pylist() == [f"d{i}" for i in range(25)]
    texts = pq.read_table(source).column("text").to_pylist()
    np.testing.assert_array_equal(np.array(rows.column("vector").to_pylist(), np.float32), encoder.encode(texts, 8))
    assert len(list((tmp_path / "out").glob("part-*.parquet"))) == 7


def test_finished_parts_are_never_computed_again(tmp_path: Path, encoder: HashEncoder) -> None:
    source, out = table(tmp_path / "in.parquet"), tmp_path / "out"
    run(source, out)
    expected = stored(out)
    part_path(out, 2).unlink()
    part_path(out, 5).unlink()
    encoder.calls.clear()
    assert run(source, out).exit_code == 0
    texts = pq.read_table(source).column("text").to_pylist()
    assert sorted(encoder.calls) == sorted(texts[8:12] + texts[20:24])
    assert stored(out).equals(expected)
    encoder.calls.clear()
    assert "7 were there" in run(source, out).stderr and encoder.calls == []


@pytest.mark.parametrize("part_rows", [1, 3, 7, 10, 100])
@pytest.mark.parametrize("group", [1, 5, 25])
def test_parts_hold_the_same_rows_whatever_the_row_groups(tmp_path: Path, part_rows: int, group: int) -> None:
    source = table(tmp_path / "in.parquet", 25, group)
    texts = pq.read_table(source).column("text").to_pylist()
    numbers = range(0, -(-25 // part_rows), 2)
    for part in read_parts(source, "text", "doc_id", part_rows, numbers):
        assert part.texts == texts[part.number * part_rows : (part.number + 1) * part_rows]
        assert len(part.ids) == len(part.texts)


def test_another_input_or_model_is_refused_by_name(tmp_path: Path, encoder: HashEncoder) -> None:
    source, out = table(tmp_path / "in.parquet"), tmp_path / "out"
    job = Job(source, out, "text", "doc_id", "hash", 25, 4)
    open_store(job, "one")
    with pytest.raises(InputError, match="another model"):
        open_store(job, "two")
    table(source, 25, text=["other"] * 25)
    with pytest.raises(InputError, match="another input"):
        open_store(job, "one")
    with pytest.raises(InputError, match="another size of the parts"):
        open_store(Job(source, out, "text", "doc_id", "hash", 25, 5), "one")


def test_a_folder_with_other_files_is_not_written_to(tmp_path: Path, encoder: HashEncoder) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x")
    found = run(table(tmp_path / "in.parquet"), tmp_path / "out")
    assert isinstance(found.exception, InputError) and "no store of embeddings" in str(found.exception)
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_faulty_tables_are_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column 'body'; there are: doc_id, text"):
        table_rows(table(tmp_path / "a.parquet"), "body", "doc_id")
    with pytest.raises(InputError, match="holds int64, not text"):
        table_rows(table(tmp_path / "b.parquet", 3, text=[1, 2, 3]), "text", "doc_id")
    (tmp_path / "c.parquet").write_text("no table")
    with pytest.raises(InputError, match="is no Parquet table"):
        table_rows(tmp_path / "c.parquet", "text", "doc_id")
    with pytest.raises(InputError, match="there is no such file"):
        table_rows(tmp_path / "d.parquet", "text", "doc_id")
    blank = table(tmp_path / "e.parquet", 6, text=["a", "b", "c", "d", " ", "e"])
    with pytest.raises(InputError, match="row 5"):
        list(read_parts(blank, "text", "doc_id", 2, [0, 1, 2]))
    nameless = table(tmp_path / "f.parquet", 3, doc_id=["a", None, "c"])
    with pytest.raises(InputError, match=r"row 2: doc_id is missing"):
        list(read_parts(nameless, "text", "doc_id", 2, [0]))


def test_an_engine_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="there is no engine 'spark'"):
        engine_named("spark")


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from conftest import HashEncoder
from crossframe.store import Job, open_store
from crossframe.store import engines
class Dying(HashEncoder):
    n = 0
    def encode(self, texts, batch_size):
        Dying.n += 1
        if Dying.n == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts, batch_size)
engines.load_encoder = lambda name: Dying()
job = Job(Path({source!r}), Path({out!r}), "text", "doc_id", "hash", 25, 4)
open_store(job, HashEncoder().fingerprint)
list(engines.Local().run(job, job.missing()))
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_after_a_kill_nothing_is_lost_and_nothing_finished_is_computed_again(
    tmp_path: Path, encoder: HashEncoder
) -> None:
    source, out = table(tmp_path / "in.parquet"), tmp_path / "out"
    program = KILLED.format(tests=str(Path(__file__).parent), source=str(source), out=str(out))
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert ended.returncode == -signal.SIGKILL
    assert sorted(p.name for p in out.glob("part-*")) == [f"part-{i:05d}.parquet" for i in range(3)]
    assert json.loads((out / "manifest.json").read_text())["n_rows"] == 25
    assert run(source, out).exit_code == 0
    texts = pq.read_table(source).column("text").to_pylist()
    assert set(encoder.calls) == set(texts[12:])
    assert stored(out).column("doc_id").to_pylist() == [f"d{i}" for i in range(25)]
