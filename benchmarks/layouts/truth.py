"""What a made certificate says, and how such contents are invented from a seed.

Nothing here knows a layout: numbers are kept as sign, digits and power of ten, and each family
prints them in its laboratory's manner.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random


@dataclass(frozen=True)
class Amount:
    """A number as a laboratory prints it: `< 0.05`, `94.2`, `1.25` times ten to the sixth."""

    digits: str
    sign: str = ""
    exponent: int = 0

    @property
    def number(self) -> Decimal:
        """Give the number without its sign."""
        return Decimal(self.digits).scaleb(self.exponent)

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """Give the interval that the number stands for."""
        if self.sign in ("<", "≤"):
            return Decimal("-Infinity"), self.number
        if self.sign in (">", "≥"):
            return self.number, Decimal("Infinity")
        return self.number, self.number


@dataclass(frozen=True, kw_only=True)
class Line:
    """One result of one test: the row that a reader must give back.

    `reading` is the class of a qualitative result, `amount` the number of another; `verdict` is
    the laboratory's own (`pass`, `fail`, `pending` or None where none is printed) and `limit`
    what the number is held against.
    """

    test: str
    part: str | None = None
    role: str = "sample"
    sample_id: str | None = None
    lot: str | None = None
    reading: str | None = None
    amount: Amount | None = None
    unit: str | None = None
    limit: Amount | None = None
    verdict: str | None = None
    method: str | None = None
    organism: str | None = None
    day: int | None = None
    started: dt.date | None = None
    ended: dt.date | None = None

    @property
    def found(self) -> Amount:
        """Give the amount of a line that must have one."""
        assert self.amount is not None
        return self.amount

    @property
    def allowed(self) -> Amount:
        """Give the limit of a line that must have one."""
        assert self.limit is not None
        return self.limit


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Everything critical that one certificate says; None is what it does not say.

    `also` are lines that it says besides, such as controls in a sentence: a reader may give
    them and need not. `deserved` names the rules (by slug) whose findings it rightly draws.
    """

    laboratory: str
    report_number: str | None
    lot: str | None
    client: str
    product: str
    sample_id: str | None = None
    date_sampled: dt.date | None = None
    date_received: dt.date | None = None
    date_started: dt.date | None = None
    date_completed: dt.date | None = None
    date_issued: dt.date | None = None
    status: str | None = None
    replaces: str | None = None
    signed_by: str | None = None
    lines: tuple[Line, ...] = ()
    also: tuple[Line, ...] = ()
    deserved: frozenset[str] = field(default_factory=frozenset)

    @property
    def failed(self) -> bool:
        """Say whether the laboratory itself says that something failed."""
        return any(line.verdict == "fail" and line.role == "sample" for line in self.lines)


@dataclass(frozen=True)
class Course:
    """The days of one piece of work, in their natural order."""

    sampled: dt.date
    received: dt.date
    started: dt.date
    completed: dt.date
    issued: dt.date


def course(rng: Random, days: int = 14) -> Course:
    """Invent a sampling, a transport, a test of so many days, and its report."""
    sampled = dt.date(2025, 1, 6) + dt.timedelta(days=rng.randrange(700))
    received = sampled + dt.timedelta(days=rng.randrange(3))
    started = received + dt.timedelta(days=rng.randrange(2))
    completed = started + dt.timedelta(days=days)
    issued = completed + dt.timedelta(days=rng.randrange(4))
    return Course(sampled, received, started, completed, issued)


def begin(
    rng: Random,
    laboratory: str,
    number: str,
    dates: Sequence[str] = ("received", "started", "completed", "issued"),
    *,
    days: int = 14,
    status: str | None = None,
) -> Truth:
    """Invent a certificate's header; `{y}`, `{yy}` and `{n}` in `number` are filled in."""
    work = course(rng, days)
    serial = rng.randrange(1, 100_000)
    return Truth(
        laboratory=laboratory,
        report_number=number.format(
            y=work.issued.year, yy=f"{work.issued.year % 100:02d}", n=serial
        ),
        lot=lot_number(rng, work.sampled),
        client=client(rng),
        product=product(rng),
        status=status,
        signed_by=person(rng),
        **{f"date_{name}": getattr(work, name) for name in dates},
    )


def fill(truth: Truth, lines: Sequence[Line], *deserves: str) -> Truth:
    """Give the certificate its lines, and the rules whose findings it rightly draws."""
    failed = {"laboratory-verdict-failed"} if any(line.verdict == "fail" for line in lines) else ()
    return replace(truth, lines=tuple(lines), deserved=frozenset([*failed, *deserves]))


_LOTS = (
    "MSC-{y}-{n:04d}",
    "{a}{a2}{n:05d}",
    "UC{yy}{m:02d}-{n:02d}",
    "{n:06d}",
    "CT{yy}-{n:04d}-A",
    "L{yy}{m:02d}{n:03d}",
    "ADSC-{yy}-{n:03d}/2",
    "B{n:05d}",
    "P{n:03d}.{m:02d}",
)
_CLIENTS = (
    "Ridgeline Cell Therapy Clinic",
    "Halden Regenerative Medicine",
    "Quellwasser Zelltherapie GmbH",
    "Institute for Cellular Repair, Westmark",
    "Brightwater Biologics Inc.",
    "Marenne Advanced Therapies",
    "Orchard Lane Hospital, Cell Processing Unit",
)
_PRODUCTS = (
    "Umbilical cord MSC, cryopreserved",
    "Autologous adipose-derived stromal cells",
    "Bone marrow MSC suspension",
    "Autologous CAR-T cells",
    "Cord blood mononuclear cells",
    "Allogeneic MSC drug product",
)
_PEOPLE = (
    "Ines Maldonado-Roth",
    "Dr. T. Oyelaran",
    "Karla Wendt",
    "J. Pemberton",
    "Dr. Anouk Lesage",
    "M. Castellani",
    "Priya Raman",
    "S. Halloran, MT",
)
ORGANISMS = (
    "Staphylococcus epidermidis",
    "Cutibacterium acnes",
    "Bacillus cereus",
    "Micrococcus luteus",
    "Candida parapsilosis",
)


