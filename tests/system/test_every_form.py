"""Every form of the language from the file to the firing: facts by which a rule holds, and facts by which it does not.

The engine alone decides here. What it fired is then held against the second evaluation, which must agree.
"""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import EngineError, score
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.durable import Engine
from cleancloud_rules.scoring.compiled import compiled
from tests.support import small
from tests.support.stand_ins import Liar, Told


def fires(when: Any, *facts: dict[str, Any]) -> bool:
    """Return whether the engine fires a rule."""
    horizon = "short_term" if "share" in str(when) else "long_term"
    methodology = small.methodology(small.criterion("c", 1, small.rule("r", 1, when), horizon=horizon))
    return bool(compiled(methodology).fire(small.company(methodology, *facts)).firings)


def share(percent: Any, **more: Any) -> dict[str, Any]:
    return small.fact("share", {"percent": percent}, **more)


def goal(**fields: Any) -> dict[str, Any]:
    return small.fact("goal", {"topic": "energy", **fields})


def site(region: str = "a", **fields: Any) -> dict[str, Any]:
    return small.fact("site", {"region": region, **fields})


def percent(test: Any) -> dict[str, Any]:
    return {"share": {"percent": test}}


ORDER = [
    ("> 10", [11, "10.01", {"more_than": 10}, {"between": [11, 12]}], [10, "9.99", {"at_least": 10}]),
    (">= 10", [10, {"at_least": 10}], ["9.99", {"between": [9, 12]}]),
    ("< 10", ["9.99", {"less_than": 10}], [10, {"at_most": 10}]),
    ("<= 10", [10, {"at_most": 10}], ["10.01", {"between": [9, 11]}]),
    (10, [10, {"between": [10, 10]}], [11, {"between": [10, 11]}]),
    ([10, 20], [10, 20], [15, {"between": [10, 20]}]),
    ("[10..20]", [10, 15, 20, {"between": [10, 20]}], ["9.99", "20.01", {"more_than": 10}]),
    ("(10..20)", ["10.01", "19.99", {"more_than": 10, "less_than": 20}], [10, 20, {"between": [10, 20]}]),
    ("(10..20]", [20, "10.01"], [10, "20.01"]),
    ("[10..20)", [10, "19.99"], [20, "9.99"]),
    ("]10..20[", ["10.01"], [10, 20]),
    ("< 5, > 10", [4, 11], [5, 10, 7, {"between": [4, 11]}]),
    ("< 5, >= 5", [4, 5, {"between": [4, 6]}], []),
    ("not(10)", [9, 11, {"more_than": 10}], [10, {"between": [9, 11]}]),
    ("not(< 5, > 10)", [5, 7, 10], [4, 11, {"between": [4, 7]}]),
    ("not([5..10])", [4, 11], [5, 10, {"between": [3, 5]}]),
    ("not(null)", [0, {"less_than": 5}], []),
    ("-", [0, {"less_than": 5}], []),
    ("null", [], [0, {"less_than": 5}]),
]  # fmt: skip


@pytest.mark.parametrize(("test", "passing", "failing"), ORDER, ids=lambda part: str(part)[:20])
def test_a_test_on_an_ordered_field_passes_what_it_says(test: Any, passing: list[Any], failing: list[Any]) -> None:
    for value in passing:
        assert fires(percent(test), share(Decimal(value) if isinstance(value, str) else value)), value
    for value in failing:
        assert not fires(percent(test), share(Decimal(value) if isinstance(value, str) else value)), value


DATES = [
    (">= 2023", ["2023-01-01"], ["2022-12-31"]),
    ("<= 2023", ["2023-12-31"], ["2024-01-01"]),
    ("< 2023", ["2022-12-31"], ["2023-01-01"]),
    ("> 2023", ["2024-01-01"], ["2023-12-31"]),
    (2023, ["2023-01-01", "2023-12-31"], ["2022-12-31", "2024-01-01"]),
    ("2023-06-30", ["2023-06-30"], ["2023-06-29", "2023-07-01"]),
]


@pytest.mark.parametrize(("test", "passing", "failing"), DATES)
def test_a_year_stands_for_its_days(test: Any, passing: list[str], failing: list[str]) -> None:
    assert all(fires({"site": {"opened": test}}, site(opened=day)) for day in passing)
    assert not any(fires({"site": {"opened": test}}, site(opened=day)) for day in failing)


