r"""Reads the counts of the tubes of a FACSDiva experiment (XML); their gates are not read here.

A gate's full name is its path (`All Events\P1\P2`). A tube whose `All Events` holds none was
never analysed: its zeros are no counts.
"""

from __future__ import annotations

import datetime as dt

from qcvalidate.documents import Document
from qcvalidate.documents.structured import Node, Structured
from qcvalidate.errors import DocumentError
from qcvalidate.readers import Context
from qcvalidate.readers.hierarchy import settle, whole
from qcvalidate.readers.persample import PerSample
from qcvalidate.record import Acquisition, Place, Record, Reported, Severity

_READER = "exports.facsdiva_experiment"
_ROOT = "All Events"


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001  form tells enough
    """Say whether this is a FACSDiva experiment."""
    return isinstance(document.content, Structured) and document.content.form == "facsdiva"


def read(document: Document, context: Context) -> Record:  # noqa: ARG001  it says nothing in words
    """Give the population counts of each tube; raise `DocumentError` where it holds none."""
    content = document.content
    assert isinstance(content, Structured)  # noqa: S101  claimed
    done = PerSample(document)
    # The gates of worksheets count whatever was shown last, and are no tube's.
    for specimen in (node for node in content.root.walk() if node.name == "specimen"):
        for tube in specimen.all("tube"):
            _tube(specimen.said("@name"), tube, done)
    if not done.samples:
        raise DocumentError(
            f"{document.name}: is a FACSDiva experiment without a tube", slug="table-empty"
        )
    settle(done)
    return done.record(_READER)


def _tube(specimen: str, tube: Node, done: PerSample) -> None:
    # Tubes of two specimens are often of one name.
    name = f"{specimen}/{tube.said('@name')}"
    done.add(name, [])
    gates = [gate for each in tube.all("gates") for gate in each.all("gate")]
    counts = {gate.said("@fullname"): whole(gate.said("num_events")) for gate in gates}
    analysed = bool(counts.get(_ROOT))
    file = tube.said("data_filename")
    origin = Acquisition((file,) if file else (), measured_at=_measured(tube))
    if not analysed:
        what = "no events were ever counted in its gates, so that its zeros are no results"
        done.tell_of(name, "population-not-evaluable", Severity.WARNING, what, f"tube {name}")
    for gate in gates:
        full = gate.said("@fullname")
        root, *path = full.split("\\")
        text = gate.said("num_events")
        doubt = None
        if root != _ROOT:
            doubt = f"the gate “{full}” does not lie in {_ROOT}"
        elif counts[full] is None:
            doubt = f"“{full}” has the count “{text[:40]}”"
        elif analysed and not counts[full] and counts.get(full.rpartition("\\")[0]):
            # FACSDiva writes the same for a gate that held nothing and for one it never counted.
            doubt = f"“{full}” holds 0 events, or was never counted"
        done.reported.append(
            Reported(
                name,
                tuple(path),
                Place(done.document.name, region=f"tube {name} gate {full}"),
                counts[full] if analysed else None,
                measured_at=_measured(tube),
                doubt=doubt,
                origin=origin,
            )
        )


def _measured(tube: Node) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(tube.said("data_begin_date"))
    except ValueError:
        return None
    return None if found.tzinfo else found
