"""Reads an instrument's export by a declared column mapping (`schemas/exports/`).

Cell counters above all: each names its columns its own way, and says or does not say whether its
concentrations hold the dilution already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from qcvalidate.documents import Cell, Document
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation
from qcvalidate.locale import Locale
from qcvalidate.mappings import ColumnMapping, MappedResult, heading_key
from qcvalidate.quantity import settled_locale
from qcvalidate.readers import Context
from qcvalidate.readers.counting import counted_share, printed, share_contradiction
from qcvalidate.readers.entries import Entry, read_entry
from qcvalidate.readers.hierarchy import is_absent, whole
from qcvalidate.readers.labelling import Item, labelled, rowed, stacked, written
from qcvalidate.readers.notation import REMARKED, bare, clock_time
from qcvalidate.readers.persample import CONFLICT, PerSample, twins
from qcvalidate.record import Record, Severity, State
from qcvalidate.vocabulary import TestName

_READER = "exports.mapped"
# Of 100 cells at 90 %, the exact 95 % interval is 82.4 to 95.1 %; of fewer, a share says little.
_FEWEST_CELLS = 100
_CONCENTRATION = re.compile(r"cells/[a-zA-Z]+")
_RATIO = re.compile(r"1:0?1")


@dataclass(frozen=True)
class _Count:
    """One sample's results: its name, and an observation for each heading that was found."""

    item: Item
    sample: str
    rows: dict[str, Observation] = field(default_factory=dict)


def claims(document: Document, context: Context) -> bool:
    """Say whether a declared mapping recognises this document."""
    return bool(_recognising(document, context))


def _recognising(document: Document, context: Context) -> list[ColumnMapping]:
    if document.kind == "pages" and document.media_type != "text/plain":
        return []
    return [mapping for mapping in context.mappings if written(document, mapping)]


def read(document: Document, context: Context) -> Record:
    """Give one observation for each result of each sample.

    Raises `DocumentError` where two mappings recognise the export, or a row does not fit it.
    """
    mappings = _recognising(document, context)
    if len(mappings) > 1:
        names = " and ".join(f"{one.id}.yaml" for one in mappings)
        raise DocumentError(
            f"{document.name}: {names} both recognise it; make one of the mappings stricter",
            slug="document-claimed-twice",
        )
    mapping = mappings[0]
    done = PerSample(document)
    done.tell(
        "export-mapping-used",
        Severity.INFORMATION,
        f"read as an export of {mapping.software}, by the column mapping {mapping.id} "
        f"{mapping.version} ({mapping.sha256[:8]})",
    )
    read_items = {"rows": rowed, "labels": labelled, "long": stacked}[mapping.layout]
    items = read_items(document, mapping, context.vocabulary, done)
    _tell_unread(items, mapping, done)
    locale = _locale(items, mapping, context.locale)
    counts = [_count(item, mapping, context, locale, done) for item in items]
    _hold_twins(counts, done)
    done.observations += [row for count in counts for row in count.rows.values()]
    if not counts:
        done.tell("table-empty", Severity.HOLD, "has a header and no results")
    return done.record(_READER)


def _tell_unread(items: list[Item], mapping: ColumnMapping, done: PerSample) -> None:
    if mapping.layout != "rows":
        return
    others = dict.fromkeys(
        heading for item in items for heading in item.cells if heading not in mapping.known
    )
    if others:
        shown = ", ".join(f"“{heading}”" for heading in list(others)[:6])
        more = f" and {len(others) - 6} more" if len(others) > 6 else ""
        what = f"columns that the mapping {mapping.id} does not name were not read: {shown}{more}"
        done.tell("table-header-unknown", Severity.INFORMATION, what)


def _locale(items: list[Item], mapping: ColumnMapping, declared: Locale) -> Locale:
    """Settle dates and decimal marks: by the cells, else the mapping, else lot.yaml."""
    base = Locale(
        mapping.locale.dates or declared.dates, mapping.locale.decimal or declared.decimal
    )
    headings = [result.heading for result in mapping.results]
    time = mapping.fields.get("measured_at", "")
    numbers = [item.cells[h] for item in items for h in headings if h in item.cells]
    return settled_locale(
        base,
        dates=[clock_time(item.text(time), mapping) for item in items],
        numbers=[bare(cell.text) for cell in numbers if not cell.number],
    )


