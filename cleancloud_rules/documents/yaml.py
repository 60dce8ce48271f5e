"""YAML reader and writer. Every key and value has its location. The only module that uses PyYAML."""

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from attrs import define, evolve, field

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.file_reader import MAX_BYTES, text_in
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
from cleancloud_rules.documents.yaml_errors import syntax_error
from cleancloud_rules.errors import MissingExtraError

MAX_SKIPPED = 1_000
"""The maximum depth up to which what is nested too deeply is read on, for further diagnostics."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_SIGNS = {"": None, "~": None, "null": None, "true": True, "false": False}
"""What is written with a word or sign of its own."""
_BEGIN_NUMBERS = frozenset("-0123456789")
_QUOTES, _BLOCK = frozenset("'\""), frozenset("|>")
_LOADER: Any = getattr(yaml, "CBaseLoader", None)
_WITHOUT_LIBYAML = (
    "PyYAML is installed without libyaml, and its parser in Python rejects valid files. Install PyYAML again; where it "
    "has no wheel, install libyaml with its headers first (libyaml-dev on Debian)\n"
    "  PYYAML_FORCE_LIBYAML=1 pip install --no-cache-dir --force-reinstall PyYAML"
)
# All but the printable characters of YAML 1.2, without the byte order mark.
_NOT_ALLOWED = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


def read_file(path: Path) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read a file; see `read_text`. A file that cannot be read gives a diagnostic too."""
    try:
        text = text_in(path)
    except Rejected as rejected:
        return None, rejected.diagnostics
    return read_text(text, str(path))


def read_text(text: str, name: str = "<text>") -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read YAML or JSON text.

    Returns:
        The document, or None if the text is not a mapping; and all diagnostics.

    Raises:
        MissingExtraError: if PyYAML has no libyaml; the message says what to install.
    """
    if _LOADER is None:
        raise MissingExtraError(_WITHOUT_LIBYAML)
    file = SourceFile(name, text.removeprefix("\N{BYTE ORDER MARK}"))
    if len(text) > MAX_BYTES:
        return None, (too_large(SourceFile(name), f"{MAX_BYTES:,} characters"),)
    if found := _NOT_ALLOWED.search(file.text):
        return None, (_bad_character(found, file),)
    text = file.text
    if name.endswith(".json") or text.lstrip()[:1] == "{":
        text = _json_as_yaml(text)
    reader = _Reader(file)
    try:
        for event in _events(text):
            reader.take(event)
            if reader.is_too_large:
                return None, tuple(reader.diagnostics)
    except yaml.MarkedYAMLError as error:
        marks = (error.problem_mark or error.context_mark, error.context_mark or error.problem_mark)
        place, context = ((mark.line + 1, mark.column + 1) if mark else (1, 1) for mark in marks)
        reader.diagnostics.append(syntax_error(str(error.problem), place, context, file))
        return None, tuple(reader.diagnostics)
    if not isinstance(reader.root, MappingNode):
        if not reader.diagnostics:
            reader.diagnostics.append(no_mapping(reader.root, file))
        return None, tuple(reader.diagnostics)
    return Document(reader.root, Location(file)), tuple(reader.diagnostics)


def _events(text: str) -> Iterator[Any]:
    """Yield the events of the parser. Unlike `yaml.parse`, this asks the parser once for each."""
    loader = _LOADER(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


def _bad_character(found: re.Match[str], file: SourceFile) -> Diagnostic:
    before = SourceFile(file.name, file.text[: found.start()])
    line, column = len(before.lines), len(before.lines[-1]) + 1
    where = Location(file, line, column, line, column + 1)
    message = f"character U+{ord(found[0]):04X} is not allowed in a text file"
    return Diagnostic("yaml-character", message, where, "delete it, or write it as an escape in double quotes")


def _json_as_yaml(text: str) -> str:
    """Return JSON text as YAML in which every character keeps its place; return other text unchanged."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _JSON_TEXT.sub(_without_pairs, text).replace("\t", " ")


def _without_pairs(found: re.Match[str]) -> str:
    r"""Return a JSON string with each surrogate pair (``\ud83d\ude00``) as its character, padded to the same length."""
    text = _SURROGATES.sub(lambda pair: str(json.loads(f'"{pair[0]}"')), found[0])
    return text.ljust(len(found[0]))


