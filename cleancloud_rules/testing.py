"""Hypothesis strategies for methodologies and for companies. The only module that imports Hypothesis.

`methodologies` generates small, dense methodologies with every operator, type of field, hit policy, combinator, window
and rounding; half of them have nested groups with weights, means, gates, exemptions, caps and bands. `companies`
generates companies for any methodology, with facts at, just below and just above every threshold that its rules name.
Both are valid by construction, so almost nothing is discarded. ::

    from hypothesis import given
    from cleancloud_rules import load_methodology, score
    from cleancloud_rules.testing import companies

    mine = load_methodology("my_methodology")

    @given(companies(mine))
    def test_no_category_exceeds_its_weight(company):
        assert all(category.score <= category.weight for category in score(company, mine).categories)

`property_tests` makes the tests themselves: more or better evidence costs no points, and points and scores stay within
their bounds and add up. Three lines are enough for a project's own criteria; see
``docs/how-to/test-your-own-criteria.md``.

Hypothesis is optional: install ``cleancloud-rules[testing]``.
"""

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any
from unittest import SkipTest

from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from cleancloud_rules.analysis.monotonicity.certifier import certify
from cleancloud_rules.analysis.monotonicity.improvement import answers_apart
from cleancloud_rules.analysis.monotonicity.mutation import FactChange, changed, growing, is_fair, is_second_answer
from cleancloud_rules.analysis.monotonicity.score_functions import TOTAL, TOTAL_KEY, group_key
from cleancloud_rules.analysis.monotonicity.witness import result
from cleancloud_rules.analysis.session import score
from cleancloud_rules.api import methodology_from
from cleancloud_rules.errors import CriteriaError, FactsError, MissingExtraError
from cleancloud_rules.generators.boundary_values import Aims, focused
from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.generators.ineffective import published_late, superseded_by
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.language.load.files import company_from
from cleancloud_rules.model.additive import is_additive
from cleancloud_rules.model.exact import subtract, total
from cleancloud_rules.model.facts import Company, Selection
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.rounding import TotalPolicy, rounded
from cleancloud_rules.model.tree import dependencies
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.results.scorecards import GroupScore, Scorecard
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.points import range_of
from cleancloud_rules.tables.properties import faults_of_tables

__all__ = ["companies", "company_data", "methodologies", "methodology_files", "property_tests"]


@cache
def _below(count: int) -> SearchStrategy[int]:
    return st.integers(0, count - 1)


class _Drawn(Choices):
    """Choices that Hypothesis makes, shrinks and replays."""

    def __init__(self, draw: Callable[[SearchStrategy[int]], int]) -> None:
        self._draw = draw

    def below(self, count: int) -> int:
        return self._draw(_below(count)) if count > 1 else 0


def methodology_files(*, additive: bool = False) -> SearchStrategy[dict[str, dict[str, Any]]]:
    """Return a strategy for the files of methodologies: their names, each with its content as plain data.

    `cleancloud_rules.methodology_from` takes these data.

    Args:
        additive: whether all of them add up weighted categories of points; by default half of them do.

    Returns:
        A strategy of Hypothesis for mappings of file names to plain data.

    Example:
        >>> import cleancloud_rules as cc
        >>> from hypothesis import given, settings
        >>> from cleancloud_rules.testing import methodology_files
        >>> @settings(max_examples=2, deadline=None, database=None)
        ... @given(methodology_files())
        ... def has_no_error(files):
        ...     assert not any(diagnostic.is_error for diagnostic in cc.check(files))
        >>> has_no_error()
    """
    return _methodology_files(additive)


@st.composite
def _methodology_files(draw: DrawFn, additive: bool) -> dict[str, dict[str, Any]]:
    return generated_files(_Drawn(draw), additive=additive)


