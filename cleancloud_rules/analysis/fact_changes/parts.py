"""Attributes the changes of scores and of the total to criteria, so that the parts add up exactly."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import frozen

from cleancloud_rules.model.exact import ZERO, subtract
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.results.differences import ChangedFigureKind
from cleancloud_rules.results.what_ifs import FigureEffect
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.sums import assessed, exempted

_Figures = dict[str | None, Decimal]
"""The score of each group and the total, which is under None; 0 where there is none."""


@frozen
class PartResults:
    """What the facts of a company say of each criterion and group. Scores follow from it alone.

    Args:
        points: the points of each criterion in which a rule fired.
        exempt: the criteria and groups that do not apply because of a fact.
        assessed: the criteria that are assessed.
    """

    points: Mapping[str, Decimal]
    exempt: frozenset[str]
    assessed: frozenset[str]

    def of(self, id: str) -> tuple[Decimal, bool, bool]:
        """Return what the facts say of one criterion or group."""
        return self.points.get(id, ZERO), id in self.exempt, id in self.assessed

    def with_part(self, id: str, other: "PartResults") -> "PartResults":
        """Return it with what another one says of one criterion or group."""
        points = {**self.points, id: other.points.get(id, ZERO)}
        return PartResults(points, _taken(self.exempt, other.exempt, id), _taken(self.assessed, other.assessed, id))


def _taken(own: frozenset[str], other: frozenset[str], id: str) -> frozenset[str]:
    return own | {id} if id in other else own - {id}


def part_results(own: CompiledMethodology, company: Company, *, with_hypothetical: bool) -> PartResults:
    """Return what the facts of a company say of each criterion and group."""
    firings = own.fire(company, with_hypothetical=with_hypothetical, cross_check=False)
    found = own.sums(company, firings, cross_check=False)
    return PartResults(found.points, exempted(found.fired), assessed(firings))


def part_effects(
    tree: ScoreTree, cohort: str | None, before: PartResults, after: PartResults
) -> Iterator[tuple[str, tuple[FigureEffect, ...]]]:
    """Yield the criteria and groups whose results change by facts, each with its effect on scores.

    Args:
        tree: the score tree.
        cohort: the cohort of the company.
        before: what the facts say before the changes.
        after: what they say after.
    """
    # Gates, caps, means and rounding make the effect of two criteria more or less than the sum of their single effects,
    # so an order decides, as for the steps of a comparison of editions. Each part in turn takes its result after the
    # changes, and the score tree is evaluated again. The differences telescope: they add up to the whole change.
    last, present = _figures(tree, cohort, before), before
    for id in (*tree.groups, *tree.criteria):
        if before.of(id) == after.of(id):
            continue
        present = present.with_part(id, after)
        figures = _figures(tree, cohort, present)
        yield id, tuple(_effects(last, figures))
        last = figures


def _figures(tree: ScoreTree, cohort: str | None, results: PartResults) -> _Figures:
    combination = Combination(tree, results.points, results.exempt, cohort, results.assessed)
    ids: tuple[str | None, ...] = (None, *tree.groups)
    scores = {id: combination.of(id).score for id in ids}
    return {id: ZERO if score is None else score for id, score in scores.items()}


def _effects(before: _Figures, after: _Figures) -> Iterator[FigureEffect]:
    for id, score in after.items():
        change = subtract(score, before[id])
        if change:
            yield FigureEffect(ChangedFigureKind.TOTAL if id is None else ChangedFigureKind.SCORE, id, change)
