"""Compares identifiers: exactly, after a declared normalisation, and never by likeness."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

# Only keywords that are the user's own word for it. "CST BEADS LOT ID" is the beads' lot.
LOT_KEYWORDS = (
    "LOT",
    "LOT NUMBER",
    "LOT ID",
    "LOT NO",
    "LOT NO.",
    "BATCH",
    "BATCH NUMBER",
    "BATCH ID",
    "BATCH NO",
)
_DASHES = re.compile("[‐‑‒–—―−]")
# Characters that people and scanners take for one another.
_LOOKALIKES = str.maketrans("OQILSBZ", "0011582")


def identity_key(text: str) -> str:
    """Normalise an identifier for comparison: case, white space and kinds of dash, no more.

    >>> identity_key(" msc–2026 0018 ") == identity_key("MSC-20260018")
    True
    """
    return "".join(_DASHES.sub("-", text).split()).upper()


def seen_key(key: str) -> str:
    """Take the look-alikes of an `identity_key` for one letter.

    >>> seen_key("MSC-2O26-L8") == seen_key("MSC-2026-I8")
    True
    """
    return key.translate(_LOOKALIKES)


def looks_alike(one: str, other: str) -> bool:
    """Say whether two different identifiers differ in look-alikes and punctuation alone: O and 0.

    >>> looks_alike("MSC-2026-OO18", "MSC-2026-0018"), looks_alike("MSC-19", "MSC-18")
    (True, False)
    """
    return _bare(one) == _bare(other)


def is_near(one: str, other: str) -> bool:
    """Say whether a person may have meant the one by the other: look-alikes, a suffix, a slip."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return False
    if first.startswith(second) or second.startswith(first):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= 0.9


def other_of_its_shape(text: str, lot: str) -> str | None:
    """Find an identifier in `text` that is shaped like `lot` and is another one; else None.

    >>> other_of_its_shape("MSC-2026-0038-TV", "MSC-2026-0018")
    'MSC-2026-0038'
    >>> other_of_its_shape("MSC-2026-0018-TV", "MSC-2026-0018") is None
    True
    """
    wanted = identity_key(lot)
    if not any(c.isdigit() for c in wanted) or sum(c.isalpha() for c in wanted) < 2:
        return None
    shape = "".join(r"\d" if c.isdigit() else re.escape(c) for c in wanted)
    # A blank may stand within an identifier, and between it and the word before it.
    spaced = re.sub(r"\s+", " ", _DASHES.sub("-", text)).upper()
    found = re.findall(rf"(?<![0-9A-Z]){shape}(?![0-9])", f"{identity_key(text)} {spaced}")
    return next((one for one in found if one != wanted), None)


_CONTROL = re.compile(
    r"(?<![a-z])(?:unstained|unst|unlabell?ed|ungef(?:ä|ae)rbt|non[ _-]?(?:marqu|color)[ée]e?s?"
    r"|iso[ _-]?typ\w*|iso[ _.-]*(?:ctrl|controls?)|iso(?=[ _.-]*[0-9]*$)|igg[1-4]?[abc]?|fmo|blank"
    r"|comp[ _-]+(?:fitc|pe|apc|percp|bv?[0-9]{3}|cd[0-9]+)|comp(?:ensation)?[ _-]?controls?"
    r"|cst|rainbow|single[ _-]?stain(?:ed|s)?"
    r"|(?:count|control|standard|calibration|comp(?:ensation)?|qc)[ _-]?beads?"
    # "Quality control" and "in-process control" are names of departments and of samples.
    r"|(?:neg|negative|pos|positive|stain(?:ing|ed)?|gating|pbmc|blood|beads?|healthy|normal"
    r"|donor|assay|system|external|internal|single[ _-]?stain(?:ed)?)[ ._-]*(?:ctrl|ctl|controls?)"
    r"|(?:isotyp(?:en)?|negativ|positiv|f(?:ä|ae)rbe)[ _-]?kontrolle|kontrolle|t[ée]moins?"
    r"|ctrl|ctl)(?![a-z])|^\s*(?:controls?|neg(?:ative)?)\s*$",
    re.IGNORECASE,
)


def names_control(text: str) -> bool:
    """Say whether the name of a tube or sample is that of a control.

    >>> names_control("FMO CD105"), names_control("Bead count TruCount")
    (True, False)
    >>> names_control("PBMC control"), names_control("Quality control lab")
    (True, False)
    """
    return _CONTROL.search(re.sub(r"\.(?:fcs|lmd)$", "", text.strip(), flags=re.I)) is not None


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", identity_key(text)).translate(_LOOKALIKES)
