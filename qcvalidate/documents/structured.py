"""The parsed tree of a structured file, whose every node remembers its place.

FHIR has one tree whether it came as JSON or as XML, so that one reader reads both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qcvalidate.errors import DocumentError

LARGEST_BYTES = 64 * 2**20
# FHIR resources lie some ten levels deep, a Simple Model fifteen.
DEEPEST = 100
MOST_NODES = 2_000_000


class Number(str):
    """A number's own digits; a float would lose the last of them."""

    __slots__ = ()


@dataclass(frozen=True)
class Node:
    """One element: its name, its place, and either text or children, or both.

    `place` is a path like `"Bundle.entry[3].resource.valueQuantity"`; an element that stands
    alone has no index, and the first of several is 0. `text` is as printed, None where there is
    none. `number` says that JSON had a number there and not a text. `type` is a resource's type.
    """

    name: str
    place: str
    text: str | None = None
    number: bool = False
    type: str = ""
    children: tuple[Node, ...] = field(default=(), repr=False)

    def all(self, name: str) -> tuple[Node, ...]:
        """Give the children of this name, in order."""
        return tuple(child for child in self.children if child.name == name)

    def one(self, name: str) -> Node | None:
        """Give the first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def at(self, *names: str) -> Node | None:
        """Follow a path of names, the first of each."""
        found: Node | None = self
        for name in names:
            found = found.one(name) if found else None
        return found

    def said(self, *names: str) -> str:
        """Give the trimmed text at a path, "" where there is none."""
        found = self.at(*names)
        return (found.text or "").strip() if found else ""

    def walk(self) -> Iterator[Node]:
        """Give this node and all below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)


@dataclass(frozen=True)
class Structured:
    """A structured file: its `form` (`"fhir"`, `"allotrope"`, `"hl7v2"`, `"flowjo"`,
    `"facsdiva"`) and its tree."""

    form: str
    root: Node


def fhir_from_json(content: Mapping[str, object], name: str) -> Node:
    """Make the tree of a FHIR resource in JSON; `_name` holds what belongs to the primitive `name`.

    Raises `DocumentError` for what is nested too deeply or holds too much.
    """
    kind = content.get("resourceType")
    root = kind if isinstance(kind, str) else "resource"
    return _Builder(name, primitives=True).node(root, root, content, 0)


def tree_from_json(content: Mapping[str, object], root: str, name: str) -> Node:
    """Make the tree of any JSON object, whose place is counted from `root`."""
    return _Builder(name, primitives=False).node(root, root, content, 0)


def indexed(place: str, at: int, count: int) -> str:
    """Give the place of one of several elements of a name."""
    return f"{place}[{at}]" if count > 1 else place


@dataclass
class _Builder:
    """Builds a tree, and counts what it holds."""

    name: str
    primitives: bool
    nodes: int = 0

    def node(self, name: str, place: str, value: object, depth: int) -> Node:
        self.nodes += 1
        refuse_excess(self.name, depth, self.nodes)
        if not isinstance(value, dict):
            return Node(name, place, *_primitive(value))
        kind = value.get("resourceType") if self.primitives else None
        children: list[Node] = []
        for key, held in value.items():
            if self.primitives and (key == "resourceType" or _is_companion(key, value)):
                continue
            beside = value.get(f"_{key}") if self.primitives else None
            # What stands under "_name" alone has no value of its own.
            plain = key[1:] if self.primitives and key.startswith("_") else key
            own, extra = (None, held) if plain != key else (held, beside)
            children += self.several(plain, f"{place}.{plain}", own, extra, depth + 1)
        return Node(
            name, place, type=kind if isinstance(kind, str) else "", children=tuple(children)
        )

    def several(
        self, name: str, place: str, value: object, beside: object, depth: int
    ) -> list[Node]:
        """Give the nodes of a value that may be a list, each with what stands beside it."""
        values = value if isinstance(value, list) else [value]
        extras = beside if isinstance(beside, list) else [] if beside is None else [beside]
        count = max(len(values), len(extras))
        if value is None and beside is None:
            return []
        return [
            self.single(
                name,
                indexed(place, at, count),
                values[at] if at < len(values) else None,
                extras[at] if at < len(extras) else None,
                depth,
            )
            for at in range(count)
        ]

    def single(self, name: str, place: str, value: object, beside: object, depth: int) -> Node:
        if isinstance(value, list):
            refuse_excess(self.name, depth, self.nodes)
            inner = self.several("item", place, value, None, depth + 1)
            return Node(name, place, children=tuple(inner))
        node = self.node(name, place, value, depth)
        if not isinstance(beside, dict):
            return node
        more = self.node(name, place, beside, depth)
        return Node(
            name, place, node.text, node.number, node.type, (*node.children, *more.children)
        )


def _is_companion(key: str, value: Mapping[str, object]) -> bool:
    return key.startswith("_") and key[1:] in value


def _primitive(value: object) -> tuple[str | None, bool]:
    if value is None:
        return None, False
    if isinstance(value, bool):
        return str(value).lower(), False
    return str(value), isinstance(value, Number)


def refuse_excess(name: str, depth: int, nodes: int) -> None:
    """Refuse a tree that nobody would send."""
    if depth > DEEPEST:
        raise DocumentError(f"{name}: is nested more than {DEEPEST} levels deep")
    if nodes > MOST_NODES:
        raise DocumentError(
            f"{name}: holds more than {MOST_NODES:,} elements", slug="document-too-large"
        )


def refuse_size(size: int, name: str, largest: int = LARGEST_BYTES) -> None:
    """Refuse a file of text that is larger than any message."""
    if size > largest:
        raise DocumentError(
            f"{name}: is {size:,} bytes; at most {largest:,} are read", slug="document-too-large"
        )


def places(names: Sequence[str]) -> list[int]:
    """Number the occurrences of each name: the second "OBX" is 1."""
    seen: dict[str, int] = {}
    numbers = []
    for one in names:
        numbers.append(seen.get(one, 0))
        seen[one] = numbers[-1] + 1
    return numbers
