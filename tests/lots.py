"""Makes lot folders for tests: a manifest, tables of results, and a specification of their own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from qcvalidate.assessment import Assessment, CriterionResult, Scope
from qcvalidate.pipeline import Options, assess_paths, open_laboratory

LABORATORY = open_laboratory()
TODAY = dt.date(2026, 4, 20)
COLUMNS = (
    "lot,sample_id,test,part,result,unit,method,status,started,ended,measured_at,turbidity,role"
)

MANIFEST = """
lot: L-1
product: {product}
donor: {{relation: autologous, tissue: bone_marrow}}
manufacture: {{manipulation: culture_expanded, cryopreserved: false}}
dose: {{route: {route}, recipient_weight_kg: {weight}, volume_mL: {volume}}}
"""


def manifest(
    product: str = "mine", route: str = "intravenous", weight: str = "70", volume: str = "100"
) -> str:
    return MANIFEST.format(product=product, route=route, weight=weight, volume=volume)


def row(test: str, result: str, unit: str = "", **more: str) -> str:
    """Write one row of a plain table of results, for lot L-1 unless told otherwise."""
    values = {"lot": "L-1", "test": test, "result": result, "unit": unit, "status": "final"} | more
    return ",".join(_quoted(values.get(column, "")) for column in COLUMNS.split(","))


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if set(text) & set(',"\n') else text


def table(*rows: str) -> str:
    return "\n".join([COLUMNS, *rows]) + "\n"


def specification(*criteria: str) -> str:
    """Write a specification of the criteria, each a YAML flow mapping."""
    lines = "".join(f"  - {criterion}\n" for criterion in criteria)
    return f"id: mine\nversion: 1.0.0\ntitle: Mine\ncriteria:\n{lines}"


def criterion(test: str, accept: str, unit: str = "", more: str = "") -> str:
    unit = f"unit: '{unit}', " if unit else ""
    more = f"{more}, " if more else ""
    return (
        f"{{id: {test}, title: {test}, test: {test}, {unit}accept: {{{accept}}}, {more}"
        "reference: SOP 1, severity: blocking}"
    )


def write_lot(folder: Path, files: dict[str, str | bytes], lot_yaml: str | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if lot_yaml is None:
        lot_yaml = manifest()
    for name, content in {"lot.yaml": lot_yaml, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def assess(
    path: Path,
    spec: str | None = None,
    *,
    as_of: dt.date | None = None,
    scope: Scope = Scope.LOT,
    jobs: int = 1,
) -> Assessment:
    """Assess the one lot at this path, under this specification text where one is given."""
    chosen = None
    if spec is not None:
        place = path.parent / "spec" / "mine.yaml"
        place.parent.mkdir(exist_ok=True)
        place.write_text(spec, encoding="utf-8")
        chosen = str(place)
    (found,) = assess_paths([path], LABORATORY, Options(TODAY, as_of, chosen, scope, jobs=jobs))
    return found


def outcome(assessment: Assessment, id_: str) -> CriterionResult:
    return next(result for result in assessment.results if result.id == id_)


def slugs(assessment: Assessment) -> set[str]:
    return {finding.slug for finding in assessment.findings}
