"""Nodes to typed objects. The only module that imports cattrs.

The converter's hooks take nodes of a document where cattrs would take plain data, so that each refusal
has its place, and they refuse whatever is not exactly of the type: nothing is coerced.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as MappingType
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter

from cleancloud_rules import _shapes
from cleancloud_rules._conditions import Scope, condition_of, when_of
from cleancloud_rules._findings import Gather, did_you_mean, listed, reject
from cleancloud_rules._values import (
    boolean_of,
    date_of,
    day_or_year_of,
    decimal_value,
    integer_of,
    period_of,
    text_of,
    word_of,
    wrong_type,
)
from cleancloud_rules.conditions import Condition, When
from cleancloud_rules.documents import Mapping, Node, Scalar, Sequence
from cleancloud_rules.facts import Evidence
from cleancloud_rules.methodology import Criterion, Notice, Reference, Remedy, Rounding, Rule, Window
from cleancloud_rules.values import Id, Interval, Name, Period, Word

_Thing = TypeVar("_Thing")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")

_PLAIN_CLASSES: tuple[type, ...] = (
    *(c for c in vars(_shapes).values() if isinstance(c, type) and c.__module__ == _shapes.__name__),
    Notice, Remedy, Rounding,
)  # fmt: skip


def structure(node: Node, type: type[_Thing], scope: Scope | None = None) -> _Thing:
    """Return the object that a node describes.

    Args:
        node: a part of a document.
        type: the class to make.
        scope: the vocabulary and the sources that the node may name.

    Raises:
        Rejected: with every finding in the node.
    """
    made: _Thing = _converter(scope).structure(node, type)
    return made


@cache
def _plain_converter() -> Converter:
    converter = Converter()
    plain: dict[Any, Callable[[Any], Any]] = {
        str: text_of, bool: boolean_of, int: integer_of, Decimal: decimal_value, date: date_of,
        Period: period_of, date | Interval | None: day_or_year_of, Node: lambda node: node,
        Id: lambda node: _matching(node, _ID, "lower-case words joined by underscores"),
        Name: lambda node: _matching(node, _NAME, "letters, digits, `_`, `-` and `.`"),
        Word: lambda node: _matching(node, _WORD, "letters, digits, `_`, `-`, `+` and `.`"),
    }  # fmt: skip
    for kind, function in plain.items():
        if isinstance(kind, type):
            converter.register_structure_hook(kind, _one_argument(function))
        else:
            converter.register_structure_hook_func(_is(kind), _one_argument(function))
    converter.register_structure_hook_func(_is_enum, _enum)
    converter.register_structure_hook_factory(_is_optional, lambda t: _optional_hook(t, converter))
    converter.register_structure_hook_factory(_is_origin(tuple), lambda t: _tuple_hook(t, converter))
    converter.register_structure_hook_factory(_is_origin(dict), lambda t: _dict_hook(t, converter))
    for cls in _PLAIN_CLASSES:
        converter.register_structure_hook(cls, _class_hook(cls, converter))
    bounded = _class_hook(Window, converter)
    converter.register_structure_hook(Window, lambda node, _: _window(node, bounded))
    return converter


def _window(node: Node, bounded: Callable[[Any, Any], Any]) -> Window:
    if isinstance(node, Scalar) and node.raw == "always":
        return Window()
    if isinstance(node, Scalar):
        raise wrong_type(node, "`always`, or a mapping with `from` and `to`")
    window: Window = bounded(node, Window)
    return window


def _converter(scope: Scope | None) -> Converter:
    plain = _plain_converter()
    if scope is None:
        return plain
    converter = plain.copy()
    converter.register_structure_hook_func(_is(When), lambda node, _: when_of(node, scope))
    converter.register_structure_hook(Condition, lambda node, _: condition_of(node, scope))
    converter.register_structure_hook(Evidence, lambda node, _: cited(node, scope.bibliography))
    converter.register_structure_hook_factory(_is_optional, lambda t: _optional_hook(t, converter))
    converter.register_structure_hook_factory(_is_origin(tuple), lambda t: _tuple_hook(t, converter))
    for cls in (Reference, Rule, Criterion):
        converter.register_structure_hook(cls, _class_hook(cls, converter))
    return converter


def _is(kind: Any) -> Callable[[Any], bool]:
    return lambda t: t is kind or t == kind


def _is_enum(t: Any) -> bool:
    return isinstance(t, type) and issubclass(t, Enum)


def _is_origin(origin: type) -> Callable[[Any], bool]:
    return lambda t: get_origin(t) is origin


def _is_optional(t: Any) -> bool:
    if get_origin(t) not in (Union, UnionType) or t in (When, Node, date | Interval | None):
        return False
    return type(None) in get_args(t)


def _one_argument(function: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda node, _: function(node)


def _matching(node: Node, pattern: re.Pattern[str], meaning: str) -> str:
    word = word_of(node, f"a name of {meaning}")
    if not pattern.fullmatch(word):
        raise reject("bad-id", f"`{word}` is not a name: names are {meaning}", node.location)
    return word


def _enum(node: Any, kind: Any) -> Any:
    values = [member.value for member in kind]
    word = word_of(node, f"one of {listed(values)}")
    if word not in values:
        help = did_you_mean(word, values)
        raise reject("unknown-value", f"`{word}` is not one of {listed(values)}", node.location, help)
    return kind(word)


def _optional_hook(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    members = tuple(t for t in get_args(kind) if t is not type(None))
    inner: Any = Union[members]  # noqa: UP007 - built from a tuple

    def hook(node: Any, _: Any) -> Any:
        return converter.structure(node, inner)

    return hook


def _tuple_hook(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    inner = get_args(kind)[0]

    def hook(node: Any, _: Any) -> Any:
        if not isinstance(node, Sequence):
            raise wrong_type(node, "a list")
        gather = Gather()
        items = [gather.attempt(converter.structure, item, inner) for item in node.items]
        gather.raise_if_any()
        return tuple(items)

    return hook


def _dict_hook(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    key_kind, value_kind = get_args(kind)

    def hook(node: Any, _: Any) -> Any:
        if not isinstance(node, Mapping):
            raise wrong_type(node, "a mapping")
        gather = Gather()
        made: dict[Any, Any] = {}
        for entry in node:
            key = gather.attempt(converter.structure, entry.key, key_kind) if key_kind is not str else entry.key.raw
            made[key] = gather.attempt(converter.structure, entry.value, value_kind)
        gather.raise_if_any()
        return made

    return hook


def _class_hook(cls: type, converter: Converter) -> Callable[[Any, Any], Any]:
    attrs.resolve_types(cls)
    fields = [a for a in attrs.fields(cls) if a.name != "node"]
    by_key = {a.metadata.get("key", a.name): a for a in fields}
    has_node = any(a.name == "node" for a in attrs.fields(cls))

    def hook(node: Any, _: Any) -> Any:
        if not isinstance(node, Mapping):
            raise wrong_type(node, f"a mapping with {listed(by_key)}")
        gather = Gather()
        refuse_unknown_keys(node, by_key, gather)
        made: dict[str, Any] = {}
        for key, attribute in by_key.items():
            child = node.get(key)
            if child is not None:
                made[attribute.name] = gather.attempt(converter.structure, child, attribute.type)
            elif attribute.default is attrs.NOTHING:
                gather.add("missing-key", f"key `{key}` is missing", beginning(node))
        gather.raise_if_any()
        return cls(**made, node=node) if has_node else cls(**made)

    return hook


def beginning(node: Mapping) -> Any:
    """Return where a mapping begins: its first key, which is enough to underline."""
    return node.entries[0].key.location if node.entries else node.location


def refuse_unknown_keys(node: Mapping, known: MappingType[str, Any], gather: Gather) -> None:
    """Report each key of the mapping that is not known."""
    for entry in node:
        name = str(entry.key.value)
        if name in known:
            continue
        if isinstance(entry.value, Scalar) and entry.value.raw == "" and entry.value.value is None and node.flow:
            message = f"`{name}` is a key of its own here, without a value"
            help = "several values stand in brackets: `[a, b]`"
            gather.add("key-without-value", message, entry.key.location, help)
            continue
        gather.add("unknown-key", f"unknown key `{name}`", entry.key.location, did_you_mean(name, known))


def cited(node: Node, bibliography: MappingType[str, Evidence]) -> Evidence:
    """Return the source that a node cites."""
    name = _matching(node, _NAME, "letters, digits, `_`, `-` and `.`")
    if name not in bibliography:
        help = did_you_mean(name, bibliography)
        raise reject("unknown-source", f"source `{name}` is not in the bibliography", node.location, help)
    return bibliography[name]
