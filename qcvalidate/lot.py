"""Gathers the records of one lot: whose papers they are, which count, what their dates say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from qcvalidate.chronology import date_findings, expiry_findings, row_findings, unborn_findings
from qcvalidate.donors import with_specimen
from qcvalidate.frames import Observation, checked, observations, rows
from qcvalidate.identifiers import manifest_findings, paper_findings
from qcvalidate.identity import (
    identity_key,
    is_near,
    looks_alike,
    names_control,
    other_of_its_shape,
)
from qcvalidate.manifest import Manifest
from qcvalidate.masking import mask
from qcvalidate.ownership import owned
from qcvalidate.record import LABEL_READER, Finding, Place, Record, Role, Severity
from qcvalidate.sampling import sampling_findings
from qcvalidate.supersession import current
from qcvalidate.tubes import tube_findings

_STATISTIC = re.compile(
    r"%?\s*(?:sd|stdev|std\.?(?: dev(?:iation)?)?|standard deviation|cv|rsd|sem|min(?:imum)?"
    r"|max(?:imum)?|range|n)\s*%?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Gathered:
    """What the papers of one lot say about it: its observations alone, and the findings."""

    observations: pd.DataFrame
    findings: tuple[Finding, ...]


def gather(
    records: Sequence[Record],
    manifest: Manifest,
    *,
    as_of: dt.date,
    signature_required: bool,
    final: Collection[str] = (),
    of_cells: Collection[str] = (),
) -> Gathered:
    """Keep the observations that are this lot's and still count; say what was set aside and why.

    `manifest.lot` is None for a single document that names no lot, or several: then nothing can
    be said to be about it. `final` are the tests that want a sample of the final product,
    `of_cells` those of the lot's own cells.
    """
    counting, findings = current(records)
    findings += _sample_conflicts(records)
    kept: list[Observation] = []
    for record in counting:
        own, said = _own_rows(record, manifest)
        kept += [with_specimen(record, row) for row in own]
        findings += said
        findings += paper_findings(record, manifest)
        findings += sample_findings(record, own, manifest)
        findings += method_findings(own)
        findings += tube_findings(record, manifest, _names_of(record, manifest))
        findings += sampling_findings(record, own, manifest, final)
        findings += date_findings(record, as_of)
        if signature_required:
            findings += _signature_findings(record)
    findings += row_findings(kept, as_of)
    findings += unborn_findings(kept, manifest, of_cells)
    findings += expiry_findings(manifest, as_of)
    findings += manifest_findings(manifest)
    return Gathered(checked(observations(kept)), tuple(findings))


def _sample_conflicts(records: Sequence[Record]) -> Iterator[Finding]:
    """One sample cannot be of two lots."""
    lots: dict[str, tuple[str, Record]] = {}
    for record in records:
        if record.samples is not None:
            # The samples of other lots are named as they please; `ownership` looks at this lot's.
            continue
        header = (record.stated("lot"), record.stated("sample_id"))
        pairs = {(row.lot or header[0], row.sample_id) for row in rows(record.observations)}
        for lot, sample in sorted({*pairs, header}, key=str):
            if lot is None or sample is None:
                continue
            known, where = lots.setdefault(identity_key(sample), (lot, record))
            if identity_key(known) != identity_key(lot):
                message = (
                    f"sample {sample!r} is of lot {lot!r} here, and of lot {known!r} in "
                    f"{where.source.path}"
                )
                yield record.finding("sample-conflict", Severity.HOLD, message, "sample_id")


def _own_rows(record: Record, manifest: Manifest) -> tuple[list[Observation], list[Finding]]:
    """Give the rows that are about this lot, each under the lot's own number."""
    if record.samples is not None:
        return _own_samples(record, manifest)
    wanted = identity_key(manifest.lot) if manifest.lot else None
    header = record.stated("lot")
    own, others, unstated = [], [], []
    for row in rows(record.observations):
        lot = row.lot or header
        if lot is None:
            unstated.append(row)
        elif identity_key(lot) == wanted:
            own.append(replace(row, lot=manifest.lot))
        else:
            others.append((lot, row))
    stated = sorted({lot for lot, _ in others} | ({header} if header else set()))
    foreign = [lot for lot in stated if identity_key(lot) != wanted]
    if foreign and not own:
        return [], [_other_lot(record, lot, manifest) for lot in foreign]
    findings = list(_neighbours(record, others, manifest))
    if header is None and not own:
        findings.append(_unstated(record, manifest))
    else:
        findings += [_row_unstated(record, row, manifest) for row in unstated]
    return [*own, *(replace(row, lot=manifest.lot) for row in unstated)], findings


