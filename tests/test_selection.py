"""Which lots a call judges, of those that are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lots import LABORATORY, write_lot
from repositories import commit, git

from qcvalidate.errors import UsageError
from qcvalidate.selection import Selection, changed_lots, lots_of_files

CATALOGUE = LABORATORY.catalogue


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a", "b", "c"):
        write_lot(tmp_path / "lots" / name, {"counts.csv": "x", "flow/panel.fcs": "y"})
    (tmp_path / "lots" / "README.md").write_text("about")
    (tmp_path / "judges").mkdir()
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changed(*paths: str, since: str = "HEAD", judges: tuple[str, ...] = ()) -> Selection:
    return changed_lots([*map(Path, paths or ("lots",))], since, map(Path, judges), CATALOGUE)


def names(selection: Selection) -> list[str]:
    return [submission.name for submission in selection.submissions]


def test_nothing_changed_is_told_and_nothing_is_judged(uploads: Path) -> None:
    found = changed()

    head = git(uploads, "rev-parse", "HEAD")[:8]
    assert names(found) == []
    assert found.told == (
        f"no lot changed since HEAD ({head}): nothing was judged, and nothing passed",
    )


def _change(lots: Path) -> None:
    (lots / "b" / "counts.csv").write_text("z")


def _add(lots: Path) -> None:
    (lots / "b" / "flow" / "second.fcs").write_text("z")


def _delete(lots: Path) -> None:
    (lots / "b" / "flow" / "panel.fcs").unlink()


def _unlist(lots: Path) -> None:
    (lots / "b" / "lot.yaml").unlink()


def _ignore(lots: Path) -> None:
    (lots / "b" / ".gitignore").write_text("*")
    (lots / "b" / "growth.pdf").write_text("z")


@pytest.mark.parametrize("change", [_change, _add, _delete, _unlist, _ignore])
@pytest.mark.parametrize("committed", [True, False])
def test_a_lot_in_which_anything_changed_is_judged(uploads: Path, change, committed: bool) -> None:  # type: ignore[no-untyped-def]
    since = git(uploads, "rev-parse", "HEAD")
    change(uploads / "lots")
    if committed:
        commit(uploads)

    found = changed(since=since)

    assert names(found) == ["lots/b"]
    assert found.told == ()


def test_a_branch_is_held_against_where_it_parted(uploads: Path) -> None:
    git(uploads, "checkout", "--quiet", "-b", "upload")
    _change(uploads / "lots")
    commit(uploads)
    git(uploads, "checkout", "--quiet", "main")
    (uploads / "lots" / "c" / "counts.csv").write_text("z")
    commit(uploads)
    git(uploads, "checkout", "--quiet", "upload")

    assert names(changed(since="main")) == ["lots/b"]


def test_a_lot_that_was_deleted_is_told(uploads: Path) -> None:
    shutil.rmtree(uploads / "lots" / "a")
    shutil.rmtree(uploads / "lots" / "b")
    _change_c = uploads / "lots" / "c" / "counts.csv"
    _change_c.write_text("z")

    found = changed()

    head = git(uploads, "rev-parse", "HEAD")[:8]
    assert names(found) == ["lots/c"]
    assert found.told == tuple(
        f"lots/{lot}: was deleted since HEAD ({head}), and was not judged" for lot in "ab"
    )


def test_a_lot_that_was_moved_is_deleted_and_new(uploads: Path) -> None:
    (uploads / "lots" / "a").rename(uploads / "lots" / "z")

    found = changed()

    assert names(found) == ["lots/z"]
    assert "lots/a: was deleted" in found.told[0]


def test_all_lots_were_deleted(uploads: Path) -> None:
    shutil.rmtree(uploads / "lots")

    found = changed()

    assert names(found) == []
    assert [line.partition(":")[0] for line in found.told[:3]] == ["lots/a", "lots/b", "lots/c"]


def test_papers_without_a_manifest_are_judged_once_they_change(uploads: Path) -> None:
    """A paper beside the lots is held by itself, and must not hold or hide the lots below."""
    (uploads / "lots" / "loose.pdf").write_text("z")
    assert names(changed()) == ["lots"]

    since = commit(uploads)
    _change(uploads / "lots")
    assert names(changed(since=since)) == ["lots/b"]


def test_a_paper_that_is_a_link_changes_with_its_target(uploads: Path) -> None:
    (uploads / "store").mkdir()
    (uploads / "store" / "scan.pdf").write_text("1")
    (uploads / "lots" / "a" / "scan.pdf").symlink_to("../../store/scan.pdf")
    since = commit(uploads)
    (uploads / "store" / "scan.pdf").write_text("2")

    assert names(changed(since=since)) == ["lots/a"]


def _relink(link: Path, target: str) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target)


@pytest.mark.parametrize("name", ["counts.csv", "lot.yaml", "waivers.yaml", "flow/panel.fcs"])
def test_a_link_on_the_way_to_a_paper_changed(uploads: Path, name: str) -> None:
    """The paper itself did not: the link that leads to it now leads to another."""
    store = uploads / "store"
    store.mkdir()
    for version in ("1", "2"):
        (store / version).write_text((uploads / "lots" / "a" / "lot.yaml").read_text() + version)
    _relink(store / "current", "1")
    _relink(uploads / "lots" / "a" / name, str(store / "current"))
    since = commit(uploads)
    _relink(store / "current", "2")

    assert names(changed(since=since)) == ["lots/a"]


@pytest.mark.parametrize("before", ["../store/y", None])
def test_a_lot_that_is_a_link_leads_elsewhere(uploads: Path, before: str | None) -> None:
    for name in ("x", "y"):
        write_lot(uploads / "store" / name, {"counts.csv": name})
    if before:
        _relink(uploads / "lots" / "linked", before)
    since = commit(uploads)
    _relink(uploads / "lots" / "linked", "../store/x")

    assert names(changed(since=since)) == ["lots/linked"]


def test_where_git_cannot_look_a_lot_is_judged(uploads: Path, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    outside = tmp_path_factory.mktemp("outside") / "scan.pdf"
    outside.write_text("1")
    _relink(uploads / "lots" / "a" / "scan.pdf", str(outside))
    (uploads / ".gitignore").write_text("ignored")
    (uploads / "ignored").write_text("1")
    _relink(uploads / "lots" / "b" / "scan.pdf", "../../ignored")
    since = commit(uploads)

    assert names(changed(since=since)) == ["lots/a", "lots/b"]


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_was_told_not_to_look_at_counts_as_changed(
    uploads: Path, flag: str
) -> None:
    git(uploads, "update-index", flag, "lots/b/counts.csv")
    _change(uploads / "lots")

    assert names(changed()) == ["lots/b"]


def test_papers_below_a_folder_that_lost_its_manifest_are_held(uploads: Path) -> None:
    (uploads / "lots" / "b" / "counts.csv").unlink()
    since = commit(uploads)
    (uploads / "lots" / "b" / "lot.yaml").unlink()

    found = changed(since=since)

    assert names(found) == ["lots/b/flow"]
    assert found.told == ()


def test_a_lot_in_a_hidden_folder_is_judged_where_it_changed(uploads: Path) -> None:
    write_lot(uploads / "lots" / ".x", {"counts.csv": "x"})

    assert names(changed()) == ["lots/.x"]


def test_a_lot_that_changed_and_is_not_checked_out_is_refused(uploads: Path) -> None:
    since = git(uploads, "rev-parse", "HEAD")
    _change(uploads / "lots")
    commit(uploads)
    git(uploads, "sparse-checkout", "set", "--no-cone", "/*", "!/lots/b")

    with pytest.raises(UsageError, match=r"lots/b/counts\.csv: changed, and is not here"):
        changed(since=since)


def _add_repository(uploads: Path, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    other = tmp_path_factory.mktemp("other")
    write_lot(other / "x", {"counts.csv": "x"})
    commit(other)
    allowed = ("-c", "protocol.file.allow=always")
    git(uploads, *allowed, "submodule", "--quiet", "add", str(other), "lots/other")


def test_another_repository_is_searched_and_refused_where_it_was_not_fetched(  # type: ignore[no-untyped-def]
    uploads: Path, tmp_path_factory
) -> None:
    since = git(uploads, "rev-parse", "HEAD")
    _add_repository(uploads, tmp_path_factory)
    commit(uploads)

    assert names(changed(since=since)) == ["lots/other/x"]
    assert names(of_files("lots/other")) == ["other/x"]

    git(uploads, "submodule", "--quiet", "deinit", "--force", "lots/other")
    with pytest.raises(UsageError, match="lots/other: changed, and is not here to be judged"):
        changed(since=since)
    with pytest.raises(UsageError, match="must be fetched"):
        of_files("lots/other")


def test_what_judges_leads_elsewhere_so_that_all_are_judged(uploads: Path) -> None:
    for version in ("1", "2"):
        (uploads / version).mkdir()
        (uploads / version / "mine.yaml").write_text(version)
    _relink(uploads / "current", "1")
    _relink(uploads / "judges" / "specifications", "../current")
    since = commit(uploads)
    _relink(uploads / "current", "2")

    found = changed(since=since, judges=("judges",))

    assert names(found) == ["lots/a", "lots/b", "lots/c"]


def test_what_judges_changed_so_that_all_are_judged(uploads: Path) -> None:
    (uploads / "judges" / "mine.yaml").write_text("softer")

    found = changed(judges=("judges",))

    assert names(found) == ["lots/a", "lots/b", "lots/c"]
    assert "judges: changed since HEAD" in found.told[0]


def test_only_the_paths_that_are_asked_for_count(uploads: Path) -> None:
    _change(uploads / "lots")

    assert names(changed("lots/a")) == []
    assert names(changed("lots/b")) == ["b"]


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("nowhere", "git knows no commit 'nowhere' here; is the whole history fetched?"),
        ("--output=x", "git knows no commit '--output=x' here"),
        ("HEAD^{tree}", "git knows no commit"),
    ],
)
def test_a_revision_that_git_does_not_know_is_refused(uploads: Path, since: str, said: str) -> None:
    with pytest.raises(UsageError) as told:
        changed(since=since)

    assert said in str(told.value)
    assert not (uploads / "x").exists()


def test_a_history_that_was_not_fetched_is_refused(uploads: Path) -> None:
    git(uploads, "checkout", "--quiet", "--orphan", "other")
    _change(uploads / "lots")
    commit(uploads)

    with pytest.raises(UsageError, match="have no common ancestor here; fetch the whole history"):
        changed(since="main")


def test_no_repository_and_no_git_are_refused(
    uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(uploads / ".git")
    with pytest.raises(UsageError, match="not a git repository"):
        changed()

    monkeypatch.setenv("PATH", str(uploads))
    with pytest.raises(UsageError, match="git cannot be run"):
        changed()


def test_a_hooks_variables_do_not_lead_elsewhere(
    uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change(uploads / "lots")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")

    assert names(changed()) == ["lots/b"]


def of_files(*paths: str) -> Selection:
    return lots_of_files([*map(Path, paths)], CATALOGUE)


@pytest.mark.usefixtures("uploads")
def test_files_are_mapped_to_their_lots() -> None:
    found = of_files("lots/b/flow/panel.fcs", "lots/a/counts.csv", "lots/b/lot.yaml", "lots/a")

    assert names(found) == ["lots/b", "lots/a"]
    assert found.told == ()


def test_a_paper_that_is_gone_is_of_its_lot_all_the_same(uploads: Path) -> None:
    _delete(uploads / "lots")

    assert names(of_files("lots/b/flow/panel.fcs")) == ["lots/b"]


@pytest.mark.usefixtures("uploads")
def test_a_file_of_no_lot_is_told() -> None:
    found = of_files("lots/README.md")

    assert names(found) == []
    assert found.told == ("lots/README.md: belongs to no lot, and was not judged",)


def test_a_paper_of_no_lot_is_held(uploads: Path) -> None:
    (uploads / "lots" / "loose.pdf").write_text("z")

    (found,) = of_files("lots/loose.pdf").submissions

    assert "papers without a lot.yaml beside them" in str(found.problem)


@pytest.mark.usefixtures("uploads")
def test_a_list_made_in_another_folder_is_refused() -> None:
    with pytest.raises(UsageError, match="nor a lot around it"):
        of_files("uploads/lots/a/counts.csv")
    with pytest.raises(UsageError, match="nor a lot around it"):
        of_files("lots/misspelt")
    with pytest.raises(UsageError, match=r"'x\\n::error::y/z': there is no such file"):
        of_files("x\n::error::y/z")


def test_a_lot_within_a_lot_is_judged_by_the_outer_one(uploads: Path) -> None:
    write_lot(uploads / "lots" / "a" / "inner", {"counts.csv": "x"})

    (found,) = of_files("lots/a/inner/counts.csv").submissions

    assert found.name == "lots/a"
    assert "another lot lies within this one" in str(found.problem)


@pytest.mark.usefixtures("uploads")
def test_a_folder_of_lots_is_all_of_them() -> None:
    """Another repository is listed as a folder."""
    assert names(of_files("lots")) == ["lots/a", "lots/b", "lots/c"]
