"""The oracle's arithmetic of decimals: they become fractions, and fractions become decimals digit by digit."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction


def decimal(whole: int, places: int) -> Decimal:
    """Return whole / 10^places with that many decimal places."""
    return Decimal((int(whole < 0), tuple(map(int, str(abs(whole)))), -places))


def total(numbers: Iterable[Decimal]) -> Decimal:
    """Return the sum of decimals."""
    numbers = tuple(numbers)
    places = max((len(f"{number:f}".partition(".")[2]) for number in numbers), default=0)
    return decimal(int(sum(map(Fraction, numbers), Fraction(0)) * 10**places), places)


def without_zeros(number: Decimal) -> Decimal:
    """Return a decimal without the zeros that end its fraction."""
    text = f"{number:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def near(number: Fraction) -> Decimal:
    """Return a number with its decimal places from the 21st on left out."""
    return without_zeros(decimal(int(number * 10**20), 20))
