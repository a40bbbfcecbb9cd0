"""Regular expressions that are compiled when they are first asked, and not when they are imported.

Python compiles one in a quarter of a millisecond, one of many words in several, and most lots have
no paper that half of ours are asked of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any


class LazyPattern:
    """A regular expression with the methods of a compiled one; a wrong one raises when asked.

    `needs` is a much smaller one, with the same flags: what has no place for it has none for this.
    """

    def __init__(self, text: str, flags: int = 0, *, needs: str | None = None) -> None:
        self.text = text
        self.flags = flags
        self.needs = needs

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Compile it, once."""
        return re.compile(self.text, self.flags)

    def search(self, text: str) -> re.Match[str] | None:
        """Find the first place that it fits."""
        return self.compiled.search(text) if self._may_fit(text) else None

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Fit it to the beginning, or to what begins at `start`."""
        return self.compiled.match(text, start) if self._may_fit(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Fit it to the whole."""
        return self.compiled.fullmatch(text) if self._may_fit(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Find every place that it fits, one after the other."""
        return self.compiled.finditer(text) if self._may_fit(text) else iter(())

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """Replace what it fits, everywhere or in the first `count` places."""
        return self.compiled.sub(new, text, count) if self._may_fit(text) else text

    def findall(self, text: str) -> list[Any]:
        """Give every text that it fits, or that its group does."""
        return self.compiled.findall(text) if self._may_fit(text) else []

    def _may_fit(self, text: str) -> bool:
        return self.needs is None or self._guard.search(text) is not None

    @cached_property
    def _guard(self) -> re.Pattern[str]:
        return re.compile(self.needs or "", self.flags)
