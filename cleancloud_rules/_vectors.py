"""Which conditions one more fact could satisfy: the admissible truth vectors of each fact type."""

from collections.abc import Iterable, Iterator
from itertools import product

from attrs import frozen

from cleancloud_rules._cells import MISSING, FieldCells, fits_outside
from cleancloud_rules._spaces import Space, Spaces
from cleancloud_rules.conditions import Condition
from cleancloud_rules.methodology import Implication, Methodology
from cleancloud_rules.rulesets import Ruleset

MAX_POINTS = 200_000
"""How many combinations of cells a fact type may have before its vectors are not listed."""


class TooLargeError(Exception):
    """A fact type has more combinations of cells than can be listed, or a search more states than can be visited."""


@frozen
class Vector:
    """A kind of fact that could be added.

    Args:
        type: id of its fact type.
        satisfied: numbers of the conditions that such a fact passes.
        point: for each field that a condition reads, the bit of the cell that such a fact has there.
        not_found: the conditions on its type that no fact passes; cells are cut by them too.
    """

    type: str
    satisfied: frozenset[int]
    point: tuple[tuple[str, int], ...]
    not_found: tuple[Condition, ...] = ()


class VectorSpaces(Spaces):
    """Spaces with the truth vectors of the facts in them, listed once."""

    def __init__(self, methodology: Methodology, ruleset: Ruleset) -> None:
        super().__init__(methodology, ruleset)
        self._vectors: dict[tuple[str, tuple[Condition, ...]], tuple[Vector, ...]] = {}

    def vectors(self, type_id: str, not_found: tuple[Condition, ...]) -> tuple[Vector, ...]:
        """Return the truth vectors of facts of a type that pass none of `not_found`; see `vectors_of`."""
        key = (type_id, not_found)
        if key not in self._vectors:
            conditions = {c.index: c.condition for c in self.ruleset.conditions if c.condition.fact_type == type_id}
            space = self.get(type_id, not_found)
            self._vectors[key] = vectors_of(type_id, space, conditions, not_found) if conditions else ()
        return self._vectors[key]


class Admissible:
    """The facts that could be added to a company without contradicting what is known of it.

    Args:
        spaces: the spaces of the methodology.
        implications: what cannot be true alone.
        not_found: the conditions that no fact passes.
        satisfied: numbers of the conditions that facts pass already.
    """

    def __init__(
        self,
        spaces: VectorSpaces,
        implications: Iterable[Implication],
        not_found: Iterable[Condition],
        satisfied: frozenset[int],
    ) -> None:
        self.spaces = spaces
        self.satisfied = satisfied
        self.pairs = tuple(_pair(implication, spaces.ruleset) for implication in implications)
        self._not_found: dict[str, tuple[Condition, ...]] = {}
        for condition in not_found:
            self._not_found[condition.fact_type] = (*self._not_found.get(condition.fact_type, ()), condition)
        self.impossible: frozenset[int] = frozenset()
        self.vectors = self._without_impossible(
            {type_id: self._vectors(type_id) for type_id in sorted(spaces.ruleset.encodings)}
        )

    def space(self, type_id: str) -> Space:
        """Return the space of a fact type."""
        return self.spaces.get(type_id, self._not_found.get(type_id, ()))

    @property
    def reachable(self) -> frozenset[int]:
        """The conditions that facts pass already or could pass."""
        found = set(self.satisfied)
        for vectors in self.vectors.values():
            for vector in vectors:
                found |= vector.satisfied
        return frozenset(found)

    def room(self, number: int, **narrowed: int) -> bool:
        """Whether a fact could be added that passes a condition, with some fields narrowed to given bits."""
        conditions = self.spaces.ruleset.conditions
        type_id = conditions[number].condition.fact_type
        space = self.space(type_id)
        shunned = [*self._not_found.get(type_id, ())]
        shunned += [c for n in self.impossible if (c := conditions[n].condition).fact_type == type_id]
        box = dict(space.possible)
        for narrowing in (space.box(conditions[number].condition), narrowed):
            for name, bits in narrowing.items():
                box[name] &= bits
        return fits_outside(box, [space.box(other) for other in shunned], space.possible)

    def _vectors(self, type_id: str) -> tuple[Vector, ...]:
        return self.spaces.vectors(type_id, self._not_found.get(type_id, ()))

    def _without_impossible(self, vectors: dict[str, tuple[Vector, ...]]) -> dict[str, tuple[Vector, ...]]:
        """Leave out facts that imply what no fact passes and none could."""
        while True:
            possible = set(self.satisfied).union(*(v.satisfied for some in vectors.values() for v in some))
            lost = frozenset(given for given, then in self.pairs if then not in possible)
            self.impossible = lost - self.satisfied
            kept = {type_id: tuple(v for v in some if not v.satisfied & lost) for type_id, some in vectors.items()}
            if kept == vectors:
                return kept
            vectors = kept


def _pair(implication: Implication, ruleset: Ruleset) -> tuple[int, int]:
    return ruleset.by_condition[implication.given], ruleset.by_condition[implication.then]


def vectors_of(
    type_id: str, space: Space, conditions: dict[int, Condition], not_found: tuple[Condition, ...]
) -> tuple[Vector, ...]:
    """Return the truth vectors of facts that could be added, each once, sorted.

    Args:
        type_id: the fact type.
        space: its space.
        conditions: the conditions on the type by number.
        not_found: the conditions that an added fact must not pass.

    Raises:
        TooLargeError: where the combinations of cells are too many.
    """
    boxes = {number: space.box(condition) for number, condition in conditions.items()}
    holes = [space.box(condition) for condition in not_found]
    names = sorted(space.cells)
    masks = {name: [box[name] for box in (*boxes.values(), *holes) if name in box] for name in names}
    choices = [_classes(space.possible[name], masks[name], space.cells[name]) for name in names]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_POINTS:
        raise TooLargeError
    found: dict[frozenset[int], Vector] = {}
    for bits in product(*choices):
        point = dict(zip(names, bits, strict=True))
        if any(all(point[name] & allowed for name, allowed in hole.items()) for hole in holes):
            continue
        satisfied = frozenset(
            number for number, box in boxes.items() if all(point[name] & allowed for name, allowed in box.items())
        )
        if satisfied and satisfied not in found:
            found[satisfied] = Vector(type_id, satisfied, tuple(point.items()), not_found)
    return tuple(found[key] for key in sorted(found, key=sorted))


def _classes(possible: int, masks: list[int], cells: FieldCells) -> list[int]:
    """Return one bit of each class of cells that all masks treat alike: a missing value before any other."""
    order = [*_bits(possible & MISSING), *_bits(possible & cells.all_values), *_bits(possible & cells.disclosed_bit)]
    seen: dict[tuple[bool, ...], int] = {}
    for bit in order:
        seen.setdefault(tuple(bool(mask & bit) for mask in masks), bit)
    return list(seen.values())


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


def weakest(vectors: Iterable[Vector]) -> tuple[Vector, ...]:
    """Return the vectors that are, for one of their conditions, the weakest: none below them passes it too."""
    vectors = tuple(vectors)
    kept = []
    for vector in vectors:
        below = [other.satisfied for other in vectors if other.satisfied < vector.satisfied]
        if any(not any(number in other for other in below) for number in vector.satisfied):
            kept.append(vector)
    return tuple(kept)
