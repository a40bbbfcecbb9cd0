"""Each reader is asked about the kinds of document that it may claim, and of no other."""

from __future__ import annotations

import importlib
import pkgutil

from qcvalidate import readers


def test_every_reader_of_the_packages_is_asked() -> None:
    found = set()
    for package in ("certificates", "exports", "messages"):
        folder = importlib.import_module(f"{readers.__name__}.{package}")
        for module in pkgutil.iter_modules(folder.__path__):
            if hasattr(importlib.import_module(f"{folder.__name__}.{module.name}"), "claims"):
                found.add(f"{package}.{module.name}")

    asked = {name for names in readers._READERS.values() for name in names}

    assert asked == found


def test_a_kind_of_document_that_no_reader_knows_has_none() -> None:
    assert readers.readers("gating") == {}
