"""Opening PDF files: what a person sees is read, what they do not is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from pypdf.annotations import AnnotationDictionary, Highlight, Line, Link, Rectangle, Text
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)
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


def result(drawn: Drawn) -> Drawn:
    drawn.canvas.drawString(50, 200, "FTM")
    drawn.canvas.drawString(150, 200, "No growth")
    return drawn


@pytest.mark.parametrize("grey", [0, 1], ids=["black", "white"])
def test_text_under_a_box_is_hidden(tmp_path: Path, grey: float) -> None:
    drawn = result(Drawn())
    drawn.canvas.setFillGray(grey)
    drawn.canvas.rect(145, 195, 60, 16, stroke=0, fill=1)

    document = opened(drawn.done(), tmp_path)

    assert texts(document, visible=False) == ["No", "growth"]
    assert "text-hidden" in holds(document)


def test_text_under_a_picture_or_a_form_object_is_hidden(tmp_path: Path) -> None:
    pictured, formed = result(Drawn()), Drawn()
    pictured.canvas.drawImage(picture(10, 10), 145, 195, 60, 16)
    formed.canvas.beginForm("cover")
    formed.canvas.setFillGray(1)
    formed.canvas.rect(0, 0, 60, 16, stroke=0, fill=1)
    formed.canvas.endForm()
    result(formed).canvas.translate(145, 195)
    formed.canvas.doForm("cover")

    assert texts(opened(pictured.done(), tmp_path), visible=False) == ["No", "growth"]
    assert texts(opened(formed.done(), tmp_path), visible=False) == ["No", "growth"]


def test_the_half_and_the_sign_that_are_painted_over_are_hidden(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 250, "HIV")
    drawn.canvas.drawString(50, 200, "non-reactive")
    drawn.canvas.drawString(50, 150, "12.5")
    drawn.canvas.setFillGray(1)
    before = drawn.canvas.stringWidth("12", "Helvetica", 10)
    drawn.canvas.rect(49, 195, 20, 16, stroke=0, fill=1)
    drawn.canvas.rect(50 + before, 147, 2.8, 12, stroke=0, fill=1)

    assert texts(opened(drawn.done(), tmp_path), visible=False) == ["non-reactive", "12.5"]


def test_a_cell_that_is_filled_beside_a_word_hides_nothing(tmp_path: Path) -> None:
    drawn = result(Drawn())
    drawn.canvas.setFillGray(0.8)
    width = drawn.canvas.stringWidth("No growth", "Helvetica", 10)
    drawn.canvas.rect(150 + width + 0.2, 195, 60, 16, stroke=1, fill=1)

    document = opened(drawn.done(), tmp_path)

    assert texts(document, visible=True) == ["FTM", "No", "growth"]
    assert holds(document) == set()


def test_text_that_is_cut_away_is_hidden(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "FTM")
    path = drawn.canvas.beginPath()
    path.rect(0, 0, 2, 2)
    drawn.canvas.clipPath(path, stroke=0)
    drawn.canvas.drawString(150, 200, "No growth")

    assert texts(opened(drawn.done(), tmp_path), visible=False) == ["No", "growth"]


def layered(shown: bool) -> bytes:
    content = io.BytesIO()
    writer = pypdf.PdfWriter(io.BytesIO(result(Drawn()).done()))
    layer = writer._add_object(
        DictionaryObject(
            {NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("one")}
        )
    )
    state = DictionaryObject({NameObject("/ON" if shown else "/OFF"): ArrayObject([layer])})
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): state}
    )
    page = writer.pages[0]
    resources = page["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject)
    resources[NameObject("/Properties")] = DictionaryObject({NameObject("/one"): layer})
    contents = page.get_contents()
    assert contents is not None
    stream = DecodedStreamObject()
    font = b"BT /F1 10 Tf 50 100 Td (sterile) Tj ET"
    stream.set_data(contents.get_data() + b" /OC /one BDC " + font + b" EMC")
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(content)
    return content.getvalue()


def test_text_of_a_layer_that_is_off_is_hidden(tmp_path: Path) -> None:
    assert texts(opened(layered(shown=False), tmp_path), visible=False) == ["sterile"]
    assert texts(opened(layered(shown=True), tmp_path), visible=False) == []


def test_words_printed_over_one_another_are_hidden_and_bold_by_twice_is_not(
    tmp_path: Path,
) -> None:
    over, bold = result(Drawn()), result(Drawn())
    over.canvas.drawString(150, 200.3, "colonies")
    bold.canvas.drawString(150.3, 200, "No growth")

    assert holds(opened(over.done(), tmp_path)) == {"text-hidden"}
    assert holds(opened(bold.done(), tmp_path)) == set()


def _cross(canvas: Canvas) -> None:
    canvas.line(148, 198, 200, 210)


def _bar(canvas: Canvas) -> None:
    canvas.rect(148, 201.5, 54, 3.2, stroke=0, fill=1)


def _wave(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.moveTo(148, 203)
    for x in range(148, 200, 6):
        path.curveTo(x + 2, 206, x + 4, 200, x + 6, 203)
    canvas.drawPath(path)


def _whole_page(canvas: Canvas) -> None:
    canvas.line(0, 50, 400, 280)


@pytest.mark.parametrize("draw", [_cross, _bar, _wave, _whole_page])
def test_whatever_crosses_a_word_strikes_it(tmp_path: Path, draw: Callable[[Canvas], None]) -> None:
    drawn = result(Drawn())
    for y in range(60, 280, 20):
        drawn.canvas.drawString(250, y, "a line of text")
    drawn.canvas.setStrokeColorRGB(1, 0, 0)
    draw(drawn.canvas)

    assert "text-struck" in holds(opened(drawn.done(), tmp_path))


def test_rulings_and_shades_around_a_word_do_not_strike_it(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.setFillGray(0.85)
    drawn.canvas.rect(148, 197, 60, 14, stroke=1, fill=1)
    drawn.canvas.line(170, 190, 170, 220)
    drawn.canvas.setFillGray(0)

    assert holds(opened(result(drawn).done(), tmp_path)) == set()


def test_a_note_at_a_slant_is_not_upright(tmp_path: Path) -> None:
    drawn = result(Drawn())
    drawn.canvas.translate(60, 60)
    drawn.canvas.rotate(20)
    drawn.canvas.drawString(0, 0, "rejected")

    document = opened(drawn.done(), tmp_path)

    assert texts(document, upright=False) == ["rejected"]
    assert holds(document) == {"page-unread"}


def test_a_note_up_the_margin_does_not_hold(tmp_path: Path) -> None:
    drawn = result(Drawn())
    drawn.canvas.rotate(90)
    drawn.canvas.drawString(60, -20, "Form 12, version 3")

    assert holds(opened(drawn.done(), tmp_path)) == set()


def commented(*comments: AnnotationDictionary) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(result(Drawn()).done()))
    for comment in comments:
        writer.add_annotation(0, comment)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


_CORNERS = ArrayObject([FloatObject(v) for v in (150, 210, 200, 210, 150, 198, 200, 198)])


@pytest.mark.parametrize(
    "comment",
    [
        Text(rect=(300, 50, 320, 70), text="see the amended report"),
        Line(p1=(150, 203), p2=(200, 203), rect=(150, 198, 200, 210)),
        Rectangle(rect=(150, 198, 200, 210), interior_color="000000"),
        Line(p1=(150, 250), p2=(200, 250), rect=(150, 245, 200, 255), text="wrong"),
    ],
    ids=["note", "line", "box", "line beside the text"],
)
def test_a_comment_holds(tmp_path: Path, comment: AnnotationDictionary) -> None:
    assert "page-unread" in holds(opened(commented(comment), tmp_path))


def test_what_a_comment_says_is_quoted(tmp_path: Path) -> None:
    note = Text(rect=(300, 50, 320, 70), text="growth on day 13")

    (finding,) = opened(commented(note), tmp_path).findings

    assert "“growth on day 13”" in finding.message


def test_a_plain_highlight_and_a_link_do_not_hold(tmp_path: Path) -> None:
    highlight = Highlight(rect=(150, 198, 200, 210), quad_points=_CORNERS)
    link = Link(rect=(150, 198, 200, 210), url="https://example.org")

    document = opened(commented(highlight, link), tmp_path)

    assert [finding.severity for finding in document.findings] == [Severity.WARNING]


def test_attached_files_hold(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(result(Drawn()).done()))
    writer.add_attachment("growth.txt", b"FTM: growth")
    written = io.BytesIO()
    writer.write(written)

    (finding,) = opened(written.getvalue(), tmp_path).findings

    assert (finding.slug, finding.severity) == ("page-unread", Severity.HOLD)
    assert "growth.txt" in finding.message


def test_raised_exponent_is_one(tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.canvas.drawString(50, 200, "1.2 x 10")
    x = 50 + drawn.canvas.stringWidth("1.2 x 10", "Helvetica", 10)
    drawn.canvas.setFont("Helvetica", 6)
    drawn.canvas.drawString(x, 204, "6")

    assert texts(opened(drawn.done(), tmp_path)) == ["1.2", "x", "10^6"]


def picture(width: int, height: int) -> ImageReader:
    """Give a picture in two colours: one colour shows nothing."""
    image, content = Image.new("RGB", (width, height), (255, 200, 200)), io.BytesIO()
    image.paste((200, 220, 255), (0, 0, width // 2, height))
    image.save(content, "PNG")
    content.seek(0)
    return ImageReader(content)


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


@pytest.mark.parametrize(
    ("place", "slugs"),
    [
        ((300, 250, 60, 30), set()),  # an emblem in the letterhead
        ((20, 10, 60, 30), set()),  # and one at the foot
        ((150, 140, 120, 30), {"page-unread"}),  # a stamp among the text
        ((45, 262, 60, 30), {"page-unread"}),  # behind a word of the letterhead
        ((130, 60, 80, 25), set()),  # a name, signed beside its word
        ((130, 60, 250, 100), {"page-unread"}),  # too large for that
    ],
)
def test_a_picture_holds_unless_it_is_an_emblem_or_a_signature(
    tmp_path: Path, place: tuple[float, float, float, float], slugs: set[str]
) -> None:
    drawn = result(Drawn())
    drawn.canvas.drawImage(picture(20, 10), *place)
    drawn.canvas.drawString(50, 275, "Laboratory")
    drawn.canvas.drawString(50, 70, "Approved by")

    assert holds(opened(drawn.done(), tmp_path)) == slugs


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
        ("signed_tampered.pdf", {"signature-changed", "text-hidden"}),
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
