"""Opens PDF files: words with their boxes, and ruling lines; pages that are pictures by OCR.

pdfium gives the characters one by one, because its text and its character indices can drift
apart. A word says whether a person can see it and whether a line is struck through it. A page
is turned so that its text stands upright, whatever its `/Rotate` says.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from qcvalidate.documents import Opener
from qcvalidate.documents.annotations import annotation_findings, attachment_findings
from qcvalidate.documents.characters import Run, Turn, runs_of
from qcvalidate.documents.document import Box, Document, Page, Word
from qcvalidate.documents.drawing import Drawing, look_at
from qcvalidate.documents.forms import form_findings, form_words
from qcvalidate.documents.pictures import picture_findings
from qcvalidate.documents.shapes import Glyph, Glyphs, has_own_fonts, mistaken
from qcvalidate.documents.sight import Sight, see
from qcvalidate.documents.signatures import signed_ranges
from qcvalidate.documents.unpacking import check_streams
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

LARGEST_BYTES = 200 * 2**20
MOST_PAGES = 2000

# The font size, in points, under which nobody reads a text on paper.
_TOO_SMALL = 2.0
# Text that is smaller than this is seen, and overlooked.
_SMALL = 4.0
# Two words that share this much of the smaller one's area are printed over one another.
_OVERLAP = 0.4
# How many pairs of words are compared at once.
_MOST_PAIRS = 1_000_000
# So many exchanged characters are enough to see what happened.
_MOST_PAIRS_TOLD = 5
_NO_INK = "covered, cut away, or drawn without ink"


def open_pdf(path: Path, name: str, sha256: str) -> Document:
    """Open one PDF file.

    Raises `DocumentError` when it is damaged, wants a password, is too large or has no text.
    """
    import pypdfium2 as pdfium  # noqa: PLC0415

    _check_frame(path, name)
    check_streams(path, name)
    try:
        pdf = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise _refusal(name, str(error)) from error
    with closing(pdf):
        if len(pdf) > MOST_PAGES:
            raise DocumentError(
                f"{name}: has {len(pdf):,} pages; at most {MOST_PAGES:,} are read",
                slug="document-too-large",
            )
        shown: list[tuple[Glyph, Word]] = []
        with closing(Glyphs(pdfium.raw, pdf.raw, has_own_fonts(path))) as glyphs:
            read = [
                _read_page(pdf, number, name, glyphs, shown) for number in range(1, len(pdf) + 1)
            ]
        findings = [finding for _, found in read for finding in found]
        findings += _shape_findings(shown, name)
        findings += attachment_findings(pdfium.raw, pdf.raw, name)
        signed = signed_ranges(pdfium.raw, pdf.raw)
        has_form = _has_form(pdf)
    pages = tuple(page for page, _ in read)
    if has_form:
        findings += form_findings(path, name)
        pages = _with_words(pages, form_words(path, pages))
    if not any(word.visible for page in pages for word in page.words):
        raise DocumentError(_nothing_seen(name, pages), slug="no-text-layer")
    return Document(
        path,
        name,
        sha256,
        "application/pdf",
        "pages",
        pages=pages,
        findings=tuple(findings),
        signed=signed,
    )


OPENER = Opener((".pdf",), open_pdf)


def _check_frame(path: Path, name: str) -> None:
    """Refuse a file that is no PDF, or of which the end is missing.

    pdfium rebuilds the table of contents of a truncated file and then shows fewer pages.
    """
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise DocumentError(
            f"{name}: is {size:,} bytes; of a PDF at most {LARGEST_BYTES:,} are read",
            slug="document-too-large",
        )
    with path.open("rb") as stream:
        head = stream.read(1024)
        stream.seek(max(0, size - 2048))
        tail = stream.read()
    if b"%PDF-" not in head:
        raise DocumentError(
            f"{name}: is named .pdf but does not begin like a PDF file", slug="document-dishonest"
        )
    if b"%%EOF" not in tail:
        raise DocumentError(
            f"{name}: the end of the PDF file is missing (no %%EOF); upload the whole file",
            slug="pdf-damaged",
        )


def _refusal(name: str, problem: str) -> DocumentError:
    if "password" in problem.lower() or "security" in problem.lower():
        return DocumentError(
            f"{name}: is encrypted and wants a password; ask the laboratory for an open copy",
            slug="pdf-encrypted",
        )
    return DocumentError(
        f"{name}: is damaged and cannot be opened as a PDF; upload the file again",
        slug="pdf-damaged",
    )


def _nothing_seen(name: str, pages: tuple[Page, ...]) -> str:
    from qcvalidate.documents.ocr import missing  # noqa: PLC0415  for pictures alone

    hidden = any(page.words for page in pages)
    why = "what text it has is hidden, as behind a scan" if hidden else "only pictures of text"
    lacking = missing()
    what = f"to read scans, install {lacking}" if lacking else "ask the laboratory for another scan"
    return f"{name}: no text that a person can see could be read ({why}); {what}"


def _read_page(
    pdf: Any, number: int, name: str, glyphs: Glyphs, shown_glyphs: list[tuple[Glyph, Word]]
) -> tuple[Page, list[Finding]]:
    """Read one page; `shown_glyphs` grows by what is drawn on it for the first time."""
    import pypdfium2 as pdfium  # noqa: PLC0415
    from pypdfium2 import raw  # noqa: PLC0415

    try:
        page = pdf[number - 1]
        text = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise DocumentError(
            f"{name}: page {number} is damaged and cannot be read; upload the file again",
            slug="pdf-damaged",
            page=number,
        ) from error
    frame = page.get_bbox()
    runs = runs_of(raw, text.raw)
    drawing = look_at(raw, page.raw, frame)
    most = _most_common_quarter(runs, page.get_rotation())
    turn = Turn(frame, (360 - most) % 360)
    drawn = glyphs.take(page.raw, text.raw, frame, runs, drawing.pictures)
    # From here on pdfium's own text objects are invisible.
    sight = see(raw, page.raw, frame, drawing.texts)
    unseen = [_unseen(raw, text.raw, run, drawing, sight) for run in runs]
    unseen = _overprinted(runs, unseen)
    rulings = tuple(turn.box(ruling) for ruling in drawing.rulings)
    strokes = sorted(
        ((ruling[1] + ruling[3]) / 2, ruling[0], ruling[2])
        for ruling in rulings
        if ruling[3] - ruling[1] < ruling[2] - ruling[0]
    )
    words = []
    for run, hidden in zip(runs, unseen, strict=True):
        box = turn.box(run.box)
        upright = run.angle == most
        struck = upright and (_is_struck(box, strokes) or sight.is_crossed(run.box, run.angle))
        visible = hidden is None
        faint = visible and (0 < run.em < _SMALL or sight.is_pale(run.box))
        words.append(
            Word(
                run.text,
                number,
                box,
                visible=visible,
                struck=struck,
                upright=upright,
                faint=faint,
            )
        )
    glyphs.forget(glyph for glyph in drawn if unseen[glyph.run] is not None)
    shown_glyphs += [(one, words[one.run]) for one in drawn if unseen[one.run] is None]
    seen = Page(number, turn.width, turn.height, tuple(words), rulings)
    reasons = sorted({reason for reason in unseen if reason is not None})
    slanted = [word for run, word in zip(runs, words, strict=True) if run.angle is None]
    findings = [*_word_findings(seen, name, reasons), *_slanted_findings(seen, slanted, name)]
    shown = list(picture_findings(seen, drawing, sight, turn, name))
    noted = list(annotation_findings(raw, page.raw, number, name))
    text.close()
    page.close()
    if shown:
        large = [turn.box(box) for box in drawing.large_images(frame)]
        seen, findings, shown = _with_pictures(pdf, seen, name, large, (findings, shown))
    return seen, findings + shown + noted


def _with_pictures(
    pdf: Any,
    page: Page,
    name: str,
    large: list[Box],
    findings: tuple[list[Finding], list[Finding]],
) -> tuple[Page, list[Finding], list[Finding]]:
    """Read what pictures a page has, where that can be; `findings` are its words' and theirs."""
    from qcvalidate.documents.ocr import missing  # noqa: PLC0415  for pictures alone

    if missing() is not None:
        return page, *findings
    from qcvalidate.documents.scanned import read_pictures, read_scan  # noqa: PLC0415

    of_words, of_pictures = findings
    if not any(word.visible for word in page.words):
        return *read_scan(pdf, page, name), []
    if large:
        page, of_pictures = read_pictures(pdf, page, large, of_pictures, name)
    return page, of_words, of_pictures


