"""`qcvalidate spec`: which specifications there are, what they say, whether they can be meant."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcvalidate.cli import _terminal
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import QCValidateError, SpecificationError, UsageError

if TYPE_CHECKING:
    from qcvalidate.specification import Criterion, Specification

_SCHEMAS = click.option(
    "--schemas",
    metavar="DIRECTORY",
    callback=_terminal.checked_path,
    help="Your own folder laid out like schemas/; its files come before ours.",
)


@click.group()
def command() -> None:
    """List, show and lint specifications."""


@command.command(name="list")
@_SCHEMAS
def list_(schemas: Path | None) -> None:
    """List the specifications by id; a lot.yaml names one as its product."""
    from qcvalidate.catalogue import load_yaml, open_catalogue  # noqa: PLC0415
    from qcvalidate.specification import specification_ids  # noqa: PLC0415

    found = specification_ids(open_catalogue(schemas))
    broken = False
    for name, path in found.items():
        try:
            content, _ = load_yaml(path)
        except SpecificationError as error:
            broken = True
            click.echo(str(error), err=True)
            continue
        content = content if isinstance(content, dict) else {}
        version, title = content.get("version", "?"), content.get("title", "?")
        _terminal.show(f"{name:<{max(map(len, found))}}  {version!s:<7}  {title}")
    sys.exit(2 if broken else 0)


@command.command()
@click.argument("name", metavar="ID|PATH")
@_SCHEMAS
def show(name: str, schemas: Path | None) -> None:
    """Show a specification's criteria in words, with the source of each limit."""
    refuse_disabled_checks(os.environ)
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415 - imports pandas
    from qcvalidate.specification import find_specification, nearest_ids  # noqa: PLC0415

    laboratory = open_laboratory(schemas)
    found = find_specification(name, laboratory.catalogue, laboratory.vocabulary)
    if found is None:
        raise UsageError(
            f"no specification has the id {name!r}; {nearest_ids(name, laboratory.catalogue)}"
        )
    _terminal.show("\n".join(_lines(found)))


@command.command()
@click.argument("names", metavar="[ID|PATH]...", nargs=-1)
@_SCHEMAS
def lint(names: tuple[str, ...], schemas: Path | None) -> None:
    """Say of each specification whether it can be meant; all of them where none is named."""
    refuse_disabled_checks(os.environ)
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415 - imports pandas
    from qcvalidate.specification import (  # noqa: PLC0415
        find_specification,
        nearest_ids,
        specification_ids,
    )

    laboratory = open_laboratory(schemas)
    failed = False
    for name in names or specification_ids(laboratory.catalogue):
        try:
            found = find_specification(name, laboratory.catalogue, laboratory.vocabulary)
        except QCValidateError as error:
            failed = True
            click.echo(str(error), err=True)
            continue
        if found is None:
            raise UsageError(
                f"no specification has the id {name!r}; {nearest_ids(name, laboratory.catalogue)}"
            )
        _terminal.show(f"{name}: {len(found.criteria)} criteria, nothing to complain about")
    sys.exit(2 if failed else 0)


def _lines(specification: Specification) -> list[str]:
    identity = specification.identity
    lines = [f"{identity.id} {identity.version}   {identity.title}", f"SHA-256 {identity.sha256}"]
    lines += _wrapped(specification.notes) if specification.notes else []
    rounding = {
        "usp": "results are rounded to the decimals of the limit (USP General Notices 7.20)",
        "ph_eur": "results are rounded to the significant figures of the limit (Ph. Eur.)",
        "none": "results are not rounded",
    }
    lines += ["", rounding[specification.rounding]]
    lines += [
        f"for lots whose {fact.replace('_', ' ')} is {' or '.join(values)}"
        for fact, values in specification.applies_to.items()
    ]
    if specification.digital_signature_required:
        lines.append("certificates count only with a trusted digital signature")
    if specification.staged:
        lines += _wrapped(f"staged release: {specification.staged.plan}")
    for criterion in specification.criteria:
        lines += ["", *_criterion_lines(criterion)]
    for title, limits in (
        ("acquisition", specification.acquisition),
        ("controls", specification.controls),
    ):
        stated = {key: value for key, value in vars(limits).items() if value not in (None, ())}
        if stated:
            lines += ["", f"{title}: each list-mode file beyond these holds its lot"]
        for key, value in stated.items():
            words = ", ".join(value) if isinstance(value, tuple) else str(value)
            lines += _wrapped(f"{key} {words}", "    ")
    return lines


def _criterion_lines(criterion: Criterion) -> list[str]:
    lines = [f"{criterion.id}: {criterion.title}, {criterion.limit}  [{criterion.importance}]"]
    if criterion.alert:
        lines.append(f"    alert unless {criterion.alert.words(criterion.unit)}")
    lines += [
        f"    applies when {fact.replace('_', ' ')} is {' or '.join(values)}"
        for fact, values in criterion.applies_when.items()
    ]
    return [*lines, *_wrapped(criterion.reference, "    ")]


def _wrapped(text: str, indent: str = "") -> list[str]:
    columns = min(_terminal.width(), 100)
    return textwrap.wrap(text, columns, initial_indent=indent, subsequent_indent=indent)
