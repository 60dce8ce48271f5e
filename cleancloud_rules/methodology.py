"""A scoring methodology: what can be stated, what is asked, and how points become scores."""

from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import TypeVar

from attrs import field, frozen

from cleancloud_rules.conditions import Condition, UnaryTest, When
from cleancloud_rules.documents import Mapping
from cleancloud_rules.facts import Evidence, FactType
from cleancloud_rules.units import Units
from cleancloud_rules.values import Id, Name


class PointsBasis(Enum):
    """Whose the points are: the publisher's of the methodology, or this project's."""

    PUBLISHED = "published"
    PROJECT = "project"


class HitPolicy(Enum):
    """How the points of several fired rules become the points of a criterion (DMN's hit policies)."""

    COLLECT_MAX = "collect max"
    COLLECT_SUM = "collect sum"
    FIRST = "first"


class RoundingMode(Enum):
    """What happens to a digit that is dropped."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    FLOOR = "floor"
    CEILING = "ceiling"


class TotalPolicy(Enum):
    """Whether category scores are rounded before they are added, or only their sum is."""

    SUM_OF_ROUNDED = "sum_of_rounded"
    ROUNDED_SUM = "rounded_sum"


@frozen
class Rounding:
    """How scores are rounded.

    Args:
        digits: decimal places of category scores and of the total.
        mode: what happens to a digit that is dropped; halves go away from zero in `half_up`.
        total: whether categories are rounded before they are added.
        points_digits: decimal places of points.
    """

    digits: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP
    total: TotalPolicy = TotalPolicy.SUM_OF_ROUNDED
    points_digits: int = 0


@frozen
class Window:
    """The days in which a fact counts, both included. A missing end is unbounded."""

    start: date | None = field(default=None, metadata={"key": "from"})
    end: date | None = field(default=None, metadata={"key": "to"})


@frozen
class Reference:
    """Where the publisher states a criterion."""

    source: Evidence
    section: str | None = None


@frozen
class Remedy:
    """What a company can do about missing points.

    Args:
        text: the advice.
        recommendation: the id of one of the methodology's recommendations, or None.
    """

    text: str
    recommendation: Name | None = None


@frozen
class Rule:
    """One way to earn points.

    Args:
        id: unique within the criterion.
        points: what it earns.
        when: what must hold.
        because: the sentence for a company that earns them; ``{type.field}`` stands for a value.
        basis: whose the condition is, where it goes beyond the publisher's words; else None.
        rationale: why it does.
    """

    id: Id
    points: Decimal
    when: When
    because: str
    basis: PointsBasis | None = None
    rationale: str | None = None
    node: Mapping | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class Criterion:
    """One question that a methodology asks.

    Args:
        id: unique within the methodology.
        title: what a reader sees.
        horizon: the id of the window that all its fact types share.
        max_points: the most that it can earn.
        hit_policy: how the points of several rules become its points.
        rules: in the order of the file under `first`, else by points, highest first, then by id.
        otherwise: the sentence for a company that earns nothing.
        at_most: the cap of a sum; None where none was declared.
        points_basis: whose the points are.
        basis: whose the criterion is, where it goes beyond the publisher's words; else None.
        rationale: why it does.
        guidance: what counts as evidence.
        reference: where the publisher states it.
        remedy: what a company can do about missing points.
        monotone: whether better evidence must never cost points; False declares an exception, and `rationale` says why.
    """

    id: Id
    title: str
    horizon: Id
    max_points: Decimal
    hit_policy: HitPolicy
    rules: tuple[Rule, ...]
    otherwise: str
    at_most: Decimal | None = None
    points_basis: PointsBasis = PointsBasis.PROJECT
    basis: PointsBasis | None = None
    rationale: str | None = None
    guidance: str | None = None
    reference: Reference | None = None
    remedy: Remedy | None = None
    monotone: bool = True
    node: Mapping | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class Category:
    """A weighted group of criteria.

    Args:
        id: unique within the methodology.
        title: what a reader sees.
        weight: the most that the category adds to the total.
        criteria: sorted by id.
    """

    id: Id
    title: str
    weight: Decimal
    criteria: tuple[Criterion, ...] = ()
    node: Mapping | None = field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def max_points(self) -> Decimal:
        """The most points that its criteria can earn together."""
        return sum((criterion.max_points for criterion in self.criteria), Decimal(0))


@frozen
class Implication:
    """What cannot be true alone: where a fact passes `given`, some fact passes `then`."""

    given: Condition
    then: Condition


class Operator(Enum):
    """The four operations of a formula."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


