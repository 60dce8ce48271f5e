"""Points and scores that follow from firings."""

from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen

from cleancloud_rules.engine.firings import Firing, Firings
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.rounding import Rounding
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.points import earned_by, points_of, proportion_arithmetic

Fired = Mapping[str, Mapping[str, Firing]]
"""Firings by criterion and rule."""

NO_FIRINGS: Mapping[str, Firing] = {}
"""The firings of a criterion without any."""


def by_criterion(firings: Firings) -> Fired:
    """Return firings by criterion and rule."""
    found: dict[str, dict[str, Firing]] = {}
    for firing in firings.firings:
        found.setdefault(firing.criterion, {})[firing.rule] = firing
    return found


@frozen
class Sums:
    """The points and scores of a set of firings.

    Args:
        fired: by criterion and rule.
        earned: the points of each rule that fired, by criterion and rule; only criteria with such a rule.
        points: the points of these criteria.
        combination: the evaluated score tree.
        facts: the facts that count, by id.
    """

    fired: Fired
    earned: dict[str, dict[str, Decimal]]
    points: dict[str, Decimal]
    combination: Combination
    facts: dict[str, Fact]

    def proportions(self, criterion: Criterion, rounding: Rounding) -> dict[str, str]:
        """Return the computation of points in proportion as sentences, by rule."""
        fired = self.fired.get(criterion.id, NO_FIRINGS)
        made = {
            rule.id: proportion_arithmetic(rule, (self.facts[id] for id in fired[rule.id].facts), rounding)
            for rule in criterion.rules
            if rule.in_proportion is not None and rule.id in fired
        }
        return {id: text for id, text in made.items() if text is not None}


def sums(structure: ScoreTree, firings: Firings, cohort: str | None = None) -> Sums:
    """Return the points and scores that firings give.

    Args:
        structure: the tree of the methodology.
        firings: what fired.
        cohort: the company's cohort.
    """
    fired = by_criterion(firings)
    facts = {counted.fact.id: counted.fact for counted in firings.facts if counted.counts}
    rounding = structure.methodology.rounding
    earned: dict[str, dict[str, Decimal]] = {}
    points: dict[str, Decimal] = {}
    for id, found in fired.items():
        criterion = structure.criteria.get(id)
        if criterion is None:  # a group that does not apply
            continue
        hits: dict[str, Decimal] = {
            str(rule.id): earned_by(rule, (facts[id] for id in found[rule.id].facts), rounding)
            for rule in criterion.rules
            if rule.id in found
        }
        if hits:
            earned[id] = hits
            points[id] = points_of(criterion, hits)
    combination = Combination(structure, points, exempted(fired), cohort, assessed(firings))
    return Sums(fired, earned, points, combination, facts)


def exempted(fired: Fired) -> frozenset[str]:
    """Return the ids of the criteria and groups that do not apply because of a fact."""
    return frozenset(owner for owner, rules in fired.items() if NOT_APPLICABLE in rules)


def assessed(firings: Firings) -> frozenset[str]:
    """Return the ids of the criteria that are assessed, because of a fact or of searches without result."""
    return firings.searched.union(firing.criterion for firing in firings.firings if firing.rule == ASSESSED)
