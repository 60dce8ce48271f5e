"""Kinds of facts that could be added, as truth vectors: which conditions one more fact could pass together."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import combinations
from operator import itemgetter

from attrs import frozen

from cleancloud_rules.completions.fact_space import KEPT_SPACES, Space, Spaces
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.cells import single
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.partitions.boxes import Box, fits_outside, within
from cleancloud_rules.model.partitions.families import Bits, UndecidedError
from cleancloud_rules.model.partitions.set_cells import SetCells
from cleancloud_rules.model.vocabulary import Implication

MAX_KINDS = 50_000
"""The maximum number of kinds of facts of one type that are listed."""

MAX_SETS = 256
"""The maximum number of values of a set field whose names are counted, so that each value is told apart."""

MAX_KINDS_AMONG = 1_000
"""The same limit where only some conditions tell the facts apart. More kinds would be too many states to search."""


class TooLargeError(Exception):
    """A fact type has too many kinds of facts to list them, or a search too many states to visit them."""


@frozen
class Vector:
    """A kind of fact that could be added.

    Args:
        type: id of its fact type.
        satisfied: numbers of the conditions that such a fact passes.
        point: for each field that a condition reads, a value that such a fact may have, as its bit or its family.
        not_found: the conditions on its type that were not found; they cut cells too.
    """

    type: str
    satisfied: frozenset[int]
    point: tuple[tuple[str, Bits], ...]
    not_found: tuple[Condition, ...] = ()


class VectorSpaces(Spaces):
    """Spaces with the truth vectors of their facts, which are listed once."""

    def __init__(self, ruleset: Ruleset) -> None:
        super().__init__(ruleset)
        self._vectors = lru_cache(KEPT_SPACES)(partial(_listed, ruleset, self._made))

    def vectors(self, type_id: str, not_found: tuple[Condition, ...]) -> tuple[Vector, ...] | None:
        """Return the truth vectors of facts of a type that pass none of `not_found`; None if there are too many."""
        # More conditions that were not found tell at least as many kinds of facts apart.
        if not_found and self._vectors(type_id, ()) is None:
            return None
        return self._vectors(type_id, not_found)

    def vectors_among(
        self, type_id: str, not_found: tuple[Condition, ...], numbers: frozenset[int]
    ) -> tuple[Vector, ...] | None:
        """Return such vectors as far as some conditions of the type tell them apart; None if there are too many.

        Args:
            type_id: the fact type.
            not_found: the conditions on it that were not found.
            numbers: the numbers of the conditions.
        """
        return self._vectors(type_id, not_found, numbers)

    def vectors_apart(
        self, type_id: str, not_found: tuple[Condition, ...], apart: frozenset[str]
    ) -> tuple[Vector, ...] | None:
        """Return such vectors, one for each value of some fields that tests tell apart; None if there are too many.

        Args:
            type_id: the fact type.
            not_found: the conditions on it that were not found.
            apart: the fields, which no condition need test.
        """
        return self._vectors(type_id, not_found, None, apart)


def _listed(
    ruleset: Ruleset,
    space_of: Callable[..., Space],
    type_id: str,
    not_found: tuple[Condition, ...],
    numbers: frozenset[int] | None = None,
    apart: frozenset[str] = frozenset(),
) -> tuple[Vector, ...] | None:
    conditions = {c.index: c.condition for c in ruleset.conditions if c.condition.fact_type == type_id}
    most = MAX_KINDS if numbers is None else MAX_KINDS_AMONG
    if numbers is not None:
        conditions = {number: condition for number, condition in conditions.items() if number in numbers}
    try:
        return vectors_of(type_id, space_of(type_id, not_found, apart), conditions, not_found, most, apart)
    except TooLargeError:
        return None


class Admissible:
    """The facts that could be added to a company without contradicting what is known about it.

    Args:
        spaces: the spaces of the methodology.
        implications: the facts that require another fact.
        not_found: the conditions that were not found.
        satisfied: numbers of the conditions that facts pass already.

    Attributes:
        vectors: the kinds of facts that could be added, by fact type.
        unlisted: the fact types that have too many kinds of facts to list them.
        lost: numbers of the conditions whose facts imply a fact that is not there and cannot be added.
        impossible: those of them that no fact passes.
        reachable: numbers of the conditions that facts pass already or could pass.
        owed: numbers of the conditions that no fact passes yet, although a fact implies it: each completion adds one.
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
        self.owed = frozenset(then for given, then in self.pairs if given in satisfied and then not in satisfied)
        self._not_found: dict[str, tuple[Condition, ...]] = {}
        for condition in not_found:
            self._not_found[condition.fact_type] = (*self._not_found.get(condition.fact_type, ()), condition)
        listed = {id: spaces.vectors(id, self._not_found.get(id, ())) for id in sorted(spaces.ruleset.encodings)}
        self.unlisted = frozenset(id for id, vectors in listed.items() if vectors is None)
        self.vectors = {id: vectors for id, vectors in listed.items() if vectors is not None}
        self.lost: frozenset[int] = frozenset()
        self.impossible: frozenset[int] = frozenset()
        self.reachable = self._reachable()
        self._leave_out_impossible()

    def space(self, type_id: str) -> Space:
        """Return the space of a fact type."""
        return self.spaces.get(type_id, self._not_found.get(type_id, ()))

    def told_apart(self, type_id: str, apart: frozenset[str]) -> tuple[Vector, ...] | None:
        """Return the kinds of facts of a type that could be added, one for each value of some fields.

        None if there are too many.
        """
        vectors = self.spaces.vectors_apart(type_id, self._not_found.get(type_id, ()), apart)
        return None if vectors is None else tuple(v for v in vectors if not v.satisfied & self.lost)

    def telling_apart(self, numbers: frozenset[int]) -> tuple[Vector, ...]:
        """Return the kinds of facts that could be added and pass some of the given conditions.

        Raises:
            TooLargeError: if there are too many.
        """
        conditions = self.spaces.ruleset.conditions
        found: list[Vector] = []
        for type_id in sorted({conditions[number].condition.fact_type for number in numbers}):
            vectors = self.vectors.get(type_id)
            if vectors is None:
                # The type has too many kinds of facts to list them all. These conditions tell fewer of them apart.
                own = frozenset(n for n in numbers | self.lost if conditions[n].condition.fact_type == type_id)
                vectors = self.spaces.vectors_among(type_id, self._not_found.get(type_id, ()), own)
            if vectors is None:
                raise TooLargeError
            found += (v for v in vectors if v.satisfied & numbers and not v.satisfied & self.lost)
        return tuple(found)

    def room(self, number: int, **narrowed: Bits) -> bool:
        """Whether a fact could be added that passes a condition and has only the given bits in some fields."""
        conditions = self.spaces.ruleset.conditions
        type_id = conditions[number].condition.fact_type
        space = self.space(type_id)
        holes = [space.hole(condition) for condition in self._not_found.get(type_id, ())]
        holes += [space.box(c) for n in self.impossible if (c := conditions[n].condition).fact_type == type_id]
        box = dict(space.possible)
        for narrowing in (space.box(conditions[number].condition), narrowed):
            for name, bits in narrowing.items():
                box[name] &= bits
        return fits_outside(box, holes, space.possible)

    def _reachable(self) -> frozenset[int]:
        found = set(self.satisfied).union(*(v.satisfied for some in self.vectors.values() for v in some))
        single = (c.index for c in self.spaces.ruleset.conditions if c.condition.fact_type in self.unlisted)
        return frozenset(found.union(filter(self.room, single)))

    def _leave_out_impossible(self) -> None:
        """Remove the facts that imply a condition which no fact passes and none could pass."""
        # A fixed-point iteration: what is removed may make further conditions unreachable. It ends because each round
        # adds at least one of finitely many conditions to `lost`, and none ever leaves it.
        while more := frozenset(given for given, then in self.pairs if then not in self.reachable) - self.lost:
            self.lost |= more
            self.impossible = self.lost - self.satisfied
            self.vectors = {
                id: tuple(v for v in some if not v.satisfied & self.lost) for id, some in self.vectors.items()
            }
            self.reachable = self._reachable()


