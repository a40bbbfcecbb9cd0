"""The parts of a DOCX file and how they point to one another (ECMA-376 part 2)."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qcvalidate.documents.archive import read_xml, relative, shorten
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# The prefixes by which the standard calls its namespaces, in both of its editions.
_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
_PREFIXES = {
    f"{_TRANSITIONAL}wordprocessingml/2006/main": "w",
    f"{_STRICT}wordprocessingml/main": "w",
    f"{_TRANSITIONAL}officeDocument/2006/relationships": "r",
    f"{_STRICT}officeDocument/relationships": "r",
    f"{_TRANSITIONAL}officeDocument/2006/math": "m",
    f"{_STRICT}officeDocument/math": "m",
    f"{_TRANSITIONAL}drawingml/2006/main": "a",
    f"{_STRICT}drawingml/main": "a",
    f"{_TRANSITIONAL}drawingml/2006/picture": "pic",
    f"{_STRICT}drawingml/picture": "pic",
    f"{_TRANSITIONAL}drawingml/2006/wordprocessingDrawing": "wp",
    f"{_STRICT}drawingml/wordprocessingDrawing": "wp",
    f"{_TRANSITIONAL}markup-compatibility/2006": "mc",
    f"{_MICROSOFT}word/2010/wordml": "w14",
    f"{_MICROSOFT}word/2012/wordml": "w15",
    f"{_MICROSOFT}word/2010/wordprocessingShape": "wps",
    f"{_MICROSOFT}word/2010/wordprocessingGroup": "wpg",
    f"{_MICROSOFT}word/2010/wordprocessingCanvas": "wpc",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "urn:schemas-microsoft-com:office:word": "w10",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct",
}


@dataclass(frozen=True)
class Relation:
    """What a part points to: `kind` is the last word of its type, such as `header`."""

    kind: str
    target: str
    external: bool


@dataclass
class Package:
    """A DOCX file's parts; `w:p` comes as `w.p`, whatever prefix the file gives it.

    The paths of ElementTree would take a colon for a prefix that they must know.
    """

    archive: zipfile.ZipFile
    name: str
    _relations: dict[str, dict[str, Relation]] = field(default_factory=dict)

    def xml(self, part: str) -> Element:
        """Parse a part; raises as `read_xml`."""
        tree = read_xml(self.archive, part, self.name)
        shorten(tree, _PREFIXES)
        return tree

    def raw(self, part: str) -> Element:
        """Parse a part that has names of its own."""
        return read_xml(self.archive, part, self.name)

    def relations(self, part: str) -> dict[str, Relation]:
        """Give what a part (`""` for the whole package) points to, by its id."""
        if part not in self._relations:
            folder, base = posixpath.split(part)
            file = posixpath.join(folder, "_rels", f"{base}.rels")
            found: dict[str, Relation] = {}
            for entry in self.xml(file) if file in self.archive.namelist() else ():
                external = entry.get("TargetMode") == "External"
                target = entry.get("Target", "")
                kind = entry.get("Type", "").rsplit("/", 1)[-1]
                where = target if external else relative(part, target)
                found[entry.get("Id", "")] = Relation(kind, where, external)
            self._relations[part] = found
        return self._relations[part]

    def related(self, part: str, kind: str) -> str | None:
        """Give the one part of this kind that a part points to, None where it has none."""
        found = {
            relation.target
            for relation in self.relations(part).values()
            if relation.kind == kind and not relation.external
        }
        if len(found) > 1:
            raise DocumentError(
                f"{self.name}: points to {len(found)} parts of the kind {kind}, and programs "
                "differ in which they show; ask for a file that was saved by its own program",
                slug="document-dishonest",
            )
        return next(iter(found), None)

    def main(self) -> str:
        """Give the part that holds the document itself."""
        part = self.related("", "officeDocument")
        if part is None:
            raise DocumentError(f"{self.name}: is no DOCX document, or is damaged")
        return part


def value(element: Element | None, attribute: str = "w.val") -> str | None:
    """Give an attribute of an element that may be absent."""
    return None if element is None else element.get(attribute)


def switched_on(element: Element | None) -> bool | None:
    """Read a property that is on by being there, off by its value; None where it is absent."""
    if element is None:
        return None
    return element.get("w.val", "true").casefold() not in ("0", "false", "off", "none")
