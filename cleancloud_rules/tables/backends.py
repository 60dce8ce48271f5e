"""The databases that hold tables of facts and run SQL over them. The only module that knows DuckDB.

SQL is written in the dialect of DuckDB. The backend of another database translates it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.tables.arrow import (
    MISSING,
    NARROW,
    Refused,
    Rows,
    Valued,
    arrow_of,
    assembled,
    digits_of,
    distinct_values,
)
from cleancloud_rules.tables.score_rows import ArrowScores, Scores
from cleancloud_rules.tables.sql import listed, text
from cleancloud_rules.tables.sql import name as named

BATCH = 100_000
"""How many rows of a large result are held by this process at once."""

Questions = Sequence[tuple[str, Mapping[str, str]]]
"""Sources, each a table or a query in brackets, with the expressions that are asked about by the names of columns."""

_OPENED = "opened"
"""The name by which a database of a user is attached."""


class Backend(Protocol):
    """A database. Its tables have names that this library makes, which need no quotes."""

    # Tables of the library

    def run(self, sql: str) -> None:
        """Run a statement."""

    def rows(self, sql: str) -> Rows:
        """Return the rows of a query."""

    def arrow(self, sql: str) -> Any:
        """Return the result of a query as an Arrow table."""

    def distinct(self, asked: Questions) -> list[Any]:
        """Return the distinct rows of each question as Arrow tables."""

    def create(self, name: str, sql: str, *, lasting: bool = False, again: bool = False) -> None:
        """Make a table of the rows of a query, in place of one of the same name.

        Args:
            name: its name.
            sql: the query.
            lasting: whether it is read again and again, and may be large, so that a file is a better place for it.
            again: whether all its rows are read more than once.
        """

    def register(self, name: str, table: Any) -> None:
        """Make a table of an Arrow table, in place of one of the same name."""

    def drop(self, name: str) -> None:
        """Drop a table, if there is one of this name."""

    def move(self, name: str, new: str) -> None:
        """Give a table another name, in place of a table that has it."""

    def scores(self, query: str, kept: Sequence[str], valued: Valued, order: Sequence[str]) -> Scores:
        """Return the rows of a query in brackets with the values that its numbers stand for.

        Args:
            query: the query, with a column ``company``.
            kept: the columns of it that are kept.
            valued: its columns of numbers.
            order: the names of all columns in their order.
        """

    # Tables of users

    def opened(self, file: str) -> Sequence[tuple[str, str]]:
        """Open a file of a database of DuckDB to read it; return the names of its tables and views.

        Each has what SQL reads it from beside it.
        """

    def take(self, name: str, table: Any) -> bool:
        """Make a table of a user's table in memory, and return whether it has columns.

        Raises:
            Refused: if it cannot be read.
        """

    def csv(self, name: str, file: Path, columns: Sequence[str]) -> None:
        """Make a table of the rows of a CSV file, all but the first, with their numbers in a column ``line``.

        Args:
            name: the name of the table.
            file: the file.
            columns: names for its columns. All of them hold texts.

        Raises:
            Refused: if it cannot be read.
        """

    def parquet(self, name: str, file: Path) -> str:
        """Return what the rows of a Parquet file are read from.

        Args:
            name: the name of a table, if one is made.
            file: the file.
        """

    def types(self, relation: str) -> list[tuple[str, str]]:
        """Return the columns of a relation with their types, in the words of DuckDB.

        Raises:
            Refused: if it cannot be read.
        """

    def number_of(self, relation: str, line: int) -> int:
        """Return the number of a row of a user's table, by what ``ROW_NUMBER() OVER () - 1`` gave it."""


_READ_CSV = (
    "READ_CSV({file}, header = FALSE, skip = 1, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
    "auto_detect = FALSE, columns = {{{columns}}})"
)


