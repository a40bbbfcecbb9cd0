"""Walks the runs of a paragraph: text, fields, symbols, tracked changes, drawings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qcvalidate.documents.flow import Run
from qcvalidate.documents.letters import plain, strikes, turns
from qcvalidate.documents.word import controls
from qcvalidate.documents.word.look import Around, Look, Looks
from qcvalidate.documents.word.package import Package, value
from qcvalidate.documents.word.shapes import Shape, chosen, shape_of
from qcvalidate.documents.word.symbols import UNKNOWN, in_font, raised, symbol

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What stands round other content and shows nothing itself.
_THROUGH = ("w.hyperlink", "w.smartTag", "w.customXml", "w.dir", "w.rubyBase", "w.rt",
            "w.sdtContent", "w.ruby")  # fmt: skip
_SIGNS = {
    "w.tab": "\t", "w.ptab": "\t", "w.br": "\n", "w.cr": "\n", "w.noBreakHyphen": "-",
    "w.softHyphen": "", "w.pgNum": "1",
}  # fmt: skip
_DATES = ("w.dayShort", "w.dayLong", "w.monthShort", "w.monthLong", "w.yearShort", "w.yearLong")
_UNREAD = {"w.contentPart": "ink, which was not read"} | dict.fromkeys(
    _DATES, "a date that the program writes anew; it was not read"
)
_FORMATS = ("w.vanish", "w.strike", "w.dstrike", "w.color")

PAGE = "page"


@dataclass
class Said:
    """What the walk of a document found besides its text."""

    problems: list[tuple[str, str, str]] = field(default_factory=list)  # slug, what, region
    put_in: list[str] = field(default_factory=list)
    taken_out: list[str] = field(default_factory=list)
    restyled: list[str] = field(default_factory=list)
    hidden: dict[str, list[str]] = field(default_factory=dict)  # reason, texts


@dataclass
class _Field:
    """A complex field that is open: what of it is being read, and its instruction so far."""

    instruction: str = ""
    showing: bool = False
    dirty: bool = False
    replaced: bool = False


@dataclass
class Paragraphs:
    """The walk through one story (body, header, a note): what goes on from paragraph to paragraph.

    A field may begin in one paragraph and end in another.
    """

    package: Package
    main: str
    looks: Looks
    said: Said
    story: str
    fields: list[_Field] = field(default_factory=list)

    def walk(self, paragraph: Element, around: Around, region: str, label: str = "") -> Written:
        """Read one paragraph (`w:p`); `label` is the text of its number, where it has words."""
        written = Written(self, around, paragraph.find("w.pPr"), region)
        if label:
            written.add(label + " ", written.look(None))
        written.read(paragraph)
        return written


@dataclass
class Written:
    """A paragraph while it is read: its runs, cut at page ends, and what is drawn in it.

    `pieces` are runs and the word `PAGE` where a new page begins.
    """

    story: Paragraphs
    around: Around
    properties: Element | None
    region: str
    pieces: list[Run | str] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)

    def look(self, properties: Element | None) -> Look:
        """Say how a run with these properties looks here."""
        return self.story.looks.of(self.around, self.properties, properties)

    def add(self, text: str, look: Look) -> None:
        """Write text, if it is not part of a field's instruction."""
        if not text or not all(field.showing and not field.replaced for field in self.story.fields):
            return
        if turns(text):
            self.problem("shown-otherwise", "letters that turn the order of others")
        struck = look.struck or strikes(text)
        text = plain(text)
        if UNKNOWN in text:
            self.problem(
                "page-unread", "a sign of a font of symbols that we do not know; it was not read"
            )
        if look.backwards and any(letter.isascii() and letter.isalnum() for letter in text):
            self.problem("shown-otherwise", "text that is set from right to left")
        if look.raised:
            text = raised(text)
        if look.hidden and text.strip():
            self.story.said.hidden.setdefault(look.hidden, []).append(text)
        self.pieces.append(Run(text, look.size, look.hidden is None, struck, faint=look.faint))

    def problem(self, slug: str, what: str) -> None:
        """Note something that cannot be judged."""
        self.story.said.problems.append((slug, what, self.region))

    def text(self) -> str:
        """Give what has been written so far."""
        return "".join(piece.text for piece in self.pieces if isinstance(piece, Run))

    def read(self, element: Element) -> None:
        """Read what stands in a paragraph, or in something round a part of it."""
        for child in element:
            take = _PARTS.get(str(child.tag))
            if take is not None:
                take(self, child)
            elif holds_text(child):
                self.problem("page-unread", f"text in a part that we do not know ({child.tag})")

    def _put_in(self, change: Element) -> None:
        before = len(self.text())
        self.read(change)
        self.story.said.put_in.append(self.text()[before:])

    def _taken_out(self, change: Element) -> None:
        self.story.said.taken_out.append(deleted(change))

    def _turned(self, element: Element) -> None:
        self.problem("shown-otherwise", "text whose order is turned round")
        self.read(element)

    def _other_document(self, _: Element) -> None:
        self.problem("page-unread", "another document, which was not read")

    def _mark(self, properties: Element) -> None:
        mark = properties.find("w.rPr")
        for tag, told in (("w.ins", "put_in"), ("w.del", "taken_out")):
            if mark is not None and mark.find(tag) is not None:
                getattr(self.story.said, told).append("¶")

    # --- runs ---

    def _run(self, run: Element) -> None:
        properties = run.find("w.rPr")
        look = self.look(properties)
        self._restyled(run, properties)
        for child in run:
            self._part(child, look)

    def _part(self, child: Element, look: Look) -> None:
        tag = str(child.tag)
        take = _RUN_PARTS.get(tag)
        if tag == "w.br" and child.get("w.type") == "page":
            self.pieces.append(PAGE)
        elif tag in _SIGNS:
            self.add(_SIGNS[tag], look)
        elif take is not None:
            take(self, child, look)
        elif tag == "w.ruby":
            self.read(child)
        elif tag in _UNREAD:
            self.problem("page-unread", _UNREAD[tag])
        elif tag not in ("w.rPr", "w.delInstrText") and holds_text(child):
            self.problem("page-unread", f"text in a part that we do not know ({tag})")

    def _text(self, element: Element, look: Look) -> None:
        self.add(in_font(element.text or "", look.font), look)

    def _symbol(self, element: Element, look: Look) -> None:
        code = element.get("w.char", "")
        known = re.fullmatch("[0-9A-Fa-f]{1,6}", code)
        shown = symbol(element.get("w.font", ""), int(code, 16)) if known else UNKNOWN
        self.add(shown, replace(look, raised=False))

    def _page_ended(self, _: Element, __: Look) -> None:
        # Where the page ended within the text, the text stays whole.
        if not self.text().strip():
            self.pieces.append(PAGE)

    def _instruction(self, element: Element, _: Look) -> None:
        if self.story.fields:
            self.story.fields[-1].instruction += element.text or ""

    def _deleted_text(self, element: Element, _: Look) -> None:
        self.story.said.taken_out.append(element.text or "")

    def _restyled(self, run: Element, properties: Element | None) -> None:
        """Note a tracked change of format that shows or hides, or strikes through."""
        change = None if properties is None else properties.find("w.rPrChange")
        before = None if change is None else change.find("w.rPr")
        if change is None or properties is None:
            return
        for tag in _FORMATS:
            one = properties.find(tag)
            other = None if before is None else before.find(tag)
            if (one is None) != (other is None) or value(one) != value(other):
                text = "".join(t.text or "" for t in run.iter("w.t"))
                self.story.said.restyled.append(text)
                return

    # --- fields and controls ---

    def _field_mark(self, mark: Element, look: Look) -> None:
        kind = mark.get("w.fldCharType")
        fields = self.story.fields
        if kind == "begin":
            shown = controls.form_field(mark.find("w.ffData"))
            if shown:
                self.add(shown, look)
            dirty = mark.get("w.dirty", "0") in ("1", "true", "on")
            fields.append(_Field(dirty=dirty, replaced=bool(shown)))
        elif kind == "separate" and fields:
            self._shows(fields[-1], look)
        elif kind == "end" and fields:
            if not fields[-1].showing:
                self._shows(fields[-1], look)
            fields.pop()

    def _shows(self, field: _Field, look: Look) -> None:
        field.showing = True
        problem = controls.field_problem(
            field.instruction, dirty=field.dirty, in_body=self.story.story == "body"
        )
        if problem:
            self.problem("shown-otherwise", problem)
        instead = controls.shown_instead(field.instruction)
        if instead is not None:
            self.add(instead, look)
            field.replaced = True

    def _simple_field(self, field: Element) -> None:
        run = next(field.iter("w.r"), None)
        look = self.look(None if run is None else run.find("w.rPr"))
        dirty = field.get("w.dirty", "0") in ("1", "true", "on")
        here = _Field(field.get("w.instr", ""), dirty=dirty)
        self.story.fields.append(here)
        self._shows(here, look)
        self.read(field)
        self.story.fields.remove(here)

    def _control(self, control: Element) -> None:
        content = control.find("w.sdtContent")
        if content is None:
            return
        before = len(self.text())
        self.read(content)
        problem = controls.control_problem(
            control, self.text()[before:], self.story.package, self.story.main
        )
        if problem:
            self.problem("shown-otherwise", problem)

    # --- what is drawn ---

    def _alternate(self, alternate: Element, look: Look | None = None) -> None:
        """Read the branch that is shown."""
        branch = chosen(alternate)
        if look is None:
            self.read(branch)
            return
        for child in branch:
            self._part(child, look)

    def _shape(self, element: Element, look: Look) -> None:
        shape = shape_of(element, self.story.story)
        if look.hidden and not shape.hidden:
            shape = replace(shape, hidden=True)
        self.shapes.append(shape)
        for text in shape.across:
            self.pieces.append(Run(text, 4 * look.size, not shape.hidden, upright=False))
        if shape.covers:
            self.problem(
                "shown-otherwise",
                "a drawing that may lie over text; whether it hides or crosses out something "
                "cannot be told",
            )

    def _formula(self, formula: Element) -> None:
        """Read a formula that is one line with raised numbers; any other is not."""
        known = {"m.r", "m.t", "m.rPr", "m.sSup", "m.e", "m.sup", "m.oMath", "m.sty", "m.jc",
                 "m.sSupPr", "m.ctrlPr", "m.nor", "m.oMathPara", "m.oMathParaPr"}  # fmt: skip
        tags = {e.tag for e in formula.iter() if str(e.tag).startswith("m.")}
        if tags - known:
            self.problem("page-unread", "a formula, which was not read")
            return
        self.add(_formula_text(formula), self.look(next(formula.iter("w.rPr"), None)))


