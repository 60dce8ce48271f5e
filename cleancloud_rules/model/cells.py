"""Partition of the values of a field into finitely many cells by the tests on it.

The cells are equivalence classes: all values of a cell pass the same tests. For an ordered type each threshold is a
cell, and so is each gap below, between and above thresholds. So a value becomes the position of its cell, a bounded
value a run of positions, and a test the set of positions that pass.

Sets of positions are bits of an integer. Bit 0 is for a missing value, the last bit for a field that was disclosed
without its value at hand. Such a field has all bits but the first, since its value may be any. A value passes a test
if the test has all bits of the value. Every value is a run of bits without gaps, so it passes if it lies inside one
gapless run of the test's bits. That takes two comparisons of small integers.

Set fields have too many cells for that. Their values are `partitions.set_cells.SetCells`.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from attrs import field as attribute
from attrs import frozen

from cleancloud_rules.model import exact
from cleancloud_rules.model.conditions import Alternative, Condition, Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Fact, Field
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.partitions.runs import stretches
from cleancloud_rules.model.partitions.set_cells import SetCells
from cleancloud_rules.model.values import FieldType, Interval, Value

MISSING = 1
"""The bit of a missing value."""


@frozen
class BoundedCells:
    """A bounded value of a field.

    Args:
        cells: the bits of its cells.
        true: the bit of the cell in which its true value lies, which it does not say.
    """

    cells: Bits
    true: Bits


@frozen
class FieldCells:
    """The cells of one field that holds no sets.

    Args:
        field: the field.
        marks: thresholds in order for an ordered type; literals in order for the others.
        count: the number of cells of its values.
        bounded: bounded values. Each has a further bit of its own, above the others, by which it can be chosen like a
            cell.
    """

    field: Field
    marks: tuple[Any, ...]
    count: int
    _positions: dict[Any, int] = attribute(eq=False, repr=False)
    bounded: tuple[BoundedCells, ...] = ()
    _is_ordered: bool = attribute(init=False, eq=False, repr=False)

    @_is_ordered.default
    def _whether_ordered(self) -> bool:
        return self.field.type.is_ordered

    @property
    def missing(self) -> Bits:
        """The bit of a missing value."""
        return MISSING

    @property
    def disclosed_bit(self) -> Bits:
        """The bit that only a disclosed field without a value has."""
        return 1 << (self.count + 1)

    @property
    def all_values(self) -> Bits:
        """The bits of all values that are present."""
        return (1 << (self.count + 1)) - 2

    @property
    def everything(self) -> Bits:
        """All bits."""
        return (1 << (self.count + 2 + len(self.bounded))) - 1

    @cached_property
    def possible(self) -> Bits:
        """The bits that some value of the field can have, without empty cells and values outside `valid`."""
        bits = sum(2 << i for i, example in enumerate(self.examples()) if example is not None)
        if self.field.valid is not None:
            bits &= self.passing(self.field.valid)
        # The ends of a bounded value need not be valid: a share of at least -1 can be one of 5.
        bits |= self.bounded_bits(lambda one: bool(one.true & bits))
        return bits | self.disclosed_bit | (MISSING if self.field.optional else 0)

    def bounded_bits(self, holds: Callable[[BoundedCells], bool]) -> Bits:
        """Return the bits of some bounded values.

        Args:
            holds: whether a bounded value is one of them.
        """
        first = self.count + 2
        return sum(1 << place for place, one in enumerate(self.bounded, first) if holds(one))

    def bits_of(self, value: Value | None, disclosed: bool = False) -> Bits:
        """Return the bits of a value: one for an exact value, a run for a bounded one."""
        if value is None:
            return (self.all_values | self.disclosed_bit) if disclosed else MISSING
        if isinstance(value, Interval) and not value.is_point:
            return self._run(value)
        exact = value.low if isinstance(value, Interval) else value
        return 2 << self._cell(exact)

    def passing(self, test: UnaryTest) -> Bits:
        """Return the bits of all values that pass a test. A bounded value passes if all its cells do."""
        if test.anything:
            return self.everything
        passing = self._cells_passing(test)
        return passing | self.bounded_bits(lambda one: not one.cells & ~passing)

    def truly_passing(self, test: UnaryTest) -> Bits:
        """Return the bits of all values that pass a test; of bounded values those whose true value does."""
        if test.anything:
            return self.everything
        passing = self._cells_passing(test)
        return passing | self.bounded_bits(lambda one: bool(one.true & passing))

    def _cells_passing(self, test: UnaryTest) -> Bits:
        bits = 0
        for alternative in test.alternatives:
            bits |= self._alternative(alternative)
        bits |= self._filled(bits)
        if not test.negated:
            return bits
        # A missing value fails every negated test. A disclosed value passes `not(null)` and no other.
        present = self.all_values & ~bits
        return present | self.disclosed_bit if test.alternatives == (Null(),) else present

    def _filled(self, bits: int) -> int:
        """Return the bits of the cells without a value that lie between two cells that pass.

        Between two adjacent whole numbers, years or days there is no value. A bound that reaches from the one to the
        other contains the cell between them, so that cell must fail no test which both of them pass.
        """
        return self._empty & (bits << 1) & (bits >> 1)

    @cached_property
    def _empty(self) -> int:
        """The bits of the cells between two thresholds in which no value lies."""
        if not self.field.type.has_neighbours:
            return 0
        return sum(2 << cell for cell in range(2, self.count - 2, 2) if _between(self.marks, cell, self.field) is None)

    def _alternative(self, alternative: Alternative) -> int:
        match alternative:
            case Null():
                return MISSING
            case Interval() if self._is_ordered:
                return self._run(alternative)
            case Interval():
                return 2 << self._cell(alternative.low)
            case _:
                return 0

    def _cell(self, value: Any) -> int:
        if self._is_ordered:
            # Odd cells are thresholds; even cells lie below, between and above them.
            index = bisect_left(self.marks, value)
            at_mark = index < len(self.marks) and self.marks[index] == value
            return 2 * index + (1 if at_mark else 0)
        return self._positions.get(value, self.count - 1)

    def _run(self, interval: Interval) -> int:
        low, high = 0, self.count - 1
        if interval.low is not None:
            low = self._cell(interval.low)
            low += 1 if interval.low_open and low % 2 else 0
        if interval.high is not None:
            high = self._cell(interval.high)
            high -= 1 if interval.high_open and high % 2 else 0
        return self.between(low, high)

    def between(self, first: int, last: int) -> int:
        """Return the bits of the cells from one position to another; none if the first lies behind the last."""
        # Cell 0 has bit 1, since bit 0 is for a missing value.
        return ((4 << last) - 1) & ~((2 << first) - 1) if first <= last else 0

    def classes(self, allowed: Bits, cuts: Sequence[Bits | None]) -> dict[int, Bits]:
        """Return one bit of each equivalence class of cells, by the cuts that contain it, as bits.

        Cells are equivalent if the same cuts contain them. A missing value represents its class before any other value
        does, and a disclosed one after.

        Args:
            allowed: the bits of the cells that are classified.
            cuts: bits that cut them; None contains all.
        """
        found: dict[int, Bits] = {}
        for containing, bits in stretches(allowed, cuts):
            found.setdefault(containing, bits & -bits)
        return found

    def any_of(self, bits: Bits) -> Bits:
        """Return one of some bits, the lowest."""
        return bits & -bits

    def example(self, bit: Bits) -> Value | None:
        """Return a value of the cell with a bit, or the bounded value; None for a missing or disclosed value."""
        place = bit.bit_length() - 1 - (self.count + 2)
        if place >= 0:
            return self._bounded_value(self.bounded[place].cells)
        return next((example for i, example in enumerate(self.examples()) if bit == 2 << i), None)

    def _bounded_value(self, cells: Bits) -> Interval:
        """Return the bounded value that lies in just these cells."""
        first, last = (end - 1 for end in ends(cells))
        low, high = self._end(first, first - 1), self._end(last, last + 1)
        if low is None and high is None:
            low = _between(self.marks, first, self.field)  # a bounded value has some end
        is_open = not self.field.type.has_neighbours
        return Interval(low, high, is_open and first % 2 == 0, is_open and last % 2 == 0)

    def _end(self, cell: int, outside: int) -> Any:
        """Return the end of a bounded value in its outermost cell; None if it has no end there."""
        if outside in (-1, self.count):
            return None
        # Between two thresholds the value ends next to the one outside: at it, without it, or at its neighbour.
        has_own = cell % 2 or self.field.type.has_neighbours
        return self._example(cell) if has_own else self.marks[outside // 2]

    def examples(self) -> tuple[Value | None, ...]:
        """Return a value of each cell; None for a cell without any value of the type."""
        return tuple(self._example(cell) for cell in range(self.count))

    def _example(self, cell: int) -> Value | None:
        if not self.field.type.is_ordered:
            if cell < len(self.marks):
                value: Value = self.marks[cell]
                return value
            return _another_text(self.marks)
        between: Value | None = _between(self.marks, cell, self.field)
        return between


def _another_text(marks: tuple[Any, ...]) -> str:
    text = "other"
    while text in marks:
        text += "_"
    return text


def _between(marks: tuple[Any, ...], cell: int, field: Field) -> Any:
    index, at_mark = divmod(cell, 2)
    if at_mark:
        return marks[index]
    low: Any = marks[index - 1] if index > 0 else None
    high: Any = marks[index] if index < len(marks) else None
    if field.type.has_neighbours:
        one: Any = timedelta(days=1) if field.type is FieldType.DATE else 1
        if low is None and high is None:
            return date(2000, 1, 1) if field.type is FieldType.DATE else 2000
        try:
            found: Any = low + one if low is not None else high - one
        except OverflowError:  # there is no day before the first or after the last that a date can be
            return None
        return found if (high is None or found < high) else None
    if low is None and high is None:
        return Decimal(1)
    if low is None or high is None:
        return exact.subtract(high, 1) if low is None else exact.add(low, 1)
    return exact.plain(exact.multiply(exact.add(low, high), Decimal("0.5")))


Cells = FieldCells | SetCells
"""The values of a field, as far as tests tell them apart."""


def cells_of(field: Field, tests: Iterable[UnaryTest]) -> Cells:
    """Return the cells of a field under some tests and its own `valid`."""
    if field.type is not FieldType.SET:
        return field_cells(field, tests)
    members = [a for test in _with_valid(field, tests) for a in test.alternatives if isinstance(a, Members)]
    named = {name for alternative in members for name in alternative.names}
    is_exact = any(alternative.mode is SetMode.IS for alternative in members)
    return SetCells(field, tuple(name for name in field.values if name in named), is_exact)


def _with_valid(field: Field, tests: Iterable[UnaryTest]) -> tuple[UnaryTest, ...]:
    return (*tests, field.valid) if field.valid is not None else tuple(tests)


def field_cells(field: Field, tests: Iterable[UnaryTest]) -> FieldCells:
    """Return the cells of a field that holds no sets under some tests and its own `valid`."""
    tests = _with_valid(field, tests)
    if field.type.is_ordered:
        marks = _thresholds(tests)
        return FieldCells(field, marks, 2 * len(marks) + 1, {})
    literals: tuple[Any, ...]
    if field.type is FieldType.ENUM:
        literals = field.values
    elif field.type is FieldType.BOOLEAN:
        literals = (False, True)
    else:
        found = {a.low for t in tests for a in t.alternatives if isinstance(a, Interval)}
        literals = tuple(sorted(str(text) for text in found))
    count = len(literals) + (1 if field.type is FieldType.TEXT else 0)
    return FieldCells(field, literals, count, {literal: i for i, literal in enumerate(literals)})


def _thresholds(tests: tuple[UnaryTest, ...]) -> tuple[Any, ...]:
    ends: set[Any] = set()
    for test in tests:
        for alternative in test.alternatives:
            if isinstance(alternative, Interval):
                ends |= {alternative.low, alternative.high}
    return tuple(sorted(ends - {None}))


def single(bits: int) -> Iterator[int]:
    """Yield each bit alone, the lowest first: in two's complement `bits & -bits` is the lowest bit."""
    while bits:
        bit = bits & -bits
        yield bit
        bits ^= bit


