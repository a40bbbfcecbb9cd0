"""lot.yaml: every scalar stays text, and a slip is named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from qcvalidate.catalogue import open_catalogue
from qcvalidate.errors import UsageError
from qcvalidate.manifest import Manifest, read_manifest

CATALOGUE = open_catalogue()


def read(folder: Path, text: str) -> Manifest:
    path = folder / "lot.yaml"
    path.write_text(text, encoding="utf-8")
    return read_manifest(path, CATALOGUE)


def test_everything_that_is_stated_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
lot: 0012
product: bmac-same-day
donor: {relation: autologous, tissue: bone_marrow, recovered: 2026-03-16}
manufacture:
  {manipulation: minimal, harvested: 2026-03-16 09:30, cryopreserved: false, expires: 2026-03-17}
dose: {route: intraarticular, recipient_weight_kg: 70.5, volume_mL: 6}
identifiers: {din: W0000 26 123456}
locale: {dates: DMY, decimal: ","}
""",
    )

    assert found.lot == "0012"  # and not 10, as YAML 1.1 would have it
    assert found.facts == {
        "relation": "autologous",
        "tissue": "bone_marrow",
        "manipulation": "minimal",
        "cryopreserved": "false",
        "route": "intraarticular",
    }
    assert found.recipient_weight_kg == Decimal("70.5")
    assert found.harvested == dt.datetime(2026, 3, 16, 9, 30)
    assert found.expires == dt.date(2026, 3, 17)
    assert (found.locale.dates, found.locale.decimal) == ("DMY", ",")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lot: A\n", "lacks 'product'"),
        ("lot: A\nproduct: x\ndoner: {}\n", "unknown key 'doner'; did you mean 'donor'?"),
        (
            "lot: A\nproduct: x\ndose: {weight: 70}\n",
            "dose: unknown key 'weight'; did you mean 'recipient_weight_kg'?",
        ),
        (
            "lot: A\nproduct: x\ndose: {route: intravenus}\n",
            "dose.route: 'intravenus' is not one of intravenous",
        ),
        ("lot: A\nproduct: x\ndose: {volume_mL: '1,5'}\n", "dose.volume_mL: '1,5' does not fit"),
        ("lot: A\nproduct: x\ndose: {volume_mL: 0}\n", "is not within 0.001 to 100,000 mL"),
        (
            "lot: A\nproduct: x\nmanufacture: {expires: 2026-02-30}\n",
            "'2026-02-30' is not a date of the calendar",
        ),
        (
            "lot: A\nproduct: x\nmanufacture: {expires: 03/04/2026}\n",
            "'03/04/2026' does not fit",
        ),
        ("lot: ''\nproduct: x\n", "lot: '' does not fit"),
        ("lot: A\nlot: B\nproduct: x\n", "the key 'lot' stands twice"),
        ("", "is empty"),
        ("lot: [A\n", "line"),
        ("lot: !!python/object/apply:os.system [ls]\nproduct: x\n", "lot.yaml"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(tmp_path, text)

    assert said in str(refused.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"lot: \xe9\n"])
def test_a_file_that_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lot.yaml").write_bytes(content)

    with pytest.raises(UsageError, match="is not UTF-8 text"):
        read_manifest(tmp_path / "lot.yaml", CATALOGUE)
