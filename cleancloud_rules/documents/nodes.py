"""Nodes of a parsed document: mappings, sequences and scalars, each with its location."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property

from attrs import evolve, field, frozen

from cleancloud_rules.diagnostics.diagnostic import Location


@frozen
class ScalarNode:
    """A single value.

    Args:
        value: the value as YAML 1.2 reads it: None, a boolean, an integer, a decimal or a text;
            a date only when the document was built from Python data.
        location: its place in the file.
        raw: the characters as written, without quotes.
        style: ``plain``, ``quoted``, ``block``, ``data`` (built from Python data), ``cell`` (of a table) or ``broken``
            (replaces what the reader rejected; it causes no further diagnostic).
    """

    value: bool | int | Decimal | str | date | None
    location: Location = field(eq=False, repr=False)
    raw: str = ""
    style: str = "plain"

    def span(self, start: int, end: int) -> Location:
        """Return the location of characters `start` to `end` of the text, or of the scalar if they cannot be located.

        Escapes, line breaks and block style shift characters. Then the same words are searched for in the file.
        """
        where = self.location
        end = max(end, start + 1)
        quote = 1 if self.style == "quoted" else 0
        width = where.end_column - where.column
        if not where.line or where.end_line != where.line or width != len(self.raw) + 2 * quote:
            return self._words(start, end)
        column = where.column + quote
        return evolve(where, column=column + start, end_column=column + end)

    def _words(self, start: int, end: int) -> Location:
        """Return the location of the same occurrence of these words in the lines of the scalar."""
        where, words = self.location, self.raw[start:end]
        earlier = self.raw.count(words, 0, start) if words else 0
        for number in range(where.line, where.end_line + 1) if words and where.line else ():
            line = where.file.line(number)
            first = where.column - 1 if number == where.line else 0
            last = where.end_column - 1 if number == where.end_line else len(line)
            while (position := line.find(words, first, last)) >= 0:
                first = position + len(words)
                if not earlier:
                    return evolve(where, line=number, column=position + 1, end_line=number, end_column=first + 1)
                earlier -= 1
        return where


@frozen
class SequenceNode:
    """A list of nodes."""

    items: tuple["Node", ...]
    location: Location = field(eq=False, repr=False)


@frozen
class Entry:
    """One key of a mapping and its value."""

    key: ScalarNode
    value: "Node"


@frozen
class MappingNode:
    """Keys with values, in the order of the file. Each key is a text and occurs once.

    Args:
        entries: the keys with their values.
        location: its place in the file.
        flow: whether it is written in braces.
    """

    entries: tuple[Entry, ...]
    location: Location = field(eq=False, repr=False)
    flow: bool = False

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def get(self, key: str) -> "Node | None":
        """Return the value of `key`, or None if the key is missing."""
        entry = self.entry(key)
        return entry.value if entry else None

    def entry(self, key: str) -> Entry | None:
        """Return the entry of `key`, or None if the key is missing."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[object, Entry]:
        return {entry.key.value: entry for entry in reversed(self.entries)}

    @property
    def beginning(self) -> Location:
        """The location of the first key: enough to underline for the mapping."""
        return self.entries[0].key.location if self.entries else self.location

    def key_location(self, key: str) -> Location:
        """Return the location of `key` itself, or of the mapping's beginning if the key is missing."""
        entry = self.entry(key)
        return entry.key.location if entry else self.beginning

    def value_location(self, key: str, index: int | None = None) -> Location:
        """Return the location of the value of `key`, or of the mapping's beginning if the key is missing.

        Args:
            key: the key.
            index: the index of an item, if the value is a list.
        """
        value = self.get(key)
        if isinstance(value, SequenceNode) and index is not None and index < len(value.items):
            return value.items[index].location
        return value.location if value is not None else self.beginning


Node = ScalarNode | SequenceNode | MappingNode


@frozen
class Document:
    """A parsed file: its top-level mapping, and the location of the file for diagnostics about missing content."""

    root: MappingNode
    location: Location = field(eq=False, repr=False)
