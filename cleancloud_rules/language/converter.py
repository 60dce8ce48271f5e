"""Converts nodes to attrs classes. The only module that uses cattrs.

The hooks of the converter take nodes of a document in place of plain data, so that each diagnostic has its
location. They reject every value that is not exactly of the type: nothing is coerced.
"""

import re
from collections.abc import Callable, Collection, Container
from collections.abc import Mapping as MappingType
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, did_you_mean, listed, nearest, reject
from cleancloud_rules.diagnostics.lookalikes import lookalike_hint
from cleancloud_rules.documents.extra_keys import is_extra
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.unknown_keys import unknown_key
from cleancloud_rules.language.conditions import Scope, condition_of, when_of
from cleancloud_rules.language.coverage import coverage_of
from cleancloud_rules.language.file_classes import FILE_CLASSES, keys_of
from cleancloud_rules.language.file_types import CategoryEntry, ProportionEntry
from cleancloud_rules.language.unary_test_text import looks_like_test
from cleancloud_rules.language.unary_tests import test_of
from cleancloud_rules.language.values import (
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
from cleancloud_rules.model.conditions import Condition, Null, UnaryTest, When
from cleancloud_rules.model.facts import Field, Source
from cleancloud_rules.model.groups import CoverageLine, NotApplicable, Requirement
from cleancloud_rules.model.methodology import Criterion, Proportion, Reference, Rule
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType, Id, Interval, Name, Period, Word
from cleancloud_rules.model.vocabulary import Window

_Thing = TypeVar("_Thing")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")

_OTHER_SIGNS = re.compile("[^A-Za-z0-9]+")
_DIGITS = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SCORE = Field("score", FieldType.NUMBER, digits=12)
_NUMBERS = tuple(type.value for type in FieldType if type.is_numeric)


def structure(node: Node, type: type[_Thing], scope: Scope | None = None) -> _Thing:
    """Return the object that a node describes.

    Args:
        node: a part of a document.
        type: the class to make.
        scope: the vocabulary and the sources that the node can name.

    Raises:
        Rejected: with all diagnostics of the node.
    """
    converter = _plain_converter() if scope is None else _scoped_converter(scope)
    made: _Thing = converter.structure(node, type)
    return made


def salvage(
    node: Node, type: type[_Thing], gather: DiagnosticCollector, /, **instead: Any
) -> tuple[_Thing, frozenset[str]]:
    """Return the object that a mapping describes, with substitutes for wrong parts, so that the others can be checked.

    Args:
        node: a mapping, such as the top of a document.
        type: the class to make.
        gather: collects the diagnostics.
        instead: the substitutes for required parts that are wrong or missing.

    Returns:
        The object, and the names of the parts that are wrong or missing.

    Raises:
        Rejected: if the node is no mapping.
    """
    made, wrong = _members(type, _plain_converter())(node, gather)
    cls: Any = type
    return cls(**{**instead, **made}, node=node), wrong


@cache
def _plain_converter() -> Converter:
    converter = Converter()
    plain: dict[Any, Callable[[Any], Any]] = {
        str: text_of, bool: boolean_of, int: integer_of, Decimal: decimal_value, date: date_of,
        Period: period_of, date | Interval | None: day_or_year_of, Node: lambda node: node,
        UnaryTest: _score_test,
        Id: lambda node: _matching(node, _ID, "lower-case words joined by underscores"),
        Name: name_of,
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
    for cls in FILE_CLASSES:
        converter.register_structure_hook(cls, _class_hook(cls, converter))
    required = _class_hook(Requirement, converter)
    converter.register_structure_hook(Requirement, lambda node, _: _requirement(node, required, converter))
    converter.register_structure_hook(CoverageLine, lambda node, _: coverage_of(node, converter.structure))
    bounded = _class_hook(Window, converter)
    converter.register_structure_hook(Window, lambda node, _: _window(node, bounded))
    return converter


def _score_test(node: Node) -> UnaryTest:
    """Return a test on a score. A score is a number and is never missing."""
    ranged = 'write it as a test: `"[60..80)"` or `">= 80"`'
    if isinstance(node, MappingNode):
        raise wrong_type(node, "a test on the score", ranged)
    is_text = isinstance(node, ScalarNode) and isinstance(node.value, str) and not looks_like_test(node.raw)
    if is_text and _DIGITS.fullmatch(node.raw):  # type: ignore[union-attr]
        raise wrong_type(node, "a number or a test on the score")
    if is_text and ".." not in node.raw and ", " not in node.raw:  # type: ignore[union-attr]
        raise wrong_type(node, "a test on the score", ranged)
    test = test_of(node, _SCORE, Units())
    if Null() in test.alternatives:
        raise reject("bad-value", "a band cannot hold a missing score", node.location, ranged)
    return test


def _requirement(node: Node, full: Callable[[Any, Any], Any], converter: Converter) -> Requirement:
    if isinstance(node, ScalarNode):
        alone = MappingNode((Entry(ScalarNode("of", node.location, "of", "data"), node),), node.location)
        return Requirement(converter.structure(node, Id), node=alone)
    if isinstance(node, SequenceNode):
        raise wrong_type(node, "the id of a criterion or a group, or a mapping with `of` and `at_least`")
    requirement: Requirement = full(node, Requirement)
    return requirement


def _proportion(node: Node, scope: Scope) -> Proportion:
    entry = structure(node, ProportionEntry)
    assert entry.node is not None
    where = entry.node.value_location("to")
    type_id, dot, name = entry.to.partition(".")
    fact_type = scope.vocabulary.by_id.get(type_id)
    if not dot:
        raise reject("bad-value", f"`{entry.to}` names no field", where, "write `fact_type.field`")
    if type_id in scope.broken:
        raise Rejected
    if fact_type is None:
        help = did_you_mean(type_id, scope.vocabulary.by_id)
        raise reject("unknown-fact-type", f"there is no fact type `{type_id}`", where, help)
    field = fact_type.get(name)
    if field is None:
        help = did_you_mean(name, (f.id for f in fact_type.fields))
        raise reject("unknown-field", f"fact type `{type_id}` has no field `{name}`", where, help)
    if not field.type.is_numeric:
        message = f"`{entry.to}` is of type {field.type}; points in proportion need a type of {listed(_NUMBERS)}"
        raise reject("wrong-type", message, where)
    if len(entry.over) != 2 or entry.over[0] == entry.over[1]:
        message = "`over` needs two different numbers: the one that earns `least`, and the one that earns all points"
        raise reject("bad-value", message, entry.node.value_location("over"))
    return Proportion(type_id, name, (entry.over[0], entry.over[1]), entry.least, entry.digits, entry.mode)


def _window(node: Node, bounded: Callable[[Any, Any], Any]) -> Window:
    if isinstance(node, ScalarNode) and node.raw == "always":
        return Window()
    if isinstance(node, ScalarNode):
        raise wrong_type(node, "`always`, or a mapping with `from`, `to` and `counts`")
    window: Window = bounded(node, Window)
    if isinstance(node, MappingNode) and node.get("counts") is not None and not window.has_ends:
        raise reject(
            "bad-value",
            "`counts` says when a period lies in the window, and this window has no ends",
            node.value_location("counts"),
            "add `from` or `to`, or write `always`",
        )
    return window


@lru_cache(maxsize=4)
def _scoped_converter(scope: Scope) -> Converter:
    converter = _plain_converter().copy()
    converter.register_structure_hook_func(_is(When), lambda node, _: when_of(node, scope))
    converter.register_structure_hook(Condition, lambda node, _: condition_of(node, scope))
    converter.register_structure_hook(Source, lambda node, _: cited(node, scope.bibliography, scope.broken_sources))
    converter.register_structure_hook_factory(_is_optional, lambda t: _optional_hook(t, converter))
    converter.register_structure_hook_factory(_is_origin(tuple), lambda t: _tuple_hook(t, converter))
    converter.register_structure_hook(Proportion, lambda node, _: _proportion(node, scope))
    for cls in (Reference, NotApplicable, Rule, Criterion, CategoryEntry):
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
        help = lookalike_hint(word) or _name_from(word, pattern)
        raise reject("bad-id", f"`{word}` is not a name: names are {meaning}", node.location, help)
    return word


def _name_from(word: str, pattern: re.Pattern[str]) -> str:
    """Return a hint with a name made from the letters and digits of a word; an empty text if they make none."""
    if not word.isascii():
        return "" if any(sign.isascii() and sign.isalnum() for sign in word) else "write it in Latin letters"
    made = (_OTHER_SIGNS.sub(sign, text).strip(sign) for sign, text in (("-", word), ("_", word.lower())))
    return next((f"write `{name}`" for name in made if pattern.fullmatch(name)), "")


def name_of(node: Node) -> str:
    """Return the id of a company, a source or a test case.

    Raises:
        Rejected: if the node holds none.
    """
    return _matching(node, _NAME, "letters, digits, `_`, `-` and `.`")


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
        if not isinstance(node, SequenceNode):
            raise wrong_type(node, "a list")
        gather = DiagnosticCollector()
        items = [gather.attempt(converter.structure, item, inner) for item in node.items]
        gather.raise_if_any()
        return tuple(items)

    return hook


def _dict_hook(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    key_kind, value_kind = get_args(kind)

    def hook(node: Any, _: Any) -> Any:
        if not isinstance(node, MappingNode):
            raise wrong_type(node, "a mapping")
        gather = DiagnosticCollector()
        made: dict[Any, Any] = {}
        for entry in node:
            key = gather.attempt(converter.structure, entry.key, key_kind) if key_kind is not str else entry.key.raw
            made[key] = gather.attempt(converter.structure, entry.value, value_kind)
        gather.raise_if_any()
        return made

    return hook


def _class_hook(cls: type, converter: Converter) -> Callable[[Any, Any], Any]:
    members = _members(cls, converter)
    has_node = any(a.name == "node" for a in attrs.fields(cls))

    def hook(node: Any, _: Any) -> Any:
        gather = DiagnosticCollector()
        made, _wrong = members(node, gather)
        gather.raise_if_any()
        return cls(**made, node=node) if has_node else cls(**made)

    return hook


def _members(
    cls: type, converter: Converter
) -> Callable[[Node, DiagnosticCollector], tuple[dict[str, Any], frozenset[str]]]:
    """Return a function that converts a mapping to the members of a class, and names the members that are wrong."""
    by_key = keys_of(cls)
    needed = [key for key, attribute in by_key.items() if attribute.default is attrs.NOTHING]

    @cache
    def hook(key: str) -> Callable[[Any, Any], Any]:
        # Asked for when it is needed, since classes contain each other.
        return converter.get_structure_hook(by_key[key].type)

    def members(node: Node, gather: DiagnosticCollector) -> tuple[dict[str, Any], frozenset[str]]:
        if not isinstance(node, MappingNode):
            raise wrong_type(node, f"a mapping with {listed(needed or by_key)}")
        misspelt = refuse_unknown_keys(node, by_key, gather)
        made: dict[str, Any] = {}
        wrong: set[str] = set()
        for key, attribute in by_key.items():
            child = node.get(key)
            if child is None and key not in needed:
                continue
            if child is None:
                wrong.add(attribute.name)
                gather.failed = True
                if key not in misspelt:
                    gather.add("missing-key", f"key `{key}` is missing", node.beginning)
                continue
            try:
                made[attribute.name] = hook(key)(child, attribute.type)
            except Rejected as rejected:
                wrong.add(attribute.name)
                gather.failed = True
                gather.include(*rejected.diagnostics)
        return made, frozenset(wrong)

    return members


def refuse_unknown_keys(node: MappingNode, known: Collection[str], gather: DiagnosticCollector) -> frozenset[str]:
    """Report each unknown key of the mapping. Return the known keys that were probably meant."""
    unknown = [entry for entry in node if entry.key.raw not in known and not is_extra(entry.key.raw)]
    if not unknown:
        return frozenset()
    for entry in unknown:
        message = f"unknown key `{entry.key.raw}`"
        found = unknown_key(entry, known, flow=node.flow, code="unknown-key", message=message, can_be_own=True)
        gather.include(found)
    meant = (nearest(entry.key.raw, known) for entry in unknown)
    return frozenset(key for key in meant if key is not None)


def cited(node: Node, bibliography: MappingType[str, Source], broken: Container[str] = frozenset()) -> Source:
    """Return the source that a node cites.

    Raises:
        Rejected: if there is no such source; without a diagnostic if the source was listed and rejected.
    """
    name = name_of(node)
    if name not in bibliography:
        if name in broken:
            raise Rejected
        help = did_you_mean(name, bibliography, otherwise="list it under `sources`")
        raise reject("unknown-source", f"source `{name}` is not in the bibliography", node.location, help)
    return bibliography[name]
