"""The samples are what their script writes: whoever changes one can see what changed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

reportlab = pytest.importorskip("reportlab", reason="reportlab draws the certificates")

# Another version of reportlab may lay out the same page in other bytes; its words must stay.
MADE_WITH = "5.1.0"
MOST_BYTES = 12_000_000


@pytest.fixture(scope="module")
def rewritten(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    script = samples / "make_samples.py"
    subprocess.run([sys.executable, "-B", script, "--into", folder], check=True)
    return folder


def test_the_script_writes_every_sample_file_and_no_other(samples: Path, rewritten: Path) -> None:
    written = names(rewritten)

    assert written == {name for name in names(samples) if is_of_a_lot(samples / name)}


def test_the_script_writes_the_same_bytes_again(samples: Path, rewritten: Path) -> None:
    differing = [
        name
        for name in sorted(names(rewritten))
        if comparable(samples / name) != comparable(rewritten / name)
    ]

    assert differing == []


def test_all_samples_together_are_small(samples: Path) -> None:
    files = [samples / name for name in names(samples) if is_of_a_lot(samples / name)]
    size = sum(path.stat().st_size for path in files)

    assert size <= MOST_BYTES


def test_every_list_mode_file_says_that_it_is_simulated(samples: Path) -> None:
    said = b"$COM|Simulated data made by qcvalidate samples; no donor|"
    files = sorted(samples.glob("*/flow/*.fcs"))

    assert files
    assert [file.name for file in files if said not in file.read_bytes()[:8192]] == []


def test_every_list_mode_file_holds_at_least_20000_events(samples: Path) -> None:
    totals = {
        file.name: int(re.search(rb"\$TOT\|(\d+)\|", file.read_bytes()[:8192]).group(1))  # type: ignore[union-attr]
        for file in samples.glob("*/flow/*.fcs")
    }

    assert {name for name, total in totals.items() if total < 20_000} == set()


def test_the_readme_lists_every_lot(samples: Path) -> None:
    listed = set(
        re.findall(r"^\| `([A-Z]+-\d{4}-\d{4})`", (samples / "README.md").read_text("utf-8"), re.M)
    )

    assert listed == {folder.parent.name for folder in samples.glob("*/lot.yaml")}


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def is_of_a_lot(path: Path) -> bool:
    return any((folder / "lot.yaml").is_file() for folder in path.parents)


def comparable(path: Path) -> object:
    """Give a file's bytes, or the words of a PDF that another reportlab has drawn."""
    if path.suffix == ".pdf" and reportlab.Version != MADE_WITH:
        return words(path)
    return path.read_bytes()


def words(path: Path) -> list[list[str]]:
    import pypdfium2  # noqa: PLC0415 - only where the bytes cannot be compared

    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range().split() for page in document]
