"""Time and memory against the number of documents, with the fitted exponent: `python -m benchmarks.scaling`."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import HERE, RESULTS, keep, kept, machine, measured, plain

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)
# fitted on 20,000 at most: what lies between says little, and takes long
FITTED = (1_000, 5_000, 20_000, 200_000)
QUICK = (200, 400)
BUDGET = 900.0  # seconds of a series; the next size is left out where it would go beyond
TITLES = {
    "permanova": "omnibus test, 999 permutations",
    "contrasts": "66 pairs: test, 999 bootstrap draws, cross-checks",
    "clusters": "discourse clusters, k = 2 to 12",
    "map": "map (the most central of six by UMAP)",
    "embed": "embedding store, cheap encoder",
    "run": "whole study of one table, cheap encoder",
}


def permanova(n: int, _folder: Path) -> float:
    """The omnibus test."""
    from benchmarks.corpora import vectors
    from crossframe.permanova import permanova as test

    data = vectors(n)
    start = time.perf_counter()
    test(*data, n_permutations=999, seed=7)
    return time.perf_counter() - start


def contrasts(n: int, _folder: Path) -> float:
    """All pairs of twelve blocs with everything that the report says of them."""
    from benchmarks.corpora import vectors
    from crossframe.config_sections import ContrastSection
    from crossframe.contrast import contrasts as compare

    x, blocs, events = vectors(n)
    start = time.perf_counter()
    compare(x, blocs, events, sorted(set(blocs)), ContrastSection())
    return time.perf_counter() - start


def clusters(n: int, _folder: Path) -> float:
    """K-means for every number of clusters, and silhouettes."""
    from benchmarks.corpora import vectors
    from crossframe.cluster import discourse_clusters

    x, _blocs, _events = vectors(n)
    start = time.perf_counter()
    discourse_clusters(x, 2, 12, 7)
    return time.perf_counter() - start


def umap(n: int, _folder: Path) -> float:
    """The display: six maps, the most central of them shown."""
    from benchmarks.corpora import vectors
    from crossframe.maps import central_map

    x, _blocs, _events = vectors(n)
    start = time.perf_counter()
    central_map(x, 15, 0.25, 7)
    return time.perf_counter() - start


def embed(n: int, folder: Path) -> float:
    """The streaming store."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from benchmarks.corpora import CheapEncoder
    from crossframe.store import Job, engines, open_store

    schema = pa.schema({"doc_id": pa.string(), "text": pa.string()})
    with pq.ParquetWriter(folder / "in.parquet", schema) as writer:
        for i in range(0, n, 5000):
            rows = range(i, min(n, i + 5000))
            texts = [f"text number {j} of many words that are much alike {j % 97}" for j in rows]
            writer.write_table(pa.table({"doc_id": [str(j) for j in rows], "text": texts}, schema=schema))
    engines.load_encoder = lambda *_: CheapEncoder()
    job = Job(folder / "in.parquet", folder / "out", "text", "doc_id", "cheap", n)
    start = time.perf_counter()
    open_store(job, CheapEncoder.fingerprint)
    list(engines.Local().run(job, job.missing()))
    return time.perf_counter() - start


def run(n: int, folder: Path) -> float:
    """The pipeline from a table to results, tables, figures and the PDF."""
    os.environ["CROSSFRAME_CACHE"] = str(folder / "cache")
    from benchmarks.corpora import CheapEncoder, write_study
    from crossframe import pipeline
    from crossframe.config import load_config
    from crossframe.memo import Memo
    from crossframe.publish import publish
    from crossframe.workers import Workers

    write_study(folder / "study", n)
    pipeline.load_encoder = lambda *_: CheapEncoder()
    start = time.perf_counter()
    with Workers() as workers:
        memo = Memo(workers=workers)
        publish(pipeline.run(load_config(folder / "study"), memo), folder / "reports", memo)
    seconds = time.perf_counter() - start
    print(memo.timings, file=sys.stderr)
    return seconds


_CAPPED = {"clusters", "map"}  # fitted on `CAP` documents at most, and above it in 50 dimensions
CAP = 20_000

PARTS: dict[str, Callable[[int, Path], float]] = {
    "permanova": permanova, "contrasts": contrasts, "clusters": clusters, "map": umap, "embed": embed, "run": run,
}  # fmt: skip


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float | None:
    """Return b of values = a * sizes^b, fitted on logarithms by least squares; None with fewer than two sizes."""
    if len(set(sizes)) < 2:
        return None
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def measure(name: str, sizes: Sequence[int], budget: float, state: dict[str, Any], file: str | None) -> None:
    """Measure one part at each size that is not there yet and fits into the budget; keep each as it comes."""
    rows = state["series"].setdefault(name, {})
    spent, before = 0.0, None
    for n in sizes:
        if str(n) not in rows:
            grows = n / before[0] if before and name not in _CAPPED else 1.0
            if before and spent + before[1]["seconds"] * grows > budget:
                print(f"{name}: {n:,} left out, it would go beyond {budget:.0f} s", file=sys.stderr)
                return
            rows[str(n)] = plain(measured([sys.executable, "-m", "benchmarks.scaling", "--child", name, str(n)]))
            if file:
                keep(file, state)
        before = n, rows[str(n)]
        spent += before[1]["seconds"]
        print(f"{name} {n:,}: {before[1]['seconds']:.1f} s, {before[1]['peak_mb']:.0f} MB", file=sys.stderr)


