"""Gating strategies: the gates of one file, in an order in which they can be asked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qcvalidate.cytometry.compensation import Spillover
from qcvalidate.cytometry.gates import BooleanGate, Gate
from qcvalidate.cytometry.gatingml import ROOT, read_gating_ml
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST_STRATEGY = 64 * 2**20


@dataclass(frozen=True, eq=False)
class GatingStrategy:
    """The gates of one file, every gate after its parent and after the gates it combines.

    `id` is the file's name, `sha256` that of its bytes. A quadrant is a gate of its own.
    """

    id: str
    sha256: str
    gates: Mapping[str, Gate]
    matrices: Mapping[str, Spillover] = field(default_factory=dict)

    def path(self, gate: str) -> tuple[str, ...]:
        """Give the ids of a gate's ancestors from the root, and its own."""
        above: str | None = gate
        path: list[str] = []
        while above is not None:
            path.append(above)
            above = self.gates[above].parent
        return tuple(reversed(path))


def read_strategy(source: Path | str | bytes, name: str | None = None) -> GatingStrategy:
    """Read a Gating-ML 2.0 file; `name` is what messages call it.

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
    gates, matrices = read_gating_ml(_root(content, name), name)
    digest = hashlib.sha256(content).hexdigest()
    return GatingStrategy(name, digest, _ordered(gates, name), matrices)


def _root(content: bytes, name: str) -> Element:
    from defusedxml import DefusedXmlException  # noqa: PLC0415  only strategies need it
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415

    if len(content) > LARGEST_STRATEGY:
        raise DocumentError(
            f"{name}: is {len(content):,} bytes; at most {LARGEST_STRATEGY:,} are read",
            slug="document-too-large",
        )
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise DocumentError(
            f"{name}: is not well-formed XML ({error})", slug="strategy-unreadable"
        ) from error
    if root.tag != ROOT:
        raise DocumentError(
            f"{name}: is XML, but its root is {root.tag!r}; expected Gating-ML 2.0",
            slug="document-unclaimed",
        )
    return root


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
