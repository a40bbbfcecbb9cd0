"""Makes git repositories for tests, which know neither the user's settings nor the network."""

from __future__ import annotations

import subprocess
from pathlib import Path

_SETTINGS = (
    *("-c", "user.name=A. Person", "-c", "user.email=person@example.org"),
    *("-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false"),
)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *_SETTINGS, *arguments], cwd=folder, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path, words: str = "change") -> str:
    """Commit all that lies in a folder, and give the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", words)
    return git(folder, "rev-parse", "HEAD")
