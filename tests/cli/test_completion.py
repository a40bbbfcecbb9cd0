"""Completion, by the shells themselves where they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lots import criterion, specification
from programs import called_with

_BASH = """
eval "$(_QCVALIDATE_COMPLETE=bash_source qcvalidate)"
COMP_WORDS=({words} "{last}"); COMP_CWORD={at}
_qcvalidate_completion qcvalidate
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
# Outside of its line editor zsh has neither of these; what they are given is what it would show.
_ZSH = """
compdef() {{ }}
compadd() {{ print -l -- $completions }}
_describe() {{ print -l -- ${{completions_with_descriptions%%:*}} }}
_path_files() {{ print -- "(files)" }}
eval "$(_QCVALIDATE_COMPLETE=zsh_source qcvalidate)"
words=({words} "{last}"); CURRENT={next}
_qcvalidate_completion
"""
_FISH = """
_QCVALIDATE_COMPLETE=fish_source qcvalidate | source
complete --do-complete '{line}'
"""
_SHELLS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clinic's folder, and the program that is tested, by its name."""
    own = tmp_path / "schemas" / "specifications"
    own.mkdir(parents=True)
    limits = specification(criterion("viability", "at_least: '70'", "%"))
    (own / "our-bmac.yaml").write_text(limits.replace("id: mine", "id: our-bmac"))
    (tmp_path / "qcvalidate.toml").write_text('schemas = "schemas"\n')
    (tmp_path / "programs").mkdir()
    program = tmp_path / "programs" / "qcvalidate"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m qcvalidate "$@"\n')
    program.chmod(0o755)
    return tmp_path


def offered(shell: str, folder: Path, *words: str) -> list[str]:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    *before, last = ("qcvalidate", *words)
    script = _SHELLS[shell].format(
        words=" ".join(before),
        last=last,
        at=len(before),
        next=len(before) + 1,
        line=" ".join((*before, last)),
    )
    plain = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}
    path = f"{folder / 'programs'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [shell, *plain[shell], "-c", script],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
        env=called_with({"PATH": path, "HOME": str(folder)}),
    )
    assert done.stderr == "", done.stderr
    return [line.split("\t")[0] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize("shell", list(_SHELLS))
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("wat",), ["watch"]),
        (("check", "--changed"), ["--changed-since"]),
        (("check", "--format", "cons"), ["console"]),
        (("check", "--report", "ht"), ["html:"]),
        (("check", "--spec", "bm"), ["bmac-same-day"]),
        (("check", "--spec", "our"), ["our-bmac"]),
        (("spec", "show", "svf"), ["svf-same-day"]),
        (("tests", "endotoxin_p"), ["endotoxin_ppc"]),
        (("explain", "301"), ["301"]),
        (("explain", "viability-bel"), ["viability-below-limit"]),
    ],
)
def test_a_shell_offers(
    shell: str, folder: Path, words: tuple[str, ...], expected: list[str]
) -> None:
    assert offered(shell, folder, *words) == expected


@pytest.mark.parametrize("shell", list(_SHELLS))
def test_a_broken_configuration_offers_nothing_and_breaks_nothing(shell: str, folder: Path) -> None:
    (folder / "qcvalidate.toml").write_text("schema = 1")

    assert offered(shell, folder, "check", "--spec", "bm") == []
    assert offered(shell, folder, "explain", "301") == ["301"]


def test_paths_are_the_shells_own(folder: Path) -> None:
    (folder / "lots").mkdir()

    assert offered("fish", folder, "check", "lo") == ["lots/"]
