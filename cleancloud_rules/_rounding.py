"""Exact fractions to decimals of declared digits."""

from decimal import Decimal
from fractions import Fraction

from cleancloud_rules.methodology import RoundingMode


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
