"""Points and scores that follow from firings."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Protocol

from attrs import frozen

from cleancloud_rules.engine.firings import Firing, Firings
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE, CountsAs, Level, Parts, RequirementWord, Taken
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.model.rounding import TotalPolicy
from cleancloud_rules.model.tree import ScoreTree, is_plain
from cleancloud_rules.scoring.aggregation import Part, Said, part_of, part_of_criterion, sentence, steps_to
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.coverage import Covered
from cleancloud_rules.scoring.plain_tree import PlainResults, PlainTree
from cleancloud_rules.scoring.points import Earned, Earning

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


class Figures(Protocol):
    """The figures of a group, or of the root; see `scoring.states.GroupState`."""

    @property
    def outcome(self) -> GroupOutcome:
        """Whether it has a score."""

    @property
    def points(self) -> Decimal:
        """The points of all its criteria together."""

    @property
    def max_points(self) -> Decimal:
        """Their maximum."""

    @property
    def value(self) -> Fraction | None:
        """The exact value."""

    @property
    def score(self) -> Decimal | None:
        """The value, rounded."""

    @property
    def max_score(self) -> Decimal | None:
        """The maximum of the score, without trailing zeros."""

    @property
    def label(self) -> str | None:
        """The label of its band."""

    @property
    def level(self) -> Level | None:
        """The highest level reached."""

    @property
    def because(self) -> tuple[str, ...]:
        """Why it has no result, and its band and level, in sentences."""


@frozen(eq=False)
class Sums:
    """The points and scores of a set of firings.

    Args:
        fired: by criterion and rule.
        earned: the points of each rule that fired, by criterion and rule; only criteria with such a rule.
        points: the points of these criteria.
        summing: what made them.
        cohort: the company's cohort.
        firings: all that fired.
    """

    # The cached properties of attrs take no lock; see `scoring.compiled`.

    fired: Fired
    earned: Mapping[str, Earned]
    points: Mapping[str, Decimal]
    summing: "Summing"
    cohort: str | None
    firings: Firings

    @cached_property
    def combination(self) -> Combination:
        """The evaluated score tree."""
        structure = self.summing.structure
        return Combination(structure, self.points, self.exempt, self.cohort, assessed(self.firings))

    @cached_property
    def exempt(self) -> frozenset[str]:
        """The ids of the criteria and groups that do not apply because of a fact."""
        return exempted(self.fired)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """The facts that count, by id."""
        return counting(self.firings)

    @cached_property
    def plain(self) -> PlainResults | None:
        """The figures of all groups, if the tree is plain and every group has a score."""
        tree = self.summing.plain_tree
        return None if tree is None else tree.results(self.points, self.exempt)

    def figures(self, id: str | None) -> Figures:
        """Return the figures of a group, or of the root (None)."""
        return self.combination.of(id) if self.plain is None else self.plain.of(id)

    def always_counts(self, id: str) -> bool:
        """Whether it is certain that a criterion counts by its points: in a plain tree, unless a fact exempts it."""
        return self.plain is not None and NOT_APPLICABLE not in self.fired.get(id, NO_FIRINGS)

    def counts(self, id: str) -> bool:
        """Whether a criterion counts by its points, and is neither gated nor left out."""
        if self.plain is None:
            return self.combination.criterion(id).ruled_out is None
        return NOT_APPLICABLE not in self.fired.get(id, NO_FIRINGS)

    def proportions(self, criterion: str) -> Mapping[str, str]:
        """Return the computation of points in proportion as sentences, by rule."""
        earning = self.summing.earning[criterion]
        return earning.arithmetic(self.fired.get(criterion, NO_FIRINGS), self.facts) if earning.reads_facts else {}

    def arithmetic(self, id: str | None) -> str:
        """Return the calculation of a group, or of the root (None), as a sentence."""
        if self.plain is None:
            return self.combination.of(id).arithmetic
        structure, methodology = self.summing.structure, self.summing.structure.methodology
        if id is None:
            rounds = methodology.rounding.total is TotalPolicy.SUM_OF_ROUNDED
            combining, scale, rounding = methodology.combining, methodology.combining.scale, methodology.rounding
            parts = self._groups(self.plain, combining.of, methodology.categories, is_rounded=rounds)
        else:
            group = structure.groups[id]
            combining, scale, rounding = group, structure.scale_of(id), methodology.rounding_of(group)
            inside = self._groups(self.plain, group.of, group.groups, is_rounded=group.parts is Parts.ROUNDED)
            parts = chain(self._criteria(group), inside)
        figures = self.plain.of(id)
        raw, most = Fraction(*figures.raw), Fraction(*figures.raw_most)
        steps = steps_to(combining.aggregate, tuple(parts), scale, raw, most, figures.value)
        return sentence(steps, figures.score, rounding.mode)

    # What a group of a plain tree takes of its parts, as `Combination.named_parts` says it.

    def _criteria(self, group: Group) -> Iterator[Part]:
        default, exempt, earned = self.summing.structure.methodology.not_applicable, self.exempt, self.points
        for criterion, unanswered in self.summing.plain_parts[group.id]:
            id, most = criterion.id, criterion.max_points
            points = earned.get(id)
            if id in exempt:
                exemption = criterion.not_applicable
                counts_as = default if exemption is None else exemption.counts_as or default
                if counts_as is CountsAs.EXCLUDED:
                    continue
                points = most if counts_as is CountsAs.FULL else None
            yield unanswered if points is None else part_of_criterion(group.of, points, most, criterion.weight)

    def _groups(self, plain: PlainResults, of: Taken, groups: Iterable[Group], *, is_rounded: bool) -> Iterator[Part]:
        for group in groups:
            figures = plain.of(group.id)
            if is_rounded:
                said: Said = str(figures.score)
                value, most = Fraction(figures.score), Fraction(figures.max_score)
            else:
                said = value = figures.value
                most = Fraction(*figures.exact_most)
            if most > 0 or of is Taken.POINTS:
                yield part_of(of, value, most, group.weight, said)

    def words(self, id: str | None) -> tuple[tuple[RequirementWord, int, int], ...]:
        """Return for each requirement word in a group, or in the root (None), how many criteria are met and apply."""
        return self.combination.of(id).words if self.summing.has_requirements or self.plain is None else ()

    def coverage(self, id: str | None) -> tuple[Covered, ...]:
        """Return how many parts of a group, or of the root (None), are assessed; a plain tree asks for none."""
        return self.combination.of(id).coverage if self.plain is None else ()


@frozen(eq=False)
class Summing:
    """Turns firings into points and scores for one methodology.

    Args:
        structure: its score tree.
    """

    structure: ScoreTree

    @cached_property
    def earning(self) -> dict[str, Earning]:
        """The points of each criterion, prepared for any firings."""
        rounding = self.structure.methodology.rounding
        return {criterion.id: Earning(criterion, rounding) for criterion in self.structure.methodology.criteria}

    @cached_property
    def _reads_facts(self) -> bool:
        return any(earning.reads_facts for earning in self.earning.values())

    @cached_property
    def has_requirements(self) -> bool:
        """Whether a criterion has a requirement word."""
        return any(criterion.requirement is not None for criterion in self.structure.methodology.criteria)

    @cached_property
    def plain_tree(self) -> PlainTree | None:
        """The score tree, if it is plain."""
        return PlainTree(self.structure) if is_plain(self.structure) else None

    @cached_property
    def plain_parts(self) -> dict[str, list[tuple[Criterion, Part]]]:
        """The criteria that are parts of each group of a plain tree, each with what the group takes of 0 points."""
        return {
            str(group.id): [
                (criterion, part_of_criterion(group.of, ZERO, criterion.max_points, criterion.weight))
                for criterion in group.criteria
                if criterion.max_points > 0 or group.of is Taken.POINTS
            ]
            for group in self.structure.methodology.groups
        }

    def sums(self, firings: Firings, cohort: str | None = None) -> Sums:
        """Return the points and scores that firings give.

        Args:
            firings: what fired.
            cohort: the company's cohort.
        """
        fired = by_criterion(firings)
        facts = counting(firings) if self._reads_facts else {}
        earned: dict[str, Earned] = {}
        points: dict[str, Decimal] = {}
        for id, found in fired.items():
            earning = self.earning.get(id)
            if earning is None:  # a group that does not apply
                continue
            hits, own = earning.of(found, facts)
            if hits:
                earned[id], points[id] = hits, own
        return Sums(fired, earned, points, self, cohort, firings)


def counting(firings: Firings) -> dict[str, Fact]:
    """Return the facts that count, by id."""
    return {counted.fact.id: counted.fact for counted in firings.facts if counted.counts}


def exempted(fired: Fired) -> frozenset[str]:
    """Return the ids of the criteria and groups that do not apply because of a fact."""
    return frozenset(owner for owner, rules in fired.items() if NOT_APPLICABLE in rules)


def assessed(firings: Firings) -> frozenset[str]:
    """Return the ids of the criteria that are assessed, because of a fact or of searches without result."""
    return firings.searched.union(firing.criterion for firing in firings.firings if firing.rule == ASSESSED)
