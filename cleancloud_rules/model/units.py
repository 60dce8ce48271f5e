"""Units of measurement and the exact factors between those of one dimension."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.model.exact import decimal_of, shifted


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
    return [Unit(id, dimension, shifted(10**exponent, 0)) for id, exponent in pairs]


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
    """The units of a vocabulary.

    Args:
        all: the built-in units, and those that the vocabulary adds.
    """

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
