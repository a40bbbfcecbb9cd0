"""What a lab profile says, and whether a paper is of the laboratory that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qcvalidate.locale import UNDECLARED, Locale

Words = Mapping[str, tuple[str, ...]]

# The classes of a result that a profile may give wordings for.
READINGS = ("negative", "positive", "invalid", "pending")


@dataclass(frozen=True)
class Region:
    """Where a field's value stands: left, top, right, bottom in points from the top left."""

    field: str
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class LabProfile:
    """How one laboratory's papers are read where its layout or its words are its own.

    `names` and `forms` are what its papers bear; where both are given, one of each must stand
    on a paper. `labels`, `columns`, `tests` and `results` are words by what they mean, besides
    those of the vocabulary; `harmless` are whole sentences that tell nothing.
    """

    id: str
    version: str
    laboratory: str
    sha256: str
    names: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    title: str = ""
    notes: str = ""
    locale: Locale = UNDECLARED
    labels: Words = field(default_factory=dict)
    columns: Words = field(default_factory=dict)
    tests: Words = field(default_factory=dict)
    results: Words = field(default_factory=dict)
    harmless: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    digital_signature_required: bool = False

    def fits(self, heads: Sequence[str], texts: Sequence[str]) -> bool:
        """Say whether a paper is this laboratory's; a name or number must stand there as printed.

        `heads` are the lines where a laboratory names itself, `texts` all lines of the paper.
        """
        named = not self.names or any(stands_in(name, heads) for name in self.names)
        numbered = not self.forms or any(stands_in(form, texts) for form in self.forms)
        return named and numbered and bool(self.names or self.forms)

    def is_harmless(self, sentence: str) -> bool:
        """Say whether a sentence is, as a whole, one that tells nothing on these papers."""
        return folded(sentence) in {folded(known) for known in self.harmless}


def folded(text: str) -> str:
    """Fold case and spaces, and nothing else: a comma or a full stop may change a sentence.

    >>> folded("  If  growth is SEEN, ")
    'if growth is seen,'
    """
    return " ".join(text.casefold().split())


def stands_in(name: str, lines: Iterable[str]) -> bool:
    """Say whether a name stands on one of these lines, as whole words.

    >>> stands_in("Acme Labs", ["ACME  Labs, Inc."]), stands_in("Acme", ["Acmes"])
    (True, False)
    """
    wanted = list(_words(name))
    size = len(wanted)
    for line in lines:
        words = list(_words(line))
        if any(words[start : start + size] == wanted for start in range(len(words) - size + 1)):
            return bool(wanted)
    return False


def _words(text: str) -> Iterator[str]:
    """Give the folded words of a text without the punctuation around them."""
    for word in folded(text).split():
        bare = word.strip(".,:;()[]|·•“”\"'")
        if bare:
            yield bare
