"""The sections of study.toml: what can be set, between which bounds, and the defaults."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from crossframe.colours import hex_colour

TextColumn = Literal["summary_ar", "summary_en", "summary_orig"]
Precision = Literal["fp32", "int8"]
# what the same texts are called in a corpus of one table
ALIASES: dict[str, TextColumn] = {"text": "summary_orig", "text_ar": "summary_ar", "text_en": "summary_en"}


def _text_column(value: object) -> object:
    """Take `text`, `text_ar` and `text_en` for the columns that they stand for."""
    column = ALIASES.get(value, value) if isinstance(value, str) else value
    if column not in get_args(TextColumn):
        raise ValueError("is not text, text_ar or text_en (in a study of four tables: summary_ar, _en or _orig)")
    return column


def _some_once(values: list[str]) -> list[str]:
    """Refuse an empty list, and a value that stands twice."""
    if not values:
        raise ValueError("is empty; name one or more")
    if doubled := sorted({v for v in values if values.count(v) > 1}):
        raise ValueError(f"names {doubled[0]!r} twice")
    return values


AnyTextColumn = Annotated[TextColumn, BeforeValidator(_text_column)]


class Section(BaseModel):
    """Base of the sections: unknown keys forbidden, never mutated, wrong types not coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class StudySection(Section):
    """`[study]`: what the study is called."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title_en: str
    title_ar: str


class ColumnsSection(Section):
    """`[data.columns]`: what the columns of one's own table are called, where not as here."""

    text: str = "text"
    event: str = "event"
    source: str = "source"
    bloc: str = "bloc"
    language: str = "language"
    doc_id: str = "doc_id"
    title: str = "title"
    date: str = "date"
    url: str = "url"
    text_ar: str = "text_ar"
    text_en: str = "text_en"
    translated_by: str = "translated_by"
    relay_of: str = "relay_of"
    wire_group: str = "wire_group"


class DataSection(Section):
    """`[data]`: the raw tables, or the one table, and the text that is compared."""

    folder: str = "data/raw"
    table: str | None = Field(default=None, description="a corpus of one table: .csv, .tsv, .xlsx, .jsonl or .parquet")
    columns: ColumnsSection = ColumnsSection()
    processed: str = "data/processed"
    reports: str = "reports"
    translations: str = Field(default="data/translations.jsonl", description="what `crossframe translate` writes")
    text: AnyTextColumn = "summary_ar"


class EncoderSection(Section):
    """`[encoder]`: one or more encoders; their vectors are concatenated with equal weight."""

    models: Annotated[list[str], AfterValidator(_some_once)] = ["multilingual-e5-small", "use-multilingual-v3"]
    batch_size: int = Field(default=32, ge=1, description="sentences of usual length that are encoded at a time")
    precision: Precision = Field(default="fp32", description="int8: faster, for multilingual-e5-small alone")


class SpaceSection(Section):
    """`[space]`: what is taken out of the vectors before anything is compared."""

    remove_language_means: bool = True
    language_directions: int = Field(default=0, ge=0, description="directions a language taken out besides")
    centre_events: bool = True
    min_event_documents: int = Field(default=3, ge=2, description="below it an event shows no differences of telling")


class ClusterSection(Section):
    """`[clusters]`: discourse clusters in the full space."""

    k_min: int = Field(default=2, ge=2)
    k_max: int = Field(default=12, ge=2)
    seed: int = Field(default=7, ge=0)
    n_stability: int = Field(default=20, ge=2, description="subsamples and seeds that stability is measured on")

    @model_validator(mode="after")
    def _ordered(self) -> "ClusterSection":
        if self.k_min > self.k_max:
            raise ValueError(f"k_min = {self.k_min} is larger than k_max = {self.k_max}")
        return self


class MapSection(Section):
    """`[map]`: UMAP, for display only."""

    n_neighbors: int = Field(default=15, ge=2)
    min_dist: float = Field(default=0.25, ge=0.0, le=1.0)
    seed: int = Field(default=7, ge=0)


class ContrastSection(Section):
    """`[contrasts]`: the tests, and the family named before looking."""

    n_permutations: int = Field(default=999, ge=99)
    n_bootstrap: int = Field(default=999, ge=99)
    seed: int = Field(default=7, ge=0)
    match_language: bool = Field(default=True, description="match on language too where texts are in several")
    min_documents: int = Field(default=2, ge=2, description="of each bloc in an event that both cover")
    min_events: int = Field(default=2, ge=1, description="shared events that a pair needs")
    primary: list[tuple[str, str]] = []


class TermSection(Section):
    """`[terms]`: the words that mark each bloc."""

    n_terms: int = Field(default=12, ge=1)
    min_documents: int = Field(default=3, ge=1)
    prior: float = Field(default=200.0, gt=0)
    min_z: float = Field(default=1.96, ge=0)


class RobustSection(Section):
    """`[robust]`: placebo splits and the specification grid."""

    n_placebo: int = Field(default=200, ge=20)
    placebo_permutations: int = Field(default=199, ge=99)
    texts: Annotated[list[AnyTextColumn], AfterValidator(_some_once)] = ["summary_ar", "summary_en", "summary_orig"]
    n_directions: int = Field(default=4, ge=1, description="directions a language, where the grid removes them")
    n_power: int = Field(default=100, ge=20, description="corpora with a planted shift, for each size")
    power_sizes: list[Annotated[float, Field(ge=0)]] = Field(default=[0.0, 0.02, 0.05, 0.1, 0.15, 0.2], min_length=2)


class ReportSection(Section):
    """`[report]`: in which languages it is written, and which digits the Arabic one uses."""

    languages: Annotated[list[Literal["en", "ar"]], AfterValidator(_some_once)] = ["en", "ar"]
    numerals: Literal["latin", "arabic-indic"] = Field(default="latin", description="123 or ١٢٣ in Arabic output")


class BlocSection(Section):
    """`[[blocs]]`: one group of outlets, with its colour on every figure.

    In a corpus of one table `sources` may list the sources that belong to it.
    """

    id: str = Field(pattern=r"^\S([^\r\n\t]*\S)?$")
    name_en: str = Field(min_length=1)
    name_ar: str = ""
    colour: Annotated[str, AfterValidator(hex_colour)] = Field(default="", validate_default=False)
    compare: bool = True
    sources: list[str] = []
