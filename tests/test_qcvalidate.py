"""The Python interface, for notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import criterion, row, specification, table, write_lot

import qcvalidate
from qcvalidate.assessment import Verdict
from qcvalidate.errors import DocumentError, UsageError


def test_a_lot_is_assessed(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"counts.csv": table(row("viability", "92.1", "%"))})
    spec = tmp_path / "mine.yaml"
    spec.write_text(specification(criterion("viability", "at_least: '70'", "%")))

    (found,) = qcvalidate.assess(lot, str(spec))

    assert found.verdict is Verdict.PASS


def test_a_document_is_read(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(table(row("viability", "92.1", "%")))

    record = qcvalidate.read(str(path))

    assert record.observations["result"].tolist() == ["92.1"]


def test_what_is_no_lot_and_what_is_unreadable_raise(tmp_path: Path) -> None:
    (tmp_path / "a.fcs").write_bytes(b"no FCS")

    with pytest.raises(DocumentError):
        qcvalidate.read(tmp_path / "a.fcs")
    with pytest.raises(UsageError):
        qcvalidate.assess(tmp_path / "nowhere")


def test_an_empty_path_is_not_the_current_folder() -> None:
    with pytest.raises(UsageError, match="empty"):
        qcvalidate.assess("")
    with pytest.raises(UsageError, match="empty"):
        qcvalidate.read(" ")
