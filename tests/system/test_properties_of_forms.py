"""What must hold of groups, gates, penalties, levels and tables, for methodologies of every form."""

import random
from decimal import Decimal

from attrs import evolve
from hypothesis import event, given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from cleancloud_rules import Company, FactsError, Methodology, Scorecard, rank, score
from cleancloud_rules.model import Criterion
from cleancloud_rules.model.digest import distinct
from cleancloud_rules.model.groups import Combining
from cleancloud_rules.model.methodology import HitPolicy
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.results.records import LevelRecord
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore
from cleancloud_rules.testing import companies, methodologies
from tests.support.known import known
from tests.support.sentences import result_of
from tests.support.sizes import sized
from tests.support.steadiness import Steady

few = sized(15)

KEPT_OUT = (Outcome.GATED, Outcome.NOT_APPLICABLE)

POLICIES = {
    HitPolicy.COLLECT_MAX: "the highest of the rules that hold",
    HitPolicy.COLLECT_MIN: "the lowest of the rules that hold",
    HitPolicy.COLLECT_SUM: "the sum of the rules that hold",
    HitPolicy.FIRST: "the first rule that holds",
}

Case = tuple[Methodology, Company]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return a methodology of any form, and a company."""
    methodology = draw(methodologies())
    return methodology, draw(companies(methodology))


def results(methodology: Methodology, card: Scorecard) -> list[tuple[Criterion, CriterionResult]]:
    return [(criterion, card.criterion(criterion.id)) for criterion in methodology.criteria]


# Bounds


def least_of(criterion: Criterion) -> Decimal:
    """Return the least that the rules of a criterion can come to."""
    lows = [min(rule.range[0], Decimal(0)) for rule in criterion.rules]
    least = sum(lows, Decimal(0)) if criterion.hit_policy is HitPolicy.COLLECT_SUM else min(lows)
    return least if criterion.at_least is None else max(least, criterion.at_least)


@few
@given(cases())
def test_a_criterion_earns_no_less_than_its_least_and_no_more_than_its_most(case: Case) -> None:
    methodology, company = case
    for criterion, result in results(methodology, score(company, methodology)):
        if result.outcome is Outcome.GATED:
            assert result.points == 0
        elif result.outcome is Outcome.NOT_APPLICABLE:
            assert result.points in (0, criterion.max_points)
        else:
            assert least_of(criterion) <= result.points <= criterion.max_points
        is_left_out = result.counts_as is not None and not result.points_forgone
        left = 0 if is_left_out else criterion.max_points
        assert result.points_forgone == max(left - result.points, 0)
        for rule, told in zip(criterion.rules, result.rules, strict=True):
            assert not told.fired or rule.range[0] <= told.points <= rule.range[1]


@few
@given(cases())
def test_a_score_is_no_more_than_its_most_and_is_there_where_the_outcome_says_so(case: Case) -> None:
    methodology, company = case
    card = score(company, methodology)
    for group in card.groups:
        assert (group.outcome is GroupOutcome.SCORED) is (group.score is not None) is (group.max_score is not None)
        assert group.points <= group.max_points
        assert group.score is None or group.score <= known(group.max_score)
        if all(least_of(criterion) == 0 for criterion in methodology.category(group.id).every_criterion):
            assert group.points >= 0
            assert group.score is None or group.score >= 0
    assert (card.outcome is GroupOutcome.SCORED) is (card.total is not None) is (card.max_total is not None)
    assert card.total is None or card.total <= known(card.max_total)


@few
@given(cases())
def test_a_label_level_or_output_is_one_that_the_methodology_declares(case: Case) -> None:
    methodology, company = case
    card = score(company, methodology)
    both: list[tuple[Combining, GroupScore | Scorecard]] = [(methodology.combining, card)]
    both += [(methodology.category(group.id), group) for group in card.groups]
    for combining, told in both:
        assert told.label in (None, *(band.label for band in combining.bands))
        top = (combining.top_level,) if combining.top_level else ()
        assert (told.level and told.level.id) in (None, *(level.id for level in (*combining.levels, *top)))
        assert all(0 <= word.met <= word.of for word in told.requirements)
        if told.outcome in (GroupOutcome.WITHHELD, GroupOutcome.NOT_ASSESSED, GroupOutcome.NOT_APPLICABLE):
            assert (told.label, told.level) == (None, None)
    for table, given_ in zip(methodology.tables, card.tables, strict=True):
        assert set(given_.outputs) <= set(table.outputs)


# Additivity


@few
@given(cases(), st.randoms(use_true_random=False))
def test_every_sentence_of_arithmetic_adds_up(case: Case, choice: random.Random) -> None:
    methodology, company = case
    mode, total = (
        choice.choice(list(type(methodology.rounding.mode))),
        choice.choice(list(type(methodology.rounding.total))),
    )
    used = evolve(methodology, rounding=evolve(methodology.rounding, mode=mode, total=total))
    card = score(company, used)
    for criterion, result in results(used, card):
        assert_right(criterion, result)
    for group in card.groups:
        assert group.points == sum((c.points for c in group.every_criterion), Decimal(0))
        if group.outcome is GroupOutcome.SCORED:
            event(group.aggregate)
            assert result_of(group.arithmetic) == (group.exact, group.score), group.arithmetic
    if card.total is not None:
        assert result_of(card.arithmetic)[1] == card.total


def assert_right(criterion: Criterion, result: CriterionResult) -> None:
    """Assert that the arithmetic of a criterion and of its rules is right, and comes to its points."""
    said, _, kept_out = result.arithmetic.partition("; ")
    is_out = result.outcome in KEPT_OUT or result.counts_as is not None
    assert bool(kept_out) is is_out
    policy, _, said = said.partition(": ")
    holds = policy != "no rule holds"
    taken, _, said = said.partition(" = ") if holds else ("", "", said)
    together, _, held = said.partition(", ")
    terms = [term.split(" by ") for term in taken.split(" + ")] if holds else []
    assert not holds or policy == POLICIES[criterion.hit_policy]
    assert sum((Decimal(points) for points, _ in terms), Decimal(0)) == Decimal(together)
    points = Decimal(held.rpartition(" ")[2] if held else together)
    if not is_out:
        assert points == result.points
        assert [(Decimal(points), id) for points, id in terms] == [(r.points, r.id) for r in result.rules if r.won]
    for rule in result.rules:
        if rule.arithmetic is not None:
            assert result_of(rule.arithmetic.rpartition(": ")[2])[1] == rule.points, rule.arithmetic


# Evidence


@few
@given(data=st.data())
def test_adding_a_fact_never_lowers_what_is_steady(data: DataObject) -> None:
    methodology, company = data.draw(cases())
    company = evolve(company, not_found=())
    facts = distinct([*company.facts, *data.draw(companies(methodology)).facts])
    before = score(company, methodology)
    try:
        after = score(evolve(company, facts=facts), methodology)
    except FactsError as error:
        if any(diagnostic.code != "contradiction" for diagnostic in error.diagnostics):
            raise
        return
    steady = Steady(methodology)
    for criterion in methodology.criteria:
        if steady.criterion(criterion):
            event("a steady criterion")
            assert after.criterion(criterion.id).points >= before.criterion(criterion.id).points, criterion.id
    for group in methodology.groups:
        if steady.group(group):
            event("a steady group")
            low, high = before.category(group.id), after.category(group.id)
            assert_no_worse(group, (low.score, low.level), (high.score, high.level))
    if steady.whole():
        event("a steady whole")
        assert_no_worse(methodology.combining, (before.total, before.level), (after.total, after.level))


Reached = tuple[Decimal | None, LevelRecord | None]
"""A score and a level."""


def assert_no_worse(combining: Combining, before: Reached, after: Reached) -> None:
    ladder = [level.id for level in (*combining.levels, *((combining.top_level,) if combining.top_level else ()))]
    low, high = (
        -1 if reached[1] is None else [str(id) for id in ladder].index(reached[1].id) for reached in (before, after)
    )
    assert before[0] is None or known(after[0]) >= before[0]
    assert high >= low


# Independence and order


@few
@given(data=st.data())
def test_the_order_of_companies_changes_no_rank_and_no_score(data: DataObject) -> None:
    methodology = data.draw(methodologies())
    drawn = data.draw(st.lists(companies(methodology), min_size=2, max_size=4))
    named = [evolve(company, id=f"c{i}", name=f"C{i}") for i, company in enumerate(drawn)]
    ranking = rank(named, methodology)
    assert rank(named[::-1], methodology).to_json() == ranking.to_json()
    cards = {row.scorecard.company.id: row.scorecard for cohort in ranking.cohorts for row in cohort.rows}
    assert cards == {company.id: score(company, methodology) for company in named}