_PARTS: dict[str, Callable[[Written, Element], None]] = {
    "w.r": Written._run,
    "w.sdt": Written._control,
    "w.fldSimple": Written._simple_field,
    "w.bdo": Written._turned,
    "w.subDoc": Written._other_document,
    "w.pPr": Written._mark,
    "mc.AlternateContent": Written._alternate,
    **dict.fromkeys(_THROUGH, Written.read),
    **dict.fromkeys(("w.ins", "w.moveTo"), Written._put_in),
    **dict.fromkeys(("w.del", "w.moveFrom"), Written._taken_out),
    **dict.fromkeys(("m.oMath", "m.oMathPara"), Written._formula),
}
_RUN_PARTS: dict[str, Callable[[Written, Element, Look], None]] = {
    "w.t": Written._text,
    "w.sym": Written._symbol,
    "w.lastRenderedPageBreak": Written._page_ended,
    "w.fldChar": Written._field_mark,
    "w.instrText": Written._instruction,
    "w.delText": Written._deleted_text,
    "mc.AlternateContent": Written._alternate,
    **dict.fromkeys(("w.drawing", "w.pict", "w.object"), Written._shape),
}


def _formula_text(element: Element) -> str:
    said = []
    for child in element:
        text = (child.text or "") if child.tag == "m.t" else _formula_text(child)
        said.append(raised(text) if child.tag == "m.sup" else text)
    return "".join(said)


def deleted(element: Element) -> str:
    """Give the text that a tracked change took out."""
    return _joined(e for e in element.iter() if e.tag in ("w.delText", "w.t"))


def holds_text(element: Element) -> bool:
    """Say whether any text stands in an element."""
    return any((e.text or "").strip() for e in element.iter() if e.tag in ("w.t", "m.t"))


def _joined(elements: Iterable[Element]) -> str:
    return "".join(e.text or "" for e in elements)
