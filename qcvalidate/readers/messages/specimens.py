"""Says what a FHIR result is about: which lot, which sample, and whether it is a control."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qcvalidate.documents.structured import Node
from qcvalidate.readers.messages.reported import Account
from qcvalidate.readers.messages.resources import Resource, Shelf
from qcvalidate.readers.messages.values import codeable
from qcvalidate.record import Field, Place, Role, State
from qcvalidate.vocabulary import Vocabulary

# What a lot may be read from; a patient has none, and a device is the laboratory's own.
_PRODUCTS = ("Medication", "BiologicallyDerivedProduct", "Substance", "ManufacturedItem")
# HL7 table 0369: controls, calibrators and proficiency samples, which are nobody's product.
CONTROL_CODES = frozenset("BCEFOQV")
_CONTROL = re.compile(r"\bcontrols?\b|\bcalibrat|\bblank\b|\bproficiency\b", re.IGNORECASE)


@dataclass(frozen=True)
class Origin:
    """What a result is about; `roles` are words that may say that it is a control's."""

    lots: tuple[Field, ...] = ()
    samples: tuple[Field, ...] = ()
    dins: tuple[Field, ...] = ()
    products: tuple[Field, ...] = ()
    roles: tuple[str, ...] = ()
    specimens: tuple[Resource, ...] = ()

    @property
    def lot(self) -> Field | None:
        """Give the lot, when one and no other is named."""
        return _sole(self.lots)

    @property
    def sample(self) -> Field | None:
        """Give the sample's own number, when there is one and no other."""
        return _sole(self.samples)


def _sole(fields: Sequence[Field]) -> Field | None:
    return fields[0] if len({each.value for each in fields}) == 1 else None


def origin_of(holder: Resource, shelf: Shelf, account: Account) -> Origin:
    """Follow a resource's specimen and subject; an address that leads nowhere holds the lot."""
    about: dict[int, Resource] = {}
    for name in ("specimen", "subject"):
        for reference in holder.node.all(name):
            found = follow(reference, holder, shelf, account)
            if found is not None:
                _reach(found, shelf, account, about)
    found_all = list(about.values())
    vocabulary = account.vocabulary
    numbers = [pair for resource in found_all for pair in _identifiers(resource, account)]
    lots, samples, dins = (
        tuple(field for kind, field in numbers if kind == wanted)
        for wanted in ("lot", "sample_id", "din")
    )
    origin = Origin(
        lots=lots,
        samples=samples,
        dins=dins,
        products=tuple(_products(found_all, account.name)),
        roles=tuple(_roles(found_all, vocabulary)),
        specimens=tuple(each for each in found_all if each.type == "Specimen"),
    )
    if holder.type == "DiagnosticReport":
        _same_subject(holder, found_all, shelf, account)
    # A report may be on several lots, each result on its own specimen.
    if len({lot.value for lot in lots}) > 1 and holder.type == "Observation":
        said = " and ".join(f"“{lot.value}”" for lot in lots)
        account.hold("field-conflict", f"is about the lots {said} at once", holder.place)
    return origin


def _same_subject(
    holder: Resource, found: Sequence[Resource], shelf: Shelf, account: Account
) -> None:
    """Hold on a report whose subject is of another lot than its specimens."""
    subjects = [shelf.resolve(each, holder) for each in holder.node.all("subject")]
    own = _lots([each for each in subjects if each is not None and each in found], account)
    taken = _lots([each for each in found if each.type == "Specimen"], account)
    if own and taken and own != taken:
        said = f"{' and '.join(sorted(own))}, its specimens of {' and '.join(sorted(taken))}"
        account.hold("field-conflict", f"the report's subject is of lot {said}", holder.place)


def _lots(resources: Sequence[Resource], account: Account) -> set[str]:
    numbers = [pair for each in resources for pair in _identifiers(each, account)]
    return {field.value or "" for kind, field in numbers if kind == "lot"}


