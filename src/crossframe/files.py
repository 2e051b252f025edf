"""Files: atomic writing, hashing, the cache folder."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs

from crossframe.errors import InputError

CACHE_VARIABLE = "CROSSFRAME_CACHE"
RESULTS, MANIFEST = "results.json", "manifest.json"  # of a folder of reports
_FORMULA = re.compile(r"'*(?:[ \u00a0\ufeff\u200b-\u200f]*[=+\-@＝＋－＠]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?%?")


def cache_dir() -> Path:
    """Return the folder for built models and embeddings, created if absent.

    The environment variable `CROSSFRAME_CACHE` overrides the user's cache directory.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    folder = Path(chosen) if chosen else Path(platformdirs.user_cache_dir("crossframe"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a temporary sibling of `path`; rename it to `path` only if the block succeeds.

    An interruption therefore leaves the old file or none, never half a file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_over(path)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _remove_left_over(path: Path) -> None:
    """Remove the temporary files of `path` whose process was killed before it could."""
    mark = re.compile(rf"\.{re.escape(path.stem)}\.(\d+)\.part{re.escape(path.suffix)}")
    for sibling in path.parent.iterdir():
        if (found := mark.fullmatch(sibling.name)) and not _is_running(int(found[1])):
            sibling.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    if os.name != "posix":
        return True  # asking would end the process there
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def spreadsheet_safe(value: object) -> object:
    """Return a cell that no spreadsheet runs as a formula (OWASP, CSV injection).

    A text that begins with = + - @ (also full-width), a tab or a line end gets an apostrophe before it, unless it is a
    number. Anything that is no text is returned as it is. Every table that is exported goes through this.
    """
    if not isinstance(value, str) or not _FORMULA.match(value) or _NUMBER.fullmatch(value.strip()):
        return value
    return f"'{value}"


def spreadsheet_plain(value: str) -> str:
    """Return the text that `spreadsheet_safe` made `value` of; any other value as it is."""
    if value.startswith("'") and spreadsheet_safe(value[1:]) == value:
        return value[1:]
    return value


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically, with `\\n` line ends on every platform."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes atomically."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


def write_json(path: Path, value: Any) -> None:
    """Write JSON atomically: readable Arabic, two-space indent; NaN and infinity are refused."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def read_json(path: Path, remedy: str) -> dict[str, Any]:
    """Read a file that `write_json` wrote an object to.

    Raises
    ------
    InputError
        With this remedy, if the file is absent or holds no JSON object.
    """
    if not path.is_file():
        raise InputError("there is no such file", str(path), remedy)
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"the file is not JSON: {error}", str(path), remedy) from error
    if not isinstance(value, dict):
        raise InputError("the file holds no JSON object", str(path), remedy)
    return value


def sha256_file(path: Path) -> str:
    """Return the hex SHA-256 of a file, read in blocks so that memory stays flat."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def sha256_text(*parts: str) -> str:
    """Return the hex SHA-256 of several strings, separated so that they cannot run together."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()
