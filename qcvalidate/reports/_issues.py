"""What pipelines are told of a run: what is not as it should be, how grave, and in which file.

A lot that does not pass always has an issue of the gravest kind, so that no list of issues is
empty that stands for a lot which is not well.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from qcvalidate.assessment import (
    MET,
    Assessment,
    CriterionResult,
    Importance,
    Outcome,
    Run,
    Scope,
    Verdict,
)
from qcvalidate.record import Finding, Place, Severity
from qcvalidate.reports._matters import (
    DOCUMENT_SCOPE,
    NOTHING_SHOWN,
    SHORT,
    Matter,
    located,
    matter_of,
    name_of,
    ranked,
    said,
    says_more,
)

_MANIFEST = "lot.yaml"
# Of these the rows are lines, unless a cell holds a line break.
_LINED = (".csv", ".tsv")
# What is told where no rule is behind it: a lot for which nothing speaks, a run without lots.
NO_RULE = "verdict"


class Level(StrEnum):
    """How grave an issue is: what fails or holds a lot, and what the verdict does not wait for."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Issue:
    """One thing that is not as it should be, in words that are safe to show.

    `code` and `slug` are the rule's; the code is None, and the slug `NO_RULE`, where there is
    none. `path` is where the paper lies seen from where the program ran; `line` is the line of a
    text file. `fingerprint` stays the same from run to run, whatever the result is.
    """

    level: Level
    word: str
    code: int | None
    slug: str
    lot: str
    criterion: str | None
    message: str
    path: str
    place: Place
    fingerprint: str

    @property
    def line(self) -> int | None:
        """Give the line of a text file, where the place is one of its rows."""
        row = re.match(r"row ([0-9]{1,7})\b", self.place.region or "")
        return int(row[1]) if row and self.path.lower().endswith(_LINED) else None


def run_issues(run: Run) -> list[Issue]:
    """List the issues of all lots, the gravest first, in the order of the lots."""
    found = [issue for assessment in run.assessments for issue in issues(assessment)]
    if not run.assessments:
        message = "HOLD: there is nothing to check, no lot was found"
        found = [_without_rule("no lot", Verdict.HOLD, message, Place("."), ".")]
    return sorted(_told_apart(found), key=lambda issue: list(Level).index(issue.level))


def issues(assessment: Assessment) -> list[Issue]:
    """List the issues of one lot, the gravest first; what was waived is none."""
    found = [issue for one in ranked(assessment) if (issue := _issue(assessment, one))]
    graves = any(issue.level is Level.ERROR for issue in found)
    if assessment.verdict is not Verdict.PASS and not graves:
        verdict, place = assessment.verdict, _own_place(assessment)
        message = f"{verdict.value}: {NOTHING_SHOWN}"
        where = path_of(assessment, place.path)
        found.insert(0, _without_rule(named(assessment), verdict, message, place, where))
    if assessment.scope is Scope.DOCUMENT and not found:
        # No issue at all would say that the lot is well, where a list has no other word for it.
        place = _own_place(assessment)
        told = f"{assessment.verdict.value}: {DOCUMENT_SCOPE}"
        where = path_of(assessment, place.path)
        note = _without_rule(name_of(assessment), assessment.verdict, told, place, where)
        found.append(replace(note, level=Level.NOTE))
    return found


def named(assessment: Assessment) -> str:
    """Name the lot; the verdict of one document must never be taken for its lot's."""
    scope = f" ({DOCUMENT_SCOPE})" if assessment.scope is Scope.DOCUMENT else ""
    return name_of(assessment) + scope


def path_of(assessment: Assessment, path: str) -> str:
    """Give a paper's path seen from where the program ran; where it lies elsewhere, its name."""
    if assessment.folder is not None:
        return PurePosixPath(assessment.folder, path).as_posix()
    found = located(assessment, path)
    elsewhere = PurePosixPath(found).is_absolute() or PureWindowsPath(found).drive
    if elsewhere or "://" in found:
        return PurePath(found).name
    return found


def _issue(assessment: Assessment, one: CriterionResult | Finding) -> Issue | None:
    level = _of_finding(one) if isinstance(one, Finding) else _of_result(one)
    if level is None:
        return None
    matter = matter_of(one)
    if isinstance(one, Finding):
        place, criterion = one.place, None
    else:
        place = one.evidence[0].place if one.evidence else _own_place(assessment)
        criterion = one.id
    return Issue(
        level=level,
        word=matter.word,
        code=matter.code,
        slug=matter.slug,
        lot=named(assessment),
        criterion=None if criterion is None else said(criterion, SHORT),
        message=_message(matter),
        path=path_of(assessment, place.path),
        place=place,
        fingerprint=_digest(
            assessment.lot or assessment.path, str(matter.code), criterion or "", place.path
        ),
    )


def _of_result(result: CriterionResult) -> Level | None:
    if result.outcome is Outcome.ALERT:
        return Level.WARNING
    if result.outcome in MET:
        return None
    if result.required:
        return Level.ERROR
    return Level.WARNING if result.importance is Importance.WARNING else Level.NOTE


def _of_finding(finding: Finding) -> Level | None:
    return _LEVELS.get(finding.severity)


_LEVELS = {
    Severity.FAIL: Level.ERROR,
    Severity.HOLD: Level.ERROR,
    Severity.WARNING: Level.WARNING,
    Severity.INFORMATION: Level.NOTE,
}


def _message(matter: Matter) -> str:
    words = matter.about
    if matter.limit:
        words += f", wanted {matter.limit}"
    if says_more(matter):
        words += f"; {matter.reason}"
    return f"{words} ({matter.where})" if matter.where else words


def _own_place(assessment: Assessment) -> Place:
    """Give the place of what no paper says: the lot's manifest, or the one document."""
    alone = assessment.scope is Scope.DOCUMENT and len(assessment.inputs) == 1
    return Place(assessment.inputs[0].path if alone else _MANIFEST)


def _without_rule(lot: str, verdict: Verdict, message: str, place: Place, path: str) -> Issue:
    return Issue(
        level=Level.ERROR,
        word=verdict.value,
        code=None,
        slug=NO_RULE,
        lot=lot,
        criterion=None,
        message=message,
        path=path,
        place=place,
        fingerprint=_digest(lot, NO_RULE, "", place.path),
    )


def _digest(*parts: str) -> str:
    # A length before each part: ("ab", "c") must not be ("a", "bc").
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _told_apart(found: list[Issue]) -> Iterator[Issue]:
    """Number the issues that one rule has with one file, which would be taken for one."""
    seen: Counter[str] = Counter()
    for issue in found:
        seen[issue.fingerprint] += 1
        number = seen[issue.fingerprint]
        if number == 1:
            yield issue
        else:
            yield replace(issue, fingerprint=_digest(issue.fingerprint, str(number)))
