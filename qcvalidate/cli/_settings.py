"""Options that may be set once: a flag comes before the environment, that before the file.

An option is such a setting when it has an `envvar`; click does the rest, with its default map.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from click.types import StringParamType

from qcvalidate.configuration import (
    Configuration,
    find_configuration,
    places,
    refuse_among_papers,
    refuse_judges_among_papers,
    refuse_unknown_keys,
    refuse_unknown_variables,
)
from qcvalidate.errors import UsageError


class OneALine(StringParamType):
    """A text; in the environment several stand on lines of their own."""

    def split_envvar_value(self, rv: str) -> list[str]:
        """Split at the ends of lines: a path may hold spaces and colons."""
        return [line.strip() for line in rv.splitlines() if line.strip()]


def settings(command: click.Command) -> dict[str, click.Option]:
    """List the options of a command that may be set once, by their keys in the file."""
    return {
        _key(option): option
        for option in command.params
        if isinstance(option, click.Option) and option.envvar
    }


def check_command() -> click.Command:
    """Give the command `check`, which has every setting that there is."""
    found: click.Command = importlib.import_module("qcvalidate.cli.check").command
    return found


def configure(ctx: click.Context, name: str, command: click.Command) -> None:
    """Put what the file sets below the environment and the flags of a command."""
    if not _is_set_anywhere(command):
        return
    found, values = read_configuration()
    ctx.obj = found
    ctx.default_map = {name: defaults(command, values)}


def read_configuration() -> tuple[Configuration, dict[str, Any]]:
    """Find the file and hold it and the environment against what can be set."""
    known = settings(check_command())
    refuse_unknown_variables(os.environ, known)
    found = find_configuration(Path.cwd())
    refuse_unknown_keys(found, known)
    values = {key: _placed(found, key, value, known[key]) for key, value in found.values.items()}
    return found, values


def defaults(command: click.Command, values: dict[str, Any]) -> dict[str, Any]:
    """Give the file's values by the parameters of a command, as click's default map."""
    if isinstance(command, click.Group):
        return {name: defaults(inner, values) for name, inner in command.commands.items()}
    return {
        str(option.name): values[key] for key, option in settings(command).items() if key in values
    }


def configuration_places() -> list[Path]:
    """List where the configuration in force stands, or was until somebody deleted it."""
    found = click.get_current_context().find_object(Configuration)
    return places(Path.cwd(), found or Configuration())


def refuse_uploaded_configuration(paths: tuple[Path, ...], judges: Iterable[Path]) -> None:
    """Refuse a configuration, or what lots are judged by, that lies among what is checked."""
    refuse_judges_among_papers(judges, paths)
    found = click.get_current_context().find_object(Configuration)
    if found is not None:
        refuse_among_papers(found, paths)


def _is_set_anywhere(command: click.Command) -> bool:
    if isinstance(command, click.Group):
        return any(map(_is_set_anywhere, command.commands.values()))
    return bool(settings(command))


def _key(option: click.Option) -> str:
    return max(option.opts, key=len).removeprefix("--")


def _placed(found: Configuration, key: str, value: Any, option: click.Option) -> Any:
    """Hold a value against its option; a path in a file is meant from the file's own folder."""
    kind, words = _KINDS[_kind(option)]
    fits = type(value) is kind
    if isinstance(value, list):
        fits = fits and all(isinstance(one, str) for one in value)
    if not fits:
        raise UsageError(f"{found.at(key)}: {value!r:.80} should be {words}")
    if any("\0" in one for one in (value if kind is list else [value]) if isinstance(one, str)):
        raise UsageError(f"{found.at(key)}: {value!r:.80} holds a NUL character, which no path has")
    folder = found.path.parent if found.path else Path()
    place = _PLACES.get(key)
    if place is not None and kind is list:
        value = [place(folder, one) for one in value]
    elif place is not None:
        value = place(folder, value)
    with click.Context(click.Command(key)) as alone:
        try:
            option.process_value(alone, value)
        except click.BadParameter as error:
            raise UsageError(f"{found.at(key)}: {error.message}") from error
    return value


def _kind(option: click.Option) -> str:
    if option.is_flag:
        return "flag"
    if option.multiple:
        return "several"
    return "number" if isinstance(option.type, click.IntRange) else "text"


_KINDS: dict[str, tuple[type, str]] = {
    "flag": (bool, "true or false"),
    "several": (list, 'a list of texts, such as ["..."]'),
    "number": (int, "a whole number"),
    "text": (str, "a text in quotes"),
}


def _path(folder: Path, value: str) -> str:
    # An empty one is refused by the option.
    return str(folder / value) if value.strip() and "://" not in value else value


def _report(folder: Path, value: str) -> str:
    kind, colon, path = value.partition(":")
    return f"{kind}{colon}{_path(folder, path)}"


_PLACES: dict[str, Callable[[Path, str], str]] = {
    "schemas": _path,
    "trust": _path,
    "report": _report,
    "cache": _path,
}
