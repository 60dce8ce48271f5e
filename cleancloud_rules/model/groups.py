"""How groups combine their parts: aggregation, requirements, caps, bands, levels and decision tables."""

from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import ceil

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import UnaryTest, When
from cleancloud_rules.model.exact import plain
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.values import Id

NOT_APPLICABLE = "not_applicable"
"""The name of the rule that makes a criterion or a group not applicable. No rule in a file can have it."""


ASSESSED = "(assessed)"
"""The name of the rule that holds if a criterion is assessed. No rule in a file can have it."""


class Aggregation(Enum):
    """The formula that combines the values of a group's parts."""

    SUM = "sum"
    WEIGHTED_SUM = "weighted sum"
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted mean"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    NONE = "none"

    @property
    def is_weighted(self) -> bool:
        """Whether each part counts by its weight."""
        return self in (Aggregation.WEIGHTED_SUM, Aggregation.WEIGHTED_MEAN)


class Taken(Enum):
    """What is aggregated of each part: its value, or its value divided by its maximum."""

    POINTS = "points"
    SHARES = "shares"


class Parts(Enum):
    """Whether the scores of the groups inside a group are rounded before they are combined."""

    EXACT = "exact"
    ROUNDED = "rounded"


class BandsOf(Enum):
    """Which number bands and levels read: the score as printed, or the value without rounding of it or its parts."""

    SCORE = "score"
    EXACT = "exact"


class CountsAs(Enum):
    """How a criterion that does not apply is counted."""

    EXCLUDED = "excluded"
    FULL = "full"
    ZERO = "zero"


class NotAssessed(Enum):
    """How a criterion or a group that applies and is not assessed is counted."""

    EXCLUDED = "excluded"
    ZERO = "zero"


class Empty(Enum):
    """How a group in which nothing applies is counted, where it is not left out."""

    ZERO = "zero"


class RequirementWord(Enum):
    """How strongly a criterion is required."""

    MUST = "must"
    SHOULD = "should"
    SUGGESTED = "suggested"


@frozen
class Requirement:
    """A criterion or a group that must be met, or must have a minimum of points or score.

    Args:
        of: its id.
        at_least: the minimum points of the criterion or score of the group; None if it must be met. A criterion is met
            at its `met_at`, a group if all its criteria are met.
    """

    of: Id
    at_least: Decimal | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    def __str__(self) -> str:
        return self.of if self.at_least is None else f"{self.of} at least {plain(self.at_least):f}"


@frozen
class NotApplicable:
    """When a criterion or a group does not apply to a company.

    Args:
        cohorts: the cohorts to whose companies it does not apply.
        when: the condition under which it does not apply, or None.
        counts_as: how it is counted then; None for the methodology's default.
    """

    cohorts: tuple[Id, ...] = ()
    when: When | None = None
    counts_as: CountsAs | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class CoverageLine:
    """How many parts must be assessed for a group to have a result.

    Args:
        at_least: the minimum: a number of parts or, if it is a share, a percentage of those that apply.
        is_share: whether it is a percentage.
        of: ids of the parts that are counted; None for all of them.
        of_criteria: whether all criteria inside the group are counted in place of its parts.
    """

    at_least: Decimal
    is_share: bool = False
    of: tuple[Id, ...] | None = None
    of_criteria: bool = False
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    def needed(self, applying: int) -> int:
        """Return how many parts must be assessed if so many of those that are counted apply."""
        return ceil(Fraction(self.at_least) * applying / 100) if self.is_share else int(self.at_least)


@frozen
class Cap:
    """An upper limit on the value of a group, if a requirement is met or unless it is. One of the two is given.

    Args:
        at_most: the maximum that the value may have, in points.
        given: the requirement under which the cap applies; `if` in a file.
        unless: the requirement that lifts the cap.
    """

    at_most: Decimal
    given: Requirement | None = field(default=None, metadata={"key": "if"})
    unless: Requirement | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class Band:
    """A range of scores with a label.

    Args:
        score: the test that a score in the band passes.
        label: the label.
        value: the number that the group above takes in place of the score; None for the score itself.
    """

    score: UnaryTest
    label: str
    value: Decimal | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class Level:
    """A step of a ladder. It is reached if everything that it and the levels below ask for is met.

    Args:
        id: the id that criteria name under `level`.
        title: what a reader sees.
        requires: the requirements besides the criteria of the level.
        at_least: the minimum score of the group; None for any.
        value: the number that the group above takes in place of the group's value; None for the value itself.
    """

    id: Id
    title: str
    requires: tuple[Requirement, ...] = ()
    at_least: Decimal | None = None
    value: Decimal | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class ScoreRounding:
    """How the score of one group is rounded, if that differs from the methodology's rounding.

    Args:
        digits: decimal places; None for those of the methodology.
        mode: what happens to a digit that is dropped; None for the mode of the methodology.
    """

    digits: int | None = None
    mode: RoundingMode | None = None


