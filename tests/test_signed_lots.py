"""Lots whose specification lets certificates count only with a trusted digital signature."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import lots
import pytest
from nonesuch import nonesuch

from qcvalidate.assessment import Assessment, ExitStatus, Verdict
from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.documents.signatures import Trust
from qcvalidate.labs import load_profile
from qcvalidate.locale import Locale
from qcvalidate.pipeline import Options, assess_paths, open_laboratory
from qcvalidate.readers import Context, read_document
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Severity
from qcvalidate.vocabulary import load_vocabulary

pytest.importorskip("pyhanko", reason="pip install 'qcvalidate[sign]' to test signatures")

import signing

YEARS = (dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2045, 1, 1, tzinfo=dt.UTC))
ROOT = signing.authority()
LAB = signing.person(ROOT, first=YEARS[0], last=YEARS[1])
PASSING = "MSC-2026-0018"


@pytest.fixture
def lot(samples: Path, tmp_path: Path) -> Path:
    """Copy a lot that passes; its certificates are PDF files."""
    shutil.copytree(samples / PASSING, tmp_path / "lot")
    return tmp_path / "lot"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(ROOT.pem)
    return path


@pytest.fixture
def strict(lot: Path, tmp_path: Path) -> Path:
    """Write the lot's own specification, with the demand for signatures."""
    product = re.search("product: *(.*)", (lot / "lot.yaml").read_text("utf-8"))
    assert product is not None
    files = {path.stem: path for path in open_catalogue().files("specifications")}
    text = files[product[1].strip()].read_text("utf-8")
    text = re.sub("(?m)^id: .*", "id: strict\ndigital_signature: required", text)
    path = tmp_path / "strict.yaml"
    path.write_text(text, "utf-8")
    return path


def sign_all(lot: Path) -> None:
    for path in lot.glob("*.pdf"):
        path.write_bytes(signing.signed(path.read_bytes(), LAB))


def assess(lot: Path, specification: Path | None, *trust: Path) -> Assessment:
    options = Options(lots.TODAY, specification=specification and str(specification))
    (found,) = assess_paths([lot], open_laboratory(trust=trust), options)
    return found


def test_a_lot_whose_papers_are_signed_passes(lot: Path, strict: Path, root: Path) -> None:
    sign_all(lot)

    assert assess(lot, strict, root).verdict is Verdict.PASS


def test_an_unsigned_paper_holds_its_lot(
    lot: Path, strict: Path, root: Path, samples: Path
) -> None:
    sign_all(lot)
    shutil.copyfile(samples / PASSING / "sterility.pdf", lot / "sterility.pdf")

    found = assess(lot, strict, root)

    (missing,) = [f for f in found.findings if f.slug == "signature-required"]
    assert (found.verdict, found.exit_status) == (Verdict.HOLD, ExitStatus.OPEN)
    assert missing.severity is Severity.HOLD
    assert missing.message.startswith("sterility.pdf: the specification requires")


def test_a_signature_that_nobody_vouches_for_is_none(lot: Path, strict: Path) -> None:
    sign_all(lot)

    found = assess(lot, strict)

    assert found.verdict is Verdict.HOLD
    assert "signature-required" in lots.slugs(found)


def test_where_none_is_required_a_strange_signature_is_a_warning(lot: Path) -> None:
    sign_all(lot)

    found = assess(lot, None)

    assert found.verdict is Verdict.PASS
    assert "signature-unvouched" in lots.slugs(found)


def test_a_paper_that_was_changed_after_signing_ends_with_5(lot: Path, root: Path) -> None:
    sign_all(lot)
    paper = lot / "sterility.pdf"
    paper.write_bytes(signing.with_note(paper.read_bytes(), "No growth"))

    found = assess(lot, None, root)

    assert (found.verdict, found.exit_status) == (Verdict.HOLD, ExitStatus.INTEGRITY)


def test_the_users_own_schemas_may_hold_the_roots(
    lot: Path, strict: Path, tmp_path: Path, root: Path
) -> None:
    sign_all(lot)
    own = tmp_path / "schemas" / "trust"
    own.mkdir(parents=True)
    shutil.copyfile(root, own / "root.pem")

    laboratory = open_laboratory(own.parent)
    (found,) = assess_paths([lot], laboratory, Options(lots.TODAY, specification=str(strict)))

    assert found.verdict is Verdict.PASS


def read_with_demanding_profile(content: bytes, folder: Path) -> list[str]:
    """Give the slugs of what holds a paper whose laboratory must sign."""
    catalogue = open_catalogue()
    words = load_vocabulary(catalogue)
    path = catalogue.folders[-1] / "labs" / "nonesuch-sterility.yaml"
    profile = load_profile(path, catalogue, words, telling)
    profile = replace(profile, digital_signature_required=True)
    paper = folder / "certificate.pdf"
    paper.write_bytes(content)
    document = open_document(paper, trust=Trust((ROOT.der,)))
    record = read_document(document, Context(words, Locale(), (profile,)))
    return [found.slug for found in record.findings if found.severity is Severity.HOLD]


def test_a_lab_profile_may_require_a_signature(tmp_path: Path) -> None:
    assert read_with_demanding_profile(nonesuch(), tmp_path) == ["signature-required"]
    assert read_with_demanding_profile(signing.signed(nonesuch(), LAB), tmp_path) == []


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qcvalidate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_commands_take_roots(lot: Path, root: Path, strict: Path) -> None:
    sign_all(lot)

    read = run("read", lot / "sterility.pdf", "--trust", root)
    checked = run("check", lot, "--spec", strict, "--trust", root)

    assert "820 signature-trusted" in read.stdout
    assert checked.returncode == 0
    # Nothing that its library logs may reach the terminal.
    assert (read.stderr, checked.stderr) == ("", "")


def test_the_demand_is_shown_with_the_specification(strict: Path) -> None:
    done = run("spec", "show", strict)

    assert "certificates count only with a trusted digital signature" in done.stdout


def test_a_root_that_is_none_is_a_usage_error(lot: Path, tmp_path: Path) -> None:
    path = tmp_path / "root.pem"
    path.write_text("no certificate")

    done = run("read", lot / "sterility.pdf", "--trust", path)

    assert done.returncode == 2
    assert "is no certificate in PEM or DER" in done.stderr


def test_an_untrusted_signature_logs_nothing(lot: Path) -> None:
    sign_all(lot)

    done = run("read", lot / "sterility.pdf")

    assert "821 signature-unvouched" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("shown", ["console", "json", "html"])
def test_reading_a_file_that_was_changed_after_signing_ends_with_5(
    lot: Path, root: Path, shown: str
) -> None:
    paper = lot / "sterility.pdf"
    signed = signing.signed(paper.read_bytes(), LAB)
    paper.write_bytes(signed.replace(b"/MediaBox", b"/MediaBoy", 1))
    command = [sys.executable, "-m", "qcvalidate", "read", paper, "--trust", root]

    done = subprocess.run(
        [*map(str, command), "--format", shown], capture_output=True, encoding="utf-8", check=False
    )

    assert done.returncode == ExitStatus.INTEGRITY, done.stderr
    assert done.stdout
