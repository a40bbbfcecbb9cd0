"""Holds what list-mode files and their analyses say of their tubes against their lot.

The lot's own keyword may be right and the tube another's: it is typed once for a whole run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from qcvalidate.identity import identity_key, names_control, other_of_its_shape
from qcvalidate.manifest import Manifest
from qcvalidate.masking import mask
from qcvalidate.record import Acquisition, Finding, Place, Record, Severity


def tube_findings(
    record: Record, manifest: Manifest, samples: Collection[str] = ()
) -> Iterator[Finding]:
    """Look at the tube of a list-mode file, or at those of an analysis of this lot's `samples`."""
    if record.acquired is not None:
        yield from _of_another(record.acquired, Place(record.source.path), manifest)
    seen: set[tuple[str, Acquisition]] = set()
    for one in record.reported:
        origin = one.origin
        if origin is None or one.sample not in samples or (one.sample, origin) in seen:
            continue
        seen.add((one.sample, origin))
        place = Place(record.source.path, region=f"sample “{one.sample}”")
        yield from _of_another(origin, place, manifest)
        yield from _of_lot(origin, place, manifest)
        recovered = manifest.recovered
        if origin.day is not None and recovered is not None and origin.day < recovered:
            message = (
                f"{place}: was acquired on {origin.day}, before the lot was recovered on "
                f"{recovered}: it is of another lot, or a date is wrong"
            )
            yield Finding("dates-out-of-order", Severity.HOLD, message, place)
        control = next((text for text in origin.names if names_control(text)), None)
        if control is not None:
            message = f"{place}: is an analysis of “{control}”, which names a control"
            yield Finding("control-as-sample", Severity.HOLD, message, place)


def _of_another(tube: Acquisition, place: Place, manifest: Manifest) -> Iterator[Finding]:
    """Find a name that is shaped like the lot's number, or the patient's, and is another's."""
    texts = dict.fromkeys((*tube.names, *tube.about))
    lot, patient = manifest.lot, manifest.identifiers.get("patient")
    for text in texts if lot else ():
        other = other_of_its_shape(text, lot or "")
        # A run of several lots may be named for all of them.
        if other is not None and identity_key(lot or "") not in identity_key(text):
            message = (
                f"{place}: is named “{text}” in its keywords or by its file, the number of lot "
                f"{other!r}; this is {lot!r}. Ask whose cells were in the tube"
            )
            yield Finding("lot-near-miss", Severity.HOLD, message, place)
            break
    for text in texts if patient else ():
        other = other_of_its_shape(text, patient or "")
        if other is not None and identity_key(patient or "") not in identity_key(text):
            message = (
                f"{place}: its keywords name patient {mask(other)}, and lot.yaml "
                f"{mask(patient or '')} (shortened here): another person's tube, or a slip in one "
                "of them"
            )
            yield Finding("patient-mismatch", Severity.HOLD, message, place)
            break


def _of_lot(tube: Acquisition, place: Place, manifest: Manifest) -> Iterator[Finding]:
    """Hold the lot that an analysis took over from its file; a file's own is in its header."""
    if tube.lot and manifest.lot and identity_key(tube.lot) != identity_key(manifest.lot):
        message = (
            f"{place}: the file that was analysed says that it is of lot {tube.lot!r}; this lot is "
            f"{manifest.lot!r}"
        )
        yield Finding("lot-mismatch", Severity.HOLD, message, place)