def _most_common_quarter(runs: list[Run], rotation: int) -> int:
    quarters = Counter(run.angle for run in runs if run.angle is not None)
    return quarters.most_common(1)[0][0] if quarters else (360 - rotation) % 360


def _unseen(raw: Any, text: Any, run: Run, drawing: Drawing, sight: Sight) -> str | None:
    """Say why a person cannot see a word, or not all of it; None when they can."""
    left, bottom, right, top = run.box
    x, y, frame = (left + right) / 2, (bottom + top) / 2, sight.frame
    if not (frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]):
        return "outside the page"
    if 0 < run.em < _TOO_SMALL:
        return "too small to be read"
    if not sight.is_whole(run.box, run.em, run.angle):
        return "partly covered" if sight.has_ink(run.box) else _NO_INK
    if not drawing.has_late_fills:
        return None
    item = raw.FPDFText_GetTextObject(text, run.indices[0])
    if not drawing.is_laid_over(ctypes.cast(item, ctypes.c_void_p).value, run.box):
        return None
    rect = raw.FS_RECTF()
    for index in run.indices:
        raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rect))
        if not sight.has_ink((rect.left, run.box[1], rect.right, run.box[3])):
            return "partly covered"
    return None


def _overprinted(runs: list[Run], unseen: list[str | None]) -> list[str | None]:
    """Add the words that are printed over one another, of which nobody can say which counts."""
    import numpy as np  # noqa: PLC0415

    found = list(unseen)
    boxes = np.array([run.box for run in runs], np.float32).reshape(-1, 4)
    left, bottom, right, top = boxes.T
    area = (right - left) * (top - bottom)
    at_once = max(1, _MOST_PAIRS // max(1, len(runs)))
    for start in range(0, len(runs), at_once):
        part = slice(start, start + at_once)
        shared = np.minimum(right[part, None], right) - np.maximum(left[part, None], left)
        np.maximum(shared, 0, out=shared)
        high = np.minimum(top[part, None], top) - np.maximum(bottom[part, None], bottom)
        shared *= np.maximum(high, 0, out=high)
        for row, other in np.argwhere(shared > _OVERLAP * np.minimum(area[part, None], area)):
            first, second = runs[start + row], runs[other]
            # A bold letter may be drawn as the same letter twice.
            same = first.angle is None or first.angle != second.angle or first.text == second.text
            if start + row < other and not same:
                for index in (start + row, other):
                    found[index] = found[index] or "under or over other text"
    return found


def _is_struck(box: Box, strokes: list[tuple[float, float, float]]) -> bool:
    """Say whether a horizontal line runs through the middle of a word, not under or over it.

    `strokes` are (y, x0, x1), sorted.
    """
    x0, y0, x1, y1 = box
    upper, lower = y0 + 0.25 * (y1 - y0), y1 - 0.25 * (y1 - y0)
    first, last = bisect_left(strokes, (upper,)), bisect_right(strokes, (lower,))
    return any(
        min(x1, right) - max(x0, left) > 0.3 * (x1 - x0) for _, left, right in strokes[first:last]
    )


def _word_findings(page: Page, name: str, reasons: list[str]) -> Iterator[Finding]:
    hidden = [word for word in page.words if not word.visible]
    if hidden:
        yield Finding(
            "text-hidden",
            Severity.HOLD,
            f"{name} page {page.number}: holds text that a person cannot see "
            f"({', '.join(reasons)}): “{_excerpt(hidden)}”; ask the laboratory for a clean file",
            _place(name, hidden[0]),
        )
    struck = [word for word in page.words if word.struck and word.visible]
    if struck:
        yield Finding(
            "text-struck",
            Severity.HOLD,
            f"{name} page {page.number}: “{_excerpt(struck)}” is struck through; "
            "ask the laboratory for an amended report",
            _place(name, struck[0]),
        )


def _slanted_findings(page: Page, words: list[Word], name: str) -> Iterator[Finding]:
    """Report text across the page; what runs up its margin stands at a quarter turn."""
    seen = [word for word in words if word.visible]
    if seen:
        yield Finding(
            "page-unread",
            Severity.HOLD,
            f"{name} page {page.number}: “{_excerpt(seen)}” is written across the page at a slant "
            "and was not read; ask the laboratory what it means for the report",
            _place(name, seen[0]),
        )


def _shape_findings(shown: list[tuple[Glyph, Word]], name: str) -> Iterator[Finding]:
    """Report characters that look like others on the page; one finding for the document."""
    import pypdfium2 as pdfium  # noqa: PLC0415

    odd = mistaken([glyph for glyph, _ in shown], pdfium)
    if odd:
        first, other = odd[0]
        glyph, word = shown[first]
        pairs = sorted({f"“{other}” for “{shown[place][0].character}”" for place, other in odd})
        more = f" (also {', '.join(pairs[:_MOST_PAIRS_TOLD])})" if len(pairs) > 1 else ""
        yield Finding(
            "text-differs",
            Severity.HOLD,
            f"{name} page {word.page}: in “{word.text}” the page shows something like “{other}” "
            f"where the file's text says “{glyph.character}”{more}; nothing in this file's text "
            "can be trusted; compare it with the page, and ask the laboratory for another copy",
            _place(name, word),
        )


def _excerpt(words: list[Word], longest: int = 80) -> str:
    text = " ".join(word.text for word in words)
    return text if len(text) <= longest else text[:longest] + "…"


def _place(name: str, word: Word) -> Place:
    return Place(name, word.page, ",".join(f"{edge:g}" for edge in word.bbox))


def _has_form(pdf: Any) -> bool:
    from pypdfium2 import raw  # noqa: PLC0415

    return bool(raw.FPDF_GetFormType(pdf.raw) != raw.FORMTYPE_NONE)


def _with_words(pages: tuple[Page, ...], words: list[Word]) -> tuple[Page, ...]:
    return tuple(
        replace(page, words=page.words + tuple(w for w in words if w.page == page.number))
        for page in pages
    )
