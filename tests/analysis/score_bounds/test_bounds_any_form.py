"""Tests of the bounds of methodologies that do more than add: nothing lies outside, and what is exact is reached."""

import random
from decimal import Decimal
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Company, Methodology
from cleancloud_rules.results.bounds import CompanyBounds
from tests.support import small, written
from tests.support.examined_forms import averages, company
from tests.support.known import known

REGIONS = ("north", "south", "east", "west", "west_end", "spill", "exempt")
EXEMPT: dict[str, Any] = {"not_applicable": {"when": {"site": {"region": "exempt"}}}}


def bounds_of(methodology: Methodology, *regions: str) -> CompanyBounds:
    return cc.analysis.bounds([company(methodology, *regions)], methodology).companies[0]


def fines(points: int = -2) -> dict[str, Any]:
    rule = small.rule("r", points, {"site": {"region": "spill"}})
    return small.criterion("fine", 0, rule, hit_policy="collect sum", at_least=-2)


def with_fines(**more: Any) -> Methodology:
    categories = [{"id": "g", "title": "G", **more.pop("g", {})}, {"id": "h", "title": "H"}]
    gated = [{**fines(), **more.pop("fine", {})}, small.criterion("a", 4, _at("north", 4), **more.pop("a", {}))]
    rounding = {"digits": 1, "total": "rounded_sum", "points_digits": 1}
    other = small.criterion("b", 2, _at("south", 2))
    return small.tree(categories, {"g": gated, "h": [other]}, aggregate="mean", rounding=rounding, **more)


def _at(region: str, points: int) -> dict[str, Any]:
    return small.rule("r", points, {"site": {"region": region}})


def test_means_of_groups_are_bounded_exactly() -> None:
    found = bounds_of(averages(), "north", "west")
    assert (found.total, found.floor, found.ceiling) == (Decimal("5.0"), Decimal("5.0"), Decimal("10.0"))
    assert (found.exact, found.reason) == (True, None)
    deep = found.category("deep")
    assert (deep.floor, deep.ceiling, deep.groups[0].ceiling) == (Decimal("3.3"), Decimal("10.0"), Decimal("3.0"))


def test_a_penalty_lowers_the_floor_and_a_fact_that_earns_and_costs_is_told() -> None:
    found = bounds_of(with_fines(), "north")
    assert (found.criterion("fine").floor, found.criterion("fine").ceiling) == (Decimal(-2), Decimal(0))
    assert (found.category("g").floor, found.category("g").ceiling) == (Decimal(2), Decimal(4))
    assert found.category("g").exact is False
    assert known(found.category("g").reason).startswith("one fact may earn points in one of fine and a")
    assert found.category("h").exact


def test_an_upper_bound_that_a_stated_fact_lowers_is_not_attributed_to_searches_alone() -> None:
    rules = (_at("north", 3), {**_at("spill", -2), "id": "spill"})
    used = small.methodology(small.criterion("c", 3, *rules, hit_policy="collect sum", at_least=-2))
    found = bounds_of(used, "spill").criterion("c")
    assert (found.points, found.ceiling) == (Decimal(-2), Decimal(1))
    assert found.reason == "stated facts or searches without result rule out a part of it"


def test_a_cap_that_applies_if_a_requirement_is_met_is_taken_from_the_opposite_bound() -> None:
    found = bounds_of(with_fines(g={"caps": [{"if": "b", "at_most": 1}]}), "north")
    category = found.category("g")
    assert (category.floor, category.ceiling, category.exact) == (Decimal("1.0"), Decimal("4.0"), False)
    assert category.reason == "a cap of g applies if a requirement is met"


def test_a_penalty_behind_a_gate_counts_where_the_gate_may_open() -> None:
    found = bounds_of(with_fines(fine={"requires": ["b"]}), "north", "spill")
    assert found.criterion("fine").points == 0
    assert (found.criterion("fine").floor, found.criterion("fine").ceiling) == (Decimal(-2), Decimal(0))
    assert not found.criterion("fine").exact


def test_points_in_proportion_go_as_far_as_a_fact_could_state() -> None:
    rule = small.rule("r", 4, {"share": {"percent": "<= 50"}}, in_proportion={"to": "share.percent", "over": [0, 100]})
    used = small.methodology(small.criterion("c", 4, rule, horizon="short_term"))
    stated = small.company(used, small.fact("share", {"percent": 20}))
    found = cc.analysis.bounds([stated], used).companies[0].criterion("c")
    assert (found.points, found.floor, found.ceiling) == (Decimal("0.8"), Decimal("0.8"), Decimal("2.0"))
    assert found.exact


