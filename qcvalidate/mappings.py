"""Column mappings: which column or label of an instrument's export is which test.

They live in `schemas/exports/*.yaml`, ours and the user's, one file a kind of export. Nothing is
mapped that a file does not declare: a heading that it does not name is told, and never read.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcvalidate.catalogue import Catalogue, load_yaml
from qcvalidate.contract import load
from qcvalidate.errors import SpecificationError
from qcvalidate.locale import UNDECLARED, Locale
from qcvalidate.quantity import parse_unit
from qcvalidate.vocabulary import Vocabulary

__all__ = [
    "ColumnMapping",
    "MappedResult",
    "cell_key",
    "heading_key",
    "load_mapping",
    "load_mappings",
]

# The roles of headings beside the results.
FIELDS = ("sample_id", "lot", "measured_at", "stain")
# Of whose cells a percentage is a share must be said, wherever there are several.
_SHARES = ("viability", "phenotype")


@dataclass(frozen=True)
class MappedResult:
    """One heading that is a test: its unit, and, of a percentage, which cells are 100 %.

    With a `total` the two are counts, and their share is the result.
    """

    heading: str
    test: str
    unit: str
    of: str | None = None
    total: str | None = None


@dataclass(frozen=True)
class ColumnMapping:
    """How one kind of export is read; headings are kept as `heading_key` folds them.

    `fields` maps the roles of `FIELDS` to headings, `counts` "viable" and "total". `applied`
    says whether a concentration holds the dilution: `"yes"`, `"no"` or `"unstated"`.
    """

    id: str
    version: str
    software: str
    sha256: str
    layout: str
    headings: tuple[str, ...]
    words: tuple[str, ...]
    fields: Mapping[str, str]
    results: tuple[MappedResult, ...]
    sample_shape: str = "*"
    greenwich: bool = False
    century: str = ""
    method: str = ""
    status: str = ""
    good: tuple[str, ...] = ()
    dilution: str = ""
    applied: str = "unstated"
    counts: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    locale: Locale = UNDECLARED
    row_heading: str = ""
    sample_before: str = ""
    ignored_sheets: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        """Every heading that the mapping names."""
        return frozenset(
            (
                *self.headings,
                *self.fields.values(),
                *(result.heading for result in self.results),
                *(result.total for result in self.results if result.total),
                *self.counts.values(),
                *self.remarks,
                *self.ignored,
                *filter(None, (self.status, self.dilution)),
            )
        )


def heading_key(text: str) -> str:
    """Fold what never tells two headings apart: case, blanks, the two micro signs, a last colon.

    >>> heading_key(" Average  diameter (µm) ") == heading_key("average diameter (μm):")
    True
    """
    return (
        " ".join(unicodedata.normalize("NFKC", text).casefold().split()).removesuffix(":").strip()
    )


def cell_key(heading: str, row: str) -> str:
    """Name the cell of a long layout: the statistic of a population, both folded."""
    return f"{heading} of {row}"


def load_mappings(catalogue: Catalogue, vocabulary: Vocabulary) -> tuple[ColumnMapping, ...]:
    """Read every mapping of a catalogue, by id.

    Raises `SpecificationError` with every fault of a mapping that must not be used.
    """
    found = []
    for path in catalogue.files("exports"):
        # Ours are held to their schema and linted by the tests.
        ours = path.parent.parent == catalogue.folders[-1]
        found.append(
            _mapping(*load_yaml(path)) if ours else load_mapping(path, catalogue, vocabulary)
        )
    return tuple(found)


def load_mapping(path: Path, catalogue: Catalogue, vocabulary: Vocabulary) -> ColumnMapping:
    """Read and lint one mapping; `SpecificationError` names every fault."""
    content, digest = load(path, "export", catalogue)
    mapping = _mapping(content, digest)
    faults = [*_faults(mapping, vocabulary)]
    if mapping.id != path.stem:
        faults.insert(0, f"the id is {mapping.id}, but the file is called {path.name}")
    if faults:
        raise SpecificationError("\n".join(f"{path}: {fault}" for fault in faults))
    return mapping


def _mapping(content: dict[str, Any], digest: str) -> ColumnMapping:
    locale, marks = content.get("locale", {}), content["recognised_by"]
    status, dilution = content.get("status", {}), content.get("dilution", {})
    return ColumnMapping(
        id=content["id"],
        version=content["version"],
        software=content["software"],
        sha256=digest,
        layout=content["layout"],
        headings=_keys(marks["headings"]),
        words=tuple(marks.get("words", ())),
        fields={role: heading_key(content[role]) for role in FIELDS if role in content},
        results=tuple(_mapped(one, long=content["layout"] == "long") for one in content["results"]),
        sample_shape=content.get("sample_shape", "*"),
        greenwich=content.get("clock", "local") == "utc",
        century=content.get("century", ""),
        method=content.get("method", ""),
        status=heading_key(status.get("heading", "")),
        good=_keys(status.get("good", ())),
        dilution=heading_key(dilution.get("heading", "")),
        applied=dilution.get("applied", "unstated"),
        counts={role: heading_key(name) for role, name in content.get("counts", {}).items()},
        remarks=_keys(content.get("remarks", ())),
        ignored=_keys(content.get("ignored", ())),
        absent=_keys(content.get("absent", ())),
        locale=Locale(locale.get("dates"), locale.get("decimal")),
        row_heading=heading_key(content.get("rows", {}).get("heading", "")),
        sample_before=content.get("rows", {}).get("sample_before", ""),
        ignored_sheets=_keys(content.get("ignored_sheets", ())),
    )


def _mapped(one: dict[str, str], *, long: bool) -> MappedResult:
    heading, total = heading_key(one["heading"]), heading_key(one.get("total", ""))
    if long:
        row = heading_key(one.get("row", ""))
        total = cell_key(heading, total) if total else ""
        heading = cell_key(heading, row)
    return MappedResult(heading, one["test"], one["unit"], one.get("of"), total or None)


def _keys(texts: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(heading_key(text) for text in texts)


def _faults(mapping: ColumnMapping, vocabulary: Vocabulary) -> Iterator[str]:
    """Say each thing of a mapping that must not be acted upon."""
    read = [*mapping.fields.values(), *(result.heading for result in mapping.results)]
    read += [*mapping.counts.values(), *filter(None, (mapping.status, mapping.dilution))]
    for heading, times in Counter([*read, *mapping.remarks, *mapping.ignored]).items():
        if times > 1:
            yield f"the heading “{heading}” has two meanings; give it one"
    tests = Counter(result.test for result in mapping.results)
    yield from (f"results: two headings are {test}" for test, times in tests.items() if times > 1)
    if (mapping.layout == "long") != bool(mapping.row_heading):
        yield "rows: a long layout, and no other, names the heading of its populations"
    shared = mapping.fields["sample_id"] == mapping.row_heading
    if shared != bool(mapping.sample_before):
        yield "rows: sample_before parts a cell that sample_id and rows both name, and no other"
    if mapping.applied == "no" and not mapping.dilution:
        yield "dilution: it is not applied yet, and no heading says what it is"
    for result in mapping.results:
        yield from _result_faults(result, vocabulary)


def _result_faults(result: MappedResult, vocabulary: Vocabulary) -> Iterator[str]:
    test = vocabulary.tests.get(result.test)
    unit = parse_unit(result.unit, vocabulary.units)
    if test is None or test.kind != "quantitative":
        yield f"results: {result.test!r} is no test that has a number; see `qcvalidate tests`"
        return
    if unit is None or unit.unit not in test.units:
        expected = " or ".join(test.units)
        yield f"results: {result.unit!r} is no unit of {result.test}; expected {expected}"
    if result.total is not None and (unit is None or unit.unit != "%"):
        yield f"results: {result.test} has a total, so that it is a share; its unit is %"
    if (test.family in _SHARES or result.total) and not result.of:
        yield f"results: {result.test} is a share; say under `of` which cells are 100 %"
