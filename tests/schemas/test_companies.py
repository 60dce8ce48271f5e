"""Tests of the schemas that know a methodology: they accept what loads, and refuse single slips as loading does."""

import random
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import cleancloud_rules as cc
from cleancloud_rules.documents.yaml import read_file
from cleancloud_rules.generators.boundary_values import Aims
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.generators.methodologies import generated_files
from tests.schemas.test_catalogue import plain
from tests.support.fictional import EXAMPLES, FICTIONAL
from tests.support.places import COMPANIES
from tests.support.slips import Slip, as_json, slips

UNSAID = {"unknown-source", "contradicts-not-found", "bad-date", "bad-bound", "empty-range", "too-many-digits"}
"""The codes of what no schema can say: it follows from two values, or from the digits of a number."""

FIELDS: dict[str, dict[str, Any]] = {
    "flag": {"type": "boolean"},
    "yes": {"type": "boolean", "valid": True},
    "count": {"type": "integer", "valid": "[0..24]"},
    "not_zero": {"type": "integer", "valid": "not(0)"},
    "number": {"type": "number", "digits": 2, "valid": "> 0"},
    "whole": {"type": "number"},
    "two": {"type": "number", "digits": 1, "valid": "[0..1], [5..6.5)"},
    "percent": {"type": "percent", "digits": 1, "valid": "[0..100]"},
    "year": {"type": "year", "valid": ">= 2000"},
    "day": {"type": "date"},
    "text": {"type": "text"},
    "known": {"type": "text", "valid": '"a", "b"'},
    "kind": {"type": "enum", "values": ["a", "b", "2023", "true", "1.5"]},
    "kept": {"type": "enum", "values": ["a", "b", "c"], "valid": 'not("c")'},
    "names": {"type": "set", "values": ["a", "b", "3"]},
    "both": {"type": "set", "values": ["a", "b", "c"], "valid": {"all": ["a", "b"]}},
    "alone": {"type": "set", "values": ["a", "b", "c"], "valid": {"is": ["a"]}},
    "without": {"type": "set", "values": ["a", "b", "c"], "valid": 'not("a")'},
    "energy": {"type": "quantity", "unit": "GWh", "digits": 2, "valid": ">= 0 GWh"},
    "positive": {"type": "quantity", "unit": "MWh", "valid": "> 0 MWh"},
    "mass": {"type": "quantity", "unit": "t CO2e", "digits": 1},
    "length": {"type": "quantity", "unit": "mile", "digits": 1},
}
NUMBERS = [0, 1, -1, 24, 25, 0.5, 1.25, 6.5, 5, 6.45, 100, 100.1, 1999, 2000, 2023, 999, 10000, 3, -0.5, 10**23]
TEXTS = """
    a|b|c|A||  |2023|true|1.5|3|yes|null|-|a, b|2024-02-29|2023-02-29|2000-02-29|1900-02-29|2023-04-31|0001-01-01
    1.25 GWh|1.255 GWh|1.2500 GWh|-1 GWh|-0 GWh|0 MWh|10 MWh|15 MWh|15000 MWh|10000 MWh|12000 kWh|1 kg|5 parsecs|5GWh
    5  GWh|05 GWh|1,000 GWh|1.5 t CO2e|0.15 t CO2e|150 kg CO2e|100 kg CO2e|1 mile|880 yard|1 yard|unknown|1 gwh
    >= 5|> 5.55|[1..2]|(1..2)|]1..2[|1..2|< 2020|<= 2020-02-29|> 5 GWh|> 5GWh|[1 GWh..20 MWh]|>= 5 kg|"a"|"z"|not("a")
    not(null)|not("a", "b")|"a","b"|"a", null|not(-)|not(not("a"))|=> 5|= 5|!= 5|true, false|>5|1, 2|2020, 2021|1.2.3
    'a'|contains(x)|a >= b|~|> 2024-02-30|[2020..2021]|[2020-01-01..2021-12-31)|""|" "|"\\""|"x y"|"3"|a\\|b
"""
ENDS = (
    0,
    1,
    -1,
    24,
    25,
    100,
    2020,
    1999,
    2000,
    0.5,
    "2020-01-01",
    "1 GWh",
    "-1 GWh",
    "0 GWh",
    "1 MWh",
    "a",
    True,
    None,
)
OTHERS: list[Any] = [
    None, True, False, [], ["a"], ["a", "b"], ["a", "a"], ["b", "c"], ["a", "b", "c"], ["z"], [3], [1, 2], ["> 5", 6],
    [2020, "2021-01-01"], ["-"], ["not(5)"], ["null"], [None], ['"a"', "b"], ["1..2"], [[1]], {}, {"above": 1},
    {"x-a": 1}, {"at_least": 1, "at_most": 2}, {"at_least": 1, "more_than": 1}, {"between": [1, 2]},
    {"between": [25, 30]}, {"between": [-5, -1]}, {"between": [1]}, {"between": [1, 2, 3]},
    {"between": [1, 2], "at_most": 3}, {"between": ["1 GWh", "2 GWh"]}, {"between": ["2020-01-01", "2021-01-01"]},
    {"all": ["a"]}, {"all": "a"}, {"all": []}, {"is": ["a", "b"]}, {"is": ["z"]}, {"together": ["a", "b"]},
    {"together": ["a"]}, {"together": ["a", "z"]}, {"all": ["a"], "is": ["b"]},
    *({end: value} for end in ("more_than", "at_least", "less_than", "at_most") for value in ENDS),
]  # fmt: skip