def report(results: dict[str, Any], budget: float) -> str:
    """Return the table of what was measured, as Markdown."""
    lines = [
        "## Time and memory against the number of documents",
        "",
        "Invented vectors of 384 dimensions, 12 blocs, events of about 1,000 documents; each cell is a process of its "
        f"own, with those that it starts. A series ends where it would have gone beyond {budget:.0f} s. *part* is the "
        "stage alone, *whole* the process with imports and the making of the data. The exponent b of time = a·n^b is "
        "fitted on all sizes from 5,000 on (from the first, where there are fewer than two); that of clusters and map "
        "up to 20,000: they are fitted on no more, and above that on 50 principal components, which takes less.",
        "",
        "![time and memory](scaling.png)",
        "",
        "| what | documents | part, s | whole, s | processor, s | peak memory, MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, rows in results.items():
        for n, row in rows.items():
            cells = [f"{row['said']['seconds']:.1f}", f"{row['seconds']:.1f}", f"{row['cpu_seconds']:.1f}"]
            lines.append(f"| {TITLES[name]} | {int(n):,} | {' | '.join(cells)} | {row['peak_mb']:.0f} |")
    lines += ["", "| what | exponent of time | exponent of memory |", "|---|--:|--:|"]
    for name, rows in results.items():
        time_b, memory_b = exponents(name, rows)
        shown = ["–" if b is None else f"{b:.2f}" for b in (time_b, memory_b)]
        lines.append(f"| {TITLES[name]} | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n"


def exponents(name: str, rows: dict[str, Any]) -> tuple[float | None, float | None]:
    """Return the exponents of a part's time and of the whole process's peak memory."""
    sizes = [n for n in map(int, rows) if n >= 5000 and (n <= CAP or name not in _CAPPED)]
    sizes = sizes if len(sizes) > 1 else [int(n) for n in rows]
    seconds = [rows[str(n)]["said"]["seconds"] for n in sizes]
    return exponent(sizes, seconds), exponent(sizes, [rows[str(n)]["peak_mb"] for n in sizes])


def draw(results: dict[str, Any], folder: Path) -> None:
    """Write scaling.svg and scaling.png, in the style of the study's figures."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    from crossframe.canvas import GRID, new_figure, rendered, style
    from crossframe.colours import palette

    with style():
        figure, (left, right) = new_figure(10, 4.4, 1, 2)
        for colour, (name, rows) in zip(palette(len(results)), results.items(), strict=True):
            sizes = [int(n) for n in rows]
            b = exponents(name, rows)[0]
            label = TITLES[name] if b is None else f"{TITLES[name]}: n^{b:.2f}"
            left.loglog(sizes, [r["said"]["seconds"] for r in rows.values()], "o-", color=colour, label=label, ms=4)
            right.loglog(sizes, [r["peak_mb"] for r in rows.values()], "o-", color=colour, ms=4)
        left.set_title("Seconds of the stage")
        right.set_title("Peak memory of the process, MB")
        for axes in (left, right):
            axes.set_xlabel("documents")
            axes.grid(True, color=GRID, which="major")
            axes.set_axisbelow(True)
            for axis in (axes.xaxis, axes.yaxis):  # the figures' style sets no formulas
                axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.15g}"))
                axis.set_minor_formatter(NullFormatter())
        figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=8)
        for kind, data in rendered(figure).items():
            (folder / f"scaling.{kind}").write_bytes(data)


def main() -> None:
    """Measure, draw, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all by default")
    parser.add_argument("--sizes", type=int, nargs="+", help="by default from 1,000 to 200,000")
    parser.add_argument("--budget", type=float, default=BUDGET, help="seconds of each series")
    parser.add_argument("--quick", action="store_true", help="two small sizes, into --out alone: does it run?")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--out", type=Path, help="a folder for plot and table; benchmarks/ by default")
    parser.add_argument("--child", nargs=2, metavar=("PART", "N"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        with tempfile.TemporaryDirectory() as folder:
            seconds = PARTS[given.child[0]](int(given.child[1]), Path(folder))
        print(json.dumps({"seconds": seconds}))
        return
    file = "scaling-quick" if given.quick else "scaling"
    results = {} if given.fresh or given.quick else kept(file).get("series", {})
    out = given.out or (HERE / "results" / "quick" if given.quick else HERE)
    out.mkdir(parents=True, exist_ok=True)
    state = {"machine": machine(), "series": results}
    for name in given.parts or PARTS:
        measure(
            name,
            QUICK if given.quick else given.sizes or (FITTED if name in _CAPPED else SIZES),
            float("inf") if given.quick else given.budget,
            state,
            None if given.quick else file,
        )
    draw(results, out)
    text = report(results, given.budget)
    target = out / "scaling.md" if given.quick else RESULTS / "30-scaling.md"
    target.write_text(text, encoding="utf-8")
    print(target)


if __name__ == "__main__":
    main()
