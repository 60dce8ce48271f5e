"""Partition of the values of a field into finitely many cells by the tests on it.

The cells are equivalence classes: all values of a cell pass the same tests. For an ordered type each threshold is a
cell, and so is each gap below, between and above thresholds. So a value becomes the position of its cell, a bounded
value a run of positions, and a test the set of positions that pass.

Sets of positions are bits of an integer. Bit 0 is for a missing value, the last bit for a field that was disclosed
without its value at hand. Such a field has all bits but the first, since its value may be any. A value passes a test
if the test has all bits of the value. Every value is a run of bits without gaps, so it passes if it lies inside one
gapless run of the test's bits. That takes two comparisons of small integers.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

from attrs import field as attribute
from attrs import frozen

from cleancloud_rules.model import exact
from cleancloud_rules.model.conditions import Alternative, Condition, Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Fact, Field
from cleancloud_rules.model.values import FieldType, Interval, Value

MISSING = 1
"""The bit of a missing value."""

MAX_STEPS = 100_000
"""The maximum number of classes that a search for a point outside of holes looks at; then there is taken to be one."""

MAX_SET_MEMBERS = 16
"""The maximum number of names of a set that tests can distinguish. The set has a cell for each subset of them."""


@frozen
class FieldCells:
    """The cells of one field.

    Args:
        field: the field.
        marks: thresholds in order for an ordered type; names or literals in order for the others.
        count: the number of cells of its values.
        rest: the names of a set that no test mentions, if some test (`is`) depends on whether one of them is in the
            set. Then the last bit of a cell's number says so.
    """

    field: Field
    marks: tuple[Any, ...]
    count: int
    _positions: dict[Any, int] = attribute(eq=False, repr=False)
    rest: frozenset[str] = frozenset()

    @property
    def disclosed_bit(self) -> int:
        """The bit that only a disclosed field without a value has."""
        return 1 << (self.count + 1)

    @property
    def all_values(self) -> int:
        """The bits of all values that are present."""
        return (1 << (self.count + 1)) - 2

    @property
    def everything(self) -> int:
        """All bits."""
        return (1 << (self.count + 2)) - 1

    @cached_property
    def possible(self) -> int:
        """The bits that some value of the field can have, without empty cells and values outside `valid`."""
        if self.field.type is FieldType.SET:
            bits = self.all_values if self._example(0) is not None else self.all_values & ~2
        else:
            bits = sum(2 << i for i, example in enumerate(self.examples()) if example is not None)
        if self.field.valid is not None:
            bits &= self.passing(self.field.valid)
        return bits | self.disclosed_bit | (MISSING if self.field.optional else 0)

    def bits_of(self, value: Value | None, disclosed: bool = False) -> int:
        """Return the bits of a value: one for an exact value, a run for a bounded one."""
        if value is None:
            return (self.all_values | self.disclosed_bit) if disclosed else MISSING
        if isinstance(value, Interval) and not value.is_point:
            return self._run(value)
        exact = value.low if isinstance(value, Interval) else value
        return 2 << self._cell(exact)

    def passing(self, test: UnaryTest) -> int:
        """Return the bits of all values that pass a test."""
        if test.anything:
            return self.everything
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
            case Members():
                return self._members(alternative)
            case _ if self.field.type.is_ordered:
                return self._run(alternative)
            case _:
                return 2 << self._cell(alternative.low)

    def _cell(self, value: Any) -> int:
        if self.field.type.is_ordered:
            # Odd cells are thresholds; even cells lie below, between and above them.
            index = bisect_left(self.marks, value)
            at_mark = index < len(self.marks) and self.marks[index] == value
            return 2 * index + (1 if at_mark else 0)
        if self.field.type is FieldType.SET:
            return sum(1 << i for i, inside in enumerate(self.inside(value)) if inside)
        return self._positions.get(value, self.count - 1)

    def _run(self, interval: Interval) -> int:
        low, high = 0, self.count - 1
        if interval.low is not None:
            low = self._cell(interval.low)
            low += 1 if interval.low_open and low % 2 else 0
        if interval.high is not None:
            high = self._cell(interval.high)
            high -= 1 if interval.high_open and high % 2 else 0
        # The bits of the cells `low` to `high`. Cell 0 has bit 1, since bit 0 is for a missing value.
        return ((4 << high) - 1) & ~((2 << low) - 1) if low <= high else 0

    def inside(self, names: frozenset[str]) -> tuple[bool, ...]:
        """Return for each mark of a set whether it is among some names, and whether any of the rest is."""
        marks = tuple(name in names for name in self.marks)
        return (*marks, bool(names & self.rest)) if self.rest else marks

    def names_in(self, cell: int) -> frozenset[str]:
        """Return every name that some value in a cell of a set can contain."""
        marked = frozenset(name for i, name in enumerate(self.marks) if cell >> i & 1)
        if self.rest and not cell >> len(self.marks) & 1:
            return marked
        return marked | (frozenset(self.field.values) - frozenset(self.marks))

    def _members(self, members: Members) -> int:
        if members.mode is SetMode.IS:
            return 2 << self._cell(members.names)
        having = [self._having(i) for i, name in enumerate(self.marks) if name in members.names]
        return reduce(and_, having, self.all_values) if members.mode is SetMode.ALL else reduce(or_, having, 0)

    def _having(self, mark: int) -> int:
        """Return the bits of the cells whose number has the bit `mark`: every second run of 2 ** mark cells."""
        # Start with one pair of runs and double the pattern until it covers all cells.
        width = 1 << mark
        bits, size = ((1 << width) - 1) << width, 2 * width
        while size < self.count:
            bits |= bits << size
            size *= 2
        return bits << 1

    def examples(self) -> tuple[Value | None, ...]:
        """Return a value of each cell; None for a cell without any value of the type."""
        return tuple(self._example(cell) for cell in range(self.count))

    def _example(self, cell: int) -> Value | None:
        if self.field.type is FieldType.SET:
            marked = frozenset(name for i, name in enumerate(self.marks) if cell >> i & 1)
            others = self.names_in(cell) - marked
            return marked | {min(others)} if others and (self.rest or not marked) else marked or None
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


def cells_of(field: Field, tests: Iterable[UnaryTest]) -> FieldCells:
    """Return the cells of a field under some tests and its own `valid`."""
    tests = (*tests, field.valid) if field.valid is not None else tuple(tests)
    if field.type.is_ordered:
        marks = _thresholds(tests)
        return FieldCells(field, marks, 2 * len(marks) + 1, {})
    if field.type is FieldType.SET:
        named, rest = _mentioned(field, tests)
        return FieldCells(field, named, 1 << (len(named) + bool(rest)), {}, rest)
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


def _mentioned(field: Field, tests: tuple[UnaryTest, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the names that tests on a set mention. If a test is `is`, return the other names too, else none."""
    members = [a for test in tests for a in test.alternatives if isinstance(a, Members)]
    names = {name for a in members for name in a.names}
    named = tuple(name for name in field.values if name in names)
    exact = any(a.mode is SetMode.IS for a in members)
    return named, frozenset(field.values) - names if exact else frozenset()


