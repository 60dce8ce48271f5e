"""Tests of facts whose values stand in one cell: each value is read as in a cell of its own, or refused."""

from typing import Any

import pytest

from cleancloud_rules import FactsError, dataset_from_tables, load_methodology
from cleancloud_rules.generators.serialise import stated_fact
from cleancloud_rules.sheets.responses.evidence import value_cell
from tests.sheets.responses.test_table import HEAD, company_of, mistakes

AMOUNT = "amount: 1 GWh; region: North"


def fact_of(kind: str, value: Any) -> dict[str, Any]:
    (response,) = company_of({**HEAD, "fact": kind, "value": value}).responses
    (fact,) = response.facts
    return stated_fact(fact)


@pytest.mark.parametrize(
    ("kind", "value", "stated"),
    [
        (
            "share",
            "percent: >38%; denominator: electricity",
            {"percent": {"more_than": 38}, "denominator": "electricity"},
        ),
        ("share", "denominator: electricity\npercent: 38 %\n", {"percent": 38, "denominator": "electricity"}),
        ("share", "12.5%", {"percent": 12.5}),
        ("share", 38, {"percent": 38}),
        ("share", ";; percent：12.5%；", {"percent": 12.5}),
        ("energy", 'region: "a; b: ""c"""; amount: 1 GWh', {"amount": "1 GWh", "region": 'a; b: "c"'}),
        ("energy", 'region: 5" pipe; amount: 1 GWh', {"amount": "1 GWh", "region": '5" pipe'}),
        ("energy", 'region: "(disclosed)"; amount: 1 GWh', {"amount": "1 GWh", "region": "(disclosed)"}),
    ],
)
def test_values_are_read_by_the_names_of_their_fields(kind: str, value: Any, stated: dict[str, Any]) -> None:
    assert fact_of(kind, value) == {kind: stated}


def test_a_field_can_be_disclosed_without_its_value() -> None:
    assert fact_of("share", "percent: (Disclosed)") == {"share": {}, "disclosed": ["percent"]}


@pytest.mark.parametrize(
    ("kind", "value", "codes"),
    [
        ("share", "percnt: 3%", ["unknown-field"]),
        ("share", "denominator: electricity", ["missing-key"]),
        ("share", None, ["missing-key"]),
        ("share", "percent: 3%; percent: 4%", ["repeated-key"]),
        ("share", "percent: (disclosed); percent: 4%", ["repeated-key"]),
        ("share", "percent:; denominator: electricity", ["empty-value"]),
        ("share", "percent: 15,43", ["wrong-type"]),
        ("share", "percent: 0.5", ["ambiguous-percent"]),
        ("share", "percent: 300%", ["out-of-range"]),
        ("commitment", "2030", ["unknown-value"]),
        ("shares", "3%", ["unknown-fact-type"]),
        (None, "3%", ["missing-key"]),
        (
            "share",
            "percnt: 3%; denominator: electrcity; percent: 15,43",
            ["unknown-field", "unknown-value", "wrong-type"],
        ),
    ],
)
def test_a_mistake_in_a_cell_is_reported_and_no_other(kind: str | None, value: str | None, codes: list[str]) -> None:
    row = {**HEAD, "about": "renewable_share", "fact": kind, "value": value}
    found = mistakes(row)
    assert sorted(code for code, _ in found) == codes
    assert {place for _, place in found} <= {"responses[0].value", "responses[0].fact"}


def test_evidence_needs_a_kind_of_fact() -> None:
    assert mistakes({**HEAD, "about": "renewable_share", "source": "report"}) == [
        ("missing-key", "responses[0].source")
    ]


def test_a_fact_is_written_as_it_is_read() -> None:
    (response,) = company_of({**HEAD, "fact": "energy", "value": 'amount: 1 GWh; region: "x; y"'}).responses
    assert value_cell(response.facts[0]) == 'amount: 1 GWh; region: "x; y"'


def test_a_value_alone_is_refused_where_it_could_be_of_several_fields() -> None:
    methodology = load_methodology("clean_cloud_2024")
    kind = next(
        each for each in methodology.vocabulary.fact_types
        if len(each.fields) > 1 and sum(not own.optional for own in each.fields) != 1
    )  # fmt: skip
    about = str(methodology.criteria[0].id)
    rows = [{**HEAD, "about": about, "fact": kind.id, "value": "x"}]
    with pytest.raises(FactsError) as caught:
        dataset_from_tables({"companies": [{"id": "acme", "name": "Acme"}], "responses": rows}, methodology)
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.path) == ("missing-key", "responses[0].value")
    assert all(f"`{own.id}: ...`" in found.help for own in kind.fields)
