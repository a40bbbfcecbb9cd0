"""Writes what came of very many lots as a table: a row for each lot, criterion and finding.

Its columns are those of the outcomes report, less what only papers have. What many lots have in
common is put into words once.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qcvalidate import __version__
from qcvalidate.assessment import CriterionResult, due
from qcvalidate.recheck.partitions import refuse_without_parquet
from qcvalidate.recheck.stacking import VERDICTS, Stacked
from qcvalidate.record import Finding
from qcvalidate.reports._tables import Row, csv_text
from qcvalidate.rules import rule
from qcvalidate.specification import Specification

# The scope of what a table shows, beside those of `assessment.Scope`.
SCOPE = "table"
_OF_LOT = ("qcvalidate", "as_of", "assessed_lot", "scope", "verdict")
_SPECIFICATION = ("specification", "specification_version", "specification_sha256")
_OUTCOME = (
    *("kind", "id", "code", "slug", "outcome", "importance", "observed", "limit", "unit"),
    *("reason", "due", "reading", "rounded"),
)
_PLACE = ("table", "row")
COLUMNS = (*_OF_LOT, *_SPECIFICATION, *_OUTCOME, *_PLACE)


def write_csv(path: Path, stacked: Stacked, specification: Specification) -> None:
    """Write the rows of a table of lots, without a header."""
    ofs = _lines(_SPECIFICATION, [_of_specification(specification)])[0]
    table = _lines(("table",), [{"table": stacked.lots.rows.texts.name}])[0]
    told = [
        f",{ofs},{line},{table},".encode()
        for line in _lines(_OUTCOME, map(_of_result, stacked.results))
    ]
    of_lots = [_kind(stacked, lot) for lot in range(len(stacked.lots.names))]
    kinds = sorted(set(of_lots), key=str)
    of_kinds = [{"kind": "lot", "outcome": verdict, "due": day} for verdict, day in kinds]
    own = {
        kind: f",{ofs},{line},{table},\n".encode()
        for kind, line in zip(kinds, _lines(_OUTCOME, of_kinds), strict=True)
    }
    numbers = _numbered(stacked)
    with path.open("wb") as stream:
        for lot, (prefix, results, rows) in enumerate(
            zip(_prefixes(stacked), stacked.matrix.tolist(), numbers.tolist(), strict=True)
        ):
            pieces = [prefix, own[of_lots[lot]]]
            for result, row in zip(results, rows, strict=True):
                pieces += (prefix, told[result], b"\n" if row < 0 else b"%d\n" % row)
            for finding in stacked.findings.get(lot, ()):
                line = _lines(_OUTCOME, [_of_finding(finding)])[0]
                pieces += (prefix, f",{ofs},{line},{table},\n".encode())
            stream.write(b"".join(pieces))


def _prefixes(stacked: Stacked) -> Iterator[bytes]:
    """Give the cells with which the rows of each lot begin."""
    names = _lines(("lot",), ({"lot": name} for name in stacked.lots.names))
    shared: dict[tuple[object, int], tuple[bytes, bytes]] = {}
    for lot, name in enumerate(names):
        place = stacked.lots.as_of[lot].item(), int(stacked.verdicts[lot])
        if place not in shared:
            row = _of_lot(stacked, lot)
            before, after = (_lines(columns, [row])[0] for columns in (_OF_LOT[:2], _OF_LOT[3:]))
            shared[place] = f"{before},".encode(), f",{after}".encode()
        before_name, after_name = shared[place]
        yield before_name + name.encode() + after_name


def join(parts: Sequence[Path], whole: Path) -> Path:
    """Put the tables of several files together, and give the path of the whole."""
    if whole.suffix.lower() == ".parquet":
        _join_parquet(parts, whole)
        return whole
    with whole.open("wb") as stream:
        stream.write(csv_text(COLUMNS, ()).encode())
        for part in parts:
            with part.open("rb") as one:
                shutil.copyfileobj(one, stream)
    return whole


def _join_parquet(parts: Sequence[Path], whole: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    with pq.ParquetWriter(whole, pq.read_schema(parts[0]), compression="zstd") as writer:
        for part in parts:
            with pq.ParquetFile(part) as file:
                for group in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(group))


def write_parquet(path: Path, stacked: Stacked, specification: Specification) -> None:
    """Write the same rows as Parquet; texts that repeat are stored once."""
    refuse_without_parquet()
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    size, criteria = stacked.matrix.shape
    told: list[Row] = [_of_result(result) for result in stacked.results]
    of_lots = [_kind(stacked, lot) for lot in range(size)]
    own = {kind: at for at, kind in enumerate(sorted(set(of_lots), key=str), start=len(told))}
    told += [{"kind": "lot", "outcome": verdict, "due": day} for verdict, day in own]
    which = np.empty((size, criteria + 1), dtype=np.int64)
    which[:, 1:] = stacked.matrix
    which[:, 0] = [own[kind] for kind in of_lots]
    rows = np.full((size, criteria + 1), -1, dtype=np.int64)
    rows[:, 1:] = _numbered(stacked)
    lots = np.repeat(np.arange(size), criteria + 1)
    found = [(lot, one) for lot, several in stacked.findings.items() for one in several]
    which = np.concatenate([which.ravel(), np.arange(len(found)) + len(told)])
    told += [_of_finding(one) for _, one in found]
    lots = np.concatenate([lots, np.array([lot for lot, _ in found], dtype=np.int64)])
    rows = np.concatenate([rows.ravel(), np.full(len(found), -1, dtype=np.int64)])

    def column(name: str, of: Sequence[Row], codes: Any) -> Any:
        return _encoded(pa, [one.get(name) for one in of], codes)

    told_of_lots = [_of_lot(stacked, lot) for lot in range(size)]
    nothing = np.zeros(len(which), dtype=np.int64)
    shared = {**_of_specification(specification), "table": stacked.lots.rows.texts.name}
    arrays = {name: column(name, told_of_lots, lots) for name in _OF_LOT}
    arrays |= {name: column(name, [shared], nothing) for name in (*_SPECIFICATION, "table")}
    arrays |= {name: column(name, told, which) for name in _OUTCOME}
    arrays["row"] = pa.array(rows, mask=rows < 0)
    pq.write_table(pa.table({name: arrays[name] for name in COLUMNS}), path, compression="zstd")


def _encoded(pa: Any, values: Iterable[object], codes: Any) -> Any:
    """Store texts by their numbers, each distinct one once."""
    texts: dict[str, int] = {}
    numbers = [
        -1 if value is None else texts.setdefault(_text(value), len(texts)) for value in values
    ]
    places = np.array(numbers, dtype=np.int32)[codes]
    indices = pa.array(places, mask=places < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(texts), type=pa.string()))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


# --- what stands in a row -----------------------------------------------------------------------


def _lines(columns: Sequence[str], rows: Iterable[Row]) -> list[str]:
    """Put rows into CSV as every table of ours is, to be set side by side."""
    return csv_text(columns, rows).splitlines()[1:]


def _of_lot(stacked: Stacked, lot: int) -> Row:
    return {
        "qcvalidate": __version__,
        "as_of": stacked.lots.as_of[lot].item(),
        "assessed_lot": stacked.lots.names[lot],
        "scope": SCOPE,
        "verdict": VERDICTS[stacked.verdicts[lot]].value,
    }


def _of_specification(specification: Specification) -> Row:
    known = specification.identity
    return {
        "specification": known.id,
        "specification_version": known.version,
        "specification_sha256": known.sha256,
    }


def _kind(stacked: Stacked, lot: int) -> tuple[str, dt.date | None]:
    verdict = VERDICTS[stacked.verdicts[lot]]
    pends = verdict.value in ("CONDITIONAL", "HOLD")
    return verdict.value, due(stacked.of_lot(lot)) if pends else None


def _of_result(result: CriterionResult) -> Row:
    return {
        "kind": "criterion",
        "id": result.id,
        "code": result.code,
        "slug": result.slug,
        "outcome": result.outcome.value,
        "importance": result.importance.value,
        "observed": result.observed,
        "limit": result.limit,
        "unit": result.unit,
        "reason": result.reason,
        "due": result.due,
        "reading": result.reading,
        "rounded": result.rounded,
    }


def _of_finding(finding: Finding) -> Row:
    known = rule(finding.slug)
    return {
        "kind": "finding",
        "code": known.code,
        "slug": known.slug,
        "outcome": finding.severity.value.upper(),
        "reason": finding.message,
    }


def _numbered(stacked: Stacked) -> Any:
    """Give the number in its table of the first row that speaks of each criterion, else -1."""
    numbers = stacked.lots.rows.texts.numbers
    if not len(numbers):
        return stacked.rows
    return np.where(stacked.rows < 0, -1, numbers[stacked.rows])
