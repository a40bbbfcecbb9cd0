"""`qcvalidate tests`: the tests that a paper may report and a criterion may ask for."""

from __future__ import annotations

import difflib

import click

from qcvalidate.cli import _completion
from qcvalidate.errors import UsageError


@click.command()
@click.argument("names", metavar="[ID]...", nargs=-1, shell_complete=_completion.tests)
def command(names: tuple[str, ...]) -> None:
    """List the tests by id, as a table of results or a specification names them; or these alone."""
    from qcvalidate.catalogue import open_catalogue  # noqa: PLC0415
    from qcvalidate.vocabulary import load_vocabulary  # noqa: PLC0415

    known = load_vocabulary(open_catalogue()).tests
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
            raise UsageError(f"no test has the id {name[:80]!r}; did you mean {near!r}?")
    tests = [known[name] for name in names or known]
    width = max(len(test.id) for test in tests)
    for test in tests:
        kind = " or ".join(test.units) if test.units else "in words"
        parts = f"; parts {', '.join(test.parts)}" if test.parts else ""
        click.echo(f"{test.id:<{width}}  {test.title} ({kind}{parts})")
