"""Renders a page as one HTML file without scripts and without other files."""

from collections.abc import Iterator

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
from cleancloud_rules.reports.outline.escaping import html_of

DEEPEST = 6
"""The deepest heading of HTML. A deeper section states its depth for screen readers."""

_STYLE = """\
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.5em 0 0.5em; }
code { font-family: ui-monospace, monospace; font-size: 0.9em; background: #f2f2f2; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: bold; padding: 0.25rem 0; }
th, td { border: 1px solid #767676; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
th[scope="row"] { font-weight: normal; }
thead th { background: #f2f2f2; }"""


def page_html(page: Page) -> str:
    """Return a page as HTML."""
    title = html_of(page.title)
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{html_of(page.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        f"<header><h1>{title}</h1></header>",
        *_contents(page.blocks),
        "<main>",
        *_blocks(page.blocks, 2),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _contents(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield the table of contents: links to the outermost sections."""
    sections = [block for block in blocks if isinstance(block, Section)]
    if sections:
        yield '<nav aria-label="Contents">\n<ul>'
        for section in sections:
            yield f'<li><a href="#{html_of(section.id)}">{html_of(section.title)}</a></li>'
        yield "</ul>\n</nav>"


def _blocks(blocks: tuple[Block, ...], depth: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(text):
                yield f"<p>{_text(text)}</p>"
            case Listing(items):
                yield "\n".join(["<ul>", *(f"<li>{_text(item)}</li>" for item in items), "</ul>"])
            case Table():
                yield from _table(block)
            case Section():
                yield from _section(block, depth)


def _section(section: Section, depth: int) -> Iterator[str]:
    tag = f"h{min(depth, DEEPEST)}"
    deeper = f' aria-level="{depth}"' if depth > DEEPEST else ""
    yield "<section>"
    yield f'<{tag} id="{html_of(section.id)}"{deeper}>{html_of(section.title)}</{tag}>'
    yield from _blocks(section.blocks, depth + 1)
    yield "</section>"


def _table(table: Table) -> Iterator[str]:
    """Yield a table in a box of its own, which can be scrolled with the keyboard if the window is narrow."""
    caption = html_of(table.caption)
    yield f'<div class="wide" role="region" aria-label="{caption}" tabindex="0">\n<table>'
    yield f"<caption>{caption}</caption>"
    heads = "".join(f'<th scope="col">{html_of(header)}</th>' for header in table.headers)
    yield f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>"
    for first, *rest in table.rows:
        cells = "".join(f"<td>{_text(cell)}</td>" for cell in rest)
        yield f'<tr><th scope="row">{_text(first)}</th>{cells}</tr>'
    yield "</tbody>\n</table>\n</div>"


def _text(text: Text) -> str:
    return "".join(_inline(part) for part in text)


def _inline(part: Inline) -> str:
    match part:
        case Code(text):
            return f"<code>{html_of(text)}</code>"
        case Link(url):
            return f'<a href="{html_of(url)}">{html_of(url)}</a>' if part.is_web else f"<code>{html_of(url)}</code>"
        case _:
            return html_of(part)
