"""Content controls, fields and form fields: what is shown in them, and where that may be stale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qcvalidate.documents.word.package import Package, switched_on, value

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CHECKED, UNCHECKED = "☒", "☐"
# Boxes that the fonts of checkboxes draw.
_CHECKS = "☒☑✓✔✗✘■"
_BLANKS = "☐□"
# Fields whose result Word counts anew whenever it shows the document; on our pages it is 1.
_COUNTED = ("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION")
# Fields that take what they show from another file or from a program.
_FOREIGN = (
    *("INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "DDE", "DDEAUTO", "EMBED"),
    *("DATABASE", "RD", "MACROBUTTON", "ADDIN"),
)
# Fields that make their text from an instruction.
_COMPUTED = ("IF", "QUOTE", "=", "COMPARE", "FILLIN", "ASK", "MERGEFIELD", "DOCVARIABLE")


def field_kind(instruction: str) -> str:
    """Give the first word of a field's instruction, in capitals."""
    words = instruction.split()
    return words[0].upper() if words else ""


def shown_instead(instruction: str) -> str | None:
    """Give what a field of page numbers shows on our pages; None for a field with its own text."""
    return "1" if field_kind(instruction) in _COUNTED else None


def field_problem(instruction: str, *, dirty: bool, in_body: bool = True) -> str | None:
    """Say why the text of a field may not be what a person sees; None where it is."""
    kind = field_kind(instruction)
    if not in_body and kind.startswith(_COMPUTED):
        # Headers and footers are renewed whenever a page is shown.
        dirty = True
    if kind in _FOREIGN:
        return f"a field ({kind}) that takes its content from elsewhere"
    if dirty and kind not in _COUNTED:
        return f"a field ({kind or 'without a name'}) that the program renews on opening"
    return None


def form_field(data: Element | None) -> str | None:
    """Give what an old form field shows that is no text in the document: a box, a choice."""
    if data is None:
        return None
    box = data.find("w.checkBox")
    if box is not None:
        state = switched_on(box.find("w.checked"))
        if state is None:
            state = switched_on(box.find("w.default"))
        return CHECKED if state else UNCHECKED
    choices = data.find("w.ddList")
    if choices is None:
        return None
    entries = [value(entry) or "" for entry in choices.findall("w.listEntry")]
    at = value(choices.find("w.result")) or value(choices.find("w.default")) or "0"
    return entries[int(at)] if at.isdecimal() and int(at) < len(entries) else ""


def control_problem(control: Element, shown: str, package: Package, main: str) -> str | None:
    """Say why what a content control holds may not be what a person sees; None where it is."""
    properties = control.find("w.sdtPr")
    if properties is None:
        return None
    box = properties.find("w14.checkbox")
    if box is not None:
        checked = (value(box.find("w14.checked"), "w14.val") or "0") in ("1", "true", "on")
        drawn = {mark in _CHECKS for mark in shown if mark in _CHECKS + _BLANKS}
        if drawn and drawn != {checked}:
            return f"a checkbox that is {'' if checked else 'not '}ticked and drawn otherwise"
        return None
    bound = properties.find("w.dataBinding")
    if bound is None:
        bound = properties.find("w15.dataBinding")
    if bound is None or properties.find("w.picture") is not None:
        return None
    texts = set(_bound_texts(bound, package, main))
    # Two sets of data of one shape may say two things, and only one of them is shown.
    if texts == {_plain(shown)}:
        return None
    if switched_on(properties.find("w.showingPlcHdr")) and texts <= {""}:
        return None
    if properties.find("w.date") is not None and any(
        re.match(r"\d{4}-\d\d-\d\d", t) for t in texts
    ):
        # Bound dates are kept as ISO 8601 and shown as the control's format says.
        return None if _same_date(shown, texts) else "a date that differs from the data behind it"
    return "a content control whose text differs from the data behind it, which Word shows"


def _same_date(shown: str, texts: set[str]) -> bool:
    stored = next(text for text in texts if re.match(r"\d{4}-\d\d-\d\d", text))
    year, _, day = stored[:10].split("-")
    numbers = {int(number) for number in re.findall(r"\d+", shown)}
    return int(day) in numbers and bool({int(year), int(year) % 100} & numbers)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _bound_texts(bound: Element, package: Package, main: str) -> Iterator[str]:
    """Give the text that a binding points to; nothing where it cannot be followed.

    The path is of the kind that Word writes, `/ns0:root[1]/ns1:title[1]`.
    """
    path = bound.get("w.xpath") or bound.get("w15.xpath") or ""
    mapped = bound.get("w.prefixMappings") or bound.get("w15.prefixMappings") or ""
    spaces = dict(re.findall(r"xmlns:(\w+)\s*=\s*['\"]([^'\"]*)['\"]", mapped))
    steps = [re.fullmatch(r"(?:(\w+):)?([\w.-]+)(?:\[(\d+)\])?", s) for s in path.split("/")[1:]]
    if not path.startswith("/") or not steps or not all(steps):
        return
    targets = [relation.target for relation in package.relations(main).values()
               if relation.kind == "customXml"]  # fmt: skip
    targets += [relation.target for relation in package.relations("").values()
                if relation.kind in ("core-properties", "extended-properties")]  # fmt: skip
    for target in targets:
        nodes = [package.raw(target)]
        for depth, step in enumerate(steps):
            assert step is not None  # noqa: S101  looked at above
            space = spaces.get(step[1] or "", "")
            tag = f"{{{space}}}{step[2]}" if space else step[2]
            if depth:
                nodes = [child for node in nodes for child in node if child.tag == tag]
            else:
                nodes = [node for node in nodes if node.tag == tag]
            nodes = nodes[int(step[3] or 1) - 1 :][:1]
        yield from (_plain("".join(node.itertext())) for node in nodes)
