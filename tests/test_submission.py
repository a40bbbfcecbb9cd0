"""Folders: whatever lies in a lot is read or told, and no lot goes unseen."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from lots import LABORATORY, TODAY, assess, criterion, manifest, row, slugs, specification, table
from lots import write_lot as write

from qcvalidate.assessment import Assessment, ExitStatus, Verdict
from qcvalidate.errors import UsageError
from qcvalidate.pipeline import Options, assess_paths
from qcvalidate.submission import find_submissions, refuse_among_papers

VIABILITY = specification(criterion("viability", "at_least: '70'", "%"))
GOOD = table(row("viability", "92.1", "%"))
BAD = table(row("viability", "41.0", "%"))


@pytest.fixture
def lot(tmp_path: Path) -> Path:
    return write(tmp_path / "lot", {"counts.csv": GOOD})


def found(folder: Path) -> dict[str, str | None]:
    """Map the names of the submissions of a folder to their problems."""
    return {one.name: one.problem for one in find_submissions([folder], LABORATORY.catalogue)}


def checked(folder: Path) -> list[Assessment]:
    return list(assess_paths([folder], LABORATORY, Options(TODAY)))


@pytest.mark.parametrize("name", ["_failed.csv", "readme/failed.csv", "_old/failed.csv"])
def test_a_paper_is_read_whatever_its_folder_is_called(lot: Path, name: str) -> None:
    write(lot, {name: BAD})

    assert assess(lot, VIABILITY).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "name", ["README", "readme.MD", "flow/README.txt", "Thumbs.db", "desktop.ini", "~$a.xlsx",
             ".DS_Store", "._counts.csv"],
)  # fmt: skip
def test_what_people_and_systems_leave_is_no_evidence(lot: Path, name: str) -> None:
    write(lot, {name: BAD})

    result = assess(lot, VIABILITY)

    assert (result.verdict, result.findings) == (Verdict.PASS, ())


@pytest.mark.parametrize(
    ("name", "told"), [(".old/deep/failed.csv", ".old"), (".failed.csv", ".failed.csv")]
)
def test_a_hidden_paper_is_not_read_and_holds(lot: Path, name: str, told: str) -> None:
    write(lot, {name: BAD})

    result = assess(lot, VIABILITY)

    (finding,) = result.findings
    assert (finding.slug, finding.place.path) == ("paper-hidden", told)
    assert result.verdict is Verdict.HOLD


@pytest.mark.parametrize(
    ("name", "told"), [(".old/deep/failed.csv", ".old"), (".failed.csv", ".failed.csv")]
)
def test_a_hidden_paper_may_be_ignored_by_its_name(lot: Path, name: str, told: str) -> None:
    write(lot, {name: BAD})
    manifest = lot / "lot.yaml"
    manifest.write_text(f"{manifest.read_text()}\nignore: [{told}]\n")

    result = assess(lot, VIABILITY)

    assert (result.verdict, {f.slug for f in result.findings}) == (Verdict.PASS, {"file-ignored"})


def test_a_linked_folder_is_not_entered_and_holds(lot: Path, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", {"failed.csv": BAD})
    (lot / "lab2").symlink_to(tmp_path / "elsewhere")

    result = assess(lot, VIABILITY)

    assert (result.verdict, result.exit_status) == (Verdict.HOLD, ExitStatus.UNREAD)
    assert "lab2: is a link to a folder" in result.findings[0].message


def test_a_linked_paper_is_read(lot: Path, tmp_path: Path) -> None:
    (tmp_path / "failed.csv").write_text(BAD)
    (lot / "linked.csv").symlink_to(tmp_path / "failed.csv")

    assert assess(lot, VIABILITY).verdict is Verdict.FAIL


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Give a set of folders that nobody may list, whoever runs the tests."""
    folders: set[Path] = set()
    scandir = os.scandir

    def guarded(path: str | Path) -> object:
        if Path(path) in folders:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", guarded)
    return folders


def test_a_folder_that_cannot_be_listed_holds_its_lot(lot: Path, locked: set[Path]) -> None:
    write(lot, {"lab/failed.csv": BAD})
    locked.add(lot / "lab")

    result = assess(lot, VIABILITY)

    assert (result.verdict, result.exit_status) == (Verdict.HOLD, ExitStatus.UNREAD)
    assert "lab: is a folder that cannot be listed (Permission denied)" in (
        result.findings[0].message
    )


def test_a_lot_that_cannot_be_listed_is_held_and_the_others_are_judged(
    tmp_path: Path, locked: set[Path]
) -> None:
    for name in "ab":
        write(tmp_path / "lots" / name, {"counts.csv": GOOD}, manifest("bmac-same-day"))
    locked.add(tmp_path / "lots" / "a")

    first, second = checked(tmp_path / "lots")

    assert (first.verdict, first.exit_status) == (Verdict.HOLD, ExitStatus.USAGE)
    assert "cannot be listed" in first.findings[0].message
    assert second.results


def special_files(folder: Path) -> Iterator[Path]:
    os.mkfifo(folder / "pipe.csv")
    yield folder / "pipe.csv"
    (folder / "zero.csv").symlink_to("/dev/zero")
    yield folder / "zero.csv"
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)  # a socket's path may have a hundred characters
        server.bind("socket.csv")
        os.chdir(here)
        yield folder / "socket.csv"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_only_regular_files_are_opened(lot: Path) -> None:
    for path in special_files(lot):
        result = assess(lot, VIABILITY)
        path.unlink()

        assert (result.verdict, result.exit_status) == (Verdict.HOLD, ExitStatus.UNREAD)
        assert "and not a file" in result.findings[0].message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_a_manifest_that_is_a_pipe_holds(lot: Path) -> None:
    (lot / "lot.yaml").unlink()
    os.mkfifo(lot / "lot.yaml")

    assert "lot.yaml: cannot be opened (Is a named pipe" in (found(lot)["lot"] or "")


