"""Facts computed from other facts, and the formulas that compute them."""

from datetime import date
from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import Condition, UnaryTest
from cleancloud_rules.model.rounding import RoundingMode


class Operator(Enum):
    """The four operations of a formula."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


@frozen
class Operand:
    """In a formula: the value of a field of one of the joined facts."""

    input: str
    field: str


@frozen
class Operation:
    """In a formula: an operation on two operands."""

    operator: Operator
    left: "Formula"
    right: "Formula"


Formula = Decimal | Operand | Operation
"""A number, a field of a fact, or an operation on two formulas."""


@frozen
class Assignment:
    """One field that a derivation sets, to a literal in the type of the field or to a formula."""

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
