from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules import score
from cleancloud_rules.engine.firings import Firing, Firings
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.points import points_of, winners
from cleancloud_rules.scoring.sums import Summing
from tests.support import fictional, small
from tests.support.seeded import seeded_cases

ASKED = {"goal": {"topic": "energy"}}


def made(policy: str, *points: float, max_points: float = 10, at_most: float | None = None) -> Criterion:
    rules = [small.rule(f"r{i}", number, ASKED) for i, number in enumerate(points)]
    more: dict[str, Any] = {} if at_most is None else {"at_most": at_most}
    return small.methodology(small.criterion("c", max_points, *rules, hit_policy=policy, **more)).criterion("c")


def earned(criterion: Criterion, *rules: str) -> dict[str, Decimal]:
    return {rule.id: rule.points for rule in criterion.rules if rule.id in rules}


@pytest.mark.parametrize(
    ("criterion", "rules", "won", "points"),
    [
        (made("collect max", 10, 4, 1), ("r1", "r2"), ["r1"], 4),
        (made("collect max", 10, 4, 1), ("r2", "r1", "r0"), ["r0"], 10),
        (made("collect max", 10, 4, 4), ("r2", "r1"), ["r1"], 4),
        (made("collect max", 10), (), [], 0),
        (made("collect sum", 6, 3, 1), ("r0", "r2"), ["r0", "r2"], 7),
        (made("collect sum", 6, 3, 1), (), [], 0),
        (made("collect sum", 4, 3, 1, at_most=5, max_points=5), ("r0", "r1"), ["r0", "r1"], 5),
        (made("first", 1, 10, 4), ("r1", "r2"), ["r1"], 10),
        (made("first", 1, 10, 4), ("r0", "r1"), ["r0"], 1),
        (made("first", 1, 10, 4), ("r2",), ["r2"], 4),
        (made("first", 10), (), [], 0),
    ],
)
def test_the_hit_policy_says_whose_points_are_taken(
    criterion: Criterion, rules: tuple[str, ...], won: list[str], points: int
) -> None:
    assert [rule.id for rule in winners(criterion, earned(criterion, *rules))] == won
    assert points_of(criterion, earned(criterion, *rules)) == points


def part(id: str, max_points: int, year: int) -> dict[str, Any]:
    """Return a criterion that earns one point of several for a goal by a year."""
    steps = [small.rule(f"r{i}", i + 1, {"goal": {"topic": "energy", "year": f"<= {year + i}"}}) for i in range(1)]
    full = small.rule("full", max_points, {"goal": {"topic": "energy", "year": year, "coverage": "whole"}})
    return small.criterion(id, max_points, *steps, full)


def card(mode: str, total: str, digits: int = 2, weights: tuple[int, ...] = (33, 33, 34)) -> Scorecard:
    """Return a scorecard with 1 of 7, 1 of 7 and 1 of 3 points."""
    criteria = (part("one", 7, 2030), part("two", 7, 2030), part("three", 3, 2030))
    rounding = {"digits": digits, "mode": mode, "total": total, "points_digits": 0}
    methodology = small.methodology(*criteria, rounding=rounding, weights=weights)
    return small.card(methodology, small.fact("goal", {"topic": "energy", "year": 2030}))


@pytest.mark.parametrize(
    ("mode", "scores"),
    [
        ("half_up", ["4.71", "4.71", "11.33"]),
        ("half_even", ["4.71", "4.71", "11.33"]),
        ("floor", ["4.71", "4.71", "11.33"]),
        ("ceiling", ["4.72", "4.72", "11.34"]),
    ],
)
def test_category_scores_are_rounded_as_declared(mode: str, scores: list[str]) -> None:
    found = card(mode, "sum_of_rounded")
    assert [str(category.score) for category in found.categories] == scores
    assert [category.exact for category in found.categories] == [Fraction(33, 7), Fraction(33, 7), Fraction(34, 3)]


