"""Tests of the lemmas: page and code have the same ones, and each applies where it should and nowhere else."""

import re
from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules import Methodology, methodology_from
from cleancloud_rules.analysis.monotonicity import group_lemmas, lemmas
from cleancloud_rules.analysis.monotonicity.proof import proof_of
from cleancloud_rules.completions.selected import latest_of
from cleancloud_rules.model import Criterion
from cleancloud_rules.model.conditions import UnaryTest, conditions_of
from cleancloud_rules.model.facts import Field
from cleancloud_rules.results import Improvement
from tests.support import small
from tests.support.places import ROOT
from tests.support.small import criterion, rule

PAGE = (ROOT / "docs" / "explanation" / "monotonicity.md").read_text(encoding="utf-8")
FIELDS: dict[str, dict[str, Any]] = {
    "up": {"type": "percent", "digits": 1, "better": "higher", "valid": "[0..100]"},
    "free": {"type": "integer", "better": "higher"},
    "down": {"type": "year", "better": "lower"},
    "flag": {"type": "boolean", "better": "higher"},
    "some": {"type": "set", "values": ["a", "b"], "better": "more"},
    "rank": {"type": "enum", "values": ["low", "mid", "top"], "better": "listed"},
    "kind": {"type": "enum", "values": ["x", "y"]},
    "level": {"type": "integer"},
    "note": {"type": "text"},
}
TYPES = {
    "thing": {
        "title": "Thing",
        "horizon": "long_term",
        "fields": {n: {**f, "optional": True} for n, f in FIELDS.items()},
    }
}


def test_the_page_and_the_code_have_the_same_lemmas() -> None:
    assert set(re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE)) == set(lemmas.LEMMAS)


