"""What the package declares about itself is true of what is installed."""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import qcvalidate
from qcvalidate.catalogue import open_catalogue

_PACKAGE = Path(qcvalidate.__file__).parent
_PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def test_the_installed_package_is_the_one_under_test() -> None:
    wanted = os.environ.get("QCVALIDATE_INSTALLED")
    if wanted is None:
        pytest.skip("QCVALIDATE_INSTALLED, the site-packages of a clean install, is not set")

    assert _PACKAGE.resolve().is_relative_to(Path(wanted).resolve())


def test_the_schemas_are_found() -> None:
    assert list(open_catalogue().files("specifications"))


def test_every_library_that_is_imported_is_declared() -> None:
    known = {
        module: {_normal(distribution) for distribution in distributions}
        for module, distributions in packages_distributions().items()
    }
    undeclared = {
        f"{path.relative_to(_PACKAGE)}: {module}"
        for path, module in _imported()
        # What is not installed is an optional library that its importer can do without.
        if module in known and not known[module] & _declared()
    }

    assert not undeclared


def test_every_library_that_is_declared_is_imported() -> None:
    installed = packages_distributions()
    used = {
        _normal(distribution)
        for _, module in _imported()
        for distribution in (*installed.get(module, ()), module)
    }

    # An extra that is left out has no modules here to be known by.
    here = {_normal(name) for names in installed.values() for name in names}
    # fcsparser imports six without declaring it, and RapidOCR leaves its runtime to be chosen.
    assert (_declared() & here) - used == {"six", "onnxruntime"} & here


def _imported() -> set[tuple[Path, str]]:
    found = set()
    for path in _PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            found |= {(path, name.partition(".")[0]) for name in names}
    ours = {*sys.stdlib_module_names, "qcvalidate"}
    return {(path, name) for path, name in found if name not in ours}


def _declared() -> set[str]:
    project = tomllib.loads(_PROJECT.read_text("utf-8"))["project"]
    # What testers and developers need is imported by their files alone.
    extras = project["optional-dependencies"]
    requirements = project["dependencies"] + [
        one for name in extras if name not in ("test", "dev") for one in extras[name]
    ]
    return {_normal(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}


def _normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
