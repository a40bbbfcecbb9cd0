"""Reads who gives out papers, and the clinic's own templates for them, from its folder."""

from __future__ import annotations

from pathlib import Path

from qcvalidate.catalogue import Catalogue
from qcvalidate.contract import load
from qcvalidate.errors import UsageError
from qcvalidate.facts import Clinic
from qcvalidate.files import regular_size

CLINIC = "clinic.yaml"
# The templates that a clinic may replace.
TEMPLATES = ("coa.css", "coa.html", "coa.typ")
_LARGEST = 1_000_000


def read_clinic(catalogue: Catalogue) -> Clinic | None:
    """Read clinic.yaml and templates/ of the user's own folder; None where neither is there.

    `UsageError` says what cannot be used: a template that we passed by would be ours in disguise.
    """
    for folder in catalogue.folders[:-1]:
        templates = _templates(folder / "templates")
        if not (folder / CLINIC).exists():
            if templates:
                raise UsageError(
                    f"{folder / 'templates'}: there is no {CLINIC} beside it, which says in whose "
                    "name its templates are written"
                )
            continue
        content, _ = load(folder / CLINIC, "clinic", catalogue, UsageError)
        return Clinic(
            name=content["name"].strip(),
            address=tuple(content.get("address", ())),
            contact=content.get("contact", ""),
            customer=content.get("customer", ""),
            templates=templates,
        )
    return None


def _templates(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        return {}
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise UsageError(f"{folder}: cannot be listed ({error.strerror})") from error
    unknown = [path for path in paths if path.name not in TEMPLATES]
    if unknown:
        raise UsageError(
            f"{unknown[0]}: is no template that can be replaced; there are {', '.join(TEMPLATES)}"
        )
    return {path.name: _text(path) for path in paths}


def _text(path: Path) -> str:
    try:
        if regular_size(path) > _LARGEST:
            raise UsageError(f"{path}: is larger than {_LARGEST:,} bytes, which no template is")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text (byte {error.start})") from error
