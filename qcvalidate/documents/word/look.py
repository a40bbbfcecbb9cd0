"""How text looks: styles, sizes and colours, and whether a person can see it.

Properties are gathered from the defaults, the table's, the paragraph's and the letters' styles and
the text itself (ECMA-376 part 1, 17.7.2). Where two ways to read a property differ (a colour of the
theme beside its written value), text that either of them hides counts as hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qcvalidate.documents.word.package import Package, switched_on, value

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Points, and a share of the usual width: smaller or narrower text is not seen.
_SMALLEST, _NARROWEST = 2.0, 20
# Points, and a ratio of contrast (WCAG 2.1, 1.4.3): text under either is overlooked.
_SMALL, _PALE = 4.0, 2.0
# Of 255: colours nearer than this cannot be told apart.
_SAME = 40
# What Word takes where nothing says a size.
_WORDS_OWN_SIZE = 10.0
# Half-points above the line from which on a number is a power; text further off than its own
# size stands where another line is.
_RAISED = 4
# Share of its size by which letters may be moved together and still be read.
_CLOSEST = 0.45

Colour = tuple[int, int, int]
_WHITE: Colour = (255, 255, 255)
_HIGHLIGHTS: dict[str, Colour] = {
    "black": (0, 0, 0), "blue": (0, 0, 255), "cyan": (0, 255, 255), "green": (0, 255, 0),
    "magenta": (255, 0, 255), "red": (255, 0, 0), "yellow": (255, 255, 0), "white": _WHITE,
    "darkblue": (0, 0, 139), "darkcyan": (0, 139, 139), "darkgreen": (0, 100, 0),
    "darkmagenta": (128, 0, 128), "darkred": (139, 0, 0), "darkyellow": (128, 128, 0),
    "darkgray": (169, 169, 169), "lightgray": (211, 211, 211),
}  # fmt: skip
# What a document's settings may exchange, with the theme's name for it, and the other spellings.
_MAPPED = {
    "bg1": ("lt1", ("background1", "bg1")),
    "t1": ("dk1", ("text1", "tx1")),
    "bg2": ("lt2", ("background2", "bg2")),
    "t2": ("dk2", ("text2", "tx2")),
}
_THEME_NAMES = {
    "light1": "lt1", "dark1": "dk1", "light2": "lt2", "dark2": "dk2",
    "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """How a piece of text is shown; `hidden` says why a person does not see it.

    `faint` is what a person sees and may overlook.
    """

    size: float
    struck: bool
    hidden: str | None
    raised: bool
    font: str | None
    backwards: bool = False
    faint: bool = False


@dataclass(frozen=True)
class Around:
    """What a text stands in: the looks and grounds of its table, the innermost last.

    `hidden` says why nothing in here is seen.
    """

    properties: tuple[Element, ...] = ()
    grounds: tuple[Element, ...] = ()
    hidden: str | None = None


@dataclass
class Looks:
    """The styles and colours of one document."""

    styles: Mapping[str, Element]
    defaults: Mapping[str, str]
    usual: tuple[Element, ...]
    theme: Mapping[str, Colour]
    page: Colour = _WHITE
    _chains: dict[str, tuple[Element, ...]] = field(default_factory=dict)
    _known: dict[tuple[object, ...], Look] = field(default_factory=dict)

    def style(self, kind: str, name: str | None) -> tuple[Element, ...]:
        """Give a style with those that it is based on, the base first; the usual one for None."""
        name = name or self.defaults.get(kind, "")
        if name not in self._chains:
            chain: list[Element] = []
            at = name
            while at in self.styles and self.styles[at] not in chain:
                chain.append(self.styles[at])
                at = value(self.styles[at].find("w.basedOn")) or ""
            self._chains[name] = tuple(reversed(chain))
        return self._chains[name]

    def of(self, around: Around, paragraph: Element | None, run: Element | None) -> Look:
        """Say how text with these properties (`w:pPr`, `w:rPr`) looks."""
        shown = (_child(paragraph, "w.pStyle"), _child(paragraph, "w.shd"), run)
        # Most of a document looks like what came before.
        key = (around, *(_written(element) for element in shown))
        if key not in self._known:
            self._known[key] = self._of(around, paragraph, run)
        return self._known[key]

    def _of(self, around: Around, paragraph: Element | None, run: Element | None) -> Look:
        direct = [run] if run is not None else []
        paragraph_styles = self.style("paragraph", value(_child(paragraph, "w.pStyle")))
        letter_styles = self.style("character", value(_child(run, "w.rStyle")))
        styled = [
            *self.usual,
            *around.properties,
            *_all(paragraph_styles, "w.rPr"),
            *_all(letter_styles, "w.rPr"),
        ]
        layers = [*styled, *direct]
        size = _last(layers, "w.sz")
        points = _number(value(size), 2 * _WORDS_OWN_SIZE) / 2
        grounds = [
            *around.grounds,
            *(shade for style in paragraph_styles for shade in style.findall("w.pPr/w.shd")),
            *_present([_child(paragraph, "w.shd")]),
            *_present(layer.find("w.shd") for layer in layers),
        ]
        return Look(
            size=points,
            struck=_is_on(styled, run, "w.strike") or _is_on(styled, run, "w.dstrike"),
            hidden=around.hidden or self._hidden(styled, layers, run, grounds, points),
            raised=value(_last(layers, "w.vertAlign")) == "superscript"
            or _number(value(_last(layers, "w.position")), 0) >= _RAISED,
            font=_font(layers),
            backwards=_is_on(styled, run, "w.rtl"),
            faint=points < _SMALL or self._contrast(layers, grounds) < _PALE,
        )

    def _hidden(
        self,
        styled: Sequence[Element],
        layers: Sequence[Element],
        run: Element | None,
        grounds: Sequence[Element],
        points: float,
    ) -> str | None:
        if _is_on(styled, run, "w.vanish") or _is_on(styled, run, "w.specVanish"):
            return "formatted as hidden"
        if points < _SMALLEST:
            return "smaller than 2 points"
        if _number(value(_last(layers, "w.w")), 100) < _NARROWEST:
            return "squeezed"
        # In twentieths of a point.
        if _number(value(_last(layers, "w.spacing")), 0) / 20 < -_CLOSEST * points:
            return "squeezed"
        if abs(_number(value(_last(layers, "w.position")), 0)) / 2 > 1.5 * points:
            return "moved off its line"
        if self._is_like_its_ground(layers, grounds):
            return "in the colour of its ground"
        return None

    def _is_like_its_ground(self, layers: Sequence[Element], grounds: Sequence[Element]) -> bool:
        fill = _last(layers, "w14.textFill")
        if fill is not None and fill.find("w14.noFill") is not None:
            return True
        inks, behind = self._inks_and_grounds(layers, grounds)
        return any(_alike(ink, ground) for ink in inks for ground in behind)

    def _contrast(self, layers: Sequence[Element], grounds: Sequence[Element]) -> float:
        """Give the least contrast that the text may have with what is behind it."""
        inks, behind = self._inks_and_grounds(layers, grounds)
        ratios = [_ratio(ink, ground) for ink in inks for ground in behind]
        return min(ratios, default=_MOST_CONTRAST)

    def _inks_and_grounds(
        self, layers: Sequence[Element], grounds: Sequence[Element]
    ) -> tuple[list[Colour], list[Colour]]:
        fill = _last(layers, "w14.textFill")
        inks = self.colours(_last(layers, "w.color"), "w.val", "w.theme")
        if fill is not None:
            inks += self._filled(fill)
        mark = (value(_last(layers, "w.highlight")) or "none").casefold()
        behind = [_HIGHLIGHTS[mark]] if mark in _HIGHLIGHTS else self._ground(grounds)
        return inks, behind

    def _filled(self, fill: Element) -> list[Colour]:
        """Give the colours of a filling; one that lets the ground through has the page's."""
        found = [_rgb(e.get("w14.val", "")) for e in fill.iter() if e.tag == "w14.srgbClr"]
        found += [
            self.theme.get(e.get("w14.val", "")) for e in fill.iter() if e.tag == "w14.schemeClr"
        ]
        clear = any(
            _number(e.get("w14.val"), 0) > 80_000 for e in fill.iter() if e.tag == "w14.alpha"
        )
        return [colour for colour in found if colour] + ([self.page, _WHITE] if clear else [])

    def _ground(self, shades: Sequence[Element]) -> list[Colour]:
        """Give the colours that the innermost shading may have, else the page's."""
        for shade in reversed(shades):
            found = self.colours(shade, "w.fill", "w.themeFill")
            if value(shade) == "solid":
                found = self.colours(shade, "w.color", "w.theme")
            if found:
                return found
            if value(shade) == "solid":
                return [(0, 0, 0)]
        return [self.page]

    def colours(self, element: Element | None, plain: str, themed: str) -> list[Colour]:
        """Give the colours that an element may mean; none for the automatic one, always seen."""
        if element is None:
            return []
        found = [_rgb(element.get(plain, ""))]
        for attribute in (f"{themed}Color", themed):
            base = self.theme.get(element.get(attribute, ""))
            if base is not None:
                tint = element.get(f"{themed}Tint")
                shade = element.get(f"{themed}Shade")
                found.append(_mixed(base, tint, shade))
        return [colour for colour in found if colour is not None]


