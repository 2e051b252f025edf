"""The study's description: study.toml -> StudyConfig, refused with file, key and remedy when wrong."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from crossframe.colours import hex_colour, palette
from crossframe.config_faults import explained
from crossframe.errors import InputError
from crossframe.files import sha256_text

STUDY_FILE = "study.toml"
TextColumn = Literal["summary_ar", "summary_en", "summary_orig"]
Precision = Literal["fp32", "int8"]
# what the same texts are called in a corpus of one table
_ALIASES: dict[str, TextColumn] = {"text": "summary_orig", "text_ar": "summary_ar", "text_en": "summary_en"}


def _text_column(value: object) -> object:
    """Take `text`, `text_ar` and `text_en` for the columns that they stand for."""
    column = _ALIASES.get(value, value) if isinstance(value, str) else value
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


class StudyConfig(Section):
    """The whole study. `root` is the folder of study.toml; relative paths start there."""

    root: Path
    study: StudySection
    data: DataSection = DataSection()
    encoder: EncoderSection = EncoderSection()
    space: SpaceSection = SpaceSection()
    clusters: ClusterSection = ClusterSection()
    map: MapSection = MapSection()
    contrasts: ContrastSection = ContrastSection()
    terms: TermSection = TermSection()
    robust: RobustSection = RobustSection()
    report: ReportSection = ReportSection()
    blocs: list[BlocSection] = []

    @model_validator(mode="before")
    @classmethod
    def _one_table(cls, values: dict[str, Any]) -> dict[str, Any]:
        """In a corpus of one table the texts are compared as they are, unless study.toml says otherwise."""
        data, robust = values.get("data"), values.get("robust", {})
        if isinstance(data, dict) and data.get("table") and isinstance(robust, dict):
            return {**values, "data": {"text": "text", **data}, "robust": {"texts": ["text"], **robust}}
        return values

    @field_validator("blocs")
    @classmethod
    def _dressed(cls, blocs: list[BlocSection]) -> list[BlocSection]:
        """Give blocs the names and colours that study.toml leaves out."""
        wanted = palette(len(blocs))
        dress = [
            {"name_ar": b.name_ar or b.name_en, "colour": b.colour or c} for b, c in zip(blocs, wanted, strict=True)
        ]
        return [b.model_copy(update=update) for b, update in zip(blocs, dress, strict=True)]

    @model_validator(mode="after")
    def _known_blocs(self) -> "StudyConfig":
        ids = [b.id for b in self.blocs]
        sources = [s for b in self.blocs for s in b.sources]
        if not ids and self.data.table is None:
            raise ValueError("there are no [[blocs]]; list one or more")
        if sources and self.data.table is None:
            raise ValueError("blocs list sources, which is for a corpus of one table (data.table); see outlets.csv")
        if doubled := sorted({s for s in sources if sources.count(s) > 1}):
            raise ValueError(f"sources stand in two blocs: {', '.join(doubled)}")
        if doubled := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"bloc ids are used twice: {', '.join(doubled)}")
        if ids:  # where there are none, every source is one, and `with_blocs` comes back to this
            self._check_primary(ids)
        return self

    def _check_primary(self, ids: list[str]) -> None:
        compared = set(self.compared_blocs)
        pairs = [frozenset(pair) for pair in self.contrasts.primary]
        for pair in self.contrasts.primary:
            if pair[0] == pair[1] or pairs.count(frozenset(pair)) > 1:
                raise ValueError(f"contrasts.primary names the pair {list(pair)} twice, or one bloc against itself")
            if set(pair) <= set(ids) and not set(pair) <= compared:
                raise ValueError(f"contrasts.primary names {list(pair)}, but one of them has compare = false")
            for name in pair:
                if name not in ids:
                    where = "[[blocs]] does not list" if self.data.table is None else f"is none of: {', '.join(ids)}"
                    raise ValueError(f"contrasts.primary names the bloc {name!r}, which {where}")

    def with_blocs(self, ids: Sequence[str]) -> "StudyConfig":
        """Return the same study with these blocs, each called by its id.

        Raises
        ------
        InputError
            If a pair of `contrasts.primary` is not among them.
        """
        blocs = [BlocSection(id=i, name_en=i) for i in ids]
        try:
            return StudyConfig(**{**dict(self), "blocs": blocs})
        except ValidationError as error:
            raise InputError(
                explained(error, StudyConfig), str(self.root / STUDY_FILE), "Mend these keys and run again."
            ) from error

    @property
    def raw(self) -> Path:
        """Folder of the raw tables."""
        return self.root / self.data.folder

    @property
    def table(self) -> Path | None:
        """The one table of the corpus, None in a study of four tables."""
        return None if self.data.table is None else self.root / self.data.table

    @property
    def place(self) -> Path:
        """Where the documents stand: the one table, or the folder of the four."""
        return self.table or self.raw

    def label(self, column: TextColumn) -> str:
        """Return what a text column is called in this study."""
        back = {column: alias for alias, column in _ALIASES.items()}
        return column if self.data.table is None else back[column]

    @property
    def processed(self) -> Path:
        """Folder of the derived tables."""
        return self.root / self.data.processed

    @property
    def translations(self) -> Path:
        """File of machine translations, which need not be there."""
        return self.root / self.data.translations

    @property
    def compared_blocs(self) -> list[str]:
        """Ids of the blocs that enter the statistics, in the order of study.toml."""
        return [b.id for b in self.blocs if b.compare]

    def fingerprint(self) -> str:
        """Hash of every setting (not of where the study lies on disk)."""
        return sha256_text(self.model_dump_json(exclude={"root"}))


def find_study(study: Path) -> Path:
    """Return the path of study.toml, given it or its folder.

    Raises
    ------
    InputError
        If there is no such file.
    """
    path = study / STUDY_FILE if study.is_dir() else study
    if not path.is_file():
        raise InputError(
            "there is no such study file",
            str(path),
            f"Give a {STUDY_FILE} or the folder that holds one, for example: crossframe run .",
        )
    return path


def load_config(study: Path) -> StudyConfig:
    """Read and check a study.toml.

    Raises
    ------
    InputError
        On a missing file, broken TOML, an unknown key, a wrong type or value, or a missing data folder;
        all faults of the file are named at once.
    """
    path = find_study(study)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not valid TOML: {error}", str(path), "Mend the line named and run again.") from error
    if "root" in values:
        raise InputError("unknown key 'root'", str(path), "Remove it: the folder of the file is the root.")
    # a pair in TOML is a list; strict mode would refuse it where a tuple is declared
    contrasts = values.get("contrasts")
    if isinstance(contrasts, dict) and isinstance(contrasts.get("primary"), list):
        contrasts["primary"] = [tuple(p) if isinstance(p, list) else p for p in contrasts["primary"]]
    try:
        config = StudyConfig(root=path.parent.resolve(), **values)
    except ValidationError as error:
        raise InputError(explained(error, StudyConfig), str(path), "Mend these keys and run again.") from error
    if config.table is None and not config.raw.is_dir():
        raise InputError(
            f"the folder of raw tables does not exist: {config.raw}",
            f"{path}, key data.folder",
            "Create it or name another folder, relative to the study file.",
        )
    return config
