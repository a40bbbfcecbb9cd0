"""A pattern that is compiled when it is asked must not wait with its faults until then."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


_NEEDING = [(name, pattern) for name, pattern in _PATTERNS if pattern.needs is not None]


@pytest.mark.parametrize("pattern", [p for _, p in _NEEDING], ids=[name for name, _ in _NEEDING])
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_what_a_pattern_fits_has_what_it_needs(pattern: LazyPattern, data: Any) -> None:
    # No test of a whole text: many spaces can be shared out in very many ways.
    text = data.draw(st.from_regex(re.compile(pattern.text, pattern.flags), fullmatch=True))
    needed = re.compile(pattern.needs or "", pattern.flags)

    assert needed.search(text) is not None


def test_a_text_without_what_it_needs_is_not_searched() -> None:
    lazy = LazyPattern(r"\d+ (?:cfu|kbe)", re.IGNORECASE, needs="cfu|kbe")

    assert lazy.search("no growth") is None
    assert lazy.sub("", "12 colonies") == "12 colonies"
    assert (lazy.findall(""), list(lazy.finditer(""))) == ([], [])
    assert "compiled" not in vars(lazy)
    assert lazy.fullmatch("12 CFU") is not None


def test_it_is_compiled_when_it_is_asked() -> None:
    wrong = LazyPattern("(")

    with pytest.raises(re.error):
        wrong.search("text")
