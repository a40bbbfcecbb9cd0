"""What a specification says, as values: criteria with their limits, needs and authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from qcvalidate.assessment import Importance, Outcome, SpecificationIdentity
from qcvalidate.manifest import Manifest, Tube, stated_under
from qcvalidate.specification.acceptance import Acceptance
from qcvalidate.specification.guarding import Uncertainty, guarded
from qcvalidate.wording import key


@dataclass(frozen=True)
class ValidatedMethod:
    """A method that may read a culture on another day, and the report that validated it so."""

    names: tuple[str, ...]
    min_days: int
    validation: str

    def is_named_in(self, text: str) -> bool:
        """Say whether a printed method is this one: it holds one of the names as whole words."""
        said = f" {key(text)} "
        return any(f" {key(name)} " in said for name in self.names)


@dataclass(frozen=True)
class Culture:
    """How papers name a culture that takes its days, where other methods of the test take none.

    `apart` are words that hold one of the `names` and mean another thing: cell culture.
    """

    names: tuple[str, ...]
    apart: tuple[str, ...]
    min_days: int

    def is_named_in(self, text: str) -> bool:
        """Say whether a printed method, or a result, speaks of such a culture."""
        said = f" {key(text)} "
        for words in self.apart:
            said = said.replace(f" {key(words)} ", "  ")
        return any(f" {key(name)} " in said for name in self.names)


@dataclass(frozen=True)
class SpecimenNeeds:
    """When a donor's specimen is taken, and whose it is, as the donor panel says."""

    days_before: int
    days_after: int
    longer_days: int
    longer_tissues: tuple[str, ...]
    window_reference: str
    mother_tissues: tuple[str, ...]
    mother_reference: str
    screening_stated: bool
    screening_reference: str
    mother_age_days: int | None = None


@dataclass(frozen=True)
class EvidenceNeeds:
    """What an observation must bring besides its value before it may support a pass.

    `min_events` counts the population itself, `min_parent_events` the one that the percentage is
    of. `counted` wants the events behind a number, `names_dye` the dye that told the dead cells.
    `after_harvest` wants the sample no older than the lot's harvest,
    `before_harvest` a test that began before it. `min_replicates` counts the results of one
    document, `max_cv_pct` bounds their coefficient of variation. `methods` are read after days
    of their own in place of `min_days`. `within_mvd` wants an endotoxin test whose stated dilution
    and sensitivity can see the limit, `per_hour` holds its limit against the dose of an hour.
    `hours_before_harvest` is the window in which an in-process test begins, and `interim` lets one
    that is negative to date count after its `min_days`.
    `max_lod_cfu_per_ml` bounds the limit of detection that a mycoplasma paper states.
    `culture` is a method of a test that takes days, while its other methods need none.
    `includes_nrbc` says whether a count of nucleated cells is to hold the nucleated red ones.
    `specimen` is of a donor panel's line.
    """

    parts: tuple[str, ...] = ()
    min_days: int | None = None
    min_days_when_turbid: int | None = None
    max_hours_after_thaw: Decimal | None = None
    max_hours_after_harvest: Decimal | None = None
    min_events: int | None = None
    min_parent_events: int | None = None
    counted: bool = False
    names_dye: bool = False
    after_harvest: bool = False
    before_harvest: bool = False
    min_replicates: int | None = None
    max_cv_pct: Decimal | None = None
    methods: tuple[ValidatedMethod, ...] = ()
    specimen: SpecimenNeeds | None = None
    within_mvd: bool = False
    per_hour: bool = False
    hours_before_harvest: tuple[Decimal, Decimal] | None = None
    interim: bool = False
    max_lod_cfu_per_ml: Decimal | None = None
    culture: Culture | None = None
    includes_nrbc: bool | None = None

    def method_of(self, text: str | None) -> ValidatedMethod | None:
        """Find the validated method that a printed one is; of several, the longest reading."""
        named = [method for method in self.methods if text and method.is_named_in(text)]
        return max(named, key=lambda method: method.min_days, default=None)

    def days_of(self, text: str | None, result: str = "") -> int | None:
        """The days that a culture by this printed method is read after, at the least."""
        method = self.method_of(text)
        if method is None and self.culture and self.culture.is_named_in(f"{text or ''} . {result}"):
            return self.culture.min_days
        return self.min_days if method is None else method.min_days


