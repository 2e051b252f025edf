"""Bytes to text: byte-order marks, UTF-16 without one, UTF-8, or the encoding that was named."""

import codecs
from pathlib import Path

from crossframe.errors import InputError

MAX_TABLE_BYTES = 1024 * 1024 * 1024  # beyond it a table belongs in Parquet or in several files
MAX_PAGE_BYTES = 20 * 1024 * 1024  # saved pages with embedded pictures stay below
MAX_LINE = 10_000_000  # characters: no article, no row of a table is longer
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096
_SIGNATURES = (
    (b"%PDF", "a PDF file", ".pdf"),
    (b"PK\x03\x04", "a ZIP container (DOCX, XLSX …)", ".docx or .xlsx"),
    (b"PAR1", "a Parquet file", ".parquet"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", ".docx or .xlsx, saved anew"),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
    (b"\x1f\x8b", "a compressed file", ""),
    (b"\x7fELF", "a program", ""),
    (b"SQLite format 3", "a database", ""),
)


def read_bytes(path: Path, limit: int) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    InputError
        If the file is absent, empty or larger than `limit` bytes.
    """
    if not path.is_file():
        raise InputError("there is no such file", str(path), "Check the path.")
    size = path.stat().st_size
    if size == 0:
        raise InputError("the file is empty", str(path), "Leave it out, or save it again.")
    if size > limit:
        raise InputError(
            f"the file has {size / 1e6:.0f} MB, at most {limit / 1e6:.0f} MB are read", str(path), "Split it."
        )
    return path.read_bytes()


def read_text(path: Path, limit: int, encoding: str = "") -> str:
    """Return a file's text; `encoding` is used where the file carries no byte-order mark."""
    return decode(read_bytes(path, limit), str(path), encoding)


def decode(data: bytes, where: str, encoding: str = "") -> str:
    """Return text from bytes.

    A byte-order mark decides; else the encoding that was named; else UTF-16 where every second byte is zero;
    else UTF-8. Nothing is guessed beyond that: a guessed code page turns Arabic into other Arabic.

    Raises
    ------
    InputError
        If the bytes are no text in that encoding.
    """
    for signature, name, ending in _SIGNATURES:
        if data.startswith(signature):
            remedy = f"Give it the ending {ending}." if ending else "Give a text, a page or a table."
            raise InputError(f"is {name}, not text", where, remedy)
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    chosen = marked or encoding or _unmarked_utf16(data) or "utf-8"
    try:
        text = data.decode(chosen)
    except LookupError as error:
        raise InputError(
            f"there is no encoding {chosen!r}", "--encoding", "Examples: utf-8, windows-1256, windows-1251."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not {chosen.upper()} (byte {error.start})",
            where,
            "Save it as UTF-8, or name its encoding: --encoding windows-1256 (Arabic), windows-1251 …",
        ) from error
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise InputError(
            f"holds NUL characters (the first at character {text.index(chr(0))})",
            where,
            "It is binary or damaged: save it as UTF-8 text.",
        )
    return text


def check_lines(text: str, where: str) -> None:
    """Refuse a line of more than ten million characters.

    Raises
    ------
    InputError
        With the number of the line.
    """
    start, number = 0, 1
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > MAX_LINE:
            raise InputError(
                f"the line has {(end - start) / 1e6:.0f} million characters, at most {MAX_LINE / 1e6:.0f} are read",
                f"{where}, line {number}",
                "Break it into lines: one document a line, or a paragraph a line.",
            )
        start, number = end + 1, number + 1


def _unmarked_utf16(data: bytes) -> str:
    """Return the UTF-16 whose zero bytes stand on one side alone, as spaces and line ends put them."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or max(even, odd) < max(1, len(sample) // 50) or min(even, odd):
        return ""
    name = "utf-16-le" if odd else "utf-16-be"
    try:
        return "" if "\0" in data.decode(name) else name
    except UnicodeDecodeError:
        return ""
