"""The page for the patient: plain words, one page for each lot, as HTML or as PDF."""

from __future__ import annotations

from qcvalidate.assessment import Run
from qcvalidate.reports._plain import NO_PROMISE, WHO_DECIDES, Page, page_of
from qcvalidate.reports._templates import environment, style_hash
from qcvalidate.reports._templates import style as style_of
from qcvalidate.reports._typeset import typeset

MEDIA_TYPE = "text/html"
TITLE = "About your cells"


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render one page for each lot; the same run gives the same bytes."""
    templates = environment({})
    style = style_of(templates, "sheet.css")
    return templates.get_template("summary.html").render(
        title=_title(run),
        heading=TITLE,
        style=style,
        style_hash=style_hash(style),
        pages=_pages(run),
        version=run.version,
        no_promise=NO_PROMISE,
        who_decides=WHO_DECIDES,
    )


def render_pdf(run: Run) -> bytes:
    """Render the same as PDF."""
    data = {
        "title": _title(run),
        "heading": TITLE,
        "pages": [
            {
                **{name: value for name, value in vars(page).items() if name != "germs"},
                "germs": [vars(line) for line in page.germs],
            }
            for page in _pages(run)
        ],
        "version": run.version,
        "no_promise": NO_PROMISE,
        "who_decides": WHO_DECIDES,
    }
    return typeset(("paper.typ", "summary.typ"), data, day=run.as_of)


def _pages(run: Run) -> list[Page]:
    clinic = run.clinic.name if run.clinic else ""
    return [page_of(assessment, clinic, run.as_of) for assessment in run.assessments]


def _title(run: Run) -> str:
    pages = _pages(run)
    if len(pages) != 1:
        return f"{TITLE} - qcvalidate" if pages else "HOLD: no lot was found - qcvalidate"
    return f"{TITLE}, lot {pages[0].lot}: {pages[0].status} - qcvalidate"