def test_the_total_is_the_sum_of_what_was_rounded_or_the_rounded_sum() -> None:
    by_parts, at_once = card("floor", "sum_of_rounded"), card("floor", "rounded_sum")
    assert (str(by_parts.total), str(at_once.total)) == ("20.75", "20.76")
    assert by_parts.categories == at_once.categories


def test_the_arithmetic_is_a_sentence() -> None:
    found = card("half_up", "sum_of_rounded")
    assert [category.arithmetic for category in found.categories] == [
        "33 x 1 / 7 = 33/7, rounded half up to 4.71",
        "33 x 1 / 7 = 33/7, rounded half up to 4.71",
        "34 x 1 / 3 = 34/3, rounded half up to 11.33",
    ]
    assert found.arithmetic == "4.71 + 4.71 + 11.33 = 20.75"
    assert card("floor", "rounded_sum").arithmetic == "33/7 + 33/7 + 34/3 = 436/21, rounded down to 20.76"
    assert card("ceiling", "rounded_sum").arithmetic.endswith("rounded up to 20.77")
    assert card("half_even", "rounded_sum").arithmetic.endswith("rounded half to even to 20.76")


def test_a_score_that_needs_no_rounding_says_so() -> None:
    found = card("half_up", "sum_of_rounded", weights=(7, 14, 79))
    assert [category.arithmetic for category in found.categories][:2] == ["7 x 1 / 7 = 1.00", "14 x 1 / 7 = 2.00"]
    halves = card("half_up", "rounded_sum", digits=1, weights=(14, 50, 36)).categories
    assert halves[2].arithmetic == "36 x 1 / 3 = 12.0"


def test_a_fraction_that_its_digits_hold_is_not_rounded() -> None:
    criterion = part("one", 8, 2030)
    made = small.card(small.methodology(criterion), small.fact("goal", {"topic": "energy", "year": 2030}))
    assert made.category("whole").arithmetic == "100 x 1 / 8 = 12.50"
    assert made.arithmetic == "12.50"


def test_points_keep_the_digits_that_the_methodology_declares() -> None:
    half = small.criterion("c", 2, small.rule("a", 0.5, ASKED), small.rule("b", 2, {"goal": {"topic": "carbon"}}))
    found = small.card(small.methodology(half), small.fact("goal", {"topic": "energy"}))
    result = found.criterion("c")
    assert (str(result.points), str(result.points_forgone), str(result.max_points)) == ("0.5", "1.5", "2.0")
    assert [str(rule.points) for rule in result.rules] == ["2.0", "0.5"]
    assert (str(found.categories[0].points), str(found.categories[0].max_points)) == ("0.5", "2.0")
    assert found.categories[0].arithmetic == "100 x 0.5 / 2 = 25.00"


def test_weights_add_up_to_the_most_that_can_be_reached() -> None:
    assert card("half_up", "rounded_sum").max_total == 100


@pytest.mark.parametrize(
    ("rounding", "most"), [({"digits": 0}, "3"), ({"digits": 0, "mode": "floor"}, "2"), ({"digits": 2}, "2.5")]
)
def test_the_most_that_a_score_can_be_is_rounded_as_the_score_is(rounding: dict[str, Any], most: str) -> None:
    group = {"id": "g", "title": "G", "aggregate": "mean", "rounding": rounding}
    made = small.tree([group], {"g": [part("one", 2, 2030), part("two", 3, 2030)]})
    found = small.card(made, small.fact("goal", {"topic": "energy", "year": 2030})).category("g")
    assert str(found.max_score) == most


def test_scores_by_hypothetical_facts_are_told_apart() -> None:
    methodology = small.methodology(small.LADDER, small.GOALS, weights=(40, 60))
    stated = small.fact("share", {"percent": 5})
    guessed = small.fact("goal", {"topic": "energy", "year": 2040}, basis="hypothetical")
    found = score(small.company(methodology, stated, guessed), methodology, with_hypothetical=True)
    assert (str(found.total), str(found.hypothetical_total)) == ("30.00", "20.00")
    assert [(str(c.hypothetical_points), str(c.hypothetical_score)) for c in found.categories] == [
        ("0.0", "0.00"),
        ("2.0", "20.00"),
    ]


