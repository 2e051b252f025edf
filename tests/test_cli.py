"""The command line as a user meets it: help, messages, exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import crossframe.cli
from conftest import ROOT, write_study


def call(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "from crossframe.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_help_explains_every_command_with_an_example() -> None:
    from typer.main import get_command
    from typer.testing import CliRunner

    from crossframe.cli import app

    def walk(command: Any, path: list[str]) -> list[list[str]]:
        inner = getattr(command, "commands", {})
        return [path] + [p for name, c in inner.items() for p in walk(c, [*path, name])]

    paths = walk(get_command(app), [])
    assert ["new"] in paths and ["codes", "sheet"] in paths
    for path in paths:
        shown = CliRunner().invoke(app, [*path, "--help"])
        assert shown.exit_code == 0 and "Usage" in shown.output
        if len(path) == 2 or (path and not hasattr(get_command(app).commands[path[0]], "commands")):
            assert "Example" in shown.output, path


def test_version_is_printed() -> None:
    assert re.fullmatch(r"crossframe \d+\.\d+\.\d+\n", call("--version").stdout)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom crossframe.cli import app\ntry:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('torch', 'umap', 'numba', 'sklearn', 'pandas', 'matplotlib', 'numpy') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert found.stdout.splitlines()[-1] == "[]"


def test_validate_of_a_good_study_ends_with_0(small_study: Path) -> None:
    found = call("validate", str(small_study))
    assert found.returncode == 0
    assert "valid: 24 documents, 4 events" in found.stderr


def test_validate_prints_every_problem_and_ends_with_2(small_study: Path) -> None:
    path = small_study / "data" / "raw" / "documents.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[0]["date"], rows[1]["language"] = "soon", "Klingon"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    found = call("validate", str(small_study))
    assert found.returncode == 2
    assert "documents.jsonl, row 1, column date, value 'soon'" in found.stdout
    assert "documents.jsonl, row 2, column language, value 'Klingon'" in found.stdout
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nowhere"], "there is no such study file"),
        (["validate", "nowhere/study.toml"], "there is no such study file"),
        (["ingest", "nowhere.csv", "--out", "x.jsonl"], "there is no such file"),
        (["ingest", "nowhere.csv", "--out", "x.jsonl", "--columns", "text"], "is not of the form field=column"),
        (["models", "burn"], "unknown action 'burn'"),
        (["translate", str(ROOT), "--engine", "babel"], "unknown translation engine 'babel'"),
        (["translate", str(ROOT), "--to", "fr"], "texts are filled in Arabic and English, not in 'fr'"),
        (["align", "p.tsv", "--columns", "en,ar"], "Outside a study's folder name a file"),
        (["new", "s", "--columns", "text=body"], "Name it: crossframe new my-study --from documents.jsonl"),
        (["new", "s", "--from", "t.csv"], "t.csv: the file is missing"),
        (["runn"], "No such command"),
        (["run", "--no-such-option"], "No such option"),
    ],
)
def test_a_wrong_call_ends_with_2_and_one_message(arguments: list[str], message: str, tmp_path: Path) -> None:
    found = call(*arguments, cwd=tmp_path)
    assert found.returncode == 2
    assert message in found.stderr and "Traceback" not in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_key_in_the_study_ends_with_2(small_study: Path) -> None:
    path = small_study / "study.toml"
    path.write_text(path.read_text().replace("[[blocs]]", "[mapp]\n[[blocs]]", 1))
    found = call("run", str(small_study))
    assert found.returncode == 2 and "unknown key 'mapp' (did you mean 'map'?)" in found.stderr


def test_a_table_becomes_documents(tmp_path: Path) -> None:
    table = tmp_path / "articles.csv"
    table.write_text("body,site,event\nأكدت الوزارة أن العمل يسير وفق الجدول المعلن,Paper,E1\n", encoding="utf-8")
    found = call("ingest", "articles.csv", "--out", "d.jsonl", "--columns", "text=body,source=site", cwd=tmp_path)
    assert found.returncode == 0 and found.stdout == "d.jsonl\n"
    (row,) = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (row["source"], row["language"], row["event"]) == ("Paper", "ar", "E1")


def test_a_table_with_an_empty_cell_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,source,event\nok,,E1\n")
    found = call("ingest", "a.csv", "--out", "d.jsonl", cwd=tmp_path)
    assert found.returncode == 2 and "row 2, column source" in found.stderr
    assert not (tmp_path / "d.jsonl").exists()


@pytest.mark.parametrize("line", ["one,two,E1,more", "one,two"])
def test_a_ragged_row_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.csv").write_text(f"text,source,event\n{line}\n")
    found = call("ingest", "a.csv", "--out", "d.jsonl", cwd=tmp_path)
    assert found.returncode == 2 and "row 2: the row has " in found.stderr


def test_validate_reads_the_codebook_too(small_study: Path) -> None:
    (small_study / "data" / "raw" / "codebook.toml").write_text("[[frames]]\nid = 3\n")
    found = call("validate", str(small_study))
    assert found.returncode == 2 and "codebook.toml" in found.stdout


def test_an_interrupted_run_says_so_and_leaves_no_half_written_file(
    tmp_path: Path, small_documents: list[dict[str, object]]
) -> None:
    study = write_study(tmp_path / "study", small_documents)
    code = "from crossframe.cli import main; main()"
    environment = os.environ | {"CROSSFRAME_CACHE": str(tmp_path / "cache")}
    process = subprocess.Popen(
        [sys.executable, "-c", code, "run", str(study)], env=environment, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("cache/embeddings/*")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)  # while texts are embedded
    _, message = process.communicate(timeout=60)
    assert process.returncode == 130 and "interrupted" in message and "Traceback" not in message
    assert not (study / "reports").exists()


def test_an_interruption_while_an_extension_is_loaded_is_one_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(interrupted: bool) -> Callable[[], None]:
        def app() -> None:
            try:
                raise KeyboardInterrupt if interrupted else ValueError
            except BaseException as error:
                raise ImportError("initialization failed") from error

        return app

    monkeypatch.setattr(crossframe.cli, "app", failing(True))
    with pytest.raises(SystemExit) as stopped:
        crossframe.cli.main()
    assert stopped.value.code == 130 and "interrupted" in capsys.readouterr().err
    monkeypatch.setattr(crossframe.cli, "app", failing(False))
    with pytest.raises(ImportError):
        crossframe.cli.main()


def test_a_huge_cell_and_the_table_itself_as_output_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("text,source,event\n" + "x" * 1_400_000 + ",S,E\n")
    huge = call("ingest", "a.csv", "--out", "d.jsonl", cwd=tmp_path)
    assert huge.returncode == 2 and "not readable as a table" in huge.stderr
    before = table.read_bytes()
    same = call("ingest", "a.csv", "--out", "a.csv", cwd=tmp_path)
    assert same.returncode == 2 and "is the table itself" in same.stderr and table.read_bytes() == before


def test_a_folder_as_output_is_refused_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,source,event\nok,S,E\n")
    (tmp_path / "d").mkdir()
    found = call("ingest", "a.csv", "--out", "d", cwd=tmp_path)
    assert found.returncode == 2 and "Traceback" not in found.stderr


def test_align_warns_where_the_rows_are_those_of_the_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from conftest import HashEncoder
    from crossframe.cli import app

    monkeypatch.setenv("CROSSFRAME_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("crossframe.encoders.load_encoder", lambda name, precision="fp32": HashEncoder())
    (tmp_path / "p.csv").write_text("en;ar\nRain fell.;هطل المطر.\nSnow fell.;هطل الثلج.\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("en,ar\nRain fell.,هطل المطر.\nThe sun rose.,طلعت الشمس.\n", encoding="utf-8")
    arguments = ["align", str(tmp_path / "p.csv"), "--columns", "en,ar", "--means", str(tmp_path / "m.csv")]
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 0 and "warning: 2 sentences" in found.stderr and "en->ar" in found.stdout
