"""Reads the Allotrope Simple Model of cell counters: JSON that converters make of their exports.

The cells that an instrument counted in its pictures ("total cell count") are not the cells of the
product: they bear out the viability, and are no observations of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from qcvalidate.documents import Cell, Document
from qcvalidate.documents.structured import Node, Structured
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, observations
from qcvalidate.readers import Context
from qcvalidate.readers.counting import printed, share_contradiction
from qcvalidate.readers.entries import Entry, read_entry
from qcvalidate.readers.hierarchy import whole
from qcvalidate.record import Field, Finding, Place, Record, Severity, Source, State
from qcvalidate.vocabulary import TestName

_READER = "exports.allotrope"
_MANIFEST = re.compile(r"/manifests/(?P<kind>[a-z0-9-]+)/")
_AGGREGATE = "cell counting aggregate document"
_TESTS = {
    "viability (cell counter)": "viability",
    "viable cell density (cell counter)": "viable_cell_concentration",
    "total cell density (cell counter)": "cell_concentration",
}
# Numbers that describe the measurement, and are no result of a test of ours.
_ASIDE = re.compile(
    r"(?:dead|average|minimum|maximum|dilution|cell count|volume|diameter|circularity|area"
    r"|compactness|perimeter|aggregat|deviation|object|bubble|cluster|setting|index|temperature"
    r"|magnification|exposure|wavelength|time|duration|intensity)"
)
_TIME = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})T(?P<clock>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2})?"
)
# Of two a reader would see the first alone.
_SINGLE = (
    "sample document",
    "sample identifier",
    "batch identifier",
    "sample role type",
    "measurement time",
)
_GREENWICH = ("Z", "+00:00", "-00:00")


@dataclass
class _Reading:
    """What has been read so far of one document."""

    name: str
    context: Context
    observations: list[Observation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)

    def tell(self, slug: str, severity: Severity, what: str, place: str = "") -> None:
        """Add a finding; the same words of many measurements are told once."""
        if (slug, what) in self.told:
            return
        self.told.add((slug, what))
        where = f"{self.name} {place}" if place else self.name
        at = Place(self.name, region=place or None)
        self.findings.append(Finding(slug, severity, f"{where}: {what}", at))


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001  form tells enough
    """Say whether this is an Allotrope Simple Model."""
    return isinstance(document.content, Structured) and document.content.form == "allotrope"


def read(document: Document, context: Context) -> Record:
    """Give one observation for each result of each measurement.

    Raises `DocumentError` for the Simple Model of any other instrument, by its name.
    """
    content = document.content
    assert isinstance(content, Structured)  # noqa: S101  claimed
    root = content.root
    manifest = " ".join(node.text or "" for m in root.all("$asm.manifest") for node in m.walk())
    match = _MANIFEST.search(manifest)
    kind = match["kind"] if match else manifest or "nothing"
    if kind not in ("cell-counting", "cell-counter") or root.one(_AGGREGATE) is None:
        raise DocumentError(
            f"{document.name}: is the Allotrope Simple Model of {kind}, which is not read; "
            "expected cell-counting. Export its results as a table",
            slug="document-unclaimed",
        )
    done = _Reading(document.name, context)
    measurements = [node for node in root.walk() if node.name == "measurement document"]
    for number, measurement in enumerate(measurements, start=1):
        _measurement(measurement, f"measurement {number}", done)
    if not measurements:
        done.tell("table-empty", Severity.HOLD, "holds no measurement")
    _tell_errors(root, done)
    _tell_words(root, done)
    return Record(
        source=Source(document.name, document.sha256, document.kind, _READER),
        header=_header(measurements, document.name),
        observations=observations(done.observations),
        findings=(*document.findings, *done.findings),
    )


def _measurement(node: Node, place: str, done: _Reading) -> None:
    results: dict[str, list[Node]] = {}
    unread = []
    for each in node.walk():
        if each.name in _TESTS:
            results.setdefault(each.name, []).append(each)
        elif each.one("value") is not None and not _ASIDE.search(each.name):
            unread.append(each.name)
    if unread:
        shown = ", ".join(f"“{name}”" for name in dict.fromkeys(unread))
        what = f"numbers that name no test that we know were not read: {shown}"
        done.tell("table-header-unknown", Severity.INFORMATION, what, place)
    if not results:
        what = "a measurement without viability and density; it was not read"
        done.tell("result-blank", Severity.WARNING, f"{what} ({place})", place)
    cells = _beside(node, place, done)
    rows = {
        name: _result(name, found, f"{place} “{name}”", cells, done)
        for name, found in results.items()
    }
    problem = _contradiction(node, rows)
    if problem is not None:
        done.tell("field-conflict", Severity.HOLD, f"{problem} ({place})", place)
        rows = {n: replace(row, state=State.CONFLICT.value) for n, row in rows.items()}
    rows = _doubted(node, rows, place, done)
    done.observations += rows.values()


# The lot's own keys; the batch identifier is the standard's.
_NAMES = {
    "sample_id": ("sample identifier",),
    "lot": ("batch identifier", "lot identifier", "lot number"),
}
# Of 100 cells at 90 %, the exact 95 % interval is 82.4 to 95.1 %; of fewer, a share says little.
_FEWEST_CELLS = 100
_DILUTION = re.compile(r"(?:cell density |sample )?dilution factor(?: setting)?")


def _doubted(
    node: Node, rows: dict[str, Observation], place: str, done: _Reading
) -> dict[str, Observation]:
    """Let nothing support a pass that rests on next to no cells, or on an unclear dilution."""
    cells = whole(_text(node, "total cell count"))
    if cells is not None and cells < _FEWEST_CELLS:
        what = f"{cells} cells were counted; at least {_FEWEST_CELLS} are needed ({place})"
        done.tell("too-few-events", Severity.HOLD, what, place)
        rows = {name: _unsure(row) for name, row in rows.items()}
    factors = [each.said("value") for each in node.walk() if _DILUTION.fullmatch(each.name)]
    if any(text and not re.fullmatch(r"1(?:\.0*)?", text) for text in factors):
        what = (
            f"the dilution is {factors[0]}, and the model does not say whether its densities are "
            f"multiplied by it; they support no pass ({place})"
        )
        done.tell("dilution-unstated", Severity.WARNING, what, place)
        rows = {
            name: _unsure(row) if (row.unit or "").startswith("cells/") else row
            for name, row in rows.items()
        }
    return rows


def _unsure(row: Observation) -> Observation:
    confirmed = row.state == State.CONFIRMED
    return replace(row, state=State.AMBIGUOUS.value) if confirmed else row


def _beside(node: Node, place: str, done: _Reading) -> dict[str, Cell]:
    """Give what stands beside the results: sample, batch, role and time."""
    cells: dict[str, Cell] = {}
    sample = node.one("sample document")
    for parent in filter(None, (node, sample)):
        twice = [name for name in _SINGLE if len(parent.all(name)) > 1]
        if twice:
            what = f"“{twice[0]}” stands there more than once ({place})"
            done.tell("field-conflict", Severity.HOLD, what, place)
    for role, alternatives in _NAMES.items():
        for name in alternatives:
            text = sample.said(name) if sample else ""
            if text and role not in cells:
                cells[role] = Cell(text, f"{place} “{name}”")
    kind = sample.said("sample role type") if sample else ""
    if kind and kind != "unknown sample role":
        cells["role"] = Cell(kind.removesuffix(" sample role"), f"{place} “sample role type”")
    return cells | _measured(node.said("measurement time"), f"{place} “measurement time”", done)


def _measured(text: str, place: str, done: _Reading) -> dict[str, Cell]:
    """Give the time on the laboratory's own clock; a converter's +00:00 tells only Greenwich's."""
    if not text:
        return {}
    match = _TIME.fullmatch(text)
    if match is None:
        what = f"the measurement time “{text}” is not one that we know how to read"
        done.tell("date-unreadable", Severity.WARNING, what, place)
        return {}
    if match["zone"] in _GREENWICH:
        what = (
            "measurement times are Greenwich's, as converters write where the export named no "
            "zone; what the laboratory's clock showed is not told, so the hours are not used. "
            "The counter's own export says them"
        )
        done.tell("date-ambiguous", Severity.WARNING, what, place)
        return {}
    return {"measured_at": Cell(f"{match['day']} {match['clock']}", place)}


