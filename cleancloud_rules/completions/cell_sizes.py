"""How many exact values lie in a cell of a field."""

from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from cleancloud_rules.model.cells import FieldCells
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.values import FieldType


def size_of(cells: FieldCells, cell: int, most: int) -> int:
    """Return how many exact values lie in a cell, at most `most`."""
    marks, field = cells.marks, cells.field
    if field.type in (FieldType.ENUM, FieldType.BOOLEAN):
        return 1
    if field.type is FieldType.TEXT:
        return 1 if cell < len(marks) else most
    index, at_mark = divmod(cell, 2)
    if at_mark:
        return 1
    if index == 0 or index == len(marks):
        return most
    return min(most, _between(marks[index - 1], marks[index], field))


def _between(low: Any, high: Any, field: Field) -> int:
    """Return how many values that a fact may state lie strictly between two others."""
    if isinstance(low, date):
        return int((high - low).days) - 1
    steps = 10**field.digits
    between: int = ceil(Fraction(high) * steps) - floor(Fraction(low) * steps) - 1
    return between
