from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
import runs

from qcvalidate.record import GateShare
from qcvalidate.reports._density import draw, percent_words, png


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """Read a PNG by hand, after its specification, and check every checksum."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = {}, 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", content[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(kind + data)
        found[kind] = data
        at += 12 + length
    return found


def _shades(content: bytes) -> list[list[int]]:
    chunks = _chunks(content)
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    lines = zlib.decompress(chunks[b"IDAT"])
    assert len(lines) == height * (width + 1)
    starts = range(0, len(lines), width + 1)
    assert all(lines[start] == 0 for start in starts)
    return [list(lines[start + 1 : start + width + 1]) for start in starts]


def test_row_0_is_at_the_bottom_and_an_empty_bin_is_white() -> None:
    counts = np.array([[0, 1], [0, 99], [0, 0]], dtype=np.uint32)

    shades = _shades(png(counts))
    palette = _chunks(png(counts))[b"PLTE"]

    # log1p(1) / log1p(99) of 30 steps is 4.5; one after that of an empty bin.
    assert shades == [[0, 0], [0, 31], [0, 6]]
    assert palette[:3] == b"\xff\xff\xff"
    assert len(palette) == 3 * 32


def test_more_events_are_never_darker() -> None:
    palette = _chunks(png(np.array([[1]], dtype=np.uint32)))[b"PLTE"]

    # Relative luminance of sRGB primaries (ITU-R BT.709), on the coded values.
    light = [
        0.2126 * red + 0.7152 * green + 0.0722 * blue
        for red, green, blue in zip(palette[3::3], palette[4::3], palette[5::3], strict=True)
    ]
    assert light == sorted(light)
    assert light[-1] - light[0] > 150


def test_a_parent_without_events_gives_a_white_picture() -> None:
    assert _shades(png(np.zeros((2, 2), dtype=np.uint32))) == [[0, 0], [0, 0]]


def test_the_same_counts_give_the_same_bytes() -> None:
    assert png(runs.plot().counts) == png(runs.plot().counts)


def test_a_gate_is_drawn_from_the_upper_left_corner() -> None:
    drawing = draw(replace(runs.plot(), outlines=(((0.0, 0.0), (0.5, 1.0), (1.0, 0.25)),)))

    assert drawing.outlines == ("0,240 120,0 240,180",)
    assert drawing.image.startswith("data:image/png;base64,iVBORw0KGgo")


def test_an_edge_at_infinity_and_one_that_is_no_number_draw_nothing_strange() -> None:
    infinite, nan = float("inf"), float("nan")
    outline = ((-infinite, 0.5), (infinite, 0.5), (nan, 0.5), (0.5, infinite))

    assert draw(replace(runs.plot(), outlines=(outline, ((nan, nan),)))).outlines == (
        "-2160,120 2400,120 120,-2160",
    )


def test_ticks_outside_of_the_axis_are_left_out() -> None:
    drawing = draw(replace(runs.plot(), x_ticks=((-0.1, "a"), (0.5, "b")), y_ticks=((1.0, "c"),)))

    assert drawing.x_ticks == (("182", "b"),)
    assert drawing.y_ticks == (("10", "c"),)


def test_one_parameter_is_a_histogram() -> None:
    drawing = draw(replace(runs.plot(), counts=np.array([[0, 4]], dtype=np.uint32)))

    assert drawing.image == ""
    assert drawing.histogram == "0,240 0,240 120,240 120,12 240,12 240,240"


def test_few_events_are_drawn_in_wide_cells() -> None:
    counts = np.zeros((256, 256), dtype=np.uint32)
    counts[0, 0] = counts[3, 3] = counts[200, 9] = 1

    assert _size(draw(replace(runs.plot(), counts=counts)).image) == (64, 64)
    assert _size(draw(replace(runs.plot(), counts=counts * 5_000)).image) == (128, 128)
    assert _size(draw(replace(runs.plot(), counts=counts * 50_000)).image) == (256, 256)


def test_quadrants_have_their_share_in_their_corner() -> None:
    half = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),)
    other = (((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)),)
    shares = (GateShare("neg", 4000), GateShare("a name of many many letters", 15000))

    left, right = draw(replace(runs.plot(), outlines=half + other, shares=shares)).labels

    assert (left.text, left.anchor, left.x) == ("neg 21.05 %", "start", "4")
    assert (right.text, right.anchor, right.x) == ("78.95 %", "end", "236")


def test_what_has_no_axes_is_not_drawn() -> None:
    drawing = draw(replace(runs.plot(), counts=np.zeros((0, 0), dtype=np.uint32), outlines=()))

    assert not drawing.drawn
    assert drawing.image == drawing.histogram == ""


def test_a_long_name_of_an_axis_is_shortened() -> None:
    assert len(draw(replace(runs.plot(), x_label="W" * 90)).x_label) == 34


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0.00"),
        (0.00333, "0.0033"),
        (12.3456, "12.35"),
        (99.997, "99.9970"),
        (100.0, "100.00"),
    ],
)
def test_some_events_are_never_none_and_not_all_never_all(value: float, words: str) -> None:
    assert percent_words(value) == words


def _size(image: str) -> tuple[int, int]:
    header = base64.b64decode(image.partition(",")[2])[16:24]
    return int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")


def test_the_picture_of_a_million_events_is_small() -> None:
    random = np.random.default_rng(7)
    x, y = random.normal(0.5, 0.12, (2, 1_000_000))
    counts, _, _ = np.histogram2d(y, x, bins=256, range=((0, 1), (0, 1)))

    assert len(png(counts.astype(np.uint32))) < 24 * 1024