# --- one sample ----------------------------------------------------------------------------


def _count(
    item: Item, mapping: ColumnMapping, context: Context, locale: Locale, done: PerSample
) -> _Count:
    sample = _sample(item, mapping, done)
    count = _Count(item, sample)
    done.add(sample, [])
    found = [(result, item.cells.get(result.heading)) for result in mapping.results]
    if all(cell is None or _absent(cell.text, mapping) for _, cell in found):
        # A row of other measurements: chemistry, and no count.
        done.tell_of(sample, "result-blank", Severity.WARNING, "no cell count", item.region)
        return count
    cells = _beside(item, mapping, sample, done)
    for result, cell in found:
        if cell is not None:
            words = (mapping, context, locale)
            row = _result(result, cell, cells, words, count, done)
            row = row if result.total is None else _share(row, result.total, count, done)
            if {result.heading, result.total} & item.conflicts:
                what = f"“{result.heading}” stands there several times with different values"
                done.tell_of(sample, "field-conflict", Severity.HOLD, what, cell.region)
                row = replace(row, state=CONFLICT)
            count.rows[result.test] = row
    _dilute(count, mapping, done)
    _tell_beside(count, mapping, context, done)
    _few(count, mapping, done)
    problem = _contradiction(count, mapping)
    if problem is not None:
        done.tell_of(sample, "field-conflict", Severity.HOLD, problem, item.region)
        _doubt(count, CONFLICT)
    return count


def _doubt(count: _Count, state: str, tests: tuple[str, ...] | None = None) -> None:
    for test, row in count.rows.items():
        if tests is None or test in tests:
            count.rows[test] = replace(row, state=state)


def _sample(item: Item, mapping: ColumnMapping, done: PerSample) -> str:
    """Give the sample's own name: of "20231120-0002-c-MSC-18" the part behind the shape."""
    text = item.text(mapping.fields["sample_id"])
    if mapping.sample_shape == "*" or not text:
        return text
    signs = {"#": r"\d", "@": r"[a-zA-Z]"}
    before = "".join(signs.get(c, re.escape(c)) for c in mapping.sample_shape[:-1])
    match = re.fullmatch(rf"{before}(.+)", text)
    if match is None:
        what = f"the sample is called “{text}”, not in the shape {mapping.sample_shape}"
        done.tell_of(text, "field-unreadable", Severity.WARNING, what, item.region)
    return match[1].strip() if match else text


def _beside(item: Item, mapping: ColumnMapping, sample: str, done: PerSample) -> dict[str, Cell]:
    """Give what stands beside the results: sample, lot, time and method."""
    cells = {"sample_id": Cell(sample, item.region)}
    lot = item.cells.get(mapping.fields.get("lot", ""))
    if lot is not None and not _absent(lot.text, mapping):
        cells["lot"] = lot
    stain = item.text(mapping.fields.get("stain", ""))
    method = mapping.method or mapping.software
    cells["method"] = Cell(f"{mapping.software}, {stain}" if stain else method, item.region)
    time = item.cells.get(mapping.fields.get("measured_at", ""))
    if time is None or _absent(time.text, mapping):
        return cells
    if mapping.greenwich:
        what = (
            f"the time “{time.text.strip()}” is Greenwich's; what the laboratory's clock showed is "
            "not told, so it is not used"
        )
        done.tell_of(sample, "date-ambiguous", Severity.WARNING, what, time.region)
    else:
        cells["measured_at"] = Cell(clock_time(time.text, mapping), time.region)
    return cells


def _absent(text: str, mapping: ColumnMapping) -> bool:
    return not text.strip() or heading_key(text) in mapping.absent


