"""Finds comments in YAML files."""

from bisect import bisect
from collections.abc import Iterator

from cleancloud_rules.diagnostics.diagnostic import SourceFile
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode
from cleancloud_rules.documents.yaml import read_text

_FOR_EDITORS = "# yaml-language-server:"
"""How the line begins that tells editors the schema of a file."""


def has_comments(file: SourceFile) -> bool:
    """Return whether a YAML file has comments, but for the one that tells editors its schema.

    A comment begins with a `#` outside of all keys and values. A file that cannot be read as YAML has none.
    """
    lines = [(number, line) for number, line in enumerate(file.lines, 1) if not line.startswith(_FOR_EDITORS)]
    signs = [(number, column) for number, line in lines for column, sign in enumerate(line, 1) if sign == "#"]
    document, _ = read_text(file.text, file.name) if signs else (None, ())
    if document is None:
        return False
    places = (node.location for node in _scalars(document.root))
    spans = sorted(((at.line, at.column), (at.end_line, at.end_column)) for at in places)
    starts = [start for start, _ in spans]
    before = ((sign, bisect(starts, sign)) for sign in signs)
    return any(not after or sign >= spans[after - 1][1] for sign, after in before)


def _scalars(node: Node) -> Iterator[ScalarNode]:
    """Yield the keys and values in a node."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, MappingNode):
        for entry in node:
            yield entry.key
            yield from _scalars(entry.value)
    else:
        for item in node.items:
            yield from _scalars(item)
