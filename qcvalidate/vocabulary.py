"""The words of laboratories: tests, labels, columns, result wordings and units, from YAML.

Every look-up is closed: a text is a known name as a whole, or it is None. Nothing is fuzzy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from qcvalidate.catalogue import Catalogue, load_yaml
from qcvalidate.contract import load
from qcvalidate.errors import SpecificationError
from qcvalidate.folding import expand, key
from qcvalidate.naming import Names, Test, TestName, only, test_names
from qcvalidate.quantity import ScaledUnit, parse_unit, unit_key
from qcvalidate.ratios import Bands
from qcvalidate.record import HEADER_FIELDS, Role, Status
from qcvalidate.rules import FAMILIES
from qcvalidate.wording import (
    UNKNOWN,
    Grammar,
    Meaning,
    Reading,
    alarming,
    read_wording,
)

__all__ = ["Reading", "Test", "TestName", "Vocabulary", "key", "load_vocabulary"]


_Meaning = TypeVar("_Meaning")
# Names that no test has, of one run.
_MOST_REMEMBERED = 10_000
# A label in a language that we do not know has no more words than this.
_LONGEST_HALF = 5
# Labels that say no more than the one beside them in another language.
_VAGUE = frozenset(("date", "datum", "fecha", "data", "freigabe"))
# A word in the names of this many fields ("date", "number") tells none of them apart.
_GENERIC = 3


_OF_CELLS = ("viability", "count", "dose", "phenotype")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All that we know of laboratories' words; `sha256` has each file's name and digest."""

    tests: Mapping[str, Test]
    units: Mapping[str, ScaledUnit]
    sha256: Mapping[str, str]
    _names: Names
    _labels: Mapping[str, str | None]
    _columns: Mapping[str, str]
    _roles: Mapping[str, str]
    _statuses: Mapping[str, str]
    _verdicts: Mapping[str, str]
    _turbidity: Mapping[str, str]
    _results: Mapping[str, tuple[Meaning, ...]]
    _to_date: tuple[str, ...]
    _everything: frozenset[str]
    _test_codes: Mapping[str, str]
    _result_codes: Mapping[str, str]

    @cached_property
    def of_cells(self) -> frozenset[str]:
        """Name the tests that are made of the lot's own cells, and never of its donor."""
        return frozenset(test.id for test in self.tests.values() if test.family in _OF_CELLS)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every folded word that a phrase for a test, result, control or verdict is made of.

        A text with any other word in it is none of these, and that is quicker to see.
        """
        names = self._names
        known: set[str] = {*names.parts, *names.qualifiers, *self._everything, *self._to_date}
        known |= {phrase for phrase, _ in names.tests}
        known |= {*self._results, *self._roles, *self._verdicts}
        # To split seventy thousand phrases one by one takes ten times as long.
        return frozenset(" ".join(known).split())

    def test(self, text: str, unit: str | None = None) -> TestName | None:
        """Find the test that a text names; None when it names none, or more than one.

        `unit` is the one printed elsewhere in the row: "Zellzahl" is a test only with "/ml".

        >>> load_vocabulary(open_catalogue()).test("Viability (%)")  # doctest: +SKIP
        TestName(test='viability', part=None, unit='%')
        """
        return self._names.find(text, unit)

    def almost_test(self, text: str, *, measured: bool = True) -> str | None:
        """Give the name of a test that a text names but for a slip of the pen.

        Of `measured` tests alone, unless told otherwise.
        """
        known = self._almost
        if (text, measured) not in known:
            if len(known) > _MOST_REMEMBERED:
                known.clear()
            known[text, measured] = self._names.almost(text, measured=measured)
        return known[text, measured]

    @cached_property
    def _almost(self) -> dict[tuple[str, bool], str | None]:
        """Remember what was searched: it takes 4 ms, and a table says the same of each lot."""
        return {}

    def role(self, text: str) -> str | None:
        """Say which role a text names: the sample's, a control's (`qcvalidate.record.Role`)."""
        return self._roles.get(key(text))

    def coded_test(self, system: str, code: str) -> str | None:
        """Name the test that a code of a code system stands for (`http://loinc.org`, `80698-4`)."""
        return self._test_codes.get(f"{system}|{code}")

    def coded_result(self, system: str, code: str) -> str | None:
        """Give the words that a code stands for, to be read as any other wording."""
        return self._result_codes.get(f"{system}|{code}")

    def label(self, text: str) -> str | None:
        """Name the header field that a label stands for, also of a label in two languages.

        Of "Číslo šarže / Lot" one half is enough, unless the other may mean something else.
        """
        return self._either(text, self._labels)

    def is_label(self, text: str) -> bool:
        """Say whether a text is a label at all, of a field of ours or of another."""
        if key(text) in self._labels or self.label(text) is not None:
            return True
        halves = _halves(text)
        return len(halves) > 1 and all(key(half) in self._labels for half in halves)

    def column(self, text: str) -> str | None:
        """Name the role of a table's column by its heading, also by one in two languages."""
        return self._either(text, self._columns)

    def _either(self, text: str, names: Mapping[str, _Meaning]) -> _Meaning | None:
        """Give what a text means as a whole, or what its halves do: one known, the rest foreign."""
        folded = key(text)
        if folded in names:
            return names[folded]
        halves = _halves(text)
        if len(halves) == 1:
            return None
        known = {names[key(half)] for half in halves if key(half) in names}
        if len(known) > 1 and all(
            names.get(key(half), half) or key(half) in _VAGUE for half in halves
        ):
            # "Datum / Date of issue": the date is the one that the other half names.
            known -= {None}
        strangers = [half for half in halves if key(half) not in names]
        if len(known) != 1 or not all(map(self._is_foreign, strangers)):
            return None
        return known.pop()

    def _is_foreign(self, half: str) -> bool:
        """Say whether words may be a language that we do not know, and are none that we do."""
        words = key(half).split()
        if not 0 < len(words) <= _LONGEST_HALF or any(c.isdigit() for c in half):
            return False
        # A code in capitals is a value: "Sample / UC-MSC".
        return (
            re.search(r"[^\W\d_]{3}", half) is not None
            and half != half.upper()
            and (not any(word in self._telling for word in words))
        )

    @cached_property
    def _telling(self) -> frozenset[str]:
        """Every word that says what a label or heading is about: "received", but not "date"."""
        meanings: dict[str, set[str | None]] = {}
        for names in (self._labels, self._columns):
            for phrase, meaning in names.items():
                for word in phrase.split():
                    meanings.setdefault(word, set()).add(meaning)
        generic = {word for word, meant in meanings.items() if len(meant) >= _GENERIC}
        others = {word for name in (*self._roles, *self._statuses) for word in name.split()}
        return (frozenset(meanings) | self.words | others) - generic

    def status(self, text: str) -> str | None:
        """Read how far a result has come (`qcvalidate.record.Status`)."""
        return self._statuses.get(key(text))

    def verdict(self, text: str) -> str | None:
        """Read a laboratory's own verdict: `"pass"`, `"fail"`, or None for anything else."""
        return self._verdicts.get(key(text))

    def turbidity(self, text: str) -> Reading:
        """Read a cell of a turbidity column, where + is turbid (positive) and - is clear."""
        sign = text.strip().strip("()")
        if sign in ("+", "-", "–", "−"):
            return Reading("positive" if sign == "+" else "negative")
        seen = self._turbidity.get(key(text))
        return Reading("positive" if seen == "turbid" else "negative") if seen else UNKNOWN

    def result(self, text: str, test: str | None = None) -> Reading:
        """Read the words of a qualitative result; a wording that we do not know is "unknown".

        Words of conformity ("complies") are negative only for a `test` known as qualitative; of
        a quantitative one, words can only say that its number is pending or invalid.
        """
        if test is not None and test not in self.tests:
            return UNKNOWN
        grammar = self._grammar
        known = self.tests[test] if test is not None else None
        if known is not None and known.kind != "qualitative":
            reading = read_wording(text, grammar, None, None)
            return reading if reading.kind in ("pending", "invalid") else UNKNOWN
        return read_wording(text, grammar, known.family if known else None, test)

    def alarms(self, text: str) -> frozenset[str]:
        """Say what of a remark is bad: `"positive"`, `"invalid"`, `"fail"`; empty for none of it.

        >>> load_vocabulary(open_catalogue()).alarms("Growth: reject")  # doctest: +SKIP
        frozenset({'fail', 'positive'})
        """
        return alarming(text, self._grammar, self._verdicts)

    @cached_property
    def _grammar(self) -> Grammar:
        return Grammar(
            self._results,
            self._to_date,
            self._everything,
            self.role,
            self._test_id,
            self._names.media,
        )

    def part(self, text: str) -> str | None:
        """Name the one part of a test (`"aerobic"`, `"anaerobic"`) that a text means."""
        return only(self._names.media(text))

    def unit(self, text: str) -> str | None:
        """Give a unit's canonical spelling."""
        found = parse_unit(text, self.units)
        return found.unit if found else None

    def _test_id(self, text: str) -> str | None:
        found = self.test(text)
        return found.test if found else None


