"""Gathers what a certificate of analysis says, in the order of ISO/IEC 17025:2017, 7.8.2."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from qcvalidate.assessment import Assessment, CriterionResult, Outcome, Run, Scope, Verdict
from qcvalidate.facts import Answer, Clinic, Facts, Paper
from qcvalidate.record import Severity
from qcvalidate.reports._matters import (
    first_reason,
    meaning,
    name_of,
    of_result,
    plural,
    verdict_of,
)
from qcvalidate.reports._templates import shape

TITLE = "Certificate of analysis"
ONLY_THESE = (
    "The results relate only to the items tested. This certificate may be copied only in full."
)
_UNSTATED = "not stated"
_ROUNDINGS = {
    "usp": "each result is rounded to the digits of its limit (USP, General Notices 7.20)",
    "ph_eur": "each result is rounded to the digits of its limit (Ph. Eur., General Notices 1.4)",
    "none": "no result is rounded",
}
_LEFT_OUT = (Outcome.NOT_APPLICABLE, Outcome.MISSING)

Certificate = dict[str, object]


def certificates_of(run: Run) -> list[Certificate]:
    """Give the certificate of every lot of a run: texts, and lists and mappings of texts."""
    return [_certificate(run, assessment) for assessment in run.assessments]


def may_be_signed(run: Run, assessment: Assessment) -> bool:
    """Say whether a lot's certificate may look like one that a person can sign."""
    whole = assessment.verdict is Verdict.PASS and assessment.scope is Scope.LOT
    return whole and assessment.facts is not None and run.clinic is not None


def _certificate(run: Run, assessment: Assessment) -> Certificate:
    facts = assessment.facts or Facts()
    clinic = run.clinic or Clinic(name=_UNSTATED)
    whole = may_be_signed(run, assessment)
    known = assessment.specification
    return {
        "title": TITLE if whole else "Not a certificate of analysis",
        "mark": "" if whole else _mark(assessment),
        "short": "" if whole else _short(assessment),
        "clinic": clinic.name,
        "address": list(clinic.address),
        "contact": clinic.contact,
        "number": _number(run, assessment),
        "lot": name_of(assessment),
        "customer": clinic.customer,
        "product": known.title if known else _UNSTATED,
        "item": list(_item(facts)),
        "samples": list(_samples(facts)),
        "prepared": (assessment.as_of or run.as_of).isoformat(),
        "plan": "As the specification asks; the papers name the samples below.",
        "specification": f"{known.id} {known.version}, SHA-256 {known.sha256}" if known else "none",
        "results": [
            _result(facts, clinic, one)
            for one in assessment.results
            if one.outcome not in _LEFT_OUT
        ],
        "deviations": list(_deviations(assessment)),
        "excluded": list(_excluded(assessment)),
        "external": list(_external(facts, clinic)),
        "verdict": verdict_of(assessment),
        "shape": shape(assessment.verdict.value) if whole else _held(assessment),
        "conformity": " ".join(filter(None, (meaning(assessment), _findings(assessment)))),
        "rule": _rule(assessment, facts),
        "opinions": "None.",
        "only_these": ONLY_THESE,
        "signing": _signing(assessment) if whole else "",
        "version": run.version,
    }


def _mark(assessment: Assessment) -> str:
    word = verdict_of(assessment)
    if assessment.scope is Scope.DOCUMENT:
        return f"NOT FOR RELEASE: {word} of one document alone, the lot was not judged"
    if assessment.verdict is not Verdict.PASS:
        reason = first_reason(assessment)
        return f"NOT FOR RELEASE: {word}{f', {reason}' if reason else ''}"
    return f"DRAFT, NOT FOR RELEASE: {word}, but no clinic.yaml says who gives out this certificate"


def _short(assessment: Assessment) -> str:
    """Head each page; "NOT FOR RELEASE: PASS" would contradict itself."""
    only_unnamed = assessment.verdict is Verdict.PASS and assessment.scope is Scope.LOT
    return (
        "DRAFT, NOT FOR RELEASE" if only_unnamed else f"NOT FOR RELEASE: {verdict_of(assessment)}"
    )


def _held(assessment: Assessment) -> str:
    return shape("HOLD" if assessment.verdict is Verdict.PASS else assessment.verdict.value)


def _number(run: Run, assessment: Assessment) -> str:
    """Number a certificate: the same papers, judged on the same day, give the same number."""
    known = assessment.specification
    parts = [
        *(f"{read.path} {read.sha256}" for read in assessment.inputs),
        known.sha256 if known else "",
        run.version,
        assessment.verdict.value,
        *(f"{one.id} {one.outcome.value} {one.observed}" for one in assessment.results),
    ]
    text = "\n".join(parts).encode("utf-8", "backslashreplace")
    day = assessment.as_of or run.as_of
    return f"CoA {name_of(assessment)} {day} {hashlib.sha256(text).hexdigest()[:8]}"


def _item(facts: Facts) -> Iterator[tuple[str, str]]:
    """Describe the item, and its condition."""
    stated = facts.stated
    donor = " ".join(stated[key] for key in ("relation", "tissue") if key in stated)
    yield "Donation", donor.replace("_", " ") or _UNSTATED
    yield "Manufacture", stated.get("manipulation", _UNSTATED).replace("_", " ")
    frozen = {"true": "cryopreserved", "false": "not cryopreserved"}
    yield "Condition", frozen.get(stated.get("cryopreserved", ""), _UNSTATED)
    if facts.din:
        yield "Donation identification number", facts.din
    if facts.volume_mL is not None:
        yield "Volume of the dose", f"{facts.volume_mL} mL"
    if facts.recovered:
        yield "Recovered", facts.recovered.isoformat()
    if facts.harvested:
        yield "Harvested", facts.harvested.date().isoformat()
    if facts.thawed:
        yield "Thawed for testing", facts.thawed.isoformat(sep=" ", timespec="minutes")
    if facts.expires:
        yield "Expires", facts.expires.isoformat()


