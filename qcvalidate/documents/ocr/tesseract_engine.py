"""Reads a picture with Tesseract's own program, in a process beside ours.

The program and not a binding: it runs while the other engine does, it needs no wheel for each
platform, and when it crashes that is an exit status.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from qcvalidate.documents.ocr.glyphs import PixelBox, Run, spread
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NAME = "tesseract"

# Those of the vocabulary; English first, because its words stand on every certificate.
_LANGUAGES = ("eng", "deu", "fra", "spa", "ita", "por")
# A page takes a second or two; one that is all noise may take half a minute.
_LONGEST_SECONDS = 180


def program() -> str | None:
    """Give the program's path; None where it is not installed."""
    return shutil.which("tesseract")


@cache
def languages() -> tuple[str, ...]:
    """Give the languages that are installed, of those that certificates are written in."""
    told = _run(["--list-langs"], b"").split()
    return tuple(name for name in _LANGUAGES if name in told)


@cache
def release() -> str:
    """Give the program's version, as it says it."""
    first = _run(["--version"], b"").partition("\n")[0]
    return first.removeprefix("tesseract").strip() or "of an unknown version"


def read(picture: npt.NDArray[np.uint8], dpi: int) -> list[Run]:
    """Give the words that Tesseract reads in a grey picture."""
    asked = ["stdin", "stdout", "--dpi", str(dpi), "--psm", "3"]
    asked += ["-l", "+".join(languages()), "tsv"]
    runs = []
    for line in _run(asked, _png(picture)).splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) != 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = (int(cell) for cell in cells[6:10])
        box: PixelBox = (left, top, left + width, top + height)
        glyphs = tuple(spread(cells[11], box, float(cells[10]) / 100, True))
        if glyphs:
            runs.append(Run(glyphs, box))
    return runs


def _png(picture: npt.NDArray[np.uint8]) -> bytes:
    import cv2  # noqa: PLC0415

    return bytes(cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


def _run(asked: list[str], sent: bytes) -> str:
    """Run the program and give what it printed."""
    path = program()
    if path is None:
        raise DocumentError("tesseract is not installed", slug="no-text-layer")
    try:
        done = subprocess.run(  # noqa: S603
            [path, *asked],
            input=sent,
            capture_output=True,
            timeout=_LONGEST_SECONDS,
            check=False,
            # One thread: the other engine has the other cores.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(
            f"tesseract did not finish a page within {_LONGEST_SECONDS} seconds; "
            "ask for a cleaner scan",
        ) from error
    except OSError as error:
        raise DocumentError(f"tesseract cannot be started ({error.strerror})") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise DocumentError(
            f"tesseract failed on a page (exit status {done.returncode}"
            f"{': ' + said[-1] if said else ''})"
        )
    return done.stdout.decode("utf-8", "replace")
