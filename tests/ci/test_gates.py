"""The hook, the Action and the GitLab job, run as far as a machine without a runner can."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from lots import criterion, row, specification, table, write_lot
from programs import called_with
from repositories import commit, git

from qcvalidate.reports import formats

ROOT = Path(__file__).parents[2]
GOOD = table(row("viability", "92.1", "%"))
BAD = table(row("viability", "64.2", "%"))

pytestmark = [
    pytest.mark.skipif(not (ROOT / "action.yml").is_file(), reason="needs a checkout"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed"),
]


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """A clinic's repository: its limits and configuration, and lots in a folder of their own."""
    folder = tmp_path / "clinic"
    (folder / "schemas" / "specifications").mkdir(parents=True)
    limits = specification(criterion("viability", "at_least: '70'", "%"))
    (folder / "schemas" / "specifications" / "mine.yaml").write_text(limits, encoding="utf-8")
    (folder / "qcvalidate.toml").write_text('schemas = "schemas"\njobs = 1\n')
    write_lot(folder / "lots" / "old", {"counts.csv": BAD})
    (folder / "lots" / "README.md").write_text("The lots.")
    commit(folder)
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where `qcvalidate` is the program that is tested, and nobody's settings count."""
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "qcvalidate"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m qcvalidate "$@"\n')
    program.chmod(0o755)
    return called_with(
        {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
            "GIT_AUTHOR_NAME": "A. Person",
            "GIT_AUTHOR_EMAIL": "person@example.org",
            "GIT_COMMITTER_NAME": "A. Person",
            "GIT_COMMITTER_EMAIL": "person@example.org",
        }
    )


def _called(*command: str, folder: Path, environment: dict[str, str]) -> Any:
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False, text=True
    )


# The hook


_PRE_COMMIT = pytest.mark.skipif(
    importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed"
)


def _hooks(uploads: Path, hook: str) -> None:
    """Use our hook as it is written, but with the environment that is there.

    `language: python` would have pip build one, from the network.
    """
    written = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (found,) = [one for one in written if one["id"] == hook]
    assert found["language"] == "python"
    local = {"repo": "local", "hooks": [found | {"language": "system"}]}
    (uploads / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [local]}))


