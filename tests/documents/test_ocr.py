"""Reading scanned pages: what two engines agree on, what they do not, and what nobody read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from qcvalidate.documents import Document, Page, Word, images, ocr, open_document
from qcvalidate.documents.ocr import Scan, missing, recognise
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Severity, State

needs_engines = pytest.mark.skipif(missing() is not None, reason=f"to be installed: {missing()}")

SIZE = (612.0, 320.0)
Draw = Callable[[Canvas], None]


def _pdf(draw: Draw) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=SIZE, invariant=True)
    canvas.setFont("Helvetica", 11)
    draw(canvas)
    canvas.save()
    return content.getvalue()


def _drawn(draw: Draw, dpi: float = 200) -> npt.NDArray[np.uint8]:
    """Draw a page, and give its picture in grey."""
    document = pdfium.PdfDocument(_pdf(draw))
    grey = document[0].render(scale=dpi / 72, grayscale=True).to_numpy()
    picture = np.array(grey.reshape(grey.shape[:2]), np.uint8)
    document.close()
    return picture


def _read(picture: npt.NDArray[np.uint8], dpi: float = 200) -> tuple[Page, list[Finding]]:
    return recognise(Scan(picture, (dpi, dpi)), 1, "scan.png")


def _certificate(canvas: Canvas) -> None:
    for row, line in enumerate(
        (
            "Certificate of analysis        Lot number: MSC-2026-0018",
            "Sterility USP <71>: No growth after 14 days",
            "Endotoxin: < 0.05 EU/mL        Turbidity: -",
            "Conclusion: the sample meets the requirements",
            "Viability: 92.5 %",
        )
    ):
        canvas.drawString(60, 280 - 20 * row, line)
    canvas.drawString(60, 100, "Approved by: B. Specimen")


def _scrawl(canvas: Canvas, x: float, y: float) -> None:
    canvas.setLineWidth(1.5)
    path = canvas.beginPath()
    path.moveTo(x, y)
    path.curveTo(x + 20, y + 35, x + 30, y - 25, x + 45, y)
    path.curveTo(x + 60, y + 20, x + 70, y - 25, x + 90, y + 10)
    canvas.drawPath(path)


def _marked(canvas: Canvas) -> None:
    """Draw a raised exponent, a line through a result, a stamp among the text and a signature."""
    _certificate(canvas)
    canvas.drawString(60, 180, "Cells: 1.2 x 10")
    after = 60 + canvas.stringWidth("Cells: 1.2 x 10", "Helvetica", 11)
    canvas.setFont("Helvetica", 7)
    canvas.drawString(after, 184, "6")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 160, "Mycoplasma: negative")
    canvas.line(59, 164, 62 + canvas.stringWidth("Mycoplasma: negative", "Helvetica", 11), 164)
    canvas.drawString(60, 140, "Incubated at 32.5 ± 2.5 for 14 days")
    _scrawl(canvas, 420, 225)
    _scrawl(canvas, 200, 105)


@pytest.fixture(scope="module")
def marked() -> tuple[Page, list[Finding]]:
    if missing() is not None:
        pytest.skip(f"to be installed: {missing()}")
    return _read(_drawn(_marked))


def _word(page: Page, text: str) -> Word:
    return next(word for word in page.words if word.text == text)


def test_a_scanned_value_is_confirmed_by_both_engines(marked: tuple[Page, list[Finding]]) -> None:
    for text in ("MSC-2026-0018", "<", "0.05", "No", "growth", "92.5", "-"):
        word = _word(marked[0], text)
        assert (word.state, word.other) == (State.CONFIRMED, None), text


def test_a_raised_exponent_is_never_a_sure_106(marked: tuple[Page, list[Finding]]) -> None:
    after = [word for word in marked[0].words if word.text.startswith("10")]

    assert after
    assert not any(word.state is State.CONFIRMED and "^" not in word.text for word in after)


def test_a_plus_on_a_bar_is_settled_by_the_ink(marked: tuple[Page, list[Finding]]) -> None:
    assert _word(marked[0], "±").state is State.CONFIRMED
    assert "+" not in [word.text for word in marked[0].words]


def test_a_line_through_a_result_is_seen(marked: tuple[Page, list[Finding]]) -> None:
    struck = {word.text for word in marked[0].words if word.struck}

    assert {"Mycoplasma:", "negative"} <= struck
    assert not struck & {"growth", "0.05", "92.5", "MSC-2026-0018"}
    assert any(finding.slug == "text-struck" for finding in marked[1])


def test_a_mark_that_nobody_read_holds(marked: tuple[Page, list[Finding]]) -> None:
    unread = [finding for finding in marked[1] if finding.slug == "page-unread"]

    assert [finding.severity for finding in unread] == [Severity.HOLD]
    x0, y0, x1, y1 = (float(edge) for edge in str(unread[0].place.region).split(","))
    # The stamp stands 225 points above the foot of a page of 320, between 420 and 510.
    assert 415 < x0 < x1 < 515
    assert 60 < y0 < y1 < 130


@needs_engines
def test_a_clean_page_with_a_signature_is_not_held() -> None:
    def draw(canvas: Canvas) -> None:
        _certificate(canvas)
        _scrawl(canvas, 200, 105)

    _, findings = _read(_drawn(draw))

    assert {(finding.slug, finding.severity) for finding in findings} <= {
        ("page-unread", Severity.WARNING)
    }


@needs_engines
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_that_lies_on_its_side_is_turned(turns: int) -> None:
    picture = np.ascontiguousarray(np.rot90(_drawn(_certificate), turns))

    page, findings = _read(picture)

    assert _word(page, "MSC-2026-0018").state is State.CONFIRMED
    assert (page.width, page.height) == pytest.approx(SIZE, abs=1)
    assert not findings


@needs_engines
def test_rulings_of_a_table_are_found() -> None:
    def draw(canvas: Canvas) -> None:
        _certificate(canvas)
        canvas.grid([60, 200, 340, 500], [140, 160, 180])
        for column, text in enumerate(("Test", "Limit", "Result")):
            canvas.drawString(65 + 140 * column, 165, text)

    page, findings = _read(_drawn(draw))

    level = [box for box in page.rulings if box[2] - box[0] > box[3] - box[1]]
    upright = [box for box in page.rulings if box[2] - box[0] < box[3] - box[1]]
    assert [round(box[1]) for box in sorted(level, key=lambda box: box[1])] == pytest.approx(
        [140, 160, 180], abs=1
    )
    assert sorted(round(box[0]) for box in upright) == pytest.approx([60, 200, 340, 500], abs=1)
    assert not findings


@needs_engines
def test_nothing_in_a_picture_as_coarse_as_a_fax_is_sure() -> None:
    page, findings = _read(_drawn(_certificate, 98), 98)

    assert page.words
    assert not any(word.state is State.CONFIRMED for word in page.words)
    assert [(finding.slug, finding.severity) for finding in findings] == [
        ("page-unread", Severity.WARNING)
    ]


def _opened(content: bytes, folder: Path) -> Document:
    path = folder / "paper.pdf"
    path.write_bytes(content)
    return open_document(path)


def _scanned(canvas: Canvas) -> None:
    from PIL import Image  # noqa: PLC0415

    canvas.drawImage(ImageReader(Image.fromarray(_drawn(_certificate))), 0, 0, *SIZE)


@needs_engines
def test_a_scanned_page_of_a_pdf_is_read_and_its_hidden_text_is_not(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        hidden = canvas.beginText(60, 260)
        hidden.setTextRenderMode(3)
        hidden.textLine("Endotoxin: 0.01 EU/mL")
        canvas.drawText(hidden)
        _scanned(canvas)

    document = _opened(_pdf(draw), tmp_path)

    words = {word.text: word for word in document.pages[0].words}
    assert words["0.05"].state is State.CONFIRMED
    assert {word.origin for word in words.values()} == {"ocr"}
    assert "0.01" not in words
    assert [(finding.slug, finding.severity) for finding in document.findings] == [
        ("text-hidden", Severity.INFORMATION),
        ("page-recognised", Severity.INFORMATION),
    ]


@needs_engines
def test_a_scanned_page_among_pages_of_text_is_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 280, "A page of text")
        canvas.showPage()
        _scanned(canvas)

    document = _opened(_pdf(draw), tmp_path)

    assert [{word.origin for word in page.words} for page in document.pages] == [{"text"}, {"ocr"}]
    assert {found.slug for found in document.findings} == {"page-recognised"}


@needs_engines
def test_a_page_that_would_be_too_large_a_picture_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(5000, 5000), invariant=True)
    canvas.scale(8, 15)
    _scanned(canvas)
    canvas.save()

    with pytest.raises(DocumentError, match="page 1 is 69 x 69 inches") as caught:
        _opened(content.getvalue(), tmp_path)

    assert caught.value.slug == "document-too-large"


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_a_scan_is_refused_where_nothing_can_read_it(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (ocr, images):
        monkeypatch.setattr(module, "missing", lambda: "pip install 'qcvalidate[ocr]'")
    path = tmp_path / f"scan.{kind}"
    path.write_bytes(_pdf(_scanned) if kind == "pdf" else b"\x89PNG\r\n\x1a\n")

    with pytest.raises(DocumentError, match=r"install pip install 'qcvalidate\[ocr\]'") as caught:
        open_document(path)

    assert caught.value.slug == "no-text-layer"
    assert "\n" not in str(caught.value)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    told = missing()

    assert told is not None
    assert "apt install tesseract-ocr" in told
    assert "brew install tesseract" in told


@needs_engines
@pytest.mark.corpus
@pytest.mark.parametrize("stem", ["t01_us_form_fail", "t06_german", "t08_french"])
def test_a_scan_of_the_corpus_has_no_wrong_word_that_is_confirmed(corpus: Path, stem: str) -> None:
    folder = corpus / "certificates" / "synthetic"
    truth = open_document(folder / f"{stem}.pdf")
    printed = "".join(word.text for word in truth.pages[0].words)

    scan = open_document(folder / f"{stem}.scan200.p0.jpg")

    words = scan.pages[0].words
    sure = [word.text for word in words if word.state is State.CONFIRMED]
    assert [text for text in sure if text not in printed] == []
    assert len(sure) >= 0.7 * len(words)
    assert {found.slug for found in scan.findings} == {"page-recognised"}
