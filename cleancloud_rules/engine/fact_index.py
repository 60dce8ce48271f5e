"""Index of the facts of one company by the cells of their fields, so that a condition is compared with few of them.

Most facts of a long questionnaire answer a question that the condition does not ask about. The index skips them.
"""

from collections.abc import Iterable, Mapping

from cleancloud_rules.engine.ruleset import FactEncoding
from cleancloud_rules.model.cells import single
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.partitions.boxes import Box, within
from cleancloud_rules.model.partitions.families import Bits, Family

FEW = 4
"""Facts of one type that are compared one by one, without an index."""


class FactIndex:
    """Facts, indexed by cells.

    Args:
        encodings: the cells of the fields that tests read, by fact type.
        facts: the facts.
    """

    def __init__(self, encodings: Mapping[str, FactEncoding], facts: Iterable[Fact]) -> None:
        self._encodings = encodings
        self.by_type: dict[str, list[Fact]] = {}
        for fact in facts:
            self.by_type.setdefault(fact.type, []).append(fact)
        self._bits: dict[tuple[str, str], Bits] = {}
        self._columns: dict[tuple[str, str], _Column] = {}

    def bits(self, fact: Fact, name: str) -> Bits:
        """Return the bits of a fact's value in a field that tests read."""
        found = self._bits.get((fact.id, name))
        if found is None:
            cells = self._encodings[fact.type].cells[name]
            found = self._bits[fact.id, name] = cells.bits_of(fact.get(name), name in fact.disclosed)
        return found

    def failing(self, fact: Fact, allowed: Box) -> list[str]:
        """Return the names of the fields in which a fact has cells that are not allowed."""
        return [name for name, bits in allowed.items() if not within(self.bits(fact, name), bits)]

    def passing(self, type_id: str, allowed: Box) -> list[Fact]:
        """Return the facts of a type whose cells are all allowed."""
        facts = self.by_type.get(type_id, [])
        if len(facts) > FEW:
            indexed = [(name, bits) for name, bits in allowed.items() if not isinstance(bits, Family)]
            few = (self._column(type_id, name).having(bits) for name, bits in indexed)
            facts = min(few, key=len, default=facts)
        return [fact for fact in facts if not self.failing(fact, allowed)]

    def _column(self, type_id: str, name: str) -> "_Column":
        found = self._columns.get((type_id, name))
        if found is None:
            found = self._columns[type_id, name] = _Column(
                [(fact, self.bits(fact, name)) for fact in self.by_type[type_id]]
            )
        return found


class _Column:
    """The facts of a type by the cells of one field.

    A set of cells is an integer with one bit for each. `bits & (bits - 1)` clears the lowest bit, so it is 0 exactly if
    a value has a single cell: such facts are found by that cell. Facts with wider values are compared each time.
    """

    def __init__(self, facts: list[tuple[Fact, int]]) -> None:
        self._all = [fact for fact, _ in facts]
        self._at: dict[int, list[Fact]] = {}
        self._wide: list[Fact] = []
        for fact, bits in facts:
            if bits & (bits - 1):
                self._wide.append(fact)
            else:
                self._at.setdefault(bits, []).append(fact)

    def having(self, bits: int) -> list[Fact]:
        """Return a superset of the facts whose bits are all among `bits`."""
        if not bits & (bits - 1) and not self._wide:
            return self._at.get(bits, [])
        if bits.bit_count() > len(self._at):
            return self._all
        return [*self._wide, *(fact for bit in single(bits) for fact in self._at.get(bit, ()))]
