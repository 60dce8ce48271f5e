"""Renders a document as one HTML file that runs nothing and loads nothing."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256

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
from cleancloud_rules.reports.outline.escaping import html_of
from cleancloud_rules.reports.outline.text import as_text

DEEPEST = 6
"""The deepest heading of HTML."""

_STYLE = """
:root { color-scheme: light dark; --text: #1a1a1a; --back: #ffffff; --line: #767676; --head: #f2f2f2; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8e8e8; --back: #161616; --line: #8a8a8a; --head: #262626; --link: #8ab8f0; }
}
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text);
  background: var(--back); overflow-wrap: anywhere; }
a { color: var(--link); }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.5em 0 0.5em; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.2rem; }
h3 { font-size: 1rem; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
th, td { border: 1px solid var(--line); padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
tbody th { min-width: 8rem; }
thead th { background: var(--head); }
tbody th { font-weight: normal; }
.n { text-align: right; }
td.n { white-space: nowrap; }
@media print { .wide { overflow: visible; } tr, li { break-inside: avoid; } }
"""


def policy_of(styles: Iterable[str], scripts: Iterable[str] = ()) -> str:
    """Return the content security policy of a page: it runs these styles and scripts alone, and loads nothing."""
    allowed = {
        "default-src": "'none'",
        "style-src": " ".join(map(_digest, styles)),
        "script-src": " ".join(map(_digest, scripts)) or "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{what} {where}" for what, where in allowed.items())


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def as_html(documents: Iterable[Outline]) -> str:
    """Return documents as one HTML page."""
    found = list(documents)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{html_of(policy_of([_STYLE]))}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{html_of(_title(found))}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
    ]
    for number, document in enumerate(found, start=1):
        lines += ["<article>", *_Writer(f"note-{number}").parts(document), "</article>"]
    return "\n".join([*lines, "</main>", "</body>", "</html>"]) + "\n"


def _title(documents: Iterable[Outline]) -> str:
    """Return the words of the first heading of each document."""
    titles = []
    for document in documents:
        first = next((block for block in document.blocks if isinstance(block, Heading)), None)
        if first is not None:
            only = Outline(10_000)
            only.heading(first.text)
            titles.append(as_text(only).strip())
    return "; ".join(titles)


class _Writer:
    """Writes one document.

    Args:
        prefix: what the ids of its notes begin with.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def parts(self, document: Outline) -> Iterator[str]:
        """Yield its blocks."""
        for block in lists_of(document.blocks):
            match block:
                case Heading(text, level):
                    tag = f"h{min(level, DEEPEST)}"
                    shown = self._text(text)
                    yield f"<{tag}>{shown}</{tag}>"
                case Paragraph(text, style=style):
                    yield f"<p>{_marked(self._text(text), style)}</p>"
                case ShownTable(table):
                    yield from self._table(table)
                case Notes(notes):
                    yield "<ol>"
                    for number, text in notes:
                        yield f'<li id="{self.prefix}-{number}" value="{number}">{self._text(text)}</li>'
                    yield "</ol>"
                case lines:
                    yield from self._list(lines)

    def _list(self, lines: Iterable[Line]) -> Iterator[str]:
        yield "<ul>"
        for line in lines:
            text, label = self._text(line.paragraph.text), line.paragraph.label
            yield f"<li>{text if label in ('', '-') else f'<b>{html_of(label)}</b> {text}'}"
            if line.lines:
                yield from self._list(line.lines)
            yield "</li>"
        yield "</ul>"

    def _table(self, table: Table) -> Iterator[str]:
        """Yield a table in a box of its own, which can be scrolled with the keyboard if the window is narrow."""
        sides = [' class="n"' if column.right else "" for column in table.columns]
        headers = zip(sides, table.columns, strict=True)
        heads = "".join(f'<th scope="col"{side}>{html_of(column.header)}</th>' for side, column in headers)
        yield f'<div class="wide" role="region" aria-label="{_plain(table)}" tabindex="0">\n<table>'
        yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
        for row in table.rows:
            first, *rest = (_marked(self._text(cell), row.style) for cell in row.cells)
            cells = "".join(f"<td{side}>{cell}</td>" for side, cell in zip(sides[1:], rest, strict=True))
            yield f'<tr><th scope="row"{sides[0]}>{first}</th>{cells}</tr>'
        yield "</tbody>\n</table>\n</div>"

    def _text(self, text: Text) -> str:
        return "".join(map(self._inline, text))

    def _inline(self, part: Inline) -> str:
        match part:
            case Ref(number):
                return f'<a href="#{self.prefix}-{number}">[{number}]</a>'
            case Link(url):
                return f'<a href="{html_of(url)}">{html_of(url)}</a>' if part.is_web else html_of(url)
            case Styled(text, "code"):
                return f"<code>{html_of(text)}</code>"
            case Styled(text, style):
                return _marked(html_of(text), style)
            case _:
                return html_of(part)


def _plain(table: Table) -> str:
    return html_of("Table: " + ", ".join(" ".join(column.header.split()) for column in table.columns if column.header))


def _marked(text: str, style: str) -> str:
    tag = "b" if "bold" in style else "i" if "italic" in style else ""
    return f"<{tag}>{text}</{tag}>" if tag and text else text
