"""A document as a list of blocks, independent of its subject and of the output format."""

import re
from collections.abc import Iterable, Sequence

from attrs import field, frozen

WIDTH = 120
"""The width of a document in columns, unless it has its own."""

_WEB = re.compile(r"https?://[^\s<>\"`]+")


@frozen
class Styled:
    """Text with a style, such as ``bold``, ``code`` or ``red``. Only a terminal shows colours."""

    text: str
    style: str


@frozen
class Ref:
    """A reference to a note at the end of the document."""

    number: int


@frozen
class Link:
    """An address on the web, shown as it is."""

    url: str

    @property
    def is_web(self) -> bool:
        """Whether it can be followed. Other addresses are only shown."""
        return _WEB.fullmatch(self.url) is not None


Inline = str | Styled | Ref | Link
"""A piece of text."""

Text = tuple[Inline, ...]
"""Text, piece by piece."""

Words = str | Inline | Text
"""What builders take for a text."""


def text_of(words: Words) -> Text:
    """Return words as a text."""
    return words if isinstance(words, tuple) else (words,)


@frozen
class Heading:
    """A heading.

    Args:
        text: its words.
        level: 1 for the title of the document, 2 for its sections, and so on.
    """

    text: Text
    level: int


@frozen
class Paragraph:
    """A paragraph, or a line of a list.

    Args:
        text: its words.
        indent: how many columns it is indented. A line that is indented belongs to the last line that is less so.
        style: the style of the whole paragraph.
        whole: whether it stays on one line in text.
        label: what stands before it in a column of its own, such as a gain.
        column: the width of that column.
    """

    text: Text
    indent: int = 0
    style: str = ""
    whole: bool = False
    label: str = ""
    column: int = 0


@frozen
class Gap:
    """An empty line in text. Other formats need none."""


@frozen
class Column:
    """A column of a table.

    Args:
        header: its header; long ones have several lines.
        right: whether its cells are numbers, which stand on the right.
        wraps: whether it fills the remaining width and wraps its text.
        whole: whether its cells stay on one line.
    """

    header: str
    right: bool = False
    wraps: bool = False
    whole: bool = False


@frozen
class Row:
    """A row of a table."""

    cells: tuple[Text, ...]
    style: str = ""


@frozen
class Table:
    """A table that grows row by row. The first cell of a row is its header.

    Args:
        columns: its columns.
        rows: its rows.
    """

    columns: tuple[Column, ...]
    rows: list[Row] = field(factory=list)

    def add_row(self, *cells: Words, style: str = "") -> None:
        """Add a row. Cells that are not given are empty."""
        empty: tuple[Words, ...] = ("",) * (len(self.columns) - len(cells))
        self.rows.append(Row(tuple(map(text_of, (*cells, *empty))), style))


def table(*headers: str, right: Iterable[int] = (), wraps: int | None = None, whole: Iterable[int] = ()) -> Table:
    """Return an empty table.

    Args:
        headers: one for each column.
        right: the columns that hold numbers.
        wraps: the column that fills the remaining width and wraps its text.
        whole: the columns whose cells stay on one line.
    """
    numbers, unbroken = frozenset(right), frozenset(whole)
    columns = (Column(header, n in numbers, n == wraps, n in unbroken) for n, header in enumerate(headers))
    return Table(tuple(columns))


@frozen
class ShownTable:
    """A table in a document.

    Args:
        table: the table.
        spare: the columns that a narrow terminal leaves out, the first one first.
    """

    table: Table
    spare: tuple[int, ...] = ()


@frozen
class Notes:
    """The notes to which references lead, each with its number."""

    notes: tuple[tuple[int, Text], ...]


Block = Heading | Paragraph | Gap | ShownTable | Notes
"""A part of a document."""


class Outline:
    """A document that grows block by block.

    Args:
        width: its width in columns, as text.
    """

    def __init__(self, width: int = WIDTH) -> None:
        self.width = width
        self.blocks: list[Block] = []

    def heading(self, words: Words, level: int = 2) -> None:
        """Add a heading."""
        self.blocks.append(Heading(text_of(words), level))

    def add(self, words: Words, indent: int = 0, style: str = "", *, whole: bool = False) -> None:
        """Add a paragraph."""
        self.blocks.append(Paragraph(text_of(words), indent, style, whole))

    def item(self, words: Words, label: str = "-", column: int = 0, indent: int = 2) -> None:
        """Add a line of a list, with a label before it."""
        self.blocks.append(Paragraph(text_of(words), indent, label=label, column=max(column, len(label))))

    def add_table(self, made: Table, spare: Sequence[int] = ()) -> None:
        """Add a table.

        Args:
            made: the table.
            spare: the columns that a terminal leaves out if the table is too wide for it, the first one first. A line
                then says so.
        """
        self.blocks.append(ShownTable(made, tuple(spare)))

    def notes(self, notes: Iterable[tuple[int, Words]]) -> None:
        """Add the notes to which references lead."""
        self.blocks.append(Notes(tuple((number, text_of(words)) for number, words in notes)))

    def gap(self) -> None:
        """Add an empty line."""
        self.blocks.append(Gap())


@frozen
class Line:
    """A line of a list, with the lines that belong to it."""

    paragraph: Paragraph
    lines: tuple["Line", ...]


def lists_of(blocks: Iterable[Block]) -> Iterable[Heading | Paragraph | ShownTable | Notes | tuple[Line, ...]]:
    """Yield blocks with indented lines gathered in lists, and without gaps."""
    gathered: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Gap):
            continue
        if isinstance(block, Paragraph) and block.indent:
            gathered.append(block)
            continue
        if gathered:
            yield _lines(gathered)
            gathered = []
        yield block
    if gathered:
        yield _lines(gathered)


def _lines(paragraphs: Sequence[Paragraph]) -> tuple[Line, ...]:
    """Return indented paragraphs as a tree."""
    found: list[Line] = []
    start = 0
    while start < len(paragraphs):
        end = start + 1
        while end < len(paragraphs) and paragraphs[end].indent > paragraphs[start].indent:
            end += 1
        found.append(Line(paragraphs[start], _lines(paragraphs[start + 1 : end])))
        start = end
    return tuple(found)
