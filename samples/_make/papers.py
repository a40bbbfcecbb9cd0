"""Words of the certificates: who tests what, how each laboratory phrases it and dates it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from _make.certificates import (
    Certificate,
    Laboratory,
    Row,
    european_report,
    plain_columns,
    us_form,
)

COAST = Laboratory(
    "Example Coast Microbiology, Inc. (fictitious)",
    "100 Sample Road, Anytown, CA 00000   Tel (555) 010-0100",
    "ISO/IEC 17025:2017 accredited, certificate EX-0000 (fictitious)",
)
MUSTER = Laboratory(
    "Muster Analytik GmbH (fictitious)",
    "Beispielweg 1, 00000 Musterstadt",
    "ISO/IEC 17025:2017, D-XX-00000-00-00 (fictitious)",
)
PLACEHOLDER = Laboratory(
    "PLACEHOLDER BIOASSAY LTD (fictitious)",
    "1 Nowhere Lane, Anytown",
    "ISO/IEC 17025:2017 testing laboratory No. 0000 (fictitious)",
)
DONORS = Laboratory(
    "SPECIMEN DONOR TESTING SERVICE (fictitious)",
    "2 Nowhere Lane, Anytown",
    "CLIA 00D0000000 (fictitious); FDA-licensed donor screening assays",
)
CLINIC = "Example Cell Clinic (fictitious)"
AUTHORISED = "B. Specimen, Quality Manager (fictitious)"
ANALYST = "A. Sample, Microbiologist (fictitious)"

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True)
class Sample:
    """What the clinic sent: the lot number as the laboratory prints it, and what it is."""

    lot: str
    sample_id: str
    description: str
    sampled: dt.date
    received: dt.date


@dataclass(frozen=True)
class Test:
    """When a test was done; `completed` is None while it runs."""

    number: str
    started: dt.date
    completed: dt.date | None
    issued: dt.date

    @property
    def end(self) -> dt.date:
        if self.completed is None:
            raise ValueError(f"{self.number}: the test still runs")
        return self.completed


def american(date: dt.date) -> str:
    return f"{date:%m/%d/%Y}"


def printed(date: dt.date) -> str:
    """Write 18-Mar-2026; `%b` would follow the machine's language."""
    return f"{date.day:02d}-{_MONTHS[date.month - 1]}-{date.year}"


def us_sterility(
    sample: Sample, test: Test, results: tuple[Row, Row], remarks: Sequence[str] = ()
) -> bytes:
    """Print the American sterility form; `results` are turbidity, observation, P or F by medium."""
    interim = test.completed is None
    if interim:
        last = ("DATE OF INTERIM READING", american(test.issued))
    else:
        last = ("DATE COMPLETED", american(test.end))
    signed = american(test.issued)
    return us_form(
        Certificate(
            laboratory=COAST,
            title="Interim sterility report" if interim else "Sterility test report",
            report_number=test.number,
            boxes=[
                ("CLIENT", CLINIC),
                ("REPORT #", test.number),
                ("TYPE OF TEST", "Sterility, final product"),
                ("REPORT STATUS", "Preliminary" if interim else "Final"),
                ("DESCRIPTION", sample.description),
                ("SAMPLE ID", sample.sample_id),
                ("LOT #", sample.lot),
                ("DATE SAMPLED", american(sample.sampled)),
                ("TEST METHOD", "USP <71>, direct inoculation"),
                ("DATE RECEIVED", american(sample.received)),
                ("TEST SOP #", "SOP-EX-071 Rev. 3"),
                ("DATE STARTED", american(test.started)),
                ("SAMPLE VOLUME", "1 mL per medium"),
                last,
            ],
            columns=["MEDIA", "TURBIDITY", "OBSERVATION", "RESULT"],
            rows=[
                ["Fluid Thioglycollate Medium (FTM)", *results[0]],
                ["Soybean-Casein Digest Medium (SCDM)", *results[1]],
            ],
            remarks=[
                "FTM is incubated at 32.5 ± 2.5 °C for anaerobic and aerobic bacteria, SCDM at "
                "22.5 ± 2.5 °C for fungi and aerobic bacteria, both for 14 days.",
                "No growth was observed in the negative control. Growth was observed in the "
                "positive control.",
                "Legend: (+) turbid, (-) clear, P = Pass, F = Fail",
                *remarks,
            ],
            signatures=[
                [("TESTED BY", ANALYST), ("DATE", signed)],
                [("REVIEWED BY", AUTHORISED), ("DATE", signed)],
            ],
        )
    )


