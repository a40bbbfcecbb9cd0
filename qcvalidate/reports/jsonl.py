"""The report as JSON Lines: on each line what the format `json` gives for that lot alone.

So a line can be read, kept or sent by itself, and the files of two runs can be put together.
"""

from __future__ import annotations

from dataclasses import replace

from qcvalidate.assessment import Assessment, Run
from qcvalidate.reports import json
from qcvalidate.reports._contracts import one_line

MEDIA_TYPE = "application/jsonl"


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render one line a lot; a run without lots is one line that is held."""
    return "".join(line(run, one) for one in run.assessments) or one_line(json.contract(run))


def line(run: Run, assessment: Assessment) -> str:
    """Render the line of one lot: what a run of that lot alone would give."""
    alone = replace(run, as_of=assessment.as_of or run.as_of, assessments=(assessment,))
    return one_line(json.contract(alone))
