"""HEADER and TEXT: what is read, and what is refused before anything is decoded."""

from __future__ import annotations

import io
import tracemalloc

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.cytometry import read_fcs
from qcvalidate.cytometry.segments import read_data_sets
from qcvalidate.errors import DocumentError

EVENTS = np.arange(12, dtype=float).reshape(4, 3)
NAMES = ("FSC-A", "SSC-A", "Time")


def good(**changes: object) -> bytes:
    return fcs_bytes(EVENTS, NAMES, **changes)  # type: ignore[arg-type]


def refusal(content: bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_data_sets(io.BytesIO(content), "tube.fcs")
    assert str(caught.value).startswith("tube.fcs")
    return caught.value


def keywords(content: bytes) -> dict[str, str]:
    return dict(read_data_sets(io.BytesIO(content), "tube.fcs")[0].keywords)


def test_keywords_are_folded_to_capitals() -> None:
    assert keywords(good(keywords={"Lot Number": "A-1"}))["LOT NUMBER"] == "A-1"


def test_a_doubled_delimiter_inside_a_value_is_one_character() -> None:
    assert keywords(good(keywords={"$P1F": "530/30", "$COM": "x"}))["$P1F"] == "530/30"


@pytest.mark.parametrize("text", [b"$SRC//LOT/A-1/", b"LOT/A-1/$SRC//", b"X/a//b/$SRC//LOT/A-1/"])
def test_an_empty_value_does_not_merge_two_keywords(text: bytes) -> None:
    found = keywords(good(more_text=text))

    assert found["$SRC"] == ""
    assert found["LOT"] == "A-1"


def test_two_doubled_delimiters_in_a_row_are_two_characters() -> None:
    assert keywords(good(keywords={"$P1F": "561//10 nm"}))["$P1F"] == "561//10 nm"


def test_bytes_that_are_not_utf8_are_latin1() -> None:
    content = good(keywords={"$OP": "M?ller"}).replace(b"M?ller", b"M\xfcller")

    assert keywords(content)["$OP"] == "Müller"


def test_keywords_never_leak_into_the_next_data_set() -> None:
    first = good(keywords={"LOT": "A-1", "$NEXTDATA": "00002000"}).ljust(2000)

    one, two = read_data_sets(io.BytesIO(first + good()), "tube.lmd")

    assert one.keywords["LOT"] == "A-1"
    assert "LOT" not in two.keywords


@pytest.mark.parametrize(
    "content", [b"hello, world", b"FC", b"PK\x03\x04" + b"\0" * 100, b" FCS3.1"]
)
def test_a_file_that_is_not_fcs_is_refused(content: bytes) -> None:
    assert refusal(content).slug == "fcs-magic"


@pytest.mark.parametrize("version", ["FCS1.0", "FCS4.0", "FCSx.y"])
def test_an_unknown_version_is_refused(version: str) -> None:
    error = refusal(good(version=version))

    assert error.slug == "fcs-unsupported"
    assert version in str(error)


@pytest.mark.parametrize("length", [6, 20, 57])
def test_a_file_that_ends_in_its_header_is_refused(length: int) -> None:
    assert refusal(good()[:length]).slug == "fcs-truncated"


def test_a_file_that_ends_in_text_is_refused() -> None:
    assert refusal(good()[:300]).slug == "fcs-truncated"


@pytest.mark.parametrize("offset", [b"     -10", b"  0x0100", b"     1e3", b"\xb2       "])
def test_an_offset_that_is_no_number_is_refused(offset: bytes) -> None:
    content = good()

    assert refusal(content[:10] + offset + content[18:]).slug == "fcs-text-damaged"


def test_text_that_would_be_huge_is_refused_in_constant_memory() -> None:
    content = good()
    content = content[:18] + b"99999999" + content[26:]

    tracemalloc.start()
    error = refusal(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert error.slug == "fcs-text-damaged"
    assert peak < 1_000_000


def test_a_delimiter_that_is_a_letter_is_refused() -> None:
    content = good()

    assert refusal(content[:256] + b"x" + content[257:]).slug == "fcs-text-damaged"


def test_a_keyword_without_value_is_refused() -> None:
    error = refusal(good().replace(b"/$MODE/L/", b"/$MODE-L/"))

    assert error.slug == "fcs-text-damaged"


@pytest.mark.parametrize("key", ["$TOT", "$PAR", "$P1B", "$BYTEORD", "LOT"])
def test_a_critical_keyword_with_two_values_is_refused(key: str) -> None:
    content = good(keywords={"LOT": "A-1", "ZZZ": "1", "ZZZZZZZZ": "7"})
    padded = b"/ZZZ/1/ZZZZZZZZ/7/"
    again = f"/{key}/9/".encode()
    content = content.replace(padded, again + b"Z" * (len(padded) - len(again) - 3) + b"/7/")

    error = refusal(content)

    assert error.slug == "fcs-text-damaged"
    assert key in str(error)


def test_another_keyword_with_two_values_is_a_remark() -> None:
    content = good(keywords={"AAA": "1", "BBB": "2"}).replace(b"/BBB/2/", b"/AAA/2/")

    (one,) = read_data_sets(io.BytesIO(content), "tube.fcs")

    assert one.keywords["AAA"] == "1"
    assert "'AAA'" in one.remarks[0]


def test_text_cut_inside_a_critical_value_is_refused() -> None:
    assert refusal(good(more_text=b"$TIMESTEP/0.0")).slug == "fcs-text-damaged"


def test_text_cut_inside_another_value_is_a_remark() -> None:
    (one,) = read_data_sets(io.BytesIO(good(more_text=b"$OP/Mu")), "tube.fcs")

    assert "'$OP'" in one.remarks[0]


def test_supplemental_text_is_read() -> None:
    content = good(keywords={"$BEGINSTEXT": "00002000", "$ENDSTEXT": "00002012"})
    content = content.ljust(2000) + b"/LOT/A-1/X/y/"

    assert keywords(content)["LOT"] == "A-1"


def test_supplemental_text_that_contradicts_text_is_refused() -> None:
    content = good(keywords={"$BEGINSTEXT": "00002000", "$ENDSTEXT": "00002007"})

    assert refusal(content.ljust(2000) + b"/$TOT/9/").slug == "fcs-text-damaged"


def test_supplemental_text_that_is_something_else_is_a_remark() -> None:
    content = good(keywords={"$BEGINSTEXT": "00002000", "$ENDSTEXT": "00002007"})

    (one,) = read_data_sets(io.BytesIO(content.ljust(2000) + b"PK\x03\x04...."), "tube.fcs")

    assert "supplemental TEXT" in one.remarks[0]


@pytest.mark.parametrize(
    ("next_data", "slug"),
    [
        ("17", "fcs-inconsistent"),
        ("-5", "fcs-inconsistent"),
        ("999999", "fcs-truncated"),
        ("1e3", "fcs-inconsistent"),
        ("300", "fcs-inconsistent"),
    ],
)
def test_a_next_data_set_that_is_not_there_is_refused(next_data: str, slug: str) -> None:
    content = good(keywords={"$NEXTDATA": next_data})

    assert refusal(content).slug == slug


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
# Any character that is no letter, digit or NUL may stand between keywords, and no keyword begins
# with it: $BEGINDATA must be there, so that a dollar cannot.
DELIMITERS = st.sampled_from([c for c in map(chr, range(1, 127)) if not c.isalnum() and c != "$"])


@given(values=st.lists(WORDS, min_size=1, max_size=6), delimiter=DELIMITERS)
def test_values_survive_any_delimiter(values: list[str], delimiter: str) -> None:
    # No value begins with the delimiter, says the standard; doubled, it is part of one.
    kept = [value for value in values if value[0] != delimiter and value[-1] != delimiter]
    words = {f"WORD{n}": value for n, value in enumerate(kept)}

    found = read_fcs(good(keywords=words, delimiter=delimiter))[0].keywords

    assert {key: found[key] for key in words} == words


@pytest.mark.parametrize("blanks", [b" ", b"   ", b"\n", b"\t"])
def test_blanks_before_a_keyword_are_no_part_of_it(blanks: bytes) -> None:
    assert keywords(good(more_text=blanks + b"lot/A-1/"))["LOT"] == "A-1"


def test_three_data_sets_are_each_read_alone() -> None:
    sets = []
    for number in (1, 2, 3):
        step = {"$NEXTDATA": "00008192" if number < 3 else "0", f"ONLY{number}": "here"}
        sets.append(good(keywords=step).ljust(8192 if number < 3 else 0))

    found = read_fcs(b"".join(sets))

    assert [one.data_set for one in found] == [1, 2, 3]
    for number, one in enumerate(found, 1):
        assert [key for key in one.keywords if key.startswith("ONLY")] == [f"ONLY{number}"]
