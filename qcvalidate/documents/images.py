"""Opens pictures of pages: PNG, JPEG, and TIFF with one page or several."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from qcvalidate.documents import Opener
from qcvalidate.documents.document import Document
from qcvalidate.documents.ocr import Scan, missing, recognise_all
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST_PIXELS = 100_000_000
MOST_PAGES = 500

# The kinds that Pillow may call a file of each suffix; a phone's JPEG may hold a second picture.
_KINDS = {
    ".png": ("PNG",),
    ".jpg": ("JPEG", "MPO"),
    ".jpeg": ("JPEG", "MPO"),
    ".tif": ("TIFF",),
    ".tiff": ("TIFF",),
}
_MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "TIFF": "image/tiff"}
# What Pillow raises about a file that is not as its format has it.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    struct.error,
    zlib.error,
)
_ORIENTATION = 0x0112
# EXIF: the camera was held on its side, so that across and down change places.
_ON_ITS_SIDE = (5, 6, 7, 8)


def open_image(path: Path, name: str, sha256: str) -> Document:
    """Open one picture, and read its pages with both engines.

    Raises `DocumentError` when it is damaged, too large or not what its name says, or when what
    reads pictures is not installed.
    """
    lacking = missing()
    if lacking is not None:
        raise DocumentError(
            f"{name}: is a picture, and nothing here can read pictures; install {lacking}",
            slug="no-text-layer",
        )
    with _opened(path, name) as (image, kind):
        pages = _page_count(image, kind, name)
        # Every header before any page: nothing is decoded of a file that is refused.
        for number in range(1, pages + 1):
            _turn_to(image, number, name)
        scans = (_scan(image, number, name) for number in range(1, pages + 1))
        read = recognise_all(scans, pages, name)
        return Document(
            path,
            name,
            sha256,
            _MEDIA[kind],
            "pages",
            pages=tuple(page for page, _ in read),
            findings=tuple(finding for _, found in read for finding in found),
        )


OPENER = Opener(tuple(_KINDS), open_image)


def page_scan(path: Path, number: int, name: str) -> Scan:
    """Decode one page of a picture that was opened before."""
    with _opened(path, name) as (image, _):
        return _scan(image, number, name)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[tuple[Any, str]]:
    """Open a picture's header, and give it with what Pillow calls its kind."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    expected = _KINDS[path.suffix.lower()]
    try:
        with warnings.catch_warnings():
            # We have our own bound, and say it.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(path, formats=("PNG", "JPEG", "TIFF"))
    except Image.DecompressionBombError as error:
        raise DocumentError(
            f"{name}: says that it has more than {MOST_PIXELS // 10**6:,} million pixels, which "
            "is the most that we read; scan the page at 200 to 300 dots an inch",
            slug="document-too-large",
        ) from error
    except UnidentifiedImageError as error:
        raise DocumentError(
            f"{name}: is named {path.suffix} but its content is no picture that we know, or is "
            "damaged; upload the file again",
            slug="document-dishonest",
        ) from error
    except _DAMAGE as error:
        raise _damaged(name, error) from error
    kind = str(image.format)
    with closing(image):
        if kind not in expected:
            raise DocumentError(
                f"{name}: is named {path.suffix} but is a {kind} file; give it its right name",
                slug="document-dishonest",
            )
        yield image, kind


def _damaged(name: str, error: Exception) -> DocumentError:
    return DocumentError(
        f"{name}: is damaged and cannot be decoded ({error}); upload the file again",
        slug="document-unreadable",
    )


def _page_count(image: Any, kind: str, name: str) -> int:
    """Give the number of pages; the second picture of a phone's JPEG is a preview."""
    if kind in ("JPEG", "MPO"):
        return 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            count = int(getattr(image, "n_frames", 1))
    except (*_DAMAGE, Warning) as error:
        raise _damaged(name, error) from error
    if kind == "PNG" and count > 1:
        raise DocumentError(
            f"{name}: is an animation of {count:,} pictures, and no page; send the page alone",
            slug="document-dishonest",
        )
    if count > MOST_PAGES:
        raise DocumentError(
            f"{name}: has {count:,} pages; of pictures at most {MOST_PAGES:,} are read",
            slug="document-too-large",
        )
    return count


def _turn_to(image: Any, number: int, name: str) -> None:
    """Go to a page, and refuse it by what its header says of its size."""
    try:
        image.seek(number - 1)
    except _DAMAGE as error:
        raise _damaged(name, error) from error
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise DocumentError(
            f"{name}: page {number} says that it has {width:,} x {height:,} pixels; at most "
            f"{MOST_PIXELS // 10**6:,} million are read; scan it at 200 to 300 dots an inch",
            slug="document-too-large",
            page=number,
        )
    if min(width, height) < 1:
        raise _damaged(name, ValueError(f"page {number} has no pixels"))


def _scan(image: Any, number: int, name: str) -> Scan:
    """Decode one page."""
    from PIL import ImageOps  # noqa: PLC0415

    _turn_to(image, number, name)
    try:
        with warnings.catch_warnings():
            # A page of which Pillow says that something is amiss is not read.
            warnings.simplefilter("error")
            image.load()
            dpi = _dpi(image)
            upright = ImageOps.exif_transpose(image)
    except (*_DAMAGE, Warning) as error:
        raise _damaged(name, error) from error
    return Scan(_grey(upright), dpi)


def _dpi(image: Any) -> tuple[float, float] | None:
    told = image.info.get("dpi")
    if not isinstance(told, tuple) or len(told) != 2:
        return None
    across, down = float(told[0]), float(told[1])
    if image.getexif().get(_ORIENTATION) in _ON_ITS_SIDE:
        return down, across
    return across, down


def _grey(image: Any) -> npt.NDArray[np.uint8]:
    """Give a picture in grey, its transparent parts as white paper."""
    import numpy as np  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    if image.mode.startswith("I;16"):
        # Pillow cuts 16 bits off at 255.
        return cast("npt.NDArray[np.uint8]", (np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        values = np.asarray(image, np.float32)
        high = 65535.0 if values.max(initial=0) > 255 else 255.0
        return cast("npt.NDArray[np.uint8]", np.clip(values / high * 255, 0, 255).astype(np.uint8))
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        full = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", full.size, (255, 255, 255, 255)), full)
    return np.array(image.convert("L"), np.uint8)