def _result(
    result: MappedResult,
    cell: Cell,
    cells: Mapping[str, Cell],
    words: tuple[ColumnMapping, Context, Locale],
    count: _Count,
    done: PerSample,
) -> Observation:
    mapping, context, locale = words
    sample = count.sample
    if _absent(cell.text, mapping):
        cell = replace(cell, text="")
    remarked = REMARKED.fullmatch(cell.text.strip())
    number = Cell(bare(remarked["number"] if remarked else cell.text), cell.region, cell.number)
    beside = {**cells, "unit": Cell(result.unit, cell.region)}
    if result.of:
        beside["method"] = Cell(f"{cells['method'].text}; % of {result.of}", cell.region)
    if result.total is not None:
        number = replace(number, text="")
    entry = Entry(done.document.name, TestName(result.test), number, beside)
    row, findings = read_entry(entry, context.vocabulary, locale, result.heading)
    done.add(sample, findings if result.total is None or _absent(cell.text, mapping) else ())
    row = replace(row, result=cell.text)
    if remarked is not None:
        what = f"the instrument remarks “{remarked['remark']}” on this result; look at it"
        done.tell_of(sample, "row-remarked", Severity.WARNING, what, cell.region)
        row = replace(row, state=State.AMBIGUOUS.value)
    if row.unit == "%" and row.lower is not None and row.lower > 100:
        what = f"“{cell.text}” is more than all cells; a share is at most 100 %"
        done.tell_of(sample, "number-unreadable", Severity.HOLD, what, cell.region)
        row = replace(row, state=State.AMBIGUOUS.value)
    return row


def _share(row: Observation, heading: str, count: _Count, done: PerSample) -> Observation:
    """Give the share that two counts make, in place of the first of them."""
    row = replace(row, lower=None, upper=None, unit=None)
    text = count.item.text(heading)
    part, total = whole(row.result), whole(text)
    if is_absent(row.result) or is_absent(text):
        return replace(row, result="")
    said = f"{row.result.strip()} of {text}"
    problem = None
    if part is None or total is None:
        problem = "number-unreadable", f"“{said}” are no two counts of events"
    elif total == 0:
        problem = "population-not-evaluable", "a share of no events is not 0 %"
    elif part > total:
        problem = "field-conflict", f"“{said}” is more than all events"
    if problem is not None or part is None or total is None:
        slug, what = problem or ("number-unreadable", said)
        done.tell_of(count.sample, slug, Severity.HOLD, what, row.region)
        return replace(row, result=said)
    share = counted_share(part, total)
    return replace(
        row,
        result=share.text,
        lower=share.percent,
        upper=share.percent,
        unit="%",
        numerator=part,
        denominator=total,
        ci_low=share.low,
        ci_high=share.high,
        state=State.CONFIRMED.value,
    )


# --- the dilution --------------------------------------------------------------------------


def _dilute(count: _Count, mapping: ColumnMapping, done: PerSample) -> None:
    """See to it that a concentration is the sample's own, and multiplied once at most."""
    tests = tuple(
        test for test, row in count.rows.items() if _CONCENTRATION.fullmatch(row.unit or "")
    )
    if mapping.applied == "yes" or not tests:
        return
    region = count.item.cells[mapping.dilution].region if _has_dilution(count, mapping) else None
    text = count.item.text(mapping.dilution)
    factor = Decimal(1) if _RATIO.fullmatch(text) else _positive(text)
    if mapping.applied == "no" and factor is not None:
        for test in tests:
            row = count.rows[test]
            if row.lower is not None and row.upper is not None:
                count.rows[test] = replace(row, lower=row.lower * factor, upper=row.upper * factor)
        what = f"the concentrations are multiplied by the dilution {text}, as the mapping says"
        done.tell_of(count.sample, "export-mapping-used", Severity.INFORMATION, what, region)
        return
    if factor == 1:
        return
    said = f"the dilution is “{text}”" if text else "no dilution is stated"
    asks = (
        "its factor is needed to multiply the concentrations"
        if mapping.applied == "no"
        else "the export does not say whether its concentrations are multiplied by it"
    )
    what = (
        f"{said}, and {asks}; they support no pass. Ask the laboratory, and declare it under "
        f"`dilution` in a mapping of your own ({mapping.id}.yaml)"
    )
    done.tell_of(count.sample, "dilution-unstated", Severity.WARNING, what, region)
    _doubt(count, State.AMBIGUOUS.value, tests)


