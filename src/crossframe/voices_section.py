"""The section of results.json on voices: who is quoted, who speaks, who is blamed."""

from typing import Any

from crossframe.study import Study
from crossframe.voice.actors import load_gazetteer
from crossframe.voice.quality import load_checked, quality
from crossframe.voice.section import voice_section

ACTORS, CHECKED = "actors.csv", "voices_checked.jsonl"
TEXT = "summary_ar"  # the text whose voices are read where every document has it


def voices_section(study: Study) -> dict[str, Any] | None:
    """Count voices by bloc; None without a gazetteer of actors, or where not every document has an Arabic text.

    `quality` holds precision and recall on the documents that were marked by hand, where there are any.
    """
    path = study.config.raw / ACTORS
    if not path.is_file() or TEXT not in study.texts:
        return None
    gazetteer = load_gazetteer(path, [b.id for b in study.config.blocs])
    found = voice_section(study.documents, study.blocs, gazetteer, TEXT)
    checked = study.config.raw / CHECKED
    if not checked.is_file():
        return {**found, "quality": None}
    rows = load_checked(checked)
    texts = {d.doc_id: d.summary_ar or "" for d in study.corpus.documents}
    return {**found, "quality": quality(rows, texts, gazetteer)}
