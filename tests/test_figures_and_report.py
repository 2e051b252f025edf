"""Pictures and pages: every letter has a glyph, bytes repeat, and the PDF prints no number of its own."""

import io
import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from conftest import ROOT
from crossframe import canvas
from crossframe.fonts import font_folders
from crossframe.report import compile_pdf

REPORTS = ROOT / "reports"


def test_arabic_is_drawn_from_right_to_left_and_joined() -> None:
    """The initial letter of a joined word lies at the right, and joining makes the word narrower."""
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with canvas.style():
        figure = Figure()
        page = FigureCanvasAgg(figure)
        properties = font_manager.FontProperties(family=["Noto Sans", "Noto Sans Arabic"], size=40)

        def ink(text: str) -> np.ndarray:
            figure.clear()
            figure.text(0.5, 0.5, text, ha="center", va="center", fontproperties=properties)
            page.draw()
            return np.flatnonzero((np.asarray(page.buffer_rgba())[..., :3].min(axis=2) < 128).any(axis=0))

        joined, apart = ink("بحر"), ink("ب ح ر")
        assert np.ptp(joined) < 0.8 * np.ptp(apart)
        # alef is a thin stroke, sad a wide bowl: in «اص» the stroke stands at the right end
        columns = ink("اص")
        middle = (columns[0] + columns[-1]) / 2
        gaps = np.flatnonzero(np.diff(columns) > 1)
        assert len(gaps) == 1 and columns[gaps[0]] > middle


def test_the_fonts_come_from_packages() -> None:
    assert all("site-packages" in str(folder) for folder in font_folders())


@pytest.fixture(scope="module")
def results() -> dict[str, object]:
    return json.loads((REPORTS / "results.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def pdf(results: dict[str, object]) -> bytes:
    pictures = {p.stem: p.read_bytes() for p in (REPORTS / "figures").glob("*.svg") if not p.stem.endswith(".ar")}
    return compile_pdf(results, pictures)


def test_the_committed_report_is_what_the_code_makes_of_the_committed_results(pdf: bytes) -> None:
    assert pdf == (REPORTS / "russia-dprk.en.pdf").read_bytes()


def test_the_report_embeds_all_its_fonts_and_is_short(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) <= 20
    names = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            names.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    assert names and all(n.startswith(("NotoSans", "DejaVuSansMono", "Libertinus", "NewCM")) for n in names), names
    assert any("Arabic" in n for n in names)


def test_every_figure_of_the_results_stands_in_the_report(pdf: bytes) -> None:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    english = [p for p in (REPORTS / "figures").glob("*.svg") if not p.stem.endswith(".ar")]
    assert len(re.findall(r"Figure\s\d+:", text)) == len(english) == 13


def _numbers(value: object) -> set[str]:
    """Every number of the results in every form in which the report may print it."""
    if isinstance(value, dict):
        return set().union(*map(_numbers, value.values()), *map(_numbers, value.keys())) if value else set()
    if isinstance(value, list):
        return set().union({str(len(value))}, *map(_numbers, value))
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, (int, float)):
        exact = Decimal(str(abs(value)))
        places = [Decimal(1).scaleb(-d) for d in range(4)]
        return {f"{exact:f}", *(f"{v.quantize(p, ROUND_HALF_UP):f}" for v in (exact, 100 * exact) for p in places)}
    return set(re.findall(r"\d+(?:\.\d+)?", str(value)))


def test_the_report_prints_no_number_that_is_not_in_the_results(pdf: bytes, results: dict[str, object]) -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    body = " ".join(pages).split("References")[0]
    body = re.sub(r"(Figure|Table|table)\s\d+|^\s*\d+\.(?!\d)|\n\d+\. ", " ", body, flags=re.M)
    printed = set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])", body))
    known = _numbers(results)
    contrasts = results["contrasts"]
    assert isinstance(contrasts, list)
    counts = {str(n) for n in range(len(contrasts) + 1)}  # how many pairs pass, fail or cannot be compared
    constants = {"0", "1", "95", "100", "5", "0.05", "05", "2.0", "4.0"}  # levels, licences, page numbers below
    pages_and_headings = {str(n) for n in range(1, 21)}
    assert printed - known - counts - constants - pages_and_headings == set()


def test_the_committed_results_are_those_of_the_committed_tables(results: dict[str, object]) -> None:
    from crossframe.config import load_config
    from crossframe.pipeline import input_hashes

    manifest = json.loads((REPORTS / "manifest.json").read_text())
    config = load_config(ROOT)
    assert manifest["inputs"] == input_hashes(config)
    assert manifest["config"] == config.fingerprint()


def test_nothing_derived_is_larger_than_five_megabytes() -> None:
    assert [p for p in Path(REPORTS).rglob("*") if p.is_file() and p.stat().st_size > 5_000_000] == []
