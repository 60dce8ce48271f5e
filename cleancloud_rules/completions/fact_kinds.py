"""Kinds of facts that could be added, as truth vectors: which conditions one more fact could pass together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
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
from cleancloud_rules.model.partitions.runs import stretches
from cleancloud_rules.model.partitions.set_cells import SetCells
from cleancloud_rules.model.vocabulary import Implication

MAX_KINDS = 50_000
"""The maximum number of kinds of facts of one type that are listed."""

MAX_SETS = 256
"""The maximum number of values of a set field whose names are counted, so that each value is told apart."""

MAX_KINDS_AMONG = 1_000
"""The same limit where only some conditions tell the facts apart. More kinds would be too many states to search."""


MUCH_FEWER = 4
"""How many times fewer the cuts of a field must be that matter to a kind, for its values to be classified anew."""


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
        pairs = (_pair(implication, spaces.ruleset) for implication in implications)
        self.pairs: tuple[tuple[int, int], ...] = tuple(pairs)
        owed = (then for given, then in self.pairs if given in satisfied and then not in satisfied)
        self.owed: frozenset[int] = frozenset(owed)
        self._not_found: dict[str, tuple[Condition, ...]] = {}
        for condition in not_found:
            self._not_found[condition.fact_type] = (*self._not_found.get(condition.fact_type, ()), condition)
        listed = {id: spaces.vectors(id, self._not_found.get(id, ())) for id in sorted(spaces.ruleset.encodings)}
        self.unlisted: frozenset[str] = frozenset(id for id, vectors in listed.items() if vectors is None)
        self.vectors: dict[str, tuple[Vector, ...]] = {
            id: vectors for id, vectors in listed.items() if vectors is not None
        }
        self.lost: frozenset[int] = frozenset()
        self.impossible: frozenset[int] = frozenset()
        self.reachable: frozenset[int] = self._reachable()
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

    def room(self, number: int, narrowed: Mapping[str, Bits] | None = None, *, as_stated: bool = True) -> bool:
        """Whether a fact could be added that passes a condition and has only the given bits in some fields.

        Args:
            number: the number of the condition.
            narrowed: the bits, by field.
            as_stated: whether those facts are left out that imply what cannot be. True values that are not stated may
                be theirs: a bounded value passes the test of an implication only if all of it does.
        """
        conditions = self.spaces.ruleset.conditions
        type_id = conditions[number].condition.fact_type
        space = self.space(type_id)
        holes = [space.hole(condition) for condition in self._not_found.get(type_id, ())]
        impossible = self.impossible if as_stated else ()
        holes += [space.box(c) for n in impossible if (c := conditions[n].condition).fact_type == type_id]
        box = dict(space.possible)
        for narrowing in (space.box(conditions[number].condition), narrowed or {}):
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
    # far stay alike regardless of their other fields, and one of them represents them. Place i of `passing` is 1 while
    # a kind passes all tests so far of condition i; the places of `not_found` stand above those of `conditions`. A kind
    # that fails every condition is dropped early: no further field can make it pass one.
    #
    # The field comes first that leaves a kind the fewest conditions, such as a key by which each criterion asks for a
    # fact of its own: then other fields are cut by these few alone. The representative is the first fact by the fields
    # in the order of their names, so that it does not depend on the order in which they are seen. Set fields come last,
    # since the conditions that a kind can still pass tell few of the names apart.
    boxes = [*map(space.box, conditions.values()), *map(space.hole, not_found)]
    asked = (1 << len(conditions)) - 1
    sets = sorted(name for name, cells in space.cells.items() if isinstance(cells, SetCells))
    others = sorted(space.cells.keys() - set(sets))
    names = (*others, *sets)
    fields = {name: _Classes(space, name, boxes, each=name in apart) for name in names}
    kinds: _Kinds = {((1 << len(boxes)) - 1, ()): (0,) * len(names)}
    for name in sorted(others, key=lambda name: fields[name].left(asked)):
        kinds = _grown(kinds, fields[name], names.index(name), asked, most)
    kinds = dict(sorted(kinds.items(), key=itemgetter(1)))
    for name in sets:
        kinds = _grown(kinds, fields[name], names.index(name), asked, most)
    numbers = list(conditions)
    found = [
        (sorted(numbers[place] for place in places_of(passing)), bits)
        for (passing, _), bits in kinds.items()
        if not passing & ~asked and passing
    ]
    return tuple(
        Vector(type_id, frozenset(satisfied), tuple(zip(names, bits, strict=True)), not_found)
        for satisfied, bits in sorted(found, key=itemgetter(0))
    )


_Point = tuple[Bits, ...]
_Kinds = dict[tuple[int, _Point], _Point]
"""Kinds of facts: the conditions that they may still pass and their values that are told apart, each with one fact."""


def _grown(kinds: _Kinds, field: "_Classes", place: int, asked: int, most: int) -> _Kinds:
    """Return the kinds of facts that one more field tells apart.

    Args:
        kinds: the kinds so far.
        field: the classes of its values.
        place: its place in the values of a fact.
        asked: the conditions that a kind must be able to pass, as bits; one of them is enough.
        most: the maximum number of kinds.
    """
    grown: _Kinds = {}
    for (passing, own), bits in kinds.items():
        before, after = bits[:place], bits[place + 1 :]
        for also_passing, bit in field(passing):
            both = passing & also_passing
            if both & asked:
                key = (both, (*own, bit) if field.each else own)
                point = (*before, bit, *after)
                known = grown.setdefault(key, point)
                if known is not point and not field.holds_sets and point < known:
                    grown[key] = point
        if len(grown) > most:
            raise TooLargeError
    return grown


class _Classes:
    """The equivalence classes of the values of one field: a value of each, by the boxes that contain it, as bits.

    Attributes:
        each: whether each value that tests tell from others is a class of its own.
        holds_sets: whether the values are sets of names.
    """

    def __init__(self, space: Space, name: str, boxes: list[Box], *, each: bool = False) -> None:
        self.each = each
        self._possible, self._cells = space.possible[name], space.cells[name]
        self.holds_sets = isinstance(self._cells, SetCells)
        self._cuts = [box.get(name) for box in boxes]
        self._every = (1 << len(boxes)) - 1
        self._cutting = sum(1 << place for place, cut in enumerate(self._cuts) if cut is not None)
        self._known: dict[int, list[tuple[int, Bits]]] = {}

    def left(self, asked: int) -> Fraction:
        """Return how many conditions a class leaves on average."""
        classes = self(self._every)
        return Fraction(sum((inside & asked).bit_count() for inside, _ in classes), max(len(classes), 1))

    def __call__(self, passing: int) -> list[tuple[int, Bits]]:
        """Return the classes as far as they matter to facts that can be in some of the boxes only.

        Args:
            passing: the boxes, as bits.

        Raises:
            TooLargeError: if there are too many classes of sets.
        """
        told_apart = passing & self._cutting
        is_few = told_apart.bit_count() * MUCH_FEWER <= self._cutting.bit_count()
        if self.each or not (self.holds_sets or is_few):
            told_apart = self._cutting
        if told_apart not in self._known:
            try:
                self._known[told_apart] = list(self._told_apart_by(told_apart))
            except UndecidedError:
                raise TooLargeError from None
        return self._known[told_apart]

    def _told_apart_by(self, told_apart: int) -> Iterator[tuple[int, Bits]]:
        """Yield the classes as far as some boxes tell them apart."""
        if told_apart == self._cutting:
            yield from self._of(self._cuts)
            return
        places = places_of(told_apart)
        without = self._every & ~told_apart
        for inside, bit in self._of([self._cuts[place] for place in places]):
            yield sum((1 << places[number] for number in places_of(inside)), without), bit

    def _of(self, cuts: list[Bits | None]) -> Iterable[tuple[int, Bits]]:
        return self._single(cuts) if self.each else self._cells.classes(self._possible, cuts).items()

    def _single(self, cuts: list[Bits | None]) -> Iterator[tuple[int, Bits]]:
        """Yield each value alone, with the cuts that contain it."""
        if isinstance(self._cells, SetCells):
            for bit in each_set(self._cells, self._possible):
                yield sum(1 << place for place, cut in enumerate(cuts) if cut is None or within(bit, cut)), bit
        else:
            for inside, bits in stretches(self._possible, cuts):
                yield from ((inside, bit) for bit in single(bits))


def places_of(bits: int) -> list[int]:
    """Return the places of the bits that are 1, the lowest first."""
    return [bit.bit_length() - 1 for bit in single(bits)]


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
