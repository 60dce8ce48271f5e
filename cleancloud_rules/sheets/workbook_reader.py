"""Reads workbooks (XLSX). The only module that knows openpyxl."""

import re
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from attrs import define, field

from cleancloud_rules.diagnostics.collector import reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, Severity, SourceFile
from cleancloud_rules.documents.file_reader import content_of
from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.model.exact import is_whole, magnitude
from cleancloud_rules.sheets.grid import MAX_CELLS, Content, Odd, Row, Sheet
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
    book, file = opened(content, name, is_whole=False), SourceFile(name)
    found: list[Sheet] = []
    count = 0
    with _as_workbook(name):
        for sheet in book.worksheets:
            if is_read(sheet.title):
                reader = _Reader(sheet, file, MAX_CELLS - count)
                found.append(reader.sheet())
                count += reader.count
    return tuple(found)


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
    except ImportError as error:
        raise MissingExtraError(_MISSING) from error
    where = Location(SourceFile(name))
    if content.startswith(_OLD):
        help = "save it as .xlsx, without a password"
        raise reject("bad-workbook", f"`{name}` has the old form .xls, or a password", where, help)
    with _as_workbook(name):
        with ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
                message = f"cannot read `{name}`: its parts have more than {MAX_UNPACKED:,} bytes"
                raise reject("file-too-large", message, where, "split it into several files")
        return load_workbook(BytesIO(content), read_only=not is_whole, keep_links=False)


