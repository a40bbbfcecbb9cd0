"""Reads lot.yaml: what a lot is, and what its papers cannot say themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from qcvalidate.catalogue import Catalogue
from qcvalidate.contract import load
from qcvalidate.errors import UsageError
from qcvalidate.locale import Locale

MANIFEST = "lot.yaml"


@dataclass(frozen=True)
class Manifest:
    """What lot.yaml states; every part is None or empty where it states nothing.

    `facts` are those that specifications ask for: relation, tissue, manipulation,
    cryopreserved and route. Paths in `strategies`, `declared` and `ignore` are within the lot
    folder, with forward slashes.
    """

    lot: str | None = None
    product: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    volume_mL: Decimal | None = None  # noqa: N815 - the unit's own spelling
    recipient_weight_kg: Decimal | None = None
    recovered: dt.date | None = None
    harvested: dt.datetime | None = None
    thawed: dt.datetime | None = None
    expires: dt.date | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    guidance: str | None = None
    judged_on: dt.date | None = None
    locale: Locale = field(default_factory=Locale)
    strategies: Mapping[str, str] = field(default_factory=dict)
    declared: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def read_manifest(path: Path, catalogue: Catalogue) -> Manifest:
    """Read lot.yaml; `UsageError` says every fault and names the nearest known key."""
    content, _ = load(path, "lot", catalogue, UsageError)
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

    return Manifest(
        lot=content["lot"].strip(),
        product=content["product"].strip(),
        facts={fact: value for fact, value in stated.items() if value is not None},
        volume_mL=_positive(path, dose, "volume_mL"),
        recipient_weight_kg=_positive(path, dose, "recipient_weight_kg"),
        recovered=day(donor, "recovered"),
        harvested=moment(manufacture, "harvested"),
        thawed=moment(manufacture, "thawed"),
        expires=day(manufacture, "expires"),
        identifiers=content.get("identifiers", {}),
        guidance=content.get("delivery", {}).get("guidance"),
        judged_on=day(content, "judged_on"),
        locale=Locale(**content.get("locale", {})),
        strategies=content.get("strategies", {}),
        declared=tuple(content.get("declared", ())),
        ignore=tuple(content.get("ignore", ())),
    )


def _moment(path: Path, key: str, text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{path}: {key}: {text!r} is not a date of the calendar") from error


def _positive(path: Path, group: Mapping[str, Any], key: str) -> Decimal | None:
    if key not in group:
        return None
    value = Decimal(group[key])
    if value <= 0:
        raise UsageError(f"{path}: dose.{key}: {group[key]!r} should be above zero")
    return value
