"""Rounding policies, and the exact arithmetic of rounding."""

from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache

from attrs import frozen

from cleancloud_rules.model.exact import plain, shifted, written


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
        mode: what happens to a digit that is dropped; `half_up` rounds halves away from zero.
        total: whether categories are rounded before they are added.
        points_digits: decimal places of points.
    """

    digits: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP
    total: TotalPolicy = TotalPolicy.SUM_OF_ROUNDED
    points_digits: int = 0


def rounded(exact: Fraction, digits: int, mode: RoundingMode, lean: int = 0) -> Decimal:
    """Return an exact fraction rounded to `digits` decimal places; halves leave zero under `half_up`.

    Args:
        exact: the fraction.
        digits: decimal places.
        mode: what happens to a digit that is dropped.
        lean: 1 for a number just above the fraction, -1 for one just below, closer than any difference that matters.
    """
    return in_places(rounded_units(exact.numerator, exact.denominator, digits, mode, lean), digits)


def rounded_units(numerator: int, denominator: int, digits: int, mode: RoundingMode, lean: int = 0) -> int:
    """Return a fraction rounded to `digits` decimal places, as a number of units of the last place; see `rounded`."""
    low: int
    low, rest = divmod(numerator * 10**digits, denominator)
    if rest == lean == 0:
        return low
    if lean < 0 and rest == 0:
        low, rest = low - 1, denominator  # just below a whole number lies just below one above the number before it
    half = 2 * rest - denominator  # below, at or above a half
    match mode:
        case RoundingMode.FLOOR:
            up = False
        case RoundingMode.CEILING:
            up = rest > 0 or lean > 0
        case RoundingMode.HALF_EVEN:
            up = half > 0 or (half == 0 and (lean > 0 or (lean == 0 and low % 2 == 1)))
        case _:
            up = half > 0 or (half == 0 and (lean > 0 or (lean == 0 and low >= 0)))
    return low + 1 if up else low


def in_places(units: int, digits: int) -> Decimal:
    """Return a number of units of the last of `digits` decimal places, written with all of them."""
    return shifted(units, digits) if units else Decimal((0, (0,), -digits))


@lru_cache(4096)
def in_few_places(units: int, digits: int) -> Decimal:
    """Return a number of units of the last of `digits` decimal places, written without needless zeros."""
    return plain(shifted(units, digits))


ROUNDED = {
    RoundingMode.HALF_UP: "rounded half up",
    RoundingMode.HALF_EVEN: "rounded half to even",
    RoundingMode.FLOOR: "rounded down",
    RoundingMode.CEILING: "rounded up",
}
"""The modes in words."""


def rounding_in_words(exact: Fraction, result: Decimal, mode: RoundingMode) -> str:
    """Return an exact number and its rounded value, as the end of a sentence of arithmetic."""
    if exact.as_integer_ratio() == result.as_integer_ratio():  # both are reduced
        return written(result)
    return f"{short(exact)}, {ROUNDED[mode]} to {written(result)}"


SHORT = 10**12
"""The steps of 1 that are shown as a decimal; numbers between them are shown as fractions."""


def short(number: Decimal | Fraction) -> str:
    """Return an exact number without needless zeros: as a decimal if it has few places, else as a fraction."""
    if not isinstance(number, Decimal):
        steps, rest = divmod(SHORT, number.denominator)
        if rest:
            return str(number)
        number = shifted(number.numerator * steps, 12)
    if not number:
        return "0"
    text = written(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
