"""Every single thing that an assessment rests on is in the fingerprint of its lot."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from lots import criterion, manifest, row, specification, table

import qcvalidate
from qcvalidate import fingerprints, installed
from qcvalidate.assessment import Scope
from qcvalidate.documents.signatures import Trust
from qcvalidate.fingerprints import UNTOLD_OPTIONS, fingerprint, take_fingerprint
from qcvalidate.manifest import Manifest
from qcvalidate.pipeline import Laboratory, Options, open_laboratory
from qcvalidate.record import Finding, Place, Severity
from qcvalidate.submission import Submission, find_submissions

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2026, 4, 20)
OPTIONS = Options(TODAY)
VIABILITY = criterion("viability", "at_least: '70'", "%")


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    folder = tmp_path / "schemas"
    (folder / "specifications").mkdir(parents=True)
    (folder / "specifications" / "mine.yaml").write_text(specification(VIABILITY))
    return folder


@pytest.fixture
def lot(tmp_path: Path) -> Path:
    folder = tmp_path / "lots" / "L-1"
    (folder / "flow").mkdir(parents=True)
    (folder / "lot.yaml").write_text(manifest())
    (folder / "results.csv").write_text(table(row("viability", "90", "%")))
    (folder / "flow" / "note.csv").write_text(table(row("viability", "91", "%")))
    (folder / "waivers.yaml").write_text("[]\n")
    return folder


def _taken(lot: Path, schemas: Path, options: Options = OPTIONS) -> str | None:
    laboratory = open_laboratory(schemas)
    (submission,) = find_submissions([lot], laboratory.catalogue)
    return fingerprint(submission, laboratory, options)


def test_a_fingerprint_is_the_same_again(lot: Path, schemas: Path) -> None:
    found = _taken(lot, schemas)

    assert found is not None
    assert len(found) == 64
    assert _taken(lot, schemas) == found


def test_another_process_takes_the_same(lot: Path, schemas: Path) -> None:
    code = (
        "import datetime as dt, sys; from pathlib import Path\n"
        "from qcvalidate.fingerprints import fingerprint\n"
        "from qcvalidate.pipeline import Options, open_laboratory\n"
        "from qcvalidate.submission import find_submissions\n"
        "laboratory = open_laboratory(Path(sys.argv[1]))\n"
        "(one,) = find_submissions([Path(sys.argv[2])], laboratory.catalogue)\n"
        "print(fingerprint(one, laboratory, Options(dt.date(2026, 4, 20))))\n"
    )

    done = subprocess.run(
        # Safe path: the folder that tests run in may hold the sources of what is installed.
        [sys.executable, "-P", "-c", code, str(schemas), str(lot)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )

    assert done.stdout.strip() == _taken(lot, schemas)


# ---- options: a field that is added must find its place in one of these two

CHANGED_OPTIONS: dict[str, Any] = {
    "today": dt.date(2026, 4, 21),
    "as_of": dt.date(2026, 4, 19),
    "specification": "mine",
    "scope": Scope.DOCUMENT,
    "plots": False,
    "show_identifiers": True,
}
WITHOUT_EFFECT: dict[str, Any] = {"jobs": 7, "scheduler": "local"}


def test_every_option_is_accounted_for() -> None:
    assert {one.name for one in fields(Options)} == {*CHANGED_OPTIONS, *WITHOUT_EFFECT}
    assert set(UNTOLD_OPTIONS) == {*WITHOUT_EFFECT, "as_of", "today"}


@pytest.mark.parametrize("name", CHANGED_OPTIONS)
def test_every_option_counts(name: str, lot: Path, schemas: Path) -> None:
    changed = replace(OPTIONS, **{name: CHANGED_OPTIONS[name]})

    assert _taken(lot, schemas, changed) not in (None, _taken(lot, schemas))


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_how_the_work_is_shared_does_not_count(name: str, lot: Path, schemas: Path) -> None:
    changed = replace(OPTIONS, **{name: WITHOUT_EFFECT[name]})

    assert _taken(lot, schemas, changed) == _taken(lot, schemas)


def test_of_the_days_the_one_that_stands_for_the_lot_counts(lot: Path, schemas: Path) -> None:
    (lot / "lot.yaml").write_text(manifest() + "judged_on: 2026-04-01\n")

    assert _taken(lot, schemas) == _taken(lot, schemas, replace(OPTIONS, today=dt.date(2027, 1, 1)))
    assert _taken(lot, schemas) != _taken(lot, schemas, replace(OPTIONS, as_of=TODAY))


def test_whether_the_day_is_todays_counts(lot: Path, schemas: Path) -> None:
    # A certificate may end at noon: today that depends on the hour, on any other day it does not.
    today = dt.datetime.now(dt.UTC).date()
    laboratory = open_laboratory(schemas)
    (submission,) = find_submissions([lot], laboratory.catalogue)

    now = take_fingerprint(submission, laboratory, replace(OPTIONS, as_of=today))
    then = take_fingerprint(submission, laboratory, OPTIONS)

    assert now is not None
    assert then is not None
    assert (now.is_now, then.is_now) == (True, False)


def test_the_content_of_a_specifications_file_counts(lot: Path, schemas: Path) -> None:
    other = schemas.parent / "other.yaml"
    other.write_text(specification(VIABILITY))
    options = replace(OPTIONS, specification=str(other))
    before = _taken(lot, schemas, options)

    other.write_text(specification(criterion("viability", "at_least: '60'", "%")))

    assert before is not None
    assert _taken(lot, schemas, options) not in (None, before)


# ---- the lot


def _other(kind: Any) -> Any:
    """Make a value of a type that differs from the one of its absence."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType or (origin is not None and type(None) in inner):
        return _other(next(one for one in inner if one is not type(None)))
    if origin is tuple:
        return tuple(_other(one) for one in inner if one is not ...)
    if origin is not None:
        return {_other(inner[0]): _other(inner[1])}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if is_dataclass(kind):
        return _changed(kind)
    made = {str: "other", int: 7, float: 0.5, bool: True, bytes: b"other", Path: Path("other")}
    return (
        made.get(kind)
        or {
            Decimal: Decimal("7"),
            dt.date: dt.date(2026, 1, 7),
            dt.datetime: dt.datetime(2026, 1, 7, 7),
        }[kind]
    )


