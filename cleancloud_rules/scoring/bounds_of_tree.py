"""The tree of a methodology at both ends: all that earns points at its least, and at its most.

What pulls the other way (a cap that something brings about, a gate before a penalty) is taken from the other end, so
that no completion lies outside the two.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

from attrs import evolve

from cleancloud_rules.model.groups import Aggregation, Combining, CountsAs, Requirement, Taken
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.model.values import Interval
from cleancloud_rules.scoring.combination import Combination, CriterionState, GroupState, passed_on
from cleancloud_rules.scoring.points import ZERO, range_of


class BoundTree(Combination):
    """The criteria of one company at one end of what they can come to.

    Args:
        structure: the tree.
        points: the least, or the most, of each criterion.
        exempt: ids of what does not apply whatever comes to light.
        cohort: the company's cohort.
        maybe: the criteria of which further facts may say that they do not apply, and what is done then.
        is_high: which end it is.
    """

    def __init__(
        self,
        structure: ScoreTree,
        points: Mapping[str, Decimal],
        exempt: Collection[str],
        cohort: str | None,
        maybe: Mapping[str, CountsAs],
        *,
        is_high: bool,
    ) -> None:
        super().__init__(structure, points, exempt, cohort)
        self._maybe = maybe
        self._is_high = is_high
        self._opposite: Combination = self

    def oppose(self, other: "BoundTree") -> None:
        """Make this the one end and `other` the other."""
        self._opposite, other._opposite = other, self

    def _turning(self) -> Combination:
        return self._opposite

    def _criterion(self, criterion: Criterion) -> CriterionState:
        state = super()._criterion(criterion)
        counts_as = self._maybe.get(criterion.id)
        if counts_as is None:
            return state
        if not self._is_high:
            return state if counts_as is CountsAs.FULL else evolve(state, points=min(state.points, ZERO))
        most = ZERO if counts_as is CountsAs.ZERO else criterion.max_points
        kept_out = Outcome.NOT_APPLICABLE if state.kept_out is not None else None
        return evolve(state, points=max(state.points, most), met=True, kept_out=kept_out)

    def meets(self, requirement: Requirement) -> bool:
        """Whether what a requirement asks for is so, or could be, as a group of which nothing applies is in no way."""
        return super().meets(requirement) or (self._is_high and self._may_vanish(requirement.of))

    def _may_vanish(self, id: str) -> bool:
        inside = [str(criterion.id) for criterion in self.structure.criteria_in(id)]
        return all(self._maybe.get(c) is CountsAs.EXCLUDED or not self.criterion(c).is_part for c in inside)

    def group(self, id: str) -> GroupState:
        """Return what a group came to; what stands for it above is the least, or the most, that could."""
        state, combining = super().group(id), self.structure.groups[id]
        exact, as_printed = state.exact, state.rounded
        if rises(combining) or exact is None or as_printed is None or state.score is None or state.value is None:
            return state
        numbers = [Fraction(band.value) for band in combining.bands if band.value is not None]
        numbers += [Fraction(level.value or ZERO) for level in combining.ladder]
        numbers += [Fraction(state.score), Fraction(0)]
        pick = max(numbers) if self._is_high else min(numbers)
        value = max(pick, state.value) if self._is_high else min(pick, state.value)
        return evolve(state, exact=passed_on(value, exact.most), rounded=passed_on(pick, as_printed.most))


Scenario = tuple[frozenset[str], str | None, dict[str, CountsAs]]
"""What does not apply, a cohort, and the criteria of which it is open whether they apply."""

MAX_EXEMPTIONS = 6
"""How many exemptions by facts are tried in every combination."""


def ends(
    structure: ScoreTree,
    points: tuple[Mapping[str, Decimal], Mapping[str, Decimal]],
    exempt: Collection[str],
    cohort: str | None,
    maybe: Mapping[str, CountsAs],
) -> tuple[BoundTree, BoundTree]:
    """Return both ends of the companies of a cohort, from the least and the most points of each criterion."""
    low, high = (BoundTree(structure, some, exempt, cohort, maybe, is_high=n == 1) for n, some in enumerate(points))
    low.oppose(high)
    return low, high


def cohorts_of(methodology: Methodology) -> tuple[str | None, ...]:
    """Return every cohort that a company may be of; None for no cohort."""
    return (None, *(id for id, _ in methodology.vocabulary.cohorts))


def cases(structure: ScoreTree, owners: Collection[str]) -> Iterator[Scenario]:
    """Return what may apply to companies: for each cohort each choice of what facts exempt, where these are few.

    Args:
        structure: the tree.
        owners: ids of the criteria and groups that facts may exempt.
    """
    open_ones = {} if len(owners) <= MAX_EXEMPTIONS else doubtful(structure, owners)
    sizes = range(len(owners) + 1) if not open_ones else ()
    chosen = [frozenset(some) for size in sizes for some in combinations(sorted(owners), size)] or [frozenset()]
    for cohort in cohorts_of(structure.methodology):
        yield from ((exempt, cohort, open_ones) for exempt in chosen)


def doubtful(structure: ScoreTree, owners: Collection[str]) -> dict[str, CountsAs]:
    """Return the criteria that further facts may exempt, with what is done then; left out is the widest.

    Args:
        structure: the tree.
        owners: ids of the criteria and groups of which facts may say that they do not apply.
    """
    methodology, found = structure.methodology, dict[str, CountsAs]()
    for criterion in methodology.criteria:
        above = structure.places[criterion.id].exempting
        exemptions = [owner.not_applicable for owner in above if owner.id in owners]
        kinds = {e.counts_as or methodology.not_applicable for e in exemptions if e is not None}
        if kinds:
            found[criterion.id] = kinds.pop() if len(kinds) == 1 else CountsAs.EXCLUDED
    return found


def weights_in(combining: Combining, structure: ScoreTree) -> tuple[Decimal | None, ...]:
    """Return the weights of the parts of a group, or of the whole."""
    if isinstance(combining, Group):
        return (*(criterion.weight for criterion in combining.criteria), *(group.weight for group in combining.groups))
    return tuple(category.weight for category in structure.methodology.categories)


def may_cost(combining: Combining, structure: ScoreTree) -> bool:
    """Whether a group, or the whole, might come to less than nothing: by a penalty, a base, a cap or a band."""
    if not isinstance(combining, Group):
        inside = structure.methodology.categories
        return _lowers(combining) or any(may_cost(group, structure) for group in inside)
    groups = combining.every_group
    return any(range_of(c).least < 0 for c in combining.every_criterion) or any(map(_lowers, groups))


def _lowers(combining: Combining) -> bool:
    limits = (combining.base, combining.at_most, *(cap.at_most for cap in combining.caps))
    numbers = (*(band.value for band in combining.bands), *(level.value for level in combining.ladder))
    return any(number is not None and number < 0 for number in (*limits, *numbers))


def rises(combining: Combining) -> bool:
    """Whether what stands for a group never falls when it earns more: by gapless bands, and levels, ever higher."""
    steps = [level.value or ZERO for level in combining.ladder]
    if steps != sorted(steps) or any(step < 0 for step in steps):
        return False
    if all(band.value is None for band in combining.bands):
        return True
    found: list[tuple[Interval, Decimal]] = []
    for band in combining.bands:
        alternatives = band.score.alternatives
        if len(alternatives) != 1 or not isinstance(alternatives[0], Interval) or band.score.negated:
            return False
        found.append((alternatives[0], ZERO if band.value is None else band.value))
    found.sort(key=lambda pair: (pair[0].low is not None, pair[0].low))
    pairs = list(pairwise(found))
    gapless = all(a.high == b.low and a.high_open is not b.low_open for (a, _), (b, _) in pairs)
    return found[0][0].low is None and found[-1][0].high is None and gapless and all(a <= b for (_, a), (_, b) in pairs)


def is_even(combining: Combining) -> bool:
    """Whether a part at nothing counts no more, and one at its most no less, than one that is not there."""
    return combining.of is Taken.SHARES or combining.aggregate in (Aggregation.SUM, Aggregation.WEIGHTED_SUM)


def without_limits(
    structure: ScoreTree, maybe: Mapping[str, CountsAs], of: str | None, needed: Collection[str]
) -> str | None:
    """Return why no limits of a group, or of the whole, are known, in words; None where they are.

    Args:
        structure: the tree.
        maybe: the criteria of which further facts may say that they do not apply.
        of: the group; None for the whole.
        needed: ids of the criteria and groups on which it depends.
    """
    methodology = structure.methodology
    owners = [group for group in methodology.groups if group.id in needed]
    for group in owners:
        if group.id != of and group.needs and may_cost(group, structure):
            return f"{group.id} counts nothing without a result, and may come to less than that"
    vanishing = {id for id in needed if maybe.get(id) is CountsAs.EXCLUDED}
    if not vanishing:
        return None
    what = "what may turn out not to apply"
    if may_cost(methodology.combining, structure) if of is None else any(may_cost(g, structure) for g in owners):
        return f"{what} stands beside what costs points"
    for group in owners:
        ids = {criterion.id for criterion in group.every_criterion}
        if not ids & vanishing:
            continue
        if not is_even(group):
            return f"{what} is a part of {group.id}, a {group.aggregate.value} of {group.of.value}"
        if group.id == of:
            continue
        if group.at_least is not None or group.caps:
            return f"{what} is a part of {group.id}, which is held by limits of its own"
        held = (
            group.at_most, group.needs,
            *(band.value for band in group.bands), *(level.value for level in group.ladder),
        )  # fmt: skip
        if ids <= vanishing and any(limit is not None for limit in held):
            return f"{group.id}, of which nothing may apply, is held by limits of its own"
    if of is None and not is_even(methodology.combining):
        return f"{what} is a part of a {methodology.combining.aggregate.value} of {methodology.combining.of.value}"
    return None
