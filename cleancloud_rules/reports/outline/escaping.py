"""Turns any text into text of Markdown or HTML in which nothing is markup, and every character shows itself."""

import re
from html import escape

from cleancloud_rules.diagnostics.characters import visible

_SPECIAL = re.compile(r"[\\`*_\[\]<>&~#]")
_AT_START = re.compile(r"(?P<mark>[-+=]|\d{1,9}(?=[.)]))(?P<dot>[.)]?)")


def markdown_of(text: str) -> str:
    """Return a text inside a line of Markdown."""
    return _SPECIAL.sub(r"\\\g<0>", visible(re.sub(r"\s+", " ", text)))


def markdown_code(text: str) -> str:
    """Return a span of code between more backticks than occur together inside it."""
    text = visible(re.sub(r"\s+", " ", text))
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def markdown_line(line: str) -> str:
    """Return a line of Markdown whose start is not read as the mark of a list, a heading or a number."""
    line = line.strip()
    start = _AT_START.match(line)
    if start is None:
        return line
    number = start["mark"].isdigit()
    return f"{start['mark']}\\{line[start.end('mark') :]}" if number else f"\\{line}"


def html_of(text: str) -> str:
    """Return a text for HTML."""
    return escape(visible(text, keep="\n\t"))
