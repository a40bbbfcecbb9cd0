"""The search for openers: it costs little, and needs none of the extras."""

from __future__ import annotations

import subprocess
import sys

_LATE = ("PIL", "cv2", "onnxruntime", "openpyxl", "pyhanko", "pypdf", "pypdfium2", "rapidocr")


def test_openers_are_found_without_the_libraries_that_they_use() -> None:
    code = (
        "import sys; from pathlib import Path; from qcvalidate.documents import recognised; "
        "assert recognised(Path('a.png')); "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)

    assert done.returncode == 0, done.stderr
    assert not set(_LATE) & set(done.stdout.split())
