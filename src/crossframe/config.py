"""The study's description: study.toml -> StudyConfig, refused with file, key and remedy when wrong."""

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from crossframe.errors import InputError
from crossframe.files import sha256_text

STUDY_FILE = "study.toml"
TextColumn = Literal["summary_ar", "summary_en", "summary_orig"]


def _hex_colour(value: str) -> str:
    if len(value) != len("#rrggbb") or value[0] != "#" or not set(value[1:].lower()) <= set("0123456789abcdef"):
        raise ValueError("is not a colour of the form #rrggbb")
    return value


class Section(BaseModel):
    """Base of the sections: unknown keys forbidden, never mutated, wrong types not coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class StudySection(Section):
    """`[study]`: what the study is called."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title_en: str
    title_ar: str


class DataSection(Section):
    """`[data]`: the folder of raw tables and the text that is compared."""

    folder: str = "data/raw"
    processed: str = "data/processed"
    reports: str = "reports"
    translations: str = Field(default="data/translations.jsonl", description="what `crossframe translate` writes")
    text: TextColumn = "summary_ar"


class EncoderSection(Section):
    """`[encoder]`: one or more encoders; their vectors are concatenated with equal weight."""

    models: list[str] = Field(default=["multilingual-e5-small", "use-multilingual-v3"], min_length=1)
    batch_size: int = Field(default=32, ge=1)


class SpaceSection(Section):
    """`[space]`: what is taken out of the vectors before anything is compared."""

    remove_language_means: bool = True
    centre_events: bool = True
    min_event_documents: int = Field(default=3, ge=2, description="below it an event shows no differences of telling")


class ClusterSection(Section):
    """`[clusters]`: discourse clusters in the full space."""

    k_min: int = Field(default=2, ge=2)
    k_max: int = Field(default=12, ge=2)
    seed: int = Field(default=7, ge=0)

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
    seed: int = Field(default=7, ge=0)
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
    texts: list[TextColumn] = ["summary_ar", "summary_en"]


class BlocSection(Section):
    """`[[blocs]]`: one group of outlets, with its colour on every figure."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    name_en: str
    name_ar: str
    colour: Annotated[str, AfterValidator(_hex_colour)]
    compare: bool = True


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
    blocs: list[BlocSection] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_blocs(self) -> "StudyConfig":
        ids = [b.id for b in self.blocs]
        if doubled := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"bloc ids are used twice: {', '.join(doubled)}")
        compared = set(self.compared_blocs)
        pairs = [frozenset(pair) for pair in self.contrasts.primary]
        for pair in self.contrasts.primary:
            if pair[0] == pair[1] or pairs.count(frozenset(pair)) > 1:
                raise ValueError(f"contrasts.primary names the pair {list(pair)} twice, or one bloc against itself")
            if set(pair) <= set(ids) and not set(pair) <= compared:
                raise ValueError(f"contrasts.primary names {list(pair)}, but one of them has compare = false")
            for name in pair:
                if name not in ids:
                    raise ValueError(f"contrasts.primary names the bloc {name!r}, which [[blocs]] does not list")
        return self

    @property
    def raw(self) -> Path:
        """Folder of the raw tables."""
        return self.root / self.data.folder

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
        raise InputError(_explain(error), str(path), "Mend these keys and run again.") from error
    if not config.raw.is_dir():
        raise InputError(
            f"the folder of raw tables does not exist: {config.raw}",
            f"{path}, key data.folder",
            "Create it or name another folder, relative to the study file.",
        )
    return config


def _explain(error: ValidationError) -> str:
    """Turn pydantic's list into one line a fault: the key, the value, what is wrong."""
    lines = []
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"]) or "(whole file)"
        if fault["type"] == "extra_forbidden":
            lines.append(f"unknown key '{key}'{_suggestion(fault['loc'])}")
        elif fault["type"] == "missing":
            lines.append(f"key '{key}' is missing")
        else:
            message = fault["msg"].removeprefix("Value error, ")
            lines.append(f"key '{key}': {message}" + ("" if not fault["loc"] else f", got {fault['input']!r}"))
    return "; ".join(lines)


def _suggestion(location: tuple[int | str, ...]) -> str:
    """Return ", did you mean …?" for the nearest known key of the section, or nothing."""
    fields = StudyConfig.model_fields
    if len(location) > 1:
        section = fields.get(str(location[0]))
        annotation = getattr(section, "annotation", None)
        if location[0] == "blocs":
            annotation = BlocSection
        fields = getattr(annotation, "model_fields", {})
    near = difflib.get_close_matches(str(location[-1]), list(fields), n=1)
    return f" (did you mean '{near[0]}'?)" if near else f" (known: {', '.join(k for k in fields if k != 'root')})"
