"""`qcvalidate tests`: the tests that a paper may report and a criterion may ask for."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """List the tests by id, as a table of results or a specification names them."""
    from qcvalidate.catalogue import open_catalogue  # noqa: PLC0415
    from qcvalidate.vocabulary import load_vocabulary  # noqa: PLC0415

    tests = load_vocabulary(open_catalogue()).tests.values()
    width = max(len(test.id) for test in tests)
    for test in tests:
        kind = " or ".join(test.units) if test.units else "in words"
        parts = f"; parts {', '.join(test.parts)}" if test.parts else ""
        click.echo(f"{test.id:<{width}}  {test.title} ({kind}{parts})")
