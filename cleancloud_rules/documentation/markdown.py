"""Renders a page as Markdown (CommonMark, with the tables of GitHub)."""

import re
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

DEEPEST = 6
"""The deepest heading of Markdown. A deeper section has a heading of this depth."""

_SPECIAL = re.compile(r"[\\`*_\[\]<>&~#]")
_AT_START = re.compile(r"(?P<mark>[-+=]|\d{1,9}(?=[.)]))(?P<dot>[.)]?)")


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
    line = "".join(_inline(part) for part in text).strip()
    start = _AT_START.match(line)
    if start is None:
        return line
    number = start["mark"].isdigit()
    return f"{start['mark']}\\{line[start.end('mark') :]}" if number else f"\\{line}"


def _inline(part: Inline) -> str:
    match part:
        case Code(text):
            return _code(text)
        case Link(url):
            return f"<{visible(url)}>" if part.is_web else _code(url)
        case _:
            return _SPECIAL.sub(r"\\\g<0>", visible(re.sub(r"\s+", " ", part)))


def _code(text: str) -> str:
    """Return a span of code between more backticks than occur together inside it."""
    text = visible(re.sub(r"\s+", " ", text))
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
