"""Finds the resources of a FHIR document, and what their references mean.

See HL7 FHIR R4 and R5, "Resource References" and "Resolving references in Bundles".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qcvalidate.documents.structured import Node

_RELATIVE = re.compile(r"(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.-]{1,64})")
_VERSION = re.compile(r"/_history/(?P<version>[A-Za-z0-9.-]{1,64})$")


@dataclass(frozen=True, eq=False)
class Resource:
    """One resource, its address in the Bundle ("" for none), and the one that contains it."""

    node: Node
    url: str = ""
    within: Resource | None = None

    @property
    def type(self) -> str:
        """Give the resource's type."""
        return self.node.type

    @property
    def place(self) -> str:
        """Give the resource's place in the document."""
        return self.node.place


@dataclass
class Shelf:
    """All resources of a document, in its order."""

    resources: list[Resource] = field(default_factory=list)
    _by_url: dict[str, list[Resource]] = field(default_factory=dict)
    _by_id: dict[tuple[str, str], list[Resource]] = field(default_factory=dict)

    def of(self, *types: str) -> list[Resource]:
        """Give the resources of these types."""
        return [resource for resource in self.resources if resource.type in types]

    def twins(self) -> Iterator[tuple[str, Sequence[Resource]]]:
        """Give each address or id that more than one resource has."""
        for url, found in self._by_url.items():
            if len(found) > 1:
                yield url, found
        for (kind, identity), found in self._by_id.items():
            # Resources of two servers may share an id when their addresses differ.
            if len(found) > 1 and len({resource.url for resource in found}) < len(found):
                yield f"{kind}/{identity}", found

    def resolve(self, reference: Node, holder: Resource) -> Resource | None:
        """Find the one resource that a reference means; None when it is not here, or two are."""
        text = reference.said("reference")
        if text.startswith("#"):
            container = holder.within or holder
            if text == "#":
                return container
            return _single(
                resource
                for resource in self.resources
                if resource.within is container and resource.node.said("id") == text[1:]
            )
        version = _VERSION.search(text)
        text = _VERSION.sub("", text)
        found = _single(self._by_url.get(text, ()))
        relative = _RELATIVE.fullmatch(text)
        if found is None and relative and text not in self._by_url:
            found = _single(self._by_id.get((relative["type"], relative["id"]), ()))
        if found is None or version is None:
            return found
        held = found.node.said("meta", "versionId")
        return found if held in ("", version["version"]) else None


def _single(found: Iterator[Resource] | Sequence[Resource]) -> Resource | None:
    listed = list(found)
    return listed[0] if len(listed) == 1 else None


def shelve(root: Node) -> Shelf:
    """Collect the resources of a Bundle, or the one resource, with those that they contain."""
    shelf = Shelf()
    if root.type == "Bundle":
        for entry in root.all("entry"):
            resource = entry.one("resource")
            if resource is not None:
                _add(shelf, Resource(resource, entry.said("fullUrl")))
    else:
        _add(shelf, Resource(root))
    return shelf


def _add(shelf: Shelf, resource: Resource) -> None:
    shelf.resources.append(resource)
    if resource.within is None:
        if resource.url:
            shelf._by_url.setdefault(resource.url, []).append(resource)
        identity = resource.node.said("id")
        if identity:
            shelf._by_id.setdefault((resource.type, identity), []).append(resource)
    for inner in resource.node.all("contained"):
        # FHIR contains one level deep; deeper ones belong to the same container.
        _add(shelf, Resource(inner, within=resource.within or resource))
