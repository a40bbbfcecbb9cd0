"""Puts a lot into plain words for the patient who is to get it: no promise, no false comfort."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from qcvalidate.assessment import MET, Assessment, CriterionResult, Outcome, Scope, Verdict
from qcvalidate.facts import Facts
from qcvalidate.reports._matters import SHORT, computed, name_of, plural, said
from qcvalidate.reports._templates import shape

NO_PROMISE = (
    "This page tells what was tested. It does not say that the cells will help you. "
    "If you do not understand a point, ask your doctor."
)
WHO_DECIDES = (
    "A computer made this page from the test papers. "
    "A trained person at the clinic decides if the cells may be used."
)

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_TISSUES = {
    "bone_marrow": "bone marrow",
    "adipose": "body fat",
    "umbilical_cord": "the cord of a newborn child",
    "cord_blood": "the cord blood of a newborn child",
    "peripheral_blood": "blood",
}
_ROUTES = {
    "intravenous": "into a vein",
    "intraarticular": "into a joint",
    "intrathecal": "into the fluid around the spine",
    "intramuscular": "into a muscle",
    "intracardiac": "into the heart",
    "subcutaneous": "under the skin",
    "topical": "onto the skin",
}
_GUIDES = {
    "ultrasound": "The doctor will watch the needle with ultrasound.",
    "fluoroscopy": "The doctor will watch the needle with X-rays.",
    "none": "The doctor will not watch the needle with pictures from inside the body.",
}
_GERMS = ("sterility", "rapid", "endotoxin", "mycoplasma", "donor")
_NAMES = {
    "sterility": "Germs in the cells (sterility test)",
    "in_process_culture": "Germs while the cells were made (culture)",
    "gram_stain": "Quick look for germs (Gram stain)",
    "endotoxin": "Traces of germs (endotoxin)",
    "endotoxin_ppc": "Did the test for traces work? (control)",
    "mycoplasma": "A very small kind of germ (mycoplasma)",
}
_DONOR_NAMES = (
    (("hiv",), "HIV"),
    (("hbv", "hbs", "hbc"), "hepatitis B"),
    (("hcv",), "hepatitis C"),
    (("syphilis",), "syphilis"),
    (("htlv",), "HTLV"),
    (("cmv",), "CMV"),
)
# More other checks would not stay on one page.
_MOST = 6
_CLEAN = {
    "sterility": "No germs were found.",
    "rapid": "No germs were found.",
    "mycoplasma": "None was found.",
    "donor": "No sign of these was found.",
}


@dataclass(frozen=True)
class GermTest:
    """One line of the tests for germs: what for, by whom, what came of it."""

    name: str
    laboratory: str
    shape: str
    found: str


@dataclass(frozen=True)
class Page:
    """One lot in plain words; `status` is the headline and `shape` its icon."""

    lot: str
    clinic: str
    day: str
    status: str
    shape: str
    meaning: tuple[str, ...]
    cells: tuple[str, ...]
    dose: tuple[str, ...]
    germs: tuple[GermTest, ...]
    running: tuple[str, ...]
    placing: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Give all that is prose."""
        parts = (self.meaning, self.cells, self.dose, self.running, self.placing, self.others)
        return (*(text for part in parts for text in part), NO_PROMISE, WHO_DECIDES)


def page_of(assessment: Assessment, clinic: str, as_of: dt.date) -> Page:
    """Say one lot in plain words; `clinic` is the clinic's name where it has set one."""
    facts = assessment.facts
    status, looks, meaning = _status(assessment)
    return Page(
        lot=name_of(assessment),
        clinic=clinic or (facts.clinic if facts else None) or "",
        day=_day(assessment.as_of or as_of),
        status=status,
        shape=looks,
        meaning=meaning,
        cells=_cells(facts),
        dose=_dose(facts) if facts else (),
        germs=_germ_tests(assessment, facts),
        running=_running(assessment),
        placing=_placing(facts) if facts else (),
        others=_others(assessment, facts),
    )


def _status(assessment: Assessment) -> tuple[str, str, tuple[str, ...]]:
    verdict = assessment.verdict
    looks = shape(verdict.value)
    if verdict is Verdict.FAIL:
        failed = [said(one.title, SHORT) for one in assessment.results if _fails(one)]
        told = ["Just one paper was looked at."] if assessment.scope is Scope.DOCUMENT else []
        told += [f"This did not meet its limit: {'; '.join(failed)}."] if failed else []
        told += ["Nothing else on this page makes up for that.", "Please talk to your doctor."]
        return "These cells did not pass", looks, tuple(told)
    if assessment.scope is Scope.DOCUMENT:
        alone = ("Just one paper was looked at. It cannot show if the cells are fine.",)
        return "This is not a check of the cells", shape("HOLD"), alone
    if verdict is Verdict.HOLD:
        return (
            "On hold: this check is not done",
            looks,
            (
                "Some test papers are not here, not clear, or do not agree.",
                "Until the clinic has solved this, do not take these cells as tested.",
            ),
        )
    if verdict is Verdict.CONDITIONAL:
        due = f" The last result is due on {_day(assessment.due)}." if assessment.due else ""
        return (
            "Not all tests are done",
            looks,
            (
                "No test has failed so far. But a test still runs, and it may yet find germs."
                + due,
                "Ask the clinic how it will tell you the result.",
            ),
        )
    return _passed(assessment)