OTHERS: list[tuple[Any, list[dict[str, Any]], list[dict[str, Any]]]] = [
    ({"site": {}}, [site()], [goal()]),
    ({"site": {"public": True}}, [site(public=True)], [site(public=False), site()]),
    ({"site": {"public": False}}, [site(public=False)], [site(public=True), site()]),
    ({"site": {"public": "null"}}, [site()], [site(public=True)]),
    ({"site": {"region": "a"}}, [site("a")], [site("b")]),
    ({"site": {"region": ["a", "b"]}}, [site("a"), site("b")], [site("c")]),
    ({"site": {"region": 'not("a")'}}, [site("b")], [site("a")]),
    ({"site": {"rank": "> 2"}}, [site(rank=3), site(rank={"more_than": 2})], [site(rank=2), site()]),
    ({"goal": {"coverage": "whole"}}, [goal(coverage="whole")], [goal(coverage="part"), goal()]),
    ({"goal": {"coverage": 'not("part")'}}, [goal(coverage="whole")], [goal(coverage="part"), goal()]),
    ({"goal": {"coverage": [None, "part"]}}, [goal(), goal(coverage="part")], [goal(coverage="whole")]),
    (
        {"site": {"uses": "wind"}},
        [site(uses=["wind"]), site(uses=["wind", "solar"])],
        [site(uses=["solar"]), site()],
    ),
    (
        {"site": {"uses": ["wind", "solar"]}},
        [site(uses=["wind"]), site(uses=["solar"]), site(uses=["solar", "hydro"])],
        [site(uses=["hydro"]), site()],
    ),
    (
        {"site": {"uses": {"all": ["wind", "solar"]}}},
        [site(uses=["wind", "solar"]), site(uses=["wind", "solar", "hydro"])],
        [site(uses=["wind"]), site(uses=["solar", "hydro"])],
    ),
    (
        {"site": {"uses": {"is": ["wind", "solar"]}}},
        [site(uses=["solar", "wind"])],
        [site(uses=["wind"]), site(uses=["wind", "solar", "hydro"]), site()],
    ),
    ({"site": {"uses": 'not("wind")'}}, [site(uses=["solar"])], [site(uses=["wind", "solar"]), site()]),
    ({"site": {"uses": "not(null)"}}, [site(uses=["solar"])], [site()]),
    ({"site": {"uses": "null"}}, [site()], [site(uses=["solar"])]),
    ({"site": {"basis": "reported"}}, [site()], [{**site(), "basis": "assessed"}]),
    ({"site": {"entity": "x"}}, [{**site(), "entity": "x"}], [site(), {**site(), "entity": "y"}]),
    ({"site": {"period": ">= 2023"}}, [site()], [{**site(), "period": 2022}, {**site(), "period": None}]),
    ({"site": {"evidence": {"source": "book"}}}, [{**site(), "source": "book"}], [site()]),
    ({"site": {"evidence": {"published": ">= 2024"}}}, [site()], [{**site(), "source": "book"}]),
    ({"site": {"evidence": {"published": 2023}}}, [{**site(), "source": "book"}], [site()]),
]


@pytest.mark.parametrize(("when", "passing", "failing"), OTHERS, ids=lambda part: str(part)[:40])
def test_a_condition_holds_by_what_it_says(
    when: Any, passing: list[dict[str, Any]], failing: list[dict[str, Any]]
) -> None:
    for fact in passing:
        assert fires(when, stated(fact)), fact
    for fact in failing:
        assert not fires(when, stated(fact)), fact


def stated(fact: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fact.items() if value is not None}


def test_a_disclosed_field_passes_only_that_it_is_there() -> None:
    fact = small.fact("site", {"region": "a"}, disclosed=["uses", "rank"])
    for test, holds in (("not(null)", True), ("-", True), ("null", False), ("wind", False), ('not("wind")', False)):
        assert fires({"site": {"uses": test}}, fact) is holds, test
    for test, holds in (("not(null)", True), ("-", True), ("null", False), ("> 0", False), ("not(5)", False)):
        assert fires({"site": {"rank": test}}, fact) is holds, test


def test_one_fact_must_pass_all_tests_of_a_condition() -> None:
    when = {"goal": {"topic": "energy", "year": "<= 2030", "coverage": "whole"}}
    assert fires(when, goal(year=2030, coverage="whole"))
    assert not fires(when, goal(year=2030), goal(coverage="whole"))


HIGH, LOW = percent("> 10"), percent("< 2")


