"""YAML block style: where list items begin, and where nodes end."""

import re
from collections.abc import Iterator

from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.formatting.flow_style import is_flow


def dashes(sequence: SequenceNode, lines: list[str]) -> Iterator[tuple[int, Node]]:
    """Yield the items of a list in block style, each with the line of its dash."""
    # The value of an item may begin below its dash. The dash is the next one above it in the column of the list.
    column = sequence.location.column - 1
    for item in sequence.items:
        line = item.location.line
        while not _has_dash(lines[line - 1], column):
            line -= 1
        yield line, item


def _has_dash(line: str, column: int) -> bool:
    """Whether a line has the dash of a list item in a column: only blanks and other dashes may stand before it."""
    return line[column : column + 1] == "-" and not line[:column].strip(" \t-")


def end_of(node: Node, was: int, lines: list[str]) -> int:
    """Return the last line of a node.

    Args:
        node: the node.
        was: the column of its key or its dash.
        lines: the lines of the file.
    """
    where = node.location
    if isinstance(node, MappingNode) and not node.flow:
        return max(end_of(e.value, e.key.location.column - 1, lines) for e in node) if node.entries else where.line
    if isinstance(node, SequenceNode) and not is_flow(node):
        column = where.column - 1
        return max(max(line, end_of(item, column, lines)) for line, item in dashes(node, lines))
    if not isinstance(node, ScalarNode) or node.style != "block":
        return where.end_line
    # A block text ends before the first line that is not indented deeper than its key. Empty lines at its end belong
    # to it if its header has a `+`, or if they hold more spaces than the text is indented by.
    header = lines[where.line - 1][where.column - 1 :].split("#")[0]
    end = where.line
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > was):
        end += 1
    inside = [_indent(line) for line in lines[where.line : end] if line.strip()]
    least = -1 if "+" in header else 0 if not inside or re.search("[0-9]", header) else inside[0]
    while end > where.line and not lines[end - 1].strip() and len(lines[end - 1]) <= least:
        end -= 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
