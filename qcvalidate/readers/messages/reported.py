"""What readers of messages share: coded words, units, flags and remarks, one result at a time.

A message says one thing in several ways: a code, its display, a text; a value and a flag. They
must agree, or nothing is taken from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from qcvalidate.documents import Cell
from qcvalidate.frames import Observation
from qcvalidate.locale import Locale
from qcvalidate.quantity import parse_unit
from qcvalidate.readers.entries import Entry, read_entry
from qcvalidate.readers.messages.asides import is_harmless, measured_harmlessly, method_doubt
from qcvalidate.record import Finding, Place, Role, Severity, State, Status
from qcvalidate.vocabulary import TestName, Vocabulary

UCUM = "http://unitsofmeasure.org"
_LONGEST_QUOTE = 80


@dataclass(frozen=True)
class Coded:
    """A concept as a message sends it: the text that a person reads, and codes with displays."""

    text: str = ""
    displays: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    place: str = ""

    @property
    def shown(self) -> str:
        """Give what a person would read."""
        words = (self.text, *self.displays, *(code for _, code in self.codes))
        return next((word for word in words if word), "")

    @property
    def words(self) -> tuple[str, ...]:
        """Give every text and display."""
        return tuple(word for word in (self.text, *self.displays) if word)


@dataclass(frozen=True)
class Moment:
    """A date or time: `day` is ISO 8601, None where it is not told to the day.

    `clock` is the time of day as printed. `utc` says that it is Greenwich's and not the
    laboratory's: what its clock showed then is not known.
    """

    text: str
    place: str
    day: str | None = None
    clock: str | None = None
    utc: bool = False


@dataclass
class Account:
    """What has been read so far of one document."""

    name: str
    vocabulary: Vocabulary
    locale: Locale
    observations: list[Observation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _told: set[tuple[str, ...]] = field(default_factory=set)
    _known: set[Finding] = field(default_factory=set)

    def tell(self, slug: str, severity: Severity, what: str, place: str) -> None:
        """Add a finding at a place in the document."""
        message = f"{self.name} {place}: {what}" if place else f"{self.name}: {what}"
        self.add(Finding(slug, severity, message, Place(self.name, region=place or None)))

    def add(self, found: Finding) -> None:
        """Add a finding that has not been told yet."""
        if found not in self._known:
            self._known.add(found)
            self.findings.append(found)

    def once(self, slug: str, severity: Severity, what: str, place: str) -> None:
        """Add a finding at the first place that calls for it."""
        if (slug, what) not in self._told:
            self._told.add((slug, what))
            self.tell(slug, severity, what, place)

    def hold(self, slug: str, what: str, place: str) -> None:
        """Add a finding that holds the lot."""
        self.tell(slug, Severity.HOLD, what, place)

    def remark(self, text: str, what: str, place: str, *, expected: Iterable[str] = ()) -> None:
        """Quote words of the sender's own; they hold the lot unless they are known as harmless.

        `expected` are the kinds of result that may be said there: growth, of a positive control.
        """
        shown = quoted(text)
        if not shown or (shown, what) in self._told:
            return
        self._told.add((shown, what))
        kind = self.vocabulary.result(text).kind
        plain = kind in set(expected) or (is_harmless(text) and not self.vocabulary.alarms(text))
        severity = Severity.WARNING if plain else Severity.HOLD
        self.tell("row-remarked", severity, f"“{shown}” {what}", place)


def quoted(text: str) -> str:
    """Shorten a text for a message, on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_QUOTE else f"{plain[:_LONGEST_QUOTE]}..."


# --- which test ----------------------------------------------------------------------------


def named_test(
    coded: Coded, vocabulary: Vocabulary, unit: str | None = None
) -> tuple[TestName | None, str | None]:
    """Find the test that a code stands for, or why it cannot be told.

    The text is what a person reads, so it must be known where there is one ("Sterility of the
    growth medium" beside the code for sterility is not the product's). Whatever else is known
    must agree with it.
    """
    own = vocabulary.test(coded.text, unit) if coded.text else None
    if coded.text and own is None:
        return None, None
    found = [own, *(vocabulary.test(display, unit) for display in coded.displays)]
    tests = [vocabulary.coded_test(system, code) for system, code in coded.codes]
    found += [TestName(test) for test in tests if test]
    named = [name for name in found if name is not None]
    unknown = [
        code
        for (system, code), test in zip(coded.codes, tests, strict=True)
        if system.startswith(_PUBLIC) and code and not test
    ]
    strange = [word for word in coded.displays if vocabulary.test(word, unit) is None]
    if own is not None and unknown and (strange or not coded.displays):
        beside = "; ".join((*unknown, *strange))
        return None, f"“{coded.text}” has a code beside it that is not known for it: {beside}"
    if not named:
        return None, None
    meant = {name.test for name in named}
    parts = {name.part for name in named if name.part}
    if len(meant) > 1 or len(parts) > 1:
        several = " and ".join(sorted(meant if len(meant) > 1 else parts))
        return None, f"“{coded.shown}” names {several} in its text and its codes"
    unit_named = next((name.unit for name in named if name.unit), None)
    return TestName(named[0].test, parts.pop() if parts else None, unit_named), None


