"""Bounded values that a field of a further fact may have, as far as tests distinguish them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import product

from attrs import evolve

from cleancloud_rules.model.cells import BoundedCells, FieldCells, single
from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.partitions.runs import runs
from cleancloud_rules.model.values import Interval


def with_bounded_values(cells: FieldCells, asked: Iterable[UnaryTest], shunned: Iterable[UnaryTest]) -> FieldCells:
    """Return cells together with a bounded value of each kind that tests distinguish.

    Args:
        cells: the cells of a field.
        asked: the tests that a bounded value passes as a whole.
        shunned: the tests that only its true value passes.
    """
    if not cells.field.type.is_ordered or cells.field.id == "period":
        return cells
    passing = _passing(cells, asked)
    around = [(1 << n, first - 1, last - 1) for n, bits in enumerate(passing) for first, last in runs(bits)]
    ends = [cell for cell, example in enumerate(cells.examples()) if example is not None]
    shunning = _passing(cells, shunned)
    found: dict[tuple[int, int], BoundedCells] = {}
    for true in single(cells.possible & cells.all_values):
        shuns = _containing(true, shunning)
        for passes, bits in _around(true.bit_length() - 2, around, ends):
            found.setdefault((passes, shuns), BoundedCells(bits, true))
    return evolve(cells, bounded=tuple(found.values()))


def with_years(cells: FieldCells, asked: Iterable[UnaryTest], shunned: Iterable[UnaryTest]) -> FieldCells:
    """Return the cells of days together with the years that they lie in or next to, each as an unknown day of it."""
    near = {year for mark in cells.marks for year in (mark.year - 1, mark.year, mark.year + 1)} or {2000}
    years = (Interval(date(year, 1, 1), date(year, 12, 31)) for year in sorted(near) if 1000 <= year <= 9999)
    passing, shunning = _passing(cells, asked), _passing(cells, shunned)
    found: dict[tuple[int, int], BoundedCells] = {}
    for days in map(cells.bits_of, years):
        for true in single(days):
            key = (_containing(days, passing), _containing(true, shunning))
            found.setdefault(key, BoundedCells(days, true))
    return evolve(cells, bounded=tuple(found.values()))


def _passing(cells: FieldCells, tests: Iterable[UnaryTest]) -> list[Bits]:
    return sorted({cells.passing(test) & cells.all_values for test in tests})


def _containing(bits: Bits, others: Iterable[Bits]) -> int:
    """Return the numbers of those of the others that contain bits, as bits."""
    return sum(1 << number for number, other in enumerate(others) if not bits & ~other)


def _around(cell: int, around: Iterable[tuple[int, int, int]], ends: Sequence[int]) -> Iterator[tuple[int, Bits]]:
    """Yield bounded values around a true value: the tests that it passes, and its cells, as bits.

    Args:
        cell: the cell of the true value.
        around: the runs of cells that pass a test: the bit of the test, the first and the last cell.
        ends: the cells in which a bounded value can end, in order.
    """
    # A bounded value is a run of cells, and passes a test if it lies inside one run of cells that pass. So it passes
    # fewer tests only if it reaches beyond an end of such a run: the next cell beyond each end is enough to tell. The
    # cells beside the true value give those that pass what the true value passes.
    own = [(test, low, high) for test, low, high in around if low <= cell <= high]
    here = bisect_left(ends, cell)
    lows = {here - 1, here, *(bisect_left(ends, low) - 1 for _, low, _ in own)}
    highs = {here + 1, here, *(bisect_right(ends, high) for _, _, high in own)}
    left = {(sum(t for t, first, _ in own if first <= ends[i]), i == here): ends[i] for i in sorted(lows) if i >= 0}
    right = {
        (sum(t for t, _, last in own if last >= ends[i]), i == here): ends[i]
        for i in sorted(highs, reverse=True)
        if i < len(ends)
    }
    for ((above, _), low), ((below, _), high) in product(left.items(), right.items()):
        if low < high:
            yield above & below, (4 << high) - (2 << low)
