"""The report as JUnit XML: what the test views of Jenkins, GitLab and GitHub's actions show.

A suite is red exactly where its lot's verdict is not PASS. A lot is a suite; each of its criteria,
and each finding that fails or holds it, is a case:

- what fails the lot is a `failure`; what holds it, PENDING among that, is an `error`, because a
  skipped case looks like one that is well;
- PASS is a case and nothing else; ALERT passes too, and says so in a property of its suite and in
  the case's output, for the common schema lets a case have no properties;
- WAIVED is `skipped` with the waiver, and NOT_APPLICABLE with its reason: nothing was shown for
  it, so it must not look like a test that was met;
- what the verdict does not wait for is `skipped` as well, saying what it is: red would contradict
  the verdict, green the outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from qcvalidate.assessment import MET, Assessment, CriterionResult, Outcome, Run, Scope, Verdict
from qcvalidate.record import Finding, Severity
from qcvalidate.reports._matters import (
    DISCLAIMER,
    NOTHING_SHOWN,
    SHORT,
    WORDS,
    Matter,
    matter_of,
    meaning,
    name_of,
    of_finding,
    of_result,
    said,
    says_more,
    specification_of,
    tally,
    verdict_of,
    verdicts,
)
from qcvalidate.runners import as_references

MEDIA_TYPE = "application/xml"

_NO_LOT = "there is nothing to check, no lot was found"


@dataclass(frozen=True)
class _Case:
    """A case: `kind` is `failure`, `error` or `skipped`, and empty for one that passes."""

    name: str
    kind: str = ""
    type: str = ""
    message: str = ""
    told: str = ""


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run as one `testsuites`, with no time in it."""
    root = Element("testsuites", {"name": "qcvalidate"})
    names = _unique(_name(assessment) for assessment in run.assessments)
    for name, assessment in zip(names, run.assessments, strict=True):
        _suite(root, name, _cases(assessment), _properties(run, assessment), _asides(assessment))
    if not run.assessments:
        nothing = _Case("verdict", "error", Verdict.HOLD.value, f"HOLD: {_NO_LOT}")
        _suite(root, "qcvalidate", [nothing], [("version", run.version)], verdicts(run))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    indent(root)
    written = as_references(tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'


def _name(assessment: Assessment) -> str:
    """Name the suite; the pass of one document must never be taken for its lot's."""
    scope = " (document scope)" if assessment.scope is Scope.DOCUMENT else ""
    return name_of(assessment) + scope


def _suite(
    root: Element,
    name: str,
    cases: list[_Case],
    properties: Iterable[tuple[str, str]],
    output: str,
) -> None:
    kinds = Counter(case.kind for case in cases)
    suite = SubElement(root, "testsuite", {"name": name, "tests": str(len(cases))})
    for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(kinds[kind]))
    held = SubElement(suite, "properties")
    for key, value in properties:
        SubElement(held, "property", {"name": key, "value": value})
    for case, shown in zip(cases, _unique(case.name for case in cases), strict=True):
        # GitLab takes the class name for the suite, and drops cases of one name.
        element = SubElement(suite, "testcase", {"classname": name, "name": shown})
        if case.kind:
            told = {"type": case.type, "message": case.message}
            SubElement(element, case.kind, told).text = case.told
        elif case.told:
            SubElement(element, "system-out").text = case.told
    SubElement(suite, "system-out").text = output


def _unique(names: Iterable[str]) -> list[str]:
    """Number the names that come again: `sterility`, `sterility (2)`."""
    taken: set[str] = set()
    found = []
    for name in names:
        number, shown = 1, name
        while shown in taken:
            number += 1
            shown = f"{name} ({number})"
        taken.add(shown)
        found.append(shown)
    return found


def _properties(run: Run, assessment: Assessment) -> Iterator[tuple[str, str]]:
    yield "version", run.version
    yield "verdict", verdict_of(assessment)
    yield "meaning", meaning(assessment)
    yield "scope", assessment.scope.value
    yield "specification", specification_of(assessment)
    yield "path", said(assessment.path, SHORT)
    yield "disclaimer", DISCLAIMER
    for result in assessment.results:
        if result.outcome is Outcome.ALERT:
            yield f"alert {said(result.id, SHORT)}", _line(of_result(result))


def _cases(assessment: Assessment) -> list[_Case]:
    cases = [_of_result(result) for result in assessment.results]
    told = (Severity.FAIL, Severity.HOLD, Severity.WAIVED)
    cases += [_of_finding(found) for found in assessment.findings if found.severity in told]
    red = any(case.kind in ("failure", "error") for case in cases)
    if assessment.verdict is not Verdict.PASS and not red:
        verdict = assessment.verdict.value
        cases.append(_Case("verdict", "error", verdict, f"{verdict}: {NOTHING_SHOWN}"))
    return cases


def _of_result(result: CriterionResult) -> _Case:
    matter = of_result(result)
    name = said(result.id, SHORT)
    told = _told(matter, result.reference)
    if result.outcome in (Outcome.PASS, Outcome.ALERT):
        return _Case(name, told=f"{matter.word}\n{told}")
    word = WORDS[result.outcome]
    if result.outcome in MET or not result.required:
        reason = str(result.waiver) if result.waiver else matter.reason
        return _Case(name, "skipped", word, f"{word}: {said(reason)}", told)
    kind = "failure" if result.outcome is Outcome.FAIL else "error"
    return _Case(name, kind, word, _line(matter), told)


def _of_finding(finding: Finding) -> _Case:
    matter = of_finding(finding)
    name = f"{matter.code} {matter.slug} {matter.place}"
    if finding.severity is Severity.WAIVED:
        reason = said(str(finding.waiver)) if finding.waiver else matter.reason
        return _Case(name, "skipped", matter.word, f"{matter.word}: {reason}", _told(matter))
    kind = "failure" if finding.severity is Severity.FAIL else "error"
    return _Case(name, kind, matter.word, _line(matter), _told(matter))


def _line(matter: Matter) -> str:
    """Say a matter in one line, as the heading of a case that is not well."""
    words = f"{matter.code} {matter.slug}: {matter.about}"
    if matter.limit:
        words += f", wanted {matter.limit}"
    return f"{words}; {matter.reason}" if says_more(matter) else words


def _told(matter: Matter, reference: str = "") -> str:
    lines = [
        ("rule", f"{matter.code} {matter.slug}, see: qcvalidate explain {matter.code}"),
        ("about", matter.subject),
        ("observed", matter.observed),
        ("wanted", matter.limit),
        ("reason", matter.reason),
        ("place", matter.place),
        ("reference", said(reference)),
    ]
    return "\n".join(f"{heading}: {words}" for heading, words in lines if words)


def _asides(assessment: Assessment) -> str:
    """List what is no case: the count, and the findings that neither fail nor hold."""
    asides = (Severity.WARNING, Severity.INFORMATION)
    matters = [matter_of(found) for found in assessment.findings if found.severity in asides]
    lines = [f"{matter.word} {_line(matter)} ({matter.place})" for matter in matters]
    return "\n".join([tally(assessment.results), *lines])
