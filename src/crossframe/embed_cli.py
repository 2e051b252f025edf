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
    engine: Annotated[
        str, typer.Option(help="What works through the parts: local, in this process, or ray, on a cluster.")
    ] = "local",
    address: Annotated[
        str | None, typer.Option(help="Of the Ray cluster; without it one that runs here, or a new one.")
    ] = None,
    cores: Annotated[int, typer.Option(min=1, help="Cores of each process on the cluster.")] = 4,
    part_rows: Annotated[int, typer.Option(min=1, help="Texts of a part: what a kill can cost at most.")] = 2048,
    batch_size: Annotated[int, typer.Option(min=1, help="Texts encoded at a time.")] = 32,
) -> None:
    """Embed a table of texts, part by part: memory stays flat, and a stopped run goes on with the first missing part.

    The folder gets part-00000.parquet and so on, each with the ids, `vector` and `truncated`, and a manifest of
    the input's hash and the model's fingerprint; another input or model is refused.

    With --engine ray the table and the folder have to be on a file system that every node shares; GPUs are used
    where the cluster has them. It needs the extra: pip install 'crossframe[distributed]'.
    """
    from crossframe.encoders import load_encoder
    from crossframe.progress import track
    from crossframe.store import Job, Share, engine_named, open_store
    from crossframe.store.parts import table_rows

    worker = engine_named(engine, Share(address, cores))
    n_rows = table_rows(table, text_column, id_column)
    job = Job(table, out, text_column, id_column, model, n_rows, part_rows, batch_size)
    open_store(job, load_encoder(model).fingerprint)
    missing = job.missing()
    for _number in track(worker.run(job, missing), "embedding", len(missing)):
        pass
    there = f", {job.n_parts - len(missing)} were there" if len(missing) < job.n_parts else ""
    typer.echo(f"{n_rows} texts in {job.n_parts} part(s){there}", err=True)
    typer.echo(str(out))
