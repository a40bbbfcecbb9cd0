"""`qcvalidate learn`: drafts a lab profile from a certificate and the values a person confirms."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qcvalidate.cli import _terminal
from qcvalidate.cli._options import schemas_option
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import UsageError

if TYPE_CHECKING:
    from qcvalidate.learning import Confirmed, Paper

_SEVERAL: dict[str, Any] = {"multiple": True}


@dataclass(frozen=True)
class _Asked:
    """The options."""

    file: Path
    values: Path | None
    pairs: tuple[str, ...]
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    tests: tuple[str, ...]
    wordings: tuple[str, ...]
    harmless: tuple[str, ...]
    absent: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    forms: tuple[str, ...]
    dates: str | None
    decimal: str | None
    output: Path | None
    force: bool
    schemas: Path | None


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--set",
    "pairs",
    metavar="FIELD=VALUE",
    help="A value as the paper prints it; a date as 2026-01-31.",
    **_SEVERAL,
)
@click.option(
    "--values",
    metavar="YAML",
    callback=_terminal.checked_path,
    help="A file of `field: value` lines.",
)
@click.option(
    "--label",
    "labels",
    metavar="TEXT=FIELD",
    help="The label that stands at a field's value, where that value stands more than once.",
    **_SEVERAL,
)
@click.option(
    "--column",
    "columns",
    metavar="HEADING=COLUMN",
    help="What a heading of results means: test, part (the medium), result, unit, verdict ...",
    **_SEVERAL,
)
@click.option(
    "--test",
    "tests",
    metavar="NAME=TEST",
    help="Which test a name means; `qcvalidate tests` lists them.",
    **_SEVERAL,
)
@click.option(
    "--wording",
    "wordings",
    metavar="TEXT=READING",
    help="What a result means: negative, positive, invalid or pending.",
    **_SEVERAL,
)
@click.option(
    "--harmless",
    metavar="SENTENCE",
    help="A sentence on each of its papers that tells nothing of a result.",
    **_SEVERAL,
)
@click.option(
    "--absent",
    metavar="FIELD",
    help="A field that the paper does not have, though something is read as one.",
    **_SEVERAL,
)
@click.option(
    "--number",
    "numbers",
    metavar="PRINTED=VALUE",
    help="A number as the paper prints it, and what it is: 1.250=1250. It proves the decimal mark.",
    **_SEVERAL,
)
@click.option(
    "--laboratory",
    "names",
    metavar="NAME",
    help="The name in the letterhead that its papers are recognised by.",
    **_SEVERAL,
)
@click.option(
    "--form",
    "forms",
    metavar="NUMBER",
    help="The form's number that its papers are recognised by.",
    **_SEVERAL,
)
@click.option("--dates", type=click.Choice(["DMY", "MDY", "YMD"]), help="How it writes its dates.")
@click.option("--decimal", type=click.Choice([".", ","]), help="Its decimal mark.")
@click.option(
    "--output",
    "-o",
    metavar="YAML",
    callback=_terminal.checked_path,
    help="Where the profile is written, in a folder labs/ of your schemas; else it is shown.",
)
@click.option("--force", is_flag=True, help="Write over the profile that --output names.")
@schemas_option
def command(**given: Any) -> None:
    """Draft a profile for the papers of a laboratory whose layout is not read well.

    Shows what is read of FILE and what is not; takes the true values from you; finds what
    announces them on the paper; reads it again with that, and shows the difference. Nothing is
    written while a value that you confirmed is still not read, or another one would change.
    """
    refuse_disabled_checks(os.environ)
    asked = _Asked(**given)
    _refuse_overwriting(asked)
    from qcvalidate.learning import learn, look_at  # noqa: PLC0415 - imports pandas
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415

    laboratory = open_laboratory(asked.schemas)
    paper = look_at(asked.file, laboratory, without=_id(asked) if asked.force else None)
    _say(_reading_of(paper))
    confirmed = _confirmed(asked, paper)
    lesson = learn(paper, confirmed, laboratory)
    _say(["", "with the profile:", *(f"  {line}" for line in lesson.changes or ("no change",))])
    if lesson.faults:
        _say(["", "NOT LEARNT:", *(f"  {line}" for line in lesson.faults)])
        sys.exit(3)
    if asked.output is None:
        _terminal.hand_over(lesson.text)
        return
    _write(asked.output, lesson.text)
    _say(["", f"{asked.output}: written; read it through, and approve it as your procedures ask"])


def _say(lines: list[str]) -> None:
    """Write to standard error: standard output is for the profile alone."""
    _terminal.tell("\n".join(lines))


# --- what is there -----------------------------------------------------------------------------


def _reading_of(paper: Paper) -> list[str]:
    from qcvalidate.learning.confirmed import NEEDED  # noqa: PLC0415
    from qcvalidate.record import Severity  # noqa: PLC0415

    said = [f"{paper.document.name}: read without a lab profile"]
    for name, field in paper.reading.header.items():
        value = field.value if field.value is not None else f"“{field.text}”, not understood"
        said.append(f"  {name:<15} {value}  ({field.place})")
    said += [f"  {name:<15} not read" for name in NEEDED if name not in paper.reading.header]
    said += [f"  {line}" for line in paper.reading.shown_results()]
    held = [f.message for f in paper.reading.findings if f.severity is Severity.HOLD]
    return [*said, *(["", "on hold for:"] if held else []), *(f"  {line}" for line in held)]


# --- what a person confirms --------------------------------------------------------------------


def _confirmed(asked: _Asked, paper: Paper) -> Confirmed:
    from qcvalidate.learning import Confirmed  # noqa: PLC0415
    from qcvalidate.learning.confirmed import (  # noqa: PLC0415
        confirmed_fields,
        id_of,
        meant,
        proved_mark,
        split_pair,
    )

    given = [split_pair(pair, "--set") for pair in asked.pairs] + _from_file(asked.values)
    fields = confirmed_fields([*given, *_asked_for(paper, dict(given))])
    names, forms = asked.names, asked.forms
    if not (names or forms):
        names, forms = _marks(paper)
    return Confirmed(
        id=_id(asked) or id_of((*names, *forms)[0]),
        names=names,
        forms=forms,
        fields=fields,
        labels=meant(asked.labels, "--label"),
        columns=meant(asked.columns, "--column"),
        tests=meant(asked.tests, "--test"),
        wordings=meant(asked.wordings, "--wording"),
        harmless=asked.harmless,
        absent=asked.absent,
        dates=asked.dates,
        decimal=asked.decimal or proved_mark(asked.numbers),
    )


def _from_file(path: Path | None) -> list[tuple[str, str]]:
    if path is None:
        return []
    from qcvalidate.catalogue import load_yaml  # noqa: PLC0415

    content, _ = load_yaml(path)
    if not isinstance(content, dict) or not all(isinstance(v, str) for v in content.values()):
        raise UsageError(f"{path}: expected lines of `field: value`, such as `lot: MSC-26-014`")
    return list(content.items())


def _asked_for(paper: Paper, given: dict[str, str]) -> list[tuple[str, str]]:
    """Ask for what was not read, on a terminal; an empty answer leaves it out."""
    from qcvalidate.learning.confirmed import NEEDED  # noqa: PLC0415

    if not _is_terminal():
        return []
    answers = []
    for name in NEEDED:
        known = paper.reading.header.get(name)
        if name in given or (known is not None and known.value is not None):
            continue
        hint = ", as 2026-01-31" if name.startswith("date") else ", as the paper prints it"
        answer = click.prompt(
            f"{name}{hint} (empty: none)", default="", show_default=False, err=True
        )
        if answer.strip():
            answers.append((name, answer))
    return answers


def _marks(paper: Paper) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Let a person confirm what the paper is recognised by."""
    if not _is_terminal():
        found = [f"--laboratory {name!r}" for name in paper.names]
        found += [f"--form {form!r}" for form in paper.forms]
        seen = f"; on this paper stands {' or '.join(found)}" if found else ""
        raise UsageError(
            "say what the laboratory's papers are recognised by: --laboratory NAME as the "
            f"letterhead prints it, --form NUMBER, or both{seen}"
        )
    name = click.prompt(
        "the laboratory's name in the letterhead", default=(*paper.names, "")[0], err=True
    )
    form = click.prompt("the form's number (empty: none)", default=(*paper.forms, "")[0], err=True)
    return tuple(filter(None, (name.strip(),))), tuple(filter(None, (form.strip(),)))


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


# --- where it goes -----------------------------------------------------------------------------


def _id(asked: _Asked) -> str | None:
    return asked.output.stem if asked.output is not None else None


def _refuse_overwriting(asked: _Asked) -> None:
    output = asked.output
    if output is None:
        return
    if output.suffix != ".yaml":
        raise UsageError(f"{output}: a lab profile's file ends in .yaml")
    if output.exists() and not asked.force:
        raise UsageError(f"{output}: is there already; name another file, or say --force")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
