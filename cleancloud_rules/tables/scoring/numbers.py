"""Numbers of what facts say of criteria, and what follows from them, for each company."""

from collections.abc import Mapping, Sequence
from typing import Any

from cleancloud_rules.tables.arrow import Rows, rows_of
from cleancloud_rules.tables.scoring.criteria import Owner
from cleancloud_rules.tables.scoring.lookups import Lookups
from cleancloud_rules.tables.sql import listed

MAX_POSITIONS = 4096
"""Up to how many combinations of what an owner reads are positions of a list."""

_MOST_TINY = 127
"""The greatest number in a column of 8 bits."""

_Row = tuple[Any, ...]


class Numbers:
    """For each company and owner, the number of what facts say of the owner.

    Args:
        profiles: the table of profiles, or a query in brackets for them.
        owners: the owners by id. They are asked about each combination of values that companies have.
        lookups: makes tables.
    """

    # What an owner reads is a position, counted from 1, in a list of what follows. The lists stand in a table of one
    # row. A join for each of hundreds of owners takes longer, above all to plan; only long lists are joined.

    def __init__(self, profiles: str, owners: Mapping[str, Owner], lookups: Lookups) -> None:
        self._lookups = lookups
        self._owners = list(owners.values())
        self._read = [_read(place, owner) for place, owner in enumerate(self._owners)]
        self._lists: dict[str, tuple[str, list[Any]]] = {}
        self._beside: dict[int, dict[str, tuple[str, Sequence[Any]]]] = {
            place: {} for place, owner in enumerate(self._owners) if owner.size > MAX_POSITIONS
        }
        read = {name: value for columns in self._read for name, value in columns.items()}
        own = {"company": "company", "cohort": "cohort"}
        self._table = lookups.new(f"SELECT {listed(own | read)} FROM {profiles} AS profiles")
        self._joined: dict[tuple[str, ...], str] = {}
        columns = [(self._table, {name: name for name in read}) for read in self._read]
        found = [*map(rows_of, lookups.backend.distinct(columns))]
        self._numbers = [self._asked(place, owner, found[place]) for place, owner in enumerate(self._owners)]

    def _asked(self, place: int, owner: Owner, found: Rows) -> dict[_Row, int]:
        """Ask an owner about each combination of values that companies have; return its numbers."""
        rows = found if place in self._beside else [owner.values_at(position - 1) for (position,) in found]
        return dict(zip(found, owner.answers(rows), strict=True))

    def column(self, place: int, name: str, kind: str, values: Sequence[Any]) -> str:
        """Return the expression of what follows from the number of an owner; see `table`.

        Args:
            place: the place of the owner.
            name: a name that no other column has.
            kind: the type of the values.
            values: the value for each number.
        """
        if place in self._beside:
            self._beside[place][name] = kind, values
            return f"source.{name}"
        self._lists[name] = f"{kind}[]", self._by_position(place, values)[1:]
        return f"LIST_EXTRACT(held.{name}, source.x{place})"

    def numbers(self) -> dict[str, str]:
        """Return the expressions of the numbers of all owners, ``e0`` and so on; see `table`."""
        columns = {f"e{place}": range(len(owner.found)) for place, owner in enumerate(self._owners)}
        return {name: self.column(place, name, "small", values) for place, (name, values) in enumerate(columns.items())}

    def rows(self, place: int, rows: Sequence[_Row]) -> tuple[str, list[_Row]]:
        """Return a column of `read`, and what its numbers stand for, by what the numbers of an owner stand for."""
        if place in self._beside:
            self._beside[place][f"e{place}"] = "small", range(len(rows))
            return f"e{place}", [*rows]
        return f"x{place}", self._by_position(place, rows)

    def _by_position(self, place: int, values: Sequence[Any]) -> list[Any]:
        """Return the value at each position; any of them at positions that no company has."""
        # A list without missing values is read faster.
        numbers = {position: number for (position,), number in self._numbers[place].items()}
        return [values[numbers.get(n, 0)] for n in range(max(numbers) + 1)] if numbers else []

    def read(self) -> str:
        """Return a table with ``company``, ``cohort`` and the columns that `rows` and `column` named before."""
        if not self._beside:
            return self._table
        told = tuple(name for columns in self._beside.values() for name in columns)
        if told not in self._joined:
            joined = [self._answers(place) for place in self._beside]
            short = [name for place, read in enumerate(self._read) if place not in self._beside for name in read]
            copy = self._lookups.new(f"SELECT * FROM {self._table} AS source")
            self._joined[told] = self._lookups.beside(copy, ["company", "cohort", *short], joined)
        return self._joined[told]

    def table(self, columns: Mapping[str, str]) -> str:
        """Return a new table with ``company``, ``cohort`` and further columns.

        Args:
            columns: expressions by name, made by `column`.
        """
        table = self.read()
        held = self._lookups.given(
            {name: kind for name, (kind, _) in self._lists.items()} or {"nothing": "int"},
            [[values for _, values in self._lists.values()] or [0]],
        )
        own = listed({"company": "source.company", "cohort": "source.cohort", **columns})
        found = self._lookups.new(f"SELECT {own} FROM {table} AS source CROSS JOIN {held} AS held")
        self._lookups.forget(held)
        return found

    def drop(self) -> None:
        """Drop the tables that `read` returns."""
        self._lookups.forget(self._table, *self._joined.values())

    def _answers(self, place: int) -> tuple[str, list[str], list[str]]:
        """Return a table of what follows from the numbers of an owner, with the columns that are asked and told."""
        read, told, numbers = [*self._read[place]], self._beside[place], self._numbers[place]
        rows = [(*row, *(values[number] for _, values in told.values())) for row, number in numbers.items()]
        kinds = {**dict.fromkeys(read, "int"), **{name: kind for name, (kind, _) in told.items()}}
        return self._lookups.given(kinds, rows), read, [*told]


def _read(place: int, owner: Owner) -> dict[str, str]:
    """Return the expressions of what an owner reads of a profile: its position, or what it is made of."""
    if owner.size > MAX_POSITIONS:
        return {f"x{place}_{name}": value for name, value in owner.columns.items()}
    kind = "TINYINT" if owner.size <= _MOST_TINY else "SMALLINT"
    return {f"x{place}": f"CAST(1 + {owner.position} AS {kind})"}