def test_a_manifest_that_links_to_nothing_holds(lot: Path) -> None:
    (lot / "lot.yaml").unlink()
    (lot / "lot.yaml").symlink_to("nowhere")

    assert "lot.yaml: cannot be opened" in (found(lot)["lot"] or "")


def test_a_lot_may_begin_with_an_underscore(tmp_path: Path) -> None:
    write(tmp_path / "lots" / "_B", {})

    assert found(tmp_path / "lots") == {"lots/_B": None}


@pytest.mark.parametrize("name", ["scan.jpg", "report.DOCX", "note.txt", "x.tiff", "counts.csv"])
def test_papers_that_nobody_submitted_are_held(tmp_path: Path, name: str) -> None:
    write(tmp_path / "lots" / "a", {})
    stray = tmp_path / "lots" / "b" / name
    stray.parent.mkdir()
    stray.write_bytes(b"growth")

    problems = found(tmp_path / "lots")

    assert problems["lots/a"] is None
    assert "papers without a lot.yaml" in (problems["lots/b"] or "")


@pytest.mark.parametrize(
    "name", ["_make/papers.py", "_make/logo.svg", "site/index.html", ".git/a.csv", "README.txt"]
)
def test_what_is_no_paper_holds_nothing(tmp_path: Path, name: str) -> None:
    write(tmp_path / "lots" / "a", {})
    write(tmp_path / "lots" / "x", {})
    path = tmp_path / "lots" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x")

    assert found(tmp_path / "lots") == {"lots/a": None, "lots/x": None}


def test_a_manifest_under_another_name_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "lots" / "b"
    folder.mkdir(parents=True)
    (folder / "LOT.YAML").write_text(manifest())

    assert "call it lot.yaml" in (found(tmp_path / "lots")["lots/b"] or "")


def test_a_linked_lot_is_checked_once_and_a_circle_ends(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {})
    write(tmp_path / "lots" / "a", {})
    (tmp_path / "lots" / "b").symlink_to(outside)
    (tmp_path / "lots" / "c").symlink_to(outside)
    (tmp_path / "lots" / "again").symlink_to(tmp_path / "lots" / "a")
    (tmp_path / "lots" / "up").symlink_to(tmp_path / "lots")

    problems = found(tmp_path / "lots")

    assert list(problems) == ["lots/a", "lots/b"]
    assert set(problems.values()) == {None}


def test_a_link_to_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    (tmp_path / "archive" / "2025").mkdir(parents=True)
    write(tmp_path / "lots" / "a", {})
    (tmp_path / "lots" / "b").symlink_to(tmp_path / "archive")
    (tmp_path / "lots" / "c").symlink_to("nowhere")

    problems = found(tmp_path / "lots")

    assert "was not searched" in (problems["lots/b"] or "")
    assert "'c' is a link that cannot be followed" in (problems["lots"] or "")


@pytest.mark.parametrize(
    "named", ["ignore: [sub]", "ignore: [lot.yaml]", "declared: [SUB/x.csv]", "ignore: [x.pdf]",
              "strategies: {sub/x.csv: gates.xml}"],
)  # fmt: skip
def test_the_manifest_names_files_as_the_listing_does(lot: Path, named: str) -> None:
    write(lot, {"sub/x.csv": GOOD}, manifest() + named + "\n")

    assert "is not a file of the folder" in (found(lot)["lot"] or "")


@pytest.mark.parametrize("key", ["declared: [.old.csv]", "strategies: {a.fcs: .gates.xml}"])
def test_what_is_hidden_cannot_be_vouched_for(lot: Path, key: str) -> None:
    write(lot, {".old.csv": BAD, ".gates.xml": "", "a.fcs": ""}, manifest() + key + "\n")

    assert "is not a file of the folder" in (found(lot)["lot"] or "")


@pytest.mark.parametrize("name", ["scan.heic", "sub/x.csv", "README.md", ".old.csv"])
def test_what_the_listing_holds_can_be_ignored(lot: Path, name: str) -> None:
    write(lot, {name: BAD}, manifest() + f"ignore: [{name}]\n")

    assert assess(lot, VIABILITY).verdict is Verdict.PASS


def test_a_linked_folder_can_be_ignored(lot: Path, tmp_path: Path) -> None:
    (lot / "lab2").symlink_to(tmp_path)
    write(lot, {}, manifest() + "ignore: [lab2]\n")

    assert slugs(assess(lot, VIABILITY)) == {"file-ignored"}


def test_a_path_without_end_is_told() -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        find_submissions([Path("x" * 5000)], LABORATORY.catalogue)


def test_no_report_goes_among_the_papers(lot: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(lot)
    asked = [tmp_path]

    for path in ("lot/counts.csv", "lot/report.html", "lot/sub/x.html", "link/r.json", "r.json"):
        with pytest.raises(UsageError, match="the next check would"):
            refuse_among_papers(tmp_path / path, asked)
    refuse_among_papers(tmp_path / "report.html", asked)
    refuse_among_papers(tmp_path / "report.json", [lot])


def test_a_single_document_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text(GOOD)

    with pytest.raises(UsageError, match="among the papers"):
        refuse_among_papers(tmp_path / "counts.csv", [tmp_path / "counts.csv"])
