"""Evaluates the score tree: all weighting, averaging, capping and rounding of groups is here."""

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial

from attrs import evolve, frozen

from cleancloud_rules.model.exact import ZERO, total
from cleancloud_rules.model.groups import (
    Aggregation,
    BandsOf,
    Combining,
    CountsAs,
    Level,
    NotAssessed,
    Parts,
    Requirement,
    Taken,
)
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.rounding import Rounding, TotalPolicy, short
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.scoring.aggregation import Part, Step, best_of, combined, lies_in, part_of, part_of_criterion
from cleancloud_rules.scoring.coverage import coverage_of
from cleancloud_rules.scoring.states import (
    CriterionState,
    GroupState,
    PartResult,
    as_nothing,
    as_scored,
    exempted,
    passed_on,
    unmet_of,
    valued,
    without_number,
    words_of,
)


class Combination:
    """The score tree, evaluated for one company.

    Args:
        structure: the tree.
        points: the points of each criterion by id; a criterion that is missing has none.
        exempt: ids of the criteria and groups that do not apply because of a fact.
        cohort: the company's cohort.
        assessed: ids of the criteria that are assessed; None for all of them.

    Attributes:
        opposite: the combination that says whether something that costs points applies; None for this one. Of two
            bounds each is the opposite of the other.
    """

    # Depth-first evaluation with memoisation: a state may need others anywhere in the tree, through gates, tiers, caps
    # and levels, and each is evaluated once. The recursion ends because `checking.references` rejects requirements that
    # depend on themselves.

    def __init__(
        self,
        structure: ScoreTree,
        points: Mapping[str, Decimal],
        exempt: Collection[str],
        cohort: str | None,
        assessed: Collection[str] | None = None,
    ) -> None:
        self.structure = structure
        self._points = points
        self._exempt = exempt
        self._cohort = cohort
        self._assessed = assessed
        self._criteria: dict[str, CriterionState] = {}
        self._groups: dict[str, GroupState] = {}
        self._whole: GroupState | None = None
        self.opposite: Combination | None = None

    def criterion(self, id: str) -> CriterionState:
        """Return what a criterion contributes."""
        if id not in self._criteria:
            self._criteria[id] = self._criterion(self.structure.criteria[id])
        return self._criteria[id]

    def group(self, id: str) -> GroupState:
        """Return the result of a group."""
        if id not in self._groups:
            group = self.structure.groups[id]
            parts: tuple[Criterion | Group, ...] = (*group.criteria, *group.groups)
            rounding = self.structure.methodology.rounding_of(group)
            scale = self.structure.scale_of(id)
            self._groups[id] = self._state(_Owner(group, id, parts, group.every_criterion, scale, rounding))
        return self._groups[id]

    def whole(self) -> GroupState:
        """Return the result of the root."""
        if self._whole is None:
            methodology = self.structure.methodology
            rounding, combining = methodology.rounding, methodology.combining
            parts, criteria = methodology.categories, methodology.criteria
            self._whole = self._state(_Owner(combining, None, parts, criteria, combining.scale, rounding))
        return self._whole

    def parts(self, id: str | None, kept: Parts | None = None) -> tuple[Part, ...]:
        """Return what a group, or the root (None), takes of its parts; see `named_parts`."""
        return tuple(part for _, part in self.named_parts(id, kept))

    def named_parts(self, id: str | None, kept: Parts | None = None) -> tuple[tuple[str, Part], ...]:
        """Return what a group, or the root (None), takes of its parts, each with its id.

        Args:
            id: the id of the group.
            kept: whether the groups among the parts are rounded; None for what the methodology says.
        """
        methodology = self.structure.methodology
        kept = self._kept(id) if kept is None else kept
        if id is None:
            return tuple(self._groups_of(methodology.combining, methodology.categories, kept))
        group = self.structure.groups[id]
        return (*self._criteria_of(group), *self._groups_of(group, group.groups, kept))

    def _kept(self, id: str | None) -> Parts:
        if id is not None:
            return self.structure.groups[id].parts
        rounds = self.structure.methodology.rounding.total is TotalPolicy.SUM_OF_ROUNDED
        return Parts.ROUNDED if rounds else Parts.EXACT

    # Criteria

    def _criterion(self, criterion: Criterion) -> CriterionState:
        place, most = self.structure.places[criterion.id], criterion.max_points
        points = self._points.get(criterion.id, ZERO)
        if not place.is_plain:
            for owner in place.exempting:
                exemption = owner.not_applicable
                assert exemption is not None
                by_cohort = self._cohort in exemption.cohorts
                if by_cohort or owner.id in self._exempt:
                    methodology = self.structure.methodology
                    titles = dict(methodology.vocabulary.cohorts)
                    whom = f"the cohort {titles[self._cohort]}" if by_cohort and self._cohort else "the company"
                    counts_as = exemption.counts_as or methodology.not_applicable
                    return exempted(criterion, owner.id, whom, counts_as)
            if place.not_assessed is NotAssessed.EXCLUDED and not self.has_evidence(criterion.id):
                why = "it is not assessed: excluded"
                return CriterionState(ZERO, ZERO, False, Outcome.NOT_ASSESSED, why, False, CountsAs.EXCLUDED)
            # A gate before a penalty is antitone: a company that meets it loses points.
            gatekeeper = self if points >= 0 or self.opposite is None else self.opposite
            for requirement in place.gates:
                if not gatekeeper.meets(requirement):
                    return CriterionState(ZERO, most, False, Outcome.GATED, f"{requirement!s} is not met")
            for id in place.before:
                if not gatekeeper.is_complete(id):
                    return CriterionState(ZERO, most, False, Outcome.GATED, f"the earlier tier {id} is not complete")
        return CriterionState(points, most, is_met(criterion, points))

    def has_evidence(self, id: str) -> bool:
        """Whether a criterion is assessed, regardless of whether it applies."""
        return self._assessed is None or id in self._assessed

    def is_assessed(self, id: str) -> bool:
        """Whether a part is assessed: a criterion that applies, or a group with one in it and with its coverage."""
        criteria = (str(criterion.id) for criterion in self.structure.criteria_in(id))
        if not any(self.has_evidence(criterion) and self.applies(criterion) for criterion in criteria):
            return False
        return id in self.structure.criteria or self.group(id).outcome is not GroupOutcome.NOT_ASSESSED

    def is_complete(self, id: str) -> bool:
        """Whether a criterion, or every criterion of a group, is met or does not apply."""
        return all(self.criterion(criterion.id).met for criterion in self.structure.criteria_in(id))

    def meets(self, requirement: Requirement) -> bool:
        """Whether a requirement is met. Criteria and groups that do not apply satisfy every requirement."""
        least = requirement.at_least
        if least is None:
            return self.is_complete(requirement.of)
        if requirement.of in self.structure.criteria:
            state = self.criterion(requirement.of)
            if state.ruled_out is Outcome.NOT_ASSESSED:
                return False
            return state.ruled_out is Outcome.NOT_APPLICABLE or state.points >= least
        if not self.applies(requirement.of):
            return True
        group = self.group(requirement.of)
        return group.score is not None and group.score >= least

    def applies(self, id: str) -> bool:
        """Whether any criterion of a group applies, however those that do not apply are counted."""
        inside = self.structure.criteria_in(id)
        return any(self.criterion(criterion.id).ruled_out is not Outcome.NOT_APPLICABLE for criterion in inside)

    # Groups

    def _criteria_of(self, group: Group) -> Iterable[tuple[str, Part]]:
        for criterion in group.criteria:
            state = self.criterion(criterion.id)
            if state.is_part and (state.most > 0 or group.of is Taken.POINTS):
                yield criterion.id, part_of_criterion(group.of, state.points, state.most, criterion.weight)

    def _groups_of(self, combining: Combining, groups: Iterable[Group], parts: Parts) -> Iterable[tuple[str, Part]]:
        for group in groups:
            state = self.group(group.id)
            passed = state.rounded if parts is Parts.ROUNDED else state.exact
            if passed is not None and (passed.most > 0 or combining.of is Taken.POINTS):
                yield group.id, part_of(combining.of, passed.value, passed.most, group.weight, passed.said)

    def _state(self, owner: "_Owner") -> GroupState:
        combining, criteria = owner.combining, owner.criteria
        states, parts = [self.criterion(criterion.id) for criterion in criteria], self.parts(owner.id)
        state = GroupState(
            GroupOutcome.UNSCORED,
            total(s.points for s in states),
            total(s.most for s in states),
            words=words_of(zip(criteria, states, strict=True)),
        )
        if not parts and not any(s.is_part or s.ruled_out is Outcome.NOT_ASSESSED for s in states):
            return self._empty(state, owner)
        # Most groups have no coverage, bands or levels, and each copy of a state takes longer than all else here.
        if combining.coverage:
            coverage = coverage_of(combining, owner.parts, criteria, self.applies, self.is_assessed)
            state = evolve(state, coverage=coverage)
        if combining.aggregate is not Aggregation.NONE:
            state = self._scored(state, owner, parts)
            if combining.reads_number:
                state = self._banded(evolve(state, marked=self._marked(state, owner)), combining)
        why = self._why_not_assessed(state, owner, nothing=not parts)
        if why is not None:
            return self._not_assessed(valued(state, combining), owner, why)
        unmet = unmet_of(combining.needs, zip(criteria, states, strict=True))
        if combining.needs is not None and unmet:
            why = f"no result, because not every {combining.needs.value} is met: {', '.join(unmet)}"
            return evolve(
                without_number(valued(state, combining)), outcome=GroupOutcome.WITHHELD, value=None, most=None,
                score=None, marked=None, label=None, because=(why,), withheld_by=tuple(unmet),
            )  # fmt: skip
        return valued(self._levelled(state, combining, owner.id, criteria), combining)

    def _empty(self, state: GroupState, owner: "_Owner") -> GroupState:
        """Return the result of a group in which nothing applies: none, or 0 of what could be earned if all applied."""
        combining = owner.combining
        if combining.empty is None:
            return evolve(state, outcome=GroupOutcome.NOT_APPLICABLE, because=("nothing in it applies",))
        most = self._at_best((), None).of(owner.id).most
        state = evolve(state, because=("nothing in it applies, so it counts as 0",))
        if most is not None:
            state = as_scored(state, owner.rounding, [Step(lambda: "0", Fraction(0))], most)
            state = self._banded(evolve(state, marked=Fraction(0)), combining)
        lowest = combining.levels[0] if combining.levels else None
        asks = lowest is not None and (self.structure.ladders.get((owner.id, lowest.id)) or lowest.requires)
        if lowest is None or asks or self.missing(lowest, (), state.marked, combining.bands_of):
            return valued(state, combining)
        return valued(evolve(state, level=lowest), combining)

    def _why_not_assessed(self, state: GroupState, owner: "_Owner", *, nothing: bool) -> str | None:
        """Return why too little of a group is assessed for a result; None if enough is."""
        unmet = [str(covered) for covered in state.coverage if not covered.is_met]
        if unmet:
            return f"no score: {'; '.join(unmet)}"
        left_out = (
            self.criterion(part.id).ruled_out is Outcome.NOT_ASSESSED
            if isinstance(part, Criterion)
            else self.group(part.id).outcome is GroupOutcome.NOT_ASSESSED
            for part in owner.parts
        )
        return "no score: nothing in it is assessed" if nothing and any(left_out) else None

    def _not_assessed(self, state: GroupState, owner: "_Owner", why: str) -> GroupState:
        """Return a group without a result. It is left out, or counts as 0 of its maximum if all were assessed."""
        passed: tuple[PartResult | None, PartResult | None] = (None, None)
        if owner.id is not None and self.structure.places[owner.id].not_assessed is NotAssessed.ZERO:
            full = state if self._assessed is None else self._at_best(self._exempt, self._cohort).group(owner.id)
            passed = as_nothing(full.exact), as_nothing(full.rounded)
        return evolve(
            state, outcome=GroupOutcome.NOT_ASSESSED, value=None, most=None, score=None, marked=None,
            exact=passed[0], rounded=passed[1], label=None, steps=(), because=(why,),
        )  # fmt: skip

    def _at_best(self, exempt: Collection[str], cohort: str | None) -> "Combination":
        """Return the tree in which all is assessed and has its maximum, given what does not apply."""
        most = {str(criterion.id): criterion.max_points for criterion in self.structure.methodology.criteria}
        return Combination(self.structure, most, exempt, cohort)

    def of(self, id: str | None) -> GroupState:
        """Return the result of a group, or of the root (None)."""
        return self.whole() if id is None else self.group(id)

    def _scored(self, state: GroupState, owner: "_Owner", parts: tuple[Part, ...]) -> GroupState:
        if not parts:
            return state
        combining = owner.combining
        steps, most = self._limited(combining, parts, owner.scale)
        if steps is None:
            return evolve(state, because=("nothing that applies can earn points",))
        most = most if combining.at_least is None else max(most, Fraction(combining.at_least))
        most = most if combining.at_most is None else min(most, Fraction(combining.at_most))
        return as_scored(state, owner.rounding, steps, most)

    def _limited(
        self, combining: Combining, parts: tuple[Part, ...], scale: Decimal | None
    ) -> tuple[list[Step] | None, Fraction]:
        """Return the steps to the value of a group, with its limits, and its maximum before them."""
        steps, most = combined(combining, parts, scale)
        if steps is None:
            return None, most
        for limit, pick, text in self._limits(combining):
            before = steps[-1].value
            if pick(before, limit) != before:
                steps.append(Step(partial("{} {}".format, text, short(limit)), limit))
        return steps, most

    def _marked(self, state: GroupState, owner: "_Owner") -> Fraction | None:
        """Return the number that bands and levels read: the score, or the value without any rounding of its parts."""
        if state.score is None or owner.combining.bands_of is BandsOf.SCORE:
            return None if state.score is None else Fraction(state.score)
        if self._kept(owner.id) is Parts.EXACT:
            return state.value
        steps, _ = self._limited(owner.combining, self.parts(owner.id, Parts.EXACT), owner.scale)
        return None if steps is None else steps[-1].value

    def _limits(self, combining: Combining) -> Iterable[tuple[Fraction, Callable[[Fraction, Fraction], Fraction], str]]:
        if combining.at_least is not None:
            yield Fraction(combining.at_least), max, "at least"
        if combining.at_most is not None:
            yield Fraction(combining.at_most), min, "at most"
        gatekeeper = self if self.opposite is None else self.opposite
        for cap in combining.caps:
            if cap.given is not None and gatekeeper.meets(cap.given):
                yield Fraction(cap.at_most), min, f"as {cap.given!s} is met, at most"
            if cap.unless is not None and not self.meets(cap.unless):
                yield Fraction(cap.at_most), min, f"as {cap.unless!s} is not met, at most"

    def _banded(self, state: GroupState, combining: Combining) -> GroupState:
        number = state.marked
        if not combining.bands or number is None:
            return state
        band = next((b for b in combining.bands if lies_in(b.score, number)), None)
        if band is None:
            return evolve(state, because=(*state.because, f"no band holds {short(number)}"))
        why = f"{short(number)} is {band.label}: {band.score.text}"
        state = evolve(state, label=band.label, because=(*state.because, why))
        if band.value is None:
            return state
        passed = passed_on(Fraction(band.value), best_of(combining.bands))
        return evolve(state, exact=passed, rounded=passed)

    def _levelled(
        self, state: GroupState, combining: Combining, id: str | None, criteria: tuple[Criterion, ...]
    ) -> GroupState:
        asked = [(level, self.structure.ladders.get((id, level.id), ())) for level in combining.levels]
        asked += [] if combining.top_level is None else [(combining.top_level, criteria)]
        if not asked:
            return state
        reached: Level | None = None
        for level, own in asked:
            missing = self.missing(level, own, state.marked, combining.bands_of)
            if missing:
                why = f"{level.title} is not reached. Missing: {'; '.join(missing)}"
                return evolve(state, level=reached, because=(*state.because, why))
            reached = level
        return evolve(state, level=reached)

    def missing(self, level: Level, criteria: Iterable[Criterion], number: Fraction | None, read: BandsOf) -> list[str]:
        """Return what a level asks for and is missing: criteria that are not met, requirements, a score."""
        missing: list[str] = [criterion.title for criterion in criteria if not self.criterion(criterion.id).met]
        missing += [
            self.structure.in_words(requirement) for requirement in level.requires if not self.meets(requirement)
        ]
        if level.at_least is not None and (number is None or number < Fraction(level.at_least)):
            what = "a score" if read is BandsOf.SCORE else "an exact value"
            missing.append(f"{what} of {short(level.at_least)}")
        return missing


@frozen
class _Owner:
    """A group, or the root, with what is needed to evaluate it.

    Args:
        combining: how it combines its parts.
        id: its id; None for the root.
        parts: its parts.
        criteria: all criteria inside it.
        scale: its value at its maximum; None if it is not scaled.
        rounding: how its score is rounded.
    """

    combining: Combining
    id: str | None
    parts: tuple[Criterion | Group, ...]
    criteria: tuple[Criterion, ...]
    scale: Decimal | None
    rounding: Rounding


def is_met(criterion: Criterion, points: Decimal) -> bool:
    """Whether a criterion that counts is met by its points."""
    return points >= (criterion.max_points if criterion.met_at is None else criterion.met_at)
