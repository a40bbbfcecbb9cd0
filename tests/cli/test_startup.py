from __future__ import annotations

import subprocess
import sys

import pytest

_HEAVY = ("numpy", "pandas", "pandera")

_RUN = """
import sys
from qcvalidate.cli import main

try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print("IMPORTED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("rules",), ("explain", "301"), ("check", "--help")]
)
def test_a_command_that_reads_no_document_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments], capture_output=True, check=False, text=True
    )

    assert done.returncode == 0, done.stderr
    imported = done.stdout.rpartition("IMPORTED")[2].split()
    assert not set(_HEAVY) & set(imported)
