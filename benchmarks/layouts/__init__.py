"""Made certificates in the manner of many laboratories, each with the truth beside it.

Every module here that has `compose` and `draw` is a family: one laboratory's way to lay a
certificate out. `compose` invents what a certificate says, `draw` prints it, and what it says that
the reader must find out is a `Truth`, made before a line is drawn. A family whose dates cannot
prove their own order has a `LOCALE` too, as a customer declares it in lot.yaml. No laboratory,
person or product in them exists.
"""

from __future__ import annotations

import importlib.util
import pkgutil
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Protocol, cast

from benchmarks.layouts.truth import Truth

__all__ = ["HERE", "Family", "families"]

HERE = Path(__file__).parent


class Family(Protocol):
    """A module that draws one laboratory's certificates."""

    __name__: str
    __doc__: str | None

    def compose(self, rng: Random) -> Truth:
        """Invent what one certificate says; the same generator state gives the same."""

    def draw(self, truth: Truth, path: Path) -> None:
        """Print it as a PDF."""


def families(folder: Path = HERE) -> Mapping[str, Family]:
    """Give the families of a folder by name; the folder may lie outside the project."""
    found = {}
    for info in pkgutil.iter_modules([str(folder)]):
        module = _load(info.name, folder)
        if hasattr(module, "compose") and hasattr(module, "draw"):
            found[info.name] = cast("Family", module)
    return found


def _load(name: str, folder: Path) -> ModuleType:
    if folder.resolve() == HERE.resolve():
        return importlib.import_module(f"{__name__}.{name}")
    # A folder of layouts outside is no package of ours, but uses our truth and drawing.
    spec = importlib.util.spec_from_file_location(f"layouts_aside_{name}", folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