def _pair(implication: Implication, ruleset: Ruleset) -> tuple[int, int]:
    return ruleset.by_condition[implication.given], ruleset.by_condition[implication.then]


def vectors_of(
    type_id: str,
    space: Space,
    conditions: dict[int, Condition],
    not_found: tuple[Condition, ...],
    most: int = MAX_KINDS,
    apart: frozenset[str] = frozenset(),
) -> tuple[Vector, ...]:
    """Return the truth vectors of facts that could be added, each once, sorted.

    Args:
        type_id: the fact type.
        space: its space.
        conditions: the conditions on the type by number.
        not_found: the conditions that an added fact must not pass.
        most: the maximum number of kinds of facts.
        apart: fields whose values have a vector each, as far as tests tell them from others.

    Raises:
        TooLargeError: if there are too many kinds of facts.
    """
    # Equivalence partitioning, folded over the fields. The product of all cells of all fields is too large to list. But
    # a condition is a conjunction of tests on single fields, so facts that pass the same tests in the fields seen so
    # far stay alike regardless of their other fields, and one of them (the first) represents them. Place i of `passing`
    # is 1 while a kind passes all tests so far of condition i; the places of `not_found` stand above those of
    # `conditions`. A kind that fails every condition is dropped early: no further field can make it pass one. Set
    # fields come last, since the conditions that a kind can still pass tell few of the names apart.
    numbers = list(conditions)
    names = sorted(space.cells, key=lambda name: (isinstance(space.cells[name], SetCells), name))
    boxes = [*map(space.box, conditions.values()), *map(space.hole, not_found)]
    asked = (1 << len(numbers)) - 1
    kinds: dict[tuple[int, tuple[Bits, ...]], tuple[Bits, ...]] = {((1 << len(boxes)) - 1, ()): ()}
    for name in names:
        classes_of = _Classes(space, name, boxes, each=name in apart)
        grown: dict[tuple[int, tuple[Bits, ...]], tuple[Bits, ...]] = {}
        for (passing, own), bits in kinds.items():
            for also_passing, bit in classes_of(passing):
                if passing & also_passing & asked:
                    key = (passing & also_passing, (*own, bit) if name in apart else own)
                    grown.setdefault(key, (*bits, bit))
            if len(grown) > most:
                raise TooLargeError
        kinds = grown
    found = [
        (sorted(number for place, number in enumerate(numbers) if passing >> place & 1), bits)
        for (passing, _), bits in kinds.items()
        if not passing & ~asked and passing
    ]
    return tuple(
        Vector(type_id, frozenset(satisfied), tuple(zip(names, bits, strict=True)), not_found)
        for satisfied, bits in sorted(found, key=itemgetter(0))
    )


