"""Structural diff of two methodologies as flat records, and any mixture of the two.

Both walk through the classes attribute by attribute. Changes are applied in patches: an attribute of a
criterion or of a rule is one patch, and so is a whole field or a whole derivation.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

import attrs
from attrs import evolve, frozen

from cleancloud_rules.analysis.editions.flatten import FlatMethodology, Placed
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, UnaryTest
from cleancloud_rules.model.derivations import Assignment, Operand, Operation
from cleancloud_rules.model.facts import FactType, Source
from cleancloud_rules.model.groups import Band, Combining, Requirement, TableInput
from cleancloud_rules.model.methodology import Criterion, Group, HitPolicy, Methodology, Rule
from cleancloud_rules.model.rounding import Rounding
from cleancloud_rules.model.texts import Notice
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.results.differences import ChangeKind

Path = tuple[str, ...]

BESIDE = frozenset({"node", "sha256", "replaces"})
"""The attributes that are not compared, because they are not part of the content."""

_PASSED = frozenset({"methodology", "thing", "vocabulary"})
"""The attributes that only contain others and add nothing to a path."""

_PATCHED = (
    FlatMethodology,
    Placed,
    Methodology,
    Vocabulary,
    Units,
    FactType,
    Group,
    Criterion,
    Rule,
    Combining,
    Rounding,
)
"""The classes whose attributes are applied one by one. Objects of other classes are applied as a whole."""

_WHOLE = frozenset({"bands"})
"""Lists in these classes that are applied as a whole: a band ends where another one begins."""

_WHEN = (Condition, AllOf, AnyOf, NoneOf, Count)
_SINGLE = (*_WHEN, UnaryTest, Interval, Requirement, Operation, Operand)
"""The classes whose objects are compared as one value."""

_KEYS: dict[type, str] = {Notice: "code", TableInput: "name", Band: "label", Assignment: "field"}
"""The attribute that identifies the items of a list, if it is not `id`."""

WORDING = frozenset(
    {"id", "title", "short", "edition", "publisher", "approved_by", "describe", "says", "because", "otherwise",
     "guidance", "rationale", "basis", "points_basis", "reference", "remedy", "recommendations", "notices",
     "changes"}
)  # fmt: skip
"""The attributes on which no figure depends."""


@frozen
class Found:
    """One difference.

    Args:
        kind: the kind of change.
        path: where it is.
        patch: the path of the patch that the difference belongs to.
        place: the parts around it, outermost first, each with its id.
        name: the name of the attribute; None for an item of a list, which `place` names.
        old: the old value; None if it was added.
        new: the new value; None if it was removed.
        is_wording: whether no figure depends on it.
    """

    kind: ChangeKind
    path: Path
    patch: Path
    place: tuple[tuple[str, str | None], ...]
    name: str | None
    old: Any
    new: Any
    is_wording: bool


def differences(old: FlatMethodology, new: FlatMethodology) -> Iterator[Found]:
    """Yield the differences between two methodologies, in the order of their parts."""
    yield from _walk(old, new, _At())


@frozen
class _At:
    """The position of a walk."""

    path: Path = ()
    place: tuple[tuple[str, str | None], ...] = ()
    name: str | None = None
    patch: Path | None = None
    order: Path | None = None
    is_wording: bool = False

    def attribute(self, attribute: Any, owner: Any, other: Any) -> "_At":
        """Return the place of an attribute of an object."""
        name = attribute.name
        passed = name in _PASSED
        path = self.path if passed else (*self.path, name)
        is_own = self.name is not None and not passed
        patch = path if name in _WHOLE else None if isinstance(owner, _PATCHED) else self.path
        return _At(
            path,
            (*self.place, (self.name, None)) if is_own and self.name is not None else self.place,
            self.name if passed else attribute.metadata.get("key", name),
            patch if self.patch is None else self.patch,
            _order_of(path, owner, other),
            self.is_wording or name in WORDING,
        )

    def item(self, key: str) -> "_At":
        """Return the place of an item of a list."""
        return evolve(self, path=(*self.path, key), place=(*self.place, (str(self.name), key)), name=None)

    def found(self, kind: ChangeKind, old: Any, new: Any) -> Found:
        """Return a difference at this position."""
        patch = self.path if self.patch is None else self.patch
        return Found(kind, self.path, patch, self.place, self.name, old, new, self.is_wording)


def _order_of(path: Path, owner: Any, other: Any) -> Path | None:
    """Return the path of the patch that gives a list its new order; None if the order follows from the content."""
    if not isinstance(owner, Criterion) or path[-1] != "rules":
        return (*path, "order")
    if owner.hit_policy is not other.hit_policy:
        return (*path[:-1], "hit_policy")
    return (*path, "order") if owner.hit_policy is HitPolicy.FIRST else None


def _walk(old: Any, new: Any, at: _At) -> Iterator[Found]:
    if old == new:
        return
    if _is_compound(old, new):
        for attribute in _attributes(old):
            inside = at.attribute(attribute, old, new)
            first, second = getattr(old, attribute.name), getattr(new, attribute.name)
            if isinstance(first, Source):  # a reference names a source of the bibliography
                first, second = first.id, second.id
            yield from _walk(first, second, inside)
    elif isinstance(old, _WHEN) and isinstance(new, _WHEN):
        yield from _conditions(old, new, at)
    elif _is_listing(old, new):
        yield from _items(old, new, at)
    else:
        kind = ChangeKind.MOVED if at.name == "inside" else ChangeKind.CHANGED
        yield at.found(kind, old, new)


def _is_compound(old: Any, new: Any) -> bool:
    return attrs.has(type(old)) and type(old) is type(new) and not isinstance(old, _SINGLE)


def _attributes(thing: Any) -> list[Any]:
    return [attribute for attribute in attrs.fields(type(thing)) if attribute.name not in BESIDE]


def _key(item: Any) -> str | None:
    """Return the key that identifies an item of a list; None if only its content does."""
    if isinstance(item, tuple):
        return item[0] if len(item) == 2 and isinstance(item[0], str) else None
    name = _KEYS.get(type(item), "id")
    return getattr(item, name, None) if attrs.has(type(item)) else None


def _is_listing(old: Any, new: Any) -> bool:
    if not isinstance(old, tuple) or not isinstance(new, tuple):
        return False
    keys = [[_key(item) for item in items] for items in (old, new)]
    return all(None not in known and len(set(known)) == len(known) for known in keys)


def _by_key(items: tuple[Any, ...]) -> dict[str, Any]:
    return {str(_key(item)): item for item in items}


def _items(old: tuple[Any, ...], new: tuple[Any, ...], at: _At) -> Iterator[Found]:
    before, after = _by_key(old), _by_key(new)
    for key in _arranged(list(after), list(before)):
        place = at.item(key)
        if key not in after:
            yield place.found(ChangeKind.REMOVED, before[key], None)
        elif key not in before:
            yield place.found(ChangeKind.ADDED, None, after[key])
        else:
            yield from _walk(_value(before[key]), _value(after[key]), place)
    if not _is_reordered(before, after) or at.order != (*at.path, "order"):
        return
    if at.path == ("criteria",):
        for key, was_after, is_after in _moved(before, after):
            place = evolve(at.item(key), name="order", patch=at.order, is_wording=True)
            yield evolve(place.found(ChangeKind.MOVED, was_after, is_after), path=(*place.path, "order"))
    else:
        found = at.found(ChangeKind.REORDERED, tuple(before), tuple(after))
        yield evolve(found, path=at.order, patch=at.patch or at.order)


def _value(item: Any) -> Any:
    return item[1] if isinstance(item, tuple) else item


def _is_reordered(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether common items that are in the same group have another order."""
    both = {key for key in before if key in after and _inside(before[key]) == _inside(after[key])}
    olds, news = (_by_group({key: item for key, item in items.items() if key in both}) for items in (before, after))
    return any(olds[group] != news[group] for group in olds)


