"""`qcvalidate explain`: one rule, in full."""

from __future__ import annotations

import textwrap

import click

from qcvalidate.cli import _completion, _terminal
from qcvalidate.explanations import explanation
from qcvalidate.rules import Rule, rule


@click.command()
@click.argument(
    "names", metavar="CODE|SLUG...", nargs=-1, required=True, shell_complete=_completion.rules
)
def command(names: tuple[str, ...]) -> None:
    """Tell what a rule means, why it is there, and what to do about it; of several, in turn."""
    found = [rule(name) for name in names]
    _terminal.show("\n\n".join(map(_page, dict.fromkeys(found))))


def _page(found: Rule) -> str:
    page = explanation(found)
    text = f"{found.code} {found.slug}\n\n{_wrapped(found.title)}.\n"
    for heading, told in (
        ("Why", page.why),
        ("Source", page.source),
        ("Example", page.example),
        ("What to do", page.remedy),
    ):
        text += f"\n{heading}\n{_wrapped(told, '  ')}\n"
    return text


def _wrapped(text: str, indent: str = "") -> str:
    columns = min(_terminal.width(), 100)
    return textwrap.fill(text, columns, initial_indent=indent, subsequent_indent=indent)
