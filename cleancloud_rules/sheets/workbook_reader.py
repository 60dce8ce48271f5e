"""Reads workbooks (XLSX). The only module that knows openpyxl."""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from attrs import frozen

from cleancloud_rules.diagnostics.collector import reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, Severity, SheetCell, SourceFile
from cleancloud_rules.documents.file_reader import content_of
from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.model.exact import is_whole, magnitude
from cleancloud_rules.sheets.grid import MAX_CELLS, Cell, Content, Row, Sheet
from cleancloud_rules.sheets.layout import DATASET, is_read

if TYPE_CHECKING:
    from openpyxl import Workbook

SUFFIX = ".xlsx"
"""How the names of workbooks end."""

MAX_UNPACKED = 2**28
"""The maximum size of a workbook whose parts are unpacked, in bytes."""

MAX_HEAD = 100
"""The number of rows of the sheet `dataset` in which the methodology is looked for."""

_DIGITS = 15
"""The number of digits that spreadsheets keep of a number."""

_TOO_LONG = 10**_DIGITS
"""The lowest whole number with more digits."""

_MISSING = "workbooks need openpyxl: pip install 'cleancloud-rules[xlsx]'"
_ESCAPE = re.compile("_x(00[01][0-9A-Fa-f])_")
_OLD = b"\xd0\xcf\x11\xe0"
_HEAD = 1


def is_workbook(path: Path) -> bool:
    """Return whether a path is named as a workbook."""
    return path.suffix.lower() == SUFFIX


def sheets_of_workbook(path: Path) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook that have cells, in its order; those whose names begin with `_` are left out.

    Raises:
        MissingExtraError: if openpyxl is missing; the message says what to install.
        Rejected: if it cannot be read.
    """
    return sheets_of_content(content_of(path), str(path))


def methodology_in(path: Path) -> str | None:
    """Return the methodology that a workbook names in its sheet `dataset`; None if it names none.

    Raises:
        MissingExtraError: if openpyxl is missing; the message says what to install.
        Rejected: if the workbook cannot be read.
    """
    book = opened(content_of(path), str(path), is_whole=False)
    rows = book[DATASET].iter_rows(max_row=MAX_HEAD, max_col=2, values_only=True) if DATASET in book.sheetnames else ()
    return next((value for key, value in rows if key == "methodology" and isinstance(value, str)), None)


def sheets_of_content(content: bytes, name: str) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook from the bytes of its file; see `sheets_of_workbook`.

    Args:
        content: the bytes.
        name: the name of the file.
    """
    book, file = opened(content, name), SourceFile(name)
    return tuple(_Reader(sheet, file).sheet() for sheet in book.worksheets if is_read(sheet.title))


