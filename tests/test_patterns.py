"""A pattern that is compiled when it is asked must not wait with its faults until then."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import qcvalidate
from qcvalidate.patterns import LazyPattern

_PATTERNS = [
    (f"{found.name}.{name}", pattern)
    for found in pkgutil.walk_packages(qcvalidate.__path__, "qcvalidate.")
    if "__main__" not in found.name
    for name, pattern in vars(importlib.import_module(found.name)).items()
    if isinstance(pattern, LazyPattern)
]


@pytest.mark.parametrize("pattern", [p for _, p in _PATTERNS], ids=[name for name, _ in _PATTERNS])
def test_every_pattern_can_be_compiled(pattern: LazyPattern) -> None:
    assert pattern.compiled.pattern == pattern.text


def test_it_answers_as_a_compiled_one_does() -> None:
    text, lazy = "Lot 12, LOT 13", LazyPattern(r"lot (\d+)", re.IGNORECASE)
    compiled = re.compile(lazy.text, lazy.flags)

    for method in ("search", "match", "fullmatch", "finditer", "findall"):
        assert (
            str(getattr(lazy, method)(text)).partition(" at ")[0]
            == (str(getattr(compiled, method)(text)).partition(" at ")[0])
        )
    assert [found[1] for found in lazy.finditer(text)] == ["12", "13"]
    assert lazy.sub("charge", text) == "charge, charge"


def test_it_is_compiled_when_it_is_asked() -> None:
    wrong = LazyPattern("(")

    with pytest.raises(re.error):
        wrong.search("text")