@frozen(kw_only=True)
class Combining:
    """How a group or the root combines its parts.

    The value is the aggregate of the parts, scaled to `scale` and limited by `at_least`, `at_most` and `caps`.
    The score is the rounded value.

    Args:
        aggregate: the formula that combines the values of the parts.
        of: what is aggregated of each part.
        base: the number with which a sum begins, from which penalties are taken.
        scale: the value of a group that has its maximum; None for the aggregate of the maxima of its parts.
        at_least: the lower limit of the value.
        at_most: the upper limit of the value.
        caps: upper limits that depend on other criteria or groups.
        tiers: ids of parts in order; after the first that is not complete the rest are gated.
        bands: labels for ranges of scores, the best first.
        bands_of: which number the bands and the levels read.
        levels: the ladder, the lowest level first.
        top_level: the level for meeting every criterion.
        needs: the requirement word of the mandatory criteria. Unless they are met, score, label and level are withheld.
        monotone: whether better evidence must never lower the result; False declares an exception.
        rationale: why it may.
        coverage: how many parts must be assessed. Unless they are, there is no score, label or level.
        empty: how it is counted if nothing in it applies; None if it is left out.
    """

    aggregate: Aggregation = Aggregation.SUM
    of: Taken = Taken.POINTS
    base: Decimal = Decimal(0)
    scale: Decimal | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    caps: tuple[Cap, ...] = ()
    tiers: tuple[Id, ...] = ()
    bands: tuple[Band, ...] = ()
    bands_of: BandsOf = BandsOf.SCORE
    levels: tuple[Level, ...] = ()
    top_level: Level | None = None
    needs: RequirementWord | None = None
    monotone: bool = field(default=True, metadata={"later": True})
    rationale: str | None = field(default=None, metadata={"later": True})
    coverage: tuple[CoverageLine, ...] = field(default=(), metadata={"later": True})
    empty: Empty | None = field(default=None, metadata={"later": True})

    @property
    def reads_number(self) -> bool:
        """Whether its bands or its levels read a number."""
        return bool(self.bands) or any(level.at_least is not None for level in self.ladder)

    @property
    def ladder(self) -> tuple[Level, ...]:
        """The levels, the lowest first, with the level for meeting every criterion at the end."""
        return (*self.levels, *((self.top_level,) if self.top_level is not None else ()))


class TableHitPolicy(Enum):
    """Which output a decision table gives: that of the only row that can fit, of the first that fits, or of all."""

    UNIQUE = "unique"
    FIRST = "first"
    COLLECT = "collect"


class Reads(Enum):
    """What a decision table reads of a criterion, a group or another table."""

    LABEL = "label"
    LEVEL = "level"
    SCORE = "score"
    POINTS = "points"
    MET = "met"
    TABLE = "table"


@frozen
class TableInput:
    """An input of a decision table.

    Args:
        name: its name in rows.
        reads: what it reads.
        of: the id of a criterion, a group or an earlier table; None for the root.
        field: its type, for the tests on it.
    """

    name: str
    reads: Reads
    of: str | None
    field: Field


@frozen
class TableRow:
    """A row of a decision table: tests by input, and the output if all of them pass.

    Args:
        tests: the tests, each with the name of its input.
        then: the output.
    """

    tests: tuple[tuple[str, UnaryTest], ...]
    then: str
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class DecisionTable:
    """A decision table over labels and numbers.

    Args:
        id: unique within the methodology.
        title: what a reader sees.
        inputs: what it reads.
        hit_policy: which output it gives if several rows fit.
        outputs: the possible outputs, the best first.
        rows: in the order of the file.
        otherwise: the output if no row fits; None for no output.
    """

    id: str
    title: str
    inputs: tuple[TableInput, ...]
    hit_policy: TableHitPolicy
    outputs: tuple[str, ...]
    rows: tuple[TableRow, ...]
    otherwise: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)
