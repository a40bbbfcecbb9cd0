"""Reads lot.yaml: what a lot is, and what its papers cannot say themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

from qcvalidate.catalogue import Catalogue
from qcvalidate.contract import load
from qcvalidate.errors import UsageError
from qcvalidate.locale import Locale

MANIFEST = "lot.yaml"
# Stands beside it, and is no paper either.
WAIVERS = "waivers.yaml"

# In the order in which they come about.
_DATES = ("recovered", "harvested", "thawed", "expires", "administered")
# Before the first and after the last there is no such product.
EARLIEST, LATEST = 1990, 2100
# A slip of a power of ten beyond these would turn a dose that kills into one that passes.
_BOUNDS = {
    "volume_mL": (Decimal("0.001"), Decimal(100_000), "mL"),
    "recipient_weight_kg": (Decimal("0.1"), Decimal(500), "kg"),
    "lightest_recipient_kg": (Decimal("0.1"), Decimal(500), "kg"),
    "infusion_hours": (Decimal("0.01"), Decimal(24), "hours"),
}

# Under which key of lot.yaml each of the facts stands that a specification can ask for.
_GROUPS = {
    "relation": "donor",
    "tissue": "donor",
    "manipulation": "manufacture",
    "cryopreserved": "manufacture",
    "route": "dose",
}

_COUNTING_BOUNDS = {
    "per_test": (Decimal(100), Decimal(10_000_000), " beads"),
    "cv_percent": (Decimal(0), Decimal(50), " %"),
    "sample_volume_uL": (Decimal(1), Decimal(10_000), " uL"),
    "volume_cv_percent": (Decimal(0), Decimal(50), " %"),
    "dilution": (Decimal(1), Decimal(100_000), ""),
}


@dataclass(frozen=True)
class Tube:
    """How the cells of one tube can be counted; every part is None where it is not stated.

    `bead_cv` and `volume_cv` are the coefficients of variation, in %, of the number of beads and
    of the sample's volume; `acquired_unit` is the unit in which the file states `$VOL`.
    """

    bead_lot: str | None = None
    beads_per_test: Decimal | None = None
    beads_expire: dt.date | None = None
    bead_cv: Decimal | None = None
    sample_volume_uL: Decimal | None = None  # noqa: N815 - the unit's own spelling
    volume_cv: Decimal | None = None
    dilution: Decimal | None = None
    acquired_unit: str | None = None


@dataclass(frozen=True)
class Control:
    """A control tube of the lot: which gate's threshold it shows, and by which of its quantiles.

    `kind` is fmo, unstained or isotype; `gate` is the gate's id in the strategy.
    """

    file: str
    kind: str
    gate: str
    quantile: Decimal


@dataclass(frozen=True)
class Invalidated:
    """A sterility test that was shown to be invalid: on which ground, by whom, and its repeat."""

    file: str
    ground: str
    reason: str
    deviation: str
    approved_by: str
    approved_on: dt.date
    repeat: str


@dataclass(frozen=True)
class Manifest:
    """What lot.yaml states; every part is None or empty where it states nothing.

    `facts` are those that specifications ask for: relation, tissue, manipulation,
    cryopreserved and route. `samples` are the names of the lot's samples in the exports of
    instruments, `controls` its control tubes, `invalidated` its sterility tests that are void;
    `counting` says of list-mode files how their cells are counted. Paths in `strategies`,
    `counting`, `declared`, `ignore`, `controls` and `invalidated` are within the lot folder, with
    forward slashes.
    """

    lot: str | None = None
    product: str | None = None
    clinic: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    volume_mL: Decimal | None = None  # noqa: N815 - the unit's own spelling
    recipient_weight_kg: Decimal | None = None
    recovered: dt.date | None = None
    harvested: dt.datetime | None = None
    thawed: dt.datetime | None = None
    expires: dt.date | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    specimen_of: str | None = None
    donor_age_days: int | None = None
    lightest_recipient_kg: Decimal | None = None
    infusion_hours: Decimal | None = None
    administered: dt.datetime | None = None
    guidance: str | None = None
    judged_on: dt.date | None = None
    locale: Locale = field(default_factory=Locale)
    samples: tuple[str, ...] = ()
    strategies: Mapping[str, str] = field(default_factory=dict)
    counting: Mapping[str, Tube] = field(default_factory=dict)
    declared: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    invalidated: tuple[Invalidated, ...] = ()

    @property
    def endotoxin_weight_kg(self) -> Decimal | None:
        """The weight by which endotoxin is judged: the recipient's, else the lightest eligible."""
        return self.recipient_weight_kg or self.lightest_recipient_kg


def read_manifest(path: Path, catalogue: Catalogue) -> Manifest:
    """Read lot.yaml; `UsageError` says every fault and names the nearest known key."""
    content, _ = load(path, "lot", catalogue, UsageError)
    return manifest_of(content, path)


