"""Reads HL7 v2 results: ORU^R01 and its like, of one message or of many.

Each OBX becomes a row, something that is said about the rows of its order, or a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qcvalidate.dilutions import TEST as ENDOTOXIN
from qcvalidate.dilutions import column_of
from qcvalidate.documents import Cell, Document
from qcvalidate.documents.structured import Node, Structured
from qcvalidate.errors import DocumentError
from qcvalidate.frames import observations
from qcvalidate.quantity import settled_locale
from qcvalidate.readers import Context
from qcvalidate.readers.messages.bounds import (
    bound_order,
    diluted_unread,
    expectation,
    lots_elsewhere,
    too_early,
)
from qcvalidate.readers.messages.elsewhere import fields_elsewhere
from qcvalidate.readers.messages.orders import ORDER_STATUSES, RESULT_STATUSES, Order, orders
from qcvalidate.readers.messages.persons import patient_segment
from qcvalidate.readers.messages.reported import (
    Account,
    Coded,
    Moment,
    Result,
    method_cell,
    named_test,
    quoted,
    report,
    tell_unknown_test,
    worst_status,
)
from qcvalidate.readers.messages.segments import (
    Segment,
    coded_field,
    moment,
    moment_of,
    read_value,
    unit_of,
    whole,
)
from qcvalidate.readers.messages.specimens import CONTROL_CODES, role_words
from qcvalidate.readers.messages.stated import date_cells, date_field, shared_by
from qcvalidate.record import Field, Place, Record, Role, Source, Status
from qcvalidate.vocabulary import TestName

_READER = "messages.hl7v2"
_READ = ("R01", "R30", "R31", "R32", "R40")
# What an OBX may say about the results of its order, by the name of a column.
_BESIDE = ("started", "ended", "measured_at", "method", "organism", "turbidity", "day")


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001  form tells enough
    """Say whether this is HL7 v2."""
    return isinstance(document.content, Structured) and document.content.form == "hl7v2"


def read(document: Document, context: Context) -> Record:
    """Give one row for each result; raise `DocumentError` for a message that holds none."""
    content = document.content
    assert isinstance(content, Structured)  # noqa: S101  claimed
    messages = [[Segment(node) for node in each.children] for each in content.root.children]
    texts = (whole(each) for each in _texts(messages))
    locale = settled_locale(context.locale, dates=(), numbers=texts)
    account = Account(document.name, context.vocabulary, locale)
    headers: list[dict[str, Field]] = []
    for segments in messages:
        _refuse_other(segments[0], document.name)
        _envelope(segments[0], account)
        readings = [_Reading(account, order) for order in orders(segments, account)]
        _share_lots(readings)
        headers += [reading.read() for reading in readings]
    fields_elsewhere([each for held in messages for each in held], account)
    lots_elsewhere([each.node for held in messages for each in held[1:]], account)
    if not headers:
        account.hold("table-empty", "holds no order (OBR), and so no result", "")
    names = list(dict.fromkeys(name for header in headers for name in header))
    header = {name: shared_by(headers, name) for name in names}
    return Record(
        source=Source(document.name, document.sha256, document.kind, _READER),
        header={name: found for name, found in header.items() if found is not None},
        observations=observations(account.observations),
        findings=(*document.findings, *account.findings),
    )


def _texts(messages: Sequence[Sequence[Segment]]) -> Iterator[Node]:
    for segments in messages:
        for segment in segments:
            if segment.name == "OBX" and segment.text(2) in ("ST", "TX", "FT"):
                yield from segment.repetitions(5)


def _refuse_other(header: Segment, name: str) -> None:
    kind, event = header.text(9, 1), header.text(9, 2)
    if kind != "ORU" or event not in _READ:
        raise DocumentError(
            f"{name} {header.where(9)}: is the message {kind}^{event}; expected results, ORU^R01",
            slug="document-unclaimed",
        )
    if not header.text(12).startswith("2."):
        raise DocumentError(f"{name} {header.where(12)}: is HL7 {header.text(12)!r}; expected 2.x")


def _envelope(header: Segment, account: Account) -> None:
    mode = header.text(11)
    if mode != "P":
        what = f"the message is marked “{mode}” and not P, for production: test or training data"
        account.hold("message-part-unread", what, header.where(11))


def _share_lots(readings: Sequence[_Reading]) -> None:
    """Give the lot that one order names to the message's other orders on the same specimen."""
    lots: dict[str, set[str]] = {}
    for reading in readings:
        for lot in reading.lots:
            if (sample := reading.sample()) is not None and sample.value and lot.value:
                lots.setdefault(sample.value, set()).add(lot.value)
    for reading in readings:
        sample = reading.sample()
        named = lots.get(sample.value or "", set()) if sample else set()
        if sample is not None and not reading.lots and len(named) == 1:
            shared = named.pop()
            reading.lots.append(Field(shared, shared, sample.place))