def resolve(raw: str) -> bool | int | Decimal | str | None:
    """Return what a plain scalar means: null, a boolean, a written-out number, or text."""
    if raw in _SIGNS:
        return _SIGNS[raw]
    if raw[0] not in _BEGIN_NUMBERS:
        return raw
    if _INTEGER.fullmatch(raw):
        return int(raw) if len(raw) <= MAX_FIGURES else Decimal(raw)
    if _DECIMAL.fullmatch(raw):
        return Decimal(raw)
    return raw


@define
class _Open:
    """A mapping or a list whose end the parser has not reached yet."""

    mark: Any
    path: str
    flow: bool
    is_mapping: bool
    items: list[Node]
    entries: list[Entry]
    keys: dict[str, ScalarNode] = field(factory=dict)
    key: ScalarNode | None = None
    skip_value: bool = False


class _Reader:
    """Builds nodes from parser events. Its stack is a list, so that deep nesting cannot exhaust Python's own stack."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.diagnostics: list[Diagnostic] = []
        self.root: Node | None = None
        self._stack: list[_Open] = []
        self.is_too_large = False
        self._documents = 0
        self._skipped = 0
        self._nodes = 0
        self._words: dict[str, str] = {}  # the same keys stand in many mappings

    def take(self, event: Any) -> None:
        """Add what an event says. Most events are scalars, so they come first."""
        if self._documents > 1:
            return
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor or event.tag is not None:
                self._refuse_extras(event)
            self._count()
            self._add_scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.anchor or event.tag is not None:
                self._refuse_extras(event)
            self._count()
            self._begin(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._end(event)
        elif kind is yaml.AliasEvent:
            self._count()
            self._find(
                "yaml-alias", f"alias `*{event.anchor}`: aliases are not supported", event, "write the value out"
            )
            self._add(ScalarNode(None, self._location(event), f"*{event.anchor}", "broken"))
        else:
            self._outside(event)

    def _outside(self, event: Any) -> None:
        """Take the beginning or the end of the text or of a document."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents == 2:
                self._find("yaml-documents", "a second document begins here", event, "put each in its own file")
                return
        self._count()

    def _count(self) -> None:
        """Count a node of the document, and stop where there are too many."""
        self._nodes += 1
        if self._nodes > MAX_NODES and not self.is_too_large:
            self.diagnostics.append(too_large(self.file, f"{MAX_NODES:,} values"))
            self.is_too_large = True

    def _begin(self, event: Any) -> None:
        if self._skipped or len(self._stack) >= MAX_DEPTH:
            if not self._skipped:
                self.diagnostics.append(too_deep(self._location(event)))
            self._skipped += 1
            # The parser needs time in proportion to the depth for every token: it must not go on like this.
            self.is_too_large = self._skipped > MAX_SKIPPED
            return
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._stack.append(_Open(event.start_mark, self._path(), bool(event.flow_style), is_mapping, [], []))

    def _end(self, event: Any) -> None:
        if self._skipped:
            self._skipped -= 1
            if not self._skipped:
                self._add(ScalarNode(None, self._location(event), "...", "broken"))
            return
        top = self._stack.pop()
        where = self._location(event, top.mark, top.path)
        if top.is_mapping:
            self._add(MappingNode(tuple(top.entries), where, top.flow))
        else:
            self._add(SequenceNode(tuple(top.items), where))

    def _add(self, node: Node) -> None:
        if self._skipped:
            return
        if not self._stack:
            self.root = node
            return
        top = self._stack[-1]
        if not top.is_mapping:
            top.items.append(node)
        elif top.key is None:
            self._take_key(top, node)
        else:
            if not top.skip_value:
                top.entries.append(Entry(top.key, node))
            top.key, top.skip_value = None, False

    def _add_scalar(self, event: Any) -> None:
        raw, top = event.value, self._stack[-1] if self._stack and not self._skipped else None
        is_odd = not raw or len(raw) > MAX_FIGURES or event.style in _BLOCK
        if top is None or not top.is_mapping or top.key is not None or is_odd:
            self._add(self._scalar(event))
        else:
            raw = self._words.setdefault(raw, raw)
            where = self._location(event, path=f"{top.path}.{raw}" if top.path else raw)
            self._begin_entry(top, ScalarNode(raw, where, raw, "quoted" if event.style in _QUOTES else "plain"))

    def _take_key(self, top: _Open, node: Node) -> None:
        """Take a key that is not a short scalar."""
        if not isinstance(node, ScalarNode) or node.style == "block" or not node.raw:
            self.diagnostics.append(Diagnostic("yaml-key", "a key must be a single word", node.location))
            top.key, top.skip_value = ScalarNode("", node.location), True
            return
        where = evolve(node.location, path=f"{top.path}.{node.raw}" if top.path else node.raw)
        self._begin_entry(top, ScalarNode(node.raw, where, node.raw, node.style))

    def _begin_entry(self, top: _Open, key: ScalarNode) -> None:
        top.key = key
        first = top.keys.setdefault(key.raw, key)
        if first is not key:
            line = first.location.line
            message = f"key `{key.raw}` is repeated; it is already on line {line}"
            self.diagnostics.append(Diagnostic("repeated-key", message, key.location, "keep one of the two"))
            top.skip_value = True

    def _scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        where, raw = self._location(event), event.value
        if event.style in _QUOTES:
            return ScalarNode(raw, where, raw, "quoted")
        if event.style in _BLOCK:
            return ScalarNode(raw, where, raw, "block")
        if len(raw) > MAX_FIGURES and (_INTEGER.fullmatch(raw) or _DECIMAL.fullmatch(raw)):
            self.diagnostics.append(too_many_digits(sum(map(str.isdecimal, raw)), where))
            return ScalarNode(None, where, "...", "broken")
        return ScalarNode(resolve(raw), where, raw, "plain")

    def _path(self) -> str:
        if not self._stack:
            return ""
        top = self._stack[-1]
        if not top.is_mapping:
            return f"{top.path}[{len(top.items)}]"
        return top.key.location.path if top.key else top.path

    def _location(self, event: Any, start: Any = None, path: str | None = None) -> Location:
        start, end = start or event.start_mark, event.end_mark
        line = start.line + 1
        last = line if end.line == start.line else end.line + 1  # one object for both, because there are many places
        path = self._path() if path is None else path
        return Location(self.file, line, start.column + 1, last, end.column + 1, path)

    def _find(self, code: str, message: str, event: Any, help: str = "") -> None:
        self.diagnostics.append(Diagnostic(code, message, self._location(event), help))

    def _refuse_extras(self, event: Any) -> None:
        if event.anchor:
            self._find(
                "yaml-alias", f"anchor `&{event.anchor}`: anchors are not supported", event, "write the value out"
            )
        if event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self._find("yaml-tag", f"tag `{tag}`: tags are not supported", event, "remove the tag")


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes decimals with all their digits, and every value in full instead of as an alias."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the parent's signature
        return True


