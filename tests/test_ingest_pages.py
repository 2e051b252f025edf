"""Pages of several layouts: documents, titles, text without boilerplate, related headlines, sources."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from crossframe.ingest.run import Options, ingest

PAGES = sorted(
    p
    for folder in ("pages", "pages_held", "pages_blind")
    for p in (ROOT / "tests" / folder).glob("*.[th][xt]*")
    if p.suffix != ".json"
)


def documents(page: Path, tmp_path: Path) -> list[dict[str, Any]]:
    out = tmp_path / "out" / "d.jsonl"
    ingest([page], out, Options())
    return [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_page_gives_the_documents_that_are_written_beside_it(page: Path, tmp_path: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    found = documents(page, tmp_path)
    assert len(found) == len(expected["documents"])
    for row, wanted in zip(found, expected["documents"], strict=True):
        assert row["text"].startswith(wanted["starts"])
        assert row["text"].endswith(wanted["ends"])
        for key in ("title", "title_basis", "source", "date", "related", "related_urls"):
            assert key not in wanted or row[key] == wanted[key], key
        in_order = sorted if wanted.get("any_order") else list
        assert in_order(row["relay_of"]) == in_order(wanted["relay_of"])
        assert not [words for words in expected["absent"] if words in row["text"]]
        span = row["attribution"]["span"]
        if wanted["relay_of"]:
            assert row["attribution"]["source"] == row["relay_of"][0]
            assert 0.5 <= row["attribution"]["confidence"] <= 1
        if span and span["field"] in {"text", "title"}:
            assert row[span["field"]][span["start"] : span["end"]] == span["text"]