def tell_unknown_test(
    account: Account, coded: Coded, result: str, flags: Iterable[str], lot: str = ""
) -> None:
    """Hold on a result of an unknown test: it may be one of ours, misspelt, or tell of growth.

    Only what is known to be another matter (a pH, an appearance that complies) is passed over.
    """
    vocabulary = account.vocabulary
    kind = vocabulary.result(result, "sterility").kind
    marks = [flag for flag in flags if flag.upper() not in _GOOD]
    good = vocabulary.verdict(result) == "pass" or kind == "negative"
    worrying = bool(marks) or not measured_harmlessly(coded.shown, result, is_good=good)
    said = f"; it says “{quoted(result)}”" if result else ""
    said += f", flagged {', '.join(marks)}" if marks else ""
    said += f" (lot {lot})" if lot else ""
    account.tell(
        "test-unknown",
        Severity.HOLD if worrying else Severity.WARNING,
        f"“{quoted(coded.shown) or 'a result without a code'}” is not a test that the vocabulary "
        f"knows; its result was not read{said}",
        coded.place,
    )


# --- units ---------------------------------------------------------------------------------


def settled_unit(
    code: str, system: str, human: str, vocabulary: Vocabulary
) -> tuple[str, str | None]:
    """Give the spelling of a unit that code and text agree on, or why there is none.

    Of UCUM the code counts: its `[EU]` is the Ehrlich unit, whatever the text beside it says.
    """
    spelled = re.sub(r"^%\{[^{}]*\}$", "%", code.strip()).replace(".{", "{")
    human = human.strip()
    coded = parse_unit(spelled, vocabulary.units) if spelled else None
    told = parse_unit(human, vocabulary.units) if human else None
    if spelled and coded is None and (system == UCUM or not human):
        return spelled, None
    if coded is None:
        return human, None
    if human and human != code.strip() and told != coded:
        return spelled, f"the unit is “{human}”, but its code is “{code.strip()}”"
    return spelled, None


# --- coded results -------------------------------------------------------------------------


def coded_wording(coded: Coded, test: str, vocabulary: Vocabulary) -> tuple[str, str | None]:
    """Give the words of a coded result, or why text, display and code do not say one thing."""
    meant = [vocabulary.coded_result(system, code) for system, code in coded.codes]
    known = [words for words in meant if words]
    printed = [_without_tag(words) for words in coded.words]
    texts = list(dict.fromkeys([*printed, *known]))
    if not texts:
        return coded.shown, None
    kinds = {text: vocabulary.result(text, test).kind for text in texts}
    strange = next(
        (
            code
            for (system, code), words in zip(coded.codes, meant, strict=True)
            if not words and coded.words and _is_strange(system, code, texts[0], test, vocabulary)
        ),
        None,
    )
    if strange is not None:
        what = (
            f"“{quoted(texts[0])}” has the code “{strange}” beside it, whose meaning is not known"
        )
        return texts[0], what
    if len(set(kinds.values())) > 1:
        said = " and ".join(f"“{quoted(text)}” ({kind})" for text, kind in kinds.items())
        return texts[0], f"text and code differ: {said}"
    return texts[0], None


def _is_strange(system: str, code: str, text: str, test: str, vocabulary: Vocabulary) -> bool:
    """Say whether a code that the vocabulary does not know may contradict the text beside it.

    A laboratory's own number tells nothing; of letters, the initials of the text say the same.
    """
    if not code:
        return False
    if system.startswith(_PUBLIC):
        return True
    bare = re.sub(r"[\s_.-]", "", code).casefold()
    words = re.findall(r"\w+", text.casefold())
    if bare in ("".join(words), "".join(word[0] for word in words)) or re.fullmatch(
        r"[a-z]{0,3}[0-9]{2,}(?:[a-z])?", bare
    ):
        return False
    same = vocabulary.result(code, test).kind == vocabulary.result(text, test).kind
    if same and vocabulary.result(text, test).kind != "unknown":
        return False
    good = vocabulary.result(text, test).kind == "negative"
    return not (good and code.upper() in _GOOD)


_PUBLIC = ("http://snomed.info/", "http://loinc.org")
_TAG = re.compile(
    r"\s*\((?:qualifier value|finding|observable entity|disorder|organism|situation)\)\s*$"
)


def _without_tag(text: str) -> str:
    """Take off the kind that SNOMED CT adds to a name: "No growth (qualifier value)"."""
    return _TAG.sub("", text)


# --- flags ---------------------------------------------------------------------------------

