"""States of the score tree: what criteria and groups contribute to the group above them."""

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, frozen

from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.groups import ASSESSED, Combining, CountsAs, Level, RequirementWord
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.rounding import Rounding, in_few_places, rounded, rounded_units
from cleancloud_rules.scoring.aggregation import Said, Step, sentence
from cleancloud_rules.scoring.coverage import Covered


@frozen
class CriterionState:
    """What a criterion contributes to its group.

    Args:
        points: its points after gates and exemptions.
        most: its maximum; 0 if it is excluded.
        met: whether it is met, or does not apply.
        ruled_out: `GATED` or `NOT_APPLICABLE`, or `NOT_ASSESSED` if it is left out because of that; None if it counts.
        why: why it is ruled out, as a sentence.
        is_part: whether its group takes it into account.
        counts_as: how it counts where it does not apply or is left out; None where it counts by its points.
    """

    points: Decimal
    most: Decimal
    met: bool
    ruled_out: Outcome | None = None
    why: str | None = None
    is_part: bool = True
    counts_as: CountsAs | None = None


@frozen
class PartResult:
    """What a group contributes to the group above.

    Args:
        value: its value, or the number of its band or level.
        most: the maximum of `value`.
        said: the value in words, or the value itself.
    """

    value: Fraction
    most: Fraction
    said: Said


@frozen
class GroupState:
    """The result of a group, or of the root.

    Args:
        outcome: whether it has a score.
        points: the points of all its criteria together.
        max_points: their maximum.
        value: the exact value; None without a score.
        most: the maximum of `value`, regardless of conditional caps.
        score: the value, rounded.
        marked: the number that its bands and levels read; None without a score, or if they read no number.
        exact: what the group above takes; None if there is nothing to take.
        rounded: the same if that group takes its parts rounded.
        steps: the computation step by step; empty if there is none.
        rounding: how the result of the last step is rounded.
        because: why it has no result, and its band and level, in sentences.
        label: the label of its band.
        level: the highest level reached.
        words: for each requirement word how many of its criteria are met, and how many apply.
        coverage: how many of its parts are assessed, line by line.
        withheld_by: ids of the criteria that are not met and without which it has no result.
    """

    outcome: GroupOutcome
    points: Decimal
    max_points: Decimal
    value: Fraction | None = None
    most: Fraction | None = None
    score: Decimal | None = None
    marked: Fraction | None = None
    exact: PartResult | None = None
    rounded: PartResult | None = None
    steps: tuple[Step, ...] = ()
    rounding: Rounding | None = None
    because: tuple[str, ...] = ()
    label: str | None = None
    level: Level | None = None
    words: tuple[tuple[RequirementWord, int, int], ...] = ()
    coverage: tuple[Covered, ...] = ()
    withheld_by: tuple[str, ...] = ()

    @property
    def max_score(self) -> Decimal | None:
        """The maximum of the score, without trailing zeros; None without a score."""
        if self.most is None or self.rounding is None:
            return None
        units = rounded_units(*self.most.as_integer_ratio(), self.rounding.digits, self.rounding.mode)
        return in_few_places(units, self.rounding.digits)

    @property
    def arithmetic(self) -> str:
        """The computation as a sentence; empty if there is none."""
        if not self.steps or self.rounding is None:
            return ""
        rounding = self.rounding
        return sentence(self.steps, rounded(self.steps[-1].value, rounding.digits, rounding.mode), rounding.mode)


def passed_on(value: Fraction, most: Fraction) -> PartResult:
    """Return what a group contributes to the group above."""
    return PartResult(value, most, value)


def as_scored(state: GroupState, rounding: Rounding, steps: Iterable[Step], most: Fraction) -> GroupState:
    """Return a group with a score: the result of the last step, rounded."""
    steps = tuple(steps)
    value = steps[-1].value
    score, of = (rounded(number, rounding.digits, rounding.mode) for number in (value, most))
    return evolve(
        state, outcome=GroupOutcome.SCORED, value=value, most=most, score=score, exact=passed_on(value, most),
        rounded=PartResult(Fraction(score), Fraction(of), str(score)), steps=steps, rounding=rounding,
    )  # fmt: skip


