"""Row schemas of the raw tables and the frozen results that stages hand on. Imports nothing local."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter

FloatArray = npt.NDArray[np.floating]
IntArray = npt.NDArray[np.integer]

_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_HTTP_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)


def _partial_date(value: str) -> str:
    """Accept an ISO date whose day, or month and day, may be unknown: 2023, 2023-09, 2023-09-13."""
    if not _PARTIAL_DATE.fullmatch(value):
        raise ValueError("is not an ISO date (YYYY-MM-DD, or YYYY-MM or YYYY where no more is known)")
    if len(value) == len("2024-06-18"):
        np.datetime64(value, "D")  # refuses 2024-02-31
    return value


def _http_url(value: str) -> str:
    _HTTP_URL.validate_python(value)
    return value


def _one_line(value: str) -> str:
    if value != value.strip() or not 0 < len(value) <= 200 or any(unicodedata.category(c) == "Cc" for c in value):
        raise ValueError("is not one line of 1 to 200 characters without spaces at its ends")
    return value


PartialDate = Annotated[str, AfterValidator(_partial_date)]
Url = Annotated[str, AfterValidator(_http_url)]
MaybeDate = Annotated[str, AfterValidator(lambda value: value and _partial_date(value))]  # or an empty cell
MaybeUrl = Annotated[str, AfterValidator(lambda value: value and _http_url(value))]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]
# what people call an event or a source in a table of their own, in any script
Name = Annotated[str, AfterValidator(_one_line)]
Text = Annotated[str, Field(min_length=1)]


class Row(BaseModel):
    """Base of the row schemas: unknown columns are refused, rows are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class Event(Row):
    """One event: the unit on which blocs are matched."""

    event_id: Name
    event_family: Name
    date_start: MaybeDate
    date_end: MaybeDate
    title_en: Text
    title_ar: Text
    description_en: str = ""
    description_ar: str = ""


class EventRow(Event):
    """A row of events.csv in a study of four tables."""

    event_id: Identifier
    event_family: Identifier
    date_start: PartialDate
    date_end: PartialDate
    description_en: Text


class EventNote(Row):
    """A row of events.csv beside a corpus of one table: what is known of an event besides its id."""

    event_id: Name
    event_family: str = ""
    date_start: MaybeDate = ""
    date_end: MaybeDate = ""
    title_en: str = ""
    title_ar: str = ""
    description_en: str = ""
    description_ar: str = ""


class Outlet(Row):
    """One outlet, agency or institution whose text is a document or is relayed by one."""

    outlet_id: Name
    name_en: Text
    name_ar: Text
    aliases: str = ""
    country: str = Field(pattern=r"^([A-Z]{2}|)$", description="ISO 3166-1 alpha-2, empty where unknown")
    bloc: Name
    ownership: Literal["state", "public", "private", "party", "institution", "unknown"]
    language: str = Field(pattern=r"^[a-z]{2}(;[a-z]{2})*$", description="languages of its pages here")


class OutletRow(Outlet):
    """A row of outlets.csv."""

    outlet_id: Identifier
    bloc: Identifier


class Document(Row):
    """One document as every stage sees it; a text that is not there is None.

    `summary_orig` holds the text where the language is neither Arabic nor English; what is in one of
    these two stands in `summary_ar` or `summary_en`. `translated_by` names, for each text that a machine
    translated, the engine and the day.
    """

    doc_id: Name
    event_id: Name
    outlet_id: Name
    via: str | None = None
    relay_of: tuple[Name, ...] = ()
    date: MaybeDate = ""
    date_confidence: Literal["high", "medium", "low", ""] = ""
    language: str = Field(pattern=r"^[a-z]{2}$")
    url: MaybeUrl = ""
    title: str = ""
    title_ar: str = ""
    claims: tuple[Text, ...] = ()
    actors: tuple[Text, ...] = ()
    summary_ar: Text | None = None
    summary_en: Text | None = None
    summary_orig: Text | None = None
    sentence_claims: tuple[tuple[int, ...], ...] = ()
    wire_group: Name | None = None
    basis: Literal["excerpt", "excerpt-looked-complete", "text"] = "text"
    written_by: Text = "the source"
    note: str = ""
    translated_by: dict[str, str] = {}


