"""Takes the gates of a FlowJo workspace or FACSDiva experiment, and freezes them for approval."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qcvalidate.cytometry import facsdiva, flowjo
from qcvalidate.cytometry.approval import Card, Source
from qcvalidate.cytometry.elements import local
from qcvalidate.cytometry.freezing import frozen
from qcvalidate.cytometry.strategy import (
    LARGEST_STRATEGY,
    GatingStrategy,
    parse_xml,
    read_strategy,
    standing,
)
from qcvalidate.errors import DocumentError, UsageError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from qcvalidate.cytometry.gatingml import Reading


@dataclass(frozen=True)
class Import:
    """A strategy that was taken from another program: its file's text, and what it says.

    `counts` are the program's own, for those populations that it has counted.
    """

    text: str
    strategy: GatingStrategy
    counts: Mapping[str, int] = field(default_factory=dict)


def import_strategy(content: bytes, name: str, sample: str | None = None) -> Import:
    """Take one sample's gates from a FlowJo workspace or FACSDiva experiment.

    Raises `DocumentError` for a file that cannot be read or has no gate that is known, and
    `UsageError` where there are several samples and none is named.
    """
    if len(content) > LARGEST_STRATEGY:
        raise DocumentError(
            f"{name}: is {len(content):,} bytes; at most {LARGEST_STRATEGY:,} are read",
            slug="document-too-large",
        )
    root = parse_xml(content, name)
    kind = local(str(root.tag))
    if kind == flowjo.WORKSPACE:
        program = f"FlowJo {root.get('flowJoVersion', '')}".strip()
        chosen, reading, counts = _from_flowjo(root, name, sample)
    elif kind == facsdiva.EXPERIMENT:
        program = f"FACSDiva {root.get('version', '')}".strip()
        chosen, reading, counts = _from_facsdiva(root, name, sample)
    else:
        raise DocumentError(
            f"{name}: is XML, but its root is {root.tag!r}; expected a FlowJo 10 workspace (.wsp) "
            "or a FACSDiva experiment (.xml)",
            slug="document-unclaimed",
        )
    gates, refused = standing(reading, name)
    source = Source(name, hashlib.sha256(content).hexdigest(), program, chosen)
    text = frozen(
        gates, reading.matrices.values(), Card(source, refused=refused, notes=reading.notes)
    )
    # What is approved is what will be read.
    strategy = read_strategy(text.encode(), name)
    return Import(text, strategy, {one: n for one, n in counts.items() if one in strategy.gates})


def _from_flowjo(
    root: Element, name: str, wanted: str | None
) -> tuple[str, Reading, dict[str, int]]:
    found = flowjo.samples(root, name)
    fitting = [one for one in found if wanted in (None, one.name, one.id)]
    if len(fitting) != 1:
        listed = [
            f"{one.name} (id {one.id}; {', '.join(one.groups) or 'no group'})" for one in found
        ]
        raise _which(name, wanted, listed)
    chosen = fitting[0]
    return chosen.name, flowjo.read_sample(chosen, name), flowjo.own_counts(chosen, name)


def _from_facsdiva(
    root: Element, name: str, wanted: str | None
) -> tuple[str, Reading, dict[str, int]]:
    found = facsdiva.templates(root)
    fitting = [one for one in found if wanted in (None, one.name)]
    if len(fitting) != 1:
        raise _which(name, wanted, [one.name for one in found])
    chosen = fitting[0]
    return chosen.name, facsdiva.read_template(chosen, name), facsdiva.own_counts(chosen)


def _which(name: str, wanted: str | None, listed: list[str]) -> UsageError:
    shown = "; ".join(listed[:20]) + (f"; and {len(listed) - 20} more" if len(listed) > 20 else "")
    if not listed:
        return UsageError(f"{name}: holds no sample with gates")
    if wanted is None:
        return UsageError(
            f"{name}: holds {len(listed)} samples, each with gates of its own; name one with "
            f"--sample: {shown}"
        )
    return UsageError(f"{name}: holds not exactly one sample {wanted!r}; it holds {shown}")
