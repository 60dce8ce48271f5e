"""Packs bits and counts of several columns into few whole numbers, by which tables are joined quickly."""

from collections.abc import Sequence
from math import prod

from attrs import evolve, frozen

from cleancloud_rules.tables.scoring.keys import WORD
from cleancloud_rules.tables.sql import multiplied


@frozen
class _Term:
    """Some bits of a column, and where they stand in a whole number.

    Args:
        column: the expression of the column.
        first: the place of the lowest bit in the column.
        size: how many bits there are.
        offset: the place of the lowest bit in the whole number.
    """

    column: str
    first: int
    size: int
    offset: int

    @property
    def sql(self) -> str:
        """The expression of the bits at their place."""
        moved = f"({self.column} >> {self.first})" if self.first else self.column
        return multiplied(f"({moved} & {(1 << self.size) - 1})", 1 << self.offset)


@frozen
class _Held:
    """Where a packed value stands: the position of the whole number, and its bits there."""

    number: int
    offset: int
    size: int


class Pack:
    """Bits and counts that are packed into whole numbers."""

    def __init__(self) -> None:
        self._terms: list[list[_Term]] = [[]]
        self._held: dict[int | str, _Held] = {}
        self._used = 0

    def add(self, name: int | str, column: str, place: int = 0, most: int = 1) -> None:
        """Add a bit of a column, or a count.

        Args:
            name: what it is called when it is unpacked.
            column: the expression of the column.
            place: the place of its lowest bit in the column.
            most: the maximum of a count; 1 for a bit.
        """
        size = most.bit_length()
        if self._used + size > WORD:
            self._terms.append([])
            self._used = 0
        terms = self._terms[-1]
        last = terms[-1] if terms else None
        if last is not None and (last.column, last.first + last.size) == (column, place):
            terms[-1] = evolve(last, size=last.size + size)  # bits that follow one another are moved together
        else:
            terms.append(_Term(column, place, size, self._used))
        self._held[name] = _Held(len(self._terms) - 1, self._used, size)
        self._used += size

    @property
    def sizes(self) -> list[int]:
        """How many values each of the whole numbers may have."""
        return [1 << sum(term.size for term in terms) for terms in self._terms]

    @property
    def size(self) -> int:
        """How many combinations of values they may have together."""
        return prod(self.sizes)

    def columns(self) -> dict[str, str]:
        """Return the expressions of the whole numbers, by name."""
        return {f"b{n}": " + ".join(term.sql for term in terms) or "0" for n, terms in enumerate(self._terms)}

    def unpacked(self, numbers: Sequence[int]) -> dict[int | str, int]:
        """Return what the whole numbers hold, by name."""
        held = self._held.items()
        return {name: numbers[one.number] >> one.offset & ((1 << one.size) - 1) for name, one in held}
