"""Two report folders compared: results.json, every table, the data of every figure."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crossframe.files import RESULTS, read_json
from crossframe.verify.compare import ABSENT, Comparison, Difference, compare
from crossframe.verify.rules import MAP, RULES
from crossframe.verify.tables import Layout, compare_names, compare_table

FOLDERS = ("tables", "figures")
_DIGITS = re.compile(r"\d+")
REMEDY = "Make the reports first: crossframe run"


@dataclass
class Compared:
    """What two report folders have in common, and what not."""

    found: Comparison = field(default_factory=Comparison)
    layouts: list[Layout] = field(default_factory=list)


def compare_reports(committed: Path, recomputed: Path) -> Compared:
    """Compare the numbers of two report folders; pictures and PDFs only by their names.

    Parameters
    ----------
    committed, recomputed
        Folders as `crossframe run` writes them.

    Raises
    ------
    InputError
        If results.json is absent or broken in one of them.
    """
    out = Compared()
    before, now = (_without_map_digits(read_json(folder / RESULTS, REMEDY)) for folder in (committed, recomputed))
    compare("", before, now, RULES, out.found)
    for kind in FOLDERS:
        for name in compare_names(kind, committed / kind, recomputed / kind, out.found):
            if name.endswith(".csv"):
                out.layouts += compare_table(
                    f"{kind}/{name}", committed / kind / name, recomputed / kind / name, out.found
                )
    for path in sorted(recomputed.glob("*")):
        if path.is_file() and not (committed / path.name).exists():
            out.found.differs(Difference(path.name, ABSENT, "present"))
    return out


def _without_map_digits(results: dict[str, Any]) -> dict[str, Any]:
    """Return the results without the digits in the words of maps: these numbers stand under `map` and count there."""
    figures = [
        {k: _masked(words) for k, words in figure.items()} if MAP in str(figure.get("name")) else figure
        for figure in results.get("figures", [])
    ]
    return {**results, "figures": figures} if figures else results


def _masked(words: Any) -> Any:
    """Return the texts of one language without their digits; anything else, such as the figure's name, as it is."""
    return {k: _DIGITS.sub("#", text) for k, text in words.items()} if isinstance(words, dict) else words
