"""Where an option's value comes from: flag over environment over file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lots import criterion, row, specification, table, write_lot
from programs import run

STRICT = specification(criterion("viability", "at_least: '70'", "%"))
LOOSE = specification(criterion("viability", "at_least: '10'", "%"))


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    for name, text in (("schemas", STRICT), ("loose", LOOSE)):
        folder = tmp_path / name / "specifications"
        folder.mkdir(parents=True)
        (folder / "mine.yaml").write_text(text, encoding="utf-8")
    write_lot(tmp_path / "lots" / "a", {"counts.csv": table(row("viability", "64.2", "%"))})
    return tmp_path


def test_a_file_above_sets_what_a_flag_would(clinic: Path) -> None:
    (clinic / "qcvalidate.toml").write_text(
        'schemas = "schemas"\nformat = "json"\nreport = ["json:out/report.json"]\njobs = 1\n'
    )
    (clinic / "deep" / "er").mkdir(parents=True)

    done = run("check", "../../lots", folder=clinic / "deep" / "er")

    # Paths are meant from the file's folder, wherever the program starts.
    assert done.returncode == 1
    assert (clinic / "out" / "report.json").read_text(encoding="utf-8") == done.stdout


def test_a_table_of_pyproject_does_as_well(clinic: Path) -> None:
    (clinic / "pyproject.toml").write_text('[tool.qcvalidate]\nschemas = "schemas"\n')
    # One without our table is another program's, and passed by.
    (clinic / "deep").mkdir()
    (clinic / "deep" / "pyproject.toml").write_text("[tool.ruff]\n")

    assert run("check", "../lots", folder=clinic / "deep").returncode == 1


def test_a_flag_beats_the_environment_beats_the_file(clinic: Path) -> None:
    (clinic / "qcvalidate.toml").write_text('schemas = "nowhere"\nallow-conditional = true\n')
    environment = {"QCVALIDATE_SCHEMAS": "schemas", "QCVALIDATE_ALLOW_CONDITIONAL": "0"}

    by_file = run("check", "lots", folder=clinic)
    by_environment = run("check", "lots", folder=clinic, environment=environment)
    by_flag = run("check", "lots", "--schemas", "loose", folder=clinic, environment=environment)

    assert [by_file.returncode, by_environment.returncode, by_flag.returncode] == [2, 1, 0]
    assert "nowhere: is not a folder" in by_file.stderr


def test_other_commands_judge_by_the_same_schemas(clinic: Path) -> None:
    (clinic / "qcvalidate.toml").write_text('schemas = "schemas"\n')

    assert "at least 70 %" in run("spec", "show", "mine", folder=clinic).stdout


def test_config_tells_what_holds_and_where_each_came_from(clinic: Path) -> None:
    (clinic / "qcvalidate.toml").write_text('schemas = "schemas"\ntrust = ["a.pem", "b b.pem"]\n')

    done = run("config", folder=clinic, environment={"QCVALIDATE_JOBS": "3"})

    file = clinic / "qcvalidate.toml"
    told = [line.split("  ") for line in done.stdout.splitlines() if line.strip()]
    told = [[cell.strip() for cell in line if cell.strip()] for line in told]
    assert told == [
        ["schemas", str(clinic / "schemas"), str(file)],
        ["trust", f"{clinic / 'a.pem'}, {clinic / 'b b.pem'}", str(file)],
        ["format", "console", "default"],
        ["report", "-", "default"],
        ["allow-conditional", "false", "default"],
        ["jobs", "3", "environment QCVALIDATE_JOBS"],
        ["cache", "-", "default"],
        ["cache-size", "1000", "default"],
        ["scheduler", "-", "default"],
        [str(file)],
    ]
    assert done.returncode == 0


def test_several_values_of_a_variable(clinic: Path) -> None:
    environment = {"QCVALIDATE_REPORT": "json:one two.json\nhtml:page.html\n"}

    done = run("check", "lots", "--schemas", "loose", folder=clinic, environment=environment)

    assert done.returncode == 0, done.stderr
    assert (clinic / "one two.json").is_file()
    assert (clinic / "page.html").is_file()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('schema = "x"', "qcvalidate.toml: unknown key 'schema'; did you mean 'schemas'?"),
        ('spec = "mine"', "qcvalidate.toml: unknown key 'spec'; there are schemas, trust"),
        ("as-of = 2026-03-30", "qcvalidate.toml: unknown key 'as-of'; there are"),
        ("show-identifiers = true", "qcvalidate.toml: unknown key 'show-identifiers'"),
        ("schemas = 7", "qcvalidate.toml: schemas: 7 should be a text in quotes"),
        ('schemas = ""', "qcvalidate.toml: schemas: is empty, and no path"),
        ('trust = "x.pem"', "qcvalidate.toml: trust: 'x.pem' should be a list of texts"),
        ("trust = [1]", "qcvalidate.toml: trust: [1] should be a list of texts"),
        ("jobs = true", "qcvalidate.toml: jobs: True should be a whole number"),
        ("jobs = 0", "qcvalidate.toml: jobs: 0 is not in the range x>=1"),
        ('jobs = "2"', "qcvalidate.toml: jobs: '2' should be a whole number"),
        ("allow-conditional = 1", "allow-conditional: 1 should be true or false"),
        ('format = "yaml"', "qcvalidate.toml: format: 'yaml' is not one of"),
        ('report = ["html"]', "qcvalidate.toml: report: 'html' should be FORMAT:PATH"),
        ("format = ", "qcvalidate.toml: is not TOML:"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_file_and_key(
    clinic: Path, text: str, said: str
) -> None:
    (clinic / "qcvalidate.toml").write_text(text)

    done = run("config", folder=clinic)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_file_stops_what_judges_and_nothing_else(clinic: Path) -> None:
    (clinic / "qcvalidate.toml").write_text("schema = 1")

    calls = [("check", "lots"), ("spec", "list"), ("check", "--help"), ("explain", "301")]

    assert [run(*call, folder=clinic).returncode for call in calls] == [2, 2, 0, 0]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("QCVALIDATE_SCHEMA", "x", "QCVALIDATE_SCHEMA'; did you mean QCVALIDATE_SCHEMAS?"),
        ("QCVALIDATE_SPEC", "mine", "unknown variable 'QCVALIDATE_SPEC'; there are"),
        ("QCVALIDATE_SCHEMAS", "", "QCVALIDATE_SCHEMAS is empty; unset it"),
        ("QCVALIDATE_JOBS", "two", "'--jobs' (env var: 'QCVALIDATE_JOBS'): 'two' is not"),
        ("QCVALIDATE_ALLOW_CONDITIONAL", "maybe", "QCVALIDATE_ALLOW_CONDITIONAL"),
    ],
)
def test_a_variable_that_sets_nothing_is_refused(
    clinic: Path, name: str, value: str, said: str
) -> None:
    done = run("check", "lots", folder=clinic, environment={name: value})

    assert done.returncode == 2
    assert said in done.stderr


def test_two_files_in_one_folder_are_refused(clinic: Path) -> None:
    (clinic / "qcvalidate.toml").write_text("")
    (clinic / "pyproject.toml").write_text("[tool.qcvalidate]\n")

    done = run("check", "lots", folder=clinic)

    assert done.returncode == 2
    assert "pyproject.toml beside it has a table [tool.qcvalidate], too" in done.stderr


@pytest.mark.parametrize("start", ["lots", "lots/a"])
@pytest.mark.parametrize("text", ['schemas = "../loose"', ""])
def test_a_file_among_the_papers_is_refused_and_not_passed_by(
    clinic: Path, start: str, text: str
) -> None:
    """Even an empty one: it would hide the clinic's own, which is stricter."""
    (clinic / "qcvalidate.toml").write_text('schemas = "schemas"')
    (clinic / start / "qcvalidate.toml").write_text(text)

    done = run("check", ".", folder=clinic / start)

    assert done.returncode == 2
    assert "whoever brings papers could have written it" in done.stderr


