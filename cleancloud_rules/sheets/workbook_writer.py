"""Writes workbooks (XLSX): equal content gives equal bytes. The only module that knows XlsxWriter."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from attrs import frozen

from cleancloud_rules.diagnostics.diagnostic import SheetCell
from cleancloud_rules.errors import MissingExtraError

ROWS = 500
"""The number of rows below the heads that have drop-downs."""

LISTS = "_lists"
"""The hidden sheet that holds the values of drop-downs."""

_MADE = datetime(2024, 1, 1)  # noqa: DTZ001 - a workbook has a date of creation; no clock makes two of them different
_MISSING = "workbooks need XlsxWriter: pip install 'cleancloud-rules[xlsx]'"
_WIDEST = 60

Value = str | int | Decimal | bool | None
"""What a cell of results holds."""


@frozen
class Choices:
    """A drop-down.

    Args:
        values: the values to choose from.
        sheet: a sheet whose first column has further values; None if there are none.
        is_strict: whether the program refuses other values; otherwise it asks.
    """

    values: tuple[str, ...] = ()
    sheet: str | None = None
    is_strict: bool = True


@frozen
class Head:
    """A column of a sheet.

    Args:
        name: its name.
        is_required: whether each row needs a value.
        comment: what the column means, shown beside its head; may be empty.
        choices: its drop-down; None if it has none.
        width: how wide it is, in characters.
    """

    name: str
    is_required: bool = False
    comment: str = ""
    choices: Choices | None = None
    width: int = 16


@frozen
class Page:
    """A sheet.

    Args:
        name: its name.
        heads: its columns.
        rows: its rows.
        is_text: whether all its cells are texts, which a program leaves as they are typed.
        is_hidden: whether a program does not show it.
    """

    name: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Value, ...], ...] = ()
    is_text: bool = True
    is_hidden: bool = False


def workbook_bytes(
    pages: Iterable[Page], first: Iterable[str], first_name: str, properties: Mapping[str, str]
) -> bytes:
    """Return a workbook as the bytes of its file.

    Args:
        pages: the sheets.
        first: the lines of the first sheet. One that begins with `#` is a heading.
        first_name: the name of the first sheet.
        properties: further properties of the document, by name.

    Raises:
        MissingExtraError: if XlsxWriter is missing; the message says what to install.
    """
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415 - an extra for workbooks alone
    except ImportError as error:
        raise MissingExtraError(_MISSING) from error
    written = BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    book = Workbook(written, options)
    book.set_properties({"created": _MADE})
    for name, value in properties.items():
        book.set_custom_property(name, value)
    _Writer(book).write(tuple(pages), tuple(first), first_name)
    book.close()
    return written.getvalue()


class _Writer:
    """Writes the sheets of a workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._number = book.add_format({"valign": "top"})
        self._heads = {
            True: book.add_format({"num_format": "@", "bold": True, "bg_color": "#DCE6F1", "bottom": 1}),
            False: book.add_format({"num_format": "@", "italic": True, "bg_color": "#EEEEEE", "bottom": 1}),
        }
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._prose = book.add_format({"text_wrap": True, "valign": "top"})
        self._lists: Any = None
        self._columns: dict[Choices, str] = {}

    def write(self, pages: tuple[Page, ...], first: tuple[str, ...], first_name: str) -> None:
        """Write all sheets."""
        intro = self._book.add_worksheet(first_name)
        intro.set_column(0, 0, 110, self._prose)
        intro.hide_gridlines(2)
        self._print_on_width(intro)
        for number, line in enumerate(first):
            is_heading = line.startswith("#")
            intro.write_string(number, 0, line.lstrip("# "), self._title if is_heading else self._prose)
        sheets = [(page, self._book.add_worksheet(page.name)) for page in pages]
        self._lists = self._book.add_worksheet(LISTS)
        self._lists.hide()
        for page, sheet in sheets:
            self._page(page, sheet)
            if page.is_hidden:
                sheet.hide()
        intro.activate()

    def _page(self, page: Page, sheet: Any) -> None:
        last = max(len(page.rows), ROWS)
        for column, head in enumerate(page.heads):
            sheet.set_column(column, column, min(max(head.width, len(head.name) + 4), _WIDEST),
                             self._text if page.is_text else self._number)  # fmt: skip
            sheet.write_string(0, column, head.name, self._heads[head.is_required])
            if head.comment:
                lines = head.comment.count("\n") + len(head.comment) // 45 + 2
                sheet.write_comment(0, column, head.comment, {"width": 300, "height": 18 * lines, "author": ""})
            if head.choices is not None:
                sheet.data_validation(1, column, last, column, self._validation(head.choices))
        for number, row in enumerate(page.rows, 1):
            for column, value in enumerate(row):
                self._cell(sheet, number, column, value, self._text if page.is_text else self._number)
        sheet.freeze_panes(1, 1)
        self._print_on_width(sheet)
        sheet.repeat_rows(0)
        if page.heads:
            sheet.autofilter(0, 0, max(len(page.rows), 1), len(page.heads) - 1)

    def _print_on_width(self, sheet: Any) -> None:
        """Print all columns of a sheet beside each other, on as many pages as its rows need."""
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _cell(self, sheet: Any, row: int, column: int, value: Value, form: Any) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, form)
        elif isinstance(value, int | Decimal):
            sheet.write_number(row, column, value, form)
        elif value:
            sheet.write_string(row, column, value, form)

    def _validation(self, choices: Choices) -> dict[str, Any]:
        """Return a drop-down whose values stand in the hidden sheet, so that they may be many and long."""
        refused = "choose a value of the list, or leave the cell empty"
        return {
            "validate": "list",
            "source": self._source(choices),
            "error_type": "stop" if choices.is_strict else "warning",
            "error_title": "Not in the list",
            "error_message": f"This value is not in the list: {refused}.",
        }

    def _source(self, choices: Choices) -> str:
        if not choices.values and choices.sheet is not None:
            return f"='{choices.sheet}'!$A$2:$A${ROWS + 1}"
        if choices not in self._columns:
            column = len(self._columns)
            for row, value in enumerate(choices.values):
                self._lists.write_string(row, column, value)
            rows = len(choices.values)
            for row in range(2, ROWS + 2) if choices.sheet is not None else ():
                name = f"'{choices.sheet}'!$A${row}"
                self._lists.write_formula(rows, column, f'=IF({name}="","",{name})', None, "")
                rows += 1
            letters = SheetCell(LISTS, 0, column + 1).name
            self._columns[choices] = f"={LISTS}!${letters}$1:${letters}${max(rows, 1)}"
        return self._columns[choices]
