"""How an ODS sheet shows its cells: styles, colours, number formats (ODF 1.3 part 3, 16 and 20)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcvalidate.documents.concealment import UNIT

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Points: what is lower, narrower or smaller shows nothing of its text.
_LOWEST, _NARROWEST, _SMALLEST = 4.0, 5.0, 2.0
# Of 255: colours nearer than this cannot be told apart.
_SAME = 40
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "pc": 12.0}
_SHOWS_NUMBER = ("number.number", "number.scientific-number", "number.fraction")
_HARMLESS = ("number.text", "style.text-properties", "style.map", "number.currency-symbol",
             "number.fill-character")  # fmt: skip


@dataclass(frozen=True)
class Styles:
    """All styles of a spreadsheet, by family and name, and its number formats by name."""

    styles: dict[tuple[str, str], Element]
    formats: dict[str, Element]

    @classmethod
    def of(cls, *trees: Element) -> Styles:
        """Gather the styles of these trees."""
        styles: dict[tuple[str, str], Element] = {}
        formats: dict[str, Element] = {}
        for tree in trees:
            for element in tree.iter():
                name = element.get("style.name")
                if element.tag == "style.style" and name:
                    styles[element.get("style.family", ""), name] = element
                elif str(element.tag).startswith("number.") and name:
                    formats[name] = element
                elif element.tag == "style.default-style":
                    styles[element.get("style.family", ""), ""] = element
        return cls(styles, formats)

    def properties(self, family: str, name: str | None, kind: str) -> Iterator[Element]:
        """Give the properties of one kind of a style and of those that it is based on."""
        seen: set[str] = set()
        while name and name not in seen and (family, name) in self.styles:
            seen.add(name)
            style = self.styles[family, name]
            yield from style.findall(f"style.{kind}")
            name = style.get("style.parent-style-name")
        usual = self.styles.get((family, ""))
        if usual is not None:
            yield from usual.findall(f"style.{kind}")

    def stated(self, family: str, name: str | None, kind: str, attribute: str) -> str | None:
        """Give one property of a style, None where nothing states it."""
        found = (e.get(attribute) for e in self.properties(family, name, kind))
        return next((value for value in found if value is not None), None)

    def hides_table(self, name: str | None) -> bool:
        """Say whether a sheet of this style is hidden."""
        return self.stated("table", name, "table-properties", "table.display") == "false"

    def is_flat(self, family: str, name: str | None) -> bool:
        """Say whether a row or column of this style is too low or narrow to show its text."""
        kind, attribute, least = {
            "table-row": ("table-row-properties", "style.row-height", _LOWEST),
            "table-column": ("table-column-properties", "style.column-width", _NARROWEST),
        }[family]
        size = points(self.stated(family, name, kind, attribute))
        return size is not None and size < least

    def strikes(self, family: str, name: str | None) -> bool:
        """Say whether text of this style is struck through."""
        lines = ("style.text-line-through-style", "style.text-line-through-type")
        return any(
            (self.stated(family, name, "text-properties", line) or "none") != "none"
            for line in lines
        )

    def hides(self, family: str, name: str | None) -> bool:
        """Say whether text of this style is not seen on its ground."""
        size = points(self.stated(family, name, "text-properties", "fo.font-size"))
        shown = self.stated(family, name, "text-properties", "text.display")
        locked = self.stated(family, name, "table-cell-properties", "style.cell-protect") or ""
        if (size is not None and size < _SMALLEST) or shown == "none" or "hidden-and" in locked:
            return True
        if self.stated(family, name, "text-properties", "style.use-window-font-color") == "true":
            return False
        ink = _rgb(self.stated(family, name, "text-properties", "fo.color"))
        ground = _rgb(self.stated(family, name, "table-cell-properties", "fo.background-color"))
        return ink is not None and all(
            abs(a - b) < _SAME for a, b in zip(ink, ground or (255, 255, 255), strict=True)
        )

    def maps(self, name: str | None) -> Iterator[str]:
        """Give the styles that a cell of this style takes by a condition."""
        style = self.styles.get(("table-cell", name or ""))
        for rule in style.findall("style.map") if style is not None else ():
            yield rule.get("style.apply-style-name", "")

    def shows_otherwise(self, name: str | None) -> bool:
        """Say whether a cell of this style shows something else than its number."""
        style, seen = name, set[str]()
        while style and style not in seen:
            seen.add(style)
            element = self.styles.get(("table-cell", style))
            if element is None:
                return False
            if element.get("style.data-style-name"):
                return self._is_odd(element.get("style.data-style-name", ""), set())
            style = element.get("style.parent-style-name")
        return False

    def _is_odd(self, name: str, seen: set[str]) -> bool:
        form = self.formats.get(name)
        if form is None or name in seen:
            return False
        seen.add(name)
        literal = "".join(e.text or "" for e in form.findall("number.text"))
        kind = str(form.tag)
        if kind in ("number.date-style", "number.time-style", "number.boolean-style"):
            return False
        if kind == "number.text-style":
            odd = form.find("number.text-content") is None or bool(literal.strip())
        else:
            numbers = [e for e in form if e.tag in _SHOWS_NUMBER]
            odd = (
                len(numbers) != 1
                or any(e.get("number.display-factor", "1") != "1" for e in numbers)
                or any(len(e) > 0 for e in numbers)
                or any(e.tag not in (*_SHOWS_NUMBER, *_HARMLESS) for e in form)
                or not UNIT.fullmatch(literal)
            )
        rules = (e.get("style.apply-style-name", "") for e in form.findall("style.map"))
        return odd or any(self._is_odd(rule, seen) for rule in rules)


def points(length: str | None) -> float | None:
    """Give a length in points; None where it is none."""
    found = re.fullmatch(r"(-?\d*\.?\d+)(pt|in|cm|mm|px|pc)", length or "")
    return float(found[1]) * _POINTS[found[2]] if found else None


def _rgb(text: str | None) -> tuple[int, int, int] | None:
    if not re.fullmatch("#[0-9A-Fa-f]{6}", text or ""):
        return None
    assert text is not None  # noqa: S101  the pattern wants it
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:], 16)
