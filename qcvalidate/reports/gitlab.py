"""The report as GitLab code quality, which merge requests show beside the files.

The list is empty where every lot passes and nothing is to be told: GitLab compares it with the
target branch's. What was waived is left out.
"""

from __future__ import annotations

from qcvalidate.assessment import Run, Verdict
from qcvalidate.reports._contracts import document
from qcvalidate.reports._issues import Issue, Level, run_issues
from qcvalidate.reports._matters import said

MEDIA_TYPE = "application/json"

_SEVERITIES = {Level.ERROR: "critical", Level.WARNING: "minor", Level.NOTE: "info"}


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run as one list, the gravest first."""
    return document([_of_issue(issue) for issue in run_issues(run)])


def _of_issue(issue: Issue) -> dict[str, object]:
    fails = issue.level is Level.ERROR and issue.word == Verdict.FAIL.value
    rule = issue.slug if issue.code is None else f"{issue.code}-{issue.slug}"
    return {
        "description": f"{issue.lot}: {issue.word}: {issue.message}",
        "check_name": f"qcvalidate/{rule}",
        "fingerprint": issue.fingerprint,
        "severity": "blocker" if fails else _SEVERITIES[issue.level],
        # GitLab wants a line of every file; a page or a cell is told in the description.
        "location": {"path": said(issue.path), "lines": {"begin": issue.line or 1}},
    }
