"""Keeps apart what an instrument's export says of each of its samples.

An export of a day holds the samples of many lots: the trouble of another lot's sample must not
hold this lot, and its own must not be lost among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from qcvalidate.documents import Document
from qcvalidate.frames import Observation, observations
from qcvalidate.identity import identity_key
from qcvalidate.record import Field, Finding, Place, Record, Reported, Severity, Source, State

__all__ = ["PerSample"]


@dataclass
class PerSample:
    """What has been read so far of one export: what is its own, and what is each sample's."""

    document: Document
    findings: list[Finding] = field(default_factory=list)
    samples: dict[str, list[Finding]] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    reported: list[Reported] = field(default_factory=list)

    def tell(self, slug: str, severity: Severity, what: str, region: str | None = None) -> None:
        """Add a finding about the export as a whole."""
        self.findings.append(self._finding(slug, severity, what, region))

    def tell_of(
        self, sample: str, slug: str, severity: Severity, what: str, region: str | None = None
    ) -> None:
        """Add a finding about one sample."""
        self.add(sample, [self._finding(slug, severity, what, region)])

    def add(self, sample: str, found: Iterable[Finding]) -> None:
        """Add what a reader of entries said about one sample."""
        self.samples.setdefault(sample, []).extend(found)

    def _finding(self, slug: str, severity: Severity, what: str, region: str | None) -> Finding:
        name = self.document.name
        where = f"{name} {region}" if region else name
        return Finding(slug, severity, f"{where}: {what}", Place(name, region=region))

    def record(self, reader: str, header: Mapping[str, Field] | None = None) -> Record:
        """Give the record; what the document's opener found comes first."""
        document = self.document
        return Record(
            source=Source(document.name, document.sha256, document.kind, reader),
            header=header or {},
            observations=observations(self.observations),
            findings=(*document.findings, *self.findings),
            samples={name: tuple(found) for name, found in self.samples.items()},
            reported=tuple(self.reported),
        )


def twins(names: Sequence[str], lots: Sequence[str]) -> list[list[int]]:
    """Group the places of names that are one sample of one lot, where there are several of it."""
    groups: dict[tuple[str, str], list[int]] = {}
    for at, (name, lot) in enumerate(zip(names, lots, strict=True)):
        if name.strip():
            groups.setdefault((identity_key(name), identity_key(lot)), []).append(at)
    return [places for places in groups.values() if len(places) > 1]


CONFLICT = State.CONFLICT.value