@frozen
class Reading:
    """In a formula, the value of a field of one of the joined facts."""

    input: str
    field: str


@frozen
class Operation:
    """In a formula, an operation on two parts."""

    operator: Operator
    left: "Formula"
    right: "Formula"


Formula = Decimal | Reading | Operation


@frozen
class Assignment:
    """One field that a derivation sets, to a literal in the type of the field or to a formula."""

    field: str
    value: "Formula | str | bool | int | date | frozenset[str]"
    text: str
    is_formula: bool


@frozen
class Derivation:
    """A fact computed from joined facts.

    Args:
        id: unique within the vocabulary.
        fact: the fact type that it makes.
        inputs: names and the condition that each joined fact passes, in the order of the file.
        join: fields (or `period`, `entity`) that are present and equal in all joined facts.
        assignments: the fields that it sets.
        digits: decimal places to which a formula is rounded.
        mode: how.
        valid: the test that every computed value must pass; None for no limit.
    """

    id: str
    fact: str
    inputs: tuple[tuple[str, Condition], ...]
    join: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    digits: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP
    valid: UnaryTest | None = None
    node: Mapping | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class Vocabulary:
    """What can be stated about a company.

    Args:
        fact_types: sorted by id.
        implications: what cannot be true alone.
        derivations: in the order of the file; a later one may read what an earlier one made.
        source_types: the types that a source may have.
        units: the units of quantities.
        cohorts: ids and titles of the cohorts, in the order of the file.
    """

    fact_types: tuple[FactType, ...]
    implications: tuple[Implication, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    source_types: tuple[str, ...] = ()
    cohorts: tuple[tuple[str, str], ...] = ()
    units: Units = field(factory=Units)

    @cached_property
    def by_id(self) -> dict[str, FactType]:
        """The fact types by id."""
        return {fact_type.id: fact_type for fact_type in self.fact_types}


@frozen
class Notice:
    """A sentence that every output carries.

    Args:
        code: a stable word.
        text: the sentence; ``{company}`` stands for the company's name.
        hypothetical: whether it is shown only where hypothetical facts are read.
    """

    code: Id
    text: str
    hypothetical: bool = False


@frozen
class Methodology:
    """A methodology, complete and checked.

    Args:
        id: the name in files.
        title: what a reader sees.
        edition: which edition it is.
        publisher: who published it.
        vocabulary: what can be stated.
        categories: in the order of the file.
        windows: ids of horizons and their windows.
        accepted_sources: the source types whose facts count.
        rounding: how points become scores.
        points_basis: whose the points are.
        notices: what every output says.
        recommendations: ids and texts of the publisher's recommendations.
        bibliography: sources that criteria refer to, and that every company may cite.
        sha256: digest of the canonical form of all this.
    """

    id: str
    title: str
    edition: str
    publisher: str
    vocabulary: Vocabulary
    categories: tuple[Category, ...]
    windows: tuple[tuple[str, Window], ...]
    accepted_sources: tuple[str, ...]
    rounding: Rounding = field(factory=Rounding)
    points_basis: PointsBasis = PointsBasis.PROJECT
    notices: tuple[Notice, ...] = ()
    recommendations: tuple[tuple[str, str], ...] = ()
    bibliography: tuple[Evidence, ...] = ()
    sha256: str = ""
    node: Mapping | None = field(default=None, eq=False, repr=False, kw_only=True)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, category by category."""
        return tuple(criterion for category in self.categories for criterion in category.criteria)

    def category(self, id: str) -> Category:
        """Return the category called `id`; KeyError if there is none."""
        return _named(self.categories, id)

    def criterion(self, id: str) -> Criterion:
        """Return the criterion called `id`; KeyError if there is none."""
        return _named(self.criteria, id)


_Named = TypeVar("_Named", Category, Criterion)


def _named(things: tuple[_Named, ...], id: str) -> _Named:
    for thing in things:
        if thing.id == id:
            return thing
    raise KeyError(id)
