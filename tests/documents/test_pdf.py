"""Opening PDF files: what a person sees is read, what they do not is told."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from qcvalidate.documents import Document, open_document
from qcvalidate.errors import DocumentError
from qcvalidate.record import Severity

SIZE = (400.0, 300.0)


class Drawn:
    """A PDF drawn in memory; y counts from the bottom, as PDF does."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self.canvas = Canvas(self._bytes, pagesize=SIZE, invariant=True)
        self.canvas.setFont("Helvetica", 10)

    def done(self) -> bytes:
        self.canvas.save()
        return self._bytes.getvalue()


def opened(content: bytes, folder: Path) -> Document:
    path = folder / "paper.pdf"
    path.write_bytes(content)
    return open_document(path)


def texts(document: Document, **wanted: bool) -> list[str]:
    return [
        word.text
        for page in document.pages
        for word in page.words
        if all(getattr(word, name) is value for name, value in wanted.items())
    ]


def holds(document: Document) -> set[str]:
    return {finding.slug for finding in document.findings if finding.severity is Severity.HOLD}


def refusal(content: bytes, folder: Path) -> str:
    with pytest.raises(DocumentError) as raised:
        opened(content, folder)
    return raised.value.slug


def test_word_has_its_box_in_points_from_the_top_left(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Lot A-12")
    width = drawn.canvas.stringWidth("Lot", "Helvetica", 10)

    document = opened(drawn.done(), tmp_path)

    word = document.pages[0].words[0]
    assert (word.text, word.page) == ("Lot", 1)
    # The baseline is 100 points from the top; letters go 8.5 over and 2.2 under it.
    assert word.bbox == pytest.approx((50, 91.5, 50 + width, 102.2), abs=0.2)
    assert texts(document) == ["Lot", "A-12"]
    assert document.findings == ()


def test_lines_and_rectangles_are_rulings(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(60, 210, "x1")
    drawn.canvas.rect(50, 200, 100, 20)
    drawn.canvas.line(50, 150, 250, 150)

    rulings = opened(drawn.done(), tmp_path).pages[0].rulings

    assert len(rulings) == 5
    assert any(r == pytest.approx((50, 150, 250, 150), abs=1) for r in rulings)
    assert any(r == pytest.approx((50, 80, 50, 100), abs=1) for r in rulings)


def test_rulings_inside_a_form_object_stand_where_they_are_seen(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.beginForm("grid")
    drawn.canvas.rect(0, 0, 100, 20)
    drawn.canvas.endForm()
    drawn.canvas.drawString(10, 10, "x1")
    drawn.canvas.translate(50, 200)
    drawn.canvas.doForm("grid")

    rulings = opened(drawn.done(), tmp_path).pages[0].rulings

    assert any(r == pytest.approx((50, 100, 150, 100), abs=1) for r in rulings)


def turned(content: bytes, degrees: int) -> bytes:
    """Set `/Rotate`; reportlab's own way exchanges the sides of the page besides."""
    writer = pypdf.PdfWriter(io.BytesIO(content))
    writer.pages[0].rotate(degrees)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_page_is_turned_until_its_text_stands_upright(tmp_path: Path, rotation: int) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Lot A-12")

    document = opened(turned(drawn.done(), rotation), tmp_path)

    assert (document.pages[0].width, document.pages[0].height) == SIZE
    assert document.pages[0].words[0].bbox[:2] == pytest.approx((50, 91.5), abs=0.2)


def test_landscape_text_on_a_rotated_page(tmp_path: Path) -> None:
    # As scanners' and spreadsheets' printers do it: text drawn upwards, and /Rotate 90.
    drawn = Drawn()
    drawn.canvas.rotate(90)
    drawn.canvas.setFont("Helvetica", 10)
    drawn.canvas.drawString(30, -100, "Lot A-12")

    document = opened(turned(drawn.done(), 90), tmp_path)

    page = document.pages[0]
    assert (page.width, page.height) == (300, 400)
    assert page.words[0].bbox[:2] == pytest.approx((30, 91.5), abs=0.2)
    assert texts(document, upright=True) == ["Lot", "A-12"]


def test_watermark_is_not_upright(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Certificate of Analysis")
    drawn.canvas.translate(100, 50)
    drawn.canvas.rotate(45)
    drawn.canvas.drawString(0, 0, "DRAFT")

    document = opened(drawn.done(), tmp_path)

    assert texts(document, upright=False) == ["DRAFT"]


def test_text_drawn_invisibly_is_hidden(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Growth")
    hidden = drawn.canvas.beginText(50, 180)
    hidden.setTextRenderMode(3)
    hidden.textLine("No growth")
    drawn.canvas.drawText(hidden)

    document = opened(drawn.done(), tmp_path)

    assert texts(document, visible=True) == ["Growth"]
    assert texts(document, visible=False) == ["No", "growth"]
    assert holds(document) == {"text-hidden"}


def test_white_text_on_white_is_hidden_and_on_blue_is_not(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Growth")
    drawn.canvas.setFillColorRGB(0.1, 0.2, 0.5)
    drawn.canvas.rect(50, 90, 100, 20, stroke=0, fill=1)
    drawn.canvas.setFillColorRGB(1, 1, 1)
    drawn.canvas.drawString(60, 95, "Result")
    drawn.canvas.drawString(50, 150, "sterile")

    document = opened(drawn.done(), tmp_path)

    assert texts(document, visible=True) == ["Growth", "Result"]
    assert texts(document, visible=False) == ["sterile"]
    assert holds(document) == {"text-hidden"}


def test_transparent_text_is_hidden(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Growth")
    drawn.canvas.setFillAlpha(0)
    drawn.canvas.drawString(50, 150, "sterile")

    assert texts(opened(drawn.done(), tmp_path), visible=False) == ["sterile"]


def test_tiny_text_is_hidden(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Growth")
    drawn.canvas.setFont("Helvetica", 1)
    drawn.canvas.drawString(50, 150, "sterile")

    assert texts(opened(drawn.done(), tmp_path), visible=False) == ["sterile"]


def test_text_outside_the_page_is_hidden(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Growth")
    drawn.canvas.drawString(450, 200, "sterile")

    assert "sterile" not in texts(opened(drawn.done(), tmp_path), visible=True)


def test_line_through_a_word_strikes_it(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "growth")
    drawn.canvas.line(48, 203, 84, 203)
    drawn.canvas.drawString(50, 150, "underlined")
    drawn.canvas.line(48, 148, 100, 148)

    document = opened(drawn.done(), tmp_path)

    assert texts(document, struck=True) == ["growth"]
    assert holds(document) == {"text-struck"}


def test_raised_exponent_is_one(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "1.2 x 10")
    x = 50 + drawn.canvas.stringWidth("1.2 x 10", "Helvetica", 10)
    drawn.canvas.setFont("Helvetica", 6)
    drawn.canvas.drawString(x, 204, "6")

    assert texts(opened(drawn.done(), tmp_path)) == ["1.2", "x", "10^6"]


def picture(width: int, height: int) -> ImageReader:
    image = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(image, "PNG")
    image.seek(0)
    return ImageReader(image)


def test_page_of_a_picture_among_pages_of_text_is_told(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "page one")
    drawn.canvas.showPage()
    drawn.canvas.drawImage(picture(40, 30), 0, 0, *SIZE)

    document = opened(drawn.done(), tmp_path)

    assert holds(document) == {"page-unread"}
    assert [f.place.page for f in document.findings] == [2]


def test_logo_is_no_unread_page_and_a_large_picture_is(tmp_path: Path) -> None:
    small, large = Drawn(), Drawn()
    small.canvas.drawString(50, 200, "text")
    small.canvas.drawImage(picture(10, 10), 300, 250, 50, 30)
    large.canvas.drawString(50, 200, "text")
    large.canvas.drawImage(picture(10, 10), 50, 20, 300, 150)

    assert holds(opened(small.done(), tmp_path)) == set()
    assert holds(opened(large.done(), tmp_path)) == {"page-unread"}


def test_scan_has_no_text_layer(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawImage(picture(40, 30), 0, 0, *SIZE)

    assert refusal(drawn.done(), tmp_path) == "no-text-layer"


def test_scan_with_invisible_text_behind_it_has_none_either(tmp_path: Path) -> None:
    drawn = Drawn()
    hidden = drawn.canvas.beginText(50, 180)
    hidden.setTextRenderMode(3)
    hidden.textLine("No growth")
    drawn.canvas.drawText(hidden)
    drawn.canvas.drawImage(picture(40, 30), 0, 0, *SIZE)

    assert refusal(drawn.done(), tmp_path) == "no-text-layer"


def test_truncated_file_is_damaged(tmp_path: Path) -> None:
    drawn = Drawn()
    for number in range(5):
        drawn.canvas.drawString(50, 200, f"page {number}")
        drawn.canvas.showPage()
    content = drawn.done()

    for length in (20, len(content) // 2, len(content) - 10):
        assert refusal(content[:length], tmp_path) == "pdf-damaged"


def test_other_content_named_pdf_is_dishonest(tmp_path: Path) -> None:
    assert refusal(b"PK\x03\x04 this is a workbook", tmp_path) == "document-dishonest"


def encrypted(user: str) -> bytes:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Lot A-12")
    writer = pypdf.PdfWriter(io.BytesIO(drawn.done()))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_user_password_is_refused_and_owner_password_is_not_asked_for(tmp_path: Path) -> None:
    assert refusal(encrypted("secret"), tmp_path) == "pdf-encrypted"
    assert texts(opened(encrypted(""), tmp_path)) == ["Lot", "A-12"]


def test_form_fields_are_told_with_their_values(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Result")
    drawn.canvas.acroForm.textfield(name="result", value="No growth", x=120, y=195, width=100)
    drawn.canvas.acroForm.checkbox(name="fail", checked=True, x=120, y=100)

    document = opened(drawn.done(), tmp_path)

    assert holds(document) == {"form-field"}
    message = document.findings[0].message
    assert "result = “No growth”" in message
    assert "fail" in message
    assert [w.text for w in document.pages[0].words if w.origin == "form"] == ["No", "growth"]


def test_too_many_pages_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcvalidate.documents.pdf.MOST_PAGES", 2)
    drawn = Drawn()
    for _ in range(3):
        drawn.canvas.drawString(50, 200, "page")
        drawn.canvas.showPage()

    assert refusal(drawn.done(), tmp_path) == "document-too-large"


def test_control_characters_do_not_come_through(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "Lot\u200b A\u00ad-12")

    joined = " ".join(texts(opened(drawn.done(), tmp_path)))

    assert all(character.isprintable() for character in joined)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("acroform.pdf", {"form-field"}),
        ("enc_owner.pdf", set()),
        ("hidden.pdf", {"text-hidden"}),
        ("rot90.pdf", set()),
        ("signed.pdf", set()),
        ("signed_tampered.pdf", {"document-dishonest"}),
        ("struck.pdf", {"text-struck"}),
    ],
)
def test_hard_files_of_the_corpus(corpus: Path, name: str, slugs: set[str]) -> None:
    assert holds(open_document(corpus / "certificates" / "hard" / name)) == slugs


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "slug"), [("enc_user.pdf", "pdf-encrypted"), ("trunc.pdf", "pdf-damaged")]
)
def test_hard_files_of_the_corpus_that_are_refused(corpus: Path, name: str, slug: str) -> None:
    with pytest.raises(DocumentError) as raised:
        open_document(corpus / "certificates" / "hard" / name)

    assert raised.value.slug == slug
