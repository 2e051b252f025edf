"""The README: its commands exist and do what it says."""

import re
import subprocess
import sys

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
    assert {"run", "validate", "ingest", "models", "codes sheet", "codes import", "codes agreement"} <= seen


def test_make_help_lists_every_documented_target() -> None:
    found = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"setup", "study", "test", "lint", "validate", "notebooks", "clean"} <= set(
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
