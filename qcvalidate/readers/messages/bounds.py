"""Holds the lot where what surrounds a result says that it is not the product's, or not final."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcvalidate.dilutions import TEST as ENDOTOXIN
from qcvalidate.dilutions import column_of, unread_words
from qcvalidate.documents.structured import Node
from qcvalidate.frames import Observation
from qcvalidate.readers.messages.asides import other_lots, specimen_doubt, title_doubt
from qcvalidate.readers.messages.orders import Order
from qcvalidate.readers.messages.reported import Account, Moment, quoted
from qcvalidate.readers.messages.resources import Shelf
from qcvalidate.readers.messages.segments import Segment, coded_field, moment, whole
from qcvalidate.readers.messages.values import codeable

# The tests that are made before the product is final; mycoplasma wants the culture itself.
_EARLY = ("in_process_culture", "mycoplasma")
# HL7 table 0119: an order that results are sent with.
_ORDER_CONTROLS = ("", "RE", "NW", "OK", "SN", "NA", "XO", "XR", "SC", "PA", "CH", "CN")
# Where a number is another document's: a report's own, the one that it replaces, an address.
_ADDRESSES = ("id", "fullUrl", "reference", "url", "system", "versionId")
_NUMBERED = ("DiagnosticReport", "ServiceRequest", "Observation")


def too_early(
    issued: Moment | None,
    rows: Sequence[Observation],
    account: Account,
    *,
    or_taken: bool = False,
) -> None:
    """Hold on a result that was told before its incubation ended.

    A moment that is `or_taken` may be that of the specimen, which lies before the incubation.
    """
    if issued is None or issued.day is None:
        return
    for row in rows:
        if row.ended is None or issued.day >= row.ended.isoformat():
            continue
        if or_taken and row.started is not None and issued.day <= row.started.isoformat():
            continue
        what = f"is of {issued.day}, before the incubation ended on {row.ended.isoformat()}"
        account.hold("field-conflict", f"{what}; ask for the final result", issued.place)
        return


def expectation(text: str, place: str, account: Account) -> None:
    """Hold on a range of reference that expects growth: whose result would it be?"""
    if text and account.vocabulary.result(text, "sterility").kind in ("positive", "invalid"):
        what = f"the range of reference is “{quoted(text)}”: growth would be expected"
        account.hold("row-conflict", what, place)
    stated = _NO_RANGE.search(text)
    if stated:
        what = (
            f"the range of reference “{quoted(text)}” states “{quoted(stated[0])}”, which is read "
            "only beside the result or in its method; ask the laboratory"
        )
        account.hold("row-remarked", what, place)


def diluted_unread(rows: Sequence[Observation], account: Account) -> None:
    """Hold on a method of an endotoxin test that tells of its dilution in words not read."""
    for row in rows:
        words = unread_words(row.method or "") if row.test == ENDOTOXIN else None
        if words:
            what = f"“{quoted(words)}” stands in the method of the endotoxin test and is not read"
            account.hold("row-remarked", what, row.region or "")


def _dilution_apart(shelf: Shelf, account: Account) -> None:
    """Hold on a result of its own that may tell how the endotoxin test was diluted."""
    if not any(row.test == ENDOTOXIN for row in account.observations):
        return
    for resource in shelf.of("Observation"):
        coded = codeable(resource.node.one("code"))
        if any(column_of(word) for word in coded.words):
            what = (
                f"“{quoted(coded.shown)}” stands apart from the endotoxin test: was that one "
                "diluted so? Make it a component of its result"
            )
            account.hold("message-part-unread", what, coded.place)


# What no range is: how a test was diluted, what it sees, how uncertain it is, a ratio of its own.
_NO_RANGE = re.compile(
    r"λ|\b(?:lambda|dilut\w*|verdünn\w*|mvd|maximum valid|lysate sensitivity|uncertaint\w*"
    r"|messunsicherheit|incertitude|incertidumbre|incertezza|incerteza"
    r"|(?:ratio|quotient)(?: ?\(?b ?/ ?a\)?)? ?[:=]? ?[0-9][0-9.,]*(?! ?(?:-|–|to|bis)))"
    r"|^ ?(?:±|\+/-)",
    re.IGNORECASE,
)


def bound_findings(shelf: Shelf, account: Account) -> None:
    """Tell of FHIR's specimens, ranges and lots that do not fit the rows."""
    early = _is_early(account)
    for specimen in shelf.of("Specimen"):
        for held in specimen.node.all("type"):
            _specimen_type(codeable(held).shown, held.place, account, is_early=early)
    for resource in shelf.of("Observation"):
        for node in resource.node.walk():
            if node.name == "referenceRange":
                expectation(node.said("text"), node.place, account)
    _dilution_apart(shelf, account)
    for resource in shelf.resources:
        lots_elsewhere([resource.node], account)


