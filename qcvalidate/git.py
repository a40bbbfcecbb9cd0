"""Asks git which files changed since a commit: of a branch, of a push, of a pull request."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qcvalidate.errors import UsageError

# A hook is told where its repository is; ours is where the papers are.
_OF_HOOKS = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"),
    *("GIT_EXTERNAL_DIFF", "GIT_LITERAL_PATHSPECS"),
)
# With these it looks at less of a file than it could: one of the same size and time was changed.
_LOOK_AGAIN = (
    *("-c", "core.trustctime=true", "-c", "core.checkStat=default"),
    *("-c", "core.fsmonitor=false", "-c", "core.ignoreStat=false"),
)
# Of paths in one call; a command line has an end.
_MOST = 500


@dataclass(frozen=True)
class Changes:
    """What differs between a commit and the files that lie there now, committed or not.

    `base` is the commit, `top` the repository's folder. `files` are whole paths of what was
    changed, added or deleted, links followed in their folders; one that is a folder is another
    repository. `deleted` are those of them that are no longer there.
    """

    base: str
    top: Path
    files: frozenset[Path]
    deleted: frozenset[Path]


def changes_since(revision: str, paths: Sequence[Path], beside: Sequence[Path] = ()) -> Changes:
    """List what changed since a revision and the present commit parted.

    Files that git does not know, ignored ones too, are changes below `paths`: a paper counts as it
    lies there. So they are at `beside`, which may lie in no repository, or in another.
    `UsageError` where git cannot tell.
    """
    tops = {_top(path) for path in paths}
    if len(tops) != 1:
        raise UsageError("--changed-since: the paths lie in several git repositories; name one's")
    (top,) = tops
    base = _merge_base(top, revision)
    # Without renames a lot that was moved is one that was deleted, and a new one.
    answer = _git(
        top,
        *("diff", "--name-status", "-z", "--no-renames", "--no-ext-diff", "--no-textconv"),
        *("--ignore-submodules=none", "--no-relative", base, "--"),
    )
    changed = {Path(top, name): state for state, name in _pairs(answer)}
    asked = [Path(os.path.realpath(path)) for path in (*paths, *beside)]
    gone = {path for path in changed if not os.path.lexists(path)}
    deleted = {path for path in gone if changed[path] == "D"}
    _refuse_unfetched((*gone - deleted, *filter(_is_empty, changed)), asked)
    files = unknown_to_git(top, asked) | set(changed)
    return Changes(base, top, frozenset(files), frozenset(deleted))


def unknown_to_git(top: Path, paths: Iterable[Path]) -> set[Path]:
    """List the files at or below whole paths of which git does not say whether they changed.

    It tracks them not, or was told not to look at them.
    """
    found: set[Path] = set()
    places = sorted({str(path.relative_to(top)) for path in paths if path.is_relative_to(top)})
    for start in range(0, len(places), _MOST):
        asked = ("--literal-pathspecs", "ls-files", "-z")
        some = places[start : start + _MOST]
        untracked = _git(top, *asked, "--others", "--", *some).split(b"\0")
        known = _git(top, *asked, "-v", "--", *some).split(b"\0")
        # A small letter is a file that is assumed to be unchanged, an S one that is passed by.
        unseen = [line[2:] for line in known if line[:1].islower() or line[:1] == b"S"]
        named = [Path(top, os.fsdecode(name)) for name in (*untracked, *unseen) if name]
        found |= {path for path in named if os.path.lexists(path)}
    return found


def _is_empty(path: Path) -> bool:
    """Say whether a path is an empty folder, which git tracks where another repository goes."""
    try:
        return path.is_dir() and not path.is_symlink() and not any(path.iterdir())
    except OSError:
        return False


def _refuse_unfetched(absent: Iterable[Path], asked: Sequence[Path]) -> None:
    for path in sorted(absent):
        if any(path.is_relative_to(one) for one in asked):
            raise UsageError(
                f"--changed-since: {path}: changed, and is not here to be judged; fetch it (git "
                "submodule update --init; git sparse-checkout disable)"
            )


def _top(path: Path) -> Path:
    """Give the folder of the repository that a path lies in, also one that was deleted."""
    place = Path(os.path.realpath(path))
    # A name that is too long for a file is only not there.
    folder = next(above for above in (place, *place.parents) if os.path.isdir(above))  # noqa: PTH112
    answer = _git(folder, "rev-parse", "--show-toplevel")
    return Path(os.path.realpath(os.fsdecode(answer.rstrip(b"\n"))))


def _merge_base(top: Path, revision: str) -> str:
    named = f"{revision}^{{commit}}"
    commit = _git(
        top,
        *("rev-parse", "--verify", "--quiet", "--end-of-options", named),
        otherwise=f"git knows no commit {revision[:80]!r} here; is the whole history fetched?",
    )
    answer = _git(
        top,
        *("merge-base", commit.decode("ascii").strip(), "HEAD"),
        otherwise=f"{revision[:80]!r} and the present commit have no common ancestor here; fetch "
        "the whole history (git fetch --unshallow; fetch-depth: 0)",
    )
    return answer.decode("ascii").strip()


def _pairs(answer: bytes) -> Iterator[tuple[str, str]]:
    fields = [os.fsdecode(field) for field in answer.split(b"\0")]
    return zip(fields[::2], fields[1::2], strict=False)


def _git(folder: Path, *arguments: str, otherwise: str | None = None) -> bytes:
    """Run git in a folder; `otherwise` is what is wrong where it ends with an error."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, and no shell
            ["git", *_LOOK_AGAIN, *arguments],  # noqa: S607 - git is where the user's path says
            capture_output=True,
            check=False,
            cwd=folder,
            # A question must not lock the repository, nor wait for anybody.
            env=environment
            | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
        )
    except OSError as error:
        raise UsageError(f"--changed-since: git cannot be run ({error.strerror})") from error
    if done.returncode != 0:
        told = done.stderr.decode("utf-8", "backslashreplace").strip().splitlines()
        reason = otherwise or (told[0] if told else f"git {arguments[0]} failed")
        raise UsageError(f"--changed-since: {folder}: {reason}")
    return done.stdout
