"""The command `crossframe notebooks`: run a study's notebooks and set them as HTML and PDF."""

from pathlib import Path
from typing import Annotated

import typer

from crossframe.errors import InputError

EXAMPLES = (
    "Examples: crossframe notebooks .   |   crossframe notebooks my-study --only 01-look"
    "   |   crossframe notebooks . --only 06-contrasts --set bloc_a=russia --set bloc_b=arab"
)


def notebooks(
    study: Annotated[Path, typer.Argument(help="A study.toml, or the folder that holds one.")] = Path(),
    out: Annotated[Path | None, typer.Option(help="Write here instead of the study's reports/notebooks.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="The name of a notebook, without .ipynb; give it again for more.")
    ] = None,
    parameters: Annotated[
        list[str] | None, typer.Option("--set", help="name=value of a parameter; give it again for more.")
    ] = None,
) -> None:
    """Run the study's notebooks from top to bottom and write each as an HTML page and a PDF.

    The notebooks themselves stay as they are. Parameters are those of the cell tagged "parameters".
    """
    from crossframe.config import load_config
    from crossframe.notebooks import export, find, typed

    config = load_config(study)
    found = {path.stem: path for path in find(config.root)}
    if unknown := [name for name in only or () if name not in found]:
        raise InputError(f"there is no notebook {unknown[0]!r}", "--only", f"There are: {', '.join(found)}.")
    pairs = [part.partition("=") for part in parameters or ()]
    if wrong := [name for name, sign, _value in pairs if not (name and sign)]:
        raise InputError(f"{wrong[0]!r} is not of the form name=value", "--set", "Example: --set seed=8")
    folder = out or config.root / config.data.reports / "notebooks"
    chosen = [path for name, path in found.items() if not only or name in only]
    for name, seconds in export(chosen, folder, {name: typed(value) for name, _sign, value in pairs}).items():
        typer.echo(f"{name}: {seconds:.1f} s", err=True)
    typer.echo(str(folder))
