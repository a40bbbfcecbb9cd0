"""The report as a FHIR R4 Bundle: a DiagnosticReport for each lot, for hospital systems.

A report lists an Observation for each criterion, each finding, and each result that was read;
those of a criterion point at the results that they are derived from. A report is `final` only
where nothing is open: one of a lot that waits for results is `preliminary`, and one of a lot that
is held, or of a single document, is `partial`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qcvalidate.assessment import MET, Assessment, CriterionResult, Outcome, Run, Scope, Verdict
from qcvalidate.frames import Observation
from qcvalidate.record import Finding, Role, Severity, State, Status
from qcvalidate.reports._contracts import document
from qcvalidate.reports._fhirvalues import (
    Json,
    absent,
    address,
    coding,
    codings_of,
    concept,
    filled,
    time_of,
    value_of,
    words,
)
from qcvalidate.reports._matters import (
    DISCLAIMER,
    WORDS,
    first_reason,
    meaning,
    name_of,
    specification_of,
    verdict_of,
)
from qcvalidate.rules import rule

MEDIA_TYPE = "application/fhir+json"

_LABORATORY = {
    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
    "code": "laboratory",
}
# Of a criterion; one that is settled is final.
_STATUSES = {
    Outcome.PENDING: "preliminary",
    Outcome.INDETERMINATE: "preliminary",
    Outcome.INVALID: "cancelled",
    Outcome.MISSING: "unknown",
}
_REASONS = {
    Outcome.PENDING: "temp-unknown",
    Outcome.NOT_APPLICABLE: "not-applicable",
    Outcome.INVALID: "error",
}


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run as one Bundle; it holds no hour and no random address."""
    shelf = _Shelf()
    device = shelf.add("Device", ("qcvalidate", run.version), **_device(run))
    for number, assessment in enumerate(run.assessments, start=1):
        _Lot(shelf, assessment, run, number, device).add()
    if not run.assessments:
        shelf.add("DiagnosticReport", (run.as_of, "no lot"), **_of_no_lot(run))
    return document({"resourceType": "Bundle", "type": "collection", "entry": shelf.entries})


def _device(run: Run) -> Json:
    named = {"name": "qcvalidate", "type": "model-name"}
    return {
        "deviceName": [named],
        "version": [{"value": run.version}],
        "note": [{"text": DISCLAIMER}],
    }


def _of_no_lot(run: Run) -> Json:
    return {
        "status": "partial",
        "code": concept("Assessment of a lot", coding("report", "assessment")),
        "effectiveDateTime": run.as_of,
        "conclusion": "HOLD: there is nothing to check, no lot was found",
        "conclusionCode": [concept("HOLD", coding("verdict", "HOLD"))],
    }


@dataclass
class _Shelf:
    """The entries of the Bundle, each under an address of its own."""

    entries: list[Json] = field(default_factory=list)

    def add(self, kind: str, named: Sequence[object], **elements: object) -> Json:
        """Put a resource in and give the reference to it."""
        url = address(kind, *named)
        resource = {"resourceType": kind} | filled(**elements)
        self.entries.append({"fullUrl": url, "resource": resource})
        return {"reference": url}


