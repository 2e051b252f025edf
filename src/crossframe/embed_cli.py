"""The command `crossframe embed`: vectors of any number of texts, Parquet in, Parquet out."""

from pathlib import Path
from typing import Annotated

import typer


def embed(
    table: Annotated[Path, typer.Argument(help="A .parquet table, one text a row.")],
    out: Annotated[Path, typer.Option(help="The folder of the parts; one that was begun is gone on with.")],
    text_column: Annotated[str, typer.Option(help="The column of the texts.")] = "text",
    id_column: Annotated[str, typer.Option(help="The column that the texts are called by.")] = "doc_id",
    model: Annotated[str, typer.Option(help="An encoder: a packaged one, a folder or a hub name.")] = (
        "multilingual-e5-small"
    ),
    engine: Annotated[str, typer.Option(help="What works through the parts: local, in this process.")] = "local",
    part_rows: Annotated[int, typer.Option(min=1, help="Texts of a part: what a kill can cost at most.")] = 2048,
    batch_size: Annotated[int, typer.Option(min=1, help="Texts encoded at a time.")] = 32,
) -> None:
    """Embed a table of texts, part by part: memory stays flat, and a stopped run goes on with the first missing part.

    The folder gets part-00000.parquet and so on, each with the ids, `vector` and `truncated`, and a manifest of
    the input's hash and the model's fingerprint; another input or model is refused.
    """
    from crossframe.encoders import load_encoder
    from crossframe.progress import track
    from crossframe.store import Job, engine_named, open_store
    from crossframe.store.parts import table_rows

    worker = engine_named(engine)
    n_rows = table_rows(table, text_column, id_column)
    job = Job(table, out, text_column, id_column, model, n_rows, part_rows, batch_size)
    open_store(job, load_encoder(model).fingerprint)
    missing = job.missing()
    for _number in track(worker.run(job, missing), "embedding", len(missing)):
        pass
    there = f", {job.n_parts - len(missing)} were there" if len(missing) < job.n_parts else ""
    typer.echo(f"{n_rows} texts in {job.n_parts} part(s){there}", err=True)
    typer.echo(str(out))