def follow(
    reference: Node, holder: Resource, shelf: Shelf, account: Account, *, wanted: bool = True
) -> Resource | None:
    """Resolve a reference; where what it means is `wanted` and not here, that holds the lot."""
    found = shelf.resolve(reference, holder)
    text = reference.said("reference") or reference.said("identifier", "value")
    kind = text.rpartition("/")[0].rpartition("/")[2] or reference.said("type")
    # Whose cells they were stands in lot.yaml; the person is rarely sent along.
    if found is None and wanted and kind not in ("Patient", "Group", "Location"):
        # A display may be a person's name, which no report prints.
        shown = text or ("a name alone" if reference.said("display") else "an empty reference")
        account.hold(
            "reference-unresolved",
            f"refers to “{shown}”, which is not in this document, or is there twice; ask for the "
            "whole Bundle",
            reference.place,
        )
    return found


def _reach(resource: Resource, shelf: Shelf, account: Account, about: dict[int, Resource]) -> None:
    """Collect what a result is about: its specimen, that one's parents, and their product."""
    if id(resource) in about or resource.type not in ("Specimen", *_PRODUCTS):
        return
    about[id(resource)] = resource
    if resource.type != "Specimen":
        return
    for name in ("parent", "subject"):
        for reference in resource.node.all(name):
            found = follow(reference, resource, shelf, account)
            if found is not None:
                _reach(found, shelf, account, about)


def _identifiers(resource: Resource, account: Account) -> Iterator[tuple[str, Field]]:
    """Give the numbers of a specimen or product, as lot, donation or sample."""
    node = resource.node
    for path in (("batch", "lotNumber"), ("lotNumber",)):
        found = node.at(*path)
        if found is not None and (found.text or "").strip():
            yield "lot", _field(found, account.name)
    accession = node.one("accessionIdentifier")
    numbers = list(node.all("identifier"))
    plain: list[Node] = []
    for identifier in numbers:
        value = identifier.one("value")
        if identifier.said("use") == "old":
            continue
        if value is None or not (value.text or "").strip():
            continue
        kind = _kind(identifier, account.vocabulary)
        if kind in ("lot", "din"):
            yield kind, _field(value, account.name)
        elif kind in ("sample_id", None):
            plain.append(value)
    if resource.type != "Specimen":
        return
    # A specimen of several numbers is told by the one that the laboratory took it in under.
    own = accession.one("value") if accession and len(plain) != 1 else None
    for value in [own] if own is not None else plain[:1] if len(plain) == 1 else []:
        yield "sample_id", _field(value, account.name)


def _kind(identifier: Node, vocabulary: Vocabulary) -> str | None:
    """Say what a number is by the words of its type, or the last part of its system."""
    words = [*codeable(identifier.one("type")).words]
    tail = re.split(r"[/:#]", identifier.said("system").rstrip("/"))[-1]
    words += [re.sub(r"[-_.]+", " ", tail)] if tail else []
    kinds = {vocabulary.label(word) for word in words} - {None}
    return kinds.pop() if len(kinds) == 1 else "several" if kinds else None


def _field(node: Node, name: str) -> Field:
    text = node.text or ""
    return Field(text, text.strip(), Place(name, region=node.place), State.CONFIRMED)


def _products(resources: Sequence[Resource], name: str) -> Iterator[Field]:
    for resource in resources:
        node = resource.node.one("productCode" if "Derived" in resource.type else "code")
        shown = codeable(node).shown if resource.type in _PRODUCTS else ""
        if node is not None and shown:
            yield Field(shown, shown, Place(name, region=node.place))


def _roles(resources: Sequence[Resource], vocabulary: Vocabulary) -> Iterator[str]:
    """Give the words of a specimen that say it is a control, or may say so."""
    for resource in resources:
        for name in ("type", "role", "condition", "processing"):
            for node in resource.node.all(name):
                coded = codeable(node)
                yield from role_words((*coded.words, node.said("description")), vocabulary)
                codes = {code for _, code in coded.codes} if name == "role" else set[str]()
                yield from (f"specimen role {code}" for code in sorted(codes & CONTROL_CODES))


def role_words(words: Sequence[str], vocabulary: Vocabulary) -> Iterator[str]:
    """Give those words that name a control, or speak of one."""
    for word in filter(None, words):
        # "Positive product control" is a test, and its recovery the product's.
        if vocabulary.test(word) is not None:
            continue
        role = vocabulary.role(word)
        if role not in (None, Role.SAMPLE) or (role is None and _CONTROL.search(word)):
            yield word
