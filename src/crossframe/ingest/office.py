"""DOCX and PDF to lines, and the guard against archives that unpack to more than they say."""

import io
import logging
import zipfile
from pathlib import Path

from crossframe.errors import InputError
from crossframe.ingest.boilerplate import Line, classify
from crossframe.ingest.decode import read_bytes

MAX_OFFICE_BYTES = 100 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024  # of all members together
MAX_RATIO = 200  # of one member of a megabyte or more; text packs ten- to thirtyfold
MAX_MEMBERS = 10_000
MAX_PAGES = 2000
_SMALL = 1024 * 1024
_ENTITIES = (b"<!DOCTYPE", b"<!ENTITY")
_HEAD = 4096
_SHORT = 0.7  # of the longest line: a line this short ends its paragraph


def open_archive(path: Path) -> bytes:
    """Return the bytes of an Office file after looking at what it would unpack to.

    Raises
    ------
    InputError
        If it is no ZIP container, unpacks to too much, or declares XML entities (Office never does).
    """
    data = read_bytes(path, MAX_OFFICE_BYTES)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(members, path)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as handle:
                        head = handle.read(_HEAD)
                    if any(mark in head for mark in _ENTITIES):
                        raise InputError(
                            "declares XML entities",
                            f"{path}, {member.filename[:80]!r}",
                            "Office files hold none: save it anew.",
                        )
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise InputError(f"is no readable Office file: {error}", str(path), "Open it and save it anew.") from error
    return data


def _check_sizes(members: list[zipfile.ZipInfo], path: Path) -> None:
    total = sum(m.file_size for m in members)
    worst = max((m.file_size / max(1, m.compress_size) for m in members if m.file_size > _SMALL), default=0.0)
    if total > MAX_UNPACKED or worst > MAX_RATIO or len(members) > MAX_MEMBERS:
        raise InputError(
            f"would unpack to {total / 1e6:.0f} MB in {len(members)} parts (up to {worst:.0f} times its size)",
            str(path),
            f"At most {MAX_UNPACKED / 1e6:.0f} MB and {MAX_RATIO} times are read: save it as CSV or text.",
        )


def read_docx(path: Path) -> list[Line]:
    """Return the lines of a DOCX document, tables cell by cell, headers and footers left out."""
    data = open_archive(path)
    import docx
    from docx.table import Table

    lines: list[Line] = []
    try:
        document = docx.Document(io.BytesIO(data))
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                lines += [classify(c) for row in item.rows for cell in row.cells for c in cell.text.split("\n")]
                continue
            style = ((item.style.name if item.style is not None else "") or "").lower()
            heading, bullet = style.startswith(("heading", "title")), style.startswith("list")
            lines += [classify(t, heading=heading, bullet=bullet) for t in item.text.split("\n")]
    except Exception as error:  # a damaged part surfaces as whatever the XML below it lacks
        raise InputError(
            f"is not readable as DOCX: {error}", str(path), "Open it in a word processor and save it anew."
        ) from error
    return lines


def read_pdf(path: Path) -> list[Line]:
    """Return the lines of a PDF's text layer, wrapped lines joined to paragraphs.

    Raises
    ------
    InputError
        If the file is damaged, locked, too long, or holds pictures of pages alone.
    """
    data = read_bytes(path, MAX_OFFICE_BYTES)
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it reports each small fault of a file; the text is what counts
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("is locked by a password", str(path), "Save a copy without one.")
        if len(reader.pages) > MAX_PAGES:
            raise InputError(f"has {len(reader.pages)} pages, at most {MAX_PAGES} are read", str(path), "Split it.")
        pages = [page.extract_text() for page in reader.pages]
    except InputError:
        raise
    except Exception as error:  # damaged files raise anything, from KeyError to RecursionError
        raise InputError(f"is not readable as PDF: {error}", str(path), "Open it and print it to a new PDF.") from error
    text = "\n".join(pages)
    if not text.strip():
        raise InputError("has no text layer", str(path), "It holds pictures of pages: run text recognition first.")
    return [classify(line) for line in join_wrapped(text)]


def join_wrapped(text: str) -> list[str]:
    """Join lines that were broken at the margin: a paragraph ends at a blank, a short line or a full stop there."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    width = max((len(line) for line in lines), default=0)
    out: list[str] = []
    joining = False
    for line in lines:
        if joining and line:
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
        joining = bool(line) and len(line) >= _SHORT * width
    return out
