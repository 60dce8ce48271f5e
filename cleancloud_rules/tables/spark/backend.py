"""The database that Spark is: tables are views, and what costs much is kept by the workers."""

import secrets
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from cleancloud_rules.sheets.grid import IGNORED
from cleancloud_rules.tables.arrow import (
    Columns,
    Refused,
    Rows,
    Valued,
    arrow_of,
    arrow_table,
    digits_of,
    rows_of,
    widened,
)
from cleancloud_rules.tables.backends import DuckDB, Questions
from cleancloud_rules.tables.score_rows import Scores
from cleancloud_rules.tables.spark.distinct import distinct
from cleancloud_rules.tables.spark.scores import SparkScores
from cleancloud_rules.tables.spark.sessions import checked, refusals
from cleancloud_rules.tables.spark.translation import translator
from cleancloud_rules.tables.sql import name as quoted

MAX_JOINS = 32
"""How many tables of values one query joins."""

MAX_LISTED = 4096
"""Up to how many values are a list."""

MAX_SENT = 2**25
"""Up to how many bytes a table of answers is sent to all workers."""

_SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error and no missing value
    "spark.sql.caseSensitive": "false",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.parser.quotedRegexColumnNames": "false",
    "spark.sql.storeAssignmentPolicy": "ANSI",
}
"""What the translated statements rely on, regardless of the user's session."""

_TYPES = {
    "string": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "timestamp_ntz": "TIMESTAMP", "tinyint": "TINYINT",
    "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT", "void": "NULL", "array<string>": "VARCHAR[]",
}  # fmt: skip
"""The types of Spark in the words of DuckDB."""

_FLOATS = ("float", "double")

_LONG = 19
"""How many digits a whole number of 64 bits has."""

_PART = 33
"""The bit from which ``monotonically_increasing_id`` has the number of a part of a table; below it is that of a row."""


