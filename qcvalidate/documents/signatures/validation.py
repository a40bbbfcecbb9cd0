"""Checks the digital signatures of a PDF with pyHanko, offline.

pyHanko's `intact` and `valid` stay true when a file is changed by appending to it, so what
counts here is what each signature covers and what was added after it. A file is whole where the
last signature covers all of it, but for what keeps signatures provable (DSS, time stamps).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import ValidationError

from qcvalidate.documents.rendering import looks_as_before
from qcvalidate.documents.signatures import Checked, Signature, Standing, Trust

# It tells of every untrusted certificate with a traceback; what it finds is in our findings.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

# What pyHanko and asn1crypto raise about bytes that are not as they should be.
_FAULTS = (
    PdfError,
    ValidationError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    OSError,
)
# Detached CMS; the older adbe.pkcs7.sha1 and adbe.x509.rsa_sha1 stand on SHA-1.
_KNOWN = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/ETSI.RFC3161", "/PBAD.PAdES")
# Laboratories' certificates seldom promise that a signature cannot be denied.
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
_ALLOWS = {
    MDPPerm.NO_CHANGES: "no changes",
    MDPPerm.FILL_FORMS: "values in form fields and signatures",
    MDPPerm.ANNOTATE: "values in form fields, notes and signatures",
}
# What pyHanko calls a problem with a certificate, in the analyst's words.
_PROBLEMS = {
    "NO_CERTIFICATE_CHAIN_FOUND": "its certificate leads to no root that you trust",
    "CHAIN_CONSTRAINTS_FAILURE": "its certificate is self-signed, or not made for signing",
    "CRYPTO_CONSTRAINTS_FAILURE": "its methods ({methods}) are too weak to vouch for anything",
    "OUT_OF_BOUNDS_NO_POE": "its certificate is valid from {first} to {last}, and no trusted time "
    "stamp shows that it was signed then",
}


@dataclass(frozen=True)
class _Seen:
    """One signature before those after it were looked at."""

    signature: Signature
    level: ModificationLevel = ModificationLevel.OTHER
    end: int = 0  # of the bytes that it covers

    @property
    def vouches(self) -> bool:
        """Say whether a trusted person signed all that the file holds now."""
        standing, stamp = self.signature.standing, self.signature.is_stamp
        return standing is Standing.TRUSTED and not stamp and self.is_last

    @property
    def is_last(self) -> bool:
        """Say whether nothing was added after it but what keeps signatures provable."""
        return self.level.value <= ModificationLevel.LTA_UPDATES.value


def checked_signatures(path: Path, trust: Trust) -> Checked:
    """Check every signature of a PDF file; a fault in one is its standing and no error."""
    with path.open("rb") as stream:
        try:
            reader = PdfFileReader(stream)
            if reader.encrypted:
                reader.decrypt(b"")
            fields = list(enumerate_sig_fields(reader))
            lasts = "/DSS" in reader.root
        except _FAULTS as error:
            return Checked((_unreadable("", error),))
        filled = [(name, field) for name, value, field in fields if value is not None]
        seen = [asyncio.run(_seen(reader, name, field, trust)) for name, field in filled]
        signatures = tuple(_judged([_as_shown(one, path) for one in seen]))
        return Checked(signatures, tuple(name for name, value, _ in fields if value is None), lasts)


def _unreadable(name: str, error: BaseException) -> Signature:
    why = f"it cannot be read ({type(error).__name__}: {str(error)[:150]})"
    return Signature(name, "", "", Standing.BROKEN, why)


async def _seen(reader: PdfFileReader, name: str, field: Any, trust: Trust) -> _Seen:
    try:
        kind = str(field.get_object()["/V"].get("/SubFilter"))
        if kind not in _KNOWN:
            why = f"its kind is {kind[:40]}"
            return _Seen(Signature(name, "", "", Standing.UNSUPPORTED, why))
        embedded = EmbeddedPdfSignature(reader, field, name)
        fault = _gap_fault(reader.stream, embedded)
        if fault:
            return _Seen(Signature(name, _subject(embedded), "", Standing.BROKEN, fault))
        if _is_followed(reader.stream, embedded):
            why = "bytes follow that belong to no part of it"
            return _Seen(Signature(name, _subject(embedded), "", Standing.CHANGED, why))
        if embedded.sig_object_type == "/DocTimeStamp":
            return await _stamp(embedded, name, trust)
        signed = await _signed(embedded, name, trust)
        return replace(signed, end=int(embedded.byte_range[2]) + int(embedded.byte_range[3]))
    except _FAULTS as error:
        return _Seen(_unreadable(name, error))


def _gap_fault(stream: Any, embedded: EmbeddedPdfSignature) -> str:
    """Say what is wrong with the part of the file that a signature leaves out.

    It must be the signature itself, in hexadecimal digits and nothing else, and the ranges must
    lie within the file: pyHanko adds up their lengths, and a second set of bytes could hide.
    """
    ranges = [int(number) for number in embedded.byte_range]
    if len(ranges) != 4 or ranges[0] != 0 or min(ranges) < 0:
        return "it does not cover the file from its first byte"
    _, first, second, rest = ranges
    stream.seek(0, 2)
    if second + rest > stream.tell() or second <= first:
        return "it covers bytes that the file does not have"
    stream.seek(first)
    gap = stream.read(second - first)
    try:
        content = bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        content = b""
    if gap[:1] != b"<" or gap[-1:] != b">" or content != embedded.pkcs7_content:
        return "what it leaves out of the file is more than itself"
    return ""


def _is_followed(stream: Any, embedded: EmbeddedPdfSignature) -> bool:
    """Say whether bytes follow that belong to no part of the file, and that pyHanko passes over.

    A viewer that mends files may find objects among them.
    """
    _, _, second, rest = (int(number) for number in embedded.byte_range)
    stream.seek(second + rest)
    after = stream.read()
    newer = embedded.reader.xrefs.total_revisions > embedded.signed_revision + 1
    return bool((after.rpartition(b"%%EOF")[2] if newer else after).strip())


async def _signed(embedded: EmbeddedPdfSignature, name: str, trust: Trust) -> _Seen:
    status = await _status(embedded, trust)
    stamp = status.timestamp_validity
    stamped = stamp.timestamp if stamp is not None and stamp.trusted else None
    if stamped is not None and not status.trusted:
        # A certificate that has run out since was good on the day of a trusted time stamp.
        earlier = await _status(embedded, trust, at=stamped)
        status = earlier if earlier.trusted else status
    if status.trusted and "/DSS" in embedded.reader.root:
        # Only a strict look reads the list of revoked certificates that the file brings, where
        # the certificate itself names none; that there is no such list is no fault.
        strict = await _status(embedded, trust, strictly=True)
        status = strict if strict.revoked else status
    made = Signature(
        name,
        _subject(embedded),
        _when(status.signer_reported_dt, stamped),
        Standing.TRUSTED,
        allows=_ALLOWS[embedded.docmdp_level] if embedded.docmdp_level else "",
    )
    level = status.modification_level or ModificationLevel.OTHER
    fault = _integrity_fault(status)
    if not fault and stamp is not None and not (stamp.intact and stamp.valid):
        fault = "its time stamp does not fit it"
    if fault:
        return _Seen(replace(made, standing=Standing.BROKEN, why=fault), level)
    if status.revoked:
        day = status.revocation_details.revocation_date.date()
        return _Seen(replace(made, standing=Standing.REVOKED, why=f"on {day}"), level)
    if not status.docmdp_ok:
        return _Seen(replace(made, standing=Standing.CHANGED, why=_change(level)), level)
    if not status.seed_value_ok:
        why = "it is not as its own field demands"
        return _Seen(replace(made, standing=Standing.UNVOUCHED, why=why), level)
    if not status.trusted:
        why = _problem(status, embedded)
        return _Seen(replace(made, standing=Standing.UNVOUCHED, why=why), level)
    return _Seen(made, level)


async def _status(
    embedded: EmbeddedPdfSignature,
    trust: Trust,
    *,
    at: dt.datetime | None = None,
    strictly: bool = False,
) -> Any:
    context = _context(embedded, trust, at, strictly=strictly)
    return await async_validate_pdf_signature(embedded, context, key_usage_settings=_USAGE)


async def _stamp(embedded: EmbeddedPdfSignature, name: str, trust: Trust) -> _Seen:
    status: Any = await async_validate_pdf_timestamp(embedded, _context(embedded, trust))
    when = _when(None, status.timestamp)
    made = Signature(name, _subject(embedded), when, Standing.TRUSTED, is_stamp=True)
    level = status.modification_level or ModificationLevel.OTHER
    fault = _integrity_fault(status)
    if fault:
        return _Seen(replace(made, standing=Standing.BROKEN, why=fault), level)
    if not status.docmdp_ok and level is ModificationLevel.OTHER:
        return _Seen(replace(made, standing=Standing.CHANGED, why=_change(level)), level)
    if not status.trusted:
        why = _problem(status, embedded)
        return _Seen(replace(made, standing=Standing.UNVOUCHED, why=why), level)
    return _Seen(made, level)


def _context(
    embedded: EmbeddedPdfSignature,
    trust: Trust,
    at: dt.datetime | None = None,
    *,
    strictly: bool = False,
) -> ValidationContext:
    """Make the rules of one validation; what the file itself brings to prove it is used."""
    known: dict[str, Any] = {
        "trust_roots": [root for der in trust.roots for root in load_certs_from_pemder_data(der)],
        "moment": at or _moment(trust.day),
        "allow_fetching": False,
        # A file that brings no list of revoked certificates cannot be asked for one offline.
        "revocation_mode": "require" if strictly else "soft-fail",
        "other_certs": embedded.other_embedded_certs,
    }
    try:
        return DocumentSecurityStore.read_dss(embedded.reader).as_validation_context(known)
    except NoDSSFoundError:
        return ValidationContext(**known)


def _moment(day: dt.date | None) -> dt.datetime:
    now = dt.datetime.now(dt.UTC)
    if day is None or day == now.date():
        return now
    return dt.datetime.combine(day, dt.time(23, 59, 59), dt.UTC)


def _integrity_fault(status: Any) -> str:
    if not status.intact:
        return "the bytes that it covers are others than those that were signed"
    if not status.valid:
        return "it was not made with the key of the certificate that it names"
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return "it does not cover all that was in the file when it was signed"
    return ""


def _as_shown(one: _Seen, path: Path) -> _Seen:
    """Hold what was added after the last signature to what a viewer shows.

    Another program may mend a file in which pyHanko sees no harm, and find other pages in it.
    """
    harmless = one.is_last and not _is_bad(one) and not one.signature.is_stamp
    if not harmless or one.end == path.stat().st_size or looks_as_before(path, one.end):
        return one
    why = "its pages look other than they did when it was signed"
    return replace(one, signature=replace(one.signature, standing=Standing.CHANGED, why=why))


def _change(level: ModificationLevel) -> str:
    if level in (ModificationLevel.FORM_FILLING, ModificationLevel.ANNOTATIONS):
        return "form fields, notes or signatures were added, which it does not allow"
    return "more than a form's values or further signatures was added"


def _problem(status: Any, embedded: EmbeddedPdfSignature) -> str:
    indication = getattr(status.trust_problem_indic, "name", "NONE")
    certificate = embedded.signer_cert
    told = _PROBLEMS.get(indication, f"its certificate could not be validated ({indication})")
    methods = (
        status.md_algorithm,
        status.pkcs7_signature_mechanism,
        certificate["signature_algorithm"]["algorithm"].native,
    )
    return told.format(
        methods=", ".join(dict.fromkeys(str(method) for method in methods)),
        first=certificate.not_valid_before.date(),
        last=certificate.not_valid_after.date(),
    )


def _subject(embedded: EmbeddedPdfSignature) -> str:
    """Give the name in the signer's certificate: who, and of which organisation."""
    names = embedded.signer_cert.subject.native
    who = [names.get(key) for key in ("common_name", "organization_name")]
    told = [", ".join(one) if isinstance(one, list) else str(one) for one in who if one]
    return f"{told[0]} ({told[1]})" if len(told) == 2 else "".join(told)