def bound_order(order: Order, account: Account, rows: Sequence[Observation]) -> None:
    """Tell of what an HL7 order says of its results, beside them."""
    control = order.control
    if control is not None and control.text(1) not in _ORDER_CONTROLS:
        what = f"the order is marked “{control.text(1)}”: cancelled, held, or not carried out"
        account.hold("message-part-unread", what, control.where(1))
    if control is not None and control.text(5) in ("CA", "DC", "HD", "ER", "RP"):
        what = f"the order's status is “{control.text(5)}”"
        account.hold("message-part-unread", what, control.where(5))
    obr = order.obr
    if obr is not None:
        for word in coded_field(obr, 4).words:
            if doubt := title_doubt(word):
                what = f"the order is called “{quoted(word)}”, which {doubt}"
                account.hold("row-remarked", what, obr.where(4))
        for number, called in ((13, "relevant information"), (31, "the reason of the order")):
            text = "; ".join(whole(each) for each in obr.repetitions(number))
            account.remark(text, f"stands as {called}; look at it", obr.where(number))
        too_early(moment(obr, 22), rows, account)
    for specimen in order.specimens:
        _specimen(specimen, account)


def _specimen(specimen: Segment, account: Account) -> None:
    shown = coded_field(specimen, 4).shown
    _specimen_type(shown, specimen.where(4), account, is_early=_is_early(account))
    for number, called in ((21, "a reason for rejection"), (24, "the specimen's condition")):
        for each in specimen.repetitions(number):
            text = whole(each)
            if number == 21:
                what = f"“{quoted(text)}” stands as {called}"
                account.hold("message-part-unread", what, specimen.where(number))
            else:
                account.remark(text, f"is {called}; look at it", specimen.where(number))


def _specimen_type(shown: str, place: str, account: Account, *, is_early: bool) -> None:
    doubt = specimen_doubt(shown, is_early=is_early) if shown else None
    if doubt:
        what = f"the specimen is “{quoted(shown)}”, which {doubt}"
        account.hold("row-remarked", what, place)


def _is_early(account: Account) -> bool:
    return all(row.test in _EARLY for row in account.observations)


def lots_elsewhere(nodes: Sequence[Node], account: Account) -> None:
    """Hold on a text that names another lot than the rows do."""
    texts = [each for node in nodes for each in _texts(node)]
    for node, found, lot in other_lots(texts, {row.lot for row in account.observations}):
        what = f"names “{found}” beside the lot {lot}; which of the two was tested?"
        account.hold("field-conflict", what, node.place)


def _texts(node: Node) -> Iterator[Node]:
    """Give the nodes of text, apart from the numbers of reports and orders, and addresses."""
    if node.name in _ADDRESSES or node.name == "relatesTo":
        return
    if node.name == "extension" and node.said("url").endswith("/diagnosticReport-replaces"):
        return
    # HL7 v2: the numbers of orders, and the place and name of a person.
    if node.name in ("ORC", "PID", "MSH"):
        return
    yield node
    for child in node.children:
        if child.name == "identifier" and node.type in _NUMBERED:
            continue
        if node.name == "OBR" and child.type in ("2", "3"):
            continue
        yield from _texts(child)
