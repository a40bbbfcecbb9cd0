"""`qcvalidate spec`: which specifications there are, what they say, whether they can be meant."""

from __future__ import annotations

import os
import sys
import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcvalidate.cli import _completion, _terminal
from qcvalidate.cli._options import schemas_option
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import SpecificationError, UsageError

if TYPE_CHECKING:
    from qcvalidate.pipeline import Laboratory
    from qcvalidate.specification import Criterion, Specification


@click.group()
def command() -> None:
    """List, show, lint, compare and copy specifications."""


@command.command(name="list")
@schemas_option
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
            _terminal.tell(str(error))
            continue
        content = content if isinstance(content, dict) else {}
        version, title = content.get("version", "?"), content.get("title", "?")
        _terminal.show(f"{name:<{max(map(len, found))}}  {version!s:<7}  {title}")
    sys.exit(2 if broken else 0)


@command.command()
@click.argument("name", metavar="ID|PATH", shell_complete=_completion.specifications)
@click.option(
    "--pandera",
    is_flag=True,
    help="Show its limits as a Python program of pandera schemas that runs without qcvalidate.",
)
@schemas_option
def show(name: str, pandera: bool, schemas: Path | None) -> None:
    """Show a specification's criteria in words, with the source of each limit."""
    refuse_disabled_checks(os.environ)
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415 - imports pandas

    found = _specification(name, open_laboratory(schemas))
    if pandera:
        from qcvalidate import __version__  # noqa: PLC0415
        from qcvalidate.portable import python_source  # noqa: PLC0415

        _terminal.hand_over(python_source(found, __version__))
    else:
        _terminal.show("\n".join(_lines(found)))


@command.command()
@click.argument(
    "names", metavar="[ID|PATH]...", nargs=-1, shell_complete=_completion.specifications
)
@schemas_option
def lint(names: tuple[str, ...], schemas: Path | None) -> None:
    """Say of each specification whether it can be meant; all of them where none is named."""
    refuse_disabled_checks(os.environ)
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415 - imports pandas
    from qcvalidate.specification import specification_ids  # noqa: PLC0415

    laboratory = open_laboratory(schemas)
    failed = False
    for name in names or specification_ids(laboratory.catalogue):
        try:
            found = _specification(name, laboratory)
        except SpecificationError as error:
            failed = True
            _terminal.tell(str(error))
            continue
        _terminal.show(f"{name}: {len(found.criteria)} criteria, nothing to complain about")
    sys.exit(2 if failed else 0)


@command.command()
@click.argument(
    "old", metavar="OLD", callback=_terminal.checked_id, shell_complete=_completion.specifications
)
@click.argument(
    "new", metavar="NEW", callback=_terminal.checked_id, shell_complete=_completion.specifications
)
@schemas_option
def diff(old: str, new: str, schemas: Path | None) -> None:
    """Say what NEW changes of OLD, each an id or a path, and whether it is stricter or looser.

    Exit status: 0 they say the same, 1 they differ, 2 one of them cannot be used.
    """
    refuse_disabled_checks(os.environ)
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415 - imports pandas
    from qcvalidate.specification import changes  # noqa: PLC0415

    laboratory = open_laboratory(schemas)
    before, after = (_specification(name, laboratory) for name in (old, new))
    found = changes(before, after)
    first, second = before.identity, after.identity
    lines = [f"from {first.id} {first.version} ({first.sha256[:8]})"]
    lines += [f"to   {second.id} {second.version} ({second.sha256[:8]})"]
    for change in found:
        lines += _wrapped(str(change), "  ")
    counted = Counter(change.bearing.value for change in found)
    shown = ", ".join(f"{number} {bearing}" for bearing, number in counted.items())
    _terminal.show("\n".join([*lines, shown or "they say the same"]))
    sys.exit(1 if found else 0)


@command.command()
@click.option(
    "--from",
    "parent",
    metavar="PRODUCT",
    required=True,
    help="The id to extend.",
    shell_complete=_completion.specifications,
)
@click.option(
    "--output",
    metavar="FILE",
    required=True,
    callback=_terminal.checked_path,
    help="Where the copy goes; its name becomes its id.",
)
@schemas_option
def new(parent: str, output: Path, schemas: Path | None) -> None:
    """Write a clinic's own copy of a specification, to be made stricter and approved."""
    refuse_disabled_checks(os.environ)
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415 - imports pandas
    from qcvalidate.specification import specification_ids  # noqa: PLC0415
    from qcvalidate.specification.copying import own_copy  # noqa: PLC0415

    laboratory = open_laboratory(schemas)
    known = _specification(parent, laboratory)
    source = specification_ids(laboratory.catalogue).get(parent)
    if source is None:
        raise UsageError(f"--from wants the id of a specification, not {parent!r}")
    if os.path.lexists(output):
        raise UsageError(f"{output}: is already there; name another file")
    _terminal.replace(output, own_copy(source, parent, output))
    _terminal.show(
        f"{output}: extends {known.identity.id} {known.identity.version}. Write your version, "
        "limits and references; what is looser needs a justification. Then: qcvalidate spec lint "
        f"{output}, keep it in the folder specifications/ of your --schemas, and write "
        f"`product: {output.stem}` in lot.yaml: only such a lot is judged by it"
    )


def _specification(name: str, laboratory: Laboratory) -> Specification:
    from qcvalidate.specification import find_specification, nearest_ids  # noqa: PLC0415

    found = find_specification(name, laboratory.catalogue, laboratory.vocabulary)
    if found is None:
        raise UsageError(
            f"no specification has the id {name!r}; {nearest_ids(name, laboratory.catalogue)}"
        )
    return found


def _lines(specification: Specification) -> list[str]:
    identity = specification.identity
    lines = [f"{identity.id} {identity.version}   {identity.title}", f"SHA-256 {identity.sha256}"]
    if identity.extends is not None:
        parent = identity.extends
        lines.append(f"extends {parent.id} {parent.version}, SHA-256 {parent.sha256}")
        for words, why in specification.departures:
            lines += _wrapped(f"{words}; justified: {why}", "    ")
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
    if not criterion.required_presence:
        lines.append("    judged when a paper reports it; no result holds no lot")
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
