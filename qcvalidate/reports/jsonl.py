"""The report as JSON Lines: on each line what the format `json` gives for that lot alone.

So a line can be read, kept or sent by itself, and the files of two runs can be put together.
"""

from __future__ import annotations

from dataclasses import replace

from qcvalidate.assessment import Run
from qcvalidate.reports import json
from qcvalidate.reports._contracts import one_line

MEDIA_TYPE = "application/jsonl"


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render one line a lot; a run without lots is one line that is held."""
    runs = [replace(run, assessments=(one,)) for one in run.assessments] or [run]
    return "".join(one_line(json.contract(each)) for each in runs)