class _Classes:
    """The equivalence classes of the values of one field: a value of each, by the boxes that contain it, as bits."""

    def __init__(self, space: Space, name: str, boxes: list[Box], *, each: bool = False) -> None:
        self._possible, self._cells, self._each = space.possible[name], space.cells[name], each
        self._cuts = [box.get(name) for box in boxes]
        self._every = (1 << len(boxes)) - 1
        self._known: dict[int, list[tuple[int, Bits]]] = {}

    def __call__(self, passing: int) -> list[tuple[int, Bits]]:
        """Return the classes as far as they matter to facts that can be in some of the boxes only.

        Args:
            passing: the boxes, as bits.

        Raises:
            TooLargeError: if there are too many classes of sets.
        """
        cutting = sum(1 << place for place, cut in enumerate(self._cuts) if cut is not None)
        told_apart = passing & cutting if isinstance(self._cells, SetCells) and not self._each else self._every
        if told_apart not in self._known:
            cuts = [cut if told_apart >> place & 1 else None for place, cut in enumerate(self._cuts)]
            try:
                classes = self._single(cuts) if self._each else self._cells.classes(self._possible, cuts).items()
            except UndecidedError:
                raise TooLargeError from None
            self._known[told_apart] = list(classes)
        return self._known[told_apart]

    def _single(self, cuts: list[Bits | None]) -> Iterator[tuple[int, Bits]]:
        """Yield each value alone, with the cuts that contain it."""
        cells, possible = self._cells, self._possible
        for bit in each_set(cells, possible) if isinstance(cells, SetCells) else single(possible):
            yield sum(1 << place for place, cut in enumerate(cuts) if cut is None or within(bit, cut)), bit


def each_set(cells: SetCells, possible: Bits) -> Iterator[Bits]:
    """Yield every value of a set field alone.

    Raises:
        TooLargeError: if there are too many.
    """
    names = cells.field.values
    if 2 ** len(names) > MAX_SETS:
        raise TooLargeError
    sets = (frozenset(some) for size in range(1, len(names) + 1) for some in combinations(names, size))
    values = (cells.missing, *map(cells.bits_of, sets), cells.disclosed_bit)
    yield from (value for value in values if within(value, possible))
