"""Says which list-mode file of a lot each sample of an analysed export is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qcvalidate.identity import identity_key
from qcvalidate.lot import own_samples
from qcvalidate.manifest import Manifest
from qcvalidate.ownership import sample_key
from qcvalidate.record import Acquisition, Place, Record, Reported

Path = tuple[str, ...]


@dataclass(frozen=True)
class RawFile:
    """A list-mode file of the lot with the counts of its populations; () is all events."""

    path: str
    file: Acquisition
    counts: Mapping[Path, int]
    uncompensated: bool


@dataclass(frozen=True)
class AnalysedSample:
    """One sample of an analysed export, and its populations."""

    record: Record
    name: str
    populations: Mapping[Path, Reported]
    file: Acquisition

    @property
    def place(self) -> Place:
        """Where the sample begins."""
        return next(iter(self.populations.values())).place

    @property
    def said(self) -> str:
        """Name the sample in its file, for a message."""
        return f"{self.record.source.path}, sample “{self.name}”"


def raw_files(records: Sequence[Record], manifest: Manifest) -> list[RawFile]:
    """Give the gated list-mode files of the lot."""
    found = (_raw(record, manifest) for record in records)
    return [raw for raw in found if raw is not None]


def analysed_samples(records: Sequence[Record], manifest: Manifest) -> list[AnalysedSample]:
    """Give the lot's own samples of every analysed export."""
    return [one for record in records for one in _samples(record, manifest)]


def paired(
    samples: Sequence[AnalysedSample], files: Sequence[RawFile]
) -> dict[tuple[str, str], RawFile]:
    """Give each sample the file that it is of: by GUID, else name, else total, else the only one.

    A sample that could be of two files is of none of them for certain.
    """
    pairs = {}
    for sample in samples:
        one = sample.file
        names = {sample_key(name) for name in one.names}
        ways = (
            [raw for raw in files if one.guid and raw.file.guid == one.guid],
            [raw for raw in files if names & {sample_key(name) for name in raw.file.names}],
            [raw for raw in files if one.total and raw.file.total == one.total],
        )
        found = next((way[0] for way in ways if len(way) == 1), None)
        of_record = [other for other in samples if other.record is sample.record]
        if found is None and len(files) == 1 and len(of_record) == 1:
            found = files[0]
        if found is not None:
            pairs[sample.record.source.path, sample.name] = found
    return pairs


def differences(one: Acquisition, raw: RawFile) -> list[str]:
    """Say by what an analysis is of another file than the one that is here."""
    found = []
    if one.guid and raw.file.guid and one.guid != raw.file.guid:
        found.append(f"its GUID is {one.guid}, and {raw.path} has {raw.file.guid}")
    if one.total is not None and one.total != raw.file.total:
        found.append(f"it has {one.total} events, and {raw.path} has {raw.file.total}")
    mine, other = one.measured_at, raw.file.measured_at
    if mine and other and mine.date() != other.date():
        found.append(f"it was acquired on {mine.date()}, and {raw.path} on {other.date()}")
    return found


def _raw(record: Record, manifest: Manifest) -> RawFile | None:
    lot = record.stated("lot")
    if record.populations is None or record.acquired is None:
        return None
    if lot and manifest.lot and identity_key(lot) != identity_key(manifest.lot):
        # It was set aside, and holds the lot already.
        return None
    table = record.populations
    counts: dict[Path, int] = dict(zip(table["path"], table["count"], strict=True))
    counts[()] = record.acquired.total or 0
    bare = any(finding.slug == "uncompensated" for finding in record.findings)
    return RawFile(record.source.path, record.acquired, counts, bare)


def _samples(record: Record, manifest: Manifest) -> Iterator[AnalysedSample]:
    if not record.reported:
        return
    ours = own_samples(record, manifest)
    for name in dict.fromkeys(one.sample for one in record.reported if one.sample in ours):
        known = {one.path: one for one in record.reported if one.sample == name}
        said = [one.origin for one in known.values() if one.origin is not None]
        times = [one.measured_at for one in known.values() if one.measured_at is not None]
        origin = said[0] if said else Acquisition()
        root = known.get(())
        total = origin.total if root is None or root.count is None else root.count
        when = origin.measured_at or (times[0] if times else None)
        yield AnalysedSample(
            record, name, known, Acquisition((name, *origin.names), origin.guid, total, when)
        )