def _when(claimed: dt.datetime | None, stamped: dt.datetime | None) -> str:
    if stamped is not None:
        return f" on {stamped.date()} (time stamp)"
    return f" on {claimed.date()} (as the signer's own clock says)" if claimed else ""


def _judged(seen: Sequence[_Seen]) -> Iterator[Signature]:
    """Hold what was added after a signature to those that came later.

    Further signatures and values in form fields may follow, where a later signature covers
    them. Whoever adds one can draw over the page, so where the first was trusted so must the
    last one be.
    """
    anybody = any(one.is_last and not _is_bad(one) for one in seen if not one.signature.is_stamp)
    trusted = any(one.vouches for one in seen)
    for one in seen:
        signature = one.signature
        covered = trusted if signature.standing is Standing.TRUSTED else anybody
        if _is_bad(one) or one.is_last or signature.is_stamp or covered:
            yield signature
            continue
        why = "form fields or signatures were added, and no later signature covers them"
        if signature.standing is Standing.TRUSTED:
            why = "form fields or signatures were added by somebody for whom nobody vouches"
        yield replace(signature, standing=Standing.CHANGED, why=why)


def _is_bad(one: _Seen) -> bool:
    return one.signature.standing not in (Standing.TRUSTED, Standing.UNVOUCHED)
