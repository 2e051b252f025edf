"""Two report folders compared: results.json, every table, the data of every figure."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crossframe.errors import InputError
from crossframe.verify.compare import ABSENT, Comparison, Difference, compare
from crossframe.verify.rules import RULES
from crossframe.verify.tables import Layout, compare_names, compare_table

RESULTS, MANIFEST = "results.json", "manifest.json"
FOLDERS = ("tables", "figures")
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
    compare("", read_json(committed / RESULTS), read_json(recomputed / RESULTS), RULES, out.found)
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


def read_json(path: Path) -> dict[str, Any]:
    """Read results.json or manifest.json.

    Raises
    ------
    InputError
        If it is absent or not JSON.
    """
    if not path.is_file():
        raise InputError("there is no such file", str(path), REMEDY)
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"the file is not JSON: {error}", str(path), REMEDY) from error
    if not isinstance(value, dict):
        raise InputError("the file holds no JSON object", str(path), REMEDY)
    return value
