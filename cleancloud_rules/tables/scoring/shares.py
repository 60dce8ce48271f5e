"""What hypothetical facts alone earn: results with them, less those without."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from attrs import field, frozen

from cleancloud_rules.model.exact import ZERO, subtract
from cleancloud_rules.tables.scoring.lookups import Lookups
from cleancloud_rules.tables.scoring.results import Results, Values
from cleancloud_rules.tables.sql import listed

BEFORE = "before_"
"""How the names of the columns begin that have the numbers of results without hypothetical facts."""


ZEROS = "zero"
"""The column of zeros of the companies that have a result."""

_Share = tuple[str, int, int]
"""A column, and the places of the two values whose difference it is: with and without hypothetical facts."""


@frozen(eq=False)
class Shares:
    """The columns of what hypothetical facts alone earn.

    Args:
        scored: the results.
        stated: those without hypothetical facts, of the same class; the same ones if there are no hypothetical facts.
        with_parts: whether there are columns of groups and criteria, beside that of the total.

    Attributes:
        values: what the numbers of each column stand for.
    """

    scored: Results
    stated: Results
    with_parts: bool
    values: dict[str, Values] = field(factory=dict, init=False)

    @property
    def names(self) -> list[str]:
        """The columns."""
        return list(self.scored.columns.hypothetical(with_parts=self.with_parts))

    def of_none(self) -> list[tuple[str, Values]]:
        """Return the columns with their values where there are no hypothetical facts, by the numbers of results."""
        found = []
        for (numbers, _), shares in self._pairs().items():
            own = self.scored.values[numbers].rows
            if own is None:
                found.append((ZEROS, Values(self._types(shares), None)))
            else:
                found.append((numbers, Values(self._types(shares), [_row(shares, row, row) for row in own])))
        return found

    def beside(self, table: str, kept: Sequence[str], lookups: Lookups) -> str:
        """Return a table with the numbers of `values` beside those of the results.

        Args:
            table: a table with the numbers of the results, and those without hypothetical facts.
            kept: the columns that are kept.
            lookups: makes tables.
        """
        asked, computed = [], dict[str, str]()
        for place, (pair, shares) in enumerate(self._pairs().items()):
            own, (number, before) = f"y{place}", (pair[0], f"{BEFORE}{pair[1]}")
            with_them, without = self.scored.values[pair[0]].rows, self.stated.values[pair[1]].rows
            if with_them is None or without is None:
                self.values[own] = Values(self._types(shares), None)
                computed[own] = f"{number} - {before}"
            else:
                rows: list[tuple[Any, ...]] = []
                self.values[own] = Values(self._types(shares), rows)
                answers = partial(self._answers, shares, with_them, without, rows)
                known = lookups.asked(table, {number: number, before: before}, answers, {own: "small"})
                asked.append((known, [number, before], [own]))
        if computed:
            former, table = table, lookups.new(f"SELECT *, {listed(computed)} FROM {table} AS source")
            lookups.forget(former)
        return lookups.beside(table, [*kept, *computed], asked)

    def _answers(
        self,
        shares: Sequence[_Share],
        with_them: Sequence[tuple[Any, ...]],
        without: Sequence[tuple[Any, ...]],
        found: list[tuple[Any, ...]],
        rows: Sequence[tuple[Any, ...]],
    ) -> Iterator[tuple[int | None]]:
        for number, before in rows:
            if number is None:
                yield (None,)
                continue
            found.append(_row(shares, with_them[number], without[before]))
            yield (len(found) - 1,)

    def _pairs(self) -> dict[tuple[str, str], list[_Share]]:
        """Return the columns by the columns of numbers that they follow from: of results, and of those without."""
        found: dict[tuple[str, str], list[_Share]] = {}
        for column, of in self.scored.columns.hypothetical(with_parts=self.with_parts).items():
            (own, place), (stated, before) = self.scored.place_of(of), self.stated.place_of(of)
            found.setdefault((own, stated), []).append((column, place, before))
        return found

    def _types(self, shares: Sequence[_Share]) -> dict[str, str]:
        return {column: self.scored.columns.numbers[column] for column, _, _ in shares}


def _row(shares: Sequence[_Share], own: Sequence[Any], stated: Sequence[Any]) -> tuple[Decimal | None, ...]:
    """Return what hypothetical facts add to some values; what had no value before counts as 0."""
    pairs = [(own[place], stated[before]) for _, place, before in shares]
    return tuple([None if value is None else subtract(value, ZERO if old is None else old) for value, old in pairs])
