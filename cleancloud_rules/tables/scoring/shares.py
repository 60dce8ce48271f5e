"""What hypothetical facts alone earn: results with them, less those without."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from attrs import field, frozen

from cleancloud_rules.model.exact import ZERO, subtract
from cleancloud_rules.tables.scoring.lookups import Lookups
from cleancloud_rules.tables.scoring.results import Results, Values

BEFORE = "before_"
"""How the names of the columns begin that have the numbers of results without hypothetical facts."""


_Share = tuple[str, int, int]
"""A column, and the places of the two values whose difference it is: with and without hypothetical facts."""


@frozen(eq=False)
class Shares:
    """The columns of what hypothetical facts alone earn.

    Args:
        scored: the results.
        stated: those without hypothetical facts; the same ones if there are no hypothetical facts.
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
            rows = [_row(shares, own, own) for own in self.scored.values[numbers].rows]
            found.append((numbers, Values(self._types(shares), rows)))
        return found

    def beside(self, table: str, kept: Sequence[str], lookups: Lookups) -> str:
        """Return a table with the numbers of `values` beside those of the results.

        Args:
            table: a table with the numbers of the results, and those without hypothetical facts.
            kept: the columns that are kept.
            lookups: makes tables.
        """
        asked = []
        for place, (pair, shares) in enumerate(self._pairs().items()):
            own, values = f"y{place}", Values(self._types(shares))
            self.values[own] = values
            read = {pair[0]: pair[0], f"{BEFORE}{pair[1]}": f"{BEFORE}{pair[1]}"}
            answers = partial(self._answers, shares, pair, values)
            asked.append((lookups.asked(table, read, answers, {own: "small"}), list(read), [own]))
        return lookups.beside(table, kept, asked)

    def _answers(
        self, shares: Sequence[_Share], pair: tuple[str, str], values: Values, rows: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[int | None]]:
        with_them, without = self.scored.values[pair[0]].rows, self.stated.values[pair[1]].rows
        for number, before in rows:
            if number is None:
                yield (None,)
                continue
            values.rows.append(_row(shares, with_them[number], without[before]))
            yield (len(values.rows) - 1,)

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
