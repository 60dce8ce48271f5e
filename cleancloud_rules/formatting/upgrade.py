"""Rewrites the files of a methodology that was written for an earlier form of the language.

Each step is one change of the language. A step reads files in their usual layout and moves lines; so comments, keys of
the user's own and all choices of the author are kept.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import frozen

from cleancloud_rules.diagnostics.collector import Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents import yaml
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, ScalarNode, SequenceNode
from cleancloud_rules.formatting.block_style import dashes, end_of
from cleancloud_rules.formatting.flow_style import is_flow
from cleancloud_rules.formatting.formatter import content, formatted

Files = Mapping[str, str]
"""The texts of the files of one methodology, by name."""


def upgraded(files: Files) -> Files:
    """Return the files of a methodology in today's form of the language, in their usual layout.

    A file whose content went to another one is missing. Files in today's form stay as they are, except that criteria
    are sorted by id: their order cannot be told from that of an earlier form.

    Args:
        files: the texts of ``methodology.yaml`` and of the criteria files, by name.

    Raises:
        Rejected: if a file cannot be read or rewritten; with every reason.
    """
    made = before = _each(files, _formatted)
    for step in STEPS:
        made = _each(step(made), _formatted)
    _check_kept(before, made)
    return made


def _each(files: Files, change: Callable[[str, str], str]) -> dict[str, str]:
    wrong: list[Rejected] = []
    made: dict[str, str] = {}
    for name, text in files.items():
        try:
            made[name] = change(name, text)
        except Rejected as rejected:
            wrong.append(rejected)
    if wrong:
        raise Rejected(*(diagnostic for rejected in wrong for diagnostic in rejected.diagnostics))
    return made


def _formatted(name: str, text: str) -> str:
    made, diagnostics = formatted(text, name)
    if made is None:
        raise Rejected(*diagnostics)
    return made


@frozen
class _Body:
    """A file with the criteria of one group, cut into lines.

    Args:
        document: the file.
        ids: the ids of the criteria, in the order of the file.
        above: the lines above the first criterion, the key `criteria` included; all lines if criteria cannot be moved.
        chunks: the lines of each criterion with the comments above it.
        below: the lines below the last criterion.
    """

    document: Document
    ids: tuple[str, ...]
    above: list[str]
    chunks: list[list[str]]
    below: list[str]

    @property
    def group(self) -> str:
        """The id of the group."""
        node = self.document.root.get("category")
        return node.raw if isinstance(node, ScalarNode) else ""

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.document.location.file.name

    @property
    def text(self) -> str:
        """The text of the file."""
        return "\n".join([*self.above, *(line for chunk in self.chunks for line in chunk), *self.below]) + "\n"


def _bodies(files: Files) -> dict[str, _Body]:
    """Return the files that have criteria, by name."""

    def read(name: str, text: str) -> Any:
        document, diagnostics = yaml.read_text(text, name)
        if document is None or diagnostics:
            raise Rejected(*diagnostics)
        return None if document.root.get("criteria") is None else _body(document)

    made: dict[str, Any] = _each(files, read)
    return {name: body for name, body in made.items() if body is not None}


def _body(document: Document) -> _Body:
    criteria, lines = document.root.get("criteria"), document.location.file.text.removesuffix("\n").split("\n")
    entry = document.root.entry("criteria")
    assert entry is not None
    if not isinstance(criteria, SequenceNode):
        raise _cannot("`criteria` is not a list", entry.value.location, "write each criterion with a dash")
    ids = tuple(_id_of(item) for item in criteria.items)
    if not criteria.items or document.root.flow or is_flow(criteria):
        return _Body(document, ids, lines, [], [])
    found = list(dashes(criteria, lines))
    column = criteria.location.column - 1
    starts = [entry.key.location.line + 1]
    starts += [_after(end_of(item, column, lines) + 1, line, column, lines) for (_, item), (line, _) in pairwise(found)]
    last = end_of(found[-1][1], column, lines) + 1
    starts.append(_after(last, len(lines) + 1, column, lines))
    chunks = [lines[start - 1 : end - 1] for start, end in pairwise(starts)]
    return _Body(document, ids, lines[: starts[0] - 1], chunks, lines[starts[-1] - 1 :])


def _after(first: int, following: int, column: int, lines: list[str]) -> int:
    """Return the line at which the comments of the next criterion begin; deeper ones belong to the last criterion."""
    while first < following and (not lines[first - 1].strip() or _indent(lines[first - 1]) > column):
        first += 1
    return first


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _id_of(item: Any) -> str:
    id = item.get("id") if isinstance(item, MappingNode) else None
    if not isinstance(id, ScalarNode):
        raise _cannot("a criterion without `id` cannot be moved", item.location, "give it an `id`")
    return id.raw


def _one_file_for_each_group(files: Files) -> Files:
    """Move the criteria of a group that are in several files into the first of them, or the one that has its name."""
    bodies = _bodies(files)
    groups: dict[str, list[str]] = {}
    for name in sorted(bodies):
        groups.setdefault(bodies[name].group, []).append(name)
    made = dict(files)
    wrong: list[Rejected] = []
    for group, names in groups.items():
        target = next((name for name in names if Path(name).stem == group), names[0])
        for other in (name for name in names if name != target):
            try:
                _check_movable(bodies[target])
                _check_movable(bodies[other])
                _refuse_repeated(bodies[target], bodies[other])
                bodies[target] = _joined(bodies[target], bodies[other])
                made[target] = bodies[target].text
                del made[other]
            except Rejected as rejected:
                wrong.append(rejected)
    if wrong:
        raise Rejected(*(diagnostic for rejected in wrong for diagnostic in rejected.diagnostics))
    return made


def _check_movable(body: _Body) -> None:
    if not body.chunks:
        where = body.document.root.value_location("criteria")
        raise _cannot("criteria in brackets cannot be moved", where, "write each with a dash on a line of its own")


def _refuse_repeated(one: _Body, other: _Body) -> None:
    both = sorted(set(one.ids) & set(other.ids))
    if both:
        message = f"criterion `{both[0]}` is in `{one.name}` too"
        raise _cannot(message, other.document.root.value_location("criteria"), "rename one of them")


def _joined(one: _Body, other: _Body) -> _Body:
    """Return a body with the criteria of another one. Comments outside its criteria go to the top of the file."""
    head = [line for line in _comments(other) if line not in one.above]
    more: list[str] = []
    for entry in (*one.document.root, *other.document.root):
        name = str(entry.key.value)
        mine, theirs = one.document.root.entry(name), other.document.root.entry(name)
        if name in ("category", "criteria"):
            continue
        if mine is not None and theirs is not None and content(mine.value) != content(theirs.value):
            message = f"`{name}` differs from that at {mine.key.location}"
            raise _cannot(message, theirs.key.location, "make them equal, or write their keys in each criterion")
        if (mine is None or theirs is None) and not name.startswith("x-"):
            message = f"`{name}` would hold for the criteria of `{one.name if mine is None else other.name}` too"
            raise _cannot(message, entry.key.location, "write its keys in each criterion of this file")
        if mine is None:
            more += _lines_of(entry, other)
    first = next(i for i, line in enumerate(one.above) if line.strip() and not line.startswith("#"))
    above = [*one.above[:first], *head, *one.above[first:-1], *more, one.above[-1]]
    text = _Body(one.document, (), above, [*one.chunks, *other.chunks], one.below).text
    document, diagnostics = yaml.read_text(text, one.name)
    if document is None or diagnostics:
        raise _cannot("these files cannot be put together", one.document.location, "put them together by hand")
    return _body(document)


def _lines_of(entry: Entry, body: _Body) -> list[str]:
    lines = body.document.location.file.text.split("\n")
    return lines[entry.key.location.line - 1 : end_of(entry.value, 0, lines)]


def _comments(body: _Body) -> list[str]:
    """Return the comments outside criteria, each as a line. Comments inside other keys stay with their key."""
    inside: set[int] = set()
    lines = body.document.location.file.text.split("\n")
    for entry in body.document.root:
        start = entry.key.location.line
        name = str(entry.key.value)
        if name not in ("category", "criteria"):
            inside.update(range(start, end_of(entry.value, 0, lines) + 1))
    outside = [*enumerate(body.above, 1), *enumerate(body.below, len(lines) - len(body.below))]
    return [line[line.index("#") :] for number, line in outside if "#" in line and number not in inside]


def _criteria_by_id(files: Files) -> Files:
    """Sort the criteria of each file by id, as they were shown before their order became content."""
    made = dict(files)
    for name, body in _bodies(files).items():
        if list(body.ids) != sorted(body.ids):
            _check_movable(body)
            order = sorted(range(len(body.ids)), key=lambda index: body.ids[index])
            made[name] = _Body(
                body.document, (), body.above, [_closed(body.chunks[index]) for index in order], body.below
            ).text
    return made


def _closed(chunk: list[str]) -> list[str]:
    """Return the lines of a criterion without the empty lines that separated it from the next one."""
    end = len(chunk)
    while end and not chunk[end - 1].strip():
        end -= 1
    return chunk[:end]


STEPS: tuple[Callable[[Files], Files], ...] = (_one_file_for_each_group, _criteria_by_id)
"""The changes of the language, oldest first. Each leaves files as they are that have its form already."""


def _check_kept(before: Files, after: Files) -> None:
    """Refuse a result that has lost a comment or changed a criterion."""
    kept = "\n".join(after.values())
    olds, news = _bodies(before), _bodies(after)
    for name, text in before.items():
        for number, line in enumerate(text.split("\n"), 1):
            if "#" in line and line[line.index("#") :] not in kept:
                where = Location(SourceFile(name, text), number, line.index("#") + 1, number, len(line) + 1)
                raise _cannot("this comment would be lost", where, "put the files together by hand")
    if _criteria(olds) != _criteria(news):
        where = next(iter(olds.values())).document.location
        raise _cannot(
            "these files cannot be upgraded without a change of meaning", where, "report this as an error of `fmt`"
        )


def _criteria(bodies: Mapping[str, _Body]) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for body in bodies.values():
        criteria = body.document.root.get("criteria")
        assert isinstance(criteria, SequenceNode)
        beside = {str(e.key.value): content(e.value) for e in body.document.root if e.key.value != "criteria"}
        shared = {key: value for key, value in beside.items() if not key.startswith("x-")}
        found |= {(body.group, id): (shared, content(item)) for id, item in zip(body.ids, criteria.items, strict=True)}
    return found


def _cannot(message: str, where: Location, help: str) -> Rejected:
    return reject("cannot-upgrade", message, where, help)
