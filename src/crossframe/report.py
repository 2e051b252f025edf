"""The PDF reports: results.json, figures and a language's words into typst templates. They print no other number."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, cast

from crossframe.errors import InputError
from crossframe.fonts import font_folders
from crossframe.numerals import Numerals

TEMPLATE = "report.typ"
STANDARD: Final = "ua-1"  # PDF/UA-1; PDF/A asks for a date, and the same inputs give the same bytes only without one

Language = Literal["en", "ar"]


@dataclass(frozen=True)
class Source:
    """What typst is called with: the template in its folder, and what it reads from `sys.inputs`."""

    path: Path
    inputs: dict[str, str]

    def options(self) -> dict[str, Any]:
        """Return the arguments that every call of typst needs: fonts come from packages alone."""
        return {
            "root": str(self.path.parent),
            "font_paths": [str(folder) for folder in font_folders()],
            "ignore_system_fonts": True,
            "sys_inputs": self.inputs,
        }


def compile_pdf(
    results: Mapping[str, Any], pictures: Mapping[str, bytes], language: Language = "en", numerals: Numerals = "latin"
) -> bytes:
    """Return the report in one language as a tagged PDF: the same bytes for the same inputs, no date is written.

    Parameters
    ----------
    results
        What results.json holds.
    pictures
        Figure name -> SVG bytes, in that language.
    language
        "en" or "ar" (from right to left).
    numerals
        Digits of the Arabic report.

    Raises
    ------
    InputError
        If typst cannot set the report.
    """
    import typst

    with laid_out(results, pictures, language, numerals) as source:
        try:
            pdf = typst.compile(str(source.path), pdf_standards=[STANDARD], **source.options())
        except typst.TypstError as error:
            raise InputError(f"typst could not set the report: {error}", TEMPLATE) from error
    return cast(bytes, pdf)


@contextmanager
def laid_out(
    results: Mapping[str, Any], pictures: Mapping[str, bytes], language: Language, numerals: Numerals
) -> Iterator[Source]:
    """Write templates, results and figures into a scratch folder, as typst wants to find them."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "figures").mkdir()
        (root / "results.json").write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")
        for name, data in pictures.items():
            (root / "figures" / f"{name}.svg").write_bytes(data)
        for part in files("crossframe").joinpath("templates").iterdir():
            if part.name.endswith((".typ", ".toml")):
                (root / part.name).write_bytes(part.read_bytes())
        inputs = {"language": language, "numerals": numerals, "figures": ",".join(sorted(pictures))}
        yield Source(root / TEMPLATE, inputs)
