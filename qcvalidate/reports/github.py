"""The report as workflow commands of GitHub Actions: annotations beside the files.

For standard output. Every line is a command, for a line that a document could begin would be one
of the document's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qcvalidate.assessment import Run, Scope
from qcvalidate.reports._issues import Issue, Level, run_issues
from qcvalidate.reports._matters import DISCLAIMER, DOCUMENT_SCOPE, plural, said, verdicts

MEDIA_TYPE = "text/plain"

# GitHub shows so many annotations of each kind for a step, and says nothing of the others.
_MOST = 10
_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}
# The closing line is a notice as well.
_ROOM = {Level.ERROR: _MOST, Level.WARNING: _MOST, Level.NOTE: _MOST - 1}


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run: the gravest issues, a count of the others, and the verdict."""
    found = run_issues(run)
    lines: list[str] = []
    for level in Level:
        lines += _annotations(level, [issue for issue in found if issue.level is level])
    return "\n".join([*lines, _closing(run), ""])


def _annotations(level: Level, found: Sequence[Issue]) -> Iterator[str]:
    room = _ROOM[level]
    shown = found if len(found) <= room else found[: room - 1]
    for issue in shown:
        rule = "" if issue.code is None else f" {issue.code} {issue.slug}"
        properties = {"file": said(issue.path), "title": f"{issue.lot}: {issue.word}{rule}"}
        if issue.line is not None:
            properties["line"] = str(issue.line)
        yield _command(level, properties, issue.message)
    if left := len(found) - len(shown):
        word = _COMMANDS[level]
        told = plural(left, f"more {word} is", f"more {word}s are")
        yield _command(level, {"title": "qcvalidate"}, f"{told} not shown here; see the report")


def _closing(run: Run) -> str:
    scope = any(assessment.scope is Scope.DOCUMENT for assessment in run.assessments)
    told = [verdicts(run), *([DOCUMENT_SCOPE] if scope else []), DISCLAIMER]
    title = f"qcvalidate {run.version}: {run.verdict.value}"
    return _command(Level.NOTE, {"title": title}, "; ".join(told))


def _command(level: Level, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[level]} {told}::{_data(message)}"


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
