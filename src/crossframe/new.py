"""A study of one's own to start from: an invented example that runs, with a study.toml that explains itself."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from crossframe.errors import InputError
from crossframe.files import atomic_path

STUDY = "study.toml"
EXAMPLE_TABLE = "data/raw/articles.csv"
# what the package carries -> where it goes
_FILES = {
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "articles.csv": EXAMPLE_TABLE,
    "01-look.ipynb": "notebooks/01-look.ipynb",
    STUDY: STUDY,
}
_ID = "my-study"
_PART = re.compile(r"\..+\.\d+\.part(\.\w+)?")  # what `atomic_path` leaves of a process that was killed


def new_study(folder: Path) -> Path:
    """Write the example into a folder that is empty or not there yet; return the path of its study.toml.

    Raises
    ------
    InputError
        If the folder holds anything of somebody else's, or is a file.
    """
    return write_study(folder, example(folder))


def example(folder: Path) -> dict[str, bytes]:
    """Return the files of the example, path in the study -> bytes."""
    texts = {target: carried(source) for source, target in _FILES.items()}
    return {t: (x.replace(_ID, study_id(folder)) if t == STUDY else x).encode() for t, x in texts.items()}


def carried(name: str) -> str:
    """Return a text of the example as the package carries it."""
    return files("crossframe").joinpath("example", name).read_text(encoding="utf-8")


def write_study(folder: Path, contents: Mapping[str, bytes]) -> Path:
    """Write a study's files, study.toml last, so that half a study is not taken for one; return its path.

    A folder that an interrupted call of the same kind has left is gone on with.

    Raises
    ------
    InputError
        If the folder holds anything else, or is a file; nothing is written then.
    """
    check_free(folder, contents)
    for target in sorted(contents, key=lambda name: name == STUDY):
        with atomic_path(folder / target) as temporary:
            temporary.write_bytes(contents[target])
    return folder / STUDY


def check_free(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Refuse a folder that holds more than a beginning of `contents`.

    Raises
    ------
    InputError
        If it is a file, a study already, or holds a file that is not one of these, byte for byte.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError("is a file", str(folder), "Name a folder that does not exist yet.")
    if not folder.exists():
        return
    there = sorted(p for p in folder.rglob("*") if p.is_file() or p.is_symlink())
    begun = {folder / name: data for name, data in contents.items() if name != STUDY}
    if foreign := [p for p in there if not _PART.fullmatch(p.name) and not _same(p, begun.get(p))]:
        raise InputError(
            f"the folder is not empty (it holds {foreign[0].relative_to(folder)}{' and more' if there[1:] else ''})",
            str(folder),
            "Name a folder that does not exist yet; nothing was written.",
        )


def _same(path: Path, data: bytes | None) -> bool:
    return data is not None and path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def study_id(folder: Path) -> str:
    """Return an id made of the folder's name, which may be in any script."""
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or _ID
