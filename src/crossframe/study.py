"""The study's documents as columns: ids, events, blocs, outlets, languages, in one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crossframe.codes import CODES
from crossframe.config import StudyConfig
from crossframe.config_sections import SpaceSection
from crossframe.corpus import CODEBOOK, TEXTS, independent, load_corpus, segments, text_slot
from crossframe.embed import embed
from crossframe.encoders import Encoder
from crossframe.errors import InputError
from crossframe.files import sha256_file
from crossframe.frames import Frame, load_codebook
from crossframe.space import adjust, concatenated, language_free, nearest_rows
from crossframe.types import Corpus, Document, Embedded, FloatArray, Segment, Space

# files in the folder of the raw tables that sections of study and vectors read for themselves
READ_BESIDES = (CODEBOOK, CODES)


@dataclass(frozen=True)
class Study:
    """A corpus under a configuration: the independent documents and their labels."""

    config: StudyConfig
    corpus: Corpus
    documents: tuple[Document, ...]
    set_aside: dict[str, str]

    @classmethod
    def load(cls, config: StudyConfig) -> "Study":
        """Read the corpus and keep one copy of each wire story; blocs that study.toml does not list come from it."""
        corpus = load_corpus(config)
        kept, set_aside = independent(corpus.documents)
        if not config.blocs:
            config = config.with_blocs(sorted({o.bloc for o in corpus.outlets.values()}))
        return cls(config, corpus, tuple(kept), set_aside)

    @cached_property
    def texts(self) -> list[str]:
        """The text columns that every document has."""
        return [c for c in TEXTS if all(getattr(d, text_slot(d, c)) is not None for d in self.documents)]

    @property
    def skipped(self) -> list[dict[str, str]]:
        """What cannot be done with these texts, and why."""
        lacking = sum(d.summary_ar is None for d in self.documents)
        if not lacking:
            return []
        reason = (
            f"{lacking} of {len(self.documents)} documents have no Arabic text; "
            "give one in the table, or let crossframe translate fill it"
        )
        return [{"part": "terms", "reason": reason}]

    @property
    def all_means(self) -> bool:
        """Whether there are neutral sentences in every language that occurs."""
        return {d.language for d in self.documents} <= set(self.corpus.parallel)

    @property
    def ids(self) -> list[str]:
        """Document ids."""
        return [d.doc_id for d in self.documents]

    @property
    def events(self) -> list[str]:
        """Event id of each document."""
        return [d.event_id for d in self.documents]

    @property
    def blocs(self) -> list[str]:
        """Bloc id of each document."""
        return [self.corpus.bloc(d) for d in self.documents]

    @property
    def outlets(self) -> list[str]:
        """Outlet id of each document."""
        return [d.outlet_id for d in self.documents]

    @property
    def languages(self) -> list[str]:
        """Language of each document's page."""
        return [d.language for d in self.documents]

    def text_languages(self, column: str) -> list[str]:
        """Language of that text of each document; where a document lacks the text it is another of its texts."""
        spoken = {s.doc_id: s.language for s in self.segments(column)}
        return [spoken[doc_id] for doc_id in self.ids]

    def labels(self, rows: Sequence[int]) -> dict[str, list[str]]:
        """Event, bloc and language of the page of the documents at these positions."""
        return {
            "event": pick(self.events, rows),
            "bloc": pick(self.blocs, rows),
            "language": pick(self.languages, rows),
        }

    @property
    def summaries(self) -> list[str]:
        """Arabic summary of each document, empty where it has none."""
        return [d.summary_ar or "" for d in self.documents]

    @property
    def outlet_names(self) -> list[str]:
        """All Arabic names and aliases of all outlets."""
        return [n for o in self.corpus.outlets.values() for n in (o.name_ar, *o.aliases.split(";"))]

    @cached_property
    def compared(self) -> list[int]:
        """Positions of the documents whose bloc enters the statistics."""
        blocs = set(self.config.compared_blocs)
        return [i for i, b in enumerate(self.blocs) if b in blocs]

    @cached_property
    def matched(self) -> list[int]:
        """Positions of the documents that can be compared within their event.

        Their event has at least `space.min_event_documents` documents of two or more blocs; alone in an
        event, a document is its event's mean and nothing is left of it after centring.
        """
        members: dict[str, list[str]] = {}
        for event, bloc in zip(self.events, self.blocs, strict=True):
            members.setdefault(event, []).append(bloc)
        least = self.config.space.min_event_documents
        return [i for i, e in enumerate(self.events) if len(members[e]) >= least and len(set(members[e])) > 1]

    def segments(self, column: str) -> list[Segment]:
        """Return one text of every document as sentences; a text is split once."""
        if column not in self._segments:
            self._segments[column] = segments(self.documents, column)
        return self._segments[column]

    @cached_property
    def _segments(self) -> dict[str, list[Segment]]:
        return {}

    @cached_property
    def frames(self) -> list[Frame] | None:
        """The frames of the codebook; None without one."""
        path = self.config.raw / CODEBOOK
        return load_codebook(path) if path.is_file() else None

    @cached_property
    def by_id(self) -> dict[str, Document]:
        """The documents by their id."""
        return {d.doc_id: d for d in self.documents}