def _fails(result: CriterionResult) -> bool:
    return result.outcome is Outcome.FAIL and result.required


def _passed(assessment: Assessment) -> tuple[str, str, tuple[str, ...]]:
    waived = len(assessment.waivers)
    if not waived:
        # What the verdict does not wait for may have failed, or be missing, all the same.
        whole = all(one.outcome in MET for one in assessment.results)
        told = (
            "All the tests that were asked for are here. They meet the limits for these cells."
            if whole
            else "The tests that must be met are here. But not all other tests are done or fine.",
            "A person at the clinic must still say that the cells may be used.",
        )
        return "The tests meet their limits", shape("PASS"), told
    points = "one point that does" if waived == 1 else f"{waived} points that do"
    return (
        "The tests meet their limits, but not in all points",
        shape("WAIVED"),
        (
            f"The clinic has let pass {points} not meet the rules.",
            "Ask the clinic what that means for you.",
        ),
    )


def _cells(facts: Facts | None) -> tuple[str, ...]:
    if facts is None:
        return (
            "The papers of these cells could not be used. So this page cannot tell what is in.",
        )
    stated = facts.stated
    source = {
        "autologous": "The cells are your own.",
        "allogeneic": "The cells are not your own. They come from a donor.",
    }.get(stated.get("relation", ""), "The papers do not say whose cells these are.")
    tissue = _TISSUES.get(stated.get("tissue", ""))
    taken = f" on {_day(facts.recovered)}" if facts.recovered else ""
    told = [source]
    if tissue:
        told.append(f"They were taken from {tissue}{taken}.")
    else:
        told.append("The papers do not say from which part of the body they were taken.")
    return (*told, *_making(facts))


def _making(facts: Facts) -> list[str]:
    how = facts.stated.get("manipulation")
    ready = [f"They were ready on {_day(facts.harvested)}."] if facts.harvested else []
    if how == "culture_expanded":
        told = ["They were grown in a lab to get more of them.", *ready]
    elif how in ("enzymatic", "minimal"):
        freed = (
            ["An enzyme was used to set them free from the tissue."] if how == "enzymatic" else []
        )
        same_day = ["They were made ready on the same day."]
        told = ["They were not grown in a lab.", *freed, *(same_day if facts.same_day else ready)]
    else:
        told = ["The papers do not say how the cells were made."]
    frozen = {
        "true": "They were frozen, to be thawed before use.",
        "false": "They were not frozen.",
    }
    state = facts.stated.get("cryopreserved", "")
    return [*told, frozen[state]] if state in frozen else told


def _dose(facts: Facts) -> tuple[str, ...]:
    told = []
    if facts.live_cells is not None:
        told.append(f"The dose holds about {_many(facts.live_cells)} live cells.")
    elif facts.nucleated_cells is not None:
        told.append(
            f"The dose holds about {_many(facts.nucleated_cells)} cells. Dead cells are in this "
            "count. The papers do not say how many of them live."
        )
    else:
        told.append("The papers do not say how many live cells are in the dose.")
    return (*told, *_alive(facts))


def _alive(facts: Facts) -> tuple[str, ...]:
    """Say the share alive; of several the lowest."""
    shares = [one for one in facts.answers if one.test == "viability" and one.share is not None]
    if not shares:
        return ("The papers do not give a sure figure for the share of cells that were alive.",)
    lowest = min(shares, key=lambda one: one.share or Decimal(0))
    when = lowest.measured_at
    # Never more than there are.
    whole = int(lowest.share or 0)
    told = f"About {whole} of 100 cells were alive" if whole else "Fewer than 1 of 100 cells lived"
    if when is None:
        return (f"{told}.", "The papers do not say when this was measured.")
    hour = f" at {when:%H:%M}" if (when.hour, when.minute) != (0, 0) else ""
    thawed = " They had just been thawed." if _just_thawed(facts, when) else ""
    return (f"{told} when they were checked on {_day(when)}{hour}.{thawed}",)


def _just_thawed(facts: Facts, when: dt.datetime) -> bool:
    thawed = facts.thawed
    if thawed is None:
        return False
    passed = when.replace(tzinfo=None) - thawed.replace(tzinfo=None)
    return dt.timedelta(0) <= passed <= dt.timedelta(hours=2)