@dataclass
class _Reading:
    """One order and its results."""

    account: Account
    order: Order
    lots: list[Field] = field(init=False)
    beside: list[tuple[str, Segment]] = field(init=False)
    results: list[Segment] = field(init=False)

    def __post_init__(self) -> None:
        """Set apart what is said about the results: the lot, the start of incubation."""
        vocabulary, name = self.account.vocabulary, self.account.name
        self.lots, self.beside, self.results = [], [], []
        for segment in self.order.results:
            coded = coded_field(segment, 3)
            words = coded.text or coded.shown
            column = vocabulary.column(words)
            withdrawn = self._status(segment, tell=False) is Status.CANCELLED
            if {vocabulary.label(word) for word in coded.words} == {"lot"}:
                value = "; ".join(whole(each) for each in segment.repetitions(5))
                if value and not withdrawn:
                    place = Place(name, region=segment.where(5))
                    self.lots.append(Field(value, value, place))
            elif column in _BESIDE and vocabulary.test(words) is None:
                self.beside += [] if withdrawn else [(column, segment)]
            else:
                self.results.append(segment)

    def read(self) -> dict[str, Field]:
        """Read the order's results, and give its header."""
        lot = self._lot()
        cells = self._cells(lot)
        if not self.order.results:
            place = self.order.obr.place if self.order.obr else ""
            self.account.hold("table-empty", "an order without a result", place)
        if self.order.obr is None:
            what = "results without an order (OBR) before them"
            self.account.hold("message-part-unread", what, self.order.message[0].place)
        meant = self._meant()
        beside = self._beside(meant)
        diluted = self._diluted()
        before = len(self.account.observations)
        for segment in self.results:
            test = self._test(segment)
            own = beside if test in meant else {}
            own = own | diluted if test == ENDOTOXIN else own
            self._result(segment, cells | own, meant)
        diluted_unread(self.account.observations[before:], self.account)
        bound_order(self.order, self.account, self.account.observations[before:])
        return dict(self._header(lot))

    # --- what belongs to all results of the order -----------------------------------------

    def _lot(self) -> Field | None:
        if len({lot.value for lot in self.lots}) > 1:
            said = " and ".join(f"“{lot.value}”" for lot in self.lots)
            where = self.order.obr.place if self.order.obr else ""
            self.account.hold("field-conflict", f"is about the lots {said} at once", where)
            return None
        return self.lots[0] if self.lots else None

    def _test(self, segment: Segment) -> str | None:
        coded = coded_field(segment, 3)
        unit, _ = unit_of(segment, self.account.vocabulary)
        test, _ = named_test(coded, self.account.vocabulary, unit or None)
        return test.test if test else None

    def _meant(self) -> set[str]:
        """Say which test the order's incubation is of: its only culture, or its only test."""
        tests = {test for test in map(self._test, self.results) if test}
        families = self.account.vocabulary.tests
        cultures = {test for test in tests if families[test].family in ("sterility", "mycoplasma")}
        return cultures if len(cultures) == 1 else tests if len(tests) == 1 else set()

    def _beside(self, meant: set[str]) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        for column, segment in self.beside:
            value = "; ".join(whole(each) for each in segment.repetitions(5))
            if not meant:
                said = (
                    f"“{quoted(value)}” is the {column.replace('_', ' ')} of one of several tests"
                )
                what = f"{said}; which is not told. Give each test an order (OBR) of its own"
                self.account.hold("message-part-unread", what, segment.where(5))
            elif column in cells:
                what = f"“{quoted(value)}” is a second {column.replace('_', ' ')} in one order"
                self.account.hold("field-conflict", what, segment.where(5))
            else:
                cells |= self._column(column, value, segment)
        return cells

    def _diluted(self) -> dict[str, Cell]:
        """Take from the results what tells how the order's endotoxin test was diluted.

        Of several tests it is not told whose dilution it is: taken for that of the endotoxin, it
        can only hold the lot.
        """
        cells: dict[str, Cell] = {}
        if not any(self._test(segment) == ENDOTOXIN for segment in self.results):
            return cells
        for segment in list(self.results):
            column = column_of(coded_field(segment, 3).shown)
            if column is None or self._test(segment) is not None:
                continue
            if not self._counts():
                # Beside a count it is told as well: the count may be that of the diluted sample.
                self.results.remove(segment)
            if self._status(segment, tell=False) is Status.CANCELLED:
                continue
            value = "; ".join(whole(each) for each in segment.repetitions(5))
            unit, _ = unit_of(segment, self.account.vocabulary)
            said = f"{value} {unit}".strip()
            twice = f"{cells[column].text}; " if column in cells else ""
            cells[column] = Cell(f"{twice}{said}", segment.where(5))
        return cells

    def _counts(self) -> bool:
        families = self.account.vocabulary.tests
        tests = filter(None, map(self._test, self.results))
        return any(families[test].family in ("count", "dose") for test in tests)

    def _column(self, column: str, value: str, segment: Segment) -> dict[str, Cell]:
        if column in ("started", "ended", "measured_at"):
            when = moment_of(value, segment.where(5))
            if when.day is None and segment.text(2) in ("ST", "TX", "FT"):
                # A date in words is read as in any table.
                return {column: Cell(value, segment.where(5))}
            return date_cells(self.account, column, when)
        return {column: Cell(value, segment.where(5))} if value else {}

    def _cells(self, lot: Field | None) -> dict[str, Cell]:
        account = self.account
        cells: dict[str, Cell] = {}
        if lot is not None and lot.value:
            cells["lot"] = Cell(lot.value, lot.place.region or "")
        sample = self.sample()
        if sample is not None and sample.value:
            cells["sample_id"] = Cell(sample.value, sample.place.region or "")
        words: list[str] = []
        for specimen in self.order.specimens:
            words += role_words(coded_field(specimen, 4).words, account.vocabulary)
            roles = [whole(each).split(" ")[0] for each in specimen.repetitions(11)]
            words += [f"specimen role {role}" for role in roles if role in CONTROL_CODES]
        if words:
            cells["role"] = Cell(words[0], self.order.specimens[0].place)
        return cells

    def sample(self) -> Field | None:
        """Give the specimen's number: the client's own, else the laboratory's."""
        found = []
        for specimen in self.order.specimens:
            number = specimen.text(2, 1) or specimen.text(2, 2)
            place = Place(self.account.name, region=specimen.where(2))
            found += [Field(number, number, place)] if number else []
        return found[0] if len({each.value for each in found}) == 1 else None

    # --- one OBX --------------------------------------------------------------------------

    def _result(self, segment: Segment, shared: Mapping[str, Cell], meant: set[str]) -> None:
        account = self.account
        coded = coded_field(segment, 3)
        unit, _ = unit_of(segment, account.vocabulary)
        test, problem = named_test(coded, account.vocabulary, unit or None)
        flags = tuple(whole(each).split(" ")[0] for each in segment.repetitions(8))
        if problem:
            account.hold("field-conflict", problem, coded.place)
            return
        role = account.vocabulary.role(coded.text or coded.shown)
        if test is None and role not in (None, Role.SAMPLE) and len(meant) == 1:
            # "Growth promotion" is a control of the order's only culture.
            test = TestName(next(iter(meant)))
        if test is None:
            shown = "; ".join(whole(each) for each in segment.repetitions(5))
            lot = shared["lot"].text if "lot" in shared else ""
            where = coded if coded.place else Coded(place=segment.place)
            tell_unknown_test(account, where, f"{shown} {unit}".strip(), flags, lot)
            return
        value = read_value(segment, test.test, account.vocabulary)
        cells = dict(shared) | {"status": Cell(self._status(segment).value, segment.where(11))}
        cells |= method_cell(account, coded_field(segment, 17).shown, segment.where(17))
        doubtful = list(role_words(coded.words, account.vocabulary))
        if doubtful:
            cells["role"] = Cell(doubtful[0], coded.place)
        sub = segment.text(4)
        role = account.vocabulary.role(sub) if sub else None
        if role not in (None, Role.SAMPLE):
            cells["role"] = Cell(sub, segment.where(4))
        part = account.vocabulary.part(sub) if sub else None
        if part is not None:
            cells["part"] = Cell(part, segment.where(4))
        cells = self._measured(segment) | cells
        expectation(segment.text(7), segment.where(7), account)
        row = report(
            account,
            Result(
                test=test,
                heading=coded.shown,
                text=value.text,
                place=value.place,
                number=value.number,
                unit=value.unit,
                cells=cells,
                flags=flags,
                doubt=value.doubt,
            ),
        )
        observed = moment(segment, 14)
        if observed and observed.text not in self._taken():
            too_early(observed, [row], account, or_taken=True)

    def _taken(self) -> set[str]:
        return {self._time("OBR", 7), self._time("SPM", 17)}

    def _measured(self, segment: Segment) -> dict[str, Cell]:
        """Take the time of the analysis (OBX-19); OBX-14 where it is not the collection's."""
        found = moment(segment, 19)
        if found is None:
            taken = self._taken()
            observed = moment(segment, 14)
            found = observed if observed and observed.text not in taken else None
        return date_cells(self.account, "measured_at", found)

    def _time(self, name: str, number: int) -> str:
        found = self._moment(name, number)
        return found.text if found else ""

    def _moment(self, name: str, number: int) -> Moment | None:
        obr = [self.order.obr] if self.order.obr else []
        segments = obr if name == "OBR" else self.order.specimens
        found = [moment(segment, number) for segment in segments]
        return next((each for each in found if each is not None), None)

    def _status(self, segment: Segment, *, tell: bool = True) -> Status:
        text = segment.text(11)
        own = RESULT_STATUSES.get(text)
        if own is None:
            own = Status.PRELIMINARY
            if tell:
                said = (
                    f"the result status “{text}” is not one that may be used"
                    if text
                    else ("no result status is stated")
                )
                what = f"{said}; the result is taken as preliminary"
                self.account.hold("result-wording-unknown", what, segment.where(11))
        return worst_status([own, self._order_status(tell=tell)])

    def _order_status(self, *, tell: bool) -> Status:
        obr = self.order.obr
        text = obr.text(25) if obr else ""
        if not text:
            # Each OBX states its own.
            return Status.FINAL
        found = ORDER_STATUSES.get(text)
        if found is None and tell and obr:
            what = f"the order's status “{text}” is not one that may be used"
            self.account.hold("result-wording-unknown", what, obr.where(25))
        return found or Status.PRELIMINARY

    # --- the header -----------------------------------------------------------------------

    def _observers(self) -> Iterator[tuple[str, Field]]:
        """Give who is responsible for the results (OBX-16), where each of them names somebody."""
        named = [
            " ".join(filter(None, (each.text(16, 3), each.text(16, 2)))) for each in self.results
        ]
        if named and all(named):
            shown = ", ".join(dict.fromkeys(named))
            place = Place(self.account.name, region=self.results[0].where(16))
            yield "signed_by", Field(shown, shown, place)

    def _header(self, lot: Field | None) -> Iterator[tuple[str, Field]]:
        order, name = self.order, self.account.name
        obr, first = order.obr, order.message[0]

        def field(segment: Segment, number: int, text: str) -> Field:
            return Field(text, text, Place(name, region=segment.where(number)))

        if obr is not None:
            number = obr.text(3)
            if number:
                yield "report_number", field(obr, 3, number)
            title = coded_field(obr, 4).shown
            if title:
                yield "title", field(obr, 4, title)
            if obr.text(25):
                place = Place(name, region=obr.where(25))
                yield "status", Field(obr.text(25), self._order_status(tell=False).value, place)
            signer = " ".join(filter(None, (obr.text(32, 1, 3), obr.text(32, 1, 2))))
            if signer:
                yield "signed_by", field(obr, 32, signer)
            else:
                yield from self._observers()
        laboratory = first.text(4)
        performing = {each.text(23) for each in order.results} - {""}
        if len(performing) == 1:
            segment = next(each for each in order.results if each.text(23))
            yield "laboratory", field(segment, 23, performing.pop())
        elif laboratory and not performing:
            yield "laboratory", field(first, 4, laboratory)
        dates = {
            "date_issued": self._moment("OBR", 22),
            "date_received": self._moment("SPM", 18) or self._moment("OBR", 14),
            "date_sampled": self._moment("SPM", 17) or self._moment("OBR", 7),
        }
        for header, when in dates.items():
            if when is not None:
                yield header, date_field(name, when)
        patient = patient_segment(order.message, name)
        about = {"lot": lot, "sample_id": self.sample(), "patient_id": patient}
        yield from ((header, found) for header, found in about.items() if found is not None)
