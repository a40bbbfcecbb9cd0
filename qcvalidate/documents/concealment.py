"""Tells what a workbook shows otherwise than it stores it, or not at all.

A cell that is struck through, white on white, or shown as another number by its format; rows too
low to be seen; comments, headers and pictures, which are no cells.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

# Points, and widths of a digit: what is lower or narrower shows nothing of its text.
LOWEST_ROW = 4.0
NARROWEST_COLUMN = 1.0

_LONGEST = 80
# Of 255: colours nearer than this cannot be told apart.
_SAME = 40
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
# A format's marks of a colour, a locale or a currency; a condition is none of them.
_COLOURS = r"black|blue|cyan|green|magenta|red|white|yellow|color\s?\d+"
_BRACKETS = re.compile(rf"\[(?:{_COLOURS}|\$[^\]]*|h+|m+|s+)\]", re.IGNORECASE)
_WHITE_MARK = re.compile(r"\[(?:white|color\s?2)\]", re.IGNORECASE)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
# A unit behind a number, and the marks that may stand beside it, change nothing.
UNIT = re.compile(
    r"(?:%|EU|IU|CFU|KBE|UFC|cells?|m?L|[uµ]L|k?g|[hd]|min|days?|hours?|°?C|pH|[/\s.()·-])*",
    re.IGNORECASE,
)
# The ordinary codes of a page header: page, pages, date, time, file, sheet, fonts.
_HEADER_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|.)')
HEADER_WORDS = re.compile(
    r"(?:page|of|seite|von|de|sur|pagina|printed|[\s\d/.,:()-])*", re.IGNORECASE
)


def sheet_findings(values: Worksheet, sheet: Worksheet, name: str) -> Iterator[Finding]:
    """Report what one visible sheet hides, strikes or shows otherwise.

    `values` is the sheet with its computed values, `sheet` the same with formulas and rich text.
    """
    hidden: list[str] = []
    struck: list[str] = []
    other: list[str] = []
    for row, value_row in zip(sheet.iter_rows(), values.iter_rows(), strict=True):
        for cell, shown in zip(row, value_row, strict=True):
            if cell.comment is not None:
                yield _comment(sheet, cell.coordinate, str(cell.comment.text), name)
            if shown.value is None or str(shown.value).strip() == "":
                continue
            if cell.font is not None and (cell.font.strike or _has_struck_part(cell.value)):
                struck.append(cell.coordinate)
            if _is_invisible(cell):
                hidden.append(cell.coordinate)
            elif cell.number_format != "General" and not shows_value(
                shown.value, cell.number_format
            ):
                other.append(cell.coordinate)
    place = sheet.title
    yield from _told("cells-hidden", hidden, "is written in the colour of its ground", name, place)
    yield from _told("text-struck", struck, "is struck through", name, place)
    yield from _told(
        "document-dishonest", other, "shows by its number format what it does not hold", name, place
    )
    yield from _by_condition(sheet, name)
    yield from _header_findings(sheet, name)


def _told(slug: str, cells: list[str], what: str, name: str, sheet: str) -> Iterator[Finding]:
    if cells:
        shown = ", ".join(f"{sheet}!{cell}" for cell in cells[:5])
        more = f" (and {len(cells) - 5} more cells)" if len(cells) > 5 else ""
        yield Finding(
            slug,
            Severity.HOLD,
            f"{name} {shown}{more}: {what}; show it as it is, and send the file again",
            Place(name, region=f"{sheet}!{cells[0]}"),
        )


def _comment(sheet: Worksheet, coordinate: str, text: str, name: str) -> Finding:
    region = f"{sheet.title}!{coordinate}"
    return Finding(
        "cells-hidden",
        Severity.HOLD,
        f"{name} {region}: has a comment, which was not read: “{_excerpt(text)}”",
        Place(name, region=region),
    )


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _has_struck_part(value: Any) -> bool:
    """Say whether a part of a text with formats of its own is struck through."""
    parts = value if isinstance(value, list) else ()
    return any(getattr(getattr(part, "font", None), "strike", None) for part in parts)


# --- colours --------------------------------------------------------------------------------


def _is_invisible(cell: Cell | MergedCell) -> bool:
    if _WHITE_MARK.search(cell.number_format or ""):
        return True
    ink = cell.font.color if cell.font is not None else None
    if ink is None:
        return False
    fill = cell.fill
    ground = fill.fgColor if fill is not None and fill.fill_type == "solid" else None
    inked, grounded = _rgb(ink, _BLACK), _rgb(ground, _WHITE) if ground is not None else _WHITE
    if inked is None or grounded is None:
        # Colours of the theme that we do not know are the same when they are called the same.
        return ground is not None and (ink.type, ink.theme, ink.tint) == (
            ground.type,
            ground.theme,
            ground.tint,
        )
    return all(abs(a - b) < _SAME for a, b in zip(inked, grounded, strict=True))


def _rgb(colour: Any, automatic: tuple[int, int, int]) -> tuple[int, int, int] | None:
    """Give a colour's channels; None for one of the theme's own."""
    base: tuple[int, int, int] | None = None
    if colour.type == "rgb" and isinstance(colour.rgb, str) and len(colour.rgb) == 8:
        # Excel ignores the alpha channel.
        base = (int(colour.rgb[2:4], 16), int(colour.rgb[4:6], 16), int(colour.rgb[6:], 16))
    elif colour.type == "theme":
        # The first two of every theme are the ground and the ink of the page.
        base = {0: _WHITE, 1: _BLACK}.get(colour.theme)
    elif colour.type == "indexed":
        base = {0: _BLACK, 1: _WHITE, 8: _BLACK, 9: _WHITE, 64: automatic, 65: _WHITE}.get(
            colour.indexed
        )
    if base is None:
        return None
    tint = float(colour.tint or 0)
    red, green, blue = (
        round(value + (255 - value) * tint if tint > 0 else value * (1 + tint)) for value in base
    )
    return red, green, blue


def _by_condition(sheet: Worksheet, name: str) -> Iterator[Finding]:
    """Report rules that may hide or strike cells, or show them otherwise."""
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            style = rule.dxf
            if style is None:
                continue
            font = style.font
            white = (
                font is not None and font.color is not None and _rgb(font.color, _BLACK) == _WHITE
            )
            filled = style.fill is not None and style.fill.fill_type is not None
            if (font is not None and font.strike) or (white and not filled) or style.numFmt:
                yield Finding(
                    "cells-hidden",
                    Severity.HOLD,
                    f"{name}: a rule of the sheet {sheet.title} hides, strikes or changes how "
                    f"{area.sqref} is shown; take it out, and send the file again",
                    Place(name, region=sheet.title),
                )


# --- number formats -------------------------------------------------------------------------


def shows_value(value: Any, number_format: str) -> bool:
    """Say whether a cell of this format shows its value, or a rounding of it, and nothing else.

    ECMA-376 part 1, 18.8.31: up to four sections, for positive, negative, zero and text.
    """
    sections = _sections(number_format)
    if isinstance(value, bool):
        return any(sections) or not number_format
    if isinstance(value, str):
        section = sections[3] if len(sections) > 3 else sections[-1]
        if len(sections) < 4 and "@" not in section:
            return True
        # An underscore leaves the room of the sign behind it.
        section = re.sub("_.", "", section)
        return _BRACKETS.sub("", section).strip().lower() in ("@", "general")
    if not isinstance(value, (int, float)):
        return bool(_BRACKETS.sub("", sections[0]).strip('" '))
    section = sections[0]
    if len(sections) > 1 and value < 0:
        section = sections[1]
        if not re.search(r"[-(]", section):
            return False
    elif len(sections) > 2 and value == 0:
        section = sections[2]
    plain = _BRACKETS.sub("", section)
    literals = " ".join("".join(found) for found in _LITERAL.findall(plain))
    placed = _LITERAL.sub("", plain)
    if "general" in placed.lower():
        placed = re.sub("general", "0", placed, flags=re.IGNORECASE)
    if "[" in placed or not re.search("[0#?]", placed) or not UNIT.fullmatch(literals):
        return False
    # A comma behind the last digit shows thousands; digits of its own are no placeholders.
    if re.search(r"[0#?],+(?![0#?,])", placed) or re.search("[1-9]", placed.replace("E+", "")):
        return bool(re.fullmatch(r"[#?0 ]+/[#?\d]+", placed.strip()))
    return not re.search(r"[<>=~]", placed)


def _sections(number_format: str) -> list[str]:
    """Cut a format at the semicolons that are not inside quotes."""
    sections = [""]
    for piece in re.findall(r'"[^"]*"|\\.|.', number_format):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    return sections[:4]


# --- beside the cells -----------------------------------------------------------------------


def _header_findings(sheet: Worksheet, name: str) -> Iterator[Finding]:
    parts = [
        getattr(getattr(sheet, which), side).text
        for which in (
            "oddHeader",
            "oddFooter",
            "evenHeader",
            "evenFooter",
            "firstHeader",
            "firstFooter",
        )
        for side in ("left", "center", "right")
    ]
    said = [
        text for text in parts if text and not HEADER_WORDS.fullmatch(_HEADER_CODES.sub(" ", text))
    ]
    if said:
        yield Finding(
            "cells-hidden",
            Severity.HOLD,
            f"{name}: the sheet {sheet.title} is printed with a header or footer that was not "
            f"read: “{_excerpt(' '.join(said))}”",
            Place(name, region=sheet.title),
        )


def archive_findings(path: Path, name: str) -> Iterator[Finding]:
    """Report the parts of a workbook that are no cells: pictures, text boxes, plots, objects."""
    with zipfile.ZipFile(path) as archive:
        parts = [entry.filename.lower() for entry in archive.infolist()]
    found = {
        "pictures or text boxes": r"xl/(?:drawings/drawing[^/]*\.xml|media/)",
        "plots": r"xl/(?:charts|chartsheets)/",
        "embedded files": r"xl/(?:embeddings|activex|ctrlprops)/",
        "comments": r"xl/threadedcomments/",
        "links to other workbooks": r"xl/externallinks/",
    }
    held = [what for what, where in found.items() if any(re.match(where, part) for part in parts)]
    if any(part.endswith("vbaproject.bin") for part in parts):
        yield Finding(
            "shown-otherwise",
            Severity.HOLD,
            f"{name}: carries macros, which were not run and can change what it shows; save it as "
            ".xlsx",
            Place(name),
        )
    if held:
        yield Finding(
            "page-unread",
            Severity.HOLD,
            f"{name}: the workbook holds {', '.join(held)}, which were not read; "
            "send it with its cells alone",
            Place(name),
        )