def valued(state: GroupState, combining: Combining) -> GroupState:
    """Return a group that contributes the number of the level that it reached, if its levels have numbers."""
    numbers = [level.value for level in combining.ladder if level.value is not None]
    if not numbers:
        return state
    reached = state.level.value if state.level is not None and state.level.value is not None else ZERO
    passed = passed_on(Fraction(reached), Fraction(max(numbers)))
    return evolve(state, exact=passed, rounded=passed)


def without_number(state: GroupState) -> GroupState:
    """Return a group that contributes 0 with the same maximum."""
    return evolve(state, exact=as_nothing(state.exact), rounded=as_nothing(state.rounded))


def as_nothing(passed: PartResult | None) -> PartResult | None:
    """Return 0 with the same maximum."""
    return None if passed is None else PartResult(Fraction(0), passed.most, "0")


def exempted(criterion: Criterion, owner: str, whom: str, counts_as: CountsAs) -> CriterionState:
    """Return what a criterion contributes that does not apply."""
    what = "it does" if owner == criterion.id else f"the group {owner} does"
    most = ZERO if counts_as is CountsAs.EXCLUDED else criterion.max_points
    words = {
        CountsAs.EXCLUDED: "excluded",
        CountsAs.FULL: "counts as earned in full",
        CountsAs.ZERO: "counts as zero",
    }
    points = most if counts_as is CountsAs.FULL else ZERO
    why = f"{what} not apply to {whom}: {words[counts_as]}"
    is_part = counts_as is not CountsAs.EXCLUDED
    return CriterionState(points, most, True, Outcome.NOT_APPLICABLE, why, is_part, counts_as)


def words_of(
    criteria: Iterable[tuple[Criterion, CriterionState]],
) -> tuple[tuple[RequirementWord, int, int], ...]:
    """Return for each requirement word how many criteria with it are met, and how many apply."""
    found: dict[RequirementWord, list[bool]] = {}
    for criterion, state in criteria:
        if criterion.requirement is not None and state.ruled_out is not Outcome.NOT_APPLICABLE:
            found.setdefault(criterion.requirement, []).append(state.met)
    return tuple((word, sum(found[word]), len(found[word])) for word in RequirementWord if word in found)


def unmet_of(word: RequirementWord | None, criteria: Iterable[tuple[Criterion, CriterionState]]) -> list[str]:
    """Return the ids of the criteria with a requirement word that are not met."""
    return [criterion.id for criterion, state in criteria if criterion.requirement is word and not state.met]


def settled(
    ruled_out: Outcome | None, own: Outcome, *, is_excluded: bool, is_answered: bool, could_earn: Callable[[], bool]
) -> Outcome:
    """Return the outcome of a criterion.

    Args:
        ruled_out: why it does not count by its points; None if it does.
        own: the outcome that follows from its points.
        is_excluded: whether there are relevant facts, and none of them counts.
        is_answered: whether it is answered; see `is_answered`.
        could_earn: returns whether searches without result leave something to be earned.
    """
    if ruled_out is Outcome.NOT_ASSESSED and is_excluded:
        return Outcome.EXCLUDED
    if ruled_out is not None:
        return ruled_out
    if is_answered:
        return own
    if is_excluded:
        return Outcome.EXCLUDED
    return Outcome.NOT_ASSESSED if could_earn() else Outcome.NOT_FOUND


def is_answered(
    criterion: Criterion,
    fired: Collection[str],
    hits: Collection[str],
    points: Decimal,
    forgone: Decimal,
    *,
    relevant: bool,
) -> bool:
    """Whether a criterion is answered.

    Args:
        criterion: the criterion.
        fired: the ids of its rules that fired.
        hits: those of them that have points.
        points: the points that it earned.
        forgone: the points that it did not earn.
        relevant: whether a fact that counts is relevant to it.
    """
    if ASSESSED in fired if criterion.answered else relevant:
        return True
    # A rule that holds by absence answers a criterion as well, if it decides the points without any fact.
    return bool(hits) and (points != 0 or not forgone)
