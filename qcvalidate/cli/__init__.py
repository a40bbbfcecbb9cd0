"""The command line: options become calls, results become an exit status.

Commands are loaded when they are called: `--help` needs neither pandas nor pandera.
"""

from __future__ import annotations

import importlib
import sys

import click

from qcvalidate import __version__

_COMMANDS = {
    "check": "Check lots against their product's specification.",
    "recheck": "Judge tables of results of very many lots again, without their papers.",
    "watch": "Check the lots of a folder as their papers arrive.",
    "read": "Show what a document says, each value with its place, and no verdict.",
    "gate": "Show the populations of a list-mode file under a gating strategy.",
    "strategy": "Freeze, show and compare gating strategies.",
    "explain": "Tell what a rule means, why, and what to do.",
    "rules": "List the rules and their codes.",
    "spec": "List, show, lint, compare and copy specifications.",
    "learn": "Draft a lab profile from a certificate and the values that you confirm.",
    "labs": "List and lint the profiles of laboratories.",
    "exports": "List and lint the column mappings of instruments' exports.",
    "schema": "Print a JSON Schema, for an editor or a program.",
    "config": "Print which options are set once, and by what.",
    "tests": "List the tests that papers report and criteria ask for.",
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        # Help must be there when the configuration is broken, and asks for none. What follows `--`
        # are paths.
        options = rest[: rest.index("--")] if "--" in rest else rest
        asked = set(ctx.help_option_names) & set(options)
        if name and command and not asked and not ctx.resilient_parsing:
            from qcvalidate.cli._settings import configure  # noqa: PLC0415 - the help needs none

            configure(ctx, name, command)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 pass, 1 fail, 2 usage or specification error, 3 hold or conditional, "
    "4 a document could not be read, 5 integrity, 70 a bug.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Check the papers of cell-product lots against their release specification.

    It computes; a person with the authority releases the lot. Nothing unread, unclear or
    missing ever becomes a pass.
    """
    if sys.stderr.isatty():
        from qcvalidate.cli._terminal import page_progress  # noqa: PLC0415 - logging

        ctx.with_resource(page_progress())