class DuckDB:
    """A DuckDB database.

    Args:
        connection: a connection of DuckDB's own; None for a new database in memory.
        file: where lasting tables lie, compressed; None for memory.

    Raises:
        MissingExtraError: if DuckDB is missing; the message says what to install.
    """

    def __init__(self, connection: Any = None, file: str | None = None) -> None:
        try:
            import duckdb  # noqa: PLC0415 - an extra for tables alone
        except ImportError as error:
            raise MissingExtraError(MISSING) from error
        self._error: type[Exception] = duckdb.Error
        self._connection = duckdb.connect() if connection is None else connection
        self._has_file = file is not None
        if file is not None:
            self.run(f"ATTACH {text(file)} AS lasting")
            self.run("USE lasting")

    def run(self, sql: str) -> None:
        """Run a statement."""
        self._execute(sql)

    def rows(self, sql: str) -> Rows:
        """Return the rows of a query."""
        found: Rows = self._execute(sql).fetchall()
        return found

    def arrow(self, sql: str) -> Any:
        """Return the result of a query as an Arrow table."""
        try:
            return self._connection.sql(sql).to_arrow_table()
        except self._error as error:
            raise Refused(str(error)) from error

    def distinct(self, asked: Questions) -> list[Any]:
        """Return the distinct rows of each question as Arrow tables."""
        # Single columns of one source are read together: with hundreds of them, a query for each takes longer.
        single: dict[str, list[int]] = {}
        for place, (source, columns) in enumerate(asked):
            if len(columns) == 1:
                single.setdefault(source, []).append(place)
        found: dict[int, Any] = {}
        for source, places in single.items():
            if len(places) > 1:
                found |= zip(places, self._distinct_values(source, [asked[place][1] for place in places]), strict=True)
        for place in (place for place in range(len(asked)) if place not in found):
            source, columns = asked[place]
            found[place] = self.arrow(f"SELECT DISTINCT {listed(columns)} FROM {source} AS asked")
        return [found[place] for place in range(len(asked))]

    def _distinct_values(self, source: str, asked: Sequence[Mapping[str, str]]) -> list[Any]:
        """Return the distinct values of columns of one source, as a table each."""
        columns = {f"q{place}": value for place, one in enumerate(asked) for value in one.values()}
        try:
            batches = self._connection.sql(f"SELECT {listed(columns)} FROM {source} AS asked").to_arrow_reader(BATCH)
            return [arrow_of({name: values}) for (name,), values in zip(asked, distinct_values(batches), strict=True)]
        except self._error as error:
            raise Refused(str(error)) from error

    def create(self, name: str, sql: str, *, lasting: bool = False, again: bool = False) -> None:  # noqa: ARG002
        """Make a table of the rows of a query, in place of one of the same name; a lasting one in the file."""
        kind = "TABLE" if lasting and self._has_file else "TEMP TABLE"
        self.run(f"CREATE OR REPLACE {kind} {name} AS {sql}")

    def register(self, name: str, table: Any) -> None:
        """Make a table of an Arrow table, in place of one of the same name."""
        self._connection.register("registered", table)
        self.create(name, "SELECT * FROM registered")
        self._connection.unregister("registered")

    def drop(self, name: str) -> None:
        """Drop a table, if there is one of this name."""
        self.run(f"DROP TABLE IF EXISTS {name}")

    def opened(self, file: str) -> Sequence[tuple[str, str]]:
        """Open a file of a database to read it; return its tables and views."""
        self.run(f"ATTACH {text(file)} AS {_OPENED} (READ_ONLY)")
        listed = "SELECT table_schema, table_name FROM information_schema.tables"
        found = self.rows(f"{listed} WHERE table_catalog = {text(_OPENED)} ORDER BY 1 DESC, 2")
        return [(own, f"{_OPENED}.{named(schema)}.{named(own)}") for schema, own in found]

    def close(self) -> None:
        """Close the connection, so that its files can be removed."""
        self._connection.close()

    def move(self, name: str, new: str) -> None:
        """Give a table another name, in place of a table that has it."""
        self.drop(new)
        self.run(f"ALTER TABLE {name} RENAME TO {new}")

    def scores(self, query: str, kept: Sequence[str], valued: Valued, order: Sequence[str]) -> Scores:
        """Return the rows of a query in brackets with the values that its numbers stand for."""
        # Numbers that are decimals of 32 bits need no more bits on their way.
        narrow = [
            n for n, types, rows in valued if rows is None and all(digits_of(t)[0] <= NARROW for t in types.values())
        ]
        own = f" REPLACE ({listed({name: f'CAST({name} AS INTEGER)' for name in narrow})})" if narrow else ""
        table = self.arrow(f"SELECT *{own} FROM {query} AS found ORDER BY company")
        return ArrowScores(assembled(table, kept, valued).select(order))

    def take(self, name: str, table: Any) -> bool:
        """Make a table of a user's table in memory, and return whether it has columns."""
        held = arrow_of(table)
        if held.column_names:
            self.register(name, held)
        return bool(held.column_names)

    def csv(self, name: str, file: Path, columns: Sequence[str]) -> None:
        """Make a table of the rows of a CSV file, all but the first, with their numbers in a column ``line``."""
        types = ", ".join(f"{text(column)}: 'VARCHAR'" for column in columns)
        read = _READ_CSV.format(file=text(str(file)), columns=types)
        self.create(name, f"SELECT ROW_NUMBER() OVER () - 1 AS line, * FROM {read}")

    def parquet(self, _: str, file: Path) -> str:
        """Return what the rows of a Parquet file are read from."""
        return f"READ_PARQUET({text(str(file))})"

    def types(self, relation: str) -> list[tuple[str, str]]:
        """Return the columns of a relation with their types, in the words of DuckDB."""
        return [(str(row[0]), str(row[1])) for row in self.rows(f"DESCRIBE SELECT * FROM {relation}")]

    def number_of(self, _: str, line: int) -> int:
        """Return the number of a row of a user's table, by what ``ROW_NUMBER() OVER () - 1`` gave it."""
        return line

    def _execute(self, sql: str) -> Any:
        try:
            return self._connection.execute(sql)
        except self._error as error:
            raise Refused(str(error)) from error
