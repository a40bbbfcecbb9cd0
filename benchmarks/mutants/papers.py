"""Unsafe changes of one certificate: a PDF that is drawn again with other words in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

from benchmarks.mutants import oracle
from benchmarks.mutants.dates import lookalike, other_number, suffixed
from benchmarks.mutants.kinds import UNSAFE, one_of
from benchmarks.mutants.lots import Form, Lot

# isort: split
from _make.certificates import Certificate

Cells = list[str]
_LOT = ("LOT #", "Batch No.", "Lot number")
_SAMPLE = ("SAMPLE ID", "Sample ID")
_STATUS = ("REPORT STATUS", "Report status")
_START = ("DATE STARTED", "Test start", "Test started")
_END = ("DATE COMPLETED", "Test end", "Test completed")
_SAMPLED = ("DATE SAMPLED", "Sampled", "Date sampled")
_ISSUED = ("Date of issue", "Date issued")
_FORMATS = ("%m/%d/%Y", "%Y-%m-%d", "%d-%b-%Y")
# Which rows are about which test, by their own names.
_TESTS = (
    (r"FTM|SCDM|^Sterility", "sterility"), (r"^In-process", "in_process_culture"),
    (r"^Mycoplasma", "mycoplasma"), (r"^Gram", "gram_stain"), (r"PPC", "endotoxin_ppc"),
    (r"endotoxins", "endotoxin"), (r"(?i)anti-?HIV|HIV.*antibod", "hiv_antibody"),
    (r"HIV", "hiv_nat"), (r"HBsAg", "hbs_antigen"), (r"(?i)HBc", "hbc_antibody"),
    (r"HBV", "hbv_nat"), (r"(?i)anti-?HCV|HCV.*antibod", "hcv_antibody"), (r"HCV", "hcv_nat"),
    (r"Syphilis", "syphilis"), (r"HTLV", "htlv"),
)  # fmt: skip
_BAD = {
    "sterility": ("Growth, Cutibacterium acnes, day 6", "Growth observed", "Positive"),
    "in_process_culture": ("Growth", "Positive after 2 days", "Gram-positive cocci"),
    "mycoplasma": ("Detected", "Positive"),
    "gram_stain": ("Gram-positive cocci seen", "Organisms seen", "Few Gram-negative rods"),
}


def forms(lot: Lot) -> Iterator[tuple[str, Form]]:
    yield from lot.of(Form).items()


def test_of(row: Sequence[str]) -> str:
    """Say which test a certificate's row is about, "" for one that nobody asks for."""
    return next((test for pattern, test in _TESTS if re.search(pattern, row[0])), "")


def result_column(form: Form) -> int:
    columns = [text.casefold() for text in form.said.columns]
    return columns.index("observation" if "observation" in columns else "result")


def redrawn(lot: Lot, name: str, **changes: object) -> Lot:
    form = lot.of(Form)[name]
    return lot.with_file(name, replace(form, said=replace(form.said, **changes)))


def _with_row(lot: Lot, name: str, place: int, cells: Sequence[str] | None) -> Lot:
    rows = [list(row) for row in lot.of(Form)[name].said.rows]
    rows[place : place + 1] = [] if cells is None else [list(cells)]
    return redrawn(lot, name, rows=rows)


def _rows(lot: Lot, tests: Sequence[str]) -> list[tuple[str, int, Cells]]:
    return [
        (name, place, list(row))
        for name, form in forms(lot)
        for place, row in enumerate(form.said.rows)
        if test_of(row) in tests
    ]


def _running(row: Sequence[str]) -> bool:
    return any("to date" in cell for cell in row)


