"""Reads documents: words, cells or events in, a record out. Knows laboratories, and no limits.

Every module of `certificates`, `exports` and `messages` that has `claims` and `read` is a reader,
and stands in `_READERS` under each kind of document that it may claim. Exactly one reader may claim
a document; one that says `LAST_RESORT` is asked where no other does, and one that says `PLAIN`,
which reads what any program may write, where none does that knows the program.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

from qcvalidate.documents import Document
from qcvalidate.errors import DocumentError
from qcvalidate.labs import LabProfile
from qcvalidate.mappings import ColumnMapping
from qcvalidate.quantity import Locale
from qcvalidate.record import Record
from qcvalidate.vocabulary import Vocabulary

__all__ = ["Context", "Reader", "read_document", "readers"]


@dataclass(frozen=True)
class Context:
    """What a reader is told besides the document.

    The vocabulary, the locale that lot.yaml declares, the profiles of laboratories, and the
    column mappings of exports.
    """

    vocabulary: Vocabulary
    locale: Locale
    profiles: tuple[LabProfile, ...] = ()
    mappings: tuple[ColumnMapping, ...] = ()


class Reader(Protocol):
    """A module that reads one kind of document."""

    __name__: str

    def claims(self, document: Document, context: Context) -> bool:
        """Say whether this document is of the kind that this reader knows."""

    def read(self, document: Document, context: Context) -> Record:
        """Say what the document says; raise `DocumentError` if that cannot be told safely."""


# Who is asked, by the kind of the document. To ask all would be to import them all: a lot of PDF
# files would wait for what reads messages.
_READERS = {
    "pages": ("certificates.generic", "exports.mapped"),
    "table": (
        "certificates.generic",
        "exports.cytexpert_table",
        "exports.facsdiva_table",
        "exports.flowjo_table",
        "exports.kaluza_table",
        "exports.macsquantify_table",
        "exports.mapped",
        "exports.novoexpress_table",
        "exports.results_table",
    ),
    "structured": (
        "exports.allotrope",
        "exports.facsdiva_experiment",
        "exports.flowjo_workspace",
        "messages.fhir",
        "messages.hl7v2",
    ),
    "listmode": ("exports.listmode",),
}


@cache
def readers(kind: str) -> dict[str, Reader]:
    """Give the readers of one kind of document by name, which is the module's."""
    return {
        name: cast("Reader", importlib.import_module(f"{__name__}.{name}"))
        for name in _READERS.get(kind, ())
    }


def read_document(document: Document, context: Context) -> Record:
    """Read a document with the one reader that claims it; two claims are none."""
    asked = readers(document.kind)
    claiming = {name: reader for name, reader in asked.items() if reader.claims(document, context)}
    for rank in ("LAST_RESORT", "PLAIN"):
        special = {n: r for n, r in claiming.items() if not getattr(r, rank, False)}
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
