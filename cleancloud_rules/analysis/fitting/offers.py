"""The facts that a fit may choose for a company: kinds of facts, how many of each, and what each adds to a count."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import prod
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules.completions.cell_sizes import size_of
from cleancloud_rules.completions.fact_kinds import Admissible, Vector
from cleancloud_rules.completions.fact_space import Space
from cleancloud_rules.engine.ruleset import Literal
from cleancloud_rules.model.cells import Cells, FieldCells
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.partitions.set_cells import SetCells
from cleancloud_rules.scoring.compiled import CompiledMethodology

MAX_OFFERED = 4_000
"""The maximum number of kinds of facts of one type among which a fit chooses for one company."""


@frozen
class Apart:
    """The fields whose values a fit tells apart, because they say what a fact answers, or are counted.

    Args:
        keys: the fields of a key that has a single answer, by fact type.
        counted: the fields whose distinct values a rule counts, by fact type.
    """

    keys: Mapping[str, tuple[str, ...]]
    counted: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, compiled: CompiledMethodology, literals: Iterable[Literal]) -> "Apart":
        """Return the fields of a methodology.

        Args:
            compiled: the methodology.
            literals: the literals of its rules, and of what else is asked.
        """
        counted: dict[str, frozenset[str]] = {}
        for literal in literals:
            if literal.distinct is not None:
                type_id = compiled.ruleset.conditions[literal.condition].condition.fact_type
                counted[type_id] = counted.get(type_id, frozenset()) | {literal.distinct}
        return cls(compiled.answer_keys.names, counted)

    def __call__(self, type_id: str) -> frozenset[str]:
        """Return the fields of a fact type."""
        return frozenset(self.keys.get(type_id, ())) | self.counted.get(type_id, frozenset())


@frozen
class Offers:
    """The facts that may be chosen for one company.

    Args:
        admissible: the facts that could be added.
        apart: the fields whose values are told apart.
        relevant: the numbers of the conditions that are read.
        literals: the literals that count facts or values.
        vectors: the kinds of facts by type, once for each way in which relevant conditions and fields apart see them.
        unlisted: the fact types that have too many.
    """

    admissible: Admissible
    apart: Apart
    relevant: frozenset[int]
    literals: frozenset[Literal]
    vectors: dict[str, tuple[Vector, ...]] = field(init=False)
    unlisted: frozenset[str] = field(init=False)
    _numbers: dict[int, int] = field(init=False, repr=False)

    @_numbers.default
    def _highest_counts(self) -> dict[int, int]:
        """Return the highest number that a count asks for, by the number of its condition."""
        counting = sorted((x for x in self.literals if x.counts), key=lambda x: x.number)
        return {literal.condition: literal.number for literal in counting}

    @vectors.default
    def _listed(self) -> dict[str, tuple[Vector, ...]]:
        types = sorted({*self.admissible.vectors, *self.admissible.unlisted})
        found = {id: self.admissible.told_apart(id, self.apart(id)) for id in types}
        return {id: self._projected(id, vectors) for id, vectors in found.items() if vectors is not None}

    @unlisted.default
    def _unlisted(self) -> frozenset[str]:
        many = {id for id, vectors in self.vectors.items() if len(vectors) > MAX_OFFERED}
        return frozenset((self.admissible.vectors.keys() | self.admissible.unlisted) - self.vectors.keys()) | many

    def _projected(self, type_id: str, vectors: Iterable[Vector]) -> tuple[Vector, ...]:
        """Return the vectors as far as relevant conditions, and the fields apart, distinguish them."""
        # Every vector is offered and not only the minimal ones: one fact may do the work of two, or be needed where a
        # rule asks that there be no second one.
        names, found = self.apart(type_id), dict[tuple[frozenset[int], tuple[Bits, ...]], Vector]()
        for vector in vectors:
            satisfied = vector.satisfied & self.relevant
            key = (satisfied, tuple(bits for name, bits in vector.point if name in names))
            if satisfied and key not in found:
                found[key] = evolve(vector, satisfied=satisfied)
        return tuple(sorted(found.values(), key=lambda vector: sorted(vector.satisfied)))

    def space(self, vector: Vector) -> Space:
        """Return the space that a vector was made from."""
        return self.admissible.spaces.get(vector.type, vector.not_found, self.apart(vector.type))

    def copies(self, vector: Vector) -> int:
        """Return how many facts of a kind can make a difference: as many as some count asks for."""
        return max((self._numbers[n] for n in vector.satisfied if n in self._numbers), default=1)

    def open_keys(self) -> Iterator[tuple[tuple[Vector, ...], int]]:
        """Yield the vectors under one key, or several keys that nothing tells apart, with the number of open keys."""
        for type_id, names in sorted(self.apart.keys.items()):
            same: dict[tuple[Bits, ...], list[Vector]] = {}
            for vector in self.vectors.get(type_id, ()):
                same.setdefault(tuple(dict(vector.point)[name] for name in names), []).append(vector)
            for key, vectors in same.items():
                most = sum(map(self.copies, vectors))
                sizes = [self._values(vectors[0], name, bits, most) for name, bits in zip(names, key, strict=True)]
                if None not in sizes:
                    yield tuple(vectors), prod(size for size in sizes if size is not None)

    def _values(self, vector: Vector, name: str, bits: Bits, most: int) -> int | None:
        """Return how many values a field can have; None if the value is not known exactly, so that it closes no key."""
        cells = self.space(vector).cells[name]
        assert isinstance(cells, FieldCells), "no set is a key with one answer"
        if bits == cells.missing:
            return 1
        return self._size(cells, bits, most) if bits & cells.all_values else None

    def counted(self, literal: Literal, stated: Collection[Any]) -> Iterator[tuple[tuple[Vector, ...], int]]:
        """Yield vectors whose facts add distinct values to a count, and how many values they can add together.

        Args:
            literal: the count.
            stated: the values of stated facts, which are counted anyway.
        """
        name, conditions = literal.distinct, self.admissible.spaces.ruleset.conditions
        assert name is not None
        same: dict[Any, list[Vector]] = {}
        for vector in self.vectors.get(conditions[literal.condition].condition.fact_type, ()):
            if literal.condition in vector.satisfied:
                bits, cells = dict(vector.point)[name], self.space(vector).cells[name]
                for value in self._added(cells, bits):
                    same.setdefault((value, bits if value is None else 0), []).append(vector)
        most = max(x.number for x in self.literals if x.counter == literal.counter) + len(stated)
        for (value, bits), vectors in same.items():
            if value is not None:
                yield tuple(vectors), int(value not in stated)
            else:
                cells = self.space(vectors[0]).cells[name]
                known = sum(cells.bits_of(one) == bits for one in stated)
                yield tuple(vectors), self._size(cells, bits, most) - known

    def _added(self, cells: Cells, bits: Bits) -> Iterable[Any]:
        """Return the values that a fact adds to a count; None for one of several values of a cell."""
        if isinstance(cells, SetCells):
            return cells.example(bits) or ()
        if not bits & cells.all_values:
            return ()
        return (cells.example(bits),) if self._size(cells, bits, 2) == 1 else (None,)

    def _size(self, cells: Cells, bits: Bits, most: int) -> int:
        assert isinstance(cells, FieldCells), "the names of a set are counted one by one"
        return size_of(cells, bits.bit_length() - 2, most)
