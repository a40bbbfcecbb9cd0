from __future__ import annotations

import os
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


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("che",), "check"),
        (("check", "--for"), "--format"),
        (("check", "--spec", "bmac"), "bmac-same-day"),
        (("check", "--format", "js"), "json"),
        (("explain", "30"), "301"),
        (("spec", "list", ""), ""),
    ],
)
def test_a_shell_that_asks_for_words_waits_for_nothing_heavy(
    words: tuple[str, ...], offered: str
) -> None:
    asked = {
        "_QCVALIDATE_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("qcvalidate", *words)),
        "COMP_CWORD": str(len(words)),
    }
    run = _RUN.replace("main(sys.argv[1:])", 'main(prog_name="qcvalidate")')
    done = subprocess.run(
        [sys.executable, "-c", run],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, **asked},
    )

    assert done.returncode == 0, done.stderr
    shown, _, imported = done.stdout.rpartition("IMPORTED")
    assert offered in shown
    assert not set(_HEAVY) & set(imported.split())


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for the threads")
def test_what_a_lot_imports_leaves_one_thread_so_that_processes_can_be_forked() -> None:
    program = (
        "import os, sys\n"
        "from qcvalidate.__main__ import main\n"
        "sys.argv = ['qcvalidate', '--version']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "import qcvalidate.gating\n"
        "print(len(os.listdir('/proc/self/task')))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, text=True
    )

    assert done.stdout.splitlines()[-1] == "1", done.stderr