def texts() -> list[str]:
    return [text for line in TEXTS.strip("\n").splitlines() for text in line[4:].split("|")]


def methodology_of_fields() -> cc.Methodology:
    """Return a methodology with a fact type for each field of `FIELDS`."""
    types = {
        f"with_{name}": {"title": name, "horizon": "always", "fields": {name: field}} for name, field in FIELDS.items()
    }
    rule = {"id": "r", "points": 1, "when": {"with_flag": {}}, "because": "So."}
    criterion = {"id": "c", "title": "C", "horizon": "always", "max_points": 1, "hit_policy": "collect max"}
    return cc.methodology_from(
        {
            "methodology.yaml": {
                "id": "fields", "title": "Fields", "edition": "1", "publisher": "Nobody", "points_basis": "project",
                "sources": {"visit": {"type": "visit", "title": "Visit"}}, "source_types": ["visit", "report"],
                "windows": {"always": "always"}, "cohorts": {"big": "Big", "true": "True"},
                "categories": [{"id": "g", "title": "G", "weight": 100}],
            },
            "facts.yaml": {"units": {"length": {"yard": 1, "mile": 1760}}, "fact_types": types},
            "g.yaml": {"category": "g", "criteria": [{**criterion, "otherwise": "No.", "rules": [rule]}]},
        }
    )  # fmt: skip


def codes(data: dict[str, Any], methodology: cc.Methodology) -> set[str]:
    """Return the codes of the errors with which a company is refused."""
    try:
        cc.company_from(data, methodology)
    except cc.InputError as error:
        return {diagnostic.code for diagnostic in error.diagnostics}
    return set()


@pytest.fixture(scope="module")
def fields() -> tuple[cc.Methodology, Draft202012Validator]:
    methodology = methodology_of_fields()
    return methodology, Draft202012Validator(cc.schema("company", methodology))


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("form", ["facts", "not_found"])
def test_a_value_and_a_test_are_refused_where_loading_refuses_them(
    fields: tuple[cc.Methodology, Draft202012Validator], name: str, form: str
) -> None:
    methodology, whole = fields
    kind = {"facts": "fact", "not_found": "tests"}[form]
    # The definition alone takes a tenth of the time; the slips below go through the whole schema.
    validator = whole.evolve(
        schema={"$ref": f"#/$defs/{kind}_with_{name}", "$defs": cc.schema("company", methodology)["$defs"]}
    )
    differing = []
    for value in [*NUMBERS, *texts(), *OTHERS]:
        company = {"id": "a", "name": "A", form: [{f"with_{name}": {name: value}}]}
        refused, conforms = codes(company, methodology), validator.is_valid({name: value})
        if refused and conforms and not refused <= UNSAID:
            differing.append(f"{value!r} is not refused: {refused}")
        if not refused and not conforms:
            differing.append(f"{value!r} is refused")
    assert differing == []


@pytest.mark.parametrize(
    "bound", [{"at_least": 1, "more_than": 1}, {"at_most": 2, "less_than": 2}, {"between": [1, 2], "at_most": 2}, {}]
)
def test_a_bound_has_one_end_on_each_side(
    fields: tuple[cc.Methodology, Draft202012Validator], bound: dict[str, Any]
) -> None:
    methodology, validator = fields
    company = {"id": "a", "name": "A", "facts": [{"with_count": {"count": bound}}]}
    assert codes(company, methodology) == {"bad-bound"}
    assert not validator.is_valid(company)


