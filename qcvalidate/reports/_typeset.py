"""Typesets reports as PDF/A-2a and PDF/UA-1 with typst; the extra `pdf` brings it.

Templates are typst's, and all that a document says reaches them as data: no text can be markup.
The fonts are those inside typst, so that every computer gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from qcvalidate.errors import UsageError
from qcvalidate.reports._filetypes import PDF
from qcvalidate.reports._layout import escaped
from qcvalidate.reports._matters import said

_TEMPLATES = Path(__file__).parent / "templates"

# The blocks of Unicode whose every character the fonts have; PDF/A forbids a letter that cannot
# be seen, so others are shown by their number.
_LETTERS = (
    (0x0020, 0x007E),
    (0x00A0, 0x04FF),
    (0x1E00, 0x1FFF),
    (0x2010, 0x2027),
    (0x2030, 0x2040),
    (0x2070, 0x20BF),
    (0x2190, 0x23FF),
    (0x2460, 0x25FF),
    (0xFB00, 0xFB06),
)
_OTHERS = frozenset("№℃ℓΩ™Å⅓⅔✓✗")
# Texts that a person hears or a program reads, not ones that a column must hold.
_UNBROKEN = ("title", "alt")
_LONG_WORD = re.compile(r"\S{18,}")
_MAY_BREAK_AFTER = re.compile(r"[^-/_.,;:=\s]{0,12}[-/_.,;:=]|\S{12}")
_ZERO_WIDTH_SPACE = "\u200b"


def typeset(
    templates: Sequence[str],
    data: Mapping[str, object],
    *,
    day: dt.date,
    own: Mapping[str, str] | None = None,
) -> bytes:
    """Typeset the data by these templates, one after the other; the day dates the file.

    `data` holds mappings, sequences, texts, numbers and the bytes of pictures; `title` is the
    file's. `own` are a clinic's texts in place of our templates of their names. The same data
    gives the same bytes.
    """
    PDF.refuse_absent()
    import typst  # noqa: PLC0415 - 80 MB that few runs need

    texts = own or {}
    _refuse_packages(texts)
    source = "\n".join(
        # An empty one is a clinic's as well, and ours no stand-in for it.
        texts[name] if name in texts else _TEMPLATES.joinpath(name).read_text("utf-8")
        for name in templates
    )
    try:
        made = typst.Compiler(
            source.encode(),
            # What a template may read.
            root=str(_TEMPLATES),
            font_paths=typst.Fonts(include_system_fonts=False),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(_safe(data, "")), "day": day.isoformat()},
        ).compile(
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC),
        )
    except typst.TypstError as error:
        if not texts:
            raise
        raise UsageError(f"templates/{', '.join(texts)}: cannot be used ({error})") from error
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


def _refuse_packages(texts: Mapping[str, str]) -> None:
    """Refuse what would be fetched from the network while a certificate is written."""
    for name, text in texts.items():
        if re.search(r"@(?:preview|local)\b", text):
            raise UsageError(
                f"templates/{name}: imports a package, and nothing is fetched here; write its "
                "functions into the template"
            )


def lettered(text: str) -> str:
    r"""Show by its number every character that the fonts have no letter for.

    >>> lettered("Čapek, 5 µL, 细胞")
    'Čapek, 5 µL, \\u7ec6\\u80de'
    """
    if text.isascii():
        return text
    # A letter and its accent are one letter where Unicode has it.
    composed = unicodedata.normalize("NFC", text)
    return "".join(one if _has_letter(one) else escaped(one) for one in composed)


def _has_letter(character: str) -> bool:
    if unicodedata.category(character).startswith("M"):
        # Over a letter of another font it has no glyph.
        return False
    code = ord(character)
    return character in _OTHERS or any(first <= code <= last for first, last in _LETTERS)


def _safe(value: object, key: str) -> object:
    """Make every text safe to show, and pictures numbers, which is how they cross."""
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, str):
        text = lettered(said(value))
        return text if key in _UNBROKEN else _LONG_WORD.sub(_breakable, text)
    if isinstance(value, Mapping):
        return {name: _safe(one, str(name)) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_safe(one, key) for one in value]
    return value


def _breakable(word: re.Match[str]) -> str:
    """Let a long word go on in the next line instead of over the next column."""
    return _MAY_BREAK_AFTER.sub(lambda piece: piece[0] + _ZERO_WIDTH_SPACE, word[0])