@contextmanager
def _as_workbook(name: str) -> Iterator[None]:
    """Turn the errors of openpyxl, which it also raises while rows are read, into a `Rejected`."""
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - an extra for workbooks alone

    kinds = (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError, OSError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says what it will not write again, and nothing is written
            yield
    except (*kinds, zlib.error) as error:
        help = "open it in a spreadsheet program and save it as .xlsx"
        message = f"`{name}` is no workbook that can be read"
        raise reject("bad-workbook", message, Location(SourceFile(name)), help) from error


@define(eq=False)
class _Reader:
    """Reads a sheet, a row at a time. So no cell of openpyxl is kept.

    Args:
        source: the sheet of openpyxl.
        file: the workbook.
        at_most: the maximum number of its cells.

    Attributes:
        count: how many cells were read.
    """

    source: Any
    file: SourceFile
    at_most: int
    count: int = 0
    _parser: Any = field(default=None, init=False)
    _percentages: dict[int, bool] = field(factory=dict, init=False)

    def sheet(self) -> Sheet:
        """Return the sheet.

        Raises:
            Rejected: if it has too many cells.
        """
        # The cells are looked up where there are some: a single cell far away would make a billion empty ones.
        found: dict[int, dict[int, Content | Odd]] = {}
        for cell in self._cells():
            held = self._held(cell)
            if held is not None:
                found.setdefault(cell["row"], {})[cell["column"]] = held
        for row, column, merged in self._merged(found):
            found[row][column] = merged
        name = self.source.title
        at = partial(_place, self.file, name)
        rows = [Row(number, _in_order(found[number]), at) for number in sorted(found)]
        head = rows.pop(0) if rows and rows[0].number == _HEAD else Row(_HEAD, (), at)
        where = Location(self.file, sheet=name)
        return Sheet(name, where, head, tuple(rows), at, tuple(self._hidden(rows)))

    def _cells(self) -> Iterator[dict[str, Any]]:
        """Yield the cells as openpyxl has parsed them."""
        from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415 - an extra for workbooks alone

        book = self.source.parent
        # openpyxl itself reads a sheet by rows with this parser, and then says nothing of merged and of hidden cells.
        with self.source._get_source() as part:
            self._parser = WorkSheetParser(
                part,
                self.source._shared_strings,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for _, cells in self._parser.parse():
                self.count += len(cells)
                if self.count > self.at_most:
                    name = self.file.name
                    message = f"cannot read `{name}`: it has more than {MAX_CELLS:,} cells"
                    raise reject("file-too-large", message, Location(self.file), "split it into several files")
                yield from cells

    def _held(self, cell: dict[str, Any]) -> Content | Odd | None:
        """Return what a cell holds; None if it is empty."""
        value = cell["value"]
        if value is None or (type(value) is str and not value.strip()):
            return None
        kind = cell["data_type"]
        if kind == "s":
            return _unescaped(str(value))
        where = _place(self.file, self.source.title, cell["row"], cell["column"] - 1)
        if kind == "f":
            help = "copy the cell, and paste its value over the formula"
            shown = value if isinstance(value, str) else "={...}"
            return _unreadable(f"the cell holds the formula `{shown}`, not a value", where, help, code="formula-cell")
        if kind == "e":
            return _unreadable(f"the cell shows the error `{value}`", where, "write the value", code="error-cell")
        if kind == "b":
            return bool(value)
        if kind == "d":
            return _day(value, where)
        return _number(value, where, is_percentage=self._is_percentage(cell["style_id"]))

    def _is_percentage(self, style: int) -> bool:
        """Return whether cells of a style show their numbers as percentages."""
        known = self._percentages.get(style)
        if known is None:
            from openpyxl.cell.read_only import ReadOnlyCell  # noqa: PLC0415 - an extra for workbooks alone

            format = ReadOnlyCell(self.source, 1, 1, None, style_id=style).number_format
            known = self._percentages[style] = "%" in (format or "")
        return known

    def _merged(self, found: dict[int, dict[int, Content | Odd]]) -> Iterator[tuple[int, int, Odd]]:
        """Yield what each merged cell holds in a row and a column that are used: a problem."""
        columns = {column for row in found.values() for column in row}
        for area in self._areas():
            where = _place(self.file, self.source.title, area.min_row, area.min_col - 1)
            message = f"the cells {area.coord} are merged"
            problem = Diagnostic("merged-cells", message, where, "divide them, and write the value into each cell")
            cells = Odd("", problem=problem)
            for row in [number for number in found if area.min_row <= number <= area.max_row]:
                for column in [number for number in columns if area.min_col <= number <= area.max_col]:
                    yield row, column, cells

    def _areas(self) -> Iterator[Any]:
        """Yield the areas of merged cells."""
        from openpyxl.worksheet.cell_range import CellRange  # noqa: PLC0415 - an extra for workbooks alone

        merged = self._parser.merged_cells
        return (CellRange(each.ref) for each in (merged.mergeCell if merged is not None else ()))

    def _hidden(self, rows: list[Row]) -> Iterator[Diagnostic]:
        """Yield a warning if the sheet is hidden, or if rows or columns of it are."""
        hidden = {int(number) for number, size in self._parser.row_dimensions.items() if _is_hidden(size)}
        numbers = [row.number for row in rows if row.number in hidden]
        where = Location(self.file, sheet=self.source.title)
        help = "show what is hidden, and look whether it is meant"
        if rows and self.source.sheet_state != "visible":
            yield Diagnostic("hidden-cells", "the sheet is hidden, and is read", where, help, Severity.WARNING)
        if numbers:
            more = f", as are {len(numbers) - 1} more" if len(numbers) > 1 else ""
            message = f"row {numbers[0]} is hidden, and is read{more}"
            yield Diagnostic(
                "hidden-cells", message, _place(self.file, self.source.title, numbers[0], 0), help, Severity.WARNING
            )
        columns = [letters for letters, size in self._parser.column_dimensions.items() if _is_hidden(size)]
        if rows and columns:
            letters = ", ".join(columns)
            message = f"columns are hidden, and are read: {letters}"
            yield Diagnostic("hidden-cells", message, where, help, Severity.WARNING)


def _is_hidden(size: Mapping[str, str]) -> bool:
    return size.get("hidden", "0") not in ("0", "false")


def _unescaped(text: str) -> str:
    """Return a text with the control characters that stand in a workbook as escapes, such as ``_x000D_``."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _place(file: SourceFile, sheet: str, row: int, column: int) -> Location:
    # No method, which would keep all cells of the workbook in memory for as long as its places are asked for.
    return Location(file, sheet=sheet, sheet_row=row, sheet_column=column + 1)


def _in_order(held: dict[int, Content | Odd]) -> tuple[Content | Odd | None, ...]:
    return tuple([held.get(column) for column in range(1, max(held) + 1)])


def _unreadable(message: str, where: Location, help: str, *, code: str) -> Odd:
    return Odd("", problem=Diagnostic(code, message, where, help))


def _day(value: Any, where: Location) -> Content | Odd:
    """Return what a cell holds that the spreadsheet shows as a date."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if type(value) is date:
        return value
    message = f"the cell holds a time, `{value}`, and not a day"
    return _unreadable(message, where, "format the cell as text, and write the value again", code="wrong-type")


def _number(value: Any, where: Location, *, is_percentage: bool) -> Content | Odd:
    """Return what a cell with a number holds, to the digits that a spreadsheet keeps and shows."""
    exact = Decimal(value)
    number = Decimal(f"{value:.{_DIGITS}g}") if isinstance(value, float) else exact
    if not exact.is_finite() or magnitude(exact) >= _TOO_LONG:
        message = f"the number `{value}` has more than {_DIGITS} digits, which spreadsheets do not keep"
        return _unreadable(
            message, where, "format the cell as text, and write the number again", code="too-many-digits"
        )
    content: Content = int(number) if is_whole(number) else number
    return Odd(content, is_percentage=True) if is_percentage else content