def folders() -> dict[Path, str]:
    """Return the folders of companies of the examples, each with its methodology."""
    own = {EXAMPLES / example / "companies": EXAMPLES / example / "methodology" for example in FICTIONAL}
    return {COMPANIES: "clean_cloud_2024", **{folder: str(of) for folder, of in own.items() if of.is_dir()}}


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.parent.name)
def test_companies_of_the_examples_conform(folder: Path) -> None:
    assert not problems_of(folder, 3)


@pytest.mark.deep(part="slips")
@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.parent.name)
def test_every_company_of_the_examples_conforms(folder: Path) -> None:
    assert not problems_of(folder, 1)


def problems_of(folder: Path, step: int) -> list[str]:
    """Return how companies of a folder differ from the schema: all of them, or every third by a step of 3."""
    schema = cc.schema("company", cc.load_methodology(folders()[folder]))
    Draft202012Validator.check_schema(schema)
    found = []
    for file in sorted(folder.glob("*.yaml"))[::step]:
        document, _ = read_file(file)
        assert document is not None
        errors = Draft202012Validator(schema).iter_errors(as_json(plain(document.root)))
        found += [f"{file.name}{error.json_path}: {error.message}" for error in errors]
    return found


def generated(seed: int, companies: int) -> tuple[cc.Methodology, list[dict[str, Any]]]:
    choices = Seeded(seed)
    methodology = cc.methodology_from(generated_files(choices))
    aims = Aims(methodology)
    return methodology, [as_json(generated_company(aims, choices)) for _ in range(companies)]


def compared(seed: int, companies: int, count: int) -> tuple[Counter[str], list[str]]:
    """Return how schema and loading agree on single slips in generated companies, and where the schema is wrong.

    Args:
        seed: makes the methodology and the companies.
        companies: how many of them.
        count: how many slips are tried in each.
    """
    methodology, made = generated(seed, companies)
    validator, general = (Draft202012Validator(cc.schema("company", of)) for of in (methodology, None))
    seen, wrong = Counter[str](), list[str]()
    for data in made:
        for schema in (validator, general):
            wrong += [f"{seed}: {error.json_path}: {error.message}" for error in schema.iter_errors(data)]
        chosen = list(slips(data, methodology))
        random.Random(seed).shuffle(chosen)  # noqa: S311 - a sample, the same in each run
        for slip in islice(chosen, count):
            seen[_agreement(slip, methodology, validator.is_valid, general.is_valid, wrong)] += 1
    return seen, wrong


def _agreement(
    slip: Slip,
    methodology: cc.Methodology,
    conforms: Callable[[Any], bool],
    conforms_in_general: Callable[[Any], bool],
    wrong: list[str],
) -> str:
    data = slip.data
    refused = codes(data, methodology)
    if not refused:
        if not conforms(data):
            wrong.append(f"refused though it loads: {slip.kind} at {slip.place}")
        if not conforms_in_general(data):
            wrong.append(f"refused in general though it loads: {slip.kind} at {slip.place}")
        return "no mistake"
    if not conforms(data):
        return "both refuse"
    if not refused <= UNSAID:
        wrong.append(f"not refused: {slip.kind} at {slip.place}: {refused}")
    return "only loading refuses"


def of_seeds(seeds: range, companies: int, count: int) -> None:
    seen, wrong = Counter[str](), list[str]()
    for seed in seeds:
        some, more = compared(seed, companies, count)
        seen += some
        wrong += more
    assert wrong == []
    assert min(seen["no mistake"], seen["both refuse"]) > 10
    share = seen["both refuse"] / (seen["both refuse"] + seen["only loading refuses"])
    print(f"{share:.1%} of the slips that loading refuses; {dict(seen)}")  # noqa: T201 - for who runs it alone
    assert share > 0.9


def test_what_loads_conforms_and_single_slips_are_refused_as_by_loading() -> None:
    of_seeds(range(5), 1, 24)


@pytest.mark.deep(part="slips")
def test_what_loads_conforms_and_single_slips_are_refused_as_by_loading_at_full_size() -> None:
    of_seeds(range(1000, 1200), 5, 100)


def test_a_company_without_facts_conforms_and_an_unknown_cohort_does_not(
    fields: tuple[cc.Methodology, Draft202012Validator],
) -> None:
    _, validator = fields
    company = {"id": 2024, "name": "A", "cohort": True, "x-own": {"any": "thing"}}
    assert validator.is_valid(company)
    assert Draft202012Validator(cc.schema("company")).is_valid(company)
    assert not validator.is_valid({"id": "a", "name": "A", "cohort": "small"})


