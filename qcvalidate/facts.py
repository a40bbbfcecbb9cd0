"""What is known of a lot besides its verdict: values for what a patient or a client is given.

They travel in an assessment, and judge nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Paper:
    """Who reported results of the lot, and when, as far as the paper says it for certain.

    `path` is the document's; the others are named as `record.HEADER_FIELDS`, dates in ISO 8601.
    """

    path: str
    title: str | None = None
    laboratory: str | None = None
    accreditation: str | None = None
    report_number: str | None = None
    client: str | None = None
    sample_id: str | None = None
    method: str | None = None
    date_sampled: str | None = None
    date_received: str | None = None
    date_started: str | None = None
    date_completed: str | None = None
    date_issued: str | None = None
    signed_by: str | None = None


@dataclass(frozen=True)
class Answer:
    """One result of the lot's own sample that counts, as printed, with when and how it was made.

    `share` is a percentage that was read for certain and is final, None for all else.
    """

    test: str
    result: str
    unit: str | None
    path: str
    part: str | None = None
    method: str | None = None
    started: dt.date | None = None
    ended: dt.date | None = None
    measured_at: dt.datetime | None = None
    share: Decimal | None = None


@dataclass(frozen=True)
class Asked:
    """What a criterion asks: its tests, the family of the first, and whether it is guarded."""

    tests: tuple[str, ...]
    family: str
    guarded: bool = False


@dataclass(frozen=True)
class Facts:
    """What lot.yaml and the papers say of a lot; every part is None or empty where none does.

    `stated` are relation, tissue, manipulation, cryopreserved and route as in lot.yaml.
    `same_day` says whether the cells were made on the day on which they were taken.
    `live_cells` and `nucleated_cells` are those of the whole dose. `asked` has each criterion by
    its id.
    """

    stated: Mapping[str, str] = field(default_factory=dict)
    clinic: str | None = None
    din: str | None = None
    guidance: str | None = None
    recovered: dt.date | None = None
    harvested: dt.datetime | None = None
    thawed: dt.datetime | None = None
    expires: dt.date | None = None
    volume_mL: Decimal | None = None  # noqa: N815 - the unit's own spelling
    same_day: bool = False
    live_cells: Decimal | None = None
    nucleated_cells: Decimal | None = None
    rounding: str = ""
    asked: Mapping[str, Asked] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    answers: tuple[Answer, ...] = ()

    def paper(self, path: str) -> Paper | None:
        """Find the paper of this path."""
        return next((paper for paper in self.papers if paper.path == path), None)


@dataclass(frozen=True)
class Clinic:
    """Who gives out the papers of a run, as the clinic's own clinic.yaml says.

    `customer` is who receives the certificates, where it is always the same. `templates` are the
    clinic's own, by the names of the files that they stand in for.
    """

    name: str
    address: tuple[str, ...] = ()
    contact: str = ""
    customer: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
