"""The keywords of a list-mode file become a record's header."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes

from qcvalidate.cytometry import read_fcs
from qcvalidate.cytometry.acquisition import measured_at
from qcvalidate.documents import Document
from qcvalidate.readers.exports.listmode import claims, read
from qcvalidate.record import Record, State

EVENTS = np.arange(1, 7, dtype=float).reshape(3, 2)
NAMES = ("FSC-A", "SSC-A")


def record(**keywords: str) -> Record:
    return reading(fcs_bytes(EVENTS, NAMES, keywords=keywords))


def reading(content: bytes) -> Record:
    tubes = tuple(read_fcs(content, "tube.fcs"))
    document = Document(Path("tube.fcs"), "tube.fcs", "0" * 64, "", "listmode", listmode=tubes)
    assert claims(document, None)  # type: ignore[arg-type]
    return read(document, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["LOT", "$LOT", "Lot Number", "LOT_ID", "lot-number", "Batch"])
def test_a_lot_keyword_names_the_lot(key: str) -> None:
    lot = record(**{key: " A-1 "}).header["lot"]

    assert (lot.text, lot.value, lot.state) == ("A-1", "A-1", State.CONFIRMED)
    assert lot.place.region == f"keyword {key.upper()}"


@pytest.mark.parametrize("key", ["CST BEADS LOT ID", "START BATCH", "PLOT", "TUBE NAME"])
def test_another_lot_is_not_this_one(key: str) -> None:
    assert "lot" not in record(**{key: "B-2"}).header


def test_two_lots_are_none() -> None:
    found = record(LOT="A-1", BATCH="B-2")

    assert found.header["lot"].value is None
    assert found.header["lot"].state is State.CONFLICT
    assert [one.slug for one in found.findings] == ["field-conflict"]


def test_two_data_sets_may_not_name_two_lots() -> None:
    first = fcs_bytes(EVENTS, NAMES, keywords={"LOT": "A-1", "$NEXTDATA": "00004000"})
    found = reading(first.ljust(4000) + fcs_bytes(EVENTS, NAMES, keywords={"LOT": "B-2"}))

    assert found.header["lot"].state is State.CONFLICT


def test_the_header_says_sample_instrument_and_day() -> None:
    found = record(
        **{
            "$SMNO": "S-7",
            "SAMPLE ID": "T-cells",
            "$INST": "Clinic",
            "$CYT": "FACSCanto II",
            "$DATE": "05-mar-2026",
            "$BTIM": "10:05:09",
        }
    )

    values = {name: field.value for name, field in found.header.items()}
    assert values == {
        "sample_id": "S-7",
        "laboratory": "Clinic",
        "method": "FACSCanto II",
        "date_started": "2026-03-05",
    }
    assert found.observations.empty


def test_absent_and_blank_keywords_are_no_fields() -> None:
    assert record(**{"$INST": " ", "$SMNO": " "}).header == {}


@pytest.mark.parametrize(
    "text", ["19-10-2020", "22-Sep-13", "2013-Jul-19", "31-FEB-2026", "05-XYZ-2026", "yesterday"]
)
def test_another_date_is_not_guessed(text: str) -> None:
    found = record(**{"$DATE": text})

    assert found.header["date_started"].value is None
    assert found.header["date_started"].state is State.AMBIGUOUS
    assert [one.slug for one in found.findings] == ["date-unreadable"]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("10:05:09", dt.datetime(2026, 3, 5, 10, 5, 9)),
        ("10:05:09.42", dt.datetime(2026, 3, 5, 10, 5, 9)),
        ("10:05:09:30", dt.datetime(2026, 3, 5, 10, 5, 9)),
        ("25:00:00", None),
        ("", None),
    ],
)
def test_an_acquisition_begins_by_the_instruments_clock(
    time: str, expected: dt.datetime | None
) -> None:
    keywords = {"$DATE": "05-MAR-2026", "$BTIM": time}
    (tube,) = read_fcs(fcs_bytes(EVENTS, NAMES, keywords=keywords))

    assert measured_at(tube) == expected


def test_an_acquisition_without_a_day_has_no_time() -> None:
    (tube,) = read_fcs(fcs_bytes(EVENTS, NAMES, keywords={"$BTIM": "10:05:09"}))

    assert measured_at(tube) is None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2026-03-05T10:05:09", dt.datetime(2026, 3, 5, 10, 5, 9)),
        ("2026-03-05T10:05:09.425+01:00", dt.datetime(2026, 3, 5, 10, 5, 9)),
        # An offset tells the clock on the wall, and UTC does not.
        ("2026-03-05T10:05:09Z", None),
        ("2026-02-30T10:05:09", None),
        ("2026-03-05 10:05", None),
    ],
)
def test_an_acquisition_of_fcs_3_2_begins_at_its_date_and_time(
    printed: str, expected: dt.datetime | None
) -> None:
    keywords = {"$BEGINDATETIME": printed}
    (tube,) = read_fcs(fcs_bytes(EVENTS, NAMES, version="FCS3.2", keywords=keywords))

    assert measured_at(tube) == expected


def test_the_day_of_fcs_3_2_is_the_day_of_its_date_and_time() -> None:
    field = record(**{"$BEGINDATETIME": "2026-03-05T10:05:09+01:00"}).header["date_started"]

    assert (field.value, field.text) == ("2026-03-05", "2026-03-05T10:05:09+01:00")


def test_a_date_and_time_that_is_none_is_not_guessed() -> None:
    found = record(**{"$BEGINDATETIME": "5.3.2026 10:05"})

    assert found.header["date_started"].value is None
    assert [one.slug for one in found.findings] == ["date-unreadable"]