def _result(
    name: str,
    texts: Callable[[str], Sequence[str]],
    *,
    wait: bool = False,
    only: Callable[[Cells], bool] = lambda _: True,
) -> None:
    """Put other words for a result; the laboratory's own evaluation beside it stays."""

    @UNSAFE(f"paper: {name}", may_wait=wait)
    def _(lot: Lot, random: Random) -> Lot | None:
        found = [item for item in _rows(lot, oracle.in_words(lot)) if only(item[2])]
        chosen = one_of(random, found)
        if chosen is None:
            return None
        path, place, row = chosen
        row[result_column(lot.of(Form)[path])] = random.choice(list(texts(test_of(row))))
        return _with_row(lot, path, place, row)


_RUNS = ("Pending", "In progress", "To follow")
_result("result word turned", lambda test: _BAD.get(test, ("Reactive", "Repeatedly reactive")))
_result("result void", lambda _: ("Invalid", "Not tested", "Inconclusive", "Void"))
_result("result in unknown words", lambda _: ("see attachment", "OK?", "as discussed"))
# A culture that runs is "Pending" beside a blank reading too, and "complies" beside it is the
# laboratory's own word for the result.
_result(
    "result blank",
    lambda _: ("", "-", "n/a"),
    only=lambda row: not _running(row) and row[-1] != "complies",
)
_result(
    "sterility not yet there", lambda _: _RUNS, wait=True,
    only=lambda row: test_of(row) == "sterility",
)  # fmt: skip
_result(
    "another result not yet there", lambda _: _RUNS, only=lambda row: test_of(row) != "sterility"
)


@UNSAFE("paper: laboratory's evaluation bad beside a good result")
def _evaluation(lot: Lot, random: Random) -> Lot | None:
    marks = {"P": "F", "complies": "does not comply"}
    found = [
        (name, place, row)
        for name, place, row in _rows(lot, oracle.in_words(lot))
        if row[-1] in marks
    ]
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, place, row = chosen
    return _with_row(lot, name, place, [*row[:-1], marks[row[-1]]])


@UNSAFE("paper: turbid, and neither transfer nor four more days")
def _turbid(lot: Lot, random: Random) -> Lot | None:
    found = [
        (name, place, row)
        for name, place, row in _rows(lot, ["sterility"])
        if "TURBIDITY" in lot.of(Form)[name].said.columns and "to date" not in row[2]
    ]
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, place, row = chosen
    return _with_row(lot, name, place, [row[0], "+", *row[2:]])


@UNSAFE("paper: speaks of too few days")
def _few_days(lot: Lot, random: Random) -> Lot | None:
    found = [
        item for item in _rows(lot, ["sterility"])
        if not any("to date" in cell for cell in item[2])
    ]  # fmt: skip
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, place, row = chosen
    row[result_column(lot.of(Form)[name])] = f"No growth after {random.randint(1, 13)} days"
    return _with_row(lot, name, place, row)


@UNSAFE("paper: medium missing")
def _one_medium(lot: Lot, random: Random) -> Lot | None:
    chosen = one_of(random, _rows(lot, ["sterility"]))
    return None if chosen is None else _with_row(lot, chosen[0], chosen[1], None)


@UNSAFE("paper: medium twice")
def _same_medium(lot: Lot, random: Random) -> Lot | None:
    """Two aerobic bottles, or two tubes of one medium, are no anaerobic culture."""
    found = _rows(lot, ["sterility"])
    if not found:
        return None
    (name, place, row), (_, _, other) = random.sample(found, 2)
    return _with_row(lot, name, place, [other[0], *row[1:]])


@UNSAFE("paper: test missing")
def _no_test(lot: Lot, random: Random) -> Lot | None:
    """Take all rows of a test away; a paper that loses its only rows is left out elsewhere."""
    tests = [test for test in oracle.required(lot) if _rows(lot, [test])]
    test = one_of(random, tests)
    if test is None:
        return None
    name = _rows(lot, [test])[0][0]
    kept = [row for row in lot.of(Form)[name].said.rows if test_of(row) != test]
    return redrawn(lot, name, rows=kept) if kept else None


_NUMBER = re.compile(r"[<≤]?\s*(\d+(?:[.,]\d+)?)")


