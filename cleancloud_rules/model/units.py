"""Units of measurement and the exact factors between those of one dimension."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from attrs import frozen


@frozen
class Unit:
    """A unit.

    Args:
        id: as it is written, such as ``GWh`` or ``t CO2e``.
        dimension: what it measures; only units of one dimension can be converted.
        size: its size in the dimension's base unit.
    """

    id: str
    dimension: str
    size: Decimal


def _scale(dimension: str, *pairs: tuple[str, int]) -> list[Unit]:
    return [Unit(id, dimension, Decimal(10) ** exponent) for id, exponent in pairs]


BUILT_IN: tuple[Unit, ...] = (
    *_scale("energy", ("Wh", 0), ("kWh", 3), ("MWh", 6), ("GWh", 9), ("TWh", 12)),
    *_scale("coal equivalent", ("tce", 0), ("ktce", 3), ("Mtce", 6)),
    *_scale("emissions", ("kg CO2e", 0), ("t CO2e", 3), ("kt CO2e", 6), ("Mt CO2e", 9)),
    *_scale("mass", ("kg", 0), ("t", 3), ("kt", 6), ("Mt", 9)),
    *_scale("power", ("kW", 0), ("MW", 3), ("GW", 6)),
)
"""The units that every vocabulary has."""


@frozen
class Units:
    """The units of a vocabulary."""

    all: tuple[Unit, ...] = BUILT_IN

    def get(self, id: str) -> Unit | None:
        """Return the unit written `id`, or None."""
        return next((unit for unit in self.all if unit.id == id), None)

    def like(self, dimension: str) -> tuple[str, ...]:
        """Return the ids of the units of a dimension, smallest first."""
        same = sorted((u.size, u.id) for u in self.all if u.dimension == dimension)
        return tuple(id for _, id in same)

    def with_more(self, units: Iterable[Unit]) -> "Units":
        """Return these units and more."""
        return Units((*self.all, *units))


def convert(amount: Decimal, unit: Unit, to: Unit) -> Decimal | None:
    """Return `amount` in another unit of the same dimension; None if that has no finite decimal form."""
    exact = Fraction(amount) * Fraction(unit.size) / Fraction(to.size)
    return decimal_of(exact)


def decimal_of(exact: Fraction) -> Decimal | None:
    """Return a fraction as a decimal; None if the decimal does not terminate."""
    # It terminates if and only if the denominator of the reduced fraction has no prime factor but 2 and 5.
    rest, places = exact.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        places = max(places, count)
    if rest != 1:
        return None
    scaled = exact * 10**places
    return plain(Decimal(scaled.numerator).scaleb(-places))


def plain(number: Decimal) -> Decimal:
    """Return the decimal without trailing zeros and without exponent, so that equal numbers have the same text."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    if exponent > 0:
        return Decimal((sign, (*digits, *([0] * exponent)), 0))
    end = len(digits)
    while exponent < 0 and end > 1 and digits[end - 1] == 0:
        end -= 1
        exponent += 1
    if not any(digits):
        return Decimal(0)
    return Decimal((sign, digits[:end], exponent))