def _names_of(record: Record, manifest: Manifest) -> frozenset[str]:
    return own_samples(record, manifest) if record.reported else frozenset()


def own_samples(record: Record, manifest: Manifest) -> frozenset[str]:
    """Name the samples of an instrument's export that are this lot's."""
    return owned(record, _lots_of_samples(rows(record.observations)), manifest).samples


def _own_samples(record: Record, manifest: Manifest) -> tuple[list[Observation], list[Finding]]:
    """Give the rows of this lot's samples, and what their export says of those alone."""
    found = rows(record.observations)
    ours = owned(record, _lots_of_samples(found), manifest)
    # In the export's order, which is the same every time.
    told = [
        finding
        for name, said in (record.samples or {}).items()
        if name in ours.samples
        for finding in said
    ]
    if manifest.lot is None and found:
        told.append(_unstated(record, manifest))
    own = [
        replace(row, lot=manifest.lot)
        for row in found
        if (row.sample_id or "") in ours.samples
        and (manifest.lot is None or row.lot is None or _same(row.lot, manifest.lot))
    ]
    return own, [*ours.findings, *told]


def _lots_of_samples(found: Sequence[Observation]) -> dict[str, frozenset[str]]:
    lots: dict[str, frozenset[str]] = {}
    for row in found:
        if row.lot:
            name = row.sample_id or ""
            lots[name] = lots.get(name, frozenset()) | {row.lot}
    return lots


def _same(one: str, other: str) -> bool:
    return identity_key(one) == identity_key(other)


def _other_lot(record: Record, lot: str, manifest: Manifest) -> Finding:
    if manifest.lot is None:
        message = f"{record.source.path} names several lots; check it in the folder of one lot"
        return record.finding("lot-unstated", Severity.HOLD, message, "lot")
    near = is_near(lot, manifest.lot)
    message = f"{record.source.path} is about lot {lot!r}; this lot is {manifest.lot!r}"
    if near:
        message += ", almost the same: ask the laboratory whether its paper or lot.yaml is wrong"
    else:
        message += ": its results are set aside; ask for this lot's own paper"
    slug = "lot-near-miss" if near else "lot-mismatch"
    return record.finding(slug, Severity.HOLD, message, "lot")


def _neighbours(
    record: Record, others: Sequence[tuple[str, Observation]], manifest: Manifest
) -> Iterator[Finding]:
    """A paper for several lots: the rows of the others are set aside.

    A number that differs in look-alikes alone is probably ours, and growth in any is told.
    """
    for lot in sorted({lot for lot, _ in others}):
        theirs = [row for other, row in others if other == lot]
        if manifest.lot and looks_alike(lot, manifest.lot):
            message = (
                f"{theirs[0].region or 'a row'} is about lot {lot!r}, which looks like this lot "
                f"{manifest.lot!r}: ask the laboratory which one it means"
            )
            yield record.finding("lot-near-miss", Severity.HOLD, message)
        grown = [row for row in theirs if row.reading == "positive"]
        if grown:
            message = f"also reports lot {lot!r}, which is positive: {grown[0].result!r}"
            yield record.finding("lot-mismatch", Severity.WARNING, message)


def _unstated(record: Record, manifest: Manifest) -> Finding:
    path = record.source.path
    # None of these has a letterhead; a certificate must name its lot itself.
    vouchable = record.source.kind in ("table", "listmode", "structured")
    if vouchable and path in manifest.declared:
        message = f"{path} names no lot; lot.yaml vouches that it is this lot's"
        return record.finding("lot-unstated", Severity.INFORMATION, message)
    message = f"{path} does not say which lot it is about"
    if manifest.lot:
        message += f"; expected {manifest.lot!r}"
    if vouchable:
        message += ". If you know that it is this lot's, list it under `declared` in lot.yaml"
    return record.finding("lot-unstated", Severity.HOLD, message)


