"""Says which elements and attributes Gating-ML 2.0 defines where, and refuses all others.

An attribute that a reader overlooks opens a gate: `min="0.47"` without its prefix is no limit at
all. So nothing is overlooked but what a program keeps for itself in `custom_info`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ISAC = "http://www.isac-net.org/std/Gating-ML/v2.0/"
GATING = f"{{{ISAC}gating}}"
TRANSFORMS = f"{{{ISAC}transformations}}"
DATA = f"{{{ISAC}datatypes}}"
CUSTOM_INFO = f"{DATA}custom_info"
# What Gating-ML 2.0 has no words for stands in a namespace of our own, so that another program
# refuses the file instead of reading it otherwise.
OURS = "{urn:qcvalidate:strategy:1}"

_SPACES = {"g": GATING, "t": TRANSFORMS, "d": DATA, "q": OURS}
# Where a schema lies and which language a text has do not change what is meant.
_HARMLESS = (
    "{http://www.w3.org/2001/XMLSchema-instance}",
    "{http://www.w3.org/XML/1998/namespace}",
)
_GATE = "g:id g:parent_id g:name"
_AXIS = "g:compensation-ref g:transformation-ref"
_NAMES = "d:fcs-dimension d:new-dimension"
_FUNCTION = "t:T t:W t:M t:A"

# Each element with its attributes and its children.
_DEFINED = {
    "g:Gating-ML": (
        "",
        "g:RectangleGate g:PolygonGate g:EllipsoidGate g:QuadrantGate g:BooleanGate "
        "t:transformation t:spectrumMatrix",
    ),
    "g:RectangleGate": (_GATE, "g:dimension"),
    "g:PolygonGate": (_GATE, "g:dimension g:vertex"),
    "g:EllipsoidGate": (_GATE, "g:dimension g:mean g:covarianceMatrix g:distanceSquare"),
    "g:QuadrantGate": (_GATE, "g:divider g:Quadrant"),
    "g:BooleanGate": (_GATE, "g:and g:or g:not"),
    "g:dimension": (f"{_AXIS} g:min g:max", _NAMES),
    "g:vertex": ("", "g:coordinate"),
    "g:mean": ("", "g:coordinate"),
    "g:coordinate": ("d:value", ""),
    "g:covarianceMatrix": ("", "g:row"),
    "g:row": ("", "g:entry"),
    "g:entry": ("d:value", ""),
    "g:distanceSquare": ("d:value", ""),
    "g:divider": (f"g:id {_AXIS}", f"{_NAMES} g:value"),
    "g:value": ("", ""),
    "g:Quadrant": ("g:id g:name", "g:position"),
    "g:position": ("g:divider_ref g:location", ""),
    "g:and": ("", "g:gateReference"),
    "g:or": ("", "g:gateReference"),
    "g:not": ("", "g:gateReference"),
    "g:gateReference": ("g:ref g:use-as-complement", ""),
    "t:transformation": (
        "t:id t:name t:boundMin t:boundMax",
        "t:flin t:flog t:fasinh t:logicle t:hyperlog t:fratio q:biex q:log",
    ),
    "t:flin": ("t:T t:A", ""),
    "t:flog": ("t:T t:M", ""),
    "t:fasinh": ("t:T t:M t:A", ""),
    "t:logicle": (_FUNCTION, ""),
    "t:hyperlog": (_FUNCTION, ""),
    "q:biex": ("q:maxRange q:pos q:neg q:width", ""),
    "q:log": ("q:offset q:decades", ""),
    "t:fratio": ("t:A t:B t:C", "d:fcs-dimension"),
    "t:spectrumMatrix": (
        "t:id t:name t:matrix-inverted-already",
        "t:fluorochromes t:detectors t:spectrum",
    ),
    "t:fluorochromes": ("", "d:fcs-dimension"),
    "t:detectors": ("", "d:fcs-dimension"),
    "t:spectrum": ("", "t:coefficient"),
    "t:coefficient": ("t:value", ""),
    "d:fcs-dimension": ("d:name", ""),
    "d:new-dimension": ("d:transformation-ref", ""),
}


def _full(names: str) -> frozenset[str]:
    return frozenset(_SPACES[name[0]] + name[2:] for name in names.split())


_KNOWN = {
    _SPACES[element[0]] + element[2:]: (_full(attributes), _full(children))
    for element, (attributes, children) in _DEFINED.items()
}


def refuse_undefined(root: Element, name: str, *, below: bool = True) -> None:
    """Raise `DocumentError` for the first element, attribute or text that has no place there.

    Without `below`, only the element itself is looked at, and not what stands in it.
    """
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag not in _KNOWN:
            raise DocumentError(
                f"{name}: holds {local(element.tag)!r}, which is not read; expected the gates "
                "and transformations of Gating-ML 2.0",
                slug="gate-unsupported",
            )
        attributes, children = _KNOWN[element.tag]
        for attribute in element.attrib:
            if attribute not in attributes and not attribute.startswith(_HARMLESS):
                raise _undefined(name, element, "the attribute", attribute)
        inside = [element.text, *(child.tail for child in element)]
        texts = [text.strip() for text in inside if text and text.strip()]
        if texts and element.tag != f"{GATING}value":
            problem = f"{name}: {local(element.tag)} holds the text {texts[0][:40]!r}, which has"
            raise DocumentError(f"{problem} no place there", slug="strategy-unreadable")
        for child in element if below else ():
            if child.tag == CUSTOM_INFO or not isinstance(child.tag, str):
                continue
            if child.tag not in children:
                raise _undefined(name, element, "the element", child.tag)
            waiting.append(child)


def local(tag: str) -> str:
    """Give an element's or attribute's name without its namespace."""
    return tag.rpartition("}")[2]


def _undefined(name: str, element: Element, what: str, found: str) -> DocumentError:
    """A name of Gating-ML where we read none is not supported; any other is a slip."""
    message = f"{name}: {local(element.tag)} has {what} {local(found)!r}"
    if found.startswith(f"{{{ISAC}") or element.tag == f"{GATING}Gating-ML":
        return DocumentError(f"{message}, which is not read there", slug="gate-unsupported")
    space = found.removesuffix(local(found)).strip("{}")
    why = f"of the namespace {space}" if space else "without a namespace prefix"
    return DocumentError(
        f"{message} {why}, which Gating-ML 2.0 does not define there; correct it, or move it "
        "into custom_info",
        slug="strategy-unreadable",
    )