def pick(values: Sequence[str], rows: Sequence[int]) -> list[str]:
    """Return the values at these positions."""
    return [values[i] for i in rows]


class Vectors:
    """The study's texts as vectors, by one or more encoders; everything goes through the cache."""

    def __init__(self, study: Study, encoders: Sequence[Encoder]) -> None:
        """Keep the study and the encoders; nothing is embedded yet."""
        self.study, self.encoders = study, list(encoders)
        self.embedded: dict[str, list[Embedded]] = {}
        self._parallel: list[dict[str, FloatArray]] | None = None

    @property
    def parallel(self) -> list[dict[str, FloatArray]]:
        """One mapping an encoder: language -> vectors of the parallel sentences."""
        if self._parallel is None:
            columns = self.study.corpus.parallel
            self._parallel = []
            for part in self._embed_parallel():
                pieces = np.split(part.vectors.astype(np.float64), len(columns))
                self._parallel.append(dict(zip(columns, pieces, strict=True)))
        return self._parallel

    def _embed_parallel(self) -> list[Embedded]:
        return self._embed("parallel", [text for rows in self.study.corpus.parallel.values() for text in rows])

    def _embed(self, name: str, texts: Sequence[str]) -> list[Embedded]:
        if name not in self.embedded:
            size = self.study.config.encoder.batch_size
            self.embedded[name] = [embed(texts, encoder, size) for encoder in self.encoders]
        return self.embedded[name]

    def space(self, column: str, settings: SpaceSection | None = None, only: Sequence[int] | None = None) -> Space:
        """Return the documents in the comparison space, by one of their texts.

        Parameters
        ----------
        column
            `summary_ar`, `summary_en` or `summary_orig`.
        settings
            Adjustments instead of those of study.toml.
        only
            Positions of the encoders to use instead of all.
        """
        study = self.study
        parts = study.segments(column)
        use = range(len(self.encoders)) if only is None else only
        embedded = self._embed(column, [s.text for s in parts])
        return adjust(
            [embedded[i] for i in use],
            [self.parallel[i] for i in use],
            [s.language for s in parts],
            [s.doc_id for s in parts],
            study.ids,
            study.events,
            settings or study.config.space,
        )

    @property
    def inputs(self) -> list[object]:
        """Everything that decides a result of study and vectors: settings, corpus, encoders, files read besides."""
        study = self.study
        corpus = study.corpus
        files = [study.config.raw / name for name in READ_BESIDES]
        return [
            study.config.fingerprint(),
            *(corpus.events, corpus.outlets, corpus.documents, corpus.parallel),
            [e.fingerprint for e in self.encoders],
            {path.name: sha256_file(path) for path in files if path.is_file()},
        ]

    def truncated(self) -> dict[str, int]:
        """Count, by encoder, the texts that are longer than it reads, neutral sentences included."""
        self._embed_parallel()
        for column in self.study.texts:
            self._embed(column, [s.text for s in self.study.segments(column)])
        parts = [part for rows in self.embedded.values() for part in rows]
        return {
            e.fingerprint: sum(p.n_truncated for p in parts if p.fingerprint == e.fingerprint) for e in self.encoders
        }

    def adjusted(self, name: str, texts: Sequence[str], languages: Sequence[str]) -> FloatArray:
        """Return any texts as unit rows of the comparison space, language taken out."""
        return self._free([part.vectors for part in self._embed(name, texts)], languages)

    def neutral(self, language: str) -> FloatArray:
        """Return the parallel sentences of one language as unit rows of the comparison space."""
        rows = [sentences[language] for sentences in self.parallel]
        return self._free(rows, [language] * len(rows[0]))

    def _free(self, rows: Sequence[FloatArray], languages: Sequence[str]) -> FloatArray:
        settings = self.study.config.space
        return concatenated(
            [
                language_free(part, languages, sentences, settings.remove_language_means, settings.language_directions)
                for part, sentences in zip(rows, self.parallel, strict=True)
            ]
        )


def own_text_retrieval(vectors: Vectors) -> list[tuple[str, int, int]]:
    """Return (language, found, documents): how many Arabic summaries find their own text among all.

    English is looked for by every document, the page's own language by those that are in another one;
    the candidates are the English texts of all documents, or the original-language texts of all.
    """
    documents = vectors.study.documents
    for column in ("summary_ar", "summary_en"):
        if column not in vectors.study.texts:
            what = f"not every document has the text {vectors.study.config.label(column)}"
            raise InputError(what, "--retrieval", "`crossframe translate` fills missing texts.")
    arabic = vectors.space("summary_ar").language_free
    nearest = {
        column: nearest_rows(arabic, vectors.space(column).language_free) for column in ("summary_en", "summary_orig")
    }
    out = [("en", int(sum(j == i for i, j in enumerate(nearest["summary_en"]))), len(documents))]
    abroad = sorted({d.language for d in documents if d.summary_orig is not None})
    for language in abroad:
        rows = [i for i, d in enumerate(documents) if d.language == language]
        out.append((language, int(sum(nearest["summary_orig"][i] == i for i in rows)), len(rows)))
    return out
