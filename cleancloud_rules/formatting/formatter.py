"""The formatter: gives files their usual layout and keeps their content and comments.

A file is changed line by line at the locations of its nodes. It is never written anew from the parsed content. So
comments, line breaks inside texts and lists, and all other choices of an author stay as they are.
"""

import re
from itertools import pairwise
from typing import Any

from attrs import define, field, frozen

from cleancloud_rules.diagnostics.collector import Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents import yaml
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.formatting.block_style import dashes, end_of
from cleancloud_rules.formatting.flow_style import is_flow, is_one_line, one_line
from cleancloud_rules.formatting.key_order import with_keys_in_order

_OTHER_LINE_ENDS = re.compile("[\x85\u2028\u2029]")

STEP = 2
"""The number of spaces of one step of indentation."""


@frozen
class Edit:
    """A replacement of a stretch of a line. Columns are counted from 0."""

    start: int
    end: int
    text: str


@define
class Layout:
    """The new place of everything in a document. Lines are counted from 1, columns from 0.

    Args:
        columns: for each line the columns at which things begin on it, each with the new column.
        moved: for each line inside a text or a list the number of columns by which it moves.
        edits: for each line the replacements in it.
    """

    columns: dict[int, list[tuple[int, int]]] = field(factory=dict)
    moved: dict[int, int] = field(factory=dict)
    edits: dict[int, list[Edit]] = field(factory=dict)


