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
their bounds. Three lines are enough for a project's own criteria; see ``docs/how-to/test-your-own-criteria.md``.

Hypothesis is optional: install ``cleancloud-rules[testing]``.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from cleancloud_rules.analysis.monotonicity.certifier import certify
from cleancloud_rules.analysis.monotonicity.mutation import FactChange, changed, growing, is_fair
from cleancloud_rules.analysis.monotonicity.witness import result
from cleancloud_rules.api import methodology_from
from cleancloud_rules.generators.boundary_values import Aims, focused
from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.language.load.files import company_from
from cleancloud_rules.model.exact import subtract
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.points import range_of
from cleancloud_rules.scoring.session import score

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
    """
    return _methodology_files(additive)


@st.composite
def _methodology_files(draw: DrawFn, additive: bool) -> dict[str, dict[str, Any]]:
    return generated_files(_Drawn(draw), additive=additive)


def methodologies(*, additive: bool = False) -> SearchStrategy[Methodology]:
    """Return a strategy for methodologies.

    Args:
        additive: whether all of them add up weighted categories of points; by default half of them do.
    """
    return methodology_files(additive=additive).map(methodology_from)


def company_data(methodology: Methodology) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for the content of company files, as plain data; each lists its own sources.

    Some facts do not count: they lie outside their window, name no source or one that is not accepted, or are
    hypothetical. None of the stated facts passes a condition that was not found.

    Args:
        methodology: whose vocabulary the facts use and whose rules they are aimed at.
    """
    return _company_data(Aims(methodology))


@st.composite
def _company_data(draw: DrawFn, aims: Aims) -> dict[str, Any]:
    return generated_company(aims, _Drawn(draw))


def companies(methodology: Methodology) -> SearchStrategy[Company]:
    """Return a strategy for companies; see `company_data`.

    Args:
        methodology: whose vocabulary the facts use and whose rules they are aimed at.
    """
    return company_data(methodology).map(lambda data: company_from(data, methodology))


def property_tests(methodology: Methodology, allowed: Iterable[str] = (), examples: int = 100) -> type:
    """Return a class of tests of a methodology: more or better evidence costs no points, and scores keep their bounds.

    Three lines are enough. ::

        import cleancloud_rules as cc
        from cleancloud_rules.testing import property_tests
        TestMine = property_tests(cc.load_methodology("my_methodology"))

    A test runner such as pytest collects the class if its name begins with ``Test``. For a criterion that declares
    ``monotone: false`` only the bounds are tested. The first test is exact: it computes a certificate. The others score
    generated companies with the engine.

    Args:
        methodology: the methodology.
        allowed: ids of further criteria that better evidence may cost points.
        examples: how many companies each test generates.
    """
    exceptions = {*allowed, *(criterion.id for criterion in methodology.criteria if not criterion.monotone)}
    monotone = [criterion.id for criterion in methodology.criteria if criterion.id not in exceptions]
    targets = [Aims(target) for target in focused(methodology)]
    phases = [phase for phase in Phase if phase is not Phase.explain]
    tried = settings(max_examples=examples, deadline=None, phases=phases, suppress_health_check=list(HealthCheck))

    def points_lost(sense: Improvement, company: Company, change: FactChange) -> dict[str, Decimal]:
        before, after = (result(one, compiled(methodology)) for one in (change.before(company), change.after(company)))
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
                change = changed(sense, stage, fact, aims, _Drawn(data.draw))
                if change is not None:
                    lost = points_lost(sense, company, change)
                    assert not lost, f"points are lost in {sense.value} ({change.field or 'a fact is added'}): {lost}"

        return test

    @tried
    @given(companies(methodology))
    def within(_: object, company: Company) -> None:
        card = score(company, methodology)
        for part in card.criteria:
            least = range_of(methodology.criterion(part.id)).least
            assert least <= part.points <= part.max_points, f"`{part.id}` leaves its bounds: {part.points}"
        scores = {f"category {group.id}": (group.score, group.max_score) for group in card.groups}
        for id, (scored, most) in {**scores, "the total": (card.total, card.max_total)}.items():
            is_within = scored is None or most is None or scored <= most
            assert is_within, f"`{id}` leaves its bounds: {scored}"

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
    }
    return type("PropertyTests", (), {"__doc__": f"What {methodology.title} keeps.", **tests})
