"""Who gives out papers, and the templates that it brings."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcvalidate.catalogue import open_catalogue
from qcvalidate.clinic import read_clinic
from qcvalidate.errors import UsageError
from qcvalidate.facts import Clinic

NAMED = "name: Example Cell Clinic (fictitious)\n"


def folder(tmp_path: Path, text: str | None = NAMED, **templates: str) -> Path:
    if text is not None:
        (tmp_path / "clinic.yaml").write_text(text, encoding="utf-8")
    if templates:
        (tmp_path / "templates").mkdir()
    for kind, content in templates.items():
        (tmp_path / "templates" / f"coa.{kind}").write_text(content, encoding="utf-8")
    return tmp_path


def read(path: Path) -> Clinic | None:
    return read_clinic(open_catalogue(path))


def test_a_clinic_has_a_name_an_address_and_its_templates(tmp_path: Path) -> None:
    text = NAMED + "address: [1 Nowhere Lane, 00000 Anytown]\ncontact: a@clinic.example\n"

    assert read(folder(tmp_path, text, html="<p>mine</p>")) == Clinic(
        "Example Cell Clinic (fictitious)",
        ("1 Nowhere Lane", "00000 Anytown"),
        "a@clinic.example",
        templates={"coa.html": "<p>mine</p>"},
    )


def test_without_a_folder_of_its_own_there_is_no_clinic() -> None:
    assert read_clinic(open_catalogue()) is None


def test_a_folder_without_a_clinic_has_none(tmp_path: Path) -> None:
    (tmp_path / "specifications").mkdir()

    assert read(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("adress: [x]\nname: y\n", "did you mean 'address'"),
        ("contact: x\n", "name"),
        ("", "is empty"),
    ],
)
def test_a_clinic_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read(folder(tmp_path, text))


def test_templates_without_a_clinic_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no clinic\.yaml beside it"):
        read(folder(tmp_path, None, html="x"))


def test_a_template_under_another_name_is_not_passed_by(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no template that can be replaced"):
        read(folder(tmp_path, jinja="x"))


def test_a_template_that_is_no_text_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, html="x")
    (tmp_path / "templates" / "coa.html").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(UsageError, match="is not UTF-8 text"):
        read(tmp_path)
