"""`qcvalidate strategy`: gating strategies, taken from other programs, shown, compared, frozen."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from qcvalidate.cli import _terminal
from qcvalidate.errors import DocumentError, UsageError

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def command() -> None:
    """Freeze, show and compare gating strategies.

    A frozen strategy is a Gating-ML 2.0 file with a card that says whose gates it holds and who
    approved them; until somebody has, a lot that is gated with it is held.
    """


@command.command(name="import")
@click.argument("file", type=_FILE)
@click.option("--sample", metavar="NAME", help="The sample (FlowJo) or SPECIMEN/TUBE (FACSDiva).")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    callback=_terminal.checked_path,
    help="Write the strategy there; a file that is there stays.",
)
def import_(file: Path, sample: str | None, output: Path) -> None:
    """Take the gates of one sample out of a FlowJo workspace or FACSDiva experiment.

    What is not known is named, with the reason, and left out together with what stands on it.
    The exit status is 3 when anything was left out.
    """
    from qcvalidate.cytometry.description import strategy_lines  # noqa: PLC0415 - numpy
    from qcvalidate.cytometry.importing import import_strategy  # noqa: PLC0415

    if output.exists() or output.is_symlink():
        raise UsageError(f"{output}: is there already; name another path or remove it")
    taken = import_strategy(_content(file), file.name, sample)
    _terminal.replace(output, taken.text)
    _terminal.show("\n".join([f"written to {output}", *strategy_lines(taken.strategy)]))
    sys.exit(3 if taken.strategy.refused else 0)


@command.command()
@click.argument("file", type=_FILE)
@click.option(
    "--format",
    "shown",
    type=click.Choice(["console", "json"]),
    default="console",
    show_default=True,
)
def show(file: Path, shown: str) -> None:
    """Show a strategy: its hashes, who approved it, and its gates with their scales."""
    from qcvalidate.cytometry import read_strategy  # noqa: PLC0415 - numpy
    from qcvalidate.cytometry.description import strategy_lines, strategy_values  # noqa: PLC0415
    from qcvalidate.reports._contracts import document  # noqa: PLC0415

    strategy = read_strategy(file)
    if shown == "json":
        _terminal.hand_over(document(strategy_values(strategy)))
    else:
        _terminal.show("\n".join(strategy_lines(strategy)))


@command.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
def diff(old: Path, new: Path) -> None:
    """Say in words how NEW differs from OLD; the exit status is 1 where it does."""
    from qcvalidate.cytometry import read_strategy  # noqa: PLC0415 - numpy
    from qcvalidate.cytometry.comparison import differences  # noqa: PLC0415

    found = differences(read_strategy(old), read_strategy(new))
    _terminal.show("\n".join(found) if found else "both count the same events")
    sys.exit(1 if found else 0)


@command.command()
@click.argument("file", type=_FILE)
@click.option("--by", metavar="NAME", required=True, help="Who approves the gates.")
@click.option("--on", metavar="DATE", help="The day of the approval, as 2026-03-16 [today].")
def freeze(file: Path, by: str, on: str | None) -> None:
    """Write into FILE who approves its gates, when, and the hash of what it says.

    It is a record and no signature: whoever can write the file can write this too. A
    specification that lists the hash under gating_strategies lets no other strategy count.
    """
    from qcvalidate.cytometry.freezing import approve  # noqa: PLC0415 - numpy

    name = " ".join(by.split())
    if not name or not name.isprintable():
        raise UsageError("--by: expected the name of who approves the gates")
    try:
        day = dt.date.today() if on is None else dt.date.fromisoformat(on)
    except ValueError as error:
        raise UsageError(f"--on: {on!r} is not a date; expected one as 2026-03-16") from error
    try:
        text = _content(file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{file.name}: is not UTF-8; save it so", slug="strategy-unreadable"
        ) from error
    approved, strategy = approve(text, file.name, name, day.isoformat())
    _terminal.replace(file, approved)
    _terminal.show(f"{file}: approved by {name} on {day}, SHA-256 {strategy.content_sha256}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DocumentError(f"{file.name}: cannot be opened ({error.strerror})") from error
