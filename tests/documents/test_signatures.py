from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from qcvalidate.documents import Document, open_document, signatures
from qcvalidate.documents.signatures import Trust, load_trust, missing_signature
from qcvalidate.errors import UsageError
from qcvalidate.record import Finding, Severity

pytest.importorskip("pyhanko", reason="pip install 'qcvalidate[sign]' to test signatures")

import signing
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm

from qcvalidate.documents.rendering import looks_as_before
from qcvalidate.documents.signatures import validation

ROOT = signing.authority()
LAB = signing.person(ROOT)
QA = signing.person(ROOT, "A. Head of QA")
CLOCK = signing.person(ROOT, "Example Clock", stamps=True)
FORGER = signing.person(signing.authority("A Forger's Root"), "L. Hennig")
TRUST = Trust((ROOT.der,))
GOOD = signing.signed(signing.page(), LAB)
RANGES = [int(n) for n in re.findall(rb"\d+", re.search(rb"/ByteRange \[(.*?)\]", GOOD)[1])]  # type: ignore[index]


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Document]:
    """Open these bytes as a PDF, with somebody trusted."""

    def opened(content: bytes, trust: Trust = TRUST) -> Document:
        path = tmp_path / "a.pdf"
        path.write_bytes(content)
        return open_document(path, trust=trust)

    return opened


def about(document: Document) -> list[Finding]:
    return [finding for finding in document.findings if finding.slug.startswith("signature-")]


def slugs(document: Document) -> list[str]:
    return [finding.slug for finding in about(document)]


Opened = Callable[..., Document]


def test_an_unsigned_file_says_nothing(opened: Opened) -> None:
    assert about(opened(signing.page())) == []


def test_a_signature_that_leads_to_a_trusted_root_is_told(opened: Opened) -> None:
    (finding,) = about(opened(GOOD))

    assert (finding.slug, finding.severity) == ("signature-trusted", Severity.INFORMATION)
    assert "is digitally signed by L. Hennig (Example Lab (fictitious)) on " in finding.message


def test_the_signers_own_certificate_can_be_trusted(opened: Opened) -> None:
    assert slugs(opened(GOOD, Trust((LAB.der,)))) == ["signature-trusted"]


def test_nobody_is_trusted_unless_named(opened: Opened) -> None:
    (finding,) = about(opened(GOOD, Trust()))

    assert (finding.slug, finding.severity) == ("signature-unvouched", Severity.WARNING)
    assert "--trust" in finding.message


def test_the_right_name_under_a_strange_root_is_not_trusted(opened: Opened) -> None:
    (finding,) = about(opened(signing.signed(signing.page(), FORGER)))

    assert (finding.slug, finding.severity) == ("signature-unvouched", Severity.WARNING)
    assert "leads to no root that you trust" in finding.message


def test_a_changed_byte_breaks_it(opened: Opened) -> None:
    changed = GOOD.replace(b"/MediaBox", b"/MediaBoy", 1)
    assert changed != GOOD

    (finding,) = about(opened(changed))

    assert (finding.slug, finding.severity) == ("signature-broken", Severity.HOLD)


@pytest.mark.parametrize(
    "changed",
    [
        signing.overwritten(GOOD, "Growth"),
        signing.with_note(GOOD, "No growth"),
        signing.with_shadow_shown(
            signing.signed(signing.with_shadow(signing.page(), "No growth"), LAB)
        ),
        signing.overwritten(signing.signed(GOOD, QA, "Signature2"), "Growth"),
        signing.overwritten(signing.with_proof(GOOD, [ROOT]), "Growth"),
    ],
    ids=["new content", "a note over it", "a shadow shown", "after two", "after proof"],
)
def test_what_is_drawn_after_signing_holds(opened: Opened, changed: bytes) -> None:
    found = about(opened(changed))

    assert {finding.slug for finding in found} == {"signature-changed"}
    assert {finding.severity for finding in found} == {Severity.HOLD}


def test_a_change_that_a_later_trusted_person_signs_still_holds(opened: Opened) -> None:
    changed = signing.signed(signing.overwritten(GOOD, "Growth"), QA, "Signature2")

    assert slugs(opened(changed)) == ["signature-changed", "signature-trusted"]
    document = opened(changed)
    assert missing_signature(document, document.findings, "the specification") is not None


JUNK = b"\n5 0 obj\n<< /Type /Page >>\nendobj\n"


