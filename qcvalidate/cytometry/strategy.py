"""Gating strategies: the gates of one file, in an order in which they can be asked.

A strategy is a Gating-ML 2.0 file, or one of Gating-ML 1.5. One that `qcvalidate strategy import`
made says in a card of its own whose gates they are and who approved them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qcvalidate.cytometry.approval import Card, content_digest, read_card
from qcvalidate.cytometry.compensation import Spillover
from qcvalidate.cytometry.gates import BooleanGate, Gate
from qcvalidate.cytometry.gatingml import ROOT, Reading, read_gating_ml
from qcvalidate.cytometry.gatingml15 import ROOT_1_5, read_gating_ml_1_5
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST_STRATEGY = 64 * 2**20
# Each population of FlowJo stands two deeper than its parent.
_DEEPEST = 256


@dataclass(frozen=True, eq=False)
class GatingStrategy:
    """The gates of one file, every gate after its parent and after the gates it combines.

    `id` is the file's name, `sha256` that of its bytes. A quadrant is a gate of its own.
    `refused` says of each gate that could not be read why; `notes` what else was passed by.
    `content_sha256` is that of what the file says, whoever approved it and however it is laid
    out; `card` is None where nobody says who approved it.
    """

    id: str
    sha256: str
    gates: Mapping[str, Gate]
    matrices: Mapping[str, Spillover] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    content_sha256: str = ""
    card: Card | None = None

    def path(self, gate: str) -> tuple[str, ...]:
        """Give the ids of a gate's ancestors from the root, and its own."""
        above: str | None = gate
        path: list[str] = []
        while above is not None:
            path.append(above)
            above = self.gates[above].parent
        return tuple(reversed(path))


def read_strategy(source: Path | str | bytes, name: str | None = None) -> GatingStrategy:
    """Read a Gating-ML file; `name` is what messages call it.

    A gate that is not known is named in `refused`, and so is what stands on it.

    Raises `DocumentError` for what is not well-formed XML (`strategy-unreadable`), not Gating-ML
    (`document-unclaimed`), or holds gates that cannot be drawn as their author meant them.
    """
    if isinstance(source, bytes):
        content, name = source, name or "gating strategy"
    else:
        path = Path(source)
        name = name or path.name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DocumentError(f"{name}: cannot be opened ({error.strerror})") from error
    root = _root(content, name)
    reading = (read_gating_ml_1_5 if root.tag == ROOT_1_5 else read_gating_ml)(root, name)
    gates, refused = standing(reading, name)
    card, notes = read_card(root, name), reading.notes
    if card is not None:
        refused = {**card.refused, **refused}
        notes = (*card.notes, *notes)
    return GatingStrategy(
        id=name,
        sha256=hashlib.sha256(content).hexdigest(),
        gates=_ordered(gates, name),
        matrices=reading.matrices,
        refused=refused,
        notes=notes,
        content_sha256=content_digest(root),
        card=card,
    )


def _root(content: bytes, name: str) -> Element:
    if len(content) > LARGEST_STRATEGY:
        raise DocumentError(
            f"{name}: is {len(content):,} bytes; at most {LARGEST_STRATEGY:,} are read",
            slug="document-too-large",
        )
    root = parse_xml(content, name)
    if root.tag not in (ROOT, ROOT_1_5):
        raise DocumentError(
            f"{name}: is XML, but its root is {root.tag!r}; expected Gating-ML 2.0",
            slug="document-unclaimed",
        )
    return root


def parse_xml(content: bytes, name: str) -> Element:
    """Parse XML without a DTD, entities and outside references; `DocumentError` for what is not."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415  only strategies need it
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415

    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise DocumentError(
            f"{name}: is not well-formed XML ({error})", slug="strategy-unreadable"
        ) from error
    _refuse_depth(root, name)
    return root


def _refuse_depth(root: Element, name: str) -> None:
    """Refuse what is nested deeper than any strategy, and than what reads it can follow."""
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise DocumentError(
                f"{name}: nests XML more than {_DEEPEST} deep", slug="strategy-unreadable"
            )
        level = [child for element in level for child in element]


def standing(reading: Reading, name: str) -> tuple[list[Gate], dict[str, str]]:
    """Leave out the gates that stand on a refused one, and say so; one gate at least must stand."""
    refused = dict(reading.refused)
    gates = list(reading.gates)
    while True:
        fallen = {
            gate.id: f"stands on {need!r}, which is refused"
            for gate in gates
            for need in _needs(gate)
            if need in refused
        }
        if not fallen:
            break
        refused |= fallen
        gates = [gate for gate in gates if gate.id not in fallen]
    if not gates and not refused:
        raise DocumentError(f"{name}: holds no gate", slug="strategy-unreadable")
    if not gates:
        raise DocumentError(f"{name}: {next(iter(refused.values()))}", slug="gate-unsupported")
    return gates, refused


def _ordered(gates: list[Gate], name: str) -> dict[str, Gate]:
    """Put every gate after those that it needs; name a gate that is missing or needs itself."""
    by_id = {gate.id: gate for gate in gates}
    done: dict[str, Gate] = {}
    for first in gates:
        waiting = [first.id]
        while waiting:
            gate = by_id[waiting[-1]]
            if gate.id in done:
                waiting.pop()
                continue
            unmet = [need for need in _needs(gate) if need not in done]
            if not unmet:
                done[waiting.pop()] = gate
                continue
            need = unmet[0]
            if need not in by_id:
                raise DocumentError(
                    f"{name}: gate {gate.id!r} stands on {need!r}, which the file does not define",
                    slug="gate-parent-missing",
                )
            if need in waiting:
                raise DocumentError(
                    f"{name}: gate {need!r} is its own ancestor", slug="gate-parent-missing"
                )
            waiting.append(need)
    return {gate.id: gate for gate in done.values()}


def _needs(gate: Gate) -> list[str]:
    parent = [] if gate.parent is None else [gate.parent]
    if isinstance(gate, BooleanGate):
        return parent + [reference.gate for reference in gate.references]
    return parent