def _write_decimal(dumper: Any, number: Decimal) -> Any:
    text = f"{number:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(Decimal, _write_decimal)


def write_text(data: MappingType[str, Any]) -> str:
    """Return nested plain data as YAML that `read_text` reads. Equal data gives equal bytes."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=116)
    return text


class _BlockDumper(_Dumper):
    """Writes texts of several lines with their lines."""


def _write_lines(dumper: Any, text: str) -> Any:
    lines = text.split("\n")
    is_block = len(lines) > 1 and not any(line != line.strip(" ") for line in (lines[0], lines[-1]))
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if is_block else None)


_BlockDumper.add_representer(str, _write_lines)


def write_blocks(data: MappingType[str, Any], depth: int = 1) -> str:
    """Return nested plain data as YAML in which the keys of the outer mappings stand below each other.

    Args:
        data: a mapping that is not empty.
        depth: how many levels of mappings are written so; the values inside are written as by `write_text`.
    """
    parts = []
    for key, value in data.items():
        if depth > 1 and isinstance(value, MappingType) and value:
            inner = write_blocks(value, depth - 1)
            head = yaml.dump({key: None}, Dumper=_Dumper, default_flow_style=False, allow_unicode=True)
            lines = (f"  {line}" if line else "" for line in inner.split("\n"))
            parts.append(head.removesuffix(" null\n") + "\n" + "\n".join(lines))
        else:
            flow = None if isinstance(value, MappingType | list) else False
            written: str = yaml.dump(
                {key: value},
                Dumper=_BlockDumper,
                sort_keys=False,
                allow_unicode=True,
                default_flow_style=flow,
                width=116,
            )
            parts.append(written)
    return "".join(parts)


_UNBROKEN = 2**31 - 1


def write_line(data: MappingType[str, Any]) -> str:
    """Return plain data as one line of YAML that `read_text` reads as part of a list."""
    text: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=True, width=_UNBROKEN
    )
    return text.removesuffix("\n")
