"""The oracle's derivations: every combination of facts is tried, and bounds go through formulas end by end."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.derivations import Assignment, Derivation, Formula, Operand, Operation, Operator
from cleancloud_rules.model.facts import Basis, Fact, Field, Selection
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.model.vocabulary import PeriodCounts
from tests.reference.conditions import accepts, fact_passes, values_inside
from tests.reference.numbers import without_zeros
from tests.reference.scores import rounded

End = Fraction | float
"""A rational number, or an infinity."""


class NothingError(Exception):
    """A derivation makes nothing of these facts."""


@frozen
class Span:
    """All numbers between two ends; an infinite end is outside."""

    low: End
    high: End
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, number: int) -> bool:
        above = self.low < number or (self.low == number and not self.low_open)
        below = self.high > number or (self.high == number and not self.high_open)
        return above and below


def derived_facts(
    methodology: Methodology, counting: Sequence[Fact], name: Callable[[Fact], Fact] | None = None
) -> tuple[list[Fact], list[Fact]]:
    """Return what the derivations make, and all facts that count in the end.

    Each derivation reads what counts by then, what earlier ones made included; what it makes may take the place of
    older facts, stated or made, where only the latest of a type count.

    Args:
        methodology: whose derivations apply, in their order.
        counting: the stated facts that count by their window and source.
        name: gives a fact its id; the default counts them.
    """
    made: list[Fact] = []
    eligible = list(counting)
    known = selected(eligible, methodology)
    for derivation in methodology.vocabulary.derivations:
        new = len(made)
        choices = [[fact for fact in known if fact_passes(fact, condition)] for _, condition in derivation.inputs]
        for facts in product(*choices):
            if not all(_joined(key, facts) for key in derivation.join):
                continue
            try:
                fact = _derive(derivation, facts, methodology)
            except NothingError:
                continue
            if not any(evolve(other, id="") == fact for other in made):
                made.append(name(fact) if name else evolve(fact, id=f"{fact.type}-derived-{len(made)}"))
        eligible += [fact for fact in made[new:] if in_window(fact, methodology)]
        known = selected(eligible, methodology)
    return made, known


def in_window(fact: Fact, methodology: Methodology) -> bool:
    """Whether a fact's period, or else its date, lies inside the window of its type."""
    window = dict(methodology.windows)[methodology.vocabulary.by_id[fact.type].horizon]
    if window.start is None and window.end is None:
        return True
    if fact.period is not None:
        begins, ends = fact.period.start, fact.period.end
    elif fact.as_of is not None:
        begins = ends = fact.as_of
    else:
        return False
    if window.counts is PeriodCounts.END:
        begins = ends
    elif window.counts is PeriodCounts.OVERLAP:  # some day of both is the later first and the earlier last day
        return max(begins, window.start or begins) <= min(ends, window.end or ends)
    return (window.start is None or window.start <= begins) and (window.end is None or ends <= window.end)


def selected(facts: Sequence[Fact], methodology: Methodology) -> list[Fact]:
    """Return facts without those that give way to a later one of the same key, and those that another one denies."""

    def gives_way(fact: Fact) -> bool:
        selection = methodology.vocabulary.by_id[fact.type].selection
        rivals = [other for other in facts if selection is not Selection.BEST and is_same(fact, other, methodology)]
        newest = [other for other in rivals if _day(other) == max(map(_day, rivals))]
        if selection is Selection.SINGLE and any(differ(one, other) for one in newest for other in newest):
            return True
        return bool(newest) and _day(fact) < _day(newest[0])

    return [fact for fact in facts if not gives_way(fact)]


def is_same(fact: Fact, other: Fact, methodology: Methodology) -> bool:
    """Whether two facts are certainly about the same."""
    keys = [field.id for field in methodology.vocabulary.by_id[fact.type].fields if field.key]
    return other.type == fact.type and other.entity == fact.entity and all(_same_key(key, fact, other) for key in keys)


