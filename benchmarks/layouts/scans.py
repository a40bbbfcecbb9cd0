"""Makes a scan of a certificate: its pages as pictures, spoilt as copiers and telephones do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

Page = Callable[[Image.Image, np.random.Generator], Image.Image]


def scan(path: Path, kind: str, rng: Random) -> Path:
    """Render a PDF and spoil its pages in one of `KINDS`; gives the picture beside it.

    One page is a PNG or JPEG, several are a TIFF: what a scanner would write.
    """
    dots, spoil, suffix, options = KINDS[kind]
    noise = np.random.default_rng(rng.randrange(2**32))
    with closing(pdfium.PdfDocument(path)) as pdf:
        pages = [spoil(page.render(scale=dots / 72).to_pil().convert("RGB"), noise) for page in pdf]
    several = len(pages) > 1 and suffix != ".tif"
    made = path.with_name(f"{path.stem}.{kind}{'.tif' if several else suffix}")
    if several:
        options = {"compression": "tiff_lzw"}
    pages[0].save(
        made,
        dpi=(dots, 98 if kind == "fax" else dots),
        **options,
        **({"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}),
    )
    return made


def _clean(page: Image.Image, _: np.random.Generator) -> Image.Image:
    return page


def _office(page: Image.Image, noise: np.random.Generator) -> Image.Image:
    turned = page.rotate(0.7, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    return _grained(turned.filter(ImageFilter.GaussianBlur(0.6)), noise, 8).convert("L")


def _fax(page: Image.Image, noise: np.random.Generator) -> Image.Image:
    # 204 dots an inch across and 98 down: the standard resolution of group 3.
    flat = (
        page.convert("L").rotate(0.3, fillcolor=255).resize((page.width, page.height * 98 // 204))
    )
    return (
        _grained(flat, noise, 14).convert("L").point(lambda value: 255 * (value > 140)).convert("1")
    )


def _phone(page: Image.Image, noise: np.random.Generator) -> Image.Image:
    turned = page.rotate(
        1.6, expand=True, fillcolor=(236, 234, 230), resample=Image.Resampling.BICUBIC
    )
    width, height = turned.size
    lean = 0.012
    # Each corner leans in by its own amount, as for a page that is held askew.
    corners = (0, 0, -lean * width, height, width * (1 + lean), height * (1 - lean / 2), width, 0)
    bent = turned.transform(
        turned.size,
        Image.Transform.QUAD,
        corners,
        Image.Resampling.BICUBIC,
        fillcolor=(236, 234, 230),
    )
    values = np.asarray(bent, dtype=np.float32)
    faded = 60 + values * 0.7
    shadow = np.linspace(1.0, 0.78, width, dtype=np.float32)[None, :, None]
    dimmed = Image.fromarray(np.clip(faded * shadow, 0, 255).astype(np.uint8))
    return _grained(dimmed.filter(ImageFilter.GaussianBlur(0.8)), noise, 6)


def _turned(degrees: int) -> Page:
    def turn(page: Image.Image, noise: np.random.Generator) -> Image.Image:
        return _grained(page.rotate(degrees, expand=True), noise, 4).convert("L")

    return turn


def _grained(page: Image.Image, noise: np.random.Generator, strength: float) -> Image.Image:
    values = np.asarray(page, dtype=np.float32)
    grain = noise.normal(0, strength, values.shape[:2]).astype(np.float32)
    grain = grain if values.ndim == 2 else grain[:, :, None]
    return Image.fromarray(np.clip(values + grain, 0, 255).astype(np.uint8))


# Resolution, what is done to a page, the file's ending, and how it is saved.
KINDS: dict[str, tuple[int, Page, str, dict[str, object]]] = {
    "clean200": (200, _clean, ".png", {}),
    "scan200": (200, _office, ".jpg", {"quality": 60}),
    "fax": (204, _fax, ".tif", {"compression": "group4"}),
    "phone": (170, _phone, ".jpg", {"quality": 75}),
    "turned90": (200, _turned(90), ".jpg", {"quality": 80}),
    "turned180": (200, _turned(180), ".jpg", {"quality": 80}),
    "turned270": (200, _turned(270), ".jpg", {"quality": 80}),
}
