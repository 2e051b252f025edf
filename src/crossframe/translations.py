"""The file of machine translations: which texts are missing, and what fills them without touching the raw tables."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from crossframe.files import sha256_text, write_text
from crossframe.rawtable import json_rows
from crossframe.reading import file_text, parsed
from crossframe.types import Name, Problem, Row, Text

What = Literal["text", "title"]
Language = Literal["ar", "en"]
Key = tuple[str, What, Language]
# what can be filled -> the field of a document that holds it
SLOTS: dict[tuple[What, Language], str] = {
    ("text", "ar"): "summary_ar",
    ("text", "en"): "summary_en",
    ("title", "ar"): "title_ar",
}


class Translation(Row):
    """One translated text: of which document, of what, into which language, by whom and when."""

    doc_id: Name
    what: What
    language: Language
    source_language: str
    source_sha256: str
    text: Text
    engine: str
    date: str

    @property
    def key(self) -> Key:
        """What a document can have once: its id, `text` or `title`, and the language."""
        return self.doc_id, self.what, self.language


Translations = Mapping[Key, Translation]


def own_slot(language: str) -> tuple[str, str]:
    """Return the field that holds a document's text in its own language, and that language."""
    return (f"summary_{language}" if language in {"ar", "en"} else "summary_orig"), language


def present(values: Mapping[str, object], field: str) -> str | None:
    """Return the text of a field, or None where the cell is empty or not there."""
    value = values.get(field)
    return value if isinstance(value, str) and value.strip() else None


def source_of(values: Mapping[str, object], what: What) -> tuple[str, str] | None:
    """Return (text, language) that a translation starts from: the document's own text, else another given one.

    A translation never starts from a translation: `values` are those of the raw table.
    """
    language = str(values.get("language") or "")
    others = [("summary_en", "en"), ("summary_ar", "ar")]
    places = [("title", language)] if what == "title" else [own_slot(language), *others]
    for field, its_language in places:
        text = present(values, field)
        if text is not None:
            return text, its_language
    return None


def filled(values: dict[str, object], translations: Translations, problems: list[Problem]) -> dict[str, object]:
    """Return a raw row with its missing texts filled and `translated_by` saying which these are.

    What stands in the table is never replaced. A translation of a text that has changed since is a problem.
    """
    doc_id = str(values.get("doc_id") or "")
    out, marks = dict(values), {}
    for (what, language), field in SLOTS.items():
        known = translations.get((doc_id, what, language))
        if known is None or present(values, field) is not None:
            continue
        source = source_of(values, what)
        if source is None or known.source_sha256 != sha256_text(source[0]):
            message = "the text that this translates has changed since; run `crossframe translate` again"
            problems.append(Problem("translations.jsonl", doc_id, f"{what}, {language}", known.text, message))
            continue
        out[field] = known.text
        marks[field] = f"{known.engine}, {known.date}"
    if marks:
        given = values.get("translated_by")
        out["translated_by"] = {**given, **marks} if isinstance(given, dict) else marks
    return out


def read_translations(path: Path, problems: list[Problem]) -> dict[Key, Translation]:
    """Read the file of translations, if there is one; every fault of it is a problem."""
    if not path.exists():
        return {}
    out: dict[Key, Translation] = {}
    text = file_text(path, problems)
    for number, values in json_rows(text or "", path.name, problems):
        row = parsed(Translation, values, path.name, number, problems)
        if row is not None and row.key in out:
            message = "this text of this document is translated in another row already"
            problems.append(Problem(path.name, number, "doc_id", row.doc_id, message))
        elif row is not None:
            out[row.key] = row
    return out


def write_translations(path: Path, translations: Iterable[Translation]) -> None:
    """Write the file of translations, sorted, whole or not at all."""
    rows = sorted(translations, key=lambda t: t.key)
    write_text(path, "".join(json.dumps(t.model_dump(), ensure_ascii=False) + "\n" for t in rows))