def _halves(text: str) -> list[str]:
    """Cut `Lot / Charge` or `Lot | Charge` into what stands on either side."""
    return [half for half in map(str.strip, re.split(r"[/|]", text)) if half]


def load_vocabulary(catalogue: Catalogue) -> Vocabulary:
    """Read every file of `vocabulary/`; the same catalogue is read once.

    Raises `SpecificationError` for a file that breaks its JSON Schema, and for a name that
    belongs to two tests, with both named.
    """
    return _load(catalogue)


@cache
def _load(catalogue: Catalogue) -> Vocabulary:
    merged: dict[str, Any] = {}
    digests: dict[str, str] = {}
    for path in catalogue.files("vocabulary"):
        # Ours are held to the JSON Schema by the tests: jsonschema costs 80 ms.
        ours = path.parent.parent == catalogue.folders[-1]
        content, digests[path.name] = (
            load_yaml(path) if ours else load(path, "vocabulary", catalogue)
        )
        for section, entries in content.items():
            _merge(merged, section, entries, path)
    _refuse_absent(merged)
    units = _units(merged["units"])
    shapes = merged.get("marker_names", ())
    tests = {
        test_id: _test(test_id, entry, units, shapes) for test_id, entry in merged["tests"].items()
    }
    return Vocabulary(
        tests=tests,
        units=units,
        sha256=digests,
        _names=test_names(tests, merged, units),
        _labels=_labels(merged),
        _columns=_inverted("columns", merged["columns"]),
        _roles=_inverted("roles", _of(merged["roles"], tuple(Role), "roles")),
        _statuses=_inverted("statuses", _of(merged["statuses"], tuple(Status), "statuses")),
        _verdicts=_inverted("verdicts", _of(merged["verdicts"], ("pass", "fail"), "verdicts")),
        _turbidity=_inverted(
            "turbidity", _of(merged["turbidity"], ("turbid", "clear"), "turbidity")
        ),
        _results=_results(merged["results"]),
        _to_date=tuple(sorted(map(key, merged["to_date"]), key=len, reverse=True)),
        _everything=frozenset(map(key, merged["everything"])),
        _test_codes=_codes("test_codes", _of(merged.get("test_codes", {}), tests, "test_codes")),
        _result_codes=_codes("result_codes", merged.get("result_codes", {})),
    )


