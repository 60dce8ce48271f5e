"""Tests of the JSON Schemas: they are current, strict, and what is shipped and written conforms to them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator

from cleancloud_rules import Scorecard, _shapes, load_dataset, load_methodology, rank, score
from cleancloud_rules._schemas import SCHEMAS, write_schemas
from cleancloud_rules._source import read_file
from cleancloud_rules.documents import Node, Scalar, Sequence
from cleancloud_rules.methodology import Criterion, Notice, Rule
from cleancloud_rules.reports.json_explanation import explanation
from cleancloud_rules.rounding import Rounding
from tests import samples
from tests.places import COMPANIES, CRITERIA, DATASET
from tests.places import SCHEMAS as FOLDER

RESULTS = ("bounds", "difference", "explanation", "findings", "fit", "ranking", "reproduction", "scorecard")
AUTHORING = tuple(name for name in SCHEMAS if name not in RESULTS)
SHIPPED = {
    CRITERIA / "methodology.yaml": "methodology",
    CRITERIA / "facts.yaml": "facts",
    DATASET / "dataset.yaml": "dataset",
    DATASET / "sources.yaml": "sources",
    DATASET / "statements.yaml": "statements",
    **dict.fromkeys(sorted(COMPANIES.glob("*.yaml")), "company"),
    **{
        file: "criteria"
        for file in sorted(CRITERIA.glob("*.yaml"))
        if file.name not in ("methodology.yaml", "facts.yaml")
    },
}


def plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
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
    used = {known for known in schema["$defs"] if f'"#/$defs/{known}"' in text}
    shared = {"id", "name", "day", "day_or_year", "source", "test", "tests", "words"}
    assert set(schema["$defs"]) - used <= shared


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
    from cleancloud_rules._json import to_json

    card = samples.scorecard()
    for criterion in card.criteria:
        assert problems("explanation", in_json(to_json(explanation(card, criterion.id)))) == []


def test_the_ranking_of_the_example_conforms() -> None:
    methodology = load_methodology("clean_cloud_2024")
    ranking = rank(load_dataset(DATASET, methodology), methodology)
    assert problems("ranking", in_json(ranking.to_json())) == []


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


def keys_of(cls: type) -> set[str]:
    return {str(a.metadata.get("key", a.name)) for a in attrs.fields(cls) if a.name != "node"}


def inside(schema: dict[str, Any], *path: str) -> set[str]:
    for step in path:
        schema = schema[step]
    return set(schema["properties"])


def test_the_schemas_have_the_keys_that_files_may_have() -> None:
    methodology, facts = SCHEMAS["methodology"](), SCHEMAS["facts"]()
    criteria, company, dataset = SCHEMAS["criteria"](), SCHEMAS["company"](), SCHEMAS["dataset"]()
    names = "^[a-z][a-z0-9_]*$"
    fact_type = facts["properties"]["fact_types"]["patternProperties"][names]
    assert inside(methodology) == keys_of(_shapes.MethodologyFile)
    assert inside(methodology, "properties", "categories", "items") == keys_of(_shapes.CategoryEntry)
    assert inside(methodology, "properties", "rounding") == keys_of(Rounding)
    assert inside(methodology, "properties", "notices", "items") == keys_of(Notice)
    assert inside(methodology, "$defs", "source") == keys_of(_shapes.SourceEntry)
    assert inside(facts) == keys_of(_shapes.FactsFile)
    assert set(fact_type["properties"]) == keys_of(_shapes.FactTypeEntry)
    assert inside(fact_type, "properties", "fields", "patternProperties", names) == keys_of(_shapes.FieldEntry)
    assert inside(facts, "properties", "derivations", "items") == keys_of(_shapes.DerivationEntry)
    assert inside(criteria) == keys_of(_shapes.CriteriaFile)
    assert inside(criteria, "$defs", "criterion") == keys_of(Criterion)
    assert inside(criteria, "$defs", "rule") == keys_of(Rule)
    assert inside(company) == keys_of(_shapes.CompanyFile)
    assert inside(company, "$defs", "fact") == keys_of(_shapes.FactEntry)
    assert inside(company, "$defs", "not_found") == keys_of(_shapes.NotFoundEntry)
    assert inside(SCHEMAS["sources"]()) == keys_of(_shapes.SourcesFile)
    assert inside(dataset) == keys_of(_shapes.DatasetFile)


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
    ("dataset", {"title": "D", "methodology": "m", "companies": []}),
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
