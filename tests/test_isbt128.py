"""Donation numbers with their check character, Single European Codes and coded expiries.

The worked check characters are those of the Red Book (annex 2) and of a printed sample label.
"""

from __future__ import annotations

import datetime as dt

import pytest

from qcvalidate.isbt128 import (
    check_character,
    read_donation_number,
    read_european_code,
    read_expiry,
)


@pytest.mark.parametrize(
    ("number", "check"),
    [
        ("G123498654321", "H"),
        ("A999917123458", "5"),
        ("A999925123456", "9"),
        ("W000007123456", "D"),
    ],
)
def test_the_check_character_is_over_the_thirteen(number: str, check: str) -> None:
    assert check_character(number) == check


@pytest.mark.parametrize(
    ("text", "flags", "check"),
    [
        ("G123498654321", None, None),
        ("=G12349865432100", "00", None),
        ("G1234 98 654321 00 H", "00", "H"),
        ("G1234 98 654321 [H]", None, "H"),
        ("g1234-98-654321 (H)", None, "H"),
        ("=G123498654321 77", "77", None),
    ],
)
def test_a_number_is_read_in_each_of_its_forms(
    text: str, flags: str | None, check: str | None
) -> None:
    found = read_donation_number(text)

    assert found is not None
    assert (found.number, found.flags, found.check) == ("G123498654321", flags, check)
    assert found.fault is None


@pytest.mark.parametrize(
    "text", ["", "DN-0018", "O123498654321", "G12349865432", "G1234986543210000", "0123498654321"]
)
def test_another_shape_is_no_donation_number(text: str) -> None:
    assert read_donation_number(text) is None


def test_t16_a_wrong_check_character_names_the_right_one() -> None:
    found = read_donation_number("G1234 98 654321 J")

    assert found is not None
    assert found.fault == "the check character J; H is right"


@pytest.mark.parametrize(
    ("flags", "fits"), [("77", True), ("76", False), ("00", True), ("97", True)]
)
def test_flags_that_hold_the_check_are_held_to_it(flags: str, fits: bool) -> None:
    found = read_donation_number(f"=G123498654321{flags}")

    assert found is not None
    assert (found.fault is None) is fits


def test_every_single_slip_and_exchange_of_neighbours_shows() -> None:
    number, letters = "A999917123458", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    right = check_character(number)
    slips = {
        number[:at] + letter + number[at + 1 :]
        for at in range(13)
        for letter in letters
        if letter != number[at]
    }
    exchanged = {
        number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        for at in range(12)
        if number[at] != number[at + 1]
    }

    assert [slip for slip in slips | exchanged if check_character(slip) == right] == []


def test_a_european_code_is_twenty_one_and_nineteen() -> None:
    found = read_european_code("SEC PL001499Z549917123456 A00T041600320181231")

    assert found is not None
    assert (found.donation, found.coding) == ("Z549917123456", "A")
    assert found.expires == dt.date(2018, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "PL001499Z54991712345 A00T041600320181231",  # a character short
        "PL001499Z549917123456 X00T041600320181231",  # no such coding system
        "1L001499Z549917123456 A00T041600320181231",  # no country
        "PL001499Z549917123456 A00T041600320181331",  # no thirteenth month
    ],
)
def test_another_form_is_no_european_code(text: str) -> None:
    assert read_european_code(text) is None


def test_a_european_code_without_an_expiry() -> None:
    found = read_european_code("PL001499Z549917123456 A00T041600300000000")

    assert found is not None
    assert found.expires is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("&>0170911215", dt.date(2017, 4, 1)),
        ("0170911215", dt.date(2017, 4, 1)),
        ("=>017091", dt.date(2017, 4, 1)),
        ("=>999365", dt.date(1999, 12, 31)),
        ("=>016366", dt.date(2016, 12, 31)),
        ("=>017366", None),  # no leap year
        ("=>017000", None),
        ("&>0170912460", None),
        ("&>01709112", None),
        ("=>517091", None),
    ],
)
def test_a_coded_expiry(text: str, day: dt.date | None) -> None:
    assert read_expiry(text) == day
