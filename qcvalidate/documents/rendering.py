"""Draws the pages of a document as pictures, for a person to compare with what was read.

Nothing is read from these pictures.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcvalidate.documents.document import Box, Document, Page, Word
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from qcvalidate.documents.ocr import Scan

    Pixels = npt.NDArray[np.uint8]

# Enough to read eight-point text on a screen, and a tenth of the bytes of a scan.
DOTS_PER_INCH = 110
# A page may say that it is a kilometre wide.
_MOST_PIXELS = 6_000_000
# At which a scan within a PDF is drawn before it is made level; near what it was read at.
_SCAN_DOTS = 225
# At which the way up is looked for, and two pages are compared: a stroke of a letter is seen.
_COARSE_DOTS = 48
# A pixel that is darker than this is ink; the paper of a scan is grey.
_INK = 160
# A pixel whose channels lie this far apart has a colour, and a page that has this many of them.
_COLOURFUL, _COLOURED_SHARE = 40, 0.0005


@dataclass(frozen=True)
class Picture:
    """A page as a PNG file, the way up that it was read, and the page's size in points."""

    png: bytes
    width: float
    height: float


@dataclass(frozen=True)
class _Drawn:
    """A page's pixels, and its size in points."""

    pixels: Pixels
    width: float
    height: float


def page_pictures(
    path: Path, numbers: Sequence[int], document: Document | None = None
) -> dict[int, Picture]:
    """Draw pages of a PDF or a scan by number; one that cannot be drawn has no picture.

    `document` is what was read of it, None where it could not be opened; its words show which
    way up the page was read.
    """
    drawn = _drawn(path, numbers, document)
    return {
        number: Picture(_png(one.pixels), one.width, one.height) for number, one in drawn.items()
    }


def page_strips(
    path: Path, wanted: Sequence[tuple[int, Box]], document: Document
) -> dict[tuple[int, Box], bytes]:
    """Draw parts of pages as PNG files; a part whose page cannot be drawn is not among them."""
    drawn = _drawn(path, sorted({number for number, _ in wanted}), document)
    parts = {(number, box): _part(drawn[number], box) for number, box in wanted if number in drawn}
    return {part: _png(pixels) for part, pixels in parts.items() if pixels.size}


def _part(page: _Drawn, box: Box) -> Pixels:
    down, across = page.pixels.shape[0] / page.height, page.pixels.shape[1] / page.width
    left, top, right, bottom = (max(0.0, side) for side in box)
    rows = slice(round(top * down), round(bottom * down))
    return page.pixels[rows, round(left * across) : round(right * across)]


def _drawn(path: Path, numbers: Sequence[int], document: Document | None) -> dict[int, _Drawn]:
    pages = {page.number: page for page in document.pages} if document else {}
    if path.suffix.lower() == ".pdf":
        return _drawn_pdf(path, numbers, pages)
    if document is not None and document.media_type.startswith("image/"):
        return _drawn_scan(path, [pages[number] for number in numbers if number in pages])
    return {}


def _drawn_pdf(path: Path, numbers: Sequence[int], pages: Mapping[int, Page]) -> dict[int, _Drawn]:
    import pypdfium2 as pdfium  # noqa: PLC0415

    try:
        pdf = pdfium.PdfDocument(path)
    except (pdfium.PdfiumError, OSError):
        return {}
    found = {}
    with closing(pdf):
        pdf.init_forms()
        for number in numbers:
            if not 1 <= number <= len(pdf):
                continue
            try:
                found[number] = _drawn_page(pdf[number - 1], pages.get(number))
            except pdfium.PdfiumError:
                continue
    return found


def _drawn_scan(path: Path, pages: Sequence[Page]) -> dict[int, _Drawn]:
    from qcvalidate.documents.images import page_scan  # noqa: PLC0415 - for scans alone

    found = {}
    for page in pages:
        try:
            scan = page_scan(path, page.number, path.name)
        except DocumentError:
            continue
        found[page.number] = _levelled(scan, page)
    return found


def page_count(path: Path) -> int:
    """Count the pages of a PDF; 0 where it cannot be opened, or is of another format."""
    import pypdfium2 as pdfium  # noqa: PLC0415

    if path.suffix.lower() != ".pdf":
        return 0
    try:
        with closing(pdfium.PdfDocument(path)) as pdf:
            return len(pdf)
    except (pdfium.PdfiumError, OSError):
        return 0


def looks_as_before(path: Path, end: int) -> bool:
    """Say whether every page looks as it did when the file had only its first `end` bytes.

    False where it cannot be drawn.
    """
    import pypdfium2 as pdfium  # noqa: PLC0415

    with path.open("rb") as stream:
        before = stream.read(end)
    try:
        with closing(pdfium.PdfDocument(before)) as old, closing(pdfium.PdfDocument(path)) as new:
            old.init_forms()
            new.init_forms()
            return len(old) == len(new) and all(
                _looks_alike(old[index], new[index]) for index in range(len(old))
            )
    except pdfium.PdfiumError:
        return False


def _looks_alike(one: Any, other: Any) -> bool:
    first, second = _pixels(one, _COARSE_DOTS, 0), _pixels(other, _COARSE_DOTS, 0)
    one.close()
    other.close()
    return first.shape == second.shape and bool((first == second).all())


def _drawn_page(page: Any, read: Page | None) -> _Drawn:
    if read is not None and _is_scan(read):
        grey = _pixels(page, _SCAN_DOTS, 0)[:, :, 1]
        page.close()
        from qcvalidate.documents.ocr import Scan  # noqa: PLC0415 - scans alone

        return _levelled(Scan(grey, (_SCAN_DOTS, _SCAN_DOTS)), read)
    turn = _turn(page, read) if read else 0
    pixels = _pixels(page, DOTS_PER_INCH, turn)
    width, height = page.get_size()
    if turn in (90, 270):
        width, height = height, width
    if read is not None:
        width, height = read.width, read.height
    page.close()
    return _Drawn(pixels, width, height)


