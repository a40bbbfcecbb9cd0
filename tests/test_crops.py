"""A value is shown where it stands, and nobody who may not be seen is shown with it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from qcvalidate.assessment import Crop
from qcvalidate.crops import crops
from qcvalidate.documents import Document, open_document
from qcvalidate.frames import observations
from qcvalidate.record import Field, Finding, Place, Record, Severity, Source

LINES = (
    (700, ((72, "Patient: P-10042"), (300, "Lot: L-1"))),
    (660, ((72, "Viability"), (300, "64.2 %"))),
    (620, ((72, "P-10042"), (300, "97.0 %"))),
)


def certificate(path: Path) -> Document:
    canvas = Canvas(str(path), pagesize=(612, 792))
    canvas.setFont("Helvetica", 12)
    for height, words in LINES:
        for x, text in words:
            canvas.drawString(x, height, text)
    canvas.save()
    return open_document(path)


def place_of(document: Document, text: str) -> Place:
    box = next(word.bbox for word in document.pages[0].words if word.text == text)
    return Place(document.name, 1, ",".join(f"{side:g}" for side in box))


def record(document: Document, header: dict[str, Field] | None = None) -> Record:
    source = Source(document.name, document.sha256, "pages", "certificates.generic")
    return Record(source, header or {}, observations([]))


def cut(document: Document, text: str, secret: set[str] | None, **header: Field) -> Crop:
    finding = Finding("lot-mismatch", Severity.HOLD, "", place_of(document, text))
    (found,) = crops([], [finding], [(document, record(document, header))], secret)
    return found


def test_the_whole_line_is_cut_and_the_value_marked(tmp_path: Path) -> None:
    document = certificate(tmp_path / "a.pdf")

    found = cut(document, "64.2", {"P-10042"})

    assert not found.withheld
    width, height = struct.unpack(">II", found.png[16:24])
    # From the first word at 72 points to the last; at 110 dots an inch.
    assert 250 < found.size[0] < 290
    assert found.size[1] < 25
    assert width == pytest.approx(found.size[0] * 110 / 72, abs=2)
    assert height == pytest.approx(found.size[1] * 110 / 72, abs=2)
    assert found.marked[0] > 200


@pytest.mark.parametrize(
    ("text", "secret"),
    [("L-1", set()), ("97.0", {"P-10042"}), ("97.0", {"p-10 042"}), ("L-1", {"X-99999"})],
)
def test_a_line_with_a_patient_is_not_shown(tmp_path: Path, text: str, secret: set[str]) -> None:
    found = cut(certificate(tmp_path / "a.pdf"), text, secret)

    assert (found.png, bool(found.withheld)) == (b"", True)


def test_a_line_that_a_patients_field_reaches_into_is_not_shown(tmp_path: Path) -> None:
    document = certificate(tmp_path / "a.pdf")
    field = Field("J", "J", place_of(document, "64.2"))

    assert cut(document, "64.2", set(), patient_id=field).withheld


def test_a_patient_may_be_shown_to_whom_may_see_identifiers(tmp_path: Path) -> None:
    document = certificate(tmp_path / "a.pdf")

    assert cut(document, "97.0", None).png


def test_a_file_that_changed_since_is_not_shown(tmp_path: Path) -> None:
    document = certificate(tmp_path / "a.pdf")
    finding = Finding("lot-mismatch", Severity.HOLD, "", place_of(document, "64.2"))
    document.path.write_bytes(document.path.read_bytes() + b"\n%%EOF\n")

    assert crops([], [finding], [(document, record(document))], set()) == ()


def test_what_is_for_information_and_what_is_no_page_is_not_cut(tmp_path: Path) -> None:
    document = certificate(tmp_path / "a.pdf")
    place = place_of(document, "64.2")
    findings = [
        Finding("lot-mismatch", Severity.INFORMATION, "", place),
        Finding("lot-mismatch", Severity.HOLD, "", Place(document.name, None, "row 2")),
        Finding("lot-mismatch", Severity.HOLD, "", Place(document.name, 7, place.region)),
    ]

    assert crops([], findings, [(document, record(document))], set()) == ()
