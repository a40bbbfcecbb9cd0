"""`qcvalidate read FILE --format html`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qcvalidate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_a_certificate_is_drawn_with_what_was_read(samples: Path, tmp_path: Path) -> None:
    page = tmp_path / "out" / "page.html"

    done = run(
        *("read", samples / "MSC-2026-0018" / "sterility.pdf"),
        *("--format", "html", "--output", page),
    )

    text = page.read_text("utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "4 lot" in text
    assert "R1 sterility, anaerobic = negative day 14" in text
    assert "data:image/png;base64,iVBOR" in text


def test_a_refused_document_is_shown_and_exits_with_4(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 500, "Dear customer, we moved.")
    canvas.save()

    done = run("read", path, "--format", "html")

    assert done.returncode == 4
    assert "No value was read from this document." in done.stdout
    assert "data:image/png;base64,iVBOR" in done.stdout
    assert "document-unclaimed" in done.stderr


def test_no_paper_is_written_over(tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7 the laboratory's")

    done = run("read", paper, "--format", "html", "--output", paper)

    assert done.returncode == 2
    assert paper.read_bytes() == b"%PDF-1.7 the laboratory's"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_a_page_is_not_written_to_a_terminal(samples: Path) -> None:
    import pty  # noqa: PLC0415  not on Windows

    paper = samples / "MSC-2026-0018" / "sterility.pdf"
    command = [sys.executable, "-m", "qcvalidate", "read", str(paper), "--format", "html"]
    ours, theirs = pty.openpty()
    done = subprocess.run(
        command, stdout=theirs, stderr=subprocess.PIPE, encoding="utf-8", check=False
    )
    os.close(theirs)
    os.close(ours)

    assert done.returncode == 2
    assert "--output" in done.stderr
