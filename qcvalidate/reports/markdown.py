"""The report as Markdown, for the summary of a job and the comment on a merge request.

It always fits a comment on GitHub, and so any job's summary; what is beyond is counted. The lots
that need a person come first, so that what is cut are the others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from qcvalidate.assessment import WORST_VERDICT_FIRST, Assessment, Run, Scope, Verdict
from qcvalidate.reports._matters import (
    DISCLAIMER,
    DOCUMENT_SCOPE,
    SHORT,
    Matter,
    first_reason,
    matters,
    meaning,
    name_of,
    plural,
    said,
    says_more,
    specification_of,
    tally,
    verdict_of,
    verdicts,
)

MEDIA_TYPE = "text/markdown"

# A comment on GitHub has at most 65,536 characters (a summary 1 MiB). Bytes are counted, which
# are never fewer, and a rest is kept for the lines that say what was cut.
_MOST = 64_000
_ICONS = {
    Verdict.PASS: "✅",
    Verdict.FAIL: "❌",
    Verdict.CONDITIONAL: "⏳",
    Verdict.HOLD: "✋",
}


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run: a line for each lot, then what each lot needs."""
    lots = sorted(run.assessments, key=lambda one: WORST_VERDICT_FIRST.index(one.verdict))
    verdict = f"{_ICONS[run.verdict]} **{run.verdict.value}**"
    heading = _verdict(lots[0]) if len(lots) == 1 else verdict
    lines = [f"## qcvalidate: {heading}", "", _text(f"{verdicts(run)}.")]
    room = _MOST
    if len(lots) > 1:
        table = list(_within(_rows(lots), room // 2))
        left = lots[len(table) - 2 :]
        lines += ["", *table, *(["", _left(left, "lot is", "lots are")] if left else [])]
    room -= sum(map(_bytes, lines))
    lines += _details(lots, room) if lots else ["", "There is nothing to check, no lot was found."]
    closing = f"{DISCLAIMER} qcvalidate {run.version}, as of {run.as_of.isoformat()}."
    return "\n".join([*lines, "", closing, ""])


def _rows(lots: Iterable[Assessment]) -> Iterator[str]:
    yield "| Lot | Verdict | Why |"
    yield "|---|---|---|"
    for one in lots:
        reason = said(first_reason(one), 2 * SHORT)
        yield _row(_text(name_of(one)), _verdict(one), _text(reason))


def _details(lots: Sequence[Assessment], room: int) -> list[str]:
    lines: list[str] = []
    for number, one in enumerate(lots):
        about = list(_about(one))
        found = [_of_matter(matter) for matter in matters(one)]
        room -= sum(map(_bytes, about))
        shown = list(_within(found, room))
        # A lot is begun only where its gravest matter has room.
        if room < 0 or (found and not shown):
            rest = lots[number:]
            return [*lines, "", _left(rest, "lot is", "lots are")]
        room -= sum(map(_bytes, shown))
        lines += [*about, *(shown if found else [])]
        if left := len(found) - len(shown):
            told = plural(left, "more line of this lot is", "more lines of this lot are")
            lines += ["", f"{told} not shown here; see another report."]
    return lines


def _about(one: Assessment) -> Iterator[str]:
    yield from ("", f"### {_text(name_of(one))}: {_verdict(one)}", "")
    yield _text(meaning(one))
    yield from ("", _text(f"Specification: {specification_of(one)}. {tally(one.results)}."))
    if matters(one):
        yield from ("", "| | Rule | What | Wanted | Where |", "|---|---|---|---|---|")


def _of_matter(matter: Matter) -> str:
    what = f"{matter.about}; {matter.reason}" if says_more(matter) else matter.about
    aside = "" if matter.required else " (not waited for)"
    word = matter.word if matter.finding else f"{matter.word}{aside}"
    rule = f"{matter.code} {matter.slug}"
    return _row(f"**{word}**", rule, _text(what), _text(matter.limit), _text(matter.place))


def _verdict(one: Assessment) -> str:
    scope = f" ({DOCUMENT_SCOPE})" if one.scope is Scope.DOCUMENT else ""
    return f"{_ICONS[one.verdict]} **{verdict_of(one)}**{scope}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _left(lots: Sequence[Assessment], one: str, many: str) -> str:
    counted = Counter(assessment.verdict for assessment in lots)
    told = ", ".join(
        f"{counted[kind]} {kind.value}" for kind in WORST_VERDICT_FIRST if counted[kind]
    )
    left = plural(len(lots), f"more {one}", f"more {many}")
    return f"**{left} not shown here ({told}); see another report.**"


def _within(lines: Iterable[str], room: int) -> Iterator[str]:
    for line in lines:
        room -= _bytes(line)
        if room < 0:
            return
        yield line


def _bytes(line: str) -> int:
    return len(line.encode("utf-8")) + 1


def _text(text: str) -> str:
    r"""Write a text so that every renderer shows it as it is: no markup, link or mention.

    Services make mentions and emoji of what is left after escapes are undone, so an empty comment
    stands behind their signs.

    >>> _text("a|b *c* @all"), _text("www.example.org")
    ('a\\|b \\*c\\* @<!-- -->all', 'www\\.example.org')
    """
    escaped = re.sub(r"([\\`*_{}\[\]<>()!|~&$^])", r"\\\1", text)
    escaped = re.sub(r"(?i)\b(www)\.", r"\1\\.", escaped)
    # GitLab has %milestones and GitHub GH-12; a percentage has nothing behind its sign.
    return re.sub(r"(?i)([@#]|:(?=[a-z/+-])|%(?=[\w\"])|\bGH-(?=\d))", r"\1<!-- -->", escaped)
