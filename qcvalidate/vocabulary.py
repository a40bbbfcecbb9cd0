"""The words of laboratories: tests, labels, columns, result wordings and units, from YAML.

Every look-up is closed: a text is a known name as a whole, or it is None. Nothing is fuzzy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from qcvalidate.catalogue import Catalogue, load_yaml
from qcvalidate.contract import load
from qcvalidate.errors import SpecificationError
from qcvalidate.folding import expand, key
from qcvalidate.quantity import ScaledUnit, parse_unit, unit_key
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


@dataclass(frozen=True)
class Test:
    """One test: its id, its family of rules, `"qualitative"` or `"quantitative"`, its units."""

    # Not a class of tests for pytest to collect.
    __test__ = False

    id: str
    title: str
    family: str
    kind: str
    units: tuple[str, ...]
    parts: tuple[str, ...]
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class TestName:
    """What a printed name means: a test, the medium or bottle it is about, and its unit.

    `unit` is the spelling as printed (`"x10^6 cells/mL"`), for `parse_quantity(unit=...)`.
    """

    __test__ = False

    test: str
    part: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class _Phrases:
    """Folded phrases of tests, with the unit that must be printed beside them ("" for none)."""

    tests: Mapping[tuple[str, str], str]
    parts: Mapping[str, str]
    # Media and bottles, whose names alone mean the test for sterility.
    naming: frozenset[str]
    qualifiers: frozenset[str]
    longest: int


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All that we know of laboratories' words; `sha256` has each file's name and digest."""

    tests: Mapping[str, Test]
    units: Mapping[str, ScaledUnit]
    sha256: Mapping[str, str]
    _phrases: _Phrases
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
    def words(self) -> frozenset[str]:
        """Every folded word that a phrase for a test, result, control or verdict is made of.

        A text with any other word in it is none of these, and that is quicker to see.
        """
        phrases = self._phrases
        known: set[str] = {*phrases.parts, *phrases.qualifiers, *self._everything, *self._to_date}
        known |= {phrase for phrase, _ in phrases.tests}
        known |= {*self._results, *self._roles, *self._verdicts}
        return frozenset(word for phrase in known for word in phrase.split())

    def test(self, text: str, unit: str | None = None) -> TestName | None:
        """Find the test that a text names; None when it names none, or more than one.

        `unit` is the one printed elsewhere in the row: "Zellzahl" is a test only with "/ml".

        >>> load_vocabulary(open_catalogue()).test("Viability (%)")  # doctest: +SKIP
        TestName(test='viability', part=None, unit='%')
        """
        if text.strip() in self.tests:
            return TestName(text.strip())
        variants = [*_without_unit(text, self.units), *([(text, unit)] if unit else [])]
        for rest, printed in variants:
            found = self._named(key(rest), parse_unit(printed, self.units) if printed else None)
            if found is not None:
                # "% viable" has its unit inside its name.
                shown = printed or ("%" if re.search(r"%|\bpercent\b", text) else None)
                return TestName(*found, shown)
        return None

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
        """Name the header field that a label stands for; of a bilingual label both halves must."""
        whole = self._labels.get(key(text))
        if whole is not None:
            return whole
        halves = {self._labels.get(key(half)) for half in re.split(r"[/|]", text)}
        return halves.pop() if len(halves) == 1 else None

    def is_label(self, text: str) -> bool:
        """Say whether a text is a label at all, of a field of ours or of another."""
        return key(text) in self._labels or self.label(text) is not None

    def column(self, text: str) -> str | None:
        """Name the role of a table's column by its heading."""
        whole = self._columns.get(key(text))
        if whole is not None:
            return whole
        halves = {self._columns.get(key(half)) for half in re.split(r"[/|]", text)}
        return halves.pop() if len(halves) == 1 else None

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
            self._results, self._to_date, self._everything, self.role, self._test_id, self._parts
        )

    def part(self, text: str) -> str | None:
        """Name the one part of a test (`"aerobic"`, `"anaerobic"`) that a text means."""
        return _only(self._parts(text))

    def unit(self, text: str) -> str | None:
        """Give a unit's canonical spelling."""
        found = parse_unit(text, self.units)
        return found.unit if found else None

    def _test_id(self, text: str) -> str | None:
        found = self.test(text)
        return found.test if found else None

    def _parts(self, text: str) -> frozenset[str]:
        """Give the media that a text names, when it names nothing else."""
        covers = list(_covers(tuple(key(text).split()), "", self._phrases))
        parts = {parts for tests, parts in covers if parts and set(tests) <= {_BY_MEDIUM}}
        return parts.pop() if len(parts) == 1 else frozenset()

    def _named(self, folded: str, unit: ScaledUnit | None) -> tuple[str, str | None] | None:
        canonical = unit.unit if unit else ""
        whole = self._whole(folded, canonical)
        if whole is not None:
            return whole, None
        found: set[tuple[str, str | None]] = set()
        covers = [
            # A medium's name means the test for sterility only where no test is named.
            (set(tests) - {_BY_MEDIUM} or {"sterility"}, parts)
            for tests, parts in _covers(tuple(folded.split()), canonical, self._phrases)
            if tests
        ]
        fewest = min((len(tests) for tests, _ in covers), default=0)
        for tests, parts in covers:
            if len(tests) == fewest:
                found |= {(test, _only(parts)) for test in tests}
        if len(found) != 1:
            return None
        test, part = found.pop()
        fits = test in self.tests and (not canonical or canonical in self.tests[test].units)
        return (test, part) if fits else None

    def _whole(self, folded: str, canonical: str) -> str | None:
        test = self._phrases.tests.get((folded, canonical)) or self._phrases.tests.get((folded, ""))
        return test if test and (not canonical or canonical in self.tests[test].units) else None


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
    tests = {test_id: _test(test_id, entry, units) for test_id, entry in merged["tests"].items()}
    return Vocabulary(
        tests=tests,
        units=units,
        sha256=digests,
        _phrases=_phrases(tests, merged, units),
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


def _test(test_id: str, entry: Mapping[str, Any], units: Mapping[str, ScaledUnit]) -> Test:
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
    return Test(
        id=test_id,
        title=entry["title"],
        family=entry["family"],
        kind=entry["kind"],
        units=tuple(entry.get("units", ())),
        parts=tuple(entry.get("parts", ())),
        synonyms=tuple(entry.get("synonyms", ())),
    )


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


_WITH_UNIT = re.compile(r"(?P<phrase>.*) \[(?P<unit>[^\[\]]+)\]")


def _phrases(
    tests: Mapping[str, Test], merged: Mapping[str, Any], units: Mapping[str, ScaledUnit]
) -> _Phrases:
    names: dict[tuple[str, str], str] = {}
    for test in tests.values():
        for synonym in (test.id, test.title, *test.synonyms):
            match = _WITH_UNIT.fullmatch(synonym)
            beside = parse_unit(match["unit"], units) if match else None
            phrase = (key(match["phrase"] if match else synonym), beside.unit if beside else "")
            if names.setdefault(phrase, test.id) != test.id:
                raise SpecificationError(
                    f"the name “{synonym}” belongs to both {names[phrase]} and {test.id}"
                )
    parts: dict[str, str] = {}
    naming: set[str] = set()
    for part, entry in merged["parts"].items():
        for name in map(key, (*entry["names_test"], *entry["phrases"])):
            if parts.setdefault(name, part) != part:
                raise SpecificationError(f"“{name}” names both {parts[name]} and {part}")
        naming |= set(map(key, entry["names_test"]))
    qualifiers = frozenset(map(key, merged["qualifiers"]))
    known = [*(phrase for phrase, _ in names), *parts, *qualifiers]
    longest = max(phrase.count(" ") + 1 for phrase in known)
    return _Phrases(names, parts, frozenset(naming), qualifiers, longest)


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


def _without_unit(text: str, units: Mapping[str, ScaledUnit]) -> Iterator[tuple[str, str | None]]:
    """Give the text itself, then with a unit taken off: in brackets, or at its end."""
    yield text, None
    for match in re.finditer(r"\(([^()]*)\)|\[([^\[\]]*)\]", text):
        inside = match[1] or match[2] or ""
        if parse_unit(inside, units):
            yield f"{text[: match.start()]} {text[match.end() :]}", inside
    words = text.replace(",", " , ").split()
    for start in range(1, len(words)):
        ending = " ".join(words[start:])
        if parse_unit(ending, units):
            yield " ".join(words[:start]), ending


def _only(parts: frozenset[str]) -> str | None:
    """Give the part that a name is about; a name of both media is about the whole test."""
    return next(iter(parts)) if len(parts) == 1 else None


# Stands for the test that a medium's name alone means.
_BY_MEDIUM = "by medium"


def _covers(
    tokens: tuple[str, ...], unit: str, phrases: _Phrases
) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Give every way to cut tokens into known phrases, as the tests and the parts it names."""
    if not tokens:
        yield (), frozenset()
        return
    if len(tokens) > 24:
        return
    for size in range(min(len(tokens), phrases.longest), 0, -1):
        phrase = " ".join(tokens[:size])
        test = phrases.tests.get((phrase, unit)) or phrases.tests.get((phrase, ""))
        part = phrases.parts.get(phrase)
        if not test and not part and phrase not in phrases.qualifiers:
            continue
        named = test or (_BY_MEDIUM if phrase in phrases.naming else None)
        for tests, parts in _covers(tokens[size:], unit, phrases):
            yield (named, *tests) if named else tests, parts | {part} if part else parts