def european(
    title: str,
    sample: Sample,
    test: Test,
    rows: Sequence[Row],
    remarks: Sequence[str],
) -> bytes:
    """Print the European report; each row is test, method, specification, result, evaluation."""
    return european_report(
        Certificate(
            laboratory=MUSTER,
            title=title,
            report_number=test.number,
            boxes=[
                ("Customer", CLINIC),
                ("Report No.", test.number),
                ("Sample", sample.description),
                ("Report status", "Final"),
                ("Batch No.", sample.lot),
                ("Sample ID", sample.sample_id),
                ("Sampled", sample.sampled.isoformat()),
                ("Test start", test.started.isoformat()),
                ("Received", sample.received.isoformat()),
                ("Test end", test.end.isoformat()),
                ("Inoculum volume", "500 µL per bottle"),
                ("Date of issue", test.issued.isoformat()),
            ],
            columns=["Test", "Method", "Specification", "Result", "Evaluation"],
            rows=rows,
            remarks=remarks,
            signatures=[
                [("Tested by", ANALYST), ("Date", test.end.isoformat())],
                [("Approved by", AUTHORISED), ("Date", test.issued.isoformat())],
            ],
        )
    )


def bottles(name: str, result: str, evaluation: str = "complies") -> list[Row]:
    """Give the rows of an automated culture: an aerobic and an anaerobic bottle."""
    return [
        [f"{name}, {kind} bottle", "Ph. Eur. 2.6.27", "No growth", result, evaluation]
        for kind in ("aerobic", "anaerobic")
    ]


SO_FAR = "This is an interim report. The final report follows after 14 days of incubation."
COMPLIES = (
    "Culture bottles are incubated at 30-35 °C and read continuously.",
    "Growth promotion and method suitability: complies. Negative control: no growth.",
    "Conclusion: the sample complies with the specification.",
)


def in_process(sample: Sample, test: Test) -> bytes:
    """Print the report on a culture taken before harvest, without growth."""
    days = (test.end - test.started).days
    rows = bottles("In-process culture", f"No growth after {days} days")
    return european("Test report - In-process control", sample, test, rows, COMPLIES)


def print_out(
    title: str,
    sample: Sample,
    test: Test,
    rows: Sequence[Row],
    *,
    laboratory: Laboratory = PLACEHOLDER,
    more: Sequence[tuple[str, str]] = (),
    remarks: Sequence[str] = ("All results are within their limits.",),
) -> bytes:
    """Print the plain report; each row is analysis, method, result, unit, limit."""
    return plain_columns(
        Certificate(
            laboratory=laboratory,
            title=title,
            report_number=test.number,
            boxes=[
                ("Report number", test.number),
                ("Report status", "Final"),
                ("Client", CLINIC),
                ("Lot number", sample.lot),
                ("Sample ID", sample.sample_id),
                ("Sample", sample.description),
                *more,
                ("Date sampled", printed(sample.sampled)),
                ("Date received", printed(sample.received)),
                ("Test started", printed(test.started)),
                ("Test completed", printed(test.end)),
                ("Date issued", printed(test.issued)),
            ],
            columns=["Analysis", "Method", "Result", "Unit", "Limit"],
            rows=rows,
            remarks=remarks,
            signatures=[[("Authorised by", AUTHORISED), ("Date", printed(test.issued))]],
        )
    )


MYCOPLASMA = ["Mycoplasma, NAT", "USP <63>", "Not detected", "", "Not detected"]
GRAM = ["Gram stain", "SOP-EX-014", "No organisms seen", "", "No organisms seen"]


def endotoxin(result: str, recovery: str) -> list[Row]:
    """Give the rows of a kinetic LAL test: the result and its positive product control."""
    return [
        ["Bacterial endotoxins, LAL", "USP <85>", result, "EU/mL", "NMT 5.0"],
        ["Endotoxin PPC recovery", "USP <85>", recovery, "%", "50 - 200"],
    ]


def donor(sample: Sample, test: Test, din: str, *, leukocytes: bool, subject: str) -> bytes:
    """Print a donor's tests; `leukocytes` adds those for a product rich in living ones."""
    markers = [
        ("Anti-HIV-1/2", "CMIA"),
        ("HIV-1 NAT", "TMA"),
        ("HBsAg", "CMIA"),
        ("Anti-HBc", "CMIA"),
        ("HBV NAT", "TMA"),
        ("Anti-HCV", "CMIA"),
        ("HCV NAT", "TMA"),
        ("Syphilis", "Treponemal CMIA"),
    ]
    if leukocytes:
        markers += [("Anti-HTLV-I/II", "CMIA"), ("Anti-CMV", "CMIA")]
    return print_out(
        "DONOR TESTING REPORT",
        sample,
        test,
        [[name, method, "Non-reactive", "", "Non-reactive"] for name, method in markers],
        laboratory=DONORS,
        more=[("Donation number", din), ("Person tested", subject)],
        remarks=("All tests are FDA-licensed for donor screening.",),
    )
