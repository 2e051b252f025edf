"""The PDF report: results.json and the figures into a typst template. It prints no other number."""

import json
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from crossframe.errors import InputError
from crossframe.fonts import font_folders

TEMPLATE = "report.typ"


def compile_pdf(results: dict[str, Any], pictures: dict[str, bytes]) -> bytes:
    """Return the report as PDF bytes, the same for the same inputs (no date is written).

    Parameters
    ----------
    results
        What results.json holds.
    pictures
        Figure name -> SVG bytes.

    Raises
    ------
    InputError
        If typst cannot set the report.
    """
    import typst

    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "figures").mkdir()
        (root / "results.json").write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")
        for name, data in pictures.items():
            (root / "figures" / f"{name}.svg").write_bytes(data)
        with (
            files("crossframe").joinpath(f"templates/{TEMPLATE}").open("rb") as source,
            (root / TEMPLATE).open("wb") as copy,
        ):
            shutil.copyfileobj(source, copy)
        try:
            pdf = typst.compile(
                str(root / TEMPLATE),
                root=str(root),
                font_paths=[str(folder) for folder in font_folders()],
                ignore_system_fonts=True,
                sys_inputs={"figures": ",".join(sorted(pictures))},
            )
        except typst.TypstError as error:
            raise InputError(f"typst could not set the report: {error}", TEMPLATE) from error
    return bytes(pdf)
