"""The rules, each with its code: what `qcvalidate rules` lists and `qcvalidate explain` tells.

Codes are never reused. A criterion's outcome takes its code from the family of its test and
the kind of outcome (`outcome_rule`); a finding names its rule by slug. What `explain` tells of a
rule stands in explanations.py.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache

from qcvalidate.errors import UsageError


@dataclass(frozen=True)
class Rule:
    """One rule: `title` says what it means in a line.

    `family` and `kind` are those of an outcome's rule, None for a finding's.
    """

    code: int
    slug: str
    title: str
    family: str | None = None
    kind: str | None = None


# 1xx: files and reading.
_READING = (
    Rule(101, "document-unreadable", "A document cannot be read"),
    Rule(102, "document-empty", "A document is empty"),
    Rule(103, "pdf-encrypted", "A PDF wants a password"),
    Rule(104, "pdf-damaged", "A PDF is truncated or damaged"),
    Rule(105, "no-text-layer", "A document holds pictures of text that cannot be read here"),
    Rule(106, "page-unread", "A page of a document, or a part of it, could not be read"),
    Rule(107, "document-unclaimed", "No reader knows this document"),
    Rule(108, "document-claimed-twice", "Two readers claim one document"),
    Rule(109, "file-kind-unknown", "A file in the lot folder is of no kind that we read"),
    Rule(110, "result-blank", "A result is blank"),
    Rule(111, "table-empty", "A table of results has no rows"),
    Rule(112, "table-header-unknown", "A table of results lacks a column that it must have"),
    Rule(113, "number-unreadable", "A result is not a number that our grammar knows"),
    Rule(114, "number-ambiguous", "A number can be read in two ways"),
    Rule(115, "date-ambiguous", "A date can be read in two ways"),
    Rule(116, "date-unreadable", "A date is not one that our grammar knows"),
    Rule(117, "unit-unknown", "A unit is not one that the test may have"),
    Rule(118, "result-wording-unknown", "A result's wording is not one that we know"),
    Rule(119, "test-unknown", "A row names a test that the vocabulary does not know"),
    Rule(120, "text-hidden", "A document holds text that a person cannot see"),
    Rule(121, "text-struck", "A document holds text that is struck through"),
    Rule(122, "row-conflict", "A row's own verdict contradicts its result"),
    Rule(123, "conclusion-conflict", "A document's conclusion contradicts its rows"),
    Rule(124, "formula-without-value", "A cell holds a formula whose value was never computed"),
    Rule(125, "cells-hidden", "A workbook hides rows, columns or sheets"),
    Rule(126, "form-field", "A PDF keeps values in form fields"),
    Rule(127, "document-too-large", "A document is larger than we will read"),
    Rule(128, "field-conflict", "A document gives one field two values"),
    Rule(129, "document-dishonest", "A document's content contradicts its file type"),
    Rule(130, "fcs-magic", "A file named .fcs is not an FCS file"),
    Rule(131, "fcs-truncated", "An FCS file ends before its DATA segment does"),
    Rule(132, "fcs-text-damaged", "An FCS file's TEXT segment cannot be trusted"),
    Rule(133, "fcs-inconsistent", "An FCS file's keywords do not add up"),
    Rule(134, "fcs-unsupported", "An FCS file is of a kind that we do not read"),
    Rule(135, "fcs-decoders-disagree", "Two decoders read different events from one FCS file"),
    Rule(136, "fcs-odd", "An FCS file is legal but odd"),
    Rule(137, "fcs-single-decoder", "Only our own decoder read an FCS file"),
    Rule(138, "field-unreadable", "A header field's value does not have the shape of its field"),
    Rule(139, "laboratory-verdict-failed", "The laboratory itself says that something failed"),
    Rule(140, "strategy-unreadable", "A gating strategy cannot be read"),
    Rule(
        141, "gate-unsupported", "A gating strategy holds a gate or transformation we do not know"
    ),
    Rule(142, "strategy-parameter-missing", "A gate names a parameter that the file does not have"),
    Rule(143, "gate-parent-missing", "A gate's parent is missing, or is its own ancestor"),
    Rule(144, "strategy-missing", "A list-mode file has no gating strategy"),
    Rule(145, "strategy-ambiguous", "A list-mode file has more than one gating strategy"),
    Rule(146, "compensation-unusable", "A compensation cannot be applied"),
    Rule(147, "uncompensated", "A list-mode file was gated without compensation"),
    Rule(148, "population-missing", "The specification wants a population that no gate defines"),
    Rule(149, "population-not-evaluable", "A population's parent holds no events"),
    Rule(152, "marker-mismatch", "A gate lies on another marker than the test that it answers"),
    Rule(154, "gate-off-scale", "A gate holds all events of its parent, or can hold none"),
    Rule(150, "encoding-assumed", "A text file does not say how its letters are encoded"),
    Rule(151, "file-ignored", "A file was left unread because lot.yaml says so"),
    Rule(153, "paper-hidden", "A hidden file or folder may hold a paper, and was not read"),
    Rule(155, "row-remarked", "A row of a table carries a remark in words of its own"),
    Rule(156, "reading-unconfirmed", "Two engines do not agree on what a picture says"),
    Rule(157, "lab-profile-used", "A document was read with the profile of its laboratory"),
    Rule(158, "lab-profile-misfit", "A document is not as the profile of its laboratory says"),
    Rule(159, "message-part-unread", "A message holds something that may matter and was not read"),
    Rule(160, "reference-unresolved", "A message refers to a part of itself that is not there"),
    Rule(161, "document-tracked-changes", "A document holds changes that nobody has accepted"),
    Rule(162, "shown-otherwise", "What a document shows may differ from what it holds"),
    Rule(163, "text-differs", "A PDF's text is not what its pages show"),
    Rule(164, "page-recognised", "A page is a picture, and its letters were recognised in it"),
    Rule(165, "text-faint", "A document holds words that are easily overlooked"),
    Rule(166, "sample-set-aside", "An export holds samples that are not this lot's"),
    Rule(167, "share-of-other-parent", "A population's share is not of the parent that is asked"),
    Rule(168, "export-mapping-used", "An export was read by a declared column mapping"),
    Rule(169, "dilution-unstated", "An export does not say if a concentration holds the dilution"),
    Rule(170, "row-repeated", "A table of results says the same twice"),
)

# 2xx: identity and chain of custody.
_IDENTITY = (
    Rule(201, "lot-unstated", "A document does not say which lot it is about"),
    Rule(203, "lot-mismatch", "A document is about another lot"),
    Rule(204, "lot-near-miss", "A document's lot number is almost, but not exactly, this lot's"),
    Rule(205, "sample-conflict", "One sample carries two lot numbers"),
    Rule(206, "report-number-conflict", "Two different documents carry one report number"),
    Rule(207, "report-superseded", "A report was replaced by a later one and is set aside"),
    Rule(208, "replaced-report-absent", "A report replaces one that is not here"),
    Rule(209, "identifier-mismatch", "A document carries another identifier than the manifest"),
    Rule(210, "duplicate-document", "The same file is here twice"),
    Rule(211, "replacement-doubtful", "A report claims to replace one that it cannot replace"),
    Rule(212, "control-as-sample", "A tube or sample is named like a control"),
    Rule(214, "sample-not-final", "A test of the final product was made on another sample"),
    Rule(213, "result-unasked", "A bad result stands on the papers that no criterion asks about"),
    Rule(216, "lot-split", "A lot of a large table has rows in more than one file"),
    Rule(217, "lot-facts-unclear", "A table of lots does not state one lot's facts once"),
    Rule(218, "held-by-papers", "A lot was held when its papers were read"),
    Rule(220, "specimen-of-wrong-person", "A donor's test is not of the birth mother's specimen"),
    Rule(221, "specimen-outside-window", "A donor's specimen was taken too early or too late"),
    Rule(222, "donor-test-diagnostic", "A donor was tested by a test that is not for screening"),
    Rule(223, "autologous-label", "The label of an autologous product has its own statements"),
    Rule(224, "donor-result-communicated", "A donor's result is told, and excludes no donor"),
    Rule(225, "check-character-wrong", "A donation number's check character does not fit it"),
    Rule(226, "code-malformed", "A code of lot.yaml does not have the form of its kind"),
    Rule(227, "patient-mismatch", "A document is about another patient than the manifest"),
    Rule(230, "laboratory-not-independent", "A laboratory is not shown to be a third party"),
    Rule(231, "laboratory-not-accredited", "A laboratory's accreditation does not cover its paper"),
    Rule(232, "laboratory-not-approved", "A laboratory is not on the approved list"),
    Rule(233, "laboratory-clia-only", "A product's sterility was tested under CLIA alone"),
    Rule(234, "reference-revoked", "A paper cites a regulation that is revoked"),
    Rule(235, "delivery-guidance", "A dose is not delivered as its specification asks"),
    Rule(236, "delivery-recorded", "How a dose is delivered"),
)

# 8xx: time, approval, waiver.
_TIME = (
    Rule(801, "dates-out-of-order", "A document's dates are not in their natural order"),
    Rule(802, "duration-conflict", "A stated incubation contradicts the dates beside it"),
    Rule(803, "date-in-future", "A document is dated after the day of the check"),
    Rule(804, "unsigned", "A certificate names nobody who authorised it"),
    Rule(805, "signed-before-completion", "A certificate was signed before its test was complete"),
    Rule(806, "sample-age", "A measurement lies outside the hours that the specification allows"),
    Rule(807, "lot-expired", "The lot is past its expiry date"),
    Rule(811, "waivers-unusable", "The lot's waivers.yaml cannot be used"),
    Rule(812, "waiver-unknown", "A waiver names no rule or criterion that there is"),
    Rule(813, "waiver-forbidden", "A waiver is for what can never be waived"),
    Rule(814, "waiver-expired", "A waiver is past its expiry day"),
    Rule(815, "waiver-not-valid-yet", "A waiver was approved after the day, or before its paper"),
    Rule(816, "waiver-duplicate", "Two waivers are for the same thing"),
    Rule(817, "waiver-unused", "A waiver is for what did not occur"),
    Rule(818, "waiver-misfit", "A waiver does not fit exactly what was found"),
    Rule(820, "signature-trusted", "A document is digitally signed, whole, and trusted"),
    Rule(821, "signature-unvouched", "Nobody whom you trust vouches for a digital signature"),
    Rule(822, "signature-changed", "A document was changed after it was digitally signed"),
    Rule(823, "signature-broken", "A digital signature does not fit its document"),
    Rule(824, "signature-revoked", "The certificate of a digital signature was revoked"),
    Rule(825, "signature-unsupported", "A digital signature is of a kind that we do not check"),
    Rule(826, "signature-unchecked", "A digital signature was not checked"),
    Rule(827, "signature-field-empty", "A place for a digital signature was left empty"),
    Rule(828, "signature-required", "A required digital signature is missing or not trusted"),
    Rule(829, "signature-stamp", "A document carries a trusted time stamp"),
    Rule(831, "strategy-unapproved", "Nobody has approved a gating strategy that was imported"),
    Rule(832, "strategy-changed", "A gating strategy was changed after it was approved"),
    Rule(833, "strategy-without-card", "A gating strategy does not say who approved it"),
    Rule(834, "strategy-not-allowed", "The specification does not allow a gating strategy"),
    Rule(835, "gate-left-out", "One gate of a strategy was not read; the others were"),
    Rule(836, "strategy-note", "There is something to know about a gating strategy"),
    # 84x: what list-mode files say of themselves.
    Rule(840, "fcs-scaled", "An FCS file's amplification was undone"),
    Rule(841, "fcs-events-lost", "The cytometer says that it lost or aborted events"),
    Rule(842, "fcs-checksum", "An FCS file's checksum does not fit its bytes"),
    Rule(843, "fcs-copies", "A list-mode file holds its events more than once"),
    Rule(844, "document-changed", "A document changed while it was read"),
    Rule(845, "fcs-spillover", "The spillover matrix of an FCS file compensates nothing"),
    Rule(846, "fcs-comment", "An FCS file carries a comment"),
    Rule(847, "fcs-packed", "An FCS file packs its bits, in an order that it does not say"),
    Rule(850, "too-few-events", "A list-mode file holds fewer events than it must"),
    Rule(851, "flow-rate-unsteady", "The flow rate fell or rose during an acquisition"),
    Rule(852, "acquisition-gap", "No event arrived for a part of an acquisition"),
    Rule(853, "time-reversed", "The clock of an acquisition goes backwards"),
    Rule(854, "signal-drift", "A detector's signal changed during an acquisition"),
    Rule(855, "events-off-scale", "Many events lie at the end of a detector's scale"),
    Rule(856, "acquisition-beyond-limit", "Doublets or debris are more than allowed"),
    Rule(857, "instrument-not-allowed", "A file was acquired on another instrument than allowed"),
    Rule(858, "acquisition-not-evaluated", "A quality of an acquisition could not be evaluated"),
    Rule(860, "control-compared", "A control tube was held beside the gate that it is for"),
    Rule(861, "control-in-gate", "A gate holds more of its control than it should"),
    Rule(862, "control-unusable", "A declared control is missing or cannot be used"),
    Rule(870, "count-undeclared", "Something that an absolute count needs is not stated"),
    Rule(871, "count-declared-twice", "The specification and lot.yaml state a count differently"),
    Rule(872, "beads-too-few", "An absolute count rests on too few counting beads"),
    Rule(873, "beads-among-cells", "Counting beads were counted as cells"),
    Rule(874, "beads-expired", "Counting beads had expired, or nobody can tell"),
    Rule(875, "acquired-volume-unclear", "The volume that a cytometer acquired is not certain"),
    Rule(876, "population-elsewhere", "A gate stands on another parent than the one asked for"),
    Rule(877, "gate-on-other-parameter", "A gate does not lie on the stains that it must lie on"),
    Rule(878, "dual-platform-unclear", "A percentage and a cell count cannot be put together"),
    Rule(879, "count-error-undeclared", "The interval of a count leaves out undeclared errors"),
    Rule(885, "counts-disagree", "A reported count or share is not what the raw events give"),
    Rule(886, "counts-agree", "Reported counts or shares agree with the raw events"),
    Rule(887, "analysis-of-other-file", "An analysis is of another list-mode file than is here"),
    Rule(888, "counts-not-compared", "A reported count could not be held against the raw events"),
    Rule(925, "population-unplaced", "An export does not say of which events a share is"),
)

# 9xx: the tool itself.
_TOOL = (
    Rule(901, "pandera-disabled", "The environment switches pandera's checks off"),
    Rule(903, "manifest-unusable", "The lot's manifest cannot be used"),
    Rule(951, "lot-unjudged", "A lot was not judged, for the process that did it was ended"),
    Rule(904, "product-unknown", "No specification has the lot's product as its id"),
    Rule(905, "specification-does-not-fit", "The specification is not meant for such a lot"),
    # 93x: what does not belong to the lot, or keeps the wrong cells.
    Rule(930, "gate-reversed", "A gate keeps the wrong side of its stain"),
    Rule(931, "parent-preselected", "A share is of cells that were chosen by the same stain"),
    Rule(932, "detector-silent", "A detector that a gate lies on saw nothing"),
    Rule(933, "no-dead-cells", "Not one of thousands of cells is dead"),
    Rule(934, "fcs-edited", "An FCS file says that its events were changed after acquisition"),
    Rule(935, "counts-contradict", "The counts and shares of one sample cannot all be true"),
    Rule(936, "count-implausible", "A concentration of cells is more than there can be"),
    Rule(937, "population-not-asked", "A result is of dead or of left-out cells"),
    Rule(938, "result-not-measured", "A result is no measurement of this lot"),
    Rule(908, "specification-departs", "The specification is looser than the one it extends"),
    Rule(907, "specification-unusable", "The specification that the lot names cannot be used"),
    Rule(915, "product-without-cells", "A product without live cells is not judged here"),
    Rule(916, "dose-described", "Which kind of dose a lot is, and how many live cells it holds"),
    # 94x: whether a test could see what it is asked for.
    Rule(940, "dilution-above-mvd", "An endotoxin test was diluted beyond what its limit allows"),
    Rule(941, "bound-below-sensitivity", "An endotoxin result is less than its test can see"),
    Rule(942, "ratio-borderline", "A mycoplasma test's ratio is neither negative nor positive"),
    Rule(943, "ratio-contradicts-words", "A test's ratio says another thing than its words"),
    Rule(944, "positive-after-administration", "A dose that was given turns out to hold organisms"),
    Rule(945, "label-misfit", "A label of the lot does not say what it must"),
    Rule(946, "assay-insensitive", "A mycoplasma assay does not detect as little as it must"),
    Rule(947, "repeat-counted", "A sterility test was invalid, and its one repeat counts"),
    Rule(949, "red-cells-otherwise", "Nucleated red cells are counted otherwise than specified"),
    Rule(950, "red-cells-unstated", "A count does not say if it holds nucleated red cells"),
    Rule(948, "repeat-refused", "A sterility test may not be set aside for a repeat"),
)


@dataclass(frozen=True)
class _Family:
    """The tests that share a block of codes; `failed` and `failing` name and tell a failure."""

    name: str
    first: int
    failed: str
    title: str
    failing: str


# The family of each test is named in schemas/vocabulary/tests.yaml.
FAMILIES = {
    name: _Family(name, first, failed, title, failing)
    for name, first, failed, title, failing in (
        ("viability", 300, "viability-below-limit", "Viability", "is below its limit"),
        ("count", 400, "count-out-of-limits", "A count of cells", "is outside its limits"),
        ("dose", 410, "dose-out-of-limits", "The dose", "is outside its limits"),
        ("volume", 420, "volume-out-of-limits", "The volume", "is outside its limits"),
        ("sterility", 500, "growth-found", "Sterility", "is not met: organisms grew"),
        ("rapid", 510, "organisms-seen", "A rapid microbial test", "found organisms"),
        ("endotoxin", 520, "endotoxin-above-limit", "Endotoxin", "is above its limit"),
        ("mycoplasma", 530, "mycoplasma-detected", "Mycoplasma", "was detected"),
        ("donor", 540, "donor-marker-reactive", "A donor test", "is reactive"),
        ("appearance", 550, "appearance-not-met", "Appearance", "is not as it must be"),
        ("phenotype", 600, "phenotype-out-of-limits", "The phenotype", "is outside its limits"),
        (
            "acquisition",
            620,
            "acquisition-out-of-limits",
            "Acquisition quality",
            "is outside its limits",
        ),
    )
}

# The kinds of outcome that a criterion can have, by their place in a family's block.
OUTCOMES = {
    "fail": 1,
    "indeterminate": 2,
    "pending": 3,
    "missing": 4,
    "invalid": 5,
    "alert": 6,
    "unconfirmed": 7,
    "not-final": 8,
    "incomplete": 9,
}


def rules() -> tuple[Rule, ...]:
    """List every rule in the order of codes, those of each family and outcome among them."""
    return tuple(sorted(_by_slug().values(), key=lambda known: known.code))


def rule(name: str) -> Rule:
    """Find a rule by its code (`"301"`) or its slug; raise `UsageError` that names the nearest."""
    wanted = name.strip().lower()
    found = _by_slug().get(wanted) or _by_code().get(wanted)
    if found is not None:
        return found
    known = (*_by_slug(), *_by_code())
    nearest = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
    advice = f"nearest: {', '.join(nearest)}" if nearest else "`qcvalidate rules` lists them all"
    raise UsageError(f"{name}: is no rule's code or slug; {advice}")


def outcome_rule(family: str, kind: str) -> Rule:
    """Give the rule of an outcome (a key of `OUTCOMES`) of a test in a family of `FAMILIES`.

    A criterion that passes has the rule of its family's `fail`: the rule that it meets.
    """
    return _by_slug()[_outcome_slug(FAMILIES[family], kind)]


def _outcome_slug(family: _Family, kind: str) -> str:
    if kind == "fail":
        return family.failed
    # Final sterility is the one result that a lot may be released without.
    if (family.name, kind) == ("sterility", "pending"):
        return "sterility-final-pending"
    return f"{family.name}-{kind}"


_MEANINGS = {
    "indeterminate": "is not settled by its result",
    "pending": "waits for its final result",
    "missing": "has no result",
    "invalid": "has only a void result",
    "alert": "is acceptable, but inside its alert limit",
    "unconfirmed": "has no result that was read for certain",
    "not-final": "has no final result",
    "incomplete": "has an incomplete result",
}


@cache
def _by_slug() -> dict[str, Rule]:
    outcomes = (
        _outcome(family, kind, place)
        for family in FAMILIES.values()
        for kind, place in OUTCOMES.items()
    )
    return {known.slug: known for known in (*_READING, *_IDENTITY, *_TIME, *_TOOL, *outcomes)}


def _outcome(family: _Family, kind: str, place: int) -> Rule:
    """Compose the rule of an outcome: what the kind means for any test, in the family's words."""
    meaning = family.failing if kind == "fail" else _MEANINGS[kind]
    title = f"{family.title} {meaning}"
    return Rule(family.first + place, _outcome_slug(family, kind), title, family.name, kind)


@cache
def _by_code() -> dict[str, Rule]:
    return {str(known.code): known for known in _by_slug().values()}