@pytest.mark.parametrize(
    "changed",
    [
        GOOD + b"\n% a remark\n",
        GOOD + JUNK * 200,
        GOOD + JUNK + b"%%EOF\n",
        GOOD + JUNK * 200 + GOOD[GOOD.rindex(b"startxref") :],
        signing.with_proof(GOOD, [ROOT]) + JUNK,
    ],
    ids=["a remark", "objects", "objects and an end", "objects and the old end", "after proof"],
)
def test_bytes_that_belong_to_nothing_hold(tmp_path: Path, changed: bytes) -> None:
    """Incremental saving attack without a new table of contents: some viewers mend the file."""
    path = tmp_path / "a.pdf"
    path.write_bytes(changed)
    document = Document(path, "a.pdf", "", "application/pdf", "pages", signed=(tuple(RANGES),))

    found = signatures.signature_findings(document, TRUST)

    assert found
    assert {f.slug for f in found} <= {"signature-changed", "signature-broken"}
    assert {f.severity for f in found} == {Severity.HOLD}


def _with_range(new: bytes) -> bytes:
    old = re.search(rb"/ByteRange \[.*?\]", GOOD)
    assert old is not None
    return GOOD.replace(old[0], new.ljust(len(old[0])))


@pytest.mark.parametrize(
    "forged",
    [
        _with_range(b"/ByteRangX [0 1 2 3]"),
        _with_range(b"/ByteRange null"),
        _with_range(b"/ByteRange []"),
        _with_range(b"/ByteRange [0 0 0 0]"),
        _with_range(b"/ByteRange [0 -1 -1 -1]"),
        _with_range(b"/ByteRange [0 9 9 9999999]"),
        GOOD[: RANGES[1] + 1] + b" " * (RANGES[2] - RANGES[1] - 2) + GOOD[RANGES[2] - 1 :],
        GOOD[: RANGES[1] + 1] + b"0" * (RANGES[2] - RANGES[1] - 2) + GOOD[RANGES[2] - 1 :],
        GOOD[: RANGES[1] + 1] + b"zz" * 9 + GOOD[RANGES[1] + 19 :],
    ],
    ids=[
        *("no range", "null", "empty", "nothing covered", "negative", "beyond the end"),
        *("no contents", "contents of zeros", "no digits"),
    ],
)
def test_universal_forgery_holds(opened: Opened, forged: bytes) -> None:
    document = opened(forged)

    assert "signature-broken" in slugs(document)
    assert "signature-trusted" not in slugs(document)


def test_signature_wrapping_holds(opened: Opened) -> None:
    """The signed bytes are copied to where they do no harm, and the range points there."""
    writer = IncrementalPdfFileWriter(BytesIO(GOOD))
    tail = GOOD[RANGES[2] :]
    writer.add_object(generic.StreamObject(stream_data=tail))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(
        generic.StreamObject(stream_data=b"BT /F1 12 Tf 72 500 Td (No growth) Tj ET")
    )
    writer.update_container(page)
    signature = writer.root["/AcroForm"]["/Fields"][0]["/V"]
    places = (0, RANGES[1], 99999999, RANGES[3])
    signature[generic.pdf_name("/ByteRange")] = generic.ArrayObject(
        [generic.NumberObject(place) for place in places]
    )
    writer.update_container(signature)
    stream = BytesIO()
    writer.write(stream)
    wrapped = stream.getvalue()
    wrapped = wrapped.replace(b"99999999", str(wrapped.rindex(tail)).rjust(8, "0").encode())

    assert slugs(opened(wrapped)) == ["signature-broken"]


def test_two_trusted_signatures_are_two(opened: Opened) -> None:
    document = opened(signing.signed(GOOD, QA, "Signature2"))

    assert slugs(document) == ["signature-trusted", "signature-trusted"]
    assert missing_signature(document, document.findings, "the specification") is None


def test_nobody_may_draw_over_a_trusted_page_under_a_strange_name(opened: Opened) -> None:
    """Whoever adds a signature may lay its picture over the results."""
    covered = signing.signed(GOOD, FORGER, "Signature2", box=(50, 400, 500, 700))

    assert slugs(opened(covered)) == ["signature-changed", "signature-unvouched"]


def test_two_strange_signatures_are_only_unvouched(opened: Opened) -> None:
    document = opened(signing.signed(signing.signed(signing.page(), FORGER), FORGER, "Signature2"))

    assert slugs(document) == ["signature-unvouched", "signature-unvouched"]