def test_each_lemma_is_stated_on_the_page_in_a_sentence_and_in_the_code() -> None:
    for name, lemma in lemmas.LEMMAS.items():
        section = PAGE.split(f"### `{name}`\n")[1]
        assert section.lstrip().startswith("*"), name
        assert lemma.__doc__, name


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w+)`s? applies", PAGE))))
def test_a_lemma_that_another_one_leans_on_exists(name: str) -> None:
    assert name in lemmas.LEMMAS


def asked(*rules: dict[str, Any], **more: Any) -> tuple[Criterion, Methodology]:
    """Return a criterion with rules, and its methodology."""
    points = [r["points"] for r in rules]
    most = more.pop("most", sum(points) if more.get("hit_policy") == "collect sum" else max(points))
    methodology = small.methodology(criterion("asked", most, *rules, **more), fact_types=TYPES)
    return methodology.criterion("asked"), methodology


def a_test(field: str, test: Any) -> tuple[UnaryTest, Field]:
    """Return a test on a field."""
    made, methodology = asked(rule("only", 1, {"thing": {field: test}}))
    (condition,) = conditions_of(made.rules[0].when)
    own = methodology.vocabulary.by_id["thing"].get(field)
    assert own is not None
    return condition.tests[0].test, own


APPLY = [
    ("up", ">= 10", {"open_threshold", "ranges"}),
    ("up", "> 10", {"open_threshold", "ranges"}),
    ("up", "< 10", set()),
    ("up", "[10..50]", set()),
    ("up", "[10..50], > 50", {"ranges"}),
    ("up", "[10..50], > 60", set()),
    ("up", "[10..100]", set()),  # "at least 60" is better than 60, and is no value inside
    ("up", 100, {"equality"}),
    ("up", 50, set()),
    ("up", "not(< 10)", {"negated_test"}),
    ("up", "not(> 10)", set()),
    ("up", "not(50)", set()),
    ("free", 100, set()),
    ("down", "<= 2030", {"open_threshold", "ranges"}),
    ("down", ">= 2030", set()),
    ("down", "not(> 2030)", {"negated_test"}),
    ("flag", True, {"equality"}),
    ("flag", False, set()),
    ("some", "a", {"set_test"}),
    ("some", ["a", "b"], {"set_test"}),
    ("some", {"all": ["a", "b"]}, {"set_test"}),
    ("some", {"is": ["a"]}, set()),
    ("some", 'not("a")', set()),
    ("rank", "top", {"ordered_enum"}),
    ("rank", ["mid", "top"], {"ordered_enum"}),
    ("rank", "mid", set()),
    ("rank", ["low", "top"], set()),
    ("rank", 'not("low")', {"ordered_enum"}),
    ("rank", 'not("mid")', set()),
]


@pytest.mark.parametrize(("field", "test", "names"), APPLY, ids=[f"{field}-{test}" for field, test, _ in APPLY])
def test_a_lemma_on_tests_applies_to_these(field: str, test: Any, names: set[str]) -> None:
    made, own = a_test(field, test)
    assert {lemma.__name__ for lemma in lemmas.TESTS if lemma(made, own)} == names
    assert lemmas.is_open(made, own) is bool(names)


@pytest.mark.parametrize("test", ["null", "not(null)", "-"])
def test_whether_a_value_is_stated_lasts(test: str) -> None:
    made, own = a_test("up", test)
    assert lemmas.null_test(made)
    assert lemmas.is_open(made, own)


def test_what_asks_for_more_than_presence_is_no_null_test() -> None:
    assert not lemmas.null_test(a_test("up", "> 10, null")[0])
    assert lemmas.open_threshold(*a_test("up", "> 10, null"))


@pytest.mark.parametrize(("field", "applies"), [("kind", True), ("level", True), ("note", True), ("up", False)])
def test_a_field_without_better_is_unordered(field: str, applies: bool) -> None:
    assert lemmas.unordered_field(a_test(field, "not(null)")[1]) is applies


# What rules ask for, and hit policies


def proofs(*rules: dict[str, Any], **more: Any) -> dict[str, set[str] | None]:
    """Return the lemmas that prove a criterion in each sense; None where they do not suffice."""
    made, methodology = asked(*rules, **more)
    found = {sense.value: proof_of(made, sense, methodology) for sense in Improvement}
    return {sense: None if names is None else set(names) for sense, names in found.items()}


A = {"thing": {"kind": "x"}}
BASE = {"collect_max", "existential_condition"}


def test_a_condition_needs_no_more_than_its_tests() -> None:
    assert proofs(rule("only", 1, A)) == {
        "evidence": BASE, "value": BASE | {"unordered_field"}, "narrowing": BASE | {"bounded_value"},
    }  # fmt: skip


def test_all_and_any_need_each_part() -> None:
    found = proofs(rule("only", 1, {"all": [A, {"any": [A, {"thing": {"up": "< 10"}}]}]}))
    assert found == {
        "evidence": BASE | {"all_and_any"}, "value": None, "narrowing": BASE | {"all_and_any", "bounded_value"},
    }  # fmt: skip


def test_none_lasts_where_its_parts_do_not_come_to_hold() -> None:
    assert proofs(rule("only", 1, {"none": [A]})) == {
        "evidence": None, "value": BASE | {"none", "unordered_field"}, "narrowing": None,
    }  # fmt: skip
    assert proofs(rule("only", 1, {"none": [{"thing": {"up": "> 10"}}]}))["value"] is None


def test_a_none_inside_a_none_lasts_where_its_parts_do() -> None:
    found = proofs(rule("only", 1, {"none": [{"none": [{"thing": {"up": "> 10"}}]}]}))
    assert found["evidence"] == BASE | {"none"}
    assert found["value"] == BASE | {"none", "open_threshold"}


def test_a_count_of_facts_lasts_and_a_count_of_values_where_none_is_replaced() -> None:
    def counted(**more: Any) -> dict[str, set[str] | None]:
        return proofs(rule("only", 1, {"count": {"of": A, "at_least": 2, **more}}))

    assert counted()["value"] == {"collect_max", "count_of_facts", "unordered_field"}
    assert counted(distinct="note")["value"] == {"collect_max", "count_of_distinct_values", "unordered_field"}
    assert counted(distinct="some")["value"] is not None
    assert counted(distinct="up")["value"] is None
    assert counted(distinct="up")["narrowing"] == {"collect_max", "count_of_distinct_values", "bounded_value"}


@pytest.mark.parametrize(
    ("policy", "points", "names"),
    [
        ("collect max", (1, 3), {"collect_max", "existential_condition"}),
        ("collect sum", (1, 3), {"collect_sum", "existential_condition"}),
        ("first", (3, 1), {"first", "existential_condition"}),
        ("first", (2, 2), {"first", "existential_condition"}),
        ("first", (1, 3), None),
    ],
)
def test_a_hit_policy_makes_no_less_of_more_rules(policy: str, points: tuple[int, int], names: set[str] | None) -> None:
    rules = [rule(f"r{i}", earned, A) for i, earned in enumerate(points)]
    assert proofs(*rules, hit_policy=policy)["evidence"] == names


@pytest.mark.parametrize(("policy", "least", "proved"), [
    ("collect sum", 0, True), ("collect sum", -1, False), ("collect max", 0, True), ("collect max", -1, False),
])  # fmt: skip
def test_no_points_in_proportion_lie_below_zero(policy: str, least: int, proved: bool) -> None:
    scaled = {"to": "thing.up", "over": [0, 100], "least": least}
    found = proofs(rule("only", 5, A, in_proportion=scaled), hit_policy=policy)
    assert [names is not None for names in found.values()] == [proved] * 3


@pytest.mark.parametrize(("points", "least", "over", "proved"), [
    (5, 0, [0, 100], True), (5, 0, [100, 0], False), (1, 5, [0, 100], False), (1, 5, [100, 0], True),
])  # fmt: skip
def test_points_in_proportion_rise_with_what_is_better(points: int, least: int, over: list[int], proved: bool) -> None:
    scaled = {"to": "thing.up", "over": over, "least": least}
    assert (proofs(rule("only", points, A, in_proportion=scaled), most=5)["value"] is not None) is proved


def test_parts_that_weigh_less_than_nothing_have_no_lemma() -> None:
    combining = small.methodology(small.LADDER).combining
    assert group_lemmas.aggregate_of_parts(combining, [None, Decimal(2)])
    assert not group_lemmas.aggregate_of_parts(combining, [Decimal(-2)])


def test_a_cap_is_cited_where_there_is_one() -> None:
    rules = [rule("a", 2, A), rule("b", 2, A)]
    assert "cap" in (proofs(*rules, hit_policy="collect sum", at_most=3, most=3)["evidence"] or ())


def test_a_window_is_cited_where_it_has_an_end() -> None:
    methodology = small.methodology(small.LADDER, small.GOALS)
    assert "window" in (proof_of(methodology.criterion("ladder"), Improvement.EVIDENCE, methodology) or ())
    assert "window" not in (proof_of(methodology.criterion("goals"), Improvement.EVIDENCE, methodology) or ())


# Derivations


def derived(**amount: Any) -> Methodology:
    """Return a methodology whose shares are derived from amounts that are declared in some way."""
    files = small.files(small.LADDER)
    energy = small.FACT_TYPES["energy"]
    fields = {**energy["fields"], "amount": {**energy["fields"]["amount"], **amount}}
    files["facts.yaml"]["fact_types"] = {**small.FACT_TYPES, "energy": {**energy, "fields": fields}}
    return methodology_from(files)


def test_what_is_derived_lasts_where_no_formula_reads_what_improves() -> None:
    shares = frozenset({"share"})
    for sense in Improvement:
        assert lemmas.derivation(sense, shares, frozenset(), derived()), sense
    assert not lemmas.derivation(Improvement.VALUE, shares, frozenset(), derived(better="higher"))
    assert lemmas.derivation(Improvement.VALUE, frozenset({"goal"}), frozenset(), derived(better="higher"))


def test_derived_facts_of_twin_inputs_may_become_one_and_are_not_counted() -> None:
    shares = frozenset({"share"})
    assert not lemmas.derivation(Improvement.NARROWING, shares, shares, derived())
    assert lemmas.derivation(Improvement.EVIDENCE, shares, shares, derived())


# Which facts are the latest


def selected(**status: Any) -> Methodology:
    """Return a methodology of whose amounts the latest alone count, by a status that is declared in some way."""
    files = small.files(small.LADDER)
    energy = small.FACT_TYPES["energy"]
    fields = {**energy["fields"], "status": {**energy["fields"]["status"], **status}}
    files["facts.yaml"]["fact_types"] = {
        **small.FACT_TYPES, "energy": {**energy, "selection": "latest", "fields": fields},
    }  # fmt: skip
    return methodology_from(files)


@pytest.mark.parametrize(
    ("status", "lasting"),
    [
        ({}, {Improvement.VALUE, Improvement.NARROWING}),
        ({"key": True}, {Improvement.VALUE}),
        ({"key": True, "better": "listed"}, set()),
    ],
)
def test_the_latest_facts_stay_the_latest_where_no_key_field_changes(status: Any, lasting: set[Improvement]) -> None:
    methodology = selected(**status)
    energy = frozenset({"energy"})
    assert {sense for sense in Improvement if lemmas.selection(energy, methodology, sense)} == lasting


def test_a_later_fact_may_take_away_what_was_derived_from_an_earlier_one() -> None:
    methodology = selected(key=True)
    assert [fact_type.id for fact_type in latest_of(frozenset({"share"}), methodology)] == ["energy"]
    ladder = methodology.criterion("ladder")
    assert proof_of(ladder, Improvement.EVIDENCE, methodology) is None
    assert proof_of(ladder, Improvement.NARROWING, methodology) is None
    assert "selection" in (proof_of(ladder, Improvement.VALUE, methodology) or ())
