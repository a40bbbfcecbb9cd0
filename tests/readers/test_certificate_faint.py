"""Words so pale or so small that whoever signs may not have seen them."""

from __future__ import annotations

from pathlib import Path

import pytest
from certificate_layouts import Paper
from test_certificate_structures import HEAD, begun, read

from qcvalidate.errors import DocumentError
from qcvalidate.record import Record, Severity

MEDIA = (("Medium", "Result"), ("FTM", "No growth"), ("TSB", "No growth"))


def _told(record: Record) -> list[tuple[str, Severity]]:
    return [(f.slug, f.severity) for f in record.findings if f.slug == "text-faint"]


def _with_line(text: str, *, size: float = 10, grey: float = 0.0, at: float = 500) -> Paper:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.y = at
    paper.canvas.setFillGray(grey)
    paper.line(text, size=size)
    paper.canvas.setFillGray(0)
    return paper


@pytest.mark.parametrize(("size", "grey"), [(10, 0.82), (3, 0.0), (8, 0.78)])
def test_a_faint_line_that_tells_holds(size: float, grey: float, tmp_path: Path) -> None:
    record = read(_with_line("FTM was turbid on day 18", size=size, grey=grey), tmp_path)

    assert ("text-faint", Severity.HOLD) in _told(record)


@pytest.mark.parametrize(
    ("size", "grey"), [(6, 0.0), (6, 0.5), (7, 0.6), (8, 0.65), (5, 0.0), (10, 0.5)]
)
def test_ordinary_small_print_is_not_faint(size: float, grey: float, tmp_path: Path) -> None:
    text = "100 Sample Road, Anytown. The results relate only to the items tested."

    assert _told(read(_with_line(text, size=size, grey=grey, at=780), tmp_path)) == []


def test_a_faint_address_is_told_and_holds_nothing(tmp_path: Path) -> None:
    record = read(_with_line("100 Sample Road, Anytown", size=8, grey=0.8, at=780), tmp_path)

    assert _told(record) == [("text-faint", Severity.INFORMATION)]


def test_a_faint_no_before_growth_holds(tmp_path: Path) -> None:
    paper = begun()
    paper.table((("Medium", "Result"), ("TSB", "No growth")), (150, 150), ruled=False)
    paper.y -= 16
    paper.text(54, "FTM")
    paper.canvas.setFillGray(0.82)
    paper.text(204, "No")
    paper.canvas.setFillGray(0)
    paper.text(204 + 16, "growth")

    assert ("text-faint", Severity.HOLD) in _told(read(paper, tmp_path))


def test_a_faint_lot_number_holds(tmp_path: Path) -> None:
    paper = Paper()
    paper.title("Sterility Test Report")
    paper.pairs([pair for pair in HEAD if pair[0] != "Lot No."])
    paper.text(50, "Lot No.:")
    paper.canvas.setFillGray(0.82)
    paper.text(155, "MSC-26-014")
    paper.canvas.setFillGray(0)
    paper.y += 30
    paper.table(MEDIA, (150, 150), ruled=True)

    assert ("text-faint", Severity.HOLD) in _told(read(paper, tmp_path))


def test_what_is_only_told_is_no_reason_why_nothing_was_read(tmp_path: Path) -> None:
    paper = Paper()
    paper.canvas.setFillGray(0.8)
    paper.line("100 Sample Road, Anytown", size=8)
    paper.canvas.setFillGray(0)
    paper.line("Dear customer, we moved.")

    with pytest.raises(DocumentError) as caught:
        read(paper, tmp_path)

    assert "overlooked" not in str(caught.value)


@pytest.mark.parametrize("ground", [(1, 0, 0), (1, 1, 0), (0, 0.6, 0), (0.6, 0.6, 1)])
def test_black_on_a_coloured_ground_is_plain(
    ground: tuple[float, float, float], tmp_path: Path
) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.canvas.setFillColorRGB(*ground)
    paper.canvas.rect(48, paper.height - 503, 300, 14, stroke=0, fill=1)
    paper.canvas.setFillGray(0)
    paper.y = 500
    paper.line("Both media were clear on day 14.")

    assert _told(read(paper, tmp_path)) == []
