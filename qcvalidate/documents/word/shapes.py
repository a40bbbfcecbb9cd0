"""Drawings, pictures and objects of a DOCX: the text in them, and what of them cannot be judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element as Made

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# English metric units in a point.
_EMU = 12_700
# A letterhead ends, and the foot begins, at this distance from the edge of a page, in points.
_BAND = 160.0
_PAGE_HEIGHT = 792.0
# Further than this above, or twice as far below, the place that it starts from there is no paper.
_OFF = 700.0
# Thinner drawings are rules and spacers.
_THINNEST = 3.0
_DRAWN_TEXT = ("wordprocessingShape", "wordprocessingGroup", "wordprocessingCanvas")
_OBJECTS = {
    "picture": "a picture",
    "chart": "a plot",
    "diagram": "a diagram",
    "lockedCanvas": "a drawing",
}


@dataclass(frozen=True)
class Shape:
    """One drawing or object.

    `boxes` are the `w:txbxContent` of its text boxes, `across` the words of its WordArt, `unread`
    says what it is where it is no text, and `covers` that it may lie over text. `ground` is its
    filling, told as the shading of a paragraph is. Points.
    """

    boxes: tuple[Element, ...] = ()
    across: tuple[str, ...] = ()
    unread: str | None = None
    covers: bool = False
    hidden: bool = False
    ground: Element | None = None
    width: float = 0.0
    height: float = 0.0


def shape_of(element: Element, story: str) -> Shape:
    """Say what a `w:drawing`, `w:pict` or `w:object` shows; `story` is body, header or footer."""
    if element.tag == "w.drawing":
        return replace(_drawing(element, story), ground=_ground(element))
    if element.tag == "w.object":
        return Shape(tuple(_boxes(element)), unread="an embedded object", width=999, height=999)
    return replace(_vml(element, story), ground=_vml_ground(element))


def _boxes(element: Element) -> Iterator[Element]:
    """Give the outermost text boxes."""
    for child in element:
        if child.tag == "w.txbxContent":
            yield child
        elif child.tag == "mc.AlternateContent":
            yield from _boxes(chosen(child))
        else:
            yield from _boxes(child)


def chosen(alternate: Element) -> Element:
    """Give the branch of an `mc:AlternateContent` that is shown: the first, else the fallback."""
    branch = alternate.find("mc.Choice")
    if branch is None:
        branch = alternate.find("mc.Fallback")
    return alternate if branch is None else branch


def is_doubtful(alternate: Element) -> bool:
    """Say whether programs may show different text of an `mc:AlternateContent`.

    Its branches must say the same, and the first must be of a kind that programs know: they show
    the other where it is not.
    """
    texts = [text for text in map(_text, alternate) if text]
    known = any(str(e.tag).startswith(("wps.", "wpg.", "wpc.")) for e in chosen(alternate).iter())
    return len(set(texts)) > 1 or (bool(_text(chosen(alternate))) and not known)


def _text(element: Element) -> str:
    return "".join(e.text or "" for e in element.iter("w.t")).strip()


# --- DrawingML ------------------------------------------------------------------------------


def _drawing(drawing: Element, story: str) -> Shape:
    frame = next((e for e in drawing if e.tag in ("wp.inline", "wp.anchor")), None)
    if frame is None:
        return Shape(tuple(_boxes(drawing)), unread="a drawing", width=999, height=999)
    extent = frame.find("wp.extent")
    width = _points(extent.get("cx")) if extent is not None else 999.0
    height = _points(extent.get("cy")) if extent is not None else 999.0
    boxes = tuple(_boxes(frame))
    properties = frame.find("wp.docPr")
    hidden = properties is not None and properties.get("hidden") in ("1", "true")
    offsets = [_points(e.text) for e in frame.iter("wp.posOffset")]
    hidden = hidden or any(not -_OFF <= at <= 2 * _OFF for at in offsets)
    kinds = [e.get("uri", "").rstrip("/").rsplit("/", 1)[-1] for e in frame.iter("a.graphicData")]
    shown = [kind for kind in kinds if kind not in _DRAWN_TEXT]
    pictures = list(frame.iter("pic.pic")) + list(frame.iter("a.blip"))
    unread = None
    if pictures or shown or not kinds:
        unread = _OBJECTS.get(shown[0] if shown else "picture", "an object")
    thin = min(width, height) < _THINNEST
    floats = frame.tag == "wp.anchor" and frame.find("wp.wrapNone") is not None
    draws = not boxes or any(_is_filled(e) for e in frame.iter("wps.wsp"))
    if story != "body":
        stray = _strays(frame, story, height)
        return Shape(
            boxes,
            unread=unread if stray and not thin else None,
            covers=stray and floats and draws and not unread,
            hidden=hidden,
            width=width,
            height=height,
        )
    return Shape(
        boxes,
        unread=None if thin and not floats else unread,
        covers=floats and draws and unread is None,
        hidden=hidden,
        width=width,
        height=height,
    )


def _points(emu: str | None) -> float:
    return int(emu) / _EMU if emu and re.fullmatch(r"-?\d{1,12}", emu) else 999.0


def _is_filled(shape: Element) -> bool:
    properties = shape.find("wps.spPr")
    for fill in properties if properties is not None else ():
        if fill.tag == "a.noFill":
            return False
        if fill.tag in ("a.solidFill", "a.gradFill", "a.pattFill", "a.blipFill", "a.grpFill"):
            return True
    reference = shape.find("wps.style/a.fillRef")
    return reference is not None and reference.get("idx") != "0"


def _ground(drawing: Element) -> Element | None:
    """Give the filling of the first shape that holds text."""
    shape = next((e for e in drawing.iter("wps.wsp") if e.find("wps.txbx") is not None), None)
    if shape is None:
        return None
    fill = shape.find("wps.spPr/a.solidFill")
    if fill is None and _is_filled(shape):
        fill = shape.find("wps.style/a.fillRef")
    for colour in fill if fill is not None else ():
        if colour.tag == "a.srgbClr":
            return Made("w.shd", {"w.fill": colour.get("val", "")})
        if colour.tag == "a.schemeClr" and len(colour) == 0:
            return Made("w.shd", {"w.themeFill": colour.get("val", "")})
    return None


def _strays(frame: Element, story: str, height: float) -> bool:
    """Say whether a drawing of a header or footer may reach out of the letterhead or the foot."""
    if height > _BAND:
        return True
    position = frame.find("wp.positionV")
    if frame.tag == "wp.inline" or position is None:
        return False
    origin = position.get("relativeFrom", "")
    align = position.find("wp.align")
    if align is not None:
        edge = {"header": ("top",), "footer": ("bottom",)}[story]
        return (align.text or "") not in edge and origin not in (
            "line",
            "topMargin",
            "bottomMargin",
        )
    offset = position.find("wp.posOffset")
    at = _points(offset.text) if offset is not None else 999.0
    if story == "header":
        return at + height > _BAND
    return at < (_PAGE_HEIGHT - _BAND if origin in ("page", "margin") else -40.0)


# --- VML ------------------------------------------------------------------------------------


def _vml(pict: Element, story: str) -> Shape:
    boxes = tuple(_boxes(pict))
    across = tuple(e.get("string", "") for e in pict.iter("v.textpath") if e.get("string"))
    shapes = [
        e
        for e in pict.iter()
        if e.tag
        in (
            "v.shape",
            "v.rect",
            "v.oval",
            "v.line",
            "v.roundrect",
            "v.polyline",
            "v.arc",
            "v.curve",
        )
        # A rule across the text, as `---` makes one.
        and e.get("o.hr") not in ("t", "true", "1")
    ]
    style = ";".join(e.get("style", "") for e in shapes)
    width, height = _length(style, "width"), _length(style, "height")
    pictured = any(True for _ in pict.iter("v.imagedata"))
    embedded = any(e.tag in ("o.OLEObject", "w.control") for e in pict.iter())
    unread = "an embedded object" if embedded else "a picture" if pictured else None
    floats = "position:absolute" in style.replace(" ", "") and not _is_wrapped(pict)
    draws = not boxes or any(e.get("filled", "t") not in ("f", "false") for e in shapes)
    if story != "body":
        return Shape(
            boxes,
            across,
            unread=unread if height > _BAND else None,
            covers=bool(shapes) and floats and draws and not across and height > _BAND,
            hidden="visibility:hidden" in style,
            width=width,
            height=height,
        )
    return Shape(
        boxes,
        across,
        unread=unread,
        covers=bool(shapes) and floats and draws and unread is None and not across,
        hidden="visibility:hidden" in style,
        width=width,
        height=height,
    )


def _vml_ground(pict: Element) -> Element | None:
    filled = (e.get("fillcolor", "") for e in pict.iter() if e.get("filled") not in ("f", "false"))
    found = (re.match("#([0-9A-Fa-f]{6})", colour) for colour in filled)
    return next((Made("w.shd", {"w.fill": colour[1]}) for colour in found if colour), None)


def _is_wrapped(pict: Element) -> bool:
    return any(
        e.get("type") in ("square", "tight", "through", "topAndBottom")
        for e in pict.iter("w10.wrap")
    )


def _length(style: str, name: str) -> float:
    """Give a length of a VML style in points; a large one where it is not told."""
    found = re.search(rf"(?:^|;)\s*{name}:\s*(-?(?:\d+\.?\d*|\.\d+))(pt|in|cm|mm|px)?", style)
    if found is None:
        return 999.0
    scale = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, None: 0.75}[found[2]]
    return float(found[1]) * scale
