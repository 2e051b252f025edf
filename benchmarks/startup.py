"""How long a user waits at the command line: `python -m benchmarks.startup`.

The study is copied to a temporary folder and run there with a cache of its own: cold, unchanged, and after a word
more in one document, as a draft and whole, each for as many documents as there are rounds; help and validation are
measured, too.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import RESULTS, ROOT, keep, machine, measured, plain

TITLES = {
    "help": "`crossframe --help`",
    "validate": "`crossframe validate`, the study's 241 documents",
    "unchanged": "`crossframe run`, nothing changed",
    "draft": "`crossframe run --draft`, a word more in one document",
    "edited": "`crossframe run`, a word more in one document",
    "cold": "`crossframe run`, nothing known: models built, everything embedded",
}
PROGRAM = "from crossframe.cli import main; main()"
_WORDS = {"summary_ar": "أيضا", "summary_en": "indeed"}


def edit(documents: Path, number: int) -> None:
    """Put a word before the last one of a document's Arabic and English summary."""
    lines = documents.read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[number])
    for column, word in _WORDS.items():
        head, last = row[column].rsplit(" ", 1)
        row[column] = f"{head} {word} {last}"
    lines[number] = json.dumps(row, ensure_ascii=False)
    documents.write_text("\n".join(lines) + "\n", encoding="utf-8")


def measure(folder: Path, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Return the measurements by what was done; the first of `help` and `validate` warms the disk and is left out."""
    study = folder / "study"
    study.mkdir()
    shutil.copy(ROOT / "study.toml", study)
    shutil.copytree(ROOT / "data", study / "data")
    cache = {"CROSSFRAME_CACHE": str(folder / "cache")}

    def called(*arguments: str) -> dict[str, Any]:
        row = plain(measured([sys.executable, "-c", PROGRAM, *arguments], cache))
        print(f"{' '.join(arguments[:1])}: {row['seconds']:.2f} s, {row['peak_mb']:.0f} MB", file=sys.stderr)
        return row

    found: dict[str, list[dict[str, Any]]] = {"cold": [called("run", str(study))]}
    found["help"] = [called("--help") for _ in range(rounds + 1)][1:]
    found["validate"] = [called("validate", str(study)) for _ in range(rounds + 1)][1:]
    found["unchanged"] = [called("run", str(study)) for _ in range(rounds)]
    for name, more in (("draft", ["--draft"]), ("edited", [])):
        found[name] = []
        for number in range(rounds):
            edit(study / "data/raw/documents.jsonl", (60 if more else 50) + 40 * number)
            found[name].append(called("run", str(study), *more))
    return found


def report(found: dict[str, list[dict[str, Any]]]) -> str:
    """Return the table of what was measured, as Markdown."""
    lines = [
        "## At the command line",
        "",
        "Whole processes and those that they start, files in the system's cache; min – median – max. After an edit "
        "only the document's own sentences are embedded again. A draft computes every test, term, cluster and frame "
        "anew and takes maps, robustness, power and other checks from the last full run; the whole run makes these, "
        "and every figure, from all documents. Each draft has one more edited document than the one before, and is the "
        "first to meet its last one.",
        "",
        "| what | times | seconds | peak memory, MB |",
        "|---|--:|--:|--:|",
    ]
    for name, title in TITLES.items():
        seconds = [row["seconds"] for row in found[name]]
        shown = " – ".join(f"{v:.2f}" for v in (min(seconds), statistics.median(seconds), max(seconds)))
        lines.append(f"| {title} | {len(seconds)} | {shown} | {max(row['peak_mb'] for row in found[name]):.0f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name), given.rounds)
    keep("startup", {"machine": machine(), "found": found})
    (RESULTS / "05-startup.md").write_text(report(found), encoding="utf-8")


if __name__ == "__main__":
    main()
