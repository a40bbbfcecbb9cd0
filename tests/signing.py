"""Makes PDF files with digital signatures, good and bad, and the certificates behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
YEAR = dt.timedelta(days=365)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Person:
    """A certificate with its key, and those of its issuers."""

    certificate: x509.Certificate
    key: Key
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def authority(name: str = "Example Root") -> Person:
    """Make a root certificate that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name, "Example Trust")
    builder = _builder(subject, subject, key, NOW - 20 * YEAR, NOW + 20 * YEAR)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), True)
    return Person(builder.sign(key, hashes.SHA256()), key)


def person(
    root: Person,
    name: str = "L. Hennig",
    *,
    first: dt.datetime = NOW - YEAR,
    last: dt.datetime = NOW + YEAR,
    stamps: bool = False,
) -> Person:
    """Make a person's certificate, or a time stamp service's, issued by a root."""
    key: Key = ec.generate_private_key(ec.SECP256R1())
    if stamps:
        # The service that pyHanko has for tests knows no other kind.
        key = rsa.generate_private_key(65537, 2048)
    subject = _name(name, "Example Lab (fictitious)")
    builder = _builder(subject, root.certificate.subject, key, first, last)
    builder = builder.add_extension(_usage(digital_signature=True), True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    builder = builder.add_extension(issuer, False)
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, True)
    return Person(builder.sign(root.key, hashes.SHA256()), key, (root.certificate,))


def revoked(root: Person, who: Person) -> bytes:
    """Make a root's list of revoked certificates, with one person's on it."""
    entry = x509.RevokedCertificateBuilder()
    entry = entry.serial_number(who.certificate.serial_number)
    entry = entry.revocation_date(NOW - dt.timedelta(days=3))
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.certificate.subject)
    builder = builder.last_update(NOW - dt.timedelta(days=1))
    builder = builder.next_update(NOW + dt.timedelta(days=30))
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    builder = builder.add_extension(issuer, False).add_extension(x509.CRLNumber(1), False)
    crl = builder.add_revoked_certificate(entry.build()).sign(root.key, hashes.SHA256())
    return crl.public_bytes(serialization.Encoding.DER)


def _name(name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: Key,
    first: dt.datetime,
    last: dt.datetime,
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(first).not_valid_after(last)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return builder.add_extension(identifier, False)


def _usage(**wanted: bool) -> x509.KeyUsage:
    every = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in every})


def page(text: str = "Lot: MSC-2026-0018", form: bool = False) -> bytes:
    """Draw a page with a line of text, and with a form field if wanted."""
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(612, 792))
    canvas.drawString(72, 500, text)
    if form:
        canvas.drawString(72, 450, "Result:")
        canvas.acroForm.textfield(name="result", x=150, y=445, width=100, height=20)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def signed(
    content: bytes,
    who: Person,
    field: str = "Signature1",
    *,
    stamper: Person | None = None,
    box: tuple[int, int, int, int] | None = None,
    **settings: Any,
) -> bytes:
    """Sign a PDF, by appending to it."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    if box is not None:
        fields.append_signature_field(writer, fields.SigFieldSpec(field, box=box))
    signer = signers.SimpleSigner(
        signing_cert=_asn1(who.der),
        signing_key=_asn1_key(who),
        cert_registry=_store(who),
    )
    metadata = signers.PdfSignatureMetadata(field_name=field, **settings)
    timestamper = None if stamper is None else _stamper(stamper)
    return signers.sign_pdf(writer, metadata, signer, timestamper=timestamper).getvalue()


def stamped(content: bytes, service: Person) -> bytes:
    """Put a time stamp of a document on a PDF, by appending to it."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    return (
        signers.PdfTimeStamper(_stamper(service))
        .timestamp_pdf(writer, "sha256", validation_context=None)
        .getvalue()
    )


def with_proof(
    content: bytes, certificates: Sequence[Person] = (), crls: Sequence[bytes] = ()
) -> bytes:
    """Append what proves certificates later on (DSS)."""
    stream = BytesIO(content)
    DocumentSecurityStore.add_dss(
        stream,
        sig_contents=None,
        certs=[_asn1(one.der) for one in certificates],
        crls=[asn1_crl.CertificateList.load(der) for der in crls],
    )
    return stream.getvalue()


def filled(content: bytes, value: str) -> bytes:
    """Fill the first form field, by appending to the file."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/V"] = generic.TextStringObject(value)
    writer.update_container(field)
    return _written(writer)


def with_empty_field(content: bytes, name: str) -> bytes:
    """Add a signature field that nobody signs, by appending to the file."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    fields.append_signature_field(writer, fields.SigFieldSpec(name))
    return _written(writer)


def overwritten(content: bytes, text: str) -> bytes:
    """Draw other text on the first page, by appending to the file."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    drawn = f"BT /F1 12 Tf 72 500 Td ({text}) Tj ET".encode()
    reference = writer.add_object(generic.StreamObject(stream_data=drawn))
    _first_page(writer)[generic.pdf_name("/Contents")] = reference
    writer.update_container(_first_page(writer))
    return _written(writer)


def with_shadow(content: bytes, text: str) -> bytes:
    """Hide other text in the file, which no page shows yet."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    drawn = f"BT /F1 12 Tf 72 500 Td ({text}) Tj ET".encode()
    reference = writer.add_object(generic.StreamObject(stream_data=drawn))
    _first_page(writer)[generic.pdf_name("/Shadow")] = reference
    writer.update_container(_first_page(writer))
    return _written(writer)


def with_shadow_shown(content: bytes) -> bytes:
    """Show what was hidden in the file, by appending a few bytes to it."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    page = _first_page(writer)
    page[generic.pdf_name("/Contents")] = page.raw_get("/Shadow")
    writer.update_container(page)
    return _written(writer)


def with_note(content: bytes, text: str) -> bytes:
    """Lay a note over the first page, by appending to the file."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(edge) for edge in (72, 480, 300, 520)]
            ),
            generic.pdf_name("/Contents"): generic.TextStringObject(text),
        }
    )
    page = _first_page(writer)
    notes = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(note)])
    page[generic.pdf_name("/Annots")] = notes
    writer.update_container(page)
    return _written(writer)


def _first_page(writer: IncrementalPdfFileWriter) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _asn1(der: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der)


def _asn1_key(who: Person) -> asn1_keys.PrivateKeyInfo:
    return asn1_keys.PrivateKeyInfo.load(
        who.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _store(who: Person) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    for certificate in who.chain:
        store.register(_asn1(certificate.public_bytes(serialization.Encoding.DER)))
    return store


def _stamper(service: Person) -> timestamps.DummyTimeStamper:
    return timestamps.DummyTimeStamper(
        _asn1(service.der), _asn1_key(service), certs_to_embed=_store(service)
    )
