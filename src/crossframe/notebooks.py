"""Notebooks of a study: executed from top to bottom with parameters, and set as HTML and PDF."""

import re
import tempfile
import time
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossframe.errors import InputError
from crossframe.files import write_bytes, write_text
from crossframe.fonts import font_folders
from crossframe.gallery import picture

if TYPE_CHECKING:
    from IPython.display import Image

    from crossframe.figure_words import Language
    from crossframe.pipeline import Outcome

FOLDER = "notebooks"
# pandoc sees code cells as ```python, and what they print as plain blocks
_CODE = re.compile(r'<div class="highlight hl-ipython3"><pre>')
_CELL_ID = re.compile(r' id="cell-id=[^"]*"')  # drawn at random for the cell of parameters
_PLAIN_HTML = "html-native_divs-native_spans-auto_identifiers"


def show(outcome: "Outcome", name: str, language: "Language" = "en") -> "Image":
    """Return one figure for a notebook, with its text for those who cannot see it.

    Raises
    ------
    InputError
        If the study has no figure of that name.
    """
    from IPython.display import Image

    words = {f["name"]: f[language]["alt"] for f in outcome.results["figures"]}
    return Image(picture(outcome, name, language), alt=words.get(name, name))


def find(folder: Path) -> list[Path]:
    """Return the notebooks of a study in order.

    Raises
    ------
    InputError
        If there are none.
    """
    found = sorted((folder / FOLDER).glob("*.ipynb"))
    if not found:
        raise InputError(
            "there is no notebook", str(folder / FOLDER), "A study made by `crossframe new` has one: 01-look.ipynb."
        )
    return found


def typed(text: str) -> bool | int | float | str:
    """Return the value of a parameter as it is written in TOML, or the text itself."""
    if text in {"true", "false"}:
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def execute(path: Path, parameters: Mapping[str, Any]) -> Any:
    """Run a notebook from top to bottom and return it with its outputs; the file stays as it is.

    Parameters
    ----------
    path
        The notebook. It runs in its own folder.
    parameters
        Values that replace those of its cell tagged `parameters`.

    Raises
    ------
    InputError
        If papermill is not installed, the notebook cannot be read, or a cell fails: the cell and its error are named.
    """
    try:
        import papermill
        from papermill.exceptions import PapermillExecutionError
    except ImportError as error:
        raise InputError("papermill is not installed", FOLDER, "pip install 'crossframe[notebooks]'") from error
    try:
        known = papermill.inspect_notebook(str(path))
    except Exception as error:  # not JSON, not a notebook, no kernel: nbformat and papermill raise whatever they meet
        raise InputError(f"is no notebook that can be run: {error}", str(path), "Save it anew in Jupyter.") from error
    if unknown := sorted(set(parameters) - set(known)):
        raise InputError(f"has no parameter {unknown[0]!r}", str(path), f"There are: {', '.join(known) or 'none'}.")
    try:
        return papermill.execute_notebook(
            str(path), None, dict(parameters), cwd=str(path.parent), kernel_name="python3",
            progress_bar={"desc": path.stem, "leave": False, "disable": None},
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )  # fmt: skip
    except PapermillExecutionError as error:
        what = f"cell {error.cell_index + 1} stopped with {error.ename}: {error.evalue}"
        raise InputError(what, str(path), "Open the notebook in Jupyter and run it up to that cell.") from error


def as_html(notebook: Any, title: str, others: Sequence[str]) -> str:
    """Return an executed notebook as one HTML page that needs no network.

    Parameters
    ----------
    notebook
        As `execute` returns it.
    title
        Of the page.
    others
        Stems of all notebooks beside it, for the line of links at the top.
    """
    page = files("crossframe").joinpath("templates/notebook.html").read_text(encoding="utf-8")
    links = " · ".join(f'<a href="{escape(o)}.html">{escape(o)}</a>' for o in others)
    return page.replace("{{title}}", escape(title)).replace("{{links}}", links).replace("{{body}}", _body(notebook))


def as_pdf(notebook: Any, title: str) -> bytes:
    """Return an executed notebook as PDF bytes: pandoc writes typst, typst sets it; no LaTeX, no date.

    Raises
    ------
    InputError
        If pandoc is not installed, or typst cannot set the notebook.
    """
    try:
        import pypandoc
    except ImportError as error:
        raise InputError("pypandoc is not installed", FOLDER, "pip install 'crossframe[notebooks]'") from error
    import typst

    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        html = _CODE.sub('<pre class="python">', _body(notebook))
        written = pypandoc.convert_text(
            html, "typst", format=_PLAIN_HTML, cworkdir=str(root), extra_args=["--extract-media=media", "--wrap=none"]
        )
        head = files("crossframe").joinpath("templates/notebook.typ").read_text(encoding="utf-8")
        (root / "notebook.typ").write_text(f"{head}\n{written}", encoding="utf-8")
        folders = [str(folder) for folder in font_folders()]
        try:
            return bytes(typst.compile(str(root / "notebook.typ"), root=str(root), font_paths=folders,
                                       ignore_system_fonts=True, sys_inputs={"title": title}))  # fmt: skip
        except typst.TypstError as error:
            raise InputError(f"typst could not set the notebook: {error}", title) from error


def export(paths: Sequence[Path], folder: Path, parameters: Mapping[str, Any]) -> dict[str, float]:
    """Execute notebooks and write each as `folder/<name>.html` and `.pdf`; return the seconds that each took.

    A notebook is written when both of its files are made: one that fails leaves those before it.
    """
    seconds = {}
    for path in paths:
        start = time.perf_counter()
        notebook = execute(path, parameters)
        title = _title(notebook, path.stem)
        html, pdf = as_html(notebook, title, [p.stem for p in paths]), as_pdf(notebook, title)
        write_text(folder / f"{path.stem}.html", html)
        write_bytes(folder / f"{path.stem}.pdf", pdf)
        seconds[path.stem] = time.perf_counter() - start
    return seconds


def _title(notebook: Any, name: str) -> str:
    """Return the first heading of a notebook, or its name."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    headings = [line.lstrip("# ") for text in texts for line in text.splitlines() if line.startswith("#")]
    return headings[0] if headings else name


def _body(notebook: Any) -> str:
    """Return a notebook's cells as HTML, the same for the same outputs."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True
    )
    return _CELL_ID.sub("", exporter.from_notebook_node(notebook)[0])