def _number(lot: Lot, random: Random, pattern: str, texts: Sequence[str]) -> Lot | None:
    found = [(n, p, row) for n, p, row in _rows(lot, ["endotoxin", "endotoxin_ppc"])
             if re.search(pattern, row[0])]  # fmt: skip
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, place, row = chosen
    column = result_column(lot.of(Form)[name])
    text = random.choice(list(texts))
    mark = lot.manifest.get("locale", {}).get("decimal", ".")
    row[column] = _NUMBER.sub(text.replace(".", mark), row[column], count=1)
    return _with_row(lot, name, place, row)


@UNSAFE("paper: endotoxin above its limit")
def _endotoxin(lot: Lot, random: Random) -> Lot | None:
    """At most 5 EU/kg: by the volume and the weight of the lots here, 50 EU/mL are above it."""
    return _number(lot, random, "endotoxins", [f"{random.randint(50, 900)}", "61.5"])


@UNSAFE("paper: comparator flipped")
def _flipped(lot: Lot, random: Random) -> Lot | None:
    return _number(lot, random, "endotoxins", ["> 0.50", ">0.5", "≥ 0.50"])


@UNSAFE("paper: product control out of 50 to 200 %")
def _ppc(lot: Lot, random: Random) -> Lot | None:
    low, high = random.randint(1, 48), random.randint(202, 900)
    return _number(lot, random, "PPC", [str(low), str(high), "12.5"])


@UNSAFE("paper: unit of another dimension")
def _unit(lot: Lot, random: Random) -> Lot | None:
    found = _rows(lot, ["endotoxin"])
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, place, row = chosen
    unit = random.choice(("%", "ng/mL", "CFU/mL", "cells/mL"))
    return _with_row(lot, name, place, [cell.replace("EU/mL", unit) for cell in row])


# --- boxes ---------------------------------------------------------------------------------


def _box(lot: Lot, name: str, labels: Sequence[str]) -> tuple[int, str, str] | None:
    boxes = lot.of(Form)[name].said.boxes
    found = ((n, label, text) for n, (label, text) in enumerate(boxes) if label in labels)
    return next(found, None)


def _boxed(
    lot: Lot,
    random: Random,
    labels: Sequence[str],
    change: Callable[[str], str | None],
    *,
    only: Callable[[Certificate], bool] = lambda _: True,
) -> Lot | None:
    """Change what stands in one box of a certificate; None takes the box's text away."""
    found = []
    for name, form in forms(lot):
        box = _box(lot, name, labels)
        if box is None or not only(form.said):
            continue
        text = change(box[2])
        if text is not None:
            boxes = list(form.said.boxes)
            boxes[box[0]] = (box[1], text)
            found.append((name, boxes))
    chosen = one_of(random, found)
    return None if chosen is None else redrawn(lot, chosen[0], boxes=chosen[1])


