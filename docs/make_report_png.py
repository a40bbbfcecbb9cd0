"""Takes the README's picture: the report of a failing sample, in headless Chromium.

    python docs/make_report_png.py

Needs Chromium (Debian's package `chromium`).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "samples" / "MSC-2026-0021"


def main() -> None:
    """Write docs/report.png."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed; apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        check = [sys.executable, "-m", "qcvalidate", "check", SAMPLE]
        subprocess.run([*check, "--report", f"html:{report}"], stdout=subprocess.DEVNULL)
        subprocess.run(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--window-size=1280,1000",
                f"--user-data-dir={folder}/profile",
                f"--screenshot={HERE / 'report.png'}",
                report.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


if __name__ == "__main__":
    main()
