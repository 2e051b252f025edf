"""Publishing: an outcome becomes figures, tables, results.json, manifest.json and the PDF."""

from pathlib import Path

import numpy as np

from crossframe import explorer, report, tables
from crossframe.files import atomic_path, write_json, write_text
from crossframe.gallery import drawn, plates
from crossframe.memo import Memo
from crossframe.pipeline import Outcome
from crossframe.progress import track


def publish(outcome: Outcome, folder: Path, memo: Memo) -> Path:
    """Write everything that a reader opens and return the path of the PDF.

    Every file is written under a temporary name and renamed, the PDF and the manifest last: an interrupted
    run leaves old files or whole new ones.
    """
    pictures = draw(outcome, folder / "figures", memo)
    for table in tables.report_tables(outcome):
        write_text(folder / "tables" / f"{table.name}.csv", table.as_csv())
    write_processed(outcome)
    results = outcome.results
    write_json(folder / "results.json", results)
    memo.timed("explorer", lambda: explorer.write(outcome, folder / "explorer.html"))
    pdf = folder / f"{results['study']['id']}.en.pdf"
    data = memo.run("report", report.compile_pdf, results, pictures)
    write_bytes(pdf, data)
    write_json(folder / "manifest.json", {**outcome.manifest, "stages_seconds": memo.timings})
    return pdf


def draw(outcome: Outcome, folder: Path, memo: Memo) -> dict[str, bytes]:
    """Write every figure as SVG and PNG; return the SVG bytes by name."""
    pictures = {}
    for plate in track(plates(outcome), "figures"):
        kinds = memo.run("figures", drawn, plate.plot, *plate.inputs)
        for kind, data in kinds.items():
            write_bytes(folder / f"{plate.name}.{kind}", data)
        pictures[plate.name] = kinds["svg"]
    return pictures


def write_processed(outcome: Outcome) -> None:
    """Write the derived tables that notebooks start from: documents with labels, and their vectors."""
    study = outcome.study
    processed = study.config.processed
    write_text(processed / "documents.csv", tables.documents(outcome).as_csv())
    with atomic_path(processed / "vectors.npz") as temporary, temporary.open("wb") as handle:
        np.savez(handle, doc_id=study.ids, framing=outcome.space.framing, language_free=outcome.space.language_free)


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes atomically."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)