def _relabelled(name: str, rename: Callable[[str, Random], str | None]) -> None:
    @UNSAFE(f"paper: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        return _boxed(lot, random, _LOT, lambda text: rename(text, random))


_relabelled("lot number of another lot", other_number)
_relabelled("lot number with O for 0", lookalike)
_relabelled("lot number with I for 1", lambda text, random: lookalike(text, random, "1I"))
_relabelled("lot number with a suffix", suffixed)
_relabelled("lot number blank", lambda text, random: "")


@UNSAFE("paper: sample bears another lot's number")
def _other_sample(lot: Lot, random: Random) -> Lot | None:
    last = (int(lot.number[-1]) + random.randint(1, 9)) % 10
    name = f"{lot.number[:-1]}{last}-FP"
    return _boxed(lot, random, _SAMPLE, lambda _: name)


@UNSAFE("paper: donation number of another donor")
def _din(lot: Lot, random: Random) -> Lot | None:
    number = f"W0000 26 1{random.randint(10000, 99999)}"
    return _boxed(lot, random, ["Donation number"], lambda _: number)


_OPEN = ("Preliminary", "Draft", "Not approved", "For review")


@UNSAFE("paper: status of sterility not final", may_wait=True)
def _preliminary(lot: Lot, random: Random) -> Lot | None:
    return _unfinished(lot, random, _of("sterility"))


@UNSAFE("paper: status of another paper not final")
def _draft(lot: Lot, random: Random) -> Lot | None:
    def asked(said: Certificate) -> bool:
        tests = {test_of(row) for row in said.rows} & set(oracle.required(lot))
        return bool(tests) and "sterility" not in tests

    return _unfinished(lot, random, asked)


def _unfinished(lot: Lot, random: Random, only: Callable[[Certificate], bool]) -> Lot | None:
    def change(text: str) -> str | None:
        return random.choice(_OPEN) if text == "Final" else None

    return _boxed(lot, random, _STATUS, change, only=only)


def date_read(text: str) -> tuple[dt.date, str] | None:
    """Read a date as the samples print it, with the pattern that prints it again."""
    for pattern in _FORMATS:
        try:
            return dt.datetime.strptime(text, pattern).date(), pattern
        except ValueError:
            continue
    return None


def _moved(days: int) -> Callable[[str], str | None]:
    def move(text: str) -> str | None:
        found = date_read(text)
        return f"{found[0] + dt.timedelta(days):{found[1]}}" if found else None

    return move


def _of(test: str) -> Callable[[Certificate], bool]:
    return lambda said: any(test_of(row) == test for row in said.rows)


@UNSAFE("paper: end of the incubation too early")
def _early_end(lot: Lot, random: Random) -> Lot | None:
    return _boxed(lot, random, _END, _moved(-random.randint(1, 13)), only=_of("sterility"))


@UNSAFE("paper: start of the incubation too late")
def _late_start(lot: Lot, random: Random) -> Lot | None:
    def finished(said: Certificate) -> bool:
        return _of("sterility")(said) and any(label in _END for label, _ in said.boxes)

    return _boxed(lot, random, _START, _moved(random.randint(1, 13)), only=finished)


@UNSAFE("paper: sampled after the test began")
def _late_sample(lot: Lot, random: Random) -> Lot | None:
    return _boxed(lot, random, _SAMPLED, _moved(random.randint(5, 90)))


@UNSAFE("paper: sampled before the harvest")
def _early_sample(lot: Lot, random: Random) -> Lot | None:
    return _boxed(lot, random, _SAMPLED, _moved(-random.randint(1, 60)), only=_of("sterility"))


@UNSAFE("paper: issued in the future")
def _future(lot: Lot, random: Random) -> Lot | None:
    return _boxed(lot, random, _ISSUED, _moved(random.randint(60, 900)))


@UNSAFE("paper: issued before the test was complete")
def _early_issue(lot: Lot, random: Random) -> Lot | None:
    return _boxed(lot, random, _ISSUED, _moved(-random.randint(20, 90)))


@UNSAFE("paper: start of the incubation not stated")
def _no_start(lot: Lot, random: Random) -> Lot | None:
    return _boxed(lot, random, _START, lambda _: "", only=_of("sterility"))


@UNSAFE("paper: a date that is none")
def _no_date(lot: Lot, random: Random) -> Lot | None:
    text = random.choice(("02/30/2026", "31-Feb-2026", "soon", "2026-13-01"))
    return _boxed(lot, random, _START, lambda _: text, only=_of("sterility"))


# --- signatures and remarks ----------------------------------------------------------------


def _any_form(lot: Lot, random: Random) -> tuple[str, Certificate] | None:
    chosen = one_of(random, sorted(lot.of(Form)))
    return None if chosen is None else (chosen, lot.of(Form)[chosen].said)


@UNSAFE("paper: signature missing")
def _unsigned(lot: Lot, random: Random) -> Lot | None:
    chosen = _any_form(lot, random)
    return None if chosen is None else redrawn(lot, chosen[0], signatures=[])


@UNSAFE("paper: signature empty")
def _blank_signature(lot: Lot, random: Random) -> Lot | None:
    chosen = _any_form(lot, random)
    if chosen is None:
        return None
    empty = [[(label, "") for label, _ in pairs] for pairs in chosen[1].signatures]
    return redrawn(lot, chosen[0], signatures=empty)


@UNSAFE("paper: signed before the test was complete")
def _early_signature(lot: Lot, random: Random) -> Lot | None:
    found = [(n, f.said) for n, f in forms(lot) if any(box[0] in _END for box in f.said.boxes)]
    chosen = one_of(random, found)
    if chosen is None:
        return None
    move = _moved(-random.randint(20, 60))
    last = [(label, move(text) or text) for label, text in chosen[1].signatures[-1]]
    return redrawn(lot, chosen[0], signatures=[*chosen[1].signatures[:-1], last])


def _remarked(name: str, texts: Sequence[str], pattern: str = "", *, wait: bool = False) -> None:
    @UNSAFE(f"paper: {name}", may_wait=wait)
    def _(lot: Lot, random: Random) -> Lot | None:
        found = [
            (path, form.said)
            for path, form in forms(lot)
            if not pattern or any(re.search(pattern, text) for text in form.said.remarks)
        ]
        chosen = one_of(random, found)
        if chosen is None:
            return None
        kept = [text for text in chosen[1].remarks if not pattern or not re.search(pattern, text)]
        return redrawn(lot, chosen[0], remarks=[*kept, random.choice(list(texts))])


_remarked(
    "negative control grew",
    ["Growth was observed in the negative control. Growth was observed in the positive control."],
    "egative control",
)
_remarked(
    "positive control did not grow",
    ["No growth was observed in the negative control or in the positive control.",
     "Negative control: no growth. Positive control: no growth."],
    "ositive control",
)  # fmt: skip
_remarked(
    "conclusion bad",
    ["Conclusion: the sample does not comply with the specification.",
     "Conclusion: the product fails the test."],
    "Conclusion|within their limits",
)  # fmt: skip
_remarked(
    "remark that takes the result back",
    ["The test is invalid and must be repeated.", "This report is withdrawn.",
     "Growth was observed in one bottle on day 16.", "Sample received leaking; results doubtful.",
     "The sample was contaminated."],
)  # fmt: skip
_remarked(
    "report is only interim",
    ["This is an interim report. The final report follows after 14 days of incubation.",
     "Preliminary results, subject to change."],
    wait=True,
)  # fmt: skip


@UNSAFE("paper: marked as of no worth")
def _void(lot: Lot, random: Random) -> Lot | None:
    chosen = _any_form(lot, random)
    if chosen is None:
        return None
    mark = random.choice(("DRAFT", "VOID", "CANCELLED", "SPECIMEN - NOT FOR RELEASE"))
    return redrawn(lot, chosen[0], title=f"{chosen[1].title} - {mark}")


@UNSAFE("paper: page missing")
def _page(lot: Lot, random: Random) -> Lot | None:
    drawn_pages = [name for name, form in forms(lot) if not form.is_office]
    name = one_of(random, sorted(drawn_pages))
    if name is None:
        return None
    form = lot.of(Form)[name]
    pages = random.choice((b"Page 1 of 2", b"Page 2 of 2", b"Page 1 of 3"))
    return lot.with_file(name, replace(form, after=lambda pdf: pdf.replace(b"Page 1 of 1", pages)))


@UNSAFE("paper: file cut off")
def _cut(lot: Lot, random: Random) -> Lot | None:
    chosen = _any_form(lot, random)
    if chosen is None:
        return None
    share = random.uniform(0.05, 0.6)
    form = lot.of(Form)[chosen[0]]
    cut = replace(form, after=lambda pdf: pdf[: int(len(pdf) * share)])
    return lot.with_file(chosen[0], cut)
