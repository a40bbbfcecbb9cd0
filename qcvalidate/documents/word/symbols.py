"""What the letters of the fonts Symbol and Wingdings show, and superscripts."""

from __future__ import annotations

# Code points that Word keeps as U+F000 plus the font's own code.
_PRIVATE = 0xF000
_SYMBOL = {
    0x20: " ", 0x22: "∀", 0x25: "%", 0x28: "(", 0x29: ")", 0x2A: "*", 0x2B: "+", 0x2C: ",",
    0x2D: "-", 0x2E: ".", 0x2F: "/", 0x3A: ":", 0x3B: ";", 0x3C: "<", 0x3D: "=", 0x3E: ">",
    0x40: "≅", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x5B: "[", 0x5D: "]", 0x61: "α", 0x62: "β",
    0x63: "χ", 0x64: "δ", 0x65: "ε", 0x67: "γ", 0x6C: "λ", 0x6D: "µ", 0x70: "π", 0x71: "θ",
    0x72: "ρ", 0x73: "σ", 0x74: "τ", 0x7E: "~", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xB0: "°",
    0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡",
    0xBB: "≈", 0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD7: "·", 0xE2: "®", 0xE3: "©",
    0xE4: "™", 0xAE: "→", 0xAC: "←", 0xD6: "√",
    **{code: chr(code) for code in range(0x30, 0x3A)},
}  # fmt: skip
_WINGDINGS = {
    0x20: " ", 0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x70: "☐", 0x71: "☐", 0x72: "☐", 0x78: "☒",
    0x7F: "☐", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xE0: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑", 0x9F: "•", 0x77: "◆", 0x76: "❖",
}  # fmt: skip
_WINGDINGS_2 = {
    0x20: " ", 0x2A: "☐", 0x30: "☐", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒",
    0x54: "☒", 0xA3: "☐", 0x97: "•", 0x98: "•",
}  # fmt: skip
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
# Fonts whose letters are pictures.
_OTHER_FONTS = ("wingdings 3", "webdings", "marlett", "zapfdingbats", "mt extra", "monotype sorts")

UNKNOWN = "\ufffd"

_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def symbol(font: str, code: int) -> str:
    """Give what a font's letter shows, `UNKNOWN` where we do not know."""
    table = _FONTS.get(font.casefold(), {})
    return table.get(code - _PRIVATE if code >= _PRIVATE else code, UNKNOWN)


def in_font(text: str, font: str | None) -> str:
    """Give text as its font shows it: letters of a font of symbols are none."""
    bare = (font or "").casefold()
    pictured = bare in _FONTS or bare in _OTHER_FONTS
    return "".join(
        symbol(bare, ord(letter)) if _is_private(letter) or (pictured and letter > " ") else letter
        for letter in text
    )


def _is_private(letter: str) -> bool:
    return 0xE000 <= ord(letter) <= 0xF8FF


def raised(text: str) -> str:
    """Give digits and signs as superscripts; other text stays as it is."""
    moved = text.translate(_RAISED)
    return moved if not any(letter.isalnum() and letter.isascii() for letter in moved) else text
