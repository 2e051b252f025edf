"""The command `crossframe verify`: does the study come out as its reports say?"""

from pathlib import Path
from typing import Annotated

import typer

from crossframe.errors import InputError

EXAMPLES = "Examples: crossframe verify .   |   crossframe verify . --update   |   crossframe verify . --json"
EXIT_CHECK_FAILED = 1


def _say(message: str) -> None:
    typer.echo(message, err=True)


def verify(
    study: Annotated[Path, typer.Argument(help="A study.toml, or the folder that holds one.")] = Path(),
    update: Annotated[
        bool, typer.Option("--update", help="Replace the reports, unless a figure of validity got worse.")
    ] = False,
    allow_regression: Annotated[
        bool, typer.Option("--allow-regression", help="With --update: accept worse figures of validity; each is named.")
    ] = False,
    reuse_embeddings: Annotated[
        bool, typer.Option("--reuse-embeddings", help="Take vectors from the cache; everything else is recomputed.")
    ] = False,
    data_only: Annotated[
        bool, typer.Option("--data-only", help="Compare numbers only, not the hashes of the inputs.")
    ] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep what was recomputed in this folder.")] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Show every difference, not a few of each kind.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Recompute the study in a clean place and compare it with its reports; exit 1 on a real difference.

    Strings, counts and ids are compared exactly, floats within stated tolerances, maps up to rotation and by
    who is near whom (docs/decisions/0051).
    """
    import json

    from crossframe.config import load_config
    from crossframe.verify import Options
    from crossframe.verify import verify as run
    from crossframe.verify.printing import as_json as plain
    from crossframe.verify.printing import lines

    if allow_regression and not update:
        raise InputError("it is for --update", "--allow-regression", "Add --update, or leave it out.")
    verdict = run(load_config(study), Options(update, allow_regression, reuse_embeddings, data_only, keep))
    for note in verdict.notes:
        _say(f"note: {note}")
    if as_json:
        typer.echo(json.dumps(plain(verdict), ensure_ascii=False, indent=2))
    else:
        for line in lines(verdict, show_all):
            typer.echo(line)
    if verdict.updated:
        accepted = f", {len(verdict.worse)} worse figure(s) of validity accepted" if verdict.worse else ""
        _say(f"the reports are replaced{accepted}")
    elif update and verdict.worse and not verdict.same:
        _say("nothing is written: validity got worse. Find out why, or add --allow-regression.")
    if not (verdict.same or verdict.updated):
        raise typer.Exit(EXIT_CHECK_FAILED)
