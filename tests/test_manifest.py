"""lot.yaml: every scalar stays text, and a slip is named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from lots import manifest as manifest_text

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
        ("product: x\n", "lacks 'lot'"),
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
        *(
            (f"lot: A\nproduct: x\ndose: {{{key}: {value}}}\n", f"dose.{key}")
            for key, value in (
                ("volume_mL", "0.0009"),
                ("volume_mL", "100001"),
                ("volume_mL", "1" + "0" * 1000),
                ("volume_mL", "0." + "0" * 100 + "1"),
                ("recipient_weight_kg", "0"),
                ("recipient_weight_kg", "0.09"),
                ("recipient_weight_kg", "500.1"),
                ("recipient_weight_kg", "0070"),
                ("recipient_weight_kg", '"70\\n"'),
                ("recipient_weight_kg", "７０"),
            )
        ),
        *(
            (f"lot: A\nproduct: x\n{key}: {value}\n", "within the lot folder")
            for key, value in (
                ("ignore", "[/etc/passwd]"),
                ("ignore", "[../other/all.csv]"),
                ("ignore", "[a/../b.csv]"),
                ("ignore", "[./all.csv]"),
                ("ignore", "[a//b.csv]"),
                ("ignore", "[a/]"),
                ("ignore", "['']"),
                ("ignore", '["a\\0b.pdf"]'),
                ("declared", f"[{'x' * 256}]"),
                ("strategies", "{a.fcs: /gates.xml}"),
                ("strategies", "{../a.fcs: gates.xml}"),
            )
        ),
        ("lot: A\nproduct: x\nignore: [null]\n", "ignore[0]: nothing should be text"),
        ("lot: A\nproduct: x\nstrategies: {null: g.xml}\n", "line 3: a key must be text"),
        ("lot: A\nproduct: x/y.yaml\n", "expected the id of a specification"),
        ("lot: A\nproduct: y.yaml\n", "expected the id of a specification"),
        ('lot: A\nproduct: "x\\n"\n', "expected the id of a specification"),
        ('lot: "A\\u200b"\nproduct: x\n', "characters that nobody can see"),
        ('lot: A\nproduct: x\njudged_on: "2026-04-07\\n"\n', "a date such as"),
        ("lot: A\nproduct: x\njudged_on: 20260407\n", "a date such as"),
        ("lot: A\nproduct: x\njudged_on: 2026-W15-2\n", "a date such as"),
        ("lot: A\nproduct: x\njudged_on: 1989-12-31\n", "not in the years 1990 to 2100"),
        ("lot: A\nproduct: x\nmanufacture: {expires: 2101-01-01}\n", "1990 to 2100"),
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


@pytest.mark.parametrize(
    ("dates", "earlier", "later"),
    [
        ({"recovered": "2026-03-17", "harvested": "2026-03-16"}, "recovered", "harvested"),
        ({"harvested": "2026-03-17", "thawed": "2026-03-16 23:59"}, "harvested", "thawed"),
        (
            {"harvested": "2026-03-16 10:00", "thawed": "2026-03-16 09:59"},
            *("harvested", "thawed"),
        ),
        ({"harvested": "2026-03-17", "expires": "2026-03-16"}, "harvested", "expires"),
        ({"recovered": "2026-03-17", "thawed": "2026-03-16"}, "recovered", "thawed"),
    ],
)
def test_dates_that_cannot_all_be_true_are_named(
    tmp_path: Path, dates: dict[str, str], earlier: str, later: str
) -> None:
    with pytest.raises(UsageError, match=f"{earlier} .* lies after {later} "):
        read(tmp_path, dated(dates))


@pytest.mark.parametrize(
    "dates",
    [
        {"recovered": "2026-03-16", "harvested": "2026-03-16 00:00", "expires": "2026-03-16"},
        # A day alone is all of that day.
        {"harvested": "2026-03-16 10:00", "thawed": "2026-03-16"},
        # The thaw of a lot past its date is judged, and not called a slip.
        {"expires": "2026-03-16", "thawed": "2026-04-01"},
    ],
)
def test_dates_that_can_be_true_are_read(tmp_path: Path, dates: dict[str, str]) -> None:
    assert read(tmp_path, dated(dates)).lot == "A"


def dated(dates: dict[str, str]) -> str:
    donor = f"recovered: {dates['recovered']}" if "recovered" in dates else ""
    rest = ", ".join(f"{key}: {day}" for key, day in dates.items() if key != "recovered")
    return f"lot: A\nproduct: x\ndonor: {{{donor}}}\nmanufacture: {{{rest}}}\n"


def test_a_file_of_slips_is_answered_in_few_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read(
            tmp_path, f"product: {'x' * 90_000}.yaml\n" + "".join(f"k{n}: 1\n" for n in range(9999))
        )

    assert len(str(refused.value)) < 5000
    assert "and 9979 more" in str(refused.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"lot: \xe9\n"])
def test_a_file_that_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lot.yaml").write_bytes(content)

    with pytest.raises(UsageError, match="is not UTF-8 text"):
        read_manifest(tmp_path / "lot.yaml", CATALOGUE)


@pytest.mark.parametrize("patient", ["P-77441\\u200b", "P-77441" + "x" * 200])
def test_a_message_never_quotes_the_identifier_of_a_patient(tmp_path: Path, patient: str) -> None:
    path = tmp_path / "lot.yaml"
    path.write_text(manifest_text() + f'identifiers: {{patient: "{patient}"}}\n')

    with pytest.raises(UsageError, match="patient") as told:
        read_manifest(path, open_catalogue())

    assert "77441" not in str(told.value)