@given(st.sets(st.sampled_from(["r0", "r1", "r2", "r3"])), st.sampled_from(["collect max", "collect sum", "first"]))
def test_points_never_leave_their_bounds(rules: set[str], policy: str) -> None:
    at_most = 5 if policy == "collect sum" else None
    criterion = made(policy, 5, 3, 2, 0, max_points=5, at_most=at_most)
    assert 0 <= points_of(criterion, earned(criterion, *rules)) <= 5
    assert (points_of(criterion, earned(criterion, *rules)) == 0) is (rules <= {"r3"})


def test_sums_hold_points_only_of_criteria_that_fired() -> None:
    methodology = small.methodology(small.LADDER, small.GOALS, weights=(40, 60))
    found = Summing(structure_of(methodology)).sums(Firings((Firing("goals", "dated", ()),), ()))
    assert found.points == {"goals": 2}
    groups = [found.combination.group(id) for id in ("part_0", "part_1")]
    assert [group.value for group in groups] == [0, 20]
    assert [str(group.score) for group in groups] == ["0.00", "20.00"]
    assert str(found.combination.whole().score) == "20.00"


def test_what_a_criterion_that_is_kept_out_counts_as_stands_in_its_arithmetic() -> None:
    gated = fictional.card(fictional.FARMS, "example_dale").criterion("metering")
    assert (str(gated.points), gated.arithmetic) == (
        "0.0",
        "the highest of the rules that hold: 4 by weekly = 4; gated: 0",
    )
    left_out = fictional.card(fictional.TOOLS, "example_anvil").criterion("screws")
    assert left_out.arithmetic == "no rule holds: 0; does not apply: left out"


def test_nothing_is_forgone_by_what_is_left_out() -> None:
    left_out = fictional.card(fictional.TOOLS, "example_anvil").criterion("screws")
    assert not left_out.points_forgone
    assert (left_out.counts_as, left_out.remedy) == ("excluded", None)


def test_a_criterion_names_the_facts_by_which_it_does_not_apply() -> None:
    card = fictional.card(fictional.TOOLS, "example_anvil")
    (id,) = card.criterion("screws").exempted_by
    assert dict(card.fact(id).fields) == {"question": "screws", "value": "not_applicable"}
    by_cohort = card.criterion("switch")
    assert (by_cohort.counts_as, by_cohort.exempted_by) == ("excluded", ())
    assert (card.criterion("handles").counts_as, card.criterion("handles").exempted_by) == (None, ())


@pytest.mark.parametrize(
    ("counts_as", "arithmetic", "forgone"), [("full", "counts as 4", 0), ("zero", "counts as 0", 4)]
)
def test_what_counts_in_full_or_as_nothing_says_so(counts_as: str, arithmetic: str, forgone: int) -> None:
    never = {"cohorts": ["big"], "counts_as": counts_as}
    used = small.methodology(
        small.criterion("a", 4, small.rule("any", 4, {"share": {}}), horizon="short_term", not_applicable=never)
    )
    found = small.card(used).criterion("a")
    assert found.arithmetic == f"no rule holds: 0; does not apply: {arithmetic}"
    assert (found.counts_as, found.points_forgone) == (counts_as, Decimal(forgone))


def test_points_alone_are_those_of_the_scorecard() -> None:
    outcomes, plain = Counter[Outcome](), 0
    for seed in range(20):
        for methodology, company in seeded_cases(seed):
            alone = score(company, methodology, cross_check=False, explain=False)
            assert alone.to_json() == score(company, methodology, cross_check=False).to_json("points"), seed
            outcomes.update(criterion.outcome for criterion in alone.criteria)
            plain += compiled(methodology).summing.plain_tree is not None
    assert set(outcomes) == set(Outcome)
    assert plain > 50