class DocumentRow(Document):
    """A row of documents.jsonl: a published page, retold from its recorded facts."""

    doc_id: Identifier
    event_id: Identifier
    outlet_id: Identifier
    relay_of: tuple[Identifier, ...] = ()
    date: PartialDate
    date_confidence: Literal["high", "medium", "low"]
    url: Url
    title: Text
    title_ar: Text
    claims: tuple[Text, ...] = Field(min_length=1)
    summary_ar: Text
    summary_en: Text
    sentence_claims: tuple[tuple[int, ...], ...] = Field(min_length=1)
    wire_group: Identifier | None = None
    basis: Literal["excerpt", "excerpt-looked-complete"]
    written_by: Text


@dataclass(frozen=True)
class Problem:
    """One finding of the validation: where it is, what it is, what to do."""

    file: str
    row: str
    column: str
    value: str
    message: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Render as one line: file, row, column, the value itself, and the message."""
        shown = self.value if len(self.value) <= 60 else self.value[:57] + "…"
        return f"{self.level}: {self.file}, row {self.row}, column {self.column}, value {shown!r}: {self.message}"


@dataclass(frozen=True)
class Corpus:
    """The validated corpus: events, outlets, documents (sorted by id) and the parallel sentences."""

    events: dict[str, Event]
    outlets: dict[str, Outlet]
    documents: tuple[Document, ...]
    parallel: Mapping[str, tuple[str, ...]]

    def bloc(self, document: Document) -> str:
        """Return the bloc of the outlet that published the document."""
        return self.outlets[document.outlet_id].bloc


@dataclass(frozen=True)
class Segment:
    """One sentence of one document in one of its languages."""

    doc_id: str
    index: int
    language: str
    text: str


@dataclass(frozen=True)
class Embedded:
    """Vectors of texts by one encoder: `vectors` is of shape (n_texts, dimension), unit rows."""

    encoder: str
    fingerprint: str
    vectors: FloatArray
    n_computed: int
    n_truncated: int


@dataclass(frozen=True)
class Space:
    """Document vectors of shape (n_documents, dimension) at two steps of adjustment.

    `language_free` has the language means taken out; `framing` is centred on each event besides.
    """

    raw: FloatArray
    language_free: FloatArray
    framing: FloatArray


@dataclass(frozen=True)
class Permanova:
    """Result of the within-event permutational analysis of variance."""

    pseudo_f: float
    r2: float
    omega2: float
    p: float
    n_permutations: int
    n_documents: int
    n_events: int
    seed: int


@dataclass(frozen=True)
class EventDistance:
    """The unbiased squared distance of two blocs in one shared event (and language, where matched on both)."""

    event: str
    distance: float
    n_documents_a: int
    n_documents_b: int


@dataclass(frozen=True)
class Contrast:
    """One pair of blocs: an effect with its tests, or a refusal with its reason (`p is None`).

    `effect` is how far apart the blocs are within an event, in whatever direction; `low` and `high` bound its
    95 % bootstrap interval and `distance_p` is its own permutation test. `common` is the part of it that has
    the same direction in all events, and `p` (PERMANOVA) asks for that: an effect with a large p says that the
    blocs differ in another way from event to event. `distance_p`, `energy_p` and `auc_p` are cross-checks by
    other statistics, uncorrected. Each is None where it cannot be had. `energy_documents` says from how many
    documents `energy_p` comes: large events are represented by a sample. `by_event` holds the distance in each
    shared event.
    """

    bloc_a: str
    bloc_b: str
    n_documents_a: int
    n_documents_b: int
    n_events: int
    seed: int
    family: str = ""
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    r2: float | None = None
    p: float | None = None
    p_corrected: float | None = None
    correction: str = ""
    n_permutations: int = 0
    n_bootstrap: int = 0
    common: float | None = None
    distance_p: float | None = None
    energy_p: float | None = None
    energy_documents: int | None = None
    auc: float | None = None
    auc_p: float | None = None
    refusal: str | None = None
    by_event: tuple[EventDistance, ...] = ()


@dataclass(frozen=True)
class Clusters:
    """Discourse clusters: a label a document, the silhouette of each number tried, and how many documents decided.

    `fitted_on` is None where nobody counted: labels that were given.
    """

    labels: IntArray
    k: int
    silhouette: dict[int, float]
    fitted_on: int | None = None


@dataclass(frozen=True)
class Display:
    """Two-dimensional coordinates for looking, of shape (n, 2), how far to trust them, and how many made them."""

    xy: FloatArray
    trustworthiness: float
    n_neighbors: int
    fitted_on: int
