"""Large tables are read as texts; what is no table, or not whole, is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qcvalidate.errors import DocumentError, UsageError
from qcvalidate.recheck.partitions import Partition, Texts, find_partitions, headings, read_texts


def read(path: Path) -> Texts:
    return read_texts(Partition(path, path.name))


def texts_of(texts: Texts) -> list[tuple[str, ...]]:
    return list(zip(*map(texts.rows, texts.headings), strict=True))


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def test_cells_stay_the_texts_that_they_are(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", '\ufefflot,result\r\n007,"1,5"\r\n\r\nNA,\r\n')

    texts = read(path)

    assert texts.headings == headings(Partition(path, "a.csv")) == ("lot", "result")
    assert list(texts.rows("lot")) == ["007", "NA"]
    assert list(texts.rows("result")) == ["1,5", ""]
    assert texts.numbers.tolist() == [2, 4]


@pytest.mark.parametrize("rows", [1, 299, 300, 301, 1500])
def test_a_long_table_is_read_whole(rows: int, tmp_path: Path) -> None:
    lines = [f"L{number},{number % 7}" for number in range(rows)]

    texts = read(written(tmp_path / "a.csv", "\n".join(["lot,y", *lines])))

    assert [",".join(row) for row in texts_of(texts)] == lines


@pytest.mark.parametrize(
    "text",
    [
        "lot,result\nA,1,5\n",
        "lot,result\nA\n",
        'lot,result\nA,"1\n',
        "lot\nA\n",
        "",
        "lot,result\nA,\xff\n",
    ],
)
def test_what_cannot_be_told_apart_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("latin-1"))

    with pytest.raises(DocumentError, match=r"^a\.csv"):
        read(path)


def test_parquet_gives_the_texts_that_a_person_would_type(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": ["a", None],
            "number": [1.5, None],
            "exact": [Decimal("1.50"), None],
            "day": [dt.date(2026, 3, 1), None],
            "moment": [dt.datetime(2026, 3, 1, 8, 5), None],
            "flag": [True, None],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=1)

    texts = read(tmp_path / "a.parquet")

    cells = [column.text(0) for column in texts.columns]
    assert cells == ["a", "1.5", "1.50", "2026-03-01", "2026-03-01 08:05:00", "true"]
    assert {column.text(1) for column in texts.columns} == {""}
    assert [column.is_number for column in texts.columns] == [False, True, True, *[False] * 3]


def test_parquet_that_is_cut_off_or_odd_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "a.parquet"
    pq.write_table(pa.table({"lot": ["A"] * 100}), whole)
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(DocumentError, match="whole Parquet"):
        read(whole)

    pq.write_table(pa.table({"lot": [["A"]]}), whole)
    with pytest.raises(DocumentError, match="list"):
        read(whole)


def test_a_folder_is_one_table_of_many_files(tmp_path: Path) -> None:
    (tmp_path / "year=2024").mkdir()
    written(tmp_path / "year=2024" / "a.csv", "lot,result\nA,1\n")
    written(tmp_path / "_SUCCESS", "")

    (found,) = find_partitions([tmp_path])

    assert found.name == "year=2024/a.csv"
    assert list(read_texts(found).rows("year")) == ["2024"]


@pytest.mark.parametrize("name", ["b.xlsx", "_delta_log/0.json", "b.csv.gz"])
def test_a_folder_with_what_is_not_read_is_refused(name: str, tmp_path: Path) -> None:
    written(tmp_path / "a.csv", "lot,result\nA,1\n")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    written(tmp_path / name, "x")

    with pytest.raises(UsageError):
        find_partitions([tmp_path])


def test_no_file_counts_twice_and_an_empty_folder_is_none(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "lot,result\nA,1\n")

    with pytest.raises(UsageError, match="twice"):
        find_partitions([path, tmp_path])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no table"):
        find_partitions([tmp_path / "empty"])
