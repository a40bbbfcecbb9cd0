"""Opens XML: the root element says whether it is a gating strategy or a FHIR resource.

What an XML file is cannot be told from its name, so one opener looks at all of them; a kind that
is not read is refused by its own name.
"""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from qcvalidate.documents import Opener
from qcvalidate.documents.document import Document
from qcvalidate.documents.gating import open_gating
from qcvalidate.documents.structured import (
    Node,
    Structured,
    indexed,
    refuse_excess,
    refuse_size,
)
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FHIR = "http://hl7.org/fhir"
_XHTML = "http://www.w3.org/1999/xhtml"
_HARMLESS = (
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/XML/1998/namespace",
)
_GATING_ML = "http://www.isac-net.org/std/Gating-ML/"

# What other XML a laboratory may send: (namespace or root's name, what it is, what to do).
_REFUSED = (
    ("AnIML", "an AnIML document (ASTM E1947/E2077)", "export the results as a table or as FHIR"),
    ("ASTMeDataXchange", "ASTM E3077 eData", "ask for the certificate as PDF or as FHIR"),
    ("urn:hl7-org:v2xml", "HL7 v2 in XML", "send the message in its usual form, with bars"),
    ("urn:hl7-org:v3", "an HL7 v3 or CDA document", "ask for FHIR, HL7 v2 or the certificate"),
    ("Workspace", "a FlowJo workspace", "freeze its gates with `qcvalidate strategy import`"),
    ("bdfacs", "a FACSDiva experiment", "freeze its gates with `qcvalidate strategy import`"),
)


def _open(path: Path, name: str, sha256: str) -> Document:
    size = path.stat().st_size
    refuse_size(size, name)
    content = path.read_bytes()
    tag = _root_tag(content, name)
    space, _, local = tag.rpartition("}")
    space = space.removeprefix("{")
    if space.startswith(_GATING_ML):
        return open_gating(path, name, sha256)
    if space == FHIR:
        return Document(
            path=path,
            name=name,
            sha256=sha256,
            media_type="application/fhir+xml",
            kind="structured",
            content=Structured("fhir", _fhir(content, name)),
        )
    _parsed(content, name, "strategy-unreadable")
    for mark, what, advice in _REFUSED:
        if mark in (space, local):
            raise DocumentError(
                f"{name}: is {what}, which is not read; {advice}", slug="document-unclaimed"
            )
    raise DocumentError(
        f"{name}: is XML, but its root is {tag!r}; expected Gating-ML 2.0 or HL7 FHIR",
        slug="document-unclaimed",
    )


OPENER = Opener((".xml", ".gatingml"), _open)


def _root_tag(content: bytes, name: str) -> str:
    """Give the root's name without reading the rest."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415  only XML needs it
    from defusedxml.ElementTree import ParseError, iterparse  # noqa: PLC0415

    try:
        for _, element in iterparse(io.BytesIO(content), events=("start",), forbid_dtd=True):
            return str(element.tag)
    except DefusedXmlException as error:
        raise _malformed(name, error, "document-unreadable") from error
    except (ParseError, LookupError, ValueError) as error:
        raise _malformed(name, error, "strategy-unreadable") from error
    raise DocumentError(f"{name}: is not well-formed XML (no element)")


def _malformed(name: str, error: Exception, slug: str) -> DocumentError:
    return DocumentError(f"{name}: is not well-formed XML ({error})", slug=slug)


# --- FHIR ----------------------------------------------------------------------------------


def _fhir(content: bytes, name: str) -> Node:
    root = _parsed(content, name, "document-unreadable")
    return _node(root, _local(root, name), name)


def _parsed(content: bytes, name: str, slug: str) -> Element:
    """Parse XML without a DTD, entities or outside references, and of bounded depth."""
    from xml.etree.ElementTree import TreeBuilder  # noqa: PLC0415  builds, and parses nothing

    from defusedxml import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import DefusedXMLParser, ParseError  # noqa: PLC0415

    class Bounded(TreeBuilder):
        depth = nodes = 0

        def start(self, tag: str, attrs: dict[str, str], /) -> Element:
            self.depth += 1
            self.nodes += 1
            refuse_excess(name, self.depth, self.nodes)
            return super().start(tag, attrs)

        def end(self, tag: str, /) -> Element:
            self.depth -= 1
            return super().end(tag)

    parser = DefusedXMLParser(target=Bounded(), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise _malformed(name, error, slug) from error
    return root


def _local(element: Element, name: str) -> str:
    space, _, local = str(element.tag).rpartition("}")
    if space.removeprefix("{") != FHIR:
        raise DocumentError(f"{name}: holds {element.tag!r}, which is not an element of FHIR")
    return local


def _node(element: Element, place: str, name: str) -> Node:
    """Make the tree that the same resource has in JSON: a value's text, a resource's type."""
    local = _local(element, name)
    if (element.text and element.text.strip()) or any(
        child.tail and child.tail.strip() for child in element
    ):
        raise DocumentError(f"{name}: {place} holds text outside a value; it is not FHIR")
    text, attributes = _attributes(element, place, name)
    counted = Counter(child.tag for child in element)
    seen: Counter[str] = Counter()
    children = list(attributes)
    for child in element:
        if str(child.tag) == f"{{{_XHTML}}}div":
            words = " ".join("".join(child.itertext()).split())
            children.append(Node("div", f"{place}.div", words))
            continue
        at = indexed(f"{place}.{_local(child, name)}", seen[child.tag], counted[child.tag])
        seen[child.tag] += 1
        children.append(_node(child, at, name))
    if len(children) == 1 and children[0].name[:1].isupper():
        # <resource><Observation>...: in JSON the resource itself stands there.
        inner = children[0]
        return _moved(inner, local, place, inner.place)
    kind = local if local[:1].isupper() else ""
    return Node(local, place, text, type=kind, children=tuple(children))


def _attributes(element: Element, place: str, name: str) -> tuple[str | None, list[Node]]:
    text, others = None, []
    for key, value in element.attrib.items():
        space, _, plain = key.rpartition("}")
        if space:
            if space.removeprefix("{") in _HARMLESS:
                continue
            raise DocumentError(f"{name}: {place} has the attribute {key!r}; it is not FHIR")
        if plain == "value":
            text = value
        elif plain in ("id", "url"):
            others.append(Node(plain, f"{place}.{plain}", value))
        else:
            raise DocumentError(f"{name}: {place} has the attribute {key!r}; it is not FHIR")
    return text, others


def _moved(node: Node, name: str, place: str, was: str) -> Node:
    """Give a node and all below it the place that it has in JSON, without its type's name."""
    return Node(
        name,
        place + node.place.removeprefix(was),
        node.text,
        node.number,
        node.type,
        tuple(_moved(child, child.name, place, was) for child in node.children),
    )
