"""Lab profiles: how the papers of a laboratory with a stubborn layout are read.

They live in `schemas/labs/*.yaml`, ours and the user's, one file a laboratory or form. A profile
adds to the vocabulary, and never takes from it: what we know as bad stays bad.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from qcvalidate.catalogue import Catalogue, load_yaml
from qcvalidate.contract import load
from qcvalidate.errors import SpecificationError
from qcvalidate.labs.faults import Telling, faults_of
from qcvalidate.labs.model import LabProfile, Region, folded, stands_in
from qcvalidate.locale import Locale
from qcvalidate.vocabulary import Vocabulary, key
from qcvalidate.wording import Meaning

__all__ = [
    "LabProfile",
    "Region",
    "extended",
    "folded",
    "load_profile",
    "load_profiles",
    "phrase_key",
    "profile_paths",
    "stands_in",
]


def profile_paths(catalogue: Catalogue) -> dict[str, Path]:
    """Map the id of each lab profile to its file, without reading them."""
    return {path.stem: path for path in catalogue.files("labs")}


def load_profiles(
    catalogue: Catalogue, vocabulary: Vocabulary, telling: Telling
) -> tuple[LabProfile, ...]:
    """Read every profile of a catalogue, by id.

    `telling` gives the first word of a text that may speak of an outcome, None for none. Raises
    `SpecificationError` with every fault of a profile that must not be used.
    """
    found = []
    for path in profile_paths(catalogue).values():
        # Ours are held to their schema and linted by the tests.
        ours = path.parent.parent == catalogue.folders[-1]
        found.append(
            _profile(*load_yaml(path))
            if ours
            else load_profile(path, catalogue, vocabulary, telling)
        )
    return tuple(found)


def load_profile(
    path: Path, catalogue: Catalogue, vocabulary: Vocabulary, telling: Telling
) -> LabProfile:
    """Read and lint one profile; `SpecificationError` names every fault."""
    content, digest = load(path, "lab", catalogue)
    profile = _profile(content, digest)
    faults = [*faults_of(profile, vocabulary, telling)]
    if profile.id != path.stem:
        faults.insert(0, f"the id is {profile.id}, but the file is called {path.name}")
    if faults:
        raise SpecificationError("\n".join(f"{path}: {fault}" for fault in faults))
    return profile


def _profile(content: dict[str, Any], digest: str) -> LabProfile:
    marks, locale = content["recognised_by"], content.get("locale", {})
    return LabProfile(
        id=content["id"],
        version=content["version"],
        laboratory=content["laboratory"],
        sha256=digest,
        names=tuple(marks.get("laboratory", ())),
        forms=tuple(marks.get("form", ())),
        title=content.get("title", ""),
        notes=content.get("notes", ""),
        locale=Locale(locale.get("dates"), locale.get("decimal")),
        **{section: _words(content.get(section, {})) for section in _SECTIONS},
        harmless=tuple(content.get("harmless", ())),
        regions=tuple(_region(raw) for raw in content.get("regions", ())),
        digital_signature_required=content.get("digital_signature", "optional") == "required",
    )


_SECTIONS = ("labels", "columns", "tests", "results")


def _words(entries: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {meaning: tuple(phrases) for meaning, phrases in entries.items()}


def _region(raw: dict[str, Any]) -> Region:
    left, top, right, bottom = map(float, raw["box"])
    return Region(raw["field"], int(raw["page"]), (left, top, right, bottom))


@cache
def extended(vocabulary: Vocabulary, profile: LabProfile) -> Vocabulary:
    """Give the vocabulary with a profile's words beside its own, none of which they change."""
    known = vocabulary._names
    named = {(key(name), ""): test for test, names in profile.tests.items() for name in names}
    sizes = [phrase.count(" ") + 1 for phrase, _ in named]
    names = replace(known, tests={**named, **known.tests}, longest=max([known.longest, *sizes]))
    return replace(
        vocabulary,
        _names=names,
        _labels={**_inverted(profile.labels), **vocabulary._labels},
        _columns={**_inverted(profile.columns), **vocabulary._columns},
        _results={**vocabulary._results, **_results(vocabulary, profile)},
    )


def _results(vocabulary: Vocabulary, profile: LabProfile) -> dict[str, tuple[Meaning, ...]]:
    """Give the profile's wordings; one that we know for some tests is then known for all."""
    found = {}
    for reading, wordings in profile.results.items():
        for phrase in map(phrase_key, wordings):
            known = vocabulary._results.get(phrase, ())
            if all(meaning.reading == reading for meaning in known):
                found[phrase] = (*known, Meaning(reading, None, conformity=False))
    return found


def phrase_key(wording: str) -> str:
    """Fold a result's wording as the grammar does: one with a comma is compared as a whole."""
    return folded(wording) if "," in wording else key(wording)


def _inverted(words: Any) -> dict[str, str]:
    return {key(phrase): meaning for meaning, phrases in words.items() for phrase in phrases}
