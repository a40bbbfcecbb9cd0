"""What the HTML pages share: how templates are filled, and how their style is let through."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from qcvalidate.reports._matters import said
from qcvalidate.runners import as_references

# Every outcome, severity and verdict has a shape of its own, so that colour is never alone.
_SHAPES = {
    "PASS": "check",
    "FAIL": "cross",
    "INVALID": "cross",
    "HOLD": "pause",
    "MISSING": "pause",
    "INDETERMINATE": "pause",
    "CONDITIONAL": "clock",
    "PENDING": "clock",
    "ALERT": "warn",
    "WARNING": "warn",
    "WAIVED": "warn",
    # How a paper stands to lot.yaml.
    "same": "check",
    "DIFFERS": "cross",
    "NOT CERTAIN": "pause",
}
# What stands for itself in a string of CSS; every other letter is written by its number.
_PLAIN = re.compile(r"[A-Za-z0-9 _.,:;-]")


def environment(functions: Mapping[str, Callable[..., object]]) -> Environment:
    """Make the environment that fills our templates, with these functions known in them."""
    made = Environment(
        loader=PackageLoader("qcvalidate.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # The one place that makes a document's text visible, so that no template can forget it.
        finalize=lambda value: shown(value) if type(value) is str else value,
    )
    made.globals.update(functions, shape=shape)
    return made


def shown(text: str) -> Markup:
    """Escape a text; it is no command either, where the page goes to a job's log."""
    return Markup(as_references(str(escape(said(text)))))  # noqa: S704 - it is escaped


def shape(word: str) -> str:
    """Name the shape of an outcome, a severity or a verdict."""
    return _SHAPES.get(word, "info")


def style(environment: Environment, *names: str) -> Markup:
    """Give the text of these style sheets, one after the other."""
    # Ours, not a document's: it is neither escaped nor shortened, nor may it be.
    return Markup("").join(Markup(environment.get_template(n).render()) for n in names)  # noqa: S704


def page_heads(left: str, right: str, lots: Sequence[str] = ()) -> Markup:
    """Give the style that heads each printed page, and otherwise those of class `of-N`."""
    rules = [
        f"@page {{ @top-left {{ content: {_css(left)} }} @top-right {{ content: {_css(right)} }} }}"
    ]
    rules += [
        f"@page lot{number} {{ @top-left {{ content: {_css(head)} }} }} "
        f"@media print {{ .of-{number} {{ page: lot{number} }} }}"
        for number, head in enumerate(lots, start=1)
    ]
    return Markup("\n".join(rules))  # noqa: S704


def _css(text: str) -> str:
    """Write a text as a string of CSS that nothing in it can end."""
    return '"' + "".join(c if _PLAIN.match(c) else f"\\{ord(c):x} " for c in text) + '"'


def style_hash(style: str) -> str:
    """Give a style's hash as a Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