def manifest_of(content: Mapping[str, Any], path: Path) -> Manifest:
    """Give what the content of a lot.yaml states, which its schema has let pass."""
    donor = content.get("donor", {})
    manufacture = content.get("manufacture", {})
    dose = content.get("dose", {})
    stated = {
        "relation": donor.get("relation"),
        "tissue": donor.get("tissue"),
        "manipulation": manufacture.get("manipulation"),
        "cryopreserved": manufacture.get("cryopreserved"),
        "route": dose.get("route"),
    }

    def moment(group: Mapping[str, Any], key: str) -> dt.datetime | None:
        return _moment(path, key, group[key]) if key in group else None

    def day(group: Mapping[str, Any], key: str) -> dt.date | None:
        found = moment(group, key)
        return found.date() if found else None

    for key, text in {"lot": content["lot"], **content.get("identifiers", {})}.items():
        if not text.strip().isprintable():
            # No report prints the identifier of a patient.
            shown = "the identifier" if key == "patient" else repr(text)
            raise UsageError(f"{path}: {key}: {shown} holds characters that nobody can see")
    _refuse_disorder(path, [donor, manufacture, dose])
    return Manifest(
        lot=content["lot"].strip(),
        product=content.get("product"),
        clinic=content.get("clinic"),
        facts={fact: value for fact, value in stated.items() if value is not None},
        volume_mL=_bounded(path, dose, "volume_mL"),
        recipient_weight_kg=_bounded(path, dose, "recipient_weight_kg"),
        recovered=day(donor, "recovered"),
        harvested=moment(manufacture, "harvested"),
        thawed=moment(manufacture, "thawed"),
        expires=day(manufacture, "expires"),
        identifiers=content.get("identifiers", {}),
        specimen_of=donor.get("specimen_of"),
        donor_age_days=int(donor["age_days"]) if "age_days" in donor else None,
        lightest_recipient_kg=_bounded(path, dose, "lightest_recipient_kg"),
        infusion_hours=_bounded(path, dose, "infusion_hours"),
        administered=moment(dose, "administered"),
        guidance=content.get("delivery", {}).get("guidance"),
        judged_on=day(content, "judged_on"),
        locale=Locale(**content.get("locale", {})),
        samples=tuple(content.get("samples", ())),
        strategies=content.get("strategies", {}),
        counting={
            name: tube(raw, f"{path}: counting: {name}")
            for name, raw in content.get("counting", {}).items()
        },
        declared=tuple(content.get("declared", ())),
        labels=tuple(content.get("labels", ())),
        ignore=tuple(content.get("ignore", ())),
        controls=tuple(_control(path, raw) for raw in content.get("controls", ())),
        invalidated=tuple(_invalidated(path, raw) for raw in content.get("invalidated", ())),
    )


def stated_under(fact: str) -> str:
    """Name the key of lot.yaml that states a fact: `donor.relation`."""
    return f"{_GROUPS[fact]}.{fact}"


def tube(raw: Mapping[str, Any], where: str) -> Tube:
    """Read how a tube's cells are counted; `UsageError` where a number cannot be meant."""
    beads = raw.get("beads", {})
    numbers = {
        "per_test": beads.get("per_test"),
        "cv_percent": beads.get("cv_percent"),
        **{key: raw.get(key) for key in ("sample_volume_uL", "volume_cv_percent", "dilution")},
    }
    for key, text in numbers.items():
        least, most, unit = _COUNTING_BOUNDS[key]
        if text is not None and not least <= Decimal(text) <= most:
            raise UsageError(f"{where}: {key}: {text!r} is not within {least} to {most:,}{unit}")
    expires = beads.get("expires")
    given = {key: None if text is None else Decimal(text) for key, text in numbers.items()}
    return Tube(
        bead_lot=beads.get("lot"),
        beads_per_test=given["per_test"],
        beads_expire=None if expires is None else _moment(where, "expires", expires).date(),
        bead_cv=given["cv_percent"],
        sample_volume_uL=given["sample_volume_uL"],
        volume_cv=given["volume_cv_percent"],
        dilution=given["dilution"],
        acquired_unit=raw.get("acquired_volume_unit"),
    )


def _control(path: Path, raw: Mapping[str, str]) -> Control:
    quantile = Decimal(raw.get("quantile", "0.99"))
    if not Decimal("0.5") <= quantile <= Decimal("0.9999"):
        raise UsageError(f"{path}: controls: quantile {quantile} is not within 0.5 to 0.9999")
    return Control(raw["file"], raw["kind"], raw["gate"], quantile)


def _invalidated(path: Path, raw: Mapping[str, str]) -> Invalidated:
    day = _moment(path, "invalidated: approved_on", raw["approved_on"]).date()
    return Invalidated(**{**raw, "approved_on": day})  # type: ignore[arg-type]


def _moment(path: Path | str, key: str, text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{path}: {key}: {text!r} is not a date of the calendar") from error
    if not EARLIEST <= moment.year <= LATEST:
        raise UsageError(
            f"{path}: {key}: {text!r} is not in the years {EARLIEST} to {LATEST}; is it a slip?"
        )
    return moment


def _refuse_disorder(path: Path, groups: Sequence[Mapping[str, Any]]) -> None:
    """Refuse dates that cannot all be true: one of them would be judged with and is wrong."""
    stated = {key: text for group in groups for key, text in group.items() if key in _DATES}
    for first, second in combinations([key for key in _DATES if key in stated], 2):
        if (first, second) in (("thawed", "expires"), ("expires", "administered")):
            # To thaw or give a lot that had expired is a fault of the lot, not of the file.
            continue
        # Where one has no time, their days alone can be compared.
        texts = [stated[key] for key in (first, second)]
        shortest = min(map(len, texts))
        days = [text[:10] if shortest == len("2026-03-30") else text for text in texts]
        earlier, later = (
            _moment(path, key, day) for key, day in zip((first, second), days, strict=True)
        )
        if earlier > later:
            raise UsageError(
                f"{path}: {first} {texts[0]} lies after {second} {texts[1]}; one of them is wrong"
            )


def _bounded(path: Path, group: Mapping[str, Any], key: str) -> Decimal | None:
    if key not in group:
        return None
    value = Decimal(group[key])
    least, most, unit = _BOUNDS[key]
    if not least <= value <= most:
        raise UsageError(
            f"{path}: dose.{key}: {group[key]!r} is not within {least} to {most:,} {unit}"
        )
    return value
