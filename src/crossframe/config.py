"""The study's description: study.toml -> StudyConfig, refused with file, key and remedy when wrong."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator

from crossframe.colours import palette
from crossframe.config_faults import explained
from crossframe.config_sections import (
    ALIASES,
    BlocSection,
    ClusterSection,
    ContrastSection,
    DataSection,
    EncoderSection,
    MapSection,
    ReportSection,
    RobustSection,
    Section,
    SpaceSection,
    StudySection,
    TermSection,
    TextColumn,
)
from crossframe.errors import InputError
from crossframe.files import sha256_text

STUDY_FILE = "study.toml"


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
    blocs: list[BlocSection] = Field(default=[])

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
        back = {column: alias for alias, column in ALIASES.items()}
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
