"""The command `crossframe frames score`: frames of a codebook, for any table of texts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossframe.errors import InputError

if TYPE_CHECKING:
    from crossframe.scoring import Examples

app = typer.Typer(
    help="Frames of a codebook, for any texts.",
    epilog="Example: crossframe frames score table.csv --text-column headline --codebook book.toml --out scores.csv",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _frames() -> None:
    """Keep `score` a command of its own: a sub-app with one command would swallow its name."""


@app.command(
    epilog="Example: crossframe frames score headlines.tsv --text-column headline --language-column lang "
    "--codebook book.toml --examples labelled.tsv --label-columns f1,f2 --out scores.csv"
)
def score(
    file: Annotated[Path, typer.Argument(help="A .csv or .tsv table, one text a row.")],
    text_column: Annotated[str, typer.Option(help="The column of the texts.")],
    codebook: Annotated[Path, typer.Option(help="A codebook: frames with definitions and anchor sentences.")],
    out: Annotated[Path, typer.Option(help="The .csv file to write: the table, with score:<id> and label:<id>.")],
    language_column: Annotated[
        str, typer.Option(help="The column of the texts' languages, as ISO 639 codes; identified where not given.")
    ] = "",
    examples: Annotated[
        Path | None, typer.Option(help="A table of labelled texts with the same columns, to learn from.")
    ] = None,
    label_columns: Annotated[
        str, typer.Option(help="The examples' 0/1 columns, named like the codebook's ids; separated by commas.")
    ] = "",
    model: Annotated[
        list[str] | None, typer.Option(help="An encoder; give it again to set several side by side.")
    ] = None,
    means: Annotated[
        Path | None, typer.Option(help="Parallel sentences, a column a language; the package's own by default.")
    ] = None,
) -> None:
    """Score texts on the frames of a codebook: in [0, 1], with a 0/1 label; made by a program, validate before use."""
    import csv
    import io

    from crossframe.columns import read_parallel, read_table
    from crossframe.encoders import PACKAGED, load_encoder
    from crossframe.files import write_text
    from crossframe.frames import load_codebook
    from crossframe.scoring import score_texts

    frames = load_codebook(codebook)
    header, rows = read_table(file)
    texts = _column(rows, header, text_column, file)
    added = [f"{kind}:{f.id}" for f in frames for kind in ("score", "label")]
    if clash := [c for c in added if c in header]:
        raise InputError(f"the table has a column {clash[0]!r} already", str(file), "Take it out or rename it.")
    if out.resolve() in {file.resolve(), codebook.resolve()}:
        raise InputError("is one of the inputs", f"--out {out}", "Name another file: inputs are not overwritten.")
    taught = None
    if examples is not None:
        taught = _examples(examples, text_column, language_column, label_columns, [f.id for f in frames])
    elif label_columns:
        raise InputError("names columns, but there are no examples", "--label-columns", "Give --examples too.")
    languages = _languages(rows, header, language_column, texts, file)
    encoders = [load_encoder(name) for name in model or PACKAGED]
    parallel = read_parallel(means, languages)
    found = score_texts(texts, languages, frames, encoders, parallel, taught)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*header, *added])
    for row, scores, labels in zip(rows, found.scores, found.labels, strict=True):
        cells = [c for s, x in zip(scores, labels, strict=True) for c in (f"{s:.6f}", str(int(x)))]
        writer.writerow([*(row[c] for c in header), *cells])
    write_text(out, buffer.getvalue())
    for note in found.notes:
        typer.echo(f"note: {note}", err=True)
    typer.echo(f"{len(texts)} texts on {len(frames)} frames; not validated by human coders", err=True)
    typer.echo(str(out))


def _column(rows: list[dict[str, str]], header: list[str], column: str, file: Path) -> list[str]:
    """Return a column's texts; an empty cell is refused with its row."""
    if column not in header:
        raise InputError(f"there is no column {column!r}; there are: {', '.join(header)}", str(file))
    for number, row in enumerate(rows, start=2):
        if not row[column].strip():
            raise InputError("the cell is empty", f"{file}, row {number}, column {column}", "Fill or remove the row.")
    return [row[column] for row in rows]


def _languages(rows: list[dict[str, str]], header: list[str], column: str, texts: list[str], file: Path) -> list[str]:
    """Return the language of each text as a two-letter code: from its column, or identified."""
    from crossframe.text import identify, language_code

    if column:
        return [language_code(value) for value in _column(rows, header, column, file)]
    return [identify(text) for text in texts]


def _examples(file: Path, text_column: str, language_column: str, columns: str, ids: list[str]) -> "Examples":
    """Read labelled texts; labels of frames that no column names are unknown."""
    import numpy as np

    from crossframe.columns import read_table
    from crossframe.scoring import Examples

    header, rows = read_table(file)
    texts = _column(rows, header, text_column, file)
    names = [c.strip() for c in columns.split(",") if c.strip()] or [i for i in ids if i in header]
    if not names:
        raise InputError("no column is named like a frame of the codebook", str(file), f"Frames: {', '.join(ids)}.")
    if unknown := sorted(set(names) - set(ids)):
        where = "--label-columns"
        raise InputError(f"{', '.join(unknown)}: not a frame of the codebook", where, f"Frames: {', '.join(ids)}.")
    labels = np.full((len(texts), len(ids)), np.nan)
    for name in names:
        if name not in header:
            raise InputError(f"there is no column {name!r}; there are: {', '.join(header)}", str(file))
        for i, row in enumerate(rows):
            value = row[name].strip()
            if value not in {"0", "1", "0.0", "1.0", ""}:
                raise InputError(f"{value!r} is not 0, 1 or empty", f"{file}, row {i + 2}, column {name}")
            labels[i, ids.index(name)] = float(value) if value else np.nan
    return Examples(texts, _languages(rows, header, language_column, texts, file), labels)
