"""`qcvalidate rules`: every rule with its code."""

from __future__ import annotations

import click

from qcvalidate.cli import _terminal
from qcvalidate.rules import rules


@click.command()
def command() -> None:
    """List the rules; `qcvalidate explain CODE` tells more of one."""
    width = max(len(rule.slug) for rule in rules())
    lines = [f"{rule.code}  {rule.slug:<{width}}  {rule.title}" for rule in rules()]
    _terminal.show("\n".join(lines))
