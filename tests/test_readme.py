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
    from typer.testing import CliRunner

    from crossframe.cli import app

    commands = set(re.findall(r"^crossframe ([a-z]+)", BLOCKS, re.MULTILINE))
    assert {"run", "validate", "ingest", "models"} <= commands
    for command in commands:
        shown = CliRunner().invoke(app, [command, "--help"])
        assert shown.exit_code == 0
        lines = [line for line in BLOCKS.splitlines() if line.startswith(f"crossframe {command}")]
        for option in re.findall(r"--[a-z-]+", " ".join(lines)):
            assert option in shown.output


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