def _samples(facts: Facts) -> Iterator[tuple[str, str, str, str]]:
    """Give each paper's sample with when it was taken and received."""
    for paper in facts.papers:
        if paper.sample_id or paper.date_sampled or paper.date_received:
            yield (
                paper.sample_id or _UNSTATED,
                paper.date_sampled or _UNSTATED,
                paper.date_received or _UNSTATED,
                paper.path,
            )


def _result(facts: Facts, clinic: Clinic, result: CriterionResult) -> dict[str, object]:
    matter = of_result(result)
    paths = list(dict.fromkeys(one.place.path for one in result.evidence))
    tests = facts.asked[result.id].tests if result.id in facts.asked else ()
    answers = [one for one in facts.answers if one.test in tests and one.path in paths]
    papers = [paper for path in paths if (paper := facts.paper(path))]
    methods = [one.method for one in answers if one.method]
    days = [
        f"{one.started} to {one.ended or 'open'}" if one.started else f"{one.measured_at:%Y-%m-%d}"
        for one in answers
        if one.started or one.measured_at
    ]
    days += [
        f"{paper.date_started} to {paper.date_completed or 'open'}"
        for paper in papers
        if paper.date_started and not days
    ]
    return {
        "test": result.title,
        "method": "; ".join(dict.fromkeys(methods)) or _UNSTATED,
        "observed": _observed(matter.observed, answers)
        + (f" ({matter.computed})" if matter.computed else ""),
        "limit": matter.limit or "-",
        "reference": result.reference,
        "word": matter.word,
        "shape": shape(matter.word),
        "days": "; ".join(dict.fromkeys(days)) or _UNSTATED,
        "by": "; ".join(dict.fromkeys(_by(facts.paper(path), path, clinic) for path in paths)),
    }


def _observed(observed: str, answers: Sequence[Answer]) -> str:
    """Give a result as printed: of a test in several media or bottles that of each."""
    parts = dict.fromkeys(f"{one.part}: {one.result}" for one in answers if one.part)
    return "; ".join(parts) if len(parts) > 1 else observed or "no result"


def _by(paper: Paper | None, path: str, clinic: Clinic) -> str:
    if paper is None or paper.laboratory is None:
        return f"laboratory not named ({path})"
    return f"external: {paper.laboratory}" if _is_other(paper, clinic) else paper.laboratory


def _is_other(paper: Paper, clinic: Clinic) -> bool:
    name = (paper.laboratory or "").casefold()
    return bool(name) and " ".join(name.split()) != " ".join(clinic.name.casefold().split())


def _deviations(assessment: Assessment) -> Iterator[str]:
    for waiver in assessment.waivers:
        waived = [one.title for one in assessment.results if one.waiver == waiver]
        about = ", ".join(waived) or f"rule {waiver.rule}"
        yield f"{about}: waived by {waiver}"


def _excluded(assessment: Assessment) -> Iterator[str]:
    """List what no result stands for: it must not be thought to have been tested."""
    for result in assessment.results:
        if result.outcome in _LEFT_OUT:
            matter = of_result(result)
            reason = f"; {matter.reason}" if matter.reason else ""
            yield f"{result.title}: {matter.word.lower()}{reason}"
    for finding in assessment.findings:
        if finding.slug == "file-ignored":
            yield finding.message
    for one in assessment.acquisitions:
        for what, why in one.not_evaluated.items():
            yield f"{one.path}: {what} was not evaluated; {why}"


def _findings(assessment: Assessment) -> str:
    """Count what else was found: a certificate has no room for it, and must not hide it."""
    found = Counter(one.severity for one in assessment.findings if not one.waiver)
    told = ", ".join(f"{found[kind]} {kind.value}" for kind in Severity if found[kind])
    return f"Findings, told in the report of this lot: {told}." if told else ""


def _external(facts: Facts, clinic: Clinic) -> Iterator[str]:
    for paper in facts.papers:
        if _is_other(paper, clinic):
            parts = [
                paper.laboratory or "",
                paper.accreditation or "",
                f"report {paper.report_number}" if paper.report_number else "",
                f"issued {paper.date_issued}" if paper.date_issued else "",
                paper.path,
            ]
            yield ", ".join(part for part in parts if part)


def _rule(assessment: Assessment, facts: Facts) -> str:
    rounding = _ROUNDINGS.get(facts.rounding, "each result is held against its limit")
    guarded = [
        result.title
        for result in assessment.results
        if result.id in facts.asked and facts.asked[result.id].guarded
    ]
    told = f"Decision rule: {rounding}, and is then held against the limit; "
    if not guarded:
        return told + "the uncertainty of the measurement is not taken into account."
    return told + (
        f"for {', '.join(guarded)} the limit is guarded by the stated uncertainty of the "
        "measurement, and for all others that is not taken into account."
    )


def _signing(assessment: Assessment) -> str:
    waived = len(assessment.waivers)
    leaning = f" with {plural(waived, 'waiver', 'waivers')}" if waived else ""
    return f"Authorised for lot {name_of(assessment)}{leaning} by a person with the authority:"
