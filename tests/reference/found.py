"""What the oracle finds."""

from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome


@frozen
class CriterionFound:
    """What a criterion came to.

    Args:
        outcome: what it came to.
        points: what it adds, once gates and exemptions are applied.
        fired: the facts of each rule that fired, by rule.
        earned: what each of these earns.
        kin: the facts that are about it.
    """

    outcome: Outcome
    points: Decimal
    fired: dict[str, frozenset[str]]
    earned: dict[str, Decimal]
    kin: frozenset[str]


@frozen(kw_only=True)
class GroupFound:
    """What a group, or the whole, came to.

    Args:
        outcome: whether it has a score.
        points: the points of its criteria together.
        max_points: the most that those which apply could earn.
        exact: the value; None without a score.
        score: the value, rounded.
        max_score: the most that the score can be.
        marked: what its bands and levels look at.
        label: the label of its band.
        level: the id of its level.
        words: for each requirement word how many criteria are met, and how many apply.
        passed_on: what the group above takes and the most that it could be, first exact and then rounded; None
            where there is nothing to take.
        most: the most that the value could be; None without a score.
        coverage: for each line of its coverage how many must be assessed, and how many are.
    """

    outcome: GroupOutcome
    points: Decimal
    max_points: Decimal
    exact: Fraction | None = None
    score: Decimal | None = None
    max_score: Decimal | None = None
    marked: Fraction | None = None
    label: str | None = None
    level: str | None = None
    words: dict[str, tuple[int, int]]
    passed_on: list[tuple[Fraction, Fraction]] | None = None
    most: Fraction | None = None
    coverage: list[tuple[int, int]] = field(factory=list)


@frozen
class Found:
    """What a company came to.

    Args:
        facts: stated and derived facts by id.
        counting: the ids of those that count.
        criteria: by id.
        groups: by id.
        whole: what all categories together came to.
        tables: what the decision tables gave, by id.
        assessed: the ids of the criteria that are assessed.
    """

    facts: dict[str, Fact]
    counting: frozenset[str]
    criteria: dict[str, CriterionFound]
    groups: dict[str, GroupFound]
    whole: GroupFound
    tables: dict[str, tuple[str, ...]]
    assessed: frozenset[str] = frozenset()
