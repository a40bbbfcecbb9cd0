"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

import hypothesis
import pytest

from qcvalidate import pipeline
from qcvalidate.assessment import Assessment, Outcome
from qcvalidate.pipeline import Inspection

# A busy machine is no fault of the code; nothing is timed in tests.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Give the folder of real files, or skip, saying so."""
    folder = Path(os.environ.get("QCVALIDATE_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not folder.is_dir():
        pytest.skip(f"no corpus of real files at {folder}; QCVALIDATE_CORPUS names its folder")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """Give the folder of the project's own complete lots."""
    return ROOT / "samples"


# The slugs of all findings and outcomes that lots and documents brought up in this session, for
# test_rule_coverage.py, which runs last.
PRODUCED: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the test that looks back on the session be the last."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def produced() -> set[str]:
    """Give the slugs that came up so far."""
    return PRODUCED


@pytest.fixture(scope="session", autouse=True)
def _recorded() -> Iterator[None]:
    """Keep what each lot that is assessed, and each document that is read, brings up."""

    def of_lot(found: Assessment) -> set[str]:
        results = {result.slug for result in found.results if result.outcome not in _SILENT}
        return results | {finding.slug for finding in found.findings}

    def of_document(found: Inspection) -> set[str]:
        return {finding.slug for finding in found.record.findings}

    with (
        patch.object(pipeline, "assess_submission", _heard(pipeline.assess_submission, of_lot)),
        patch.object(pipeline, "inspect", _heard(pipeline.inspect, of_document)),
    ):
        yield


# A criterion that is met, or does not apply, has the rule that it meets.
_SILENT = (Outcome.PASS, Outcome.NOT_APPLICABLE)


def _heard(work: Callable[..., Any], slugs: Callable[[Any], set[str]]) -> Callable[..., Any]:
    @wraps(work)
    def done(*given: Any, **named: Any) -> Any:
        found = work(*given, **named)
        PRODUCED.update(slugs(found))
        return found

    return done
