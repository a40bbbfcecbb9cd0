"""DATA that numpy cannot look at as it is: packed bits, mixed byte orders, numbers in ASCII."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.cytometry import read_fcs, verify
from qcvalidate.errors import DocumentError
from qcvalidate.record import Severity

NAMES = ("FSC-H", "SSC-H", "FL1-H")
Rows = list[list[int]]


def written(rows: Rows, data: bytes, **keywords: str) -> bytes:
    """Write events whose DATA is given; `P1B="10"` is the keyword `$P1B`."""
    form = {f"${key}": value for key, value in keywords.items()}
    return fcs_bytes(
        rows, NAMES[: len(rows[0])], datatype=form.pop("$DATATYPE", "I"), data=data, keywords=form
    )


def values(content: bytes) -> Rows:
    (tube,) = read_fcs(content, "tube.fcs")
    verify(tube)
    columns = [tube.channel(i).tolist() for i in range(len(tube.parameters))]
    return [list(row) for row in zip(*columns, strict=True)]


def packed(rows: Rows, bits: list[int], *, big: bool) -> bytes:
    """Write every value's bits straight after the last one's, by hand, as a string of 0 and 1."""
    digits = [
        format(value, f"0{size}b") for row in rows for value, size in zip(row, bits, strict=True)
    ]
    stream = "".join(digits if big else (one[::-1] for one in digits))
    stream += "0" * (-len(stream) % 8)
    pieces = [stream[place : place + 8] for place in range(0, len(stream), 8)]
    return bytes(int(piece if big else piece[::-1], 2) for piece in pieces)


def sized(bits: list[int]) -> dict[str, str]:
    sizes = {f"P{n}B": str(size) for n, size in enumerate(bits, 1)}
    return sizes | {f"P{n}R": str(2**size) for n, size in enumerate(bits, 1)}


def test_ten_packed_bits_are_read_as_the_standard_writes_them() -> None:
    # 0x3FF then 0x001 then 0x200, least significant bit first:
    # 11111111 | 11 100000 | 0000 0000 | 0001 0000 -> each byte read from its right.
    rows = [[0x3FF, 0x001, 0x200], [0, 0x3FF, 0], [1, 2, 3], [4, 5, 6]]
    little = packed(rows, [10, 10, 10], big=False)
    big = packed(rows, [10, 10, 10], big=True)

    assert little[:4] == bytes([0b11111111, 0b00000111, 0b00000000, 0b00100000])
    assert big[:4] == bytes([0b11111111, 0b11000000, 0b00011000, 0b00000000])
    form = sized([10, 10, 10])
    (doubt,) = read_fcs(written(rows, little, BYTEORD="1,2,3,4", **form))[0].findings
    assert (doubt.slug, doubt.severity) == ("fcs-packed", Severity.HOLD)
    assert values(written(rows, little, BYTEORD="1,2,3,4", **form)) == rows
    assert values(written(rows, big, BYTEORD="4,3,2,1", **form)) == rows


@given(
    draw=st.data(),
    bits=st.lists(st.integers(1, 64), min_size=3, max_size=3),
    count=st.integers(20, 40),
    big=st.booleans(),
)
def test_integers_of_any_width_survive_packing(
    draw: st.DataObject, bits: list[int], count: int, *, big: bool
) -> None:
    row = st.tuples(*(st.integers(0, 2**size - 1) for size in bits)).map(list)
    rows = draw.draw(st.lists(row, min_size=count, max_size=count))
    order = "4,3,2,1" if big else "1,2,3,4"

    content = written(rows, packed(rows, bits, big=big), BYTEORD=order, **sized(bits))

    padded = [next(room for room in (8, 16, 24, 32, 64) if room >= size) for size in bits]
    if -(-sum(bits) * count // 8) + 1 < sum(padded) // 8 * count or bits == padded:
        assert values(content) == rows


def test_more_events_than_a_block_are_unpacked() -> None:
    rows = [[n % 4096, n % 1024, (7 * n) % 4096] for n in range(20_001)]
    bits = [12, 10, 12]

    content = written(rows, packed(rows, bits, big=True), BYTEORD="4,3,2,1", **sized(bits))

    assert values(content) == rows


def test_packed_bits_are_masked_by_their_range() -> None:
    rows = [[1023, 512, 256]] * 8
    form = sized([10, 10, 10]) | {"P1R": "512"}

    content = written(rows, packed(rows, [10, 10, 10], big=False), BYTEORD="1,2,3,4", **form)

    assert values(content) == [[511, 512, 256]] * 8


def test_packed_bits_and_words_of_one_length_are_refused() -> None:
    # One event of 15 bits is two bytes, packed or not, and two numbers.
    content = written([[5]], b"\x05\x00", BYTEORD="1,2,3,4", P1B="15", P1R="32768")

    with pytest.raises(DocumentError, match="packed") as caught:
        read_fcs(content, "tube.fcs")

    assert caught.value.slug == "fcs-inconsistent"


def test_the_number_of_packed_events_is_never_guessed() -> None:
    rows = [[1, 2, 3]] * 56
    data = packed(rows, [10, 10, 10], big=False)
    form = {f"${key}": value for key, value in sized([10, 10, 10]).items()}
    content = fcs_bytes(rows, NAMES, datatype="I", data=data, keywords=form, without=["$TOT"])

    with pytest.raises(DocumentError, match=r"\$TOT is missing"):
        read_fcs(content, "tube.fcs")


@pytest.mark.parametrize(
    ("order", "stored"),
    [
        # The significance of each byte as written, 1 the least: 0x0A0B0C0D.
        ("1,2,3,4", "0D0C0B0A"),
        ("4,3,2,1", "0A0B0C0D"),
        ("3,4,1,2", "0B0A0D0C"),
        ("2,1,4,3", "0C0D0A0B"),
        (" 3, 4 ,1,2 ", "0B0A0D0C"),
    ],
)
def test_every_order_of_four_bytes_is_read(order: str, stored: str) -> None:
    content = written([[0x0A0B0C0D]], bytes.fromhex(stored), BYTEORD=order, P1B="32")

    assert values(content) == [[0x0A0B0C0D]]


@pytest.mark.parametrize("order", ["2,1,3", "1,3,2", "3,1,2", "3,2,1", "1,2,3"])
def test_every_order_of_three_bytes_is_read(order: str) -> None:
    word = [0x0D, 0x0C, 0x0B]
    data = bytes(word[int(place) - 1] for place in order.split(","))
    form = {"P1B": "24", "P1R": "16777216"}

    assert values(written([[0x0B0C0D]], data, BYTEORD=order, **form)) == [[0x0B0C0D]]


@given(
    order=st.permutations([1, 2, 3, 4]),
    rows=st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 255)), min_size=1),
)
def test_words_of_any_byte_order_survive_beside_bytes(
    order: list[int], rows: list[tuple[int, int]]
) -> None:
    data = b""
    for word, byte in rows:
        least_first = word.to_bytes(4, "little")
        data += bytes(least_first[place - 1] for place in order) + bytes([byte])
    form = {"P1B": "32", "P1R": str(2**32), "P2B": "8", "P2R": "256"}
    table = [list(row) for row in rows]

    content = written(table, data, BYTEORD=",".join(map(str, order)), **form)

    assert values(content) == table


@pytest.mark.parametrize("order", ["3,4,1,2", "2,1,4,3"])
@pytest.mark.parametrize("kind", ["F", "I"])
def test_a_mixed_order_of_floats_is_read_and_said(order: str, kind: str) -> None:
    numbers = np.array([1.5, -2.25, 262143.0] if kind == "F" else [1, 70_000, 262_143])
    numbers = numbers.astype("<f4" if kind == "F" else "<u4")
    least_first = numbers.view(np.uint8).reshape(-1, 4)
    data = least_first[:, [int(place) - 1 for place in order.split(",")]].tobytes()
    form = {"DATATYPE": kind, "BYTEORD": order, "P1B": "32", "P1R": str(2**32)}

    (tube,) = read_fcs(written([[0], [0], [0]], data, **form), "tube.fcs")

    assert tube.channel(0).tolist() == numbers.tolist()
    assert "mixed byte order" in tube.findings[0].message


@pytest.mark.parametrize(("bits", "order"), [("16", "3,4,1,2"), ("64", "2,1,4,3"), ("32", "2,1,3")])
def test_an_order_of_other_bytes_than_the_values_have_is_refused(bits: str, order: str) -> None:
    data = bytes(int(bits) // 8)

    with pytest.raises(DocumentError, match=r"tube.fcs: \$BYTEORD") as caught:
        read_fcs(written([[0]], data, BYTEORD=order, P1B=bits, P1R="65536"), "tube.fcs")

    assert caught.value.slug == "fcs-unsupported"


def ascii_file(data: bytes, rows: int = 2, width: str = "4", top: str = "1024") -> bytes:
    form = {f"P{n}B": width for n in (1, 2, 3)} | {f"P{n}R": top for n in (1, 2, 3)}
    return written([[0, 0, 0]] * rows, data, DATATYPE="A", **form)


@pytest.mark.parametrize(
    ("data", "width"),
    [
        (b"  12 1023   0   7   8   9", "4"),
        (b"001210230000000700080009", "4"),
        (b"12  102300007   08  9   ", "4"),
        (b"12 1023 0 7 8 9", "*"),
        (b"12,1023,0\r\n7,8,9\r\n", "*"),
        (b"12\t1023\t0\t7\t8\t9", "*"),
        (b"  12  1023\n0 7, 8, 9 ", "*"),
    ],
)
def test_numbers_in_ascii_are_read(data: bytes, width: str) -> None:
    if width == "4":
        data = data.replace(b"  12 1023   0", b"  121023   0")

    assert values(ascii_file(data, width=width)) == [[12, 1023, 0], [7, 8, 9]]


@pytest.mark.parametrize("end", [-1, 1])
def test_a_free_number_that_goes_on_behind_data_is_refused(end: int) -> None:
    # 1023 cut to 102, or 1023 followed by the first zero of a checksum.
    content = ascii_file(b"1 2 3 4 5 1023", width="*") + b"00000000"
    last = int(content[34:42])
    content = content.replace(f"{last:012d}".encode(), f"{last + end:012d}".encode())
    content = content[:34] + f"{last + end:8d}".encode() + content[42:]

    with pytest.raises(DocumentError, match=r"\$ENDDATA|range"):
        read_fcs(content, "tube.fcs")


@pytest.mark.parametrize("bits", [40, 48, 56])
def test_whole_bytes_of_any_number_leave_no_doubt(bits: int) -> None:
    rows = [[2**bits - 2], [1]]
    form = sized([bits]) | {"BYTEORD": "4,3,2,1"}

    content = written(rows, b"".join(row[0].to_bytes(bits // 8, "big") for row in rows), **form)

    assert values(content) == rows
    assert read_fcs(content)[0].findings == ()


def test_numbers_in_ascii_are_scaled_like_other_whole_numbers() -> None:
    content = ascii_file(b"0000 256 512 768   0   0").replace(b"/$P2E/0,0/", b"/$P2E/4,1/")

    assert read_fcs(content)[0].scaled()["SSC-H"].tolist() == pytest.approx([10.0, 1.0])


@given(
    rows=st.lists(st.lists(st.integers(0, 10**9 - 1), min_size=3, max_size=3), min_size=1),
    separator=st.sampled_from([" ", ",", "\t", "\r\n"]),
)
def test_ascii_numbers_survive(rows: Rows, separator: str) -> None:
    fixed = "".join(f"{value:9d}" for row in rows for value in row).encode()
    free = separator.join(str(value) for row in rows for value in row).encode()

    assert values(ascii_file(fixed, len(rows), "9", str(2**30))) == rows
    assert values(ascii_file(free, len(rows), "*", str(2**30))) == rows


def test_free_numbers_may_be_cut_by_the_blocks_of_reading() -> None:
    rows = [[n % 997, 13 * n % 1009, n % 2] for n in range(60_000)]
    data = "\n".join(" ".join(map(str, row)) for row in rows).encode()

    assert len(data) > 2 * 2**18
    assert values(ascii_file(data, len(rows), "*")) == rows


@pytest.mark.parametrize(
    ("data", "width", "words"),
    [
        (b"00121023000 00 700080009", "4", "'00 7'"),
        (b"  12-102   0   7   8   9", "4", "'-102'"),
        (b"  12 1.5   0   7   8   9", "4", "' 1.5'"),
        (b"  12       0   7   8   9", "4", "'    '"),
        (b"  129999   0   7   8   9", "4", "9,999"),
        (b"12 1023 0 7 8", "*", "6 numbers"),
        (b"12 1023 0 7 8 9 10", "*", "6 numbers"),
        (b"12 1023 0 7 8 9 10 11 12", "*", "6 numbers"),
        (b"12 1023 0 7 x 9", "*", "'x'"),
        (b"12 2048 0 7 8 9", "*", "2,048"),
        (b"12 1023", "*", "$TOT"),
        (b"  12", "4", "$TOT"),
    ],
)
def test_numbers_that_do_not_add_up_are_refused(data: bytes, width: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_fcs(ascii_file(data, width=width), "tube.fcs")

    assert "tube.fcs" in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.slug == "fcs-inconsistent"


@pytest.mark.parametrize("width", ["0", "20", "-4"])
def test_a_width_that_ascii_cannot_have_is_refused(width: str) -> None:
    with pytest.raises(DocumentError, match=r"\$PnB"):
        read_fcs(ascii_file(b" " * 24, width=width), "tube.fcs")


def test_unpacking_takes_little_memory() -> None:
    rows = [[n % 1024, 5, 1023] for n in range(80_000)]
    content = written(
        rows, packed(rows, [10, 10, 10], big=False), BYTEORD="1,2,3,4", **sized([10, 10, 10])
    )

    tracemalloc.start()
    read_fcs(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # 300 kB of DATA; a block of bits and what is unpacked.
    assert peak < 3_000_000
