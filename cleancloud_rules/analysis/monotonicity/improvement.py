"""The orders "better than" and "more exact than" on the values of a field."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from cleancloud_rules.generators.boundary_values import Held
from cleancloud_rules.model.conditions import Condition, conditions_of
from cleancloud_rules.model.facts import Better, Field
from cleancloud_rules.model.methodology import Criterion, Methodology
from cleancloud_rules.model.values import Interval, Value
from cleancloud_rules.results.certificates import Improvement

Apart = Mapping[tuple[str, str], frozenset[Value]]
"""By fact type and field, the answers that stand outside the order of `better`."""


def answers_apart(methodology: Methodology) -> Apart:
    """Return the answers by which questions do not apply, or are not assessed: no answer is better or worse than these.

    Only those that `answers` lists count, not the conditions that an author wrote. They have the place of the question.
    """
    found: dict[tuple[str, str], frozenset[Value]] = {}
    for criterion in methodology.criteria:
        for condition in _of_answers(criterion):
            for test in condition.tests:
                own = methodology.vocabulary.field_of(condition.fact_type, test.field)
                if own is not None and not own.key:
                    key = (condition.fact_type, test.field)
                    values = {a.low for a in test.test.alternatives if isinstance(a, Interval) and a.low is not None}
                    found[key] = found.get(key, frozenset()) | values
    return found


def _of_answers(criterion: Criterion) -> Iterator[Condition]:
    """Yield the conditions on answers by which a question does not apply, and on those that assess it."""
    if criterion.answered is not None:
        yield criterion.answered
    title = criterion.node.get("title") if criterion.node is not None else None
    exemption = criterion.not_applicable
    if title is not None and exemption is not None and exemption.when is not None:
        for condition in conditions_of(exemption.when):
            if condition.node is not None and condition.node.location == title.location:
                yield condition


def is_change(sense: Improvement, new: Held, old: Held, field: Field, apart: Collection[Value] = ()) -> bool:
    """Whether the change of a field from `old` to `new` is a change in a sense.

    Args:
        sense: value or narrowing; in evidence a fact is added and no field changes.
        new: the value of the field after the change.
        old: its value before.
        field: the field.
        apart: the values that stand outside the order of `better`; see `answers_apart`.
    """
    if sense is Improvement.VALUE:
        if new.value in apart or old.value in apart:
            return False
        return new.value is not None and old.value is not None and improves(new.value, old.value, field)
    if sense is Improvement.NARROWING and new.value is not None:
        return old.disclosed if old.value is None else narrows(new.value, old.value)
    return False


def improves(new: Value, old: Value, field: Field) -> bool:
    """Whether a value is better than another one.

    A set is better if it contains more names, an enum if it stands later in the list. An ordered value is better if its
    certain end is further on: under `higher` its lower end, under `lower` its upper end.
    """
    match field.better:
        case None:
            return False
        case Better.MORE:
            assert isinstance(new, frozenset) and isinstance(old, frozenset)
            return new > old
        case Better.LISTED:
            return field.values.index(str(new)) > field.values.index(str(old))
    higher = field.better is Better.HIGHER
    ahead, behind = _certain(new, higher=higher), _certain(old, higher=higher)
    if ahead is None or behind is None:
        return ahead is not None
    (new_end, new_open), (old_end, old_open) = ahead, behind
    if new_end == old_end:
        return new_open and not old_open
    return bool(new_end > old_end) if higher else bool(new_end < old_end)


def _certain(value: Value, *, higher: bool) -> tuple[Any, bool] | None:
    """Return the certain end of a value, and whether it is open; None if that end is not known."""
    interval = _interval(value)
    end, is_open = (interval.low, interval.low_open) if higher else (interval.high, interval.high_open)
    return None if end is None else (end, is_open)


def narrows(new: Value, old: Value) -> bool:
    """Whether a value is more exact than a bounded value: it lies inside the bound and is not equal to it."""
    if not isinstance(old, Interval) or old.is_point:
        return False
    inner, outer = _interval(new), _interval(old)
    return inner != outer and _begins_inside(inner, outer) and _ends_inside(inner, outer)


def _interval(value: Value) -> Interval:
    assert not isinstance(value, frozenset)
    return value if isinstance(value, Interval) else Interval.at(value)


def _begins_inside(inner: Interval, outer: Interval) -> bool:
    low: Any = inner.low
    limit: Any = outer.low
    if limit is None or low is None:
        return limit is None
    return bool(low > limit or (low == limit and (inner.low_open or not outer.low_open)))


def _ends_inside(inner: Interval, outer: Interval) -> bool:
    high: Any = inner.high
    limit: Any = outer.high
    if limit is None or high is None:
        return limit is None
    return bool(high < limit or (high == limit and (inner.high_open or not outer.high_open)))
