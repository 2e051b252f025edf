"""Reading PDFs: pypdf without the half million lines and curves of the figures, which it would take one by one."""

import io
import re

from pypdf import PdfReader
from pypdf.generic import DecodedStreamObject, NameObject

_PATHS = re.compile(rb"(?<=\s)(?:(?:-?[\d.]+ ){2,6}[mlc]\s)+")


def without_paths(pdf: bytes) -> PdfReader:
    """Return the document with its text where it was, and no outlines."""
    reader = PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        content = page.get_contents()
        if content is not None:
            kept = DecodedStreamObject()
            kept.set_data(_PATHS.sub(b"", content.get_data()))
            page[NameObject("/Contents")] = kept
    return reader


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in without_paths(pdf).pages]
