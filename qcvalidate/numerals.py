"""Reads a printed number exactly, or says why it cannot be read; never a float, never a guess.

The grammar is closed. A mark that may be a decimal mark or a thousands separator is settled by
the number's own shape (`0,05`, `69,5`, `1.250.000`), by the declared locale, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from qcvalidate.errors import QCValidateError
from qcvalidate.locale import Locale


class UnreadableQuantity(QCValidateError):  # noqa: N818  it is a fact about a text
    """A text is not a number that our grammar knows."""

    slug = "number-unreadable"


class AmbiguousQuantity(UnreadableQuantity):
    """A text can be read as two different numbers."""

    slug = "number-ambiguous"


@dataclass(frozen=True)
class Numeral:
    """A number at the start of a text: its value, its parts, and where it ends.

    `mantissa` is the value without its power of ten; `exponent` is None where none is printed.
    """

    value: Decimal
    mantissa: Decimal
    exponent: int | None
    end: int


# Thin, narrow and no-break spaces: typography's thousands separators.
THIN_SPACES = "\u00a0\u2007\u2008\u2009\u200a\u202f"
_APOSTROPHES = "'\u2019"
# Twenty digits are more than any instrument has; more is a barcode.
_MOST_DIGITS = 20
_LARGEST_EXPONENT = 20
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")

_BODY = re.compile(
    rf"(?:[0-9]+(?:[.,{_APOSTROPHES}][0-9]+|[ {THIN_SPACES}](?=[0-9]{{3}}(?![0-9]))[0-9]{{3}})*"
    r"|[.,][0-9]+)"
)
_E_POWER = re.compile(r"[eE]([+-]?[0-9]+)(?![0-9.,])")
_TIMES = rf"[ {THIN_SPACES}]*[x×·⋅∙*][ {THIN_SPACES}]*10"
_POWER = re.compile(_TIMES + r" ?(?:\^|\*\*) ?\(?([+−-]?[0-9]+)\)?(?![0-9.,])")
_RAISED_POWER = re.compile(_TIMES + r"([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
# "x106", "x 10 6", "x10E6": a superscript was lost, or ten was raised twice.
_LOST_POWER = re.compile(_TIMES + r" ?[eE]?[+-]?[0-9]")
_LAST_WORD = re.compile(r"([^\W\d_]+)\.?[\s:=]*$")
_BEFORE_NUMBERS = frozenset(
    """
    than below under above least most more less max maximum min minimum nmt nlt to and from between
    about approx ca circa ph als unter über höchstens mindestens mehr weniger größer kleiner maximal
    minimal von bis und zwischen etwa rund gleich que moins plus à au de et entre environ inférieur
    inférieure supérieur supérieure a y menos más menor mayor inferior superior máximo mínimo
    da di e tra fra meno più minore maggiore inferiore superiore massimo minimo o ou mais maior
    result ergebnis résultat resultado risultato wert value valeur valor valore
    """.split()  # noqa: SIM905  a list of these is four times as long
)
_BARE_TIMES = re.compile(_TIMES + r"(?![0-9])")


def read_number(text: str, locale: Locale) -> Decimal:
    """Read a text that is one number and nothing else, such as a limit or a table's cell."""
    text = text.strip()
    numeral = numeral_at(text, 0, locale)
    if numeral.end != len(text):
        raise UnreadableQuantity(f"“{text}” is not a number")
    return numeral.value


def numeral_at(text: str, start: int, locale: Locale) -> Numeral:
    """Read the number that starts at `start`; raise when there is none, or two readings."""
    body = _BODY.match(text, start)
    if body is None:
        raise UnreadableQuantity(f"“{text}” is not a number")
    exponent, end = _exponent_at(text, body.end())
    mantissa = _mantissa(body.group(), locale, whole=text, scientific=exponent is not None)
    if exponent is None:
        return Numeral(mantissa, mantissa, None, end)
    return Numeral(mantissa.scaleb(exponent), mantissa, exponent, end)


def prove_decimal(texts: Iterable[str]) -> str | None:
    """Say which decimal mark these texts prove, when they prove one and never the other."""
    proofs = decimal_proofs(texts)
    return next(iter(proofs)) if len(proofs) == 1 else None


def decimal_proofs(texts: Iterable[str]) -> set[str]:
    """Collect the decimal marks that at least one number among these texts can only have."""
    proofs: set[str] = set()
    for text in texts:
        for body in _BODY.finditer(text):
            before, after = text[: body.start()][-1:], text[body.end() :][:1]
            # A part number, a date or a version (24.017-A, 22.05.2026) proves nothing.
            if before.isalnum() or before in ("-", "/", "_", ".", ","):
                continue
            # Nor does "HIV 1,2": what stands before a measurement is a sign or "less than".
            named = _LAST_WORD.search(text[: body.start()])
            if named and named[1].casefold() not in _BEFORE_NUMBERS:
                continue
            if (after.isalpha() and after not in "eExX") or after in ("-", "/", "_", ".", ","):
                continue
            mark = _proved_mark(body.group())
            if mark:
                proofs.add(mark)
    return proofs


