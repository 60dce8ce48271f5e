"""Renders a page as Markdown (CommonMark, with the tables of GitHub)."""

from collections.abc import Iterator

from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.documentation.page import (
    Block,
    Code,
    Inline,
    Link,
    Listing,
    Page,
    Paragraph,
    Section,
    Table,
    Text,
)
from cleancloud_rules.reports.outline.escaping import markdown_code, markdown_line, markdown_of

DEEPEST = 6
"""The deepest heading of Markdown. A deeper section has a heading of this depth."""


def page_markdown(page: Page) -> str:
    """Return a page as Markdown."""
    return "\n\n".join([f"# {_line((page.title,))}", *_blocks(page.blocks, 2)]) + "\n"


def _blocks(blocks: tuple[Block, ...], depth: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(text):
                yield _line(text)
            case Listing(items):
                yield "\n".join(f"* {_line(item)}" for item in items)
            case Table():
                yield f"**{_line((block.caption,))}**"
                yield _table(block)
            case Section(_, title, inner):
                yield f"{'#' * min(depth, DEEPEST)} {_line((title,))}"
                yield from _blocks(inner, depth + 1)


def _table(table: Table) -> str:
    rows = [[_cell((header,)) for header in table.headers], ["---"] * len(table.headers)]
    rows += [[_cell(cell) for cell in row] for row in table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(text: Text) -> str:
    """Return text for a cell. Vertical bars are escaped everywhere, also inside code."""
    return "".join(_inline(part).replace("|", "\\|") for part in text)


def _line(text: Text) -> str:
    """Return text as one line whose start is not read as the mark of a list, a heading or a number."""
    return markdown_line("".join(_inline(part) for part in text))


def _inline(part: Inline) -> str:
    match part:
        case Code(text):
            return markdown_code(text)
        case Link(url):
            return f"<{visible(url)}>" if part.is_web else markdown_code(url)
        case _:
            return markdown_of(part)
