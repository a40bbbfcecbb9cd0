"""What a shell offers when the tabulator is pressed: ids, codes and formats as well as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from qcvalidate import reports
from qcvalidate.errors import QCValidateError

if TYPE_CHECKING:
    from qcvalidate.catalogue import Catalogue


def files(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell offer files and folders."""
    return [CompletionItem(incomplete, type="file")]


def folders(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell offer folders."""
    return [CompletionItem(incomplete, type="dir")]


def specifications(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the ids of specifications, the user's own among them."""
    from qcvalidate.specification import specification_ids  # noqa: PLC0415 - for a tabulator alone

    return _from_catalogue(ctx, specification_ids, incomplete)


def tests(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the ids of tests."""
    from qcvalidate.vocabulary import load_vocabulary  # noqa: PLC0415 - for a tabulator alone

    return _from_catalogue(ctx, lambda catalogue: load_vocabulary(catalogue).tests, incomplete)


def rules(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the rules by code, and by slug once a letter was typed."""
    from qcvalidate.rules import rules as every  # noqa: PLC0415 - for a tabulator alone

    if incomplete[:1].isalpha():
        return [
            CompletionItem(rule.slug, help=rule.title)
            for rule in every()
            if rule.slug.startswith(incomplete)
        ]
    return [
        CompletionItem(str(rule.code), help=f"{rule.slug}: {rule.title}")
        for rule in every()
        if str(rule.code).startswith(incomplete)
    ]


def formats(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the formats by themselves."""
    return [CompletionItem(name) for name in reports.formats() if name.startswith(incomplete)]


def report_formats(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the formats that a path follows."""
    return [CompletionItem(f"{name}:") for name in reports.formats() if name.startswith(incomplete)]


def _from_catalogue(
    ctx: click.Context, names: Callable[[Catalogue], Iterable[str]], incomplete: str
) -> list[CompletionItem]:
    from qcvalidate.catalogue import open_catalogue  # noqa: PLC0415 - for a tabulator alone
    from qcvalidate.cli._settings import read_configuration  # noqa: PLC0415

    try:
        _, values = read_configuration()
        own = ctx.params.get("schemas") or values.get("schemas")
        found = names(open_catalogue(Path(own) if own else None))
    except QCValidateError:
        # The command itself will say what is wrong; here is no place for it.
        return []
    return [CompletionItem(name) for name in found if name.startswith(incomplete)]
