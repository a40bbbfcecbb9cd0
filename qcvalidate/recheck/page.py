"""Shows on a terminal what came of very many lots: counts, and the first that do not pass."""

from __future__ import annotations

from collections.abc import Iterator

from qcvalidate.assessment import WORST_VERDICT_FIRST, Outcome
from qcvalidate.recheck.running import TOLD, Totals
from qcvalidate.reports._layout import shorten, visible
from qcvalidate.reports._matters import DISCLAIMER, plural
from qcvalidate.rules import rule
from qcvalidate.specification import Specification

SCOPE = "criteria of a table; papers were not read"
# Of a reason, in characters.
_LONGEST = 300


def render(totals: Totals, specification: Specification, files: int, encoding: str) -> str:
    """Render the whole run, in characters that a stream of this encoding takes."""
    text = "\n".join([*_lines(totals, specification, files), DISCLAIMER, ""])
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _lines(totals: Totals, specification: Specification, files: int) -> Iterator[str]:
    identity, count = specification.identity, sum(totals.verdicts.values())
    worst = next((one.value for one in WORST_VERDICT_FIRST if totals.verdicts[one]), "HOLD")
    counted = f"{plural(count, 'lot', 'lots')} of {plural(files, 'file', 'files')}"
    yield f"{worst}: {counted} against {identity.id} {identity.version} ({SCOPE})"
    if not count:
        yield "  there is nothing to judge, no lot was found"
        return
    shown = (f"{one.value} {totals.verdicts[one]}" for one in reversed(WORST_VERDICT_FIRST))
    yield f"  lots: {', '.join(shown)}"
    yield ""
    yield from _criteria(totals, specification)
    if totals.findings:
        yield ""
        yield "What was found besides, by lots:"
        for slug, lots in totals.findings.most_common():
            known = rule(slug)
            yield f"  {lots:>9}  {known.code} {known.slug}: {known.title}"
    if totals.open_lots:
        yield ""
        others = count - totals.verdicts[WORST_VERDICT_FIRST[-1]]
        first = f"The first {len(totals.open_lots)} of " if others > TOLD else "The "
        yield f"{first}{plural(others, 'lot', 'lots')} that do not pass:"
        for one in totals.open_lots:
            yield f"  {one.verdict.value} {visible(one.lot)}"
            yield from (f"    {shorten(visible(reason), _LONGEST)}" for reason in one.reasons)
    yield ""


def _criteria(totals: Totals, specification: Specification) -> Iterator[str]:
    seen = {outcome for _, outcome in totals.outcomes}
    outcomes = [one.value for one in Outcome if one.value in seen]
    width = max((len(one.id) for one in specification.criteria), default=0)
    yield f"{'criterion':<{width}}  " + "  ".join(f"{one:>9}" for one in outcomes)
    for criterion in specification.criteria:
        counts = (totals.outcomes[criterion.id, one] for one in outcomes)
        cells = "  ".join(
            f"{count or '-':>{max(9, len(one))}}"
            for count, one in zip(counts, outcomes, strict=True)
        )
        yield f"{criterion.id:<{width}}  {cells}"