def _result(
    name: str, found: list[Node], place: str, cells: dict[str, Cell], done: _Reading
) -> Observation:
    node = found[0]
    value = node.one("value")
    text = (value.text or "").strip() if value else ""
    more = [child.name for child in node.children if child.name not in ("value", "unit")]
    beside = cells | {"unit": Cell(node.said("unit"), place)}
    entry = Entry(
        done.name,
        TestName(_TESTS[name]),
        Cell(text, place, number=value is not None and value.number),
        beside,
    )
    vocabulary, locale = done.context.vocabulary, done.context.locale
    row, findings = read_entry(entry, vocabulary, locale, name)
    done.findings += findings
    if len(node.all("value")) > 1 or len(node.all("unit")) > 1:
        more = [*more, "two values"]
    if len(found) > 1 or more:
        said = f"has {', '.join(more)}" if more else f"stands there {len(found)} times"
        what = f"“{name}” {said}; which value counts is not told"
        done.tell("field-conflict", Severity.HOLD, what, place)
        row = replace(row, state=State.CONFLICT.value)
    return row


# --- does the measurement contradict itself? -----------------------------------------------


def _contradiction(node: Node, rows: dict[str, Observation]) -> str | None:
    """Hold the viability against the densities and counts, each as exact as it is printed."""
    viability = rows.get("viability (cell counter)")
    if viability is None or viability.lower is None or viability.lower != viability.upper:
        return None
    pairs = (
        ("densities", "viable cell density (cell counter)", "total cell density (cell counter)"),
        ("counts", "viable cell count", "total cell count"),
    )
    parts = [
        (
            f"the {words} “{part}” and “{total}” make",
            printed(_text(node, part)),
            printed(_text(node, total)),
        )
        for words, part, total in pairs
    ]
    return share_contradiction(viability.result, printed(viability.result), parts)