class Spark:
    """A session of Spark, as a `Backend`.

    Its views and settings are those of a session of its own, which shares the workers with that of the user.

    Args:
        session: the session of the user.

    Raises:
        MissingExtraError: if Spark, sqlglot or Arrow is missing; the message says what to install.
        TypeError: if it is no session of Spark.
    """

    # A view is computed anew whenever it is read, together with all views that it reads. So a query that costs much is
    # kept where it was computed, which also ends its history: else the plans grow with each step. That is done at once:
    # of several steps that wait for each other, Spark would keep the whole chain, and overflow its stack.

    def __init__(self, session: Any) -> None:
        given = checked(session)
        with refusals():
            self._session = given.newSession()
            for name, value in _SETTINGS.items():
                self._session.conf.set(name, value)
        self._translated = translator().translated
        self._views: set[str] = set()
        self._users: dict[str, Any] = {}
        self._starts: dict[str, list[int]] = {}

    def close(self) -> None:
        """Drop all tables. Data frames that were returned stay."""
        for name in tuple(self._views):
            self.drop(name)
        self._users.clear()

    # Tables of the library

    def run(self, sql: str) -> None:
        """Run a statement."""
        self._frame(sql)

    def rows(self, sql: str) -> Rows:
        """Return the rows of a query."""
        return rows_of(self.arrow(sql))

    def arrow(self, sql: str) -> Any:
        """Return the result of a query as an Arrow table."""
        with refusals():
            return self._frame(sql).toArrow()

    def distinct(self, asked: Questions) -> list[Any]:
        """Return the distinct rows of each question as Arrow tables."""
        with refusals():
            return distinct(asked, self._frame)

    def create(self, name: str, sql: str, *, lasting: bool = False, again: bool = False) -> None:  # noqa: ARG002
        """Make a table of the rows of a query, in place of one of the same name."""
        translated = self._translated(sql)
        with refusals():
            frame = self._session.sql(translated.sql)
            if again or translated.is_costly:
                # What is kept has the columns of what it was made from, and Spark confuses the two where they are
                # joined. What is read again is kept by the first job that reads it.
                frame = frame.localCheckpoint(eager=not again).toDF(*frame.columns)
            self._view(name, frame)

    def register(self, name: str, table: Any) -> None:
        """Make a table of an Arrow table, in place of one of the same name."""
        with refusals():
            frame = self._session.createDataFrame(widened(table))
            # Spark itself sends a table of at most 10 MB to all workers, and above that the rows of the other table.
            self._view(name, frame.hint("broadcast") if table.nbytes <= MAX_SENT else frame)

    def drop(self, name: str) -> None:
        """Drop a table, if there is one of this name."""
        if name in self._views:
            self._views.remove(name)
            with refusals():
                self._session.catalog.dropTempView(name)

    def move(self, name: str, new: str) -> None:
        """Give a table another name, in place of a table that has it."""
        with refusals():
            self._view(new, self._session.table(name))
        self.drop(name)

    def scores(self, query: str, kept: Sequence[str], valued: Valued, order: Sequence[str]) -> Scores:
        """Return the rows of a query in brackets with the values that its numbers stand for."""
        with refusals():
            numbers = self._frame(f"SELECT * FROM {query} AS found").localCheckpoint()
            long = [place for place, (_, _, rows) in enumerate(valued) if rows is not None and len(rows) > MAX_LISTED]
            self._view("found_numbers", self._joined({place: valued[place] for place in long}, numbers))
            # A number is the place of a value in a list. The lists stand in a table of one row, which is sent to all
            # workers: to plan a join for each of many columns takes longer. Long lists were joined before.
            lists: dict[str, tuple[str, list[Any]]] = {}
            columns = {name: f"n.{quoted(name)}" for name in kept}
            for place, (number, types, rows) in enumerate(valued):
                for n, (name, kind) in enumerate(types.items()):
                    if rows is None:
                        columns[name] = _in_units(f"n.{number}", kind)
                    elif place in long:
                        columns[name] = f"n.value{place}_{n}"
                    else:
                        lists[f"v{place}_{n}"] = f"{kind}[]", [row[n] for row in rows]
                        columns[name] = f"LIST_EXTRACT(held.v{place}_{n}, n.{number} + 1)"
            held = {name: kind for name, (kind, _) in lists.items()} or {"nothing": "int[]"}
            self.register("held_values", arrow_table(held, [[values for _, values in lists.values()] or [[]]]))
            selected = ", ".join(f"{value} AS {quoted(name)}" for name, value in columns.items())
            found = self._frame(f"SELECT {selected} FROM found_numbers AS n CROSS JOIN held_values AS held")
            return SparkScores(found.select([f"`{name}`" for name in order]), numbers.select("company", "problem"))

    def _joined(self, valued: Mapping[int, tuple[str, Columns, Sequence[Sequence[Any]] | None]], numbers: Any) -> Any:
        """Return numbers with the values of some of them beside them, as ``value<place>_0`` and so on."""
        found = numbers
        for start in range(0, len(valued), MAX_JOINS):
            if start:
                found = found.localCheckpoint()
            self._view("joined_numbers", found)
            joined, columns = "joined_numbers AS n", ["n.*"]
            for place, (number, types, rows) in list(valued.items())[start : start + MAX_JOINS]:
                own = {f"v{n}": kind for n, kind in enumerate(types.values())}
                self.register(f"joined_{place}", arrow_table({"number": "int", **own}, _numbered(rows or ())))
                joined += f" LEFT JOIN joined_{place} ON joined_{place}.number = n.{number}"
                columns += [f"joined_{place}.{name} AS value{place}_{name[1:]}" for name in own]
            found = self._frame(f"SELECT {', '.join(columns)} FROM {joined}")
        return found

    # Tables of users

    def take(self, name: str, table: Any) -> bool:
        """Make a table of a user's table in memory, and return whether it has columns."""
        from pyspark.sql import DataFrame  # noqa: PLC0415 - the user's

        if not isinstance(table, DataFrame):
            held = arrow_of(table)
            if held.column_names:
                self._hold(name, held)
            return bool(held.column_names)
        with refusals():
            # Only such a view is seen by all sessions.
            passed = f"cleancloud_rules_{secrets.token_hex(8)}"
            table.createGlobalTempView(passed)
            try:
                frame = self._session.table(f"global_temp.{passed}")
            finally:
                self._session.catalog.dropGlobalTempView(passed)
            # The rows of an exchange between workers come in another order each time, and could not be numbered.
            plan = frame._jdf.queryExecution().executedPlan().toString()
            self._view(name, frame.localCheckpoint() if "Exchange" in plan else frame)
        self._keep(name)
        return bool(frame.columns)

    def csv(self, name: str, file: Path, columns: Sequence[str]) -> None:
        """Make a table of the rows of a CSV file, all but the first, with their numbers in a column ``line``.

        DuckDB reads it here, in this process, so that the same texts are refused, and rows have their numbers.
        """
        here = DuckDB()
        here.csv(name, file, columns)
        self._hold(name, here.arrow(f"SELECT * FROM {name}"))

    def opened(self, file: str) -> Sequence[tuple[str, str]]:
        """Refuse a file of a database of DuckDB.

        Raises:
            Refused: always.
        """
        raise Refused(f"Spark reads no database of DuckDB; export the tables of `{Path(file).name}` as Parquet files")

    def parquet(self, name: str, file: Path) -> str:
        """Return what the rows of a Parquet file are read from."""
        with refusals():
            self._view(name, self._session.read.parquet(str(file.absolute())))
        self._keep(name)
        return name

    def types(self, relation: str) -> list[tuple[str, str]]:
        """Return the columns of a relation with their types, in the words of DuckDB."""
        with refusals():
            found = self._session.table(relation).dtypes
        # Java 17 does not always write the shortest decimal number that a floating-point number stands for.
        floats = [f"`{name}`" for name, kind in found if kind in _FLOATS and not name.startswith(IGNORED)]
        if floats:
            message = "Spark cannot tell which decimals floating-point numbers stand for: make them decimals"
            raise Refused(f"{message} in {', '.join(floats)}")
        return [(name, "DECIMAL" if kind.startswith("decimal") else _TYPES.get(kind, kind)) for name, kind in found]

    def number_of(self, relation: str, line: int) -> int:
        """Return the number of a row of a user's table, by what ``ROW_NUMBER() OVER () - 1`` gave it."""
        if relation not in self._starts:
            with refusals():
                held = self._users[relation].selectExpr(f"MONOTONICALLY_INCREASING_ID() >> {_PART} AS part")
                counts = {row["part"]: row["count"] for row in held.groupBy("part").count().collect()}
            sizes = (counts.get(part, 0) for part in range(max(counts) + 1))
            self._starts[relation] = list(accumulate(sizes, initial=0))
        part, row = line >> _PART, line & ((1 << _PART) - 1)
        return self._starts[relation][part] + row

    def _hold(self, name: str, table: Any) -> None:
        """Make a table of an Arrow table of the user's."""
        with refusals():
            self._view(name, self._session.createDataFrame(widened(table)))
        self._keep(name)

    def _keep(self, name: str) -> None:
        """Keep what rows of a user's table are counted in, also when its view is dropped."""
        with refusals():
            self._users[name] = self._session.table(name)
        self._starts.pop(name, None)

    def _frame(self, sql: str) -> Any:
        """Return a query as a data frame."""
        with refusals():
            return self._session.sql(self._translated(sql).sql)

    def _view(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._views.add(name)


def _numbered(rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    return [(number, *row) for number, row in enumerate(rows)]


def _in_units(column: str, kind: str) -> str:
    """Return the expression of decimals from the whole numbers of the units of their last decimal place."""
    digits, places = digits_of(kind)
    unit = f"CAST('1E-{places}' AS DECIMAL({places + 1}, {places}))"
    return f"CAST(CAST({column} AS DECIMAL({_LONG}, 0)) * {unit} AS DECIMAL({digits}, {places}))"