def looks_of(package: Package, main: str, document: Element) -> Looks:
    """Gather the styles, the theme and the page's colour of a document."""
    styles: dict[str, Element] = {}
    defaults: dict[str, str] = {}
    usual: tuple[Element, ...] = ()
    part = package.related(main, "styles")
    if part is not None:
        tree = package.xml(part)
        usual = tuple(tree.findall("w.docDefaults/w.rPrDefault/w.rPr"))
        for style in tree.findall("w.style"):
            name = style.get("w.styleId", "")
            styles[name] = style
            if style.get("w.default", "0").casefold() in ("1", "true", "on"):
                defaults[style.get("w.type", "")] = name
    part = package.related(main, "settings")
    settings = package.xml(part) if part is not None else None
    found = Looks(styles, defaults, usual, _theme(package, main, settings))
    back = document.find("w.background")
    colours = found.colours(back, "w.color", "w.theme")
    if colours and switched_on(_child(settings, "w.displayBackgroundShape")):
        found.page = colours[0]
    return found


def _theme(package: Package, main: str, settings: Element | None) -> dict[str, Colour]:
    part = package.related(main, "theme")
    scheme = package.xml(part).find(".//a.clrScheme") if part is not None else None
    found: dict[str, Colour] = {"lt1": _WHITE, "dk1": (0, 0, 0)}
    for entry in scheme if scheme is not None else ():
        for colour in entry:
            rgb = _rgb(colour.get("lastClr") or colour.get("val") or "")
            if rgb is not None:
                found[entry.tag.removeprefix("a:")] = rgb
    called = {long: found[short] for long, short in _THEME_NAMES.items() if short in found}
    mapping = _child(settings, "w.clrSchemeMapping")
    for attribute, (standard, names) in _MAPPED.items():
        stated = value(mapping, f"w.{attribute}") or ""
        meant = called.get(stated) or found.get(standard)
        if meant is not None:
            called |= dict.fromkeys(names, meant)
    return found | called


