"""How a document writes its dates and its numbers; what is not declared or proved is None."""

from __future__ import annotations

from dataclasses import dataclass

DATE_ORDERS = ("DMY", "MDY", "YMD")
DECIMAL_MARKS = (".", ",")


@dataclass(frozen=True)
class Locale:
    """The order of a date's parts, of `DATE_ORDERS`, and the decimal mark, of `DECIMAL_MARKS`."""

    dates: str | None = None
    decimal: str | None = None

    def __post_init__(self) -> None:
        if self.dates is not None and self.dates not in DATE_ORDERS:
            raise ValueError(f"{self.dates!r} is not an order of dates: {', '.join(DATE_ORDERS)}")
        if self.decimal is not None and self.decimal not in DECIMAL_MARKS:
            raise ValueError(f"{self.decimal!r} is not a decimal mark: '.' or ','")


UNDECLARED = Locale()
