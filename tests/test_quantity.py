"""Printed results: expected values from domain-facts section 8, the formulas, or by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.catalogue import open_catalogue
from qcvalidate.numerals import read_number
from qcvalidate.quantity import (
    AmbiguousQuantity,
    Locale,
    NotConvertible,
    Quantity,
    ScaledUnit,
    UnknownUnit,
    UnreadableQuantity,
    convert,
    parse_quantity,
    parse_unit,
    prove_decimal,
    settled_locale,
)
from qcvalidate.uncertainties import without_uncertainty
from qcvalidate.vocabulary import load_vocabulary

NOWHERE = Locale()
POINT = Locale(decimal=".")
COMMA = Locale(decimal=",")
UNITS = load_vocabulary(open_catalogue()).units
INFINITY = Decimal("Infinity")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("82", "82"),
        ("69.5", "69.5"),
        ("69,5", "69.5"),
        ("0,05", "0.05"),
        ("0,050", "0.050"),
        (".05", "0.05"),
        ("1.250.000", "1250000"),
        ("1.248.500", "1248500"),
        ("1,250,000", "1250000"),
        ("1,250.5", "1250.5"),
        ("1.250,5", "1250.5"),
        ("1 250 000", "1250000"),
        ("274\u2009000", "274000"),
        ("1\u202f250", "1250"),
        ("1\u00a0250,5", "1250.5"),
        ("1'250'000", "1250000"),
        ("1234.567", "1234.567"),
        ("1.24E+07", "12400000"),
        ("1.24e7", "12400000"),
        ("1.234E6", "1234000"),
        ("1.24 x 10^6", "1240000"),
        ("1.24 × 10⁶", "1240000"),
        ("1.24·10^6", "1240000"),
        ("5 x 10^8", "500000000"),
        ("1.2 × 10⁻²", "0.012"),
    ],
)
def test_a_number_whose_shape_leaves_no_doubt_is_read(text: str, value: str) -> None:
    assert read_number(text, NOWHERE) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "1,250",  # T17
        "1.250",
        "12 345",  # two neighbouring numbers look like this
        "0.8x106",  # a published table prints 0.8e6 like this
        "1.24 x 10 6",
        "1.2x10e6",
        "007",
        "05",
    ],
)
def test_a_number_with_two_readings_is_ambiguous(text: str) -> None:
    with pytest.raises(AmbiguousQuantity) as caught:
        read_number(text, NOWHERE)

    assert caught.value.slug == "number-ambiguous"


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("1,250", POINT, "1250"),
        ("1,250", COMMA, "1.250"),
        ("1.250", POINT, "1.250"),
        ("1.250", COMMA, "1250"),
        ("12 345", COMMA, "12345"),
    ],
)
def test_a_declared_mark_settles_the_number(text: str, locale: Locale, value: str) -> None:
    assert read_number(text, locale) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "locale"), [("0.05", COMMA), ("69,5", POINT), ("1.250.000", POINT)]
)
def test_a_number_that_contradicts_the_declared_mark_is_ambiguous(
    text: str, locale: Locale
) -> None:
    with pytest.raises(AmbiguousQuantity):
        read_number(text, locale)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "inf",
            "-inf",
            "nan",
            "NaN",
            "Infinity",
            "#DIV/0!",
            "#N/A",
            "n/a",
            "NA",
            "ND",
            "",
            " ",
            "-",
        ),
        *("５", "٣", "८", "1_000", "0x12", "12:30", "1.2.3", "1,2,3", "1e999", "12 34", "1,25,0"),
        *(
            "-5 %",
            "- 0.05",
            "−3",
            "<",
            "< ",
            "~5",
            "ca. 5",
            "approx 5",
            "5 to",
            "5 ± ",
            "1.2E",
            "O.5",
        ),
        *(
            "5 EU/mL EU/mL",
            "70 %*",
            "1.24E+07E",
            "6-4",
            "3.58E3 (Out of optimal range)",
            "1..2",
            "l2",
        ),
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableQuantity):
        parse_quantity(text, NOWHERE, units=UNITS)


def test_a_refusal_quotes_the_text() -> None:
    with pytest.raises(UnreadableQuantity, match=r"“#DIV/0!”"):
        parse_quantity("#DIV/0!", NOWHERE, units=UNITS)


@pytest.mark.parametrize(
    ("text", "lower", "upper", "lower_closed", "upper_closed"),
    [
        ("< 0.05 EU/mL", "-Infinity", "0.05", False, False),
        ("<0.50 EU/mL", "-Infinity", "0.50", False, False),
        ("≤ 5.0 EU/mL", "-Infinity", "5.0", False, True),
        ("<= 5.0 EU/mL", "-Infinity", "5.0", False, True),
        ("NMT 5 EU/mL", "-Infinity", "5", False, True),
        ("not more than 5 EU/mL", "-Infinity", "5", False, True),
        ("max. 5 EU/mL", "-Infinity", "5", False, True),
        ("höchstens 5 EU/mL", "-Infinity", "5", False, True),
        ("> 95 %", "95", "Infinity", False, False),
        ("≥ 95 %", "95", "Infinity", True, False),
        (">=95%", "95", "Infinity", True, False),
        ("NLT 95 %", "95", "Infinity", True, False),
        ("mindestens 95 %", "95", "Infinity", True, False),
        ("<70", "-Infinity", "70", False, False),
        ("82%", "82", "82", True, True),
        ("93.2 ± 0.4 %", "93.2", "93.2", True, True),
        ("4.5-6.0e7", "4.5E7", "6.0E7", True, True),
        ("4.5E7 – 6.0E7 cells", "4.5E7", "6.0E7", True, True),
        ("100-150e6 cells", "1.00E8", "1.50E8", True, True),
        ("80 to 90 %", "80", "90", True, True),
    ],
)
def test_a_bound_is_an_interval(
    text: str, lower: str, upper: str, lower_closed: bool, upper_closed: bool
) -> None:
    quantity = parse_quantity(text, POINT, units=UNITS)

    assert (quantity.lower, quantity.upper) == (Decimal(lower), Decimal(upper))
    assert (quantity.lower_closed, quantity.upper_closed) == (lower_closed, upper_closed)
    assert quantity.text == text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("93.2 ± 0.4 %", "92.8", "93.6"),
        ("93.2 % ± 0.4 %", "92.8", "93.6"),
        ("93.2 +/- 0.4 % (k=2)", "92.8", "93.6"),
        ("93.2 ± 0.4 % (k = 2, 95 %)", "92.8", "93.6"),
        ("93.2 % (U = 0.4 %, k = 2)", "92.8", "93.6"),
        ("93.2 % (expanded uncertainty 0.4 %)", "92.8", "93.6"),
        ("93.2 % (expanded uncertainty (k=2): 0.4 %)", "92.8", "93.6"),
        ("93.2 % (95 % CI 91.1-94.9)", "91.1", "94.9"),
        ("93.2 % (95% CI: 91.1 to 94.9 %)", "91.1", "94.9"),
        ("93.2 (CI 95 % 91.1–94.9) %", None, None),
        ("0.50 EU/mL ± 10 %", "0.45", "0.55"),
        ("0.50 ± 0.05 EU/mL", "0.45", "0.55"),
        ("4.0e6 ± 0.2e6 cells/mL", "3.8e6", "4.2e6"),
        ("93.2 %", "none", "none"),
    ],
)
def test_a_stated_uncertainty_stands_beside_its_value(
    text: str, low: str | None, high: str | None
) -> None:
    if low is None:
        with pytest.raises(UnreadableQuantity):
            parse_quantity(text, POINT, units=UNITS)
        return

    quantity = parse_quantity(text, POINT, units=UNITS)

    wanted = None if low == "none" else (Decimal(low), Decimal(high or ""))
    assert quantity.exact is not None
    assert quantity.stated == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("93.2 ± 0.4 % (SD, n=3)", "standard deviation"),
        ("93.2 % (SD 0.4)", "standard deviation"),
        ("< 5 ± 1 %", "both a bound"),
        ("90-95 ± 1 %", "is a range"),
        ("0.5 EU/mL ± 0.1 EU/kg", "another unit"),
        ("93 ± 1e6", "power of ten"),
        ("93.2 % (95 % CI 94-95)", "does not hold 93.2"),
    ],
)
def test_what_is_no_uncertainty_of_a_result_says_why(text: str, said: str) -> None:
    with pytest.raises(UnreadableQuantity, match=said):
        parse_quantity(text, POINT, units=UNITS)


@pytest.mark.parametrize("text", ["<5-6 %", ">= 100-150e6", "93 - 1e6"])
def test_a_bound_on_a_range_is_ambiguous(text: str) -> None:
    with pytest.raises(AmbiguousQuantity):
        parse_quantity(text, POINT, units=UNITS)


@pytest.mark.parametrize(
    ("text", "declared", "value", "unit"),
    [
        ("< 0,05 I.E./ml", None, "0.05", "EU/mL"),
        ("0,31 UI/ml", None, "0.31", "EU/mL"),
        ("0.31 IU/mL", "EU/mL", "0.31", "EU/mL"),
        ("0.2 {EU}/mL", None, "0.2", "EU/mL"),
        ("78,6 %", None, "78.6", "%"),
        ("0.95", "%", "0.95", "%"),
        ("1 250 000 /ml", None, "1250000", "cells/mL"),
        ("1.25", "10^6 cells/mL", "1250000", "cells/mL"),
        ("1.25", "x10e6/mL", "1250000", "cells/mL"),
        ("0.75", "(x10^6) cells/mL", "750000", "cells/mL"),
        ("0.75", "×10⁶ cells/mL", "750000", "cells/mL"),
        ("39", "1e3/uL", "39000", "cells/uL"),
        ("39", "10^3/µL", "39000", "cells/uL"),
        ("39", "10³/μl", "39000", "cells/uL"),
        ("2.5 x 10^6 CD34+ cells/kg", None, "2500000", "cells/kg"),
        ("75 million cells", None, "75000000", "cells"),
        ("10", None, "10", None),
    ],
)
def test_a_unit_is_the_cells_or_the_headings(
    text: str, declared: str | None, value: str, unit: str | None
) -> None:
    quantity = parse_quantity(text, NOWHERE, units=UNITS, unit=declared)

    assert quantity.upper == Decimal(value)
    assert quantity.unit == unit


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("5 EU/kg", "EU/mL"),
        ("82%", "EU/mL"),
        ("5 EU/vial", None),
        ("5", "EU/vial"),
        ("0.2 [EU]/mL", None),  # T22: the Ehrlich unit
        ("5 g", None),
    ],
)
def test_a_foreign_or_contradicting_unit_is_refused(text: str, declared: str | None) -> None:
    with pytest.raises(UnknownUnit) as caught:
        parse_quantity(text, NOWHERE, units=UNITS, unit=declared)

    assert caught.value.slug == "unit-unknown"


def test_a_power_of_ten_in_cell_and_heading_is_ambiguous() -> None:
    with pytest.raises(AmbiguousQuantity):
        parse_quantity("1.24E+07", NOWHERE, units=UNITS, unit="x10^6 cells/mL")


def test_a_unit_outside_the_allowed_is_refused() -> None:
    with pytest.raises(UnknownUnit, match="expected %"):
        parse_quantity("5 EU/mL", NOWHERE, units=UNITS, allowed=["%"])


def test_only_cells_are_counted_in_powers_of_ten() -> None:
    assert parse_unit("10^6 EU/mL", UNITS) is None


@given(st.decimals(min_value=0, max_value=10**6, allow_nan=False, allow_infinity=False, places=4))
def test_a_plain_decimal_is_read_exactly(value: Decimal) -> None:
    assert read_number(f"{value:f}", POINT) == value


@given(st.text(max_size=12))
def test_any_text_is_a_finite_reading_or_a_refusal(text: str) -> None:
    try:
        quantity = parse_quantity(text, NOWHERE, units=UNITS)
    except UnreadableQuantity:
        return

    assert any(character in "0123456789" for character in text)
    assert quantity.lower <= quantity.upper
    assert quantity.lower.is_finite() or quantity.upper.is_finite()


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["78,6 %", "1.248.500 /ml", "0,05"], ","),
        (["92.03", "1,250"], "."),
        (["1,250", "1.250"], None),
        (["78,6", "92.03"], None),
        (["07.05.2026", "PB-26.417"], None),
        ([], None),
    ],
)
def test_a_document_proves_its_decimal_mark(texts: list[str], mark: str | None) -> None:
    assert prove_decimal(texts) == mark


def test_a_document_that_proves_both_marks_settles_nothing() -> None:
    settled = settled_locale(Locale("DMY", ","), dates=[], numbers=["78,6", "92.03"])

    assert settled == Locale("DMY", None)


def test_a_documents_own_proof_stands_before_the_declaration() -> None:
    settled = settled_locale(Locale("DMY", ","), dates=["03/19/2026"], numbers=["92.03"])

    assert settled == Locale("MDY", ".")


def _exact(value: str, unit: str | None) -> Quantity:
    return Quantity(Decimal(value), Decimal(value), True, True, unit, f"{value} {unit}")


@pytest.mark.parametrize(
    ("value", "unit", "to", "volume", "weight", "expected"),
    [
        ("39", "cells/uL", "cells/mL", None, None, "39000"),
        ("39000", "cells/mL", "cells/uL", None, None, "39"),
        ("8E6", "cells/mL", "cells", "10", None, "8E7"),
        ("1.4E8", "cells", "cells/kg", None, "70", "2E6"),
        ("1.4E7", "cells/mL", "cells/kg", "10", "70", "2E6"),
        ("82", "%", "%", None, None, "82"),
    ],
)
def test_quantities_convert(
    value: str, unit: str, to: str, volume: str | None, weight: str | None, expected: str
) -> None:
    converted = convert(
        _exact(value, unit),
        to,
        volume_mL=Decimal(volume) if volume else None,
        weight_kg=Decimal(weight) if weight else None,
    )

    assert converted.lower == converted.upper == Decimal(expected)
    assert converted.unit == to


@pytest.mark.parametrize(
    ("text", "volume", "weight", "expected"),
    [
        ("5 EU/mL", "100", "70", "7.14"),  # T8: 7.1 EU/kg, computed
        ("< 10 EU/mL", "40", "70", "5.71"),  # T9: 5.71 EU/kg
        ("2 EU/mL", "20", "70", "0.57"),  # domain-facts 3.5.4
    ],
)
def test_endotoxin_per_kilogram(text: str, volume: str, weight: str, expected: str) -> None:
    quantity = parse_quantity(text, NOWHERE, units=UNITS)

    converted = convert(quantity, "EU/kg", volume_mL=Decimal(volume), weight_kg=Decimal(weight))

    assert converted.upper.quantize(Decimal("0.01")) == Decimal(expected)


def test_a_bound_stays_a_bound_when_converted() -> None:
    quantity = parse_quantity("< 10 EU/mL", NOWHERE, units=UNITS)

    converted = convert(quantity, "EU/kg", volume_mL=Decimal(40), weight_kg=Decimal(70))

    assert converted.lower == -INFINITY
    assert not converted.upper_closed


@pytest.mark.parametrize(
    ("unit", "to", "volume", "weight", "said"),
    [
        ("EU/mL", "EU/kg", None, None, "the volume in mL and the weight in kg"),
        ("EU/mL", "EU/kg", "100", None, "the weight in kg"),
        ("EU/mL", "EU/kg", "100", "0", "the weight in kg"),
        ("%", "EU/kg", None, None, "cannot become"),
        (None, "%", None, None, "states no unit"),
    ],
)
def test_what_a_conversion_lacks_is_said(
    unit: str | None, to: str, volume: str | None, weight: str | None, said: str
) -> None:
    with pytest.raises(NotConvertible, match=said):
        convert(
            _exact("5", unit),
            to,
            volume_mL=Decimal(volume) if volume else None,
            weight_kg=Decimal(weight) if weight else None,
        )


@pytest.mark.parametrize("factor", ["1E+31", "1E-31", "1E+9999999", "1E-9999999"])
def test_an_astronomical_result_is_no_measurement(factor: str) -> None:
    units = {"x": ScaledUnit("cells", Decimal(factor))}

    with pytest.raises(UnreadableQuantity):
        parse_quantity("5 x", POINT, units=units)


@pytest.mark.parametrize(
    ("volume", "weight"),
    [("1E+1500000", "70"), ("1E+40", "70"), ("20", "1E-40"), ("1E-1200000", "70"), ("20", "1E+40")],
)
def test_an_astronomical_dose_is_told(volume: str, weight: str) -> None:
    endotoxin = parse_quantity("0.5 EU/mL", POINT)

    with pytest.raises(NotConvertible, match="measures"):
        convert(endotoxin, "EU/kg", volume_mL=Decimal(volume), weight_kg=Decimal(weight))


def test_the_longest_bag_and_the_lightest_recipient_are_still_measured() -> None:
    given = {"volume_mL": Decimal(100_000), "weight_kg": Decimal("0.1")}
    cells = convert(parse_quantity("5E9 cells/mL", POINT), "cells/kg", **given)

    assert cells.exact == Decimal("5E15")


# --- six languages -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lower", "upper", "closed"),
    [
        *((f"{word} 0,05 EU/mL", "-Infinity", "0.05", False) for word in (
            "kleiner als", "unter", "inférieur à", "inférieure à", "moins de", "menor que",
            "inferior a", "menos de", "inferiore a", "minore di", "meno di", "menos que",
            "abaixo de", "less than", "below",
        )),
        *((f"{word} 0,05 EU/mL", "-Infinity", "0.05", True) for word in (
            "höchstens", "nicht mehr als", "au plus", "pas plus de", "inférieur ou égal à",
            "no más de", "menor o igual a", "al massimo", "non più di", "minore o uguale a",
            "não mais que", "no máximo", "menor ou igual a", "not more than",
        )),
        *((f"{word} 0,05 EU/mL", "0.05", "Infinity", False) for word in (
            "größer als", "supérieur à", "mayor que", "maggiore di", "maior que", "more than",
        )),
        *((f"{word} 0,05 EU/mL", "0.05", "Infinity", True) for word in (
            "mindestens", "nicht weniger als", "au moins", "no menor que", "no menos de",
            "almeno", "non meno di", "pelo menos", "não inferior a", "at least",
        )),
    ],
)  # fmt: skip
def test_comparator_in_words_makes_a_bound(text: str, lower: str, upper: str, closed: bool) -> None:
    found = parse_quantity(text, NOWHERE, units=UNITS)

    assert (found.lower, found.upper) == (Decimal(lower), Decimal(upper))
    assert found.lower_closed == (closed and lower != "-Infinity")
    assert found.upper_closed == (closed and upper != "Infinity")
    assert found.unit == "EU/mL"


@pytest.mark.parametrize(
    "text",
    ["< LOQ", "< LOD (0.05)", "<BG", "unterhalb der Nachweisgrenze", "< limite de détection",
     "n.d.", "n.n.", "not detected (LOD 0.05)", "nicht nachweisbar", "non rilevato",
     "not detected (< 0.05 EU/mL)", "unter", "nicht 0,05 EU/mL", "nicht unter 0,05 EU/mL",
     "no menor", "kein", "não"],
)  # fmt: skip
def test_bound_without_its_number_is_not_read(text: str) -> None:
    with pytest.raises(UnreadableQuantity):
        parse_quantity(text, COMMA, units=UNITS)


@pytest.mark.parametrize("text", ["10E6", "10E6 Zellen/ml", "10e+06", "5 x 10E6", "1,2 x106"])
def test_ten_raised_twice_is_ambiguous(text: str) -> None:
    with pytest.raises(AmbiguousQuantity):
        parse_quantity(text, COMMA, units=UNITS)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,25 Mio. Zellen/ml", "1250000", "cells/mL"),
        ("1,25 millions de cellules/mL", "1250000", "cells/mL"),
        ("1,25 millones de células/mL", "1250000", "cells/mL"),
        ("1,25 milioni di cellule/mL", "1250000", "cells/mL"),
        ("1,25 milhões de células/mL", "1250000", "cells/mL"),
        ("1,24E+07 Zellen/ml", "12400000", "cells/mL"),
        ("1\u202f250\u202f000 cellules/mL", "1250000", "cells/mL"),
        ("1’250’000 cellule/mL", "1250000", "cells/mL"),
        ("850 cél/µL", "850", "cells/uL"),
        ("850 cél/μL", "850", "cells/uL"),
        ("0,05 UE/mL", "0.05", "EU/mL"),
        ("0,05 UI/mL", "0.05", "EU/mL"),
        ("0,05 I.E./ml", "0.05", "EU/mL"),
        ("92,5 per cento", "92.5", "%"),
        ("1,2 × 10⁶ células viáveis/mL", "1200000", "cells/mL"),
    ],
)
def test_number_with_its_unit_in_six_languages(text: str, value: str, unit: str) -> None:
    found = parse_quantity(text, NOWHERE, units=UNITS)

    assert (found.exact, found.unit) == (Decimal(value), unit)


def test_millions_of_nothing_are_not_read() -> None:
    with pytest.raises(UnreadableQuantity):
        parse_quantity("1,25 Mio.", COMMA, units=UNITS, unit="cells/mL")


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["Anti-HIV 1,2"], None),
        (["HIV 1,2", "1,250 EU/mL"], None),
        (["≥ 70,0 %"], ","),
        (["höchstens 5,0 EU/mL"], ","),
        (["entre 6,5 et 7,5"], ","),
        (["Ph. Eur. 2.6"], None),
        (["USP <85>, 2.5"], "."),
        (["pH 7,4"], ","),
    ],
)
def test_only_a_measurement_proves_the_decimal_mark(texts: list[str], mark: str | None) -> None:
    assert prove_decimal(texts) == mark


@given(
    st.sampled_from(["nicht ", "no ", "non ", "não ", "pas ", "kein ", "not ", "sans ", "sem "]),
    st.sampled_from(["< ", "kleiner als ", "inférieur à ", "menor que ", "inferiore a ", ""]),
)
def test_negation_before_a_number_is_never_an_upper_bound(negation: str, words: str) -> None:
    try:
        found = parse_quantity(f"{negation}{words}0.5 EU/mL", POINT, units=UNITS)
    except UnreadableQuantity:
        return
    assert found.upper == INFINITY


@pytest.mark.parametrize("text", ["95 ± 1{}x", "95 CI{}x 1", "95 %{}(95 %{}CI{}93{}-{}97)"])
def test_a_result_with_very_many_spaces_is_answered(text: str) -> None:
    spaced, plain = text.replace("{}", " " * 400), text.replace("{}", " ")

    def answer(text: str) -> object:
        try:
            return without_uncertainty(text, Locale(decimal="."))
        except AmbiguousQuantity as error:
            return type(error)

    assert str(answer(spaced)).replace(" " * 400, " ") == str(answer(plain))
