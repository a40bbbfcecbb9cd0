"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

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
