"""Renders a document as plain text, and on a terminal."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from io import StringIO

from rich import table as layout
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as Shown

from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.reports.outline.blocks import (
    Column,
    Gap,
    Heading,
    Inline,
    Link,
    Notes,
    Outline,
    Paragraph,
    Ref,
    ShownTable,
    Styled,
    Table,
    Text,
)

_WORD = re.compile(r"\s*\S+")
_PADDING = (0, 2, 0, 0)
_LEAST = 40
"""The least width of a column that wraps its text."""


def as_text(document: Outline) -> str:
    """Return a document as plain text: without colour, without cuts, without spaces at the ends of lines."""
    return "\n".join(line.plain.rstrip() for line in _lines(document, document.width, is_terminal=False)) + "\n"


def on_terminal(document: Outline, width: int) -> list[Shown]:
    """Return a document as lines for a terminal of so many columns."""
    return list(_lines(document, width, is_terminal=True))


def _lines(document: Outline, width: int, *, is_terminal: bool) -> Iterator[Shown]:
    narrow = min(width, document.width)
    for block in document.blocks:
        match block:
            case Gap():
                yield Shown("")
            case Heading(text):
                yield from wrapped(_shown(text, "bold"), narrow)
            case Paragraph():
                yield from _paragraph(block, narrow)
            case ShownTable(table, spare):
                yield from _fitted(table, spare, width) if is_terminal else _whole(table, document.width)
            case Notes(notes):
                column = max((len(f"[{number}]") for number, _ in notes), default=0)
                for number, text in notes:
                    yield from _paragraph(Paragraph(text, 2, label=f"[{number}]", column=column), narrow)


def _paragraph(paragraph: Paragraph, width: int) -> Iterator[Shown]:
    first = " " * paragraph.indent
    if paragraph.label:
        first += f"{visible(paragraph.label):>{paragraph.column}} " + " " * (paragraph.column > 1)
    shown = _shown(paragraph.text, paragraph.style)
    lines = [shown] if paragraph.whole else wrapped(shown, width - len(first))
    for number, line in enumerate(lines):
        yield Shown.assemble(" " * len(first) if number else first, line)


def _shown(text: Text, style: str = "") -> Shown:
    return Shown.assemble(*((_word(part), _style(part)) for part in text), style=style)


def _style(part: Inline) -> str:
    return part.style if isinstance(part, Styled) and part.style != "code" else ""


def _word(part: Inline) -> str:
    """Return a piece of text on one line, in which no character moves, colours or hides others."""
    match part:
        case Ref(number):
            return f"[{number}]"
        case Styled(text, "code"):
            return f"`{visible(text)}`"
        case Link(text) | Styled(text) | str(text):
            return text if text.isprintable() else visible(text.replace("\n", " ").replace("\t", " "))


def wrapped(text: Shown, width: int) -> list[Shown]:
    """Return a text as lines. No word is broken, so that addresses can be copied.

    Between East Asian characters, which take two columns each, a line may end as well.
    """
    starts: list[int] = []
    used = 0
    for start, end in _words(text.plain):
        blank = len(text.plain[start:end]) - len(text.plain[start:end].lstrip())
        length = cell_len(text.plain[start:end])
        if used and used + length > width:
            starts.append(start + blank)
            used = length - blank
        else:
            used += length
    lines = list(text.divide(starts)) if starts else [text]
    for line in lines:
        line.rstrip()
    return lines


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of what a line must not break, with the spaces before it."""
    for match in _WORD.finditer(text):
        start = match.start()
        for place in range(match.start() + 1, match.end()):
            before, after = text[place - 1], text[place]
            if not before.isspace() and (_is_wide(before) or _is_wide(after)) and not _clings(before, after):
                yield start, place
                start = place
        yield start, match.end()


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _clings(before: str, after: str) -> bool:
    """Whether no line ends between two characters: before a closing mark and after an opening one."""
    return unicodedata.category(before) in ("Ps", "Pi") or unicodedata.category(after) in ("Pe", "Pf", "Po", "Mn")


def _console(width: int) -> Console:
    return Console(
        width=width,
        file=StringIO(),
        color_system=None,
        force_terminal=False,
        force_jupyter=False,
        force_interactive=False,
        legacy_windows=False,
        emoji=False,
        markup=False,
        highlight=False,
        _environ={},
    )


def _laid_out(table: Table, columns: Iterable[int], least: int | None) -> layout.Table:
    """Return columns of a table for the library that lays tables out."""
    made = layout.Table(box=None, padding=_PADDING, header_style="bold", show_edge=False)
    shown = tuple(columns)
    wraps = any(table.columns[place].wraps for place in shown)
    for place in shown:
        _add_column(made, table.columns[place], least, top=wraps)
    for row in table.rows:
        made.add_row(*(_shown(row.cells[place]) for place in shown), style=row.style or None)
    return made


def _add_column(made: layout.Table, column: Column, least: int | None, *, top: bool) -> None:
    made.add_column(
        visible(column.header, keep="\n"),
        justify="right" if column.right else "left",
        vertical="top" if top else "bottom",
        overflow="fold",
        no_wrap=column.whole,
        ratio=1 if column.wraps else None,
        min_width=least if column.wraps else None,
    )


def _printed(made: layout.Table, width: int) -> Iterator[Shown]:
    console = _console(width)
    for line in console.render_lines(made, console.options, pad=False):
        yield Shown.assemble(*((segment.text, segment.style or "") for segment in line))


def _whole(table: Table, width: int) -> Iterator[Shown]:
    """Yield the lines of a table that is not cut, however wide it is."""
    fixed = [place for place, column in enumerate(table.columns) if not column.wraps]
    wrapping = _LEAST * (len(table.columns) - len(fixed))
    natural = _console(10_000).measure(_laid_out(table, fixed, None)).maximum + wrapping
    yield from _printed(_laid_out(table, range(len(table.columns)), _LEAST), max(width, natural))


def _fitted(table: Table, spare: Iterable[int], width: int) -> Iterator[Shown]:
    """Yield the lines of a table without the columns that can be spared, as far as its words do not fit otherwise."""
    left_out: list[int] = []
    for place in spare:
        if _least_width(table, left_out) <= width:
            break
        left_out.append(place)
    yield from _printed(_laid_out(table, _without(table, left_out), None), width)
    omitted = [f"“{' '.join(table.columns[place].header.split())}”" for place in left_out]
    if omitted:
        said = f"The column {omitted[0]} is" if len(omitted) == 1 else f"The columns {' and '.join(omitted)} are"
        yield from wrapped(Shown(visible(f"{said} left out because the terminal is too narrow.")), width)


def _without(table: Table, left_out: Iterable[int]) -> list[int]:
    omitted = frozenset(left_out)
    return [place for place in range(len(table.columns)) if place not in omitted]


def _least_width(table: Table, left_out: Iterable[int]) -> int:
    """Return the width below which words of a table are broken."""
    width = 0
    for place in _without(table, left_out):
        measured = _console(10_000).measure(_laid_out(table, (place,), None))
        width += measured.maximum if table.columns[place].whole else measured.minimum
    return width
