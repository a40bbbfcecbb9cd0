"""The values that travel from a document to a verdict: words, places, fields, findings, records.

Nothing here reads, judges or prints. Every value keeps the `Place` that it came from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

# The header fields that a certificate or an export may carry (ISO/IEC 17025:2017, 7.8.2.1).
HEADER_FIELDS = (
    "title",
    "laboratory",
    "accreditation",
    "report_number",
    "replaces",
    "client",
    "lot",
    "sample_id",
    "product",
    "din",
    "patient_id",
    "date_sampled",
    "date_received",
    "date_started",
    "date_completed",
    "date_issued",
    "method",
    "conclusion",
    "signed_by",
    "signed_on",
    "status",
)


# What read a label of the lot, which nobody signs.
LABEL_READER = "labels"


class State(StrEnum):
    """How sure we are that the document says what we read; only `CONFIRMED` may support a pass."""

    CONFIRMED = "confirmed"
    SINGLE_SOURCE = "single_source"
    CONFLICT = "conflict"
    AMBIGUOUS = "ambiguous"


class Status(StrEnum):
    """How far the laboratory says that a result has come."""

    FINAL = "final"
    PRELIMINARY = "preliminary"
    AMENDED = "amended"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """What was tested; the growth of a control is never the sample's."""

    SAMPLE = "sample"
    NEGATIVE_CONTROL = "negative_control"
    POSITIVE_CONTROL = "positive_control"
    BLANK = "blank"
    STANDARD = "standard"


class Severity(StrEnum):
    """What a finding does to its lot, worst first."""

    FAIL = "fail"
    HOLD = "hold"
    WARNING = "warning"
    INFORMATION = "information"
    WAIVED = "waived"  # by the lot's waivers.yaml; the finding keeps what it was


@dataclass(frozen=True)
class Place:
    """Where a value stands: a document, its page (counted from 1) and a region on it.

    `region` is, for a PDF, `"x0,y0,x1,y1"` in points from the page's top left corner; for a
    table, the cell (`"Sheet1!B14"` or `"row 14 “Viability (%)”"`); for a list-mode file, the
    gate (`"gate Cells/Singlets/Viable"`) or keyword (`"keyword $TOT"`); for lot.yaml, the key.
    """

    path: str
    page: int | None = None
    region: str | None = None

    def __str__(self) -> str:
        """Say the place in the analyst's words; a PDF's coordinates are left to the machine."""
        words = [self.path]
        if self.page is not None:
            words.append(f"page {self.page}")
        if self.region is not None and not _is_box(self.region):
            words.append(self.region)
        return " ".join(words)


def _is_box(region: str) -> bool:
    return region.replace(",", "").replace(".", "").replace("-", "").isdigit()


@dataclass(frozen=True)
class Field:
    """One header field: the text as printed, our reading of it, and where it stands.

    `value` is normalised text (a date is ISO 8601); None when the text could not be read
    safely, and then `state` is not `CONFIRMED`.
    """

    text: str
    value: str | None
    place: Place
    state: State = State.CONFIRMED


