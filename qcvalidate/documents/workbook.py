"""Opens XLSX and XLSM workbooks: each visible sheet a table of texts, as a person sees them.

openpyxl is imported on first use; it is asked twice, for the cached values and for the formulas.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from qcvalidate.documents import Opener
from qcvalidate.documents.archive import OLE_MAGIC, opened
from qcvalidate.documents.concealment import (
    LOWEST_ROW,
    NARROWEST_COLUMN,
    archive_findings,
    sheet_findings,
)
from qcvalidate.documents.document import Cell, Document, Table
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST_SHEET_CELLS = 5_000_000

# In the format 0.0"%" the sign is only drawn; the value is a percentage already.
_LITERALS = re.compile(r'"[^"]*"|\\.')
# What openpyxl raises for a workbook that breaks its own format.
_DAMAGES = (KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError, OSError)


def _open(path: Path, name: str, sha256: str) -> Document:
    """Read the visible sheets; say what is hidden and which formulas have no value."""
    _check_archive(path, name)
    values, formulas = _load(path, name, data_only=True), _load(path, name, data_only=False)
    findings = list(archive_findings(path, name))
    tables: list[Table] = []
    for sheet in values.worksheets:
        if sheet.max_row * sheet.max_column > LARGEST_SHEET_CELLS:
            raise DocumentError(
                f"{name}: the sheet {sheet.title} spans {sheet.max_row:,} rows and "
                f"{sheet.max_column:,} columns; at most {LARGEST_SHEET_CELLS:,} cells are read",
                slug="document-too-large",
            )
        findings += _hidden(sheet, name)
        if sheet.sheet_state == "visible":
            findings += sheet_findings(sheet, formulas[sheet.title], name)
            table, uncomputed = _table(sheet, formulas[sheet.title], name)
            tables += [table] if table.rows else []
            findings += uncomputed
    if not tables:
        raise DocumentError(f"{name}: no visible sheet holds anything", slug="document-empty")
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        kind="table",
        tables=tuple(tables),
        findings=tuple(findings),
    )


OPENER = Opener(suffixes=(".xlsx", ".xlsm"), open=_open)


def _check_archive(path: Path, name: str) -> None:
    """Refuse what is no archive, and what would unpack to more than we will hold."""
    with path.open("rb") as stream:
        if stream.read(len(OLE_MAGIC)) == OLE_MAGIC:
            raise DocumentError(
                f"{name}: wants a password or is an old .xls; save it as .xlsx without one"
            )
    with opened(path, name, "an XLSX workbook"):
        pass


def _load(path: Path, name: str, *, data_only: bool) -> Workbook:
    import openpyxl  # noqa: PLC0415  0.2 s that only workbooks should cost

    try:
        with warnings.catch_warnings():
            # It warns of styles and validations that it does not keep; we read values.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, data_only=data_only, rich_text=not data_only)
    except (*_DAMAGES, zipfile.BadZipFile, zlib.error, ParseError) as error:
        raise DocumentError(f"{name}: the workbook is damaged ({error})") from error


def _hidden(sheet: Worksheet, name: str) -> Iterator[Finding]:
    """Tell what a person who opens the workbook does not see."""
    filled = any(cell.value is not None for row in sheet.iter_rows() for cell in row)
    what: list[str] = []
    if sheet.sheet_state != "visible":
        what = ["the whole sheet"] if filled else []
    else:
        rows = [
            number
            for number, row in sheet.row_dimensions.items()
            if row.hidden or (row.ht is not None and row.ht < LOWEST_ROW)
        ]
        columns = [
            letter
            for letter, column in sheet.column_dimensions.items()
            # Excel hides all columns to the right of a form; they hold nothing.
            if (column.hidden or (column.customWidth and column.width < NARROWEST_COLUMN))
            and (column.min or 1) <= sheet.max_column
        ]
        usual = sheet.sheet_format
        if usual.zeroHeight or (usual.defaultRowHeight or LOWEST_ROW) < LOWEST_ROW:
            what.append("every row without a height of its own")
        what += [f"row {number}" for number in sorted(rows) if number <= sheet.max_row]
        what += [f"column {letter}" for letter in sorted(columns)]
    if what:
        yield Finding(
            "cells-hidden",
            Severity.HOLD,
            f"{name}: the sheet {sheet.title} hides {', '.join(what[:5])}"
            f"{' and more' if len(what) > 5 else ''}; show it, and send the file again",
            Place(name, region=sheet.title),
        )


def _table(sheet: Worksheet, formulas: Worksheet, name: str) -> tuple[Table, list[Finding]]:
    rows: list[tuple[Cell, ...]] = []
    findings: list[Finding] = []
    for row, formula_row in zip(sheet.iter_rows(), formulas.iter_rows(), strict=True):
        cells = []
        for cell, formula in zip(row, formula_row, strict=True):
            region = f"{sheet.title}!{formula.coordinate}"
            if formula.data_type == "f" and cell.value is None:
                findings.append(
                    Finding(
                        "formula-without-value",
                        Severity.HOLD,
                        f"{name} {region}: holds a formula whose value was never computed; "
                        "open the workbook in its program, save it, and send it again",
                        Place(name, region=region),
                    )
                )
            text, number = _text(cell.value, cell.number_format)
            cells.append(Cell(text, region, number))
        rows.append(tuple(cells))
    while rows and not any(cell.text.strip() for cell in rows[-1]):
        rows.pop()
    return Table(sheet.title, tuple(rows), tuple(_merged(sheet))), findings


def _merged(sheet: Worksheet) -> Iterator[tuple[int, int, int, int]]:
    """Give the merged cells; the others of each are blank, whatever the file keeps in them."""
    for area in sheet.merged_cells.ranges:
        rows, columns = area.max_row - area.min_row + 1, area.max_col - area.min_col + 1
        # Rows and columns are counted from the sheet's first cell, which is not always A1.
        yield area.min_row - sheet.min_row, area.min_col - sheet.min_column, rows, columns


def _text(value: Any, number_format: str) -> tuple[str, bool]:
    """Give a cell's text as a person sees it, and whether the file stores it as a number."""
    if value is None:
        return "", False
    if isinstance(value, bool):
        return str(value).upper(), False
    if isinstance(value, (int, float)):
        # Excel keeps 15 digits; a float's 17 show the binary fraction (0.30000000000000004).
        digits = str(value) if isinstance(value, int) else f"{value:.15g}"
        if "%" in _LITERALS.sub("", number_format):
            # 0.82 is shown, and meant, as 82%.
            return f"{(Decimal(digits) * 100).normalize():f}%", True
        return digits, True
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return (value.date().isoformat() if midnight else value.isoformat(" ", "seconds")), False
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat(), False
    return str(value), False