def test_a_number_can_cost_where_none_was_stated_and_earn_nothing_where_it_would_cost() -> None:
    costs = {"to": "energy.amount", "over": [0, 10], "least": -1}
    rules = (
        small.rule("whole", -3, {"goal": {}}),
        small.rule("amount", -2, {"energy": {"status": "bought"}}, in_proportion=costs),
    )
    used = small.methodology(
        small.criterion("c", 0, *rules, hit_policy="collect max", at_least=-3, horizon="long_term"),
        small.criterion("other", 1, _at("north", 1)),
        fact_types={name: {**small.FACT_TYPES[name], "horizon": "long_term"} for name in ("goal", "energy", "site")},
    )
    goal, bought = small.fact("goal", {"topic": "energy"}), {"status": "bought"}
    amounts = ({"status": "bought"}, {**bought, "amount": "0 GWh"}, {**bought, "amount": "10 GWh"})
    cards = [small.card(used, goal, small.fact("energy", amount)).criterion("c").points for amount in amounts]
    assert cards == [0, -1, -2]
    found = cc.analysis.bounds([small.company(used, goal)], used).companies[0].criterion("c")
    assert (found.points, found.floor, found.ceiling) == (Decimal(-3), Decimal(-3), Decimal(0))
    unsaid = cc.analysis.bounds([small.company(used, small.fact("energy", bought))], used).companies[0].criterion("c")
    assert (unsaid.points, unsaid.floor, unsaid.ceiling) == (Decimal(0), Decimal(-2), Decimal(0))


def test_what_may_turn_out_not_to_apply_is_bounded_widely_or_not_at_all() -> None:
    shares = small.tree(
        [{"id": "g", "title": "G", "of": "shares", "aggregate": "mean", "scale": 10}],
        {"g": [small.criterion("a", 4, _at("north", 4), **EXEMPT), small.criterion("b", 2, _at("south", 2))]},
        aggregate="mean",
    )
    found = bounds_of(shares, "north").category("g")
    assert (found.score, found.floor, found.ceiling) == (Decimal(5), Decimal(0), Decimal(10))
    assert not found.exact
    points = bounds_of(with_fines(a=EXEMPT), "north").category("g")
    assert (points.floor, points.ceiling) == (None, None)
    assert (
        known(points.reason) == "a criterion that may turn out not to apply stands beside something that costs points"
    )


def gated(other: dict[str, Any], at_least: int, **more: Any) -> Methodology:
    """Return a methodology in which one criterion asks for the score of a group of which a part may not apply."""
    asked = [
        small.criterion("asked", 4, _at("north", 4), **EXEMPT),
        small.criterion("other", 10, _at("east", 10), **other),
    ]
    waiting = small.criterion("waiting", 3, _at("south", 3), requires=[{"of": "h", "at_least": at_least}])
    groups = [{"id": "g", "title": "G"}, {"id": "h", "title": "H", **more}]
    return small.tree(groups, {"g": [waiting], "h": asked})


def test_a_group_of_which_nothing_may_apply_may_open_the_gates_that_ask_for_it() -> None:
    used = gated(EXEMPT, 5, scale=4)
    waiting = bounds_of(used, "south").criterion("waiting")
    assert (waiting.points, waiting.floor, waiting.ceiling) == (Decimal(0), Decimal(0), Decimal(3))
    assert cc.score(company(used, "south", "exempt"), used).criterion("waiting").points == 3


def test_a_criterion_behind_a_gate_without_bounds_may_earn_nothing_or_its_maximum() -> None:
    used = gated({}, 8, aggregate="mean")
    points = [cc.score(company(used, *regions), used).criterion("waiting").points for regions in (
        ("south", "north", "east"), ("south", "north", "east", "exempt"),
    )]  # fmt: skip
    assert points == [0, 3]
    found = bounds_of(used, "south")
    waiting = found.criterion("waiting")
    assert (waiting.floor, waiting.ceiling, waiting.exact) == (Decimal(0), Decimal(3), False)
    assert waiting.reason.endswith(
        "; whether it is gated is not known, because a criterion that may turn out not to apply is a part of h, a mean "
        "of points"
    )
    assert (found.category("g").floor, found.category("g").ceiling) == (None, None)


HELD: dict[str, dict[str, Any]] = {
    "a cap": {"caps": [{"unless": "waiting", "at_most": 1}]},
    "a floor": {"at_least": 1},
}


@pytest.mark.parametrize("form", HELD)
def test_a_share_of_what_is_held_by_limits_may_grow_where_less_applies(form: str) -> None:
    inner = {"id": "h", "title": "H", **HELD[form]}
    used = small.tree(
        [{"id": "o", "title": "O", "of": "shares", "groups": [inner]}, {"id": "g", "title": "G"}],
        {
            "h": [small.criterion("asked", 4, _at("north", 4), **EXEMPT), small.criterion("other", 2, _at("east", 2))],
            "g": [small.criterion("waiting", 3, _at("south", 3))],
        },
    )
    exempt = cc.score(company(used, "north", "east", "exempt"), used).category("o").score
    full = cc.score(company(used, "north", "east"), used).category("o").score
    assert exempt is not None
    assert full is not None
    assert (exempt > full) is (form == "a cap")
    found = bounds_of(used).category("o")
    assert (found.floor, found.ceiling) == (None, None)
    assert (
        known(found.reason) == "a criterion that may turn out not to apply is a part of h, which has limits of its own"
    )


