"""Tests of conditions and of what combines them."""

from collections.abc import Container

import pytest

from cleancloud_rules import load_methodology
from cleancloud_rules.diagnostics.collector import EVERYTHING, Rejected
from cleancloud_rules.language.conditions import Scope, when_of
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When, conditions_of
from tests.support.nodes import node, refused
from tests.system.test_bad_files import CRITERIA

METHODOLOGY = load_methodology(CRITERIA / "good")
SCOPE = Scope(METHODOLOGY.vocabulary)


def read(text: str) -> When:
    return when_of(node(text), SCOPE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{share: {}}", "share: {}"),
        ('{share: {percent: "> 10"}}', "share: {percent: > 10}"),
        ("{share: {percent: 10, denominator: energy}}", "share: {denominator: energy, percent: 10}"),
        ("{share: {denominator: [energy, electricity]}}", 'share: {denominator: "energy", "electricity"}'),
        ("{commitment: {scopes: {all: [scope_2, scope_1]}}}", "commitment: {scopes: all [scope_1, scope_2]}"),
        ("{share: {period: 2023}}", "share: {period: [2023-01-01..2023-12-31]}"),
        ("{share: {basis: [reported, assessed]}}", 'share: {basis: "reported", "assessed"}'),
        ("{share: {entity: null}}", "share: {entity: null}"),
        (
            '{share: {evidence: {source_type: report, published: ">= 2023", source: not(null)}}}',
            "share: {evidence.published: >= 2023-01-01, evidence.source: not(null), evidence.source_type: report}",
        ),
    ],
)
def test_a_condition_is_tests_on_the_fields_of_a_fact_type(text: str, shown: str) -> None:
    found = read(text)
    assert isinstance(found, Condition)
    assert str(found) == shown
    assert [test.field for test in found.tests] == sorted(test.field for test in found.tests)


def test_the_order_and_the_place_of_writing_make_no_difference() -> None:
    one, other = (
        read("{share: {percent: 10, denominator: energy}}"),
        read("\n  share:\n    denominator: energy\n    percent: 10.00"),
    )
    assert one == other
    assert hash(one) == hash(other)


def test_names_that_facts_have_together_are_a_condition_for_each() -> None:
    text = "{commitment: {topic: carbon_neutrality, scopes: {together: [scope_2, scope_1]}}}"
    one, other = (f"{{commitment: {{topic: carbon_neutrality, scopes: {name}}}}}" for name in ("scope_2", "scope_1"))
    found = read(text)
    assert found == read(f"{{all: [{one}, {other}]}}")
    assert read(f"{{any: [{text}, {{none: [{one}]}}]}}") == AnyOf((found, NoneOf((read(one),))))
    for part in conditions_of(found):
        assert part.node is not None
        assert when_of(part.node, SCOPE) == part, "it can be read again where a diff applies single changes"


def test_combinators_nest() -> None:
    found = read("{all: [{share: {}}, {any: [{energy: {}}, {none: [{commitment: {public: false}}]}]}]}")
    assert isinstance(found, AllOf)
    first, second = found.parts
    assert isinstance(first, Condition)
    assert isinstance(second, AnyOf)
    assert isinstance(second.parts[1], NoneOf)
    assert [condition.fact_type for condition in conditions_of(found)] == ["share", "energy", "commitment"]


