"""Sheets as rows of cells: what workbooks, CSV files and tables in memory have in common."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, did_you_mean, nearest
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, Severity
from cleancloud_rules.diagnostics.lookalikes import named

MAX_CELLS = 2_000_000
"""The maximum number of cells that are not empty, in a workbook, a CSV file or a table in memory."""

MAX_ABOVE = 20
"""The number of rows, such as titles, below which heads of columns are looked for, to say that they stand there."""

IGNORED = "_"
"""How the names of sheets and columns begin that are not read."""

INVISIBLE = "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Characters without a width, and those that change the direction of writing."""

Content = str | int | Decimal | bool | date
"""What a cell holds."""


@frozen
class Cell:
    """A cell that is not empty.

    Args:
        value: what it holds.
        location: its place.
        is_percentage: whether it shows its number as a percentage.
        problem: why it cannot be read, such as a formula in it; None if it can.
    """

    value: Content
    location: Location
    is_percentage: bool = False
    problem: Diagnostic | None = None

    @property
    def content(self) -> Content:
        """What it holds; a text without the spaces around it.

        Raises:
            Rejected: if it cannot be read.
        """
        if self.problem is not None:
            raise Rejected(self.problem)
        return self.value.strip() if isinstance(self.value, str) else self.value


@frozen
class Odd:
    """What a cell holds that is more than a value; see `Cell`."""

    value: Content
    is_percentage: bool = False
    problem: Diagnostic | None = None


Place = Callable[[int, int], Location]
"""Returns the place of a cell by the number of its row, and by that of its column, which is counted from 0."""


@frozen(eq=False)
class Row:
    """A row. Its cells are made when they are asked for: a large sheet has many, and most are read once.

    Args:
        number: its number in the sheet.
        held: what its cells hold, in the order of the columns; None for an empty one. The last one is not empty.
        at: returns the places of cells.
    """

    number: int
    held: tuple[Content | Odd | None, ...]
    at: Place

    def cell(self, column: int | None) -> Cell | None:
        """Return the cell in a column, counted from 0; None if it is empty, or if the column is None."""
        if column is None or column >= len(self.held):
            return None
        held = self.held[column]
        if held is None:
            return None
        where = self.at(self.number, column)
        if isinstance(held, Odd):
            return Cell(held.value, where, held.is_percentage, held.problem)
        return Cell(held, where)

    def holds(self, column: int) -> bool:
        """Return whether the cell in a column is not empty."""
        return column < len(self.held) and self.held[column] is not None

    @property
    def cells(self) -> Iterator[tuple[int, Cell]]:
        """The cells that are not empty, each with the number of its column."""
        return ((number, cell) for number in range(len(self.held)) if (cell := self.cell(number)) is not None)

    def texts(self, columns: Iterable[int]) -> tuple[str | None, ...]:
        """Return what the cells in some columns hold, as texts; None for an empty one."""
        held = (self.held[number] if number < len(self.held) else None for number in columns)
        return tuple([None if one is None else str(one.value if isinstance(one, Odd) else one) for one in held])


@frozen(eq=False)
class Sheet:
    """A table: a row of heads, and the rows below it that are not empty.

    Args:
        name: its name; of a CSV file, the name of the file without its ending.
        location: its place as a unit.
        head: the first row.
        rows: the other rows.
        at: returns the places of cells.
        warnings: what is odd about it and is read all the same.
    """

    name: str
    location: Location
    head: Row
    rows: tuple[Row, ...]
    at: Place
    warnings: tuple[Diagnostic, ...] = ()


def with_heads(sheet: Sheet, known: Iterable[str], gather: DiagnosticCollector) -> Sheet:
    """Return a sheet whose first row is that with the heads. If it stands further down, that is added to `gather`.

    Args:
        sheet: the sheet.
        known: the names that its columns can have.
        gather: collects the diagnostics.
    """
    names = frozenset(known)
    if _names_in(sheet.head) & names:
        return sheet
    for number, row in enumerate(sheet.rows[:MAX_ABOVE], 1):
        if len(_names_in(row) & names) > 1:
            message = f"the heads of the columns stand in row {row.number}, not in the first row"
            column = next(column for column, held in enumerate(row.held) if held is not None)
            gather.add("misplaced-heads", message, sheet.at(row.number, column), "delete the rows above them")
            return evolve(sheet, head=row, rows=sheet.rows[number:])
    return sheet


