"""The clinic's own certificate of analysis, as HTML or as PDF, from templates that it may replace.

A clinic's templates write a run whose every lot passes. Any other is written with ours, which mark
each lot that must not be released.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from qcvalidate.assessment import Run
from qcvalidate.errors import UsageError
from qcvalidate.reports._certificate import TITLE, certificates_of, may_be_signed
from qcvalidate.reports._layout import shorten
from qcvalidate.reports._matters import name_of, said
from qcvalidate.reports._templates import environment, page_heads, shown, style_hash
from qcvalidate.reports._templates import style as style_of
from qcvalidate.reports._typeset import typeset

MEDIA_TYPE = "text/html"

# What a template may end in that somebody else wrote: any misuse of what jinja2 brings.
_FAULTS = (
    *(TemplateError, ArithmeticError, AssertionError, AttributeError, LookupError),
    *(MemoryError, RuntimeError, TypeError, ValueError),
)
# As many letters of a lot's number fit beside the day at the head of a printed page.
_HEAD = 60


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render a certificate for each lot; the same run gives the same bytes."""
    own = _own(run)
    _refuse_half(own, "coa.html", "coa.typ", "HTML")
    lots = certificates_of(run)
    templates = environment({})
    style = style_of(templates, "sheet.css", "coa.css")
    if "coa.css" in own:
        style = Markup(own["coa.css"].replace("<", ""))  # noqa: S704 - the clinic's own
    else:
        style += _heads(run, lots)
    bodies = [
        Markup(_filled(own["coa.html"], lot))  # noqa: S704 - its texts are escaped
        if "coa.html" in own
        else None
        for lot in lots
    ]
    return templates.get_template("certificates.html").render(
        title=_title(run),
        style=style,
        style_hash=style_hash(style),
        lots=list(zip(lots, bodies, strict=True)),
        version=run.version,
    )


def render_pdf(run: Run) -> bytes:
    """Render the same as PDF."""
    own = {name: text for name, text in _own(run).items() if name != "coa.css"}
    _refuse_half(own, "coa.typ", "coa.html", "PDF")
    own.pop("coa.html", None)
    data = {"title": _title(run), "lots": certificates_of(run), "version": run.version}
    return typeset(("paper.typ", "coa.typ", "certificates.typ"), data, day=run.as_of, own=own)


def _heads(run: Run, lots: Sequence[Mapping[str, object]]) -> Markup:
    """Head each printed page with its certificate: no page must be taken for another's."""
    heads = [
        ", ".join(filter(None, (shorten(said(str(lot["number"])), _HEAD), str(lot["short"]))))
        for lot in lots
    ]
    whole = heads[0] if len(heads) == 1 else _title(run)
    day = f"qcvalidate {run.version}, as of {run.as_of}"
    return page_heads(whole, day, heads if len(heads) > 1 else ())


def _own(run: Run) -> dict[str, str]:
    """Give the clinic's templates, where they may be used."""
    whole = run.assessments and all(may_be_signed(run, one) for one in run.assessments)
    return dict(run.clinic.templates) if whole and run.clinic else {}


def _refuse_half(own: Mapping[str, str], wanted: str, other: str, kind: str) -> None:
    if other in own and wanted not in own:
        raise UsageError(
            f"templates/{other} is your own, but there is no templates/{wanted} beside it: the "
            f"{kind} would not be your certificate; write one, or copy ours"
        )


def _filled(template: str, certificate: Mapping[str, object]) -> str:
    """Fill a clinic's template: in a sandbox, with texts that are escaped whatever it does."""
    # A name that is misspelt would leave a deviation out, and nobody would see it.
    sandbox = SandboxedEnvironment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    try:
        filled = sandbox.from_string(template).render(certificate=_escaped(certificate))
        # It may have made half a character.
        filled.encode()
    except _FAULTS as error:
        line = getattr(error, "lineno", None)
        where = f" line {line}" if line else ""
        told = said(str(error)) or type(error).__name__
        raise UsageError(f"templates/coa.html{where}: cannot be filled ({told})") from error
    return filled


def _escaped(value: object) -> object:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {name: _escaped(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_escaped(one) for one in value]
    return value


def _title(run: Run) -> str:
    if not run.assessments:
        return "HOLD: no lot was found - qcvalidate"
    whole = all(may_be_signed(run, one) for one in run.assessments)
    kind = TITLE if whole else "Not for release"
    lots = [name_of(one) for one in run.assessments]
    return f"{kind}, {lots[0] if len(lots) == 1 else f'{len(lots)} lots'} - qcvalidate"
