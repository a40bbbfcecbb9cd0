"""The report as SARIF 2.1.0, which code scanning and editors show beside the files.

What was waived is left out: services ignore its suppression and would show it as open. What passes
is left out as well, for services show every result as a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from qcvalidate.assessment import Run
from qcvalidate.explanations import explanation
from qcvalidate.reports._contracts import document
from qcvalidate.reports._issues import NO_RULE, Issue, Level, path_of, run_issues
from qcvalidate.reports._matters import DISCLAIMER, SHORT, name_of, plural, said, verdict_of
from qcvalidate.rules import rule

MEDIA_TYPE = "application/sarif+json"

# GitHub refuses a run with more results than this, and a file of more than 20 runs: all lots of a
# run are one run of the tool.
_MOST = 25_000
_ROOT = "%SRCROOT%"


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run as one log of one run; paths are relative to where the program ran."""
    found = run_issues(run)
    shown = found if len(found) <= _MOST else found[: _MOST - 1]
    rules = list(dict.fromkeys((issue.code, issue.slug) for issue in shown))
    left = found[len(shown) :]
    if left:
        rules.append((None, NO_RULE))
    rules = sorted(dict.fromkeys(rules), key=lambda one: (one[0] or 0, one[1]))
    results = [_result(issue, rules.index((issue.code, issue.slug))) for issue in shown]
    results += [_rest(left, rules.index((None, NO_RULE)))] if left else []
    return document(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": _driver(run, rules)},
                    "automationDetails": {"id": "qcvalidate/"},
                    "columnKind": "unicodeCodePoints",
                    "artifacts": _artifacts(run),
                    "results": results,
                    "properties": _about(run),
                }
            ],
        }
    )


def _driver(run: Run, rules: Iterable[tuple[int | None, str]]) -> dict[str, object]:
    return {
        "name": "qcvalidate",
        "version": run.version,
        "shortDescription": {"text": DISCLAIMER},
        "rules": [_rule(code, slug) for code, slug in rules],
    }


def _rule(code: int | None, slug: str) -> dict[str, object]:
    if code is None:
        why = "No rule is behind it: nothing shows that the lot meets its specification."
        return {
            "id": slug,
            "name": slug,
            "shortDescription": {"text": "Nothing shows that a lot passes"},
            "fullDescription": {"text": why},
            "help": {"text": why},
        }
    known = rule(slug)
    page = explanation(known)
    headings = {
        "Why": page.why,
        "Source": page.source,
        "Example": page.example,
        "What to do": page.remedy,
    }
    told = {heading: text for heading, text in headings.items() if text}
    return {
        "id": str(code),
        "name": slug,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": page.why or known.title},
        "help": {
            "text": "\n\n".join(f"{heading}: {text}" for heading, text in told.items()),
            "markdown": "\n\n".join(
                f"**{heading}**: {_plain(text)}" for heading, text in told.items()
            ),
        },
        "properties": {"tags": [known.family] if known.family else []},
    }


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)


def _result(issue: Issue, index: int) -> dict[str, object]:
    place = {"page": issue.place.page, "region": issue.place.region}
    physical: dict[str, object] = {
        "artifactLocation": {"uri": _uri(issue.path), "uriBaseId": _ROOT}
    }
    if issue.line is not None:
        physical["region"] = {"startLine": issue.line}
    return {
        "ruleId": issue.slug if issue.code is None else str(issue.code),
        "ruleIndex": index,
        "level": issue.level.value,
        "message": {"text": _text(f"{issue.lot}: {issue.word}: {issue.message}")},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"name": issue.lot, "kind": "lot"}],
                "properties": {key: value for key, value in place.items() if value is not None},
            }
        ],
        # GitHub knows the first alone, and would compute it from lines that a PDF has not.
        "partialFingerprints": {
            "primaryLocationLineHash": issue.fingerprint,
            "qcvalidate/v1": issue.fingerprint,
        },
        "properties": {
            "outcome": issue.word,
            **({"criterion": issue.criterion} if issue.criterion else {}),
        },
    }


def _rest(left: Sequence[Issue], index: int) -> dict[str, object]:
    """Say that there is more, as gravely as the gravest of what was left out."""
    told = plural(len(left), "more result is left out", "more results are left out")
    level = left[0].level if left else Level.NOTE
    return {
        "ruleId": NO_RULE,
        "ruleIndex": index,
        "level": level.value,
        "message": {"text": f"{told}: a run may have {_MOST}; --format json has them all"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": ".", "uriBaseId": _ROOT}}}],
        "partialFingerprints": {"primaryLocationLineHash": "rest", "qcvalidate/v1": "rest"},
    }


def _artifacts(run: Run) -> list[dict[str, object]]:
    """List the papers that were read, each with its SHA-256; one that did not open has none."""
    papers = {
        path_of(assessment, source.path): source.sha256
        for assessment in run.assessments
        for source in assessment.inputs
    }
    return [
        {
            "location": {"uri": _uri(path), "uriBaseId": _ROOT},
            **({"hashes": {"sha-256": sha256}} if sha256 else {}),
        }
        for path, sha256 in papers.items()
    ]


def _about(run: Run) -> dict[str, object]:
    return {
        "verdict": run.verdict.value,
        "as_of": run.as_of,
        "lots": [
            {
                "lot": name_of(assessment),
                "path": said(assessment.path, SHORT),
                "scope": assessment.scope.value,
                "verdict": verdict_of(assessment),
            }
            for assessment in run.assessments
        ],
    }


def _uri(path: str) -> str:
    """Write a relative URI; a colon or two slashes in front would make it an absolute one."""
    return quote(path.lstrip("/"), safe="/", errors="surrogatepass") or "."


def _text(text: str) -> str:
    """Keep brackets from being a link (SARIF 2.1.0, 3.11.6)."""
    return re.sub(r"([\\\[\]])", r"\\\1", text)
