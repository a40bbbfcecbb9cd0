"""What the tests of cytometry may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def cytometry(corpus: Path) -> Path:
    """Give the folder of real list-mode files."""
    return corpus / "cytometry"