def test_a_link_among_the_papers_is_refused(clinic: Path) -> None:
    (clinic / "elsewhere").mkdir()
    (clinic / "elsewhere" / "qcvalidate.toml").write_text("")
    (clinic / "lots" / "qcvalidate.toml").symlink_to(clinic / "elsewhere" / "qcvalidate.toml")
    (clinic / "qcvalidate.toml").symlink_to(clinic / "lots" / "qcvalidate.toml")

    for start in (clinic, clinic / "lots"):
        assert run("check", clinic / "lots", folder=start).returncode == 2


def test_a_file_beside_the_papers_sets_nothing_from_elsewhere(clinic: Path, tmp_path: Path) -> None:
    (clinic / "lots" / "qcvalidate.toml").write_text('schemas = "../loose"')

    done = run("check", "lots", "--schemas", "schemas", folder=tmp_path)

    assert done.returncode == 1


def test_a_path_that_is_called_help_is_judged_by_the_configuration(clinic: Path) -> None:
    (clinic / "qcvalidate.toml").write_text('schemas = "schemas"\n')
    (clinic / "lots").rename(clinic / "--help")

    assert run("check", "--", "--help", folder=clinic).returncode == 1


def test_help_reads_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "qcvalidate.toml").write_text("jobs = 1")
    code = (
        "import sys\nfrom qcvalidate.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    print('tomllib' in sys.modules)"
    )

    for arguments in (["--help"], ["check", "--help"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            check=True,
            text=True,
            cwd=tmp_path,
        )
        assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("key", ['trust = ["{}"]', 'report = ["html:{}"]', 'cache = "{}"'])
def test_a_path_with_nul_is_refused(clinic: Path, key: str) -> None:
    (clinic / "qcvalidate.toml").write_text(key.format("a\\u0000b") + "\n")

    done = run("check", "lots", "--schemas", "schemas", folder=clinic)

    assert (done.returncode, done.stdout) == (2, "")
    assert "holds a NUL character" in done.stderr


def test_a_folder_with_an_endless_name_is_no_folder(clinic: Path) -> None:
    done = run("check", "lots", "--schemas", "x" * 300, folder=clinic)

    assert done.returncode == 2
    assert "is not a folder" in done.stderr


@pytest.mark.parametrize(
    "asked",
    [
        ("check", "lots", "--schemas", "lots/loose"),
        ("check", "lots", "--trust", "lots/loose"),
        ("check", "lots", "--spec", "lots/loose/specifications/mine.yaml"),
        ("check", "lots/b", "--schemas", "lots/a/loose"),
        ("watch", "lots", "--out", "out", "--once", "--schemas", "lots/loose"),
    ],
)
def test_what_judges_the_papers_may_not_lie_among_them(
    clinic: Path, asked: tuple[str, ...]
) -> None:
    write_lot(clinic / "lots" / "b", {"counts.csv": table(row("viability", "64.2", "%"))})
    for place in ("lots", "lots/a"):
        shutil.copytree(clinic / "loose", clinic / place / "loose")

    done = run(*asked, folder=clinic)

    assert (done.returncode, done.stdout) == (2, "")
    assert "whoever brings papers could have written it" in done.stderr