def _changed(kind: Any) -> Any:
    hints = get_type_hints(kind)
    # The two of a locale are words of a closed list.
    known = {"dates": "DMY", "decimal": ","}
    return kind(
        **{one.name: known.get(one.name) or _other(hints[one.name]) for one in fields(kind)}
    )


def _inner_fields(value: Any) -> list[tuple[tuple[str, ...], Any]]:
    """List each field of a value and of the dataclasses in it, with a value that replaces it."""
    found: list[tuple[tuple[str, ...], Any]] = []
    hints = get_type_hints(type(value))
    for one in fields(value):
        held = getattr(value, one.name)
        if is_dataclass(held) and not isinstance(held, type):
            found += [((one.name, *path), other) for path, other in _inner_fields(held)]
        elif isinstance(held, tuple) and held and is_dataclass(held[0]):
            found += [((one.name, "0", *path), other) for path, other in _inner_fields(held[0])]
        else:
            kind = "dates" if one.name == "dates" else one.name
            known = {"dates": "DMY", "decimal": ","}
            found.append(((one.name,), known.get(kind) or _other(hints[one.name])))
    return found


def _with(value: Any, path: tuple[str, ...], other: Any) -> Any:
    name, *rest = path
    if not rest:
        return replace(value, **{name: other})
    held = getattr(value, name)
    if rest[0] == "0":
        return replace(value, **{name: (_with(held[0], tuple(rest[1:]), other), *held[1:])})
    return replace(value, **{name: _with(held, tuple(rest), other)})


BARE = Submission("L-1", Manifest(), (), None, (Finding("a", Severity.HOLD, "b", Place("c")),))
LABORATORY = open_laboratory()


@pytest.mark.parametrize("path", [path for path, _ in _inner_fields(BARE)], ids=".".join)
def test_every_field_of_a_submission_counts(path: tuple[str, ...], tmp_path: Path) -> None:
    paper = tmp_path / "other"
    paper.write_text("other")
    made = dict(_inner_fields(BARE))[path]
    made = {("files",): ((paper, "other"),), ("waivers",): paper}.get(path, made)
    changed = _with(BARE, path, made)

    found = fingerprint(changed, LABORATORY, OPTIONS)
    assert changed != BARE
    if path == ("stored",):
        # What an object store says of its bytes is no hash.
        assert found is None
    else:
        assert found not in (None, fingerprint(BARE, LABORATORY, OPTIONS))


def _append(name: str) -> Callable[[Path], None]:
    def change(lot: Path) -> None:
        with (lot / name).open("a") as stream:
            stream.write("\n")

    return change


def _swap(lot: Path) -> None:
    first, second = lot / "results.csv", lot / "flow" / "note.csv"
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)


def _link(lot: Path) -> None:
    elsewhere = lot.parent / "elsewhere.csv"
    (lot / "results.csv").rename(elsewhere)
    (lot / "results.csv").symlink_to(elsewhere)