@pytest.mark.parametrize(
    ("when", "percents", "holds"),
    [
        ({"all": [HIGH, LOW]}, [11, 1], True),
        ({"all": [HIGH, LOW]}, [11, 5], False),
        ({"any": [HIGH, LOW]}, [1], True),
        ({"any": [HIGH, LOW]}, [5], False),
        ({"none": [HIGH, LOW]}, [5], True),
        ({"none": [HIGH, LOW]}, [], True),
        ({"none": [HIGH, LOW]}, [1], False),
        ({"none": [{"all": [HIGH, LOW]}]}, [11], True),
        ({"none": [{"all": [HIGH, LOW]}]}, [11, 1], False),
        ({"none": [{"any": [HIGH, LOW]}]}, [11], False),
        ({"none": [{"none": [HIGH]}]}, [11], True),
        ({"none": [{"none": [HIGH]}]}, [5], False),
        ({"all": [HIGH, {"none": [LOW]}]}, [11], True),
        ({"all": [HIGH, {"none": [LOW]}]}, [11, 1], False),
        ({"any": [{"all": [HIGH, LOW]}, {"none": [HIGH]}]}, [1], True),
        ({"any": [{"all": [HIGH, LOW]}, {"none": [HIGH]}]}, [11], False),
        ({"count": {"of": HIGH, "at_least": 2}}, [11, 12], True),
        ({"count": {"of": HIGH, "at_least": 2}}, [11, 5], False),
        ({"count": {"of": HIGH, "at_least": 3}}, [11, 12, 13, 14], True),
        ({"none": [{"count": {"of": HIGH, "at_least": 2}}]}, [11], True),
        ({"none": [{"count": {"of": HIGH, "at_least": 2}}]}, [11, 12], False),
        ({"none": [{"count": {"of": HIGH, "at_least": 2}}]}, [11, 12, 13], False),
        (
            {
                "all": [
                    {"count": {"of": HIGH, "at_least": 2}},
                    {"count": {"of": HIGH, "at_least": 3}},
                    {"none": [{"count": {"of": HIGH, "at_least": 5}}]},
                    {"none": [{"count": {"of": HIGH, "at_least": 6}}]},
                ]
            },
            [11, 12],
            False,
        ),
    ],
)
def test_what_combines_conditions_holds_as_it_says(when: Any, percents: list[int], holds: bool) -> None:
    assert fires(when, *map(share, percents)) is holds


@pytest.mark.parametrize(
    ("distinct", "at_least", "facts", "holds"),
    [
        ("region", 2, [site("a"), site("b")], True),
        ("region", 2, [site("a"), site("a", public=True)], False),
        ("uses", 3, [site("a", uses=["wind", "solar"]), site("b", uses=["hydro"])], True),
        ("uses", 3, [site("a", uses=["wind", "solar"]), site("b", uses=["solar"])], False),
        ("rank", 2, [site("a", rank=1), site("b", rank={"more_than": 1})], False),
        ("rank", 2, [site("a", rank=1), site("b")], False),
        ("rank", 2, [site("a", rank=1), site("b", rank=2)], True),
        ("period", 2, [{**site("a"), "period": 2022}, site("a")], True),
        ("period", 2, [site("a"), site("b")], False),
    ],
)
def test_distinct_values_are_counted(distinct: str, at_least: int, facts: list[dict[str, Any]], holds: bool) -> None:
    assert fires({"count": {"of": {"site": {}}, "distinct": distinct, "at_least": at_least}}, *facts) is holds


@pytest.mark.parametrize("length", [15, 16, 31, 226])
def test_a_long_conjunction_holds_only_as_a_whole(length: int) -> None:
    parts = [{"site": {"rank": rank}} for rank in range(length)]
    facts = [site(rank=rank) for rank in range(length)]
    assert fires({"all": parts}, *facts)
    for left_out in (0, 14, 15, length - 1):
        if left_out < length:
            assert not fires({"all": parts}, *facts[:left_out], *facts[left_out + 1 :])


def energy(status: str, amount: str, **more: Any) -> dict[str, Any]:
    return small.fact("energy", {"status": status, "amount": amount}, **more)


def test_a_derivation_joins_facts_with_equal_keys() -> None:
    bought, used = energy("bought", "30 GWh"), energy("used", "200 GWh")
    assert fires(percent(15), bought, used)
    assert not fires(percent(15), bought, energy("used", "200 GWh", period=2022))
    assert not fires(percent(15), bought)
    assert fires(percent("> 14"), energy("bought", "30 GWh", period=2022), bought, used)


LADDER = small.methodology(small.LADDER)


def test_a_combination_that_the_engine_does_not_join_is_found_out() -> None:
    def loses_joins(shard: str, fired: list[Told]) -> list[Told]:
        return [told for told in fired if told[0] != "join"]

    company = small.company(LADDER, energy("bought", "30 GWh"), energy("used", "200 GWh"))
    engine = Engine(compile_methodology(LADDER), Liar(loses_joins))
    with pytest.raises(EngineError, match="joined 0 of 1 combinations"):
        engine.fire(company)


def test_a_fact_type_is_matched_by_its_own_conditions_alone() -> None:
    assert not fires({"all": [{"site": {"rank": "null"}}, {"goal": {"year": "null"}}]}, site())


def test_rules_of_many_shards_fire_side_by_side() -> None:
    rules = [small.rule(f"r{i}", 1, {"site": {"rank": i}}) for i in range(130)]
    criterion = small.criterion("c", 130, *rules, hit_policy="collect sum")
    methodology = small.methodology(criterion)
    company = small.company(methodology, *(site(rank=rank) for rank in range(130)))
    assert score(company, methodology, cross_check=True).criterion("c").points == 130
    fewer = evolve(company, facts=company.facts[1:])
    assert score(fewer, methodology, cross_check=True).criterion("c").points == 129
