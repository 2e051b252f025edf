"""Embeddings of any number of texts: Parquet in, Parquet out, part by part."""

from crossframe.store.engines import ENGINES, Engine, Share, engine_named
from crossframe.store.job import Job, open_store
from crossframe.store.parts import part_path

__all__ = ["ENGINES", "Engine", "Job", "Share", "engine_named", "open_store", "part_path"]
