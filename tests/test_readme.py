"""The README: its commands exist and do what it says."""

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import openpyxl

from conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)", README))
    assert named and named <= targets


def test_every_command_and_option_of_the_readme_exists() -> None:
    from typer.main import get_command
    from typer.testing import CliRunner

    from crossframe.cli import app

    seen = set()
    for line in re.findall(r"^crossframe ([a-z].*)", BLOCKS, re.MULTILINE):
        words, command = line.split("#")[0].split(), get_command(app)
        path = []
        while hasattr(command, "commands") and words[len(path)] in command.commands:
            command = command.commands[words[len(path)]]
            path.append(words[len(path)])
        shown = CliRunner().invoke(app, [*path, "--help"])
        assert path and shown.exit_code == 0
        assert all(option in shown.output for option in re.findall(r"--[a-z-]+", line))
        seen.add(" ".join(path))
    assert {
        "new",
        "run",
        "verify",
        "validate",
        "ingest",
        "translate",
        "models",
        "codes sheet",
        "codes import",
        "codes agreement",
    } <= seen


def test_make_help_lists_every_documented_target() -> None:
    found = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"setup", "study", "verify", "test", "lint", "validate", "notebooks", "clean"} <= set(
        re.findall(r"make ([a-z]+)", found)
    )


def test_validate_of_the_shipped_study_ends_with_0() -> None:
    code = "from crossframe.cli import main; main()"
    found = subprocess.run(
        [sys.executable, "-c", code, "validate", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0 and "valid: " in found.stderr


def test_every_file_that_the_readme_links_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links and all((ROOT / link).exists() for link in links if not link.startswith("http"))


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    """Its commands one after the other, and its settings on a table with such columns."""
    tutorial = README.split("## Your own corpus in ten minutes")[1].split("\n## ")[0].split("\n### ")[0]
    commands = "".join(re.findall(r"```sh\n(.*?)```", tutorial, re.DOTALL)).splitlines()
    assert [shlex.split(c)[1] for c in commands] == ["new", "run", "validate", "run", "translate"]
    (settings,) = re.findall(r"```toml\n(.*?)```", tutorial, re.DOTALL)
    study = tmp_path / "my-study"
    for number, command in enumerate(commands):
        if number == 2:
            _put_in_a_table(study, settings)
        code = "from crossframe.cli import main; main()"
        found = subprocess.run(
            [sys.executable, "-c", code, *shlex.split(command)[1:]],
            cwd=tmp_path, env=os.environ, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert found.returncode == 0, found.stderr
        if number == 1:
            assert (study / "reports" / "my-study.en.pdf").is_file()
    assert found.stdout.splitlines()[1].split("\t")[:3] in (["ar", "en", "12"], ["en", "ar", "12"])
    for named in re.findall(r"`(my-study/[^`]+)`", tutorial):
        assert (tmp_path / named).is_file(), named


def _put_in_a_table(study: Path, settings: str) -> None:
    table = study / "data" / "raw" / "articles.csv"
    with table.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    with table.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["body", "story", "site"])
        writer.writerows([r["text"], r["event"], r["source"]] for r in rows)
    path = study / "study.toml"
    before, rest = path.read_text(encoding="utf-8").split("[data]\n")
    path.write_text(before + settings + "\n[encoder]" + rest.split("[encoder]")[1], encoding="utf-8")


def test_the_way_from_saved_pages_does_what_it_says(tmp_path: Path) -> None:
    """Its commands as they stand, on made-up pages in a folder an event; one page does not tell its source."""
    section = README.split("\n### From saved pages")[1].split("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    commands = block.splitlines()
    assert [shlex.split(c)[1] for c in commands] == ["ingest", "new", "validate", "run"]
    _save_pages(tmp_path / "pages")
    for command in commands:
        code = "from crossframe.cli import main; main()"
        found = subprocess.run(
            [sys.executable, "-c", code, *shlex.split(command)[1:]],
            cwd=tmp_path, env=os.environ, capture_output=True, text=True, timeout=900, check=False,
        )  # fmt: skip
        assert found.returncode == 0, found.stderr
        if " new " in command:
            assert "source is empty in 1 of 25 rows" in found.stderr and "next: open my-pages/data/raw/" in found.stderr
            _fill(tmp_path / "my-pages" / "data" / "raw" / "articles.xlsx", "source", "Harbour Voice")
    assert (tmp_path / "my-pages" / "reports" / "my-pages.en.pdf").is_file()


def _save_pages(folder: Path) -> None:
    """Save the texts of the example as pages, and a made-up page of the tests beside them."""
    with (ROOT / "src" / "crossframe" / "example" / "articles.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        page = folder / row["event"] / f"{row['doc_id']}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        head = f"<title>{row['title']}</title><meta property='og:site_name' content='{row['source']}'>"
        body = f"<article><h1>{row['title']}</h1><p>{row['text']}</p></article>"
        page.write_text(f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>", encoding="utf-8")
    page = ROOT / "tests" / "pages" / "ar-single-plain.txt"
    (folder / rows[0]["event"] / page.name).write_bytes(page.read_bytes())


def _fill(table: Path, column: str, value: str) -> None:
    """Fill the empty cells of a column, as a person would in a spreadsheet."""
    book = openpyxl.load_workbook(table)
    sheet = book.active
    place = next(cell.column for cell in sheet[1] if cell.value == column)
    for row in range(2, sheet.max_row + 1):
        if not sheet.cell(row, place).value:
            sheet.cell(row, place).value = value
    book.save(table)
