"""YAML flow style: nodes on one line, with even spaces and with quotes only where they are needed."""

import re

from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import resolve

_SURPRISE = re.compile(r"y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
"""Words that some YAML readers do not read as texts."""

_COLON = re.compile(r":(?![A-Za-z0-9/])")
_PLAIN = {
    False: re.compile(r"""[^\W\d_][^"\\]*"""),
    True: re.compile(r"""[^\W\d_][^"\\,\[\]{}]*"""),
}
"""The printable texts that need no quotes, outside and inside of brackets: fewer than YAML allows."""


def is_one_line(where: Location) -> bool:
    """Return whether a location lies on one line."""
    return where.line == where.end_line


def is_flow(node: Node) -> bool:
    """Return whether a node is written in brackets or braces, or is a single value."""
    if isinstance(node, MappingNode):
        return node.flow
    if isinstance(node, SequenceNode):
        return _source_of(node.location)[:1] == "["
    return True


def _source_of(where: Location) -> str:
    line = where.file.line(where.line)
    return line[where.column - 1 : where.end_column - 1] if is_one_line(where) else line[where.column - 1 :]


def one_line(node: Node, *, inside: bool = False) -> str:
    """Return the text of a node on one line.

    Args:
        node: a single value, or a list or a mapping in brackets.
        inside: whether it is inside of brackets.
    """
    match node:
        case ScalarNode():
            return _scalar(node, inside=inside)
        case SequenceNode(items):
            return f"[{', '.join(one_line(item, inside=True) for item in items)}]"
        case MappingNode(entries):
            return "{" + ", ".join(map(_pair, entries)) + "}"


def _pair(entry: Entry) -> str:
    """Return a key and its value inside braces. The colon of a key without a value stays as the author wrote it."""
    key, value = one_line(entry.key, inside=True), one_line(entry.value, inside=True)
    where = entry.key.location
    has_colon = where.file.line(where.line)[where.end_column - 1 :].lstrip().startswith(":")
    return f"{key}: {value}" if value or has_colon else key


def _scalar(scalar: ScalarNode, *, inside: bool) -> str:
    where = scalar.location
    follows = where.file.line(where.end_line)[where.end_column - 1 :][:1]
    if scalar.style == "quoted" and follows != "#" and is_plain(scalar.raw, inside=inside):
        return scalar.raw
    return _source_of(where)


def is_plain(text: str, *, inside: bool) -> bool:
    """Return whether a text needs no quotes.

    Args:
        text: the text.
        inside: whether it is inside of brackets.
    """
    if (
        not text.isprintable()
        or not _PLAIN[inside].fullmatch(text)
        or text != text.rstrip()
        or _SURPRISE.fullmatch(text)
    ):
        return False
    return not _COLON.search(text) and " #" not in text and isinstance(resolve(text), str)
