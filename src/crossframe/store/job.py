"""What is to be embedded, and the manifest that a folder of parts is bound to."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossframe import __version__
from crossframe.errors import InputError
from crossframe.files import sha256_file, write_json
from crossframe.store.parts import part_path

MANIFEST = "manifest.json"
PART_ROWS = 2048  # texts of a part: what a kill can cost at most
_SAME = {
    "input_sha256": "input",
    "n_rows": "input",
    "text_column": "text column",
    "id_column": "id column",
    "fingerprint": "model",
    "part_rows": "size of the parts",
}


@dataclass(frozen=True)
class Job:
    """A table, its columns, a model and a folder; everything an engine needs, and nothing that cannot be sent.

    Attributes
    ----------
    source
        The .parquet table.
    folder
        Of the parts.
    text_column, id_column
        Columns of the texts and of what they are called by.
    model
        See `crossframe.encoders.load_encoder`.
    n_rows, part_rows
        Rows of the table, and of each part but the last.
    batch_size
        Texts encoded at a time; the vectors do not depend on it.
    """

    source: Path
    folder: Path
    text_column: str
    id_column: str
    model: str
    n_rows: int
    part_rows: int = PART_ROWS
    batch_size: int = 32

    @property
    def n_parts(self) -> int:
        """Number of parts of the whole table."""
        return -(-self.n_rows // self.part_rows)

    def missing(self) -> list[int]:
        """Return the numbers of the parts that are not there yet, ascending."""
        return [i for i in range(self.n_parts) if not part_path(self.folder, i).is_file()]


def open_store(job: Job, fingerprint: str) -> None:
    """Bind the job's folder to its input and model, or check that it is bound to the same ones.

    Raises
    ------
    InputError
        If the folder holds vectors of another input or model, or files that are no store's.
    """
    wanted = _manifest(job, fingerprint)
    path = job.folder / MANIFEST
    if path.is_file():
        _check(_read(path), wanted, job)
        return
    if job.folder.exists() and (not job.folder.is_dir() or any(job.folder.iterdir())):
        raise InputError(
            "is there and no store of embeddings", str(job.folder), "Choose a folder that is new or empty."
        )
    write_json(path, wanted)


def _manifest(job: Job, fingerprint: str) -> dict[str, Any]:
    return {
        "input": job.source.name,
        "input_sha256": sha256_file(job.source),
        "n_rows": job.n_rows,
        "text_column": job.text_column,
        "id_column": job.id_column,
        "model": job.model,
        "fingerprint": fingerprint,
        "part_rows": job.part_rows,
        "n_parts": job.n_parts,
        "crossframe": __version__,
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not a store's manifest: {error}", str(path), "Choose another folder.") from error
    if not isinstance(found, dict):
        raise InputError("is not a store's manifest", str(path), "Choose another folder.")
    return found


def _check(found: dict[str, Any], wanted: dict[str, Any], job: Job) -> None:
    changed = sorted({name for key, name in _SAME.items() if found.get(key) != wanted[key]})
    if changed:
        was = f"they are of {found.get('input')} by {found.get('model')}"
        what = f"the vectors in this folder were made with another {' and another '.join(changed)}; {was}"
        raise InputError(what, str(job.folder), "Choose another folder, or give the same input and options.")
