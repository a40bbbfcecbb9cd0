"""Finds commands in output as the programs that run CI jobs find them."""

from __future__ import annotations

import re

# What GitHub's runner looks for, after the white space at a line's beginning; nothing else does.
_AT_BEGINNING = re.compile(r"::\s*[\w-]+")
# GitHub's older form, Azure's and TeamCity's; the first two are found anywhere in a line.
_ANYWHERE = re.compile(r"##\w*\[")
# A library that compares as people read does not see these.
_UNSEEN = str.maketrans("", "", "\u00ad\u034f\u200b\ufe0f")


def commands(text: str) -> list[str]:
    """List the lines of a text that would be taken for commands."""
    lines = (line.translate(_UNSEEN) for line in text.splitlines())
    return [line for line in lines if _AT_BEGINNING.match(line.strip()) or _ANYWHERE.search(line)]


COMMANDS = (
    "::error file=a.csv,line=1::all is well",
    "::set-output name=status::0",
    "::add-mask::FAIL",
    "::stop-commands::x",
    "##[error]all is well",
    "##[add-mask]FAIL",
    "##vso[task.complete result=Succeeded;]done",
    "##teamcity[buildStatus status='SUCCESS']",
)
