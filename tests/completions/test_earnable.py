from typing import Any

import pytest

from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.earnable import Completion
from cleancloud_rules.completions.fact_space import Spaces
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.model.methodology import Methodology
from tests.support import small

GOAL = small.rule("goal", 1, {"goal": {}})


def asking(*whens: Any) -> Methodology:
    """Return a methodology of one criterion that asks for one of several things."""
    horizon = "short_term" if "share" in str(whens) or "energy:" in str(whens) else "long_term"
    rules = [small.rule(f"r{i}", 1, when) for i, when in enumerate(whens)]
    return small.methodology(small.criterion("c", 1, *rules, horizon=horizon))


def completion(methodology: Methodology, *not_found: dict[str, Any]) -> Completion:
    entries = small.company(methodology, not_found=list(not_found)).not_found
    ruleset = compile_methodology(methodology)
    return Completion(Spaces(ruleset), AnswerKeys(ruleset), entries)


def could_earn(when: Any, *not_found: dict[str, Any]) -> bool:
    methodology = asking(when)
    return completion(methodology, *not_found).could_earn(methodology.criterion("c"))


def bearing(whens: list[Any], *not_found: dict[str, Any]) -> list[str]:
    methodology = asking(*whens)
    found = completion(methodology, *not_found).bearing_on(methodology.criterion("c"))
    return [str(entry.condition) for entry in found]


def share(test: str) -> dict[str, Any]:
    return {"share": {"percent": test}}


def goal(**tests: Any) -> dict[str, Any]:
    return {"goal": {"topic": "energy", **tests}}


def test_where_nothing_was_looked_for_anything_can_be_earned() -> None:
    assert could_earn(share("> 10"))


@pytest.mark.parametrize(
    ("asked", "missing", "left"),
    [
        ("> 10", "> 10", False),
        ("> 10", ">= 10", False),
        ("> 10", "> 5", False),
        ("> 10", "> 11", True),
        (">= 10", "> 10", True),
        ("> 10", "<= 10", True),
        ("[2..4]", "[1..5]", False),
        ("[2..4]", "(2..5]", True),
        ("not(null)", "-", False),
        ("not(null)", ">= 0", True),  # a value may be disclosed without being at hand
    ],
)
def test_what_was_not_found_leaves_what_it_does_not_cover(asked: str, missing: str, left: bool) -> None:
    assert could_earn(share(asked), share(missing)) is left


@pytest.mark.parametrize(("points", "least", "left"), [(0, 1, True), (0, -1, False), (1, 0, True), (-1, 0, False)])
def test_a_rule_in_proportion_earns_at_either_end(points: float, least: float, left: bool) -> None:
    proportion = {"to": "share.percent", "over": [0, 100], "least": least}
    rule = small.rule("r", points, share("> 10"), in_proportion=proportion)
    made = small.methodology(
        small.criterion("c", max(points, least, 0), rule, horizon="short_term"), small.criterion("d", 1, GOAL)
    )
    assert completion(made, share("> 20")).could_earn(made.criterion("c")) is left


def test_entries_can_rule_out_together_what_neither_does_alone() -> None:
    assert could_earn(share("> 10"), share("[0..20]"))
    assert could_earn(share("> 10"), share("> 20"))
    assert not could_earn(share("> 10"), share("[0..20]"), share("> 20"))


def test_a_wider_field_leaves_room() -> None:
    whole = goal(coverage="whole")
    assert not could_earn(whole, goal(coverage="whole"))
    assert could_earn(goal(), goal(coverage="whole"))
    assert not could_earn(whole, goal())


def test_an_optional_field_may_be_missing() -> None:
    assert could_earn(goal(), goal(coverage="not(null)"))
    assert not could_earn(goal(), goal(coverage="not(null)"), goal(coverage="null"))


def test_sets_leave_room_beside_what_was_not_found() -> None:
    assert could_earn(goal(scopes="one"), goal(scopes={"all": ["one", "two"]}))
    assert not could_earn(goal(scopes={"all": ["one", "two"]}), goal(scopes="two"))
    assert could_earn(goal(scopes=["one", "two"]), goal(scopes="two"))


def test_sources_are_of_accepted_types() -> None:
    assert not could_earn({"goal": {"evidence": {"source_type": "leaflet"}}}, share("> 1"))
    assert could_earn({"goal": {"evidence": {"source_type": "report"}}}, share("> 1"))


def test_periods_lie_in_the_window() -> None:
    assert not could_earn({"share": {"period": "> 2024-06-30"}}, goal())
    assert not could_earn({"share": {"period": "< 2022-01-01"}}, goal())
    assert could_earn({"share": {"period": ">= 2024-06-30"}}, goal())
    assert could_earn({"goal": {"period": "< 2022-01-01"}}, goal(year=1999))


def test_hypothetical_facts_do_not_come_to_light() -> None:
    assert not could_earn({"goal": {"basis": "hypothetical"}}, share("> 1"))


def test_all_parts_must_be_possible_and_one_of_any() -> None:
    both, either = {"all": [share("> 10"), share("< 2")]}, {"any": [share("> 10"), share("< 2")]}
    assert not could_earn(both, share("> 10"))
    assert could_earn(either, share("> 10"))
    assert not could_earn(either, share("> 10"), share("< 5"))


