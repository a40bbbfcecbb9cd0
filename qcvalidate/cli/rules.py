"""`qcvalidate rules`: every rule with its code."""

from __future__ import annotations

import click

from qcvalidate.rules import rules


@click.command()
def command() -> None:
    """List the rules; `qcvalidate explain CODE` tells more of one."""
    width = max(len(rule.slug) for rule in rules())
    for rule in rules():
        click.echo(f"{rule.code}  {rule.slug:<{width}}  {rule.title}")
