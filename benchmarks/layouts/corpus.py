"""The made certificates of the corpus, with their truth; none where the corpus is absent.

Their `.json` gives the header; what each row means was written here by hand from the PDFs.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.layouts.truth import Amount, Line, Truth, fill

_ROOT = Path(__file__).parent.parent.parent
_CORPUS = Path(os.environ.get("QCVALIDATE_CORPUS", _ROOT.parent / "shared" / "corpus"))
_SHAPES = {
    ".pdf": "text",
    ".scan200.p0.jpg": "scan200",
    ".fax150.p0.jpg": "fax",
    ".phone130.p0.jpg": "phone",
}
_DATES = {
    "date_received": "date_received",
    "date_tested": "date_started",
    "date_completed": "date_completed",
    "date_reported": "date_issued",
}
_FORM = (
    Line(test="sterility", role="negative_control", reading="negative"),
    Line(test="sterility", role="positive_control", reading="positive"),
)
_LINES: dict[str, tuple[Line, ...]] = {
    "t01_us_form_fail": (
        Line(test="sterility", part="anaerobic", reading="positive", verdict="fail"),
        Line(test="sterility", part="aerobic", reading="negative", verdict="pass"),
        *_FORM,
    ),
    "t02_us_form_pass": (
        Line(test="sterility", part="anaerobic", reading="negative", verdict="pass"),
        Line(test="sterility", part="aerobic", reading="negative", verdict="pass"),
        *_FORM,
    ),
    "t04_two_col": (
        Line(test="sterility", part="aerobic", reading="negative", day=14),
        Line(test="sterility", part="anaerobic", reading="negative", day=14),
        Line(test="endotoxin", amount=Amount("0.50", "<"), unit="EU/mL"),
        Line(test="mycoplasma", reading="negative"),
    ),
    "t06_german": (
        Line(test="sterility", reading="negative"),
        Line(test="endotoxin", amount=Amount("0.05", "<"), unit="EU/mL"),
        Line(test="mycoplasma", reading="negative"),
        Line(test="viability", amount=Amount("78.6"), unit="%", verdict="fail"),
        Line(test="cell_concentration", amount=Amount("1248500"), unit="cells/mL"),
    ),
    "t08_french": (
        Line(test="sterility", reading="negative"),
        Line(test="endotoxin", amount=Amount("0.31"), unit="EU/mL", verdict="fail"),
        Line(test="mycoplasma", reading="negative"),
        Line(test="viability", amount=Amount("88.5"), unit="%"),
        Line(test="cell_concentration", amount=Amount("1250000"), unit="cells/mL"),
    ),
    "t09_prose_fail": (
        Line(test="sterility", part="anaerobic", reading="negative", day=14),
        Line(
            test="sterility",
            part="aerobic",
            reading="positive",
            verdict="fail",
            organism="Cutibacterium acnes",
            day=6,
        ),
    ),
}


def certificates() -> Iterator[tuple[Path, str, Truth]]:
    """Give each file, the shape that it has (`text` or a kind of scan), and what it says."""
    folder = _CORPUS / "certificates" / "synthetic"
    for name, lines in _LINES.items():
        told = folder / f"{name}.json"
        if not told.is_file():
            continue
        truth = _truth(json.loads(told.read_text("utf-8")), lines, name)
        for ending, shape in _SHAPES.items():
            yield folder / f"{name}{ending}", shape, truth


def _truth(told: dict[str, dict[str, str]], lines: tuple[Line, ...], name: str) -> Truth:
    fields = told["fields"]
    order = "%m/%d/%Y" if "us_form" in name else "%d/%m/%Y" if "french" in name else None
    header = {
        ours: _date(fields[theirs], order) for theirs, ours in _DATES.items() if theirs in fields
    }
    truth = Truth(
        laboratory="",
        report_number=fields.get("report_no"),
        lot=fields["lot"],
        client=fields["client"],
        product=fields.get("product", ""),
        sample_id=fields.get("sample_id"),
        **header,
    )
    # The total aerobic count of the German certificate is no test of the vocabulary.
    return fill(truth, lines, *(("test-unknown",) if name == "t06_german" else ()))


def _date(text: str, order: str | None) -> dt.date:
    text = text.partition(" ")[0] if text[:4].isdigit() else text
    pattern = order or (
        "%Y-%m-%d" if text[:4].isdigit() else "%d.%m.%Y" if "." in text else "%B %d, %Y"
    )
    return dt.datetime.strptime(text, pattern).date()
