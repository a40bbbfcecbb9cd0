"""Calls the program as a person or a pipeline does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def called_with(more: dict[str, str] | None = None) -> dict[str, str]:
    """Give the environment of a call: 80 columns, and no settings but those asked for."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("QCVALIDATE_")}
    return kept | {"COLUMNS": "80"} | (more or {})


def run(
    *arguments: str | Path,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
    given: bytes = b"",
) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder; `given` is what it reads on standard input."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "qcvalidate", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=folder,
        input=given,
        env=called_with(environment),
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )
