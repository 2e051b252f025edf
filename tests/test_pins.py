"""One set of versions: the lock, the conda environment and pyproject agree."""

import re
import tomllib
from itertools import chain

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from conftest import ROOT


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lock() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert all(len(p.specifier) == 1 and str(p.specifier).startswith("==") for p in pins)
    return {canonical(p.name): str(p.specifier).removeprefix("==") for p in pins}


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(r) for r in chain(project["dependencies"], *project["optional-dependencies"].values())]


def test_the_lock_pins_every_declared_package_inside_its_range() -> None:
    pins = lock()
    for requirement in declared():
        assert pins[canonical(requirement.name)] in SpecifierSet(str(requirement.specifier)), requirement


def test_torch_is_pinned_exactly_and_without_a_local_version() -> None:
    assert lock()["torch"] == "2.13.0"


def test_the_conda_environment_has_the_same_pins() -> None:
    found = dict(
        re.findall(r"^      - ([A-Za-z0-9._-]+)==(\S+)$", (ROOT / "environment.yml").read_text(), re.MULTILINE)
    )
    pins = lock()
    assert {canonical(n) for n in found} == {canonical(r.name) for r in declared()}
    assert {canonical(n): v for n, v in found.items()} == {canonical(n): pins[canonical(n)] for n in found}


def test_the_environment_that_runs_the_tests_is_the_locked_one() -> None:
    from importlib.metadata import version

    pins = lock()
    installed = {canonical(r.name): Version(version(r.name)).public for r in declared()}
    wrong = {name: (found, pins[name]) for name, found in installed.items() if Version(found) != Version(pins[name])}
    assert wrong == {}


def test_the_version_is_the_same_everywhere() -> None:
    from crossframe import __version__

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    assert citation is not None and project["version"] == __version__ == citation[1]
