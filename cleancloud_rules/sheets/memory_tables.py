"""Reads tables in memory: data frames that narwhals knows, such as those of pandas and Polars, and lists of rows.

The only module that knows narwhals.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.foreign_scalars import python_scalar
from cleancloud_rules.documents.plain_data import kind_in_words
from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.sheets.grid import MAX_CELLS, Cell, Content, Odd, Place, Row, Sheet

FILE = "<tables>"
"""What stands for the name of the file."""

_MISSING = "tables in memory need narwhals: pip install 'cleancloud-rules[tables]'"


def sheets_of_tables(tables: Any, gather: DiagnosticCollector) -> tuple[Sheet, ...]:
    """Return tables in memory as sheets. Errors are added to `gather`.

    Args:
        tables: the tables by name, each a data frame or a list of rows.
        gather: collects the diagnostics.

    Raises:
        MissingExtraError: if there is a data frame, and narwhals is missing; the message says what to install.
    """
    file = SourceFile(FILE)
    if not isinstance(tables, Mapping):
        message = f"expected tables as a mapping of names to tables, got {kind_in_words(tables)}"
        gather.add("wrong-type", message, Location(file))
        return ()
    found = (gather.attempt(_sheet, str(name), table, file) for name, table in tables.items())
    return tuple(sheet for sheet in found if sheet is not None)


def _sheet(name: str, table: Any, file: SourceFile) -> Sheet:
    where = Location(file, path=name)
    columns, rows = _contents(table, where)
    if len(columns) * len(rows) > MAX_CELLS:
        message = f"cannot read `{name}`: it has more than {MAX_CELLS:,} cells"
        raise reject("file-too-large", message, where, "split it into several tables")

    def at(row: int, column: int) -> Location:
        own = name if row == 1 else f"{name}[{row - 2}]"
        return Location(file, path=f"{own}.{columns[column]}" if column < len(columns) else name)

    body = (Row(n, tuple(_held(value, at, n, c) for c, value in enumerate(row)), at) for n, row in enumerate(rows, 2))
    full = (row for row in body if any(held is not None for held in row.held))
    return Sheet(name, where, Row(1, tuple(columns), at), tuple(full), at)


def _contents(table: Any, where: Location) -> tuple[list[str], Sequence[Sequence[Any]]]:
    """Return the names of the columns, and the rows."""
    if isinstance(table, list | tuple):
        wrong = next((row for row in table if not isinstance(row, Mapping)), None)
        if wrong is not None:
            message = f"expected a row as a mapping of columns to values, got {kind_in_words(wrong)}"
            raise reject("wrong-type", message, where)
        columns = list(dict.fromkeys(str(column) for row in table for column in row))
        return columns, [[row.get(column) for column in columns] for row in table]
    try:
        import narwhals as nw  # noqa: PLC0415 - an extra for data frames alone
    except ImportError as error:
        raise MissingExtraError(_MISSING) from error
    frame = nw.from_native(table, eager_only=True, pass_through=True)
    if not isinstance(frame, nw.DataFrame):
        raise reject("wrong-type", f"expected a data frame or a list of rows, got {kind_in_words(table)}", where)
    return list(map(str, frame.columns)), list(frame.iter_rows())


def cell_of(value: Any, where: Location) -> Cell | None:
    """Return a value as a cell; None for one that says nothing."""

    def at(_row: int, _column: int) -> Location:
        return where

    return Row(1, (_held(value, at, 1, 0),), at).cell(0)


def _held(value: Any, at: Place, row: int, column: int) -> Content | Odd | None:
    """Return what a cell with a value holds; None for one that says nothing."""
    found = python_scalar(value)
    if found is None or (isinstance(found, str) and not found.strip()):
        return None
    if isinstance(found, float):
        found = Decimal(repr(float(found)))
    match found:
        case datetime() if found.time() == time() and found.tzinfo is None:
            return found.date()
        case bool() | int() | str():
            return found
        case Decimal() if found.is_finite():
            return found
        case date() if not isinstance(found, datetime):
            return found
        case list() | tuple() | set() | frozenset() if all(isinstance(item, str) for item in found):
            return ", ".join(_in_order(found))
        case _:
            message = f"a cell cannot hold {kind_in_words(found)}"
            return Odd("", problem=Diagnostic("wrong-type", message, at(row, column)))


def _in_order(names: Iterable[str]) -> Iterator[str]:
    return iter(sorted(names) if isinstance(names, set | frozenset) else names)