def differ(fact: Fact, other: Fact) -> bool:
    """Whether two facts do not state the same values."""
    names = [field.id for field in fact.values.fact_type.fields]
    return any((fact.get(name), name in fact.disclosed) != (other.get(name), name in other.disclosed) for name in names)


def _same_key(key: str, fact: Fact, other: Fact) -> bool:
    """Whether two facts are certainly about the same: what is only disclosed, or bounded, may differ."""
    values = (fact.get(key), other.get(key))
    if key in fact.disclosed or key in other.disclosed or any(isinstance(value, Interval) for value in values):
        return False
    return bool(values[0] == values[1])


def _day(fact: Fact) -> date:
    if fact.period is not None:
        return fact.period.end
    return date.min if fact.as_of is None else fact.as_of


def _joined(key: str, facts: Sequence[Fact]) -> bool:
    values = [_join_value(fact, key) for fact in facts]
    return None not in values and all(value == values[0] for value in values)


def _join_value(fact: Fact, key: str) -> Any:
    if key == "period":
        return fact.period and (fact.period.start, fact.period.end)
    value = fact.get(key)
    if isinstance(value, Interval):
        return value.low if value.low == value.high else None
    return value


def _derive(derivation: Derivation, facts: Sequence[Fact], methodology: Methodology) -> Fact:
    fact_type = methodology.vocabulary.by_id[derivation.fact]
    inputs = dict(zip((name for name, _ in derivation.inputs), facts, strict=True))
    values = {a.field: _assigned(a, derivation, fact_type.get(a.field), inputs) for a in derivation.assignments}
    hypothetical = any(fact.basis is Basis.HYPOTHETICAL for fact in facts)
    periods = [fact.period for fact in facts if fact.period is not None]
    days = {(period.start, period.end) for period in periods}
    return Fact(
        id="",
        type=fact_type.id,
        values=fact_type.model(**values),
        period=min(periods, key=str) if len(periods) == len(facts) and len(days) == 1 else None,
        as_of=_shared([fact.as_of for fact in facts]),
        entity=_shared([fact.entity for fact in facts]),
        source=_shared([fact.source for fact in facts]),
        basis=Basis.HYPOTHETICAL if hypothetical else Basis.CALCULATED,
        derived_by=derivation.id,
        derived_from=tuple(sorted({fact.id for fact in facts})),
    )


def _shared(values: Sequence[Any]) -> Any:
    return values[0] if all(value == values[0] for value in values) else None


def _assigned(assignment: Assignment, derivation: Derivation, field: Field | None, inputs: dict[str, Fact]) -> Any:
    if not assignment.is_formula:
        return assignment.value
    assert field is not None
    assert isinstance(assignment.value, Decimal | Operand | Operation)
    span = span_of(assignment.value, inputs)
    if field.type is FieldType.INTEGER and derivation.digits is None:
        low, high = _whole_ends(span)
    else:
        places = field.digits if derivation.digits is None else derivation.digits
        low, high = (_rounded_end(end, places, derivation.mode) for end in (span.low, span.high))
    if any(len(f"{end:f}".replace(".", "").lstrip("-0")) > 24 for end in (low, high) if end is not None):
        raise NothingError
    value: Any = low if low is not None and low == high else Interval(low, high)
    if field.type is FieldType.INTEGER:
        value = _whole(low, high)
    for test in (derivation.valid, field.valid):
        if test is not None and not _some_value_passes(test, value, is_whole=field.type is FieldType.INTEGER):
            raise NothingError
    return value


def _whole(low: Decimal | None, high: Decimal | None) -> int | Interval:
    """Return the whole numbers from one end to the other."""
    first, last = (None if low is None else math.ceil(low)), (None if high is None else math.floor(high))
    if first is not None and last is not None and first > last:
        raise NothingError
    return first if first is not None and first == last else Interval(first, last)


