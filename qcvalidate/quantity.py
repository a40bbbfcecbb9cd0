"""Reads a printed result into an interval: "< 0.05 EU/mL" is (-Infinity, 0.05), never 0.05.

The grammar is closed: a comparator, a number or a range, a unit of the vocabulary, and nothing
else. What does not fit raises, with the slug of the rule that explains it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DecimalException

from qcvalidate.comparators import comparator_at, names_a_limit
from qcvalidate.dates import (
    AmbiguousDate,
    UnreadableDate,
    date_order_proofs,
    parse_date,
    parse_datetime,
    prove_date_order,
)
from qcvalidate.errors import QCValidateError
from qcvalidate.locale import Locale
from qcvalidate.numerals import (
    THIN_SPACES,
    AmbiguousQuantity,
    Numeral,
    UnreadableQuantity,
    decimal_proofs,
    numeral_at,
    prove_decimal,
)
from qcvalidate.uncertainties import without_uncertainty

__all__ = [
    "AmbiguousDate",
    "AmbiguousQuantity",
    "Locale",
    "NotConvertible",
    "Quantity",
    "ScaledUnit",
    "UnknownUnit",
    "UnreadableDate",
    "UnreadableQuantity",
    "convert",
    "parse_date",
    "parse_datetime",
    "parse_quantity",
    "parse_unit",
    "prove_date_order",
    "prove_decimal",
    "settled_locale",
    "unit_key",
]


class UnknownUnit(UnreadableQuantity):
    """A unit is not in the vocabulary, or not one that this test may have."""

    slug = "unit-unknown"


class NotConvertible(QCValidateError):  # noqa: N818  it is a fact about two units
    """A quantity cannot be given in another unit; the message says what is missing."""


@dataclass(frozen=True)
class ScaledUnit:
    """A canonical unit, and how many of it one of the printed unit is (10^6 cells/mL: 1E6)."""

    unit: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Quantity:
    """An interval in a canonical unit; an exact number has two equal, closed bounds.

    `unit` is None when neither the text nor its heading names one; `text` is as printed. `stated`
    are the ends of the uncertainty that is printed with an exact number.
    """

    lower: Decimal
    upper: Decimal
    lower_closed: bool
    upper_closed: bool
    unit: str | None
    text: str
    stated: tuple[Decimal, Decimal] | None = None

    @property
    def exact(self) -> Decimal | None:
        """The number itself, None for a bound or a range."""
        return self.lower if self.lower == self.upper else None


_INFINITY = Decimal("Infinity")
_EXACT = Context(prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX)
# Of a result in its canonical unit. (A patient has some 4E13 cells.)
_LARGEST_POWER = 30

_SPACES = f" \t{THIN_SPACES}"
_RANGE = re.compile(rf"[{_SPACES}]*(?:[-–—−]|(?:to|bis|à|a)(?=[{_SPACES}]))[{_SPACES}]*")


def parse_quantity(
    text: str,
    locale: Locale,
    *,
    units: Mapping[str, ScaledUnit] | None = None,
    unit: str | None = None,
    allowed: Collection[str] | None = None,
) -> Quantity:
    """Read a result's text; `unit` is the one that its column or heading declares.

    `units` maps `unit_key` of each known spelling to its unit (`Vocabulary.units`); without it
    only canonical units are known. `allowed` are the canonical units that the test may have.
    A value keeps the uncertainty that is stated with it (`93.2 ± 0.4`) as `stated`. A negative
    number is refused: no test here has one, and a dash may stand for something else.

    Raises `UnreadableQuantity`, `AmbiguousQuantity` or `UnknownUnit`, each with its `slug`.
    """
    known = CANONICAL if units is None else units
    if not text.strip():
        raise UnreadableQuantity("the result is blank")
    trimmed, uncertainty = without_uncertainty(text.strip(), locale)
    kind, start = comparator_at(trimmed)
    if kind and names_a_limit(trimmed, start):
        raise UnreadableQuantity(
            f"“{text}” is a bound without its number; ask for the limit of detection or of "
            "quantitation"
        )
    first = numeral_at(trimmed, start, locale)
    between = _RANGE.match(trimmed, first.end)
    second = None
    if (between or uncertainty) and kind not in ("", "exact"):
        raise AmbiguousQuantity(f"“{text}” is both a bound and a range")
    if between:
        if uncertainty or kind:
            raise AmbiguousQuantity(f"“{text}” is a range, and has an uncertainty or a sign, too")
        second = numeral_at(trimmed, between.end(), locale)
    last = second or first
    powered = any(number and number.exponent is not None for number in (first, second))
    scale = _scale(trimmed[last.end :], unit, known, text, powered=powered)
    if allowed is not None and scale.unit and scale.unit not in allowed:
        raise UnknownUnit(f"“{text}” is in {scale.unit}; expected {' or '.join(sorted(allowed))}")
    lower, upper = _bounds(first, second, kind, text)
    stated = uncertainty.around(first.value, text) if uncertainty else None
    return Quantity(
        lower=_measured(lower, scale.factor, Decimal(1), text),
        upper=_measured(upper, scale.factor, Decimal(1), text),
        lower_closed=kind not in ("lower_open", "upper_open", "upper_closed"),
        upper_closed=kind not in ("upper_open", "lower_open", "lower_closed"),
        unit=scale.unit or None,
        text=text,
        stated=stated and _scaled(stated, scale.factor, Decimal(1), text),
    )


def _measured(bound: Decimal, times: Decimal, divisor: Decimal, text: str) -> Decimal:
    """Scale a bound; what is astronomically large or small then was no measurement."""
    if not bound.is_finite() or bound == 0:
        return bound
    try:
        scaled = _EXACT.divide(_EXACT.multiply(bound, times), divisor)
    except DecimalException as error:
        raise UnreadableQuantity(f"“{text[:80]}” is no number that anyone measures") from error
    if abs(scaled.adjusted()) > _LARGEST_POWER:
        raise UnreadableQuantity(
            f"“{text[:80]}” comes to {scaled:.1E} in its unit, which nobody measures"
        )
    return scaled


def _scaled(
    ends: tuple[Decimal, Decimal], times: Decimal, divisor: Decimal, text: str
) -> tuple[Decimal, Decimal]:
    low, high = (_measured(end, times, divisor, text) for end in ends)
    return low, high


def _bounds(
    first: Numeral, second: Numeral | None, kind: str, text: str
) -> tuple[Decimal, Decimal]:
    if second is None:
        if kind.startswith("upper"):
            return -_INFINITY, first.value
        if kind.startswith("lower"):
            return first.value, _INFINITY
        return first.value, first.value
    start = first.value
    if first.exponent is None and second.exponent is not None:
        # 4.5-6.0e7 shares its power of ten; 93 - 1e6 may or may not.
        if first.mantissa > second.mantissa:
            raise AmbiguousQuantity(f"“{text}”: does the power of ten belong to both numbers?")
        start = first.mantissa.scaleb(second.exponent)
    if start > second.value:
        raise UnreadableQuantity(f"“{text}” is a range that ends below its start")
    return start, second.value


# --- units ---------------------------------------------------------------------------------

_DIMENSIONS = ("%", "EU/mL", "EU/kg", "cells", "cells/mL", "cells/uL", "cells/kg", "mL", "CFU/mL")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_POWER_OF_TEN = re.compile(
    r"\(?(?:(?:[x×·*]?(?:10(?:\^|\*\*?|e)|1e)|e)\+?0?(?P<power>[0-9]{1,2})\)?|(?P<million>millions?(?:de)?|millionen|mio|millones(?:de)?|mill[oó]n|milioni(?:di)?"
    r"|milh[õo]es(?:de)?)\)?(?=/|[^\W\d_]|$))"
)
_PER = re.compile(r"(?<=[\w%)])\s+(?:per|pro|par|por)\s+(?=\w)")


def unit_key(text: str) -> str:
    """Fold a unit's spelling: case, spaces, dots, both micro signs, raised digits.

    >>> unit_key("× 10⁶ Cells / mL")
    'x10^6cells/ml'
    """
    raised = _RAISED.sub(lambda match: "^" + match.group().translate(_SUPERSCRIPTS), text)
    plain = unicodedata.normalize("NFKC", raised).replace("μ", "u").replace("×", "x").casefold()
    plain = plain.replace("μ", "u").replace("·", "*")
    plain = _PER.sub("/", " ".join(plain.split()))
    plain = re.sub(r"(?<=[a-z])\.", "", plain.replace(" ", ""))
    whole = re.fullmatch(r"[(\[]([^()\[\]]+)[)\]]", plain)
    return whole[1] if whole else plain


def parse_unit(text: str, units: Mapping[str, ScaledUnit]) -> ScaledUnit | None:
    """Find a unit by its spelling, with a power of ten before it or not; None when unknown."""
    key = unit_key(text)
    if "[eu]" in key:
        # UCUM's [EU] is the Ehrlich unit; endotoxin is {EU} or [IU] there.
        return None
    if key in units:
        return units[key]
    power = _POWER_OF_TEN.match(key)
    rest = units.get(key[power.end() :].lstrip("*")) if power else None
    if power is None or rest is None or not rest.unit.startswith("cells"):
        return None
    exponent = int(power["power"]) if power["power"] else 6
    if exponent > 12:
        return None
    return ScaledUnit(rest.unit, rest.factor.scaleb(exponent))


CANONICAL: Mapping[str, ScaledUnit] = {unit_key(unit): ScaledUnit(unit) for unit in _DIMENSIONS}
_NO_UNIT = ScaledUnit("")


def _scale(
    printed: str, declared: str | None, units: Mapping[str, ScaledUnit], text: str, *, powered: bool
) -> ScaledUnit:
    """Settle the unit between the text's own and its heading's."""
    own = _unit_of(printed, units, text) if printed.strip() else None
    heading = _unit_of(declared, units, text) if declared and declared.strip() else None
    if own and heading and own.unit != heading.unit:
        raise UnknownUnit(f"“{text}” is in {own.unit}, but its heading says {heading.unit}")
    if heading and heading.factor != 1 and (powered or (own and own != heading)):
        raise AmbiguousQuantity(
            f"“{text}” has its own power of ten or unit beside the heading's “{declared}”"
        )
    return own or heading or _NO_UNIT


def _unit_of(spelling: str, units: Mapping[str, ScaledUnit], text: str) -> ScaledUnit:
    found = parse_unit(spelling, units)
    if found is not None:
        return found
    shown = spelling.strip()
    if "[eu]" in unit_key(spelling):
        raise UnknownUnit(
            f"“{text}”: in UCUM [EU] is the Ehrlich unit; endotoxin is {{EU}} or [IU]"
        )
    if not re.match(r"[^\W\d_]|[%/x×·*(\[{]|10", shown):
        raise UnreadableQuantity(f"“{text}” is not a number: “{shown}” follows it")
    raise UnknownUnit(f"“{text}”: “{shown}” is not a unit that the vocabulary knows")


# --- conversion ----------------------------------------------------------------------------

# (from, to) -> (factor, times the volume?, divided by the weight?).
_CONVERSIONS = {
    ("cells/uL", "cells/mL"): ("1E3", False, False),
    ("cells/mL", "cells/uL"): ("1E-3", False, False),
    ("EU/mL", "EU/kg"): ("1", True, True),
    ("cells", "cells/kg"): ("1", False, True),
    ("cells/mL", "cells"): ("1", True, False),
    ("cells/uL", "cells"): ("1E3", True, False),
    ("cells/mL", "cells/kg"): ("1", True, True),
    ("cells/uL", "cells/kg"): ("1E3", True, True),
}


def convert(
    quantity: Quantity,
    to: str,
    *,
    volume_mL: Decimal | None = None,  # noqa: N803  the unit's own spelling
    weight_kg: Decimal | None = None,
) -> Quantity:
    """Give a quantity in another canonical unit: per kilogram is per kilogram of recipient.

    EU/kg = EU/mL x mL given / kg. `volume_mL` is the volume that the concentration is of: the
    dose's. Raises `NotConvertible` that says which of the two is missing.
    """
    if quantity.unit == to:
        return quantity
    if quantity.unit is None:
        raise NotConvertible(f"“{quantity.text}” states no unit; expected {to}")
    if (quantity.unit, to) not in _CONVERSIONS:
        raise NotConvertible(f"“{quantity.text}” is in {quantity.unit}, which cannot become {to}")
    factor, by_volume, by_weight = _CONVERSIONS[quantity.unit, to]
    needed = (
        ("the volume in mL", volume_mL, by_volume),
        ("the weight in kg", weight_kg, by_weight),
    )
    missing = [name for name, value, wanted in needed if wanted and not _positive(value)]
    if missing:
        raise NotConvertible(
            f"“{quantity.text}” becomes {to} only with {' and '.join(missing)}; "
            "state it under dose in lot.yaml"
        )
    times = _EXACT.multiply(Decimal(factor), (volume_mL or Decimal(1)) if by_volume else Decimal(1))
    divisor = (weight_kg or Decimal(1)) if by_weight else Decimal(1)
    try:
        lower, upper = (
            _measured(bound, times, divisor, quantity.text)
            for bound in (quantity.lower, quantity.upper)
        )
        stated = quantity.stated and _scaled(quantity.stated, times, divisor, quantity.text)
    except UnreadableQuantity as error:
        raise NotConvertible(str(error)) from error
    closed = quantity.lower_closed, quantity.upper_closed
    return Quantity(lower, upper, *closed, to, quantity.text, stated)


def _positive(value: Decimal | None) -> bool:
    return value is not None and value.is_finite() and value > 0


# --- locale --------------------------------------------------------------------------------


def settled_locale(declared: Locale, *, dates: Iterable[str], numbers: Iterable[str]) -> Locale:
    """Give the locale to read one document with: what it proves itself, else what is declared.

    A document that proves both orders, or both decimal marks, leaves that part unsettled.
    """
    orders, marks = date_order_proofs(dates), decimal_proofs(numbers)
    return Locale(dates=_settled(orders, declared.dates), decimal=_settled(marks, declared.decimal))


def _settled(proofs: set[str], declared: str | None) -> str | None:
    if not proofs:
        return declared
    return next(iter(proofs)) if len(proofs) == 1 else None
