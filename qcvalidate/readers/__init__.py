"""Reads documents: words, cells or events in, a record out. Knows laboratories, and no limits.

Every module of `certificates`, `exports` and `messages` that has `claims` and `read` is a reader,
found by searching the packages. Exactly one reader may claim a document; one that says
`LAST_RESORT` is asked where no other does.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

from qcvalidate.documents import Document
from qcvalidate.errors import DocumentError
from qcvalidate.labs import LabProfile
from qcvalidate.quantity import Locale
from qcvalidate.record import Record
from qcvalidate.vocabulary import Vocabulary

__all__ = ["Context", "Reader", "read_document", "readers"]


@dataclass(frozen=True)
class Context:
    """What a reader is told besides the document.

    The vocabulary, the locale that lot.yaml declares, and the profiles of laboratories.
    """

    vocabulary: Vocabulary
    locale: Locale
    profiles: tuple[LabProfile, ...] = ()


class Reader(Protocol):
    """A module that reads one kind of document."""

    __name__: str

    def claims(self, document: Document, context: Context) -> bool:
        """Say whether this document is of the kind that this reader knows."""

    def read(self, document: Document, context: Context) -> Record:
        """Say what the document says; raise `DocumentError` if that cannot be told safely."""


@cache
def readers() -> dict[str, Reader]:
    """Give every reader by its name, which is its module's (`certificates.generic`)."""
    found: dict[str, Reader] = {}
    for package in ("certificates", "exports", "messages"):
        folder = importlib.import_module(f"{__name__}.{package}")
        for module in pkgutil.iter_modules(folder.__path__):
            reader = importlib.import_module(f"{folder.__name__}.{module.name}")
            if hasattr(reader, "claims"):
                found[f"{package}.{module.name}"] = cast("Reader", reader)
    return found


def read_document(document: Document, context: Context) -> Record:
    """Read a document with the one reader that claims it; two claims are none."""
    claiming = {
        name: reader for name, reader in readers().items() if reader.claims(document, context)
    }
    special = {n: r for n, r in claiming.items() if not getattr(r, "LAST_RESORT", False)}
    claiming = special or claiming
    if not claiming:
        raise DocumentError(
            f"{document.name}: no reader knows this document", slug="document-unclaimed"
        )
    if len(claiming) > 1:
        raise DocumentError(
            f"{document.name}: claimed by {' and '.join(claiming)}; one must be made stricter",
            slug="document-claimed-twice",
        )
    return next(iter(claiming.values())).read(document, context)
