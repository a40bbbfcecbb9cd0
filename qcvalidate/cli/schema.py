"""`qcvalidate schema`: the JSON Schemas of what people write and of what programs read."""

from __future__ import annotations

import difflib
import json

import click
from click.shell_completion import CompletionItem

from qcvalidate.cli import _terminal
from qcvalidate.errors import UsageError


def _names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from qcvalidate.catalogue import open_catalogue  # noqa: PLC0415 - for a tabulator alone

    known = open_catalogue().json_schemas()
    return [CompletionItem(name) for name in known if name.startswith(incomplete)]


@click.command()
@click.argument("name", required=False, metavar="[NAME]", shell_complete=_names)
def command(name: str | None) -> None:
    """Print the JSON Schema of a kind of file; without a NAME, list them.

    With `qcvalidate schema lot > lot.schema.json` and the first line
    `# yaml-language-server: $schema=../../lot.schema.json`, an editor completes and checks
    lots/LOT/lot.yaml.
    """
    from qcvalidate.catalogue import open_catalogue  # noqa: PLC0415

    known = open_catalogue().json_schemas()
    if name is None:
        width = max(map(len, known))
        for one, path in known.items():
            title = json.loads(path.read_text(encoding="utf-8"))["title"]
            _terminal.show(f"{one:<{width}}  {title}")
        return
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
        raise UsageError(f"there is no schema {name[:80]!r}; did you mean {near!r}?")
    _terminal.hand_over(known[name].read_text(encoding="utf-8"))
