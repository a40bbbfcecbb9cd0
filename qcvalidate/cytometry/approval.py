"""The card of a frozen strategy: whose gates these are, and who approved them.

It stands in the `custom_info` of the Gating-ML file itself, where other programs pass it by:

    <qc:strategy>
      <qc:source name="MSC panel.wsp" sha256="..." program="FlowJo 10.6.2" sample="tube 1.fcs"/>
      <qc:refused gate="Blasts" reason="..."/>
      <qc:note text="..."/>
      <qc:approval by="..." on="2026-03-16" sha256="..."/>
    </qc:strategy>

The approval's SHA-256 is that of everything the file says but for the approval itself, in the
canonical form of XML (C14N 2.0): another editor's line ends and indents change nothing.
"""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qcvalidate.cytometry.elements import CUSTOM_INFO, OURS
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CARD, _SOURCE, _REFUSED, _NOTE, _APPROVAL = (
    f"{OURS}{word}" for word in ("strategy", "source", "refused", "note", "approval")
)
_ATTRIBUTES = {
    _SOURCE: ("name", "sha256", "program", "sample"),
    _REFUSED: ("gate", "reason"),
    _NOTE: ("text",),
    _APPROVAL: ("by", "on", "sha256"),
}


@dataclass(frozen=True)
class Source:
    """The file that the gates were taken from: its name, hash, program, and the sample in it."""

    name: str
    sha256: str
    program: str
    sample: str


@dataclass(frozen=True)
class Card:
    """What a frozen strategy says of itself; `by` and `on` are empty until a person fills them.

    `sha256` is what was approved; `refused` are the gates of the source that were not taken;
    `notes` is what else the one who approves them must know.
    """

    source: Source
    by: str = ""
    on: str = ""
    sha256: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def fault_of(card: Card, content_sha256: str) -> tuple[str, str] | None:
    """Say (the rule's slug, the words) why a strategy does not stand as approved, if so."""
    if not card.by.strip() or not card.on.strip() or not card.sha256.strip():
        missing = [
            word
            for word, given in (("by", card.by), ("on", card.on), ("sha256", card.sha256))
            if not given.strip()
        ]
        return "strategy-unapproved", (
            f"its gates come from {card.source.name}, and nobody has approved them (the approval "
            f"lacks {', '.join(missing)}); have them looked at, and run `qcvalidate strategy "
            "freeze` with the name of who approves them"
        )
    if card.sha256.strip() != content_sha256:
        return "strategy-changed", (
            f"was changed after {card.by} approved it on {card.on}: it was {card.sha256[:12]}, "
            f"and is {content_sha256[:12]}"
        )
    return None


def read_card(root: Element, name: str) -> Card | None:
    """Read the card of a strategy; None where it has none. `DocumentError` for a damaged one."""
    cards = [card for info in root.iter(CUSTOM_INFO) for card in info.iter(_CARD)]
    if not cards:
        return None
    if len(cards) > 1:
        raise _damaged(name, "holds two cards of approval")
    parts: dict[str, list[dict[str, str]]] = {tag: [] for tag in _ATTRIBUTES}
    for part in cards[0]:
        expected = _ATTRIBUTES.get(part.tag)
        if expected is None or sorted(part.attrib) != sorted(expected):
            raise _damaged(name, "holds a card of approval with parts that are not known")
        parts[part.tag].append(dict(part.attrib))
    if len(parts[_SOURCE]) != 1 or len(parts[_APPROVAL]) != 1:
        raise _damaged(name, "holds a card without one source and one approval")
    approval = parts[_APPROVAL][0]
    if approval["on"].strip() and not _is_date(approval["on"].strip()):
        raise _damaged(name, f"was approved on {approval['on']!r}; expected a date as 2026-03-16")
    return Card(
        source=Source(**parts[_SOURCE][0]),
        refused={part["gate"]: part["reason"] for part in parts[_REFUSED]},
        notes=tuple(part["text"] for part in parts[_NOTE]),
        **approval,
    )


def content_digest(root: Element) -> str:
    """Give the SHA-256 of what a strategy says, whoever approved it."""
    from xml.etree.ElementTree import canonicalize, tostring  # noqa: PLC0415  writes what was parsed

    whole = copy.deepcopy(root)
    for card in whole.iter(_CARD):
        for approval in card.findall(_APPROVAL):
            card.remove(approval)
    # The prefixes are an editor's choice too.
    form = canonicalize(tostring(whole, encoding="unicode"), strip_text=True, rewrite_prefixes=True)
    return hashlib.sha256(form.encode()).hexdigest()


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-03-16")


def _damaged(name: str, problem: str) -> DocumentError:
    return DocumentError(f"{name}: {problem}", slug="strategy-unreadable")
