"""`qcvalidate config`: what is set, and by what."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from qcvalidate.cli import _settings, _terminal
from qcvalidate.reports._layout import lines_of, visible
from qcvalidate.workers import cores


@click.command()
def command() -> None:
    """Print what holds for `check` where no flag says otherwise, and where each comes from.

    A flag comes before the environment (QCVALIDATE_*), that before qcvalidate.toml or
    [tool.qcvalidate] of pyproject.toml in the nearest folder upwards. Keys that set nothing,
    values of a wrong type and empty variables are refused.
    """
    found, values = _settings.read_configuration()
    check = _settings.check_command()
    rows = []
    # Its paths are needed and set nothing.
    with check.make_context("check", ["."], default_map=_settings.defaults(check, values)) as made:
        for key, option in _settings.settings(check).items():
            name = str(option.name)
            source = _SOURCES.get(made.get_parameter_source(name), "default")
            said = source.format(variable=option.envvar, path=found.path)
            rows.append([key, visible(_said(key, made.params[name])), visible(said)])
    heads = [max(len(row[column]) for row in rows) for column in (0, 1)]
    # A path is for copying; it is not broken.
    lines = [line for row in rows for line in lines_of(row, [*heads, len(row[2])])]
    none = "no configuration file here or above"
    _terminal.show("\n".join([*lines, "", str(found.path or none)]))


_SOURCES: dict[ParameterSource | None, str] = {
    ParameterSource.ENVIRONMENT: "environment {variable}",
    ParameterSource.DEFAULT_MAP: "{path}",
}


def _said(key: str, value: Any) -> str:
    if key == "jobs" and value is None:
        return str(cores())
    if not value and value is not False:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(
            ":".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in value
        )
    return str(value)
