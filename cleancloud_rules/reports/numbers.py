"""Numbers as documents and pages show them."""

from decimal import Decimal
from fractions import Fraction
from math import floor

from cleancloud_rules.model.exact import shifted

MINUS = "\N{MINUS SIGN}"


def rounded(value: Fraction, digits: int) -> Decimal:
    """Return a number with so many decimal places, half away from zero."""
    scaled = floor(abs(value) * 10**digits + Fraction(1, 2))
    return shifted(-scaled if value < 0 else scaled, digits)


def digits_of(value: Decimal) -> int:
    """Return the number of decimal places of a number."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def signed(value: Decimal) -> str:
    """Return a number with its sign, such as +5.33."""
    return f"+{value:f}" if value > 0 else number_text(value)


def number_text(value: Decimal) -> str:
    """Return a number with all its digits and without an exponent."""
    return f"{value:f}".replace("-", MINUS)
