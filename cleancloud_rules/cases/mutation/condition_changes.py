"""Single changes of unary tests and of the conditions made of them."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from attrs import evolve, frozen

from cleancloud_rules.language.unary_test_text import test_text
from cleancloud_rules.model.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Count,
    FieldTest,
    Members,
    NoneOf,
    UnaryTest,
    When,
)
from cleancloud_rules.model.exact import add, unit
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results.mutants import MutantKind

FieldOf = Callable[[str, str], Field]
"""Returns a field by its fact type and its name."""

_Item = TypeVar("_Item")


@frozen
class TestChange:
    """A unary test with one change."""

    __test__ = False  # pytest takes a class called Test... for one of tests

    kind: MutantKind
    change: str
    test: UnaryTest


@frozen
class WhenChange:
    """The condition of a rule with one change.

    Args:
        kind: what was changed.
        change: the change in words.
        when: the changed condition of the rule.
        conditions: the condition on facts before and after the change; None if another part was changed.
    """

    kind: MutantKind
    change: str
    when: When
    conditions: tuple[Condition, Condition] | None = None


def without(items: tuple[_Item, ...], index: int) -> tuple[_Item, ...]:
    """Return all items but one."""
    return (*items[:index], *items[index + 1 :])


def with_item(items: tuple[_Item, ...], index: int, item: _Item) -> tuple[_Item, ...]:
    """Return the items with another one in the place of one of them."""
    return (*items[:index], item, *items[index + 1 :])


def test_changes(test: UnaryTest, own: Field) -> Iterator[TestChange]:
    """Yield a unary test without each of its alternatives, and with each end of its ranges moved by one step."""
    before = test_text(test, own)

    def changed(kind: MutantKind, alternatives: tuple[Any, ...]) -> TestChange:
        bare = evolve(test, alternatives=alternatives)
        made = evolve(bare, text=test_text(bare, own))
        return TestChange(kind, f"`{own.id}: {before}` became `{made.text}`", made)

    for index, alternative in enumerate(test.alternatives):
        if len(test.alternatives) > 1:
            yield changed(MutantKind.ALTERNATIVE, without(test.alternatives, index))
        if isinstance(alternative, Members) and len(alternative.names) > 1:
            for name in sorted(alternative.names):
                fewer = evolve(alternative, names=alternative.names - {name})
                yield changed(MutantKind.ALTERNATIVE, with_item(test.alternatives, index, fewer))
        if isinstance(alternative, Interval) and own.type.is_ordered:
            for moved in moved_ends(alternative, lambda end, by: moved_by(end, own, by)):
                yield changed(MutantKind.EDGE, with_item(test.alternatives, index, moved))


def moved_ends(interval: Interval, move: Callable[[Any, int], Any]) -> Iterator[Interval]:
    """Yield an interval with each of its ends moved by one step in each direction; a single value moves as a whole."""
    ends = interval.written
    if interval.is_point:
        yield from (Interval.at(end) for by in (-1, 1) if (end := move(ends.low, by)) is not None)
        return
    for by in (-1, 1):
        low = None if ends.low is None else move(ends.low, by)
        high = None if ends.high is None else move(ends.high, by)
        made = []
        if low is not None:
            made.append(Interval(low, ends.high, ends.low_open, ends.high_open))
        if high is not None:
            made.append(Interval(ends.low, high, ends.low_open, ends.high_open))
        yield from (new for new in made if not new.is_empty)


def moved_by(value: Any, own: Field, by: int) -> Any:
    """Return the next value of a field, or the one before; None if there is none."""
    if isinstance(value, date):
        limit = date.max if by > 0 else date.min
        return None if value == limit else value + timedelta(days=by)
    if isinstance(value, Decimal):
        return add(value, by * unit(own.digits))
    first, last = own.type.first_and_last
    moved = value + by
    return None if isinstance(first, int) and isinstance(last, int) and not first <= moved <= last else moved


def when_changes(when: When, field_of: FieldOf) -> Iterator[WhenChange]:
    """Yield a condition without each of its tests and parts, and with each test and each count changed."""
    match when:
        case Condition():
            yield from _condition_changes(when, field_of)
        case Count():
            yield from _count_changes(when, field_of)
        case AllOf(parts) | AnyOf(parts) | NoneOf(parts):
            for index, part in enumerate(parts):
                if len(parts) > 1:
                    change = f"the part {index + 1} of {len(parts)} of `{_KEYS[type(when)]}` was removed"
                    yield WhenChange(MutantKind.PART, change, evolve(when, parts=without(parts, index)))
                for inner in when_changes(part, field_of):
                    changed = evolve(when, parts=with_item(parts, index, inner.when))
                    inside = f", inside part {index + 1} of `{_KEYS[type(when)]}`" if inner.kind in _UNPLACED else ""
                    yield evolve(inner, when=changed, change=inner.change + inside)


_UNPLACED = (MutantKind.PART, MutantKind.COUNT)
"""The kinds of changes whose words do not name a condition, so that they say where they are."""

_KEYS = {AllOf: "all", AnyOf: "any", NoneOf: "none"}


def _condition_changes(condition: Condition, field_of: FieldOf) -> Iterator[WhenChange]:
    for index, own in enumerate(condition.tests):
        fewer = evolve(condition, tests=without(condition.tests, index))
        change = f"the test `{own.field}: {own.test.text}` on `{condition.fact_type}` was removed"
        yield WhenChange(MutantKind.TEST, change, fewer, (condition, fewer))
        for changed in test_changes(own.test, field_of(condition.fact_type, own.field)):
            tests = with_item(condition.tests, index, FieldTest(own.field, changed.test))
            new = evolve(condition, tests=tests)
            change = f"the test on `{condition.fact_type}`: {changed.change}"
            yield WhenChange(changed.kind, change, new, (condition, new))


def _count_changes(count: Count, field_of: FieldOf) -> Iterator[WhenChange]:
    for by in (-1, 1):
        least = count.at_least + by
        if least >= 1:
            change = f"`at_least: {count.at_least}` became `{least}`"
            yield WhenChange(MutantKind.COUNT, change, evolve(count, at_least=least))
    if count.distinct is not None:
        yield WhenChange(MutantKind.COUNT, f"`distinct: {count.distinct}` was removed", evolve(count, distinct=None))
    for inner in when_changes(count.of, field_of):
        assert isinstance(inner.when, Condition)
        yield evolve(inner, when=evolve(count, of=inner.when))
