"""Keywords that lie about the events are refused, each with the keyword's name."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes

from qcvalidate.cytometry import read_fcs
from qcvalidate.cytometry.layout import lay_out
from qcvalidate.errors import DocumentError

EVENTS = np.arange(40, dtype=float).reshape(10, 4)
NAMES = ("FSC-A", "SSC-A", "FL1-A", "Time")


def lying(**keywords: str) -> bytes:
    named = {f"${key}": value for key, value in keywords.items()}
    return fcs_bytes(EVENTS, NAMES, keywords=named)


@pytest.mark.parametrize(
    ("keywords", "slug", "words"),
    [
        ({"TOT": "11"}, "fcs-inconsistent", ["$TOT is 11", "160 bytes"]),
        ({"TOT": "9"}, "fcs-inconsistent", ["$TOT is 9"]),
        ({"TOT": "-10"}, "fcs-inconsistent", ["$TOT"]),
        ({"TOT": "ten"}, "fcs-inconsistent", ["$TOT", "'ten'", "whole number"]),
        ({"TOT": "1000000000000"}, "fcs-inconsistent", ["$TOT is 1,000,000,000,000"]),
        ({"PAR": "3"}, "fcs-inconsistent", ["$PAR is 3", "parameter 4"]),
        ({"PAR": "5"}, "fcs-inconsistent", ["$P5", "missing"]),
        ({"PAR": "0"}, "fcs-inconsistent", ["$PAR is 0"]),
        ({"PAR": "1000000000"}, "fcs-inconsistent", ["$PAR is 1,000,000,000"]),
        ({"PAR": "4.0"}, "fcs-inconsistent", ["$PAR"]),
        ({"P2B": "64"}, "fcs-inconsistent", ["$P2B is 64", "32 bits"]),
        ({"P2N": "FSC-A"}, "fcs-inconsistent", ["'FSC-A'"]),
        ({"P2N": " "}, "fcs-inconsistent", ["$P2N"]),
        ({"P2R": "a lot"}, "fcs-inconsistent", ["$P2R", "'a lot'"]),
        ({"P2E": "4"}, "fcs-inconsistent", ["$P2E", "'4'"]),
        ({"P2G": "-2"}, "fcs-inconsistent", ["$P2G"]),
        ({"MODE": "C"}, "fcs-unsupported", ["$MODE is C", "histogram"]),
        ({"MODE": "U"}, "fcs-unsupported", ["$MODE is U"]),
        ({"MODE": "Q"}, "fcs-inconsistent", ["$MODE"]),
        ({"DATATYPE": "A"}, "fcs-unsupported", ["$PnB", "ASCII", "32 characters"]),
        ({"DATATYPE": "X"}, "fcs-inconsistent", ["$DATATYPE"]),
        ({"DATATYPE": "D"}, "fcs-inconsistent", ["$P1B is 32", "64 bits"]),
        ({"BYTEORD": "3,4,1,3"}, "fcs-unsupported", ["$BYTEORD", "3,4,1,3"]),
        ({"BYTEORD": "3,1,2"}, "fcs-unsupported", ["$BYTEORD", "3,1,2"]),
        ({"BYTEORD": "0,1,2,3"}, "fcs-unsupported", ["$BYTEORD", "0,1,2,3"]),
        ({"BYTEORD": ""}, "fcs-inconsistent", ["$BYTEORD"]),
        ({"BEGINDATA": "00000300"}, "fcs-inconsistent", ["$BEGINDATA", "HEADER"]),
        ({"ENDDATA": "-1"}, "fcs-inconsistent", ["$ENDDATA"]),
    ],
)
def test_a_lying_keyword_is_refused_by_name(
    keywords: dict[str, str], slug: str, words: list[str]
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_fcs(lying(**keywords), "tube.fcs")

    assert caught.value.slug == slug
    assert all(word in str(caught.value) for word in ["tube.fcs", *words])


@pytest.mark.parametrize("lie", [{"PAR": "1000000000"}, {"TOT": "1000000000000"}])
def test_enormous_counts_are_refused_in_constant_memory(lie: dict[str, str]) -> None:
    content = lying(**lie)

    tracemalloc.start()
    with pytest.raises(DocumentError):
        read_fcs(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 1_000_000


@pytest.mark.parametrize("key", ["$PAR", "$DATATYPE", "$BYTEORD", "$P1B", "$P1N", "$P1R"])
def test_a_missing_keyword_is_refused_by_name(key: str) -> None:
    content = fcs_bytes(EVENTS, NAMES, without=[key])

    with pytest.raises(DocumentError, match=key.replace("$", r"\$")) as caught:
        read_fcs(content)

    assert caught.value.slug == "fcs-inconsistent"


@pytest.mark.parametrize("missing", [1, 4, 16, 100])
def test_a_truncated_data_segment_is_refused(missing: int) -> None:
    with pytest.raises(DocumentError) as caught:
        read_fcs(fcs_bytes(EVENTS, NAMES)[:-missing])

    assert caught.value.slug == "fcs-truncated"


def test_a_range_beyond_the_bits_is_refused() -> None:
    content = fcs_bytes(EVENTS, NAMES, datatype="I", bits=16, keywords={"$P3R": "65537"})

    with pytest.raises(DocumentError, match=r"\$P3R is 65537.*2\^16") as caught:
        read_fcs(content)

    assert caught.value.slug == "fcs-inconsistent"


def test_a_second_data_set_behind_next_data_zero_is_refused() -> None:
    content = fcs_bytes(EVENTS, NAMES)

    with pytest.raises(DocumentError, match="unread") as caught:
        read_fcs(content + content)

    assert caught.value.slug == "fcs-inconsistent"


def test_the_header_may_leave_the_place_of_data_to_text() -> None:
    (tube,) = read_fcs(fcs_bytes(EVENTS, NAMES, header_data=False))

    assert tube.total == 10


def test_the_end_of_data_may_be_the_byte_after_it() -> None:
    content = fcs_bytes(EVENTS, NAMES)
    end = int(content[34:42])
    content = content.replace(f"{end:012d}".encode(), f"{end + 1:012d}".encode())
    content = content[:34] + f"{end + 1:8d}".encode() + content[42:]

    assert read_fcs(content + b" ")[0].total == 10


def test_fcs_2_may_leave_out_the_number_of_events() -> None:
    (tube,) = read_fcs(fcs_bytes(EVENTS, NAMES, version="FCS2.0", without=["$TOT"]))

    assert tube.total == 10
    assert "$TOT is missing" in tube.findings[0].message


def test_unexplained_bytes_at_the_end_are_a_warning() -> None:
    (tube,) = read_fcs(fcs_bytes(EVENTS, NAMES) + b"\0" * 5000, "tube.fcs")

    assert [finding.slug for finding in tube.findings] == ["fcs-odd"]
    assert "5,000 bytes" in tube.findings[0].message


def test_a_file_without_events_is_read() -> None:
    content = fcs_bytes(
        np.empty((0, 4)), NAMES, keywords={"$BEGINDATA": "0", "$ENDDATA": "0"}, header_data=False
    )

    assert read_fcs(content)[0].events.shape == (0, 4)


def test_a_clean_file_has_no_findings() -> None:
    assert read_fcs(fcs_bytes(EVENTS, NAMES))[0].findings == ()


def test_ten_gigabytes_that_are_not_there_are_refused_in_constant_memory(tmp_path: Path) -> None:
    # The file claims ten gigabytes of DATA; HEADER and TEXT agree with it.
    events = 10 * 2**30 // 16
    keywords = {"$TOT": str(events), "$BEGINDATA": "2048", "$ENDDATA": str(2047 + 16 * events)}
    content = fcs_bytes(EVENTS, NAMES, keywords=keywords, header_data=False)
    path = tmp_path / "tube.fcs"
    path.write_bytes(content)

    tracemalloc.start()
    with pytest.raises(DocumentError, match=r"tube.fcs: DATA should end at byte") as caught:
        read_fcs(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert caught.value.slug == "fcs-truncated"
    assert peak < 1_000_000


def test_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tube.fcs"
    path.write_bytes(fcs_bytes(EVENTS, NAMES))

    def meddle(*given: object) -> object:
        with path.open("ab") as stream:
            stream.write(b"more")
        return lay_out(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("qcvalidate.cytometry.listmode.lay_out", meddle)
    with pytest.raises(DocumentError, match=r"^tube.fcs: changed while it was read") as caught:
        read_fcs(path)

    assert caught.value.slug == "document-changed"


def test_a_range_beyond_two_to_the_53_keeps_its_bits() -> None:
    # 2^53 + 1 channels need 54 bits; as a float it would be 2^53.
    form = {"$P1R": str(2**53 + 1)}
    content = fcs_bytes([[2**53]], ["FSC-A"], datatype="I", bits=64, keywords=form)

    assert read_fcs(content)[0].channel(0).tolist() == [2**53]
