"""The command `crossframe run --draft`: the changed pairs to stdout, all else to files."""

import time
from pathlib import Path

import typer


def draft(study: Path, out: Path | None) -> None:
    """Write a draft of the study beside its reports, or to `out`, and print which pairs changed."""
    start = time.perf_counter()
    from crossframe.changes import PAIR_HEADER
    from crossframe.config import load_config
    from crossframe.draft import FOLDER
    from crossframe.draft import draft as run_draft

    config = load_config(study)
    reports = config.root / config.data.reports
    found = run_draft(config, reports, out or reports / FOLDER)
    typer.echo("\t".join(PAIR_HEADER))
    for row in found.pairs:
        typer.echo("\t".join(row))
    counts = {"edited": found.edits.edited, "added": found.edits.added, "removed": found.edits.removed}
    told = [f"{len(ids)} {what} ({', '.join(ids[:3])}{' …' if len(ids) > 3 else ''})"
            for what, ids in counts.items() if ids]  # fmt: skip
    told += [f"{name} changed" for name in found.edits.files]
    lines = [
        f"draft in {time.perf_counter() - start:.1f} s; documents: {', '.join(told) or 'none changed'}",
        f"{found.n_changes} values are not the last full run's; kept from it: {', '.join(found.kept)}",
        "figures, tables and PDFs are the last full run's: `crossframe run` makes them, and keeps what is computed now",
        *map(str, found.files),
    ]
    for line in lines:
        typer.echo(line, err=True)
