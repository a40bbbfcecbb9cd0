"""Keeps what documents say from being taken for commands by programs that run CI jobs.

They read what a job prints. GitHub's obeys a line that begins with `::`, and, wherever it stands in
a line, `##[`; Azure's obeys `##vso[`, TeamCity's `##teamcity[`.
"""

from __future__ import annotations

import re

# What a runner's library may not see when it compares: marks without a letter, for instance.
_UNSEEN = r"[^\w\s\x21-\x7e]"
# A colon before another, with nothing in front that could be read.
_COLONS = re.compile(rf"(?<![\w\x21-\x39\x3b-\x7e]):(?={_UNSEEN}*:)")
_BRACKET = re.compile(rf"(#{_UNSEEN}*#(?:\w|{_UNSEEN})*)\[")


def without_commands(text: str) -> str:
    r"""Show the sign that would make a command by its number; every other text stays as it is.

    >>> without_commands("::error::x"), without_commands("said: ##[error]x")
    ('\\x3a:error::x', 'said: ##\\x5berror]x')
    """
    if "::" in text or not text.isascii():
        text = _COLONS.sub(r"\\x3a", text)
    return _BRACKET.sub(r"\1\\x5b", text) if "#" in text else text


def as_references(markup: str) -> str:
    """Write what would make a command as references of HTML and XML, which say the same."""
    return markup.replace("##", "&#35;&#35;").replace("::", "&#58;&#58;")
