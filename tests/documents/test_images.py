from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

pytest.importorskip("PIL", reason="pictures need the extra 'ocr'")
from PIL import Image, ImageDraw, ImageFont

from qcvalidate.documents import Document, open_document
from qcvalidate.documents.ocr import missing
from qcvalidate.errors import DocumentError
from qcvalidate.record import State

pytestmark = pytest.mark.skipif(missing() is not None, reason=f"to be installed: {missing()}")

_LINES = (
    "CERTIFICATE OF ANALYSIS",
    "Lot number: MSC-2026-0018",
    "Sterility USP <71>: No growth",
    "Endotoxin: < 0.05 EU/mL",
    "Viability: 92.5 %",
)


def _page(lines: tuple[str, ...] = _LINES, dpi: int = 200) -> Image.Image:
    """Draw the upper part of a Letter page, with lines of 11 points."""
    page = Image.new("L", (round(8.5 * dpi), 4 * dpi), 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(11 * dpi / 72)
    for row, line in enumerate(lines):
        draw.text((dpi, dpi + row * 0.3 * dpi), line, font=font, fill=0)
    return page


def _text(document: Document, page: int = 0) -> str:
    return " ".join(word.text for word in document.pages[page].words)


def test_a_picture_is_read_by_two_engines(tmp_path: Path) -> None:
    path = tmp_path / "certificate.png"
    _page().save(path, dpi=(200, 200))

    document = open_document(path)

    assert (document.kind, document.media_type) == ("pages", "image/png")
    assert _text(document) == " ".join(_LINES)
    lot = next(word for word in document.pages[0].words if word.text == "MSC-2026-0018")
    assert (lot.state, lot.origin) == (State.CONFIRMED, "ocr")
    assert lot.engine == "rapidocr+tesseract"
    # The second line stands 1.3 inches down a page of 8.5 by 4.
    assert lot.bbox[1] == pytest.approx(1.3 * 72, abs=5)
    assert (document.pages[0].width, document.pages[0].height) == pytest.approx((612, 288), abs=1)
    assert {found.slug for found in document.findings} == {"page-recognised"}


@pytest.mark.parametrize(
    ("suffix", "kind"), [(".jpg", "JPEG"), (".tif", "TIFF"), (".tiff", "TIFF")]
)
def test_every_kind_of_picture_is_read(tmp_path: Path, suffix: str, kind: str) -> None:
    path = tmp_path / f"certificate{suffix}"
    _page().save(path, format=kind, dpi=(200, 200))

    assert "MSC-2026-0018" in _text(open_document(path))


def test_every_page_of_a_fax_is_read(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    first, second = _page(("Page one", *_LINES)), _page(("Page two", *_LINES))
    first.convert("1").save(
        path, save_all=True, append_images=[second.convert("1")], compression="group4"
    )

    document = open_document(path)

    assert [page.number for page in document.pages] == [1, 2]
    assert "one" in _text(document, 0)
    assert "two" in _text(document, 1)


def test_a_picture_taken_sideways_is_turned(tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    _page().rotate(90, expand=True).save(path, exif=exif, dpi=(200, 200))

    assert "MSC-2026-0018" in _text(open_document(path))


def test_transparent_paper_is_white(tmp_path: Path) -> None:
    path = tmp_path / "certificate.png"
    page = _page()
    clear = Image.new("RGBA", page.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=page.point(lambda value: 255 - value))
    clear.save(path, dpi=(200, 200))

    assert "MSC-2026-0018" in _text(open_document(path))


def _png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("width", "height"), [(20_000, 5_001), (2**20, 2**20)])
def test_a_picture_that_is_too_large_is_not_decoded(
    tmp_path: Path, width: int, height: int
) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png(width, height, b"\0" * 1000))

    with pytest.raises(DocumentError, match="million") as caught:
        open_document(path)

    assert caught.value.slug == "document-too-large"


def test_a_picture_with_less_than_its_header_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lying.png"
    path.write_bytes(_png(1700, 2200, b"\0" * 1000))

    with pytest.raises(DocumentError, match="damaged"):
        open_document(path)


@pytest.mark.parametrize(("suffix", "kind"), [(".png", "PNG"), (".jpg", "JPEG"), (".tif", "TIFF")])
def test_a_truncated_picture_is_refused(tmp_path: Path, suffix: str, kind: str) -> None:
    path = tmp_path / f"cut{suffix}"
    _page().save(path, format=kind)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])

    with pytest.raises(DocumentError, match="damaged"):
        open_document(path)


def test_a_jpeg_named_png_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "certificate.png"
    _page().save(path, format="JPEG")

    with pytest.raises(DocumentError, match="is a JPEG file") as caught:
        open_document(path)

    assert caught.value.slug == "document-dishonest"


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "certificate.png"
    path.write_bytes(b"Lot: MSC-2026-0018")

    with pytest.raises(DocumentError, match="no picture") as caught:
        open_document(path)

    assert caught.value.slug == "document-dishonest"


def test_an_empty_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "certificate.png"
    path.touch()

    with pytest.raises(DocumentError, match="empty") as caught:
        open_document(path)

    assert caught.value.slug == "document-empty"


def test_a_blank_page_has_no_words_and_no_findings(tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    _page(()).save(path, dpi=(200, 200))

    document = open_document(path)

    assert not document.pages[0].words
    assert not document.findings