def ends(bits: int) -> tuple[int, int]:
    """Return the first and the last position of a run of bits."""
    return (bits & -bits).bit_length() - 1, bits.bit_length() - 1


def test_passes(test: UnaryTest, field: Field, value: Value | None, disclosed: bool = False) -> bool:
    """Whether a value passes a test."""
    if isinstance(value, frozenset):
        return test.anything or test.negated is not any(_takes(a, value) for a in test.alternatives)
    cells = cells_of(field, (test,))
    return not cells.bits_of(value, disclosed) & ~cells.passing(test)


def _takes(alternative: Alternative, names: frozenset[str]) -> bool:
    match alternative:
        case Members(SetMode.IS, wanted):
            return names == wanted
        case Members(SetMode.ALL, wanted):
            return names >= wanted
        case Members(_, wanted):
            return bool(names & wanted)
        case _:
            return False


def fact_passes(fact: Fact, condition: Condition, fields: dict[str, Field]) -> bool:
    """Whether a fact has the type of a condition and passes all its tests.

    Args:
        fact: the fact.
        condition: the condition.
        fields: the fields that the condition reads, by name.
    """
    return fact.type == condition.fact_type and all(
        test_passes(t.test, fields[t.field], fact.get(t.field), t.field in fact.disclosed) for t in condition.tests
    )
