"""Reads a lot's waivers.yaml, and lets each waiver change exactly the one thing that it names.

A waiver forgives a result that was read for certain and misses its limit, or one of a few formal
faults of a paper. It gives no evidence: what is missing, pending, void or unread stays as it is.
No verdict is made here.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qcvalidate.assessment import CriterionResult, Outcome
from qcvalidate.catalogue import Catalogue, shortened
from qcvalidate.contract import load_list
from qcvalidate.errors import UsageError
from qcvalidate.frames import rows
from qcvalidate.manifest import WAIVERS
from qcvalidate.record import Finding, Place, Record, Severity, Waiver
from qcvalidate.rules import Rule, rule
from qcvalidate.specification import Specification
from qcvalidate.vocabulary import Vocabulary

# Families of tests whose missed limit a person may answer for. What is not named here can never
# be waived: not growth, mycoplasma or a reactive donor, and no family that is added later.
_FAMILIES = (
    *("viability", "count", "dose", "volume"),
    *("endotoxin", "appearance", "phenotype", "acquisition"),
)
# Formal faults of papers that were read, of this lot and whole. Identity, reading, broken
# signatures and changed gates are none of them.
_FORMAL = (
    *("unsigned", "signed-before-completion", "lot-expired"),
    *("signature-required", "strategy-unapproved"),
)
# The days of a paper that say when what it states was there to be approved.
_MADE = ("date_completed", "date_issued", "signed_on")
_BLOCKING = (Severity.FAIL, Severity.HOLD)


def read_waivers(path: Path, catalogue: Catalogue) -> tuple[tuple[Waiver, ...], str]:
    """Read waivers.yaml with its SHA-256; `UsageError` says every fault."""
    content, digest = load_list(path, "waivers", catalogue, UsageError, WAIVERS)
    return tuple(_waiver(number, raw) for number, raw in enumerate(content, 1)), digest


def _waiver(number: int, raw: Mapping[str, Any]) -> Waiver:
    observed = raw.get("observed", ())
    approved, expires = (_day(number, key, raw[key]) for key in ("approved", "expires"))
    if expires < approved:
        raise UsageError(f"{WAIVERS}: entry {number}: expires {expires} before it was approved")
    return Waiver(
        rule=raw["rule"].strip(),
        reason=raw["reason"].strip(),
        approver=raw["approver"].strip(),
        deviation=raw["deviation"].strip(),
        approved=approved,
        expires=expires,
        place=Place(WAIVERS, region=f"entry {number}"),
        criterion=raw["criterion"].strip() if "criterion" in raw else None,
        document=raw.get("document"),
        observed=(observed,) if isinstance(observed, str) else tuple(observed),
    )


def _day(number: int, key: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        message = f"{WAIVERS}: entry {number}: {key}: {text!r} is not a date of the calendar"
        raise UsageError(message) from error


@dataclass(frozen=True)
class Judged:
    """What a lot's waivers are held against, and what they give back.

    `families` maps each criterion's id to the families of its tests; `issued` maps papers to the
    latest day that they state for themselves, `measured` the places of results to their own days.
    """

    results: tuple[CriterionResult, ...]
    findings: tuple[Finding, ...]
    families: Mapping[str, frozenset[str]]
    issued: Mapping[str, dt.date]
    measured: Mapping[Place, dt.date]
    as_of: dt.date


def families_of(specification: Specification, vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """Map each criterion to the families of its tests."""
    return {
        criterion.id: frozenset(vocabulary.tests[test].family for test in criterion.tests)
        for criterion in specification.criteria
    }


def days_of(records: Sequence[Record]) -> tuple[dict[str, dt.date], dict[Place, dt.date]]:
    """Map papers, and the places of results, to the latest day that they state."""
    issued, measured = {}, {}
    for record in records:
        stated = [record.stated(name) for name in _MADE]
        days = [dt.datetime.fromisoformat(day).date() for day in stated if day]
        if days:
            issued[record.source.path] = max(days)
        for row in rows(record.observations):
            ends = [row.ended, row.measured_at.date() if row.measured_at else None]
            known = [day for day in ends if day]
            if known:
                measured[Place(row.source, row.page, row.region)] = max(known)
    return issued, measured


def waived(waivers: Sequence[Waiver], judged: Judged) -> Judged:
    """Apply each waiver that may be; each other one is a finding."""
    told: list[Finding] = []
    taken = Counter(_target(waiver) for waiver in waivers)
    for waiver in waivers:
        fault = _fault(waiver, judged)
        if fault is None and taken[_target(waiver)] > 1:
            words = "stands twice; none of the two counts until one is taken out"
            fault = _told(waiver, "waiver-duplicate", words)
        if fault is None:
            known = rule(waiver.rule)
            applied = _on_result(waiver, known, judged) if waiver.criterion else None
            applied = applied or _on_findings(waiver, known, judged)
            if isinstance(applied, Judged):
                judged = applied
                continue
            fault = applied
        told.append(fault)
    return replace(judged, findings=(*judged.findings, *told))


def _target(waiver: Waiver) -> tuple[object, ...]:
    try:
        known: object = rule(waiver.rule).code
    except UsageError:
        known = waiver.rule
    return known, waiver.criterion, waiver.document


def _told(waiver: Waiver, slug: str, words: str, severity: Severity = Severity.HOLD) -> Finding:
    about = f"{waiver.rule} of {waiver.criterion}" if waiver.criterion else waiver.rule
    message = f"the waiver of {about} (deviation {waiver.deviation}) {words}"
    return Finding(slug, severity, message, waiver.place)


def _fault(waiver: Waiver, judged: Judged) -> Finding | None:
    """Tell what is wrong with a waiver whatever the lot's papers say."""
    try:
        known = rule(waiver.rule)
    except UsageError as error:
        return _told(waiver, "waiver-unknown", f"names no rule: {error}")
    forbidden = _forbidden(known)
    if forbidden is not None:
        return _told(waiver, "waiver-forbidden", forbidden)
    if known.family is None:
        if waiver.criterion is None:
            return None
        words = f"names a criterion, and {known.slug} is a finding's rule; leave the criterion out"
        return _told(waiver, "waiver-unknown", words)
    ids = list(judged.families)
    if waiver.criterion is None:
        fitting = [id_ for id_ in ids if known.family in judged.families[id_]]
        words = f"names no criterion; it is one of {', '.join(fitting) or 'none of this product'}"
        return _told(waiver, "waiver-unknown", words)
    if waiver.criterion not in judged.families:
        near = difflib.get_close_matches(waiver.criterion, ids, n=1, cutoff=0.0)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        words = f"names no criterion of the specification: {shortened(waiver.criterion)}{hint}"
        return _told(waiver, "waiver-unknown", words)
    if known.family not in judged.families[waiver.criterion]:
        families = " or ".join(sorted(judged.families[waiver.criterion]))
        words = f"cannot be: {known.slug} is a rule of {known.family}, the criterion of {families}"
        return _told(waiver, "waiver-unknown", words)
    return None


