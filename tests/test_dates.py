from __future__ import annotations

import datetime as dt

import pytest

from qcvalidate.dates import (
    AmbiguousDate,
    UnreadableDate,
    parse_date,
    parse_datetime,
    prove_date_order,
)
from qcvalidate.locale import Locale


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-01-05", "2026-01-05"),
        ("20260105", "2026-01-05"),
        ("2026/01/05", "2026-01-05"),
        ("05-Jan-2026", "2026-01-05"),
        ("05JAN2026", "2026-01-05"),
        ("5 Jan 2026", "2026-01-05"),
        ("January 5, 2026", "2026-01-05"),
        ("April 07, 2026", "2026-04-07"),
        ("5 janvier 2026", "2026-01-05"),
        ("1er août 2026", "2026-08-01"),
        ("7. März 2026", "2026-03-07"),
        ("5. Januar 2026", "2026-01-05"),
        ("5 de enero de 2026", "2026-01-05"),
        ("17 mars 2026", "2026-03-17"),
        ("5. März 2026", "2026-03-05"),
        ("05.Mai.2026", "2026-05-05"),
        ("5. Jänner 2026", "2026-01-05"),
        ("12 févr. 2026", "2026-02-12"),
        ("1er déc. 2026", "2026-12-01"),
        ("5 de marzo de 2026", "2026-03-05"),
        ("5 de setiembre del 2026", "2026-09-05"),
        ("19-ago-2026", "2026-08-19"),
        ("05 mag 2026", "2026-05-05"),
        ("1° ottobre 2026", "2026-10-01"),
        ("28 gennaio 2026", "2026-01-28"),
        ("3 giugno 2026", "2026-06-03"),
        ("5 de março de 2026", "2026-03-05"),
        ("1.º de fevereiro de 2026", "2026-02-01"),
        ("09/set/2026", "2026-09-09"),
        ("30 de dezembro de 2026", "2026-12-30"),
        ("12-out-2026", "2026-10-12"),
        ("2026/03/19", "2026-03-19"),
        ("19.03.2026 um 14:30 Uhr", "2026-03-19"),
        ("19 mars 2026 à 14h30", "2026-03-19"),
        ("19/03/2026 14:30 h", "2026-03-19"),
        ("19/03/2026 alle ore 14:30", "2026-03-19"),
        ("07.05.2026", "2026-05-07"),  # dotted is day first; dateutil reads 5 July
        ("17/04/2026", "2026-04-17"),
        ("03/19/2026", "2026-03-19"),
        ("05/05/2026", "2026-05-05"),
        ("2026-06-02 09:14", "2026-06-02"),
        ("6-24-2022  14:34:52", "2022-06-24"),
    ],
)
def test_a_date_with_one_reading_is_read(text: str, date: str) -> None:
    assert parse_date(text) == dt.date.fromisoformat(date)


@pytest.mark.parametrize(
    "text", ["03/04/2026", "3-4-2026", "20-May-26", "5/20/25", "03.04.26", "19.03.26", "5 mars 26"]
)
def test_a_date_with_two_readings_is_ambiguous(text: str) -> None:
    with pytest.raises(AmbiguousDate) as caught:
        parse_date(text)

    assert caught.value.slug == "date-ambiguous"


@pytest.mark.parametrize(
    "text",
    ["", "14 days", "45000", "31.02.2026", "13/13/2026", "2026-13-01", "2026-02-30", "2026",
     "0026-01-01", "5 Foo 2026", "０5.01.2026", "٠٥/٠١/٢٠٢٦", "today",
     "3026-01-01", "2026-01-05 25:00 x", "30 février 2026", "5 de foo de 2026", "marzo 2026",
     "5 Mars", "45 mars 2026", "2026年3月19日", "5 de de marzo 2026"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(UnreadableDate):
        parse_date(text)


@pytest.mark.parametrize(("order", "date"), [("DMY", "2026-04-03"), ("MDY", "2026-03-04")])
def test_a_declared_order_settles_the_date(order: str, date: str) -> None:
    assert parse_date("03/04/2026", Locale(dates=order)) == dt.date.fromisoformat(date)


def test_a_date_that_contradicts_the_declared_order_is_ambiguous() -> None:
    with pytest.raises(AmbiguousDate):
        parse_date("03/19/2026", Locale(dates="DMY"))


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2026", "17/04/2026"], "DMY"),  # T18
        (["03/05/2026", "03/19/2026"], "MDY"),
        (["03/04/2026"], None),
        (["24-6-2022", "6-24-2022"], None),  # a FLEX2 writes both in one row
        (["22.05.2026"], None),
        ([], None),
    ],
)
def test_a_document_proves_its_order(texts: list[str], order: str | None) -> None:
    assert prove_date_order(texts) == order


MONTHS = """
Januar Februar März April Mai Juni Juli August September Oktober November Dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
January February March April May June July August September October November December
""".strip().splitlines()


@pytest.mark.parametrize("names", MONTHS)
def test_every_month_of_a_language_is_known(names: str) -> None:
    read = [parse_date(f"7 {name} 2026").month for name in names.split()]

    assert read == list(range(1, 13))


def test_t18_start_and_end_are_fourteen_days_apart() -> None:
    texts = ["03/04/2026", "17/04/2026"]
    locale = Locale(dates=prove_date_order(texts))

    start, end = (parse_date(text, locale) for text in texts)

    assert (end - start).days == 14


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-02 09:14", "2026-06-02T09:14:00"),
        ("2026-06-02T09:14:05.5", "2026-06-02T09:14:05.500000"),
        ("9/20/2021 4:28 PM", "2021-09-20T16:28:00"),
        ("9/20/2021 12:05 am", "2021-09-20T00:05:00"),
        ("19.03.2026 14:30 Uhr", "2026-03-19T14:30:00"),
        ("19 mars 2026 à 9h05", "2026-03-19T09:05:00"),
        ("19/03/2026 às 14 h 30", "2026-03-19T14:30:00"),
    ],
)
def test_a_time_of_day_is_read_as_printed(text: str, moment: str) -> None:
    assert parse_datetime(text) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text", ["2026-06-02", "2026-06-02 25:00", "2026-06-02 13:00 PM", "2026-06-02T09:14Z"]
)
def test_no_time_of_day_is_made_up(text: str) -> None:
    with pytest.raises(UnreadableDate):
        parse_datetime(text)