@dataclass(frozen=True)
class Waiver:
    """One entry of a lot's waivers.yaml: who lets which departure be, why, and until when.

    `rule` is a rule's code or slug as written. `criterion` is None for a finding's rule;
    `document` names the paper where the rule's findings stand in several; `observed` are the
    results that were waived, as the report prints them.
    """

    rule: str
    reason: str
    approver: str
    deviation: str
    approved: dt.date
    expires: dt.date
    place: Place
    criterion: str | None = None
    document: str | None = None
    observed: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say in words who waived it, under which deviation, until when and why."""
        return f"deviation {self.deviation}, {self.approver}, until {self.expires}: {self.reason}"


@dataclass(frozen=True)
class Finding:
    """Something that a reader of the report must know, with the slug of the rule behind it.

    A waived one says with `waiver` by what, and with `original` how severe it was.
    """

    slug: str
    severity: Severity
    message: str
    place: Place
    waiver: Waiver | None = None
    original: Severity | None = None


@dataclass(frozen=True)
class Source:
    """Which bytes were read, and by which reader."""

    path: str
    sha256: str
    kind: str
    reader: str


@dataclass(frozen=True)
class Acquisition:
    """Which list-mode file: what an analysis says of the one it is of, or a file of itself.

    `names` are those of the file, tube and sample, as printed; `guid` is the keyword that an
    instrument writes once for each file, `total` the number of all events (`$TOT`). `about` is what
    else names what is in the tube: specimen, experiment, patient; `lot` what the lot's own keyword
    says, and `day` the day where there is no time of it.
    """

    names: tuple[str, ...] = ()
    guid: str | None = None
    total: int | None = None
    measured_at: dt.datetime | None = None
    about: tuple[str, ...] = ()
    lot: str | None = None
    day: dt.date | None = None


@dataclass(frozen=True)
class Share:
    """A percentage as an analysis printed it, and the path of the population that is 100 %."""

    of: tuple[str, ...]
    percent: Decimal
    text: str


@dataclass(frozen=True)
class Reported:
    """What an analysed export says of one population of one sample.

    `path` are the names of its ancestors from the root, and its own; () stands for all events.
    `count` is None where the software gives none, or never computed it. `doubt` says what is
    wrong with its numbers. `origin` is what the analysis says of the list-mode file behind it.
    """

    sample: str
    path: tuple[str, ...]
    place: Place
    count: int | None = None
    shares: tuple[Share, ...] = ()
    measured_at: dt.datetime | None = None
    doubt: str | None = None
    origin: Acquisition | None = None


@dataclass(frozen=True)
class GateShare:
    """The events of one gate of a plot, and its exact 95 % interval in % of the parent."""

    name: str
    count: int
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class GatePlot:
    """Event density of a gate's parent on the gate's own axes, and the gate drawn on it.

    `counts` is (height, width) of events, row 0 at the bottom of the y axis; one row is a
    histogram, and without any there is nothing to draw: a boolean gate has no axes. All
    coordinates are in axis units: `x` and `y` run from 0 to 1 along the drawn range. A tick
    without a label is a minor one.

    `definition` says what the gate asks for, `interval` is that of its share in %. Quadrants
    share a plot: `shares` tells each of them, in the order of the `outlines`.
    """

    path: str
    population: str
    parent: str
    count: int
    parent_count: int
    x_label: str
    y_label: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    counts: npt.NDArray[np.uint32]
    outlines: tuple[tuple[tuple[float, float], ...], ...]
    definition: str = ""
    interval: tuple[float, float] | None = None
    shares: tuple[GateShare, ...] = ()


@dataclass(frozen=True)
class CellCount:
    """How the cells of a test were counted in a list-mode file, or why they were not (`refused`).

    `value` and its 95 % interval are in `unit`. `stated` is what a person declared of the tube,
    in words: the beads' lot and number, the volume, the dilution, the errors.
    """

    test: str
    path: str
    population: str
    method: str
    unit: str
    value: Decimal | None = None
    interval: tuple[float, float] | None = None
    cells: int | None = None
    beads: int | None = None
    bead_population: str = ""
    stated: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class DetectorQuality:
    """How one detector behaved during an acquisition; None where it could not be evaluated.

    `drift_decades` is its largest change, of which `kind` is drift, step or stretch; `first` and
    `last` are its stretch as shares of the events in order of time, `since` and `until` the same
    in seconds. `certain` says that counting alone does not explain it. The shares at the ends are
    in % of the events.
    """

    name: str
    marker: str | None
    at_maximum_pct: float | None
    at_minimum_pct: float
    drift_decades: float | None = None
    kind: str | None = None
    first: float = 0.0
    last: float = 1.0
    since: float | None = None
    until: float | None = None
    certain: bool = False


@dataclass(frozen=True)
class AcquisitionQuality:
    """How one list-mode file was acquired; every number is None where it could not be evaluated.

    Times are in seconds, None as well where `$TIMESTEP` does not say what a unit of time is. The
    rates are shares of the median rate, the certain ones beyond chance; each span of time and the
    longest gap say where they are.
    `not_evaluated` maps a quality to the reason why it is not.
    """

    path: str
    region: str | None
    events: int
    instrument: str | None
    serial: str | None
    acquired: dt.date | None
    duration: float | None = None
    rate: float | None = None
    rate_deviation_pct: float | None = None
    slow: float | None = None
    slow_at: tuple[float, float] = (0.0, 0.0)
    slow_certain: bool = False
    fast: float | None = None
    fast_at: tuple[float, float] = (0.0, 0.0)
    fast_certain: bool = False
    gap: float | None = None
    gap_at: float = 0.0
    gaps_pct: float | None = None
    reversals: int | None = None
    set_back: bool = False
    doublets_pct: float | None = None
    debris_pct: float | None = None
    detectors: tuple[DetectorQuality, ...] = ()
    not_evaluated: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where the acquisition stands, for findings."""
        return Place(self.path, region=self.region)


@dataclass(frozen=True)
class UnreadResult:
    """What looks like a result, under a name that is no test's; `is_number` of a number."""

    name: str
    is_number: bool
    place: Place


@dataclass(frozen=True)
class Record:
    """What one document says.

    `header` maps names of `HEADER_FIELDS` to fields; `observations` has the shape of
    `qcvalidate.frames.Observations`. `populations` is the table of a gated list-mode file
    (`qcvalidate.frames.Populations`), None for other documents.

    `samples` is what is to be told of each sample of an instrument's export, by the sample's
    name; None for any other document. Such an export may hold the samples of many lots, so only
    what is told of this lot's counts. `reported` are the populations of an analysed export.
    `unread` are results of a table whose names nobody knows.
    `acquired` says which list-mode file was gated, `acquisition` how it was acquired.
    """

    source: Source
    header: Mapping[str, Field]
    observations: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    populations: pd.DataFrame | None = None
    plots: tuple[GatePlot, ...] = field(default=(), compare=False)
    samples: Mapping[str, tuple[Finding, ...]] | None = None
    reported: tuple[Reported, ...] = ()
    acquired: Acquisition | None = None
    acquisition: AcquisitionQuality | None = None
    cell_counts: tuple[CellCount, ...] = ()
    unread: tuple[UnreadResult, ...] = ()

    def stated(self, name: str) -> str | None:
        """Give a header field's value where it was read for certain, else None."""
        found = self.header.get(name)
        return found.value if found is not None and found.state is State.CONFIRMED else None

    def finding(
        self, slug: str, severity: Severity, message: str, name: str | None = None
    ) -> Finding:
        """Make a finding at a header field, or at the document as a whole."""
        found = self.header.get(name) if name else None
        return Finding(slug, severity, message, found.place if found else Place(self.source.path))