def _is_scan(read: Page) -> bool:
    """Say whether a page was read as a picture, and so made level first."""
    return bool(read.words) and all(word.origin == "ocr" for word in read.words)


def _levelled(scan: Scan, read: Page) -> _Drawn:
    """Give a scan as it was read: turned upright and made level."""
    import numpy as np  # noqa: PLC0415

    def direction(grey: Pixels) -> tuple[int, bool]:
        height, width = grey.shape
        step = max(1, round(width / read.width))
        return _best_turn(np.dstack([grey[::step, ::step]] * 3), (width, height), read), True

    from qcvalidate.documents.ocr.picture import prepare  # noqa: PLC0415 - scans alone

    prepared = prepare(scan.grey, scan.dpi, direction)
    grey = prepared.grey
    step = max(1, round(prepared.dpi / DOTS_PER_INCH))
    height, width = (side // step for side in grey.shape)
    blocks = grey[: height * step, : width * step].reshape(height, step, width, step)
    smaller = blocks.mean(axis=(1, 3)).astype(np.uint8)
    return _Drawn(np.dstack([smaller] * 3), read.width, read.height)


def _turn(page: Any, read: Page) -> int:
    """Find the quarter turn at which a page was read, whatever its `/Rotate` says."""
    return _best_turn(_pixels(page, _COARSE_DOTS, 0), page.get_size(), read)


def _best_turn(pixels: Pixels, size: tuple[float, float], read: Page) -> int:
    """Find the quarter turn under which the words that were read lie on the page's ink."""
    # Of a scan only the proportions are known.
    scale = ((read.width * read.height) / max(1e-6, size[0] * size[1])) ** 0.5
    width, height = size[0] * scale, size[1] * scale
    words = [word for word in read.words if word.visible and word.upright] or list(read.words)
    fits = {
        0: abs(width - read.width) + abs(height - read.height),
        90: abs(height - read.width) + abs(width - read.height),
    }
    turns = [t for t in (0, 180, 90, 270) if fits[t % 180] < 2 + min(fits.values())]
    if not words:
        return turns[0]
    return max(turns, key=lambda turn: _ink_under(_turned(pixels, turn), read, words))


def _turned(pixels: Pixels, degrees: int) -> Pixels:
    import numpy as np  # noqa: PLC0415

    return np.rot90(pixels, -degrees // 90)


def _ink_under(pixels: Pixels, read: Page, words: Iterable[Word]) -> int:
    """Count the pixels of ink inside the words' boxes."""
    import numpy as np  # noqa: PLC0415

    ink = pixels.min(axis=2) < _INK
    down, across = ink.shape[0] / read.height, ink.shape[1] / read.width
    under = np.zeros(ink.shape, dtype=bool)
    for word in words:
        x0, y0, x1, y1 = word.bbox
        rows = slice(max(0, round(y0 * down)), max(0, round(y1 * down)) + 1)
        under[rows, max(0, round(x0 * across)) : max(0, round(x1 * across)) + 1] = True
    return int((ink & under).sum())


def _pixels(page: Any, dots: int, turn: int) -> Pixels:
    """Draw a page, turned clockwise from the way that a viewer shows it; (rows, columns, RGB)."""
    import numpy as np  # noqa: PLC0415

    width, height = page.get_size()
    scale = dots / 72
    area = max(1.0, width * height) * scale * scale
    if area > _MOST_PIXELS:
        scale *= (_MOST_PIXELS / area) ** 0.5
    bitmap = page.render(scale=scale, rotation=turn, rev_byteorder=True)
    # The bitmap's own memory is freed with it.
    pixels = np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
    bitmap.close()
    return pixels


def _png(pixels: Pixels) -> bytes:
    """Write a PNG of 16 greys, or of 216 colours where the page has any."""
    import numpy as np  # noqa: PLC0415

    height, width, _ = pixels.shape
    spread = pixels.max(axis=2).astype(np.int16) - pixels.min(axis=2)
    if (spread > _COLOURFUL).mean() > _COLOURED_SHARE:
        steps = (pixels.astype(np.uint16) * 5 + 127) // 255
        lines = (steps[:, :, 0] * 36 + steps[:, :, 1] * 6 + steps[:, :, 2]).astype(np.uint8)
        cube = [51 * step for step in range(6)]
        palette = bytes(level for r in cube for g in cube for b in cube for level in (r, g, b))
        return _written(width, height, (8, 3), lines, {b"PLTE": palette})
    grey = pixels[:, :, 1].astype(np.uint16)
    levels = ((grey * 15 + 127) // 255).astype(np.uint8)
    levels = np.pad(levels, ((0, 0), (0, width % 2)))
    packed = ((levels[:, ::2] << 4) | levels[:, 1::2]).astype(np.uint8)
    return _written(width, height, (4, 0), packed, {})


def _written(
    width: int, height: int, kind: tuple[int, int], lines: Pixels, more: Mapping[bytes, bytes]
) -> bytes:
    import numpy as np  # noqa: PLC0415

    # Every line of a PNG begins with the number of its filter, here none.
    filtered = np.pad(lines, ((0, 0), (1, 0)))
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, *kind, 0, 0, 0),
        **more,
        b"IDAT": zlib.compress(filtered.tobytes(), 9),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, told) for name, told in chunks.items())


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))