def _forbidden(known: Rule) -> str | None:
    """Say why a rule can never be waived; None where it can."""
    if known.slug in _FORMAL:
        return None
    if known.family is None or known.kind is None:
        return (
            f"cannot be: {known.code} {known.slug} is of identity, reading, integrity or the "
            "judgement itself, which nobody can waive; mend its cause"
        )
    if known.kind != "fail":
        return (
            f"cannot be: {known.code} {known.slug} says that evidence is missing or unclear, and a "
            "waiver is no evidence; only a result that was read for certain can be waived"
        )
    if known.family not in _FAMILIES:
        return (
            f"cannot be: {known.code} {known.slug} says that the product or its donor may infect "
            "the recipient, which no waiver changes"
        )
    return None


def _untimely(waiver: Waiver, papers: Sequence[str], judged: Judged) -> Finding | None:
    """Tell of a waiver that does not count on the day, or is older than what it is about."""
    if waiver.approved > judged.as_of:
        words = f"is approved on {waiver.approved}, after the day of this check, {judged.as_of}"
        return _told(waiver, "waiver-not-valid-yet", words)
    if waiver.expires < judged.as_of:
        words = f"expired on {waiver.expires}; the day of this check is {judged.as_of}"
        return _told(waiver, "waiver-expired", words)
    later = [
        paper for paper in papers if judged.issued.get(paper, waiver.approved) > waiver.approved
    ]
    if later:
        words = (
            f"was approved on {waiver.approved}, before {later[0]} was issued on "
            f"{judged.issued[later[0]]}: nobody can have approved what this paper says"
        )
        return _told(waiver, "waiver-not-valid-yet", words)
    return None


def _unused(waiver: Waiver, words: str) -> Finding:
    return _told(waiver, "waiver-unused", f"was not needed: {words}", Severity.WARNING)