CHANGES_OF_FOLDER: dict[str, Callable[[Path], object]] = {
    "a paper's bytes": _append("results.csv"),
    "an inner paper's bytes": _append("flow/note.csv"),
    "lot.yaml, its values alike": _append("lot.yaml"),
    "waivers.yaml": _append("waivers.yaml"),
    "a paper's name": lambda lot: (lot / "results.csv").rename(lot / "other.csv"),
    "the folder of a paper": lambda lot: (lot / "flow").rename(lot / "other"),
    "the contents of two papers, swapped": _swap,
    "a paper more": lambda lot: (lot / "empty.csv").touch(),
    "a paper less": lambda lot: (lot / "results.csv").unlink(),
    "no waivers": lambda lot: (lot / "waivers.yaml").unlink(),
    "a hidden paper": lambda lot: (lot / ".results.csv").touch(),
    "an ignored paper": lambda lot: (lot / "lot.yaml").write_text(
        manifest() + "ignore: [results.csv]\n"
    ),
    "a link in place of a paper": _link,
    "a lot within the lot": lambda lot: (lot / "flow" / "lot.yaml").write_text(manifest()),
}


@pytest.mark.parametrize("change", CHANGES_OF_FOLDER)
def test_every_change_of_a_folder_counts(change: str, lot: Path, schemas: Path) -> None:
    before = _taken(lot, schemas)

    CHANGES_OF_FOLDER[change](lot)

    assert before is not None
    assert _taken(lot, schemas) not in (None, before)


def test_what_is_no_evidence_does_not_count(lot: Path, schemas: Path) -> None:
    before = _taken(lot, schemas)

    (lot / "README.md").write_text("a note")

    assert _taken(lot, schemas) == before


def test_where_the_lot_lies_counts(lot: Path, schemas: Path) -> None:
    elsewhere = lot.parent / "elsewhere" / "L-1"
    shutil.copytree(lot, elsewhere)

    assert _taken(elsewhere, schemas) != _taken(lot, schemas)


@pytest.mark.parametrize("kind", ["a broken link", "a named pipe", "a link to a folder"])
def test_a_file_that_cannot_be_read_gives_none(kind: str, lot: Path, schemas: Path) -> None:
    odd = lot / "odd.csv"
    if kind == "a named pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to(lot / "flow" if kind == "a link to a folder" else lot / "nowhere")

    assert _taken(lot, schemas) is None


# ---- what judges


def test_a_limit_counts_and_a_file_that_stands_in_for_ours(lot: Path, schemas: Path) -> None:
    found = {_taken(lot, schemas)}
    mine = schemas / "specifications" / "mine.yaml"

    mine.write_text(specification(criterion("viability", "at_least: '60'", "%")))
    found.add(_taken(lot, schemas))
    (schemas / "vocabulary").mkdir()
    ours = ROOT / "schemas" / "vocabulary" / "units.yaml"
    shutil.copy(ours, schemas / "vocabulary" / "units.yaml")
    found.add(_taken(lot, schemas))

    assert None not in found
    assert len(found) == 3


def test_the_folders_of_schemas_count_in_their_order(lot: Path, schemas: Path) -> None:
    catalogue = open_laboratory(schemas).catalogue
    turned = replace(catalogue, folders=catalogue.folders[::-1])
    (submission,) = find_submissions([lot], catalogue)

    found = {fingerprint(submission, Laboratory(one), OPTIONS) for one in (catalogue, turned)}

    assert None not in found
    assert len(found) == 2


def test_whom_the_user_trusts_counts(lot: Path, schemas: Path) -> None:
    catalogue = open_laboratory(schemas).catalogue
    (submission,) = find_submissions([lot], catalogue)
    trusts = (Trust(), Trust((b"one",)), Trust((b"two",)), Trust((b"one",), TODAY))

    found = {fingerprint(submission, Laboratory(catalogue, one), OPTIONS) for one in trusts}

    assert None not in found
    assert len(found) == 4


def test_schemas_that_changed_since_they_were_read_give_none(lot: Path, schemas: Path) -> None:
    laboratory = open_laboratory(schemas)
    (submission,) = find_submissions([lot], laboratory.catalogue)
    _ = laboratory.vocabulary

    (schemas / "specifications" / "mine.yaml").write_text(specification(VIABILITY) + "\n")

    assert fingerprint(submission, laboratory, OPTIONS) is None


def test_schemas_that_change_later_no_longer_hold(lot: Path, schemas: Path) -> None:
    laboratory = open_laboratory(schemas)
    (submission,) = find_submissions([lot], laboratory.catalogue)
    taken = take_fingerprint(submission, laboratory, OPTIONS)
    assert taken is not None
    assert fingerprints.all_holds(taken, submission, laboratory, OPTIONS)

    (schemas / "specifications" / "more.yaml").touch()

    assert not fingerprints.all_holds(taken, submission, laboratory, OPTIONS)


