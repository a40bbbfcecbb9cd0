"""What a PDF's digital signatures are worth: findings, and whom the user trusts.

A signature covers two ranges of bytes, around itself. What follows the second was added later:
that alone can be seen without the extra `sign`; who signed and whether the bytes still are the
signed ones is told by `validation`, which needs it. Nothing is ever fetched.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcvalidate.errors import UsageError
from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    from qcvalidate.documents.document import Document

# The slugs of findings that say that a document is not what was signed.
BROKEN = ("signature-broken", "signature-changed", "signature-revoked")
# The slug of the one that says that it is, and by somebody whom the user trusts.
TRUSTED = "signature-trusted"

_SUFFIXES = (".pem", ".crt", ".cer", ".der")
_LARGEST_CERTIFICATES = 10_000_000
_PEM = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----\s(.+?)-----END", re.DOTALL)


@dataclass(frozen=True)
class Trust:
    """Whom the user trusts: root certificates in DER, and the day on which they must hold.

    The system's own store is not used: it vouches for web sites. `day` None stands for now.
    """

    roots: tuple[bytes, ...] = ()
    day: dt.date | None = None


NOBODY = Trust()


class Standing(StrEnum):
    """What a signature is worth."""

    TRUSTED = "trusted"
    UNVOUCHED = "unvouched"  # whole, but the signer's name may be anybody's
    CHANGED = "changed"
    BROKEN = "broken"
    REVOKED = "revoked"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Signature:
    """One signature as it was checked.

    `signer` is the certificate's subject; `when` says in words what time is claimed or stamped;
    `why` is the reason for its standing, empty for a trusted one; `allows` is what a certifying
    signature lets others add. `is_stamp` says that it is a time stamp, and no signature.
    """

    field: str
    signer: str
    when: str
    standing: Standing
    why: str = ""
    allows: str = ""
    is_stamp: bool = False


@dataclass(frozen=True)
class Checked:
    """All signatures of a file, and the names of its signature fields that nobody signed.

    `lasts` says that the file brings what proves its certificates later on (DSS).
    """

    signatures: tuple[Signature, ...]
    empty: tuple[str, ...] = ()
    lasts: bool = False


def load_trust(paths: Iterable[Path]) -> Trust:
    """Read root certificates, in PEM or DER, from files and folders.

    Raises `UsageError` for a path that holds none: who names one means it.
    """
    roots: dict[bytes, None] = {}
    for path in paths:
        for file in _certificate_files(path):
            roots.update(dict.fromkeys(_certificates(file)))
    return Trust(tuple(roots))


def _certificate_files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        found = sorted(file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES)
    except OSError as error:
        raise UsageError(f"{path}: cannot be listed ({error.strerror})") from error
    if not found:
        raise UsageError(
            f"{path}: holds no certificate; expected files that end in {', '.join(_SUFFIXES)}"
        )
    return found


def _certificates(path: Path) -> list[bytes]:
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_CERTIFICATES)
        found = [base64.b64decode(b"".join(text.split())) for text in _PEM.findall(content)]
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except binascii.Error as error:
        raise UsageError(f"{path}: a certificate in it is damaged") from error
    found = found or [content]
    if not all(_is_certificate(der) for der in found):
        raise UsageError(f"{path}: is no certificate in PEM or DER")
    return found


def _is_certificate(der: bytes) -> bool:
    """Look at a certificate's frame: a DER sequence, as long as it says, that holds another."""
    return (
        len(der) > 100
        and der[:2] == b"\x30\x82"
        and int.from_bytes(der[2:4], "big") + 4 == len(der)
        and der[4:5] == b"\x30"
    )


def signed_ranges(raw: Any, pdf: Any) -> tuple[tuple[int, ...], ...]:
    """Give the byte ranges that each signature field of a PDF says it covers.

    `raw` is `pypdfium2.raw`; a field that nobody signed has none.
    """
    import ctypes  # noqa: PLC0415

    found = []
    for index in range(max(0, raw.FPDF_GetSignatureCount(pdf))):
        signature = raw.FPDF_GetSignatureObject(pdf, index)
        count = raw.FPDFSignatureObj_GetByteRange(signature, None, 0)
        numbers = (ctypes.c_int * count)()
        raw.FPDFSignatureObj_GetByteRange(signature, numbers, count)
        found.append(tuple(numbers))
    return tuple(found)


def signature_findings(document: Document, trust: Trust) -> list[Finding]:
    """Say what a PDF's digital signatures are worth; none at all says nothing."""
    if not document.signed:
        return []
    name = document.name
    if find_spec("pyhanko") is None:
        return list(_unchecked(document, name))
    from qcvalidate.documents.signatures.validation import checked_signatures  # noqa: PLC0415

    checked = checked_signatures(document.path, trust)
    return [*_findings(checked, trust, name), *_overlooked(document, checked, name)]


def _unchecked(document: Document, name: str) -> Iterator[Finding]:
    filled = [numbers for numbers in document.signed if numbers]
    if not filled:
        yield _empty(name, f"{len(document.signed)} fields")
        return
    added = _added(document.path, filled)
    if added:
        yield Finding(
            "signature-changed",
            Severity.HOLD,
            f"{name}: was changed after it was signed ({added:,} bytes follow the signed part); "
            "ask the laboratory for the file that it signed",
            Place(name),
        )
    yield Finding(
        "signature-unchecked",
        Severity.WARNING,
        f"{name}: has a digital signature that was not checked; "
        "pip install 'qcvalidate[sign]' to have it checked",
        Place(name),
    )


