"""The tables of a user: files in a folder, or tables in memory, with their columns and what these hold."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.file_reader import beginning_of, is_file, is_folder, tables_in
from cleancloud_rules.documents.plain_data import kind_in_words
from cleancloud_rules.sheets.csv_files import SUFFIX, sheet_of_csv, sheet_of_text
from cleancloud_rules.sheets.grid import Row, Sheet
from cleancloud_rules.tables import sql
from cleancloud_rules.tables.arrow import Refused, arrow_table
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.reading.text_values import Kind

FACTS = "facts"
"""The folder of the tables of fact types."""

MEMORY = "<tables>"
"""What stands for the name of the file of tables in memory."""

PARQUET = ".parquet"

DATABASE = ".duckdb"
"""How the name of a file of a database of DuckDB ends, in lower case."""

ENDINGS = (SUFFIX, PARQUET)
"""How the names of files of tables end, in lower case."""

LINE = "number_of_row"
"""The column that numbers the rows of a relation, counted from 0."""

FILE_ROW = "file_row_number"
"""The column in which DuckDB numbers the rows of a Parquet file, unless the file has one of this name."""

_HEAD_BYTES = 2**20
HELD = "user_"
"""How the names of tables begin that hold copies of a user's rows."""


@frozen(eq=False)
class UserTable:
    """A table of the user.

    Args:
        name: its name: that of a fact type, or `companies`, `sources`, `not_found` or `answers`.
        sheet: its head; all of it if the backend could not read it.
        relation: what SQL reads it from.
        columns: the names of its columns there, in the order of its head.
        kinds: what these hold.
        csv: its file, if that is CSV.
        is_counted: whether the numbers of its rows count empty lines.
        numbered: the same relation, with the column `LINE` if it is no CSV file.
        line: the expression of the number of a row.
        has_rows: whether it may have rows.
    """

    name: str
    sheet: Sheet
    relation: str
    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    csv: Path | None = None
    is_counted: bool = False
    numbered: str = ""
    line: str = "ROW_NUMBER() OVER () - 1"
    has_rows: bool = True

    @property
    def is_held(self) -> bool:
        """Whether the backend holds a copy of its rows."""
        return self.relation.startswith(HELD)

    def at(self, row: int, column: str) -> Location:
        """Return the place of a cell.

        Args:
            row: the number of its row, counted from 0.
            column: the name of its column.
        """
        # The number is that of a spreadsheet, which counts the head.
        path = f"row {row + 2}, column {column}" if self.csv is not None else f"{self.name}[{row}].{column}"
        return Location(self.sheet.location.file, path=path)


def place_of(facts: Any) -> Location:
    """Return the place of tables as a whole: their folder, if they are files in one."""
    return Location(SourceFile(str(facts) if isinstance(facts, str | Path) else MEMORY))


def tables_at(facts: Any, backend: Backend, gather: DiagnosticCollector) -> tuple[UserTable, ...]:
    """Return the tables of a user. Errors are added to `gather`.

    Args:
        facts: a folder with CSV and Parquet files, in which a folder `facts` may hold those of fact types; or a file of
            a database of DuckDB, in which a schema `facts` may hold them; or tables by name, each of them a file, a
            list of rows, or a table that Arrow can read: of Arrow itself, of pandas, of Polars or of DuckDB.
        backend: where they are read.
        gather: collects the diagnostics.
    """
    found: list[UserTable] = []
    for number, (name, table) in enumerate(gather.attempt(_named, facts, backend) or ()):
        read = gather.attempt(_table, name, table, backend, number)
        if read is not None and any(read.name == other.name for other in found):
            message = f"there are two tables `{name}`"
            gather.add("repeated-key", message, read.sheet.location, "keep one of the two")
        elif read is not None:
            found.append(read)
    return tuple(found)


@frozen
class _OfDatabase:
    """A table of a database.

    Args:
        file: the file of the database.
        relation: what SQL reads the table from.
    """

    file: Path
    relation: str


def is_database(path: Path) -> bool:
    """Return whether a path is a file of a database of DuckDB, by its name."""
    return path.suffix.lower() == DATABASE and is_file(path)


def _named(facts: Any, backend: Backend) -> list[tuple[str, Any]]:
    """Return the tables by name.

    Raises:
        Rejected: if there are none.
    """
    if isinstance(facts, Mapping):
        return [(str(name).removeprefix(f"{FACTS}/"), table) for name, table in facts.items()]
    if not isinstance(facts, str | Path):
        message = f"expected a folder or tables by name, got {kind_in_words(facts)}"
        raise reject("wrong-type", message, Location(SourceFile(MEMORY)))
    path = Path(facts)
    if not is_database(path):
        return list(_files(path))
    try:
        return [(name, _OfDatabase(path, relation)) for name, relation in backend.opened(str(path))]
    except Refused as error:
        message = f"cannot read `{path}`: {_first_line(error)}"
        raise reject("unreadable-file", message, Location(SourceFile(str(path)))) from None


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for each in (folder, folder / FACTS):
        if each == folder or is_folder(each):
            yield from ((path.stem, path) for path in tables_in(each, *ENDINGS))


