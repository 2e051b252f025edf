"""The command line: thin commands over the package. Results to files or stdout, messages to stderr."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossframe import __version__, codes_cli, draft_cli, embed_cli, frames_cli, ingest_cli, notebooks_cli, verify_cli
from crossframe.errors import InputError

if TYPE_CHECKING:
    from crossframe.config import StudyConfig

INTERRUPTED = "interrupted: finished stages, embeddings and translations are kept, every output file is whole or absent"
EXIT_CHECK_FAILED, EXIT_INPUT, EXIT_INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="crossframe",
    help="How the same event is framed by different sources, across languages.",
    epilog="Start with: crossframe new my-study   |   crossframe run my-study",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(codes_cli.app, name="codes")
app.add_typer(frames_cli.app, name="frames")
app.command(epilog="Example: crossframe embed articles.parquet --out vectors --text-column body")(embed_cli.embed)
app.command(epilog=verify_cli.EXAMPLES)(verify_cli.verify)
app.command(epilog=notebooks_cli.EXAMPLES)(notebooks_cli.notebooks)

PARALLEL = Path("data/raw/parallel.csv")

StudyArgument = Annotated[Path, typer.Argument(help="A study.toml, or the folder that holds one.")]


def _say(message: str) -> None:
    typer.echo(message, err=True)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"crossframe {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version)] = False,
) -> None:
    """How the same event is framed by different sources, across languages."""


app.command(epilog=ingest_cli.NEW_EPILOG)(ingest_cli.new)


@app.command(
    epilog="Examples: crossframe run .   |   crossframe run . --draft   |   "
    "crossframe run my-study/study.toml --out /tmp/reports"
)
def run(
    study: StudyArgument = Path(),
    out: Annotated[Path | None, typer.Option(help="Write reports here instead of the study's folder.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Recompute every stage; embeddings stay cached.")] = False,
    draft: Annotated[
        bool,
        typer.Option(
            "--draft",
            help="After edits: new numbers and explorer in seconds, in the reports' folder draft; maps and robustness "
            "stay those of the last full run.",
        ),
    ] = False,
) -> None:
    """Run the whole study: from the raw tables to figures, tables and the PDF reports."""
    if draft:
        if fresh:
            raise InputError("a draft keeps what --fresh would compute again", "--draft --fresh", "Give one of them.")
        draft_cli.draft(study, out)
        return
    from crossframe.config import load_config
    from crossframe.draft import remove_draft
    from crossframe.memo import Memo
    from crossframe.pipeline import run as run_study
    from crossframe.publish import publish
    from crossframe.workers import Workers

    start = time.perf_counter()
    config = load_config(study)
    with Workers() as workers:
        memo = Memo(enabled=not fresh, workers=workers)
        outcome = run_study(config, memo)
        folder = out or config.root / config.data.reports
        pdfs = publish(outcome, folder, memo)
    remove_draft(folder)
    seconds = time.perf_counter() - start
    reused = f", {len(set(memo.reused))} stages unchanged" if memo.reused else ""
    _say(f"done in {seconds:.1f} s{reused}; the report:")
    for pdf in pdfs:
        typer.echo(str(pdf))


@app.command(epilog="Examples: crossframe validate .   |   crossframe validate . --retrieval")
def validate(
    study: StudyArgument = Path(),
    retrieval: Annotated[
        bool, typer.Option("--retrieval", help="Also embed the texts: does each summary find its own other texts?")
    ] = False,
) -> None:
    """Check the raw tables and texts; print every problem with file, row, column and value."""
    from crossframe.checks import check_study
    from crossframe.config import load_config
    from crossframe.onetable import empty_cells

    config = load_config(study)
    corpus, problems = check_study(config)
    for problem in problems:
        typer.echo(str(problem))
    errors = sum(p.level == "error" for p in problems)
    if errors:
        _say(f"{errors} error(s) and {len(problems) - errors} warning(s) in {config.place}. Mend the rows named above.")
        for column, n in sorted(empty_cells(problems).items()):
            _say(f"the column {column} is empty in {n} row(s): open {config.place}, fill it, save it as it is")
        raise typer.Exit(EXIT_INPUT)
    if corpus is not None:
        n = len(corpus.documents)
        _say(f"valid: {n} documents, {len(corpus.events)} events, {len(problems)} warning(s) in {config.place}")
    if retrieval:
        _print_retrieval(config)


def _print_retrieval(config: "StudyConfig") -> None:
    """Print, a language a line, the share of Arabic summaries that find their own text among all."""
    from crossframe.encoders import load_encoder
    from crossframe.study import Study, Vectors, own_text_retrieval

    vectors = Vectors(
        Study.load(config), [load_encoder(name, config.encoder.precision) for name in config.encoder.models]
    )
    rows = own_text_retrieval(vectors)
    typer.echo("language\tdocuments\tfound\tshare")
    for language, found, n in rows:
        typer.echo(f"{language}\t{n}\t{found}\t{found / n:.3f}")


@app.command(epilog="Example: crossframe align pairs.tsv --columns eng,arb,rus --json")
def align(
    file: Annotated[
        Path, typer.Argument(help="A parallel table: .tsv, or .csv; row i means the same in every column.")
    ],
    columns: Annotated[str, typer.Option(help="Columns, separated by commas; ISO 639 codes, like eng,arb,zho-CN.")],
    model: Annotated[
        list[str] | None, typer.Option(help="An encoder; give it again to set several side by side.")
    ] = None,
    means: Annotated[
        Path, typer.Option(help="Parallel sentences that the language means come from: a column a language.")
    ] = PARALLEL,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Measure how well equal meanings find each other across languages, before and after adjustment."""
    import json

    from crossframe.align import align as measure
    from crossframe.align import read_columns
    from crossframe.encoders import PACKAGED, load_encoder
    from crossframe.text import language_code

    if means == PARALLEL and not means.exists():
        raise InputError(
            "there are no parallel sentences here that language means could come from", "--means",
            "Outside a study's folder name a file, a column a language: --means parallel.csv",
        )  # fmt: skip
    names = [c.strip() for c in columns.split(",") if c.strip()]
    texts = read_columns(file, names)
    parallel = read_columns(means, sorted({language_code(c) for c in names}))
    if shared := len({s for rows in texts.values() for s in rows} & {s for rows in parallel.values() for s in rows}):
        _say(
            f"warning: {shared} sentences of {file} are among those of {means}: `after` is better than it would be else"
        )
    found = measure(texts, parallel, [load_encoder(name) for name in model or PACKAGED])
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    typer.echo("direction\tbefore\tafter\tafter_csls")
    rows = {**found["directions"], "mean": {k: found[f"mean_{k}"] for k in ("before", "after", "after_csls")}}
    for name, shares in rows.items():
        typer.echo("\t".join([name, *(f"{shares[k]:.4f}" for k in ("before", "after", "after_csls"))]))