def opened(content: bytes, name: str, *, is_whole: bool = True) -> "Workbook":
    """Return a workbook of openpyxl.

    Args:
        content: the bytes of its file.
        name: the name of the file.
        is_whole: whether all its cells are read; otherwise each row is read when it is asked for.

    Raises:
        MissingExtraError: if openpyxl is missing.
        Rejected: if it is no workbook, or a too large one.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - an extra for workbooks alone
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - as above
    except ImportError as error:
        raise MissingExtraError(_MISSING) from error
    where = Location(SourceFile(name))
    if content.startswith(_OLD):
        help = "save it as .xlsx, without a password"
        raise reject("bad-workbook", f"`{name}` has the old form .xls, or a password", where, help)
    try:
        with ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
                message = f"cannot read `{name}`: its parts have more than {MAX_UNPACKED:,} bytes"
                raise reject("file-too-large", message, where, "split it into several files")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says what it will not write again, and nothing is written
            book = load_workbook(BytesIO(content), read_only=not is_whole, keep_links=False)
    except (
        BadZipFile,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        OSError,
    ) as error:
        help = "open it in a spreadsheet program and save it as .xlsx"
        raise reject("bad-workbook", f"`{name}` is no workbook that can be read", where, help) from error
    if is_whole and sum(len(sheet._cells) for sheet in book.worksheets) > MAX_CELLS:
        message = f"cannot read `{name}`: it has more than {MAX_CELLS:,} cells"
        raise reject("file-too-large", message, where, "split it into several files")
    return book


@frozen(eq=False)
class _Reader:
    """Reads a sheet.

    Args:
        source: the sheet of openpyxl.
        file: the workbook.
    """

    source: Any
    file: SourceFile

    def sheet(self) -> Sheet:
        """Return the sheet."""
        # The cells are looked up where there are some: a single cell far away would make a billion empty ones.
        found: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in self.source._cells.items():
            read = self._cell(cell, row, column)
            if read is not None:
                found.setdefault(row, {})[column] = read
        for row, column, merged in self._merged(found):
            found.setdefault(row, {})[column] = merged
        rows = [Row(number, _in_order(found[number])) for number in sorted(found)]
        head = rows.pop(0) if rows and rows[0].number == _HEAD else Row(_HEAD, ())
        name = self.source.title
        return Sheet(
            name,
            Location(self.file, cell=SheetCell(name)),
            head,
            tuple(rows),
            partial(_place, self.file, name),
            tuple(self._hidden(rows)),
        )

    def _cell(self, cell: Any, row: int, column: int) -> Cell | None:
        value = cell.value
        if value is None or (type(value) is str and not value.strip()):
            return None
        where = Location(self.file, cell=SheetCell(self.source.title, row, column))
        kind = cell.data_type
        if kind == "s":
            return Cell(_unescaped(str(value)), where)
        if kind == "f":
            help = "copy the cell, and paste its value over the formula"
            shown = value if isinstance(value, str) else "={...}"
            return _unreadable(f"the cell holds the formula `{shown}`, not a value", where, help, code="formula-cell")
        if kind == "e":
            return _unreadable(f"the cell shows the error `{value}`", where, "write the value", code="error-cell")
        if kind == "b":
            return Cell(bool(value), where)
        if kind == "d":
            return _day(value, where)
        return _number(value, where, is_percentage="%" in (cell.number_format or ""))

    def _merged(self, found: dict[int, dict[int, Cell]]) -> Iterator[tuple[int, int, Cell]]:
        """Yield a cell with a problem for each merged cell in a row and a column that are used."""
        columns = {column for row in found.values() for column in row}
        for area in self.source.merged_cells.ranges:
            where = Location(self.file, cell=SheetCell(self.source.title, area.min_row, area.min_col))
            message = f"the cells {area.coord} are merged"
            problem = Diagnostic("merged-cells", message, where, "divide them, and write the value into each cell")
            cells = Cell("", where, problem=problem)
            for row in [number for number in found if area.min_row <= number <= area.max_row]:
                for column in [number for number in columns if area.min_col <= number <= area.max_col]:
                    yield row, column, cells

    def _hidden(self, rows: list[Row]) -> Iterator[Diagnostic]:
        """Yield a warning if the sheet is hidden, or if rows or columns of it are."""
        hidden = {number for number, size in self.source.row_dimensions.items() if size.hidden}
        numbers = [row.number for row in rows if row.number in hidden]
        where = Location(self.file, cell=SheetCell(self.source.title))
        help = "show what is hidden, and look whether it is meant"
        if rows and self.source.sheet_state != "visible":
            yield Diagnostic("hidden-cells", "the sheet is hidden, and is read", where, help, Severity.WARNING)
        if numbers:
            more = f", as are {len(numbers) - 1} more" if len(numbers) > 1 else ""
            message = f"row {numbers[0]} is hidden, and is read{more}"
            yield Diagnostic(
                "hidden-cells", message, _place(self.file, self.source.title, numbers[0], 0), help, Severity.WARNING
            )
        columns = [size for size in self.source.column_dimensions.values() if size.hidden]
        if rows and columns:
            letters = ", ".join(size.index for size in columns)
            message = f"columns are hidden, and are read: {letters}"
            yield Diagnostic("hidden-cells", message, where, help, Severity.WARNING)


def _unescaped(text: str) -> str:
    """Return a text with the control characters that stand in a workbook as escapes, such as ``_x000D_``."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _place(file: SourceFile, sheet: str, row: int, column: int) -> Location:
    # No method, which would keep all cells of the workbook in memory for as long as its places are asked for.
    return Location(file, cell=SheetCell(sheet, row, column + 1))


def _in_order(cells: dict[int, Cell]) -> tuple[Cell | None, ...]:
    return tuple([cells.get(column) for column in range(1, max(cells) + 1)])


def _unreadable(message: str, where: Location, help: str, *, code: str) -> Cell:
    return Cell("", where, problem=Diagnostic(code, message, where, help))


def _day(value: Any, where: Location) -> Cell:
    """Return a cell that the spreadsheet shows as a date."""
    if isinstance(value, datetime) and value.time() == time():
        return Cell(value.date(), where)
    if type(value) is date:
        return Cell(value, where)
    message = f"the cell holds a time, `{value}`, and not a day"
    return _unreadable(message, where, "format the cell as text, and write the value again", code="wrong-type")


def _number(value: Any, where: Location, *, is_percentage: bool) -> Cell:
    """Return a cell with a number, to the digits that a spreadsheet keeps and shows."""
    exact = Decimal(value)
    number = Decimal(f"{value:.{_DIGITS}g}") if isinstance(value, float) else exact
    if not exact.is_finite() or magnitude(exact) >= _TOO_LONG:
        message = f"the number `{value}` has more than {_DIGITS} digits, which spreadsheets do not keep"
        return _unreadable(
            message, where, "format the cell as text, and write the number again", code="too-many-digits"
        )
    content: Content = int(number) if is_whole(number) else number
    return Cell(content, where, is_percentage=is_percentage)
