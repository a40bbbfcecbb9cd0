"""Reads HL7 FHIR R4 and R5: DiagnosticReport and Observation, alone or in a Bundle.

Each Observation, and each of its components, becomes a row or a finding. What FHIR says must not
be ignored (modifierExtension, implicitRules) holds the lot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qcvalidate.dilutions import TEST as ENDOTOXIN
from qcvalidate.dilutions import column_of
from qcvalidate.documents import Cell, Document
from qcvalidate.documents.structured import Node, Structured
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, observations
from qcvalidate.quantity import settled_locale
from qcvalidate.readers import Context
from qcvalidate.readers.messages.asides import place_doubt
from qcvalidate.readers.messages.bounds import bound_findings, diluted_unread, too_early
from qcvalidate.readers.messages.elsewhere import words_elsewhere
from qcvalidate.readers.messages.envelope import envelope_findings, refuse_unknown_elements
from qcvalidate.readers.messages.header import Reported, header_of, report_status
from qcvalidate.readers.messages.reported import (
    Account,
    Coded,
    Result,
    method_cell,
    named_test,
    quoted,
    report,
    tell_unknown_test,
    worst_status,
)
from qcvalidate.readers.messages.resources import Resource, Shelf, shelve
from qcvalidate.readers.messages.specimens import Origin, follow, origin_of, role_words
from qcvalidate.readers.messages.stated import date_cells
from qcvalidate.readers.messages.values import (
    Value,
    absent_reason,
    all_good,
    codeable,
    flags_of,
    moment,
    read_value,
    shown_values,
    unit_text,
    values_of,
)
from qcvalidate.record import Record, Role, Source, Status
from qcvalidate.vocabulary import TestName

_READER = "messages.fhir"
_ROOTS = ("Bundle", "DiagnosticReport", "Observation")
_STATUSES = {
    "registered": Status.PRELIMINARY,
    "preliminary": Status.PRELIMINARY,
    "final": Status.FINAL,
    "amended": Status.AMENDED,
    "corrected": Status.AMENDED,
    "appended": Status.AMENDED,
    "cancelled": Status.CANCELLED,
    "entered-in-error": Status.CANCELLED,
}
# What a component may say about the result that it belongs to, by the name of a column.
_BESIDE = ("started", "ended", "measured_at", "method", "organism", "turbidity", "day", "status")


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001  form tells enough
    """Say whether this is a FHIR resource."""
    return isinstance(document.content, Structured) and document.content.form == "fhir"


def read(document: Document, context: Context) -> Record:
    """Give one row for each result; raise `DocumentError` for a resource that holds none."""
    content = document.content
    assert isinstance(content, Structured)  # noqa: S101  claimed
    root = content.root
    if root.type not in _ROOTS:
        raise DocumentError(
            f"{document.name}: is the FHIR resource {root.type or 'of no type'!r}; expected "
            f"{', '.join(_ROOTS)}",
            slug="document-unclaimed",
        )
    locale = settled_locale(context.locale, dates=(), numbers=_strings(root))
    account = Account(document.name, context.vocabulary, locale)
    shelf = shelve(root)
    reading = _Reading(account, shelf)
    envelope_findings(root, shelf, account)
    reading.read()
    bound_findings(shelf, account)
    words_elsewhere(shelf, account)
    header = header_of(reading.reports(), account, reading.rows_lot(), shelf)
    return Record(
        source=Source(document.name, document.sha256, document.kind, _READER),
        header=header,
        observations=observations(account.observations),
        findings=(*document.findings, *account.findings),
    )


def _strings(root: Node) -> Iterator[str]:
    return (node.text or "" for node in root.walk() if node.name == "valueString")


@dataclass
class _Reading:
    """One pass over the observations of a document."""

    account: Account
    shelf: Shelf
    # By the identity of the resource: what lists it, and the panel that it is a member of.
    listed: dict[int, list[Reported]] = field(default_factory=dict)
    panels: dict[int, list[Resource]] = field(default_factory=dict)
    origins: dict[int, Origin] = field(default_factory=dict)

    def read(self) -> None:
        account, shelf = self.account, self.shelf
        found = shelf.of("Observation")
        reports = self.reports()
        if not found:
            place = reports[0].resource.place if reports else ""
            account.hold("table-empty", "holds no Observation, and so no result", place)
        for panel in found:
            for reference in panel.node.all("hasMember"):
                member = self._member(reference, panel)
                if member is panel:
                    what = "is a member of itself"
                    account.hold("reference-unresolved", what, reference.place)
                elif member is not None:
                    self.panels.setdefault(id(member), []).append(panel)
        for one in reports:
            for reference in one.resource.node.all("result"):
                self._list(self._member(reference, one.resource), one, set())
        for resource in found:
            refuse_unknown_elements(resource.node, account)
            before = len(account.observations)
            self._observation(resource)
            self._bounds(resource, account.observations[before:])

    def _bounds(self, resource: Resource, found: Sequence[Observation]) -> None:
        """Hold on rows that are older than their own test, or of another lot than their report."""
        node, account = resource.node, self.account
        diluted_unread(found, account)
        listing = self.listed.get(id(resource), [])
        for each in (resource, *(by.resource for by in listing)):
            too_early(moment(each.node.one("issued")), found, account)
        lots = {lot.value for by in listing for lot in by.origin.lots}
        for lot in sorted({row.lot for row in found if row.lot} - lots if lots else ()):
            what = (
                f"is of lot {lot}, but its report is about {' and '.join(sorted(map(str, lots)))}"
            )
            account.hold("field-conflict", what, node.place)
        for name in ("category", "bodySite", "bodyStructure"):
            for held in node.all(name):
                for word in codeable(held).words:
                    if doubt := place_doubt(word):
                        what = f"“{quoted(word)}” under {name} {doubt}"
                        account.hold("row-remarked", what, held.place)

    def reports(self) -> list[Reported]:
        """Give the reports, each read once."""
        if not hasattr(self, "_reports"):
            self._reports = [
                Reported(each, report_status(each, self.account), self.origin(each))
                for each in self.shelf.of("DiagnosticReport")
            ]
        return self._reports

    def origin(self, resource: Resource) -> Origin:
        if id(resource) not in self.origins:
            self.origins[id(resource)] = origin_of(resource, self.shelf, self.account)
        return self.origins[id(resource)]

    def rows_lot(self) -> set[str | None]:
        """Give the lots that the rows name; None among them when one names none."""
        return {row.lot for row in self.account.observations}

    def _member(self, reference: Node, holder: Resource) -> Resource | None:
        found = follow(reference, holder, self.shelf, self.account)
        if found is None or found.type == "Observation":
            return found
        what = f"refers to a {found.type}, which is no result"
        self.account.hold("reference-unresolved", what, reference.place)
        return None

    def _list(self, resource: Resource | None, by: Reported, seen: set[int]) -> None:
        """Note that a report lists a result, and with a panel all of its members."""
        if resource is None or id(resource) in seen:
            return
        seen.add(id(resource))
        self.listed.setdefault(id(resource), []).append(by)
        for reference in resource.node.all("hasMember"):
            self._list(self.shelf.resolve(reference, resource), by, seen)

    # --- one observation ------------------------------------------------------------------

    def _observation(self, resource: Resource) -> None:
        node, account = resource.node, self.account
        coded = codeable(node.one("code"))
        held = values_of(node)
        components = node.all("component")
        members = node.all("hasMember")
        unit = unit_text(held)
        test, problem = named_test(coded, account.vocabulary, unit)
        if problem:
            account.hold("field-conflict", problem, coded.place)
        test = test or self._within_panel(resource, coded)
        flags = flags_of(node)
        cells = self._cells(resource, dated=test is not None or bool(components))
        of_endotoxin = self._is_of_endotoxin(test, components)
        cells |= self._beside(components, of_endotoxin=of_endotoxin)
        self._notes(node, cells)
        shared = _Shared(resource, test, cells, of_endotoxin)
        for component in components:
            self._component(component, shared)
        # A component that says when the test began is no result in the place of one.
        inner = [
            *members,
            *(each for each in components if not self._is_beside(each, of_endotoxin=of_endotoxin)),
        ]
        if not held and inner and node.one("dataAbsentReason") is None:
            if flags and test is not None and not all_good(flags):
                shown = ", ".join(flags)
                account.hold("row-conflict", f"is flagged {shown} as a whole", node.place)
            return
        if test is None:
            if not problem:
                shown = shown_values(held) or absent_reason(node)
                tell_unknown_test(account, _placed(coded, node), shown, flags, _lot(cells))
            return
        self._result(node, held, test, coded, cells, flags)

    def _within_panel(self, resource: Resource, coded: Coded) -> TestName | None:
        """Let a panel say which test its member belongs to: "aerobic bottle", "blank"."""
        vocabulary, words = self.account.vocabulary, coded.text or coded.shown
        part = vocabulary.part(words)
        control = vocabulary.role(words) not in (None, Role.SAMPLE)
        tests = set()
        for panel in self.panels.get(id(resource), ()):
            named, _ = named_test(codeable(panel.node.one("code")), vocabulary)
            tests.add(named.test if named else None)
        test = tests.pop() if len(tests) == 1 else None
        return TestName(test, part) if test and (part or control) else None

    def _result(
        self,
        node: Node,
        held: Sequence[Node],
        test: TestName,
        coded: Coded,
        cells: Mapping[str, Cell],
        flags: Sequence[str],
    ) -> None:
        account = self.account
        absent = absent_reason(node)
        if held:
            value = read_value(held[0], test.test, account.vocabulary)
        else:
            # "Not performed" is a result of its kind; "unknown" is none.
            kind = account.vocabulary.result(absent, test.test).kind
            text = absent if kind in ("invalid", "pending") else ""
            reason = node.one("dataAbsentReason")
            value = Value(text, reason.place if reason else node.place)
            if absent and not text:
                what = f"holds no value: “{quoted(absent)}” ({coded.shown})"
                account.hold("result-blank", what, value.place)
        if len(held) > 1:
            value = replace(value, doubt=("field-conflict", "holds two values"))
        if held and absent:
            what = f"holds a value, and “{quoted(absent)}” as the reason for having none"
            value = replace(value, doubt=("field-conflict", what))
        report(
            account,
            Result(
                test=test,
                heading=coded.shown,
                text=value.text,
                place=value.place,
                number=value.number,
                unit=value.unit,
                cells=cells,
                flags=tuple(flags),
                doubt=value.doubt,
            ),
        )

    # --- components -----------------------------------------------------------------------

    def _is_of_endotoxin(self, test: TestName | None, components: Sequence[Node]) -> bool:
        """Say whether a dilution beside these results is that of an endotoxin test."""
        vocabulary = self.account.vocabulary
        inner = (
            named_test(codeable(each.one("code")), vocabulary, unit_text(values_of(each)))[0]
            for each in components
        )
        return any(one is not None and one.test == ENDOTOXIN for one in (test, *inner))

    def _beside(self, components: Sequence[Node], *, of_endotoxin: bool) -> dict[str, Cell]:
        """Give what components say about the result: when it was started, what grew."""
        cells: dict[str, Cell] = {}
        for component in components:
            role = self._role_of(component, of_endotoxin=of_endotoxin)
            held = values_of(component)
            if role is None or not held:
                continue
            if role in ("started", "ended", "measured_at"):
                cells |= date_cells(self.account, role, moment(held[0]))
            elif role in cells:
                # Two of one kind: the entry holds on what it cannot read.
                cells[role] = Cell(f"{cells[role].text}; {shown_values(held)}", held[0].place)
            else:
                cells[role] = Cell(shown_values(held), held[0].place)
        return cells

    def _role_of(self, component: Node, *, of_endotoxin: bool) -> str | None:
        coded = codeable(component.one("code"))
        words = coded.text or coded.shown
        role = self.account.vocabulary.column(words)
        if role in _BESIDE:
            return role
        return column_of(words) if of_endotoxin else None

    def _is_beside(self, component: Node, *, of_endotoxin: bool) -> bool:
        role = self._role_of(component, of_endotoxin=of_endotoxin)
        return role is not None and bool(values_of(component))

    def _component(self, component: Node, shared: _Shared) -> None:
        account, vocabulary = self.account, self.account.vocabulary
        held = values_of(component)
        if self._is_beside(component, of_endotoxin=shared.of_endotoxin):
            return
        coded = codeable(component.one("code"))
        words = coded.text or coded.shown
        test, problem = named_test(coded, vocabulary, unit_text(held))
        cells = dict(shared.cells)
        if problem:
            account.hold("field-conflict", problem, coded.place)
            return
        role = vocabulary.role(words)
        part = vocabulary.part(words)
        if role not in (None, Role.SAMPLE) and shared.test is not None:
            test = TestName(shared.test.test)
            cells["role"] = Cell(words, coded.place)
        elif part is not None and shared.test is not None:
            test = TestName(shared.test.test, part)
        if test is None:
            flags = flags_of(component)
            shown = shown_values(held) or absent_reason(component)
            tell_unknown_test(account, _placed(coded, component), shown, flags, _lot(cells))
            return
        self._result(component, held, test, coded, cells, flags_of(component))

    # --- what stands beside it ------------------------------------------------------------

    def _cells(self, resource: Resource, *, dated: bool) -> dict[str, Cell]:
        node, account = resource.node, self.account
        origin = self._origin(resource)
        cells = {"status": Cell(self._status(resource).value, node.place)}
        for name, found in (("lot", origin.lot), ("sample_id", origin.sample)):
            if found is not None and found.value:
                cells[name] = Cell(found.value, found.place.region or "")
        cells |= method_cell(account, codeable(node.one("method")).shown, node.place)
        categories = [word for each in node.all("category") for word in codeable(each).words]
        # "Positive control" beside the text "Sterility".
        categories += codeable(node.one("code")).words
        roles = [*origin.roles, *role_words(categories, account.vocabulary)]
        if roles:
            cells["role"] = Cell(roles[0], node.place)
        return cells | self._dates(node, origin) if dated else cells

    def _dates(self, node: Node, origin: Origin) -> dict[str, Cell]:
        """Take a period as the time of the test, and a moment as that of the measurement.

        A moment may be when the specimen was taken (FHIR's "physiologically relevant time"), and
        is not used where it is.
        """
        account = self.account
        period = node.one("effectivePeriod")
        if period is not None:
            cells = date_cells(account, "started", moment(period.one("start")))
            return cells | date_cells(account, "ended", moment(period.one("end")))
        at = node.one("effectiveDateTime") or node.one("effectiveInstant")
        collected = {
            specimen.node.said("collection", "collectedDateTime") for specimen in origin.specimens
        }
        if at is None or (at.text or "").strip() in collected:
            return {}
        return date_cells(account, "measured_at", moment(at))

    def _origin(self, resource: Resource) -> Origin:
        """Give what a result is about itself, else what the one report that lists it is about."""
        own = self.origin(resource)
        if own.specimens or own.lots:
            return own
        parents = self.panels.get(id(resource), [])
        above = [self.origin(panel) for panel in parents]
        above += [by.origin for by in self.listed.get(id(resource), ())]
        named = [each for each in above if each.specimens or each.lots]
        if len({each.lot.value if each.lot else None for each in named}) != 1:
            return own
        return replace(named[0], roles=(*own.roles, *named[0].roles))

    def _status(self, resource: Resource) -> Status:
        text = resource.node.said("status")
        own = _STATUSES.get(text)
        if own is None:
            what = (
                f"the status “{text}” is not one that may be used; the result is taken as "
                "preliminary"
                if text
                else "states no status; the result is taken as preliminary"
            )
            self.account.hold("result-wording-unknown", what, resource.place)
            own = Status.PRELIMINARY
        by = [each.status for each in self.listed.get(id(resource), ())]
        return worst_status([own, *by, *self._panel_statuses(resource, {id(resource)})])

    def _panel_statuses(self, resource: Resource, seen: set[int]) -> Iterator[Status]:
        """Give the statuses of the panels that a result is a member of, and of theirs."""
        for panel in self.panels.get(id(resource), ()):
            if id(panel) not in seen:
                seen.add(id(panel))
                yield _STATUSES.get(panel.node.said("status"), Status.PRELIMINARY)
                yield from self._panel_statuses(panel, seen)

    def _notes(self, node: Node, cells: Mapping[str, Cell]) -> None:
        role = self.account.vocabulary.role(cells["role"].text) if "role" in cells else None
        expected = ("positive",) if role == Role.POSITIVE_CONTROL else ()
        for note in node.all("note"):
            self.account.remark(
                note.said("text"), "stands in a note; look at it", note.place, expected=expected
            )


@dataclass(frozen=True)
class _Shared:
    """What an observation's components have in common with it."""

    resource: Resource
    test: TestName | None
    cells: Mapping[str, Cell]
    of_endotoxin: bool = False


def _lot(cells: Mapping[str, Cell]) -> str:
    return cells["lot"].text if "lot" in cells else ""


def _placed(coded: Coded, node: Node) -> Coded:
    return coded if coded.place else replace(coded, place=node.place)
