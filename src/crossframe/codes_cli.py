"""The commands `crossframe codes …`: coding sheets out, codes in, agreement."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossframe.errors import InputError

if TYPE_CHECKING:
    from crossframe.agreement import Coefficient
    from crossframe.coding import FrameAgreement

app = typer.Typer(
    help="Coding by hand: write a sheet, take it back, see how far coders agree.",
    epilog="Example: crossframe codes sheet . --n 120 --seed 7 --out sheet.xlsx",
    no_args_is_help=True,
    rich_markup_mode=None,
)

StudyArgument = Annotated[Path, typer.Argument(help="A study.toml, or the folder that holds one.")]
TEXTS, KINDS = ("summary_ar", "summary_en", "summary_orig"), ("human", "program")


def _say(message: str) -> None:
    typer.echo(message, err=True)


def _one_of(value: str, known: tuple[str, ...], option: str) -> str:
    if value not in known:
        raise InputError(f"{value!r} is not known", option, f"Use one of {', '.join(known)}.")
    return value


@app.command(epilog="Example: crossframe codes sheet . --n 120 --seed 7 --text summary_ar --out sheet.xlsx")
def sheet(
    out: Annotated[Path, typer.Option(help="The .xlsx file to write; its key lies beside it, .key.csv added.")],
    study: StudyArgument = Path(),
    n: Annotated[int, typer.Option("--n", help="How many documents to draw, by event and bloc.")] = 120,
    seed: Annotated[int, typer.Option(help="Of the draw and of the order of the rows.", min=0)] = 7,
    text: Annotated[str, typer.Option(help=f"The text to be coded: {', '.join(TEXTS)}.")] = TEXTS[0],
) -> None:
    """Draw documents and write a coding sheet that hides their sources. Keep the key from the coder."""
    from crossframe.config import load_config
    from crossframe.corpus import CODEBOOK, load_corpus
    from crossframe.frames import load_codebook
    from crossframe.sheet import draw_items, key_path, write_sheet

    _one_of(text, TEXTS, "--text")
    config = load_config(study)
    frames = load_codebook(config.raw / CODEBOOK)
    items = draw_items(load_corpus(config), n, seed, text)
    write_sheet(out, items, frames, seed, text)
    _say(f"{len(items)} documents, {len(frames)} frames, probability {items[0].probability:.4f} each")
    _say(f"the key, not for the coder: {key_path(out)}")
    typer.echo(str(out))


@app.command("import", epilog="Example: crossframe codes import sheet.xlsx --coder Amal --kind human .")
def take_in(
    file: Annotated[Path, typer.Argument(help="The sheet that came back.")],
    coder: Annotated[str, typer.Option(help="Who coded it.")],
    kind: Annotated[str, typer.Option(help=f"{' or '.join(KINDS)}.")],
    study: StudyArgument = Path(),
    key: Annotated[Path | None, typer.Option(help="The sheet's key, where it is not beside the sheet.")] = None,
    date: Annotated[str, typer.Option(help="Date of the coding, YYYY-MM-DD; today if not given.")] = "",
) -> None:
    """Add a filled sheet to codes.csv of the study: all of it, or nothing."""
    from crossframe.codes import CODES, add_codes, load_codes, new_codes, save_codes
    from crossframe.config import load_config
    from crossframe.corpus import CODEBOOK, load_corpus
    from crossframe.filled import read_key, read_sheet
    from crossframe.frames import load_codebook
    from crossframe.sheet import key_path

    _one_of(kind, KINDS, "--kind")
    config = load_config(study)
    frames = [frame.id for frame in load_codebook(config.raw / CODEBOOK)]
    documents = [d.doc_id for d in load_corpus(config).documents]
    path = config.raw / CODES
    existing = load_codes(path, documents, frames) if path.exists() else []
    rows = read_key(key or key_path(file))
    filled = read_sheet(file, rows, frames)
    new = new_codes(filled.codes, rows, coder, kind, date or f"{datetime.now(UTC):%Y-%m-%d}", documents)
    save_codes(path, add_codes(existing, new))
    total = len(filled.codes) + filled.n_blank
    _say(f"{len(new)} codes of {len({c.doc_id for c in new})} documents added; {filled.n_blank} of {total} cells blank")
    typer.echo(str(path))


@app.command(epilog="Example: crossframe codes agreement .   |   crossframe codes agreement . --kind human")
def agreement(
    study: StudyArgument = Path(),
    kind: Annotated[str, typer.Option(help="Only coders of this kind: human or program.")] = "",
) -> None:
    """Print how far the coders agree on each frame, overall and by language of the page; write nothing."""
    from crossframe.codes import CODES, code_table, load_codes
    from crossframe.coding import NO_HUMAN, frame_agreement
    from crossframe.config import load_config
    from crossframe.corpus import CODEBOOK, load_corpus
    from crossframe.frames import load_codebook

    config = load_config(study)
    documents = load_corpus(config).documents
    frames = [frame.id for frame in load_codebook(config.raw / CODEBOOK)]
    codes = load_codes(config.raw / CODES, [d.doc_id for d in documents], frames)
    if kind:
        codes = [c for c in codes if c.coder_kind == _one_of(kind, KINDS, "--kind")]
        if not codes:
            raise InputError(f"no coder is {kind}", str(config.raw / CODES), "See `crossframe codes sheet`.")
    table = code_table(codes, [d.doc_id for d in documents], frames)
    settings = config.contrasts
    rows = frame_agreement(table, [d.language for d in documents], settings.n_bootstrap, settings.seed)
    typer.echo("frame\tlanguage\tn\tprevalence\tpercent\talpha\tac1")
    for row in rows:
        typer.echo(_line(row))
    _say("coders: " + ", ".join(f"{c} ({k})" for c, k in zip(table.coders, table.kinds, strict=True)))
    if "human" not in table.kinds:
        _say(NO_HUMAN)


def _line(row: "FrameAgreement") -> str:
    """Render one row: the prevalence is that of each coder, in the order of their names."""
    found = row.agreement
    prevalence = " ".join(f"{share:.3f}" for share in row.prevalence.values())
    percent = "-" if found.percent is None else f"{found.percent:.3f}"
    parts = (row.frame, row.language, str(found.n_documents), prevalence, percent, _interval(found.alpha))
    return "\t".join([*parts, _interval(found.ac1)])


def _interval(found: "Coefficient") -> str:
    if found.value is None:
        return f"- ({found.reason})"
    if found.low is None:
        return f"{found.value:.3f} ({found.reason})"
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"
