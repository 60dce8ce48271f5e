"""Diagnostics as data: code, message, location, help and severity. Also their text form."""

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum
from functools import cached_property

from attrs import field, frozen

from cleancloud_rules.diagnostics.characters import visible

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NUMBER = re.compile(r"([0-9]+)")
_WIDEST = 160


class Severity(Enum):
    """The severity of a diagnostic: an error rejects the input, a warning does not, and a note asks for nothing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen
class SourceFile:
    """The text of a file.

    Args:
        name: the file's path as the user gave it, or ``<text>`` and ``<data>`` for input without a file.
        text: the full text; empty for Python data.
    """

    name: str
    text: str = field(default="", repr=False)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their line ends, as YAML counts them. After a final line end, the last line is empty."""
        return tuple(_LINE_END.split(self.text))

    def line(self, number: int) -> str:
        """Return line `number`, counted from 1, without its line end; an empty text if there is no such line."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@frozen
class SheetCell:
    """A cell of a workbook.

    Args:
        sheet: the name of its sheet.
        row: its row, counted from 1; 0 for the sheet as a unit.
        column: its column, counted from 1.
    """

    sheet: str
    row: int = 0
    column: int = 0

    @property
    def name(self) -> str:
        """Its name in the sheet, such as ``C2``; empty for the sheet as a unit."""
        letters, number = "", self.column
        while number:
            number, last = divmod(number - 1, 26)
            letters = chr(ord("A") + last) + letters
        return f"{letters}{self.row or ''}"

    def __str__(self) -> str:
        return f"Sheet `{self.sheet}`" + (f" cell {self.name}" if self.row else "")


@frozen
class Location:
    """A place in a file: a span of characters and the path of keys that leads to it, or a cell of a workbook.

    Args:
        file: the file.
        line: first line, counted from 1; 0 for a file as a unit and for Python data.
        column: first column in characters, counted from 1.
        end_line: last line.
        end_column: the column after the last character.
        path: keys and indices from the top of the document, such as ``criteria[2].rules[0].points``.
        sheet: the name of the sheet, if the file is a workbook.
        sheet_row: the row in the sheet, counted from 1; 0 for the sheet as a unit.
        sheet_column: the column in the sheet, counted from 1.
    """

    file: SourceFile
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    path: str = ""
    sheet: str = ""
    sheet_row: int = 0
    sheet_column: int = 0

    @property
    def cell(self) -> SheetCell | None:
        """The cell, if the file is a workbook."""
        # Made when it is asked for: a large workbook has many places, and few are shown.
        return SheetCell(self.sheet, self.sheet_row, self.sheet_column) if self.sheet else None

    def __str__(self) -> str:
        if self.sheet:
            return f"{self.file.name}: {self.cell}"
        if self.line:
            return f"{self.file.name}:{self.line}:{self.column}"
        return f"{self.file.name}:{self.path}" if self.path else self.file.name

    @property
    def sort_key(self) -> tuple[str, int, int, tuple[str | int, ...]]:
        """File, line, column and path: the order in which diagnostics are shown. Indices are compared as numbers."""
        if self.sheet:
            return (self.file.name, 0, 0, (self.sheet, self.sheet_row, "", self.sheet_column))
        # A path splits into texts and numbers in turn, the first and the last being texts, so that parts at one
        # position are always of one type.
        parts = _NUMBER.split(self.path)
        path = tuple(int(part) if index % 2 else part for index, part in enumerate(parts))
        return (self.file.name, self.line, self.column, path)

    @property
    def text(self) -> str:
        """The characters that the location spans on its first line. An excerpt underlines them."""
        line = self.file.line(self.line)
        if self.end_line > self.line:
            return line[self.column - 1 :].rstrip()
        return line[self.column - 1 : self.end_column - 1]


@frozen
class Diagnostic:
    """A problem in the input.

    Args:
        code: a stable kebab-case word that has a section in the reference.
        message: what is wrong, in one lower-case sentence that quotes the user's text.
        location: where it is wrong.
        help: how to fix it; empty if the message is enough.
        severity: error, warning or note.

    Example:
        >>> import cleancloud_rules as cc
        >>> found = cc.check({"methodology.yaml": {"id": "doors"}})[0]
        >>> found.code, found.severity.value, found.location.path
        ('missing-file', 'error', '')
    """

    code: str
    message: str
    location: Location
    help: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return render(self)

    @property
    def is_error(self) -> bool:
        """Whether the diagnostic rejects the input."""
        return self.severity is Severity.ERROR


def render(diagnostic: Diagnostic) -> str:
    """Return the diagnostic as text: its location and message, the line with the place underlined, and the help."""
    where = diagnostic.location
    lines = [visible(f"{where}: {diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}")]
    if where.line:
        shown, marks = _excerpt(where)
        lines.append(f"  {where.line:>5} | {shown}".rstrip())
        lines.append(f"        | {marks}")
    if diagnostic.help:
        lines.append(visible(f"  help: {diagnostic.help}"))
    return "\n".join(lines)


def _excerpt(where: Location) -> tuple[str, str]:
    """Return the line and the marks that underline the place in it. A very long line is cut around the place."""
    line, start, end = where.file.line(where.line), where.column - 1, where.column - 1 + len(where.text)
    first = max(0, start - _WIDEST // 4) if len(line) > _WIDEST else 0
    last = min(len(line), first + _WIDEST)
    lead, trail = "…" if first else "", "…" if last < len(line) else ""
    padding = _width(lead + line[first:start])
    marks = "^" * max(1, _width(line[start : min(end, last)]))
    return _shown(lead + line[first:last] + trail), " " * padding + marks


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in _shown(text)
    )


def _shown(text: str) -> str:
    """Return a text as an excerpt shows it: without anything that would move or colour the line."""
    return visible(text.replace("\t", " "))


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics without repetitions, sorted by file, line, column and code."""
    key = {(d.location.sort_key, d.code, d.message): d for d in diagnostics}
    return tuple(key[k] for k in sorted(key))
