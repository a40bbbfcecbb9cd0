"""What every test may ask for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from unittest.mock import patch

import hypothesis
import pytest

from qcvalidate import pipeline
from qcvalidate.assessment import Assessment, Outcome
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding

# A busy machine is no fault of the code; nothing is timed in tests.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent


def _find_benchmarks() -> None:
    """Let tests import the checkout's benchmarks, but not its qcvalidate, before what is installed.

    `pytest` alone, other than `python -m pytest`, does not put the checkout on Python's path.
    """
    place = ROOT / "benchmarks" / "__init__.py"
    if "benchmarks" in sys.modules or not place.is_file():
        return
    found = spec_from_file_location(
        "benchmarks", place, submodule_search_locations=[str(place.parent)]
    )
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    sys.modules["benchmarks"] = module
    found.loader.exec_module(module)


_find_benchmarks()


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


# The slugs of the outcomes of lots that were assessed in this session, and of the findings and
# refusals that the program itself made, for test_rule_coverage.py, which runs last. A finding
# that a test writes is none.
PRODUCED: set[str] = set()
# Criteria that were told without the source of their limit, or without a reason.
UNSOURCED: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the test that looks back on the session be the last."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def produced() -> set[str]:
    """Give the slugs that came up so far."""
    return PRODUCED


@pytest.fixture(scope="session")
def unsourced() -> set[str]:
    """Give the criteria that were told without a source so far."""
    return UNSOURCED


@pytest.fixture(scope="session", autouse=True)
def _recorded() -> Iterator[None]:
    assess = pipeline.assess_submission

    @wraps(assess)
    def assessed(*given: Any, **named: Any) -> Assessment:
        found = assess(*given, **named)
        PRODUCED.update(one.slug for one in found.results if one.outcome not in _SILENT)
        UNSOURCED.update(
            one.id for one in found.results if not (one.reference.strip() and one.reason.strip())
        )
        return found

    with (
        patch.object(pipeline, "assess_submission", assessed),
        patch.object(Finding, "__init__", _heard(Finding.__init__)),
        patch.object(DocumentError, "__init__", _heard(DocumentError.__init__)),
    ):
        yield


# A criterion that is met, or does not apply, has the rule that it meets.
_SILENT = (Outcome.PASS, Outcome.NOT_APPLICABLE)


def _heard(make: Callable[..., None]) -> Callable[..., None]:
    """Keep the slug of what the program makes."""

    @wraps(make)
    def made(self: Finding | DocumentError, *given: Any, **named: Any) -> None:
        make(self, *given, **named)
        if sys._getframe(1).f_globals["__name__"].startswith("qcvalidate."):
            PRODUCED.add(self.slug)

    return made
