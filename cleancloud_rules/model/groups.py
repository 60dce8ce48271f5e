"""How criteria come together: what a group takes of its parts, and what stands in the way of its score."""

from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import UnaryTest, When
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.values import Id

NOT_APPLICABLE = "not_applicable"
"""The name under which the engine fires what makes a criterion or a group not applicable; no rule is called so."""


class Aggregation(Enum):
    """What a group makes of the values of its parts."""

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
    """What is taken of each part: its value, or its value divided by the most that it can be."""

    POINTS = "points"
    SHARES = "shares"


class Parts(Enum):
    """Whether the scores of the groups inside a group are rounded before they are combined."""

    EXACT = "exact"
    ROUNDED = "rounded"


class BandsOf(Enum):
    """Which number bands read: the score as printed, or before it is rounded."""

    SCORE = "score"
    EXACT = "exact"


class CountsAs(Enum):
    """What is done with a criterion that does not apply."""

    EXCLUDED = "excluded"
    FULL = "full"
    ZERO = "zero"


class RequirementWord(Enum):
    """How strongly a criterion is required."""

    MUST = "must"
    SHOULD = "should"
    SUGGESTED = "suggested"


@frozen
class Requirement:
    """What another criterion or group must have come to.

    Args:
        of: its id.
        at_least: the points of the criterion, or the score of the group, that are enough; None where it must be met:
            a criterion by the points at which it is, a group by all its criteria.
    """

    of: Id
    at_least: Decimal | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    def __str__(self) -> str:
        return self.of if self.at_least is None else f"{self.of} at least {self.at_least.normalize():f}"


@frozen
class NotApplicable:
    """When a criterion or a group does not apply to a company.

    Args:
        cohorts: the cohorts whose companies it does not apply to.
        when: what makes it not apply; None for nothing.
        counts_as: what is done with it then; None for what the methodology says.
    """

    cohorts: tuple[Id, ...] = ()
    when: When | None = None
    counts_as: CountsAs | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class Cap:
    """A limit to the value of a group, if a requirement is met or unless it is. One of the two is given."""

    at_most: Decimal
    given: Requirement | None = field(default=None, metadata={"key": "if"})
    unless: Requirement | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class Band:
    """A range of scores, and what they are called.

    Args:
        score: the test that the score passes.
        label: its name.
        value: the number that stands for it in the group above; None for the score itself.
    """

    score: UnaryTest
    label: str
    value: Decimal | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class Level:
    """A step of a ladder: reached where everything that it and the levels below ask for is met.

    Args:
        id: the name that criteria give under `level`.
        title: what a reader sees.
        requires: what must be met beside the criteria of the level.
        at_least: the score that the group must have; None for any.
        value: the number that stands for it in the group above; None for the group's own value.
    """

    id: Id
    title: str
    requires: tuple[Requirement, ...] = ()
    at_least: Decimal | None = None
    value: Decimal | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class ScoreRounding:
    """How the score of one group is rounded, where it differs from the methodology's."""

    digits: int
    mode: RoundingMode = RoundingMode.HALF_UP


@frozen(kw_only=True)
class Combining:
    """How a group, or the whole, combines its parts.

    The value is what `aggregate` makes of the parts, brought to `scale`, held between `at_least` and `at_most`
    and by `caps`. The score is the value, rounded.

    Args:
        aggregate: what is made of the values of the parts.
        of: what is taken of each part.
        base: what a sum begins with, for penalties to be taken from.
        scale: the value of a group whose parts are all at their most; None for what they come to.
        at_least: the floor of the value.
        at_most: the cap of the value.
        caps: caps that depend on other criteria or groups.
        tiers: ids of the parts in order; after the first that is not complete the rest earn nothing.
        bands: names for ranges of scores, the best first.
        bands_of: which number they read.
        levels: the ladder, the lowest first.
        top_level: the mark for meeting every criterion.
        needs: the word of the criteria without which there is no score, label or level.
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

    @property
    def ladder(self) -> tuple[Level, ...]:
        """The levels, the lowest first, and the level for meeting every criterion."""
        return (*self.levels, *((self.top_level,) if self.top_level is not None else ()))


class TableHitPolicy(Enum):
    """What a decision table gives where several rows fit: only one may, the first does, or all do."""

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
        name: what rows call it.
        reads: what is read.
        of: the id of a criterion, a group or an earlier table; None for the whole.
        field: its type, against which tests on it are read.
    """

    name: str
    reads: Reads
    of: str | None
    field: Field


@frozen
class TableRow:
    """A row of a decision table: tests by input, and what holds where all pass."""

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
        hit_policy: what it gives where several rows fit.
        outputs: what it can give, the best first.
        rows: in the order of the file.
        otherwise: what it gives where no row fits; None for nothing.
    """

    id: str
    title: str
    inputs: tuple[TableInput, ...]
    hit_policy: TableHitPolicy
    outputs: tuple[str, ...]
    rows: tuple[TableRow, ...]
    otherwise: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)
