"""Gathers what each paper of a lot says it is about, held against lot.yaml.

The findings judge; this only lays side by side what they were made of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from qcvalidate.assessment import Agreement, Particulars, Stated
from qcvalidate.frames import Observation, rows
from qcvalidate.identifiers import same_donation
from qcvalidate.identity import identity_key, other_of_its_shape
from qcvalidate.lot import own_samples
from qcvalidate.manifest import MANIFEST, Manifest
from qcvalidate.masking import BETWEEN
from qcvalidate.record import Field, Place, Record, Source, State

NAMES = ("lot", "sample_id", "din", "patient_id", "product")
DATES = ("date_sampled", "date_received", "date_started", "date_completed", "date_issued")
# More samples of one table than these are counted.
_MOST = 3


def particulars(
    papers: Sequence[tuple[Source, Record | None]], manifest: Manifest
) -> tuple[Particulars, ...]:
    """Give lot.yaml's own particulars, then those of each paper in the lot's order."""
    read = (
        Particulars(source.path, tuple(_of(record, manifest)))
        if record
        else Particulars(source.path, read=False)
        for source, record in papers
    )
    return (Particulars(MANIFEST, tuple(_own(manifest))), *read)


def _own(manifest: Manifest) -> Iterator[Stated]:
    """Say what lot.yaml itself states."""
    known = {
        "lot": manifest.lot,
        "sample_id": ", ".join(manifest.samples),
        "din": manifest.identifiers.get("din"),
        "patient_id": manifest.identifiers.get("patient"),
        "product": manifest.product,
        "recovered": manifest.recovered,
        "harvested": manifest.harvested,
        "thawed": manifest.thawed,
        "expires": manifest.expires,
    }
    for name, value in known.items():
        if value:
            # Of a moment only what lot.yaml can state: a day, or hours and minutes.
            text = str(value).removesuffix(" 00:00:00")
            text = text.removesuffix(":00") if isinstance(value, dt.datetime) else text
            yield Stated(name, text, Agreement.ALONE, Place(MANIFEST, region=name))


def _of(record: Record, manifest: Manifest) -> Iterator[Stated]:
    found = rows(record.observations)
    named = {row.lot for row in found if row.lot}
    for name in NAMES:
        field = record.header.get(name)
        if name == "lot" and named and (field is None or len(named) > 1):
            yield _lots(record, named, manifest)
        elif name == "sample_id" and (field is None or record.samples is not None):
            yield from _samples(record, found, manifest)
        elif field is not None:
            yield _field(name, field, manifest)
    for name in DATES:
        field = record.header.get(name)
        if field is not None:
            yield _field(name, field, manifest)


def _field(name: str, field: Field, manifest: Manifest) -> Stated:
    value = field.value if field.state is State.CONFIRMED else None
    if value is None:
        return Stated(name, field.text, Agreement.UNREAD, field.place)
    text = value if name in DATES else field.text
    return Stated(name, text, _agreement(name, value, manifest), field.place)


def _agreement(name: str, value: str, manifest: Manifest) -> Agreement:
    if name == "lot" and manifest.lot:
        return _same(identity_key(value) == identity_key(manifest.lot))
    if name == "din" and "din" in manifest.identifiers:
        return _same(same_donation(value, manifest.identifiers["din"]))
    if name == "patient_id" and "patient" in manifest.identifiers:
        own = identity_key(manifest.identifiers["patient"])
        return _same(own in map(identity_key, value.split(BETWEEN)))
    if name == "sample_id" and manifest.lot:
        return _of_sample(value, manifest.lot, manifest.samples)
    return Agreement.ALONE


def _of_sample(value: str, lot: str, samples: Iterable[str]) -> Agreement:
    """A sample's name agrees where lot.yaml lists it, or it bears the lot's number."""
    key = identity_key(value)
    if key in map(identity_key, samples) or identity_key(lot) in key:
        return Agreement.SAME
    return Agreement.DIFFERS if other_of_its_shape(value, lot) else Agreement.ALONE


def _same(agrees: bool) -> Agreement:
    return Agreement.SAME if agrees else Agreement.DIFFERS


def _lots(record: Record, named: set[str], manifest: Manifest) -> Stated:
    """Say whose rows a table holds; the numbers of other lots are no business of this report."""
    wanted = identity_key(manifest.lot or "")
    own = sorted(lot for lot in named if identity_key(lot) == wanted)
    shown = own or sorted(named)[:1]
    others = len(named) - len(shown)
    text = shown[0] + (f", and {others} other lot{'s' if others > 1 else ''}" if others else "")
    agreement = _same(bool(own)) if manifest.lot else Agreement.ALONE
    return Stated("lot", text, agreement, Place(record.source.path))


def _samples(record: Record, found: Sequence[Observation], manifest: Manifest) -> Iterator[Stated]:
    wanted = identity_key(manifest.lot or "")
    if record.samples is not None:
        names = sorted(own_samples(record, manifest))
    else:
        own = [row for row in found if not row.lot or identity_key(row.lot) == wanted]
        names = list(dict.fromkeys(row.sample_id for row in own if row.sample_id))
    if not names:
        return
    agreements = {_agreement("sample_id", name, manifest) for name in names}
    agreement = next(kind for kind in _WORST_FIRST if kind in agreements)
    text = ", ".join(names[:_MOST])
    more = len(names) - _MOST
    text += f" and {more} more" if more > 0 else ""
    yield Stated("sample_id", text, agreement, Place(record.source.path))


_WORST_FIRST = (Agreement.DIFFERS, Agreement.UNREAD, Agreement.ALONE, Agreement.SAME)
