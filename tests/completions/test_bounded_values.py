"""Bounded values of further facts compared with an enumeration of all that a field can state."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.completions.bounded_values import with_bounded_values
from cleancloud_rules.model.cells import FieldCells, field_cells, single
from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.values import FieldType, Interval

GRIDS: dict[FieldType, list[Any]] = {
    FieldType.INTEGER: list(range(-2, 8)),
    FieldType.NUMBER: [Decimal(n) / 4 for n in range(-6, 27)],
}
"""Values below, between and above all ends of tests, by the type of the field."""


@st.composite
def intervals(draw: st.DrawFn, kind: FieldType) -> Interval:
    low, high = sorted(draw(st.tuples(st.integers(0, 5), st.integers(0, 5))))
    made: list[Any] = [draw(st.sampled_from([None, end, end])) for end in (low, high)]
    if kind is FieldType.NUMBER:
        made = [None if end is None else Decimal(end) for end in made]
    opens = [end is not None and low < high - 1 and draw(st.booleans()) for end in made]
    return Interval(*made, *opens)


@st.composite
def unary_tests(draw: st.DrawFn, kind: FieldType) -> UnaryTest:
    some = draw(st.lists(intervals(kind), min_size=1, max_size=2))
    return UnaryTest(", ".join(map(str, some)), tuple(some), negated=draw(st.integers(0, 4)) == 0)


def cells(kind: FieldType, valid: UnaryTest | None, asked: list[UnaryTest], shunned: list[UnaryTest]) -> FieldCells:
    field = Field("n", kind, valid=valid)
    return with_bounded_values(field_cells(field, [*asked, *shunned]), asked, shunned)


def covered(intervals: Iterable[Any], kind: FieldType, *, negated: bool = False) -> int:
    """Return the values of the grid that lie in some intervals, as bits."""
    inside = (any(_holds(one, value) for one in intervals) is not negated for value in GRIDS[kind])
    return sum(1 << i for i, holds in enumerate(inside) if holds)


def _holds(interval: Interval, value: Any) -> bool:
    low, high = interval.low, interval.high
    above = low is None or value > low or (value == low and not interval.low_open)
    return above and (high is None or value < high or (value == high and not interval.high_open))


def bounds(kind: FieldType) -> set[int]:
    """Return the values of the grid inside every bounded value, as bits: some values side by side, but not one alone.

    The ends of tests are whole numbers, so that a bounded value that ends between two of them lies in the grid.
    """
    grid = GRIDS[kind]
    runs = (range(low, high + 1) for low, high in combinations(range(len(grid)), 2))
    return {sum(1 << i for i in run) for run in runs}


@pytest.mark.parametrize("kind", [FieldType.INTEGER, FieldType.NUMBER])
@given(data=st.data())
def test_each_kind_of_bounded_value_is_there_and_no_other(kind: FieldType, data: st.DataObject) -> None:
    some = st.lists(unary_tests(kind), max_size=3)
    asked, shunned, valid = data.draw(some), data.draw(some), data.draw(st.none() | unary_tests(kind))
    found = cells(kind, valid, asked, shunned)
    masks, holes = ([covered(t.alternatives, kind, negated=t.negated) for t in ts] for ts in (asked, shunned))
    allowed = -1 if valid is None else covered(valid.alternatives, kind, negated=valid.negated)
    trues = [bit for i in range(len(GRIDS[kind])) if (bit := 1 << i) & allowed]

    def judged(bound: int, true: int) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
        return tuple(not bound & ~mask for mask in masks), tuple(bool(true & hole) for hole in holes)

    stated = {judged(bound, true) for bound in bounds(kind) for true in trues if bound & true}
    exact = {judged(true, true) for true in trues}
    boxes = [found.passing(test) for test in asked], [found.truly_passing(test) for test in shunned]
    bits = single(found.possible & found.bounded_bits(lambda _: True))
    listed = {tuple(tuple(bool(bit & box) for box in some) for some in boxes) for bit in bits}
    assert stated <= listed | exact
    assert listed <= stated | exact


@pytest.mark.parametrize("kind", [FieldType.INTEGER, FieldType.NUMBER])
@given(data=st.data())
def test_a_bounded_value_is_stated_by_the_cells_that_it_has(kind: FieldType, data: st.DataObject) -> None:
    found = cells(kind, None, data.draw(st.lists(unary_tests(kind), min_size=1, max_size=4)), [])
    for bit in single(found.bounded_bits(lambda _: True)):
        example = found.example(bit)
        assert isinstance(example, Interval)
        assert found.bits_of(example) == found.bounded[bit.bit_length() - 1 - (found.count + 2)].cells
