"""Letters and committed artefacts: Arabic is shaped, fonts come from packages, results fit their inputs."""

import json
from pathlib import Path

import numpy as np
import pytest

from conftest import ROOT
from crossframe import canvas
from crossframe.fonts import font_folders

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


def test_the_committed_results_are_those_of_the_committed_tables(results: dict[str, object]) -> None:
    from crossframe.config import load_config
    from crossframe.pipeline import input_hashes

    manifest = json.loads((REPORTS / "manifest.json").read_text())
    config = load_config(ROOT)
    assert manifest["inputs"] == input_hashes(config)
    assert manifest["config"] == config.fingerprint()


def test_nothing_derived_is_larger_than_five_megabytes() -> None:
    assert [p for p in Path(REPORTS).rglob("*") if p.is_file() and p.stat().st_size > 5_000_000] == []
