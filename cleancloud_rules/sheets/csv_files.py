"""Reads and writes tables as CSV (RFC 4180), without formulas."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import define, field

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.file_reader import text_in
from cleancloud_rules.reports.pages.tables import FORMULA_STARTS
from cleancloud_rules.sheets.grid import MAX_CELLS, Row, Sheet

SUFFIX = ".csv"
"""How the names of CSV files end."""

_CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|\Z)')
_QUOTED = re.compile(r'[",\r\n]|^\s|\s$')
_LINE = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def sheet_of_csv(path: Path) -> Sheet:
    """Return the table in a CSV file. Values that are not quoted may not hold quotes.

    Raises:
        Rejected: if the file cannot be read, or if it is not CSV.
    """
    return sheet_of_text(text_in(path), str(path), path.stem)


def sheet_of_text(text: str, file: str, name: str) -> Sheet:
    """Return the table in CSV text.

    Args:
        text: the text.
        file: the name of the file.
        name: the name of the table.

    Raises:
        Rejected: if it is not CSV.
    """
    reader = _Reader(SourceFile(file, text))
    rows = list(reader.rows())
    head = rows.pop(0) if rows and rows[0].number == 1 else Row(1, (), reader.at)
    # A title above the heads may hold a semicolon too; then the line below it has none.
    if len(head.held) == 1 and all(_has_semicolon(row) for row in (head, *rows[:1])):
        help = "save the file with commas between the values"
        message = "the values of this table are separated by semicolons"
        raise reject("bad-table", message, reader.at(1, 0), help)
    return Sheet(name, Location(reader.file), head, tuple(rows), reader.at)


def _has_semicolon(row: Row) -> bool:
    return any(";" in value for value in row.held if isinstance(value, str))


@define
class _Reader:
    """Reads CSV text, and keeps the place of each cell.

    Args:
        file: the file.
    """

    file: SourceFile
    _starts: list[int] = field(init=False)
    _spans: dict[int, list[tuple[int, int]]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._starts = [0, *(found.end() for found in _LINE.finditer(self.file.text))]

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not empty."""
        text, place, number, count = self.file.text, 0, 1, 0
        held: list[str | None] = []
        spans: list[tuple[int, int]] = []
        while True:
            found = _CELL.match(text, place)
            if found is None:
                help = "put a value that holds quotes or commas in double quotes, and double each quote in it"
                raise reject("bad-table", "this line is not CSV", self._whole_line(place), help)
            end = found.start(3)
            value = found[2] if found[1] is None else found[1].replace('""', '"')
            spans.append((place, end))
            held.append(unguarded(value) if value.strip() else None)
            count += 1
            if found[3] != ",":
                while held and held[-1] is None:
                    held.pop()
                if held:
                    self._spans[number] = spans
                    yield Row(number, tuple(held), self.at)
                held, spans, number = [], [], number + 1
            if count > MAX_CELLS:
                message = f"cannot read `{self.file.name}`: it has more than {MAX_CELLS:,} cells"
                raise reject("file-too-large", message, Location(self.file), "split it into several files")
            if found.end() >= len(text) and found[3] != ",":
                return
            place = found.end()

    def at(self, row: int, column: int) -> Location:
        """Return the place of a cell; that of the last one of its row if the row is too short."""
        spans = self._spans.get(row)
        return self._location(*spans[min(column, len(spans) - 1)]) if spans else Location(self.file)

    def _location(self, start: int, end: int) -> Location:
        line, last = self._line(start), self._line(end)
        return Location(
            self.file, line, start - self._starts[line - 1] + 1, last, max(end, start + 1) - self._starts[last - 1] + 1
        )

    def _whole_line(self, place: int) -> Location:
        line = self._line(place)
        return Location(self.file, line, 1, line, max(1, len(self.file.line(line))) + 1)

    def _line(self, place: int) -> int:
        return bisect_right(self._starts, place)


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of texts as CSV in which no spreadsheet finds a formula."""
    return "".join(",".join(_written(guarded(text)) for text in row) + "\r\n" for row in rows)


def _written(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe stands before one that looks like one."""
    return f"'{text}" if _is_like_formula(text) else text


def unguarded(text: str) -> str:
    """Return the text from which `guarded` makes a text."""
    return text[1:] if text.startswith("'") and _is_like_formula(text[1:]) else text


def _is_like_formula(text: str) -> bool:
    return text.lstrip(" '\r\n").startswith(FORMULA_STARTS)


def sheets_of_csv(paths: Iterable[Path], gather: DiagnosticCollector) -> tuple[Sheet, ...]:
    """Return the tables in CSV files. Errors are added to `gather`."""
    found = (gather.attempt(sheet_of_csv, path) for path in paths)
    return tuple(sheet for sheet in found if sheet is not None)
