"""Notebooks: thin, one cell of parameters, no outputs committed; they run top to bottom and become pages and PDFs."""

import ast
import io
import re
from pathlib import Path

import nbformat
import pytest
from pypdf import PdfReader

from conftest import ROOT
from crossframe.errors import InputError
from crossframe.notebooks import as_html, as_pdf, execute, export, find, typed
from test_cli import call

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHAPTERS = [
    "01-corpus", "02-space", "03-events-and-clusters", "04-frames", "05-voices", "06-contrasts", "07-robustness",
    "08-your-own-corpus",
]  # fmt: skip
# of the Jupyter client's, papermill's and nbconvert's own making
_NOISE = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")


def test_there_is_one_for_each_chapter() -> None:
    assert [p.stem for p in NOTEBOOKS] == CHAPTERS == [p.stem for p in find(ROOT)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_thin_and_committed_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert sum("parameters" in c.metadata.get("tags", []) for c in code) == 1
    assert notebook.cells[0].source.startswith(f"# {int(path.name[:2])}. ")
    for cell in code:
        assert cell.outputs == [] and cell.execution_count is None
        defined = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        assert defined == []


@_NOISE
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_top_to_bottom_and_becomes_a_page_and_a_pdf(path: Path, tmp_path: Path) -> None:
    assert list(export([path], tmp_path, {})) == [path.stem]
    page = (tmp_path / f"{path.stem}.html").read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href)=[\"'](?:https?:)?//[^\"']+\.(?:js|css)", page)  # opens without a network
    assert page.count("data:image/png;base64,") == sum(
        "show(" in c.source for c in _code(path) if "import" not in c.source
    )
    pages = PdfReader(io.BytesIO((tmp_path / f"{path.stem}.pdf").read_bytes())).pages
    assert nbformat.read(path, as_version=4).cells[0].source.splitlines()[0].lstrip("# ") in pages[0].extract_text()


def _code(path: Path) -> list[nbformat.NotebookNode]:
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]


def _written(folder: Path, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_markdown_cell("# عنوان and title"), *map(nbformat.v4.new_code_cell, cells)]
    notebook.cells[1].metadata["tags"] = ["parameters"]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "notebooks" / "01-x.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    return path


@_NOISE
def test_parameters_take_the_place_of_the_notebooks_own(tmp_path: Path) -> None:
    path = _written(tmp_path, "n = 1", "print('n is', n + 1)")
    before = path.read_bytes()
    notebook = execute(path, {"n": 41})
    assert notebook.cells[-1].outputs[0].text == "n is 42\n"
    assert path.read_bytes() == before


@_NOISE
def test_pages_and_pdfs_are_the_same_bytes_for_the_same_outputs(tmp_path: Path) -> None:
    path = _written(tmp_path, "n = 1", "print('<script>alert(1)</script> روسيا', n)")
    first, second = execute(path, {"n": 2}), execute(path, {"n": 2})
    assert as_html(first, "T", ["01-x"]) == as_html(second, "T", ["01-x"])
    assert as_pdf(first, "T") == as_pdf(second, "T")
    assert "<script>alert" not in as_html(first, "T", ["01-x"])


@_NOISE
def test_a_cell_that_fails_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    path = _written(tmp_path, "n = 1", "1 / 0")
    with pytest.raises(InputError, match=r"cell 3 stopped with ZeroDivisionError: division by zero"):
        export([path], tmp_path / "out", {})
    assert not (tmp_path / "out").exists()


@_NOISE
def test_an_unknown_parameter_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no parameter 'm'.*There are: n"):
        execute(_written(tmp_path, "n = 1"), {"m": 2})


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text("{broken", encoding="utf-8")
    with pytest.raises(InputError, match="is no notebook that can be run"):
        execute(path, {})


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("7", 7), ("0.5", 0.5), ("russia", "russia"), ("1e3", 1000.0)]
)
def test_a_parameter_is_a_number_or_a_truth_where_it_looks_like_one(text: str, value: object) -> None:
    assert typed(text) == value and type(typed(text)) is type(value)


def test_a_wrong_call_is_refused_with_what_there_is(small_study: Path) -> None:
    found = call("notebooks", str(small_study))
    assert found.returncode == 2 and "there is no notebook" in found.stderr
    _written(small_study, "n = 1")
    for wrong, word in (("--only", "01-x"), ("--set", "name=value")):
        found = call("notebooks", str(small_study), wrong, "n")
        assert found.returncode == 2 and word in found.stderr and "Traceback" not in found.stderr
