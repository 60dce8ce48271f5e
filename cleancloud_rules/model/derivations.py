"""Facts computed from other facts, and the formulas that compute them."""

from datetime import date
from decimal import Decimal
from enum import Enum
from math import ceil, floor
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import Condition, UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.values import FieldType, Interval


class Operator(Enum):
    """The four operations of a formula."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


@frozen
class Operand:
    """In a formula: the value of a field of one of the joined facts.

    Args:
        input: the name that the derivation gives the fact.
        field: the name of the field.
    """

    input: str
    field: str


@frozen
class Operation:
    """In a formula: an operation on two operands.

    Args:
        operator: the operation.
        left: the first operand.
        right: the second operand.
    """

    operator: Operator
    left: "Formula"
    right: "Formula"


Formula = Decimal | Operand | Operation
"""A number, a field of a fact, or an operation on two formulas."""


@frozen
class Assignment:
    """One field that a derivation sets, to a literal in the type of the field or to a formula.

    Args:
        field: the name of the field.
        value: the literal or the formula.
        text: what the file says.
        is_formula: whether `value` is a formula.
    """

    field: str
    value: "Formula | str | bool | int | date | frozenset[str]"
    text: str
    is_formula: bool


@frozen
class Derivation:
    """A rule that computes facts from joined facts.

    Args:
        id: unique within the vocabulary.
        fact: the fact type that it computes.
        inputs: names and the condition that each joined fact passes, in the order of the file.
        join: fields (or `period`, `entity`) that are present and equal in all joined facts.
        assignments: the fields that it sets.
        digits: the decimal places to which the result of a formula is rounded; None for those of its field.
        mode: the rounding mode.
        valid: the test that every computed value must pass; None for no limit.
    """

    id: str
    fact: str
    inputs: tuple[tuple[str, Condition], ...]
    join: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    digits: int | None = None
    mode: RoundingMode = RoundingMode.HALF_UP
    valid: UnaryTest | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    def limits(self, target: Field) -> tuple[UnaryTest, ...]:
        """Return the tests that a computed value of a field must pass: that of the derivation and that of the field."""
        own = () if self.valid is None else (_typed(self.valid, target),)
        return own if target.valid is None else (*own, target.valid)


def _typed(test: UnaryTest, target: Field) -> UnaryTest:
    """Return a test with its ends in the type of a field.

    One test may limit whole numbers and decimals. Whole numbers have neighbours: more than 0 is at least 1. So a test
    on decimals is read with the ends as they were written.
    """
    of_type = _of_whole_numbers if target.type is FieldType.INTEGER else _of_decimals
    alternatives = tuple(of_type(a) if isinstance(a, Interval) else a for a in test.alternatives)
    return evolve(test, alternatives=alternatives)


def _of_decimals(interval: Interval) -> Interval:
    written = interval.written
    low: Any = written.low
    high: Any = written.high
    first, last = (None if low is None else Decimal(low)), (None if high is None else Decimal(high))
    return Interval(first, last, written.low_open, written.high_open)


def _of_whole_numbers(interval: Interval) -> Interval:
    """Return the whole numbers in an interval. An end that is no whole number gives way to the next one inside."""
    low: Any = interval.low
    high: Any = interval.high
    first, last = (None if low is None else ceil(low)), (None if high is None else floor(high))
    return Interval(first, last, interval.low_open and first == low, interval.high_open and last == high)
