"""Exact fractions to decimals of declared digits, and both in words."""

from decimal import Decimal
from fractions import Fraction

from cleancloud_rules.model.rounding import RoundingMode


def rounded(exact: Fraction, digits: int, mode: RoundingMode) -> Decimal:
    """Return an exact fraction rounded to `digits` decimal places; halves leave zero under `half_up`."""
    scaled = exact * 10**digits
    low = scaled.numerator // scaled.denominator
    rest = scaled - low
    match mode:
        case RoundingMode.FLOOR:
            up = False
        case RoundingMode.CEILING:
            up = rest > 0
        case RoundingMode.HALF_EVEN:
            up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1)
        case _:
            up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low >= 0)
    whole = low + 1 if up else low
    return Decimal(whole).scaleb(-digits) if whole else Decimal((0, (0,), -digits))


ROUNDED = {
    RoundingMode.HALF_UP: "rounded half up",
    RoundingMode.HALF_EVEN: "rounded half to even",
    RoundingMode.FLOOR: "rounded down",
    RoundingMode.CEILING: "rounded up",
}
"""How each mode is said."""


def rounding_in_words(exact: Fraction, result: Decimal, mode: RoundingMode) -> str:
    """Return an exact number and what it was rounded to, as the end of a sentence of arithmetic."""
    if exact == Fraction(result):
        return str(result)
    return f"{short(exact)}, {ROUNDED[mode]} to {result}"


def short(number: Decimal | Fraction) -> str:
    """Return an exact number without needless zeros: as a decimal if it is one of few places, else as a fraction."""
    if isinstance(number, Fraction):
        places = number * 10**12
        if places.denominator != 1:
            return str(number)
        number = Decimal(places.numerator).scaleb(-12)
    return f"{number.normalize():f}" if number else "0"
