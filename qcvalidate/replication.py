"""Asks how often a test was repeated, and how far its results lie apart.

Each replicate is held against the limit on its own, so that no mean hides one that fails (FDA,
Investigating out-of-specification test results, 2022); where each is within the limits, so is
their mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from statistics import mean, stdev

from qcvalidate.assessment import Outcome
from qcvalidate.figures import plain
from qcvalidate.frames import Observation
from qcvalidate.record import Status
from qcvalidate.specification import EvidenceNeeds
from qcvalidate.sufficiency import Judgement


def unrepeatable(live: Sequence[Observation], needs: EvidenceNeeds) -> Judgement | None:
    """Give the judgement of a test that was repeated too seldom, or varies too much.

    Replicates stand in one document: two papers may print one measurement. The coefficient of
    variation is the sample standard deviation over the mean.
    """
    if needs.min_replicates is None and needs.max_cv_pct is None:
        return None
    documents: dict[tuple[str, str | None, str | None], list[Observation]] = defaultdict(list)
    for row in live:
        # What is not final may change, and is no replicate yet.
        final = row.status != Status.PRELIMINARY
        if final and row.lower is not None and row.lower == row.upper:
            documents[row.source, row.test, row.unit].append(row)
    found = max(documents.values(), key=len, default=[])
    wanted = needs.min_replicates or 2
    if len(found) < wanted:
        reason = f"{len(found)} of {wanted} replicates with a value in one document"
        return Judgement(Outcome.INDETERMINATE, "incomplete", reason, (found or live)[0])
    for rows in documents.values():
        varies = _variation(rows)
        if needs.max_cv_pct is None or varies is None or varies <= needs.max_cv_pct:
            continue
        reason = (
            f"{len(rows)} replicates in {rows[0].source} vary by {plain(round(varies, 1))} % (CV); "
            f"at most {plain(needs.max_cv_pct)} %"
        )
        return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, rows[0])
    return None


def _variation(rows: Sequence[Observation]) -> Decimal | None:
    values = [row.lower for row in rows if row.lower is not None]
    middle = mean(values) if values else Decimal(0)
    if len(values) < 2:
        return None
    return Decimal("Infinity") if middle == 0 else 100 * stdev(values) / middle
