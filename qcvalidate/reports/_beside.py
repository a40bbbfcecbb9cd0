"""Lays the papers of a lot side by side: what each says it is about, in words."""

from __future__ import annotations

from dataclasses import dataclass

from qcvalidate.assessment import Agreement, Assessment, Particulars, Stated
from qcvalidate.record import Severity
from qcvalidate.rules import rule

# The columns: how each is called, and the facts that stand in it.
COLUMNS = (
    ("Lot", ("lot",)),
    ("Sample", ("sample_id",)),
    ("Donation", ("din",)),
    ("Patient", ("patient_id",)),
    ("Product", ("product",)),
    (
        "Dates",
        (
            "recovered",
            "harvested",
            "thawed",
            "expires",
            "date_sampled",
            "date_received",
            "date_started",
            "date_completed",
            "date_issued",
        ),
    ),
)
_WORDS = {Agreement.SAME: "same", Agreement.DIFFERS: "DIFFERS", Agreement.UNREAD: "NOT CERTAIN"}
_OBJECTING = (Severity.FAIL, Severity.HOLD, Severity.WARNING, Severity.WAIVED)


@dataclass(frozen=True)
class Told:
    """One fact as the table shows it: `name` says which date it is, `word` how it stands."""

    name: str
    text: str
    word: str
    rules: tuple[str, ...]


def cells(assessment: Assessment, paper: Particulars) -> list[tuple[str, list[Told]]]:
    """Give the cells of a paper's row, each with its column; an empty one is not stated."""
    return [
        (column, [_told(assessment, one) for one in paper.stated if one.name in names])
        for column, names in COLUMNS
    ]


def _told(assessment: Assessment, one: Stated) -> Told:
    dated = one.name not in ("lot", "sample_id", "din", "patient_id", "product")
    found = [
        finding
        for finding in assessment.findings
        if one.place.region and finding.place == one.place and finding.severity in _OBJECTING
    ]
    rules = dict.fromkeys(
        f"rule {rule(finding.slug).code}" + (" (waived)" if finding.waiver else "")
        for finding in found
    )
    name = one.name.removeprefix("date_") if dated else ""
    return Told(name, one.text, _WORDS.get(one.agreement, ""), tuple(rules))
