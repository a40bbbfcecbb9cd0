"""Reads the labels of a lot that lot.yaml names: they carry identifiers, and no results.

A label's lot, donation number and patient are held to the lot's like any paper's; its expiry and
the statements of 21 CFR 1271.90(c) are looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qcvalidate.documents import Document
from qcvalidate.frames import observations
from qcvalidate.manifest import Manifest
from qcvalidate.patterns import LazyPattern
from qcvalidate.quantity import UnreadableDate, parse_date
from qcvalidate.readers import Context
from qcvalidate.readers.certificates.generic import read_header
from qcvalidate.record import LABEL_READER, Finding, Record, Severity, Source

_DATE = r"[0-9]{1,4}[-./ ](?:[0-9]{1,2}|[A-Za-z]{3,9})[-./ ][0-9]{1,4}"
_EXPIRES = LazyPattern(
    r"\b(?:exp(?:\.|iry|iration|ires)?(?: date| on)?|use (?:by|before)|verfall(?:sdatum)?"
    r"|verwendbar bis|date de péremption|péremption|caducidad|fecha de caducidad|scadenza|validade)"
    rf"\.? ?:? ?(?P<day>{_DATE})",
    re.IGNORECASE,
)
_FOR_AUTOLOGOUS = re.compile(r"for autologous use only", re.IGNORECASE)


def read_label(document: Document, context: Context) -> Record:
    """Read what a label says of the lot's identity."""
    source = Source(document.name, document.sha256, document.kind, LABEL_READER)
    header = read_header(document, context)
    return Record(source, header, observations([]), document.findings)


def misfit_findings(record: Record, text: str, manifest: Manifest) -> Iterator[Finding]:
    """Hold a label, with the words on it, against what lot.yaml says; any other paper says none."""
    if record.source.reader == LABEL_READER:
        yield from _expiry_findings(record, text, manifest)
        yield from _statement_findings(record, text, manifest)


def _expiry_findings(record: Record, text: str, manifest: Manifest) -> Iterator[Finding]:
    path = record.source.path
    for match in _EXPIRES.finditer(text) if manifest.expires else ():
        try:
            expires = parse_date(match["day"], manifest.locale)
        except UnreadableDate as error:
            yield record.finding(error.slug, Severity.HOLD, f"{path}: {error}")
            continue
        if expires != manifest.expires:
            message = f"{path} expires {expires}; manufacture.expires says {manifest.expires}"
            yield record.finding("label-misfit", Severity.HOLD, message)


def _statement_findings(record: Record, text: str, manifest: Manifest) -> Iterator[Finding]:
    relation = manifest.facts.get("relation")
    says = _FOR_AUTOLOGOUS.search(" ".join(text.split())) is not None
    path = record.source.path
    if relation == "autologous" and not says:
        message = (
            f"{path} does not say “FOR AUTOLOGOUS USE ONLY”, which the label of an autologous "
            "product must (21 CFR 1271.90(c))"
        )
        yield record.finding("label-misfit", Severity.HOLD, message)
    if relation == "allogeneic" and says:
        message = f"{path} says “FOR AUTOLOGOUS USE ONLY”; donor.relation is allogeneic"
        yield record.finding("label-misfit", Severity.HOLD, message)