def _moved(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield the fewest items whose moves inside their groups explain the new order.

    Each comes with the item before it in the old and in the new edition; None if it is the first of its group.
    """
    olds, news = _by_group(before), _by_group(after)
    for group, keys in news.items():
        was = {key: index for index, key in enumerate(olds.get(group, ()))}
        common = [key for key in keys if key in was]
        stayed = set(longest_rising([was[key] for key in common]))
        for key in common:
            if was[key] not in stayed:
                yield key, _before(key, olds[group]), _before(key, keys)


def longest_rising(numbers: list[int]) -> list[int]:
    """Return a longest rising subsequence of different numbers."""
    # Patience sorting: ends[n] is the least number with which a rising subsequence of length n + 1 can end so far.
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(ends, number)
        previous[number] = ends[length - 1] if length else None
        ends[length : length + 1] = [number]
    found: list[int] = []
    last = ends[-1] if ends else None
    while last is not None:
        found.append(last)
        last = previous[last]
    return found[::-1]


def _before(key: str, keys: list[str]) -> str | None:
    index = keys.index(key)
    return keys[index - 1] if index else None


def _by_group(items: dict[str, Any]) -> dict[str | None, list[str]]:
    """Return the keys of items by the group that they are in, in order; all under None if they are not placed."""
    groups: dict[str | None, list[str]] = {}
    for key, item in items.items():
        groups.setdefault(_inside(item), []).append(key)
    return groups


def _inside(item: Any) -> str | None:
    return item.inside if isinstance(item, Placed) else None


def _arranged(first: list[str], second: list[str]) -> list[str]:
    """Return the keys of both lists in the order of the first; each other key follows its predecessor in the second."""
    arranged = list(first)
    known = set(first)
    for index, key in enumerate(second):
        if key not in known:
            before = next((k for k in reversed(second[:index]) if k in known), None)
            arranged.insert(0 if before is None else arranged.index(before) + 1, key)
            known.add(key)
    return arranged


def _conditions(old: Any, new: Any, at: _At) -> Iterator[Found]:
    """Yield the differences between two conditions: of single tests if both have the same form."""
    match old, new:
        case Condition(), Condition() if old.fact_type == new.fact_type:
            before, after = ({test.field: test.test for test in when.tests} for when in (old, new))
            for field in sorted(before.keys() | after.keys()):
                first, second = before.get(field), after.get(field)
                if first != second:
                    inside = evolve(_step(at, old.fact_type, field), name=f"{old.fact_type}.{field}")
                    kind = ChangeKind.ADDED if first is None else ChangeKind.REMOVED
                    yield inside.found(ChangeKind.CHANGED if first and second else kind, first, second)
        case Count(), Count():
            yield from _walk(old.of, new.of, _step(at, "count", "of"))
            yield from _walk(old.distinct, new.distinct, evolve(_step(at, "count", "distinct"), name="distinct"))
            yield from _walk(old.at_least, new.at_least, evolve(_step(at, "count", "at_least"), name="at_least"))
        case (AllOf(), AllOf()) | (AnyOf(), AnyOf()) | (NoneOf(), NoneOf()):
            yield from _parts(old, new, at)
        case _:
            yield at.found(ChangeKind.CHANGED, old, new)


def _parts(old: Any, new: Any, at: _At) -> Iterator[Found]:
    gone = [part for part in old.parts if part not in new.parts]
    come = [part for part in new.parts if part not in old.parts]
    if (not gone and not come) or len(old.parts) != len(new.parts) or len(gone) != len(come):
        yield at.found(ChangeKind.CHANGED, old, new)
        return
    for first, second in zip(gone, come, strict=True):
        yield from _walk(first, second, _step(at, str(new.parts.index(second))))


def _step(at: _At, *keys: str) -> _At:
    return evolve(at, path=(*at.path, *keys), patch=at.patch or at.path)


def mixture(old: FlatMethodology, new: FlatMethodology, is_taken: Callable[[Path], bool]) -> FlatMethodology:
    """Return a mixture of two methodologies.

    Args:
        old: the methodology from which all other patches come.
        new: the methodology from which some patches come.
        is_taken: whether the patch at a path is taken from `new`.
    """
    mixed = _mixed(old, new, _At(), is_taken)
    assert isinstance(mixed, FlatMethodology)
    return mixed


def _mixed(old: Any, new: Any, at: _At, is_taken: Callable[[Path], bool]) -> Any:
    if old == new or (at.path and is_taken(at.path)):
        return new
    if isinstance(old, _PATCHED) and isinstance(new, _PATCHED):
        values = {
            a.name: _mixed(getattr(old, a.name), getattr(new, a.name), at.attribute(a, old, new), is_taken)
            for a in _attributes(old)
        }
        beside = {name: getattr(new, name) for name in BESIDE if hasattr(new, name)}
        return type(old)(**values, **beside)
    if _is_listing(old, new):
        return tuple(_mixed_items(old, new, at, is_taken))
    return old


def _mixed_items(
    old: tuple[Any, ...], new: tuple[Any, ...], at: _At, is_taken: Callable[[Path], bool]
) -> Iterator[Any]:
    before, after = _by_key(old), _by_key(new)
    is_new = not _is_reordered(before, after) or (at.order is not None and is_taken(at.order))
    first, second = (after, before) if is_new else (before, after)
    made: dict[str, Any] = {}
    for key in _arranged(list(first), list(second)):
        place = at.item(key)
        if key in before and key in after:
            value = _mixed(_value(before[key]), _value(after[key]), place, is_taken)
            made[key] = (key, value) if isinstance(before[key], tuple) else value
        elif is_taken(place.path) is (key in after):
            made[key] = after[key] if key in after else before[key]
    yield from _in_groups(made, first, second) if at.path == ("criteria",) else made.values()


def _in_groups(made: dict[str, Any], first: dict[str, Any], second: dict[str, Any]) -> Iterator[Any]:
    """Yield criteria group by group, in the order of one edition; where only the other has them there, in its order."""
    orders = [_by_group(items) for items in (first, second)]
    for group, keys in _by_group(made).items():
        inside = set(keys)
        yield from (made[key] for key in _arranged(*(order.get(group, []) for order in orders)) if key in inside)