_SECTIONS = (
    "tests", "parts", "qualifiers", "units", "labels", "other_labels", "columns", "roles",
    "statuses", "verdicts", "turbidity", "results", "to_date", "everything",
)  # fmt: skip


def _refuse_absent(merged: Mapping[str, Any]) -> None:
    """A user's file stands in for ours of the same name, with all that ours holds."""
    absent = [section for section in _SECTIONS if not merged.get(section)]
    if absent:
        raise SpecificationError(
            f"the vocabulary has no {', '.join(absent)}: a file of the same name as ours stands "
            "in for the whole of ours; give yours another name to add to it"
        )


def _merge(merged: dict[str, Any], section: str, entries: Any, path: Path) -> None:
    held = merged.setdefault(section, type(entries)())
    if isinstance(held, list):
        held.extend(entries)
        return
    for name, entry in entries.items():
        if name not in held:
            held[name] = entry
        elif isinstance(entry, list):
            held[name] = [*held[name], *entry]
        else:
            raise SpecificationError(f"{path}: {section} {name} is already in another file")


def _test(
    test_id: str,
    entry: Mapping[str, Any],
    units: Mapping[str, ScaledUnit],
    marker_names: Iterable[str],
) -> Test:
    canonical = {scaled.unit for scaled in units.values()}
    unknown = [unit for unit in entry.get("units", ()) if unit not in canonical]
    if unknown:
        raise SpecificationError(
            f"test {test_id}: {', '.join(unknown)} is no canonical unit; known are "
            f"{', '.join(sorted(canonical))}"
        )
    if entry["family"] not in FAMILIES:
        raise SpecificationError(
            f"test {test_id}: the family {entry['family']} is not one of {', '.join(FAMILIES)}"
        )
    marker = entry.get("marker")
    named = [name.replace("{marker}", marker) for name in marker_names] if marker else []
    return Test(
        id=test_id,
        title=entry["title"],
        family=entry["family"],
        kind=entry["kind"],
        units=tuple(entry.get("units", ())),
        parts=tuple(entry.get("parts", ())),
        synonyms=(*entry.get("synonyms", ()), *named),
        ratio=_bands(entry.get("ratio")),
    )