@_PRE_COMMIT
def test_the_hooks_are_what_pre_commit_takes(environment: dict[str, str]) -> None:
    call = (sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")

    done = _called(*call, folder=ROOT, environment=environment)

    assert done.returncode == 0, done.stdout


@_PRE_COMMIT
@pytest.mark.parametrize("hook", ["qcvalidate", "qcvalidate-changed"])
def test_a_commit_is_stopped_by_a_lot_that_fails(
    uploads: Path, environment: dict[str, str], hook: str
) -> None:
    _hooks(uploads, hook)
    commit(uploads)
    install = (sys.executable, "-m", "pre_commit", "install")
    assert _called(*install, folder=uploads, environment=environment).returncode == 0

    def committed() -> Any:
        git(uploads, "add", "--all")
        return _called("git", "commit", "-m", "x", folder=uploads, environment=environment)

    write_lot(uploads / "lots" / "good", {"counts.csv": GOOD})
    good = committed()
    write_lot(uploads / "lots" / "bad", {"flow/note.txt": "", "counts.csv": BAD})
    bad = committed()

    assert good.returncode == 0, good.stdout + good.stderr
    assert bad.returncode != 0
    told = bad.stdout + bad.stderr
    assert "301 viability-below-limit" in told
    # The lot that failed before is none of this commit's.
    assert "lots/old" not in told


@_PRE_COMMIT
def test_a_deleted_paper_is_seen_by_the_hook_that_asks_git(
    uploads: Path, environment: dict[str, str]
) -> None:
    _hooks(uploads, "qcvalidate-changed")
    write_lot(uploads / "lots" / "good", {"counts.csv": GOOD})
    commit(uploads)
    (uploads / "lots" / "good" / "counts.csv").unlink()
    git(uploads, "add", "--all")

    done = _called(
        *(sys.executable, "-m", "pre_commit", "run"), folder=uploads, environment=environment
    )

    assert done.returncode != 0
    assert "MISSING" in done.stdout


@_PRE_COMMIT
def test_a_file_of_no_lot_stops_nothing(uploads: Path, environment: dict[str, str]) -> None:
    _hooks(uploads, "qcvalidate")
    (uploads / "lots" / "README.md").write_text("All lots.")
    git(uploads, "add", "--all")

    done = _called(
        *(sys.executable, "-m", "pre_commit", "run", "--verbose"),
        folder=uploads,
        environment=environment,
    )

    assert done.returncode == 0, done.stdout
    assert "lots/README.md: belongs to no lot, and was not judged" in done.stdout


# The Action


def _action() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return content


def _run_action(
    uploads: Path, environment: dict[str, str], **inputs: str
) -> tuple[Any, dict[str, str]]:
    """Run the step that checks, its expressions replaced as a runner would."""
    action = _action()
    (step,) = [one for one in action["runs"]["steps"] if one.get("id") == "check"]
    given = {name: entry["default"] for name, entry in action["inputs"].items()} | inputs
    runner = {"GITHUB_OUTPUT": uploads.parent / "out", "GITHUB_STEP_SUMMARY": uploads.parent / "md"}
    filled = {
        name: given[re.findall(r"inputs\.([a-z-]+)", text)[0]] for name, text in step["env"].items()
    }
    script = uploads.parent / "step.sh"
    script.write_text(step["run"])
    done = _called(
        # As the runner calls `shell: bash`.
        *("bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)),
        folder=uploads,
        environment=environment | filled | {name: str(path) for name, path in runner.items()},
    )
    told = {name: path.read_text() for name, path in runner.items() if path.is_file()}
    return done, told


_HERE = {"format": "console", "summary": "", "reports": "json:out/a b.json\nhtml:out/page.html\n"}


@pytest.mark.parametrize(("paper", "status"), [(GOOD, 0), (BAD, 1)])
def test_the_action_judges_what_an_upload_brought(
    uploads: Path, environment: dict[str, str], paper: str, status: int
) -> None:
    before = git(uploads, "rev-parse", "HEAD")
    write_lot(uploads / "lots" / "new", {"counts.csv": paper})
    commit(uploads)

    done, told = _run_action(uploads, environment, **_HERE, **{"changed-since": before})

    assert done.returncode == status, done.stdout + done.stderr
    assert told["GITHUB_OUTPUT"] == f"status={status}\n"
    written = json.loads((uploads / "out" / "a b.json").read_text(encoding="utf-8"))
    assert _judged(written) == ["lots/new"]
    assert (uploads / "out" / "page.html").is_file()


def _judged(report: dict[str, Any]) -> list[str]:
    return sorted({str(Path(one["path"]).parent) for one in report["run"]["inputs"]})


@pytest.mark.parametrize("since", ["", "0" * 40, "all"])
def test_the_action_checks_every_lot_where_nothing_was_before(
    uploads: Path, environment: dict[str, str], since: str
) -> None:
    done, _ = _run_action(uploads, environment, **_HERE, **{"changed-since": since})

    assert done.returncode == 1
    assert "301 viability-below-limit" in done.stdout


def test_the_action_ends_with_2_where_the_history_is_not_there(
    uploads: Path, environment: dict[str, str]
) -> None:
    done, told = _run_action(uploads, environment, **_HERE, **{"changed-since": "1" * 40})

    assert done.returncode == 2
    assert told["GITHUB_OUTPUT"] == "status=2\n"


def test_what_others_write_is_never_run_by_the_action(
    uploads: Path, environment: dict[str, str]
) -> None:
    steps = [step for step in _action()["runs"]["steps"] if "run" in step]
    assert not [step["name"] for step in steps if "${{" in step["run"]]

    hostile = "lots/$(touch run)`touch run`; touch run"
    done, _ = _run_action(uploads, environment, **_HERE, paths=hostile)

    assert done.returncode == 2
    assert not (uploads / "run").exists()


def test_no_upload_stands_in_for_pip(uploads: Path, environment: dict[str, str]) -> None:
    """Python would look for a module in the folder that it is started in, which is the upload's."""
    (uploads / "pip.py").write_text('open("run", "w").close()')
    python = Path(environment["PATH"].partition(os.pathsep)[0]) / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (install,) = [step for step in _action()["runs"]["steps"] if step["name"].startswith("Install")]
    job = yaml.safe_load((ROOT / "templates" / "qcvalidate.yml").read_text())["qcvalidate"]
    nothing = {"QC_SOURCE": str(uploads / "nothing"), "QC_EXTRAS": ""}

    for script in (install["run"], *job["before_script"]):
        done = _called("sh", "-ec", script, folder=uploads, environment=environment | nothing)

        assert done.returncode != 0
        assert "pip" in done.stderr or "nothing" in done.stderr
    assert not (uploads / "run").exists()


@pytest.mark.skipif(
    not {"github", "markdown"} <= set(formats()), reason="needs the formats github and markdown"
)
def test_the_action_as_it_comes(uploads: Path, environment: dict[str, str]) -> None:
    done, told = _run_action(uploads, environment)

    assert done.returncode == 1
    assert "::error" in done.stdout
    assert "64.2" in told["GITHUB_STEP_SUMMARY"]
    assert (uploads / "qcvalidate-report" / "report.html").is_file()


# The GitLab job


@pytest.mark.skipif(
    not {"gitlab", "junit"} <= set(formats()), reason="needs the formats gitlab and junit"
)
@pytest.mark.parametrize(("since", "lots"), [("before", ["lots/new"]), ("0" * 40, None)])
def test_the_job_of_gitlab(
    uploads: Path, environment: dict[str, str], since: str, lots: list[str] | None
) -> None:
    before = git(uploads, "rev-parse", "HEAD")
    write_lot(uploads / "lots" / "new", {"counts.csv": BAD})
    commit(uploads)

    done = _run_job(uploads, environment, before if since == "before" else since)

    written = json.loads((uploads / "qcvalidate-report" / "report.json").read_text())
    assert done.returncode == 1
    assert _judged(written) == (lots or ["lots/new", "lots/old"])
    job = yaml.safe_load((ROOT / "templates" / "qcvalidate.yml").read_text())["qcvalidate"]
    for file in job["artifacts"]["reports"].values():
        assert (uploads / file).is_file()


def test_the_job_of_gitlab_is_shell(uploads: Path, environment: dict[str, str]) -> None:
    """Until the formats that it names are there, its arguments are looked at."""
    program = Path(environment["PATH"].partition(os.pathsep)[0]) / "qcvalidate"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    base = ["--changed-since", "1" * 40, "--", "lots"]

    with_base = _run_job(uploads, environment, "1" * 40).stdout.splitlines()
    without = _run_job(uploads, environment, "0" * 40).stdout.splitlines()

    assert with_base[-4:] == base
    assert without == [*with_base[:-4], "--", "lots"]


def _run_job(uploads: Path, environment: dict[str, str], since: str) -> Any:
    job = yaml.safe_load((ROOT / "templates" / "qcvalidate.yml").read_text())["qcvalidate"]
    (script,) = job["script"]
    given = job["variables"] | {"CI_COMMIT_BEFORE_SHA": since}
    # GitLab runs it with the shell of the image, which need not be bash.
    return _called("sh", "-ec", script, folder=uploads, environment=environment | given)
