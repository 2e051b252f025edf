"""Engines: what works through the parts of a job, in this process or on a cluster."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from crossframe.encoders import Encoder, load_encoder
from crossframe.errors import InputError
from crossframe.store.job import Job
from crossframe.store.parts import Part, read_parts, write_part
from crossframe.types import FloatArray


class Engine(Protocol):
    """Works through parts of a job; a part is written whole or not at all."""

    def run(self, job: Job, parts: Sequence[int]) -> Iterator[int]:
        """Read, embed and write these parts; yield the number of each once it is there."""
        ...


@dataclass(frozen=True)
class Share:
    """What an engine beyond this process may take: the cluster's address, and the cores of each of its actors."""

    address: str | None = None
    cores: int = 4


class Local:
    """One part after the other, in this process; the encoder uses the machine's cores as it likes."""

    def run(self, job: Job, parts: Sequence[int]) -> Iterator[int]:
        """See `Engine.run`."""
        encoder = load_encoder(job.model)
        for part in read_parts(job.source, job.text_column, job.id_column, job.part_rows, parts):
            embed_part(job, part, encoder)
            yield part.number


def embed_part(job: Job, part: Part, encoder: Encoder) -> None:
    """Embed the texts of a part and write its file."""
    vectors, truncated = encoded(part.texts, encoder, job.batch_size)
    write_part(job.folder, part, job.id_column, vectors, truncated)


def encoded(texts: Sequence[str], encoder: Encoder, batch_size: int) -> tuple[FloatArray, list[bool]]:
    """Return unit rows of shape (len(texts), dimension), float32, and which texts were cut; equal texts count once."""
    distinct = sorted(set(texts), key=lambda text: (len(text), text))  # like lengths pad least
    rows = encoder.encode(distinct, batch_size)
    if len(rows) != len(distinct) or not np.isfinite(rows).all():
        what = f"the encoder returned shape {rows.shape} for {len(distinct)} texts, or numbers that are not finite"
        raise InputError(what, f"encoder {encoder.name!r}")
    cut = encoder.truncated(distinct)
    place = {text: i for i, text in enumerate(distinct)}
    order = [place[text] for text in texts]
    return rows[order], [cut[i] for i in order]


ENGINES = ("local", "ray")


def engine_named(name: str, share: Share | None = None) -> Engine:
    """Return an engine by its name; `share` is for those beyond this process.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in ENGINES:
        raise InputError(f"there is no engine {name!r}", "--engine", f"There are: {', '.join(ENGINES)}.")
    if name == "ray":
        from crossframe.store.on_ray import OnRay

        return OnRay(share or Share())
    return Local()
