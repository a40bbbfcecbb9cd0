"""Reads the counts that FlowJo keeps in its workspaces (`.wsp`); their gates are not read here.

A count of -1 was never computed. Populations of one name under different parents are two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from qcvalidate.cytometry.acquisition import named_acquisition
from qcvalidate.documents import Document
from qcvalidate.documents.structured import Node, Structured
from qcvalidate.errors import DocumentError
from qcvalidate.readers import Context
from qcvalidate.readers.hierarchy import settle, whole
from qcvalidate.readers.persample import PerSample
from qcvalidate.record import Acquisition, Place, Record, Reported, Severity

_READER = "exports.flowjo_workspace"
_POPULATIONS = ("Population", "NotNode", "AndNode", "OrNode")


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001  form tells enough
    """Say whether this is a FlowJo workspace."""
    return isinstance(document.content, Structured) and document.content.form == "flowjo"


def read(document: Document, context: Context) -> Record:  # noqa: ARG001  it says nothing in words
    """Give the population counts of each sample; raise `DocumentError` where it holds none."""
    content = document.content
    assert isinstance(content, Structured)  # noqa: S101  claimed
    done = PerSample(document)
    samples = [sample for each in content.root.all("SampleList") for sample in each.all("Sample")]
    for sample in samples:
        _sample(sample, done)
    if not done.reported:
        raise DocumentError(
            f"{document.name}: is a FlowJo workspace without a sample", slug="table-empty"
        )
    settle(done)
    return done.record(_READER)


def _sample(sample: Node, done: PerSample) -> None:
    node = sample.one("SampleNode")
    if node is None:
        return
    name, origin = node.said("@name"), _origin(sample)
    done.add(name, [])
    never = []
    for path, each in _walk(node):
        text = each.said("@count")
        count = whole(text)
        doubt = None
        if text == "-1":
            never.append("/".join(path) or "all events")
        elif count is None:
            doubt = f"{'/'.join(path) or 'all events'} has the count “{text[:40]}”"
        place = Place(done.document.name, region=f"{name} gate {'/'.join(path) or 'root'}")
        done.reported.append(
            Reported(name, path, place, count, (), origin.measured_at, doubt, origin)
        )
    if never:
        what = (
            f"FlowJo never computed {len(never)} of the counts ({', '.join(never[:6])}); open the "
            "workspace, let it compute, and save it"
        )
        done.tell_of(name, "population-not-evaluable", Severity.WARNING, what, name)


def _walk(node: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Give each population with its path, the sample itself with the empty one."""
    waiting: deque[tuple[tuple[str, ...], Node]] = deque([((), node)])
    while waiting:
        path, each = waiting.popleft()
        yield path, each
        inner = [child for below in each.all("Subpopulations") for child in below.children]
        waiting += [
            ((*path, child.said("@name")), child) for child in inner if child.name in _POPULATIONS
        ]


def _origin(sample: Node) -> Acquisition:
    """Say which list-mode file the sample is, from the keywords that FlowJo took over."""
    words = {
        each.said("@name").upper(): each.said("@value")
        for keywords in sample.all("Keywords")
        for each in keywords.all("Keyword")
    }
    return named_acquisition(words)
