"""States of the score tree: what criteria and groups contribute to the group above them."""

from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.model.groups import CountsAs, Level, RequirementWord
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.rounding import short


@frozen
class CriterionState:
    """What a criterion contributes to its group.

    Args:
        points: its points after gates and exemptions.
        most: its maximum; 0 if it is excluded.
        met: whether it is met, or does not apply.
        ruled_out: `GATED` or `NOT_APPLICABLE`; None if it counts.
        why: why it is gated or does not apply, as a sentence.
        is_part: whether its group takes it into account.
        counts_as: how it counts where it does not apply; None where it applies.
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
        text: the value in words.
    """

    value: Fraction
    most: Fraction
    text: str


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
        exact: what the group above takes; None if there is nothing to take.
        rounded: the same if that group takes its parts rounded.
        arithmetic: the computation as a sentence.
        because: why it has no result, and its band and level, in sentences.
        label: the label of its band.
        level: the highest level reached.
        words: for each requirement word how many of its criteria are met, and how many apply.
    """

    outcome: GroupOutcome
    points: Decimal
    max_points: Decimal
    value: Fraction | None = None
    most: Fraction | None = None
    score: Decimal | None = None
    exact: PartResult | None = None
    rounded: PartResult | None = None
    arithmetic: str = ""
    because: tuple[str, ...] = ()
    label: str | None = None
    level: Level | None = None
    words: tuple[tuple[RequirementWord, int, int], ...] = ()


def passed_on(value: Fraction, most: Fraction) -> PartResult:
    """Return what a group contributes to the group above, with the value in words."""
    return PartResult(value, most, short(value))
