from typing import Any

import pytest

from cleancloud_rules.completions import joint_search
from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.earnable import Completion
from cleancloud_rules.completions.fact_space import Spaces
from cleancloud_rules.engine.compiler import compile_methodology
from tests.reference.additions import Search, could_earn
from tests.support import small


def site(**tests: Any) -> dict[str, Any]:
    return {"site": tests}


def counted(of: dict[str, Any], distinct: str | None, at_least: int) -> dict[str, Any]:
    return {"count": {"of": of, "at_least": at_least} | ({"distinct": distinct} if distinct else {})}


def could_be(wanted: list[Any], unwanted: list[Any], *not_found: Any, oracle: bool = True) -> bool:
    """Return whether sites could be all that is wanted and none of what is not; the oracle must say so too."""
    when = {"all": [*wanted, {"none": unwanted}]}
    methodology = small.methodology(small.criterion("c", 1, small.rule("r", 1, when)))
    criterion = methodology.criterion("c")
    entries = small.company(methodology, not_found=list(not_found)).not_found
    ruleset = compile_methodology(methodology)
    found = Completion(Spaces(ruleset), AnswerKeys(ruleset), entries).could_earn(criterion)
    assert not oracle or could_earn(criterion, Search(methodology, entries)) is found
    return found


@pytest.mark.parametrize(("fewer_than", "left"), [(1, False), (2, True)])
def test_a_value_that_is_wanted_counts_towards_those_that_are_not(fewer_than: int, left: bool) -> None:
    open_to_all = counted(site(public=True), "region", 1)
    assert could_be([open_to_all], [counted(site(), "region", fewer_than)]) is left


@pytest.mark.parametrize(("fewer_than", "left"), [(2, False), (3, True)])
def test_conditions_that_no_fact_passes_together_need_a_fact_each(fewer_than: int, left: bool) -> None:
    assert could_be([site(public=True), site(public=False)], [counted(site(), None, fewer_than)]) is left


def test_one_fact_is_enough_for_conditions_that_it_passes_together() -> None:
    assert could_be([site(public=True), site(rank=1)], [counted(site(), None, 2)])


@pytest.mark.parametrize(("at_least", "fewer_than", "left"), [(3, 3, False), (3, 4, True)])
def test_a_count_of_some_facts_stays_below_one_of_more_facts(at_least: int, fewer_than: int, left: bool) -> None:
    assert could_be([counted(site(public=True), None, at_least)], [counted(site(), None, fewer_than)]) is left


def test_many_facts_are_as_good_as_few() -> None:
    assert not could_be([counted(site(public=True), None, 100)], [counted(site(), None, 100)], oracle=False)
    assert could_be([counted(site(public=True), None, 100)], [counted(site(), None, 101)], oracle=False)


@pytest.mark.parametrize(
    ("wanted", "field", "left"),
    [
        (site(), "public", True),  # it may be missing
        (site(public="not(null)"), "public", True),  # or disclosed without being at hand
        (site(public=True), "public", False),
        (site(rank=1), "rank", False),
        (site(rank="> 1"), "rank", True),  # more than 1 is no exact value
        (site(rank="[1..2]"), "rank", True),
        (site(load="(1..1.2)"), "load", False),
        (site(region="not(null)"), "region", True),
        (site(region='not("a")'), "region", False),
        (site(region="a"), "region", False),
        (site(period=">= 2023"), "period", False),
        (site(uses="wind"), "uses", False),
    ],
)
def test_what_is_no_exact_value_is_not_counted(wanted: Any, field: str, left: bool) -> None:
    assert could_be([wanted], [counted(site(), field, 1)], oracle="load" not in wanted["site"]) is left


def test_a_bounded_value_has_a_true_value_that_was_not_looked_for_in_vain() -> None:
    unwanted = [counted(site(), "rank", 1)]
    assert could_be([site(rank="[1..2]")], unwanted, site(rank="> 2"))
    assert could_be([site(rank="[1..2]")], unwanted, site(rank=">= 2"))
    assert not could_be([site(rank="[1..2]")], unwanted, site(rank=1), site(rank=2))


def test_what_was_not_found_leaves_what_must_be_few() -> None:
    wanted, few = [site(public=True), site(public=False)], [counted(site(basis="reported"), None, 2)]
    assert could_be(wanted, few)
    assert not could_be(wanted, few, site(basis='not("reported")'))


@pytest.mark.parametrize(("fewer_than", "left"), [(2, False), (3, True)])
def test_every_name_in_a_set_counts(fewer_than: int, left: bool) -> None:
    assert could_be([site(uses={"is": ["wind", "solar"]})], [counted(site(), "uses", fewer_than)]) is left


def test_one_set_can_hold_all_names_that_are_wanted() -> None:
    assert could_be([counted(site(uses="wind"), "uses", 3)], [counted(site(), None, 2)])
    assert not could_be([counted(site(uses={"is": "wind"}), "uses", 1), site(uses="hydro")], [counted(site(), None, 2)])


@pytest.mark.parametrize("field", ["region", "uses", "opened", "rank"])
def test_facts_of_two_kinds_can_share_their_values(field: str) -> None:
    wanted = [counted(site(public=True), field, 2), counted(site(public=False), field, 2)]
    assert could_be(wanted, [counted(site(), field, 3)])
    assert not could_be(wanted, [counted(site(), field, 2)])


def test_what_costs_too_much_to_weigh_up_is_taken_to_be_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, unwanted = [counted(site(public=True), None, 9)], [counted(site(), None, 9)]
    assert not could_be(wanted, unwanted, oracle=False)
    monkeypatch.setattr(joint_search, "MAX_TRIES", 5)
    assert could_be(wanted, unwanted, oracle=False)
