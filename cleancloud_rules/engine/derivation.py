"""Computes derived facts from the facts that the engine joined."""

from collections.abc import Iterable
from decimal import Decimal
from math import ceil, floor
from typing import Any

from attrs import frozen

from cleancloud_rules.documents.limits import MAX_DIGITS
from cleancloud_rules.language.formulas import Range, compute, range_of
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.derivations import Assignment, Derivation, Operand
from cleancloud_rules.model.digest import identified
from cleancloud_rules.model.exact import digits_of, is_whole, plain
from cleancloud_rules.model.facts import Basis, Fact, Field
from cleancloud_rules.model.rounding import rounded
from cleancloud_rules.model.values import FieldType, Interval, Period, Value
from cleancloud_rules.model.vocabulary import Vocabulary

_NOTHING = " makes nothing of "


class _Missing(Exception):  # noqa: N818 - no error: a formula without its value makes nothing
    """A formula reads a value that is missing."""


def derive(derivation: Derivation, facts: tuple[Fact, ...], vocabulary: Vocabulary) -> Fact | str | None:
    """Return the fact that a derivation computes from joined facts.

    Args:
        derivation: the derivation.
        facts: one fact for each of its inputs, in their order.
        vocabulary: the fact types.

    Returns:
        The fact; or a sentence, if a value cannot be computed or is not valid; or None, if a value that a formula reads
        is missing.
    """
    fact_type = vocabulary.by_id[derivation.fact]
    named = dict(zip((name for name, _ in derivation.inputs), facts, strict=True))
    values: dict[str, Value] = {}
    problems: list[str] = []
    for assignment in derivation.assignments:
        field = fact_type.get(assignment.field)
        assert field is not None
        try:
            value = _value(derivation, assignment, field, named)
        except _Missing:
            return None
        if isinstance(value, _Problem):
            problems.append(value.text)
        else:
            values[assignment.field] = value
    if problems:
        return opening_of_problem(derivation, {fact.id for fact in facts}) + problems[0]
    sources = {fact.source for fact in facts}
    hypothetical = any(fact.basis is Basis.HYPOTHETICAL for fact in facts)
    return identified(
        Fact(
            "",
            derivation.fact,
            fact_type.model(**values),
            period=_shared_period(facts),
            as_of=_shared([fact.as_of for fact in facts]),
            entity=_shared([fact.entity for fact in facts]),
            basis=Basis.HYPOTHETICAL if hypothetical else Basis.CALCULATED,
            source=next(iter(sources)) if len(sources) == 1 else None,
            derived_by=derivation.id,
            derived_from=tuple(sorted({fact.id for fact in facts})),
            joined=tuple(fact.id for fact in facts),
        )
    )


def opening_of_problem(derivation: Derivation, ids: Iterable[str]) -> str:
    """Return the beginning of the sentence which says that nothing can be computed from the facts with these ids."""
    return f"derivation {derivation.id}{_NOTHING}{', '.join(sorted(ids))}: "


def without_ids(problem: str) -> str:
    """Return the problem that a derivation reports, without the ids of its facts."""
    head, _, rest = problem.partition(_NOTHING)
    return f"{head}: {rest.partition(': ')[2]}" if rest else problem


def _shared(values: list[Any]) -> Any:
    return values[0] if all(value == values[0] for value in values) else None


def _shared_period(facts: tuple[Fact, ...]) -> Period | None:
    """Return the period that all facts share, in the first of its spellings; None if they differ."""
    periods = [fact.period for fact in facts if fact.period is not None]
    days = {(period.start, period.end) for period in periods}
    if len(periods) < len(facts) or len(days) > 1:
        return None
    return min(periods, key=lambda period: period.text)


@frozen
class _Problem:
    text: str


def _value(derivation: Derivation, assignment: Assignment, field: Field, named: dict[str, Fact]) -> Value | _Problem:
    if not assignment.is_formula:
        literal: Any = assignment.value
        return literal  # type: ignore[no-any-return]

    def read(reading: Operand) -> Range:
        found = range_of(named[reading.input].get(reading.field))
        if found is None:
            raise _Missing
        return found

    formula: Any = assignment.value
    found = compute(formula, read)
    if found is None:
        return _Problem(f"{assignment.text} divides by zero")
    computed = _rounded_value(found, derivation, field)
    if (digits := _digits(computed)) > MAX_DIGITS:
        return _Problem(f"{assignment.text} has {digits} digits; the maximum is {MAX_DIGITS}")
    value = _whole(computed) if field.type is FieldType.INTEGER else computed
    if value is None:
        return _Problem(f"{assignment.text} is not a whole number")
    problem = _outside(value, derivation, field)
    return problem or value


def _rounded_value(found: Range, derivation: Derivation, field: Field) -> Decimal | Interval:
    """Return what a formula gives, with the decimal places of the derivation or else of the field.

    An integer is not rounded unless the derivation names its decimal places: only whole numbers inside are left.
    """
    ends = (found.low, found.high)
    if derivation.digits is None and field.type is FieldType.INTEGER:
        low, high = (
            None if end is None else Decimal(inwards(end)) for end, inwards in zip(ends, (ceil, floor), strict=True)
        )
    else:
        places = field.digits if derivation.digits is None else derivation.digits
        low, high = (None if end is None else plain(rounded(end, places, derivation.mode)) for end in ends)
    return low if low is not None and low == high else Interval(low, high)


def _whole(value: Decimal | Interval) -> int | Interval | None:
    """Return the whole numbers among computed values; None if there are none."""
    if isinstance(value, Decimal):
        return int(value) if is_whole(value) else None
    low: Any = value.low
    high: Any = value.high
    inside = Interval(None if low is None else ceil(low), None if high is None else floor(high))
    if inside.is_empty:
        return None
    return inside.low if inside.is_point else inside  # type: ignore[return-value]


def _digits(value: Decimal | Interval) -> int:
    """Return how many digits a number has, or the longer end of a bound."""
    ends = (value.low, value.high) if isinstance(value, Interval) else (value,)
    return max((digits_of(end) for end in ends if isinstance(end, Decimal)), default=0)


def _outside(value: Value, derivation: Derivation, field: Field) -> _Problem | None:
    tests = derivation.limits(field)
    cells = cells_of(field, tests)
    for test in tests:
        if not cells.bits_of(value) & cells.passing(test):
            shown = "every value it allows" if isinstance(value, Interval) else value
            return _Problem(f"{shown} is not valid, the value must pass `{test.text}`")
    return None


def join_values(fact: Fact, join: tuple[str, ...]) -> tuple[Any, ...] | None:
    """Return the values of a fact's join fields; None if one of them is missing or not exact."""
    values: list[Any] = []
    for name in join:
        value: Any = (fact.period.start, fact.period.end) if name == "period" and fact.period else fact.get(name)
        if value is None or (isinstance(value, Interval) and not value.is_point):
            return None
        values.append(value.low if isinstance(value, Interval) else value)
    return tuple(values)