def _row_unstated(record: Record, row: Observation, manifest: Manifest) -> Finding:
    place = Place(row.source, row.page, row.region)
    message = f"{place} names no lot, though other rows of {record.source.path} do; "
    message += f"expected {manifest.lot!r} or another lot in it"
    return Finding("lot-unstated", Severity.HOLD, message, place)


def sample_findings(
    record: Record, own: Sequence[Observation], manifest: Manifest
) -> Iterator[Finding]:
    """Look at the names of samples: another lot's, or a control's, is not this lot's product."""
    header = record.stated("sample_id")
    rows_of = {row.sample_id: row for row in own if row.sample_id and row.role == Role.SAMPLE}
    for sample in sorted({*rows_of, *([header] if header else [])}):
        row = rows_of.get(sample)
        place = Place(row.source, row.page, row.region) if row else Place(record.source.path)
        patient = manifest.identifiers.get("patient")
        if patient and other_of_its_shape(sample, patient):
            message = f"{place}: sample {mask(sample)} bears the identifier of another patient"
            yield Finding("patient-mismatch", Severity.HOLD, message, place)
        other = other_of_its_shape(sample, manifest.lot) if manifest.lot else None
        if other is not None:
            message = (
                f"sample {sample!r} bears the number of lot {other!r}; this is {manifest.lot!r}"
            )
            yield Finding("lot-near-miss", Severity.HOLD, f"{place}: {message}", place)
        if row is not None and _STATISTIC.fullmatch(sample.strip()):
            message = f"{place}: sample {sample!r} is a statistic of several, and no sample"
            yield Finding("control-as-sample", Severity.HOLD, message, place)
        if row is not None and names_control(sample):
            message = f"{place}: sample {sample!r} is named like a control; state its `role`"
            yield Finding("control-as-sample", Severity.HOLD, message, place)


def method_findings(own: Sequence[Observation]) -> Iterator[Finding]:
    """Look at methods that say that nothing was measured of this lot."""
    for row in own:
        if row.role == Role.SAMPLE and row.method and _NOT_MEASURED.search(row.method):
            place = Place(row.source, row.page, row.region)
            message = (
                f"{place}: the method of {row.test} is “{row.method[:80]}”; a result must be "
                "measured of this lot's own cells"
            )
            yield Finding("result-not-measured", Severity.HOLD, message, place)
        elif row.role == Role.SAMPLE and row.method and _OF_THE_DEAD.search(row.method):
            place = Place(row.source, row.page, row.region)
            message = (
                f"{place}: the method of {row.test} is “{row.method[:80]}”, which counts dead cells"
            )
            yield Finding("population-not-asked", Severity.HOLD, message, place)


_OF_THE_DEAD = re.compile(
    r"% of (?:all )?(?:the )?(?:dead|non[ -]?viable) cells"
    r"|^(?:dead|non[ -]?viable) cells(?!.*(?:exclu|discrim|stain|dye))",
    re.IGNORECASE,
)


_NOT_MEASURED = re.compile(
    r"(?<![a-z])(?:(?:previous|prior|earlier|another|other) (?:lot|batch|donor|patient)"
    r"|historic(?:al)?(?: (?:mean|average|value|data))?|assumed|estimate|guess(?:ed)?"
    r"|not (?:measured|determined|done|validated)|isotype control|unstained control)\s*$"
    r"|calculated from (?:previous|prior|historic)",
    re.IGNORECASE,
)


def _signature_findings(record: Record) -> Iterator[Finding]:
    is_message = record.source.reader.startswith("messages.")
    if record.source.reader == LABEL_READER:
        return
    if record.source.kind != "pages" and not is_message:
        return
    signer = record.header.get("signed_by")
    if signer is None or signer.value is None:
        message = f"{record.source.path} names nobody who authorised it"
        yield record.finding("unsigned", Severity.HOLD, message)
    elif is_message and record.stated("date_issued") is None:
        # On paper a signature has its date beside it; in a message it is the report's own.
        message = f"{record.source.path} does not say when it was issued"
        yield record.finding("unsigned", Severity.HOLD, message)