FORM = signing.signed(
    signing.page(form=True), LAB, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS
)


def test_a_certifying_signature_says_what_it_allows(opened: Opened) -> None:
    (finding,) = about(opened(FORM))

    assert finding.slug == "signature-trusted"
    assert "allows later values in form fields and signatures" in finding.message


def test_a_form_that_is_filled_after_the_last_signature_holds(opened: Opened) -> None:
    assert slugs(opened(signing.filled(FORM, "No growth"))) == ["signature-changed"]


def test_a_form_that_was_filled_before_a_trusted_signature_is_whole(opened: Opened) -> None:
    later = signing.signed(signing.filled(FORM, "No growth"), QA, "Signature2")

    assert slugs(opened(later)) == ["signature-trusted", "signature-trusted"]


def test_a_form_that_may_not_be_filled_holds(opened: Opened) -> None:
    locked = signing.signed(
        signing.page(form=True), LAB, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
    )

    assert slugs(opened(signing.filled(locked, "No growth"))) == ["signature-changed"]


OLD = signing.person(
    ROOT, first=signing.NOW - 3 * signing.YEAR, last=signing.NOW - 2 * signing.YEAR
)


def test_a_certificate_that_has_run_out_vouches_for_nothing(opened: Opened) -> None:
    (finding,) = about(opened(signing.signed(signing.page(), OLD)))

    assert finding.slug == "signature-unvouched"
    assert "its certificate is valid from" in finding.message


def test_a_certificate_must_hold_on_the_day_of_the_check(opened: Opened) -> None:
    then = (signing.NOW - 2.5 * signing.YEAR).date()

    assert slugs(opened(signing.signed(signing.page(), OLD), Trust((ROOT.der,), then))) == [
        "signature-trusted"
    ]


def test_a_trusted_time_stamp_outlives_the_certificate(opened: Opened) -> None:
    clock = signing.person(ROOT, "Example Clock", stamps=True, last=signing.NOW + 15 * signing.YEAR)
    content = signing.signed(signing.page(), LAB, stamper=clock)
    later = (signing.NOW + 5 * signing.YEAR).date()

    (finding,) = about(opened(content, Trust((ROOT.der,), later)))

    assert finding.slug == "signature-trusted"
    assert "(time stamp)" in finding.message


def test_sha1_vouches_for_nothing(opened: Opened) -> None:
    (finding,) = about(opened(signing.signed(signing.page(), LAB, md_algorithm="sha1")))

    assert finding.slug == "signature-unvouched"
    assert "sha1" in finding.message
    assert "too weak" in finding.message


def test_a_revoked_certificate_holds(opened: Opened) -> None:
    content = signing.with_proof(GOOD, [ROOT], [signing.revoked(ROOT, LAB)])

    (finding,) = about(opened(content))

    assert (finding.slug, finding.severity) == ("signature-revoked", Severity.HOLD)


def test_proof_for_later_leaves_the_file_whole(opened: Opened) -> None:
    (finding,) = about(opened(signing.with_proof(GOOD, [ROOT])))

    assert finding.slug == "signature-trusted"
    assert "(DSS)" in finding.message