@dataclass
class _Lot:
    """Writes one lot; `number` tells lots apart that bear one name."""

    shelf: _Shelf
    assessment: Assessment
    run: Run
    number: int
    device: Json
    specimens: dict[str | None, Json] = field(default_factory=dict)

    def add(self) -> None:
        """Put the lot's report in, in front of all that it lists."""
        entries, self.shelf.entries = self.shelf.entries, []
        read = [self._read(number, row) for number, row in enumerate(self.assessment.observations)]
        criteria = [
            self._criterion(number, result, read)
            for number, result in enumerate(self.assessment.results)
        ]
        findings = [
            self._finding(number, finding)
            for number, finding in enumerate(self.assessment.findings)
        ]
        specimen = self._specimen(None)
        own, self.shelf.entries = self.shelf.entries, entries
        self._add("DiagnosticReport", 0, **self._report(specimen, [*criteria, *findings, *read]))
        self.shelf.entries += own

    def _report(self, specimen: Json, results: list[Json]) -> Json:
        one = self.assessment
        scope = "one document of a lot" if one.scope is Scope.DOCUMENT else "a lot"
        verdict = verdict_of(one)
        told = [f"{verdict}: {meaning(one)}", first_reason(one), DISCLAIMER]
        return {
            "status": _report_status(one),
            "code": concept(f"Assessment of {scope}", coding("report", "assessment")),
            "specimen": [specimen],
            "effectiveDateTime": one.as_of or self.run.as_of,
            "result": results,
            "conclusion": " ".join(words(text) for text in told if text),
            "conclusionCode": [concept(verdict, coding("verdict", one.verdict.value))],
            "extension": [
                {"url": "urn:qcvalidate:specification", "valueString": specification_of(one)}
            ],
        }

    def _criterion(self, number: int, result: CriterionResult, read: Sequence[Json]) -> Json:
        (test,) = result.tests if len(result.tests) == 1 else (None,)
        codings = codings_of(test) if test else []
        observed = words(result.observed)
        reason = absent(_REASONS.get(result.outcome, "unknown"))
        word = WORDS[result.outcome]
        if result.original is not None:
            word += f" (was {WORDS[result.original]})"
        notes = [result.reason, "" if result.waiver is None else str(result.waiver)]
        notes += [] if result.required else ["The verdict does not wait for it."]
        value = {"valueString": observed} if observed else reason
        return self._add(
            "Observation",
            f"criterion {number}",
            status=_STATUSES.get(result.outcome, "final"),
            category=[{"coding": [_LABORATORY]}],
            code=concept(result.title, *codings, coding("criterion", result.id)),
            specimen=self._specimen(None),
            device=self.device,
            **value,
            interpretation=[concept(word, coding("outcome", result.outcome.value))],
            note=_notes(*notes, f"Reference: {result.reference}" if result.reference else ""),
            referenceRange=[{"text": words(result.limit)}] if words(result.limit) else [],
            derivedFrom=self._evidence(result, read),
        )

    def _evidence(self, result: CriterionResult, read: Sequence[Json]) -> list[Json]:
        places = {one.place for one in result.evidence}
        rows = zip(self.assessment.observations, read, strict=True)
        return [
            reference
            for row, reference in rows
            if any(
                (row.source, row.page, row.region) == (place.path, place.page, place.region)
                for place in places
            )
        ]

    def _finding(self, number: int, finding: Finding) -> Json:
        known = rule(finding.slug)
        word = finding.severity.value.upper()
        if finding.original is not None:
            word += f" (was {finding.original.value.upper()})"
        message = words(finding.message)
        value = {"valueString": message} if message else absent("unknown")
        return self._add(
            "Observation",
            f"finding {number}",
            status="preliminary" if finding.severity is Severity.HOLD else "final",
            code=concept(known.title, coding("rule", str(known.code), known.slug)),
            specimen=self._specimen(None),
            device=self.device,
            **value,
            interpretation=[concept(word, coding("severity", finding.severity.value))],
            note=_notes(str(finding.place), "" if finding.waiver is None else str(finding.waiver)),
        )

    def _read(self, number: int, row: Observation) -> Json:
        control = row.role != Role.SAMPLE
        told = ", ".join(text.replace("_", " ") for text in (row.test, row.part or "") if text)
        place = " ".join(
            [row.source, *([f"page {row.page}"] if row.page else []), row.region or ""]
        )
        sure = "" if row.state == State.CONFIRMED else f"Read as {row.state.replace('_', ' ')}."
        printed = f"Printed: {words(row.result)}" if words(row.result) else ""
        role = [concept(row.role.replace("_", " "))] if control else []
        return self._add(
            "Observation",
            f"result {number}",
            status=_row_status(row),
            category=[{"coding": [_LABORATORY]}, *role],
            code=concept(told, *codings_of(row.test, control=control)),
            specimen=self._specimen(row.sample_id),
            **time_of(row),
            **value_of(row),
            method=concept(row.method) if row.method and words(row.method) else None,
            note=_notes(printed, place, sure),
        )

    def _specimen(self, sample: str | None) -> Json:
        if sample not in self.specimens:
            lot, known = words(self.assessment.lot), words(sample)
            numbers = [("Lot number", lot), ("Sample ID", known)]
            self.specimens[sample] = self._add(
                "Specimen",
                len(self.specimens),
                identifier=[
                    {"type": {"text": kind}, "value": text} for kind, text in numbers if text
                ],
                type=concept(f"Cell product, {name_of(self.assessment)}"),
            )
        return self.specimens[sample]

    def _add(self, kind: str, name: object, **elements: object) -> Json:
        one = self.assessment
        return self.shelf.add(
            kind, (self.run.as_of, one.lot, one.path, self.number, name), **elements
        )


def _report_status(one: Assessment) -> str:
    open_ = {r.outcome for r in one.results if r.required and r.outcome not in MET}
    open_ -= {Outcome.FAIL}
    held = any(finding.severity is Severity.HOLD for finding in one.findings)
    if one.scope is Scope.DOCUMENT or held or open_ - {Outcome.PENDING}:
        return "partial"
    # One that the verdict does not wait for will come all the same.
    if open_ or any(result.outcome is Outcome.PENDING for result in one.results):
        return "preliminary"
    return "final" if one.verdict in (Verdict.PASS, Verdict.FAIL) else "partial"


def _row_status(row: Observation) -> str:
    """Give the laboratory's own status; what was not read for certain is not final."""
    if row.status == Status.CANCELLED:
        return "cancelled"
    if row.status == Status.PRELIMINARY or row.reading == "pending":
        return "preliminary"
    return str(row.status) if row.state == State.CONFIRMED else "preliminary"


def _notes(*texts: str) -> list[Json]:
    return [{"text": words(text)} for text in texts if words(text)]