def _whole_ends(span: Span) -> tuple[Decimal | None, Decimal | None]:
    """Return the first and the last whole number between two ends; an excluded end that is whole counts."""
    first = None if math.isinf(span.low) else Decimal(math.ceil(span.low))
    last = None if math.isinf(span.high) else Decimal(math.floor(span.high))
    return first, last


def _rounded_end(end: End, places: int, mode: RoundingMode) -> Decimal | None:
    if math.isinf(end):
        return None
    return without_zeros(rounded(Fraction(end), places, mode))


def _some_value_passes(test: UnaryTest, value: Any, *, is_whole: bool) -> bool:
    if not is_whole:
        test = evolve(test, alternatives=tuple(map(_as_written, test.alternatives)))
    if not is_whole or not isinstance(value, Interval):
        return any(accepts(test, exact) for exact in values_inside(value, test))
    intervals = [value, *(a for a in test.alternatives if isinstance(a, Interval))]
    ends: list[Any] = [end for i in intervals for end in (i.low, i.high) if end is not None]
    around = {n for end in ends or [0] for n in range(math.floor(end) - 1, math.ceil(end) + 2)}
    return any(accepts(test, n) for n in around if accepts(UnaryTest("", (value,)), n))


def _as_written(alternative: Any) -> Any:
    """Return an interval of decimals with the ends that were written, where whole numbers would have closed ones."""
    if not isinstance(alternative, Interval):
        return alternative
    written = alternative.written
    low, high = (None if end is None else Decimal(str(end)) for end in (written.low, written.high))
    return Interval(low, high, written.low_open, written.high_open)


def span_of(formula: Formula, inputs: dict[str, Fact]) -> Span:
    """Return all numbers that a formula may come to; raise `NothingError` where it has none."""
    match formula:
        case Decimal():
            return Span(Fraction(formula), Fraction(formula))
        case Operand(input, field):
            return _read(inputs[input].get(field))
        case Operation(operator, left, right):
            return _apply(operator, span_of(left, inputs), span_of(right, inputs))


def _read(value: Any) -> Span:
    if value is None:
        raise NothingError
    if not isinstance(value, Interval):
        return Span(Fraction(value), Fraction(value))
    low: Any = value.low
    high: Any = value.high
    return Span(
        -math.inf if low is None else Fraction(low),
        math.inf if high is None else Fraction(high),
        low is None or value.low_open,
        high is None or value.high_open,
    )


def _apply(operator: Operator, a: Span, b: Span) -> Span:
    match operator:
        case Operator.ADD:
            return Span(a.low + b.low, a.high + b.high, a.low_open or b.low_open, a.high_open or b.high_open)
        case Operator.SUBTRACT:
            return _apply(Operator.ADD, a, Span(-b.high, -b.low, b.high_open, b.low_open))
        case Operator.MULTIPLY:
            return _times(a, b)
        case Operator.DIVIDE:
            if 0 in b:
                raise NothingError
            low, high = _inverse(b.high, -math.inf), _inverse(b.low, math.inf)
            return _times(a, Span(low, high, b.high_open, b.low_open))


def _inverse(end: End, of_zero: float) -> End:
    if end == 0:
        return of_zero
    return Fraction(0) if math.isinf(end) else 1 / end


def _times(a: Span, b: Span) -> Span:
    corners = [
        (_product(x, y), x_open or y_open)
        for x, x_open in ((a.low, a.low_open), (a.high, a.high_open))
        for y, y_open in ((b.low, b.low_open), (b.high, b.high_open))
    ]
    low, high = min(p for p, _ in corners), max(p for p, _ in corners)

    def is_open(end: End) -> bool:
        if end == 0 and (0 in a or 0 in b):
            return False
        return all(corner_open for p, corner_open in corners if p == end)

    return Span(low, high, is_open(low), is_open(high))


def _product(x: End, y: End) -> End:
    return Fraction(0) if x == 0 or y == 0 else x * y
