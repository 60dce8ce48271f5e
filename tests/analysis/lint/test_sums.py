from typing import Any

import pytest

from cleancloud_rules import Methodology
from cleancloud_rules.analysis.lint.sums import excessive_sums
from cleancloud_rules.analysis.monotonicity import state_space
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.scoring.compiled import compiled
from tests.support import small

GOAL: dict[str, Any] = {"goal": {"topic": "energy"}}
SOON: dict[str, Any] = {"goal": {"topic": "energy", "year": "<= 2030"}}
LATE: dict[str, Any] = {"goal": {"topic": "energy", "year": "> 2030"}}
NO_GOAL: dict[str, Any] = {"none": [{"goal": {}}]}
SITE: dict[str, Any] = {"site": {"region": '"north"'}}
SINGLE = {**small.FACT_TYPES, "goal": {**small.FACT_TYPES["goal"], "selection": "single"}}


def several(number: int) -> dict[str, Any]:
    return {"count": {"of": GOAL, "at_least": number}}


def made(*rules: tuple[int, Any], **more: Any) -> Methodology:
    listed = [small.rule(f"r{i}", points, when) for i, (points, when) in enumerate(rules)]
    return small.methodology(small.criterion("c", 2, *listed, hit_policy="collect sum"), **more)


def message(*rules: tuple[int, Any], **more: Any) -> str | None:
    try:
        made(*rules, **more)
    except CriteriaError as error:
        (diagnostic,) = error.diagnostics
        assert (diagnostic.code, diagnostic.location.path) == ("points-above-max", "criteria[0].max_points")
        return diagnostic.message
    return None


@pytest.mark.parametrize(
    ("rules", "most"),
    [
        ([(2, SOON), (1, NO_GOAL)], None),
        ([(2, SOON), (1, LATE)], 3),
        ([(2, SOON), (1, {"none": [LATE]})], 3),
        ([(2, LATE), (2, {"none": [LATE]})], None),
        ([(2, several(3)), (1, {"none": [several(3)]})], None),
        ([(2, several(2)), (1, {"none": [several(3)]})], 3),
        ([(1, SOON), (1, NO_GOAL), (1, SITE)], None),
        ([(1, SOON), (2, NO_GOAL), (1, SITE)], 3),
        ([(2, SOON), (1, {"any": [NO_GOAL, SITE]})], 3),
        ([(2, SOON), (-1, SOON), (1, SITE), (1, NO_GOAL)], None),
    ],
)
def test_the_maximum_is_compared_with_what_rules_earn_together(rules: list[tuple[int, Any]], most: int | None) -> None:
    told = f"the rules of `c` earn {most} together, above `max_points` 2"
    assert message(*rules) == (told if most is not None else None)


def test_two_answers_to_one_question_exclude_each_other() -> None:
    assert message((2, SOON), (1, LATE), fact_types=SINGLE) is None
    told = "the rules of `c` earn 3 together, above `max_points` 2"
    assert message((2, SOON), (1, GOAL), fact_types=SINGLE) == told
    assert message((2, SOON), (1, {"goal": {"topic": "carbon"}}), fact_types=SINGLE) == told


def test_the_points_are_those_of_the_rules_that_fire() -> None:
    methodology = made((2, SOON), (1, NO_GOAL))
    goal = small.fact("goal", {"topic": "energy", "year": 2025})
    assert [small.card(methodology, *facts).criteria[0].points for facts in ((), (goal,))] == [1, 2]


def test_a_sum_with_too_many_cases_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    methodology = made((2, SOON), (1, NO_GOAL))
    assert list(excessive_sums(compiled(methodology))) == []
    monkeypatch.setattr(state_space, "MAX_STATES", 0)
    (found,) = excessive_sums(compiled(methodology))
    told = "may earn 3 together (there are too many cases to decide it), above `max_points` 2"
    assert found.message == f"the rules of `c` {told}"


def test_a_rule_in_proportion_stands_for_its_maximum() -> None:
    share = {"share": {"percent": "> 10"}}
    rule = small.rule("r", 2, share, in_proportion={"to": "share.percent", "over": [10, 100]})
    none = small.rule("n", 1, {"none": [share]})
    other = small.rule("o", 1, {"none": [{"share": {"percent": "> 200"}}]})
    more: dict[str, Any] = {"hit_policy": "collect sum", "horizon": "short_term"}
    assert small.methodology(small.criterion("c", 2, rule, none, **more)).criterion("c").max_points == 2
    with pytest.raises(CriteriaError, match="earn 3 together"):
        small.methodology(small.criterion("c", 2, rule, other, **more))