def _has_dilution(count: _Count, mapping: ColumnMapping) -> bool:
    return mapping.dilution in count.item.cells


def _positive(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 < number < 10_000_000 else None


# --- what else the row says ----------------------------------------------------------------


def _tell_beside(count: _Count, mapping: ColumnMapping, context: Context, done: PerSample) -> None:
    item, sample = count.item, count.sample
    status = item.text(mapping.status)
    if status and heading_key(status) not in mapping.good:
        good = " or ".join(f"“{word}”" for word in mapping.good) or "nothing"
        what = f"the instrument says “{status[:120]}” under {mapping.status}; expected {good}"
        region = item.cells[mapping.status].region
        done.tell_of(sample, "row-remarked", Severity.HOLD, what, region)
    for heading, cell in item.cells.items():
        text = " ".join(cell.text.split())
        if not text or (heading in mapping.known and heading not in mapping.remarks):
            continue
        bad = context.vocabulary.alarms(text)
        if bad or heading in mapping.remarks:
            severity = Severity.HOLD if bad else Severity.WARNING
            what = f"“{text[:80]}” stands under {heading}; it is not read, so look at it"
            done.tell_of(sample, "row-remarked", severity, what, cell.region)


def _contradiction(count: _Count, mapping: ColumnMapping) -> str | None:
    """Hold the viability against the concentrations, and against the cells that were counted."""
    viability = count.rows.get("viability")
    if viability is None or viability.lower is None:
        return None
    parts = []
    pair = [count.rows.get(test) for test in ("viable_cell_concentration", "cell_concentration")]
    viable, total = ((row.result if row and row.lower is not None else "") for row in pair)
    parts.append(("the concentrations make", _printed(viable), _printed(total)))
    if mapping.counts:
        counted = [_printed(count.item.text(mapping.counts[role])) for role in ("viable", "total")]
        parts.append(("the cells that were counted make", counted[0], counted[1]))
    text = viability.result.strip()
    return share_contradiction(text, _printed(text), parts)


def _few(count: _Count, mapping: ColumnMapping, done: PerSample) -> None:
    """Hold a count that rests on next to no cells, where the export says on how many."""
    text = count.item.text(mapping.counts["total"]) if mapping.counts else ""
    cells = whole(text)
    if cells is not None and cells < _FEWEST_CELLS:
        what = (
            f"{cells} cells were counted; at least {_FEWEST_CELLS} are needed for a share of them"
        )
        done.tell_of(count.sample, "too-few-events", Severity.HOLD, what, count.item.region)
        _doubt(count, State.AMBIGUOUS.value)


def _printed(text: str) -> tuple[Decimal, Decimal] | None:
    remarked = REMARKED.fullmatch(text.strip())
    plain = bare(remarked["number"] if remarked else text.strip())
    return printed(plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain)


def _hold_twins(counts: list[_Count], done: PerSample) -> None:
    """Hold a sample that stands there twice with different results: which counts is not told."""
    names = [count.sample if count.rows else "" for count in counts]
    lots = [next((row.lot or "" for row in count.rows.values()), "") for count in counts]
    for places in twins(names, lots):
        same = [counts[at] for at in places]
        said = {
            tuple((test, row.lower, row.upper, row.result) for test, row in count.rows.items())
            for count in same
        }
        if len(said) == 1:
            continue
        shown = "; ".join(f"{count.item.region}: {_shown(count)}" for count in same[:4])
        more = f" and {len(same) - 4} more" if len(same) > 4 else ""
        what = (
            f"the sample “{same[0].sample}” stands there {len(same)} times with different results "
            f"({shown}{more}); which of them counts is not told"
        )
        for name in dict.fromkeys(count.sample for count in same):
            done.tell_of(name, "field-conflict", Severity.HOLD, what)
        for count in same:
            _doubt(count, CONFLICT)


def _shown(count: _Count) -> str:
    return ", ".join(row.result.strip() for row in count.rows.values())
