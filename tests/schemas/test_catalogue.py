"""Tests of the JSON Schemas: they are current, strict, and what is shipped and written conforms to them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator

from cleancloud_rules import Scorecard, load_dataset, load_methodology, rank, score
from cleancloud_rules.analysis import what_if
from cleancloud_rules.documents.nodes import Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import read_file, read_text
from cleancloud_rules.reports.explanation_json import explanation
from cleancloud_rules.results.json import to_json
from cleancloud_rules.schemas.catalogue import SCHEMAS, write_schemas
from tests.support import samples
from tests.support.fictional import EXAMPLES, FICTIONAL
from tests.support.places import CASES, COMPANIES, CRITERIA, DATASET, ROOT
from tests.support.places import SCHEMAS as FOLDER
from tests.system.test_bad_files import CASES as BAD_CASES
from tests.system.test_bad_files import FORMS as BAD_FORMS

RESULTS = (
    "bounds", "case_report", "certificate", "comparison", "difference", "disclosure", "explanation", "findings", "fit",
    "ranking", "record", "reproduction", "scorecard", "verification", "what_if",
)  # fmt: skip
AUTHORING = tuple(name for name in SCHEMAS if name not in RESULTS)


def _kind(file: Path) -> str:
    """Return the schema of a file of an example, by its name or its folder."""
    if file.stem in ("methodology", "facts", "dataset", "sources"):
        return file.stem
    return {"cases": "cases", "companies": "company"}.get(file.parent.name, "criteria")


SHIPPED = {
    CRITERIA / "methodology.yaml": "methodology",
    CRITERIA / "facts.yaml": "facts",
    DATASET / "dataset.yaml": "dataset",
    DATASET / "sources.yaml": "sources",
    DATASET / "statements.yaml": "statements",
    **dict.fromkeys(sorted(CASES.glob("*.yaml")), "cases"),
    **dict.fromkeys(sorted(COMPANIES.glob("*.yaml")), "company"),
    **{
        file: "criteria"
        for file in sorted(CRITERIA.glob("*.yaml"))
        if file.name not in ("methodology.yaml", "facts.yaml")
    },
    **{file: _kind(file) for example in FICTIONAL for file in sorted((EXAMPLES / example).rglob("*.yaml"))},
}


def plain(node: Node) -> Any:
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {str(entry.key.value): plain(entry.value) for entry in node}


def problems(name: str, data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMAS[name]()).iter_errors(data)]


def in_json(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def test_the_files_are_current(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    kept = {file.name: file.read_bytes() for file in FOLDER.iterdir()}
    assert made == kept, "run `make schemas`"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name]())


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_definition_is_referred_to(name: str) -> None:
    schema = SCHEMAS[name]()
    text = json.dumps(schema)
    assert [known for known in schema["$defs"] if f'"#/$defs/{known}"' not in text] == []


@pytest.mark.parametrize("file", sorted(SHIPPED), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_shipped_file_conforms(file: Path) -> None:
    document, _ = read_file(file)
    assert document is not None
    assert problems(SHIPPED[file], plain(document.root)) == []


@pytest.mark.parametrize("file", sorted(SHIPPED), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_shipped_file_names_its_schema(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    assert (file.parent / first.removeprefix(prefix)).resolve() == FOLDER / f"{SHIPPED[file]}.schema.json"


def test_every_scorecard_of_the_example_conforms() -> None:
    methodology = load_methodology("clean_cloud_2024")
    for company in load_dataset(DATASET, methodology).companies:
        card = score(company, methodology)
        assert problems("scorecard", in_json(card.to_json())) == []


def test_every_explanation_of_a_company_conforms() -> None:
    card = samples.scorecard()
    for criterion in card.criteria:
        assert problems("explanation", in_json(to_json(explanation(card, criterion.id)))) == []


def test_the_ranking_of_the_example_conforms() -> None:
    methodology = load_methodology("clean_cloud_2024")
    ranking = rank(load_dataset(DATASET, methodology), methodology)
    assert problems("ranking", in_json(ranking.to_json())) == []


def test_a_what_if_and_its_facts_conform() -> None:
    methodology = load_methodology("clean_cloud_2024")
    dataset = load_dataset(DATASET, methodology)
    share = {"renewable_share": {"percent": 12, "denominator": "electricity"}, "period": 2023}
    missing = {"goal": {"topic": "energy"}}
    facts = {"id": "baidu", "facts": [{**share, "source": "clean-cloud-2024"}]}
    assert problems("added_facts", facts) == []
    assert problems("added_facts", {"not_found": [missing]}) == []
    assert len(problems("added_facts", {**facts, "name": "Baidu"})) == 1
    found = what_if(dataset, methodology, facts=facts, without=f"gds:{dataset.companies[13].facts[0].id}")
    assert problems("what_if", in_json(found.to_json())) == []


def test_a_scorecard_made_by_hand_conforms() -> None:
    assert problems("scorecard", in_json(samples.scorecard().to_json())) == []


@pytest.mark.parametrize("key", [attribute.name for attribute in attrs.fields(Scorecard)])
def test_a_scorecard_without_a_key_does_not_conform(key: str) -> None:
    data = in_json(samples.scorecard().to_json())
    del data[key]
    assert problems("scorecard", data) == [f"'{key}' is a required property"]


def test_an_unknown_outcome_does_not_conform() -> None:
    data = in_json(samples.scorecard().to_json())
    data["categories"][0]["criteria"][0]["outcome"] = "unknown"
    assert len(problems("scorecard", data)) == 1


def test_a_key_that_is_not_listed_does_not_conform() -> None:
    data = in_json(samples.ranking().to_json())
    data["cohorts"][0]["rows"][0]["points"] = 1
    assert len(problems("ranking", data)) == 1


def test_the_wide_table_that_the_guide_shows_conforms() -> None:
    page = (ROOT / "docs" / "how-to" / "keep-facts-in-a-spreadsheet.md").read_text(encoding="utf-8")
    shown = page.split("```yaml\n# yaml-language-server: $schema=schema/tables.schema.json\n")[1].split("```")[0]
    document, _ = read_text(shown, "tables.yaml")
    assert document is not None
    assert problems("tables", plain(document.root)) == []


def properties_of(schema: Any) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(schema, list):
        return [found for item in schema for found in properties_of(item)]
    if not isinstance(schema, dict):
        return []
    own = [(name, value) for name, value in schema.get("properties", {}).items() if len(value) > 1]
    return own + [found for value in schema.values() for found in properties_of(value)]


@pytest.mark.parametrize("name", AUTHORING)
def test_every_key_that_an_author_writes_has_a_hover_text(name: str) -> None:
    schema = SCHEMAS[name]()
    assert [key for key, value in properties_of(schema) if "description" not in value and "enum" not in value] == []


BAD = [
    ("criteria", {"category": "x", "criteria": []}),
    ("methodology", {"id": "Demo"}),
    ("company", {"id": "acme", "name": "Acme", "fact": []}),
    ("company", {"id": "acme", "name": "Acme", "facts": [{"share": {"percent": {"above": 3}}}]}),
    ("company", {"id": "acme", "name": "Acme", "facts": [{"share": {}, "period": "last year"}]}),
    ("facts", {"fact_types": {"share": {"title": "S", "horizon": "h", "fields": {"a": {"type": "enum"}}}}}),
    ("facts", {"fact_types": {"s": {"title": "S", "horizon": "h", "fields": {"a": {"type": "text", "digits": 1}}}}}),
    ("sources", {"sources": {"a": {"title": "Without a type"}}}),
    ("cases", {"cases": []}),
    ("cases", {"cases": [{"name": "Example"}]}),
    ("cases", {"cases": [{"name": "Example", "expect": {}}]}),
    ("cases", {"cases": [{"name": "Example", "expect": {"criteria": {"c": "excellent"}}}]}),
    ("cases", {"cases": [{"name": "Example", "expect": {"total": "20"}}]}),
    ("cases", {"defaults": {"note": "Invented."}, "cases": [{"name": "Example", "expect": {"total": 0}}]}),
    ("dataset", {"title": "D", "methodology": "m", "companies": []}),
    ("tables", {"tables": [{"file": "a.xlsx", "company": "Company"}]}),
    ("tables", {"tables": [{"file": "a.csv", "company": "Company", "columns": {"Share": {"fact": "share"}}}]}),
    ("tables", {"tables": [{"file": "a.csv", "company": "C", "columns": {}, "default": {"period": 2023}}]}),
    (
        "tables",
        {"tables": [{"file": "a.csv", "company": "C", "columns": {"S": {"fact": "s", "field": "f", "no_is": "no"}}}]},
    ),
]


@pytest.mark.parametrize(("name", "data"), BAD)
def test_a_mistake_does_not_conform(name: str, data: Any) -> None:
    assert problems(name, data)


RULE = {"id": "r", "points": 1, "because": "So."}
CRITERION = {"id": "c", "title": "C", "horizon": "h", "max_points": 1, "hit_policy": "first", "otherwise": "No."}
FORMS = [
    {"share": {}},
    {"share": {"percent": "> 10", "evidence": {"published": ">= 2023"}, "basis": "reported", "period": 2023}},
    {"share": {"kinds": {"all": ["a", "b"]}, "other": {"is": ["a"]}, "third": ["a", "b"], "fourth": None}},
    {"all": [{"share": {}}, {"any": [{"none": [{"share": {}}]}]}]},
    {"count": {"of": {"share": {}}, "distinct": "kinds", "at_least": 2}},
]


@pytest.mark.parametrize("when", FORMS)
def test_every_form_of_a_condition_conforms(when: Any) -> None:
    rule = {**RULE, "when": when}
    assert problems("criteria", {"category": "x", "criteria": [{**CRITERION, "rules": [rule]}]}) == []


@pytest.mark.parametrize("when", [{}, {"share": {}, "other": {}}, {"all": []}, {"count": {"at_least": 2}}])
def test_what_is_no_condition_does_not_conform(when: Any) -> None:
    rule = {**RULE, "when": when}
    assert problems("criteria", {"category": "x", "criteria": [{**CRITERION, "rules": [rule]}]})


# ---- the forms of groups, questions and tables

MISSHAPEN = {
    "board": """
        answer_earns_a_word answers_without_points defaults_are_a_list defaults_with_an_id
        defaults_with_an_unknown_key points_of_answers_are_a_list question_with_a_bad_id
        question_with_a_comma question_with_a_title question_without_id section_beside_a_reference
        unknown_requirement_word
    """,
    "company": """
        answer_without_is answers_are_a_word answers_without_fact_and_values misspelt_key_of_answers
        unknown_key_beside_an_answer values_are_a_list
    """,
    "energy": """
        exemption_without_a_case floor_above_zero max_points_below_zero not_assessed_of_a_criterion_is_a_list
        proportion_over_equal_ends
        proportion_over_one_end proportion_without_a_field section_of_a_criterion_in_full
    """,
    "facts": """
        questions_misspelt questions_of_a_text unknown_selection
    """,
    "methodology": """
        band_from_to band_of_no_score band_without_label bands_of_without_bands cap_with_two_conditions
        cap_without_a_condition cap_without_a_limit coverage_of_a_word coverage_of_nothing
        coverage_that_no_number_gives coverage_with_a_misspelt_key coverage_without_a_list
        exemption_without_a_case group_digits_out_of_range unknown_not_assessed
        groups_are_a_mapping input_called_then key_of_the_whole_in_a_group parts_without_groups
        policy_is_a_mapping ranked_by_nothing ranked_twice repeated_output repeated_tier
        requirement_as_a_key requirement_as_a_list requires_a_word row_without_an_output rows_are_a_mapping
        scale_of_nothing table_input_is_a_word table_reads_an_unknown_kind table_without_inputs_and_outputs
        table_without_rows tables_are_a_mapping unknown_aggregate
        unknown_counts_as value_of_a_band_of_the_whole weight_below_zero weight_below_zero_in_a_sum
    """,
}
"""The mistakes of `bad_forms` that a file shows by itself, whatever its values mean; all others are of good shape."""

FORM_SCHEMAS = {"board": "criteria", "audits": "criteria", "energy": "criteria", "acme": "company"}


def form_problems(file: Path, kind: str) -> list[str]:
    document, findings = read_file(file)
    assert document is not None or findings
    return [] if document is None or findings else problems(FORM_SCHEMAS.get(kind, kind), plain(document.root))


@pytest.mark.parametrize("kind", sorted(MISSHAPEN))
def test_what_the_loader_refuses_for_its_shape_does_not_conform(kind: str) -> None:
    refused = {case.stem for case in BAD_CASES if case.parent == BAD_FORMS / kind and form_problems(case, kind)}
    assert refused == set(MISSHAPEN[kind].split())


@pytest.mark.parametrize("file", sorted((BAD_FORMS / "good").rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_form_conforms(file: Path) -> None:
    assert form_problems(file, file.stem) == []
