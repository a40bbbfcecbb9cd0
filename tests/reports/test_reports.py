from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys

import papers
import pytest
import runs
from runners import COMMANDS, commands

from qcvalidate import reports
from qcvalidate.errors import UsageError
from qcvalidate.reports import console

BINARY = ("pdf",)


def text_of(rendered: str | bytes) -> str:
    return rendered if isinstance(rendered, str) else papers.words(papers.open_pdf(rendered))


def test_every_public_module_is_a_format() -> None:
    assert {"console", "html", "json"} <= set(reports.formats())
    assert not [name for name in reports.formats() if name.startswith("_")]
    assert list(reports.formats()) == sorted(reports.formats())


def test_listing_the_formats_imports_no_renderer() -> None:
    program = (
        "import sys, qcvalidate.reports as r; r.formats();"
        "print([m for m in ('jinja2', 'numpy', 'pandas', 'pandera') if m in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert said.stdout.decode().strip() == "[]"


@pytest.mark.parametrize("name", reports.formats())
def test_every_format_has_the_same_door(name: str) -> None:
    module = __import__(f"qcvalidate.reports.{name}", fromlist=["render"])

    kind = "bytes" if name in BINARY else "str"
    assert str(inspect.signature(module.render)) == (
        f"(run: 'Run', *, width: 'int' = 80, colour: 'bool' = False) -> '{kind}'"
    )
    assert reports.media_type(name) == module.MEDIA_TYPE


def test_an_unknown_format_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="no report format 'xml'; there are coa, console"):
        reports.render("xml", runs.run(runs.PASSING))


@pytest.mark.parametrize("name", reports.formats())
@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_no_text_of_a_document_steers_what_shows_it(name: str, text: str) -> None:
    run = runs.run(runs.hostile(text), runs.hostile(text))

    shown = text_of(reports.render(name, run, width=100))

    shown.encode("utf-8")
    assert not [c for c in shown if not c.isprintable() and c != "\n"]


@pytest.mark.parametrize(
    "name", [name for name in reports.formats() if name not in ("github", *BINARY)]
)
@pytest.mark.parametrize("text", COMMANDS)
def test_no_text_of_a_document_is_a_command_in_a_job_s_log(name: str, text: str) -> None:
    run = runs.run(runs.hostile(text), runs.hostile(f"lot {text}"))

    assert commands(text_of(reports.render(name, run, width=100))) == []


@pytest.mark.parametrize("width", [40, 61, 80, 130])
@pytest.mark.parametrize("text", COMMANDS[:1])
def test_no_line_becomes_a_command_where_it_is_broken(text: str, width: int) -> None:
    lots = [runs.hostile("x" * number + text) for number in range(20, 80, 7)]
    detail = console.Detail(verbose=True)

    shown = console.render_detailed(runs.run(*lots), detail, width=width, colour=True)

    assert commands(shown) == []
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert max(map(len, plain.splitlines())) <= width


@pytest.mark.parametrize("name", reports.formats())
def test_the_same_run_gives_the_same_bytes(name: str) -> None:
    run = runs.run(runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING)

    assert reports.render(name, run) == reports.render(name, run)


RENDERED = """
import hashlib, sys
import runs
from runners import COMMANDS, commands

from qcvalidate import reports
run = runs.run(runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)
for name in reports.formats():
    text = reports.render(name, run)
    content = text if isinstance(text, bytes) else text.encode()
    print(name, hashlib.sha256(content).hexdigest())
"""


def test_the_same_run_gives_the_same_bytes_elsewhere_and_on_another_day() -> None:
    # It is never the same day in these two time zones.
    west = {"TZ": "Pacific/Midway", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
    east = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "LANG": "de_DE", "PYTHONHASHSEED": "2"}
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}

    said = [
        subprocess.run(
            [sys.executable, "-c", RENDERED],
            capture_output=True,
            check=True,
            env=os.environ | paths | place,
        ).stdout
        for place in (west, east)
    ]

    assert said[0] == said[1]
    assert len(said[0].splitlines()) == len(reports.formats())


@pytest.mark.parametrize("name", reports.formats())
def test_a_run_without_lots_is_held(name: str) -> None:
    shown = text_of(reports.render(name, runs.run()))

    assert "HOLD" in shown
    assert "PASS" not in shown
