"""All JSON Schemas of input files and results, by name."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from cleancloud_rules.documents.file_writer import make_folder, write_file
from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.json import to_json
from cleancloud_rules.schemas.analyses import (
    bounds_schema,
    case_report_schema,
    certificate_schema,
    comparison_schema,
    difference_schema,
    findings_schema,
    fit_schema,
    reproduction_schema,
    what_if_schema,
)
from cleancloud_rules.schemas.companies import OF_METHODOLOGY
from cleancloud_rules.schemas.inputs import input_schema
from cleancloud_rules.schemas.parts import DEFINITIONS, placed
from cleancloud_rules.schemas.records import disclosure_schema, record_schema, verification_schema
from cleancloud_rules.schemas.results import explanation_schema, points_schema, ranking_schema, scorecard_schema

SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "added_facts": partial(input_schema, "added_facts"),
    "bounds": bounds_schema,
    "case_report": case_report_schema,
    "cases": partial(input_schema, "cases"),
    "certificate": certificate_schema,
    "company": partial(input_schema, "company"),
    "comparison": comparison_schema,
    "criteria": partial(input_schema, "criteria"),
    "dataset": partial(input_schema, "dataset"),
    "difference": difference_schema,
    "disclosure": disclosure_schema,
    "explanation": explanation_schema,
    "facts": partial(input_schema, "facts"),
    "findings": findings_schema,
    "fit": fit_schema,
    "methodology": partial(input_schema, "methodology"),
    "overlay": partial(input_schema, "overlay"),
    "points": points_schema,
    "ranking": ranking_schema,
    "record": record_schema,
    "reproduction": reproduction_schema,
    "scorecard": scorecard_schema,
    "sources": partial(input_schema, "sources"),
    "statements": partial(input_schema, "statements"),
    "tables": partial(input_schema, "tables"),
    "verification": verification_schema,
    "what_if": what_if_schema,
}
"""The schemas by name, each with the function that makes it. All schemas reject keys that they do not list."""


def schema(name: str, methodology: Methodology | None = None, *, refs: str = DEFINITIONS) -> dict[str, Any]:
    """Return the JSON Schema of a kind of input file or of a kind of result.

    With a methodology, the schema of a company knows its fact types, fields, values, units and bounds, and refuses what
    loading would refuse as far as JSON Schema can say it; it accepts every company that loads.

    Args:
        name: the kind, such as ``company`` or ``scorecard``; ``cleancloud-rules schema`` lists them all.
        methodology: the methodology whose companies are described, for ``company`` or ``added_facts``.
        refs: how references to the definitions under ``$defs`` begin. A description of a web service keeps them in a
            place of its own, such as ``#/components/schemas/``; the schema then lacks ``$schema`` and ``$id``.

    Returns:
        The schema as plain data (JSON Schema, draft 2020-12).

    Raises:
        ValueError: if there is no such schema, or none that knows a methodology; the message names those there are.

    Example:
        >>> import cleancloud_rules as cc
        >>> cc.schema("company")["required"]
        ['id', 'name']
        >>> "fact_pue" in cc.schema("company", cc.load_methodology("clean_cloud_2024"))["$defs"]
        True
    """
    if name not in SCHEMAS:
        raise ValueError(f"there is no schema `{name}`; there are {', '.join(sorted(SCHEMAS))}")
    if methodology is not None and name not in OF_METHODOLOGY:
        known = " and ".join(f"`{known}`" for known in sorted(OF_METHODOLOGY))
        raise ValueError(f"the schema `{name}` is the same under every methodology; of a methodology there are {known}")
    if methodology is not None:
        check_methodology(methodology)
    made = SCHEMAS[name]() if methodology is None else OF_METHODOLOGY[name](methodology)
    return made if refs == DEFINITIONS else placed(made, refs)


def write_schemas(folder: Path) -> None:
    """Write every schema to a file ``NAME.schema.json``."""
    make_folder(folder)
    for name, make in SCHEMAS.items():
        write_file(folder / f"{name}.schema.json", to_json(make()))


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
