"""Formulas of derivations: their parser, and exact interval arithmetic over exact and bounded numbers."""

from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from attrs import frozen
from lark import Lark, Token
from lark.exceptions import UnexpectedInput, UnexpectedToken

from cleancloud_rules.diagnostics.collector import reject
from cleancloud_rules.documents.nodes import ScalarNode
from cleancloud_rules.language.values import not_too_long, number_in
from cleancloud_rules.model.derivations import Formula, Operand, Operation, Operator
from cleancloud_rules.model.values import Interval, Value

GRAMMAR = r"""
?sum: product | sum SIGN product -> operation
?product: factor | product TIMES factor -> operation
?factor: NUMBER -> number
       | NAME "." NAME -> reading
       | "(" sum ")"
SIGN: "+" | "-"
TIMES: "*" | "/"
NUMBER: /(0|[1-9][0-9]*)(\.[0-9]+)?(?![0-9_a-z])/
NAME: /[a-z][a-z0-9_]*/
%ignore /\s+/
"""
"""The four operations over ``input.field``, numbers and parentheses."""

MAX_OPERATIONS = 50
"""The maximum number of operations in a formula."""


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", start="sum")


def formula_of(node: ScalarNode) -> Formula:
    """Return the formula that a text describes.

    Raises:
        Rejected: with the location inside the text.
    """
    try:
        tree = _parser().parse(node.raw)
    except UnexpectedInput as error:
        start = min(max(error.pos_in_stream or 0, 0), max(len(node.raw) - 1, 0))  # type: ignore[redundant-expr]
        at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        if at_end:
            start = max(len(node.raw) - 1, 0)
        what = "it ends too early" if at_end else f"unexpected `{node.raw[start : start + 1]}`"
        message = f"bad formula `{node.raw}`: {what}"
        help = "a formula consists of `input.field`, numbers, `+ - * /` and parentheses"
        raise reject("bad-formula", message, node.span(start, start + 1), help) from None
    operations = sum(1 for _ in tree.find_data("operation"))
    if operations > MAX_OPERATIONS:
        message = f"the formula has {operations} operations; the maximum is {MAX_OPERATIONS}"
        raise reject("bad-formula", message, node.location, "compute a part of it in another derivation")
    return _formula(tree, node)


def _formula(tree: Any, node: ScalarNode) -> Formula:
    match tree.data:
        case "number":
            token = tree.children[0]
            where = node.span(token.start_pos, token.end_pos)
            return not_too_long(number_in(str(token), where), where)
        case "reading":
            return Operand(str(tree.children[0]), str(tree.children[1]))
        case _:
            left, sign, right = tree.children
            assert isinstance(sign, Token)
            return Operation(Operator(str(sign)), _formula(left, node), _formula(right, node))


def readings_of(formula: Formula) -> tuple[Operand, ...]:
    """Return every field that a formula reads, in the order of the text."""
    match formula:
        case Operand():
            return (formula,)
        case Operation(_, left, right):
            return (*readings_of(left), *readings_of(right))
        case _:
            return ()


