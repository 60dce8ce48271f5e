"""Exact arithmetic of the cross-check: rounding over whole numbers, and formulas over fractions and bounds.

It shares no code with the arithmetic that it checks.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import inf

from attrs import frozen

from cleancloud_rules.model.derivations import Formula, Operand, Operator
from cleancloud_rules.model.rounding import RoundingMode

End = Fraction | float
"""An end of a bound: an exact number, or plus or minus infinity."""


def round_to(number: Fraction, places: int, mode: RoundingMode) -> Fraction:
    """Return a number rounded to decimal places."""
    whole, rest = divmod(number.numerator * 10**places, number.denominator)
    twice = 2 * rest - number.denominator  # its sign says whether the dropped part is below, at or above one half
    match mode:
        case RoundingMode.FLOOR:
            up = False
        case RoundingMode.CEILING:
            up = rest > 0
        case RoundingMode.HALF_EVEN:
            up = twice > 0 or (twice == 0 and whole % 2 == 1)
        case RoundingMode.HALF_UP:
            up = twice > 0 or (twice == 0 and whole >= 0)
    return Fraction(whole + up, 10**places)


@frozen
class Span:
    """All numbers between two ends, each of which belongs to it or not."""

    low: End
    high: End
    has_low: bool = True
    has_high: bool = True

    @property
    def has_zero(self) -> bool:
        """Whether 0 is one of the numbers."""
        above = self.low < 0 or (self.low == 0 and self.has_low)
        return above and (self.high > 0 or (self.high == 0 and self.has_high))


def evaluate(formula: Formula, read: Callable[[Operand], Span]) -> Span:
    """Return the numbers that a formula can take. Each field that it reads is taken to vary alone.

    Raises:
        ZeroDivisionError: if a divisor may be 0.
    """
    if isinstance(formula, Decimal):
        return Span(Fraction(formula), Fraction(formula))
    if isinstance(formula, Operand):
        return read(formula)
    a, b = evaluate(formula.left, read), evaluate(formula.right, read)
    match formula.operator:
        case Operator.ADD:
            return Span(_plus(a.low, b.low), _plus(a.high, b.high), a.has_low and b.has_low, a.has_high and b.has_high)
        case Operator.SUBTRACT:
            low, high = _plus(a.low, -b.high), _plus(a.high, -b.low)
            return Span(low, high, a.has_low and b.has_high, a.has_high and b.has_low)
        case Operator.MULTIPLY:
            return _hull(a, b, _times)
        case Operator.DIVIDE:
            if b.has_zero:
                raise ZeroDivisionError
            return _hull(a, b, _over if b.low >= 0 else _over_negative)


def _hull(a: Span, b: Span, operation: Callable[[End, End], End | None]) -> Span:
    """Return the results of an operation that is monotone in each operand while the other stays the same."""
    # Such an operation has its extremes at the corners: an end of a with an end of b. A corner belongs to the results
    # if both ends do; and where the result is 0 because an end of a, or the other factor, is 0, if that end alone does.
    corners: list[tuple[End, bool]] = []
    for x, has_x in ((a.low, a.has_low), (a.high, a.has_high)):
        for y, has_y in ((b.low, b.has_low), (b.high, b.has_high)):
            result = operation(x, y)
            if result is None:
                continue
            is_zero = (x == 0 and has_x) or (operation is _times and y == 0 and has_y)
            corners.append((result, is_zero or (has_x and has_y and inf not in (abs(x), abs(y)))))
    low, high = min(result for result, _ in corners), max(result for result, _ in corners)
    return Span(low, high, (low, True) in corners, (high, True) in corners)


def _plus(x: End, y: End) -> End:
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return x + y
    return y if isinstance(x, Fraction) else x  # two infinite ends that are added have the same sign


def _times(x: End, y: End) -> End:
    if x == 0 or y == 0:
        return Fraction(0)
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return x * y
    return inf if (x > 0) is (y > 0) else -inf


def _over(x: End, y: End) -> End | None:
    """Return the limit of x / y for positive divisors; None if it may be any number between other corners."""
    if x == 0:
        return Fraction(0)
    if not isinstance(y, Fraction):
        return Fraction(0) if isinstance(x, Fraction) else None
    if y == 0 or not isinstance(x, Fraction):
        return inf if x > 0 else -inf
    return x / y


def _over_negative(x: End, y: End) -> End | None:
    return _over(-x, -y)
