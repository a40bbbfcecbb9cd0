"""Weighs the HTML report: six files of 1M events, what plots cost, and a table of 500 lots.

The last needs `playwright` (of the extra `test`) and a Chromium, and is left out without them.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.gating import EVENTS, gating_ml, write_events
from benchmarks.row import Row
from qcvalidate.assessment import Run
from qcvalidate.pipeline import Options, assess_paths, open_laboratory
from qcvalidate.reports import render

FILES = 6
LOTS = 500
RUNS = 5
DAY = dt.date(2026, 8, 1)
_SAMPLES = Path(__file__).parent.parent / "samples"


def rows() -> list[Row]:
    """Measure the file, the time and the table."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_six_files(Path(folder)), *_table(Path(folder))]


def _six_files(folder: Path) -> list[Row]:
    """Check a lot with and without its report for people, by turns; the best of each counts."""
    lot = folder / "lot"
    lot.mkdir()
    for number in range(1, FILES + 1):
        write_events(lot / f"tube{number}.fcs", EVENTS, seed=number)
    (lot / "gates.xml").write_text(gating_ml(), encoding="utf-8")
    (lot / "lot.yaml").write_text("lot: L-1\nproduct: bmac-same-day\n", encoding="utf-8")
    report = folder / "report.html"
    best: dict[str, float] = {}
    for _ in range(RUNS):
        for kind, more in {"bare": (), "drawn": ("--report", f"html:{report}")}.items():
            command = (sys.executable, "-m", "qcvalidate", "check", str(lot), "--jobs", "1", *more)
            start = time.perf_counter()
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            seconds = time.perf_counter() - start
            assert f"{FILES + 1} documents" in done.stdout, done
            best[kind] = min(best.get(kind, seconds), seconds)
    size = report.stat().st_size / 1e6
    return [
        Row("HTML of 6 files of 1M events, against 2 MB", size, 2, 1, "MB"),
        Row("the same run with its plots, against without", best["drawn"], best["bare"], 1.15, "s"),
    ]


def _table(folder: Path) -> list[Row]:
    """Open the report of 500 lots until its table stands there, and until the last lot does."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the extra alone
    except ImportError:
        chromium = None
    if chromium is None:
        print("reports: the table is left out; no Chromium or no playwright", file=sys.stderr)
        return []
    options = Options(DAY, plots=False)
    found = list(assess_paths([_SAMPLES], open_laboratory(), options))
    lots = tuple(
        replace(found[n % len(found)], lot=f"{found[n % len(found)].lot}-{n:03}")
        for n in range(LOTS)
    )
    report = folder / "many.html"
    report.write_text(render("html", Run(DAY, "0", lots)), encoding="utf-8")
    shown, whole = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(RUNS):
            page = browser.new_page()
            start = time.perf_counter()
            page.goto(report.as_uri(), wait_until="commit")
            last = f"a[href='#lot-{LOTS}']"
            page.locator(f".index {last}").wait_for(state="attached")
            page.evaluate("document.querySelector('.index').getBoundingClientRect().height")
            shown.append(time.perf_counter() - start)
            page.wait_for_load_state("load", timeout=120_000)
            whole.append(time.perf_counter() - start)
            page.close()
        browser.close()
    size = report.stat().st_size / 1e6
    print(
        f"reports: {LOTS} lots are {size:.3g} MB, whole after {min(whole):.2g} s", file=sys.stderr
    )
    return [Row(f"a table of {LOTS} lots opens, against 2 s", min(shown), 2, 1, "s")]
