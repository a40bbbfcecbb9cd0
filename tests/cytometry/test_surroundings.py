"""What lies around DATA: ANALYSIS, the checksum, overlapping segments."""

from __future__ import annotations

import binascii

import numpy as np
import pytest
from fcs_writer import fcs_bytes

from qcvalidate.cytometry import read_fcs
from qcvalidate.errors import DocumentError
from qcvalidate.record import Severity

NAMES = ("FSC-A", "SSC-A")
EVENTS = np.arange(1, 41, dtype=float).reshape(-1, 2)


def with_analysis(analysis: bytes, *, in_header: bool = True) -> bytes:
    content = fcs_bytes(
        EVENTS, NAMES, keywords={"$BEGINANALYSIS": "0" * 8, "$ENDANALYSIS": "1" * 8}
    )
    start, end = len(content), len(content) + len(analysis) - 1
    if in_header:
        content = content[:42] + f"{start:8d}{end:8d}".encode() + content[58:]
        start = end = 0
    content = content.replace(b"/00000000/", f"/{start:08d}/".encode())
    return content.replace(b"/11111111/", f"/{end:08d}/".encode()) + analysis


@pytest.mark.parametrize("in_header", [True, False])
def test_analysis_is_read_and_kept_apart(*, in_header: bool) -> None:
    content = with_analysis(b"|GATE1|Cells|$TOT|7|", in_header=in_header)

    (tube,) = read_fcs(content)

    assert dict(tube.analysis) == {"GATE1": "Cells", "$TOT": "7"}
    assert tube.total == 20
    assert tube.keywords["$TOT"] == "20"
    assert tube.findings == ()


@pytest.mark.parametrize(
    ("analysis", "words"), [(b"no pairs", "ANALYSIS"), (b"\0" * 40, "ANALYSIS"), (b"|A|", "'A'")]
)
def test_a_damaged_analysis_is_told_and_the_events_are_read(analysis: bytes, words: str) -> None:
    (tube,) = read_fcs(with_analysis(analysis), "tube.fcs")

    assert tube.total == 20
    (finding,) = tube.findings
    assert finding.severity is Severity.WARNING
    assert words in finding.message


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (b"     300     400", "overlaps TEXT"),
        (b"     30099999999", "overlaps TEXT"),
        (b"9999000099999999", "comes after"),
        (b"    -300     400", "whole number"),
        (b"      10      20", "cannot be"),
    ],
)
def test_an_analysis_that_cannot_lie_there_is_told(place: bytes, words: str) -> None:
    content = fcs_bytes(EVENTS, NAMES)

    (tube,) = read_fcs(content[:42] + place + content[58:], "tube.fcs")

    assert tube.total == 20
    assert [finding.slug for finding in tube.findings] == ["fcs-odd"]
    assert words in tube.findings[0].message


def test_an_analysis_over_data_is_told() -> None:
    content = fcs_bytes(EVENTS, NAMES)
    start = int(content[26:34])

    (tube,) = read_fcs(content[:42] + f"{start + 8:8d}{start + 30:8d}".encode() + content[58:])

    assert "overlaps DATA" in tube.findings[0].message


def supplemented(start: int, end: int) -> bytes:
    places = {"$BEGINSTEXT": f"{start:08d}", "$ENDSTEXT": f"{end:08d}"}
    return fcs_bytes(EVENTS, NAMES, keywords=places)


def test_a_supplemental_text_inside_text_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"tube.fcs: the supplemental TEXT.*overlaps") as caught:
        read_fcs(supplemented(300, 320), "tube.fcs")

    assert caught.value.slug == "fcs-inconsistent"


def test_a_supplemental_text_inside_data_is_refused() -> None:
    start = int(supplemented(0, 0)[26:34]) + 8
    content = supplemented(start, start + 23)
    content = content[:start] + b"/A/" + b"b" * 20 + b"/" + content[start + 24 :]

    with pytest.raises(DocumentError, match=r"tube.fcs: DATA .* overlaps the supplem") as caught:
        read_fcs(content, "tube.fcs")

    assert caught.value.slug == "fcs-inconsistent"


def test_no_checksum_is_no_finding() -> None:
    assert read_fcs(fcs_bytes(EVENTS, NAMES, after=b"00000000"))[0].findings == ()


def test_the_check_value_of_the_algorithm_is_the_published_one() -> None:
    # CRC-16/XMODEM and CRC-16/IBM-3740 of "123456789", from the catalogue of CRC algorithms.
    assert binascii.crc_hqx(b"123456789", 0) == 0x31C3
    assert binascii.crc_hqx(b"123456789", 0xFFFF) == 0x29B1


def kermit(content: bytes) -> int:
    """Compute CRC-16/KERMIT bit by bit: CCITT with the least significant bit first."""
    value = 0
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0x8408 if value & 1 else 0)
    return value


@pytest.mark.parametrize("digits", ["{:08d}", "{:08X}"])
@pytest.mark.parametrize("first", [0, 0xFFFF])
def test_a_right_checksum_is_no_finding(digits: str, first: int) -> None:
    content = fcs_bytes(EVENTS, NAMES)

    after = digits.format(binascii.crc_hqx(content, first)).encode()

    assert read_fcs(content + after)[0].findings == ()


def test_a_right_checksum_from_the_other_end_is_no_finding() -> None:
    assert kermit(b"123456789") == 0x2189
    content = fcs_bytes(EVENTS, NAMES)

    assert read_fcs(content + f"{kermit(content):08d}".encode())[0].findings == ()


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_wrong_checksum_is_a_finding_with_its_number(end: bytes) -> None:
    content = bytearray(fcs_bytes(EVENTS, NAMES))
    after = f"{binascii.crc_hqx(bytes(content), 0):08d}".encode()
    content[-3] ^= 1

    (finding,) = read_fcs(bytes(content) + after + end, "tube.fcs")[0].findings

    assert (finding.slug, finding.severity) == ("fcs-checksum", Severity.WARNING)
    assert finding.message.startswith("tube.fcs: its checksum is " + after.decode())


def test_fcs_2_has_no_checksum() -> None:
    assert read_fcs(fcs_bytes(EVENTS, NAMES, version="FCS2.0", after=b"00012345"))[0].findings == ()
