"""The explorer: one HTML file that opens from disk and asks nothing of the network."""

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from crossframe.explorer_data import WHOLE, Plan, explorer_data
from crossframe.files import write_text
from crossframe.pipeline import Outcome
from crossframe.text import sentences

LIMIT = 8_000_000  # bytes of the file
# from all there is to what a list of documents needs; the first that fits is taken, and the page says which
PLANS = (
    WHOLE,
    Plan(256, 48, True, None, True),
    Plan(256, 0, True, 2000, True),
    Plan(128, 0, True, 600, False),
    Plan(64, 0, False, 300, False),
    Plan(32, 0, False, 100, False),
    Plan(32, 0, False, 60, False, frames=False),
)
_SCRIPTS = ("text.js", "statistics.js", "state.js", "map.js", "panels.js", "comparison.js", "main.js")


def write(outcome: Outcome, path: Path) -> None:
    """Write the page of an outcome; it stays below `LIMIT` bytes, if need be with less in it."""
    write_text(path, page_that_fits(outcome))


def page_that_fits(outcome: Outcome, limit: int = LIMIT) -> str:
    """Return the page with as much as fits into `limit` bytes; where nothing does, a page that says so."""
    split = cache(sentences)
    for plan in PLANS:
        data = explorer_data(outcome, plan, split)
        html = page(data)
        if len(html.encode("utf-8")) < limit:
            return html
    places = {view: {**data["map"][view], "xy": []} for view in data["map"]}
    nothing: dict[str, Any] = {
        "documents": [],
        "outlets": [],
        "events": [],
        "terms": None,
        "sentences": None,
        "vectors": None,
    }
    return page({**data, **nothing, "map": places})


def page(data: dict[str, Any]) -> str:
    """Return the HTML: markup, style, scripts and data in one, with a policy that lets in nothing else.

    Nothing of the corpus becomes markup: the data stand in a block of JSON without `<`, and the scripts put
    them into the page as text.
    """
    folder = files("crossframe").joinpath("templates/explorer")
    read = {name: folder.joinpath(name).read_text(encoding="utf-8") for name in _SCRIPTS}
    script = "\n(() => {\n'use strict';\n" + "\n".join(read.values()) + "\n})();\n"
    style = "\n" + folder.joinpath("explorer.css").read_text(encoding="utf-8")
    words = json.loads(folder.joinpath("words.json").read_text(encoding="utf-8"))
    slots = {
        "POLICY": f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        "STYLE": style,
        "WORDS": json_block(words),
        "DATA": json_block(data),
        "SCRIPT": script,
    }
    html = folder.joinpath("index.html").read_text(encoding="utf-8")
    parts = html.split("@@")
    return "".join(part if i % 2 == 0 else slots[part] for i, part in enumerate(parts))


def json_block(value: Any) -> str:
    """Return JSON that can stand inside a script element: no `<`, no line separators, no NaN."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _hash(text: str) -> str:
    """Return the hash by which the policy lets an inline script or style in."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
