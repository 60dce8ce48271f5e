"""Boundary values: values at, just below and just above the thresholds that tests name."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any

from attrs import define, evolve, field, frozen

from cleancloud_rules.model.cells import cells_of, test_passes
from cleancloud_rules.model.conditions import Condition, FieldTest, Members, UnaryTest, conditions_of
from cleancloud_rules.model.exact import add, shifted
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.methodology import Criterion, Methodology, Proportion
from cleancloud_rules.model.rounding import RoundingMode, rounded
from cleancloud_rules.model.values import FieldType, Interval, Period, Value
from cleancloud_rules.model.vocabulary import PeriodCounts, Window

"""The types whose values have an order."""

_SOME: dict[FieldType, Any] = {FieldType.INTEGER: 1, FieldType.YEAR: 2025, FieldType.DATE: date(2023, 6, 30)}
_MOST = 12
_DAY = timedelta(days=1)
_QUARTER = timedelta(days=90)


@frozen
class Held:
    """What a fact holds in a field: a value, nothing, or that a value was disclosed without being at hand."""

    value: Value | None = None
    disclosed: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it is one exact value."""
        return self.value is not None and not isinstance(self.value, Interval)


@frozen
class Fitting:
    """The options for a field that pass some tests.

    Args:
        all: all of them, in order.
    """

    all: tuple[Held, ...]

    @cached_property
    def exact(self) -> list[Held]:
        """The exact values."""
        return [held for held in self.all if held.is_exact]

    @cached_property
    def bounded(self) -> list[Held]:
        """The values that are bounds."""
        return [held for held in self.all if isinstance(held.value, Interval)]

    @cached_property
    def other(self) -> list[Held]:
        """What is no value."""
        return [held for held in self.all if held.value is None]

    @cached_property
    def missing(self) -> list[Held]:
        """What is no value, and was not disclosed either."""
        return [held for held in self.other if not held.disclosed]


@frozen
class Time:
    """When a fact is true: in a period, on a day, or at a time that is not stated."""

    period: Period | None = None
    as_of: date | None = None

    @property
    def day(self) -> date | None:
        """The day by which one fact is later than another."""
        return self.period.end if self.period else self.as_of

    def lies_in(self, window: Window, cut_off: date | None) -> bool:
        """Whether it lies in a window, and had begun by the cut-off."""
        if self.period is None and self.as_of is None:
            return not window.has_ends
        last: Any = self.period.end if self.period else self.as_of
        first: Any = self.period.start if self.period else self.as_of
        return window.holds(first, last) and (cut_off is None or first <= cut_off)