def test_a_count_may_be_of_facts_or_of_values() -> None:
    plain = read("{count: {of: {energy: {}}, at_least: 2}}")
    assert isinstance(plain, Count)
    assert (plain.at_least, plain.distinct) == (2, None)
    distinct = read("{count: {at_least: 3, of: {energy: {}}, distinct: region}}")
    assert isinstance(distinct, Count)
    assert (distinct.at_least, distinct.distinct) == (3, "region")
    by_source = read("{count: {at_least: 2, of: {energy: {}}, distinct: evidence.source}}")
    assert isinstance(by_source, Count)
    assert by_source.distinct == "evidence.source"


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("share", [("wrong-type", "share")]),
        ("[{share: {}}]", [("wrong-type", "[{share: {}}]")]),
        ("{}", [("empty-value", "{}")]),
        ("", [("empty-value", "")]),
        ("{share: {}, energy: {}}", [("several-conditions", "energy")]),
        ("{shares: {}}", [("unknown-fact-type", "shares")]),
        ("{al: [{share: {}}]}", [("unknown-fact-type", "al")]),
        ("{share: [percent]}", [("wrong-type", "[percent]")]),
        ("{share: }", [("empty-value", "")]),
        ("{share: {percnt: 10}}", [("unknown-field", "percnt")]),
        ("{share: {evidence.source: a}}", [("unknown-field", "evidence.source")]),
        ("{share: {evidence: {souce: a, published: 23}}}", [("unknown-field", "souce"), ("bad-date", "23")]),
        ("{share: {evidence: {source_type: leaflet}}}", [("unknown-value", "leaflet")]),
        ("{share: {evidence: }}", [("empty-value", "")]),
        ('{share: {denominator: energy, "electricity"}}', [("key-without-value", '"electricity"')]),
        ("{share: {denominator: energy, electricity}}", [("key-without-value", "electricity")]),
        ("{share: {basis: guessed}}", [("unknown-value", "guessed")]),
        ("{any: {share: {}}}", [("wrong-type", "{share: {}}")]),
        ("{all: []}", [("empty-value", "[]")]),
        ("{all: [{shares: {}}, {none: [{energi: {}}]}]}", [("unknown-fact-type", "shares"),
        ("unknown-fact-type", "energi")]),
        ("{count: [{share: {}}]}", [("wrong-type", "[{share: {}}]")]),
        ("{count: {}}", [("missing-key", "{}"), ("missing-key", "{}")]),
        ("{count: {of: {shares: {}}, at_least: two, distnct: a}}",
         [("unknown-key", "distnct"), ("unknown-fact-type", "shares"), ("wrong-type", "two")]),
        ("{count: {of: {all: [{share: {}}]}, at_least: 2}}", [("several-conditions", "all")]),
        ("{count: {of: {share: {}}, at_least: 0}}", [("out-of-range", "0")]),
        ("{count: {of: {share: {}}, at_least: 1.5}}", [("wrong-type", "1.5")]),
        ("{count: {of: {share: {}}, at_least: 2, distinct: regoin}}", [("unknown-field", "regoin")]),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_with_all_findings(text: str, findings: list[tuple[str, str]]) -> None:
    assert refused(read, text) == findings


@pytest.mark.parametrize("broken", [EVERYTHING, frozenset({"lost"})], ids=["everything", "one"])
@pytest.mark.parametrize("text", ["{lost: {}}", "{all: [{lost: {a: b}}]}", "{count: {of: {lost: {}}, at_least: 1}}"])
def test_what_reads_a_rejected_fact_type_is_no_finding_of_its_own(text: str, broken: Container[str]) -> None:
    with pytest.raises(Rejected) as caught:
        when_of(node(text), Scope(METHODOLOGY.vocabulary, broken=broken))
    assert caught.value.diagnostics == ()


def test_what_stands_beside_it_is_examined_all_the_same() -> None:
    scope = Scope(METHODOLOGY.vocabulary, broken=frozenset({"lost"}))
    findings = refused(when_of, node("{all: [{lost: {}}, {share: {percent: ten}}]}"), scope)
    assert findings == [("wrong-type", "ten")]


def test_every_fact_has_the_reserved_fields() -> None:
    vocabulary = METHODOLOGY.vocabulary
    share = vocabulary.by_id["share"]
    for name, kind in (("basis", "enum"), ("entity", "text"), ("period", "date"), ("evidence.published", "date")):
        field = vocabulary.reserved_field(name)
        assert field is not None
        assert field.type.value == kind
        assert vocabulary.field_of(share.id, name) == field
    assert vocabulary.reserved_field("evidence") is None
    own = vocabulary.field_of(share.id, "percent")
    assert own is share.get("percent")
