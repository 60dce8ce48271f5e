"""What follows from the cells of a fact alone: in which boxes of many it lies, and all that is made of that.

Facts of a long questionnaire fall into few combinations of cells, so what is made for one fact serves many others.
Facts that share their values, as equal facts of a program do, are not even looked up by their cells.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any, Generic, TypeVar

from cleancloud_rules.model.cells import Cells, FieldCells, single
from cleancloud_rules.model.conditions import reserved_fields
from cleancloud_rules.model.facts import Fact, FactValues
from cleancloud_rules.model.partitions.boxes import Box, within
from cleancloud_rules.model.partitions.families import Bits

KEPT = 4096
"""For how many values of facts, and for how many combinations of cells, an answer is kept."""

_Answer = TypeVar("_Answer")


class ByCells(Generic[_Answer]):
    """Answers about facts of one type, each made once for facts with the same cells.

    Args:
        cells: the cells of the fields that the answer depends on, by name of the field.
        answer: returns the answer for a fact.
    """

    def __init__(self, cells: Mapping[str, Cells], answer: Callable[[Fact], _Answer]) -> None:
        self._fields = [(name, field if isinstance(field, FieldCells) else None) for name, field in cells.items()]
        self._answer = answer
        self._reads_values_only = set(cells).isdisjoint(reserved_fields)
        self._by_values: dict[int, tuple[FactValues, _Answer]] = {}
        self._by_cells: dict[tuple[object, ...], _Answer] = {}

    def of(self, fact: Fact) -> _Answer:
        """Return the answer for a fact."""
        values = fact.values
        known = self._by_values.get(id(values))
        if known is not None and known[0] is values and not fact.disclosed:
            return known[1]
        answer = self._of_cells(fact)
        if self._reads_values_only and not fact.disclosed:
            _keep(self._by_values, id(values), (values, answer))
        return answer

    def _of_cells(self, fact: Fact) -> _Answer:
        # A set is its own key, because its cells are not listed.
        read = tuple(
            (fact.get(name), name in fact.disclosed)
            if cells is None
            else cells.bits_of(fact.get(name), name in fact.disclosed)
            for name, cells in self._fields
        )
        found = self._by_cells.get(read)
        if found is None:
            found = self._answer(fact)
            _keep(self._by_cells, read, found)
        return found


def _keep(answers: dict[Any, Any], key: Any, answer: Any) -> None:
    if len(answers) >= KEPT:
        answers.clear()
    answers[key] = answer


class Boxes:
    """Boxes over the fields of one fact type. Those that hold a fact are found quickly.

    Args:
        boxes: the boxes.
        cells: the cells of the fields, by name.
    """

    # Box i is bit i of a whole number. For each cell of a field one such number says which boxes allow the cell. A
    # value lies in a box if the box allows each of its cells, so one `&` for each of its cells finds the boxes, however
    # many there are. A box that does not name a field allows all its cells. Sets have no listed cells: they are
    # compared.

    def __init__(self, boxes: Sequence[Box], cells: Mapping[str, Cells]) -> None:
        self._boxes = boxes
        self._all = (1 << len(boxes)) - 1
        self.cells: dict[str, Cells] = {name: cells[name] for name in sorted({name for box in boxes for name in box})}
        self._allowing: dict[str, tuple[dict[int, int], int]] = {}
        for name, field in self.cells.items():
            if isinstance(field, FieldCells):
                by_cell: dict[int, int] = {}
                for number, box in enumerate(boxes):
                    for cell in single(box.get(name, 0)):
                        by_cell[cell] = by_cell.get(cell, 0) | 1 << number
                silent = sum(1 << number for number, box in enumerate(boxes) if name not in box)
                self._allowing[name] = by_cell, silent

    def holding(self, fact: Fact) -> list[int]:
        """Return the positions of the boxes in which a fact lies, in order."""
        found = reduce(and_, (self._holding(fact, name, cells) for name, cells in self.cells.items()), self._all)
        return positions(found)

    def _holding(self, fact: Fact, name: str, cells: Cells) -> int:
        bits: Bits = cells.bits_of(fact.get(name), name in fact.disclosed)
        if name not in self._allowing:
            fits = (name not in box or within(bits, box[name]) for box in self._boxes)
            return sum(1 << number for number, is_inside in enumerate(fits) if is_inside)
        by_cell, silent = self._allowing[name]
        return reduce(and_, (by_cell.get(cell, 0) | silent for cell in single(bits)), self._all)


def positions(bits: int) -> list[int]:
    """Return the positions of the bits of a whole number, in order."""
    return [bit.bit_length() - 1 for bit in single(bits)]