def test_an_entry_states_one_fact(fields: tuple[cc.Methodology, Draft202012Validator]) -> None:
    methodology, validator = fields
    company = {"id": "a", "name": "A", "facts": [{"with_count": {"count": 24}, "with_flag": {"flag": True}}]}
    assert codes(company, methodology) == {"several-facts"}
    assert not validator.is_valid(company)


def test_the_schema_has_the_keys_that_the_general_one_has() -> None:
    own, general = cc.schema("company", methodology_of_fields()), cc.schema("company")
    assert own["properties"].keys() == general["properties"].keys()
    for name in ("source", "response"):
        assert own["$defs"][name]["properties"].keys() == general["$defs"][name]["properties"].keys()
        assert set(own["$defs"][name]["required"]) == set(general["$defs"][name]["required"])
    types = {f"with_{name}" for name in FIELDS}
    for name in ("fact", "not_found"):
        assert own["$defs"][name]["properties"].keys() - types == general["$defs"][name]["properties"].keys()
    assert (
        own["$defs"]["tests_with_day"]["properties"].keys() - {"day"} == general["$defs"]["tests"]["properties"].keys()
    )


RESPONSE = {"id": "r", "received": "2024-01-31", "by": "The company", "reason": "So.", "about": ["c"]}
RESPONSES: list[dict[str, Any]] = [
    RESPONSE,
    {**RESPONSE, "about": []},
    {key: value for key, value in RESPONSE.items() if key != "about"},
    {**RESPONSE, "about": ["nonesuch"]},
    {**RESPONSE, "received": "2024-02-30"},
    {**RESPONSE, "status": "open"},
    {**RESPONSE, "status": "rejected"},
    {**RESPONSE, "status": "rejected", "decision": "No."},
    {**RESPONSE, "status": "accepted"},
    {**RESPONSE, "decision": "No."},
    {**RESPONSE, "status": "dropped"},
    {**RESPONSE, "facts": [{"with_count": {"count": 24}, "source": "own"}], "sources": {"own": {"type": "visit"}}},
    {**RESPONSE, "facts": [{"with_count": {"count": 25}}]},
    {**RESPONSE, "facts": [{"with_count": {"count": 24}, "basis": "hypothetical"}]},
    {**RESPONSE, "sources": {"visit": {"type": "visit"}}},
    {**RESPONSE, "sources": {"own": {"type": "visit", "public": "yes"}}},
    {**RESPONSE, "by": ""},
    {**RESPONSE, "x-own": 1},
    {**RESPONSE, "name": "R"},
]


@pytest.mark.parametrize("response", RESPONSES)
def test_a_response_is_refused_where_loading_refuses_it(
    fields: tuple[cc.Methodology, Draft202012Validator], response: dict[str, Any]
) -> None:
    methodology, validator = fields
    company = {"id": "a", "name": "A", "responses": [response]}
    loads = codes(company, methodology) == set()
    assert validator.is_valid(company) == loads
    assert Draft202012Validator(cc.schema("company")).is_valid(company) or not loads


def test_added_facts_know_the_methodology_too() -> None:
    validator = Draft202012Validator(cc.schema("added_facts", methodology_of_fields()))
    assert validator.is_valid({"facts": [{"with_count": {"count": 24}, "source": "visit"}]})
    assert not validator.is_valid({"facts": [{"with_count": {"count": 25}, "source": "visit"}]})
    assert not validator.is_valid({"name": "A"})


def test_references_can_lead_to_the_place_where_a_web_service_keeps_schemas() -> None:
    schema = cc.schema("company", methodology_of_fields(), refs="#/components/schemas/company_")
    assert not {"$schema", "$id"} & schema.keys()
    components = {f"company_{name}": definition for name, definition in schema.pop("$defs").items()}
    whole = {"components": {"schemas": components}, **schema}
    assert Draft202012Validator(whole).is_valid({"id": "a", "name": "A", "facts": [{"with_count": {"count": 24}}]})
    assert not Draft202012Validator(whole).is_valid({"id": "a", "name": "A", "facts": [{"with_count": {"count": 25}}]})


@pytest.mark.parametrize("example", ["clean_cloud_2024", *(str(EXAMPLES / name / "methodology") for name in FICTIONAL)])
def test_the_names_of_definitions_are_those_that_open_api_allows(example: str) -> None:
    names = cc.schema("company", cc.load_methodology(example))["$defs"]
    assert all(name.isascii() and name.replace("_", "").isalnum() for name in names)


def test_a_schema_that_knows_no_methodology_is_refused_with_one() -> None:
    with pytest.raises(ValueError, match="the same under every methodology; of a methodology there are `added_facts`"):
        cc.schema("ranking", methodology_of_fields())
