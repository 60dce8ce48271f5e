"""Tests of the kinds of facts that conditions tell apart, and of what changes make of them."""

from typing import Any

from cleancloud_rules.analysis.monotonicity.fact_kinds import EVIDENCE, Change, Cited, Counter, FactClasses
from cleancloud_rules.generators.boundary_values import Held
from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.results import Improvement
from tests.support import small
from tests.support.small import criterion, rule


def kinds(type_id: str, *whens: Any, counters: tuple[Counter, ...] = (), derivable: bool = False) -> FactClasses:
    """Return the kinds of facts that conditions tell apart; they are numbered in their order."""
    horizon = small.FACT_TYPES[type_id]["horizon"]
    methodology = small.methodology(
        criterion("asked", 1, *(rule(f"r{i}", 1, when) for i, when in enumerate(whens)), horizon=horizon)
    )
    asked = {str(r.id): conditions_of(r.when)[0] for r in methodology.criterion("asked").rules}
    numbered = {i: asked[f"r{i}"] for i in range(len(whens))}
    return FactClasses(methodology, type_id, numbered, counters, derivable=derivable)


def satisfied(found: FactClasses) -> set[int]:
    return {kind.satisfied for kind in found.all}


def test_each_kind_satisfies_another_set_of_conditions_and_some_condition() -> None:
    found = kinds("share", {"share": {"percent": "> 10"}}, {"share": {"percent": "<= 50"}})
    assert satisfied(found) == {0b01, 0b10, 0b11}
    assert len(found.all) == 3


def test_conditions_that_no_fact_passes_together_are_never_satisfied_together() -> None:
    found = kinds("share", {"share": {"percent": "> 50"}}, {"share": {"percent": "<= 10"}})
    assert satisfied(found) == {0b01, 0b10}


def test_a_bound_passes_what_all_its_values_pass_and_so_may_pass_neither_of_two_halves() -> None:
    found = kinds("share", {"share": {"percent": "> 10"}}, {"share": {"percent": "<= 10"}}, {"share": {}})
    assert 0b100 in satisfied(found)
    lower = next(kind for kind in found.all if kind.satisfied == 0b100)
    held = lower.held["percent"]
    assert isinstance(held, Held)
    assert held.disclosed or held.value is not None


def test_the_kind_that_states_least_is_kept() -> None:
    (kind,) = kinds("goal", {"goal": {"topic": "energy"}}).all
    assert kind.held == {"topic": Held("energy")}
    assert kind.cost == 1


def test_an_added_fact_is_a_change_of_nothing() -> None:
    found = kinds("goal", {"goal": {"topic": "energy"}})
    assert list(found.changes(Improvement.EVIDENCE)) == [Change(found.all[0])]


def steps(found: FactClasses, sense: Improvement) -> set[tuple[int, int]]:
    return {(change.old.satisfied, change.new.satisfied) for change in found.changes(sense) if change.old is not None}


def test_an_improvement_leads_only_in_the_better_direction() -> None:
    found = kinds("goal", {"goal": {"year": "<= 2030"}}, {"goal": {"year": "> 2030"}})
    assert steps(found, Improvement.VALUE) == {(0b10, 0b01), (0b10, 0b00), (0b00, 0b01), (0b00, 0b10)}


def test_a_field_without_better_does_not_improve_and_still_narrows() -> None:
    found = kinds("site", {"site": {"rank": "<= 3"}}, {"site": {"rank": "> 3"}})
    assert steps(found, Improvement.VALUE) == set()
    assert steps(found, Improvement.NARROWING) == {(0b00, 0b01), (0b00, 0b10)}


def test_a_missing_field_is_neither_improved_nor_narrowed() -> None:
    found = kinds("goal", {"goal": {"year": "null"}}, {"goal": {"year": "not(null)"}})
    assert steps(found, Improvement.VALUE) == set()
    assert steps(found, Improvement.NARROWING) == set()


def test_facts_that_are_counted_by_distinct_values_are_told_apart_by_them() -> None:
    counter = Counter(0, "year", 2)
    found = kinds("goal", {"goal": {"topic": "energy"}}, counters=(counter,))
    values = {kind.counted for kind in found.all}
    assert (frozenset(),) in values  # a missing or a bounded year counts nothing
    assert len({counted for (counted,) in values if counted}) == 3
    once = kinds("goal", {"goal": {"topic": "energy"}}, counters=(Counter(0, "year", 1),))
    assert len({kind.counted for kind in once.all}) == 2


def test_a_fact_that_does_not_pass_counts_nothing() -> None:
    counter = Counter(0, "scopes", 3)
    found = kinds("goal", {"goal": {"topic": "energy"}}, {"goal": {"topic": "carbon"}}, counters=(counter,))
    assert {kind.counted for kind in found.all if kind.satisfied == 0b10} == {(frozenset(),)}
    members = {kind.counted[0] for kind in found.all if kind.satisfied == 0b01}
    assert frozenset({"one", "two", "three"}) in members


def test_sources_count_only_if_accepted_and_those_of_the_methodology_keep_their_type() -> None:
    found = kinds(
        "goal", {"goal": {"evidence": {"source": "leaflet"}}}, {"goal": {"evidence": {"source_type": "report"}}}
    )
    assert satisfied(found) == {0b10}
    cited = found.all[0].held[EVIDENCE]
    assert isinstance(cited, Cited)
    assert (cited.id, cited.type) == ("book", "report")


def test_the_year_of_a_publication_is_a_bound() -> None:
    found = kinds(
        "goal",
        {"goal": {"evidence": {"published": ">= 2024-03-01"}}},
        {"goal": {"evidence": {"published": "< 2024-03-01"}}},
        {"goal": {"topic": "energy"}},
    )
    assert {0b100, 0b101, 0b110} <= satisfied(found)


def test_only_a_derivation_makes_a_fact_without_a_source() -> None:
    asked: tuple[Any, ...] = ({"share": {"evidence": {"source_type": "report"}}}, {"share": {}})
    assert satisfied(kinds("share", *asked)) == {0b11}
    derived = kinds("share", *asked, derivable=True)
    assert {kind.satisfied: kind.derived for kind in derived.all} == {0b11: False, 0b10: True}


def test_a_period_lies_in_the_window() -> None:
    found = kinds("share", {"share": {"period": "< 2022-01-01"}}, {"share": {"period": "not(null)"}}, {"share": {}})
    assert satisfied(found) == {0b100, 0b110}


def test_hypothetical_facts_are_no_kind() -> None:
    found = kinds("share", {"share": {"basis": "hypothetical"}}, {"share": {"basis": "reported"}})
    assert satisfied(found) == {0b10}
