"""Tests of differences: every attribute of every class is compared, and any two methodologies can be mixed."""

from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import methodology_from
from cleancloud_rules.analysis.editions.differ import Found, differences, mixture
from cleancloud_rules.analysis.editions.flatten import flattened, put_together
from cleancloud_rules.analysis.editions.wording import sentence
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.model.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Count,
    FieldTest,
    Members,
    NoneOf,
    Null,
    UnaryTest,
)
from cleancloud_rules.model.derivations import Operand, Operation
from cleancloud_rules.model.groups import Requirement
from cleancloud_rules.model.methodology import Group, Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results.differences import ChangeKind
from tests.support import small
from tests.support.filled import changed, classes, every_attribute, filled

TREE = [(Group, "criteria"), (Group, "groups"), (Methodology, "categories")]
"""The attributes that are flattened before anything is compared."""

INSIDE_TESTS = (AllOf, AnyOf, Condition, Count, FieldTest, Interval, Members, NoneOf, Null, UnaryTest)
"""Parts of conditions and tests, which sentences show as they are written."""

INSIDE_VALUES = (Operation, Operand, Requirement)
"""Likewise of formulas and requirements."""


def found_between(old: Methodology, new: Methodology) -> list[Found]:
    return list(differences(flattened(old), flattened(new)))


def test_every_class_that_a_methodology_is_made_of_is_known_to_this_test() -> None:
    assert len(classes()) > 35
    assert {Methodology, Operand, Null, Requirement} <= set(classes())


ATTRIBUTES = [(cls, name) for cls, name in every_attribute() if (cls, name) not in TREE]


@pytest.mark.parametrize(("cls", "name"), ATTRIBUTES, ids=lambda part: getattr(part, "__name__", part))
def test_a_change_of_any_attribute_is_found_told_and_can_be_applied(cls: type, name: str) -> None:
    old = filled(Methodology, cls)
    new = changed(old, cls, name)
    assert new != old, "the attribute is not in the methodology that this test makes"
    found = found_between(old, new)
    assert found
    texts = [sentence(difference) for difference in found]
    assert all(texts)
    before, after = flattened(old), flattened(new)
    patches = {difference.patch for difference in found}
    assert mixture(before, after, lambda path: path in patches) == after
    if cls not in (*INSIDE_TESTS, *INSIDE_VALUES) and all(f.kind is ChangeKind.CHANGED for f in found):
        assert all(difference.name or difference.place for difference in found)
        assert all(" became " in text or " was " in text for text in texts)


def test_what_is_beside_the_content_is_no_difference() -> None:
    methodology = small.methodology(small.criterion("c", 1, small.rule("r", 1, {"goal": {"topic": "energy"}})))
    assert found_between(methodology, evolve(methodology, sha256="other", node=None)) == []


SEEDS = range(30)
"""What two methodologies each are made from, by the parity of the seeds."""


@pytest.mark.parametrize("seed", SEEDS)
def test_any_two_methodologies_are_mixed_from_one_to_the_other(seed: int) -> None:
    old, new = (methodology_from(generated_files(Seeded(2 * seed + part))) for part in (0, 1))
    before, after = flattened(old), flattened(new)
    assert evolve(put_together(before), sha256=old.sha256) == old
    found = list(differences(before, after))
    patches = {difference.patch for difference in found}
    assert put_together(mixture(before, after, lambda _: False)) == put_together(before)
    assert put_together(mixture(before, after, lambda path: path in patches)) == put_together(after)
    assert all(sentence(difference) for difference in found)


def rules(*whens: Any, hit_policy: str = "collect max") -> Methodology:
    made = [small.rule(f"r{i}", 1, when) for i, when in enumerate(whens)]
    return small.methodology(small.criterion("c", 1, *made, hit_policy=hit_policy))


def goal(**fields: Any) -> dict[str, Any]:
    return {"goal": {"topic": "energy", **fields}}


WHENS = [
    (goal(year="<= 2030"), goal(year="<= 2035"), ["goal.year `<= 2030` became `<= 2035`"]),
    (goal(year="<= 2030"), goal(), ["goal.year `<= 2030` was removed"]),
    (goal(), goal(coverage="whole"), ["goal.coverage `whole` was added"]),
    (
        goal(year=2030, coverage="part"),
        goal(year=2031, coverage="whole"),
        ["goal.coverage `part` became `whole`", "goal.year `2030` became `2031`"],
    ),
    (
        {"all": [goal(year=2030), {"site": {}}]},
        {"all": [goal(year=2031), {"site": {}}]},
        ["goal.year `2030` became `2031`"],
    ),
    (
        {"count": {"of": goal(), "at_least": 2}},
        {"count": {"of": goal(), "at_least": 3}},
        ["at least 2 became 3"],
    ),
    (
        {"any": [goal(), {"site": {}}]},
        {"any": [goal()]},
        ["when `goal: {topic: energy} or site: {}` became `goal: {topic: energy}`"],
    ),
    (goal(), {"site": {}}, ["when `goal: {topic: energy}` became `site: {}`"]),
]


@pytest.mark.parametrize(("old", "new", "said"), WHENS)
def test_a_change_in_what_a_rule_asks_for_is_told_test_by_test(old: Any, new: Any, said: list[str]) -> None:
    found = found_between(rules(old), rules(new))
    assert [sentence(difference) for difference in found] == [f"criterion `c`, rule `r0`: {text}" for text in said]
    assert {difference.patch for difference in found} == {("criteria", "c", "rules", "r0", "when")}


def test_a_new_order_counts_only_where_the_first_rule_wins() -> None:
    one, two = (small.rule(name, 1, goal()) for name in ("one", "two"))
    for policy, expected in (("collect max", []), ("first", ["criterion `c`: the order of rules is now `two`, `one`"])):
        old, new = (
            small.methodology(small.criterion("c", 1, *pair, hit_policy=policy)) for pair in ((one, two), (two, one))
        )
        assert [sentence(difference) for difference in found_between(old, new)] == expected
        assert mixture(flattened(old), flattened(new), lambda path: path[-1] == "order") == flattened(new)