def _names_in(row: Row) -> frozenset[str]:
    return frozenset(held.strip() for held in row.held if isinstance(held, str))


def table_of(
    sheet: Sheet, known: Iterable[str], required: Iterable[str], gather: DiagnosticCollector
) -> tuple[Sheet, dict[str, int]]:
    """Return a sheet from its heads on, and the numbers of its columns by name.

    Heads that are misplaced, and columns that are unknown, repeated or missing are added to `gather`.

    Args:
        sheet: the sheet.
        known: the names that its columns can have.
        required: the names that must be there.
        gather: collects the diagnostics.
    """
    known = tuple(known)
    sheet = with_heads(sheet, known, gather)
    numbers: dict[str, int] = {}
    meant: set[str | None] = set()
    for number, cell in sheet.head.cells:
        name = gather.attempt(_name_of, cell)
        if name is None or name.startswith(IGNORED):
            continue
        if name not in known:
            gather.add("unknown-column", f"unknown column `{name}`", cell.location, did_you_mean(name, known, few=40))
            meant.add(nearest(name, known))
        elif name in numbers:
            gather.add("repeated-key", f"column `{name}` is repeated", cell.location, "keep one of the two")
        else:
            numbers[name] = number
    last = next((cell.location for _, cell in reversed([*sheet.head.cells])), sheet.location)
    for name in required:
        if name not in numbers and name not in meant:
            gather.add("missing-column", f"column `{name}` is missing", last, f"write `{name}` into the first row")
    _refuse_headless(sheet, gather)
    return sheet, numbers


def rows_of(sheet: Sheet, columns: Mapping[str, int]) -> Iterator[Row]:
    """Yield the rows that have a cell in a known column. What stands beside them has been reported."""
    numbers = set(columns.values())
    return (row for row in sheet.rows if any(held is not None and n in numbers for n, held in enumerate(row.held)))


def _name_of(cell: Cell) -> str:
    return str(cell.content)


def _refuse_headless(sheet: Sheet, gather: DiagnosticCollector) -> None:
    """Report the first cell of each column that has no head."""
    headed = {number for number, _ in sheet.head.cells}
    for row in sheet.rows:
        for number, held in enumerate(row.held):
            if held is not None and number not in headed:
                headed.add(number)
                gather.include(without_head(sheet.at(row.number, number)))


def without_head(where: Location) -> Diagnostic:
    """Return the diagnostic of a cell whose column has no head."""
    help = "write the name of the column into the first row, or delete the cell"
    return Diagnostic("missing-column", "the column of this cell has no head", where, help)


def invisible_characters(rows: Iterable[Row]) -> Iterator[Diagnostic]:
    """Yield a warning for each text that holds a character without a width."""
    for row in rows:
        for number, held in enumerate(row.held):
            if type(held) is str and not held.isprintable():
                found = next((character for character in held if character in INVISIBLE), None)
                if found is not None:
                    message = f"the text holds {named(found)}, which no one sees"
                    help = "delete the text and type it again"
                    where = row.at(row.number, number)
                    yield Diagnostic("invisible-character", message, where, help, Severity.WARNING)


def repeated_rows(sheet: Sheet) -> Iterator[Diagnostic]:
    """Yield a warning for each row that holds what one above it holds: the two state one fact."""
    read = [number for number, head in sheet.head.cells if not str(head.value).startswith(IGNORED)]
    first: dict[tuple[str | None, ...], int] = {}
    for row in sheet.rows:
        above = first.setdefault(row.texts(read), row.number)
        if above != row.number:
            message = f"the row states the same as row {above}, and counts once"
            help = "correct it if it was copied to be changed, or delete it"
            yield Diagnostic("repeated-row", message, sheet.at(row.number, 0), help, Severity.WARNING)
