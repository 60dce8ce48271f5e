"""Reader of nested Python data, as nodes with paths in place of lines."""

import math
import re
import reprlib
from collections.abc import Mapping as MappingType
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import define, field

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.file_reader import MAX_BYTES
from cleancloud_rules.documents.foreign_scalars import is_absent, python_scalar
from cleancloud_rules.documents.limits import (
    MAX_DEPTH,
    MAX_FIGURES,
    MAX_NODES,
    no_mapping,
    too_deep,
    too_large,
    too_many_digits,
)
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, Node, ScalarNode, SequenceNode

_SURROGATE = re.compile("[\ud800-\udfff]")
_BITS = 3 * MAX_FIGURES
"""An integer of so many bits has no more than `MAX_FIGURES` digits: each digit carries more than three bits."""


def read_data(data: MappingType[str, Any], name: str = "<data>") -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read nested Python data. The locations in its diagnostics are paths of keys."""
    reader = _Reader(SourceFile(name))
    try:
        root = reader.node(data, "", 0)
    except _TooLarge:
        return None, tuple(reader.diagnostics)
    if not isinstance(root, MappingNode):
        if not reader.diagnostics:
            reader.diagnostics.append(no_mapping(root, reader.file))
        return None, tuple(reader.diagnostics)
    return Document(root, Location(reader.file)), tuple(reader.diagnostics)


def node_of(data: Any, path: str, file: SourceFile) -> Node:
    """Return a part of nested Python data as a node.

    Args:
        data: the part.
        path: its path of keys.
        file: the file for which the data stand.

    Raises:
        Rejected: if the data cannot stand in a file.
    """
    reader = _Reader(file)
    try:
        node = reader.node(data, path, 1)
    except _TooLarge:
        raise Rejected(*reader.diagnostics) from None
    if reader.diagnostics:
        raise Rejected(*reader.diagnostics)
    return node


def is_within_limits(data: Any) -> bool:
    """Return whether the values and characters of plain data are so few that one file can hold them.

    Args:
        data: dictionaries, lists and scalars, nested no deeper than a file may be.
    """
    nodes, characters, waiting = 0, 0, [data]
    while waiting and nodes <= MAX_NODES and characters <= MAX_BYTES:
        next = waiting.pop()
        nodes += 1
        if isinstance(next, str):
            characters += len(next)
        elif isinstance(next, dict):
            waiting += next.keys()
            waiting += next.values()
        elif isinstance(next, list):
            waiting += next
    return nodes <= MAX_NODES and characters <= MAX_BYTES


def kind_in_words(data: Any) -> str:
    """Return what a value is, in words: a mapping, a list, a text, or the value itself; None is null, as in a file."""
    match data:
        case MappingType():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case str() | bytes() | bytearray() | memoryview():
            return "a text"
        case None:
            return "`null`"
        case bool() | int() | float() | Decimal() | date():
            return f"`{data}`"
        case _:
            return f"`{reprlib.repr(data)}`"


class _TooLarge(Exception):  # noqa: N818 - the reader has added the diagnostic
    """The data goes beyond a limit."""


@define
class _Reader:
    """Builds nodes. A list or a mapping that occurs in several places is read in each of them, and counts in each."""

    file: SourceFile
    diagnostics: list[Diagnostic] = field(factory=list)
    nodes: int = 0
    characters: int = 0
    is_too_deep: bool = False

    def node(self, data: Any, path: str, depth: int) -> Node:
        """Return the node of data. The recursion ends at `MAX_DEPTH`, and it is as wide as `MAX_NODES` at most."""
        where = Location(self.file, path=path)
        self._count(data)
        if depth >= MAX_DEPTH and isinstance(data, (MappingType, list, tuple)):
            first, self.is_too_deep = not self.is_too_deep, True
            return self._broken(too_deep(where)) if first else ScalarNode(None, where, "...", "broken")
        if isinstance(data, MappingType):
            return MappingNode(tuple(self._entries(data, path, depth)), where)
        if isinstance(data, (list, tuple)):
            items = (self.node(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(data))
            return SequenceNode(tuple(items), where)
        return self._scalar(python_scalar(data), where)

    def _count(self, data: Any) -> None:
        self.nodes += 1
        self.characters += len(data) if isinstance(data, str) else 0
        if self.nodes > MAX_NODES or self.characters > MAX_BYTES:
            limit = f"{MAX_NODES:,} values" if self.nodes > MAX_NODES else f"{MAX_BYTES:,} characters"
            self.diagnostics.append(too_large(self.file, limit))
            raise _TooLarge

    def _entries(self, data: MappingType[Any, Any], path: str, depth: int) -> list[Entry]:
        entries = []
        for key, value in data.items():
            if is_absent(value):
                continue
            if not isinstance(key, str):
                message = f"key {reprlib.repr(key)} is not a text"
                self.diagnostics.append(Diagnostic("yaml-key", message, Location(self.file, path=path)))
                continue
            if found := _SURROGATE.search(key):
                self.diagnostics.append(_bad_surrogate(found, Location(self.file, path=path)))
                continue
            inside = f"{path}.{key}" if path else key
            self._count(key)
            key_node = ScalarNode(key, Location(self.file, path=inside), key, "data")
            entries.append(Entry(key_node, self.node(value, inside, depth + 1)))
        return entries

    def _broken(self, diagnostic: Diagnostic) -> ScalarNode:
        self.diagnostics.append(diagnostic)
        return ScalarNode(None, diagnostic.location, "...", "broken")

    def _scalar(self, data: Any, where: Location) -> ScalarNode:
        if data is None:
            return ScalarNode(None, where, "null", "data")
        if isinstance(data, bool):
            return ScalarNode(data, where, str(data).lower(), "data")
        if isinstance(data, float):
            data = int(data) if data.is_integer() else Decimal(repr(float(data)))
        if isinstance(data, int) or (isinstance(data, Decimal) and data.is_finite()):
            return self._number(data, where)
        if isinstance(data, str):
            if found := _SURROGATE.search(data):
                return self._broken(_bad_surrogate(found, where))
            return ScalarNode(str.__str__(data), where, str.__str__(data), "data")
        if type(data) is date:
            return ScalarNode(data, where, str(data), "data")
        help = "use texts, numbers, booleans, dates, lists and mappings"
        if isinstance(data, datetime):
            return self._broken(Diagnostic("wrong-type", f"`{data}` is a time of a day, and not a day", where, help))
        message = f"a file cannot hold `{reprlib.repr(data)}`"
        return self._broken(Diagnostic("wrong-type", message, where, help))

    def _number(self, data: int | Decimal, where: Location) -> ScalarNode:
        """Return the node of a number. One that is too long is refused before it is converted to a text."""
        if isinstance(data, int):
            if data.bit_length() > _BITS:
                return self._broken(too_many_digits(_digits(data), where))
            return ScalarNode(int(data), where, f"{data:d}", "data")
        _, digits, exponent = data.as_tuple()
        assert isinstance(exponent, int)
        written = max(len(digits) + max(exponent, 0), -exponent)
        if written > MAX_FIGURES:
            return self._broken(too_many_digits(written, where))
        return ScalarNode(int(data) if exponent >= 0 else data, where, f"{data:f}", "data")


def _digits(number: int) -> int:
    """Return how many decimal digits an integer has, without converting it to decimal."""
    # The logarithm is exact to about 15 digits, so that the count may be one too many or too few next to a power of 10.
    return int(math.log10(abs(number))) + 1


def _bad_surrogate(found: re.Match[str], where: Location) -> Diagnostic:
    message = f"character U+{ord(found[0]):04X} is half of a surrogate pair, which no file can hold"
    return Diagnostic("yaml-character", message, where, "write the whole character")
