"""Documents on their way: what a reader hands on, and the object that is written."""

import json
from dataclasses import dataclass, field
from typing import Any

from crossframe.files import sha256_text

TELL = 0.5  # confidence below which an attribution is not told


@dataclass(frozen=True)
class Span:
    """The words that an attribution rests on: `field` is text, title or line (of the page, left out of the text).

    `start` and `end` count characters in that field, so that `field[start:end] == text`.
    """

    field: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Claim:
    """One source that a text is attributed to, with confidence in [0, 1] and the words it rests on."""

    source: str
    outlet_id: str
    confidence: float
    span: Span
    kind: str

    def as_row(self) -> dict[str, Any]:
        """Return the object that is written."""
        span = {"field": self.span.field, "text": self.span.text, "start": self.span.start, "end": self.span.end}
        return {
            "source": self.source,
            "outlet_id": self.outlet_id,
            "confidence": round(self.confidence, 2),
            "span": span,
            "kind": self.kind,
        }


SHEET_COLUMNS = (
    "doc_id", "title", "source", "event", "event_suggested", "date", "language", "url", "relay_of", "attributed_to",
    "confidence", "attributed_by", "duplicate_group", "title_basis", "related", "text",
)  # fmt: skip
NOT_KNOWN: dict[str, Any] = {"source": "", "outlet_id": "", "confidence": 0.0, "span": None, "kind": ""}


@dataclass(frozen=True)
class Draft:
    """A document as read, before language, attribution and duplicates are known.

    `where` is its place for messages; `source_line` is the page's own line about its source; `id_given` tells an id
    of the user's from one that is made.
    """

    where: str
    text: str
    title: str = ""
    title_basis: str = "headline"
    doc_id: str = ""
    source: str = ""
    relay_of: tuple[str, ...] = ()
    language: str = ""
    date: str = ""
    url: str = ""
    event: str = ""
    related: tuple[tuple[str, str], ...] = ()
    source_line: str = ""
    via_line: str = ""


@dataclass
class Record:
    """One line of the output."""

    draft: Draft
    doc_id: str
    source: str
    relay_of: list[str]
    claims: list[Claim] = field(default_factory=list)
    language: str = ""
    duplicate_group: str = ""
    event_suggested: str = ""

    @property
    def told(self) -> Claim | None:
        """The source that the text is attributed to, if that is sure enough to be told."""
        return self.claims[0] if self.claims and self.claims[0].confidence >= TELL else None

    def as_cells(self) -> dict[str, str]:
        """Return the document as cells of a spreadsheet's row; see `SHEET_COLUMNS`."""
        draft, told = self.draft, self.told
        return {
            "doc_id": self.doc_id, "title": draft.title, "source": self.source, "event": draft.event,
            "event_suggested": self.event_suggested, "date": draft.date, "language": self.language, "url": draft.url,
            "relay_of": ";".join(self.relay_of), "attributed_to": told.source if told else "",
            "confidence": f"{told.confidence:.2f}" if told else "", "attributed_by": told.span.text if told else "",
            "duplicate_group": self.duplicate_group, "title_basis": draft.title_basis if draft.title else "",
            "related": "\n".join(title for title, _url in draft.related), "text": draft.text,
        }  # fmt: skip

    def as_line(self) -> str:
        """Return the JSON object; separators that some readers take for line ends are escaped."""
        draft = self.draft
        told = self.told is not None
        main = self.claims[0].as_row() if told else dict(NOT_KNOWN)
        main["others"] = [claim.as_row() for claim in self.claims[int(told) :]]
        urls = [url for _title, url in draft.related]
        row = {
            "doc_id": self.doc_id, "title": draft.title, "text": draft.text, "source": self.source,
            "relay_of": self.relay_of, "attribution": main, "language": self.language, "date": draft.date,
            "url": draft.url, "related": [title for title, _url in draft.related],
            "related_urls": urls if any(urls) else [], "event": draft.event,
            "event_suggested": self.event_suggested,
            "title_basis": draft.title_basis if draft.title else "", "duplicate_group": self.duplicate_group,
        }  # fmt: skip
        line = json.dumps(row, ensure_ascii=False)
        return line.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def made_id(source: str, text: str, taken: set[str]) -> str:
    """Return an id from source and text; a second document with both the same gets a number after it."""
    base = sha256_text(source, text)[:12]
    made, number = base, 1
    while made in taken:
        number += 1
        made = f"{base}-{number}"
    return made