@define
class Aims:
    """The values that facts should state, because the tests of a methodology name them.

    Args:
        methodology: the methodology.
    """

    methodology: Methodology
    _options: dict[tuple[str, str], tuple[Held, ...]] = field(factory=dict, init=False)
    _fitting: dict[tuple[str, str, tuple[str, ...]], Fitting] = field(factory=dict, init=False)
    _texts: dict[str, list[str]] = field(factory=dict, init=False)
    _times: dict[tuple[str, tuple[str, ...], bool], tuple[Time, ...]] = field(factory=dict, init=False)
    _straddling: dict[tuple[str, tuple[str, ...]], tuple[Time, ...]] = field(factory=dict, init=False)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition of its rules, its exemptions and its derivations."""
        asked = [condition for _, _, when in self.methodology.asked for condition in conditions_of(when)]
        derivations = self.methodology.vocabulary.derivations
        return (*asked, *(condition for d in derivations for _, condition in d.inputs))

    def field(self, type_id: str, name: str) -> Field:
        """Return a field of a fact type, or a reserved one."""
        vocabulary = self.methodology.vocabulary
        found = vocabulary.field_of(type_id, name)
        assert found is not None, name
        return found

    def fields(self, condition: Condition) -> dict[str, Field]:
        """Return the fields that a condition tests, by name."""
        return {test.field: self.field(condition.fact_type, test.field) for test in condition.tests}

    def window(self, type_id: str) -> Window:
        """Return the window in which facts of a type count."""
        return dict(self.methodology.windows)[self.methodology.vocabulary.by_id[type_id].horizon]

    def tests_on(self, type_id: str, name: str) -> list[UnaryTest]:
        """Return every test on a field. A range for points in proportion to it counts as a further test."""
        same = (c for c in self.conditions if c.fact_type == type_id)
        tests = [test.test for condition in same for test in condition.tests if test.field == name]
        return [*tests, *(_between(p, self.field(type_id, name)) for p in self._proportions.get((type_id, name), ()))]

    @cached_property
    def _proportions(self) -> dict[tuple[str, str], list[Proportion]]:
        found: dict[tuple[str, str], list[Proportion]] = {}
        for rule in (rule for criterion in self.methodology.criteria for rule in criterion.rules):
            if rule.in_proportion is not None:
                key = (rule.in_proportion.fact_type, rule.in_proportion.field)
                found.setdefault(key, []).append(rule.in_proportion)
        return found

    def passes(self, test: FieldTest, type_id: str, held: Held) -> bool:
        """Whether the value of a fact passes a test."""
        return test_passes(test.test, self.field(type_id, test.field), held.value, held.disclosed)

    def truly_passes(self, test: FieldTest, type_id: str, held: Held) -> bool:
        """Whether a value passes a test; a bounded one if each value passes that it may be and the field allows."""
        if not isinstance(held.value, Interval):
            return self.passes(test, type_id, held)
        cells = cells_of(self.field(type_id, test.field), [test.test])
        return not cells.bits_of(held.value) & cells.possible & ~cells.passing(test.test)

    def options(self, type_id: str, name: str) -> tuple[Held, ...]:
        """Return the values that facts of a type may have in a field, exact values first."""
        key = (type_id, name)
        if key not in self._options:
            own = self.field(type_id, name)
            values = values_worth_stating(own, self.tests_on(type_id, name))
            rest = [Held(disclosed=True), *([Held()] if own.optional else [])]
            self._options[key] = (*(Held(value) for value in values), *rest)
        return self._options[key]

    def fitting(self, type_id: str, name: str, tests: Iterable[FieldTest]) -> Fitting:
        """Return the options that pass tests on the field."""
        tests = tuple(tests)
        key = (type_id, name, tuple(test.test.text for test in tests))
        if key not in self._fitting:
            options = self.options(type_id, name)
            self._fitting[key] = Fitting(tuple(o for o in options if all(self.passes(t, type_id, o) for t in tests)))
        return self._fitting[key]

    def times(self, type_id: str, tests: Iterable[FieldTest] = (), *, inside: bool = True) -> tuple[Time, ...]:
        """Return times at and next to the ends of the window, the cut-off and the days that tests name.

        Args:
            type_id: the fact type.
            tests: tests on the period that the times pass.
            inside: whether the times lie inside the window and had begun by the cut-off.
        """
        tests = tuple(tests)
        key = (type_id, tuple(test.test.text for test in tests), inside)
        if key not in self._times:
            self._times[key] = tuple(self._times_passing(type_id, tests, inside=inside))
        return self._times[key]

    def _times_passing(self, type_id: str, tests: Sequence[FieldTest], *, inside: bool) -> list[Time]:
        window, cut_off = self.window(type_id), self.methodology.as_of
        ends = {end for end in (window.start, window.end, cut_off) if end is not None}
        telling = sorted(ends) if cut_off is not None or window.counts is not PeriodCounts.END else []
        begins = [_quarter(day) for end in telling for day in (end - _QUARTER / 2, *_near(end))]
        ends |= {a for a in ends_of(self.tests_on(type_id, "period")) if isinstance(a, date)}
        days = sorted({near for day in ends or {date(2023, 6, 30)} for near in _near(day)})
        periods = [*(period for day in days for period in _periods(day)), *begins]
        times = [*map(Time, periods), *(Time(as_of=day) for day in days), Time()]
        times = [time for time in times if not inside or time.lies_in(window, cut_off)]
        ends_on = [(time, Held(time.period.end if time.period else None)) for time in times]
        return [time for time, end in ends_on if all(self.passes(test, type_id, end) for test in tests)]

    def straddling(self, type_id: str, tests: Iterable[FieldTest] = ()) -> tuple[Time, ...]:
        """Return the times that lie in the window, or outside, only because of its `counts`; see `times`."""
        tests = tuple(tests)
        key = (type_id, tuple(test.test.text for test in tests))
        if key not in self._straddling:
            window, cut_off = self.window(type_id), self.methodology.as_of
            ending = evolve(window, counts=PeriodCounts.END)
            times = self.times(type_id, tests, inside=False)
            different = (time for time in times if time.lies_in(window, cut_off) is not time.lies_in(ending, cut_off))
            self._straddling[key] = tuple(different)
        return self._straddling[key]

    def texts(self, name: str) -> list[str]:
        """Return the texts that tests on a reserved field name."""
        if name not in self._texts:
            tests = (test for condition in self.conditions for test in condition.tests if test.field == name)
            self._texts[name] = sorted({str(end) for test in tests for end in ends_of([test.test])})
        return self._texts[name]

    @cached_property
    def publication_days(self) -> list[date | Interval | None]:
        """Return days and years at and next to the cut-off and the days that tests on publication name, and None."""
        tests = [t.test for c in self.conditions for t in c.tests if t.field == "evidence.published"]
        cut_off = self.methodology.as_of
        ends = [*sorted(end for end in ends_of(tests) if isinstance(end, date))[:4], *([cut_off] if cut_off else [])]
        near = sorted({day for end in ends for day in _near(end)})
        years = sorted({end.year for end in ends} | {2023} | ({cut_off.year + 1} if cut_off else set()))
        return [*near, *(Interval(date(year, 1, 1), date(year, 12, 31)) for year in years), None]


def _between(proportion: Proportion, own: Field) -> UnaryTest:
    """Return a test that names both ends of a range, and a value inside it that is not the middle."""
    low, high = sorted(proportion.over)
    is_whole = own.type in (FieldType.INTEGER, FieldType.YEAR)
    places = 0 if is_whole else own.digits
    inside = Fraction(low) + (Fraction(high) - Fraction(low)) / 3
    ends: list[Any] = [rounded(Fraction(end), places, RoundingMode.HALF_EVEN) for end in (low, inside, high)]
    if is_whole:
        ends = [int(end) for end in ends]
    return UnaryTest("", tuple(Interval.at(end) for end in ends))


def _periods(day: date) -> list[Period]:
    """Return periods that end on a day and begin with its year; on the last day of a year also the year itself."""
    first = date(day.year, 1, 1)
    found = [Period(first, day, f"{first}/{day}")]
    if (day.month, day.day) == (12, 31):
        found.append(Period(first, day, str(day.year)))
    return found


def _quarter(first: date) -> Period:
    return Period(first, first + _QUARTER, f"{first}/{first + _QUARTER}")


def _near(day: date) -> tuple[date, date, date]:
    return day, day - _DAY, day + _DAY


def ends_of(tests: Iterable[UnaryTest]) -> set[Any]:
    """Return the values that tests name."""
    intervals = [a for test in tests for a in test.alternatives if isinstance(a, Interval)]
    return {end for interval in intervals for end in (interval.low, interval.high) if end is not None}


def values_worth_stating(own: Field, tests: Iterable[UnaryTest]) -> list[Value]:
    """Return the boundary values of a field, exact values first, then bounded ones."""
    tests = [*tests, *([own.valid] if own.valid is not None else [])]
    match own.type:
        case FieldType.BOOLEAN:
            return [True, False]
        case FieldType.ENUM:
            return list(own.values)
        case FieldType.TEXT:
            return [*sorted(ends_of(tests))[:_MOST], "elsewhere"]
        case FieldType.SET:
            return _sets(own, tests)
        case _:
            return _ordered(own, tests)


def _sets(own: Field, tests: Iterable[UnaryTest]) -> list[Value]:
    named = {a.names for test in tests for a in test.alternatives if isinstance(a, Members)}
    singles = [frozenset({name}) for name in own.values]
    pairs = [frozenset(pair) for pair in combinations(own.values[:4], 2)]
    return list(dict.fromkeys([*singles, *sorted(named, key=sorted), *pairs, frozenset(own.values)]))


def _ordered(own: Field, tests: Iterable[UnaryTest]) -> list[Value]:
    marks = sorted(ends_of(tests))[:_MOST] or [_SOME.get(own.type, Decimal(1))]
    around = [*marks, *(near for mark in marks for near in (_step(own, mark, -1), _step(own, mark, 1)))]
    exact = [value for value in dict.fromkeys(around) if _is_valid(own, value)]
    low: Any = min(exact, default=None)
    high: Any = max(exact, default=None)
    bounds = [
        bound
        for mark in marks
        for bound in (
            Interval(mark, None, True), Interval(mark, None), Interval(None, mark, False, True), Interval(None, mark),
            Interval(_step(own, mark, -1), _step(own, mark, 1)), Interval(mark, high), Interval(low, mark, True),
        )
    ]  # fmt: skip
    bounds += [Interval(a, b) for a, b in pairwise(marks)]
    spellings = {bound.written: bound for bound in bounds}  # equal bounds that are written differently are all kept
    return [*exact, *(b for b in spellings.values() if any(_strictly_inside(b, value) for value in exact))]


def _step(own: Field, value: Any, by: int) -> Any:
    if isinstance(value, date):
        return value + by * _DAY
    return add(value, shifted(by, own.digits)) if isinstance(value, Decimal) else value + by


def _is_valid(own: Field, value: Any) -> bool:
    if own.type is FieldType.YEAR and not 1000 <= value <= 9999:
        return False
    return own.valid is None or test_passes(own.valid, own, value)


def _strictly_inside(bound: Interval, value: Any) -> bool:
    low: Any = bound.written.low
    high: Any = bound.written.high
    return (low is None or low < value) and (high is None or value < high)


def focused(methodology: Methodology) -> tuple[Methodology, ...]:
    """Return a methodology reduced to each of its criteria in turn, so that facts are aimed at it, and last in full.

    Conditions under `none` are aimed at too, so that some companies have facts that a rule does not accept.
    """
    category = methodology.categories[0]
    holders = (evolve(category, criteria=(_plain(criterion),), groups=()) for criterion in methodology.criteria)
    return (*(evolve(methodology, categories=(holder,)) for holder in holders), methodology)


def _plain(criterion: Criterion) -> Criterion:
    """Return a criterion with a further rule for each of its conditions alone."""
    alone = {condition: rule for rule in criterion.rules for condition in conditions_of(rule.when)}
    return evolve(criterion, rules=(*criterion.rules, *(evolve(rule, when=asked) for asked, rule in alone.items())))
