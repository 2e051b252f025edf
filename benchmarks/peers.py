"""The same texts and the same model three ways: plain encoding, BERTopic, crossframe: `python -m benchmarks.peers`.

BERTopic lives in an environment of its own, `benchmarks/.venv-peers` (`--setup` makes it); the project never needs it.
"""

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from benchmarks.measure import HERE, RESULTS, ROOT, keep, kept, machine, measured, plain

PEERS = HERE / ".venv-peers"
PYTHON = PEERS / "bin" / "python"
# torch and sentence-transformers as the project has them: the same model in the same library
PACKAGES = ("bertopic==0.17.*", "torch==2.13.0", "sentence-transformers==6.2.0", "transformers==5.23.0")
WAYS = ("encode", "bertopic", "alike", "crossframe")
TITLES = {
    "encode": "plain `SentenceTransformer.encode`",
    "bertopic": "BERTopic 0.17, `fit_transform` and `topics_per_class`",
    "alike": "crossframe, BERTopic's part of it: clusters, maps, counts by bloc",
    "crossframe": "`crossframe run`, from the table to the PDF",
}

_ENCODE = """
import csv, sys
csv.field_size_limit(10**9)
from sentence_transformers import SentenceTransformer
texts = ["query: " + r["text"] for r in csv.DictReader(open(sys.argv[1], encoding="utf-8"))]
model = SentenceTransformer(sys.argv[2], device="cpu")
print(model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False).shape, file=sys.stderr)
"""
_BERTOPIC = """
import csv, sys
csv.field_size_limit(10**9)
from bertopic import BERTopic
from sentence_transformers import SentenceTransformer
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
texts, classes = [r["text"] for r in rows], [r["bloc"] for r in rows]
model = SentenceTransformer(sys.argv[2], device="cpu", prompts={"query": "query: "}, default_prompt_name="query")
topics = BERTopic(embedding_model=model, language="multilingual", calculate_probabilities=False)
topics.fit_transform(texts)
print(topics.topics_per_class(texts, classes=classes).shape, file=sys.stderr)
"""
# what BERTopic does, by the functions that `crossframe.pipeline` calls: vectors, groups, maps, counts by bloc
_ALIKE = """
import sys
from collections import Counter
from pathlib import Path
from crossframe.cluster import discourse_clusters
from crossframe.config import load_config
from crossframe.encoders import load_encoder
from crossframe.maps import central_map
from crossframe.memo import Memo
from crossframe.space import unit_rows
from crossframe.study import Study, Vectors, pick
from crossframe.workers import Workers

if __name__ == "__main__":
    with Workers() as workers:
        memo = Memo(enabled=False, workers=workers)
        study = Study.load(load_config(Path(sys.argv[1])))
        config, m, c = study.config, study.config.map, study.config.clusters
        vectors = Vectors(study, [load_encoder(name, config.encoder.precision) for name in config.encoder.models])
        space = vectors.space(config.data.text)
        telling = unit_rows(space.framing[study.matched])
        what = memo.ahead("map", central_map, space.language_free, m.n_neighbors, m.min_dist, m.seed)
        how = memo.ahead("map", central_map, telling, m.n_neighbors, m.min_dist, m.seed)
        clusters = discourse_clusters(telling, c.k_min, c.k_max, c.seed)
        counts = Counter(zip(pick(study.blocs, study.matched), clusters.labels.tolist()))
        print(len(counts), what.value()[0].xy.shape, how.value()[0].xy.shape, file=sys.stderr)
"""
_STUDY = """
[study]
id = "peers"
title_en = "Peers"
title_ar = "أقران"

[data]
table = "texts.csv"
text = "text"

[encoder]
models = ["multilingual-e5-small"]

[robust]
texts = ["text"]
"""


def setup() -> None:
    """Make the peers' environment."""
    if not PYTHON.is_file():
        venv.create(PEERS, with_pip=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)


def write_texts(path: Path, limit: int | None) -> int:
    """Write the study's texts as one table, each in every language that it has; return how many there are."""
    outlets = {row["outlet_id"]: row for row in csv.DictReader((ROOT / "data/raw/outlets.csv").open(encoding="utf-8"))}
    rows = []
    for line in (ROOT / "data/raw/documents.jsonl").read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        for slot, language in (("summary_ar", "ar"), ("summary_en", "en"), ("summary_orig", document["language"])):
            if document.get(slot):
                bloc = outlets[document["outlet_id"]]["bloc"]
                rows.append([document[slot], document["event_id"], document["outlet_id"], bloc, language])
    rows = rows[:limit]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["text", "event", "source", "bloc", "language"])
        writer.writerows(rows)
    return len(rows)


