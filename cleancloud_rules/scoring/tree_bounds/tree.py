"""Evaluates the score tree on intervals: a lower and an upper bound, from the bounds of each criterion.

The tree is evaluated twice, with all criteria at their lower and at their upper bounds. An antitone part (a cap that
applies if a requirement is met, a gate before a penalty) is taken from the opposite bound, as in interval arithmetic.
So no completion lies outside the two.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

from attrs import evolve

from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.groups import Aggregation, Combining, CountsAs, Requirement, Taken
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.model.values import Interval
from cleancloud_rules.scoring.points import range_of
from cleancloud_rules.scoring.states import CriterionState, GroupState, passed_on
from cleancloud_rules.scoring.tree_bounds.assessment import AssessedTree, Assessment


class BoundTree(AssessedTree):
    """The score tree of one company at its lower or its upper bound.

    Args:
        structure: the tree.
        points: the lower, or the upper, bound of each criterion.
        exempt: ids of the criteria and groups that do not apply in any completion.
        cohort: the company's cohort.
        maybe: the criteria that may not apply because of further facts, and what they count as then.
        is_high: whether it is the upper bound.
        assessment: which criteria are assessed; None if all are.
    """

    def __init__(
        self,
        structure: ScoreTree,
        points: Mapping[str, Decimal],
        exempt: Collection[str],
        cohort: str | None,
        maybe: Mapping[str, CountsAs],
        assessment: Assessment | None = None,
        *,
        is_high: bool,
    ) -> None:
        assessed = None if assessment is None else assessment.sure.union(assessment.undecided)
        own = points if assessment is None else assessment.points(points, structure, is_high=is_high)
        super().__init__(structure, own, exempt, cohort, assessed)
        self.assessment = assessment
        self.is_high = is_high
        self.maybe = maybe
        if assessment is not None:
            self.vanishing: frozenset[str] = frozenset(id for id in maybe if _is_left_out(id, structure))

    def _criterion(self, criterion: Criterion) -> CriterionState:
        state = super()._criterion(criterion)
        counts_as = self.maybe.get(criterion.id)
        if counts_as is None:
            return state
        if criterion.id in self.vanishing:
            return evolve(state, met=True) if self.is_high and state.ruled_out is None else state
        if not self.is_high:
            return state if counts_as is CountsAs.FULL else evolve(state, points=min(state.points, ZERO))
        most = ZERO if counts_as is CountsAs.ZERO else criterion.max_points
        ruled_out = Outcome.NOT_APPLICABLE if state.ruled_out is not None else None
        return evolve(state, points=max(state.points, most), met=True, ruled_out=ruled_out)

    def meets(self, requirement: Requirement) -> bool:
        """Whether a requirement is met; at the upper bound also if its criteria may all turn out not to apply."""
        return super().meets(requirement) or (self.is_high and self.may_vanish(requirement.of))

    def applies(self, id: str) -> bool:
        """Whether any criterion of a group may apply. One that only may not apply does, also if it is gated."""
        return any(criterion.id in self.maybe for criterion in self.structure.criteria_in(id)) or super().applies(id)

    def may_lack_score(self, id: str | None) -> bool:
        """Whether a group, or the root, has no score in some completion, as far as parts of it may be left out."""
        return self.may_lack_result(id) or self.may_weigh_nothing(id)

    def may_go(self, id: str) -> bool:
        """Whether a part that a group takes may be missing: not assessed, not applicable, or empty."""
        if super().may_go(id) or id in self.structure.criteria:
            return super().may_go(id) or self.maybe.get(id) is CountsAs.EXCLUDED
        return self.may_go_with_its_parts(id)

    def may_count_as_empty(self, id: str | None) -> bool:
        """Whether a group, or the root, may count as 0 because nothing in it applies."""
        (combining, _), (parts, _) = self._combining(id), self._inside(id)
        counts = combining.empty is not None and bool(self.named_parts(id))
        return counts and all(self.may_be_exempt(part.id) for part in parts)

    def group(self, id: str) -> GroupState:
        """Return the result of a group. What it contributes to the group above is the bound of that number."""
        state, combining = super().group(id), self.structure.groups[id]
        exact, as_printed = state.exact, state.rounded
        # Where a higher score can have a band with a lower number, the bound of the score does not give the bound of
        # the number. Then the minimum or the maximum of all numbers that the group can contribute is taken.
        if rises(combining) or exact is None or as_printed is None or state.score is None or state.value is None:
            return state
        numbers = [Fraction(band.value) for band in combining.bands if band.value is not None]
        numbers += [Fraction(level.value or ZERO) for level in combining.ladder]
        numbers += [Fraction(state.score), Fraction(0)]
        pick = max(numbers) if self.is_high else min(numbers)
        value = max(pick, state.value) if self.is_high else min(pick, state.value)
        return evolve(state, exact=passed_on(value, exact.most), rounded=passed_on(pick, as_printed.most))


Scenario = tuple[frozenset[str], str | None, dict[str, CountsAs]]
"""The ids of what does not apply, a cohort, and the criteria that may or may not apply."""

MAX_EXEMPTIONS = 6
"""The maximum number of exemptions by facts whose combinations are all tried."""


def ends(
    structure: ScoreTree,
    points: tuple[Mapping[str, Decimal], Mapping[str, Decimal]],
    exempt: Collection[str],
    cohort: str | None,
    maybe: Mapping[str, CountsAs],
    assessment: Assessment | None = None,
) -> tuple[BoundTree, BoundTree]:
    """Return the tree at its lower and its upper bound, from the lower and the upper bound of each criterion."""
    low, high = (
        BoundTree(structure, some, exempt, cohort, maybe, assessment, is_high=n == 1) for n, some in enumerate(points)
    )
    low.opposite, high.opposite = high, low
    return low, high


def cohorts_of(methodology: Methodology) -> tuple[str | None, ...]:
    """Return every cohort that a company may belong to; None for no cohort."""
    return (None, *(id for id, _ in methodology.vocabulary.cohorts))


def cases(structure: ScoreTree, owners: Collection[str]) -> Iterator[Scenario]:
    """Yield the scenarios of what applies: for each cohort every set of exemptions, if there are few of them.

    Args:
        structure: the tree.
        owners: ids of the criteria and groups that facts may exempt.
    """
    # Every subset is tried, 2 ** n of them. With more than MAX_EXEMPTIONS, one scenario for each cohort leaves all of
    # them open instead, which gives wider bounds.
    open_ones = {} if len(owners) <= MAX_EXEMPTIONS else maybe_exempt(structure, owners)
    sizes = range(len(owners) + 1) if not open_ones else ()
    chosen = [frozenset(some) for size in sizes for some in combinations(sorted(owners), size)] or [frozenset()]
    for cohort in cohorts_of(structure.methodology):
        yield from ((exempt, cohort, open_ones) for exempt in chosen)


def maybe_exempt(
    structure: ScoreTree, owners: Collection[str], exempt: Collection[str] = (), cohort: str | None = None
) -> dict[str, CountsAs]:
    """Return the criteria that further facts may exempt, with what they count as then.

    If several exemptions differ in that, `EXCLUDED` stands for them, because it gives the widest bounds. A criterion
    that does not apply in any case is not among them, unless it may count as something else.

    Args:
        structure: the tree.
        owners: ids of the criteria and groups that may not apply because of facts.
        exempt: ids of those that do not apply in any case, because of facts.
        cohort: the company's cohort.
    """
    methodology, found = structure.methodology, dict[str, CountsAs]()
    for criterion in methodology.criteria:
        sure, open_ones = set[CountsAs](), set[CountsAs]()
        for owner in structure.places[criterion.id].exempting:
            exemption = owner.not_applicable
            if exemption is None:
                continue
            kind = exemption.counts_as or methodology.not_applicable
            if owner.id in exempt or (cohort is not None and cohort in exemption.cohorts):
                sure.add(kind)
            elif owner.id in owners:
                open_ones.add(kind)
        if open_ones and sure != open_ones:
            kinds = open_ones | sure
            found[criterion.id] = kinds.pop() if len(kinds) == 1 else CountsAs.EXCLUDED
    return found


def _is_left_out(id: str, structure: ScoreTree) -> bool:
    """Whether a criterion is left out wherever it does not apply."""
    default = structure.methodology.not_applicable
    exemptions = [owner.not_applicable for owner in structure.places[id].exempting]
    return all(e is None or (e.counts_as or default) is CountsAs.EXCLUDED for e in exemptions)


def weights_in(combining: Combining, structure: ScoreTree) -> tuple[Decimal | None, ...]:
    """Return the weights of the parts of a group, or of the root."""
    if isinstance(combining, Group):
        return (*(criterion.weight for criterion in combining.criteria), *(group.weight for group in combining.groups))
    return tuple(category.weight for category in structure.methodology.categories)


def may_cost(combining: Combining, structure: ScoreTree) -> bool:
    """Whether the value of a group, or of the root, can be below 0: by a penalty, a base, a cap, a band or a level."""
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
    """Whether the number that a group contributes never falls if its score rises: bands leave no gap, numbers rise."""
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


def is_even(combining: Combining, structure: ScoreTree) -> bool:
    """Whether a part with 0 counts no more, and a part at its maximum no less, than a part that is missing.

    That is so in sums, and where all parts have the same maximum.
    """
    if combining.aggregate in (Aggregation.SUM, Aggregation.WEIGHTED_SUM, Aggregation.NONE):
        return True
    return combining.of is Taken.SHARES or len(set(_maxima(combining, structure))) == 1


def _maxima(combining: Combining, structure: ScoreTree) -> Iterator[object]:
    """Yield the maximum of each part; for a group whose maximum depends on what applies, its id."""
    groups = combining.groups if isinstance(combining, Group) else structure.methodology.categories
    if isinstance(combining, Group):
        yield from (criterion.max_points for criterion in combining.criteria)
    for group in groups:
        numbers = (*(band.value for band in group.bands), *(level.value for level in group.ladder))
        limits = (group.at_least, group.at_most, *numbers)
        scale = structure.scale_of(group.id)
        if group.aggregate is not Aggregation.NONE:
            yield group.id if scale is None or any(limit is not None for limit in limits) else scale


def without_limits(
    structure: ScoreTree, maybe: Mapping[str, CountsAs], of: str | None, needed: Collection[str]
) -> str | None:
    """Return why no bounds of a group, or of the root, are known, in words; None if they are known.

    Args:
        structure: the tree.
        maybe: the criteria that may not apply because of further facts.
        of: the group; None for the root.
        needed: ids of the criteria and groups on which it depends.
    """
    counted = next((criterion.id for criterion in structure.methodology.counted if criterion.id in needed), None)
    if counted is not None:
        return _without_assessment_known(structure, maybe, of, needed)
    return _without_exemptions_known(structure, maybe, of, needed)


def _without_assessment_known(
    structure: ScoreTree, maybe: Mapping[str, CountsAs], of: str | None, needed: Collection[str]
) -> str | None:
    """Return why no bounds are known where some parts may be left out because they are not assessed."""
    methodology = structure.methodology
    for id in sorted(needed):
        if id in maybe and not _is_left_out(id, structure):
            return f"{id} may turn out not to apply, and other parts not to be assessed"
    owners: list[tuple[str, Combining, Iterable[Criterion]]] = [
        (str(group.id), group, group.every_criterion) for group in methodology.groups if group.id in needed
    ]
    owners += [("the total", methodology.combining, methodology.criteria)] if of is None else []
    for name, combining, criteria in owners:
        if name != of and combining.needs and may_cost(combining, structure):
            return f"{name} counts as 0 without a result, and its value may be below 0"
        if any(line.is_share for line in combining.coverage) and any(c.id in maybe for c in criteria):
            return f"the coverage of {name} depends on what applies"
    return None


def _without_exemptions_known(
    structure: ScoreTree, maybe: Mapping[str, CountsAs], of: str | None, needed: Collection[str]
) -> str | None:
    methodology = structure.methodology
    owners = [group for group in methodology.groups if group.id in needed]
    for group in owners:
        if group.id != of and group.needs and may_cost(group, structure):
            return f"{group.id} counts as 0 without a result, and its value may be below 0"
    vanishing = {id for id in needed if maybe.get(id) is CountsAs.EXCLUDED}
    if not vanishing:
        return None
    what = "a criterion that may turn out not to apply"
    if may_cost(methodology.combining, structure) if of is None else any(may_cost(g, structure) for g in owners):
        return f"{what} stands beside something that costs points"
    for group in owners:
        ids = {criterion.id for criterion in group.every_criterion}
        if not ids & vanishing:
            continue
        if not is_even(group, structure):
            return f"{what} is a part of {group.id}, a {group.aggregate.value} of {group.of.value}"
        if group.id == of:
            continue
        if group.at_least is not None or group.caps:
            return f"{what} is a part of {group.id}, which has limits of its own"
        held = (
            group.at_most, group.needs,
            *(band.value for band in group.bands), *(level.value for level in group.ladder),
        )  # fmt: skip
        if ids <= vanishing and any(limit is not None for limit in held):
            return f"{group.id} has limits of its own, and may turn out not to apply"
    if of is None and not is_even(methodology.combining, structure):
        return f"{what} is a part of a {methodology.combining.aggregate.value} of {methodology.combining.of.value}"
    return None
