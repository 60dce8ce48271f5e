"""What parts of a score tree mean to the rest of it: what differs outside has another influence."""

from decimal import Decimal
from itertools import combinations, product
from typing import Any

from cleancloud_rules import Methodology
from cleancloud_rules.model.groups import Requirement
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.model.values import Id
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.influence import Influence
from cleancloud_rules.scoring.states import GroupState
from tests.support.small import criterion, rule, tree

BANDS = [{"label": "good", "score": ">= 50"}, {"label": "poor", "score": "< 50"}]


def made(first: dict[str, Any], second: dict[str, Any], **criteria: Any) -> Methodology:
    """Return two groups with two criteria each."""
    owners = {
        group: [criterion(f"{group}_{n}", 1, rule("so", 1, {"goal": {}}), **criteria) for n in (1, 2)]
        for group in ("first", "second")
    }
    groups = {"first": first, "second": second}
    whole = [{"title": id.title(), "weight": 50, **more, "id": id} for id, more in groups.items()]
    return tree(whole, owners)


def combined(methodology: Methodology, *earned: str) -> Combination:
    """Return the results of a company that earns all points of some criteria."""
    return Combination(structure_of(methodology), dict.fromkeys(earned, Decimal(1)), frozenset(), None, frozenset())


def influence(methodology: Methodology) -> Influence:
    return Influence(structure_of(methodology))


def test_parts_and_what_is_inside() -> None:
    found = influence(made({}, {}))
    assert found.parts(None) == ("first", "second")
    assert found.inside("first") == {"first", "first_1", "first_2"}
    assert found.inside("first_1") == {"first_1"}
    assert len(found.inside(None)) == 6


def test_requirements_on_what_is_outside() -> None:
    found = influence(made({"requires": [{"of": "second", "at_least": 50}]}, {}))
    (asked,) = found.asked_outside("first_1")  # the requirement of a group is one of each criterion in it
    assert asked == Requirement(Id("second"), Decimal(50))
    assert found.asked_of("second") == (asked,)
    assert found.asked_outside("second") == found.asked_of("first") == ()


def test_exemptions_and_cohorts_that_are_asked_about() -> None:
    exempt: dict[str, Any] = {"not_applicable": {"when": {"site": {}}}}
    found = influence(made({}, {}, **exempt))
    assert found.exempting("first_1") == ("first_1",)
    assert found.exempting("first") == ()
    assert not found.reads_cohort("first_1")
    assert not found.exempting(None)


def test_a_group_with_a_label_has_the_influence_of_its_value_and_not_of_which_criterion_earned_it() -> None:
    methodology = made({"bands": BANDS}, {})
    found = influence(methodology)
    one, other, both = (combined(methodology, *ids) for ids in (["first_1"], ["first_2"], ["first_1", "first_2"]))
    assert found.of_group("first", one) == found.of_group("first", other) != found.of_group("first", both)
    assert found.of_criterion("first_1", one) != found.of_criterion("first_1", other)
    assert found.of_criterion("first_1", one) == found.of_criterion("first_1", both)


def test_with_equal_influence_all_results_outside_are_equal() -> None:
    methodology = made({"requires": [{"of": "second", "at_least": 60}]}, {"bands": BANDS})
    found, ids = influence(methodology), ["first_1", "first_2", "second_1", "second_2"]
    vectors = [tuple(id for id, has in zip(ids, held, strict=True) if has) for held in product((False, True), repeat=4)]
    equal = 0
    for own, other in combinations(vectors, 2):
        pair = combined(methodology, *own), combined(methodology, *other)
        outside = [{id for id in earned if not id.startswith("second")} for earned in (own, other)]
        if outside[0] == outside[1] and found.of_group("second", pair[0]) == found.of_group("second", pair[1]):
            equal += 1
            first, last = ([_said(one.whole()), _said(one.group("first"))] for one in pair)
            assert first == last
    assert equal == 4


def _said(state: GroupState) -> tuple[Any, ...]:
    return state.outcome, state.score, state.points, state.label, state.level
