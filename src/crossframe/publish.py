"""Publishing: an outcome becomes figures, tables, results.json, manifest.json and the PDF."""

from pathlib import Path

import numpy as np

from crossframe import report, tables
from crossframe.files import atomic_path, write_json, write_text
from crossframe.gallery import drawn, plates
from crossframe.memo import Memo
from crossframe.pipeline import Outcome
from crossframe.progress import track


def publish(outcome: Outcome, folder: Path, memo: Memo) -> list[Path]:
    """Write everything that a reader opens and return the paths of the PDFs, one for each language of the report.

    Every file is written under a temporary name and renamed, the PDFs and the manifest last: an interrupted
    run leaves old files or whole new ones.
    """
    pictures = draw(outcome, folder / "figures", memo)
    for table in tables.report_tables(outcome):
        write_text(folder / "tables" / f"{table.name}.csv", table.as_csv())
    write_processed(outcome)
    results = outcome.results
    write_json(folder / "results.json", results)
    pdfs = reports(outcome, pictures, folder, memo)
    write_json(folder / "manifest.json", {**outcome.manifest, "stages_seconds": memo.timings})
    return pdfs


def reports(outcome: Outcome, pictures: dict[str, dict[str, bytes]], folder: Path, memo: Memo) -> list[Path]:
    """Write the PDF in every language of the report; both are set before either is written."""
    settings, name = outcome.study.config.report, outcome.results["study"]["id"]
    pdfs = {
        folder / f"{name}.{language}.pdf": memo.run(
            "report", report.compile_pdf, outcome.results, pictures[language], language, settings.numerals
        )
        for language in settings.languages
    }
    for path, data in pdfs.items():
        write_bytes(path, data)
    return list(pdfs)


def draw(outcome: Outcome, folder: Path, memo: Memo) -> dict[str, dict[str, bytes]]:
    """Write every figure as SVG and PNG; return the SVG bytes by language and name."""
    pictures = {}
    for plate in track(plates(outcome), "figures"):
        kinds = memo.run("figures", drawn, plate.plot, *plate.inputs)
        for kind, data in kinds.items():
            write_bytes(folder / f"{plate.name}.{kind}", data)
        pictures[plate.name] = kinds["svg"]
    return {language: pictures for language in outcome.study.config.report.languages}


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
