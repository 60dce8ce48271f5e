"""What further points of one criterion would do to the total, if all other results stay as they are."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from cleancloud_rules.analysis.score_bounds.alternatives import Alternatives
from cleancloud_rules.analysis.score_bounds.criterion_range import Range
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.exact import ZERO, subtract
from cleancloud_rules.model.groups import Combining, Parts
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.tree import ScoreTree, asked_by
from cleancloud_rules.results.bounds import RuleGain
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.points import points_of


class Gains:
    """What further points would do for one company.

    Args:
        stated: the score tree of its stated facts.
        earned: the points of each rule that fired on them, by criterion.
        ruleset: the compiled rules.
        search: the completions of its stated facts.
        ranges: the range of each criterion over them, before gates and exemptions.
    """

    def __init__(
        self,
        stated: Combination,
        earned: Mapping[str, Mapping[str, Decimal]],
        ruleset: Ruleset,
        search: Alternatives,
        ranges: Mapping[str, Range],
    ) -> None:
        self._stated = stated
        self._earned = earned
        self._ruleset = ruleset
        self._search = search
        self._ranges = ranges
        self._named = _named(stated.structure)
        self._totals: dict[tuple[object, ...], Decimal | None] = {}
        self._effects: dict[tuple[object, ...], Fraction | None] = {}

    def point_effect(self, criterion: Criterion) -> Fraction | None:
        """Return the change of the total for one point of a criterion, without rounding.

        It is the mean over all its points: the total at its maximum minus the total at 0, over the maximum.

        Returns:
            None if it has no maximum, or if there is no total at one of the two.
        """
        if not criterion.max_points:
            return None
        key = self._alike(criterion)
        if key not in self._effects:
            most, least = (_Unrounded(self._stated, criterion, p).whole().value for p in (criterion.max_points, ZERO))
            known = most is not None and least is not None
            self._effects[key] = (most - least) / Fraction(criterion.max_points) if known else None  # type: ignore[operator]
        return self._effects[key]

    def next_rules(self, criterion: Criterion) -> tuple[RuleGain, ...]:
        """Return the rules that further facts can fire and that would then add points, the smallest gain first."""
        # A fact that fires one rule may keep another one from firing, or state a number that is not the best one. So
        # the points of both rules together are a maximum, and no completion gives more than the upper bound.
        hits = self._earned.get(criterion.id, {})
        found = []
        for rule in criterion.rules:
            if rule.id in hits or True not in self._search.truths(self._ruleset.rules[criterion.id, rule.id]):
                continue
            together = points_of(criterion, {**hits, rule.id: rule.range[1]})
            points = min(together, self._ranges[criterion.id].ceiling)
            gain = subtract(self._counted(criterion, points), self._stated.criterion(criterion.id).points)
            if gain > 0:
                found.append(RuleGain(rule.id, gain, self._gain_of_total(criterion, points)))
        return tuple(sorted(found, key=lambda gain: gain.points))

    def _counted(self, criterion: Criterion, points: Decimal) -> Decimal:
        """Return what points of a criterion count after gates and exemptions."""
        if self._stated.structure.places[criterion.id].is_plain:
            return points
        return _Changed(self._stated, criterion, points).criterion(criterion.id).points

    def _gain_of_total(self, criterion: Criterion, points: Decimal) -> Decimal | None:
        before, key = self._stated.whole().score, (*self._alike(criterion), points)
        if key not in self._totals:
            self._totals[key] = _Changed(self._stated, criterion, points).whole().score
        after = self._totals[key]
        return None if before is None or after is None else subtract(after, before)

    def _alike(self, criterion: Criterion) -> tuple[object, ...]:
        """Return a key that criteria share whose points have the same effect."""
        # Every aggregation treats alike the criteria of one group that have equal weights, maxima and points. What
        # tells them apart is to be named: by a gate, a cap, a tier, a level, a line of a coverage, or a word that a
        # requirement counts. A criterion that is named has its own key.
        structure = self._stated.structure
        place = structure.places[criterion.id]
        if criterion.id in self._named or not place.is_plain or criterion.requirement is not None:
            return (criterion.id,)
        stated = self._stated
        own = (stated.criterion(criterion.id).points, stated.has_evidence(criterion.id))
        return (place.above[-1].id, criterion.weight, criterion.max_points, criterion.met_at, *own)


class CriterionGains:
    """Makes the fields of the bounds of a criterion that say what further points would do.

    Each public method makes the field of its name.

    Args:
        gains: what further points would do for the company.
        criterion: the criterion.
    """

    def __init__(self, gains: Gains, criterion: Criterion) -> None:
        self._gains = gains
        self._criterion = criterion

    def point_effect(self) -> Fraction | None:
        """Return the change of the total for one point."""
        return self._gains.point_effect(self._criterion)

    def next_rules(self) -> tuple[RuleGain, ...]:
        """Return the rules that would add points."""
        return self._gains.next_rules(self._criterion)


class _Changed(Combination):
    """The score tree of a company with other points of one criterion, which further facts then assess."""

    def __init__(self, stated: Combination, criterion: Criterion, points: Decimal) -> None:
        changed = {**stated._points, criterion.id: points}
        assessed = None if stated._assessed is None else {*stated._assessed, criterion.id}
        super().__init__(stated.structure, changed, stated._exempt, stated._cohort, assessed)
        places = self.structure.places
        # A plain criterion depends on nothing else, so that its state stays.
        kept = stated._criteria.items()
        self._criteria = {id: state for id, state in kept if id != criterion.id and places[id].is_plain}


class _Unrounded(_Changed):
    """Such a tree in which no part is rounded."""

    def _kept(self, _: str | None) -> Parts:
        return Parts.EXACT


def _named(structure: ScoreTree) -> frozenset[str]:
    """Return the ids of the criteria that requirements, tiers, levels or lines of a coverage name."""
    methodology = structure.methodology
    combinings: tuple[Combining, ...] = (methodology.combining, *methodology.groups)
    asked = {str(requirement.of) for combining in combinings for requirement in asked_by(combining)}
    asked.update(str(requirement.of) for place in structure.places.values() for requirement in place.gates)
    asked.update(str(id) for combining in combinings for id in combining.tiers)
    asked.update(str(id) for combining in combinings for line in combining.coverage for id in line.of or ())
    asked.update(str(c.id) for ladder in structure.ladders.values() for c in ladder)
    return frozenset(str(c.id) for id in asked & structure.places.keys() for c in structure.criteria_in(id))
