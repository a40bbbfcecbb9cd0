"""Asks the vocabulary on behalf of the certificate reader: headings with units, phrases, labels."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from qcvalidate.vocabulary import TestName, Vocabulary, key

_IN_BRACKETS = re.compile(r"^(?P<name>.+?)\s*[(\[](?P<unit>[^()\[\]]+)[)\]]\s*[:*]?$")
# Alone in a sentence, only these words tell of growth; "positive" or "present" need company.
_TELLING = {
    "growth", "contaminated", "turbid", "non-sterile", "nonsterile", "unsterile", "wachstum",
    "croissance", "crecimiento", "crescita", "crescimento", "pousse", "keimwachstum", "verkeimt",
    "kontaminiert", "unsteril", "contaminé", "contaminado", "contaminato", "contaminata",
    "contaminada", "inquinato",
}  # fmt: skip
# What flow cytometry reports of a population, in percent.
_PERCENT = re.compile(
    r"(?:%|percent(?:age)?|frequency|freq\.?|anteil) ?(?:(?:of|an|in) (?:the )?)?"
    r"(?:parent|gated|total|positive|viable|live|grandparent|singlets|population)(?: cells)?",
    re.IGNORECASE,
)
_READINGS = ("negative", "positive", "invalid")


# Laboratories print the same sentences on every paper; these many answers are kept.
_REMEMBERED = 50_000


@cache
def phrasebook(vocabulary: Vocabulary) -> Phrasebook:
    """Give the phrasebook of a vocabulary; the same one for every document of a run."""
    return Phrasebook(vocabulary)


def _of_halves(meanings: set[str | None]) -> str | None:
    """Know `Parameter / method`, where the method stands under the name of its test."""
    return "test" if meanings == {"test", "method"} else None


_COLUMN_OF_LABEL = {
    "sample_id": "sample_id",
    "lot": "lot",
    "date_started": "started",
    "date_completed": "ended",
}


class Phrasebook:
    """The vocabulary as certificates use it; answers are remembered."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._seen: dict[tuple[str, str], Any] = {}

    def _remembered(self, kind: str, text: str, ask: Any) -> Any:
        asked = (kind, text)
        if asked not in self._seen:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[asked] = ask(text)
        return self._seen[asked]

    # --- headings ---

    def meaning(self, heading: str) -> str | None:
        """Name the column that a heading stands for; `test_column` when it is a test itself."""
        return self._remembered("meaning", heading, self._meaning)  # type: ignore[no-any-return]

    def _meaning(self, heading: str) -> str | None:
        text = heading.strip().rstrip(":*")
        known = self.vocabulary.column(text) or self.vocabulary.column(self.split_unit(text)[0])
        if known is None and self.vocabulary.test(text) is not None:
            return "test_column"
        if known is None and _PERCENT.fullmatch(text):
            return "result"
        if known is None:
            known = _of_halves({self.vocabulary.column(half.strip()) for half in text.split("/")})
        if known is None:
            # A column may be headed with any label of what stands in it: `Lab sample no.`
            known = _COLUMN_OF_LABEL.get(self.vocabulary.label(text) or "")
        return None if known in ("ignored", "remark") else known

    def split_unit(self, heading: str) -> tuple[str, str | None]:
        """Split `Result (EU/mL)` into its name and its unit; None when the brackets hold none."""
        if self.vocabulary.unit(heading) is not None and self.vocabulary.column(heading):
            # `% of parent` is the heading of results, and their unit.
            return heading, heading
        match = _IN_BRACKETS.match(heading)
        if match and self.vocabulary.unit(match["unit"]) is not None:
            return match["name"], match["unit"]
        if _PERCENT.fullmatch(heading.strip().rstrip(":*")):
            return heading, "%"
        return heading, None

    # --- labels ---

    def label(self, text: str) -> str | None:
        """Name the header field that a label stands for."""
        return self._remembered("label", text, self.vocabulary.label)  # type: ignore[no-any-return]

    def is_label(self, text: str) -> bool:
        """Say whether this is a label, of a field of ours or of another."""
        return self._remembered("is_label", text, self.vocabulary.is_label)  # type: ignore[no-any-return]

    def is_label_at_colon(self, text: str) -> bool:
        """Say whether this is a label where a colon follows it: the name of a test is, too."""
        return self.is_label(text) or self.subject(text) is not None

    # --- phrases ---

    def knows(self, word: str) -> bool:
        """Say whether any phrase may have this word in it."""
        return self._remembered("knows", word, self._knows)  # type: ignore[no-any-return]

    def _knows(self, word: str) -> bool:
        folded = key(word).split()
        return all(part in self.vocabulary.words or part.isdigit() for part in folded)

    def test(self, text: str, unit: str | None = None) -> TestName | None:
        """Name the test of a row; `unit` is the one that its result is printed in."""
        return self.vocabulary.test(text, unit)

    def status(self, text: str) -> str | None:
        """Read how far a result has come."""
        return self._remembered("status", text, self.vocabulary.status)  # type: ignore[no-any-return]

    def subject(self, text: str) -> TestName | None:
        """Name the test or medium."""
        return self._remembered("test", text, self.vocabulary.test)  # type: ignore[no-any-return]

    def role(self, text: str) -> str | None:
        """Name a control; the sample is none."""
        role = self._remembered("role", text, self.vocabulary.role)
        return None if role == "sample" else role

    def reading(self, text: str) -> str | None:
        """Give the class of a phrase that tells of growth whatever the test."""
        if " " not in text and text.casefold() not in _TELLING:
            return None
        if self.verdict(text) is not None:
            return None
        kind = self._remembered("result", text, lambda t: self.vocabulary.result(t).kind)
        return kind if kind in _READINGS and not self._names_subject(text) else None

    def _names_subject(self, text: str) -> bool:
        """Say whether a phrase names after its result what it is about: that is its own part."""
        words = text.split()
        runs = (
            words[start:end]
            for start in range(1, len(words))
            for end in range(start + 1, len(words) + 1)
        )
        return any(
            self.subject(run) is not None or self.role(run) is not None
            for run in map(" ".join, runs)
        )

    def is_pending(self, text: str) -> bool:
        """Say whether a text tells only that there is no result yet; "no growth to date" is one."""
        return self._remembered("pending", text, self._is_pending)  # type: ignore[no-any-return]

    def _is_pending(self, text: str) -> bool:
        found = self.vocabulary.result(text)
        return found.kind == "pending" and not found.to_date

    def verdict(self, text: str) -> str | None:
        """Say `pass` or `fail`; single letters mean that only in a table."""
        if len(text) < 3:
            return None
        return self._remembered("verdict", text, self.vocabulary.verdict)  # type: ignore[no-any-return]

    def row_verdict(self, text: str) -> str | None:
        """Say what a row's own verdict is; "complies*" and "complies?" say something else."""
        said = self.vocabulary.verdict(text)
        return None if said == "pass" and re.search(r"[?*†‡§]", text) else said

    def is_failure(self, text: str) -> bool:
        """Say whether a text is, as a whole, a failing verdict or a positive result."""
        return self._remembered("failure", text, self._is_failure)  # type: ignore[no-any-return]

    def _is_failure(self, text: str) -> bool:
        return self.verdict(text) == "fail" or self.vocabulary.result(text).kind == "positive"