@frozen
class Range:
    """An interval of rational numbers. An end of None is unbounded."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def at(cls, value: Fraction | Decimal | int) -> "Range":
        """Return the range that holds one number."""
        exact = Fraction(value)
        return cls(exact, exact)

    @property
    def is_point(self) -> bool:
        """Whether the range is a single number."""
        return self.low is not None and self.low == self.high


def range_of(value: Value | None) -> Range | None:
    """Return the numbers that a value allows; None if it is missing or no number."""
    if isinstance(value, Interval):
        low, high = (None if end is None else Fraction(end) for end in (value.low, value.high))  # type: ignore[arg-type]
        return Range(low, high, value.low_open, value.high_open)
    return Range.at(value) if isinstance(value, (int, Decimal)) else None


_End = tuple[Fraction | None, bool]
"""An end of a range: its number (None: infinite) and whether it is open."""


def compute(formula: Formula, read: Any) -> Range | None:
    """Return the range of values that a formula can take.

    Args:
        formula: the formula.
        read: a function from an `Operand` to the `Range` of its field.

    Returns:
        The range of results: the exact one if each input is read once, else one that contains it. None for a
        division by a range that contains zero.
    """
    # Interval arithmetic over exact fractions, with open and closed ends. The range of an operation is exact if its
    # operands are independent. If they read the same bounded field, it is too wide: `a.x - a.x` surrounds 0.
    match formula:
        case Decimal():
            return Range.at(formula)
        case Operand():
            found: Range = read(formula)
            return found
        case Operation(operator, left, right):
            first, second = compute(left, read), compute(right, read)
            if first is None or second is None:
                return None
            return _apply(operator, first, second)


def _apply(operator: Operator, a: Range, b: Range) -> Range | None:
    match operator:
        case Operator.ADD:
            return _sum(a, b)
        case Operator.SUBTRACT:
            return _sum(a, Range(_neg(b.high), _neg(b.low), b.high_open, b.low_open))
        case Operator.MULTIPLY:
            return _product(a, b)
        case _:
            inverse = _inverse(b)
            return None if inverse is None else _product(a, inverse)


def _neg(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def _sum(a: Range, b: Range) -> Range:
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return Range(
        low,
        high,
        low is not None and (a.low_open or b.low_open),
        high is not None and (a.high_open or b.high_open),
    )


def _inverse(b: Range) -> Range | None:
    """Return 1 / b; None if b contains zero."""
    # 1 / x falls on each side of zero, so the ends change places: an open end at 0 becomes infinite, an infinite end
    # an open end at 0.
    above = b.low is not None and (b.low > 0 or (b.low == 0 and b.low_open))
    below = b.high is not None and (b.high < 0 or (b.high == 0 and b.high_open))
    if not above and not below:
        return None
    if above:
        low: _End = (Fraction(0), True) if b.high is None else (1 / b.high, b.high_open)
        high: _End = (None, False) if b.low == 0 else (1 / _set(b.low), b.low_open)
    else:
        high = (Fraction(0), True) if b.low is None else (1 / b.low, b.low_open)
        low = (None, False) if b.high == 0 else (1 / _set(b.high), b.high_open)
    return Range(low[0], high[0], low[1], high[1])


def _set(value: Fraction | None) -> Fraction:
    assert value is not None
    return value


def _product(a: Range, b: Range) -> Range:
    """Return a * b."""
    # x * y is linear in x and in y, so its extremes lie at the corners: the products of an end of a and an end of b.
    # A corner with an infinite end is infinite, with the sign of its product; if its other end is 0, the products near
    # it go down to 0. A product of 0 is reached if one end is a closed 0, any other if both ends are closed.
    ends_a: list[tuple[_End, int]] = [((a.low, a.low_open), -1), ((a.high, a.high_open), 1)]
    ends_b: list[tuple[_End, int]] = [((b.low, b.low_open), -1), ((b.high, b.high_open), 1)]
    lows: list[tuple[Fraction, bool]] = []
    unbounded_low = unbounded_high = False
    for (x, x_open), x_side in ends_a:
        for (y, y_open), y_side in ends_b:
            if x is None or y is None:
                sign = _sign(x, x_side) * _sign(y, y_side)
                if sign == 0:
                    closed_zero = (x == 0 and not x_open) or (y == 0 and not y_open)
                    lows.append((Fraction(0), not closed_zero))
                unbounded_low = unbounded_low or sign < 0
                unbounded_high = unbounded_high or sign > 0
                continue
            product = x * y
            is_open = x_open or y_open
            if product == 0:
                is_open = not ((x == 0 and not x_open) or (y == 0 and not y_open))
            lows.append((product, is_open))
    low = None if unbounded_low else min(lows, key=lambda end: (end[0], end[1]))
    high = None if unbounded_high else max(lows, key=lambda end: (end[0], not end[1]))
    return Range(low and low[0], high and high[0], bool(low and low[1]), bool(high and high[1]))


def _sign(value: Fraction | None, side: int) -> int:
    if value is None:
        return side
    return (value > 0) - (value < 0)
