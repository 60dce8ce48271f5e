"""Bounds that were judged wrong once: whole numbers, years and days have neighbours, and an open end is not a value."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules import FactsError, methodology_from, score
from cleancloud_rules.crosscheck.value_tests import acceptor
from cleancloud_rules.model.cells import ends, field_cells
from cleancloud_rules.model.partitions.runs import runs
from cleancloud_rules.model.values import Interval
from tests.reference.conditions import passes
from tests.support import small
from tests.support.pairs import pair_of

QUICK, PART = 20_000, 125_000


def check_pairs(seed: int, count: int) -> int:
    """Compare the cells, the runs that the engine compares, the cross-check and the naive evaluator; count passes."""
    choices = random.Random(seed)  # noqa: S311 - the same pairs in every run
    passing = 0
    for _ in range(count):
        pair = pair_of(choices)
        expected = pair.passes()
        cells = field_cells(pair.field, [pair.test])
        bits, wanted = cells.bits_of(pair.bound), cells.passing(pair.test)
        low, high = ends(bits)
        found = {
            "cells": not bits & ~wanted,
            "runs": any(first <= low and high <= last for first, last in runs(wanted)),
            "cross-check": acceptor(pair.test)(pair.bound, False),
            "naive": passes(pair.test, pair.bound),
        }
        assert set(found.values()) == {expected}, (pair, expected, found)
        passing += expected
    return passing


def test_a_bounded_value_passes_a_test_if_and_only_if_every_value_inside_does() -> None:
    passing = check_pairs(0, QUICK)
    assert QUICK // 10 < passing < QUICK * 9 // 10


@pytest.mark.deep(part="pairs")
@pytest.mark.parametrize("seed", range(1, 1_000_000 // PART + 1))
def test_a_million_bounded_values(seed: int) -> None:
    assert check_pairs(seed, PART)


def points(field: dict[str, Any], test: Any, value: Any, **rule: Any) -> Decimal:
    """Return the points of a criterion with one rule on one field, cross-checked."""
    fact_types = {"plan": {"title": "Plan", "horizon": "long_term", "fields": {"f": field}}}
    made = methodology_from(
        small.files(
            small.criterion("c", 4, small.rule("r", rule.pop("points", 4), {"plan": {"f": test}}, **rule)),
            fact_types=fact_types,
        )
    )
    return score(small.company(made, small.fact("plan", {"f": value})), made, cross_check=True).criterion("c").points


@pytest.mark.parametrize(
    ("field_type", "test", "value"),
    [
        ("year", [2022, 2023], {"between": [2022, 2023]}),
        ("integer", "<= 1, >= 2", {"at_most": 5}),
        ("integer", "<= 3, > 3", {"between": [0, 4]}),
        ("integer", "< 3, 3, > 3", {"between": [0, 4]}),
        ("integer", "[1..3], [4..6]", {"between": [2, 5]}),
        ("date", "<= 2024-02-28, >= 2024-02-29", {"at_least": "2024-01-01"}),
        ("integer", "not(2)", {"more_than": 2}),
        ("year", ">= 2030", {"more_than": 2029}),
    ],
)
def test_alternatives_that_touch_leave_no_gap(field_type: str, test: Any, value: Any) -> None:
    assert points({"type": field_type}, test, value) == 4


@pytest.mark.parametrize(
    ("field_type", "test", "value"),
    [
        ("year", [2022, 2024], {"between": [2022, 2024]}),
        ("integer", "<= 1, >= 3", {"at_most": 5}),
        ("number", "< 3, > 3", {"between": [0, 4]}),
        ("integer", "not(2)", {"more_than": 1}),
    ],
)
def test_alternatives_with_a_gap_leave_it(field_type: str, test: Any, value: Any) -> None:
    assert points({"type": field_type}, test, value) == 0


def test_equal_statements_are_equal_facts_and_are_shown_as_written() -> None:
    fact_types = {"plan": {"title": "Plan", "horizon": "long_term", "fields": {"f": {"type": "year"}}}}
    rule = small.rule("r", 1, {"plan": {"f": ">= 2030"}}, because="It begins {plan.f}.")
    made = methodology_from(small.files(small.criterion("c", 1, rule), fact_types=fact_types))
    open_end, closed_end = (
        small.company(made, small.fact("plan", {"f": value})) for value in ({"more_than": 2029}, {"at_least": 2030})
    )
    assert open_end == closed_end
    assert open_end.sha256 == closed_end.sha256
    assert [score(company, made).criterion("c").because for company in (open_end, closed_end)] == [
        ("It begins after 2029.",),
        ("It begins 2030 or later.",),
    ]
    stated = [dict(score(company, made).facts[0].fields)["f"] for company in (open_end, closed_end)]
    assert stated == [{"more_than": 2029}, {"at_least": 2030}]


def test_the_spelling_that_is_kept_does_not_depend_on_the_order_of_facts() -> None:
    fact_types = {"plan": {"title": "Plan", "horizon": "long_term", "fields": {"f": {"type": "year"}}}}
    rule = small.rule("r", 1, {"plan": {"f": ">= 2000"}})
    made = methodology_from(small.files(small.criterion("c", 1, rule), fact_types=fact_types))
    facts = [small.fact("plan", {"f": value}) for value in ({"more_than": 2029}, {"at_least": 2030})]
    cards = [score(small.company(made, *some), made).to_json() for some in (facts, facts[::-1])]
    assert cards[0] == cards[1]


@pytest.mark.parametrize(
    ("value", "earned"), [({"more_than": 0}, 1), ({"at_least": 1}, 1), (1, 1), ({"more_than": 2}, 3)]
)
def test_points_in_proportion_take_an_open_bound_of_whole_numbers(value: Any, earned: int) -> None:
    field = {"type": "integer", "better": "higher", "valid": "[0..4]"}
    assert points(field, "not(null)", value, in_proportion={"to": "plan.f", "over": [0, 4]}) == earned


@pytest.mark.parametrize(
    ("mode", "value", "earned"),
    [
        ("ceiling", {"more_than": 0}, "0.1"),
        ("ceiling", {"at_least": 0}, "0"),
        ("floor", {"more_than": 0}, "0"),
        ("half_up", {"more_than": "0.125"}, "0.1"),
        ("half_even", {"at_least": "0.125"}, "0.0"),
        ("half_even", {"more_than": "0.125"}, "0.1"),
        ("ceiling", {"more_than": 10}, "4"),
        ("floor", {"more_than": 10}, "4"),
    ],
)
def test_an_end_that_a_bound_leaves_out_earns_no_rounding_of_its_own(mode: str, value: Any, earned: str) -> None:
    bound = {name: Decimal(end) for name, end in value.items()}
    proportion = {"to": "plan.f", "over": [0, 10], "digits": 1, "mode": mode}
    field = {"type": "number", "digits": 3, "better": "higher"}
    assert points(field, "not(null)", bound, in_proportion=proportion) == Decimal(earned)


def test_a_falling_proportion_takes_the_other_end() -> None:
    proportion = {"to": "plan.f", "over": [10, 0], "digits": 1, "mode": "floor"}
    field = {"type": "number", "digits": 1, "better": "lower"}
    assert points(field, "not(null)", {"less_than": Decimal(10)}, in_proportion=proportion) == 0
    assert points(field, "not(null)", {"less_than": Decimal(5)}, in_proportion=proportion) == 2
    assert points(field, "not(null)", {"more_than": Decimal(10)}, in_proportion=proportion) == 0, "beyond the worst end"


WOMEN: dict[str, Any] = {
    "people": {"title": "People", "horizon": "long_term", "fields": {"women": {"type": "integer"}}},
    "tens": {"title": "Tens", "horizon": "long_term", "fields": {"tens": {"type": "integer"}}},
}


def derived(value: Any, formula: str = "p.women * 10", test: str = ">= 40", **more: Any) -> Any:
    derivation = {"id": "d", "fact": "tens", "from": {"p": {"people": {}}}, "set": {"tens": formula}, **more}
    made = small.files(small.criterion("c", 1, small.rule("r", 1, {"tens": {"tens": test}})), fact_types=WOMEN)
    made["facts.yaml"]["derivations"] = [{"join": ["period"], **derivation}]
    methodology = methodology_from(made)
    company = small.company(methodology, small.fact("people", {"women": value}))
    return score(company, methodology, cross_check=True)


@pytest.mark.parametrize(
    ("value", "points"),
    [(4, 1), ({"at_least": 4}, 1), ({"more_than": 3}, 1), ({"between": [4, 5]}, 1), ({"at_least": 3}, 0)],
)
def test_a_bound_is_carried_into_a_field_of_whole_numbers(value: Any, points: int) -> None:
    card = derived(value)
    assert card.criterion("c").points == points
    assert not card.problems


def test_a_computed_bound_holds_the_whole_numbers_inside_it() -> None:
    rounding = {"round": {"digits": 1, "mode": "half_up"}}
    card = derived({"between": [3, 5]}, "p.women / 2", ">= 2", **rounding)
    assert card.criterion("c").points == 1
    refused = derived({"between": [3, 4]}, "p.women / 10", ">= 0", **rounding)
    assert refused.criterion("c").points == 0
    assert "is not a whole number" in refused.problems[0]


def test_a_derived_fact_counts_only_inside_the_window_of_its_type() -> None:
    fact_types: dict[str, Any] = {
        "amount": {"title": "Amount", "horizon": "long_term", "fields": {"n": {"type": "integer"}}},
        "share": {"title": "Share", "horizon": "short_term", "fields": {"n": {"type": "integer"}}},
    }
    derivation = {
        "id": "d",
        "fact": "share",
        "from": {"a": {"amount": {}}},
        "set": {"n": "a.n * 1"},
        "join": ["period"],
    }
    criterion = small.criterion("c", 1, small.rule("r", 1, {"share": {"n": "> 0"}}), horizon="short_term")
    files = small.files(criterion, fact_types=fact_types)
    files["facts.yaml"]["derivations"] = [derivation]
    made = methodology_from(files)
    for period, points in ((2021, 0), (2023, 1)):
        card = score(small.company(made, small.fact("amount", {"n": 2}, period=period)), made, cross_check=True)
        assert card.criterion("c").points == points
        (share,) = (fact for fact in card.facts if fact.type == "share")
        assert share.counts is bool(points)
        stated = score(small.company(made, small.fact("share", {"n": 2}, period=period)), made).facts[0]
        assert (share.why_not, share.counts) == (stated.why_not, stated.counts)


@pytest.mark.parametrize(
    ("field_type", "bound"),
    [
        ("date", {"more_than": "2024-01-01", "less_than": "2024-01-02"}),
        ("date", {"more_than": "9999-12-31"}),
        ("date", {"less_than": "0001-01-01"}),
        ("year", {"more_than": 9999}),
        ("year", {"less_than": 1000}),
        ("integer", {"more_than": 3, "less_than": 4}),
    ],
)
def test_a_bound_without_a_value_is_refused(field_type: str, bound: dict[str, Any]) -> None:
    with pytest.raises(FactsError, match="no value lies within this bound"):
        points({"type": field_type}, "not(null)", bound)


@pytest.mark.parametrize(
    ("field_type", "value", "bound"),
    [
        ("date", "9999-12-31", {"at_least": "9999-12-31"}),
        ("date", "9999-12-31", {"more_than": "9999-12-30"}),
        ("date", "0001-01-01", {"at_most": "0001-01-01"}),
        ("year", 9999, {"more_than": 9998}),
        ("year", 1000, {"at_most": 1000}),
    ],
)
def test_a_bound_at_the_end_of_the_calendar_holds_a_single_value(field_type: str, value: Any, bound: Any) -> None:
    assert points({"type": field_type}, value, bound) == 4


@pytest.mark.parametrize("formula", ["10 / p.women * p.men", "p.men * (10 / p.women)", "(1 / p.women) / p.men"])
@pytest.mark.parametrize("first", ["rate", "tens"])
def test_a_missing_value_goes_before_a_division_by_a_bound_that_holds_zero(formula: str, first: str) -> None:
    whole = {"type": "integer", "optional": True}
    fact_types: dict[str, Any] = {
        "people": {"title": "People", "horizon": "long_term", "fields": {"women": whole, "men": whole}},
        "tens": {"title": "Tens", "horizon": "long_term", "fields": {"tens": whole, "rate": whole}},
    }
    formulas = {"tens": formula, "rate": "100 / p.women"}
    ordered = {name: formulas[name] for name in sorted(formulas, key=lambda name: name != first)}
    files = small.files(small.criterion("c", 1, small.rule("r", 1, {"tens": {}})), fact_types=fact_types)
    files["facts.yaml"]["derivations"] = [{"id": "d", "fact": "tens", "from": {"p": {"people": {}}}, "set": ordered}]
    card = small.card(methodology_from(files), small.fact("people", {"women": {"at_least": 0}}))
    assert len(card.facts) == 1
    assert not card.problems


def test_an_open_interval_of_neighbours_is_the_closed_one() -> None:
    assert Interval(2029, None, low_open=True) == Interval(2030)
    assert hash(Interval(2029, None, low_open=True)) == hash(Interval(2030))
    assert Interval(date(2024, 1, 1), date(2024, 1, 3), True, True) == Interval.at(date(2024, 1, 2))
    assert Interval(Decimal(38), None, low_open=True) != Interval(Decimal(38))
    assert Interval(date.max, None, low_open=True).low_open, "no day lies beyond the last"


TWO_KINDS = {
    "stated": {"title": "Source", "horizon": "long_term", "fields": {"n": {"type": "number", "digits": 3}}},
    "result": {
        "title": "Result",
        "horizon": "long_term",
        "fields": {"whole": {"type": "integer"}, "half": {"type": "number", "digits": 3}},
    },
}
"""A fact type with a whole number and a decimal, which one derivation computes."""


@pytest.mark.parametrize("first", ["whole", "half"])
@pytest.mark.parametrize(
    ("valid", "number", "is_valid"),
    [
        ("> 0", "0.5", True), ("> 0", "0", False), ("< 1", "0.5", False), ("< 2", "0.5", True), ("(0..2)", "0.5", True),
        ("(0..1)", {"more_than": "0.2", "less_than": "0.4"}, False), ("not(1)", "0.5", False), ("not(1)", "1", False),
        ("(0..1)", {"more_than": "0.2", "less_than": "0.6"}, False),
        ("(0..2)", {"at_least": "0.4", "at_most": "0.6"}, True),
        ("(0..1)", {"at_least": "0", "at_most": "0.5"}, False),
    ],
)  # fmt: skip
def test_one_limit_on_values_of_two_types_is_read_in_each_of_them(
    first: str, valid: str, number: Any, is_valid: bool
) -> None:
    formulas = {"whole": "x.n * 2", "half": "x.n"}
    made = {name: formulas[name] for name in sorted(formulas, key=lambda name: name != first)}
    rule = small.rule("r", 1, {"result": {}})
    files = small.files(small.criterion("c", 1, rule, horizon="long_term"), fact_types=TWO_KINDS)
    derivation = {"id": "d", "fact": "result", "from": {"x": {"stated": {}}}, "set": made, "valid": valid}
    files["facts.yaml"]["derivations"] = [{**derivation, "round": {"digits": 3}}]
    methodology = methodology_from(files)
    stated = {end: Decimal(value) for end, value in number.items()} if isinstance(number, dict) else Decimal(number)
    company = small.company(methodology, small.fact("stated", {"n": stated}))
    assert score(company, methodology).total == (100 if is_valid else 0)


@pytest.mark.parametrize(("number", "is_valid"), [("0.5", True), ("0", False)])
def test_a_limit_on_whole_numbers_is_read_as_written_for_a_quantity(number: str, is_valid: bool) -> None:
    fields = {"whole": {"type": "integer"}, "amount": {"type": "quantity", "unit": "GWh", "digits": 3}}
    types = {**TWO_KINDS, "result": {**TWO_KINDS["result"], "fields": fields}}
    rule = small.rule("r", 1, {"result": {}})
    files = small.files(small.criterion("c", 1, rule, horizon="long_term"), fact_types=types)
    made = {"whole": "x.n * 2", "amount": "x.n"}
    derivation = {"id": "d", "fact": "result", "from": {"x": {"stated": {}}}, "set": made, "valid": "> 0"}
    files["facts.yaml"]["derivations"] = [{**derivation, "round": {"digits": 3}}]
    methodology = methodology_from(files)
    company = small.company(methodology, small.fact("stated", {"n": Decimal(number)}))
    assert score(company, methodology).total == (100 if is_valid else 0)