def _germ_tests(assessment: Assessment, facts: Facts | None) -> tuple[GermTest, ...]:
    if facts is None:
        return ()
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for result in assessment.results:
        family = _family(facts, result)
        if family not in _GERMS or result.outcome is Outcome.NOT_APPLICABLE:
            continue
        # What was found of the donor is told once, and all else line by line.
        group = family if family == "donor" else result.id
        key = (
            group,
            _laboratory(facts, result),
            shape(result.outcome.value),
            _found(facts, result),
        )
        found.setdefault(key, []).append(_name(facts, result))
    return tuple(
        GermTest(_named(group, list(dict.fromkeys(names))), laboratory, looks, text)
        for (group, laboratory, looks, text), names in found.items()
    )


def _family(facts: Facts, result: CriterionResult) -> str:
    asked = facts.asked.get(result.id)
    return asked.family if asked else ""


def _name(facts: Facts, result: CriterionResult) -> str:
    tests = facts.asked[result.id].tests
    if facts.asked[result.id].family == "donor":
        for beginnings, name in _DONOR_NAMES:
            if tests[0].startswith(beginnings):
                return name
    return _NAMES.get(tests[0], said(result.title, SHORT))


def _named(group: str, names: Sequence[str]) -> str:
    return f"Tests of the donor: {', '.join(names)}" if group == "donor" else ", ".join(names)


def _laboratory(facts: Facts, result: CriterionResult) -> str:
    paths = list(dict.fromkeys(one.place.path for one in result.evidence))
    named = [(paper.laboratory if (paper := facts.paper(path)) else None) for path in paths]
    known = list(dict.fromkeys(said(one, SHORT) for one in named if one))
    if known:
        return ", ".join(known)
    return "The paper does not name the lab" if paths else "Nobody, as far as the papers show"


def _found(facts: Facts, result: CriterionResult) -> str:
    quoted = f"The paper says: “{said(result.observed or '', SHORT)}”." if result.observed else ""
    texts = {
        Outcome.PASS: _met(facts, result),
        Outcome.ALERT: f"{_met(facts, result)} But it is close to the limit.",
        Outcome.FAIL: f"This test did not pass. {quoted}",
        Outcome.PENDING: f"Still running. {quoted}",
        Outcome.INVALID: "The test did not work. It does not count.",
        Outcome.INDETERMINATE: f"Not clear, so it does not count. {quoted}",
        Outcome.MISSING: "No result was found.",
        Outcome.WAIVED: f"This did not meet the rules. The clinic has let it pass. {quoted}",
    }
    return texts[result.outcome].strip()


def _met(facts: Facts, result: CriterionResult) -> str:
    family = _family(facts, result)
    if family in _CLEAN:
        return _CLEAN[family]
    limit = said(result.limit, SHORT)
    found = f"It meets the limit. The paper says {said(result.observed or '', SHORT)}."
    counted = computed(result)
    of_dose = f" For this dose that is {counted}." if counted.endswith("/kg") else ""
    return f"{found}{of_dose} Limit: {limit}."


def _running(assessment: Assessment) -> tuple[str, ...]:
    pending = [one for one in assessment.results if one.outcome is Outcome.PENDING]
    told = []
    for one in pending:
        name = said(one.title, SHORT)
        due = f"The result is due on {_day(one.due)}." if one.due else "No day is set for it."
        told.append(f"This test still runs: {name}. {due}")
    return tuple(told)


def _placing(facts: Facts) -> tuple[str, ...]:
    route = _ROUTES.get(facts.stated.get("route", ""))
    where = (
        f"The cells are to be put {route}."
        if route
        else "The papers do not say where the cells are to be put."
    )
    guide = _GUIDES.get(facts.guidance or "")
    return where, guide or "The papers do not say if the doctor will watch the needle."


def _others(assessment: Assessment, facts: Facts | None) -> tuple[str, ...]:
    if facts is None:
        return ()
    others = [
        one
        for one in assessment.results
        if _family(facts, one) not in _GERMS and one.outcome is not Outcome.NOT_APPLICABLE
    ]
    if not others:
        return ()
    met = [one for one in others if one.outcome in (Outcome.PASS, Outcome.ALERT)]
    told = [
        f"There are {plural(len(others), 'other check', 'other checks')} of the cells. "
        f"{'All' if len(met) == len(others) else len(met)} of them met the limit."
    ]
    unmet = [said(one.title, SHORT) for one in others if one not in met]
    if unmet:
        shown = "; ".join(unmet[:_MOST])
        more = f"; and {len(unmet) - _MOST} more" if len(unmet) > _MOST else ""
        told.append(f"Not met, or not clear: {shown}{more}.")
    return tuple(told)


def _day(day: dt.date | None) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""


def _many(cells: Decimal) -> str:
    """Write a number of cells as a person says it: 156 million, three figures at the most."""
    for size, word in ((Decimal(10**9), " billion"), (Decimal(10**6), " million")):
        if cells >= size:
            return f"{_three(cells / size)}{word}"
    return f"{int(cells):,}"


def _three(value: Decimal) -> str:
    places = max(0, 2 - value.adjusted())
    # Never more than there are.
    return _short(value.quantize(Decimal(1).scaleb(-places), rounding="ROUND_DOWN"))


def _short(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
