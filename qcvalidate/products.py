"""Says what a product is: whether there are live cells to judge, which kind of dose, how many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal

from qcvalidate.facts import Answer, Asked, Facts, Paper
from qcvalidate.figures import plain
from qcvalidate.frames import Observation
from qcvalidate.identity import identity_key
from qcvalidate.manifest import MANIFEST, Manifest
from qcvalidate.quantity import NotConvertible, Quantity, convert
from qcvalidate.record import Finding, Place, Record, Role, Severity, State, Status
from qcvalidate.specification import Specification
from qcvalidate.vocabulary import Vocabulary

# Products made of cells without any: their viability is nothing, and nothing else shows them good.
_WITHOUT_CELLS = re.compile(
    r"exosome|exosom\b|extracellular vesicle|extrazelluläre vesikel|vésicules extracellulaires"
    r"|ves[íi]culas extracelulares|vescicole extracellulari|microvesicle|secretome|sekretom"
    r"|(?:cell|msc|stromal|tissue) lysate",
    re.IGNORECASE,
)
# A culture's medium is a sample of a product with cells, too; as a product it is named in lot.yaml.
_NAMED_PRODUCT = re.compile(rf"{_WITHOUT_CELLS.pattern}|conditioned medi", re.IGNORECASE)
_SUPPLEMENT = re.compile(
    r"(?:exosomes?|vesicles?)[ -](?:depleted|free)|(?:free|depleted) of (?:exosomes?|vesicles?)",
    re.IGNORECASE,
)
# In the order in which they are believed: what was given, then what was counted of it.
_LIVE = ("viable_dose", "viable_dose_per_kg", "viable_cell_concentration")
_NUCLEATED = ("total_nucleated_cells", "nucleated_cell_concentration")
_FINAL = (Status.FINAL, Status.AMENDED)
# What a certificate says of itself (ISO/IEC 17025:2017, 7.8.2.1) and a patient's or client's paper
# repeats.
_HEADER = tuple(one.name for one in fields(Paper) if one.name != "path")


def refusal(
    records: Sequence[Record], specification: Specification, manifest: Manifest
) -> Finding | None:
    """Find what says that the product holds no live cells; None where nothing does."""
    identity = specification.identity
    of_lot = f"{manifest.product or ''} {identity.id} {identity.title}".replace("-", " ")
    named = _named(of_lot, _NAMED_PRODUCT)
    if named is not None:
        return _refused(f"lot.yaml or its specification names “{named}”", Place(MANIFEST))
    for record in records:
        lot = record.stated("lot")
        if lot and manifest.lot and identity_key(lot) != identity_key(manifest.lot):
            continue
        product = record.header.get("product")
        named = _named(product.text, _WITHOUT_CELLS) if product else None
        if product and named is not None:
            return _refused(f"{product.place} is about “{product.text}”", product.place)
    return None


def unknown_product_refusal(product: str) -> Finding | None:
    """Say of a product that no specification has whether it holds no live cells."""
    named = _named(product.replace("-", " "), _NAMED_PRODUCT)
    return _refused(f"lot.yaml names “{named}”", Place(MANIFEST)) if named else None


def _named(text: str, pattern: re.Pattern[str]) -> str | None:
    match = pattern.search(_SUPPLEMENT.sub(" ", text))
    return match[0] if match else None


def _refused(what: str, place: Place) -> Finding:
    message = (
        f"{what}: this program judges living cells, and a product without them is neither passed "
        "nor failed here"
    )
    return Finding("product-without-cells", Severity.HOLD, message, place)


def fitting(applies_to: Mapping[str, Mapping[str, Sequence[str]]], manifest: Manifest) -> list[str]:
    """Give the ids of the specifications that no stated fact of the lot speaks against.

    `applies_to` are the conditions of each; those that more facts speak for stand first.
    """
    facts = manifest.facts
    agreeing = {
        name: sum(facts.get(fact) in values for fact, values in conditions.items())
        for name, conditions in applies_to.items()
        if all(facts.get(fact, values[0]) in values for fact, values in conditions.items())
    }
    return sorted((name for name, count in agreeing.items() if count), key=lambda n: -agreeing[n])


def dose_findings(
    specification: Specification, rows: Sequence[Observation], manifest: Manifest
) -> Iterator[Finding]:
    """Tell which kind of dose this is and how many live cells it holds.

    A culture-expanded dose holds ten times or more the stromal cells of a same-day concentrate.
    """
    kind = _kind(manifest)
    if kind is None or "manipulation" not in specification.applies_to:
        return
    live = _total(_LIVE, rows, manifest)
    nucleated = None if live else _total(_NUCLEATED, rows, manifest)
    if live:
        amount = f"{plain(live[0])} live cells in all (from {live[1].test}, “{live[1].result}”)"
    elif nucleated:
        amount = (
            f"{plain(nucleated[0])} nucleated cells in all, dead ones among them; no paper states "
            "the live ones"
        )
    else:
        amount = "no result here gives the live cells of the whole dose"
    message = f"{kind}: {amount}"
    place = Place(MANIFEST, region="manufacture.manipulation")
    yield Finding("dose-described", Severity.INFORMATION, message, place)


def delivery_findings(specification: Specification, manifest: Manifest) -> Iterator[Finding]:
    """Look at how the dose is delivered: told, and held to what the specification asks."""
    guidance, route = manifest.guidance, manifest.facts.get("route")
    place = Place(MANIFEST, region="delivery.guidance")
    wanted = specification.guidance
    if wanted and guidance not in wanted:
        stated = f"lot.yaml says {guidance}" if guidance else "lot.yaml does not state it"
        message = (
            f"{specification.identity.id} asks for delivery under {' or '.join(wanted)}; {stated}"
        )
        yield Finding("delivery-guidance", Severity.HOLD, message, place)
    elif guidance:
        how = "without guidance" if guidance == "none" else f"under {guidance}"
        message = f"delivery: {route or 'by a route that lot.yaml does not state'}, {how}"
        yield Finding("delivery-recorded", Severity.INFORMATION, message, place)


def product_facts(
    specification: Specification,
    records: Sequence[tuple[Record, str | None]],
    rows: Sequence[Observation],
    manifest: Manifest,
    vocabulary: Vocabulary,
) -> Facts:
    """Gather what is known of the lot for those who get its papers.

    Each record comes with its laboratory's name; `rows` are those that count.
    """
    live = _total(_LIVE, rows, manifest)
    nucleated = _total(_NUCLEATED, rows, manifest)
    return Facts(
        stated=manifest.facts,
        clinic=manifest.clinic,
        din=manifest.identifiers.get("din"),
        guidance=manifest.guidance,
        recovered=manifest.recovered,
        harvested=manifest.harvested,
        thawed=manifest.thawed,
        expires=manifest.expires,
        volume_mL=manifest.volume_mL,
        same_day=_is_same_day(manifest),
        live_cells=live[0] if live else None,
        nucleated_cells=nucleated[0] if nucleated else None,
        rounding=specification.rounding,
        asked={
            one.id: Asked(one.tests, vocabulary.tests[one.tests[0]].family, one.is_guarded)
            for one in specification.criteria
        },
        papers=tuple(_paper(record, laboratory) for record, laboratory in records),
        answers=tuple(_answer(row) for row in rows if row.role == Role.SAMPLE),
    )


def _paper(record: Record, laboratory: str | None) -> Paper:
    stated = {name: record.stated(name) for name in _HEADER}
    return Paper(record.source.path, **{**stated, "laboratory": laboratory})


def _answer(row: Observation) -> Answer:
    certain = row.status in _FINAL and row.state == State.CONFIRMED and row.unit == "%"
    return Answer(
        test=row.test,
        result=row.result,
        unit=row.unit,
        path=row.source,
        part=row.part,
        method=row.method,
        started=row.started,
        ended=row.ended,
        measured_at=row.measured_at,
        share=row.lower if certain and row.lower == row.upper else None,
    )


def _is_same_day(manifest: Manifest) -> bool:
    made = manifest.harvested.date() if manifest.harvested else None
    return manifest.facts.get("cryopreserved") == "false" and (
        None in (made, manifest.recovered) or made == manifest.recovered
    )


def _kind(manifest: Manifest) -> str | None:
    manipulation = manifest.facts.get("manipulation")
    if manipulation is None:
        return None
    if manipulation == "culture_expanded":
        return "a culture-expanded dose"
    how = "by enzyme" if manipulation == "enzymatic" else "minimally manipulated"
    same_day = _is_same_day(manifest)
    return f"a same-day concentrate, {how}" if same_day else f"a concentrate, {how}"


def _total(
    tests: Sequence[str], rows: Sequence[Observation], manifest: Manifest
) -> tuple[Decimal, Observation] | None:
    for test in tests:
        for row in rows:
            found = _cells(row, manifest) if row.test == test else None
            if found is not None:
                return found, row
    return None


def _cells(row: Observation, manifest: Manifest) -> Decimal | None:
    """Give a result as cells of the whole dose, where it is one certain number of them."""
    counts = row.role == Role.SAMPLE and row.status in _FINAL and row.state == State.CONFIRMED
    if not counts or row.lower is None or row.upper is None or row.lower != row.upper:
        return None
    volume, weight = manifest.volume_mL, manifest.recipient_weight_kg
    if row.unit == "cells/kg":
        return row.lower * weight if weight else None
    quantity = Quantity(row.lower, row.upper, True, True, row.unit, row.result)
    try:
        return convert(quantity, "cells", volume_mL=volume, weight_kg=weight).exact
    except NotConvertible:
        return None