def _on_result(waiver: Waiver, known: Rule, judged: Judged) -> Judged | Finding:
    """Waive a criterion that failed by this rule, and for no other reason."""
    found = next((one for one in judged.results if one.id == waiver.criterion), None)
    if found is None or found.outcome is not Outcome.FAIL or found.slug != known.slug:
        outcome = found.outcome.value if found else "not judged"
        return _unused(waiver, f"the criterion did not fail, it is {outcome}")
    untimely = _untimely(waiver, [one.place.path for one in found.evidence], judged)
    if untimely is not None:
        return untimely
    row = found.evidence[0].place if found.evidence and len(found.failing) == 1 else None
    measured = judged.measured.get(row) if row else None
    if measured is not None and measured > waiver.approved:
        words = f"was approved on {waiver.approved}, before the result in {row} of {measured}"
        return _told(waiver, "waiver-not-valid-yet", words)
    first = [one.place for one in found.evidence[:1]]
    undated = [one for one in first if one.path not in judged.issued and one not in judged.measured]
    misfit = _misfit(waiver, found, undated)
    if misfit is not None:
        return _told(waiver, "waiver-misfit", misfit)
    changed = replace(
        found,
        outcome=Outcome.WAIVED,
        original=found.outcome,
        waiver=waiver,
        reason=f"{found.reason}; {found.outcome} waived by {waiver}",
    )
    results = tuple(changed if one is found else one for one in judged.results)
    # The laboratory saw the same: its verdict on this very row is no other departure.
    theirs = [
        one
        for one in judged.findings
        if one.slug == "laboratory-verdict-failed" and row and _holds(one.place, row)
    ]
    return replace(judged, results=results, findings=_let_be(theirs, waiver, judged))


def _holds(outer: Place, inner: Place) -> bool:
    """Say whether a place is another, or a box on its page that the other lies in."""
    if (outer.path, outer.page) != (inner.path, inner.page):
        return False
    if outer.region is None or inner.region is None or outer.region == inner.region:
        # A place that is a whole page names no row.
        return outer.region is not None and outer.region == inner.region
    try:
        left, top, right, bottom = map(float, outer.region.split(","))
        x0, y0, x1, y1 = map(float, inner.region.split(","))
    except ValueError:
        return False
    return left <= x0 and top <= y0 and x1 <= right and y1 <= bottom


def _let_be(named: Sequence[Finding], waiver: Waiver, judged: Judged) -> tuple[Finding, ...]:
    """Give all findings, these of them waived."""
    return tuple(
        replace(
            one,
            severity=Severity.WAIVED,
            original=one.severity,
            waiver=waiver,
            message=f"{one.message}; {one.severity.value.upper()} waived by {waiver}",
        )
        if one in named
        else one
        for one in judged.findings
    )


def _misfit(waiver: Waiver, found: CriterionResult, undated: Sequence[Place]) -> str | None:
    if waiver.document is not None:
        return "names a document; a criterion is waived as a whole, leave the document out"
    if found.besides:
        return f"does not settle the criterion, which is open besides: {'; '.join(found.besides)}"
    missed = [text for text in found.failing if text not in waiver.observed]
    shown = ", ".join(repr(text) for text in found.failing)
    if missed and waiver.observed:
        fails = f"the result that fails is {shown}"
        if len(found.failing) > 1:
            fails = f"the results that fail are {shown}; list each under `observed`"
        return f"is for {' and '.join(waiver.observed)}; {fails}"
    if len(found.failing) > 1 and missed:
        return f"must list under `observed` every result that fails: {shown}"
    if undated and missed:
        # A later and worse result would be waived with the one that was approved.
        return (
            f"must state under `observed` which result it is for ({shown}): {undated[0]} has no "
            "day that would show it to be older than the approval"
        )
    return None


def _on_findings(waiver: Waiver, known: Rule, judged: Judged) -> Judged | Finding:
    """Waive the findings of a formal rule on one paper."""
    named = [one for one in judged.findings if one.slug == known.slug and one.severity in _BLOCKING]
    papers = list(dict.fromkeys(one.place.path for one in named))
    if waiver.document is not None:
        named = [one for one in named if one.place.path == waiver.document]
    if not named:
        where = f" in {waiver.document}" if waiver.document else ""
        held = f"; it does in {', '.join(papers)}" if papers else ""
        return _unused(waiver, f"{known.code} {known.slug} does not hold the lot{where}{held}")
    if waiver.document is None and len(papers) > 1:
        words = f"names no document, and the rule holds {', '.join(papers)}"
        return _told(waiver, "waiver-misfit", f"{words}; write a waiver with `document` for each")
    if waiver.observed:
        return _told(waiver, "waiver-misfit", "names an observed result, and a finding has none")
    untimely = _untimely(waiver, [one.place.path for one in named], judged)
    if untimely is not None:
        return untimely
    return replace(judged, findings=_let_be(named, waiver, judged))