def prepare(folder: Path, limit: int | None) -> int:
    """Put the texts, the model as a folder, and crossframe's study there; what is built once is not measured."""
    (folder / "study").mkdir()
    n = write_texts(folder / "study" / "texts.csv", limit)
    (folder / "study" / "study.toml").write_text(_STUDY.lstrip(), encoding="utf-8")
    # in a process of its own: a child's peak memory begins with that of the process that starts it
    program = f"from crossframe.encoders.e5 import PackagedE5; PackagedE5().model.save({str(folder / 'model')!r})"
    measured([sys.executable, "-c", program], {"CROSSFRAME_CACHE": str(folder / "cache")})
    return n


def command(way: str, folder: Path) -> list[str]:
    """Return what is run."""
    texts, model = str(folder / "study" / "texts.csv"), str(folder / "model")
    if way == "encode":
        return [sys.executable, "-c", _ENCODE, texts, model]
    if way == "bertopic":
        return [str(PYTHON), "-c", _BERTOPIC, texts, model]
    if way == "alike":
        return [sys.executable, "-c", _ALIKE, str(folder / "study")]
    program = "from crossframe.cli import main; main()"
    return [sys.executable, "-c", program, "run", str(folder / "study"), "--out", str(folder / "reports"), "--fresh"]


def forget(folder: Path) -> None:
    """Remove crossframe's embeddings: every run embeds everything."""
    for path in (folder / "cache" / "embeddings").glob("*"):
        path.unlink()


def report(results: dict[str, Any]) -> str:
    """Return the table of what was measured, as Markdown."""
    rounds = results["rounds"]
    lines = [
        "## Beside its peers",
        "",
        f"{results['n_texts']:,} texts of the study (summaries in Arabic, English and the page's language, each a "
        f"document), multilingual-e5-small, {len(rounds)} round(s), in turn within each round; whole processes and "
        "those that they start, cold embeddings, the model built beforehand. Plain encoding is what the others "
        "contain. BERTopic names topics and counts them by bloc; the third row does that with crossframe's means (each "
        "sentence embedded, language and event taken out, clusters, two maps of six seeds each, counts by bloc; no "
        "words, which crossframe takes from Arabic texts alone). The whole study goes beyond it: tests, intervals, "
        "power, robustness, figures in two languages, two PDFs, a page.",
        "",
        "| what | seconds, min – median – max | peak memory, MB | times plain encoding, min – median – max |",
        "|---|--:|--:|--:|",
    ]
    for way in WAYS:
        seconds = [r[way]["seconds"] for r in rounds if way in r]
        if not seconds:
            lines.append(f"| {TITLES[way]} | not run | | |")
            continue
        memory = max(r[way]["peak_mb"] for r in rounds if way in r)
        ratios = [r[way]["seconds"] / r["encode"]["seconds"] for r in rounds if way in r and "encode" in r]
        lines.append(f"| {TITLES[way]} | {_three(seconds, 1)} | {memory:.0f} | {_three(ratios, 2)} |")
    return "\n".join(lines) + "\n"


def _three(values: list[float], digits: int) -> str:
    return " – ".join(f"{v:.{digits}f}" for v in (min(values), statistics.median(values), max(values)))


def main() -> None:
    """Measure in turn, and write the table; a run that was stopped goes on with the rounds that are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--setup", action="store_true", help="make the environment of the peers and stop")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="60 texts, one round, nothing kept")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    given = parser.parse_args()
    if given.setup:
        setup()
        return
    if not PYTHON.is_file():
        print(
            "no BERTopic: `python -m benchmarks.peers --setup` makes its environment; it is left out", file=sys.stderr
        )
    ways = [w for w in WAYS if w != "bertopic" or PYTHON.is_file()]
    old = {} if given.fresh or given.quick else kept("peers")
    results = {"machine": machine(), "rounds": old.get("rounds", [])}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results["n_texts"] = prepare(folder, 60 if given.quick else None)
        for number in range(len(results["rounds"]), 1 if given.quick else given.rounds):
            results["rounds"].append({})
            for way in ways[number % len(ways) :] + ways[: number % len(ways)]:  # nobody is always first
                forget(folder)
                row = measured(command(way, folder), {"CROSSFRAME_CACHE": str(folder / "cache")})
                results["rounds"][-1][way] = plain(row)
                print(f"round {number + 1}, {way}: {row.seconds:.1f} s, {row.peak_mb:.0f} MB", file=sys.stderr)
            if not given.quick:
                keep("peers", results)
    text = report(results)
    if given.quick:
        print(text)
        return
    (RESULTS / "20-peers.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
