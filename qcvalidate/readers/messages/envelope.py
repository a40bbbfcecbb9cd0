"""Says what around FHIR's results must not be ignored: modifiers, test data, what was not read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qcvalidate.documents.structured import Node
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.readers.messages.asides import is_harmless
from qcvalidate.readers.messages.reported import Account, quoted
from qcvalidate.readers.messages.resources import Resource, Shelf
from qcvalidate.readers.messages.values import codeable
from qcvalidate.record import Severity


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Resources that say who, what and how; none of them holds a result.
_SILENT = _words(
    """
    Bundle DiagnosticReport Observation Specimen Patient Practitioner PractitionerRole Organization
    Location Device DeviceDefinition DeviceMetric Medication MedicationKnowledge Substance
    SubstanceDefinition BiologicallyDerivedProduct ServiceRequest Encounter Provenance
    MessageHeader Composition Endpoint Group Person RelatedPerson ResearchStudy ResearchSubject
    ObservationDefinition SpecimenDefinition PlanDefinition ActivityDefinition
    MedicinalProductDefinition ManufacturedItemDefinition PackagedProductDefinition
    AdministrableProductDefinition RegulatedAuthorization Ingredient HealthcareService CodeSystem
    ValueSet ConceptMap NamingSystem StructureDefinition CapabilityStatement Task
    """
)
_ELEMENT = "id meta implicitRules language text contained extension modifierExtension identifier"
_OBSERVATION = _words(
    f"""
    {_ELEMENT} instantiatesCanonical instantiatesReference basedOn triggeredBy partOf status
    category code subject focus organizer encounter effectiveDateTime effectivePeriod
    effectiveTiming effectiveInstant issued performer dataAbsentReason interpretation note bodySite
    bodyStructure method specimen device referenceRange hasMember derivedFrom component
    """
)
_REPORT = _words(
    f"""
    {_ELEMENT} basedOn status category code subject encounter effectiveDateTime effectivePeriod
    issued performer resultsInterpreter specimen result note study imagingStudy supportingInfo
    media composition conclusion conclusionCode presentedForm relatesTo recommendation communication
    procedure
    """
)
_COMPONENT = _words(
    "id extension modifierExtension code dataAbsentReason interpretation referenceRange"
)
# What stands there once; of two a reader would see the first alone.
_SINGLE = _words(
    """
    status code text display system value unit comparator method issued conclusion reference
    effectiveDateTime effectivePeriod effectiveInstant dataAbsentReason start end low high batch
    lotNumber collection collectedDateTime receivedTime accessionIdentifier subject url id
    valueQuantity valueCodeableConcept valueString valueRange numerator denominator
    """
)
_READ = ("Observation", "DiagnosticReport", "Specimen", "Medication", "BiologicallyDerivedProduct",
         "Substance", "Organization", "Composition")  # fmt: skip
_MARKS = ("HTEST", "SUBSETTED", "MASKED", "REDACTED")
_FALLEN = _words(
    """
    entered-in-error unsatisfactory unavailable revoked on-hold rejected cancelled failed
    suspended stopped draft ended unknown
    """
)
_UNDONE = re.compile(r"nullif|delet|abort|cancel|withdraw|revok|reject|invalid|deprecat", re.I)
_TEST_DATA = re.compile(r"\b(?:test|training|demo|dummy|fake|sample) ?(?:data|message)?\b", re.I)
_VALUE = re.compile(r"value[A-Z]\w*")
_ABSENT = "/data-absent-reason"
_MARKUP = re.compile(r"<[^>]*>")
# What a narrative may repeat of the data.
_NO_GROWTH = re.compile(
    r"\b(?:sterility(?: test)?|no growth(?: (?:detected|observed))?|not detected|negative|complies"
    r"|pass(?:es|ed)?|final|sterile|growth-free)\b(?! to date| so far| yet)",
    re.IGNORECASE,
)


def envelope_findings(root: Node, shelf: Shelf, account: Account) -> None:
    """Tell of everything in the document that a reader must not pass over."""
    _bundle(root, account)
    for address, found in shelf.twins():
        places = " and ".join(resource.place for resource in found)
        account.hold("field-conflict", f"{address} is there twice: {places}", found[0].place)
    for resource in shelf.resources:
        _resource(resource, account)
    for node in root.walk():
        _element(node, account)
    for resource in shelf.resources:
        _refuse_repeats(resource, account)


def refuse_unknown_elements(node: Node, account: Account) -> None:
    """Hold on elements that FHIR does not define here: a misspelt value is a value unread."""
    defined: Mapping[str, frozenset[str]] = {
        "Observation": _OBSERVATION,
        "DiagnosticReport": _REPORT,
    }
    known = defined.get(node.type, _COMPONENT)
    for child in node.children:
        if child.name not in known and not _VALUE.fullmatch(child.name):
            what = f"“{child.name}” is not an element of {node.type or node.name}, and was not read"
            account.hold("message-part-unread", what, child.place)
    for component in node.all("component"):
        refuse_unknown_elements(component, account)


def _bundle(root: Node, account: Account) -> None:
    if root.type != "Bundle":
        return
    for link in root.all("link"):
        if link.said("relation") == "next":
            what = "is one page of several; ask for the whole Bundle"
            account.hold("document-unreadable", what, link.place)
    if root.said("type") == "history":
        what = "is a history: it holds earlier versions beside the last one; ask for a collection"
        account.hold("field-conflict", what, root.place)
    for entry in root.all("entry"):
        if len(entry.all("resource")) > 1 or len(entry.all("fullUrl")) > 1:
            what = "one entry holds two resources or addresses"
            account.hold("field-conflict", what, entry.place)
        answer, mode = entry.said("response", "status"), entry.said("search", "mode")
        if answer and not answer.startswith("2"):
            what = f"the server's answer to this entry was {answer}"
            account.hold("message-part-unread", what, entry.place)
        if mode == "outcome":
            account.hold("message-part-unread", "tells how a search went; look at it", entry.place)
        method = entry.said("request", "method")
        if method not in ("", "POST", "PUT", "GET"):
            what = f"asks to {method} a resource; what stands there may no longer hold"
            account.hold("field-conflict", what, entry.place)


def _resource(resource: Resource, account: Account) -> None:
    node = resource.node
    if resource.type not in _SILENT or (resource.type == "Bundle" and node.name == "resource"):
        what = f"a {resource.type or 'resource of no type'} is not read; look at it"
        account.hold("message-part-unread", what, resource.place)
    if resource.type == "Composition":
        status = node.said("status")
        if status not in ("final", "amended", "appended", "corrected"):
            what = f"the document's own status is “{status}”"
            account.hold("result-wording-unknown", what, resource.place)
    if resource.type not in ("Observation", "DiagnosticReport", "Composition"):
        _standing(resource, account)
    if resource.type in ("Observation", "DiagnosticReport"):
        _narrative(node, account)
        for each in node.walk():
            if each.name == "extension":
                _extension(each, account)
    if resource.type == "Observation":
        for name in ("focus", "triggeredBy"):
            for found in node.all(name):
                shown = quoted(" ".join(each.text for each in found.walk() if each.text))
                what = f"“{shown}” under {name} says more of the result, and is not read"
                account.hold("row-remarked", what, found.place)


def _refuse_repeats(resource: Resource, account: Account) -> None:
    """Hold on an element that FHIR allows once and that stands there twice."""
    if resource.type not in _READ:
        return
    for node in resource.node.walk():
        names = [child.name for child in node.children]
        once = _SINGLE | {"specimen"} if node.type == "Observation" else _SINGLE
        for name in sorted({each for each in names if names.count(each) > 1} & once):
            what = f"“{name}” stands there {names.count(name)} times, and FHIR allows one"
            account.hold("field-conflict", what, node.place)


def _standing(resource: Resource, account: Account) -> None:
    """Tell where a specimen or product is not fit to be judged by, or somebody says so."""
    node = resource.node
    status = node.said("status")
    if status in _FALLEN or (resource.type == "Task" and status != "completed"):
        what = f"the {resource.type} is {status}"
        account.hold("message-part-unread", what, resource.place)
    activity = codeable(node.one("activity"))
    said = " ".join((*activity.words, *(code for _, code in activity.codes)))
    if resource.type == "Provenance" and _UNDONE.search(said):
        account.hold("message-part-unread", f"tells of “{quoted(said)}”", resource.place)
    if resource.type in ("Task", "ServiceRequest"):
        for name in ("description", "note", "statusReason"):
            for each in node.all(name):
                words = codeable(each).shown or each.text or ""
                account.remark(words, f"stands in a {resource.type}; look at it", each.place)
    if resource.type == "Specimen":
        for note in node.all("note"):
            account.remark(note.said("text"), "stands in a note; look at it", note.place)
        for condition in node.all("condition"):
            shown = codeable(condition).shown
            account.remark(shown, "is the specimen's condition; look at it", condition.place)


def _narrative(node: Node, account: Account) -> None:
    """Say that a narrative holds more than the data, where it says so itself."""
    status = node.said("text", "status")
    words = _MARKUP.sub(" ", node.said("text", "div"))
    text = node.at("text")
    told = telling(_NO_GROWTH.sub(" ", words)) if status != "additional" else None
    if told:
        what = f"“{quoted(words)}” stands in its narrative: is “{told}” what the data say?"
        account.hold("row-remarked", what, text.place if text else node.place)
    if status == "additional" and words.strip():
        what = "stands in a narrative that says more than the data; look at it"
        account.remark(words, what, text.place if text else node.place)


def _element(node: Node, account: Account) -> None:
    absent = any(e.said("url").endswith(_ABSENT) for e in node.all("extension"))
    if absent and node.text:
        what = f"“{quoted(node.text)}” stands beside the reason for having no value"
        account.hold("field-conflict", what, node.place)
    if node.name == "modifierExtension":
        what = f"a modifier changes what this means: {node.said('url') or 'without a name'}"
        account.hold("message-part-unread", what, node.place)
    elif node.name == "implicitRules" and node.text:
        what = f"is to be read by rules of its own: {node.text}"
        account.hold("message-part-unread", what, node.place)
    elif node.name in ("security", "tag") and node.said("code").upper() in _MARKS:
        what = f"is marked {node.said('code')}: test data, or not the whole resource"
        account.hold("message-part-unread", what, node.place)
    elif node.name == "tag" and _TEST_DATA.search(f"{node.said('display')} {node.said('code')}"):
        what = f"is marked “{node.said('display') or node.said('code')}”"
        account.hold("message-part-unread", what, node.place)


def _extension(node: Node, account: Account) -> None:
    """An extension may be passed over when what it says is known as harmless."""
    url = node.said("url")
    if url.endswith((_ABSENT, "/diagnosticReport-replaces")):
        return
    account.once(
        "message-part-unread",
        Severity.WARNING,
        f"the extension {url or 'without a name'} is not read",
        node.place,
    )
    for value in node.children:
        words = [each.text for each in value.walk() if each.text] if value.name != "url" else []
        told = " ; ".join(words)
        if words and not (is_harmless(told) and not account.vocabulary.alarms(told)):
            what = f"the extension {url} says “{quoted(' '.join(words))}”, and is not read"
            account.tell("row-remarked", Severity.HOLD, what, node.place)
