"""Absolute counts: numbers of the field or worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.cytometry.absolute import (
    UnclearVolume,
    acquired_volume,
    by_beads,
    by_share,
    by_volume,
)

PER_TEST, VOLUME = Decimal(49850), Decimal(100)
COUNTS = st.integers(0, 20_000)
BEADS = st.integers(1, 20_000)
ERROR = st.decimals(0, 20, places=1)


@pytest.mark.parametrize(
    ("cells", "beads", "low", "high"), [(100, 1000, 40.17, 61.28), (500, 5000, 45.38, 54.66)]
)
def test_known_intervals_by_beads(cells: int, beads: int, low: float, high: float) -> None:
    found = by_beads(cells, beads, per_test=PER_TEST, volume_uL=VOLUME)

    assert found.per_uL == Decimal("49.85")
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.005)


def test_the_dilution_multiplies() -> None:
    # A published worked example: 520/10,000 x 50,000/100 x 10 = 260 per uL.
    found = by_beads(
        520, 10_000, per_test=Decimal(50_000), volume_uL=Decimal(100), dilution=Decimal(10)
    )

    assert found.per_uL == Decimal(260)


def test_no_cells_have_an_upper_end() -> None:
    found = by_beads(0, 1000, per_test=PER_TEST, volume_uL=VOLUME)

    # By hand: 1 - 0.025^(1/1000) as odds are 0.0036957, times 498.5.
    assert (found.per_uL, found.low) == (0, 0.0)
    assert found.high == pytest.approx(1.8423, abs=0.0005)


def test_declared_errors_widen_the_interval() -> None:
    bare = by_beads(10_000, 10_000, per_test=PER_TEST, volume_uL=VOLUME)
    wide = by_beads(
        10_000, 10_000, per_test=PER_TEST, volume_uL=VOLUME, errors=(Decimal(3), Decimal(4))
    )

    # By hand: the counts bring 1.4 %, the errors 5 %; the root of 5^2 + 1.414^2 is 5.196 %.
    assert bare.high / 498.5 == pytest.approx(1.0281, abs=2e-4)
    assert wide.high / 498.5 == pytest.approx(1.1072, abs=2e-3)
    assert wide.low / 498.5 == pytest.approx(1 / 1.1072, abs=2e-3)


@given(cells=COUNTS, beads=BEADS, errors=st.lists(ERROR, max_size=2))
def test_an_interval_by_beads_holds_its_value_and_widens(
    cells: int, beads: int, errors: list[Decimal]
) -> None:
    bare = by_beads(cells, beads, per_test=PER_TEST, volume_uL=VOLUME)
    wide = by_beads(cells, beads, per_test=PER_TEST, volume_uL=VOLUME, errors=errors)
    value = float(bare.per_uL)

    slack = 1e-9 * value
    assert wide.low - slack <= bare.low <= value <= bare.high <= wide.high + slack
    assert wide.per_uL == bare.per_uL


@given(cells=COUNTS, beads=BEADS)
def test_more_cells_are_more_per_microlitre_and_more_beads_fewer(cells: int, beads: int) -> None:
    def found(cells: int, beads: int) -> tuple[Decimal, float, float]:
        one = by_beads(cells, beads, per_test=PER_TEST, volume_uL=VOLUME)
        return one.per_uL, one.low, one.high

    assert all(a < b for a, b in zip(found(cells, beads), found(cells + 1, beads), strict=True))
    assert all(a >= b for a, b in zip(found(cells, beads), found(cells, beads + 1), strict=True))


def test_a_known_interval_by_volume() -> None:
    # Garwood's 81.364 to 121.627 of 100 events, in 25 uL of a sample diluted 2 in 1.
    found = by_volume(100, acquired_uL=Decimal(25), dilution=Decimal(2))

    assert found.per_uL == Decimal(8)
    assert (found.low, found.high) == pytest.approx((6.509, 9.730), abs=0.001)


@given(cells=COUNTS)
def test_an_interval_by_volume_holds_its_value(cells: int) -> None:
    found = by_volume(cells, acquired_uL=Decimal(25))

    assert found.low <= float(found.per_uL) <= found.high


def test_a_share_of_a_counters_concentration() -> None:
    found = by_share(Decimal("0.5"), (0.4, 0.62), Decimal(40_000))

    assert found.per_uL == Decimal(200)
    assert (found.low, found.high) == pytest.approx((160.0, 248.0))


@pytest.mark.parametrize(("cells", "beads"), [(-1, 10), (10, 0)])
def test_what_is_no_count_is_an_error(cells: int, beads: int) -> None:
    with pytest.raises(ValueError, match="no count"):
        by_beads(cells, beads, per_test=PER_TEST, volume_uL=VOLUME)


@pytest.mark.parametrize("volume", ["0", "-1", "NaN", "Infinity"])
def test_a_volume_of_nothing_is_an_error(volume: str) -> None:
    with pytest.raises(ValueError, match="above nothing"):
        by_beads(1, 1, per_test=PER_TEST, volume_uL=Decimal(volume))


@pytest.mark.parametrize(
    ("text", "seconds", "expected"),
    [
        # As real instruments wrote them: MACSQuant, CyFlow Cube, Accuri C6 Plus, Attune NxT.
        ("10666", 44.0, "10.666"),
        ("99000", 101.0, "99"),
        ("25016", 101.4, "25.016"),
        ("46000", 15.0, "46"),
        ("10666", None, "10.666"),
        # 3000 nL or 3 mL: within a minute only the first is possible.
        ("3000", 60.0, "3"),
    ],
)
def test_the_standards_nanolitres(text: str, seconds: float | None, expected: str) -> None:
    assert acquired_volume(text, seconds) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "seconds", "words"),
    [
        ("", None, "has no \\$VOL"),
        ("about 25", None, "no volume"),
        ("25,016", None, "no volume"),
        ("25_016", None, "no volume"),
        ("٢٥٠١٦", None, "no volume"),
        ("NaN", None, "no volume"),
        ("0", None, "is not known"),
        ("-25016", None, "no volume"),
        ("1E+999999", None, "no volume"),
        ("1E+99", None, "in whatever unit"),
        ("25", 60.0, "without a unit"),
        ("3000", None, "without a unit"),
        ("0.0000001", 60.0, "in whatever unit"),
    ],
)
def test_a_volume_that_could_be_anything_is_unclear(
    text: str, seconds: float | None, words: str
) -> None:
    with pytest.raises(UnclearVolume, match=words):
        acquired_volume(text, seconds)


def test_a_declared_unit_settles_it_where_it_is_possible() -> None:
    assert acquired_volume("25", 60.0, "uL") == Decimal(25)
    assert acquired_volume("3000", None, "nL") == Decimal(3)
    with pytest.raises(UnclearVolume, match="in the declared uL"):
        acquired_volume("25016", 60.0, "uL")
