"""Chooses the specification that judges a lot, and says where it is not meant for it."""

from __future__ import annotations

from qcvalidate.assessment import Scope
from qcvalidate.catalogue import Catalogue, shortened
from qcvalidate.errors import SpecificationError
from qcvalidate.manifest import MANIFEST, Manifest
from qcvalidate.products import fitting, unknown_product_refusal
from qcvalidate.record import Finding, Place, Severity
from qcvalidate.specification import (
    Specification,
    applicability,
    find_specification,
    nearest_ids,
    specification_of_product,
)
from qcvalidate.vocabulary import Vocabulary


def chosen_specification(
    product: str | None, named: str | None, catalogue: Catalogue, vocabulary: Vocabulary
) -> Specification | None:
    """Load the specification that the user named, else the one of the lot's product."""
    if named is None:
        return specification_of_product(product or "", catalogue, vocabulary)
    found = find_specification(named, catalogue, vocabulary)
    if found is None:
        raise SpecificationError(_no_such_id(named, catalogue))
    return found


def unknown_product(manifest: Manifest, catalogue: Catalogue) -> Finding:
    """Say that no specification judges the lot, and which may be meant."""
    if manifest.product is not None:
        refused = unknown_product_refusal(manifest.product)
        if refused is not None:
            return refused
        message = _no_such_id(manifest.product, catalogue)
    elif manifest.lot is None:
        message = "no specification: give --spec ID, or check the lot folder that names its product"
    else:
        message = (
            "lot.yaml names no product, so that no specification can be chosen; "
            "`qcvalidate spec list` shows the ids"
        )
    fits = fitting(applicability(catalogue), manifest) if manifest.facts else []
    if fits:
        message += f"; by what lot.yaml states of it, it may be {' or '.join(fits)}"
    return Finding("product-unknown", Severity.HOLD, message, Place(MANIFEST))


def unfit_findings(specification: Specification, manifest: Manifest, scope: Scope) -> list[Finding]:
    """Say where the specification is not meant for such a lot.

    A document that is judged by itself states none of these facts: that is told, and holds nothing.
    """
    if manifest.lot is None and scope is Scope.DOCUMENT:
        return _not_asked(specification)
    return [
        Finding(
            "specification-does-not-fit",
            Severity.HOLD,
            f"{specification.identity.id} is for {fault}",
            Place(MANIFEST),
        )
        for fault in specification.unfit(manifest)
    ]


def _not_asked(specification: Specification) -> list[Finding]:
    kinds = [
        f"{fact.replace('_', ' ')} {' or '.join(allowed)}"
        for fact, allowed in specification.applies_to.items()
    ]
    if not kinds:
        return []
    message = (
        f"{specification.identity.id} is for {', '.join(kinds)}; whether the lot is such a one was "
        "not judged: a document by itself has no lot.yaml"
    )
    return [Finding("specification-does-not-fit", Severity.WARNING, message, Place(MANIFEST))]


def departure_findings(specification: Specification) -> list[Finding]:
    """Tell where a clinic's own copy is looser than what it extends, and why."""
    parent = specification.identity.extends
    if parent is None:
        return []
    return [
        Finding(
            "specification-departs",
            Severity.WARNING,
            f"{words}, compared with {parent.id} {parent.version}; justified: {why}",
            Place(MANIFEST, region="product"),
        )
        for words, why in specification.departures
    ]


def _no_such_id(name: str, catalogue: Catalogue) -> str:
    return f"no specification has the id {shortened(name)}; {nearest_ids(name, catalogue)}"
