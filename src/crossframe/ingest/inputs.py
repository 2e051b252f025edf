"""What is to be read: files and folders in the order given, and the checks that the output is none of them."""

from collections.abc import Sequence
from pathlib import Path

from crossframe import rawtable
from crossframe.errors import InputError

PAGES = (".html", ".htm", ".xhtml", ".txt", ".md", ".docx", ".pdf")
URL_LIST = ".urls"
ENDINGS = (*rawtable.ENDINGS, *PAGES, URL_LIST)


def expand(paths: Sequence[Path], out: Path) -> tuple[list[Path], list[Path]]:
    """Return the files to read and the files of folders that are none of ours.

    Files keep the order given; those of a folder come sorted by name, its own folders included, hidden files and
    links to other folders left out. A file that is reached twice is read once.

    Raises
    ------
    InputError
        If a path is absent or of an ending that is not read, or if `out` is, or lies among, what is read.
    """
    files: dict[Path, Path] = {}
    passed: list[Path] = []
    for path in paths:
        if path.is_dir():
            _refuse_inside(path, out)
            for found in sorted(p for p in path.rglob("*") if p.is_file() and not _is_hidden(p.relative_to(path))):
                if found.suffix.lower() in ENDINGS:
                    files.setdefault(found.resolve(), found)
                else:
                    passed.append(found)
        elif not path.exists():
            raise InputError("there is no such file", str(path), "Check the path.")
        elif path.suffix.lower() not in ENDINGS:
            raise InputError(
                f"cannot read {path.suffix or 'a file without ending'}", str(path), f"Give {', '.join(ENDINGS)}."
            )
        else:
            files.setdefault(path.resolve(), path)
    for path in files.values():
        check_not_input(path, out)
    if paths and not files:
        raise InputError(
            "there is nothing to read in it", str(paths[0]), f"Endings that are read: {', '.join(ENDINGS)}."
        )
    return list(files.values()), passed


def check_not_input(path: Path, out: Path) -> None:
    """Refuse an output that is an input, by name or by a link.

    Raises
    ------
    InputError
        If they are the same file.
    """
    if out.resolve() == path.resolve() or (out.exists() and path.exists() and out.samefile(path)):
        raise InputError("is the table itself" if path.suffix.lower() in rawtable.ENDINGS else "is one of the inputs",
                         f"--out {out}", "Name another file: inputs are not overwritten.")  # fmt: skip


def _refuse_inside(folder: Path, out: Path) -> None:
    """Refuse an output that the next run would read as an input."""
    if out.resolve().is_relative_to(folder.resolve()) and out.suffix.lower() in ENDINGS:
        raise InputError(
            f"lies in {folder}, which is read", f"--out {out}", "Write it elsewhere: a second run would read it."
        )


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
