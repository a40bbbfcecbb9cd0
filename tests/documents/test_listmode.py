"""Opening list-mode files and gating strategies."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from gating_ml import dimension, gating_ml, rectangle

from qcvalidate.documents import open_document, recognised
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding

EVENTS = np.arange(1, 31, dtype=float).reshape(10, 3)
NAMES = ("FSC-A", "SSC-A", "Time")


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["tube.fcs", "TUBE.FCS", "tube.lmd"])
def test_a_list_mode_file_is_opened(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, fcs_bytes(EVENTS, NAMES))

    document = open_document(path, f"flow/{name}")

    assert document.kind == "listmode"
    assert document.name == f"flow/{name}"
    (tube,) = document.listmode
    assert tube.name == f"flow/{name}"
    assert tube.total == 10


@pytest.mark.parametrize("name", ["Data.001", "tube", "export.dat"])
def test_a_list_mode_file_is_known_by_its_first_bytes(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, fcs_bytes(EVENTS, NAMES))

    assert open_document(path).kind == "listmode"


def test_other_files_without_a_suffix_stay_unknown(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        open_document(written(tmp_path, "Data.001", b"FCS results of March"))

    assert caught.value.slug == "file-kind-unknown"


@pytest.mark.parametrize("change", ["longer", "same length", "gone"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    content = fcs_bytes(EVENTS, NAMES)
    path = written(tmp_path, "tube.fcs", content)

    def meddle(_: object) -> list[Finding]:
        path.unlink()
        if change != "gone":
            path.write_bytes(content + b" " * (change == "longer"))
            os.utime(path, ns=(0, 0))
        return []

    monkeypatch.setattr("qcvalidate.cytometry.verify", meddle)
    with pytest.raises(DocumentError, match=r"^tube\.fcs: .*while it was read") as caught:
        open_document(path)

    assert caught.value.slug == "document-changed"


def test_findings_of_the_file_travel_with_the_document(tmp_path: Path) -> None:
    path = written(tmp_path, "tube.fcs", fcs_bytes(EVENTS, NAMES) + b"\0" * 2000)

    slugs = [finding.slug for finding in open_document(path).findings]

    assert "fcs-odd" in slugs


def test_a_file_that_one_decoder_alone_reads_says_so(tmp_path: Path) -> None:
    content = fcs_bytes(EVENTS, NAMES, datatype="I", bits=[16, 32, 16])

    document = open_document(written(tmp_path, "tube.fcs", content))

    assert [finding.slug for finding in document.findings] == ["fcs-single-decoder"]


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "document-empty"),
        (b"These are not the events you are looking for.\n", "fcs-magic"),
        (fcs_bytes(EVENTS, NAMES)[:40], "fcs-truncated"),
        (fcs_bytes(EVENTS, NAMES)[:-1], "fcs-truncated"),
        (fcs_bytes(EVENTS, NAMES, keywords={"$TOT": "11"}), "fcs-inconsistent"),
        (fcs_bytes(EVENTS, NAMES, keywords={"$PAR": "2"}), "fcs-inconsistent"),
        (fcs_bytes(EVENTS, NAMES, keywords={"$PAR": "1000000000"}), "fcs-inconsistent"),
    ],
)
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, content: bytes, slug: str) -> None:
    path = written(tmp_path, "tube.fcs", content)

    with pytest.raises(DocumentError, match=r"^tube\.fcs") as caught:
        open_document(path)

    assert caught.value.slug == slug


@pytest.mark.parametrize("name", ["gates.xml", "gates.gatingml"])
def test_a_gating_strategy_is_opened(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, gating_ml(rectangle("Cells", dimension("FSC-A", low=1))))

    document = open_document(path)

    assert document.kind == "gating"
    assert document.strategy is not None
    assert list(document.strategy.gates) == ["Cells"]
    assert document.strategy.sha256 == document.sha256


@pytest.mark.parametrize(
    ("content", "slug"),
    [(b"<report/>", "document-unclaimed"), (b"<report>", "strategy-unreadable")],
)
def test_other_xml_is_refused(tmp_path: Path, content: bytes, slug: str) -> None:
    with pytest.raises(DocumentError) as caught:
        open_document(written(tmp_path, "other.xml", content))

    assert caught.value.slug == slug


def test_what_is_recognised_goes_by_name() -> None:
    names = ["a.fcs", "a.LMD", "a.xml", "a.gatingml", "a.wsp"]

    assert [recognised(Path(name)) for name in names] == [True] * 5
