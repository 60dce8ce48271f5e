"""Bounds if further facts may assess criteria: which parts a group takes, and whether it has a result."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from attrs import evolve, field, frozen

from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.groups import Aggregation, Combining, CountsAs, NotAssessed, Parts, Requirement, Taken
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.scoring.aggregation import Part, combined
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.coverage import counted_by
from cleancloud_rules.scoring.states import CriterionState, GroupState, PartResult
from cleancloud_rules.scoring.tree_bounds.optional_parts import chosen


@frozen
class Assessment:
    """Which criteria are assessed over all completions of the stated facts.

    Args:
        sure: ids of those that are assessed in every completion.
        undecided: for each criterion that some completions assess and others do not, its bounds if it is assessed.
            They are its bounds wherever it is taken, if it is left out without assessment.
    """

    sure: frozenset[str] = frozenset()
    undecided: Mapping[str, tuple[Decimal, Decimal]] = field(factory=dict)

    def points(self, points: Mapping[str, Decimal], structure: ScoreTree, *, is_high: bool) -> dict[str, Decimal]:
        """Return bounds of points, of criteria that may be left out those that they have if they are assessed."""
        places = structure.places
        opened = ((id, ends) for id, ends in self.undecided.items() if places[id].not_assessed is NotAssessed.EXCLUDED)
        return {**points, **{id: ends[is_high] for id, ends in opened}}


class AssessedTree(Combination):
    """The score tree of one company at its lower or its upper bound, where what is left out may be assessed.

    Its groups are those of companies for which they have a result, if there are such.

    Attributes:
        assessment: which criteria are assessed; None if all are.
        is_high: whether it is the upper bound.
        maybe: the criteria that may not apply because of further facts, and what they count as then.
        vanishing: ids of those that are left out then.
    """

    assessment: Assessment | None = None
    is_high: bool = False
    maybe: Mapping[str, CountsAs] = MappingProxyType({})
    vanishing: frozenset[str] = frozenset()

    def _combining(self, id: str | None) -> tuple[Combining, Decimal | None]:
        if id is None:
            combining = self.structure.methodology.combining
            return combining, combining.scale
        return self.structure.groups[id], self.structure.scale_of(id)

    def _inside(self, id: str | None) -> tuple[tuple[Criterion | Group, ...], tuple[Criterion, ...]]:
        """Return the parts of a group, or of the root, and all criteria inside it."""
        if id is None:
            return self.structure.methodology.categories, self.structure.methodology.criteria
        group = self.structure.groups[id]
        return (*group.criteria, *group.groups), group.every_criterion

    # What is certain

    def is_sure(self, id: str) -> bool:
        """Whether a part that applies is assessed in every completion."""
        if self.assessment is None:
            return True
        sure = self.assessment.sure - self.vanishing
        found = any(criterion.id in sure and self.applies(criterion.id) for criterion in self.structure.criteria_in(id))
        return found and (id in self.structure.criteria or not self.may_lack_result(id))

    def is_optional(self, id: str) -> bool:
        """Whether a part may be left out, and may be taken."""
        if self.assessment is None:
            return False
        if id in self.vanishing:
            return True
        if self.structure.places[id].not_assessed is NotAssessed.ZERO and not self._may_have_no_part(id):
            # A group that is not assessed counts as 0. One in which nothing assessed weighs anything has no result.
            return id in self.structure.groups and self.may_go_with_its_parts(id)
        if id in self.structure.criteria:
            return id in self.assessment.undecided and self.applies(id)
        return self.may_lack_result(id) or self.may_go_with_its_parts(id)

    def _may_have_no_part(self, id: str) -> bool:
        """Whether it may be that no part of a group that counts applies. Others may: in groups without a score."""
        if id in self.structure.criteria:
            return False
        named = self.named_parts(id)
        return bool(named) and all(name in self.vanishing or self._may_have_no_part(name) for name, _ in named)

    def _may_be_empty(self, id: str) -> bool:
        """Whether it may be that nothing in a group applies."""
        return self._may_have_no_part(id) and self.may_vanish(id)

    def _is_covered_apart(self, id: str) -> bool:
        """Whether a group may be assessed where no part of it counts."""
        inside = [str(criterion.id) for criterion in self.structure.criteria_in(id)]
        others = [c for c in inside if c not in self.vanishing and self.has_evidence(c) and self.applies(c)]
        return bool(others) and self._may_have_no_part(id)

    def may_lack_result(self, id: str | None) -> bool:
        """Whether too little of a group, or of the root, may be assessed for a result."""
        if self.assessment is None:
            return False
        named, (_, criteria) = self.named_parts(id), self._inside(id)
        states = [self.criterion(criterion.id) for criterion in criteria]
        if not named and not any(state.is_part or state.ruled_out is Outcome.NOT_ASSESSED for state in states):
            return False  # nothing in it applies, whatever is assessed
        if any(sure < line_needed for line_needed, sure in self._lines(id)):
            return True
        return bool(named) and all(self.is_optional(name) for name, _ in named)

    def may_go(self, id: str) -> bool:
        """Whether a part that a group takes may be left out."""
        return self.is_optional(id)

    def may_weigh_nothing(self, id: str | None) -> bool:
        """Whether a group, or the root, has no score in some completion because nothing that weighs is left in it."""
        named, (combining, scale) = self.named_parts(id), self._combining(id)
        certain = self._certain(id)
        if len(certain) == len(named):
            return False
        if certain:
            return combined(combining, certain, scale)[0] is None
        is_empty = all(self.may_be_exempt(name) and not self._may_lack_share(id, name) for name, _ in named)
        return combining.empty is None or not is_empty or self._has_others(id)

    def may_go_with_its_parts(self, id: str) -> bool:
        """Whether a group may be left out because nothing that weighs is left in it."""
        named, (combining, _) = self.named_parts(id), self._combining(id)
        if not named or self._certain(id) or self._may_be_unscored(id):
            return self._may_be_unscored(id)
        if combining.empty is not None and not self._has_others(id):
            return False
        counts = self.structure.places[id].not_assessed is NotAssessed.ZERO
        return not counts or all(self.may_be_exempt(name) for name, _ in named)

    def _may_be_unscored(self, id: str) -> bool:
        """Whether a group may have no score although something in it is assessed: none of that weighs anything."""
        if id in self.structure.criteria:
            return False
        named, (combining, scale) = self.named_parts(id), self._combining(id)
        certain = self._certain(id)
        if certain or not named:
            return len(certain) < len(named) and combined(combining, certain, scale)[0] is None
        alone = [(name, combined(combining, (part,), scale)[0]) for name, part in named]
        return sum(steps is None or self._may_be_unscored(name) for name, steps in alone) >= max(self._least(id), 1)

    def _certain(self, id: str | None) -> tuple[Part, ...]:
        """Return the parts that a group, or the root, takes in every completion."""
        named = self.named_parts(id)
        return tuple(part for name, part in named if not self.may_go(name) and not self._may_lack_share(id, name))

    def _may_lack_share(self, id: str | None, part: str) -> bool:
        """Whether a group, or the root, may find a part of it without a maximum, and so cannot take its share."""
        combining, scale = self._combining(id)
        return (combining.of is Taken.SHARES or scale is not None) and self._may_have_no_maximum(part)

    def _may_have_no_maximum(self, id: str) -> bool:
        """Whether the maximum of a part, which is above 0 now, may turn out to be 0."""
        if id in self.structure.criteria:
            return False
        combining, scale = self._combining(id)
        numbers = (*(band.value for band in combining.bands), *(level.value for level in combining.ladder))
        if scale is not None or any(number is not None for number in numbers) or (combining.at_least or ZERO) > 0:
            return False
        named = self.named_parts(id)
        without = {name for name, _ in named if self._may_have_no_maximum(name)}
        if combining.aggregate is Aggregation.MINIMUM and without:
            return True
        left = tuple(part for name, part in named if name not in without and not self.may_go(name))
        choices = [left] if left else [(part,) for _, part in named]
        return len(left) < len(named) and any(combined(combining, some, scale)[1] <= 0 for some in choices)

    def _has_others(self, id: str | None) -> bool:
        """Whether a criterion in a group, or the root, may apply that none of its parts counts."""
        counted = {c.id for name, _ in self.named_parts(id) for c in self.structure.criteria_in(name)}
        return any(self.applies(criterion.id) for criterion in self._inside(id)[1] if criterion.id not in counted)

    def may_be_exempt(self, id: str) -> bool:
        """Whether it may be that nothing inside a part applies, or counts as if it did."""
        return all(map(self._may_be_left_out, (criterion.id for criterion in self.structure.criteria_in(id))))

    def _may_be_left_out(self, id: str) -> bool:
        state = self.criterion(id)
        is_exempt = state.ruled_out is Outcome.NOT_APPLICABLE and not state.is_part
        return is_exempt or self.maybe.get(id) is CountsAs.EXCLUDED

    def _may_lack_assessment(self, id: str) -> bool:
        """Whether too little of a group may be assessed for a result, and not only too little of it apply."""
        if not self.may_lack_result(id):
            return False
        if any(sure < needed for needed, sure in self._lines(id)):
            return True
        return any(
            self.is_left_out(part.id) or self.criterion(part.id).ruled_out is Outcome.NOT_ASSESSED
            if isinstance(part, Criterion)
            else self._may_lack_assessment(part.id) or self.group(part.id).outcome is GroupOutcome.NOT_ASSESSED
            for part in self._inside(id)[0]
        )

    def _lines(self, id: str | None) -> list[tuple[int, int]]:
        """Return for each line of a coverage how many parts are needed, and how many are assessed for certain."""
        (parts, criteria), (combining, _) = self._inside(id), self._combining(id)
        found = []
        for line in combining.coverage:
            applying = [name for name in counted_by(line, parts, criteria) if self.applies(name)]
            found.append((line.needed(len(applying)), sum(map(self.is_sure, applying))))
        return found

    def opened(self, id: str | None) -> tuple[tuple[int, int, int], ...]:
        """Return for each line of a coverage how many parts are needed, are assessed for certain, and can be."""
        (parts, criteria), (combining, _) = self._inside(id), self._combining(id)
        found = []
        for line, (needed, sure) in zip(combining.coverage, self._lines(id), strict=True):
            names = [name for name in counted_by(line, parts, criteria) if self.applies(name)]
            found.append((needed, sure, sum(map(self._may_be_assessed, names))))
        return tuple(found)

    def _may_be_assessed(self, id: str) -> bool:
        """Whether a part that applies can be assessed: a group also if it needs less where less of it applies."""
        if self.is_assessed(id):
            return True
        inside = [str(criterion.id) for criterion in self.structure.criteria_in(id)]
        if id in self.structure.criteria or not any(map(self.has_evidence, filter(self.applies, inside))):
            return False
        (parts, criteria), (combining, _) = self._inside(id), self._combining(id)
        for line in combining.coverage:
            names = [name for name in counted_by(line, parts, criteria) if self.applies(name)]
            needed = line.needed(sum(not self.may_vanish(name) for name in names))
            if sum(map(self._may_be_assessed, names)) < needed:
                return False
        return True

    def may_vanish(self, id: str) -> bool:
        """Whether it may be that nothing in a part applies."""
        inside = [str(criterion.id) for criterion in self.structure.criteria_in(id)]
        return all(c in self.maybe or self.criterion(c).ruled_out is Outcome.NOT_APPLICABLE for c in inside)

    # What is taken

    def parts(self, id: str | None, kept: Parts | None = None) -> tuple[Part, ...]:
        """Return what a group, or the root (None), takes of its parts: of the optional ones those for its bound."""
        taken = self._taken(id, kept)
        return super().parts(id, kept) if taken is None else taken

    def _taken(self, id: str | None, kept: Parts | None = None) -> tuple[Part, ...] | None:
        named, (combining, scale) = self.named_parts(id, kept), self._combining(id)
        optional = [part for name, part in named if self.is_optional(name)]
        always = [part for name, part in named if not self.is_optional(name)]
        return chosen(combining, scale, always, optional, self._least(id), is_high=self.is_high)

    def _least(self, id: str | None) -> int:
        """Return how many optional parts a group takes at least if it has its coverage."""
        (parts, criteria), (combining, _) = self._inside(id), self._combining(id)
        least = 0
        for line in combining.coverage:
            names = [name for name in counted_by(line, parts, criteria) if self.applies(name)]
            if line.of is None and not (line.of_criteria and len(parts) < len(criteria)):
                others = sum(
                    self.is_assessed(name) and (not self.is_optional(name) or self._is_covered_apart(name))
                    for name in names
                )
                least = max(least, line.needed(len(names)) - others)
        return least

    def group(self, id: str) -> GroupState:
        """Return the result of a group; where it may lack one and then counts as 0, it passes on no more, or less."""
        state = super().group(id)
        is_zero = self.structure.places[id].not_assessed is NotAssessed.ZERO and self._may_lack_assessment(id)
        if not is_zero and (self.structure.groups[id].empty is None or not self._may_be_empty(id)):
            return state
        return evolve(state, exact=self._or_zero(state.exact), rounded=self._or_zero(state.rounded))

    def _or_zero(self, passed: PartResult | None) -> PartResult | None:
        if passed is None or (passed.value >= 0) is self.is_high:
            return passed
        return PartResult(Fraction(0), passed.most, "0")

    def _criterion(self, criterion: Criterion) -> CriterionState:
        state = super()._criterion(criterion)
        is_open = state.ruled_out is not Outcome.NOT_APPLICABLE and self._is_open(criterion.id)
        return evolve(state, met=False) if is_open and not self.is_high else state

    def is_left_out(self, id: str) -> bool:
        """Whether a criterion that applies may be left out because it is not assessed, and may be taken."""
        return self._is_open(id) and self.applies(id)

    def _is_open(self, id: str) -> bool:
        """Whether a criterion, if it applies, may be left out and may be taken."""
        place = self.structure.places[id]
        is_open = self.assessment is not None and id in self.assessment.undecided
        return is_open and place.not_assessed is NotAssessed.EXCLUDED

    def meets(self, requirement: Requirement) -> bool:
        """Whether a requirement is met; at the lower bound not if its criterion or group may lack what it asks for."""
        of = requirement.of
        if not self.is_high and requirement.at_least is not None and self.applies(of):
            in_doubt = self.is_left_out(of) if of in self.structure.criteria else self.may_lack_result(of)
            if in_doubt:
                return False
        return super().meets(requirement)

    # What is not known

    def varies(self, id: str | None) -> bool:
        """Whether the maximum that a group passes on depends on what is assessed."""
        combining, scale = self._combining(id)
        numbers = (*(band.value for band in combining.bands), *(level.value for level in combining.ladder))
        if self.assessment is None or any(number is not None for number in numbers):
            return False
        named = self.named_parts(id)
        within = any(map(self.varies, self._groups_inside(id)))
        if id is not None and self._counts_as_zero(id) and any(self.is_optional(name) for name, _ in named):
            return True
        if scale is not None or not (within or any(self.is_optional(name) for name, _ in named)):
            return False
        added = combining.aggregate in (Aggregation.SUM, Aggregation.WEIGHTED_SUM)
        return added or within or len({part.most for _, part in named}) > 1

    def _groups_inside(self, id: str | None) -> list[str]:
        """Return the groups that a group, or the root, takes if they have a maximum."""
        # `named_parts` leaves out a part whose maximum is 0 here. Where that maximum varies, it may be taken.
        groups = (part for part in self._inside(id)[0] if isinstance(part, Group))
        return [str(group.id) for group in groups if group.aggregate is not Aggregation.NONE]

    def _counts_as_zero(self, id: str) -> bool:
        zero = self.structure.places[id].not_assessed is NotAssessed.ZERO and self._may_lack_assessment(id)
        return zero or (self.structure.groups[id].empty is not None and self._may_be_empty(id))

    def unknown(self, id: str | None) -> str | None:
        """Return why no bounds of a group, or of the root, are known, because of what may be assessed; None if any."""
        combining, scale = self._combining(id)
        if self.assessment is None or combining.aggregate is Aggregation.NONE:
            return None
        name = "the total" if id is None else id
        if self._taken(id) is None:
            return f"the {combining.aggregate.value} of {name} depends on which of its parts further facts assess"
        needs_most = combining.of is Taken.SHARES or scale is not None
        moving = next((part for part in self._groups_inside(id) if needs_most and self.varies(part)), None)
        return None if moving is None else f"the maximum of {moving} depends on which of its parts further facts assess"

    def points_of(self, id: str) -> Decimal:
        """Return the points of a criterion; of one that may be left out 0, if that is beyond its bound."""
        points = self.criterion(id).points
        if not self.is_left_out(id) and id not in self.vanishing:
            return points
        return max(points, ZERO) if self.is_high else min(points, ZERO)
