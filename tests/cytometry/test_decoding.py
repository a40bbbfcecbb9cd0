"""What was written is what is read, in every layout that the standard allows."""

from __future__ import annotations

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from qcvalidate.cytometry import read_fcs, verify

NAMES = ("FSC-A", "SSC-A", "FL1-A")
ORDERS = st.sampled_from(["1,2,3,4", "4,3,2,1"])
VERSIONS = st.sampled_from(["FCS2.0", "FCS3.0", "FCS3.1", "FCS3.2"])


@given(
    table=hnp.arrays(np.float32, st.tuples(st.integers(1, 20), st.just(3))),
    order=ORDERS,
    version=VERSIONS,
    delimiter=st.sampled_from(["/", "|", "\\", "\x0c", "\x1e", "!"]),
)
def test_floats_survive_bit_for_bit(
    table: np.ndarray, order: str, version: str, delimiter: str
) -> None:
    content = fcs_bytes(table, NAMES, byteord=order, version=version, delimiter=delimiter)

    (tube,) = read_fcs(content)

    read = np.ascontiguousarray(tube.events.to_numpy())
    assert read.dtype == np.float32
    assert np.array_equal(read.view(np.uint32), table.view(np.uint32))


@given(
    table=hnp.arrays(np.float64, st.tuples(st.integers(1, 20), st.just(3))),
    order=st.sampled_from(["1,2,3,4", "4,3,2,1", "1,2,3,4,5,6,7,8", "8,7,6,5,4,3,2,1"]),
)
def test_doubles_survive_bit_for_bit(table: np.ndarray, order: str) -> None:
    (tube,) = read_fcs(fcs_bytes(table, NAMES, datatype="D", bits=64, byteord=order))

    read = np.ascontiguousarray(tube.events.to_numpy())
    assert np.array_equal(read.view(np.uint64), table.view(np.uint64))


@given(
    data=st.data(),
    bits=st.lists(st.sampled_from([8, 16, 24, 32, 64]), min_size=3, max_size=3),
    order=ORDERS,
)
def test_integers_of_mixed_widths_survive(data: st.DataObject, bits: list[int], order: str) -> None:
    rows = data.draw(st.integers(1, 12))
    columns = [
        data.draw(st.lists(st.integers(0, 2**width - 1), min_size=rows, max_size=rows))
        for width in bits
    ]
    table = np.array(columns, dtype=np.uint64).T

    (tube,) = read_fcs(fcs_bytes(table, NAMES, datatype="I", bits=bits, byteord=order))

    assert [tube.channel(i).tolist() for i in range(3)] == columns


@given(
    table=hnp.arrays(np.uint16, st.tuples(st.integers(1, 20), st.just(3))),
    top=st.integers(2, 2**16),
    order=st.sampled_from(["1,2,3,4", "4,3,2,1", "1,2", "2,1"]),
)
def test_two_decoders_agree_on_masked_integers(table: np.ndarray, top: int, order: str) -> None:
    pytest.importorskip("fcsparser")
    ranges = {f"$P{n}R": str(top) for n in (1, 2, 3)}
    content = fcs_bytes(table, NAMES, datatype="I", bits=16, byteord=order, keywords=ranges)

    (tube,) = read_fcs(content)
    verify(tube)

    mask = 2 ** (top - 1).bit_length() - 1
    assert np.array_equal(tube.events.to_numpy(), table & mask)


def test_bits_beyond_the_range_are_masked() -> None:
    table = np.array([[0x0FFF, 0xF3FF, 0x0400]])
    ranges = {"$P1R": "1024", "$P2R": "1024", "$P3R": "1024"}

    (tube,) = read_fcs(fcs_bytes(table, NAMES, datatype="I", bits=16, keywords=ranges))

    assert tube.events.to_numpy().tolist() == [[0x3FF, 0x3FF, 0]]


def test_ten_declared_bits_in_sixteen_are_read_with_a_warning() -> None:
    table = np.array([[1, 2, 1023]])
    declared = {
        f"$P{n}{letter}": v for n in (1, 2, 3) for letter, v in (("B", "10"), ("R", "1024"))
    }

    (tube,) = read_fcs(fcs_bytes(table, NAMES, datatype="I", bits=16, keywords=declared))

    assert tube.events.to_numpy().tolist() == [[1, 2, 1023]]
    assert "16 bits are stored" in tube.findings[0].message


def test_columns_are_named_by_pnn_though_markers_repeat() -> None:
    markers = {"$P1S": "CD45", "$P2S": "CD45"}

    (tube,) = read_fcs(fcs_bytes([[1, 2, 3]], NAMES, keywords=markers))

    assert list(tube.events.columns) == list(NAMES)
    assert [one.marker for one in tube.parameters] == ["CD45", "CD45", None]


def test_types_may_differ_by_parameter() -> None:
    # FCS 3.2: a floating-point file whose time is an unsigned integer.
    float_part = np.array([[1.5], [2.5]], "<f4").view(np.uint8)
    time_part = np.array([[7], [9]], "<u2").view(np.uint8)
    template = fcs_bytes(
        np.zeros((2, 2)),
        ("FL1-A", "Time"),
        version="FCS3.2",
        bits=[32, 32],
        keywords={"$P2B": "16", "$P2DATATYPE": "I", "$P2R": "65536"},
    )
    start = int(template[26:34])
    data = np.hstack([float_part, time_part]).tobytes()
    end = start + len(data) - 1
    content = template[:34] + f"{end:8d}".encode() + template[42:start] + data
    content = content.replace(f"{start + 15:012d}".encode(), f"{end:012d}".encode())

    (tube,) = read_fcs(content)

    assert tube.events["FL1-A"].tolist() == [1.5, 2.5]
    assert tube.events["Time"].tolist() == [7, 9]
