"""What each paper says it is about is laid beside lot.yaml, and judged nowhere else than there."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, row, specification, table, write_lot

from qcvalidate.assessment import Agreement, Particulars
from qcvalidate.frames import observations
from qcvalidate.manifest import Manifest
from qcvalidate.particulars import particulars
from qcvalidate.record import Field, Place, Record, Source, State

SOURCE = Source("a.pdf", "a" * 64, "pages", "certificates.generic")
LOT = Manifest(
    lot="MSC-2026-0018",
    identifiers={"din": "G1234 98 654321", "patient": "P-10042"},
    samples=("FP-1",),
)


def paper(**header: str | Field) -> Record:
    fields = {
        name: Field(value, value, Place("a.pdf", 1, "1,2,3,4")) if isinstance(value, str) else value
        for name, value in header.items()
    }
    return Record(SOURCE, fields, observations([]))


def of(record: Record | None, manifest: Manifest = LOT) -> Particulars:
    return particulars([(SOURCE, record)], manifest)[1]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("lot", "msc–2026-0018", Agreement.SAME),
        ("lot", "MSC-2026-0081", Agreement.DIFFERS),
        ("din", "=G12349865432100", Agreement.SAME),
        ("din", "G1234 98 654322", Agreement.DIFFERS),
        ("patient_id", "900; P-10042", Agreement.SAME),
        ("patient_id", "P-10024", Agreement.DIFFERS),
        ("sample_id", "FP-1", Agreement.SAME),
        ("sample_id", "MSC-2026-0018-TV", Agreement.SAME),
        ("sample_id", "MSC-2026-0038-TV", Agreement.DIFFERS),
        ("sample_id", "17", Agreement.ALONE),
        ("product", "MSC", Agreement.ALONE),
    ],
)
def test_a_field_is_held_against_lot_yaml(name: str, text: str, expected: Agreement) -> None:
    (found,) = of(paper(**{name: text})).stated

    assert (found.name, found.text, found.agreement) == (name, text, expected)


def test_what_lot_yaml_does_not_state_agrees_with_nothing() -> None:
    found = of(paper(din="G1234 98 654321", lot="L-1"), Manifest())

    assert {one.agreement for one in found.stated} == {Agreement.ALONE}


def test_a_field_that_was_not_read_for_certain_never_agrees() -> None:
    doubtful = Field("MSC-2026-0018", "MSC-2026-0018", Place("a.pdf", 1), State.CONFLICT)

    (found,) = of(paper(lot=doubtful)).stated

    assert found.agreement is Agreement.UNREAD


def test_a_paper_that_was_not_read_says_so() -> None:
    assert of(None) == Particulars("a.pdf", read=False)


def test_the_other_lots_of_a_table_are_counted_and_not_named(tmp_path: Path) -> None:
    rows = table(
        row("viability", "92.1", "%", sample_id="S-1"),
        row("viability", "91.0", "%", lot="L-2", sample_id="S-2"),
        row("viability", "90.0", "%", lot="L-3", sample_id="S-3"),
    )
    spec = specification(criterion("viability", "at_least: '70'", "%"))

    found = assess(write_lot(tmp_path / "L-1", {"counts.csv": rows}), spec)

    own, counts = found.particulars
    assert own.path == "lot.yaml"
    assert [(one.name, one.text, one.agreement) for one in counts.stated] == [
        ("lot", "L-1, and 2 other lots", Agreement.SAME),
        ("sample_id", "S-1", Agreement.ALONE),
    ]