def _bands(entry: Mapping[str, str] | None) -> Bands | None:
    if entry is None:
        return None
    return Bands(Decimal(entry["negative_below"]), Decimal(entry["positive_above"]))


# A pico and a tera: no spelling of a unit is further from the canonical one.
_SMALLEST, _LARGEST = Decimal("1E-12"), Decimal("1E+12")


def _units(entries: Mapping[str, Any]) -> dict[str, ScaledUnit]:
    units: dict[str, ScaledUnit] = {}
    for unit, entry in entries.items():
        scaled = {unit: "1", **dict.fromkeys(entry["spellings"], "1"), **entry.get("scaled", {})}
        for spelling, factor in scaled.items():
            if not _SMALLEST <= Decimal(factor) <= _LARGEST:
                raise SpecificationError(
                    f"the unit {spelling} is {factor} {unit}; expected a number between "
                    f"{_SMALLEST} and {_LARGEST}"
                )
            meant = ScaledUnit(unit, Decimal(factor))
            if units.setdefault(unit_key(spelling), meant) != meant:
                other = units[unit_key(spelling)].unit
                raise SpecificationError(f"the unit {spelling} means both {other} and {unit}")
    return units


def _labels(merged: Mapping[str, Any]) -> dict[str, str | None]:
    fields = _of(merged["labels"], HEADER_FIELDS, "labels")
    known: dict[str, str | None] = dict(_inverted("labels", fields))
    for pattern in merged["other_labels"]:
        for phrase in _expanded("other_labels", pattern):
            if known.setdefault(phrase, None) is not None:
                raise SpecificationError(f"the label “{phrase}” is both {known[phrase]} and unused")
    return known


def _of(entries: Mapping[str, Any], allowed: Iterable[str], section: str) -> Mapping[str, Any]:
    unknown = set(entries) - set(allowed)
    if unknown:
        raise SpecificationError(f"{section}: {', '.join(sorted(unknown))} is not one of ours")
    return entries


def _inverted(section: str, entries: Mapping[str, Iterable[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning, patterns in entries.items():
        for pattern in (meaning, *patterns):
            for phrase in _expanded(section, pattern):
                if found.setdefault(phrase, meaning) != meaning:
                    raise SpecificationError(
                        f"{section}: “{phrase}” means both {found[phrase]} and {meaning}"
                    )
    return found


def _codes(section: str, entries: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Map each `system|code` to what it means; a code of two meanings is refused."""
    found: dict[str, str] = {}
    for meaning, codes in entries.items():
        for code in codes:
            if found.setdefault(code, meaning) != meaning:
                raise SpecificationError(
                    f"{section}: {code} means both {found[code]} and {meaning}"
                )
    return found


def _expanded(section: str, pattern: str) -> list[str]:
    try:
        return expand(pattern)
    except ValueError as error:
        raise SpecificationError(f"{section}: the phrase “{pattern[:80]}” {error}") from error


def _results(entries: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, tuple[Meaning, ...]] = {}
    for entry in entries:
        families = frozenset(entry["families"]) if "families" in entry else None
        meaning = Meaning(
            entry["reading"],
            families,
            conformity=entry.get("conformity", "false") == "true",
            aside="aside" in entry,
        )
        alone = (meaning,)
        for pattern in entry["phrases"]:
            for phrase in _expanded("results", pattern):
                found[phrase] = (*found[phrase], meaning) if phrase in found else alone
    return found
