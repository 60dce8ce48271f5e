"""The oracle itself, on cases so small that their results can be seen at a glance."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from cleancloud_rules import Company, Methodology, company_from, methodology_from
from cleancloud_rules.model.conditions import Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.derivations import Operation, Operator
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.values import Interval
from tests.reference import CriterionFound, Found, evaluate, rank
from tests.reference.conditions import passes
from tests.reference.derivations import NothingError, Span, span_of
from tests.reference.scores import rounded

TEN = Decimal(10)
MORE_THAN_TEN = UnaryTest("> 10", (Interval(low=TEN, low_open=True),))
AT_LEAST_11 = UnaryTest(">= 11", (Interval(low=11),))
IN_2023 = UnaryTest("2023", (Interval(date(2023, 1, 1), date(2023, 12, 31)),))
A, AB = frozenset({"a"}), frozenset({"a", "b"})


def members(mode: SetMode, names: frozenset[str]) -> UnaryTest:
    return UnaryTest("", (Members(mode, names),))


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        (MORE_THAN_TEN, TEN, False),
        (MORE_THAN_TEN, Decimal("10.01"), True),
        (MORE_THAN_TEN, Interval(low=Decimal(38), low_open=True), True),
        (MORE_THAN_TEN, Interval(low=TEN), False),
        (MORE_THAN_TEN, Interval(high=TEN), False),
        (MORE_THAN_TEN, None, False),
        (AT_LEAST_11, Interval(low=10, low_open=True), True),
        (UnaryTest(">= 11", (Interval(low=Decimal(11)),)), Interval(low=TEN, low_open=True), False),
        (IN_2023, date(2023, 12, 31), True),
        (IN_2023, date(2024, 1, 1), False),
        (IN_2023, Interval(date(2022, 12, 31), date(2024, 1, 1), True, True), True),
        (IN_2023, Interval(date(2022, 12, 31), date(2023, 1, 1)), False),
        (UnaryTest("< 5, > 10", (Interval(high=5, high_open=True), Interval(low=10, low_open=True))), 7, False),
        (UnaryTest("< 5, >= 5", (Interval(high=5, high_open=True), Interval(low=5))), Interval(low=2), True),
        (UnaryTest("not(7)", (Interval.at(7),), negated=True), Interval(low=7, low_open=True), True),
        (UnaryTest("not(7)", (Interval.at(7),), negated=True), Interval(low=6, low_open=True), False),
        (UnaryTest("not(7)", (Interval.at(7),), negated=True), None, False),
        (UnaryTest("null", (Null(),)), None, True),
        (UnaryTest("null", (Null(),)), 7, False),
        (UnaryTest("not(null)", (Null(),), negated=True), 7, True),
        (UnaryTest("not(null)", (Null(),), negated=True), None, False),
        (UnaryTest("-", anything=True), None, True),
        (members(SetMode.CONTAINS, AB), A, True),
        (members(SetMode.ALL, AB), A, False),
        (members(SetMode.ALL, A), AB, True),
        (members(SetMode.IS, A), AB, False),
        (members(SetMode.IS, AB), AB, True),
    ],
)
def test_a_value_passes_a_test_or_not(test: UnaryTest, value: Any, expected: bool) -> None:
    assert passes(test, value) is expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (UnaryTest("-", anything=True), True),
        (UnaryTest("not(null)", (Null(),), negated=True), True),
        (UnaryTest("null", (Null(),)), False),
        (MORE_THAN_TEN, False),
        (UnaryTest("not(7)", (Interval.at(7),), negated=True), False),
    ],
)
def test_a_disclosed_field_passes_no_threshold(test: UnaryTest, expected: bool) -> None:
    assert passes(test, None, disclosed=True) is expected


# A criterion of one rule that earns one point, for facts of one type

LEVEL = {"alpha": {"level": "not(null)"}}
DERIVED = {"id": "d", "fact": "alpha", "from": {"x": {"alpha": {"mark": "from"}}}, "join": []}


def methodology(when: dict[str, Any], **changes: Any) -> Methodology:
    fields: dict[str, Any] = {
        "mark": {"type": "text", "optional": True, "key": True},
        "level": {"type": "integer", "optional": True},
        "share": {"type": "percent", "digits": 2, "optional": True, "valid": "[0..100]"},
        "parts": {"type": "set", "values": ["a", "b", "c"], "optional": True},
    }
    rules = changes.pop("rules", [{"id": "rule", "points": 1, "when": when, "because": "Yes."}])
    criterion = {"id": "only", "title": "Only", "horizon": "recent", "max_points": 1, "hit_policy": "collect max"}
    window = {"from": date(2022, 1, 1), "to": date(2024, 6, 30)}
    return methodology_from(
        {
            "methodology.yaml": {
                "id": "small",
                "title": "Small",
                "edition": "1",
                "publisher": "Nobody",
                "windows": {"recent": window},
                "source_types": ["report", "rumour"],
                "accepted_sources": ["report"],
                "sources": {"own": {"type": "report"}, "heard": {"type": "rumour"}},
                "categories": [{"id": "first", "title": "First", "weight": 100}],
            },
            "facts.yaml": {
                "fact_types": {"alpha": {"title": "Alpha", "horizon": "recent", "fields": fields}},
                "derivations": changes.pop("derivations", []),
            },
            "first.yaml": {
                "category": "first",
                "criteria": [{**criterion, "rules": rules, "otherwise": "No.", **changes}],
            },
        }
    )


def company(methodology: Methodology, *facts: dict[str, Any], **more: Any) -> Company:
    stated = [{"source": "own", "period": 2023, **fact} for fact in facts]
    return company_from({"id": "acme", "name": "Acme", "facts": stated, **more}, methodology)


def outcome(when: dict[str, Any], *facts: dict[str, Any], **more: Any) -> str:
    made = methodology(when)
    return only(evaluate(made, company(made, *facts, **more))).outcome.value


def only(found: Found) -> CriterionFound:
    return found.criteria["only"]


def fact(**values: Any) -> dict[str, Any]:
    return {"alpha": values}


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ({}, "awarded"),
        ({"period": "2021-07-01/2022-01-01"}, "awarded"),
        ({"period": 2021}, "excluded"),
        ({"period": "2023-07-01/2024-06-30"}, "awarded"),
        ({"period": "2023-07-01/2024-07-01"}, "excluded"),
        ({"source": "heard"}, "excluded"),
        ({"basis": "hypothetical"}, "excluded"),
    ],
)
def test_a_fact_counts_by_window_source_and_basis(beside: dict[str, Any], expected: str) -> None:
    assert outcome(LEVEL, fact(level=1) | beside) == expected


def test_a_hypothetical_fact_counts_when_it_is_asked_for() -> None:
    made = methodology(LEVEL)
    found = evaluate(made, company(made, fact(level=1) | {"basis": "hypothetical"}), with_hypothetical=True)
    assert only(found).outcome.value == "awarded"


def test_a_fact_without_period_counts_by_its_day_and_without_day_not_at_all() -> None:
    made = methodology(LEVEL)
    stated = [{**fact(level=1), "as_of": day, "source": "own"} for day in (date(2024, 6, 30), date(2024, 7, 1))]
    file = {"id": "acme", "name": "Acme", "facts": [*stated, {**fact(level=1), "source": "own"}]}
    found = evaluate(made, company_from(file, made))
    assert [found.facts[id].as_of for id in found.counting] == [date(2024, 6, 30)]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"all": [{"alpha": {"level": 1}}, {"alpha": {"level": 2}}]}, {1, 2}),
        ({"any": [{"alpha": {"level": 1}}, {"alpha": {"level": 9}}]}, {1}),
        ({"all": [{"alpha": {"level": 1}}, {"none": [{"alpha": {"level": 9}}]}]}, {1}),
        ({"none": [{"alpha": {"level": 9}}]}, set()),
        ({"none": [{"none": [{"alpha": {"level": 2}}]}]}, {2}),
        ({"count": {"of": {"alpha": {"level": "<= 2"}}, "at_least": 2}}, {1, 2}),
        ({"count": {"of": {"alpha": {}}, "distinct": "parts", "at_least": 3}}, {1, 2, 3}),
    ],
)
def test_a_rule_fires_by_the_facts_of_what_is_satisfied(when: dict[str, Any], expected: set[int]) -> None:
    made = methodology(when)
    facts = (fact(level=1, parts=["a", "b"]), fact(level=2, parts=["b", "c"]), fact(level=3))
    found = evaluate(made, company(made, *facts))
    assert {found.facts[id].get("level") for id in only(found).fired["rule"]} == expected


@pytest.mark.parametrize(
    "when",
    [
        {"alpha": {"level": 1, "parts": "c"}},
        {"all": [{"alpha": {"level": 1}}, {"none": [{"alpha": {"level": 2}}]}]},
        {"count": {"of": {"alpha": {}}, "distinct": "share", "at_least": 1}},
        {"count": {"of": {"alpha": {}}, "distinct": "parts", "at_least": 3}},
    ],
)
def test_a_rule_does_not_fire(when: dict[str, Any]) -> None:
    bounded = {"share": {"more_than": 10}}
    assert outcome(when, fact(level=1, parts=["a"], **bounded), fact(level=2, parts=["a", "b"])) == "not_met"


@pytest.mark.parametrize(
    ("policy", "more", "expected"),
    [
        ("collect max", {"max_points": 5}, 3),
        ("first", {"max_points": 5}, 2),
        ("collect sum", {"max_points": 10}, 5),
        ("collect sum", {"max_points": 5, "at_most": 5}, 5),
    ],
)
def test_hit_policies(policy: str, more: dict[str, Any], expected: int) -> None:
    asked = (("a", 5, 9), ("b", 2, 1), ("c", 3, 1))
    rules = [{"id": id, "points": p, "when": {"alpha": {"level": n}}, "because": "Yes."} for id, p, n in asked]
    made = methodology({}, hit_policy=policy, rules=rules, **more)
    found = evaluate(made, company(made, fact(level=1)))
    assert only(found).points == expected
    assert found.groups["first"].exact == Fraction(100 * expected, more["max_points"])


def test_a_derived_fact_carries_bounds_and_counts() -> None:
    derivation = DERIVED | {"set": {"share": "x.level / 8"}, "round": {"digits": 1, "mode": "half_even"}}
    made = methodology({"alpha": {"share": "> 0.2"}}, derivations=[derivation])
    found = evaluate(made, company(made, fact(mark="from", level={"more_than": 1})))
    (derived,) = (f for f in found.facts.values() if f.derived_by)
    assert derived.get("share") == Interval(low=Decimal("0.2"))  # more than 1 is at least 2, and 2 / 8 is 0.25
    assert derived.id in found.counting
    assert only(found).outcome.value == "not_met"


@pytest.mark.parametrize(
    ("formula", "level"),
    [("100 / x.level", 0), ("100 / x.level", {"at_least": 0}), ("x.level", 101), ("x.level", None)],
)
def test_division_by_what_may_be_zero_and_values_that_are_not_valid_derive_nothing(formula: str, level: Any) -> None:
    made = methodology(LEVEL, derivations=[DERIVED | {"set": {"share": formula}}])
    stated = fact(mark="from") if level is None else fact(mark="from", level=level)
    assert len(evaluate(made, company(made, stated)).facts) == 1


def test_a_derivation_joins_what_is_present_and_equal() -> None:
    inputs = {"x": {"alpha": {"mark": "from"}}, "y": {"alpha": {"mark": "to"}}}
    derivation = {"id": "d", "fact": "alpha", "from": inputs, "join": ["period", "level"], "set": {"share": "y.level"}}
    made = methodology(LEVEL, derivations=[derivation])
    start = fact(mark="from", level=7)
    same = fact(mark="to", level=7) | {"period": "2023-01-01/2023-12-31"}
    others = (fact(mark="to", level=8), fact(mark="to"), fact(mark="to", level=7) | {"period": 2022})
    found = evaluate(made, company(made, start, same, *others))
    joined = [f.id for f in found.facts.values() if f.get("level") == 7 and f.get("period") == date(2023, 12, 31)]
    assert [f.derived_from for f in found.facts.values() if f.derived_by] == [tuple(sorted(joined))]


def test_spans_go_through_formulas_end_by_end() -> None:
    positive = Span(Fraction(0), Fraction(5), low_open=True)
    assert span_of(Operation(Operator.DIVIDE, Decimal(10), Decimal(4)), {}) == Span(Fraction(5, 2), Fraction(5, 2))
    with pytest.raises(NothingError):
        span_of(Operation(Operator.DIVIDE, Decimal(10), Decimal(0)), {})
    assert 0 not in positive
    assert 5 in positive


@pytest.mark.parametrize(
    ("when", "not_found", "expected"),
    [
        (LEVEL, [], "not_assessed"),
        (LEVEL, [{"alpha": {"level": "> 3"}}], "not_assessed"),
        (LEVEL, [{"alpha": {"level": "not(null)"}}], "not_found"),
        (LEVEL, [{"alpha": {}}], "not_found"),
        ({"alpha": {"level": "> 3"}}, [{"alpha": {"level": "> 2"}}], "not_found"),
        ({"alpha": {"level": "> 3"}}, [{"alpha": {"level": "> 4"}}], "not_assessed"),
        ({"alpha": {"level": "> 3"}}, [{"alpha": {"level": "> 4"}}, {"alpha": {"level": 4}}], "not_found"),
        ({"alpha": {"share": "> 90"}}, [{"alpha": {"share": "(90..100]"}}], "not_found"),
        ({"alpha": {"evidence": {"source_type": "rumour"}}}, [{"alpha": {"level": 1}}], "not_found"),
        ({"alpha": {"period": "< 2022"}}, [{"alpha": {"level": 1}}], "not_found"),
        ({"any": [{"alpha": {"level": 1}}, {"alpha": {"level": 2}}]}, [{"alpha": {"level": 1}}], "not_assessed"),
        ({"all": [{"alpha": {"level": 1}}, {"alpha": {"level": 2}}]}, [{"alpha": {"level": 1}}], "not_found"),
        (
            {"all": [{"alpha": {"level": 1}}, {"none": [{"alpha": {"mark": "-"}}]}]},
            [{"alpha": {"level": 2}}],
            "not_found",
        ),
        (
            {"count": {"of": {"alpha": {}}, "distinct": "parts", "at_least": 3}},
            [{"alpha": {"parts": "c"}}],
            "not_found",
        ),
        (
            {"count": {"of": {"alpha": {}}, "distinct": "parts", "at_least": 2}},
            [{"alpha": {"parts": "c"}}],
            "not_assessed",
        ),
    ],
)
def test_what_was_not_found_leaves_nothing_to_earn_or_something(
    when: dict[str, Any], not_found: list[dict[str, Any]], expected: str
) -> None:
    assert outcome(when, not_found=not_found) == expected


def test_a_kin_fact_is_one_about_the_same() -> None:
    when = {"alpha": {"mark": "here", "level": "> 3"}}
    assert outcome(when, fact(mark="here", level=1)) == "not_met"
    assert outcome(when, fact(mark="there", level=9)) == "not_assessed"


@pytest.mark.parametrize(
    ("exact", "mode", "expected"),
    [
        (Fraction(50, 3), RoundingMode.HALF_UP, "16.7"),
        (Fraction(1, 20), RoundingMode.HALF_UP, "0.1"),
        (Fraction(1, 20), RoundingMode.HALF_EVEN, "0.0"),
        (Fraction(3, 20), RoundingMode.HALF_EVEN, "0.2"),
        (Fraction(19, 100), RoundingMode.FLOOR, "0.1"),
        (Fraction(11, 100), RoundingMode.CEILING, "0.2"),
        (Fraction(1, 5), RoundingMode.CEILING, "0.2"),
        (Fraction(-1, 20), RoundingMode.HALF_UP, "-0.1"),
    ],
)
def test_rounding(exact: Fraction, mode: RoundingMode, expected: str) -> None:
    assert rounded(exact, 1, mode) == Decimal(expected)


def test_equal_totals_share_a_rank_and_leave_room_for_it() -> None:
    totals: dict[str, tuple[str | None, Decimal]] = {
        "a": ("x", Decimal(5)), "b": ("x", Decimal(9)), "c": ("x", Decimal(5)), "d": ("x", Decimal(1)),
        "e": (None, Decimal(0)),
    }  # fmt: skip
    assert rank(totals) == {"b": 1, "a": 2, "c": 2, "d": 4, "e": 1}