def test_pages_are_held_against_those_that_were_signed(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another program finds other pages in a file that pyHanko calls harmless."""
    content = signing.with_proof(GOOD, [ROOT])
    monkeypatch.setattr(validation, "looks_as_before", lambda _path, _end: False)

    (finding,) = about(opened(content))

    assert (finding.slug, finding.severity) == ("signature-changed", Severity.HOLD)
    assert "its pages look other" in finding.message


def test_a_page_that_was_drawn_over_looks_other(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(signing.overwritten(GOOD, "Lot: MSC-2026-0019"))
    proven = tmp_path / "b.pdf"
    proven.write_bytes(signing.with_proof(GOOD, [ROOT]))

    assert not looks_as_before(path, len(GOOD))
    assert looks_as_before(proven, len(GOOD))
    assert not looks_as_before(proven, 100)


def test_a_time_stamp_is_no_signature(opened: Opened) -> None:
    document = opened(signing.stamped(signing.page(), CLOCK))

    assert slugs(document) == ["signature-stamp", "signature-unvouched"]
    assert missing_signature(document, document.findings, "the specification") is not None


def test_a_time_stamp_after_a_signature_leaves_the_file_whole(opened: Opened) -> None:
    assert slugs(opened(signing.stamped(GOOD, CLOCK))) == ["signature-trusted", "signature-stamp"]


def test_an_empty_field_is_told(opened: Opened) -> None:
    (finding,) = about(opened(signing.with_empty_field(signing.page(), "QA approval")))

    assert (finding.slug, finding.severity) == ("signature-field-empty", Severity.WARNING)
    assert "“QA approval”" in finding.message


def test_an_old_kind_of_signature_is_not_checked(opened: Opened) -> None:
    old = GOOD.replace(b"/adbe.pkcs7.detached", b"/adbe.x509.rsa_sha1 ")

    (finding,) = about(opened(old))

    assert (finding.slug, finding.severity) == ("signature-unsupported", Severity.WARNING)


def test_an_old_kind_of_signature_with_bytes_after_it_holds(opened: Opened) -> None:
    old = GOOD.replace(b"/adbe.pkcs7.detached", b"/adbe.x509.rsa_sha1 ")

    assert slugs(opened(signing.overwritten(old, "Growth"))) == [
        "signature-unsupported",
        "signature-changed",
    ]


def test_signatures_that_only_one_program_sees_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(GOOD)
    ranges = (tuple(RANGES), tuple(RANGES))
    document = Document(path, "a.pdf", "", "application/pdf", "pages", signed=ranges)

    found = signatures.signature_findings(document, TRUST)

    assert [f.slug for f in found] == ["signature-trusted", "signature-broken"]


# --- without the extra -------------------------------------------------------------------------


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pyHanko be absent."""
    monkeypatch.setattr(signatures, "find_spec", lambda _name: None)


@pytest.mark.usefixtures("bare")
def test_without_the_extra_a_signature_is_said_to_be_unchecked(opened: Opened) -> None:
    (finding,) = about(opened(GOOD))

    assert (finding.slug, finding.severity) == ("signature-unchecked", Severity.WARNING)
    assert "pip install 'qcvalidate[sign]'" in finding.message


@pytest.mark.usefixtures("bare")
def test_without_the_extra_a_later_change_still_holds(opened: Opened) -> None:
    document = opened(signing.overwritten(GOOD, "Growth"))

    assert slugs(document) == ["signature-changed", "signature-unchecked"]


@pytest.mark.usefixtures("bare")
def test_without_the_extra_an_empty_field_is_no_change(opened: Opened) -> None:
    document = opened(signing.with_empty_field(signing.page(), "QA approval"))

    assert slugs(document) == ["signature-field-empty"]


# --- what must be signed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "trust", "why"),
    [
        (signing.page(), TRUST, "has none"),
        (GOOD, Trust(), "signature-unvouched"),
        (signing.overwritten(GOOD, "Growth"), TRUST, "signature-changed"),
    ],
)
def test_what_must_be_signed_holds_unless_it_is(
    opened: Opened, content: bytes, trust: Trust, why: str
) -> None:
    document = opened(content, trust)

    finding = missing_signature(document, document.findings, "the specification")

    assert finding is not None
    assert (finding.slug, finding.severity) == ("signature-required", Severity.HOLD)
    assert why in finding.message


def test_what_is_signed_as_it_must_be_holds_nothing(opened: Opened) -> None:
    document = opened(GOOD)

    assert missing_signature(document, document.findings, "the specification") is None


# --- whom the user trusts ----------------------------------------------------------------------


def test_roots_are_read_from_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(ROOT.pem + LAB.pem)
    (tmp_path / "b.der").write_bytes(QA.der)
    (tmp_path / "README").write_text("no certificate")

    assert load_trust([tmp_path]).roots == (ROOT.der, LAB.der, QA.der)
    assert load_trust([tmp_path / "b.der", tmp_path / "b.der"]).roots == (QA.der,)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ROOT.der[:-1],
        ROOT.pem.replace(b"MII", b"M*I", 1),
        b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
    ],
)
def test_what_is_no_certificate_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "root.pem"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=r"root\.pem"):
        load_trust([path])


def test_a_folder_without_certificates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no certificate"):
        load_trust([tmp_path])


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_trust([tmp_path / "nothing.pem"])


# --- real files --------------------------------------------------------------------------------


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("signed.pdf", ["signature-unvouched"]),
        ("signed_tampered.pdf", ["signature-changed"]),
    ],
)
def test_the_files_of_the_corpus(corpus: Path, name: str, expected: list[str]) -> None:
    document = open_document(corpus / "certificates" / "hard" / name)

    assert slugs(document) == expected
