"""The property tests of a methodology pass where it keeps them, and each fails where something is broken on purpose."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unittest import SkipTest
from unittest.mock import Mock

import pytest
from attrs import evolve
from hypothesis import Phase, settings

from cleancloud_rules import Methodology
from cleancloud_rules.crosscheck.verifier import CrossCheck
from cleancloud_rules.engine import eligibility, matching
from cleancloud_rules.engine.eligibility import after_cut_off
from cleancloud_rules.engine.selection import day_of
from cleancloud_rules.errors import CriteriaError, MissingExtraError
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.plain_tree import PlainFigures, PlainNode
from cleancloud_rules.scoring.states import CriterionState, GroupState
from cleancloud_rules.tables.properties import faults_of_tables
from cleancloud_rules.tables.scoring.plain.results import PlainResults
from cleancloud_rules.tables.scoring.plain.whole_numbers import Whole, constant, rounded
from cleancloud_rules.testing import property_tests
from tests.support.small import GOALS, LADDER, criterion, rule, tree

EVIDENCE = "test_a_further_fact_costs_no_points"
CERTIFICATE = "test_the_certificate_refutes_nothing"
BOUNDS = "test_nothing_leaves_its_bounds"
SUMS = "test_points_and_scores_add_up"
UNCHANGED = "test_what_comes_too_late_or_is_superseded_changes_nothing"
COVERAGE = "test_nothing_has_a_result_without_its_coverage"
TABLES = "test_tables_of_scores_keep_the_same"
EVERY = (
    CERTIFICATE, EVIDENCE, "test_an_improved_field_costs_no_points", "test_a_narrower_bound_costs_no_points", BOUNDS,
    SUMS, TABLES,
)  # fmt: skip

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")  # cases are not shrunk


@pytest.fixture(autouse=True)
def _without_shrinking() -> Iterator[None]:
    kept = settings.get_current_profile_name()
    settings.register_profile("as generated", settings.default, phases=[Phase.generate])
    settings.load_profile("as generated")
    yield
    settings.load_profile(kept)


Scored = Callable[..., GroupState]


def failing(methodology: Methodology, *allowed: str, tried: Sequence[str] = EVERY) -> list[str]:
    """Return the names of the property tests that fail, of those that are tried."""
    made = property_tests(methodology, allowed, examples=20)
    assert {name for name in vars(made) if name.startswith("test_")} >= {*EVERY, *tried}
    return [name for name in tried if _fails(getattr(made(), name))]


def _fails(test: Callable[[], None]) -> bool:
    try:
        test()
    except AssertionError:
        return True
    return False


def mean(**more: Any) -> Methodology:
    """Return a mean that falls when a goal makes one of its parts not apply."""
    exempt = {"when": {"goal": {"topic": "carbon"}}}
    energy = criterion("energy", 2, rule("energy", 2, {"goal": {"topic": "energy"}}), not_applicable=exempt)
    carbon = criterion("sites", 2, rule("sites", 2, {"site": {}}))
    return tree([{"id": "whole", "title": "W", "aggregate": "mean", **more}], {"whole": [energy, carbon]})


def additive() -> Methodology:
    weights = [{"id": "first", "title": "F", "weight": 60}, {"id": "second", "title": "S", "weight": 40}]
    return tree(weights, {"first": [LADDER], "second": [GOALS]})


def survey(**more: Any) -> Methodology:
    """Return two questions, each with one answer, as of a date; a group of them asks how many are assessed."""
    fields = {
        "question": {"type": "enum", "values": ["first", "second"], "key": True},
        "value": {"type": "enum", "values": ["no", "partly", "yes"], "better": "listed"},
    }
    types = {"answer": {"title": "Answer", "horizon": "long_term", "selection": "single", "fields": fields}}
    asked = [
        criterion(
            id, 4, *(rule(v, p, {"answer": {"question": id, "value": v}}) for v, p in (("yes", 4), ("partly", 2)))
        )
        for id in ("first", "second")
    ]
    group = {"id": "whole", "title": "W", "coverage": [{"at_least": 1}], **more}
    return tree([group], {"whole": asked}, fact_types=types, as_of="2024-06-30")


def test_a_sound_methodology_passes() -> None:
    assert failing(additive()) == []
    assert failing(survey(), tried=(*EVERY, UNCHANGED, COVERAGE)) == []


def test_what_a_methodology_does_not_use_is_not_tested() -> None:
    made = vars(property_tests(additive()))
    assert UNCHANGED not in made
    assert COVERAGE not in made


def test_a_group_that_falls_although_no_criterion_does_fails_unless_it_is_an_exception() -> None:
    tried = (CERTIFICATE, EVIDENCE)
    assert failing(mean(), tried=tried) == [CERTIFICATE, EVIDENCE]
    assert failing(mean(monotone=False, rationale="What applies is counted."), tried=tried) == []
    assert failing(mean(), "whole", tried=tried) == []


@pytest.mark.parametrize(
    ("broken", "fails"),
    [
        (lambda state: evolve(state, score=state.score + 1), [BOUNDS, SUMS]),
        (lambda state: evolve(state, points=state.points + 1), [SUMS]),
        (lambda state: evolve(state, value=-state.value), [EVIDENCE]),
    ],
)  # fmt: skip
def test_each_kind_of_test_fails_where_groups_are_combined_in_a_wrong_way(
    broken: Callable[[GroupState], GroupState], fails: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    right: Scored = Combination._scored

    def wrong(self: Combination, state: GroupState, *rest: Any) -> GroupState:
        found = right(self, state, *rest)
        return found if found.score is None else broken(found)

    methodology = additive()
    monkeypatch.setattr("cleancloud_rules.scoring.sums.is_plain", lambda _: False)
    monkeypatch.setattr(Combination, "_scored", wrong)
    assert failing(methodology, tried=fails) == fails


def test_a_plain_tree_that_adds_up_in_a_wrong_way_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    right = PlainNode.figures

    def wrong(self: PlainNode, *rest: Any) -> PlainFigures | None:
        found = right(self, *rest)
        return found if found is None else evolve(found, units=found.units + 100)

    methodology = additive()
    monkeypatch.setattr(PlainNode, "figures", wrong)
    assert failing(methodology, tried=[BOUNDS, SUMS]) == [BOUNDS, SUMS]


def test_coverage_that_is_ignored_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Combination, "_why_not_assessed", lambda *_, **__: None)
    assert failing(survey(coverage=[{"at_least": 2}]), tried=(COVERAGE,)) == [COVERAGE]


def test_a_group_that_drops_to_nothing_once_all_of_it_is_assessed_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    right: Scored = Combination._state

    def wrong(self: Combination, *rest: Any) -> GroupState:
        found = right(self, *rest)
        is_all = bool(found.coverage) and all(line.found == line.applying for line in found.coverage)
        return evolve(found, value=Fraction(0)) if is_all else found

    monkeypatch.setattr(Combination, "_state", wrong)
    assert failing(survey(), tried=(EVIDENCE,)) == [EVIDENCE]


def test_points_of_what_is_left_out_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    right: Callable[..., CriterionState] = Combination._criterion

    def wrong(self: Combination, asked: Any) -> CriterionState:
        found = right(self, asked)
        is_left_out = found.ruled_out is Outcome.NOT_ASSESSED
        return evolve(found, points=asked.max_points, is_part=True) if is_left_out else found

    monkeypatch.setattr(Combination, "_criterion", wrong)
    assert failing(survey(not_assessed="excluded"), tried=(BOUNDS,)) == [BOUNDS]


def _earliest(facts: Any) -> dict[str, str]:
    """Return for each fact an earlier one of its question that supersedes it."""
    kept: dict[Any, str] = {}
    for fact in sorted(facts, key=day_of):
        kept.setdefault(fact.get("question"), fact.id)
    return {fact.id: kept[fact.get("question")] for fact in facts if fact.id != kept[fact.get("question")]}


@pytest.mark.parametrize("broken", [_earliest, lambda _: {}])
def test_an_earlier_answer_that_counts_in_place_of_the_later_one_or_beside_it_fails(
    broken: Callable[[Any], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CrossCheck, "firings", lambda *_, **__: None)
    monkeypatch.setattr(matching, "superseded", broken)
    monkeypatch.setattr(matching, "contradictions", lambda _: ())
    assert failing(survey(), tried=(UNCHANGED,)) == [UNCHANGED]


def _only_late(thing: Any, methodology: Methodology) -> str | None:
    return None if after_cut_off(thing, methodology) else "it came in time"


@pytest.mark.parametrize("broken", [lambda *_: None, _only_late])
def test_a_cut_off_that_is_ignored_or_reversed_fails(
    broken: Callable[..., str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CrossCheck, "firings", lambda *_, **__: None)
    monkeypatch.setattr(eligibility, "after_cut_off", broken)
    assert failing(survey(), tried=(UNCHANGED,)) == [UNCHANGED]


def test_tables_whose_points_are_too_many_or_fall_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    right: Callable[..., tuple[Any, ...]] = PlainResults.criterion_values
    made = additive()

    def values(change: Callable[[Decimal], Decimal]) -> Callable[..., tuple[Any, ...]]:
        def wrong(self: PlainResults, *rest: Any) -> tuple[Any, ...]:
            points, *others = right(self, *rest)
            return change(points), *others

        return wrong

    monkeypatch.setattr(PlainResults, "criterion_values", values(lambda points: points + 1))
    assert any("leaves its bounds" in fault for fault in faults_of_tables(made, (), 20))
    monkeypatch.setattr(PlainResults, "criterion_values", values(lambda points: 10 - points))
    assert any("points are lost" in fault for fault in faults_of_tables(made, ["ladder"], 20))
    assert failing(made, tried=(TABLES,)) == [TABLES]


def test_tables_with_a_score_above_its_maximum_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    right = rounded

    def wrong(*given: Any) -> Whole:
        return right(*given).plus(constant(100))

    made = additive()
    monkeypatch.setattr("cleancloud_rules.tables.scoring.plain.groups.rounded", wrong)
    assert {fault.partition("`")[2].partition("`")[0] for fault in faults_of_tables(made, (), 20)} >= {"the total"}


def test_tables_are_skipped_without_a_database_and_where_they_refuse_a_methodology(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = "cleancloud_rules.tables.properties.score_table"
    test = getattr(property_tests(additive(), examples=2)(), TABLES)
    for error in (MissingExtraError("tables need DuckDB"), CriteriaError([])):
        monkeypatch.setattr(missing, Mock(side_effect=error))
        with pytest.raises(SkipTest):
            test()