def _exponent_at(text: str, start: int) -> tuple[int | None, int]:
    for pattern in (_E_POWER, _POWER, _RAISED_POWER):
        power = pattern.match(text, start)
        if power:
            if pattern is _E_POWER and _is_bare_ten(text, start):
                raise AmbiguousQuantity(
                    f"“{text}” may be 10^6 or 10 × 10^6 and the like; write it as 1E6 or 1E7"
                )
            digits = power.group(1).translate(_SUPERSCRIPTS).replace("−", "-")
            exponent = int(digits) if len(digits) < 5 else _LARGEST_EXPONENT + 1
            if abs(exponent) > _LARGEST_EXPONENT:
                raise UnreadableQuantity(f"“{text}” has a power of ten that no laboratory measures")
            return exponent, power.end()
    if _LOST_POWER.match(text, start):
        raise AmbiguousQuantity(
            f"“{text}” may have lost a raised power of ten; write it as 1.2E6 or 1.2 × 10^6"
        )
    if _BARE_TIMES.match(text, start):
        raise UnreadableQuantity(f"“{text}” has a ten without its power")
    return None, start


def _is_bare_ten(text: str, end: int) -> bool:
    """Say whether the number that ends here is 10 alone: many write 10E6 and mean a million."""
    return re.search(r"(?<![0-9.,])10$", text[:end]) is not None


def _mantissa(body: str, locale: Locale, *, whole: str, scientific: bool) -> Decimal:
    if sum(character.isdigit() for character in body) > _MOST_DIGITS:
        raise UnreadableQuantity(f"“{whole}” has more digits than a measurement can have")
    mark = _decimal_mark(body, locale, whole, scientific=scientific)
    left, _, right = body.rpartition(mark) if mark else (body, "", "")
    digits = re.sub(r"[^0-9]", "", left)
    if len(digits) > 1 and digits.startswith("0"):
        raise AmbiguousQuantity(f"“{whole}” starts with a 0 that may have lost its decimal mark")
    return Decimal(f"{digits or '0'}.{right}" if right else digits)


def _decimal_mark(body: str, locale: Locale, whole: str, *, scientific: bool) -> str | None:
    """Find the decimal mark of a number, None when it has none; raise when that is not certain."""
    marks = [character for character in body if character in ".,"]
    gaps = [character for character in body if not character.isdigit() and character not in ".,"]
    if gaps:
        _check_gaps(body, gaps, locale, whole)
    if not marks:
        return None
    proved = _proved_mark(body) or (_scientific_mark(body) if scientific else None)
    grouping = _grouping_mark(body) if proved is None else None
    if proved is None and grouping is None and len(marks) > 1:
        raise UnreadableQuantity(f"“{whole}” has marks that neither group nor divide its digits")
    if proved and locale.decimal and proved != locale.decimal:
        raise AmbiguousQuantity(
            f"“{whole}” has “{proved}” as its decimal mark, but “{locale.decimal}” is declared "
            "or used elsewhere"
        )
    if proved:
        return proved if proved in body else None
    if locale.decimal is None:
        raise AmbiguousQuantity(
            f"“{whole}” is read in two ways: is “{marks[0]}” a decimal mark or a thousands "
            "separator? Declare locale.decimal in lot.yaml"
        )
    return locale.decimal if locale.decimal in body else None


def _check_gaps(body: str, gaps: list[str], locale: Locale, whole: str) -> None:
    integer = re.split(r"[.,]", body)[0]
    groups = re.split(rf"[ {THIN_SPACES}{_APOSTROPHES}]", integer)
    regular = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    inside = len(groups) - 1 == len(gaps)
    if len(set(gaps)) > 1 or not regular or not inside or body.count(".") + body.count(",") > 1:
        raise UnreadableQuantity(f"“{whole}” does not group its digits by thousands")
    if gaps == [" "] and locale.decimal is None and not re.search(r"[.,]", body):
        # Two neighbouring numbers look just like this.
        raise AmbiguousQuantity(f"“{whole}” may be one number or two; declare locale.decimal")


def _proved_mark(body: str) -> str | None:
    """Give the decimal mark that the number's own shape leaves no doubt about."""
    marks = [character for character in body if character in ".,"]
    if not marks:
        return None
    last = marks[-1]
    left, _, right = body.rpartition(last)
    if any(not character.isdigit() and character not in ".," for character in body):
        return last if len(marks) == 1 else None
    if len(set(marks)) == 2:
        return last if marks.count(last) == 1 and _is_grouped(left, marks[0]) else None
    other = "," if last == "." else "."
    if len(marks) > 1:
        # 1.250.000: what groups thousands is not the decimal mark.
        return other if _is_grouped(body, last) else None
    if left in ("", "0") or len(right) != 3 or len(left) > 3:
        return last
    return None


def _grouping_mark(body: str) -> str | None:
    return next((mark for mark in ".," if mark in body and _is_grouped(body, mark)), None)


def _scientific_mark(body: str) -> str | None:
    """Nobody groups thousands in the mantissa 1.234 of 1.234E6."""
    return body[1] if re.fullmatch(r"[1-9][.,][0-9]+", body) else None


def _is_grouped(body: str, mark: str) -> bool:
    return re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{3}})+", body) is not None
