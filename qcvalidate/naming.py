"""Finds the test that a printed name means, by cutting the name into phrases that are known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from qcvalidate.errors import SpecificationError
from qcvalidate.folding import expand, key
from qcvalidate.quantity import ScaledUnit, parse_unit
from qcvalidate.ratios import Bands


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
    ratio: Bands | None = None


@dataclass(frozen=True)
class TestName:
    """What a printed name means: a test, the medium or bottle it is about, and its unit.

    `unit` is the spelling as printed (`"x10^6 cells/mL"`), for `parse_quantity(unit=...)`.
    """

    __test__ = False

    test: str
    part: str | None = None
    unit: str | None = None


# Two letters of ten exchanged, left out or doubled are a slip.
_NEAR = 0.88


def _figures(text: str) -> list[str]:
    return re.findall(r"[0-9]+", text)


@dataclass(frozen=True)
class Names:
    """Folded phrases of tests, with the unit that must be printed beside them ("" for none)."""

    known: Mapping[str, Test]
    units: Mapping[str, ScaledUnit]
    tests: Mapping[tuple[str, str], str]
    parts: Mapping[str, str]
    # Media and bottles, whose names alone mean the test for sterility.
    naming: frozenset[str]
    qualifiers: frozenset[str]
    longest: int

    def find(self, text: str, unit: str | None) -> TestName | None:
        """Find the test that a text names; None when it names none, or more than one."""
        if text.strip() in self.known:
            return TestName(text.strip())
        # "Cell count" beside cells/mL is a concentration, and alone a number of cells.
        variants = [*([(text, unit)] if unit else []), *_without_unit(text, self.units)]
        for rest, printed in variants:
            found = self._named(key(rest), parse_unit(printed, self.units) if printed else None)
            if found is not None:
                # "% viable" has its unit inside its name.
                shown = printed or ("%" if re.search(r"%|\bpercent\b", text) else None)
                return TestName(*found, shown)
        return None

    def almost(self, text: str, *, measured: bool = True) -> str | None:
        """Find the name of a test that may have been meant by a text that names none.

        The figures must be the same: CD271 is no slip of the pen for CD71.
        """
        phrases = self._measured if measured else self._phrases
        near = difflib.get_close_matches(key(text), phrases, n=3, cutoff=_NEAR)
        return next((name for name in near if _figures(name) == _figures(key(text))), None)

    @cached_property
    def _measured(self) -> tuple[str, ...]:
        return self._phrases_of(
            [id_ for id_, test in self.known.items() if test.kind == "quantitative"]
        )

    @cached_property
    def _phrases(self) -> tuple[str, ...]:
        return self._phrases_of(list(self.known))

    def _phrases_of(self, tests: Sequence[str]) -> tuple[str, ...]:
        phrases = (phrase for (phrase, _), id_ in self.tests.items() if id_ in tests)
        return tuple(dict.fromkeys((*(id_.replace("_", " ") for id_ in tests), *phrases)))

    def media(self, text: str) -> frozenset[str]:
        """Give the media that a text names, when it names nothing else."""
        covers = list(_covers(tuple(key(text).split()), "", self))
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
            for tests, parts in _covers(tuple(folded.split()), canonical, self)
            if tests
        ]
        fewest = min((len(tests) for tests, _ in covers), default=0)
        for tests, parts in covers:
            if len(tests) == fewest:
                found |= {(test, only(parts)) for test in tests}
        if len(found) != 1:
            return None
        test, part = found.pop()
        fits = test in self.known and (not canonical or canonical in self.known[test].units)
        return (test, part) if fits else None

    def _whole(self, folded: str, canonical: str) -> str | None:
        test = self.tests.get((folded, canonical)) or self.tests.get((folded, ""))
        return test if test and (not canonical or canonical in self.known[test].units) else None


_WITH_UNIT = re.compile(r"(?P<phrase>.*) \[(?P<unit>[^\[\]]+)\]")


def test_names(
    tests: Mapping[str, Test], merged: Mapping[str, Any], units: Mapping[str, ScaledUnit]
) -> Names:
    """Fold the names of all tests and media; raise for a name that belongs to two of them."""
    unit_of = cache(lambda spelling: parse_unit(spelling, units))
    names: dict[tuple[str, str], str] = {}
    for test in tests.values():
        for synonym in (test.id, test.title, *test.synonyms):
            match = _WITH_UNIT.fullmatch(synonym) if synonym.endswith("]") else None
            beside = unit_of(match["unit"]) if match else None
            phrase = (key(match["phrase"] if match else synonym), beside.unit if beside else "")
            if names.setdefault(phrase, test.id) != test.id:
                raise SpecificationError(
                    f"the name “{synonym}” belongs to both {names[phrase]} and {test.id}"
                )
    parts: dict[str, str] = {}
    naming: set[str] = set()
    for part, entry in merged["parts"].items():
        for name in _expanded(part, (*entry["names_test"], *entry["phrases"])):
            if parts.setdefault(name, part) != part:
                raise SpecificationError(f"“{name}” names both {parts[name]} and {part}")
        naming |= set(_expanded(part, entry["names_test"]))
    qualifiers = frozenset(map(key, merged["qualifiers"]))
    known = [*(phrase for phrase, _ in names), *parts, *qualifiers]
    longest = max(phrase.count(" ") + 1 for phrase in known)
    return Names(tests, units, names, parts, frozenset(naming), qualifiers, longest)


def _expanded(part: str, patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        try:
            yield from expand(pattern)
        except ValueError as error:
            raise SpecificationError(f"parts: the name “{pattern}” of {part} {error}") from error


def _without_unit(text: str, units: Mapping[str, ScaledUnit]) -> Iterator[tuple[str, str | None]]:
    """Give the text itself, then with a unit taken off: in brackets, before it, or at its end."""
    yield text, None
    share = _SHARE.match(text)
    if share:
        yield text[share.end() :], "%"
    for match in re.finditer(r"\(([^()]*)\)|\[([^\[\]]*)\]", text):
        inside = match[1] or match[2] or ""
        if parse_unit(inside, units):
            yield f"{text[: match.start()]} {text[match.end() :]}", inside
    words = text.replace(",", " , ").split()
    for start in range(1, len(words)):
        ending = " ".join(words[start:])
        if parse_unit(ending, units):
            yield " ".join(words[:start]), ending


# "% CD73+" and "Percentage of CD73+ cells" are measured in percent.
_SHARE = re.compile(
    r"\s*(?:%|percent(?:age)?(?: of)?)\s*(?=CD|HLA|SSEA|viable|live|dead)", re.IGNORECASE
)


def only(parts: frozenset[str]) -> str | None:
    """Give the part that a name is about; a name of both media is about the whole test."""
    return next(iter(parts)) if len(parts) == 1 else None


# Stands for the test that a medium's name alone means.
_BY_MEDIUM = "by medium"


def _covers(
    tokens: tuple[str, ...], unit: str, phrases: Names
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
            covered = parts | {part} if part else parts
            if named:
                yield (named, *tests), covered
            # "LAL test" is the test for endotoxin, and of "PPC recovery (LAL test)" the method.
            if named is None or phrase in phrases.qualifiers:
                yield tests, covered
