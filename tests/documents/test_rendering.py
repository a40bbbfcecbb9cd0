from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from qcvalidate.documents import Document, Page, open_document
from qcvalidate.documents.rendering import page_count, page_pictures

LETTER = (612, 792)


def certificate(path: Path, turned: int = 0, colour: tuple[int, int, int] = (0, 0, 0)) -> Path:
    """Write a page that is read upright, stored turned by quarters."""
    canvas = Canvas(str(path), pagesize=LETTER)
    canvas.setFillColorRGB(*colour)
    if turned == 90:
        # The text runs up the stored page, and /Rotate lays it flat.
        canvas.setPageRotation(90)
        canvas.rotate(90)
        canvas.translate(0, -612)
    if turned == 180:
        # The text stands on its head, and no /Rotate says so.
        canvas.rotate(180)
        canvas.translate(-612, -792)
    canvas.setFont("Helvetica", 14)
    canvas.drawString(72, 500, "Lot: MSC-2026-0018")
    canvas.showPage()
    canvas.save()
    return path


def greys(png: bytes) -> tuple[int, int, list[bytes]]:
    """Read a PNG of four-bit greys that has one IDAT chunk and no filters: width, height, lines."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (4, 0)
    start = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[start - 4 : start])
    content = zlib.decompress(png[start + 4 : start + 4 + length])
    row = (width + 1) // 2 + 1
    return width, height, [content[at + 1 : at + row] for at in range(0, len(content), row)]


def is_dark(picture_lines: list[bytes], page: Page, width: int, height: int, text: str) -> bool:
    """Say whether there is ink where a word was read."""
    word = next(word for word in page.words if word.text == text)
    x0, y0, x1, y1 = word.bbox
    across, down = width / page.width, height / page.height
    levels = [
        (line[x // 2] >> (4 if x % 2 == 0 else 0)) & 15
        for line in picture_lines[int(y0 * down) : int(y1 * down)]
        for x in range(int(x0 * across), int(x1 * across))
    ]
    return min(levels) < 8


@pytest.mark.parametrize("turned", [0, 90, 180])
def test_the_picture_stands_as_the_words_were_read(tmp_path: Path, turned: int) -> None:
    path = certificate(tmp_path / "a.pdf", turned)
    document = open_document(path)

    picture = page_pictures(path, [1], document)[1]

    page = document.pages[0]
    assert (picture.width, picture.height) == (page.width, page.height)
    width, height, lines = greys(picture.png)
    assert width / height == pytest.approx(page.width / page.height, rel=0.01)
    assert is_dark(lines, page, width, height, "MSC-2026-0018")


def test_a_page_with_colour_keeps_it(tmp_path: Path) -> None:
    path = certificate(tmp_path / "a.pdf", colour=(1, 0, 0))

    png = page_pictures(path, [1])[1].png

    depth, kind = struct.unpack(">BB", png[24:26])
    assert (depth, kind) == (8, 3)
    assert b"PLTE" in png


def test_a_page_that_is_not_there_has_no_picture(tmp_path: Path) -> None:
    path = certificate(tmp_path / "a.pdf")

    assert page_pictures(path, [0, 2]) == {}


def test_a_damaged_file_has_no_pictures(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 nothing more")

    assert page_pictures(path, [1]) == {}
    assert page_count(path) == 0


def test_a_file_of_another_format_has_no_pictures(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("lot,test\n", "utf-8")
    document = Document(path, "a.csv", "", "text/csv", "table")

    assert page_pictures(path, [1], document) == {}
    assert page_count(path) == 0


def test_a_page_of_a_kilometre_is_drawn_small(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=(14000, 14000))
    canvas.drawString(72, 500, "Lot")
    canvas.save()

    width, height = struct.unpack(">II", page_pictures(path, [1])[1].png[16:24])

    assert width * height < 6_100_000


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_scan_is_drawn_upright_and_level_as_it_was_read(tmp_path: Path, turned: int) -> None:
    for needed in ("PIL.Image", "cv2"):
        pytest.importorskip(needed, reason="pip install 'qcvalidate[ocr]' for scans")
    pdfium = pytest.importorskip("pypdfium2")
    original = certificate(tmp_path / "a.pdf")
    read = open_document(original).pages[0]
    with pdfium.PdfDocument(original) as pdf:
        drawn = pdf[0].render(scale=200 / 72, grayscale=True).to_pil()
    path = tmp_path / "a.png"
    drawn.rotate(turned, expand=True, fillcolor=255).save(path, dpi=(200, 200))
    words = tuple(replace(word, origin="ocr") for word in read.words)
    page = replace(read, words=words)
    document = Document(path, "a.png", "", "image/png", "pages", pages=(page,))

    picture = page_pictures(path, [1], document)[1]

    width, height, lines = greys(picture.png)
    assert width / height == pytest.approx(page.width / page.height, rel=0.01)
    assert is_dark(lines, page, width, height, "MSC-2026-0018")
