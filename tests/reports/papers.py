"""Reads a PDF back as software for the archive and for the blind does."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader


def open_pdf(content: str | bytes) -> PdfReader:
    """Open what a format rendered; a text is no PDF."""
    assert isinstance(content, bytes)
    return PdfReader(io.BytesIO(content), strict=True)


def words(reader: PdfReader) -> str:
    """Give the text of all pages, as one line; words that were broken are whole again."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags(reader: PdfReader) -> Iterator[Any]:
    """Walk the structure tree, in reading order."""
    waiting = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop(0).get_object()
        if not hasattr(element, "get"):
            continue
        if "/S" in element:
            yield element
        kids = element.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        kids = kids if isinstance(kids, list) else [kids]
        waiting[:0] = [kid for kid in kids if not isinstance(kid, int)]


def metadata(reader: PdfReader) -> str:
    """Give the XMP packet."""
    return str(reader.root_object["/Metadata"].get_object().get_data().decode("utf-8"))


def assert_archivable_and_accessible(reader: PdfReader, *, title: str) -> None:
    """Hold a file to what PDF/A-2a and PDF/UA-1 ask of its catalogue, its tags and its fonts."""
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    assert reader.metadata is not None
    assert reader.metadata.title == title
    xmp = metadata(reader)
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<dc:creator><rdf:Seq><rdf:li>qcvalidate</rdf:li>" in xmp
    assert "/Encrypt" not in reader.trailer
    assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(root)
    for page in reader.pages:
        assert "/StructParents" in page
        assert page["/Tabs"] == "/S"
    for font in _fonts(reader):
        descendant = font["/DescendantFonts"][0].get_object()
        assert "/ToUnicode" in font
        assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())
    headings = [int(str(tag["/S"])[2:]) for tag in tags(reader) if str(tag["/S"])[1:2] == "H"]
    assert headings[:1] in ([], [1])
    assert all(after <= before + 1 for before, after in itertools.pairwise(headings))
    assert all(tag.get("/Alt") for tag in tags(reader) if tag["/S"] == "/Figure")


def _fonts(reader: PdfReader) -> Iterator[Any]:
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            yield font.get_object()