def test_an_answer_that_a_later_one_may_replace_can_be_lost() -> None:
    types = {"answer": {
        "title": "Answer", "horizon": "long_term", "selection": "latest",
        "fields": {
            "question": {"type": "enum", "values": ["q"], "key": True},
            "value": {"type": "enum", "values": ["yes", "no"]},
        },
    }}  # fmt: skip
    rule = small.rule("yes", 3, {"answer": {"question": "q", "value": "yes"}})
    used = small.methodology(small.criterion("q", 3, rule), fact_types=types)
    stated = small.company(
        used, {"answer": {"question": "q", "value": "yes"}, "source": "report", "as_of": "2024-01-01"}
    )
    found = cc.analysis.bounds([stated], used).companies[0].criterion("q")
    assert (found.points, found.floor, found.ceiling) == (Decimal(3), Decimal(0), Decimal(3))
    assert not found.exact


METHODOLOGIES = {
    "means": averages(),
    "means of shares": averages(deep={"of": "points", "caps": [{"unless": "c", "at_most": 4}]}),
    "fines": with_fines(),
    "an if cap": with_fines(g={"caps": [{"if": "b", "at_most": 1}]}),
    "a gated fine": with_fines(fine={"requires": ["b"]}),
    "bands with values that fall": with_fines(
        g={"bands": [{"label": "x", "score": "< 2", "value": 5}, {"label": "y", "score": ">= 2", "value": 1}]}
    ),
    "tiers": averages(deep={"tiers": ["g1", "g2"]}),
    "exempt shares": small.tree(
        [{"id": "g", "title": "G", "of": "shares", "aggregate": "weighted mean"}],
        {
            "g": [
                small.criterion(
                    "a", 4, _at("north", 4), weight=2, not_applicable={"when": {"site": {"region": "exempt"}}}
                ),
                small.criterion("b", 2, _at("south", 2), weight=3),
            ]
        },
        aggregate="mean",
    ),
}


@pytest.mark.parametrize("name", METHODOLOGIES)
def test_no_completion_lies_outside_the_limits(name: str) -> None:
    methodology = METHODOLOGIES[name]
    chance = random.Random(name)  # noqa: S311 - generated companies, no secrets
    for _ in range(12):
        stated = tuple(r for r in REGIONS if chance.random() < 0.3)
        found = bounds_of(methodology, *stated)
        for _ in range(10):
            more = {*stated, *(r for r in REGIONS if chance.random() < 0.5)}
            _compare(found, company(methodology, *sorted(more)), methodology)


def _compare(found: CompanyBounds, grown: Company, methodology: Methodology) -> None:
    card = cc.score(grown, methodology)
    pairs = [(found.floor, found.ceiling, card.total, "total")]
    pairs += [(g.floor, g.ceiling, card.category(g.id).score, g.id) for g in found.groups]
    pairs += [(c.floor, c.ceiling, card.criterion(c.id).points, c.id) for group in found.groups for c in group.criteria]
    for floor, ceiling, score, what in pairs:
        if score is not None and floor is not None and ceiling is not None:
            assert floor <= score <= ceiling, (what, floor, score, ceiling)


def test_what_is_exact_is_reached() -> None:
    methodology = averages()
    found = bounds_of(methodology, "north")
    everything = cc.score(company(methodology, *REGIONS), methodology)
    nothing_more = cc.score(company(methodology, "north"), methodology)
    for group in found.groups:
        assert group.exact
        assert (group.floor, group.ceiling) == (
            nothing_more.category(group.id).score,
            everything.category(group.id).score,
        )


def test_a_score_in_none_of_the_bands_may_be_passed_on_rounded() -> None:
    bands = "bands: [{label: good, score: '[1..4]', value: 4}, {label: bad, score: '< 1', value: 1}]"
    used = written.methodology(
        f"categories: [{{id: a, title: A, {bands}}}]", a=written.earned("c", 3) + written.earned("d", 97)
    )
    silent = cc.company_from("id: acme\nname: Acme\n", used)
    (found,) = cc.analysis.bounds([silent], used).companies
    assert found.ceiling == 100
    assert written.card(used).total == 100, "100 lies in no band, and the total takes it as it is"


def test_a_fact_derived_from_one_that_a_later_one_may_supersede_can_be_lost() -> None:
    facts = """\
  answer: {title: Answer, horizon: ever, selection: latest, fields: {said: {type: number}}}
  made: {title: Made, horizon: ever, fields: {n: {type: number}}}
derivations:
  - {id: d, fact: made, from: {x: {answer: {}}}, set: {n: x.said}}
"""
    earned = written.criterion("c", 5, "5, when: {made: {n: '>= 5'}}")
    used = written.methodology("categories: [{id: a, title: A}]", facts, a=earned)
    before, later = "{answer: {said: 9}, source: form, period: 2023}", "{answer: {said: 1}, source: form, period: 2024}"
    (found,) = cc.analysis.bounds([cc.company_from(f"id: a\nname: A\nfacts: [{before}]\n", used)], used).companies
    assert [found.floor, found.ceiling] == [0, 5]
    assert [written.card(used, f"[{some}]").total for some in (before, f"{before}, {later}")] == [5, 0]
