"""Changes entries of a YAML file in place: all other lines, comments among them, stay as they are."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import define, field

from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import write_blocks, write_line
from cleancloud_rules.errors import OutputError
from cleancloud_rules.formatting.formatter import formatted

_INDENT = 2


@define
class FileEdits:
    """Changes of one file, which are made all at once.

    Args:
        document: the file.
    """

    document: Document
    _edits: list[tuple[int, int, list[str]]] = field(factory=list)
    _new_keys: list[tuple[int, int, list[str]]] = field(factory=list)

    @property
    def text(self) -> str:
        """The text of the file after the changes."""
        lines = self.document.location.file.text.splitlines(keepends=True)
        end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
        if lines and not lines[-1].endswith(("\n", "\r")):
            lines[-1] += end
        # From the end to the beginning, so that numbers of lines stay right; new keys stand behind the last items.
        for first, last, new in sorted([*self._new_keys, *self._edits], key=lambda edit: edit[:2], reverse=True):
            lines[first - 1 : last] = [f"{line}{end}" for line in new]
        return "".join(lines)

    def replace_item(self, key: str, line: int, data: Mapping[str, Any] | None) -> None:
        """Replace the item of a list that covers a line; None removes it."""
        item = next((item for item in self._items(key) if item.location.line <= line <= _last_line(item)), None)
        if item is None:
            raise self._refused(key)
        indent = self._indent_of(item, key)
        new = [] if data is None else _item_lines(key, data, indent)
        self._edits.append((item.location.line, _last_line(item), new))

    def set_in_item(self, key: str, where: Location, values: Mapping[str, Any]) -> None:
        """Set values in the item of a list at a place; None removes one. New keys come last."""
        item = next((item for item in self._items(key) if _begins(item) == _begins_at(where)), None)
        if not isinstance(item, MappingNode):
            raise self._refused(key)
        if item.flow:
            parts = {entry.key.raw: self._written(entry) for entry in item}
            parts |= {name: _in_flow(name, data) for name, data in values.items() if data is not None}
            self._set_flow(item, [text for name, text in parts.items() if values.get(name, "") is not None], key)
            return
        indent = item.entries[0].key.location.column - 1
        added: list[str] = []
        for name, data in values.items():
            entry = item.entry(name)
            new = [] if data is None else _indented(_lines({name: data}, 2), indent)
            if entry is None:
                added += new
            elif entry is item.entries[0]:
                raise self._refused(key)  # it shares its line with the sign `-`
            else:
                self._edits.append((entry.key.location.line, _last_line(entry.value), new))
        if added:
            last = _last_line(item)
            self._edits.append((last + 1, last, added))

    def is_answer(self, key: str, where: Location) -> bool:
        """Return whether an answer to a question stands at a place."""
        return any(_begins(entry) == _begins_at(where) for block in self._blocks(key) for entry in _answers_in(block))

    def remove_answers(self, key: str, places: Iterable[Location]) -> None:
        """Remove answers whose questions stand at some places, and each block of answers that has no other ones."""
        gone = set(map(_begins_at, places))
        blocks = self._blocks(key)
        left = [block for block in blocks if not gone >= set(map(_begins, _answers_in(block)))]
        for block in blocks:
            answers = _answers_in(block)
            removed = [entry for entry in answers if _begins(entry) in gone]
            if removed and not left:
                self.set_value((key,), None)
                return
            if removed and block not in left:
                self.replace_item(key, block.location.line, None)
            elif removed and answers.flow:
                self._set_flow(answers, [self._written(entry) for entry in answers if entry not in removed], key)
            else:
                self._edits += [(entry.key.location.line, _last_line(entry.value), []) for entry in removed]

    def add_items(self, key: str, entries: Iterable[Mapping[str, Any]]) -> None:
        """Add items at the end of a list, which is made if it is missing."""
        entries, items = list(entries), self._items(key)
        written = self.document.root.entry(key)
        if not entries:
            return
        if items:
            last, indent = _last_line(items[-1]), self._indent_of(items[-1], key)
            self._edits.append(
                (last + 1, last, [line for entry in entries for line in _item_lines(key, entry, indent)])
            )
            return
        lines = [f"{key}:", *(line for entry in entries for line in _item_lines(key, entry, _INDENT))]
        if written is not None:
            self._edits.append((written.key.location.line, _last_line(written.value), lines))
        else:
            self._new_keys.append((self._end + 1, self._end, lines))

    def set_value(self, path: tuple[str, ...], data: Any) -> None:
        """Set the value below keys; None removes it. A key that is missing is added behind the others."""
        node: Node = self.document.root
        for key in path[:-1]:
            found = node.get(key) if isinstance(node, MappingNode) else None
            if found is None:
                raise self._refused(key)
            node = found
        if not isinstance(node, MappingNode) or node.flow:
            raise self._refused(path[-1])
        entry = node.entry(path[-1])
        if entry is None and data is None:
            return
        indent = node.entries[0].key.location.column - 1 if node.entries else _INDENT * (len(path) - 1)
        new = [] if data is None else _indented(_lines({path[-1]: data}, 2), indent)
        if entry is not None:
            self._edits.append((entry.key.location.line, _last_line(entry.value), new))
        elif node is self.document.root:
            head = self.document.root.entries[0]
            self._edits.append((_last_line(head.value) + 1, _last_line(head.value), new))
        else:
            last = _last_line(node)
            self._edits.append((last + 1, last, new))

    def _set_flow(self, node: MappingNode, parts: Iterable[str], key: str) -> None:
        """Replace what a mapping in braces holds; all that stands around it stays.

        Raises:
            OutputError: if a comment stands between its entries.
        """
        where = node.location
        ends = [(entry.key.location, entry.value.location) for entry in node]
        starts = [(where.line, where.column + 1), *((value.end_line, value.end_column) for _, value in ends)]
        stops = [*((name.line, name.column) for name, _ in ends), (where.end_line, where.end_column - 1)]
        if any(self._between(start, stop).strip(" \t\r\n,") for start, stop in zip(starts, stops, strict=True)):
            raise self._refused(key)
        before = where.file.line(where.line)[: where.column - 1]
        after = where.file.line(where.end_line)[where.end_column - 1 :]
        text = f"{before}{{{', '.join(parts)}}}{after}"
        self._edits.append((where.line, where.end_line, text.split("\n")))

    def _written(self, entry: Entry) -> str:
        """Return an entry of a mapping in braces as it is written."""
        first, last = entry.key.location, entry.value.location
        return self._between((first.line, first.column), (last.end_line, last.end_column))

    def _between(self, start: tuple[int, int], stop: tuple[int, int]) -> str:
        """Return the text between two places, each a line and a column."""
        file = self.document.location.file
        lines = [file.line(number) for number in range(start[0], stop[0] + 1)]
        lines[-1] = lines[-1][: stop[1] - 1]
        lines[0] = lines[0][start[1] - 1 :]
        return "\n".join(lines)

    @property
    def _end(self) -> int:
        return len(self.document.location.file.text.splitlines())

    def _items(self, key: str) -> tuple[Node, ...]:
        found = self.document.root.get(key)
        return found.items if isinstance(found, SequenceNode) else ()

    def _blocks(self, key: str) -> tuple[Node, ...]:
        """Return what stands under a key: the items of a list, or else its only value."""
        written = self.document.root.get(key)
        return self._items(key) or (() if written is None else (written,))

    def _indent_of(self, item: Node, key: str) -> int:
        """Return how far the sign `-` of an item is indented."""
        where = item.location
        before = where.file.line(where.line)[: where.column - 1]
        if before.strip() != "-":
            raise self._refused(key)
        return before.index("-")

    def _refused(self, key: str) -> OutputError:
        name = self.document.location.file.name
        why = "its entries share lines or stand under `answers`, or a comment stands among them"
        return OutputError(f"nothing is written: `{key}` of `{name}` cannot be changed in place, because {why}")


def _answers_in(block: Node) -> MappingNode:
    """Return the answers of a block of answers by question."""
    found = block.get("values") if isinstance(block, MappingNode) else None
    return found if isinstance(found, MappingNode) else MappingNode((), block.location)


def _begins(node: Node | Entry) -> tuple[int, int]:
    return _begins_at(node.key.location if isinstance(node, Entry) else node.location)


def _begins_at(where: Location) -> tuple[int, int]:
    return where.line, where.column


def _in_flow(name: str, data: Any) -> str:
    """Return an entry as it stands in braces."""
    return write_line({name: data}).removeprefix("{").removesuffix("}")


def _item_lines(key: str, data: Mapping[str, Any], indent: int) -> list[str]:
    """Return the lines of an item of a list."""
    first, *rest = _lines({key: [data]}, 1)[1:]
    own = len(first) - len(first.lstrip())
    return _indented([line[own:] for line in (first, *rest)], indent)


def _lines(data: Mapping[str, Any], depth: int) -> list[str]:
    """Return plain data as lines of YAML in the usual layout."""
    written = write_blocks(data, depth)
    return (formatted(written)[0] or written).rstrip("\n").split("\n")


def _indented(lines: Iterable[str], indent: int) -> list[str]:
    return [" " * indent + line if line else "" for line in lines]


def _last_line(node: Node | Entry) -> int:
    """Return the last line of a node, without the empty lines and comments behind it."""
    match node:
        case Entry():
            return _last_line(node.value)
        case MappingNode() if node.entries and not node.flow:
            return _last_line(node.entries[-1])
        case SequenceNode() if node.items and not node.location.text.startswith("["):
            return _last_line(node.items[-1])
        case ScalarNode(raw=""):
            return node.location.line
        case _:
            where = node.location
            last = where.end_line - 1 if where.end_column == 1 and where.end_line > where.line else where.end_line
            while last > where.line and not where.file.line(last).strip():  # a text of several lines ends with them
                last -= 1
            return last
