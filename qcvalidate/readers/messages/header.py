"""Reads what DiagnosticReports say of themselves: number, dates, laboratory, conclusion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qcvalidate.documents.structured import Node
from qcvalidate.readers.messages.asides import name_doubt, title_doubt
from qcvalidate.readers.messages.envelope import refuse_unknown_elements
from qcvalidate.readers.messages.reported import Account, quoted
from qcvalidate.readers.messages.resources import Resource, Shelf
from qcvalidate.readers.messages.specimens import Origin, follow
from qcvalidate.readers.messages.stated import date_field, shared_by
from qcvalidate.readers.messages.values import codeable, moment
from qcvalidate.record import Field, Place, Role, Severity, State, Status

_STATUSES = {
    "registered": Status.PRELIMINARY,
    "partial": Status.PRELIMINARY,
    "preliminary": Status.PRELIMINARY,
    "modified": Status.PRELIMINARY,
    "final": Status.FINAL,
    "amended": Status.AMENDED,
    "corrected": Status.AMENDED,
    "appended": Status.AMENDED,
    "cancelled": Status.CANCELLED,
    "entered-in-error": Status.CANCELLED,
}
_REPLACES = "http://hl7.org/fhir/StructureDefinition/diagnosticReport-replaces"


@dataclass(frozen=True)
class Reported:
    """One DiagnosticReport: its status, and what it is about."""

    resource: Resource
    status: Status
    origin: Origin


def report_status(resource: Resource, account: Account) -> Status:
    """Read a report's status; one that is unknown or missing holds the lot."""
    refuse_unknown_elements(resource.node, account)
    text = resource.node.said("status")
    found = _STATUSES.get(text)
    if found is not None:
        return found
    said = (
        f"the report's status “{text}” is not one that may be used" if text else "states no status"
    )
    account.hold("result-wording-unknown", f"{said}; it is taken as preliminary", resource.place)
    return Status.PRELIMINARY


def header_of(
    reports: Sequence[Reported], account: Account, lots: set[str | None], shelf: Shelf
) -> Mapping[str, Field]:
    """Give the fields that all reports of the document say alike, and tell of their conclusions.

    `lots` are those of the rows: a lot is the document's own only when every row names it.
    """
    for one in reports:
        _named(one, account)
        _conclusion(one, account)
        _attached(one.resource, account)
    read = [dict(_fields(one, account, shelf)) for one in reports]
    names = list(dict.fromkeys(name for fields in read for name in fields))
    header = {name: shared_by(read, name) for name in names}
    found = {name: value for name, value in header.items() if value is not None}
    if "lot" in found and lots - {found["lot"].value}:
        del found["lot"]
    replacing = [fields["replaces"] for fields in read if "replaces" in fields]
    if replacing and len(reports) > 1:
        what = (
            "holds several reports of which one replaces another; keep them in files of their own"
        )
        account.hold("replacement-doubtful", what, replacing[0].place.region or "")
    return found


def _fields(one: Reported, account: Account, shelf: Shelf) -> Iterator[tuple[str, Field]]:
    node, name = one.resource.node, account.name

    def field(found: Node | None, text: str) -> Field:
        return Field(text, text, Place(name, region=found.place if found else node.place))

    title = codeable(node.one("code")).shown
    if title:
        yield "title", field(node.one("code"), title)
    status = node.one("status")
    if status is not None and status.text:
        yield "status", Field(status.text, one.status.value, Place(name, region=status.place))
    number = _number(node, account)
    if number is not None:
        yield "report_number", field(number, (number.text or "").strip())
    yield from _replaced(one.resource, account, shelf)
    yield from _people(one, account, shelf)
    for header, path in (
        ("date_issued", ("issued",)),
        ("date_started", ("effectivePeriod", "start")),
        ("date_completed", ("effectivePeriod", "end")),
    ):
        when = moment(node.at(*path))
        if when is not None:
            yield header, date_field(name, when)
    for header, path in (
        ("date_sampled", ("collection", "collectedDateTime")),
        ("date_received", ("receivedTime",)),
    ):
        held = [moment(each.node.at(*path)) for each in one.origin.specimens]
        times = [when for when in held if when is not None]
        if len({when.text for when in times}) == 1:
            yield header, date_field(name, times[0])
    origin = one.origin
    for header, found in (("lot", origin.lots), ("din", origin.dins), ("product", origin.products)):
        if len({each.value for each in found}) == 1:
            yield header, found[0]
    if origin.sample is not None:
        yield "sample_id", origin.sample
    yield from _patient(one.resource, shelf, name)


def _patient(resource: Resource, shelf: Shelf, name: str) -> Iterator[tuple[str, Field]]:
    """Give the patient's number: the only one, or of several the medical record's."""
    for reference in resource.node.all("subject"):
        found = shelf.resolve(reference, resource)
        held = found.node.all("identifier") if found and found.type == "Patient" else ()
        if found is None and (reference.said("type") or "Patient") == "Patient":
            held = reference.all("identifier")
        numbers = [each for each in held if each.said("value").strip()]
        records = [each for each in numbers if "MR" in _codes(each)]
        chosen = numbers if len(numbers) == 1 else records
        if len(chosen) == 1:
            text = chosen[0].said("value").strip()
            yield "patient_id", Field(text, text, Place(name, region=chosen[0].place))


def _codes(identifier: Node) -> set[str]:
    return {code for _, code in codeable(identifier.one("type")).codes}


