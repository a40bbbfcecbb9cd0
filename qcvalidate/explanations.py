"""What `qcvalidate explain` tells of a rule: why it is there, its source, an example, what to do.

The pages stand in explanations.yaml: one for each finding's rule, and for outcomes one for each
kind, told in the words of each family of tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qcvalidate.catalogue import load_yaml
from qcvalidate.rules import Rule

_PAGES = Path(__file__).parent / "explanations.yaml"


@dataclass(frozen=True)
class Page:
    """A rule explained.

    `source` is that of the limit or of the practice, and says where it has not been verified;
    `remedy` says what to do.
    """

    why: str
    source: str
    example: str
    remedy: str


def explanation(rule: Rule) -> Page:
    """Give the page of a rule."""
    pages = _pages()
    if rule.family is None or rule.kind is None:
        return Page(**pages["rules"][rule.slug])
    own = pages["families"][rule.family]
    words = {"test": own["test"], "asked": own["asked"]}
    shared = pages["outcomes"].get(rule.kind, {})
    told = {key: text.format(**words) for key, text in shared.items()}
    example = own["examples"].get(rule.kind, "")
    composed = {**told, "example": example, "source": own["source"], **own.get(rule.kind, {})}
    return Page(**composed)


@cache
def _pages() -> Any:
    return load_yaml(_PAGES)[0]
