"""Renders a document as Markdown (CommonMark, with the tables and the notes of GitHub)."""

from collections.abc import Iterable, Iterator

from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.reports.outline.blocks import (
    Heading,
    Inline,
    Line,
    Link,
    Notes,
    Outline,
    Paragraph,
    Ref,
    ShownTable,
    Styled,
    Table,
    Text,
    lists_of,
)
from cleancloud_rules.reports.outline.escaping import markdown_code, markdown_line, markdown_of

DEEPEST = 6
"""The deepest heading of Markdown."""


def as_markdown(documents: Iterable[Outline]) -> str:
    """Return documents as Markdown. The notes of several documents have names that tell them apart."""
    found = list(documents)
    parts = [
        part
        for number, document in enumerate(found, start=1)
        for part in _Writer(f"{number}-" if len(found) > 1 else "").parts(document)
    ]
    return "\n\n".join(parts) + "\n"


class _Writer:
    """Writes one document.

    Args:
        prefix: what the names of its notes begin with.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def parts(self, document: Outline) -> Iterator[str]:
        """Yield its blocks."""
        for block in lists_of(document.blocks):
            match block:
                case Heading(text, level):
                    yield f"{'#' * min(level, DEEPEST)} {self._line(text)}"
                case Paragraph(text, style=style):
                    yield _marked(self._line(text), style)
                case ShownTable(table):
                    yield self._table(table)
                case Notes(notes):
                    yield "\n".join(f"[^{self.prefix}{number}]: {self._line(text)}" for number, text in notes)
                case lines:
                    yield "\n".join(self._list(lines, 0))

    def _list(self, lines: Iterable[Line], depth: int) -> Iterator[str]:
        for line in lines:
            text, label = self._line(line.paragraph.text), line.paragraph.label
            yield f"{'  ' * depth}- {text if label in ('', '-') else f'**{markdown_of(label)}** {text}'}"
            yield from self._list(line.lines, depth + 1)

    def _table(self, table: Table) -> str:
        rows = [
            [self._cell((column.header,)) for column in table.columns],
            ["---:" if column.right else "---" for column in table.columns],
        ]
        rows += [[_marked(self._cell(cell), row.style) for cell in row.cells] for row in table.rows]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _cell(self, text: Text) -> str:
        return self._inlines(text).replace("|", "\\|").strip()

    def _line(self, text: Text) -> str:
        return markdown_line(self._inlines(text))

    def _inlines(self, text: Text) -> str:
        return "".join(map(self._inline, text))

    def _inline(self, part: Inline) -> str:
        match part:
            case Ref(number):
                return f"[^{self.prefix}{number}]"
            case Link(url):
                return f"<{visible(url)}>" if part.is_web else markdown_code(url)
            case Styled(text, "code"):
                return markdown_code(text)
            case Styled(text, style):
                return _marked(markdown_of(text), style)
            case _:
                return markdown_of(part)


def _marked(text: str, style: str) -> str:
    """Return a text in bold or italics if its style says so. Colours have no mark."""
    mark = "**" if "bold" in style else "*" if "italic" in style else ""
    return f"{mark}{text}{mark}" if text.strip() else text
