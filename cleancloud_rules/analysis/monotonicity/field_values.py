"""Representative values of a field: for each equivalence class of its values under the tests that read it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice, product
from typing import Any

from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.generators.boundary_values import Held
from cleancloud_rules.model import exact
from cleancloud_rules.model.cells import Cells, FieldCells, cells_of
from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.partitions.boxes import within
from cleancloud_rules.model.partitions.set_cells import SetCells
from cleancloud_rules.model.values import FieldType, Interval, Value

MAX_VALUES = 2000
"""The maximum number of values of a field that are distinguished in a decision."""

_STARTS = {FieldType.DATE: date(2023, 6, 30), FieldType.YEAR: 2025, FieldType.INTEGER: 1}
_TEXTS = ("north", "south", "east", "west")


def holdings(field: Field, tests: Iterable[UnaryTest], each: int = 2) -> tuple[Held, ...]:
    """Return representative values of a field, exact values first, then bounded ones.

    Args:
        field: the field.
        tests: the tests that read it.
        each: how many exact values of a class are distinguished.

    Raises:
        TooLargeError: if there are too many.
    """
    # Equivalence partitioning: tests treat all values of a cell alike, so a few values of each cell represent all
    # values. Two of them show that a value can improve within its cell. If distinct values are counted, a cell needs as
    # many as the count asks for.
    cells = cells_of(field, tests)
    exact = list(exact_values(cells, each))
    bounded = list(_bounded(cells)) if isinstance(cells, FieldCells) and field.type.is_ordered else []
    if len(exact) + len(bounded) > MAX_VALUES:
        raise TooLargeError
    rest = [Held(disclosed=True), *([Held()] if field.optional else [])]
    return (*(Held(value) for value in (*exact, *bounded)), *rest)


def exact_values(cells: Cells, each: int) -> Iterator[Value]:
    """Yield up to `each` exact values of every cell that a fact may state.

    Raises:
        TooLargeError: if a set has too many members to list all its values.
    """
    if isinstance(cells, SetCells):
        yield from (value for value in _sets(cells, each) if _is_valid(value, cells))
        return
    found: Iterable[Any]
    match cells.field.type:
        case FieldType.TEXT:
            texts = (*_TEXTS, *(f"place-{number}" for number in range(each)))
            found = (*cells.marks, *islice((text for text in texts if text not in cells.marks), each))
        case FieldType.ENUM | FieldType.BOOLEAN:
            found = cells.marks
        case _:
            found = (value for cell in range(cells.count) for value in _ordered(cells, cell, each))
    yield from (value for value in found if _is_valid(value, cells))


def _ordered(cells: FieldCells, cell: int, each: int) -> Iterator[Value]:
    """Yield values of a cell. `valid` cuts cells too, so either all of them are valid or none is."""
    index, at_mark = divmod(cell, 2)
    found = [cells.marks[index]] if at_mark else _between(cells, index)
    is_year = cells.field.type is FieldType.YEAR
    yield from islice((value for value in found if not is_year or 1000 <= value <= 9999), each)


def _between(cells: FieldCells, index: int) -> Iterator[Any]:
    """Yield values below, between or above marks, plain ones first, at most about `MAX_VALUES`."""
    low: Any = cells.marks[index - 1] if index else None
    high: Any = cells.marks[index] if index < len(cells.marks) else None
    step, unit = _steps(cells.field)
    if low is None and high is None:
        start: Any = _STARTS.get(cells.field.type, Decimal(1))
        yield from (_plus(start, i, unit) for i in range(MAX_VALUES))
    elif low is None:
        yield from _moved(high, unit, -1)
    elif high is None:
        yield from _moved(low, unit)
    else:
        seen = {low, high}
        for start, by, sign in ((low, unit, 1), (low, step, 1), (high, step, -1)):
            for value in _moved(start, by, sign):
                if not low < value < high:
                    break
                if value not in seen:
                    yield value
                    seen.add(value)


def _moved(start: Any, by: Any, sign: int = 1) -> Iterator[Any]:
    for number in range(1, MAX_VALUES):
        try:
            yield _plus(start, sign * number, by)
        except OverflowError:  # no day lies beyond the first and the last that a date can be
            return


def _plus(start: Any, times: int, by: Any) -> Any:
    """Return start + times x by, for dates, whole numbers and decimals."""
    is_decimal = isinstance(start, Decimal)
    return exact.add(start, exact.multiply(by, times)) if is_decimal else start + times * by


def _steps(field: Field) -> tuple[Any, Any]:
    """Return the smallest step between values that a fact may state, and a step that gives plain values."""
    match field.type:
        case FieldType.DATE:
            return timedelta(days=1), timedelta(days=1)
        case FieldType.INTEGER | FieldType.YEAR:
            return 1, 1
        case _:
            return exact.unit(field.digits), Decimal(1)


def _is_valid(value: Any, cells: Cells) -> bool:
    valid = cells.field.valid
    return valid is None or within(cells.bits_of(value), cells.passing(valid))


def _sets(cells: SetCells, each: int) -> Iterator[Value]:
    """Yield enough sets to represent all sets that tests tell apart, or all sets if more are needed.

    For each choice of the marks these are the smallest and the greatest set that has no other marks. If a test depends
    on whether there are other names, these are the smallest and the greatest set with other names, and the marks alone.
    """
    if each > 2:
        if 2 ** len(cells.field.values) > MAX_VALUES:
            raise TooLargeError
        for size in range(1, len(cells.field.values) + 1):
            yield from (frozenset(names) for names in combinations(cells.field.values, size))
        return
    if 2 ** len(cells.marks) > MAX_VALUES:
        raise TooLargeError
    others = [name for name in cells.field.values if name not in cells.marks]
    for chosen in product((False, True), repeat=len(cells.marks)):
        marked = frozenset(name for name, inside in zip(cells.marks, chosen, strict=True) if inside)
        least = [marked | frozenset(others[:1])] if cells.is_exact or not marked else []
        yield from (names for names in dict.fromkeys((marked, *least, marked | frozenset(others))) if names)


def _bounded(cells: FieldCells) -> Iterator[Value]:
    """Yield bounded values of all kinds between and next to the marks that allow some valid value.

    Their ends need not be valid themselves: a share of at least -1 can be one of 5.
    """
    ends: list[tuple[Any, bool]] = [(None, False)]
    for cell in range(cells.count):
        index, at_mark = divmod(cell, 2)
        if at_mark:
            ends += [(cells.marks[index], False), (cells.marks[index], True)]
        else:
            inside = list(_ordered(cells, cell, 2))
            ends += [(value, False) for value in sorted(inside)]
    if len(ends) ** 2 > 2 * MAX_VALUES:
        raise TooLargeError
    valid = cells.everything if cells.field.valid is None else cells.passing(cells.field.valid)
    seen: set[Interval] = set()
    for low, low_open in ends:
        for high, high_open in ends:
            made = Interval(low, high, low_open and low is not None, high_open and high is not None)
            if (low, high) == (None, None) or made.is_empty or made.is_point or made in seen:
                continue
            seen.add(made)
            if cells.bits_of(made) & valid:
                yield made
