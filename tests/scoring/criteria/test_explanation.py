from typing import Any

import pytest

from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.results.scorecards import Unmet
from cleancloud_rules.scoring.criteria.explanation import FactView
from tests.support import small

HIGH = {"share": {"percent": "> 10"}}
LOW = {"share": {"percent": "< 2"}}
ENERGY = {"goal": {"topic": "energy", "year": "<= 2030", "coverage": "whole"}}


def unmet(when: Any, *facts: dict[str, Any]) -> list[tuple[str, tuple[str, ...], str | None, bool]]:
    """Return why a rule does not hold, with the number of the nearest fact in the place of its id."""
    horizon = "long_term" if "goal" in str(when) or "site" in str(when) else "short_term"
    methodology = small.methodology(small.criterion("c", 1, small.rule("r", 1, when), horizon=horizon))
    stated = [small.company(methodology, fact).facts[0] for fact in facts]
    reading = FactView(compile_methodology(methodology), stated)
    found = reading.unmet(methodology.criterion("c").rules[0].when)
    numbers = {fact.id: f"fact {i}" for i, fact in enumerate(stated)}
    return [(u.condition, u.tests, u.nearest and numbers[u.nearest], u.forbidden) for u in found]


def share(percent: Any, **more: Any) -> dict[str, Any]:
    return small.fact("share", {"percent": percent}, **more)


def goal(**fields: Any) -> dict[str, Any]:
    return small.fact("goal", {"topic": "energy", **fields})


def test_what_holds_has_nothing_unmet() -> None:
    assert unmet(HIGH, share(5), share(11)) == []


def test_without_a_fact_all_tests_are_unmet() -> None:
    assert unmet(HIGH) == [("share: {percent: > 10}", ("percent: > 10",), None, False)]


def test_the_nearest_fact_says_what_it_says() -> None:
    assert unmet(HIGH, share(5)) == [("share: {percent: > 10}", ("percent: > 10 (the fact says 5%)",), "fact 0", False)]


def test_the_nearest_fact_fails_the_fewest_tests() -> None:
    (found,) = unmet(ENERGY, goal(year=2040), goal(year=2025, coverage="part"), goal())
    assert found[1:3] == (("coverage: whole (the fact says part)",), "fact 1")


def test_of_facts_that_fail_equally_many_tests_the_best_is_nearest() -> None:
    assert [found[2] for found in unmet(HIGH, share(2), share(9), share(4))] == ["fact 1"]


def test_a_fact_about_something_else_is_not_near() -> None:
    carbon = small.fact("goal", {"topic": "carbon", "year": 2025, "coverage": "whole"})
    (found,) = unmet(ENERGY, carbon)
    assert found[1:3] == (("coverage: whole", "topic: energy", "year: <= 2030"), None)


def test_a_missing_field_and_a_disclosed_one_are_told_apart() -> None:
    assert unmet(ENERGY, goal(coverage="whole"))[0][1] == ("year: <= 2030 (the fact does not say)",)
    disclosed = small.fact("goal", {"topic": "energy", "coverage": "whole"}, disclosed=["year"])
    assert unmet(ENERGY, disclosed)[0][1] == ("year: <= 2030 (disclosed, value not at hand)",)


def test_a_bounded_value_is_shown_as_a_bound() -> None:
    fact = goal(coverage="whole", year={"at_most": 2035})
    assert unmet(ENERGY, fact)[0][1] == ("year: <= 2030 (the fact says 2035 or earlier)",)


def test_of_all_parts_those_that_fail_are_unmet() -> None:
    assert [found[0] for found in unmet({"all": [HIGH, LOW]}, share(20))] == ["share: {percent: < 2}"]


def test_of_any_parts_all_are_unmet_where_none_holds() -> None:
    assert [found[0] for found in unmet({"any": [HIGH, LOW]}, share(5))] == [
        "share: {percent: > 10}",
        "share: {percent: < 2}",
    ]
    assert unmet({"any": [HIGH, LOW]}, share(1)) == []


def test_a_part_that_stands_twice_is_unmet_once() -> None:
    assert len(unmet({"any": [{"all": [HIGH, LOW]}, {"all": [LOW, HIGH]}]})) == 2


def test_what_must_not_hold_names_the_best_fact_by_which_it_does() -> None:
    assert unmet({"none": [HIGH, LOW]}, share(11), share(12), share(5)) == [
        ("share: {percent: > 10}", (), "fact 1", True)
    ]
    assert unmet({"none": [HIGH, LOW]}, share(5)) == []


def test_what_must_not_be_absent_is_unmet_by_its_tests() -> None:
    assert unmet({"none": [{"none": [HIGH]}]}) == [("share: {percent: > 10}", ("percent: > 10",), None, False)]
    assert unmet({"none": [{"none": [HIGH]}]}, share(11)) == []
    assert unmet({"none": [{"all": [HIGH, LOW]}]}, share(11)) == []
    assert [found[3] for found in unmet({"none": [{"all": [HIGH, LOW]}]}, share(11), share(1))] == [True, True]


SUNNY = {"site": {"uses": "solar"}}
REGIONS = {"count": {"of": SUNNY, "distinct": "region", "at_least": 2}}


def site(region: str, *uses: str) -> dict[str, Any]:
    return small.fact("site", {"region": region, "uses": list(uses)})


def test_a_count_says_how_many_were_counted() -> None:
    words = "at least 2 different values of region among site: {uses: solar}"
    assert unmet(REGIONS, site("a", "solar"), site("a", "solar", "wind")) == [(words, ("counted 1",), None, False)]
    assert unmet(REGIONS, site("a", "solar"), site("b", "solar")) == []


def test_a_count_names_the_nearest_fact_that_was_not_counted() -> None:
    assert unmet(REGIONS, site("a", "solar"), site("b", "wind"))[1:] == [
        ("site: {uses: solar}", ("uses: solar (the fact says wind)",), "fact 1", False)
    ]


def test_a_count_that_must_not_be_reached_says_what_was_counted() -> None:
    assert unmet({"none": [REGIONS]}, site("a", "solar"), site("b", "solar"))[0][1:] == (("counted 2",), "fact 0", True)
    assert unmet({"none": [REGIONS]}, site("a", "solar")) == []


@pytest.mark.parametrize("percent", [1, 2, 10, 11])
def test_satisfying_facts_pass_every_test(percent: int) -> None:
    methodology = small.methodology(small.LADDER)
    facts = small.company(methodology, share(percent)).facts
    reading = FactView(compile_methodology(methodology), facts)
    high = methodology.criterion("ladder").rules[0].when
    assert not isinstance(high, tuple)
    assert bool(reading.unmet(high)) is (percent <= 10)
    assert all(isinstance(found, Unmet) for found in reading.unmet(high))
