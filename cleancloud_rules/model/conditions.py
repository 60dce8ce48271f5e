"""Unary tests, the conditions made of them, and combinations of conditions."""

from collections.abc import Iterable
from enum import Enum

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.values import Interval


class SetMode(Enum):
    """How a test reads a field that holds a set of names."""

    CONTAINS = "contains"
    ALL = "all"
    IS = "is"


@frozen
class Members:
    """A test on a set: it contains one of the names, contains all of them, or is exactly them.

    Args:
        mode: how the names are compared with the set.
        names: the names.
    """

    mode: SetMode
    names: frozenset[str]


@frozen
class Null:
    """The test that a field is missing."""


Alternative = Interval | Members | Null
"""One of the alternatives of a unary test."""


@frozen(cache_hash=True)
class UnaryTest:
    """A test on one field, in the sense of DMN's unary tests.

    A missing value passes only when `anything` is true, or when `Null` is among the alternatives
    and the test is not negated. A present value passes when it is accepted by one of the
    alternatives, or by none of them if the test is negated; a bounded value passes when *every* value
    inside its bound does. A field that was disclosed without a value at hand passes only
    `anything` and ``not(null)``.

    Args:
        text: the test in its canonical spelling.
        alternatives: what is accepted; one of them is enough.
        negated: whether the test is written ``not(...)``.
        anything: whether the test is ``-``, which everything passes.
    """

    text: str
    alternatives: tuple[Alternative, ...] = ()
    negated: bool = False
    anything: bool = False


reserved_fields: tuple[str, ...] = (
    "evidence.source_type",
    "evidence.published",
    "evidence.source",
    "basis",
    "period",
    "entity",
)
"""The fields of every fact, regardless of its type. A test on `period` reads the day on which it ends."""


@frozen
class FieldTest:
    """A unary test and the field that it reads: a field of the fact type, or a reserved field.

    Args:
        field: the name of the field.
        test: the test.
    """

    field: str
    test: UnaryTest


@frozen(cache_hash=True)
class Condition:
    """Tests on the fields of one fact type. The condition holds if some fact that counts passes all of them.

    Args:
        fact_type: the id of the fact type.
        tests: the tests, sorted by field.
        node: its node in the file.
    """

    fact_type: str
    tests: tuple[FieldTest, ...] = ()
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    def __str__(self) -> str:
        inside = ", ".join(f"{test.field}: {test.test.text}" for test in self.tests)
        return f"{self.fact_type}: {{{inside}}}"


@frozen
class AllOf:
    """Holds when every part holds.

    Args:
        parts: the conditions.
    """

    parts: tuple["When", ...]


@frozen
class AnyOf:
    """Holds when one of the parts holds.

    Args:
        parts: the conditions.
    """

    parts: tuple["When", ...]


@frozen
class NoneOf:
    """Holds when no part holds. The only form that tests for absence.

    Args:
        parts: the conditions.
    """

    parts: tuple["When", ...]


@frozen
class Count:
    """Holds when enough facts pass a condition.

    Without `distinct`, facts with different content are counted. With `distinct`, the different values of that
    field are counted: each member of a set, but no missing and no bounded value.

    Args:
        of: the condition that a counted fact passes.
        at_least: the minimum number, 1 or more.
        distinct: a field of the fact type, or None.
    """

    of: Condition
    at_least: int
    distinct: str | None = None


When = Condition | AllOf | AnyOf | NoneOf | Count
"""The condition of a rule: a condition on facts, or a combination of conditions."""


def conditions_of(when: When) -> tuple[Condition, ...]:
    """Return every condition inside `when`, in the order of the file, including those under `none`."""
    match when:
        case Condition():
            return (when,)
        case Count():
            return (when.of,)
        case _:
            return tuple(condition for part in when.parts for condition in conditions_of(part))


def fact_types_in(whens: Iterable[When]) -> frozenset[str]:
    """Return the fact types of all conditions in `whens`."""
    return frozenset(condition.fact_type for when in whens for condition in conditions_of(when))


def counts_values(when: When) -> bool:
    """Whether a condition counts the different values of a field."""
    match when:
        case Condition():
            return False
        case Count():
            return when.distinct is not None
        case _:
            return any(map(counts_values, when.parts))
