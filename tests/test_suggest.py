"""How well suggested events are those of the shipped corpus: the figures of docs/ingest.md, computed again."""

import random
import re
from itertools import combinations
from pathlib import Path

import pytest

from conftest import ROOT
from crossframe.config import load_config
from crossframe.corpus import load_corpus, text_of
from crossframe.suggest import THRESHOLD, WINDOW, Told, grouped, vectors_of

SEED = 7  # of the halves of events


def agreement(events: list[str], groups: list[int]) -> tuple[float, float]:
    """Return the adjusted Rand index, and the F1 of pairs that are in one event."""
    from sklearn.metrics import adjusted_rand_score

    pairs = [(events[i] == events[j], groups[i] == groups[j]) for i, j in combinations(range(len(events)), 2)]
    hits, told, there = sum(a and b for a, b in pairs), sum(b for _a, b in pairs), sum(a for a, _b in pairs)
    return float(adjusted_rand_score(events, groups)), 2 * hits / (told + there)


@pytest.fixture(scope="module")
def measured() -> dict[str, tuple[float, float]]:
    corpus = load_corpus(load_config(ROOT))
    documents = corpus.documents
    texts = [text_of(d, "summary_orig")[0] for d in documents]
    told = [Told(d.title, text, d.language, d.date) for d, text in zip(documents, texts, strict=True)]
    vectors = vectors_of(told, corpus.parallel)
    names = sorted({d.event_id for d in documents})
    random.Random(SEED).shuffle(names)
    chosen = set(names[: len(names) // 2])
    halves = {
        "chosen on": [i for i, d in enumerate(documents) if d.event_id in chosen],
        "held out": [i for i, d in enumerate(documents) if d.event_id not in chosen],
        "all": list(range(len(documents))),
    }
    return {
        name: agreement([documents[i].event_id for i in rows], grouped(vectors[rows], [told[i].date for i in rows]))
        for name, rows in halves.items()
    }


def test_the_figures_of_the_documentation_are_what_is_measured(measured: dict[str, tuple[float, float]]) -> None:
    text = Path(ROOT / "docs" / "ingest.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (chosen on|held out|all) \| \d+ \| \d+ \| (0\.\d+) \| (0\.\d+) \|$", text, re.MULTILINE)
    assert {name: (f"{ari:.2f}", f"{f1:.2f}") for name, (ari, f1) in measured.items()} == {
        name: (ari, f1) for name, ari, f1 in rows
    }
    assert f"threshold of {THRESHOLD:.2f}" in text and f"window of {WINDOW} days" in text
