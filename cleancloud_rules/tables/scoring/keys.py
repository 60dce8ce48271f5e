"""Keys of facts: SQL only encodes in which cells the fields of a fact lie, and the library says what passes.

A key has one whole number, in mixed radix, for all fields but texts and sets, and these as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor, prod
from typing import Any

from attrs import frozen

from cleancloud_rules.model.cells import Cells, FieldCells
from cleancloud_rules.model.facts import FactType
from cleancloud_rules.model.partitions.boxes import Box, within
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.tables.facts import DISCLOSED, MISSING
from cleancloud_rules.tables.sql import ladder, text

MAX_NUMBER = 2**62
"""How many keys one whole number may tell apart."""

WORD = 62
"""How many bits a word has, so that every word is a whole number of 64 bits with a sign."""

MAX_LISTED = 12
"""Up to how many names an enum becomes a part of the number of a key; one with more stays a text."""

RESERVED = {
    "basis": "basis",
    "entity": "entity",
    "evidence.source": "source_id",
    "evidence.source_type": "source_type",
    "evidence.published": "published",
    "period": "period",
}
"""How the names of the columns of the reserved fields begin."""


def prefix_of(name: str, fact_type: FactType) -> str:
    """Return how the names of the columns of a field begin."""
    found = next((f"f{number}" for number, own in enumerate(fact_type.fields) if own.id == name), None)
    return RESERVED[name] if found is None else found


@frozen
class Coded:
    """A field of a key: the cells of its values, and how they are numbered.

    Args:
        cells: its cells.
        prefix: how the names of its columns begin.
        digits: the decimal places in whose units its columns count.
    """

    cells: Cells
    prefix: str
    digits: int

    @property
    def is_number(self) -> bool:
        """Whether all of it is a part of the number of a key."""
        own = self.cells.field
        if own.type is FieldType.ENUM:
            return len(own.values) <= MAX_LISTED
        return own.type.is_ordered or own.type is FieldType.BOOLEAN

    @property
    def size(self) -> int:
        """How many numbers it has: 0 is a missing value, 1 a disclosed one, and further ones are values."""
        if not self.is_number or not isinstance(self.cells, FieldCells):
            return 3
        count = self.cells.count
        return 2 + (count * count if self.cells.field.type.is_ordered else count)

    def number(self) -> str:
        """Return the expression of its number."""
        state = f"{self.prefix}_state"
        return f"CASE {state} WHEN {MISSING} THEN 0 WHEN {DISCLOSED} THEN 1 ELSE 2 + {self._value()} END"

    def _value(self) -> str:
        if not self.is_number or not isinstance(self.cells, FieldCells):
            return "0"
        if not self.cells.field.type.is_ordered:
            words = ("false", "true") if self.cells.field.type is FieldType.BOOLEAN else self.cells.marks
            tests = " ".join(f"WHEN {text(word)} THEN {place}" for place, word in enumerate(words))
            return f"CASE {self.prefix} {tests} END"
        last = self.cells.count - 1
        return f"{self._end('low', 0, self.cells)} * {last + 1} + {self._end('high', last, self.cells)}"

    def _end(self, end: str, unbounded: int, cells: FieldCells) -> str:
        """Return the expression of the position of the cell of one end; see `FieldCells`."""
        # With marks in order, a value lies in the cell whose position is the number of marks that it reaches and of
        # those that it exceeds. An open lower end exceeds all marks that it reaches, an open upper one reaches none.
        if not cells.marks:
            return str(unbounded)
        marks = [Fraction(m.toordinal() if isinstance(m, date) else m * 10**self.digits) for m in cells.marks]
        column, reached, exceeded = f"{self.prefix}_{end}", [*map(ceil, marks)], [floor(mark) + 1 for mark in marks]
        cell = ladder(column, sorted((*reached, *exceeded)))
        if cells.field.type not in (FieldType.INTEGER, FieldType.YEAR):
            inside = ladder(column, reached if end == "low" else exceeded)
            cell = f"CASE WHEN {column}_open THEN 2 * {inside} ELSE {cell} END"
        return f"CASE WHEN {column} IS NULL THEN {unbounded} ELSE {cell} END"

    def words(self) -> str | None:
        """Return the expression of a text or a set that a key has beside its number; None if there is none."""
        if self.is_number:
            return None
        if not isinstance(self.cells, FieldCells):
            return f"COALESCE({self.prefix}, [])"
        if self.cells.field.type is FieldType.ENUM:
            return f"COALESCE({self.prefix}, '')"
        known = ", ".join(text(mark) for mark in self.cells.marks)
        return f"CASE WHEN {self.prefix} IN ({known}) THEN {self.prefix} ELSE '' END" if known else "''"

    def bits(self, number: int, words: Any) -> Bits:
        """Return the bits of the values that have a number, and a text or a set beside it."""
        if number < 2:
            return self.cells.bits_of(None, number == 1)
        if not isinstance(self.cells, FieldCells):
            return self.cells.bits_of(frozenset(words))
        if not self.is_number:
            return self.cells.bits_of(words)
        if self.cells.field.type.is_ordered:
            return self.cells.between(*divmod(number - 2, self.cells.count))
        return self.cells.bits_of(self.cells.marks[number - 2])


class KeyCode:
    """How the facts of one type are encoded as keys.

    Args:
        coded: the fields of the key, by name.

    Attributes:
        columns: the expressions of the columns of a key, by name.
        types: the types of these columns, by name.
    """

    def __init__(self, coded: dict[str, Coded]) -> None:
        self._coded = coded
        self._numbers: list[list[str]] = [[]]
        for name in coded:  # next-fit: a field that does not fit into a number begins the next one
            if prod(coded[n].size for n in (*self._numbers[-1], name)) > MAX_NUMBER:
                self._numbers.append([])
            self._numbers[-1].append(name)
        self.columns: dict[str, str] = {}
        for place, names in enumerate(self._numbers):
            number = "CAST(0 AS BIGINT)"
            for name in names:
                number = f"({number} * {coded[name].size} + {coded[name].number()})"
            self.columns[f"k{place}"] = f"CAST({number} AS BIGINT)"
        worded = {name: words for name, own in coded.items() if (words := own.words()) is not None}
        self._worded = list(worded)
        self.types: dict[str, str] = dict.fromkeys(self.columns, "int")
        self.columns |= {f"w{place}": words for place, words in enumerate(worded.values())}
        are_texts = (isinstance(coded[name].cells, FieldCells) for name in worded)
        self.types |= {f"w{place}": "text" if is_text else "texts" for place, is_text in enumerate(are_texts)}

    @property
    def is_ordered(self) -> bool:
        """Whether numbers are compared to encode facts."""
        return any(own.cells.field.type.is_ordered for own in self._coded.values())

    def values(self, key: Sequence[Any]) -> Iterator[tuple[str, int, Any]]:
        """Yield the names of the fields of a key, each with its number, and with the text or the set beside it.

        Args:
            key: the values of `columns`.
        """
        words = dict(zip(self._worded, key[len(self._numbers) :], strict=True))
        for names, number in zip(self._numbers, key, strict=False):
            left = number
            for name in reversed(names):
                left, own = divmod(left, self._coded[name].size)
                found = words.get(name)
                yield name, own, frozenset(found) if isinstance(found, list) else found

    def bits(self, name: str, number: int, words: Any) -> Bits:
        """Return the bits of the values of a field that have a number, and a text or a set beside it."""
        return self._coded[name].bits(number, words)


class Boxes:
    """Which of some boxes hold the facts that have a key.

    Args:
        code: how the facts are encoded.
        boxes: the boxes.
    """

    # Box i is bit i of a whole number. Which boxes allow a value of a field is found once for each value.

    def __init__(self, code: KeyCode, boxes: Sequence[Box]) -> None:
        self._code = code
        self._boxes = boxes
        self._allowing: dict[tuple[str, int, Any], int] = {}

    def holding(self, key: Sequence[Any]) -> int:
        """Return the bits of the boxes that hold the facts with a key."""
        found = (1 << len(self._boxes)) - 1
        for value in self._code.values(key):
            allowing = self._allowing.get(value)
            if allowing is None:
                allowing = self._allowing[value] = self._allow(*value)
            found &= allowing
        return found

    def _allow(self, name: str, number: int, words: Any) -> int:
        bits = self._code.bits(name, number, words)
        fits = (name not in box or within(bits, box[name]) for box in self._boxes)
        return sum(1 << place for place, is_inside in enumerate(fits) if is_inside)


def words_of(bits: int, first: int, words: Iterable[int]) -> tuple[int, ...]:
    """Return the bits of a whole number from a place of a longer one as words of `WORD` bits.

    Args:
        bits: the bits.
        first: the place of the lowest of them in the longer number.
        words: the words that are wanted.
    """
    longer, mask = bits << first, (1 << WORD) - 1
    return tuple(longer >> WORD * word & mask for word in words)