def _people(one: Reported, account: Account, shelf: Shelf) -> Iterator[tuple[str, Field]]:
    """Give the laboratory, and who answers for the report."""
    node = one.resource.node

    def field(element: str, text: str) -> Field:
        found = node.one(element) or node
        return Field(text, text, Place(account.name, region=found.place))

    laboratory = _names(one.resource, "performer", shelf, account, people=False)
    if laboratory:
        yield "laboratory", field("performer", laboratory)
    # A person who performed a report is the one who is responsible for issuing it.
    for element in ("resultsInterpreter", "performer"):
        signers = _names(one.resource, element, shelf, account, people=True)
        if signers:
            yield "signed_by", field(element, signers)
            return


def _named(one: Reported, account: Account) -> None:
    """Hold on a report that is named after another purpose, or is none yet."""
    for name in ("code", "category"):
        for held in one.resource.node.all(name):
            for word in codeable(held).words:
                if doubt := title_doubt(word):
                    what = f"the report is called “{quoted(word)}”, which {doubt}"
                    account.hold("row-remarked", what, held.place)


def _number(node: Node, account: Account) -> Node | None:
    """Give the report's number: the only one, or the one that the laboratory filled in."""
    numbers = [each for each in node.all("identifier") if each.said("value")]
    filled = [each for each in numbers if _is_report_number(each, account)]
    chosen = filled if len(filled) == 1 else numbers
    return chosen[0].one("value") if len(chosen) == 1 else None


def _is_report_number(identifier: Node, account: Account) -> bool:
    coded = codeable(identifier.one("type"))
    labels = {account.vocabulary.label(word) for word in coded.words}
    return "report_number" in labels or any(code == "FILL" for _, code in coded.codes)


def _replaced(resource: Resource, account: Account, shelf: Shelf) -> Iterator[tuple[str, Field]]:
    """Give the number of the report that this one replaces (R4: an extension, R5: relatesTo)."""
    node = resource.node
    references = [
        reference
        for extension in node.all("extension")
        if extension.said("url") == _REPLACES
        for reference in extension.all("valueReference")
    ]
    for relation in node.all("relatesTo"):
        kind = relation.said("type") or relation.said("code")
        target = (
            relation.one("target") or relation.one("resource") or relation.one("targetReference")
        )
        if kind == "replaces" and target is not None:
            references += target.all("reference") if _is_codeable(target) else [target]
        elif target is not None:
            account.remark(
                kind, "is how this report relates to another; look at both", relation.place
            )
    for reference in references:
        found = shelf.resolve(reference, resource)
        number = _number(found.node, account) if found is not None else None
        text = (number.text or "") if number else reference.said("identifier", "value")
        place = Place(account.name, region=reference.place)
        if text.strip():
            yield "replaces", Field(text, text.strip(), place)
        else:
            shown = reference.said("reference") or reference.said("display")
            what = f"replaces “{shown}”, whose report number is not stated; ask the laboratory"
            account.tell("replacement-doubtful", Severity.WARNING, what, reference.place)
            yield "replaces", Field(shown, None, place, State.AMBIGUOUS)


def _is_codeable(target: Node) -> bool:
    inner = target.one("reference")
    return inner is not None and bool(inner.children)


def _names(
    resource: Resource, element: str, shelf: Shelf, account: Account, *, people: bool
) -> str:
    """Give the names of those who performed or interpreted a report, as far as they are told."""
    names = []
    for reference in resource.node.all(element):
        found = follow(reference, resource, shelf, account, wanted=False)
        kind = found.type if found else reference.said("type")
        is_person = kind in ("Practitioner", "PractitionerRole")
        if (is_person or kind == "Organization") and people != is_person:
            continue
        # Of a bare name nobody says whether it is the laboratory's or a person's.
        if people and element == "performer" and not is_person:
            continue
        name = _name(found) if found else reference.said("display")
        if doubt := name_doubt(name):
            account.hold("row-remarked", f"“{quoted(name)}” {doubt}", reference.place)
        names.append(name)
    return ", ".join(dict.fromkeys(filter(None, names)))


def _name(resource: Resource) -> str:
    name = resource.node.one("name")
    if name is None or name.text:
        return (name.text or "").strip() if name else ""
    given = " ".join(each.text or "" for each in name.all("given"))
    return name.said("text") or f"{given} {name.said('family')}".strip()


# --- conclusions ---------------------------------------------------------------------------


def _conclusion(one: Reported, account: Account) -> None:
    """Hold a report's conclusion against its results."""
    node = one.resource.node
    words = [node.said("conclusion")] if node.said("conclusion") else []
    words += [shown for each in node.all("conclusionCode") if (shown := codeable(each).shown)]
    grown = any(
        row.reading == "positive" and row.role == Role.SAMPLE for row in account.observations
    )
    for text in words:
        kind = _concluded(text, account)
        if kind is None and one.status is Status.PRELIMINARY:
            continue
        if kind == "unclear" or kind is None:
            what = f"the conclusion is not clear: “{quoted(text)}”; ask the laboratory"
        elif (kind == "fail") != grown:
            what = f"the conclusion is “{quoted(text)}”, and the results say otherwise"
        else:
            continue
        account.hold("conclusion-conflict", what, node.place)
    for note in node.all("note"):
        account.remark(note.said("text"), "stands in a note; look at it", note.place)


def _concluded(text: str, account: Account) -> str | None:
    vocabulary = account.vocabulary
    verdict = vocabulary.verdict(text)
    if verdict is not None:
        return verdict
    kind = vocabulary.result(text).kind
    return {"negative": "pass", "positive": "fail", "pending": None}.get(kind, "unclear")


def _attached(resource: Resource, account: Account) -> None:
    for name in ("presentedForm", "media", "imagingStudy"):
        for found in resource.node.all(name):
            shown = found.said("title") or found.said("contentType") or name
            what = (
                f"carries a document of its own ({quoted(shown)}) that was not read; save it "
                "beside this file, and it will be"
            )
            account.hold("message-part-unread", what, found.place)