def _added(path: Path, ranges: Sequence[tuple[int, ...]]) -> int:
    """Count the bytes that no signature covers at the end of a file, white space aside."""
    ends = [r[2] + r[3] if len(r) == 4 and r[0] == 0 else 0 for r in ranges]
    with path.open("rb") as stream:
        stream.seek(max(0, *ends))
        return len(stream.read().strip())


def _findings(checked: Checked, trust: Trust, name: str) -> Iterator[Finding]:
    for signature in checked.signatures:
        slug, severity, told = _TOLD[signature.standing]
        who = "has a time stamp" if signature.is_stamp else "is digitally signed"
        words = [f"{name}: {who} by {signature.signer or 'nobody who is named'}{signature.when}"]
        words.append(f"{told}{': ' if signature.why else ''}{signature.why}")
        if signature.allows:
            words.append(f"it certifies the file and allows later {signature.allows}")
        if checked.lasts and not signature.is_stamp:
            words.append("the file brings what proves its certificates later on (DSS)")
        if signature.standing is Standing.UNVOUCHED and not trust.roots:
            words.append("name the root certificate that you trust with --trust")
        if signature.standing is Standing.TRUSTED and signature.is_stamp:
            # It tells when, and not who vouches for what the file says.
            yield Finding("signature-stamp", severity, "; ".join(words), Place(name))
            continue
        yield Finding(slug, severity, "; ".join(words), Place(name))
    if checked.signatures and all(signature.is_stamp for signature in checked.signatures):
        yield Finding(
            "signature-unvouched",
            Severity.WARNING,
            f"{name}: has time stamps only; they say when the file was there, and not who signed",
            Place(name),
        )
    for field in checked.empty:
        yield _empty(name, f"the field “{field}”")


_TOLD = {
    Standing.TRUSTED: (
        TRUSTED,
        Severity.INFORMATION,
        "the file is whole, and you trust the root of the signer's certificate",
    ),
    Standing.UNVOUCHED: (
        "signature-unvouched",
        Severity.WARNING,
        "the file is whole, but nobody whom you trust vouches for that name",
    ),
    Standing.CHANGED: (
        "signature-changed",
        Severity.HOLD,
        "the file was changed after that; ask the laboratory for the file that it signed",
    ),
    Standing.BROKEN: (
        "signature-broken",
        Severity.HOLD,
        "the signature does not fit the file, which is damaged or forged; ask the laboratory for "
        "the file that it signed",
    ),
    Standing.REVOKED: (
        "signature-revoked",
        Severity.HOLD,
        "the signer's certificate was revoked; ask the laboratory",
    ),
    Standing.UNSUPPORTED: (
        "signature-unsupported",
        Severity.WARNING,
        "the signature is of a kind that is not checked here",
    ),
}


def _overlooked(document: Document, checked: Checked, name: str) -> Iterator[Finding]:
    """Hold a file in which two programs see different signatures, or that nobody could check."""
    filled = [numbers for numbers in document.signed if numbers]
    broken = any(one.standing is Standing.BROKEN for one in checked.signatures)
    if len(filled) != len(checked.signatures) and not broken:
        yield Finding(
            "signature-broken",
            Severity.HOLD,
            f"{name}: two programs see different signatures in it ({len(filled)} and "
            f"{len(checked.signatures)}); ask the laboratory for a clean file",
            Place(name),
        )
        return
    unsupported = [s for s in checked.signatures if s.standing is Standing.UNSUPPORTED]
    added = _added(document.path, filled) if unsupported else 0
    if added:
        yield Finding(
            "signature-changed",
            Severity.HOLD,
            f"{name}: was changed after it was signed ({added:,} bytes follow the signed part); "
            "ask the laboratory for the file that it signed",
            Place(name),
        )


def _empty(name: str, which: str) -> Finding:
    return Finding(
        "signature-field-empty",
        Severity.WARNING,
        f"{name}: has a place for a digital signature that nobody signed ({which})",
        Place(name),
    )


def missing_signature(
    document: Document, findings: Iterable[Finding], asker: str
) -> Finding | None:
    """Hold a document that must be digitally signed, unless it is, whole, by somebody trusted.

    `findings` are the document's own; `asker` says in words who requires it.
    """
    slugs = {finding.slug for finding in findings}
    if TRUSTED in slugs and not slugs & _SPOILING:
        return None
    if not document.signed:
        why = "has none"
        if document.media_type != "application/pdf":
            why = "is no PDF file, which alone can carry one here"
    elif "signature-unchecked" in slugs:
        why = "has one that was not checked; pip install 'qcvalidate[sign]'"
    else:
        found = sorted(slugs & (_SPOILING | {"signature-unvouched", "signature-field-empty"}))
        why = f"has none that is trusted and whole ({', '.join(found)})"
    return Finding(
        "signature-required",
        Severity.HOLD,
        f"{document.name}: {asker} requires a digital signature, and this paper {why}",
        Place(document.name),
    )


_SPOILING = frozenset((*BROKEN, "signature-unsupported", "signature-unchecked"))