def formatted(text: str, name: str = "<text>") -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return the text of a file in its usual layout.

    Args:
        text: the present text.
        name: its name in diagnostics.

    Returns:
        The text and no diagnostics; or None and the diagnostics, if the text cannot be read.
    """
    before, diagnostics = yaml.read_text(text.replace("\r\n", "\n").replace("\r", "\n"), name)
    if before is None or diagnostics:
        return None, diagnostics
    if before.root.flow or before.root.get("hypothetical") is not None:  # JSON, or what a solver wrote
        return before.location.file.text, ()
    try:
        return _formatted(before), ()
    except Rejected as rejected:
        return None, rejected.diagnostics


def _formatted(before: Document) -> str:
    """Return the text of a document in its usual layout.

    Raises:
        Rejected: if it has none that is sure to mean the same.
    """
    # Each step reads the text of the step before, so that the locations of its nodes are right.
    after = _with_line_feeds(before)
    for step in (_with_even_indents, with_keys_in_order, _with_even_gaps):
        after = _same(step(after), before)
    return after.location.file.text


def _same(text: str, before: Document) -> Document:
    """Return a text as a document.

    Raises:
        Rejected: if it does not mean the same as the document before. Then this formatter is wrong, and the author's
            text is safe.
    """
    after, diagnostics = yaml.read_text(text, before.location.file.name)
    if after is None or diagnostics or content(after.root) != content(before.root):
        message = "this file cannot be formatted without a change of its meaning"
        raise reject("cannot-format", message, before.location, "report this as an error of `fmt`")
    return after


def _with_line_feeds(document: Document) -> Document:
    """Return a document in which every line ends with a line feed. YAML knows three more ends of lines.

    Raises:
        Rejected: if one of the others stands in a text without quotes, whose meaning would change.
    """
    file = document.location.file
    others = _OTHER_LINE_ENDS.search(file.text)
    if others is None:
        return document
    after, diagnostics = yaml.read_text(_OTHER_LINE_ENDS.sub("\n", file.text), file.name)
    if after is not None and not diagnostics and content(after.root) == content(document.root):
        return after
    lines = SourceFile(file.name, file.text[: others.start()]).lines
    where = Location(file, len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 2)
    character = f"U+{ord(others[0]):04X}"
    message = f"a file with {character} cannot be formatted: YAML readers do not agree on whether it ends a line"
    raise reject(
        "cannot-format", message, where, f"end the line as usual, or write `\\u{ord(others[0]):04x}` in double quotes"
    )


def content(node: Node) -> Any:
    """Return what a node means, without its layout, for comparison."""
    match node:
        case ScalarNode(str() as value, style="block"):
            return value.rstrip("\n")  # the last line of a file may lack its end
        case ScalarNode(value):
            return type(value), value
        case SequenceNode(items):
            return [content(item) for item in items]
        case MappingNode(entries):
            return {entry.key.value: content(entry.value) for entry in entries}


def _with_even_indents(document: Document) -> str:
    lines = document.location.file.text.removesuffix("\n").split("\n")
    layout = Layout()
    _place_mapping(document.root, 0, layout, lines)
    made = []
    for number, line in enumerate(lines, 1):
        if number in layout.moved:
            made.append(_shifted(line, layout.moved[number]))
        elif number in layout.columns:
            old, new = layout.columns[number][0]
            made.append(" " * new + _edited(line, layout.edits.get(number, []))[old:].rstrip(" \t"))
        elif line.strip():
            made.append(" " * _comment_column(number, lines, layout) + line.strip())
        else:
            made.append("")
    return "\n".join(made) + "\n"


def _shifted(line: str, by: int) -> str:
    indent = len(line) - len(line.lstrip(" "))
    # In the first column `---` and `...` would end the document.
    return " " * max(indent + by, min(indent, 1)) + line[indent:] if line else line


def _edited(line: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: -edit.start):
        line = line[: edit.start] + edit.text + line[edit.end :]
    return line


def _comment_column(number: int, lines: list[str], layout: Layout) -> int:
    """Return the new column of a comment: that of what follows it or, for a deeper comment, of the block before it.

    A comment never moves before what follows it. So it is as deep in the new text as in the old one: with the next
    formatting it stays where it is.
    """
    column = len(lines[number - 1]) - len(lines[number - 1].lstrip())
    after = next((layout.columns[n][0] for n in range(number + 1, len(lines) + 1) if n in layout.columns), (0, 0))
    if column <= after[0]:
        return after[1]
    before = (pair for n in range(number - 1, 0, -1) for pair in reversed(layout.columns.get(n, [])))
    return max(next((new for old, new in before if old <= column), 0), after[1])


def _place_mapping(mapping: MappingNode, column: int, layout: Layout, lines: list[str]) -> None:
    for entry in mapping:
        where = entry.key.location
        layout.columns.setdefault(where.line, []).append((where.column - 1, column))
        _place_entry(entry, column, layout, lines)


def _place_entry(entry: Entry, column: int, layout: Layout, lines: list[str]) -> None:
    key, value = entry.key.location, entry.value.location
    start, end = key.column - 1, key.end_column - 1
    name = one_line(entry.key)
    edits = layout.edits.setdefault(key.line, [])
    gap = lines[key.line - 1][end:]
    if not gap.lstrip(" \t").startswith(":"):
        raise reject("cannot-format", "a key that begins with `?` cannot be formatted", key, "write `key: value`")
    colon = end + gap.index(":") + 1
    has_value = not (isinstance(entry.value, ScalarNode) and not entry.value.raw and entry.value.style == "plain")
    if has_value and value.line == key.line and is_flow(entry.value):
        edits.append(Edit(start, value.column - 1, f"{name}: "))
    else:
        edits.append(Edit(start, colon, f"{name}:"))
    if has_value:
        _place_value(entry.value, key.line, column, start, layout, lines)


def _place_value(node: Node, line: int, column: int, was: int, layout: Layout, lines: list[str]) -> None:
    """Place the value of a key or of a list item.

    Args:
        node: the value.
        line: the line of the key or of the item's dash.
        column: the new column of the key or the dash.
        was: its present column.
        layout: collects the places.
        lines: the lines of the file.
    """
    where = node.location
    if isinstance(node, MappingNode) and not node.flow:
        _place_mapping(node, column + STEP, layout, lines)
    elif isinstance(node, SequenceNode) and not is_flow(node):
        _place_sequence(node, column + STEP, layout, lines)
    elif is_one_line(where) and where.line == line:
        layout.edits.setdefault(line, []).append(Edit(where.column - 1, where.end_column - 1, one_line(node)))
    else:
        for number in range(line + 1, end_of(node, was, lines) + 1):
            layout.moved[number] = column - was


def _place_sequence(sequence: SequenceNode, column: int, layout: Layout, lines: list[str]) -> None:
    was = sequence.location.column - 1
    for line, item in dashes(sequence, lines):
        layout.columns.setdefault(line, []).append((was, column))
        if isinstance(item, ScalarNode) and not item.raw and item.style == "plain":
            continue
        if item.location.line == line:
            layout.edits.setdefault(line, []).append(Edit(was, item.location.column - 1, "- "))
        _place_value(item, line, column, was, layout, lines)


def _with_even_gaps(document: Document) -> str:
    """Return the text with one empty line between criteria, and nowhere more than one in a row."""
    lines = document.location.file.text.removesuffix("\n").split("\n")
    layout = Layout()
    _place_mapping(document.root, 0, layout, lines)
    wanted = _gaps(document.root.get("criteria"), lines)
    made: list[str] = []
    last = 0
    for number, line in enumerate(lines, 1):
        if number in layout.moved:
            made.append(line)
            last = len(made)
            continue
        if number in wanted and made and made[-1].strip():
            made.append("")
        if line.strip() or (made and made[-1].strip()):
            made.append(line)
    while len(made) > last and not made[-1].strip():
        made.pop()
    return "\n".join(made) + "\n"


def _gaps(criteria: Node | None, lines: list[str]) -> set[int]:
    """Return the lines that need an empty line before them: the beginnings of criteria with the comments above them."""
    if not isinstance(criteria, SequenceNode) or is_flow(criteria):
        return set()
    items = list(dashes(criteria, lines))
    column = criteria.location.column - 1
    wanted = set()
    for (line, item), (following, other) in pairwise(items):
        if is_flow(item) and is_flow(other):
            continue
        first = end_of(item, column, lines) + 1
        while first < following and (not lines[first - 1].strip() or _indent(lines[first - 1]) > column):
            first += 1
        if line < first <= following:
            wanted.add(first)
    return wanted


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