@dataclass(frozen=True)
class Criterion:
    """One acceptance criterion, with its own identity and its authority.

    Any of `tests` may answer it, and each that does must meet it. `applies_when` maps facts of
    the manifest to the values for which the criterion applies. `either_or` says of several
    markers that the panel holds one or the other. `general` is a test that does not
    say by which marker (HIV): positive it fails the criterion, negative it answers nothing.
    """

    id: str
    title: str
    tests: tuple[str, ...]
    unit: str | None
    accept: Acceptance
    alert: Acceptance | None
    when_not_met: Outcome
    required_presence: bool
    applies_when: Mapping[str, tuple[str, ...]]
    needs: EvidenceNeeds
    reference: str
    importance: Importance
    either_or: bool = False
    uncertainty: Uncertainty | None = None
    is_guarded: bool = False
    general: str | None = None
    justification: str = ""

    @property
    def heard(self) -> frozenset[str]:
        """Give every test whose bad result fails the criterion."""
        return frozenset(self.tests) | ({self.general} if self.general else set())

    @cached_property
    def limit(self) -> str:
        """Say the limit in words, with its unit, and the acceptance limit where it is guarded."""
        inside = self.inside
        said = self.accept.words(self.unit)
        if inside is None or self.uncertainty is None or not self.is_guarded:
            return said
        return f"{inside.words(self.unit)} ({said}, guarded by {self.uncertainty.words(self.unit)})"

    @cached_property
    def inside(self) -> Acceptance | None:
        """The limits that lie the declared uncertainty inside these; None where none is."""
        return None if self.uncertainty is None else guarded(self.accept, self.uncertainty.width)


@dataclass(frozen=True)
class StagedRelease:
    """The declared plan under which a final result may follow the release."""

    plan: str
    requires: tuple[str, ...]
    call: str
    reference: str


# Per cent of a population. Software bins events before it gates them, so that no closer match of
# its counts with those of the raw events can be asked.
DEFAULT_TOLERANCE = Decimal("0.5")


@dataclass(frozen=True)
class AbsoluteCount:
    """How a test is answered by cells per volume, in `unit`.

    `method` is beads, volumetric or dual_platform. `cells` and `beads` are the paths of their
    populations; `fixed` is what the laboratory's method fixes for every tube. On two platforms,
    the test is the percentage `share` of the concentration `of`.
    """

    method: str
    unit: str
    cells: tuple[str, ...] = ()
    beads: tuple[str, ...] = ()
    min_beads: int = 1000
    fixed: Tube = field(default_factory=Tube)
    share: str | None = None
    of: str | None = None


@dataclass(frozen=True)
class AcquisitionLimits:
    """How a list-mode file must have been acquired; what is None is told and limits nothing.

    `instruments` are names (`$CYT`) or serial numbers (`$CYTSN`) of the cytometers that count.
    """

    min_events: int | None = None
    max_flow_rate_deviation_pct: Decimal | None = None
    max_gap_seconds: Decimal | None = None
    max_gaps_pct: Decimal | None = None
    max_time_reversals: int | None = None
    max_signal_drift_decades: Decimal | None = None
    max_at_range_maximum_pct: Decimal | None = None
    max_at_minimum_pct: Decimal | None = None
    max_doublets_pct: Decimal | None = None
    max_debris_pct: Decimal | None = None
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlLimits:
    """What the lot's control tubes must show: the share of a control that its gate may hold."""

    max_control_pct_in_gate: Decimal | None = None


@dataclass(frozen=True)
class LaboratoryNeeds:
    """What the laboratory must be whose papers answer these tests."""

    tests: tuple[str, ...]
    independent: bool = False
    accreditation: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Specification:
    """A product's criteria, and which populations of a gated file answer which test.

    `gates_lie_on` maps gates of those populations to the markers or scatter that they must lie on.
    `count_tolerance` is how far a reported population may lie from a recomputed one, in per cent
    of it.
    `departures` tells where a copy is looser than what it extends, each with its justification;
    `justifications` are those of what is no criterion of the copy's own, by criterion or key.
    """

    identity: SpecificationIdentity
    rounding: str
    signature_required: bool
    digital_signature_required: bool
    applies_to: Mapping[str, tuple[str, ...]]
    staged: StagedRelease | None
    criteria: tuple[Criterion, ...]
    populations: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    gating_strategies: tuple[str, ...] | None
    count_tolerance: Decimal = DEFAULT_TOLERANCE
    notes: str = ""
    absolute_counts: Mapping[str, AbsoluteCount] = field(default_factory=dict)
    gates_lie_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    acquisition: AcquisitionLimits = AcquisitionLimits()
    controls: ControlLimits = ControlLimits()
    laboratory: LaboratoryNeeds | None = None
    guidance: tuple[str, ...] = ()
    justifications: Mapping[str, str] = field(default_factory=dict)
    departures: tuple[tuple[str, str], ...] = ()

    def unfit(self, manifest: Manifest) -> list[str]:
        """Say in words which facts of the lot this specification is not meant for."""
        return unmet(self.applies_to, manifest)


def unmet(conditions: Mapping[str, tuple[str, ...]], manifest: Manifest) -> list[str]:
    """Say which of these conditions the lot's facts do not meet; an unstated fact meets none."""
    words = []
    for fact, allowed in conditions.items():
        value = manifest.facts.get(fact)
        if value not in allowed:
            unstated = f"lot.yaml does not state it (`{stated_under(fact)}`)"
            stated = unstated if value is None else f"this lot's is {value}"
            words.append(f"{fact.replace('_', ' ')} {' or '.join(allowed)}; {stated}")
    return words