def methodologies(*, additive: bool = False) -> SearchStrategy[Methodology]:
    """Return a strategy for methodologies.

    Args:
        additive: whether all of them add up weighted categories of points; by default half of them do.

    Returns:
        A strategy of Hypothesis for `Methodology`.

    Example:
        >>> import cleancloud_rules as cc
        >>> from hypothesis import given, settings
        >>> from cleancloud_rules.testing import methodologies
        >>> @settings(max_examples=5, deadline=None, database=None)
        ... @given(methodologies())
        ... def has_criteria(methodology):
        ...     assert methodology.criteria
        >>> has_criteria()
    """
    return methodology_files(additive=additive).map(methodology_from)


def company_data(methodology: Methodology) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for the content of company files, as plain data; each lists its own sources.

    Some facts do not count: they lie outside their window, name no source or one that is not accepted, or are
    hypothetical. None of the stated facts passes a condition that was not found.

    Args:
        methodology: whose vocabulary the facts use and whose rules they are aimed at.

    Returns:
        A strategy of Hypothesis for plain data that `cleancloud_rules.company_from` takes.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> from hypothesis import given, settings
        >>> from cleancloud_rules.testing import company_data
        >>> @settings(max_examples=5, deadline=None, database=None)
        ... @given(company_data(methodology))
        ... def is_accepted(data):
        ...     assert cc.company_from(data, methodology).id == data["id"]
        >>> is_accepted()
    """
    check_methodology(methodology)
    return _company_data(Aims(methodology))


@st.composite
def _company_data(draw: DrawFn, aims: Aims) -> dict[str, Any]:
    return generated_company(aims, _Drawn(draw))


def companies(methodology: Methodology) -> SearchStrategy[Company]:
    """Return a strategy for companies; see `company_data`.

    Args:
        methodology: whose vocabulary the facts use and whose rules they are aimed at.

    Returns:
        A strategy of Hypothesis for `Company`.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> from hypothesis import given, settings
        >>> from cleancloud_rules.testing import companies
        >>> @settings(max_examples=5, deadline=None, database=None)
        ... @given(companies(methodology))
        ... def no_total_is_above_its_maximum(company):
        ...     card = cc.score(company, methodology)
        ...     assert card.total <= card.max_total
        >>> no_total_is_above_its_maximum()
    """
    return company_data(methodology).map(lambda data: company_from(data, methodology))


def property_tests(methodology: Methodology, allowed: Iterable[str] = (), examples: int = 100) -> type:
    """Return a class of tests of a methodology: more or better evidence costs nothing, and scores are right sums.

    Three lines are enough.

    A test runner such as pytest collects the class if its name begins with ``Test``. For a criterion or a group that
    declares ``monotone: false``, and for the groups around it, only the bounds are tested. The first test is exact: it
    computes a certificate. The others score generated companies with the engine, and the last one in tables, as
    `cleancloud_rules.score_table` does: it is skipped without the extra ``frames``. There are tests of the cut-off, of
    superseded facts and of coverage where the methodology uses them.

    Args:
        methodology: the methodology.
        allowed: ids of further criteria and groups, or ``total``, that better evidence may cost points.
        examples: how many companies each test generates.

    Returns:
        The class.

    Example:
        >>> import cleancloud_rules as cc
        >>> from cleancloud_rules.testing import property_tests
        >>> TestMine = property_tests(cc.load_methodology("clean_cloud_2024"), examples=5)
        >>> [name for name in dir(TestMine) if name.startswith("test_")][0]
        'test_a_further_fact_costs_no_points'
    """
    check_methodology(methodology)
    exceptions = frozenset(allowed)
    monotone = _without_exceptions(methodology, exceptions)
    targets = [Aims(target) for target in focused(methodology)]
    phases = [phase for phase in settings().phases if phase is not Phase.explain]
    tried = settings(max_examples=examples, deadline=None, phases=phases, suppress_health_check=list(HealthCheck))

    apart = answers_apart(methodology)

    def points_lost(sense: Improvement, company: Company, change: FactChange) -> dict[str, Decimal]:
        own = compiled(methodology)
        if is_second_answer(change.new, change.rest, own.answer_keys):
            return {}
        try:
            before, after = (result(one, own) for one in (change.before(company), change.after(company)))
        except FactsError:  # the fact contradicts another one now, so that there is no result
            return {}
        if not is_fair(sense, before.problems, after.problems):
            return {}
        lost = {id: subtract(before.points[id], after.points[id]) for id in monotone}
        return {id: points for id, points in lost.items() if points > 0}

    def costs_nothing(sense: Improvement) -> Any:
        @tried
        @given(st.data())
        def test(_: object, data: st.DataObject) -> None:
            aims = targets[data.draw(st.integers(0, len(targets) - 1))]
            company = evolve(company_from(data.draw(_company_data(aims)), methodology), not_found=())
            for stage, fact in growing(company):
                change = changed(sense, stage, fact, aims, _Drawn(data.draw), apart)
                if change is not None:
                    lost = points_lost(sense, company, change)
                    assert not lost, f"points are lost in {sense.value} ({change.field or 'a fact is added'}): {lost}"

        return test

    @tried
    @given(companies(methodology))
    def within(_: object, company: Company) -> None:
        _check_bounds(score(company, methodology), methodology)

    @tried
    @given(companies(methodology))
    def adds_up(_: object, company: Company) -> None:
        _check_sums(score(company, methodology), methodology)

    def certified(_: object) -> None:
        refuted = certify(methodology, examples=0).failing(exceptions)
        examples = [example for part in refuted for j in part.judgements for example in j.counterexamples]
        assert not refuted, "\n".join(f"{example.place}: {example.change}: {example.mend}" for example in examples)

    tests = {
        "test_the_certificate_refutes_nothing": certified,
        "test_a_further_fact_costs_no_points": costs_nothing(Improvement.EVIDENCE),
        "test_an_improved_field_costs_no_points": costs_nothing(Improvement.VALUE),
        "test_a_narrower_bound_costs_no_points": costs_nothing(Improvement.NARROWING),
        "test_nothing_leaves_its_bounds": within,
        "test_points_and_scores_add_up": adds_up,
        "test_tables_of_scores_keep_the_same": _test_of_tables(methodology, monotone, examples),
        **_tests_of_forms(methodology, tried),
    }
    return type("PropertyTests", (), {"__doc__": f"What {methodology.title} keeps.", **tests})


def _test_of_tables(methodology: Methodology, monotone: Collection[str], examples: int) -> Any:
    def in_tables(_: object) -> None:
        try:
            faults = faults_of_tables(methodology, monotone, examples)
        except (CriteriaError, MissingExtraError) as error:  # too complex for tables, or without a database
            raise SkipTest(str(error)) from error
        assert not faults, "\n".join(faults)

    return in_tables


def _tests_of_forms(methodology: Methodology, tried: settings) -> dict[str, Any]:
    """Return the tests of what not every methodology uses: a cut-off, superseded facts, coverage."""
    tests: dict[str, Any] = {}
    aims = Aims(methodology)

    @tried
    @given(st.data())
    def unchanged(_: object, data: st.DataObject) -> None:
        company = evolve(data.draw(companies(methodology)), not_found=())
        _check_changes_nothing(company, methodology, aims, _Drawn(data.draw))

    @tried
    @given(companies(methodology))
    def covered(_: object, company: Company) -> None:
        _check_coverage(score(company, methodology))

    if methodology.as_of is not None or any(
        t.selection is not Selection.BEST for t in methodology.vocabulary.fact_types
    ):
        tests["test_what_comes_too_late_or_is_superseded_changes_nothing"] = unchanged
    if any(owner.coverage for owner in (methodology.combining, *methodology.groups)):
        tests["test_nothing_has_a_result_without_its_coverage"] = covered
    return tests


def _check_bounds(card: Scorecard, methodology: Methodology) -> None:
    """Points lie between their minimum and their maximum, and no score exceeds its maximum."""
    for part in card.criteria:
        least = range_of(methodology.criterion(part.id)).least
        assert least <= part.points <= part.max_points, f"`{part.id}` leaves its bounds: {part.points}"
    scores = {f"group {group.id}": (group.score, group.max_score) for group in card.groups}
    for id, (scored, most) in {**scores, "the total": (card.total, card.max_total)}.items():
        is_within = scored is None or most is None or scored <= most
        assert is_within, f"`{id}` leaves its bounds: {scored}"


def _check_coverage(card: Scorecard) -> None:
    """A group without enough assessed parts has neither a score nor a label nor a level."""
    parts: dict[str, GroupScore | Scorecard] = {f"group {group.id}": group for group in card.groups}
    for id, part in {**parts, "the total": card}.items():
        scored = part.total if isinstance(part, Scorecard) else part.score
        is_covered = all(line.found >= line.needed for line in part.coverage)
        has_result = scored is not None or part.label is not None or part.level is not None
        assert is_covered or not has_result, f"`{id}` has a result without its coverage: {scored}"


def _check_changes_nothing(company: Company, methodology: Methodology, aims: Aims, choices: Choices) -> None:
    """A fact published after the cut-off changes no points, and neither does one that a later fact supersedes."""
    own, every = compiled(methodology), company.facts
    counting = {fact.id for fact in result(company, own).facts}
    for fact in every:
        rest = tuple(other for other in every if other is not fact)
        late = None if methodology.as_of is None else published_late(fact, methodology.as_of)
        earlier = superseded_by(fact, aims, choices) if fact.id in counting else None
        for facts, new, why in (
            (rest, late, "published after the cut-off"),
            (every, earlier, "superseded by a later one"),
        ):
            if new is not None:
                change = FactChange(facts, new)
                before, after = (result(one, own).points for one in (change.before(company), change.after(company)))
                moved = sorted(id for id, points in after.items() if points != before[id])
                assert not moved, f"a fact that is {why} changes {', '.join(moved)}"


def _check_sums(card: Scorecard, methodology: Methodology) -> None:
    """Points of a group are those of its parts; the total of an additive methodology is that of its categories."""
    for group in card.groups:
        points = total((*(part.points for part in group.criteria), *(part.points for part in group.groups)))
        assert group.points == points, f"`{group.id}` is not the sum of its parts: {group.points}"
    if is_additive(methodology) and card.total is not None:
        added = _sum_of_categories(card, methodology)
        assert card.total == added, f"the total is not the sum of its categories: {card.total}"


def _sum_of_categories(card: Scorecard, methodology: Methodology) -> Decimal:
    """Return the total of an additive methodology, from the scores of its categories."""
    rounding = methodology.rounding
    if rounding.total is TotalPolicy.SUM_OF_ROUNDED:
        return total(category.score for category in card.categories if category.score is not None)
    exact = sum((category.exact for category in card.categories if category.exact is not None), Fraction(0))
    return rounded(exact, rounding.digits, rounding.mode)


def _without_exceptions(methodology: Methodology, allowed: Collection[str]) -> list[str]:
    """Return the keys of the criteria, the groups and the total that depend on no exception from monotonicity."""
    owners: tuple[Criterion | Group, ...] = (*methodology.criteria, *methodology.groups)
    excepted = {str(owner.id) for owner in owners if not owner.monotone or owner.id in allowed}
    structure = compiled(methodology).tree
    found = [str(criterion.id) for criterion in methodology.criteria if criterion.id not in excepted]
    found += [group_key(g.id) for g in methodology.groups if not dependencies(g.id, structure) & excepted]
    if not excepted and methodology.combining.monotone and TOTAL not in allowed:
        found.append(TOTAL_KEY)
    return found
