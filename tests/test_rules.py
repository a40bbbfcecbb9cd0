from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import qcvalidate
from qcvalidate import rules as rule_book
from qcvalidate.catalogue import load_yaml
from qcvalidate.errors import UsageError
from qcvalidate.explanations import explanation
from qcvalidate.rules import FAMILIES, OUTCOMES, Rule, outcome_rule, rule, rules

_PACKAGE = Path(qcvalidate.__file__).parent

# The blocks of design section 5: reading, identity, viability, count and dose, microbiology and
# donor, phenotype and acquisition, trend, time and approval, the tool itself.
_BLOCKS = range(1, 10)


def test_rules_are_listed_in_the_order_of_their_codes() -> None:
    codes = [known.code for known in rules()]

    assert codes == sorted(codes)


@pytest.mark.parametrize("column", ["code", "slug", "title"])
def test_no_two_rules_share_a(column: str) -> None:
    # Counted over the rows as they are written: a dictionary would hide the second one.
    written = [
        *rule_book._READING,
        *rule_book._IDENTITY,
        *rule_book._TIME,
        *rule_book._TOOL,
        *(outcome_rule(family, kind) for family in FAMILIES for kind in OUTCOMES),
    ]

    counted = Counter(getattr(known, column) for known in written)

    assert [value for value, times in counted.items() if times > 1] == []
    assert len(written) == len(rules())


def test_codes_stand_in_their_blocks() -> None:
    assert all(known.code // 100 in _BLOCKS for known in rules())
    assert all(not family.first % 10 for family in FAMILIES.values())


@pytest.mark.parametrize("known", rules(), ids=lambda known: known.slug)
def test_every_rule_has_its_whole_page(known: Rule) -> None:
    page = explanation(known)

    # A new rule needs its page in explanations.yaml.
    assert all((page.why, page.source, page.example, page.remedy, known.title))
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", known.slug)
    assert not re.search(r"[{}]", page.why + known.title)
    assert page.remedy.endswith(".")


def test_every_page_belongs_to_a_rule() -> None:
    pages, _ = load_yaml(_PACKAGE / "explanations.yaml")

    assert set(pages["rules"]) <= {known.slug for known in rules()}
    assert set(pages["families"]) == set(FAMILIES)
    assert {*pages["outcomes"], "fail"} == set(OUTCOMES)


@pytest.mark.parametrize("name", ["301", "viability-below-limit", " Viability-Below-Limit "])
def test_a_rule_is_found_by_its_code_and_by_its_slug(name: str) -> None:
    found = rule(name)

    assert (found.code, found.slug) == (301, "viability-below-limit")


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"^growth-fnd: .*nearest: growth-found"):
        rule("growth-fnd")


def test_an_unknown_rule_without_a_near_one_says_where_all_are() -> None:
    with pytest.raises(UsageError, match="qcvalidate rules"):
        rule("§§§")


@pytest.mark.parametrize(
    ("family", "kind", "code", "slug"),
    [
        ("viability", "fail", 301, "viability-below-limit"),
        ("volume", "missing", 424, "volume-missing"),
        ("sterility", "fail", 501, "growth-found"),
        ("sterility", "pending", 503, "sterility-final-pending"),
        ("endotoxin", "indeterminate", 522, "endotoxin-indeterminate"),
        ("phenotype", "not-final", 608, "phenotype-not-final"),
    ],
)
def test_an_outcome_has_its_place_in_its_familys_block(
    family: str, kind: str, code: int, slug: str
) -> None:
    found = outcome_rule(family, kind)

    assert (found.code, found.slug) == (code, slug)


@pytest.mark.parametrize(
    "slug", ["viability-below-limit", "sterility-final-pending", "phenotype-out-of-limits"]
)
def test_a_source_that_was_not_seen_says_so(slug: str) -> None:
    # The facts behind these are marked as secondary or unverified in the field's sources.
    assert re.search("unverified|secondary source", explanation(rule(slug)).source)


def test_every_slug_in_the_code_is_a_rule() -> None:
    known = {each.slug for each in rules()}

    used = {(str(path.relative_to(_PACKAGE)), slug) for path, slug in _slugs_used()}

    assert {(path, slug) for path, slug in used if slug not in known} == set()


def _slugs_used() -> Iterator[tuple[Path, str]]:
    """Find what is passed as a slug, by name or by place, and the defaults of such parameters."""
    sources = {path: ast.parse(path.read_text("utf-8")) for path in _PACKAGE.rglob("*.py")}
    nodes = [(path, node) for path, tree in sources.items() for node in ast.walk(tree)]
    takers = {"Finding": 0, **dict(_takers(node for _, node in nodes))}
    for path, node in nodes:
        passed: list[ast.expr] = []
        if isinstance(node, ast.Call):
            place = takers.get(_called(node), len(node.args))
            passed = [word.value for word in node.keywords if word.arg == "slug"]
            passed += node.args[place : place + 1]
        elif isinstance(node, ast.FunctionDef):
            passed = _defaults(node)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "slug":
            passed = [node.value]
        yield from ((path, slug) for value in passed for slug in _texts(value))


def _takers(nodes: Iterator[ast.AST]) -> Iterator[tuple[str, int]]:
    """Find the functions with a parameter `slug`, and its place among the arguments of a call."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg != "self"]
            if "slug" in names:
                yield node.name, names.index("slug")


def _texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from (*_texts(value.body), *_texts(value.orelse))
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _defaults(node: ast.FunctionDef) -> list[ast.expr]:
    pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return [value for argument, value in pairs if argument.arg == "slug" and value]


def test_explaining_imports_neither_pandas_nor_pandera() -> None:
    program = (
        "import sys; from qcvalidate.rules import rule; rule('301');"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )

    assert not {"numpy", "pandas", "pandera"} & set(done.stdout.split())