def test_a_paper_that_changes_later_no_longer_holds(lot: Path, schemas: Path) -> None:
    laboratory = open_laboratory(schemas)
    (submission,) = find_submissions([lot], laboratory.catalogue)
    taken = take_fingerprint(submission, laboratory, OPTIONS)
    assert taken is not None

    same = (lot / "results.csv").read_bytes()
    (lot / "results.csv").write_bytes(same + b" ")
    (lot / "results.csv").write_bytes(same)

    assert not fingerprints.all_holds(taken, submission, laboratory, OPTIONS)


# ---- what is installed


def _installation_of(package: Path, *, path: str = "", **more: str) -> str:
    """Ask a copy of the package, in a process of its own."""
    code = "from qcvalidate.installed import installation; print(installation())"
    kept = {"PATH": path or os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=package,
        env={**kept, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1", **more},
    )
    return done.stdout.strip()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(qcvalidate.__file__).parent, folder / "qcvalidate", ignore=ignored)
    return folder


@pytest.mark.parametrize("name", ["judging.py", "explanations.yaml", "reports/templates/coa.css"])
def test_an_edited_file_of_the_package_counts(name: str, package: Path) -> None:
    before = _installation_of(package)

    with (package / "qcvalidate" / name).open("a") as stream:
        stream.write("\n")

    assert len(before) == 64
    assert _installation_of(package) != before


def test_a_new_file_of_the_package_counts_and_compiled_ones_do_not(package: Path) -> None:
    before = _installation_of(package)

    (package / "qcvalidate" / "__pycache__").mkdir()
    (package / "qcvalidate" / "__pycache__" / "judging.cpython-311.pyc").touch()
    with_compiled = _installation_of(package)
    (package / "qcvalidate" / "reports" / "mine.py").touch()

    assert with_compiled == before
    assert _installation_of(package) != before


def test_another_version_of_a_library_counts(package: Path) -> None:
    before = _installation_of(package)

    (package / "pandas-0.0.1.dist-info").mkdir()

    assert _installation_of(package) != before


def test_python_without_assertions_counts(package: Path) -> None:
    assert _installation_of(package, PYTHONOPTIMIZE="1") != _installation_of(package)


@pytest.mark.skipif(sys.platform == "win32", reason="a program of two lines for the shell")
def test_which_tesseract_there_is_counts(package: Path, tmp_path: Path) -> None:
    def answered(name: str, words: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "tesseract").write_text(f"#!/bin/sh\necho {words} $1\n")
        (folder / "tesseract").chmod(0o755)
        return _installation_of(package, path=f"{folder}:/usr/bin:/bin")

    empty = tmp_path / "empty"
    empty.mkdir()
    found = {answered("a", "tesseract 5.3"), answered("b", "tesseract 5.4")}
    found.add(_installation_of(package, path=str(empty)))

    assert len(found) == 3
    assert "None" not in found
    # One that crashes does not say what it would read.
    assert answered("c", "tesseract; exit 3;") == "None"


def test_a_package_that_was_edited_since_the_process_began_gives_none(package: Path) -> None:
    code = (
        "import sys, pathlib; from qcvalidate.installed import installation\n"
        "pathlib.Path(sys.argv[1]).touch()\n"
        "print(installation())"
    )
    edited = package / "qcvalidate" / "judging.py"
    # The clock of a file system ticks more seldom than the system's.
    time.sleep(0.05)

    done = subprocess.run(
        [sys.executable, "-c", code, str(edited)],
        capture_output=True,
        text=True,
        check=True,
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package)},
    )

    assert done.stdout.strip() == "None"


def test_every_library_that_we_name_is_told_with_its_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["ocr"]]
    named += project["optional-dependencies"]["sign"]
    told = {name.lower().replace("-", "_") for place in installed._libraries() for name in place}

    for requirement in named:
        name = requirement.split(";")[0].split("=")[0].split(">")[0].strip()
        try:
            wanted = f"{name}_{version(name)}".lower().replace("-", "_")
        except PackageNotFoundError:
            continue
        assert any(one.startswith(wanted) for one in told), requirement


def test_a_value_of_a_kind_that_nobody_thought_of_is_a_bug() -> None:
    submission = replace(BARE, name=object())  # type: ignore[arg-type]

    with pytest.raises(TypeError, match="no fingerprint"):
        fingerprint(submission, LABORATORY, OPTIONS)


def test_the_module_is_imported_without_what_reads_papers() -> None:
    code = "import sys, qcvalidate.installed; print('pandas' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
    assert importlib.util.find_spec("pandas") is not None
