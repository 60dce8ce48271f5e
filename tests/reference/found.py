"""What the oracle finds."""

from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.facts import Fact
from cleancloud_rules.firings import Outcome


@frozen
class CriterionFound:
    """What a criterion came to: its outcome, its points, and the facts of each rule that fired, by rule."""

    outcome: Outcome
    points: Decimal
    fired: dict[str, frozenset[str]]
    kin: frozenset[str]


@frozen
class CategoryFound:
    """What a category came to: points, exact score, rounded score."""

    points: Decimal
    exact: Fraction
    score: Decimal


@frozen
class Found:
    """What a company came to.

    Args:
        facts: stated and derived facts by id.
        counting: the ids of those that count.
        criteria: by id.
        categories: by id.
        total: as the methodology declares.
    """

    facts: dict[str, Fact]
    counting: frozenset[str]
    criteria: dict[str, CriterionFound]
    categories: dict[str, CategoryFound]
    total: Decimal
