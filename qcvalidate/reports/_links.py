"""Says where in the report a document, a picture of a line or a gate stands."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from markupsafe import Markup

from qcvalidate.assessment import Assessment, Crop, Evidence
from qcvalidate.record import Place
from qcvalidate.reports._matters import SHORT, Matter, said
from qcvalidate.rules import rule

# CSS has 96 pixels for the 72 points of an inch.
_PIXELS = 96 / 72


@dataclass(frozen=True)
class Strip:
    """The picture of a line, ready to be drawn; lengths are in points, of the screen in pixels."""

    image: Markup
    place: Place
    width: float
    height: float
    screen: tuple[str, str]
    marked: tuple[str, str, str, str]
    withheld: str


@dataclass(frozen=True)
class Links:
    """The fragments of one lot: by place, gate and path."""

    number: int
    crops: dict[Place, int]
    plots: dict[tuple[str, str], int]
    documents: dict[str, int]
    criteria: dict[str, int]

    def evidence(self, evidence: Evidence) -> str:
        """Give the fragment where what an outcome rests on is best seen; empty where nowhere."""
        place = evidence.place
        if place in self.crops:
            return self._at("line", self.crops[place])
        gate = (place.path, (place.region or "").removeprefix("gate "))
        if gate in self.plots:
            return self._at("gate", self.plots[gate])
        return self.document(place.path)

    def document(self, path: str) -> str:
        """Give the fragment of a document's row with its SHA-256; empty where it has none."""
        return self._at("document", self.documents[path]) if path in self.documents else ""

    def criterion(self, matter: Matter) -> str:
        """Give the fragment of a criterion's row; empty for a finding."""
        return self._at("criterion", self.criteria[matter.id]) if matter.id in self.criteria else ""

    def _at(self, kind: str, index: int) -> str:
        return f"#lot-{self.number}-{kind}-{index}"


def links_of(assessment: Assessment, number: int) -> Links:
    """Number what a report shows of one lot, as its template does."""
    plots = {(plot.path, plot.population): i for i, plot in enumerate(assessment.plots, start=1)}
    return Links(
        number,
        {crop.place: i for i, crop in enumerate(assessment.crops, start=1)},
        plots,
        {source.path: i for i, source in enumerate(assessment.inputs, start=1)},
        {result.id: i for i, result in enumerate(assessment.results, start=1)},
    )


def decisive_strip(assessment: Assessment, matter: Matter) -> Strip | None:
    """Give the line that a matter leans on: its first, which decided it."""
    found = {crop.place: crop for crop in assessment.crops}
    crop = found.get(matter.at[0]) if matter.at else None
    return strip(crop) if crop and not crop.withheld else None


def strip(crop: Crop) -> Strip:
    """Make a line's picture ready to be drawn."""
    width, height = crop.size
    x0, y0, x1, y1 = crop.marked
    image = base64.b64encode(crop.png).decode("ascii")
    return Strip(
        # Ours, and longer than a document's text may be.
        Markup(f"data:image/png;base64,{image}" if image else ""),  # noqa: S704
        crop.place,
        width,
        height,
        (_number(width * _PIXELS), _number(height * _PIXELS)),
        (_number(x0 - 1), _number(y0 - 1), _number(x1 - x0 + 2), _number(y1 - y0 + 2)),
        crop.withheld,
    )


def quoted(assessment: Assessment, place: Place) -> str:
    """Give what was read at a place, for those who cannot see its picture."""
    texts = (
        one.text for result in assessment.results for one in result.evidence if one.place == place
    )
    return next((text for text in texts if text), "")


def subject(assessment: Assessment, place: Place) -> str:
    """Name what a place is shown for: criteria, else the rule of a finding."""
    titles = [r.title for r in assessment.results if any(e.place == place for e in r.evidence)]
    rules = [rule(f.slug).title for f in assessment.findings if f.place == place]
    return said("; ".join(dict.fromkeys(titles or rules)), SHORT)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