def _text(node: Node, name: str) -> str:
    found = next((each for each in node.walk() if each.name == name), None)
    return found.said("value") if found else ""


# --- what else it says ---------------------------------------------------------------------


def _tell_errors(root: Node, done: _Reading) -> None:
    for node in root.walk():
        if node.name == "error document":
            said = node.said("error") or " ".join(each.text or "" for each in node.walk())
            feature = node.said("error feature")
            about = f" about {feature}" if feature else ""
            what = f"the instrument reports an error{about}: “{said.strip()}”"
            done.tell("row-remarked", Severity.HOLD, what, _short(node))


def _tell_words(root: Node, done: _Reading) -> None:
    """Tell of remarks, and of words anywhere that speak of growth or failure."""
    vocabulary = done.context.vocabulary
    for node in _texts(root):
        text = (node.text or "").strip()
        bad = vocabulary.alarms(text)
        if bad or vocabulary.column(node.name) == "remark":
            what = f"“{text[:80]}” stands under {node.name}; it is not read, so look at it"
            severity = Severity.HOLD if bad else Severity.WARNING
            done.tell("row-remarked", severity, what, _short(node))


def _texts(root: Node) -> Iterator[Node]:
    return (
        node
        for node in root.walk()
        if node.text and not node.number and node.name not in ("unit", "error", "$asm.manifest")
    )


def _short(node: Node) -> str:
    return f"“{node.name}”"


def _header(measurements: list[Node], name: str) -> dict[str, Field]:
    """Take as the document's own what each of its measurements says alike."""
    found: dict[str, Field] = {}
    for role, key in (("sample_id", "sample identifier"), ("lot", "batch identifier")):
        said = {node.said("sample document", key) for node in measurements}
        if len(said) == 1 and (text := said.pop()):
            found[role] = Field(text, text, Place(name, region=f"measurement 1 “{key}”"))
    return found