def _table(name: str, table: Any, backend: Backend, number: int) -> UserTable:
    if isinstance(table, _OfDatabase):
        return _typed(name, str(table.file), table.relation, backend, within=name)
    if isinstance(table, str | Path):
        path = Path(table)
        if not is_file(path):
            raise reject("missing-file", f"there is no file `{path}`", Location(SourceFile(str(path))))
        if path.suffix.lower() == SUFFIX:
            return _csv(name, path, backend, f"{HELD}{number}")
        if path.suffix.lower() == PARQUET:
            return _typed(name, str(path), backend.parquet(f"{HELD}{number}", path), backend)
        message = f"`{path}` is neither a CSV nor a Parquet file"
        raise reject("wrong-type", message, Location(SourceFile(str(path))))
    where = Location(SourceFile(MEMORY), path=name)
    own = f"{HELD}{number}"
    try:
        if not backend.take(own, table):
            return UserTable(name, Sheet(name, where, Row(1, (), lambda *_: where), (), lambda *_: where), "", (), ())
    except Refused as error:
        help = "give a table of Arrow, pandas, Polars or DuckDB, or a list of rows"
        raise reject("wrong-type", f"cannot read the table: {_first_line(error)}", where, help) from None
    return _typed(name, MEMORY, own, backend, within=name)


def _typed(name: str, file: str, relation: str, backend: Backend, within: str = "") -> UserTable:
    where = Location(SourceFile(file), path=within)
    try:
        described = backend.types(relation)
    except Refused as error:
        raise reject("unreadable-file", f"cannot read `{file}`: {_first_line(error)}", where) from None
    names = tuple(column for column, _ in described)

    def at(_row: int, column: int) -> Location:
        return Location(SourceFile(file), path=f"{name}.{names[column]}")

    sheet = Sheet(name, where, Row(1, names, at), (), lambda *_: where)
    kinds = tuple(_kind(type) for _, type in described)
    numbered = _numbered(relation, names)
    return UserTable(name, sheet, relation, tuple(map(sql.name, names)), kinds, numbered=numbered)


def _numbered(relation: str, names: Sequence[str]) -> str:
    """Return a relation with the column `LINE`, which takes the place of a column of the user's of that name."""
    taken = [name for name in names if name.lower() == LINE]
    kept = f"* EXCLUDE ({sql.name(taken[0])})" if taken else "*"
    # The numbers of DuckDB itself are the quickest, where one company is read.
    if relation.startswith("READ_PARQUET(") and not any(name.lower() == FILE_ROW for name in names):
        file = relation.removesuffix(")") + f", {FILE_ROW} = TRUE)"
        return f"(SELECT {kept} RENAME ({FILE_ROW} AS {LINE}) FROM {file})"
    return f"(SELECT {kept}, ROW_NUMBER() OVER () - 1 AS {LINE} FROM {relation})"


_KINDS = {
    "VARCHAR": Kind.TEXT, "ENUM": Kind.TEXT, "NULL": Kind.NOTHING, '"NULL"': Kind.NOTHING, "BOOLEAN": Kind.BOOLEAN,
    "DATE": Kind.DAY, "TIMESTAMP": Kind.TIME, "TIMESTAMP_NS": Kind.TIME, "TIMESTAMP_MS": Kind.TIME,
    "TIMESTAMP_S": Kind.TIME, "DECIMAL": Kind.DECIMAL, "FLOAT": Kind.FLOAT, "DOUBLE": Kind.FLOAT,
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), Kind.WHOLE),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), Kind.WHOLE),
}  # fmt: skip


def _kind(type: str) -> Kind:
    """Return what a column of a type of DuckDB holds."""
    if type.endswith("[]"):
        return Kind.LIST if _kind(type.removesuffix("[]")) is Kind.TEXT else Kind.OTHER
    return _KINDS.get(type.partition("(")[0], Kind.OTHER)


def _csv(name: str, path: Path, backend: Backend, own: str) -> UserTable:
    """Return a CSV file as a table of the backend, which holds texts."""
    head = sheet_of_text(_head_of(path), str(path), name)
    columns = tuple(f"c{number}" for number in range(len(head.head.held)))
    table = UserTable(name, head, own, columns, (Kind.TEXT,) * len(columns), path, numbered=own)
    if not columns:
        backend.register(own, arrow_table({"line": "int"}, ()))
        return table
    try:
        backend.csv(own, path, columns)
    except Refused as error:
        return _csv_of_sheets(table, error, backend)
    return table


def _head_of(path: Path) -> str:
    """Return the first row of a CSV file.

    Raises:
        Rejected: if the file cannot be read.
    """
    row, inside = "", False
    for line in beginning_of(path, _HEAD_BYTES).splitlines(keepends=True):
        row += line
        inside ^= line.count('"') % 2 == 1
        if not inside:
            break
    return row


def _csv_of_sheets(table: UserTable, refused: Refused, backend: Backend) -> UserTable:
    """Return a CSV file that the backend refuses, as the reader of sheets reads it.

    Raises:
        Rejected: if it refuses the file too, or if the file is too large for it.
    """
    assert table.csv is not None
    try:
        sheet = sheet_of_csv(table.csv)
    except Rejected as rejected:
        if [diagnostic.code for diagnostic in rejected.diagnostics] != ["file-too-large"]:
            raise
        message = f"cannot read `{table.csv}`: {_first_line(refused)}"
        raise reject("bad-table", message, Location(SourceFile(str(table.csv)))) from None
    cells = [[row.cell(number) for number in range(len(table.columns))] for row in sheet.rows]
    rows = [
        (row.number - 2, *(None if cell is None else str(cell.value) for cell in found))
        for row, found in zip(sheet.rows, cells, strict=True)
    ]
    backend.register(table.relation, arrow_table({"line": "int", **dict.fromkeys(table.columns, "text")}, rows))
    return UserTable(table.name, sheet, table.relation, table.columns, table.kinds, table.csv, True, table.numbered)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
