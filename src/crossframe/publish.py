"""Publishing: an outcome becomes figures, tables, results.json, manifest.json and the PDF."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from crossframe import explorer, report, tables
from crossframe.files import MANIFEST, RESULTS, atomic_path, write_bytes, write_json, write_text
from crossframe.gallery import drawn, plates
from crossframe.memo import Memo
from crossframe.pipeline import Outcome
from crossframe.progress import track

_FIGURE = re.compile(r"\d\d-[a-z0-9-]+(\.[a-z]{2})?\.(svg|png|csv)")


def publish(outcome: Outcome, folder: Path, memo: Memo) -> list[Path]:
    """Write everything that a reader opens and return the paths of the PDFs, one for each language of the report.

    Every file is written under a temporary name and renamed, the PDFs and the manifest last: an interrupted
    run leaves old files or whole new ones. Figures and tables of an earlier run that this one does not have
    are removed.
    """
    pictures = draw(outcome, folder / "figures", memo)
    write_tables(tables.report_tables(outcome), folder / "tables")
    write_processed(outcome)
    results = outcome.results
    write_json(folder / RESULTS, results)
    memo.timed("explorer", lambda: explorer.write(outcome, folder / "explorer.html"))
    pdfs = reports(outcome, pictures, folder, memo)
    write_json(folder / MANIFEST, {**outcome.manifest, "stages_seconds": memo.timings})
    return pdfs


def reports(outcome: Outcome, pictures: dict[str, dict[str, bytes]], folder: Path, memo: Memo) -> list[Path]:
    """Write the PDF in every language of the report; both are set before either is written."""
    settings, name = outcome.study.config.report, outcome.results["study"]["id"]
    later = {
        folder / f"{name}.{language}.pdf": memo.ahead(
            "report", report.compile_pdf, outcome.results, pictures[language], language, settings.numerals
        )
        for language in settings.languages
    }
    pdfs = {path: pdf.value() for path, pdf in later.items()}
    for path, data in pdfs.items():
        write_bytes(path, data)
    return list(pdfs)


def draw(outcome: Outcome, folder: Path, memo: Memo) -> dict[str, dict[str, bytes]]:
    """Write every figure as SVG and PNG in every language of the report, its source data beside it.

    Files are called NN-name.svg, in Arabic NN-name.ar.svg, and NN-name.csv; others of that form are removed from
    the folder. Return the SVG bytes by language and name.
    """
    languages = outcome.study.config.report.languages
    pictures: dict[str, dict[str, bytes]] = {language: {} for language in languages}
    begun = [
        (language, plate, memo.ahead("figures", drawn, plate.plot, *plate.inputs))
        for language in languages
        for plate in plates(outcome, language)
    ]
    written = set()
    for language, plate, later in track(begun, "figures"):
        kinds = later.value()
        pictures[language][plate.name] = kinds["svg"]
        mark = "" if language == "en" else f".{language}"
        files = {f"{plate.name}{mark}.{kind}": data for kind, data in kinds.items()}
        files[f"{plate.name}.csv"] = plate.data.as_csv().encode()
        for name, data in files.items():
            write_bytes(folder / name, data)
        written |= set(files)
    remove(p for p in folder.iterdir() if _FIGURE.fullmatch(p.name) and p.name not in written)
    return pictures


def write_tables(found: Sequence[tables.Table], folder: Path) -> None:
    """Write tables as CSV; remove those that a study may have and this one has not."""
    for table in found:
        write_text(folder / f"{table.name}.csv", table.as_csv())
    stale = set(tables.NAMES) - {table.name for table in found}
    remove(folder / f"{name}.csv" for name in stale)


def remove(paths: Iterable[Path]) -> None:
    """Remove the files among these that are there."""
    for path in list(paths):
        if path.is_file():
            path.unlink()


def write_processed(outcome: Outcome) -> None:
    """Write the derived tables that notebooks start from: documents with labels, and their vectors."""
    study = outcome.study
    processed = study.config.processed
    write_text(processed / "documents.csv", tables.documents(outcome).as_csv())
    with atomic_path(processed / "vectors.npz") as temporary, temporary.open("wb") as handle:
        np.savez(handle, doc_id=study.ids, framing=outcome.space.framing, language_free=outcome.space.language_free)
