"""Findings in tables: the mistakes of each column with their rows, in the words of the library."""

import csv
from collections.abc import Iterable, Mapping

from attrs import define, evolve, field, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.documents.file_reader import lines_of
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.reading.forms import UserTable

MAX_ROWS = 1_000
"""The maximum number of rows that are reported for a mistake of a column."""


@define
class Findings:
    """Collects what is wrong in the rows of a table.

    Args:
        table: the table.
        backend: where its rows are.
        gather: collects the diagnostics.
    """

    table: UserTable
    backend: Backend
    gather: DiagnosticCollector
    _rows: list[int] | None = field(default=None, init=False)

    def add(self, query: str, column: str, said: Mapping[int, Iterable[Diagnostic]]) -> bool:
        """Report the rows of a query, and return whether there are any.

        Args:
            query: its first column is the number of a row, its second the number of what is wrong there, and its
                third, if it has one, the name of the column.
            column: the name of the column.
            said: the diagnostics by that number; their place is that of the cell.
        """
        rows = self.backend.rows(f"{query} ORDER BY 1 LIMIT {MAX_ROWS}")
        for line, number, *where in rows:
            self.gather.failed = True
            self.say(line, where[0] if where else column, *said[number])
        if len(rows) == MAX_ROWS:
            self._count_others(query)
        return bool(rows)

    def _count_others(self, query: str) -> None:
        """Say after the last row of a query that was reported how many others it has."""
        ((count,),) = self.backend.rows(f"SELECT COUNT(*) FROM ({query}) q")
        last = self.gather.diagnostics[-1]
        if count > MAX_ROWS:
            help = f"{count - MAX_ROWS:,} rows further below have mistakes in this column"
            self.gather.diagnostics[-1] = evolve(last, help=f"{last.help}; {help}" if last.help else help)

    def say(self, line: int, column: str, *diagnostics: Diagnostic) -> None:
        """Report what is wrong with a cell."""
        where = self.place(line, column)
        self.gather.include(*(evolve(diagnostic, location=where) for diagnostic in diagnostics))

    def place(self, line: int, column: str) -> Location:
        """Return the place of a cell, by the number of its row in the database."""
        return self.table.at(self._row(line), column)

    def _row(self, line: int) -> int:
        """Return the number of a row among all rows. A database skips empty lines of a CSV file."""
        if self.table.csv is None:
            return self.backend.number_of(self.table.relation, line)
        if self.table.is_counted:
            return line
        if self._rows is None:
            rows = csv.reader(lines_of(self.table.csv))
            self._rows = [number for number, row in enumerate(rows, -1) if row]
        return self._rows[line + 1]


@frozen
class Origin:
    """Where the rows of a normalised table come from.

    Args:
        findings: collects what is wrong in the table of the user.
        columns: the columns that state one fact of each row; the number of a row there and of the column make up the
            number of a normalised row.
    """

    findings: Findings
    columns: tuple[str, ...]

    def place(self, line: int) -> Location:
        """Return the place of a normalised row."""
        row, column = divmod(line, len(self.columns))
        return self.findings.place(row, self.columns[column])
