"""Writes gates as a Gating-ML 2.0 file with a card of approval.

Where FlowJo's own scales are needed the file says so in a namespace of ours, which any other
program must refuse; without them it is plain Gating-ML 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.sax.saxutils import quoteattr

from qcvalidate.cytometry.approval import Card, Source, fault_of
from qcvalidate.cytometry.compensation import Spillover
from qcvalidate.cytometry.elements import ISAC, OURS
from qcvalidate.cytometry.gates import (
    Axis,
    BooleanGate,
    EllipsoidGate,
    Gate,
    PolygonGate,
    RectangleGate,
)
from qcvalidate.cytometry.gatingml_scales import ARGUMENTS
from qcvalidate.cytometry.strategy import GatingStrategy, read_strategy
from qcvalidate.cytometry.transforms import FLOWJO_KINDS, Transformation
from qcvalidate.errors import DocumentError

# A card's line of approval, as we write it; an editor may have broken it.
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?Gating-ML\b[^<>]*>")
_APPROVAL = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?approval\b[^<>]*/>")


def frozen(gates: Iterable[Gate], matrices: Iterable[Spillover], card: Card) -> str:
    """Write gates as a file of their own; its approval is empty until somebody gives it."""
    gates = tuple(gates)
    ids = _transformations(gates)
    taken = {gate.id for gate in gates} | {matrix.id for matrix in matrices}
    names = {one: _free(name, taken) for one, name in ids.items()}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<gating:Gating-ML xmlns:gating="{ISAC}gating" xmlns:transforms="{ISAC}transformations"',
        f'    xmlns:data-type="{ISAC}datatypes" xmlns:qc={quoteattr(OURS.strip("{}"))}>',
        *_card(card),
        *(line for matrix in matrices for line in _matrix(matrix)),
        *(line for one, name in names.items() for line in _transformation(one, name)),
        *(line for gate in gates for line in _gate(gate, names)),
        "</gating:Gating-ML>",
    ]
    return "\n".join(lines) + "\n"


def approve(content: str, name: str, by: str, on: str) -> tuple[str, GatingStrategy]:
    """Give a strategy its approval: who, when, and the hash of what it says now.

    A Gating-ML 2.0 file of the laboratory's own gets a card first. Nothing else in the file
    changes. Raises `DocumentError` where the place of the approval cannot be told.
    """
    strategy = read_strategy(content.encode(), name)
    if strategy.card is None:
        content = _with_card(content, strategy)
        strategy = read_strategy(content.encode(), name)
    card, found = strategy.card, _APPROVAL.findall(content)
    if card is not None and len(found) == 1:
        line = _approval(replace(card, by=by, on=on, sha256=strategy.content_sha256), found[0])
        approved = read_strategy(content.replace(found[0], line).encode(), name)
        if approved.card and fault_of(approved.card, approved.content_sha256) is None:
            return content.replace(found[0], line), approved
    raise DocumentError(
        f"{name}: the place of its approval cannot be told; leave the card as `qcvalidate "
        "strategy import` wrote it",
        slug="strategy-unreadable",
    )


def _with_card(content: str, strategy: GatingStrategy) -> str:
    root = _ROOT.search(content)
    if root is None or root.group().endswith("/>"):
        raise DocumentError(
            f"{strategy.id}: holds no Gating-ML 2.0 that a card can be put into",
            slug="strategy-unreadable",
        )
    source = Source(strategy.id, strategy.sha256, "Gating-ML 2.0", "")
    card = "\n".join(_card(Card(source), whole=True))
    return f"{content[: root.end()]}\n{card}{content[root.end() :]}"


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _transformations(gates: Iterable[Gate]) -> dict[Transformation, str]:
    """Give the transformations in use, each once, with a name."""
    found: dict[Transformation, str] = {}
    for gate in gates:
        for axis in gate.axes:
            if axis.transformation is not None:
                found.setdefault(axis.transformation, axis.transformation.id)
    return found


def _card(card: Card, *, whole: bool = False) -> Iterator[str]:
    """Write a card; a `whole` one brings its prefixes along."""
    source = card.source
    data, ours = ISAC + "datatypes", OURS.strip("{}")
    spaces = f" xmlns:data-type={quoteattr(data)} xmlns:qc={quoteattr(ours)}" if whole else ""
    yield f"  <data-type:custom_info{spaces}>"
    yield "    <qc:strategy>"
    yield (
        f"      <qc:source name={quoteattr(source.name)} sha256={quoteattr(source.sha256)} "
        f"program={quoteattr(source.program)} sample={quoteattr(source.sample)}/>"
    )
    for gate, reason in card.refused.items():
        yield f"      <qc:refused gate={quoteattr(gate)} reason={quoteattr(reason)}/>"
    yield from (f"      <qc:note text={quoteattr(note)}/>" for note in card.notes)
    yield f"      {_approval(card)}"
    yield "    </qc:strategy>"
    yield "  </data-type:custom_info>"


def _approval(card: Card, was: str = "<qc:approval ") -> str:
    tag = was.split("approval", 1)[0]
    return (
        f"{tag}approval by={quoteattr(card.by)} on={quoteattr(card.on)} "
        f"sha256={quoteattr(card.sha256)}/>"
    )


def _matrix(matrix: Spillover) -> Iterator[str]:
    inverted = ' transforms:matrix-inverted-already="true"' if matrix.inverted else ""
    yield f"  <transforms:spectrumMatrix transforms:id={quoteattr(matrix.id)}{inverted}>"
    for word, names in (("fluorochromes", matrix.names), ("detectors", matrix.detectors)):
        yield f"    <transforms:{word}>"
        yield from (
            f"      <data-type:fcs-dimension data-type:name={quoteattr(n)}/>" for n in names
        )
        yield f"    </transforms:{word}>"
    for row in matrix.matrix.tolist():
        yield "    <transforms:spectrum>"
        yield from (f'      <transforms:coefficient transforms:value="{v!r}"/>' for v in row)
        yield "    </transforms:spectrum>"
    yield "  </transforms:spectrumMatrix>"


def _transformation(one: Transformation, name: str) -> Iterator[str]:
    letters = {"T": one.top, "W": one.width, "M": one.decades, "A": one.negative}
    space = "qc" if one.kind in FLOWJO_KINDS else "transforms"
    given = " ".join(
        f'{space}:{word}="{letters[letter]!r}"' for letter, word in ARGUMENTS[one.kind].items()
    )
    bounds = "".join(
        f' transforms:{word}="{value!r}"'
        for word, value in (("boundMin", one.bound_min), ("boundMax", one.bound_max))
        if value is not None
    )
    yield f"  <transforms:transformation transforms:id={quoteattr(name)}{bounds}>"
    yield f"    <{space}:{one.kind} {given}/>"
    yield "  </transforms:transformation>"


def _gate(gate: Gate, names: dict[Transformation, str]) -> Iterator[str]:
    of = "" if gate.parent is None else f" gating:parent_id={quoteattr(gate.parent)}"
    kind = type(gate).__name__
    yield f"  <gating:{kind} gating:id={quoteattr(gate.id)}{of}>"
    if isinstance(gate, RectangleGate):
        for one in gate.ranges:
            ends = (("min", one.minimum), ("max", one.maximum))
            given = "".join(f' gating:{w}="{v!r}"' for w, v in ends if v is not None)
            yield from _dimension(one.axis, names, given)
    elif isinstance(gate, BooleanGate):
        yield f"    <gating:{gate.operator}>"
        for reference in gate.references:
            other = ' gating:use-as-complement="true"' if reference.complement else ""
            yield f"      <gating:gateReference gating:ref={quoteattr(reference.gate)}{other}/>"
        yield f"    </gating:{gate.operator}>"
    else:
        for axis in gate.axes:
            yield from _dimension(axis, names, "")
        yield from _corners(gate) if isinstance(gate, PolygonGate) else _middle(gate)
    yield f"  </gating:{kind}>"


def _dimension(axis: Axis, names: dict[Transformation, str], given: str) -> Iterator[str]:
    if axis.ratio is not None:
        raise AssertionError(f"{axis.name}: no program that is imported has ratios")
    if axis.transformation is not None:
        given += f" gating:transformation-ref={quoteattr(names[axis.transformation])}"
    yield f"    <gating:dimension gating:compensation-ref={quoteattr(axis.compensation)}{given}>"
    yield f"      <data-type:fcs-dimension data-type:name={quoteattr(axis.name)}/>"
    yield "    </gating:dimension>"


def _corners(gate: PolygonGate) -> Iterator[str]:
    for x, y in gate.vertices:
        yield "    <gating:vertex>"
        yield from (f'      <gating:coordinate data-type:value="{v!r}"/>' for v in (x, y))
        yield "    </gating:vertex>"


def _middle(gate: EllipsoidGate) -> Iterator[str]:
    yield "    <gating:mean>"
    yield from (f'      <gating:coordinate data-type:value="{v!r}"/>' for v in gate.mean.tolist())
    yield "    </gating:mean>"
    yield "    <gating:covarianceMatrix>"
    for row in gate.covariance.tolist():
        yield "      <gating:row>"
        yield from (f'        <gating:entry data-type:value="{v!r}"/>' for v in row)
        yield "      </gating:row>"
    yield "    </gating:covarianceMatrix>"
    yield f'    <gating:distanceSquare data-type:value="{gate.distance_square!r}"/>'