def runs(bits: int) -> tuple[tuple[int, int], ...]:
    """Return the gapless runs of bits as pairs of first and last position."""
    # Each round takes the lowest run off: the zeros below it, then the ones, whose end is the lowest zero above them.
    # It shifts the number once for each run and not once for each bit, which would take quadratic time.
    found = []
    start = 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        ones = (~bits & (bits + 1)).bit_length() - 1
        bits >>= ones
        start += zeros + ones
        found.append((start - ones, start - 1))
    return tuple(found)


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


Box = dict[str, int]
"""The allowed bits of some fields of a fact type. A field that is not named allows all bits."""


def fits_outside(box: Box, holes: Sequence[Box], everything: dict[str, int]) -> bool:
    """Whether some point of a box lies in none of the holes. True is not certain if it takes more than `MAX_STEPS`.

    Args:
        box: the box of allowed points.
        holes: the boxes of forbidden points.
        everything: the bits of all values of each field that occurs.
    """
    # A point is chosen field by field. The holes that contain all coordinates chosen so far are open, as bits of a
    # number; a coordinate closes the holes that do not contain it, and a point without open holes lies outside. The
    # coordinates of a field fall into classes by the holes that contain them. Depth-first search over pairs of a field
    # and the open holes, each visited once, fewest open holes first; a class that leaves open what another one leaves
    # open, and more, is no better and is left out. It ends because each step goes on to the next field.
    if any(not bits for bits in box.values()):
        return False
    met = [hole for hole in holes if all(bits & box.get(name, everything[name]) for name, bits in hole.items())]
    names = sorted({name for hole in met for name in hole})
    classes = [_containing(box.get(name, everything[name]), [hole.get(name) for hole in met]) for name in names]
    pending, seen, steps = [(0, (1 << len(met)) - 1)], set[tuple[int, int]](), 0
    while pending:
        depth, still_open = pending.pop()
        if not still_open:
            return True
        if depth == len(names) or (depth, still_open) in seen:
            continue
        seen.add((depth, still_open))
        steps += len(classes[depth])
        if steps > MAX_STEPS:
            return True
        left = _minimal({still_open & containing for containing in classes[depth]})
        pending += ((depth + 1, fewer) for fewer in reversed(left))
    return False


def _containing(allowed: int, cuts: Sequence[int | None]) -> set[int]:
    """Return, for each class of the allowed bits of a field, the numbers of the holes that contain it, as bits.

    Args:
        allowed: the bits.
        cuts: the bits of each hole in the field; None contains all.
    """
    # A sweep over the bits: at each end of a run the holes with that run begin or end to contain them. The box itself
    # is one more hole, so that only bits inside it count.
    inside = 1 << len(cuts)
    everywhere = 0
    holes_by_cut = {allowed: inside}
    for number, cut in enumerate(cuts):
        if cut is None:
            everywhere |= 1 << number
        else:
            holes_by_cut[cut] = holes_by_cut.get(cut, 0) | 1 << number
    changes: dict[int, int] = {}
    for cut, holes in holes_by_cut.items():
        for first, last in runs(cut):
            changes[first] = changes.get(first, 0) ^ holes
            changes[last + 1] = changes.get(last + 1, 0) ^ holes
    containing, found = everywhere, set()
    for position in sorted(changes):
        containing ^= changes[position]
        if containing & inside:
            found.add(containing ^ inside)
    return found


def _minimal(sets: set[int]) -> list[int]:
    """Return the sets of bits that contain no other of them, the smallest first."""
    kept: list[int] = []
    for one in sorted(sets, key=lambda bits: (bits.bit_count(), bits)):
        if not any(other & one == other for other in kept):
            kept.append(one)
    return kept
