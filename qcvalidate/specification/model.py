"""What a specification says, as values: criteria with their limits, needs and authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from qcvalidate.assessment import Importance, Outcome, SpecificationIdentity
from qcvalidate.manifest import Manifest

# What a limit may say; `criteria.py` gives each its meaning. The words are for the report.
VERBS = {
    "at_least": "at least {}",
    "more_than": "more than {}",
    "at_most": "at most {}",
    "less_than": "less than {}",
    "within": "{} to {}",
    "one_of": "{}",
}
UPPER_LIMITS = ("at_most", "less_than")
LOWER_LIMITS = ("at_least", "more_than")


@dataclass(frozen=True)
class Acceptance:
    """One verb with its limits as written; their digits decide the rounding."""

    verb: str
    limits: tuple[str, ...]

    def words(self, unit: str | None) -> str:
        """Say the limit as a person would: `at least 70 %`."""
        shown = [" or ".join(self.limits)] if self.verb == "one_of" else list(self.limits)
        text = VERBS[self.verb].format(*shown)
        return f"{text} {unit}" if unit else text


@dataclass(frozen=True)
class EvidenceNeeds:
    """What an observation must bring besides its value before it may support a pass.

    `min_events` counts the population itself, `min_parent_events` the one that the percentage is
    of. `after_harvest` wants the sample no older than the lot's harvest,
    `before_harvest` a test that began before it.
    """

    parts: tuple[str, ...] = ()
    min_days: int | None = None
    min_days_when_turbid: int | None = None
    max_hours_after_thaw: Decimal | None = None
    min_events: int | None = None
    min_parent_events: int | None = None
    after_harvest: bool = False
    before_harvest: bool = False


@dataclass(frozen=True)
class Criterion:
    """One acceptance criterion, with its own identity and its authority.

    Any of `tests` may answer it, and each that does must meet it. `applies_when` maps facts of
    the manifest to the values for which the criterion applies.
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
    justification: str = ""

    @property
    def limit(self) -> str:
        """Say the acceptance limit in words, with its unit."""
        return self.accept.words(self.unit)


@dataclass(frozen=True)
class StagedRelease:
    """The declared plan under which a final result may follow the release."""

    plan: str
    requires: tuple[str, ...]
    call: str
    reference: str


@dataclass(frozen=True)
class Specification:
    """A product's criteria, and which populations of a gated file answer which test.

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
    notes: str = ""
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
            stated = "lot.yaml does not state it" if value is None else f"this lot's is {value}"
            words.append(f"{fact.replace('_', ' ')} {' or '.join(allowed)}; {stated}")
    return words
