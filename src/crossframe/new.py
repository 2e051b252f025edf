"""A study of one's own to start from: an invented example that runs, with a study.toml that explains itself."""

import re
from importlib.resources import files
from pathlib import Path

from crossframe.errors import InputError
from crossframe.files import write_text

# what the package carries -> where it goes; study.toml last, so that half a study is not taken for one
_FILES = {
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "articles.csv": "data/raw/articles.csv",
    "01-look.ipynb": "notebooks/01-look.ipynb",
    "study.toml": "study.toml",
}
_ID = "my-study"


def new_study(folder: Path) -> Path:
    """Write a study into a folder that is empty or not there yet; return the path of its study.toml.

    Raises
    ------
    InputError
        If the folder holds anything, or is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError("is a file", str(folder), "Name a folder that does not exist yet.")
    if folder.exists() and (there := sorted(p.name for p in folder.iterdir())):
        raise InputError(
            f"the folder is not empty (it holds {there[0]}{' and more' if len(there) > 1 else ''})",
            str(folder),
            "Name a folder that does not exist yet; nothing was written.",
        )
    for source, target in _FILES.items():
        text = files("crossframe").joinpath("example", source).read_text(encoding="utf-8")
        write_text(folder / target, text.replace(_ID, study_id(folder)) if source == "study.toml" else text)
    return folder / "study.toml"


def study_id(folder: Path) -> str:
    """Return an id made of the folder's name, which may be in any script."""
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or _ID