def test_absence_costs_nothing_and_shuts_out_what_it_names() -> None:
    assert could_earn({"none": [share("> 10")]}, share("> 10"))
    assert not could_earn({"all": [share("> 10"), {"none": [share("> 5")]}]}, goal())
    assert could_earn({"all": [share("> 5"), {"none": [share("> 10")]}]}, goal())


def test_rules_without_points_are_nothing_to_earn() -> None:
    rules = small.rule("free", 0, goal(year="not(null)")), small.rule("paid", 1, goal(coverage="whole"))
    methodology = small.methodology(small.criterion("c", 1, *rules))
    assert not completion(methodology, goal(coverage="whole")).could_earn(methodology.criterion("c"))


def counted(of: dict[str, Any], distinct: str | None, at_least: int) -> dict[str, Any]:
    count = {"of": of, "at_least": at_least} | ({"distinct": distinct} if distinct else {})
    return {"count": count}


SITE: dict[str, Any] = {"site": {}}


@pytest.mark.parametrize(
    ("of", "distinct", "at_least", "left"),
    [
        (SITE, None, 100, True),
        (SITE, "region", 100, True),
        ({"site": {"region": ["a", "b"]}}, "region", 2, True),
        ({"site": {"region": ["a", "b"]}}, "region", 3, False),
        (SITE, "uses", 3, True),
        (SITE, "uses", 4, False),
        ({"site": {"uses": "wind"}}, "uses", 3, True),
        ({"site": {"uses": {"is": ["wind", "solar"]}}}, "uses", 2, True),
        ({"site": {"uses": {"is": ["wind", "solar"]}}}, "uses", 3, False),
        (SITE, "public", 2, True),
        (SITE, "public", 3, False),
        ({"site": {"public": True}}, "public", 2, False),
        ({"site": {"public": "null"}}, "public", 1, False),
        ({"site": {"opened": "[2020-01-01..2020-01-03]"}}, "opened", 3, True),
        ({"site": {"opened": "[2020-01-01..2020-01-03]"}}, "opened", 4, False),
        ({"site": {"rank": "[1..5]"}}, "rank", 5, True),
        ({"site": {"rank": "(1..5)"}}, "rank", 3, True),
        ({"site": {"rank": "(1..5)"}}, "rank", 4, False),
        ({"site": {"load": "(1..2)"}}, "load", 9, True),
        ({"site": {"load": "(1..2)"}}, "load", 10, False),
        ({"site": {"load": "> 1"}}, "load", 100, True),
        ({"goal": {"topic": "energy"}}, "coverage", 2, True),
        ({"goal": {"topic": "energy"}}, "coverage", 3, False),
        ({"goal": {"topic": "energy"}}, "topic", 2, False),
    ],
)
def test_a_count_needs_as_many_values_as_it_asks_for(
    of: dict[str, Any], distinct: str | None, at_least: int, left: bool
) -> None:
    assert could_earn(counted(of, distinct, at_least), share("> 1")) is left


def test_what_was_not_found_takes_values_from_a_count() -> None:
    coverages = counted({"goal": {"topic": "energy"}}, "coverage", 2)
    assert not could_earn(coverages, goal(coverage="part"))
    assert could_earn(coverages, goal(coverage="part", year="<= 2030"))


def test_an_entry_bears_on_a_criterion_where_it_rules_out_a_condition() -> None:
    soon, dated = goal(year="<= 2030"), goal(year="not(null)")
    assert bearing([soon, dated], goal(year="<= 2030")) == ["goal: {topic: energy, year: <= 2030}"]
    assert bearing([soon, dated], goal(year="<= 2025")) == []
    assert bearing([soon, dated], {"goal": {"topic": "carbon"}}) == []
    assert bearing([soon, dated], share("> 10")) == []


def test_every_entry_bears_that_rules_out_a_condition_by_itself() -> None:
    assert bearing([share("> 10")], share("> 10"), share("> 5"), share("> 20")) == [
        "share: {percent: > 10}",
        "share: {percent: > 5}",
    ]


def test_an_entry_that_only_overlaps_does_not_bear() -> None:
    assert bearing([goal(scopes={"all": ["one", "two"]})], goal(scopes="three")) == []
    assert bearing([goal(scopes="three")], goal(scopes="three")) == ["goal: {scopes: three, topic: energy}"]


def test_entries_bear_where_they_rule_out_a_condition_together() -> None:
    found = bearing([share("> 10")], share("> 20"), share("(10..20]"), share("< 5"))
    assert found == ["share: {percent: (10..20]}", "share: {percent: > 20}"]


def test_an_entry_that_others_make_needless_does_not_bear() -> None:
    assert bearing([share("> 10")], share("> 20"), share("> 5")) == ["share: {percent: > 5}"]
    assert bearing([share("> 10")], share("> 20"), share("(10..30]"), share("(15..40]")) == [
        "share: {percent: (10..30]}",
        "share: {percent: > 20}",
    ]


def test_an_entry_about_what_must_be_absent_bears() -> None:
    assert bearing([{"none": [goal()]}], goal()) == ["goal: {topic: energy}"]


def test_an_entry_bears_on_a_count_that_it_leaves_too_few_values() -> None:
    coverages = counted({"goal": {"topic": "energy"}}, "coverage", 2)
    assert bearing([coverages], goal(coverage="part")) == ["goal: {coverage: part, topic: energy}"]


def test_nothing_bears_on_what_could_never_be() -> None:
    assert bearing([{"goal": {"evidence": {"source_type": "leaflet"}}}], goal(), {"goal": {"topic": "carbon"}}) == []
