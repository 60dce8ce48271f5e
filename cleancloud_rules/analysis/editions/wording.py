"""Changes between editions in English."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from cleancloud_rules.analysis.editions.differ import BESIDE, WORDING, Found
from cleancloud_rules.analysis.editions.flatten import Placed
from cleancloud_rules.language.wording import when_in_words
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, UnaryTest
from cleancloud_rules.model.derivations import Assignment, Operand, Operation
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.groups import Requirement
from cleancloud_rules.model.methodology import Reference
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results.differences import ChangeKind

NOUNS = {
    "all": "unit",
    "assignments": "set",
    "bands": "band",
    "bibliography": "source",
    "changes": "change",
    "cohorts": "cohort",
    "combining": "the total",
    "criteria": "criterion",
    "derivations": "derivation",
    "fact_types": "fact type",
    "fields": "field",
    "groups": "category",
    "inputs": "input",
    "levels": "level",
    "notices": "notice",
    "recommendations": "recommendation",
    "rules": "rule",
    "tables": "table",
    "windows": "window",
}
"""The noun for one item of each list."""

_SPOKEN = {"as_of": "cut-off"}
"""Names that a reader knows by another word."""

_NOTHING = (None, "", ())


def sentence(found: Found) -> str:
    """Return a difference as a sentence."""
    place = ", ".join(_part(name, key) for name, key in found.place)
    match found.kind:
        case ChangeKind.ADDED | ChangeKind.REMOVED if found.name is None:
            item = found.new if found.kind is ChangeKind.ADDED else found.old
            done = "was added" if found.kind is ChangeKind.ADDED else "was removed"
            return _with(f"{place} {done}", summary(item))
        case ChangeKind.MOVED if found.name == "order":
            where = "the first of its group" if found.new is None else f"after `{found.new}`"
            return f"{place} moved: it is now {where}"
        case ChangeKind.MOVED:
            return f"{place} moved from {_group(found.old)} to {_group(found.new)}"
    subject = f"{place}: " if place else "the methodology: "
    if found.kind is ChangeKind.REORDERED:
        return f"{subject}the order of {_spaced(str(found.name))} is now {_listing(found.new)}"
    what = f"{_spaced(found.name)} " if found.name is not None else ""
    return f"{subject}{what}{_became(found.old, found.new)}"


def _part(name: str, key: str | None) -> str:
    noun = NOUNS.get(name, _spaced(name))
    return noun if key is None else f"{NOUNS[name]} `{key}`"


def _spaced(name: str) -> str:
    return name if "." in name else _SPOKEN.get(name, name.replace("_", " "))


def _group(id: str | None) -> str:
    return "the top" if id is None else f"`{id}`"


def _with(text: str, more: str) -> str:
    return f"{text}: {more}" if more else text


def _became(old: Any, new: Any) -> str:
    if old in _NOTHING:
        return f"{said(new)} was added"
    if new in _NOTHING:
        return f"{said(old)} was removed"
    if isinstance(old, tuple) and isinstance(new, tuple):
        return _listings_became(old, new)
    return f"{said(old)} became {said(new)}"


def _listings_became(old: tuple[Any, ...], new: tuple[Any, ...]) -> str:
    gone, come = _less(old, new), _less(new, old)
    if not gone and not come:
        return f"are in the order {_listing(new)}"
    if len(old) == len(new) and len(gone) == len(come):
        return ", ".join(f"{said(a)} became {said(b)}" for a, b in zip(gone, come, strict=True))
    parts = [(gone, "removed"), (come, "added")]
    return ", ".join(
        f"{_listing(items)} {'were' if len(items) > 1 else 'was'} {done}" for items, done in parts if items
    )


def _less(some: tuple[Any, ...], others: tuple[Any, ...]) -> list[Any]:
    """Return the multiset difference of two lists: items of the first as often as the second has fewer of them."""
    spare = Counter(map(said, others))
    rest = []
    for item in some:
        if spare[said(item)]:
            spare[said(item)] -= 1
        else:
            rest.append(item)
    return rest


def _listing(items: Iterable[Any]) -> str:
    return ", ".join(said(item) for item in items)


def said(value: Any) -> str:
    """Return any value of a methodology in words."""
    match value:
        case None | "" | ():
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Decimal() | int() | date():
            return short(value) if isinstance(value, Decimal) else str(value)
        case Enum() | UnaryTest():
            return f"`{value.value if isinstance(value, Enum) else value.text}`"
        case Condition() | AllOf() | AnyOf() | NoneOf() | Count():
            return f"`{when_in_words(value)}`"
        case Requirement() | str():
            return f"`{value}`"
        case Source() | Placed():
            return f"`{value.id}`"
        case Assignment():
            return f"`{value.field}` as `{value.text}`"
        case Operation() | Operand() | frozenset() | Interval():
            return f"`{_formula(value)}`"
        case tuple():
            return _listing(value)
        case _:
            return f"({summary(value, with_id=True) or 'no limits'})"


def _formula(value: Any) -> str:
    match value:
        case Operation(operator, left, right):
            return f"({_formula(left)} {operator.value} {_formula(right)})"
        case Operand(input, field):
            return f"{input}.{field}"
        case frozenset():
            return ", ".join(sorted(value))
        case Interval(low, high, low_open, high_open):
            start, end = ("" if low is None else low), ("" if high is None else high)
            return f"{'(' if low_open else '['}{start}..{end}{')' if high_open else ']'}"
        case _:
            return said(value)


def summary(item: Any, *, with_id: bool = False) -> str:
    """Return the summary of an item that was added or removed: its attributes, and only the names of what is inside.

    Args:
        item: an object of a methodology, or a pair of an id and its value.
        with_id: whether its id is included.
    """
    if isinstance(item, Placed):
        place = "" if item.inside is None else f"in {_group(item.inside)}, "
        return place + summary(item.thing)
    if isinstance(item, tuple):
        return said(item[1])
    if not attrs.has(type(item)):
        return said(item)
    left_out = (BESIDE | WORDING) - ({"id", "title"} if with_id else {"title"})
    parts = []
    for attribute in attrs.fields(type(item)):
        value = getattr(item, attribute.name)
        if attribute.name in left_out or value in _NOTHING or value == attribute.default:
            continue
        name = attribute.metadata.get("key", attribute.name)
        parts.append(f"{_spaced(name)} {_inner(value)}")
    return ", ".join(parts)


def _inner(value: Any) -> str:
    """Return a value inside an item in words; if its parts have ids, only their ids."""
    if isinstance(value, Reference):
        return said(value.source)
    if isinstance(value, tuple) and all(hasattr(part, "id") for part in value):
        return ", ".join(f"`{part.id}`" for part in value)
    return said(value)