# HL7 table 0078 and FHIR's ObservationInterpretation.
_GOOD = frozenset(("N", "NEG", "ND", "NR", "EXP"))
_VOID = frozenset(("IND", "E", "IE", "QCF", "TOX", "AC", "I"))
_BAD = frozenset(
    ("POS", "DET", "RR", "WR", "A", "AA", "H", "HH", "HU", "HX", "L", "LL", "LU", "LX", "UNE", "R")
)
_OFF_SCALE = {"<": "-Infinity", ">": "Infinity"}


def method_cell(account: Account, shown: str, place: str) -> dict[str, Cell]:
    """Give the method's cell; one that says that nothing was done holds the lot."""
    doubt = method_doubt(shown)
    if doubt or account.vocabulary.alarms(shown):
        what = f"“{quoted(shown)}” stands as the method" + (f", and {doubt}" if doubt else "")
        account.hold("row-remarked", what, place)
    return {"method": Cell(shown, place)} if shown else {}


def is_flag(code: str) -> bool:
    """Say whether a code is one of HL7's own flags."""
    return code.upper() in (*_GOOD, *_VOID, *_BAD, *_OFF_SCALE)


def flag_doubt(flags: Iterable[str], row: Observation, vocabulary: Vocabulary) -> str | None:
    """Say how a flag contradicts the result beside it; None when it does not."""
    for flag in filter(None, map(str.strip, flags)):
        code = flag.upper()
        if code in _OFF_SCALE and _OFF_SCALE[code] in (str(row.lower), str(row.upper)):
            continue
        kind = _kind_of_flag(flag, row.test, vocabulary)
        if code == "NR" and vocabulary.tests[row.test].family != "donor":
            # HL7's "non-reactive" is said of serology; elsewhere it may be "not reported".
            kind = "unknown"
        if kind == "good" and row.reading in (None, "negative", "pending", "invalid"):
            continue
        if kind == "bad" and row.reading == "positive":
            continue
        if kind == "void" and row.reading == "invalid":
            continue
        return f"is flagged “{flag}” beside “{quoted(row.result)}”"
    return None


def _kind_of_flag(flag: str, test: str, vocabulary: Vocabulary) -> str:
    code = flag.upper()
    if code in _GOOD or code in _BAD or code in _VOID:
        return "good" if code in _GOOD else "bad" if code in _BAD else "void"
    # "P" and "F" are a laboratory's own letters: passed, or positive?
    verdict = vocabulary.verdict(flag) if len(flag) > 2 else None
    if verdict is not None:
        return {"pass": "good", "fail": "bad"}[verdict]
    reading = vocabulary.result(flag, test).kind
    if flag.casefold() in ("normal", "expected"):
        return "good"
    return {"negative": "good", "positive": "bad", "invalid": "void"}.get(reading, "unknown")


# --- status --------------------------------------------------------------------------------

# The worse of a report's and a result's status counts.
_WORST_FIRST = (Status.CANCELLED, Status.PRELIMINARY, Status.AMENDED, Status.FINAL)


def worst_status(statuses: Iterable[Status]) -> Status:
    """Give the status that lets a result count for least."""
    return min(statuses, key=_WORST_FIRST.index)


# --- one result ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """One result of a message, before its text is read.

    `doubt` says why it may support nothing, though its text can be read. `cells` are what stands
    beside it, by role.
    """

    test: TestName
    heading: str
    text: str
    place: str
    number: bool = False
    unit: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    doubt: tuple[str, str] | None = None


def report(account: Account, result: Result) -> Observation:
    """Read one result into an observation; whatever is doubtful about it is told."""
    vocabulary = account.vocabulary
    cells = dict(result.cells)
    unit = result.unit or result.test.unit or ""
    if unit:
        cells["unit"] = Cell(unit, result.place)
    entry = Entry(account.name, result.test, Cell(result.text, result.place, result.number), cells)
    row, findings = read_entry(entry, vocabulary, account.locale, result.heading)
    for found in findings:
        account.add(found)
    named = result.test.unit
    if named and result.unit and vocabulary.unit(named) != vocabulary.unit(result.unit):
        what = f"the unit is “{result.unit}”, but the test is called “{result.heading}”"
        account.hold("field-conflict", what, result.place)
        row = replace(row, state=State.CONFLICT.value)
    if result.doubt is not None:
        slug, what = result.doubt
        account.hold(slug, f"{what} ({result.heading})", result.place)
        row = replace(row, state=State.CONFLICT.value)
    if row.role != Role.SAMPLE and vocabulary.verdict(row.result) == "fail":
        # Of a positive control, "fail" would be read as the growth that it should show.
        what = f"the control says “{quoted(row.result)}” ({result.heading}); did it fail?"
        account.hold("row-conflict", what, result.place)
        row = replace(row, state=State.CONFLICT.value)
    contradiction = flag_doubt(result.flags, row, vocabulary)
    if contradiction is not None and row.role == Role.SAMPLE:
        account.hold("row-conflict", f"{contradiction} ({result.heading})", result.place)
        row = replace(row, state=State.CONFLICT.value)
    account.observations.append(row)
    return row
