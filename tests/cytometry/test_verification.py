"""The second decoder, and what events give away about a damaged file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes

from qcvalidate.cytometry import read_fcs, verify
from qcvalidate.errors import DocumentError
from qcvalidate.record import Severity

NAMES = ("FSC-A", "SSC-A")
EVENTS = np.arange(1, 4001, dtype=float).reshape(-1, 2)


def test_a_clean_file_has_nothing_to_say() -> None:
    pytest.importorskip("fcsparser")

    assert verify(read_fcs(fcs_bytes(EVENTS, NAMES))[0]) == []


@pytest.mark.parametrize("where", [0, 1])
def test_each_data_set_is_decoded_alone(tmp_path: Path, where: int) -> None:
    pytest.importorskip("fcsparser")
    first = fcs_bytes(EVENTS, NAMES, keywords={"$NEXTDATA": "00020000"}).ljust(20000)
    path = tmp_path / "two.lmd"
    path.write_bytes(first + fcs_bytes(EVENTS * 2, ("FS", "SS")))

    assert verify(read_fcs(path)[where]) == []
    assert verify(read_fcs(path.read_bytes())[where]) == []


def test_decoders_that_disagree_refuse_the_file() -> None:
    pytest.importorskip("fcsparser")
    (tube,) = read_fcs(fcs_bytes(EVENTS, NAMES), "tube.fcs")
    other = np.array(tube.raw)
    other[5] ^= 1

    with pytest.raises(DocumentError, match=r"tube.fcs.*SSC-A") as caught:
        verify(replace(tube, raw=other))

    assert caught.value.slug == "fcs-decoders-disagree"


@pytest.mark.parametrize(("bits", "kind"), [([16, 32], "I"), ([24, 24], "I"), ([64, 64], "I")])
def test_what_fcsparser_misreads_is_read_alone_and_said(bits: list[int], kind: str) -> None:
    content = fcs_bytes(EVENTS, NAMES, datatype=kind, bits=bits)

    (finding,) = verify(read_fcs(content)[0])

    assert finding.slug == "fcs-single-decoder"
    assert finding.severity is Severity.INFORMATION


def test_without_fcsparser_a_finding_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fcsparser.api", None)

    (finding,) = verify(read_fcs(fcs_bytes(EVENTS, NAMES))[0])

    assert finding.slug == "fcs-single-decoder"
    assert "not installed" in finding.message


def messages(content: bytes) -> dict[str, Severity]:
    found = verify(read_fcs(content)[0])
    return {one.message: one.severity for one in found if one.slug == "fcs-odd"}


def test_nan_and_infinity_are_counted() -> None:
    table = EVENTS.copy()
    table[3, 0], table[4, 1], table[5, 1] = np.nan, np.inf, -np.inf

    ((message, severity),) = messages(fcs_bytes(table, NAMES)).items()

    assert "3 values are NaN or infinite" in message
    assert severity is Severity.WARNING


def test_a_lying_byte_order_holds_the_lot() -> None:
    content = fcs_bytes(EVENTS, NAMES).replace(b"/1,2,3,4/", b"/4,3,2,1/")

    found = messages(content)

    assert any("byte order" in message for message in found)
    assert Severity.HOLD in found.values()


@pytest.mark.parametrize(
    ("count", "severity"), [(15, None), (16, Severity.WARNING), (1000, Severity.HOLD)]
)
@pytest.mark.parametrize("start", [0, 500, "end"])
def test_a_run_of_nothing_is_told(count: int, severity: Severity | None, start: int | str) -> None:
    table = EVENTS.copy()
    begin = len(table) - count if start == "end" else int(start)
    table[begin : begin + count] = 0

    found = messages(fcs_bytes(table, NAMES))

    assert list(found.values()) == ([] if severity is None else [severity])
    assert all(f"{count:,} events in a row" in message for message in found)