def _child(element: Element | None, tag: str) -> Element | None:
    return None if element is None else element.find(tag)


def _written(element: Element | None) -> tuple[object, ...] | None:
    """Give an element as it is written, so that two that say the same are one."""
    return (
        None
        if element is None
        else tuple((e.tag, len(e), tuple(e.items())) for e in element.iter())
    )


def _all(styles: Iterable[Element], tag: str) -> Iterator[Element]:
    return (found for style in styles for found in style.findall(tag))


def _present(elements: Iterable[Element | None]) -> Iterator[Element]:
    return (element for element in elements if element is not None)


def _last(layers: Sequence[Element], tag: str) -> Element | None:
    return next(_present(layer.find(tag) for layer in reversed(layers)), None)


def _is_on(styled: Sequence[Element], direct: Element | None, tag: str) -> bool:
    """Say whether a property that styles toggle may be on; the text's own word is the last."""
    own = switched_on(_child(direct, tag))
    if own is not None:
        return own
    return any(switched_on(layer.find(tag)) for layer in styled)


def _font(layers: Sequence[Element]) -> str | None:
    fonts = [found for layer in reversed(layers) for found in layer.findall("w.rFonts")]
    named = (font.get("w.ascii") or font.get("w.hAnsi") for font in fonts)
    return next((name for name in named if name), None)


def _number(text: str | None, otherwise: float) -> float:
    found = re.match(r"-?\d+(?:\.\d+)?", text or "")
    return float(found[0]) if found else otherwise


def _rgb(text: str) -> Colour | None:
    if not re.fullmatch("[0-9A-Fa-f]{6}", text):
        return None
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


def _mixed(base: Colour, tint: str | None, shade: str | None) -> Colour:
    """Lighten or darken a colour of the theme; both are given in hexadecimal, of 255."""
    given = tint or shade or ""
    share = int(given, 16) / 255 if re.fullmatch("[0-9A-Fa-f]{1,2}", given) else 1.0
    towards = 255.0 if tint else 0.0
    red, green, blue = (round(part * share + towards * (1 - share)) for part in base)
    return red, green, blue


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) < _SAME for a, b in zip(one, other, strict=True))


_MOST_CONTRAST = 21.0


def _ratio(one: Colour, other: Colour) -> float:
    """Give the ratio of contrast of two colours, as WCAG 2.1 defines it: 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    shares = [level / 255 for level in colour]
    red, green, blue = (
        share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
