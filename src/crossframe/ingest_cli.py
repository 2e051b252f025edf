"""The commands that bring texts in: `new` makes a study, `ingest` makes documents of pages and tables."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from crossframe.errors import InputError

STUDY_OUTLETS = Path("data/raw/outlets.csv")
_SHOWN = 10  # rows named in one message

NEW_EPILOG = (
    "Examples: crossframe new my-study && crossframe run my-study   |   crossframe new my-study --from documents.jsonl"
    "   |   crossframe new my-study --from table.xlsx --columns text=body,source=site"
)
INGEST_EPILOG = (
    "Examples: crossframe ingest articles.csv --out documents.jsonl --columns text=body,source=site,event=story"
    "   |   crossframe ingest pages/ export.xlsx --out documents.jsonl"
    "   |   crossframe ingest pages/ --event-from folder --out documents.jsonl"
)
_SUGGEST = "Fill the column event_suggested with groups of texts that are near in meaning and date; event stays yours."


def _say(message: str) -> None:
    typer.echo(message, err=True)


def _mapping(columns: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in columns.split(",") if part]
    if wrong := [p for p, sign, column in pairs if not (sign and column)]:
        raise InputError(f"{wrong[0]!r} is not of the form field=column", "--columns", "Example: --columns text=body")
    return {name.strip(): column.strip() for name, _sign, column in pairs}


def new(
    folder: Annotated[Path, typer.Argument(help="A folder that is empty or does not exist yet.")],
    table: Annotated[
        Path | None,
        typer.Option("--from", help="A table, or what `crossframe ingest` wrote: CSV, TSV, XLSX, JSONL, Parquet."),
    ] = None,
    columns: Annotated[str, typer.Option(help="Of that table: field=column pairs, separated by commas.")] = "",
    source_is: Annotated[
        Literal["publisher", "relayed"],
        typer.Option(help="Whose framing counts: who published a text, or whom it relays, empty where not told."),
    ] = "publisher",
    suggest_events: Annotated[bool, typer.Option("--suggest-events", help=_SUGGEST)] = False,
    encoding: Annotated[str, typer.Option(help="Of a table that is not UTF-8, such as windows-1256.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet of an XLSX workbook; the first one otherwise.")] = "",
) -> None:
    """Make a study of your own: of your table or ingested pages, or an invented example that runs at once."""
    if table is None:
        from crossframe.new import new_study

        if columns or suggest_events or encoding or sheet or source_is != "publisher":
            raise InputError("needs a table", "new", "Name it: crossframe new my-study --from documents.jsonl")
        path = new_study(folder)
        _say(f"an example study is in {folder}; put your table in its data/raw and describe it in study.toml")
        _say(f"next: crossframe run {folder}")
    else:
        path = _new_from(folder, table, columns, source_is, suggest_events, encoding, sheet)
    typer.echo(str(path))


def _new_from(
    folder: Path,
    table: Path,
    columns: str,
    source_is: Literal["publisher", "relayed"],
    suggest_events: bool,
    encoding: str,
    sheet: str,
) -> Path:
    from crossframe.from_table import Options, study_from

    made = study_from(folder, table, Options(_mapping(columns), source_is, encoding, sheet, suggest_events))
    for note in made.notes:
        _say(f"note: {note}")
    _say(f"{made.n_rows} rows of {table} are in {made.table}")
    for name, rows in made.empty.items():
        if rows:
            shown = ", ".join(rows[:_SHOWN]) + (" …" if rows[_SHOWN:] else "")
            _say(f"{name} is empty in {len(rows)} of {made.n_rows} rows (of {table.name}: {shown})")
    if any(made.empty.values()):
        _say(f"next: open {made.table}, fill what is empty, save it as it is, then: crossframe validate {folder}")
    else:
        _say(f"next: crossframe validate {folder}, then: crossframe run {folder}")
    return made.study


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files and folders: CSV, TSV, JSONL, Parquet, XLSX, HTML, text, DOCX, PDF, .urls."),
    ] = None,
    out: Annotated[Path, typer.Option(help="The file to write: .jsonl, or .csv or .xlsx for a spreadsheet.")] = ...,  # type: ignore[assignment]
    columns: Annotated[
        str, typer.Option(help="field=column pairs, separated by commas; a table needs text and source.")
    ] = "",
    preset: Annotated[str, typer.Option(help="Columns of a known export: mediacloud or gdelt-doc.")] = "",
    source: Annotated[str, typer.Option(help="Who published what names no publisher itself.")] = "",
    event: Annotated[str, typer.Option(help="The event of all that names none itself.")] = "",
    event_from: Annotated[
        Literal["folder"] | None, typer.Option(help="The folder a page lies in names its event: pages/EVENT/page.html.")
    ] = None,
    suggest_events: Annotated[bool, typer.Option("--suggest-events", help=_SUGGEST)] = False,
    urls: Annotated[list[Path] | None, typer.Option(help="A list of addresses, one a line; they are fetched.")] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Fetch the text of rows that have an address alone.")] = False,
    skip_failed: Annotated[
        bool, typer.Option("--skip-failed", help="Go on without pages that cannot be had; each is named.")
    ] = False,
    outlets: Annotated[
        list[Path] | None,
        typer.Option(help="Tables of outlets that add to the gazetteer; data/raw/outlets.csv is taken if it is there."),
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of text files that are not UTF-8, such as windows-1256.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet of an XLSX workbook; the first one otherwise.")] = "",
) -> None:
    """Turn tables, saved pages and addresses into documents, one a line, with the source that each relays."""
    from crossframe.ingest.run import Options
    from crossframe.ingest.run import ingest as ingest_all

    usual = [STUDY_OUTLETS] if STUDY_OUTLETS.is_file() else []
    options = Options(
        columns=_mapping(columns), preset=preset, urls=urls or (), fetch=fetch, skip_failed=skip_failed,
        encoding=encoding, sheet=sheet, outlets=outlets if outlets is not None else usual, source=source, event=event,
        event_from_folder=event_from == "folder", suggest_events=suggest_events,
    )  # fmt: skip
    report = ingest_all(paths or (), out, options)
    for path in options.outlets:
        _say(f"names of outlets: {path} and the package's gazetteer")
    for note in report.notes:
        _say(f"note: {note}")
    _say(
        f"{report.documents} documents; of {report.told} it is told whom they relay; "
        f"{report.groups} group(s) of near-duplicates"
    )
    _say(
        f"{report.no_event} have no event and {report.no_source} no source; next: crossframe new my-study --from {out}"
    )
    typer.echo(str(out))
