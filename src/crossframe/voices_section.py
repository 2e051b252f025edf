"""The section of results.json on voices: who is quoted, who speaks, who is blamed."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from crossframe.corpus import text_of
from crossframe.memo import Memo
from crossframe.study import Study
from crossframe.voice.actors import Actor, Gazetteer, load_gazetteer
from crossframe.voice.quality import Checked, load_checked, quality
from crossframe.voice.section import Reading, reading, voice_section

ACTORS, CHECKED = "actors.csv", "voices_checked.jsonl"
TEXT = "summary_ar"  # the text whose voices are read where every document has it


def voices_section(study: Study, memo: Memo) -> dict[str, Any] | None:
    """Count voices by bloc; None without a gazetteer of actors, or where not every document has an Arabic text.

    `quality` holds precision and recall on the documents that were marked by hand, where there are any. Each
    text's reading is remembered: after one document is edited, one is read.
    """
    path = study.config.raw / ACTORS
    if not path.is_file() or TEXT not in study.texts:
        return None
    gazetteer = load_gazetteer(path, [b.id for b in study.config.blocs])
    actors = list(gazetteer.actors.values())
    texts = [text_of(d, TEXT) for d in study.documents]
    readings = memo.each("voices", _reading, texts, actors)
    found = voice_section(study.documents, study.blocs, gazetteer, TEXT, readings=readings)
    checked = study.config.raw / CHECKED
    if not checked.is_file():
        return {**found, "quality": None}
    rows = load_checked(checked)
    wanted = {row.doc_id for row in rows}
    marked = {d.doc_id: d.summary_ar or "" for d in study.corpus.documents if d.doc_id in wanted}
    return {**found, "quality": memo.run("voices", _quality, rows, marked, actors)}


def _reading(text: tuple[str, str], actors: Sequence[Actor]) -> Reading | None:
    return reading(*text, _gazetteer(tuple(actors)))


def _quality(rows: Sequence[Checked], texts: Mapping[str, str], actors: Sequence[Actor]) -> dict[str, Any]:
    return quality(rows, texts, _gazetteer(tuple(actors)))


@lru_cache(maxsize=1)
def _gazetteer(actors: tuple[Actor, ...]) -> Gazetteer:
    """Return the gazetteer of these actors; its patterns take long to compile."""
    return Gazetteer(actors)