app.command(epilog=ingest_cli.INGEST_EPILOG)(ingest_cli.ingest)


@app.command(
    epilog="Examples: crossframe translate . --dry-run   |   crossframe translate . --engine libre "
    "--url http://localhost:5000   |   CROSSFRAME_DEEPL_KEY=… crossframe translate . --engine deepl --to en"
)
def translate(
    study: StudyArgument = Path(),
    engine: Annotated[
        str,
        typer.Option(help="google, libre, mymemory, deepl or microsoft; a key is read from CROSSFRAME_<ENGINE>_KEY."),
    ] = "google",
    to: Annotated[
        list[str] | None, typer.Option(help="ar or en; give it twice for both, which is the default.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Address of the service, such as your own LibreTranslate server.")
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for one answer.")] = 30.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be sent, send nothing.")] = False,
) -> None:
    """Fill missing Arabic or English texts by machine translation; the raw tables stay as they are.

    The texts are sent to the service that you name. What comes back is kept in the study's
    data/translations.jsonl, marked with engine and date, and counted as machine-translated in the report.
    Stop at any time: the same command goes on where it stopped and asks nothing twice.
    """
    from contextlib import closing

    from crossframe.config import load_config
    from crossframe.engines import DeepTranslator, known_engine
    from crossframe.translate import fill, plan, target_languages
    from crossframe.translation_memory import Memory

    config, targets, limits = load_config(study), target_languages(to), known_engine(engine)
    with closing(Memory()) as memory:
        if dry_run:
            typer.echo("from\tto\ttexts\trequests\tcharacters")
            for pair, counts in plan(config, targets, limits, memory).items():
                typer.echo("\t".join([*pair, *map(str, counts)]))
            return
        n = fill(config, targets, DeepTranslator(engine, url, timeout), memory)
    _say(f"{n} texts translated by {engine}" if n else "nothing is missing; nothing was asked")
    if n:
        typer.echo(str(config.translations))


@app.command(epilog="Example: crossframe models build")
def models(
    action: Annotated[str, typer.Argument(help="build: prepare the study's encoders now, not at first use.")],
    study: StudyArgument = Path(),
) -> None:
    """Prepare the encoders of a study."""
    from crossframe.config import load_config
    from crossframe.encoders import load_encoder

    if action != "build":
        raise InputError(f"unknown action {action!r}", "models", "Use: crossframe models build")
    settings = load_config(study).encoder
    for name in settings.models:
        encoder = load_encoder(name, settings.precision)
        encoder.encode(["build"], 1)
        typer.echo(f"{name} {encoder.fingerprint[:16]}")


def _interrupted(error: BaseException | None) -> bool:
    """Say whether an interruption stands behind an error."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def main() -> None:
    """Run the command line; errors that a user can act on become one message and exit code 2."""
    try:
        app()
    except InputError as error:
        _say(f"error: {error}")
        sys.exit(EXIT_INPUT)
    except OSError as error:  # a folder where a file is wanted, no permission, a full disk
        _say(
            f"error: {error.filename or 'file system'}: {error.strerror or error}. Check the path and its permissions."
        )
        sys.exit(EXIT_INPUT)
    except ImportError as error:  # an extension module that is interrupted while it is loaded says it failed
        if not _interrupted(error):
            raise
        _say(INTERRUPTED)
        sys.exit(EXIT_INTERRUPTED)
    except KeyboardInterrupt:  # between the command's end and the interpreter's
        _say(INTERRUPTED)
        sys.exit(EXIT_INTERRUPTED)
    except SystemExit as stop:
        if stop.code == EXIT_INTERRUPTED:
            _say(INTERRUPTED)
        raise