def lot_number(rng: Random, when: dt.date) -> str:
    """Invent a lot number in one of the manners of manufacturers."""
    return rng.choice(_LOTS).format(
        y=when.year,
        yy=f"{when.year % 100:02d}",
        m=when.month,
        n=rng.randrange(11, 9999) % 1000 + 3,
        a=rng.choice("ACDEGHKLMT"),
        a2=rng.choice("ACDEGHKLMT"),
    )


def client(rng: Random) -> str:
    """Choose a clinic that does not exist."""
    return rng.choice(_CLIENTS)


def product(rng: Random) -> str:
    """Choose a product."""
    return rng.choice(_PRODUCTS)


def person(rng: Random) -> str:
    """Choose who signs."""
    return rng.choice(_PEOPLE)


def sterility(
    rng: Random,
    parts: Sequence[str | None] = ("anaerobic", "aerobic"),
    *,
    method: str | None = None,
    growth: float = 0.15,
    pending: float = 0.0,
) -> tuple[Line, ...]:
    """Invent the sterility lines: mostly no growth, now and then growth in one part."""
    if rng.random() < pending:
        return tuple(
            Line(test="sterility", part=part, reading="pending", verdict=None, method=method)
            for part in parts
        )
    bad = rng.randrange(len(parts)) if rng.random() < growth else None
    return tuple(
        Line(
            test="sterility",
            part=part,
            reading="positive" if at == bad else "negative",
            verdict="fail" if at == bad else "pass",
            method=method,
            organism=rng.choice(ORGANISMS) if at == bad else None,
            day=rng.randrange(2, 10) if at == bad else None,
        )
        for at, part in enumerate(parts)
    )


def endotoxin(rng: Random, *, limit: str = "0.50", method: str | None = None) -> Line:
    """Invent an endotoxin result: below detection, measured, or over its limit."""
    kind = rng.random()
    if kind < 0.7:
        amount = Amount(rng.choice(("0.05", "0.010", "0.10", "0.005", "0.20")), "<")
    elif kind < 0.9:
        amount = Amount(f"0.{rng.randrange(11, 40)}")
    else:
        amount = Amount(str(Decimal(limit) + Decimal(f"0.{rng.randrange(10, 95)}")))
    good = amount.number <= Decimal(limit)
    return Line(
        test="endotoxin",
        amount=amount,
        unit="EU/mL",
        limit=Amount(limit, "≤"),
        verdict="pass" if good else "fail",
        method=method,
    )


def recovery(rng: Random, *, method: str | None = None) -> Line:
    """Invent the recovery of the positive product control, within 50 to 200 %."""
    return Line(
        test="endotoxin_ppc",
        amount=Amount(str(rng.randrange(62, 168))),
        unit="%",
        verdict="pass",
        method=method,
    )


def mycoplasma(rng: Random, *, method: str | None = None, bad: float = 0.06) -> Line:
    """Invent a mycoplasma result."""
    found = rng.random() < bad
    return Line(
        test="mycoplasma",
        reading="positive" if found else "negative",
        verdict="fail" if found else "pass",
        method=method,
    )


def viability(rng: Random, *, limit: str = "70", method: str | None = None) -> Line:
    """Invent a viability, now and then under its limit."""
    tenths = rng.randrange(560, 699) if rng.random() < 0.12 else rng.randrange(712, 989)
    return Line(
        test="viability",
        amount=Amount(f"{tenths // 10}.{tenths % 10}"),
        unit="%",
        limit=Amount(limit, "≥"),
        verdict="fail" if Decimal(tenths) / 10 < Decimal(limit) else "pass",
        method=method,
    )


def concentration(rng: Random, *, method: str | None = None) -> Line:
    """Invent a concentration of viable cells in millions a millilitre."""
    return Line(
        test="viable_cell_concentration",
        amount=Amount(f"{rng.randrange(1, 9)}.{rng.randrange(0, 100):02d}", exponent=6),
        unit="cells/mL",
        limit=Amount("1.0", "≥", 6),
        verdict="pass",
        method=method,
    )


def marker(rng: Random, test: str, *, positive: bool, method: str | None = None) -> Line:
    """Invent the proportion of a surface marker."""
    if positive:
        text, limit = f"{rng.randrange(951, 999) / 10:.1f}", Amount("95", "≥")
    else:
        text, limit = f"{rng.randrange(1, 19) / 10:.1f}", Amount("2.0", "≤")
    return Line(
        test=test, amount=Amount(text), unit="%", limit=limit, verdict="pass", method=method
    )


def gram_stain(rng: Random, *, method: str | None = None) -> Line:
    """Invent a Gram stain, which hardly ever shows anything."""
    seen = rng.random() < 0.04
    return Line(
        test="gram_stain",
        reading="positive" if seen else "negative",
        verdict="fail" if seen else "pass",
        method=method,
    )
