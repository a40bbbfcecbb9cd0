"""Each module that opens a format is found by the suffix, and loaded when such a file comes."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

from qcvalidate import documents

_LATE = ("PIL", "cv2", "onnxruntime", "openpyxl", "pyhanko", "pypdf", "pypdfium2", "rapidocr")
_SAMPLES = Path(__file__).parents[2] / "samples"
_OF_OTHER_FORMATS = (
    "docx", "images", "legacy_workbook", "markup", "ocr", "opendocument", "scanned",
    "signatures.validation", "structured", "word", "workbook", "xml",
)  # fmt: skip


def _imported(code: str) -> set[str]:
    """Run some code in a process of its own; give the modules that it brought."""
    code += "\nimport sys; print('IMPORTED', *sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("IMPORTED")[2].split())


def test_files_are_recognised_without_the_libraries_that_open_them() -> None:
    imported = _imported(
        "from pathlib import Path; from qcvalidate.documents import recognised; "
        "assert recognised(Path('a.png'))"
    )

    assert not set(_LATE) & {name.partition(".")[0] for name in imported}


def test_every_opener_of_the_package_opens_its_suffixes_and_no_other() -> None:
    modules = [module.name for module in pkgutil.iter_modules(documents.__path__)]
    loaded = {name: importlib.import_module(f"{documents.__name__}.{name}") for name in modules}

    pairs = [
        (suffix, name)
        for name, module in loaded.items()
        if hasattr(module, "OPENER")
        for suffix in module.OPENER.suffixes
    ]

    assert len(pairs) == len(dict(pairs))
    assert dict(pairs) == documents._MODULES


def test_a_lot_of_pdf_and_csv_files_loads_no_other_format_and_no_reader_of_messages() -> None:
    lot = next(
        folder
        for folder in sorted(_SAMPLES.iterdir())
        if {path.suffix for path in folder.rglob("*.*")} == {".pdf", ".csv", ".yaml"}
    )

    imported = _imported(
        "import datetime as dt; from pathlib import Path; from qcvalidate.pipeline import *; "
        f"[lot] = assess_paths([Path({str(lot)!r})], open_laboratory(), Options(dt.date.today())); "
        "assert len(lot.inputs) > 1"
    )

    assert "qcvalidate.documents.pdf" in imported
    assert "qcvalidate.documents.delimited" in imported
    assert {f"qcvalidate.documents.{name}" for name in _OF_OTHER_FORMATS} & imported == set()
    for unused in ("qcvalidate.readers.messages", "qcvalidate.cytometry"):
        assert [name for name in imported if name.startswith(unused)] == []
    assert not set(_LATE) - {"pypdfium2"} & {name.partition(".")[0] for name in imported}
