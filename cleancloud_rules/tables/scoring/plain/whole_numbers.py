"""Arithmetic of whole numbers in SQL, with proven bounds: nothing overflows, and nothing is a floating-point number."""

from collections.abc import Mapping, Sequence
from math import prod

from attrs import frozen

from cleancloud_rules.model.rounding import RoundingMode, rounded_units

MAX_NARROW = 2**62
"""Above the numbers that are kept in 64 bits."""

MAX_WIDE = 10**37
"""Above all numbers: Spark's decimals have 38 digits."""

MAX_TERMS = 32
"""How many terms stand in one pair of brackets: databases refuse expressions that are nested too deeply."""


class WideError(Exception):
    """A number may have more digits than the database computes with."""


@frozen
class Whole:
    """A whole number: its expression, and what it is at least and at most.

    Args:
        sql: the expression: a name, or in brackets if it has operators.
        low: the least number.
        high: the greatest number.

    Raises:
        WideError: if the bounds are not below `MAX_WIDE`.
    """

    sql: str
    low: int
    high: int

    def __attrs_post_init__(self) -> None:
        if max(-self.low, self.high) >= MAX_WIDE:
            raise WideError

    @property
    def is_wide(self) -> bool:
        """Whether the expression has 128 bits; otherwise it has 64."""
        return max(-self.low, self.high) >= MAX_NARROW

    @property
    def kind(self) -> str:
        """The type of a column with such numbers; see `backends.Columns`."""
        return "whole" if self.is_wide else "int"

    def named(self, column: str) -> "Whole":
        """Return the same number, read from a column of its kind."""
        return Whole(f"CAST({column} AS HUGEINT)" if self.is_wide else column, self.low, self.high)

    def plus(self, *others: "Whole") -> "Whole":
        """Return the sum."""
        terms = (self, *others)
        return _made(" + ", terms, sum(term.low for term in terms), sum(term.high for term in terms))

    def times(self, other: "Whole") -> "Whole":
        """Return the product."""
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return self if other.low == other.high == 1 else _made(" * ", (self, other), min(ends), max(ends))

    def over(self, divisor: int) -> "Whole":
        """Return the quotient, rounded down.

        Raises:
            WideError: if it may have more than 64 bits: Spark would give wrong ones.
        """
        # Databases cut what stands behind the point. So a multiple of the divisor makes the number positive.
        shift = -(min(self.low, 0) // divisor)
        raised = self.plus(constant(shift * divisor)) if shift else self
        quotient = Whole("", raised.low // divisor, raised.high // divisor)
        if quotient.is_wide:
            raise WideError
        sql = f"CAST({raised.sql} // {divisor} AS BIGINT)"
        return Whole(f"({sql} - {shift})" if shift else sql, quotient.low - shift, quotient.high - shift)


def constant(number: int) -> Whole:
    """Return a number."""
    found = Whole(str(number) if number >= 0 else f"({number})", number, number)
    return Whole(f"CAST({number} AS HUGEINT)", number, number) if found.is_wide else found


def total(terms: Sequence[Whole]) -> Whole:
    """Return the sum of any number of terms."""
    return terms[0].plus(*terms[1:]) if terms else constant(0)


def rounded(number: Whole, unit: int, digits: int, mode: RoundingMode) -> Whole:
    """Return a number over a unit, rounded to some decimal places, in units of the last of them.

    It is what `model.rounding.rounded_units` returns.

    Raises:
        WideError: if the database cannot compute it.
    """
    scaled = number.times(constant(10**digits))
    low, high = (rounded_units(end, unit, digits, mode) for end in (number.low, number.high))
    match mode:
        case RoundingMode.FLOOR:
            sql = scaled.over(unit).sql
        case RoundingMode.CEILING:
            sql = scaled.plus(constant(unit - 1)).over(unit).sql
        case RoundingMode.HALF_EVEN:
            # Rounded up at a half, and one less where that is odd.
            doubled = scaled.times(constant(2)).plus(constant(unit))
            up = doubled.over(2 * unit)
            is_half = f"{doubled.sql} % {2 * unit} = 0 AND {up.sql} % 2 <> 0"
            sql = f"({up.sql} - CASE WHEN {is_half} THEN 1 ELSE 0 END)"
        case _:
            size = Whole(f"ABS({scaled.sql})", 0, max(-scaled.low, scaled.high)) if scaled.low < 0 else scaled
            away = size.times(constant(2)).plus(constant(unit)).over(2 * unit).sql
            sql = f"(CASE WHEN {scaled.sql} < 0 THEN -{away} ELSE {away} END)" if scaled.low < 0 else away
    return Whole(sql, low, high)


@frozen
class Together:
    """Several sums as one whole number.

    Args:
        lows: what each sum is at least.
        sizes: how many values each of them may have.
    """

    # In mixed radix: the sum of packed terms is the packed sum, because no digit reaches its radix.

    lows: tuple[int, ...]
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, sums: Sequence[Mapping[int, Sequence[int]]]) -> "Together":
        """Return how sums are packed, by the values that each term of a sum may have."""
        lows = tuple(sum(min(values, default=0) for values in terms.values()) for terms in sums)
        highs = (sum(max(values, default=0) for values in terms.values()) for terms in sums)
        return cls(lows, tuple(high - low + 1 for low, high in zip(lows, highs, strict=True)))

    @property
    def is_narrow(self) -> bool:
        """Whether the number has 64 bits."""
        return prod(self.sizes) < MAX_NARROW

    def packed(self, sums: Sequence[Mapping[int, Sequence[int]]]) -> dict[int, list[int]]:
        """Return the values of the terms as one term each."""
        found: dict[int, list[int]] = {}
        factor = 1
        for terms, size in zip(sums, self.sizes, strict=True):
            for place, values in terms.items():
                own, low = found.setdefault(place, [0] * len(values)), min(values, default=0)
                found[place] = [one + (value - low) * factor for one, value in zip(own, values, strict=True)]
            factor *= size
        return found

    def unpacked(self, whole: Whole) -> list[Whole]:
        """Return the sums that a number stands for."""
        found, factor = list[Whole](), 1
        for low, size in zip(self.lows, self.sizes, strict=True):
            digit = whole.over(factor).sql if factor > 1 else whole.sql
            digit = f"({digit} % {size})" if factor * size <= whole.high else digit
            found.append(Whole(f"({digit} + {low})" if low else digit, low, low + size - 1))
            factor *= size
        return found


def _made(operator: str, terms: Sequence[Whole], low: int, high: int) -> Whole:
    """Return an operation. Where its result has 128 bits, its terms have too."""
    # A wide term of a narrow result makes the operation wide: the result is cast to what its bounds say.
    is_wide = Whole("", low, high).is_wide
    parts = [term.sql if term.is_wide or not is_wide else f"CAST({term.sql} AS HUGEINT)" for term in terms]
    while len(parts) > MAX_TERMS:
        parts = [f"({operator.join(parts[i : i + MAX_TERMS])})" for i in range(0, len(parts), MAX_TERMS)]
    sql = f"({operator.join(parts)})"
    return Whole(f"CAST({sql} AS BIGINT)" if not is_wide and any(term.is_wide for term in terms) else sql, low, high)
